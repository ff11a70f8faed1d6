"""Work on a picture in bands of rows, on all cores.

numpy lets other threads run while it works on a band, so that two cores halve the time; a band is
small enough to stay in a core's cache.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

MOST_THREADS = 8
"""More threads than this wait for the memory and not for a core."""


def in_bands(rows: int, band_rows: int, work: Callable[[slice], object]) -> None:
    """Do a piece of work for each band of rows and return when all are done.

    Args:
        rows: of the picture.
        band_rows: rows of a band; the last may have fewer.
        work: takes the rows of a band; called on several threads. What it raises is raised here.
    """
    starts = range(0, rows, band_rows)
    waiting = iter(starts)

    def go_on() -> None:
        # Whoever is free takes the next band: a thread that has to wait for a core holds up one.
        for start in waiting:
            work(slice(start, min(start + band_rows, rows)))

    helpers = min(os.cpu_count() or 1, MOST_THREADS, len(starts)) - 1
    if helpers < 1:
        go_on()
        return
    with ThreadPoolExecutor(helpers) as pool:
        helping = [pool.submit(go_on) for _ in range(helpers)]
        go_on()
        for each in helping:
            each.result()
