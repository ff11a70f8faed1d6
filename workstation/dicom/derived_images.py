r"""Writing enhanced voxels as a derived series that any PACS can tell from the original.

New series and instance UIDs, ``DERIVED\SECONDARY``, what was done in words and codes, every source
image named; geometry, frame of reference, acquisition and lossy history as in the source headers.
Source: PS3.3 C.7.6.1.1.2 (Image Type), C.7.6.1.1.3 (derivation), C.7.5.2 (contributing equipment),
C.8.2.1 (CT Image); PS3.16 CID 7203 (Image Derivation), CID 7202 (Source Image Purposes).
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.datadict import dictionary_has_tag, dictionary_is_retired
from pydicom.dataset import FileMetaDataset
from pydicom.sr.codedict import codes
from pydicom.uid import (
    JPEG2000,
    CTImageStorage,
    ExplicitVRLittleEndian,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLSNearLossless,
    MRImageStorage,
    generate_uid,
)

from workstation.core.errors import InputRefusedError
from workstation.core.intensity import Padding
from workstation.core.provenance import PackRef
from workstation.dicom.derived_header import mend
from workstation.dicom.headers import HeaderError, read_reference_header

CLASSIC_CLASSES = frozenset({CTImageStorage, MRImageStorage})
"""SOP classes with one image per instance, of which a derived copy is written."""

LOSSY_SYNTAXES = frozenset({JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLSNearLossless, JPEG2000})
"""Transfer syntaxes that lose information, whatever the header says of it (PS3.5 10.6 ff.)."""

NOT_COPIED = (
    "SmallestImagePixelValue",
    "LargestImagePixelValue",
    "SmallestPixelValueInSeries",
    "LargestPixelValueInSeries",
    "PixelPaddingValue",
    "PixelPaddingRangeLimit",
    "ModalityLUTSequence",
    "VOILUTSequence",
    "RedPaletteColorLookupTableDescriptor",
    "GreenPaletteColorLookupTableDescriptor",
    "BluePaletteColorLookupTableDescriptor",
    "RedPaletteColorLookupTableData",
    "GreenPaletteColorLookupTableData",
    "BluePaletteColorLookupTableData",
    "IconImageSequence",
    "DigitalSignaturesSequence",
    "MACParametersSequence",
    "ReferencedImageEvidenceSequence",
    "DerivationDescription",
    "DerivationCodeSequence",
    "SourceImageSequence",
    "ImageComments",
    "InstanceCreatorUID",
    "RescaleIntercept",
    "RescaleSlope",
    "RescaleType",
)
"""Attributes of a source that are not true of its derived image."""

PAIRED_PARTS = frozenset(
    (
        "ANKLE",
        "ARM",
        "BREAST",
        "CLAVICLE",
        "ELBOW",
        "EXTREMITY",
        "EYE",
        "FEMUR",
        "FINGER",
        "FOOT",
        "FOREARM",
        "HAND",
        "HIP",
        "HUMERUS",
        "KIDNEY",
        "KNEE",
        "LEG",
        "LUNG",
        "SCAPULA",
        "SHOULDER",
        "THIGH",
        "THUMB",
        "TOE",
        "WRIST",
        "ZYGOMA",
    )
)
"""Body parts of which there are two: their Laterality is Type 2C (PS3.3 C.7.3.1, PS3.16 L)."""

SERIES_NUMBER_OFFSET = 9000
"""Added to the source's series number, so that derived series sort last."""

MAX_LO = 64
"""Longest Long String (PS3.5 6.2)."""

INT16 = np.iinfo(np.int16)


