"""Writes a phantom as a DICOM series with the tag habits of a vendor.

It serves the demo study and tests; what it writes passes dciodvfy without an error. The UIDs
follow from the seed, so that the same phantom is always the same series.

Source: PS3.3 A.3 (CT Image IOD), A.4 (MR Image IOD), PS3.5 B.2 (UUID-derived UIDs, 2.25).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import (
    CTImageStorage,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    MRImageStorage,
)

from workstation.core.geometry import StackGeometry
from workstation.core.identity import PatientIdentity

GE_PADDING = -2000
"""Stored value GE writes outside the reconstruction circle, as Pixel Padding Value."""

STUDY_DATE, STUDY_TIME = "20250602", "091500"
"""A fixed moment, so that the same phantom gives the same bytes."""

IMPLEMENTATION_UID = "2.25.262214283957384839182273190273645581223"
"""Names the writer in the file meta information; derived from a UUID made once."""


class Vendor(Enum):
    """Whose tag habits a series has; the value is Manufacturer (0008,0070)."""

    GE = "GE MEDICAL SYSTEMS"
    PHILIPS = "Philips"
    SIEMENS = "SIEMENS"
    CANON = "CANON_MEC"


class ScannedPhantom(Protocol):
    """What a phantom must tell to be written (inference.phantoms.phantom.Phantom does).

    Attributes:
        voxels: [k, j, i] HU (CT) or signal 0..4095 (MR).
        geometry: where each slice is.
        modality: ``CT`` or ``MR``.
        body_part: Body Part Examined.
        contrast: CT kernel (``smooth``, ``standard``, ``sharp``) or MR weighting.
        thickness_mm: Slice Thickness.
    """

    @property
    def voxels(self) -> NDArray[Any]: ...  # noqa: D102
    @property
    def geometry(self) -> StackGeometry: ...  # noqa: D102
    @property
    def modality(self) -> str: ...  # noqa: D102
    @property
    def body_part(self) -> str: ...  # noqa: D102
    @property
    def contrast(self) -> str: ...  # noqa: D102
    @property
    def thickness_mm(self) -> float: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class _Habits:
    """How a vendor writes a CT: model, number format, kernels, order of slices."""

    model: str
    is_signed: bool
    bits_stored: int
    intercept: int
    kernels: dict[str, str]
    is_implicit: bool = False
    has_description: bool = True
    is_head_first: bool = False
    windows: tuple[tuple[int, int], ...] = ((40, 400),)


_HABITS = {
    Vendor.GE: _Habits(
        "Revolution CT",
        True,
        16,
        -1024,
        {"smooth": "SOFT", "standard": "STANDARD", "sharp": "LUNG"},
    ),
    Vendor.PHILIPS: _Habits(
        "iCT 256",
        False,
        12,
        -1024,
        {"smooth": "A", "standard": "B", "sharp": "YB"},
        is_implicit=True,
        has_description=False,
        is_head_first=True,
    ),
    Vendor.SIEMENS: _Habits(
        "SOMATOM Force",
        False,
        12,
        -1024,
        {"smooth": "Br36d", "standard": "Br40d", "sharp": "Bl57d"},
        windows=((40, 400), (-600, 1500)),
    ),
    Vendor.CANON: _Habits(
        "Aquilion ONE", True, 16, 0, {"smooth": "FC08", "standard": "FC18", "sharp": "FC51"},
        is_head_first=True,
    ),
}  # fmt: skip

_SEQUENCES: dict[str, dict[str, Any]] = {
    "T1": {
        "ScanningSequence": ["GR", "IR"], "SequenceVariant": ["SP", "MP"],
        "MRAcquisitionType": "3D", "RepetitionTime": "2300", "EchoTime": "2.9",
        "InversionTime": "900", "FlipAngle": "9", "EchoTrainLength": "1",
    },
    "T2": {
        "ScanningSequence": "SE", "SequenceVariant": "SK", "MRAcquisitionType": "2D",
        "RepetitionTime": "5200", "EchoTime": "98", "FlipAngle": "150", "EchoTrainLength": "15",
    },
    "FLAIR": {
        "ScanningSequence": ["SE", "IR"], "SequenceVariant": "SK", "MRAcquisitionType": "2D",
        "RepetitionTime": "9000", "EchoTime": "92", "InversionTime": "2500",
        "FlipAngle": "150", "EchoTrainLength": "16",
    },
}  # fmt: skip


def write_series(
    phantom: ScannedPhantom,
    folder: Path,
    *,
    patient: PatientIdentity,
    vendor: Vendor,
    description: str,
    seed: int,
) -> list[Path]:
    """Write a phantom as one series and return its files in the order of the slices (k).

    Series of one patient with one seed belong to one study and frame of reference.

    Args:
        phantom: what to write.
        folder: made if absent.
        patient: who it is said to be.
        vendor: whose habits to follow. GE sets pixels outside the reconstruction circle to
            its padding value.
        description: Series Description; Philips' CT habit leaves it out of the series.
        seed: the UIDs follow from it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    uids = _Uids.of(phantom, patient, vendor, f"{seed}|{description}")
    count = phantom.geometry.shape_kji[0]
    habits = _HABITS[vendor]
    files = []
    for k in range(count):
        number = count - k if habits.is_head_first else k + 1
        file = folder / f"IM{number:05d}.dcm"
        dataset = _dataset(phantom, k, vendor, uids, number)
        _patient(dataset, patient)
        if habits.has_description or phantom.modality != "CT":
            dataset.SeriesDescription = description
        dataset.StudyDescription = f"{phantom.modality} {phantom.body_part}".strip()
        dataset.save_as(file, enforce_file_format=True)
        files.append(file)
    return files


