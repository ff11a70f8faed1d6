"""What every derived image of ours says, whatever its class: what was done, by whom, of what.

Source: PS3.3 C.7.6.1.1.2 (Image Type), C.7.6.1.1.3 (derivation), C.7.5.2 (contributing equipment),
C.12.2 (Common Instance Reference); PS3.16 CID 7203 (Image Derivation), CID 7202 (Source Image
Purposes).
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from pathlib import Path
from typing import Any

from pydicom import Dataset
from pydicom.datadict import dictionary_has_tag, dictionary_is_retired
from pydicom.dataset import FileMetaDataset
from pydicom.sr.codedict import codes
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    ExplicitVRLittleEndian,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLSNearLossless,
)

from workstation.core.errors import InputRefusedError
from workstation.dicom.derived_values import DerivedSeries, DerivedSlice, SourceFrame
from workstation.dicom.headers import HeaderError, read_reference_header
from workstation.dicom.pixel_history import MAKER

LOSSY_SYNTAXES = frozenset({JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLSNearLossless})
"""Transfer syntaxes that lose information, whatever the header says of it (PS3.5 10.6 ff.)."""

MAYBE_LOSSY_SYNTAXES = frozenset({JPEG2000, HTJ2K})
"""Those that may lose information; without a word in the header they are taken to have done so."""

NOT_COPIED = (
    "SmallestImagePixelValue",
    "LargestImagePixelValue",
    "SmallestPixelValueInSeries",
    "LargestPixelValueInSeries",
    "PixelPaddingValue",
    "PixelPaddingRangeLimit",
    "ModalityLUTSequence",
    "VOILUTSequence",
    "RealWorldValueMappingSequence",
    "RedPaletteColorLookupTableDescriptor",
    "GreenPaletteColorLookupTableDescriptor",
    "BluePaletteColorLookupTableDescriptor",
    "RedPaletteColorLookupTableData",
    "GreenPaletteColorLookupTableData",
    "BluePaletteColorLookupTableData",
    "IconImageSequence",
    "DigitalSignaturesSequence",
    "MACParametersSequence",
    "DerivationDescription",
    "DerivationCodeSequence",
    "SourceImageSequence",
    "SourceImageEvidenceSequence",
    "ReferencedSeriesSequence",
    "ImageComments",
    "InstanceCreatorUID",
    "RescaleIntercept",
    "RescaleSlope",
    "RescaleType",
    "PlanarConfiguration",
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


class Headers:
    """Source headers, each read once; a slice is named by its neighbours too.

    Args:
        classes: SOP classes that are taken.
    """

    def __init__(self, classes: frozenset[str]) -> None:
        self._classes = classes
        self._read: dict[Path, Dataset] = {}

    def get(self, path: Path) -> Dataset:
        """Return a header without pixels.

        Raises:
            InputRefusedError: it is gone, or is of another class.
        """
        if path not in self._read:
            self._read[path] = self._source(path)
        return self._read[path]

    def _source(self, path: Path) -> Dataset:
        try:
            header = read_reference_header(path)
        except HeaderError as error:
            raise InputRefusedError(
                "The derived series cannot be written", why=f"of a source image, {error}"
            ) from error
        if header.get("SOPClassUID") not in self._classes:
            raise InputRefusedError(
                "The derived series cannot be written",
                why="its source is not a series of CT or MR images",
                todo="Enhance a series of CT or MR images",
            )
        return header


def copied(source: Dataset, *, left_out: Iterable[str] = ()) -> Dataset:
    """Return the elements of a source header that hold for its derived image as well."""
    dataset = Dataset()
    unwanted = {*NOT_COPIED, *left_out}
    for element in source:
        group = element.tag.group
        is_graphic = 0x5000 <= group <= 0x50FF or 0x6000 <= group <= 0x60FF
        if element.tag.is_private or is_graphic or group <= 0x0002 or group == 0xFFFA:
            continue
        is_retired = dictionary_has_tag(element.tag) and dictionary_is_retired(element.tag)
        if element.keyword not in unwanted and not is_retired:
            # A copy: setting a value would else change it in the source header as well.
            dataset.add(copy(element))
    return dataset


def describe_series(dataset: Dataset, source: Dataset, series: DerivedSeries) -> None:
    """Write what is said of the series as a whole."""
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


def describe_processing(dataset: Dataset, source: Dataset, series: DerivedSeries) -> None:
    """Write what did it and when, and that a loss of the source's compression stays."""
    dataset.ContributingEquipmentSequence = [
        *source.get("ContributingEquipmentSequence", []),
        _equipment(series),
    ]
    for keyword in ("InstanceCreation", "Content"):
        setattr(dataset, f"{keyword}Date", f"{series.now:%Y%m%d}")
        setattr(dataset, f"{keyword}Time", f"{series.now:%H%M%S}")
    syntax = getattr(source, "file_meta", Dataset()).get("TransferSyntaxUID")
    is_unsaid = not str(source.get("LossyImageCompression", "") or "")
    if syntax in LOSSY_SYNTAXES or (syntax in MAYBE_LOSSY_SYNTAXES and is_unsaid):
        dataset.LossyImageCompression = "01"


