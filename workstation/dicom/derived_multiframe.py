r"""A derived series of an enhanced source: one object of the same class, a frame per slice.

Image Type begins ``DERIVED\PRIMARY``: the second value of enhanced CT and MR has no other term,
and ``SECONDARY`` is called an error by validators. Each frame names the frames it was made from;
the object says the same at its top, for readers that look no deeper. How the MR pulses were is
left out: the standard keeps those attributes to original frames.

Source: PS3.3 C.7.6.16 (functional groups), C.7.6.16.2.6 (Derivation Image), C.7.6.17 (dimensions),
C.8.13.3 (Enhanced MR Image), C.8.15.3 (Enhanced CT Image), C.8.16.1 (Image Type).
"""

from __future__ import annotations

from collections.abc import Sequence

from pydicom import DataElement, Dataset
from pydicom.datadict import tag_for_keyword
from pydicom.sequence import Sequence as Items
from pydicom.uid import (
    EnhancedCTImageStorage,
    EnhancedMRImageStorage,
    LegacyConvertedEnhancedCTImageStorage,
    LegacyConvertedEnhancedMRImageStorage,
    generate_uid,
)

from workstation.core.errors import InputRefusedError
from workstation.dicom.derived_header import mend
from workstation.dicom.derived_marks import (
    Headers,
    copied,
    decimal,
    derivation_codes,
    describe_processing,
    describe_series,
    file_meta,
    references_by_series,
    source_items,
)
from workstation.dicom.derived_pixels import Scale, describe_pixels, describe_rescale
from workstation.dicom.derived_values import DerivedSeries, DerivedSlice, SourceFrame

CT_CLASSES = frozenset({EnhancedCTImageStorage, LegacyConvertedEnhancedCTImageStorage})
MULTIFRAME_CLASSES = CT_CLASSES | {EnhancedMRImageStorage, LegacyConvertedEnhancedMRImageStorage}
"""SOP classes with functional groups, of which a derived object is written."""

LEFT_OUT = (
    "NumberOfFrames",
    "SharedFunctionalGroupsSequence",
    "PerFrameFunctionalGroupsSequence",
    "DimensionOrganizationSequence",
    "DimensionIndexSequence",
    "DimensionOrganizationType",
    "ConcatenationUID",
    "ConcatenationFrameOffsetNumber",
    "InConcatenationNumber",
    "InConcatenationTotalNumber",
    "SOPInstanceUIDOfConcatenationSource",
    "ReferencedInstanceSequence",
)
"""What is written anew, or is of a part of a concatenation."""

PULSES = (
    "PulseSequenceName",
    "MRAcquisitionType",
    "EchoPulseSequence",
    "MultipleSpinEcho",
    "MultiPlanarExcitation",
    "PhaseContrast",
    "VelocityEncodingAcquisitionSequence",
    "TimeOfFlightContrast",
    "ArterialSpinLabelingContrast",
    "SteadyStatePulseSequence",
    "EchoPlanarPulseSequence",
    "SaturationRecovery",
    "SpectrallySelectedSuppression",
    "OversamplingPhase",
    "GeometryOfKSpaceTraversal",
    "RectilinearPhaseEncodeReordering",
    "SegmentedKSpaceTraversal",
    "CoverageOfKSpace",
    "NumberOfKSpaceTrajectories",
)
"""MR Pulse Sequence Module: there if Image Type begins ORIGINAL or MIXED; PS3.3 C.8.13.4."""

GROUPS_LEFT_OUT = ("DerivationImageSequence", "RealWorldValueMappingSequence")
"""Functional groups of a source that are not true of a derived frame."""

FRAME_TYPES = ("MRImageFrameTypeSequence", "CTImageFrameTypeSequence")

PER_FRAME = (*FRAME_TYPES, "FrameContentSequence", "PlanePositionSequence")
"""Groups that are written per frame, and therefore are not among the shared ones."""

FILTERED, RESAMPLED = "FILTERED", "RESAMPLED"
"""Value 4 of Image Type: how derived pixels came about; PS3.3 C.8.16.1.4."""

STACK = "1"
"""Stack ID of the one stack."""


