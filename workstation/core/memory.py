"""How much memory this process may use: what is installed, allowed, and free at the moment.

A container's control group, or a limit set for the process (``ulimit -v``), can be far below what
the machine holds; the lowest of them counts. On Linux everything is read from ``/proc`` and
``/sys/fs/cgroup``; on Windows the system is asked; elsewhere only the installed memory is known.

Source: Linux Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst, proc_meminfo(5).
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MIB = 1 << 20

VOXEL_SHARE = 0.75
"""Share of the memory that the voxels of all open series may take; the system, the program and
the model worker need the rest."""

PROGRAM_BYTES = 512 * MIB
"""What the program takes beside voxels: 330 MiB at the end of a reading, and the model worker."""

LEAST_SHARE = 0.25
"""Share that voxels may take of a memory so small that the program's part would use up all."""

SPARE_BYTES = 192 * MIB
"""Kept free when voxels are placed: pictures, threads and reformats grow while one reads."""

UNLIMITED_BYTES = 1 << 60
"""Control groups write a number near 2**63 for no limit; no machine has an exbibyte."""


@dataclass(frozen=True, slots=True)
class Memory:
    """The memory of this process at one moment.

    Attributes:
        physical_bytes: what the machine holds.
        limit_bytes: the lowest limit set for this process or its control groups, or the
            machine's own memory where that is lower.
        free_bytes: what can be taken now before something is pushed out or refused.
    """

    physical_bytes: int
    limit_bytes: int
    free_bytes: int

    @property
    def budget_bytes(self) -> int:
        """What the voxels of all open series may take together."""
        usual = int(self.limit_bytes * VOXEL_SHARE) - PROGRAM_BYTES
        return max(usual, int(self.limit_bytes * LEAST_SHARE))

    @property
    def room_bytes(self) -> int:
        """How large an array may be that is made now."""
        return max(min(self.free_bytes - SPARE_BYTES, self.budget_bytes), 0)


def read_memory(root: Path = Path("/")) -> Memory:
    """Return the memory of this process as it is now; takes well under a millisecond.

    Args:
        root: where ``proc`` and ``sys`` are.
    """
    if sys.platform == "win32":
        return _windows()
    meminfo = _meminfo(root / "proc/meminfo")
    physical = meminfo.get("MemTotal") or _pages()
    free = meminfo.get("MemAvailable", physical) + meminfo.get("SwapFree", 0)
    limit = physical
    for group_limit, group_used in _control_groups(root):
        limit = min(limit, group_limit)
        free = min(free, group_limit - group_used)
    for process_limit, process_used in _process_limits(root):
        limit = min(limit, process_limit)
        free = min(free, process_limit - process_used)
    return Memory(physical, limit, max(free, 0))


def _pages() -> int:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _meminfo(path: Path) -> dict[str, int]:
    """Return the fields of /proc/meminfo in bytes; empty where there is none."""
    found = {}
    for line in _lines(path):
        name, _, value = line.partition(":")
        number = value.split()[:1]
        if number and number[0].isdigit():
            found[name] = int(number[0]) * 1024
    return found


def _control_groups(root: Path) -> Iterator[tuple[int, int]]:
    """Yield (limit, used) of this process's memory group and all groups around it."""
    for line in _lines(root / "proc/self/cgroup"):
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if "memory" in controllers.split(","):
            yield from _groups(root / "sys/fs/cgroup/memory", path, _V1)
        elif number == "0" and not controllers:
            yield from _groups(root / "sys/fs/cgroup", path, _V2)
            yield from _groups(root / "sys/fs/cgroup/unified", path, _V2)


@dataclass(frozen=True, slots=True)
class _Names:
    """Files of a control group: its limits, what is used, and its statistics' name of caches."""

    limits: tuple[str, ...]
    used: str
    cache: str


_V1 = _Names(("memory.limit_in_bytes",), "memory.usage_in_bytes", "total_inactive_file")
_V2 = _Names(("memory.max", "memory.high"), "memory.current", "inactive_file")


def _groups(mount: Path, path: str, names: _Names) -> Iterator[tuple[int, int]]:
    """Yield what each group says, from the innermost to the mount itself.

    Inside a container the path is often one of the host, and only the mount is there.
    """
    inside = mount / path.lstrip("/")
    for folder in (inside, *inside.parents):
        limits = [n for name in names.limits if (n := _number(folder / name)) is not None]
        if limits:
            cached = _statistic(folder / "memory.stat", names.cache)
            yield min(limits), max((_number(folder / names.used) or 0) - cached, 0)
        if folder == mount:
            return


def _number(path: Path) -> int | None:
    """Return the limit in a file; None where there is none, or it says that there is no limit."""
    text = next(iter(_lines(path)), "").strip()
    if not text.isdigit():
        return None
    return int(text) if int(text) < UNLIMITED_BYTES else None


def _statistic(path: Path, name: str) -> int:
    for line in _lines(path):
        key, _, value = line.partition(" ")
        if key == name and value.strip().isdigit():
            return int(value)
    return 0


def _process_limits(root: Path) -> Iterator[tuple[int, int]]:
    """Yield (limit, used) of the address space of this process, where one is set."""
    try:
        import resource  # not on Windows
    except ImportError:
        return
    soft, _hard = resource.getrlimit(resource.RLIMIT_AS)
    if soft == resource.RLIM_INFINITY or soft >= UNLIMITED_BYTES:
        return
    pages = next(iter(_lines(root / "proc/self/statm")), "").split()[:1]
    used = int(pages[0]) * os.sysconf("SC_PAGE_SIZE") if pages else 0
    yield soft, used


def _lines(path: Path) -> list[str]:
    """Return the lines of a file of the kernel; none where it cannot be read."""
    try:
        return path.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []


class _Status(ctypes.Structure):
    """MEMORYSTATUSEX of the Windows API."""

    _fields_ = (
        ("length", ctypes.c_ulong),
        ("load", ctypes.c_ulong),
        ("total_physical", ctypes.c_ulonglong),
        ("free_physical", ctypes.c_ulonglong),
        ("total_committed", ctypes.c_ulonglong),
        ("free_committed", ctypes.c_ulonglong),
        ("total_virtual", ctypes.c_ulonglong),
        ("free_virtual", ctypes.c_ulonglong),
        ("extended", ctypes.c_ulonglong),
    )


def _windows() -> Memory:
    """Ask Windows; what is free is what may still be committed, the page file included."""
    status = _Status()
    status.length = ctypes.sizeof(status)
    ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))  # type: ignore[attr-defined]
    total, committed = int(status.total_physical), int(status.total_committed)
    return Memory(total, min(total, committed), int(status.free_committed))