def derived_uid(*parts: str) -> str:
    """Return the UID that follows from some text (PS3.5 B.2)."""
    digest = hashlib.sha256("|".join(parts).encode()).digest()
    return f"2.25.{int.from_bytes(digest[:16], 'big')}"


@dataclass(frozen=True, slots=True)
class _Uids:
    study: str
    series: str
    frame: str

    @classmethod
    def of(
        cls, phantom: ScannedPhantom, patient: PatientIdentity, vendor: Vendor, key: str
    ) -> _Uids:
        seed = key.split("|", 1)[0]
        who = patient.patient_id.reveal()
        series = derived_uid("series", who, key, vendor.value, phantom.modality, phantom.contrast)
        frame = derived_uid("frame", who, seed, phantom.geometry.frame_of_reference_uid)
        return cls(derived_uid("study", who, seed), series, frame)


def _dataset(
    phantom: ScannedPhantom, k: int, vendor: Vendor, uids: _Uids, number: int
) -> FileDataset:
    is_ct = phantom.modality == "CT"
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CTImageStorage if is_ct else MRImageStorage
    meta.MediaStorageSOPInstanceUID = derived_uid("instance", uids.series, str(number))
    implicit = _HABITS[vendor].is_implicit and is_ct
    meta.TransferSyntaxUID = ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian
    meta.ImplementationClassUID = IMPLEMENTATION_UID
    meta.ImplementationVersionName = "PRELIM_PHANTOM"
    dataset = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SOPClassUID = meta.MediaStorageSOPClassUID
    dataset.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    _study_and_series(dataset, phantom, uids, vendor)
    dataset.InstanceNumber = number
    _plane(dataset, phantom, k)
    if is_ct:
        _ct_image(dataset, phantom, k, vendor)
    else:
        _mr_image(dataset, phantom, k)
    return dataset


def _study_and_series(
    dataset: Dataset, phantom: ScannedPhantom, uids: _Uids, vendor: Vendor
) -> None:
    dataset.StudyDate = dataset.SeriesDate = dataset.ContentDate = STUDY_DATE
    dataset.AcquisitionDate = STUDY_DATE
    dataset.StudyTime = dataset.SeriesTime = dataset.ContentTime = STUDY_TIME
    dataset.AcquisitionTime = STUDY_TIME
    dataset.AccessionNumber = ""
    dataset.ReferringPhysicianName = ""
    dataset.StudyID = "1"
    dataset.StudyInstanceUID = uids.study
    dataset.SeriesInstanceUID = uids.series
    dataset.FrameOfReferenceUID = uids.frame
    dataset.PositionReferenceIndicator = ""
    dataset.Modality = phantom.modality
    dataset.SeriesNumber = {"T1": 2, "T2": 3, "FLAIR": 4}.get(phantom.contrast, 2)
    dataset.AcquisitionNumber = 1
    dataset.Manufacturer = vendor.value
    dataset.ManufacturerModelName = (
        _HABITS[vendor].model if phantom.modality == "CT" else "Phantom MR"
    )
    dataset.DeviceSerialNumber = "0"
    dataset.SoftwareVersions = "phantom 1"
    dataset.PatientPosition = "HFS"
    if phantom.body_part:
        dataset.BodyPartExamined = phantom.body_part


