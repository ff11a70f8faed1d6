"""Folder to Volume: time beside SimpleITK in one run, memory growth, first image.

The study is a synthetic 300 x 512 x 512 CT written here, or the folder in PRELIM_BENCH_FOLDER. The
files are in the cache of the operating system for all. Each side runs in turn and its best time
counts, since other programs only ever add to a time; memory is measured in a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import SimpleITK
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

from workstation.services.import_studies import import_paths
from workstation.services.open_series import load_series, open_series

SLICES, SIZE = 300, 512
ROUNDS = 7
"""Times each side runs."""

LOAD_BUDGET_RATIO = 0.25
GROWTH_BUDGET_RATIO = 1.3
FIRST_IMAGE_BUDGET_MS = 100.0
"""Source: DESIGN section 6."""

Measured = dict[str, Any]


def run() -> Measured:
    """Return the rows ``{name, value, unit, budget, met}`` and the ratios."""
    named = os.environ.get("PRELIM_BENCH_FOLDER")
    if named:
        return measure(Path(named))
    with tempfile.TemporaryDirectory(prefix="prelim-bench-") as folder:
        write_ct(Path(folder))
        return measure(Path(folder))


def measure(folder: Path) -> Measured:
    """Measure one folder that holds one CT series."""
    _load(folder)
    _load_by_simpleitk(folder)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(_seconds(lambda: _load(folder)))
        theirs.append(_seconds(lambda: _load_by_simpleitk(folder)))
    first_ms = 1000 * min(_first_image_s(folder) for _ in range(ROUNDS))
    load_ms, peer_ms = 1000 * min(ours), 1000 * min(theirs)
    growth = _memory_growth(folder)
    return {
        "rows": [
            _row("load.folder_to_volume", load_ms, "ms", LOAD_BUDGET_RATIO * peer_ms),
            _row("load.first_image", first_ms, "ms", FIRST_IMAGE_BUDGET_MS),
            _row("load.memory_growth", growth, "x pixel bytes", GROWTH_BUDGET_RATIO),
            {
                "name": "load.simpleitk",
                "value": round(peer_ms, 1),
                "unit": "ms",
                "budget": None,
                "met": None,
            },
        ],
        "ratios": {"load_vs_simpleitk": round(load_ms / peer_ms, 3)},
    }


def write_ct(folder: Path) -> None:
    """Write a CT of 300 slices of 512 x 512 with noise, explicit little endian, 12 bits stored."""
    random = np.random.default_rng(1)
    base = random.integers(0, 3000, (SIZE, SIZE), dtype=np.uint16)
    study, series, reference = generate_uid(), generate_uid(), generate_uid()
    for number in range(1, SLICES + 1):
        data = Dataset()
        data.file_meta = FileMetaDataset()
        data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        data.SOPClassUID = data.file_meta.MediaStorageSOPClassUID = CTImageStorage
        data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        data.StudyInstanceUID, data.SeriesInstanceUID = study, series
        data.FrameOfReferenceUID = reference
        data.Modality, data.PatientID, data.InstanceNumber = "CT", "BENCH", number
        data.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
        data.ImagePositionPatient = [-200, -200, number * 1.25]
        data.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        data.PixelSpacing, data.SliceThickness = [0.78, 0.78], 1.25
        data.RescaleSlope, data.RescaleIntercept = 1, -1024
        data.Rows = data.Columns = SIZE
        data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
        data.BitsAllocated, data.BitsStored, data.HighBit = 16, 12, 11
        data.PixelRepresentation = 0
        data.PixelData = np.roll(base, number, axis=0).tobytes()
        pydicom.dcmwrite(folder / f"{number:04d}.dcm", data, enforce_file_format=True)


def memory_growth(folder: Path) -> float:
    """Return by how much the peak memory of this process grows, as a multiple of the pixels.

    Linux only; called in a fresh process.
    """
    result = import_paths([folder])
    pixel_bytes = result.all_series[0].display_sets[0].voxel_bytes
    del result
    before = _peak_bytes()
    volume = _load(folder)
    growth = _peak_bytes() - before
    del volume
    return growth / pixel_bytes


def _load(folder: Path) -> object:
    return load_series(import_paths([folder]).all_series[0].display_sets[0])


def _load_by_simpleitk(folder: Path) -> object:
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(folder)))
    return reader.Execute()


def _first_image_s(folder: Path) -> float:
    """Return the time from the folder to the first decoded slice."""
    arrived = threading.Event()
    begin = time.perf_counter()
    display_set = import_paths([folder]).all_series[0].display_sets[0]
    opened = open_series(display_set, on_slice=lambda _: arrived.set())
    arrived.wait()
    seconds = time.perf_counter() - begin
    opened.wait()
    return seconds


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _memory_growth(folder: Path) -> float:
    code = (
        "import json, sys; from pathlib import Path; from tests.benchmarks import load;"
        "json.dump(load.memory_growth(Path(sys.argv[1])), sys.stdout)"
    )
    command = [sys.executable, "-c", code, str(folder)]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(json.loads(ended.stdout))


def _peak_bytes() -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def _row(name: str, value: float, unit: str, budget: float) -> Measured:
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "budget": round(budget, 3),
        "met": value <= budget,
    }
