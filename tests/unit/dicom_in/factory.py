"""Tiny DICOM series with known content, written by pydicom, whose word is the truth here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    CTImageStorage,
    EnhancedMRImageStorage,
    ExplicitVRLittleEndian,
    MRImageStorage,
    generate_uid,
)

from tests.support.canary import CANARY, CANARY_ID

STUDY_UID = "2.25.1001"
SERIES_UID = "2.25.1002"
ROWS, COLUMNS = 6, 5


def ramp(offset: int = 0, *, rows: int = ROWS, columns: int = COLUMNS) -> NDArray[np.int16]:
    """Return pixels that all differ: offset, offset + 1, ..."""
    values = np.arange(rows * columns, dtype=np.int16) + offset
    return values.reshape(rows, columns)


def image(
    number: int = 1,
    z_mm: float | None = None,
    pixels: NDArray[Any] | None = None,
    **attributes: object,
) -> Dataset:
    """Return an axial CT slice at (0, 0, z_mm); attributes of None are left out.

    Args:
        number: Instance Number.
        z_mm: place of the slice; None: number in millimeters.
        pixels: stored values; None: a ramp that begins at 100 x number.
        attributes: further or other attributes by keyword.
    """
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.SOPClassUID = CTImageStorage
    data.SOPInstanceUID = generate_uid()
    data.PatientName, data.PatientID = CANARY, CANARY_ID
    data.StudyInstanceUID, data.SeriesInstanceUID = STUDY_UID, SERIES_UID
    data.FrameOfReferenceUID = "2.25.1003"
    data.Modality, data.SeriesNumber, data.InstanceNumber = "CT", 1, number
    data.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    data.ImagePositionPatient = [0, 0, number if z_mm is None else z_mm]
    data.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    data.PixelSpacing, data.SliceThickness = [0.5, 0.25], 1
    data.RescaleSlope, data.RescaleIntercept = 1, -1000
    set_pixels(data, ramp(100 * number) if pixels is None else pixels)
    return edit(data, **attributes)


def edit(data: Dataset, **attributes: object) -> Dataset:
    """Set attributes by keyword; those of None are removed."""
    for keyword, value in attributes.items():
        if value is None:
            delattr(data, keyword)
        else:
            setattr(data, keyword, value)
    if data.Modality == "MR":
        data.SOPClassUID = MRImageStorage
    return data


def set_pixels(data: Dataset, pixels: NDArray[Any]) -> None:
    """Store gray or color pixels as they are, with the attributes that describe them."""
    data.Rows, data.Columns = pixels.shape[0], pixels.shape[1]
    data.SamplesPerPixel = 3 if pixels.ndim == 3 else 1
    data.PhotometricInterpretation = "RGB" if pixels.ndim == 3 else "MONOCHROME2"
    if pixels.ndim == 3:
        data.PlanarConfiguration = 0
    data.BitsAllocated = data.BitsStored = pixels.dtype.itemsize * 8
    data.HighBit = data.BitsStored - 1
    data.PixelRepresentation = int(pixels.dtype.kind == "i")
    data.PixelData = pixels.tobytes()
    data["PixelData"].VR = "OB" if pixels.dtype.itemsize == 1 else "OW"


def stack(count: int = 5, **attributes: object) -> list[Dataset]:
    """Return ``count`` slices 1 mm apart."""
    return [edit(image(number), **attributes) for number in range(1, count + 1)]


def save(data: Dataset, path: Path) -> Path:
    """Write one data set as a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
    data.save_as(path, enforce_file_format=True)
    return path


def save_all(datasets: list[Dataset], folder: Path) -> Path:
    """Write data sets as a.dcm, b.dcm ... in reverse order of their numbers; return the folder."""
    for index, data in enumerate(reversed(datasets)):
        save(data, folder / f"file{index:03d}.dcm")
    return folder


def enhanced(count: int = 4, **shared: object) -> Dataset:
    """Return an enhanced MR object whose frames are stored from head to foot, 2 mm apart.

    Frame f (from 0) lies at z = 2 x (count - 1 - f), has slope f + 1 and holds ramp(10 x f).
    """
    data = image(1, Modality="MR")
    data.SOPClassUID = EnhancedMRImageStorage
    for keyword in ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing"):
        delattr(data, keyword)
    del data.RescaleSlope, data.RescaleIntercept
    data.NumberOfFrames = count
    data.PixelData = b"".join(ramp(10 * frame).tobytes() for frame in range(count))
    data.SharedFunctionalGroupsSequence = Sequence([_shared(**shared)])
    data.PerFrameFunctionalGroupsSequence = Sequence(
        [_per_frame(frame, count) for frame in range(count)]
    )
    return data


def item(**attributes: object) -> Sequence:
    """Return a sequence of one item."""
    inner = Dataset()
    for keyword, value in attributes.items():
        setattr(inner, keyword, value)
    return Sequence([inner])


def _shared(**shared: object) -> Dataset:
    group = Dataset()
    group.PixelMeasuresSequence = item(PixelSpacing=[0.5, 0.25], SliceThickness=2)
    group.PlaneOrientationSequence = item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])
    group.PlanePositionSequence = item(ImagePositionPatient=[9, 9, 9])
    for keyword, value in shared.items():
        setattr(group, keyword, value)
    return group


def _per_frame(frame: int, count: int) -> Dataset:
    group = Dataset()
    group.PlanePositionSequence = item(ImagePositionPatient=[0, 0, 2 * (count - 1 - frame)])
    group.PixelValueTransformationSequence = item(
        RescaleSlope=frame + 1, RescaleIntercept=0, RescaleType="US"
    )
    group.FrameVOILUTSequence = item(WindowCenter=40 + frame, WindowWidth=400)
    return group