def _patient(dataset: Dataset, patient: PatientIdentity) -> None:
    dataset.PatientName = patient.name.reveal()
    dataset.PatientID = patient.patient_id.reveal()
    dataset.PatientBirthDate = patient.birth_date.reveal()
    dataset.PatientSex = patient.sex
    if patient.age:
        dataset.PatientAge = patient.age


def _plane(dataset: Dataset, phantom: ScannedPhantom, k: int) -> None:
    stack = phantom.geometry
    position = stack.positions_mm[k]
    dataset.ImagePositionPatient = [_ds(v) for v in position]
    dataset.ImageOrientationPatient = [_ds(v) for v in (*stack.row_cosines, *stack.column_cosines)]
    dataset.PixelSpacing = [_ds(stack.spacing_ij_mm[1]), _ds(stack.spacing_ij_mm[0])]
    dataset.SliceThickness = _ds(phantom.thickness_mm)
    dataset.SliceLocation = _ds(float(position @ stack.normal))
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.Rows, dataset.Columns = stack.shape_kji[1], stack.shape_kji[2]
    dataset.BitsAllocated = 16


def _ct_image(dataset: Dataset, phantom: ScannedPhantom, k: int, vendor: Vendor) -> None:
    habits = _HABITS[vendor]
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.KVP = "120"
    dataset.XRayTubeCurrent = 220
    dataset.ExposureTime = 500
    dataset.ConvolutionKernel = habits.kernels.get(phantom.contrast, "STANDARD")
    tilt = phantom.geometry.tilt_deg
    dataset.GantryDetectorTilt = _ds(round(tilt, 2))
    dataset.ReconstructionDiameter = _ds(
        phantom.geometry.spacing_ij_mm[0] * phantom.geometry.shape_kji[2]
    )
    dataset.RescaleIntercept = str(habits.intercept)
    dataset.RescaleSlope = "1"
    dataset.RescaleType = "HU"
    centers, widths = zip(*habits.windows, strict=True)
    dataset.WindowCenter, dataset.WindowWidth = list(centers), list(widths)
    stored = phantom.voxels[k].astype(np.int32) - habits.intercept
    if habits.is_signed:
        stored = np.clip(stored, -32768, 32767)
    else:
        stored = np.clip(stored, 0, 2**habits.bits_stored - 1)
    if vendor is Vendor.GE:
        stored[_outside_circle(phantom.geometry)] = GE_PADDING
    _pixels(dataset, stored, bits_stored=habits.bits_stored, is_signed=habits.is_signed)
    if vendor is Vendor.GE:
        dataset.PixelPaddingValue = GE_PADDING


def _mr_image(dataset: Dataset, phantom: ScannedPhantom, k: int) -> None:
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "OTHER"]
    dataset.ScanOptions = ""
    dataset.MagneticFieldStrength = "3"
    for keyword, value in _SEQUENCES.get(phantom.contrast, _SEQUENCES["T1"]).items():
        setattr(dataset, keyword, value)
    dataset.ProtocolName = phantom.contrast
    stored = np.clip(phantom.voxels[k].astype(np.int32), 0, 4095)
    top = int(np.percentile(phantom.voxels[k], 99.5)) + 1
    dataset.WindowCenter, dataset.WindowWidth = str(top // 2), str(max(top, 2))
    _pixels(dataset, stored, bits_stored=12, is_signed=False)


def _pixels(
    dataset: Dataset, stored: NDArray[np.int32], *, bits_stored: int, is_signed: bool
) -> None:
    dataset.BitsStored = bits_stored
    dataset.HighBit = bits_stored - 1
    dataset.PixelRepresentation = int(is_signed)
    kind = np.dtype("<i2") if is_signed else np.dtype("<u2")
    dataset.add_new("PixelData", "OW", stored.astype(kind).tobytes())


def _outside_circle(stack: StackGeometry) -> NDArray[np.bool_]:
    rows, columns = stack.shape_kji[1:]
    j = (np.arange(rows) - (rows - 1) / 2) / (rows / 2)
    i = (np.arange(columns) - (columns - 1) / 2) / (columns / 2)
    return np.asarray(j[:, None] ** 2 + i[None, :] ** 2 > 1)


def _ds(value: float) -> str:
    """Return a number as a decimal string of at most 16 characters (PS3.5 6.2)."""
    text = f"{float(value):.10g}"
    return text if len(text) <= 16 else f"{float(value):.8e}"
