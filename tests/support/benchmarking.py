"""What the benchmarks share: rows, fair timing beside a peer, and processes of their own.

Timing: sides run in turn and the best time of each counts, since other programs on the machine
only ever add to a time. Peers run with their best settings.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import SimpleITK
from numpy.typing import NDArray
from pydicom.uid import ExplicitVRLittleEndian

from tests.support.data import REPOSITORY
from tests.support.large_series import write_ct
from workstation.core.volume import Volume
from workstation.dicom.decode_pool import DecodePool
from workstation.services.choose_series import choose_series
from workstation.services.import_studies import import_paths
from workstation.services.open_series import OpenedSeries, open_series

Row = dict[str, Any]
Measured = dict[str, Any]


def row(
    name: str,
    value: float,
    unit: str,
    budget: float | None = None,
    *,
    is_least: bool = False,
) -> Row:
    """Return one figure.

    Args:
        name: the benchmark's name, a point, and what was measured.
        value: the figure.
        unit: of value and budget.
        budget: what is promised; None for none.
        is_least: the budget is the least and not the most.
    """
    met = None if budget is None else value >= budget if is_least else value <= budget
    kept = None if budget is None else float(f"{budget:.4g}")
    return {"name": name, "value": float(f"{value:.4g}"), "unit": unit, "budget": kept, "met": met}


def best_of(rounds: int, sides: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Return the best time of each side in seconds; they run in turn, after one unmeasured run."""
    for work in sides.values():
        work()
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, work in sides.items():
            times[name].append(seconds(work))
    return {name: min(found) for name, found in times.items()}


def seconds(work: Callable[[], object]) -> float:
    """Return how long a piece of work takes; what it returns is freed outside the time."""
    begun = time.perf_counter()
    kept = work()
    taken = time.perf_counter() - begun
    del kept
    return taken


@contextmanager
def ct_folder(
    slices: int, *, syntax: str = ExplicitVRLittleEndian, is_synthetic: bool = False
) -> Iterator[Path]:
    """Give a folder with a synthetic CT, or the one PRELIM_BENCH_FOLDER names.

    Args:
        slices: how many of 512 x 512 the synthetic one has.
        syntax: its transfer syntax.
        is_synthetic: it is the synthetic one whatever is named.
    """
    named = os.environ.get("PRELIM_BENCH_FOLDER")
    if named and not is_synthetic:
        yield Path(named)
        return
    with tempfile.TemporaryDirectory(prefix="prelim-bench-") as folder:
        write_ct(Path(folder), slices, syntax=syntax)
        yield Path(folder)


def opened(folder: Path, pool: DecodePool | None = None) -> OpenedSeries:
    """Open the largest series of a folder, as the window does."""
    return open_series(choose_series(import_paths([folder])).display_set, pool=pool)


def our_volume(folder: Path, pool: DecodePool | None = None) -> Volume:
    """Return the volume of a folder, by us."""
    series = opened(folder, pool)
    series.wait()
    if not series.is_complete:
        raise RuntimeError("a slice of the benchmark could not be read")
    return series.volume


def simpleitk_volume(folder: Path) -> object:
    """Return the volume of a folder, by SimpleITK's reader of series."""
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(folder)))
    return reader.Execute()


def pydicom_volume(folder: Path) -> NDArray[np.int16]:
    """Return the volume of a folder, by pydicom: sorted by position, rescaled, one array."""
    slices = [pydicom.dcmread(path) for path in sorted(folder.iterdir())]
    slices.sort(key=lambda data: float(data.ImagePositionPatient[2]))
    first = slices[0]
    volume = np.empty((len(slices), first.Rows, first.Columns), dtype=np.int16)
    for k, data in enumerate(slices):
        stored = data.pixel_array.view(np.int16)  # 12 bits stored: no copy is the best there is
        np.add(stored, np.int16(data.RescaleIntercept), out=volume[k])
    return volume


def in_fresh_process(module: str, function: str, *arguments: str, **environment: str) -> Any:  # noqa: ANN401 whatever JSON can hold
    """Return what a function of a module returns in a process that did nothing else before.

    Args:
        module: its name.
        function: takes texts and returns what JSON can hold.
        arguments: for it.
        environment: variables beside those of now.
    """
    code = (
        "import importlib, json, sys;"
        "found = getattr(importlib.import_module(sys.argv[1]), sys.argv[2])(*sys.argv[3:]);"
        "print(json.dumps(found))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, module, function, *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env=os.environ | environment,
    )
    if ended.returncode != 0:
        raise RuntimeError(f"{module}.{function} failed:\n{ended.stderr}")
    return json.loads(ended.stdout.splitlines()[-1])


def status_bytes(field: str) -> int:
    """Return a field of /proc/self/status in bytes: VmHWM, VmRSS, VmPeak. Linux only."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{field}:"))
