"""Memory: growth for a large series, what stays after closing, and the low-end floor.

Everything is measured in fresh processes, on Linux. The large series (2,000 x 512 x 512, 1 GiB) is
written to the folder for temporary files and removed afterwards; without the room it is left out.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.load import GROWTH_BUDGET_RATIO, memory_growth
from tests.support.benchmarking import (
    Measured,
    Row,
    ct_folder,
    in_fresh_process,
    our_volume,
    row,
    status_bytes,
)
from tests.support.data import REPOSITORY
from workstation.core.memory import MIB

LARGE_SLICES = 2000
LARGE_BYTES = LARGE_SLICES * 512 * 512 * 2
SLICES = 275
CLOSED = 20
"""Series opened and closed in turn."""

FLOOR_MIB = 4096
"""Address space of the smallest machine promised."""

KEPT_BUDGET_RATIO = 0.25
"""What may stay in memory after closing, over the bytes of one series."""


def run() -> Measured:
    """Return the rows."""
    with ct_folder(SLICES, is_synthetic=True) as folder:
        rows = [
            row(
                "memory.growth_275_slices",
                in_fresh_process("tests.benchmarks.load", "memory_growth", str(folder)),
                "x pixel bytes",
                GROWTH_BUDGET_RATIO,
            ),
            row(
                f"memory.kept_after_closing_{CLOSED}",
                in_fresh_process(__name__, "kept_after_closing", str(folder)),
                "x pixel bytes",
                KEPT_BUDGET_RATIO,
            ),
            *_floor(folder),
        ]
    return {"rows": rows + _large(), "ratios": {}}


def kept_after_closing(folder: str) -> float:
    """Return what more of this process is in memory after 20 series than after one."""
    our_volume(Path(folder))
    gc.collect()
    before, size = status_bytes("VmRSS"), SLICES * 512 * 512 * 2
    for _ in range(CLOSED):
        our_volume(Path(folder))
    gc.collect()
    return max(status_bytes("VmRSS") - before, 0) / size


def large(folder: str) -> dict[str, float]:
    """Return growth over pixel bytes, and the seconds to load, in this fresh process."""
    begun = time.perf_counter()
    growth = memory_growth(folder)
    return {"growth": growth, "seconds": time.perf_counter() - begun}


def _large() -> list[Row]:
    if shutil.disk_usage(tempfile.gettempdir()).free < 2 * LARGE_BYTES:
        sys.stderr.write("no room for 2,000 slices on the disk: left out\n")
        return []
    with ct_folder(LARGE_SLICES, is_synthetic=True) as folder:
        found = in_fresh_process(__name__, "large", str(folder))
    return [
        row("memory.growth_2000_slices", found["growth"], "x pixel bytes", GROWTH_BUDGET_RATIO),
        row("memory.load_2000_slices", found["seconds"], "s"),
    ]


def _floor(folder: Path) -> list[Row]:
    """Read a CT in the window under the limit of the floor."""
    limited = 'ulimit -v "$1" && shift && exec "$@"'
    program = [sys.executable, "-m", "tests.support.read_in_window", str(folder)]
    with tempfile.TemporaryDirectory() as home:
        ended = subprocess.run(
            ["/bin/sh", "-c", limited, "sh", str(FLOOR_MIB * 1024), *program],
            cwd=REPOSITORY,
            env=os.environ | {"PRELIM_HOME": home, "QT_QPA_PLATFORM": "offscreen"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    found: dict[str, Any] = json.loads(ended.stdout)
    return [
        row("memory.window_address_space", found["peak_address_bytes"] / MIB, "MiB", FLOOR_MIB),
        row("memory.window_peak", found["peak_memory_bytes"] / MIB, "MiB"),
    ]
