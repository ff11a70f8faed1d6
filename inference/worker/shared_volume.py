"""Voxels in memory that the application and the model worker share.

The application creates and always unlinks a block, also when the worker dies; should the
application itself be killed, Python's resource tracker unlinks it. The worker only attaches.
"""

from __future__ import annotations

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


@contextmanager
def created(shape: tuple[int, ...], dtype: DTypeLike) -> Iterator[tuple[SharedArray, NDArray[Any]]]:
    """Give a new shared array and its name; it is gone afterwards, whatever happened.

    No view of the array may outlive the block.

    Raises:
        WorkerOutOfMemoryError: this machine has no shared memory of that size left.
    """
    size = max(int(np.prod(shape)) * np.dtype(dtype).itemsize, 1)
    try:
        memory = SharedMemory(create=True, size=size)
    except OSError as error:
        raise WorkerOutOfMemoryError(
            "The model cannot run",
            why=f"there is no shared memory left for {size / 1e6:.0f} MB",
            todo="Close other studies or programs and try again",
        ) from error
    try:
        array: NDArray[Any] = np.ndarray(shape, dtype=dtype, buffer=memory.buf)
        yield SharedArray(memory.name, shape, np.dtype(dtype).name), array
    finally:
        del array
        memory.unlink()
        _close(memory)


@contextmanager
def attached(shared: SharedArray | None, *, is_writable: bool) -> Iterator[NDArray[Any] | None]:
    """Give the array that the application created; None for none.

    No view of the array may outlive the block.
    """
    if shared is None:
        yield None
        return
    memory = _attach(shared.name)
    try:
        array: NDArray[Any] = np.ndarray(shared.shape, dtype=shared.dtype, buffer=memory.buf)
        array.setflags(write=is_writable)
        yield array
    finally:
        del array
        _close(memory)


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
