"""Folder to Volume: time beside SimpleITK and pydicom in one run, and where the time goes.

The study is a synthetic 300 x 512 x 512 CT written here, or the folder in PRELIM_BENCH_FOLDER; the
files are in the cache of the operating system for all. Memory is measured in a fresh process.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from tests.support.benchmarking import (
    Measured,
    best_of,
    ct_folder,
    in_fresh_process,
    our_volume,
    pydicom_volume,
    row,
    simpleitk_volume,
    status_bytes,
)
from workstation.services.import_studies import import_paths

SLICES = 300
ROUNDS = 7
"""Times each side runs."""

LOAD_BUDGET_RATIO = 0.25
GROWTH_BUDGET_RATIO = 1.3
"""Source: DESIGN section 6."""


def run() -> Measured:
    """Return the rows ``{name, value, unit, budget, met}`` and the ratios."""
    with ct_folder(SLICES) as folder:
        return measure(folder)


def measure(folder: Path) -> Measured:
    """Measure one folder that holds one CT series."""
    found = best_of(
        ROUNDS,
        {
            "ours": partial(our_volume, folder),
            "headers": partial(import_paths, [folder]),
            "simpleitk": partial(simpleitk_volume, folder),
            "pydicom": partial(pydicom_volume, folder),
        },
    )
    ours, headers = found["ours"], found["headers"]
    budget_ms = LOAD_BUDGET_RATIO * found["simpleitk"] * 1e3
    growth = in_fresh_process(__name__, "memory_growth", str(folder))
    return {
        "rows": [
            row("load.folder_to_volume", ours * 1e3, "ms", budget_ms),
            row("load.simpleitk", found["simpleitk"] * 1e3, "ms"),
            row("load.pydicom", found["pydicom"] * 1e3, "ms"),
            row("load.headers", headers * 1e3, "ms"),
            row("load.share_of_headers", 100 * headers / ours, "%"),
            row("load.memory_growth", growth, "x pixel bytes", GROWTH_BUDGET_RATIO),
        ],
        "ratios": {
            "load_vs_simpleitk": round(ours / found["simpleitk"], 3),
            "load_vs_pydicom": round(ours / found["pydicom"], 3),
        },
    }


def memory_growth(folder: str) -> float:
    """Return by how much the peak memory of this fresh process grows, over the pixel bytes."""
    result = import_paths([Path(folder)])
    pixel_bytes = result.all_series[0].display_sets[0].voxel_bytes
    del result
    before = status_bytes("VmHWM")
    volume = our_volume(Path(folder))
    growth = status_bytes("VmHWM") - before
    del volume
    return growth / pixel_bytes