@dataclass(frozen=True, slots=True)
class Derivation:
    """What was done to the pixels.

    Attributes:
        is_resampling: new slice positions; else smoothing on the old ones.
        pack: the model pack.
        title: short clause for the series description ("less noise").
        strength: share of the model's result, 0..1.
        sigma: noise of the source, in its unit; 0 if it played no part.
        unit: that unit.
        provider: execution provider that ran the model.
        slices_left_original: slices that the model's result was not used for.
    """

    is_resampling: bool
    pack: PackRef
    title: str
    strength: float
    sigma: float
    unit: str
    provider: str
    slices_left_original: int = 0

    def description(self, program: str) -> str:
        """Return Derivation Description (0008,2111): all that is needed to judge or repeat it."""
        parts = [
            f"AI-derived: {self.title}, not for sole diagnosis",
            f"{program}, model pack {self.pack}, sha256 {self.pack.digest}",
            f"strength {self.strength:.2f}",
            f"source noise {self.sigma:.1f} {self.unit}",
            f"computed by {self.provider}",
        ]
        if self.slices_left_original:
            parts.append(f"{self.slices_left_original} slices left as the original")
        return "; ".join(parts)


@dataclass(frozen=True, slots=True, eq=False)
class DerivedSlice:
    """One slice to be written.

    Attributes:
        voxels: ``[j, i]`` in the unit of the volume, int16 or float32.
        position_mm: (3,) centre of its first voxel, LPS.
        header: file whose header it inherits.
        sources: files of every slice that went into it, ``header`` among them.
    """

    voxels: NDArray[Any]
    position_mm: NDArray[np.float64]
    header: Path
    sources: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class DerivedSeries:
    """A series to be written, but for its slices.

    Attributes:
        derivation: what was done.
        thickness_mm: new Slice Thickness and spacing; None keeps the source's.
        padding: value or range outside the scanned field; None if there is none.
        program: name and version of this program.
        now: present time, aware.
    """

    derivation: Derivation
    thickness_mm: float | None
    padding: Padding
    program: str
    now: datetime


