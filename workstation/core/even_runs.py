"""Runs of evenly spaced slices in a stack that is not even as a whole.

Heads of the classic kind are scanned thin through the posterior fossa and thick above, and series
lose slices on their way. Within each run every slice has the neighbors it would have in a series of
its own; across the border between two runs nothing can be said of the distance.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workstation.core.geometry import are_even

FEWEST_IN_RUN = 3
"""Slices from which spacing can be called even; two are always evenly spaced."""

Runs = tuple[tuple[int, int], ...]
"""First slice of each run, and one past its last; ascending, without overlap."""


def even_runs(distances_mm: NDArray[np.float64]) -> Runs:
    """Return the longest runs of even steps, from the first slice on; slices may be in none.

    Args:
        distances_mm: place of each slice along the normal, ascending; shape (k,).
    """
    runs, start, count = [], 0, distances_mm.size
    while start <= count - FEWEST_IN_RUN:
        stop = _end_of_run(distances_mm, start)
        if stop - start < FEWEST_IN_RUN:
            start += 1
            continue
        runs.append((start, stop))
        start = stop
    return tuple(runs)


def _end_of_run(distances_mm: NDArray[np.float64], start: int) -> int:
    """Return one past the last slice of the run that begins at a slice."""
    stop = start + 1
    while stop < distances_mm.size and are_even(distances_mm[start : stop + 1]):
        stop += 1
    return stop
