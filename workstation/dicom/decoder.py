"""One decoder process, on the application's side: started, asked, timed, ended, accounted for."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
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

DECODER_SWITCH = "--prelim-decoder"
"""First argument that makes a frozen program be a decoder process instead of the application."""

_MUCH_BYTES = 1024 * MIB
"""So much for one frame is asked of the machine first; a mammogram needs 600 MiB."""

_KEPT_ENVIRONMENT = (
    *("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"),
    *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR"),
)
"""Variables that a process needs to find Python and its libraries; no other is handed on."""

END_SECONDS = 2.0
"""How long a process may take to leave when its pipe closes."""

_OWN_SECONDS = 2.0
"""How much later than the application a process ends itself: only if nobody else did."""

CANCELLED = "its reading was stopped"
CLOSED = "the decoders were ended"
_STOPPED = "the decoder stopped while reading it"
_TOO_LONG = "the decoder took too long for it"
_WISHED = frozenset({CANCELLED, CLOSED})
"""Why a process was ended that had done nothing wrong."""


class KilledError(Exception):
    """Something outside ended the process."""


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


class Decoder:
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
            KilledError: something outside ended the process.
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
                self.kill(CANCELLED)

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
            self._process.wait(END_SECONDS if self._is_ready else 0)
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
                error if self._reason in _WISHED or isinstance(error, KilledError) else no_start()
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
            code = self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:  # it closed its pipe, but goes on
            self.kill(_STOPPED)
            code = self._process.wait()
        if self._reason:
            return DecodeError(self._reason)
        if code == -getattr(signal, "SIGKILL", 9):
            return KilledError()
        if code == -getattr(signal, "SIGALRM", 14):
            return DecodeError(_TOO_LONG)
        return DecodeError(_STOPPED)


def no_start() -> DecodeError:
    """Return the error of a process that does not come up."""
    return DecodeError("the decoder for compressed images cannot be started on this machine")


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
