"""A disk of 20 MB/s: first image, jumps to slices not yet loaded, and what is really read.

The disk is simulated where files are opened: each read waits as long as the disk would need for
the pages that were not read before, one read at a time. Its time to find a file is not simulated.
The system's own reading ahead is shown in a row of its own as a worst case. How much the real
system reads from the real disk until the first image is measured with a cold cache (Linux).
"""

from __future__ import annotations

import io
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.support.benchmarking import Measured, ct_folder, in_fresh_process, opened, row
from workstation.dicom.sources import SourceFile

SLICES = 300
RATE_BYTES_S = 20_000_000
FIRST_IMAGE_BUDGET_S = 1.0
"""Source: the issue: a slow disk (20 MB/s, simulated) still shows the first image in <= 1 s."""

PAGE = 4096
READ_AHEAD_BYTES = 128 * 1024
"""What Linux reads ahead of a file at most by default (read_ahead_kb)."""

JUMPS = 12
CHOOSING_S = 2.0


def run() -> Measured:
    """Return the rows."""
    with ct_folder(SLICES) as folder:
        found = in_fresh_process(__name__, "times", str(folder), "0", QT_QPA_PLATFORM="offscreen")
        worst = in_fresh_process(
            __name__, "times", str(folder), str(READ_AHEAD_BYTES), QT_QPA_PLATFORM="offscreen"
        )
        read = in_fresh_process(__name__, "bytes_to_first_image", str(folder))
    jumps = sorted(found["jumps"])
    rows = [
        row("slow_disk.first_image", found["first"], "s", FIRST_IMAGE_BUDGET_S),
        row("slow_disk.first_image_if_each_read_took_128_kib", worst["first"], "s"),
        row("slow_disk.series_whole", found["whole"], "s"),
        row("slow_disk.jump_to_slice_not_loaded_median", jumps[len(jumps) // 2] * 1e3, "ms"),
        row("slow_disk.jump_to_slice_not_loaded_worst", jumps[-1] * 1e3, "ms"),
    ]
    if read:
        rows.append(row("slow_disk.read_until_first_image", read / 1e6, "MB"))
    return {"rows": rows, "ratios": {}}


def times(folder: str, read_ahead: str) -> dict[str, object]:
    """Open a folder from the slow disk in this fresh process; return the seconds."""
    from tests.support.window_session import WindowSession  # brings Qt

    session = WindowSession()
    session.rest(CHOOSING_S)
    with slow_disk(Disk(RATE_BYTES_S, int(read_ahead))):
        first = session.open(Path(folder))
        begun = time.perf_counter()
        viewport = session.window.study_page.grid.active
        jumps = []
        for number in range(JUMPS):
            series = session.window.study.active_series
            assert series is not None
            waiting = [k for k, is_in in enumerate(series.flags) if not is_in]
            if not waiting:
                break
            far = waiting[0] if number % 2 else waiting[-1]
            jumps.append(session.shown_after(partial(viewport.go_to_slice, far)))
        session.until_loaded()
        whole = first + time.perf_counter() - begun
    session.close()
    return {"first": first, "jumps": jumps, "whole": whole}


def bytes_to_first_image(folder: str) -> int:
    """Return what this system reads from its disk until one slice is in; 0 where it cannot tell."""
    counter = Path("/proc/self/io")
    if not counter.is_file():
        return 0
    files = [path for path in Path(folder).rglob("*") if path.is_file()]
    opened(Path(folder)).wait()  # imports are not counted
    for path in files:
        number = os.open(path, os.O_RDONLY)
        os.fsync(number)
        os.posix_fadvise(number, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(number)
    before = _read_bytes(counter)
    arrived = threading.Event()
    from workstation.services.import_studies import import_paths
    from workstation.services.open_series import open_series

    display_set = import_paths([Path(folder)]).all_series[0].display_sets[0]
    series = open_series(display_set, on_slice=lambda _k: arrived.set())
    arrived.wait()
    found = _read_bytes(counter) - before
    series.wait()
    return found


def _read_bytes(counter: Path) -> int:
    lines = counter.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("read_bytes:"))


class Disk:
    """A disk that gives so many bytes a second, one read at a time. Any thread.

    Args:
        rate_bytes_s: its speed.
        read_ahead: how much is read at least with each read; 0 for just what is asked for.
    """

    def __init__(self, rate_bytes_s: float, read_ahead: int) -> None:
        self._rate, self._read_ahead = rate_bytes_s, read_ahead
        self._lock = threading.Lock()
        self._cached: dict[str, set[int]] = {}
        self._free_at = 0.0

    def read(self, path: str, offset: int, count: int, size: int) -> None:
        """Wait as long as a read takes."""
        end = min(offset + max(count, self._read_ahead), size)
        with self._lock:
            cached = self._cached.setdefault(path, set())
            pages = set(range(offset // PAGE, -(-end // PAGE))) - cached
            cached |= pages
            self._free_at = max(self._free_at, time.monotonic()) + len(pages) * PAGE / self._rate
            until = self._free_at
        time.sleep(max(until - time.monotonic(), 0))


class SlowFile(io.FileIO):
    """A file on a slow disk."""

    def __init__(self, path: Path, disk: Disk) -> None:
        super().__init__(path, "r")
        self._disk, self._path = disk, str(path)
        self._size = os.fstat(self.fileno()).st_size

    def read(self, size: int | None = -1, /) -> bytes:
        """Read as a file does, later."""
        asked = self._size if size is None or size < 0 else size
        self._disk.read(self._path, self.tell(), asked, self._size)
        return super().read(size) or b""

    def readinto(self, buffer: memoryview, /) -> int | None:  # type: ignore[override]
        """Read into a buffer as a file does, later."""
        self._disk.read(self._path, self.tell(), len(buffer), self._size)
        return super().readinto(buffer)


@contextmanager
def slow_disk(disk: Disk) -> Iterator[None]:
    """Let every file of a study be on a disk."""
    fast = SourceFile.open

    def slow(self: SourceFile) -> SlowFile:
        return SlowFile(self.path, disk)

    SourceFile.open = slow  # type: ignore[method-assign]
    try:
        yield
    finally:
        SourceFile.open = fast  # type: ignore[method-assign]
