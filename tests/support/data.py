"""Where the real studies are: PRELIM_DATA, else ../shared/data; a test skips without."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
UNPACKED = REPOSITORY / ".data"


def study(name: str) -> Path:
    """Return the unpacked folder of one data set; skip the test where there is none.

    Args:
        name: the set, e.g. ``s02_ct_head_ge_tilt_varspacing``.
    """
    folder = _find(name)
    if folder is None:
        pytest.skip(f"{name} is not here: set PRELIM_DATA to a folder with the unpacked studies")
    return folder


def find_study(name: str) -> Path | None:
    """Return the unpacked folder of one data set, or None; for benchmarks, which skip nothing."""
    return _find(name)


def table(name: str) -> Path:
    """Return a table of the data folder (GEOMETRY.csv, NIFTI.csv); skip where there is none."""
    for folder in _sources():
        if (folder / name).is_file():
            return folder / name
    pytest.skip(f"{name} is not here: the folder of real studies is absent")


def _sources() -> tuple[Path, ...]:
    named = os.environ.get("PRELIM_DATA")
    shared = REPOSITORY.parent / "shared" / "data"
    return (Path(named), shared) if named else (shared,)


@cache
def _find(name: str) -> Path | None:
    for folder in (*_sources(), UNPACKED):
        if (folder / name).is_dir():
            return folder / name
    for folder in _sources():
        if (folder / "unpack").is_file() and (folder / f"{name}.tar.xz").is_file():
            UNPACKED.mkdir(exist_ok=True)
            subprocess.run(
                [str(folder / "unpack"), str(UNPACKED), name], check=True, capture_output=True
            )
            return UNPACKED / name
    return None
