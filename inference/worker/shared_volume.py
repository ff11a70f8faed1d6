"""Voxels in memory that the application and the model worker share.

On Linux a block is an anonymous file of memory: it has no name, needs no room under ``/dev/shm``
(64 MB in a container), and is gone with the two processes however they end. Elsewhere it is a named
block, which the application creates and always unlinks, also when the worker dies. The worker only
attaches.
"""

from __future__ import annotations

import mmap
import os
import sys
from collections.abc import Iterator, Sized
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from inference.worker.protocol import SharedArray
from workstation.core.errors import WorkerOutOfMemoryError

MEMORY_FILES = "/proc/"
"""How the name of an anonymous file of memory begins; it says whose it is and which."""


@contextmanager
def created(shape: tuple[int, ...], dtype: DTypeLike) -> Iterator[tuple[SharedArray, NDArray[Any]]]:
    """Give a new shared array, filled with zeros, and its name.

    Afterwards the worker cannot attach any more. A view that is still held stays good: its memory
    goes with it.

    Raises:
        WorkerOutOfMemoryError: this machine has no shared memory of that size left.
    """
    size = max(int(np.prod(shape)) * np.dtype(dtype).itemsize, 1)
    try:
        block = _MemoryFile(size) if sys.platform == "linux" else _NamedBlock(size)
    except OSError as error:
        raise WorkerOutOfMemoryError(
            "The model cannot run",
            why=f"there is no shared memory left for {size / 1e6:.0f} MB",
            todo="Close other studies or programs and try again",
        ) from error
    try:
        array = _array(block.buffer, shape, dtype)
        yield SharedArray(block.name, shape, np.dtype(dtype).name), array
    finally:
        del array
        block.close()


@contextmanager
def attached(shared: SharedArray | None, *, is_writable: bool) -> Iterator[NDArray[Any] | None]:
    """Give the array that the application created; None for none.

    No view of the array may outlive the block.
    """
    if shared is None:
        yield None
        return
    if shared.name.startswith(MEMORY_FILES):
        array = _array(_attached_file(shared.name), shared.shape, shared.dtype)
        array.setflags(write=is_writable)
        # Unmapped with its last view; closing it by hand would pull the memory from under one.
        yield array
        return
    memory = _attach(shared.name)
    try:
        array = _array(memory.buf, shared.shape, shared.dtype)
        array.setflags(write=is_writable)
        yield array
    finally:
        del array
        _close(memory)


def _array(
    buffer: mmap.mmap | memoryview | None, shape: tuple[int, ...], dtype: DTypeLike
) -> NDArray[Any]:
    """Return an array over a buffer, which it holds: numpy's own constructor lets go of it."""
    kind, count = np.dtype(dtype), int(np.prod(shape))
    if buffer is None or count == 0:
        return np.zeros(shape, kind)
    content = memoryview(buffer)[: count * kind.itemsize]
    shaped = content.cast("B").cast(kind.char, shape)  # type: ignore[arg-type]
    array: NDArray[Any] = np.asarray(shaped)
    return array


class _MemoryFile:
    """An anonymous file of memory; the worker opens it through the application's descriptor."""

    def __init__(self, size: int) -> None:
        self._descriptor = os.memfd_create("voxels", os.MFD_CLOEXEC)
        try:
            os.truncate(self._descriptor, size)
            self._map: mmap.mmap | None = mmap.mmap(self._descriptor, size)
        except (OSError, ValueError, OverflowError):
            os.close(self._descriptor)
            raise

    @property
    def name(self) -> str:
        return f"{MEMORY_FILES}{os.getpid()}/fd/{self._descriptor}"

    @property
    def buffer(self) -> mmap.mmap | None:
        return self._map

    def close(self) -> None:
        os.close(self._descriptor)
        self._map = None  # unmapped with the last view of it


class _NamedBlock:
    """A block of shared memory with a name."""

    def __init__(self, size: int) -> None:
        self._memory = SharedMemory(create=True, size=size)

    @property
    def name(self) -> str:
        return self._memory.name

    @property
    def buffer(self) -> memoryview | None:
        return self._memory.buf

    def close(self) -> None:
        self._memory.unlink()
        _close(self._memory)


def _attached_file(name: str) -> mmap.mmap:
    descriptor = os.open(name, os.O_RDWR | os.O_CLOEXEC)
    try:
        return mmap.mmap(descriptor, 0)
    finally:
        os.close(descriptor)


def _close(memory: SharedMemory) -> None:
    """Unmap, unless a view is still held (by a traceback, say): then it goes with the view."""
    try:
        memory.close()
    except BufferError:
        # The mapping dies with the last view; without this SharedMemory complains when collected.
        memory._buf = None  # type: ignore[attr-defined]
        memory._mmap = None  # type: ignore[attr-defined]


def _attach(name: str) -> SharedMemory:
    """Attach without telling the resource tracker, which would unlink the application's block.

    Source: Python issue 82300; ``track=False`` exists from 3.13 on.
    """
    if sys.version_info >= (3, 13):
        return SharedMemory(name, track=False)
    register = resource_tracker.register
    resource_tracker.register = _register_nothing
    try:
        return SharedMemory(name)
    finally:
        resource_tracker.register = register


def _register_nothing(name: Sized, rtype: str) -> None:
    """Stand in for the tracker while attaching."""
