"""The application's side of the reading process: starts it, asks it, and survives it.

What comes back is checked before it is used; a process that dies, hangs or answers nonsense costs
one file and one sentence.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

import workstation
from workstation.core.job import CancelToken
from workstation.exchange.research.header import (
    MIB,
    ByteSource,
    VolumeRefusedError,
)
from workstation.exchange.research.process import LENGTH
from workstation.exchange.research.recognize import Kind

PROCESS_SWITCH = "--prelim-volume-reader"
"""First argument that makes a frozen program be the reading process."""

MODULE = "workstation.exchange.research.process"

START_SECONDS = 30.0
"""Given to every request: a cold laptop needs ten seconds to start the process."""

LEAST_BYTES_PER_S = 5 * MIB
"""Slowest reading that is waited for: a large bzip2 file on a slow disk."""

POLL_SECONDS = 0.05
"""How often a request looks at its cancel token; well under what a person notices."""

MEMORY_BYTES = 512 * MIB
"""Memory for a request beside its voxels: libraries, buffers, one slice in 64 bits."""

LONGEST_HEAD_BYTES = 64 * 1024
"""Longest text that an answer may begin with."""

KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME", "VIRTUAL_ENV",
                    "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "LANG")  # fmt: skip
"""Variables handed on; all others (passphrases, homes, user names) stay here."""

STOPPED = "the file is damaged: the library that reads it stopped"
TOO_SLOW = "the file is damaged: reading it took too long and was stopped"


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """What is to be read.

    Attributes:
        kind: what the first file is.
        files: the file with the header, then that with the voxels if it is another one.
        volume_bytes: memory that one copy of what is read takes at most.
        volume: which volume of the file, from 0.
        slices: first stored slice and number of them; None for all.
        reversed_kji: axes of the stored array to reverse.
        first_index: slice (after reversal) that is given first; its neighbours follow.
        is_size_only: whether only the size of a picture is asked for.
    """

    kind: Kind
    files: tuple[ByteSource, ...]
    volume_bytes: int
    volume: int = 0
    slices: tuple[int, int] | None = None
    reversed_kji: tuple[bool, bool, bool] = (False, False, False)
    first_index: int = 0
    is_size_only: bool = False


class Answer:
    """What the process says of one request; its voxels are still to be taken. One thread.

    Attributes:
        head: what it says.
        shape: of what it gives, ``(k, j, i)`` or ``(k, j, i, 3)``.
        voxel_type: of what it gives.
    """

    def __init__(self, head: dict[str, Any], stream: IO[bytes], watch: _Watch) -> None:
        self.head = head
        self.shape = _shape(head)
        self.voxel_type = _voxel_type(head)
        size = int(np.prod(self.shape, dtype=np.int64)) * self.voxel_type.itemsize
        if head.get("bytes") not in (0, size):
            raise VolumeRefusedError(STOPPED)
        self._stream = stream
        self._watch = watch
        self._left = int(head["bytes"])

    @property
    def is_taken(self) -> bool:
        """Whether all its voxels were taken."""
        return self._left == 0

    def count(self, name: str) -> int:
        """Return a number of the head; 0 where it is none."""
        value = self.head.get(name)
        return value if isinstance(value, int) else 0

    def fill(self, out: NDArray[Any]) -> None:
        """Read the next bytes into an array in C order.

        Raises:
            VolumeRefusedError: the process ended before.
            CancelledError: it was cancelled.
        """
        view = out.data.cast("B")
        while view:
            taken = self._stream.readinto(view)  # type: ignore[attr-defined]
            if not taken:
                self._watch.raise_reason()
            view = view[taken:]
            self._left -= taken


class VolumeReader:
    """A reading process, started when it is needed. Any thread; one request at a time.

    Args:
        command: how the process is started, without its folder; a test gives its own.
        start_seconds: given to every request before it counts as hanging.
        memory_bytes: memory for a request beside its voxels.
    """

    def __init__(
        self,
        command: Sequence[str] | None = None,
        *,
        start_seconds: float = START_SECONDS,
        memory_bytes: int = MEMORY_BYTES,
    ) -> None:
        self._command = tuple(command or _command())
        self._start_seconds = start_seconds
        self._memory_bytes = memory_bytes
        self._lock = threading.Lock()
        self._running: _Running | None = None
        self._finalizer: weakref.finalize[..., VolumeReader] | None = None

    def __enter__(self) -> VolumeReader:
        return self

    def __exit__(self, *_unused: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process; the next request starts it again."""
        with self._lock:
            self._end()

    @contextlib.contextmanager
    def ask(self, request: ReadRequest, cancel: CancelToken) -> Iterator[Answer]:
        """Give the answer to a request.

        Raises:
            VolumeRefusedError: the file cannot be read; the text says why.
            CancelledError: it was cancelled.
        """
        with self._lock:
            cancel.raise_if_cancelled()
            process = self._started()
            seconds = self._start_seconds + request.volume_bytes / LEAST_BYTES_PER_S
            watch = _Watch(process, cancel, seconds)
            is_over = False
            try:
                answer = _asked(process, request, watch, self._memory_bytes)
                yield answer
                is_over = answer.is_taken
            except _RefusedByProcessError as error:
                is_over = True
                raise VolumeRefusedError(str(error)) from error
            finally:
                watch.stop()
                if not is_over:  # what it still has to say would be taken for the next answer
                    self._end()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._running is not None and self._running.process.poll() is None:
            return self._running.process
        self._end()
        self._running = _Running(self._command)
        self._finalizer = weakref.finalize(self, self._running.end)
        return self._running.process

    def _end(self) -> None:
        if self._finalizer is not None:
            self._finalizer()
        self._running = self._finalizer = None


