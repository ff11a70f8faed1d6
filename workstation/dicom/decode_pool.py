"""A few processes that decode compressed pixels for the application, and die in its place.

Decoders are libraries in C, C++ and Rust that read what nobody vouches for. Each runs in a process
that holds nothing and can write only into its slot of shared memory; the application looks at what
lies there, checks its size, and takes it from there into the volume. A decoder that crashes, hangs
or wants absurd memory costs one frame and one sentence.

The processes are started by ``subprocess``, which never copies a process that runs Qt, and end when
their pipe closes, also when the application is killed.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from workstation.core.job import CancelToken
from workstation.core.memory import MIB
from workstation.dicom.codecs import DecodeError
from workstation.dicom.decoder import (
    CANCELLED,
    CLOSED,
    Allowance,
    DecodeJob,
    Decoder,
    KilledError,
    decoder_command,
    no_start,
)

MOST_PROCESSES = 8
"""A handful: from there on reading and rescaling in the application are what takes time."""

_LOOK_SECONDS = 0.05
"""How often the watch looks at frames being decoded; well under what a person notices."""

_KEPT_SLOT_BYTES = 64 * MIB
"""A process whose slot grew beyond this ends after the frame, so that the memory is not kept."""


class DecodePool:
    """The decoder processes; any thread, also several at once. Close it when done.

    Args:
        size: most processes at a time; None: one for each processor, at most a handful.
        command: how a process is started; a frozen program has its own.
        allowance: what a frame may take.
    """

    def __init__(
        self,
        *,
        size: int | None = None,
        command: Sequence[str] | None = None,
        allowance: Allowance | None = None,
    ) -> None:
        self.size = size or min(_processors(), MOST_PROCESSES)
        self.allowance = allowance or Allowance()
        self._command = tuple(command or decoder_command())
        self._turn = threading.Condition()
        self._idle: list[Decoder] = []
        self._busy: set[Decoder] = set()
        self._watch: threading.Thread | None = None
        self._is_closed = False

    def __enter__(self) -> DecodePool:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def process_ids(self) -> tuple[int, ...]:
        """Ids of the processes that run now."""
        with self._turn:
            return tuple(one.process_id for one in (*self._idle, *self._busy) if one.process_id)

    def warm(self, count: int | None = None) -> None:
        """Start processes, so that the first frame does not wait; returns at once.

        A process that cannot be started is told of when a frame needs it.
        """
        with self._turn, contextlib.suppress(DecodeError):
            wish = min(self.size, count or self.size)
            while not self._is_closed and len(self._idle) + len(self._busy) < wish:
                self._idle.append(self._started())
            self._ensure_watch()

    @contextmanager
    def decoded(
        self, job: DecodeJob, cancel: CancelToken | None = None
    ) -> Iterator[NDArray[np.uint8]]:
        """Give the samples of a frame as bytes in shared memory; gone after the block.

        Args:
            job: what to decode.
            cancel: ends the decoding soon.

        Raises:
            DecodeError: the decoder failed, or the work was cancelled; the text is for people.
        """
        decoder = self._lend(job, cancel or CancelToken())
        try:
            samples = decoder.samples(job.size)
            try:
                yield samples
            finally:
                del samples
        finally:
            self._give_back(decoder)

    def close(self) -> None:
        """End all processes; frames being decoded fail."""
        with self._turn:
            self._is_closed = True
            idle, self._idle = self._idle, []
            for decoder in self._busy:
                decoder.kill(CLOSED)
            self._turn.notify_all()
        for decoder in idle:
            decoder.end()

    def _lend(self, job: DecodeJob, cancel: CancelToken) -> Decoder:
        """Return a decoder that has decoded the frame.

        A process that something outside ended (the system, short of memory; a person) may be an
        innocent victim, so its frame is tried once more.
        """
        for is_last in (False, True):
            decoder = self._take(cancel)
            try:
                decoder.decode(job, self.allowance, cancel)
            except KilledError as error:
                self._drop(decoder)
                if is_last:
                    raise DecodeError(
                        "the decoder was ended while reading it; perhaps memory ran out"
                    ) from error
            except BaseException:
                self._drop(decoder)
                raise
            else:
                return decoder
        raise AssertionError

    def _take(self, cancel: CancelToken) -> Decoder:
        with self._turn:
            while not self._is_closed and not self._idle and len(self._busy) >= self.size:
                self._turn.wait(_LOOK_SECONDS)
                if cancel.is_cancelled:
                    raise DecodeError(CANCELLED)
            if self._is_closed:
                raise DecodeError(CLOSED)
            decoder = self._idle.pop() if self._idle else self._started()
            self._busy.add(decoder)
            self._ensure_watch()
            self._turn.notify_all()
            return decoder

    def _started(self) -> Decoder:
        try:
            return Decoder(self._command)
        except OSError as error:
            raise no_start() from error

    def _give_back(self, decoder: Decoder) -> None:
        is_kept = decoder.is_alive and decoder.slot_bytes <= _KEPT_SLOT_BYTES
        with self._turn:
            self._busy.discard(decoder)
            is_kept = is_kept and not self._is_closed
            if is_kept:
                decoder.rested_at = time.monotonic()
                self._idle.append(decoder)
            self._turn.notify_all()
        if not is_kept:
            decoder.end()

    def _drop(self, decoder: Decoder) -> None:
        decoder.end()
        with self._turn:
            self._busy.discard(decoder)
            self._turn.notify_all()

    def _ensure_watch(self) -> None:
        if self._watch is None or not self._watch.is_alive():
            self._watch = threading.Thread(target=self._look, name="decode-watch", daemon=True)
            self._watch.start()

    def _look(self) -> None:
        """Kill what takes too long and end what rests too long, until nothing is left."""
        while True:
            with self._turn:
                if not self._busy and not self._idle:
                    self._watch = None
                    return
                now = time.monotonic()
                for decoder in self._busy:
                    decoder.look(now, self.allowance)
                tired = [one for one in self._idle if self._is_tired(one, now)]
                self._idle = [one for one in self._idle if one not in tired]
                pause = _LOOK_SECONDS if self._busy else self._next_rest(now)
                if not tired:
                    self._turn.wait(pause)
            for decoder in tired:
                decoder.end()

    def _is_tired(self, decoder: Decoder, now: float) -> bool:
        return now - decoder.rested_at > self.allowance.idle_seconds

    def _next_rest(self, now: float) -> float:
        first = min((one.rested_at for one in self._idle), default=now)
        return max(first + self.allowance.idle_seconds - now, _LOOK_SECONDS)


def _processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