def multiframe_image(
    series: DerivedSeries, pieces: Sequence[DerivedSlice], headers: Headers, scale: Scale
) -> Dataset:
    """Return the derived object, with its pixels.

    Raises:
        InputRefusedError: the source does not describe its frames.
    """
    source = headers.get(pieces[0].header.path)
    dataset = copied(source, left_out=(*LEFT_OUT, *PULSES))
    dataset.SOPInstanceUID = generate_uid(prefix=None)
    dataset.SeriesInstanceUID = generate_uid(prefix=None)
    dataset.InstanceNumber = 1
    dataset.ImageType = _derived_type(source.get("ImageType"), series)
    describe_series(dataset, source, series)
    if "Laterality" not in source:  # the groups of each frame tell the side
        dataset.pop("Laterality", None)
    describe_processing(dataset, source, series)
    _describe_dimensions(dataset)
    _describe_groups(dataset, series, pieces, headers, scale)
    _describe_sources(dataset, pieces, headers)
    dataset.DerivationDescription = series.derivation.description(series.program)
    dataset.DerivationCodeSequence = derivation_codes(series)
    mend(dataset)
    dataset.setdefault("AcquisitionContextSequence", [])
    describe_pixels(dataset, pieces[0].voxels.shape, scale, series.padding)
    dataset.NumberOfFrames = len(pieces)
    stored = b"".join(scale.stored(piece.voxels).tobytes() for piece in pieces)
    dataset.add_new("PixelData", "OW", stored)
    dataset.file_meta = file_meta(dataset)
    return dataset


def _describe_dimensions(dataset: Dataset) -> None:
    """Index the frames by stack and place in it; PS3.3 C.7.6.17."""
    organization = Dataset()
    organization.DimensionOrganizationUID = generate_uid(prefix=None)
    dataset.DimensionOrganizationSequence = [organization]
    indices = []
    for keyword in ("StackID", "InStackPositionNumber"):
        index = Dataset()
        index.DimensionOrganizationUID = organization.DimensionOrganizationUID
        index.DimensionIndexPointer = tag_for_keyword(keyword)
        index.FunctionalGroupPointer = tag_for_keyword("FrameContentSequence")
        indices.append(index)
    dataset.DimensionIndexSequence = indices


def _describe_groups(
    dataset: Dataset,
    series: DerivedSeries,
    pieces: Sequence[DerivedSlice],
    headers: Headers,
    scale: Scale,
) -> None:
    is_one_source = len({piece.header.path for piece in pieces}) == 1
    source = headers.get(pieces[0].header.path)
    shared = _shared_groups(source) if is_one_source else Dataset()
    frames = []
    for number, piece in enumerate(pieces, start=1):
        header = headers.get(piece.header.path)
        groups = Dataset() if is_one_source else _shared_groups(header)
        groups.update(_frame_groups(header, piece.header))
        _describe_frame(groups, shared, series, piece, number)
        groups.DerivationImageSequence = [_derivation(piece, series, headers)]
        frames.append(groups)
    _set_rescale(shared, frames, scale, is_ct=dataset.SOPClassUID in CT_CLASSES)
    for keyword in PER_FRAME:
        shared.pop(keyword, None)
    for groups in (shared, *frames):
        _set_measures(groups, series)
    dataset.SharedFunctionalGroupsSequence = [shared]
    dataset.PerFrameFunctionalGroupsSequence = frames


def _describe_frame(
    groups: Dataset, shared: Dataset, series: DerivedSeries, piece: DerivedSlice, number: int
) -> None:
    content = _group(groups, shared, "FrameContentSequence")
    content.StackID = STACK
    content.InStackPositionNumber = number
    content.DimensionIndexValues = [1, number]
    place = Dataset()
    place.ImagePositionPatient = [decimal(value) for value in piece.position_mm]
    groups.PlanePositionSequence = [place]
    for keyword in FRAME_TYPES:
        if keyword in groups or keyword in shared:
            kind = _group(groups, shared, keyword)
            kind.FrameType = _derived_type(kind.get("FrameType"), series)


