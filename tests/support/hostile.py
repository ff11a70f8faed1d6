"""DICOM files as a hostile acceptance tester writes them: pydicom only, nothing of ours.

Every image is of the canary patient. What an attribute is set to is what the file says, legal or
not; ``None`` leaves it out.
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

from tests.support.canary import CANARY, CANARY_ID
from workstation.core.volume import Volume
from workstation.services.import_studies import (
    ImportedSeries,
    ImportResult,
    NothingToShowError,
    import_paths,
)
from workstation.services.inspect_series import inspect
from workstation.services.open_series import load_series

STUDY, SERIES, REFERENCE = "2.25.4001", "2.25.4002", "2.25.4003"
SPACING_IJ = (0.5, 0.8)
"""Between columns, between rows: never the same, so that an exchange shows."""


def field(*, rows: int = 10, columns: int = 14, seed: int = 0) -> NDArray[np.uint16]:
    """Return stored values of 12 bits, all different from slice to slice."""
    return np.random.default_rng(seed).integers(0, 4096, (rows, columns)).astype(np.uint16)


def picture(
    number: int = 1,
    z_mm: float | None = None,
    stored: NDArray[Any] | None = None,
    **attributes: object,
) -> Dataset:
    """Return an axial CT slice at (-3, -4, z).

    Args:
        number: Instance Number, and the seed of its pixels.
        z_mm: third value of Image Position; the number where it is left out.
        stored: stored values; 12 bits in unsigned words where they are left out.
        attributes: others by keyword; None leaves one out.
    """
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.SOPClassUID, data.SOPInstanceUID = CTImageStorage, generate_uid()
    data.StudyInstanceUID, data.SeriesInstanceUID = STUDY, SERIES
    data.PatientName, data.PatientID, data.Modality = CANARY, CANARY_ID, "CT"
    data.FrameOfReferenceUID, data.InstanceNumber, data.SeriesNumber = REFERENCE, number, 3
    data.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    data.ImagePositionPatient = [-3, -4, number if z_mm is None else z_mm]
    data.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    data.PixelSpacing, data.SliceThickness = [SPACING_IJ[1], SPACING_IJ[0]], 1
    data.RescaleSlope, data.RescaleIntercept = 1, -1024
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    store(data, field(seed=number) if stored is None else stored)
    return change(data, **attributes)


def store(data: Dataset, stored: NDArray[Any], *, bits_stored: int = 0) -> None:
    """Put stored values in, (rows, columns) or (frames, rows, columns), with their bits."""
    bits = stored.dtype.itemsize * 8
    data.Rows, data.Columns = stored.shape[-2:]
    data.BitsAllocated = bits
    data.BitsStored = bits_stored or bits
    data.HighBit = data.BitsStored - 1
    data.PixelRepresentation = int(stored.dtype.kind == "i")
    raw = stored.tobytes()
    data.PixelData = raw + b"\0" * (len(raw) % 2)
    data["PixelData"].VR = "OW" if bits > 8 else "OB"


def change(data: Dataset, **attributes: object) -> Dataset:
    """Set attributes as they are given, legal or not; None leaves one out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for keyword, value in attributes.items():
            if value is None:
                if keyword in data:
                    delattr(data, keyword)
            else:
                setattr(data, keyword, value)
    return data


def group(**attributes: object) -> list[Dataset]:
    """Return a sequence of one item."""
    return [change(Dataset(), **attributes)]


def write(folder: Path, data: Iterable[Dataset], *, is_backwards: bool = True) -> Path:
    """Write files named in the reverse of their order (or not); return the folder."""
    every = list(data)
    folder.mkdir(parents=True, exist_ok=True)
    for index, one in enumerate(every):
        number = len(every) - index if is_backwards else index
        write_one(folder / f"IM{number:04d}", one)
    return folder


def write_one(path: Path, data: Dataset) -> Path:
    """Write one file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pydicom.dcmwrite(path, data, enforce_file_format=True)
    return path


def element(tag: int, vr: str, value: bytes, *, claimed: int | None = None) -> bytes:
    """Return an explicit little endian element, perhaps with a length that lies."""
    head = struct.pack("<HH", tag >> 16, tag & 0xFFFF) + vr.encode()
    length = len(value) if claimed is None else claimed
    if vr in {"OB", "OW", "OF", "SQ", "UN", "UT", "UC", "UR"}:
        return head + b"\0\0" + struct.pack("<I", length) + value
    return head + struct.pack("<H", length) + value


def insert(path: Path, before: int, raw: bytes) -> Path:
    """Put bytes into a file in front of its first element of a group (or of the end)."""
    data = path.read_bytes()
    mark = struct.pack("<HH", before >> 16, before & 0xFFFF)
    place = data.find(mark, 132)
    path.write_bytes(data[:place] + raw + data[place:])
    return path


def told(folder: Path) -> dict[str, Any]:
    """Return what ``prelim inspect --json`` says of a folder."""
    answer: dict[str, Any] = inspect([folder])
    return answer


def refusal_of(folder: Path) -> NothingToShowError | None:
    """Return why nothing of a folder can be shown; None where something can."""
    try:
        inspect([folder])
    except NothingToShowError as refusal:
        return refusal
    return None


def verdict_of(folder: Path) -> dict[str, Any]:
    """Return the verdict of the only series of a folder."""
    answer = told(folder)
    assert len(answer["series"]) == 1, [one["uid"] for one in answer["series"]]
    one: dict[str, Any] = answer["series"][0]
    return one


def codes(verdict: dict[str, Any]) -> set[str]:
    """Return the codes of the warnings of a verdict."""
    return {warning["code"] for warning in verdict["warnings"]}


def taken(folder: Path) -> ImportResult:
    """Return what was taken in of a folder."""
    return import_paths([folder])


def series_of(folder: Path) -> ImportedSeries:
    """Return the only series with images of a folder."""
    (series,) = taken(folder).all_series
    return series


def volume_of(folder: Path) -> Volume:
    """Return the only display set of a folder, loaded."""
    (one,) = series_of(folder).display_sets
    return load_series(one)
