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
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workstation.core.job import CancelToken
from workstation.core.memory import MIB, read_memory
from workstation.dicom.codecs import CODEC_NAMES, DecodeError
from workstation.dicom.decode_protocol import (
    REPLY_BYTES,
    Codec,
    Outcome,
    Reply,
    Request,
    read_reply,
)
from workstation.dicom.decode_slot import Slot

MOST_PROCESSES = 8
"""A handful: from there on reading and rescaling in the application are what takes time."""

DECODER_SWITCH = "--prelim-decoder"
"""First argument that makes a frozen program be a decoder process instead of the application."""

_LOOK_SECONDS = 0.05
"""How often the watch looks at frames being decoded; well under what a person notices."""

_MUCH_BYTES = 1024 * MIB
"""So much for one frame is asked of the machine first; a mammogram needs 600 MiB."""

_KEPT_SLOT_BYTES = 64 * MIB
"""A process whose slot grew beyond this ends after the frame, so that the memory is not kept."""

_KEPT_ENVIRONMENT = (
    *("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"),
    *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR"),
)
"""Variables that a process needs to find Python and its libraries; no other is handed on."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a decoder may take for a frame before it is ended.

    Attributes:
        seconds: for any frame; a CT slice takes 0.03, on a busy old laptop perhaps 1.
        seconds_per_mib: more for each MiB of decoded samples; JPEG 2000 takes 0.06.
        memory_bytes: memory for any frame.
        memory_per_byte: more for each byte of decoded samples; JPEG 2000 needs ten: two times 4
            bytes a sample to work on, and two times the result.
        start_seconds: for a process to be up; 0.03 is usual, a cold disk with a virus scanner slow.
        cancel_seconds: for a frame to end after the work was cancelled.
        idle_seconds: for a process without work, before it ends.
    """

    seconds: float = 10.0
    seconds_per_mib: float = 0.5
    memory_bytes: int = 256 * MIB
    memory_per_byte: int = 12
    start_seconds: float = 30.0
    cancel_seconds: float = 0.1
    idle_seconds: float = 60.0

    def seconds_for(self, size: int) -> float:
        """Return how long a frame of ``size`` decoded bytes may take."""
        return self.seconds + self.seconds_per_mib * size / MIB

    def memory_for(self, size: int) -> int:
        """Return how much memory a frame of ``size`` decoded bytes may take.

        For a huge frame that is no more than this machine has free.
        """
        wish = self.memory_bytes + self.memory_per_byte * size
        return wish if wish < _MUCH_BYTES else min(wish, read_memory().free_bytes)


class DecodeJob(NamedTuple):
    """What a decoder is to do.

    Attributes:
        codec: which decoder.
        coded: the code stream.
        pixels: rows x columns.
        bits_allocated: of a sample by the header.
        size: bytes of samples that must come out.
    """

    codec: Codec
    coded: bytes
    pixels: int
    bits_allocated: int
    size: int


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
        self._idle: list[_Decoder] = []
        self._busy: set[_Decoder] = set()
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
                decoder.kill(_CLOSED)
            self._turn.notify_all()
        for decoder in idle:
            decoder.end()

    def _lend(self, job: DecodeJob, cancel: CancelToken) -> _Decoder:
        """Return a decoder that has decoded the frame.

        A process that something outside ended (the system, short of memory; a person) may be an
        innocent victim, so its frame is tried once more.
        """
        for is_last in (False, True):
            decoder = self._take(cancel)
            try:
                decoder.decode(job, self.allowance, cancel)
            except _KilledError as error:
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

    def _take(self, cancel: CancelToken) -> _Decoder:
        with self._turn:
            while not self._is_closed and not self._idle and len(self._busy) >= self.size:
                self._turn.wait(_LOOK_SECONDS)
                if cancel.is_cancelled:
                    raise DecodeError(_CANCELLED)
            if self._is_closed:
                raise DecodeError(_CLOSED)
            decoder = self._idle.pop() if self._idle else self._started()
            self._busy.add(decoder)
            self._ensure_watch()
            self._turn.notify_all()
            return decoder

    def _started(self) -> _Decoder:
        try:
            return _Decoder(self._command)
        except OSError as error:
            raise _no_start() from error

    def _give_back(self, decoder: _Decoder) -> None:
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

    def _drop(self, decoder: _Decoder) -> None:
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

    def _is_tired(self, decoder: _Decoder, now: float) -> bool:
        return now - decoder.rested_at > self.allowance.idle_seconds

    def _next_rest(self, now: float) -> float:
        first = min((one.rested_at for one in self._idle), default=now)
        return max(first + self.allowance.idle_seconds - now, _LOOK_SECONDS)


