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
    bands = [slice(start, min(start + band_rows, rows)) for start in range(0, rows, band_rows)]
    threads = min(os.cpu_count() or 1, MOST_THREADS, len(bands))
    if threads < 2:
        for band in bands:
            work(band)
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, bands))
