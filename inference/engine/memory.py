"""How much memory this process may still take, asked before a model runs."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

from workstation.core.errors import WorkerOutOfMemoryError

RESERVE_BYTES = 150_000_000
"""Memory left to the rest of the machine; under this a desktop starts to swap."""


def require(needed_bytes: int, available_bytes: int | None) -> None:
    """Refuse a run that needs more than there is; an unknown amount is taken as enough.

    Raises:
        WorkerOutOfMemoryError: it does not fit.
    """
    if available_bytes is not None and needed_bytes > available_bytes:
        needed, free = needed_bytes / 1e6, max(available_bytes, 0) / 1e6
        raise WorkerOutOfMemoryError(
            "The model needs more memory than there is",
            why=f"it needs {needed:.0f} MB, {free:.0f} MB are free",
            todo="Close other studies or programs and try again",
        )


def available() -> int | None:
    """Return the bytes this process may still take; None where the system does not tell."""
    free = _windows_free() if sys.platform == "win32" else _posix_free()
    under_limit = _under_limit()
    known = [amount for amount in (free, under_limit) if amount is not None]
    return min(known) if known else None


def _posix_free() -> int | None:
    meminfo = Path("/proc/meminfo")
    if meminfo.is_file():
        for line in meminfo.read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024 - RESERVE_BYTES
    return None


def _under_limit() -> int | None:
    """Return what is left under RLIMIT_AS; None where there is no limit."""
    if sys.platform == "win32":
        return None
    import resource  # not on Windows

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    statm = Path("/proc/self/statm")
    if limit == resource.RLIM_INFINITY or not statm.is_file():
        return None
    used = int(statm.read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    return limit - used


class _MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX of the Windows API (sysinfoapi.h)."""

    _fields_ = (
        ("length", ctypes.c_uint32),
        ("load", ctypes.c_uint32),
        ("total", ctypes.c_uint64),
        ("free", ctypes.c_uint64),
        ("page_total", ctypes.c_uint64),
        ("page_free", ctypes.c_uint64),
        ("virtual_total", ctypes.c_uint64),
        ("virtual_free", ctypes.c_uint64),
        ("extended", ctypes.c_uint64),
    )


def _windows_free() -> int | None:
    kernel = getattr(ctypes, "windll", None)
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    if kernel is None or not kernel.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
        return None
    return int(status.free) - RESERVE_BYTES
