"""Memory that the application and the scene process share: voxels, masks, pictures.

The application makes and always unlinks a block, also when the process dies; should the application
be killed, Python's resource tracker unlinks it. The scene process only attaches.
"""

from __future__ import annotations

import sys
from collections.abc import Sized
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from workstation.core.errors import WorkerOutOfMemoryError


class Block:
    """An array in shared memory. Owned by whoever made it, one thread at a time.

    No view of ``array`` may be used after :meth:`close`.
    """

    def __init__(
        self, memory: SharedMemory, shape: tuple[int, ...], dtype: DTypeLike, *, is_own: bool
    ) -> None:
        self._memory, self._is_own = memory, is_own
        self._array: NDArray[Any] | None = np.ndarray(shape, dtype=dtype, buffer=memory.buf)
        self.name = memory.name
        self.shape = shape
        self.dtype = np.dtype(dtype).name

    @property
    def array(self) -> NDArray[Any]:
        """The elements.

        Raises:
            ValueError: the block was closed.
        """
        if self._array is None:
            raise ValueError("the block was closed")
        return self._array

    def close(self) -> None:
        """Let go; what was made here is gone when the other side has let go as well."""
        if self._array is None:
            return
        self._array = None
        if self._is_own:
            self._memory.unlink()
        try:
            self._memory.close()
        except BufferError:
            # A view is still held: the mapping dies with it, and SharedMemory must not complain.
            self._memory._buf = None  # type: ignore[attr-defined]
            self._memory._mmap = None  # type: ignore[attr-defined]


def make_block(shape: tuple[int, ...], dtype: DTypeLike) -> Block:
    """Return a new block, its elements 0.

    Raises:
        WorkerOutOfMemoryError: this machine has no shared memory of that size left.
    """
    size = max(int(np.prod(shape)) * np.dtype(dtype).itemsize, 1)
    try:
        memory = SharedMemory(create=True, size=size)
    except OSError as error:
        raise WorkerOutOfMemoryError(
            "The 3D view cannot be drawn",
            why=f"there is no shared memory left for {size / 1e6:.0f} MB",
            todo="Close other studies or programs and try again",
        ) from error
    return Block(memory, shape, dtype, is_own=True)


def attach_block(name: str, shape: tuple[int, ...], dtype: str) -> Block:
    """Return the block that the application made.

    The resource tracker is not told: it would unlink the application's block when this process
    ends. Source: Python issue 82300; ``track=False`` exists from 3.13 on.
    """
    if sys.version_info >= (3, 13):
        return Block(SharedMemory(name, track=False), shape, dtype, is_own=False)
    register = resource_tracker.register
    resource_tracker.register = _register_nothing
    try:
        memory = SharedMemory(name)
    finally:
        resource_tracker.register = register
    return Block(memory, shape, dtype, is_own=False)


def _register_nothing(name: Sized, rtype: str) -> None:
    """Stand in for the tracker while attaching."""