class _Running:
    """One started process and the folder it may use."""

    def __init__(self, command: Sequence[str]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="prelim-read-")
        root = str(Path(workstation.__file__).parents[1])
        kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
        self.process = subprocess.Popen(
            [*command, self._folder.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=kept | {"PYTHONPATH": root, "PYTHONSAFEPATH": "1", "OMP_NUM_THREADS": "1"},
        )

    def end(self) -> None:
        """End the process and remove its folder."""
        self.process.kill()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self.process.wait()
        self._folder.cleanup()


class _RefusedByProcessError(Exception):
    """The process itself says that it cannot read the file."""


class _Watch:
    """Ends the process where a request is cancelled or takes too long. Its own thread."""

    def __init__(
        self, process: subprocess.Popen[bytes], cancel: CancelToken, seconds: float
    ) -> None:
        self._process = process
        self._cancel = cancel
        self._ends_at = time.monotonic() + seconds
        self._is_over = threading.Event()
        self._is_late = False
        self._thread = threading.Thread(target=self._run, name="read-watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._is_over.set()
        self._thread.join()

    def raise_reason(self) -> None:
        """Raise why the process ended."""
        self._cancel.raise_if_cancelled()
        raise VolumeRefusedError(TOO_SLOW if self._is_late else STOPPED)

    def _run(self) -> None:
        while not self._is_over.wait(POLL_SECONDS):
            self._is_late = time.monotonic() > self._ends_at
            if self._is_late or self._cancel.is_cancelled:
                self._process.kill()
                return


def _command() -> tuple[str, ...]:
    if getattr(sys, "frozen", False):
        return (sys.executable, PROCESS_SWITCH)
    return (sys.executable, "-m", MODULE)


def _asked(
    process: subprocess.Popen[bytes], request: ReadRequest, watch: _Watch, memory_bytes: int
) -> Answer:
    if process.stdin is None or process.stdout is None:
        raise TypeError("the reading process was started without its pipes")
    try:
        send_request(process.stdin, request, memory_bytes)
    except OSError:
        watch.raise_reason()
    return Answer(_head(process.stdout, watch), process.stdout, watch)


def send_request(stream: IO[bytes], request: ReadRequest, memory_bytes: int) -> None:
    """Write a request as the process expects it.

    Args:
        stream: its standard input.
        request: what is to be read.
        memory_bytes: memory for the request beside its voxels.
    """
    contents: list[bytes | None] = [
        None if file.is_plain else _content(file) for file in request.files
    ]
    text = json.dumps(
        {
            "kind": request.kind.value,
            "files": [
                {
                    "path": str(file.path.absolute()),
                    "name": file.name,
                    "bytes": None if content is None else len(content),
                }
                for file, content in zip(request.files, contents, strict=True)
            ],
            "volume": request.volume,
            "slices": request.slices,
            "reversed_kji": request.reversed_kji,
            "first_index": request.first_index,
            "is_size_only": request.is_size_only,
            "memory_bytes": memory_bytes + 4 * request.volume_bytes,
        }
    ).encode()
    stream.write(LENGTH.pack(len(text)) + text)
    for content in contents:
        if content is not None:
            stream.write(content)
    stream.flush()


def _content(file: ByteSource) -> bytes:
    with file.open() as stream:
        return stream.read()


def _head(stream: IO[bytes], watch: _Watch) -> dict[str, Any]:
    size = stream.read(LENGTH.size)
    if len(size) < LENGTH.size:
        watch.raise_reason()
    count = LENGTH.unpack(size)[0]
    if count > LONGEST_HEAD_BYTES:
        raise VolumeRefusedError(STOPPED)
    text = stream.read(count)
    if len(text) < count:
        watch.raise_reason()
    try:
        head = json.loads(text)
    except ValueError as error:
        raise VolumeRefusedError(STOPPED) from error
    if not isinstance(head, dict):
        raise VolumeRefusedError(STOPPED)
    if "refused" in head:
        raise _RefusedByProcessError(str(head["refused"]))
    return head


def _shape(head: dict[str, Any]) -> tuple[int, ...]:
    shape = head.get("shape")
    is_good = isinstance(shape, list) and len(shape) in (3, 4)
    if not is_good or not all(isinstance(n, int) and 0 < n < 1 << 20 for n in shape or ()):
        raise VolumeRefusedError(STOPPED)
    return tuple(shape or ())


def _voxel_type(head: dict[str, Any]) -> np.dtype[Any]:
    if head.get("voxel_type") not in ("int16", "float32", "uint8"):
        raise VolumeRefusedError(STOPPED)
    return np.dtype(head["voxel_type"])
