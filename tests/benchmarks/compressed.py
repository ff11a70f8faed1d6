"""Compressed series, folder to Volume, with every core, beside pydicom in one thread.

The series are synthetic and lossless; each side gives the same voxels, which is checked. Our
decoder processes are up already, as they are in the window once a compressed study was taken in;
what a first load pays for starting them is a row of its own.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from pydicom.uid import JPEG2000Lossless, JPEGLSLossless, RLELossless

from tests.support.benchmarking import (
    Measured,
    best_of,
    ct_folder,
    our_volume,
    pydicom_volume,
    row,
    seconds,
)
from workstation.dicom.decode_pool import DecodePool

SYNTAXES = {"jpeg2000": JPEG2000Lossless, "jpegls": JPEGLSLossless, "rle": RLELossless}
SLICES = 60
"""Of 512 x 512: three seconds of JPEG 2000 for one thread."""

ROUNDS = 3
SPEED_BUDGET = 1.8
"""Source: DESIGN section 6."""


def run() -> Measured:
    """Return the rows and ratios; a ratio is pydicom's time over ours, 1.8 or more is promised."""
    rows, ratios = [], {}
    pool = DecodePool()
    try:
        for name, syntax in SYNTAXES.items():
            with ct_folder(SLICES, syntax=syntax, is_synthetic=True) as folder:
                first, found = _measured(folder, pool)
            ours, theirs = found["ours"], found["pydicom"]
            speed = theirs / ours
            rows += [
                row(f"compressed.{name}", ours * 1e3, "ms"),
                row(f"compressed.{name}_own_processes", first * 1e3, "ms"),
                row(f"compressed.{name}_pydicom", theirs * 1e3, "ms"),
                row(f"compressed.{name}_speed", speed, "x pydicom", SPEED_BUDGET, is_least=True),
            ]
            ratios[f"compressed_{name}_vs_pydicom"] = round(speed, 2)
    finally:
        pool.close()
    return {"rows": rows, "ratios": ratios}


def _measured(folder: Path, pool: DecodePool) -> tuple[float, dict[str, float]]:
    """Return the time with decoder processes of its own, and the best times of both sides."""
    if not np.array_equal(our_volume(folder, pool).voxels, pydicom_volume(folder)):
        raise RuntimeError("both sides must give the same voxels")
    first = seconds(partial(our_volume, folder))
    ours, theirs = partial(our_volume, folder, pool), partial(pydicom_volume, folder)
    return first, best_of(ROUNDS, {"ours": ours, "pydicom": theirs})
