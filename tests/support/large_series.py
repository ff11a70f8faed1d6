"""CT series of the size that clinics make, with noise, for benchmarks and limits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian, generate_uid

from tests.support.canary import CANARY, CANARY_ID

SIZE = 512
INTERCEPT = -1024


def noisy_plane(size: int = SIZE) -> NDArray[np.uint16]:
    """Return stored values of a slice: a soft-tissue ellipse in air with scanner-like noise.

    Its entropy is like that of a real CT slice: lossless codecs halve it, and no more.
    """
    random = np.random.default_rng(1)
    j, i = np.indices((size, size)) / size - 0.5
    body = np.where((i / 0.42) ** 2 + (j / 0.33) ** 2 < 1, 1064.0, 24.0)
    smooth = 60 * np.sin(12 * i) * np.cos(9 * j) * (body > 1000)
    noise = random.normal(0, np.where(body > 1000, 14, 6))
    plane: NDArray[np.uint16] = np.clip(body + smooth + noise, 0, 4095).astype(np.uint16)
    return plane


def stored_slice(base: NDArray[np.uint16], number: int) -> NDArray[np.uint16]:
    """Return the stored values of slice ``number`` (from 1): the plane moved down by so many."""
    return np.roll(base, number, axis=0)


def write_ct(
    folder: Path, slices: int, *, size: int = SIZE, syntax: str = ExplicitVRLittleEndian
) -> int:
    """Write a CT, 12 bits stored of 16, slope 1, intercept -1024; return its pixel bytes.

    Args:
        folder: where to; made if it is not there.
        slices: how many, 1.25 mm apart; their files are named against their order.
        size: rows and columns.
        syntax: transfer syntax; a compressed one is encoded by pydicom's own encoders.
    """
    folder.mkdir(parents=True, exist_ok=True)
    base = noisy_plane(size)
    uids = [generate_uid() for _ in range(3)]
    for number in range(1, slices + 1):
        data = _slice(number, uids, stored_slice(base, number))
        if syntax != ExplicitVRLittleEndian:
            data.compress(UID(syntax), generate_instance_uid=False)
        path = folder / f"{slices - number:05d}.dcm"
        pydicom.dcmwrite(path, data, enforce_file_format=True)
    return slices * size * size * 2


def _slice(number: int, uids: list[Any], stored: NDArray[np.uint16]) -> Dataset:
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.SOPClassUID = data.file_meta.MediaStorageSOPClassUID = CTImageStorage
    data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    data.StudyInstanceUID, data.SeriesInstanceUID, data.FrameOfReferenceUID = uids
    data.PatientName, data.PatientID = CANARY, CANARY_ID
    data.Modality, data.InstanceNumber = "CT", number
    data.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    data.ImagePositionPatient = [-200, -200, number * 1.25]
    data.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    data.PixelSpacing, data.SliceThickness = [0.78, 0.78], 1.25
    data.RescaleSlope, data.RescaleIntercept = 1, INTERCEPT
    data.Rows, data.Columns = stored.shape
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit = 16, 12, 11
    data.PixelRepresentation = 0
    data.PixelData = stored.tobytes()
    return data