def _set_measures(groups: Dataset, series: DerivedSeries) -> None:
    if not groups.get("PixelMeasuresSequence"):
        return
    measures = groups.PixelMeasuresSequence[0]
    if series.thickness_mm is not None:
        measures.SliceThickness = decimal(series.thickness_mm)
        measures.pop("SpacingBetweenSlices", None)
    if series.spacing_ij_mm is not None:
        between_columns, between_rows = series.spacing_ij_mm
        measures.PixelSpacing = [decimal(between_rows), decimal(between_columns)]


def _set_rescale(shared: Dataset, frames: Sequence[Dataset], scale: Scale, *, is_ct: bool) -> None:
    """Write one rescale for all frames; the source's may differ from frame to frame."""
    keyword = "PixelValueTransformationSequence"
    was_there = keyword in shared or any(keyword in groups for groups in frames)
    for groups in (shared, *frames):
        groups.pop(keyword, None)
    if was_there or is_ct or not scale.is_plain:
        item = Dataset()
        describe_rescale(item, scale, is_ct=is_ct)
        shared.PixelValueTransformationSequence = [item]


def _derivation(piece: DerivedSlice, series: DerivedSeries, headers: Headers) -> Dataset:
    item = Dataset()
    item.DerivationDescription = series.derivation.description(series.program)
    item.DerivationCodeSequence = derivation_codes(series)
    item.SourceImageSequence = source_items(piece, series, headers)
    return item


def _describe_sources(dataset: Dataset, pieces: Sequence[DerivedSlice], headers: Headers) -> None:
    """Name the sources under study and series as well; PS3.3 C.8.13.3.

    Not a second time by Referenced Series Sequence: readers take both together.
    """
    paths = dict.fromkeys(source.path for piece in pieces for source in piece.sources)
    sources = [headers.get(path) for path in paths]
    evidence = Dataset()
    evidence.StudyInstanceUID = sources[0].StudyInstanceUID
    evidence.ReferencedSeriesSequence = []
    for found in references_by_series(sources):
        item = Dataset()
        item.SeriesInstanceUID = found.SeriesInstanceUID
        item.ReferencedSOPSequence = list(found.ReferencedInstanceSequence)
        evidence.ReferencedSeriesSequence.append(item)
    dataset.SourceImageEvidenceSequence = [evidence]


def _derived_type(stated: object, series: DerivedSeries) -> list[str]:
    values = [str(value) for value in stated] if isinstance(stated, Sequence) else []
    kind = values[2] if len(values) > 2 and values[2] else "OTHER"
    return [
        "DERIVED",
        "PRIMARY",
        kind,
        RESAMPLED if series.derivation.is_resampling else FILTERED,
    ]


def _shared_groups(source: Dataset) -> Dataset:
    items = source.get("SharedFunctionalGroupsSequence") or []
    return _cleaned(items[0]) if len(items) else Dataset()


def _frame_groups(source: Dataset, frame: SourceFrame) -> Dataset:
    items = source.get("PerFrameFunctionalGroupsSequence") or []
    if not 1 <= frame.frame <= len(items):
        raise InputRefusedError(
            "The derived series cannot be written",
            why="its source does not describe each of its frames",
            todo="Copy the study again from its source",
        )
    return _cleaned(items[frame.frame - 1])


def _group(groups: Dataset, shared: Dataset, keyword: str) -> Dataset:
    """Return the group of a frame, taken over from the shared ones where it is there."""
    if not groups.get(keyword):
        common = shared.get(keyword)
        setattr(groups, keyword, [_cleaned(common[0]) if common else Dataset()])
    item: Dataset = groups[keyword].value[0]
    return item


def _cleaned(groups: Dataset) -> Dataset:
    """Return a copy without private elements, at any depth, and without what is not true now."""
    kept = Dataset()
    for element in groups:
        if element.tag.is_private or element.keyword in GROUPS_LEFT_OUT:
            continue
        if element.VR == "SQ":
            items = Items([_cleaned(item) for item in element.value])
            kept.add(DataElement(element.tag, "SQ", items))
        else:
            kept.add(DataElement(element.tag, element.VR, element.value))
    return kept
