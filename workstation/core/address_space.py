"""Reserve little address space, so that the program runs where it is limited (``ulimit -v``).

Memory that is only reserved costs nothing on most machines, but counts against such a limit: the
C library reserves 64 MiB for each thread that asks for memory, and numpy's linear algebra starts a
thread with buffers of its own for each core. With a dozen threads that was more than the images of
a CT took (1,310 MiB in all; 620 MiB with what is done here).

Source: mallopt(3); OpenBLAS user manual, runtime variables.
"""

from __future__ import annotations

import ctypes
import os
import sys

BLAS_THREADS = ("OPENBLAS_NUM_THREADS", "1")
"""The application inverts 4 x 4 matrices; models run in a process of their own, which does not
inherit this."""

M_ARENA_MAX = -8
"""Parameter of mallopt(3) for the number of arenas."""

ARENAS = 2
"""The window's and one for all threads beside it; the large arrays of images are in none."""


def keep_address_space_small() -> None:
    """Limit what is reserved; call it before numpy is imported and threads are started."""
    os.environ.setdefault(*BLAS_THREADS)
    if sys.platform != "linux":
        return
    library = ctypes.CDLL(None)
    # Only the GNU C library has arenas, and this function.
    if hasattr(library, "mallopt"):
        library.mallopt(M_ARENA_MAX, ARENAS)