def derivation_codes(series: DerivedSeries) -> list[Dataset]:
    """Return Derivation Code Sequence."""
    is_resampling = series.derivation.is_resampling
    return [code(codes.DCM.SpatialResampling if is_resampling else codes.DCM.Smoothing)]


def source_items(piece: DerivedSlice, series: DerivedSeries, headers: Headers) -> list[Dataset]:
    """Return Source Image Sequence: every picture that a slice was made from."""
    items = []
    for source in piece.sources:
        is_same = source == piece.header and not series.derivation.is_resampling
        items.append(_source_item(headers.get(source.path), source, is_same_place=is_same))
    return items


def references_by_series(headers: Iterable[Dataset]) -> list[Dataset]:
    """Return series items that name every source image under its series, each once."""
    by_series: dict[str, dict[str, Dataset]] = {}
    for header in headers:
        images = by_series.setdefault(str(header.SeriesInstanceUID), {})
        images[str(header.SOPInstanceUID)] = header
    items = []
    for series_uid, images in by_series.items():
        item = Dataset()
        item.SeriesInstanceUID = series_uid
        item.ReferencedInstanceSequence = [_reference(header) for header in images.values()]
        items.append(item)
    return items


def file_meta(dataset: Dataset) -> FileMetaDataset:
    """Return the file meta information of a derived image."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return meta


def decimal(value: float) -> str:
    """Return a Decimal String of at most 16 characters (PS3.5 6.2)."""
    return f"{value:.10g}"[:16] if abs(value) >= 1e-4 else "0"


def code(value: Any) -> Dataset:  # noqa: ANN401 - pydicom's code values have no public type
    """Return a code sequence item."""
    item = Dataset()
    item.CodeValue = value.value
    item.CodingSchemeDesignator = value.scheme_designator
    item.CodeMeaning = value.meaning
    return item


def _equipment(series: DerivedSeries) -> Dataset:
    pack = series.derivation.pack
    item = Dataset()
    item.PurposeOfReferenceCodeSequence = [code(codes.DCM.ProcessingEquipment)]
    item.Manufacturer = MAKER
    item.ManufacturerModelName = pack.pack_id
    item.SoftwareVersions = [series.program, str(pack), pack.digest]
    item.ContributionDateTime = f"{series.now:%Y%m%d%H%M%S%z}"
    item.ContributionDescription = series.derivation.contribution
    return item


def _source_item(header: Dataset, source: SourceFrame, *, is_same_place: bool) -> Dataset:
    item = _reference(header)
    if source.frame:
        item.ReferencedFrameNumber = source.frame
    item.PurposeOfReferenceCodeSequence = [code(codes.DCM.SourceImageForImageProcessingOperation)]
    item.SpatialLocationsPreserved = "YES" if is_same_place else "NO"
    return item


def _reference(header: Dataset) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = header.SOPClassUID
    item.ReferencedSOPInstanceUID = header.SOPInstanceUID
    return item