class _KilledError(Exception):
    """Something outside ended the process."""


_STOPPED = "the decoder stopped while reading it"
_TOO_LONG = "the decoder took too long for it"
_CANCELLED = "its reading was stopped"
_CLOSED = "the decoders were ended"
_WISHED = frozenset({_CANCELLED, _CLOSED})
"""Why a process was ended that had done nothing wrong."""


def _no_start() -> DecodeError:
    return DecodeError("the decoder for compressed images cannot be started on this machine")


class _Decoder:
    """One process with its slot. One thread at a time, but for :meth:`kill` and :meth:`look`.

    Attributes:
        rested_at: monotonic time at which it was last given back.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self.rested_at = time.monotonic()
        self._slot = Slot()
        self._is_ready = False
        self._reason = ""
        self._started_at = 0.0
        self._deadline = 0.0
        self._cancel: CancelToken | None = None
        self._cancelled_at = 0.0
        try:
            self._process = subprocess.Popen(
                command,
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=self._slot.inherited,
                cwd=_home_of_the_program(),
                env=_environment(),
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except BaseException:
            self._slot.close()
            raise

    @property
    def process_id(self) -> int:
        """Id of the process; 0 once it has ended."""
        return self._process.pid if self._process.returncode is None else 0

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    @property
    def slot_bytes(self) -> int:
        """Bytes of shared memory it has."""
        return self._slot.size

    def decode(self, job: DecodeJob, allowance: Allowance, cancel: CancelToken) -> None:
        """Decode a frame into the slot.

        Raises:
            DecodeError: it failed.
            _KilledError: something outside ended the process.
        """
        seconds = allowance.seconds_for(job.size)
        with self._timed(allowance.start_seconds, cancel):
            self._await_ready()
        request = self._request(job, allowance, seconds)
        with self._timed(seconds, cancel):
            reply = self._ask(request)
        if reply.outcome is not Outcome.DONE:
            raise DecodeError(_sentence(reply.outcome, job.codec))
        if reply.size != job.size:
            raise DecodeError("its pixels decode to another size than the header says")

    def samples(self, size: int) -> NDArray[np.uint8]:
        """Return what the last frame decoded to; no view of it may live at the next frame."""
        return np.frombuffer(self._slot.hold(0), dtype=np.uint8, count=size)

    def look(self, now: float, allowance: Allowance) -> None:
        """End the process where its frame took too long or is no longer wanted."""
        cancel, deadline = self._cancel, self._deadline
        if cancel is None:
            return
        if now > deadline:
            self.kill(_TOO_LONG)
        elif cancel.is_cancelled:
            self._cancelled_at = self._cancelled_at or now
            if now - self._cancelled_at > allowance.cancel_seconds:
                self.kill(_CANCELLED)

    def kill(self, reason: str) -> None:
        """End the process at once; the frame it decodes fails for ``reason``."""
        self._reason = self._reason or reason
        with contextlib.suppress(OSError):
            self._process.kill()

    def end(self) -> None:
        """End the process and give its memory back."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        try:
            self._process.wait(_END_SECONDS if self._is_ready else 0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._slot.close()

    @contextmanager
    def _timed(self, seconds: float, cancel: CancelToken) -> Iterator[None]:
        """Let the watch look at the process during the block."""
        self._deadline = time.monotonic() + seconds
        self._cancelled_at = 0.0
        self._cancel = cancel
        try:
            yield
        finally:
            self._cancel = None

    def _await_ready(self) -> None:
        if self._is_ready:
            return
        reply = read_reply(self._read())
        if reply is None:
            error = self._died()
            raise (
                error if self._reason in _WISHED or isinstance(error, _KilledError) else _no_start()
            )
        self._is_ready = True

    def _request(self, job: DecodeJob, allowance: Allowance, seconds: float) -> Request:
        """Put the code stream into the slot; return what to ask for."""
        try:
            memory = self._slot.hold(job.size + len(job.coded))
        except (OSError, MemoryError) as error:
            raise DecodeError("its pixels need more memory than there is") from error
        with memory:
            memory[len(memory) - len(job.coded) :] = job.coded
        return Request(
            slot=self._slot.name,
            slot_bytes=self._slot.size,
            coded_bytes=len(job.coded),
            room_bytes=job.size,
            memory_bytes=allowance.memory_for(job.size),
            seconds=seconds + _OWN_SECONDS,
            pixels=job.pixels,
            bits_allocated=job.bits_allocated,
            codec=job.codec,
        )

    def _ask(self, request: Request) -> Reply:
        pipe = self._process.stdin
        with contextlib.suppress(OSError):  # a process that is gone gives no answer either
            if pipe is not None:
                pipe.write(request.packed())
        raw = self._read()
        reply = read_reply(raw)
        if reply is not None:
            return reply
        if len(raw) == REPLY_BYTES:  # it went wild
            self.kill(_STOPPED)
        raise self._died()

    def _read(self) -> bytes:
        """Return the next reply; shorter where the process has ended. Waits without the GIL."""
        pipe, data = self._process.stdout, b""
        while pipe is not None and len(data) < REPLY_BYTES:
            part = pipe.read(REPLY_BYTES - len(data))
            if not part:
                break
            data += part
        return data

    def _died(self) -> Exception:
        try:
            code = self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:  # it closed its pipe, but goes on
            self.kill(_STOPPED)
            code = self._process.wait()
        if self._reason:
            return DecodeError(self._reason)
        if code == -getattr(signal, "SIGKILL", 9):
            return _KilledError()
        if code == -getattr(signal, "SIGALRM", 14):
            return DecodeError(_TOO_LONG)
        return DecodeError(_STOPPED)


_END_SECONDS = 2.0
"""How long a process may take to leave when its pipe closes."""

_OWN_SECONDS = 2.0
"""How much later than the application a process ends itself: only if nobody else did."""


def decoder_command() -> tuple[str, ...]:
    """Return how a decoder process is started on this machine."""
    if getattr(sys, "frozen", False):
        return (sys.executable, DECODER_SWITCH)
    return (sys.executable, "-m", "workstation.dicom.decode_process")


def _home_of_the_program() -> Path:
    """Return the folder to start in: ``-m`` looks there for modules, so it must not be just any."""
    if getattr(sys, "frozen", False):
        return Path(sys.executable).resolve().parent
    return Path(__file__).resolve().parents[2]


_OWN_ENVIRONMENT = {
    # One thread of numpy's mathematics is enough, and each more reserves memory.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    # Memory of one frame is used for the next: to give it back and fetch it anew for each took as
    # long as RLE takes to decode. Source: mallopt(3).
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": str(32 * MIB),
    "MALLOC_TRIM_THRESHOLD_": str(128 * MIB),
    "MALLOC_TOP_PAD_": str(4 * MIB),
}
"""Variables that are set for a process."""


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    return kept | _OWN_ENVIRONMENT


def _sentence(outcome: Outcome, codec: Codec) -> str:
    if outcome is Outcome.NO_MEMORY:
        return "the decoder asked for too much memory"
    if outcome is Outcome.NO_DECODER:
        return f"the decoder for {CODEC_NAMES[codec]} is missing from this installation"
    return "its pixels cannot be decoded; they are damaged or coded in an unsupported way"


def _processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
