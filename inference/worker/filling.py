"""Handing voxels over while the worker already works: the slices it needs first go first."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.worker.protocol import Arrived

SPREADS = (8, 24)
"""Numbers of slices, spread evenly, that the noise is measured on; they go first."""

CHUNK_SLICES = 8
"""Slices per message; eight of 512 x 512 take 4 ms to copy."""

MOST_MESSAGES = 128
"""Messages for very long series: together they fit into a pipe that nobody reads for a moment."""


class Filler:
    """Copies a volume into a shared one, in a thread of its own. Owned by one call.

    Args:
        voxels: ``[k, j, i]`` to hand over.
        block: the shared array, of the same shape and dtype.
        first: the slice that is needed first.
    """

    def __init__(self, voxels: NDArray[Any], block: NDArray[Any], first: int) -> None:
        self._voxels = voxels
        self._block = block
        self._order = fill_order(len(voxels), first)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, send: Callable[[Arrived], None]) -> None:
        """Begin; ``send`` is called in the thread after each few slices."""
        self._thread = threading.Thread(
            target=self._fill, args=(send,), name="model-worker-filling", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """End, also before all is copied; afterwards neither array is held."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        del self._voxels, self._block

    def _fill(self, send: Callable[[Arrived], None]) -> None:
        size = max(CHUNK_SLICES, len(self._order) // MOST_MESSAGES)
        # A worker that is gone is told by the thread that waits for its answer.
        with contextlib.suppress(OSError):
            for begin in range(0, len(self._order), size):
                if self._stop.is_set():
                    return
                chunk = self._order[begin : begin + size]
                for k in chunk:
                    np.copyto(self._block[k], self._voxels[k])
                send(Arrived(tuple(chunk)))


def fill_order(count: int, first: int) -> list[int]:
    """Return all slices: those the noise is measured on, then the nearest to ``first``."""
    nearest = sorted(range(count), key=lambda k: (abs(k - first), -k))
    spread = [k for most in SPREADS for k in spread_indices(count, most)]
    return list(dict.fromkeys([*nearest[:CHUNK_SLICES], *spread, *nearest]))


def spread_indices(count: int, most: int) -> list[int]:
    """Return up to ``most`` indices spread evenly over ``count``, as the engine takes them."""
    chosen: list[int] = np.linspace(0, count - 1, min(count, most)).round().astype(int).tolist()
    return sorted(set(chosen))