def write_derived_series(
    series: DerivedSeries, slices: Sequence[DerivedSlice], folder: Path
) -> tuple[Path, ...]:
    """Write the slices as one new series into a folder and return the files in their order.

    The series appears whole or not at all, and never in the place of another file.

    Raises:
        InputRefusedError: a source header is gone, or is of a class no derived copy is written
            of, or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".prelim-") as part:
            written = _written(series, slices, Path(part))
            return tuple(
                path.rename(place)
                for path, place in zip(written, _places(folder, len(written)), strict=True)
            )
    except OSError as error:
        raise InputRefusedError(
            "The derived series cannot be written",
            why=error.strerror or "the folder cannot be written",
            todo="Free space or choose another folder",
        ) from error


def check_source(path: Path) -> None:
    """Refuse a source image of which no derived copy can be written, before any work is done.

    Raises:
        InputRefusedError: its header is gone, or it is of another class.
    """
    _source_header(path)


def _places(folder: Path, count: int) -> list[Path]:
    """Return names that no file has: 00001.dcm and on, or 2-00001.dcm and on ..."""
    places: list[Path] = []
    for turn in itertools.count(1):
        prefix = "" if turn == 1 else f"{turn}-"
        places = [folder / f"{prefix}{number:05d}.dcm" for number in range(1, count + 1)]
        if not any(place.exists() for place in places):
            break
    return places


def _written(
    series: DerivedSeries, slices: Sequence[DerivedSlice], folder: Path
) -> tuple[Path, ...]:
    headers = _Headers()
    series_uid = generate_uid(prefix=None)
    scale = _scale(slices)
    written = []
    for number, piece in enumerate(slices, start=1):
        dataset = _dataset(series, piece, headers, series_uid=series_uid)
        dataset.InstanceNumber = number
        _set_pixels(dataset, piece.voxels, scale, series.padding)
        path = folder / f"{number:05d}.dcm"
        dataset.save_as(path, enforce_file_format=True)
        written.append(path)
    return tuple(written)


class _Headers:
    """Source headers, each read once; a slice is named by its neighbours too."""

    def __init__(self) -> None:
        self._read: dict[Path, Dataset] = {}

    def get(self, path: Path) -> Dataset:
        if path not in self._read:
            self._read[path] = _source_header(path)
        return self._read[path]


def _source_header(path: Path) -> Dataset:
    try:
        header = read_reference_header(path)
    except HeaderError as error:
        raise InputRefusedError(
            "The derived series cannot be written", why=f"of a source image, {error}"
        ) from error
    if header.get("SOPClassUID") not in CLASSIC_CLASSES:
        raise InputRefusedError(
            "The derived series cannot be written",
            why="its source is not a series of single CT or MR images",
            todo="Enhance it on screen, or use a series of single images",
        )
    return header


def _dataset(
    series: DerivedSeries, piece: DerivedSlice, headers: _Headers, *, series_uid: str
) -> Dataset:
    source = headers.get(piece.header)
    dataset = _copied(source)
    dataset.SOPInstanceUID = generate_uid(prefix=None)
    dataset.SeriesInstanceUID = series_uid
    _describe_series(dataset, source, series)
    _describe_image(dataset, source, series)
    dataset.SourceImageSequence = [
        _source_item(headers.get(path), is_same_place=_is_same_place(path, piece, series))
        for path in piece.sources
    ]
    dataset.ImagePositionPatient = [_decimal(value) for value in piece.position_mm]
    if series.thickness_mm is not None:
        dataset.SliceThickness = _decimal(series.thickness_mm)
        dataset.SpacingBetweenSlices = _decimal(series.thickness_mm)
        dataset.pop("SliceLocation", None)
    mend(dataset)
    dataset.file_meta = _file_meta(dataset)
    return dataset


def _copied(source: Dataset) -> Dataset:
    """Return the elements of a source header that hold for its derived image as well."""
    dataset = Dataset()
    for element in source:
        group = element.tag.group
        is_graphic = 0x5000 <= group <= 0x50FF or 0x6000 <= group <= 0x60FF
        if element.tag.is_private or is_graphic or group <= 0x0002 or group == 0xFFFA:
            continue
        is_retired = dictionary_has_tag(element.tag) and dictionary_is_retired(element.tag)
        if element.keyword not in NOT_COPIED and not is_retired:
            # A copy: setting a value would else change it in the source header as well.
            dataset.add(copy(element))
    return dataset


def _describe_series(dataset: Dataset, source: Dataset, series: DerivedSeries) -> None:
    derivation = series.derivation
    was = str(source.get("SeriesDescription", "") or "")
    text = f"AI-derived: {derivation.title} {derivation.strength:.0%}" + (
        f" of {was}" if was else ""
    )
    dataset.SeriesDescription = text[:MAX_LO]
    number = source.get("SeriesNumber")
    dataset.SeriesNumber = SERIES_NUMBER_OFFSET + int(number or 0) % SERIES_NUMBER_OFFSET
    dataset.SeriesDate = f"{series.now:%Y%m%d}"
    dataset.SeriesTime = f"{series.now:%H%M%S}"
    part = str(source.get("BodyPartExamined", "") or "")
    if part and part not in PAIRED_PARTS and not dataset.get("Laterality"):
        dataset.pop("Laterality", None)
    is_open = "Laterality" not in dataset and "ImageLaterality" not in dataset
    if is_open and (not part or part in PAIRED_PARTS):
        dataset.Laterality = ""


def _describe_image(dataset: Dataset, source: Dataset, series: DerivedSeries) -> None:
    derivation = series.derivation
    kind = [str(value) for value in source.get("ImageType", [])][2:]
    usual = "AXIAL" if dataset.SOPClassUID == CTImageStorage else "OTHER"
    dataset.ImageType = ["DERIVED", "SECONDARY", *(kind or [usual])]
    dataset.DerivationDescription = derivation.description(series.program)
    done = codes.DCM.SpatialResampling if derivation.is_resampling else codes.DCM.Smoothing
    dataset.DerivationCodeSequence = [_code(done)]
    dataset.ContributingEquipmentSequence = [
        *source.get("ContributingEquipmentSequence", []),
        _equipment(series),
    ]
    for keyword in ("InstanceCreation", "Content"):
        setattr(dataset, f"{keyword}Date", f"{series.now:%Y%m%d}")
        setattr(dataset, f"{keyword}Time", f"{series.now:%H%M%S}")
    meta = getattr(source, "file_meta", Dataset())
    if meta.get("TransferSyntaxUID") in LOSSY_SYNTAXES:
        dataset.LossyImageCompression = "01"


def _equipment(series: DerivedSeries) -> Dataset:
    item = Dataset()
    item.PurposeOfReferenceCodeSequence = [_code(codes.DCM.ProcessingEquipment)]
    item.Manufacturer = "Prelim"
    item.ManufacturerModelName = series.derivation.pack.pack_id
    item.SoftwareVersions = [series.program, str(series.derivation.pack)]
    item.ContributionDateTime = f"{series.now:%Y%m%d%H%M%S%z}"
    item.ContributionDescription = "Image processing by a model; not a cleared medical device"
    return item


def _is_same_place(path: Path, piece: DerivedSlice, series: DerivedSeries) -> bool:
    return path == piece.header and not series.derivation.is_resampling


def _source_item(source: Dataset, *, is_same_place: bool) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = source.SOPClassUID
    item.ReferencedSOPInstanceUID = source.SOPInstanceUID
    item.PurposeOfReferenceCodeSequence = [_code(codes.DCM.SourceImageForImageProcessingOperation)]
    item.SpatialLocationsPreserved = "YES" if is_same_place else "NO"
    return item


def _code(code: Any) -> Dataset:  # noqa: ANN401 - pydicom's code values have no public type
    item = Dataset()
    item.CodeValue = code.value
    item.CodingSchemeDesignator = code.scheme_designator
    item.CodeMeaning = code.meaning
    return item


def _scale(slices: Sequence[DerivedSlice]) -> tuple[float, float]:
    """Return slope and intercept that hold every voxel of the series in 16 bits.

    Whole numbers are stored as they are. Others share one slope, so that a step is the same in
    every slice; it is 1/65,000 of their range.
    """
    if all(np.issubdtype(piece.voxels.dtype, np.integer) for piece in slices):
        return 1.0, 0.0
    low = min(float(piece.voxels.min()) for piece in slices)
    high = max(float(piece.voxels.max()) for piece in slices)
    slope = float(f"{max((high - low) / 65000, 1e-9):.9g}")
    return slope, float(f"{(low + high) / 2:.9g}")


def _set_pixels(
    dataset: Dataset, voxels: NDArray[Any], scale: tuple[float, float], padding: Padding
) -> None:
    slope, intercept = scale
    stored = np.rint((voxels.astype(np.float64) - intercept) / slope)
    stored = np.clip(stored, INT16.min, INT16.max).astype("<i2")
    dataset.Rows, dataset.Columns = stored.shape
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = dataset.get("PhotometricInterpretation", "MONOCHROME2")
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit = 15
    dataset.PixelRepresentation = 1
    is_ct = dataset.SOPClassUID == CTImageStorage
    if is_ct or scale != (1.0, 0.0):
        dataset.RescaleSlope, dataset.RescaleIntercept = f"{slope:.10g}", f"{intercept:.10g}"
        dataset.RescaleType = "HU" if is_ct else "US"
    _set_padding(dataset, [round((end - intercept) / slope) for end in _ends(padding)])
    dataset.add_new("PixelData", "OW", stored.tobytes())


def _ends(padding: Padding) -> tuple[float, ...]:
    if padding is None:
        return ()
    return padding if isinstance(padding, tuple) else (padding,)


def _set_padding(dataset: Dataset, stored: list[int]) -> None:
    """Mark what lies outside the scanned field, by a value or a range; PS3.3 C.7.5.1.1.2."""
    tags = ("PixelPaddingValue", "PixelPaddingRangeLimit")
    if all(INT16.min <= end <= INT16.max for end in stored):
        for tag, end in zip(tags, stored, strict=False):
            dataset.add_new(tag, "SS", end)


def _decimal(value: float) -> str:
    """Return a Decimal String of at most 16 characters (PS3.5 6.2)."""
    return f"{value:.10g}"[:16] if abs(value) >= 1e-4 else "0"


def _file_meta(dataset: Dataset) -> FileMetaDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return meta
