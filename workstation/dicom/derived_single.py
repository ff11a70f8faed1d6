r"""Derived images with one picture per instance: CT Image and MR Image.

Source: PS3.3 C.7.6.1.1.2 (Image Type), C.8.2.1 (CT Image), C.8.3.1 (MR Image).
"""

from __future__ import annotations

import numpy as np
from pydicom import Dataset
from pydicom.uid import CTImageStorage, MRImageStorage, generate_uid

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
from workstation.dicom.derived_values import DerivedSeries, DerivedSlice

SINGLE_CLASSES = frozenset({CTImageStorage, MRImageStorage})
"""SOP classes with one image per instance, of which a derived copy is written."""

LEFT_OUT = ("ReferencedImageEvidenceSequence", "NumberOfFrames", "PixelAspectRatio")
"""What belongs to other classes, or contradicts Pixel Spacing."""

TILED = "MOSAIC"
"""Value of Image Type of many slices in one picture; a derived image holds one of them."""

SAME_PLACE_MM = 1e-3
"""Distance within which a slice lies where its header says."""


def single_image(
    series: DerivedSeries,
    piece: DerivedSlice,
    headers: Headers,
    scale: Scale,
    *,
    series_uid: str,
    first: Dataset,
) -> Dataset:
    """Return one derived image, with its pixels; its instance number is not set.

    Args:
        series: what is the same in all images.
        piece: the slice.
        headers: of the sources.
        scale: of the stored values.
        series_uid: of the new series.
        first: header that says what belongs to the series: some sources contradict each other in
            it, and a stack has one frame of reference.
    """
    source = headers.get(piece.header.path)
    dataset = copied(source, left_out=LEFT_OUT)
    dataset.SOPInstanceUID = generate_uid(prefix=None)
    dataset.SeriesInstanceUID = series_uid
    describe_series(dataset, first, series)
    if "FrameOfReferenceUID" in first:
        dataset.FrameOfReferenceUID = first.FrameOfReferenceUID
    describe_processing(dataset, source, series)
    _describe_derivation(dataset, source, series, piece)
    dataset.SourceImageSequence = source_items(piece, series, headers)
    dataset.ReferencedSeriesSequence = references_by_series(
        headers.get(one.path) for one in piece.sources
    )
    _place(dataset, source, series, piece)
    mend(dataset)
    is_ct = dataset.SOPClassUID == CTImageStorage
    describe_pixels(dataset, piece.voxels.shape, scale, series.padding)
    if is_ct or not scale.is_plain:
        describe_rescale(dataset, scale, is_ct=is_ct)
    dataset.add_new("PixelData", "OW", scale.stored(piece.voxels).tobytes())
    dataset.file_meta = file_meta(dataset)
    return dataset


def _describe_derivation(
    dataset: Dataset, source: Dataset, series: DerivedSeries, piece: DerivedSlice
) -> None:
    kind = [str(value) for value in source.get("ImageType", [])][2:]
    kind = [value for value in kind if value != TILED]
    usual = "AXIAL" if dataset.SOPClassUID == CTImageStorage else "OTHER"
    dataset.ImageType = ["DERIVED", "SECONDARY", *(kind or [usual]), *piece.marks]
    if piece.comment:
        dataset.ImageComments = piece.comment
    dataset.DerivationDescription = series.derivation.description(series.program)
    dataset.DerivationCodeSequence = derivation_codes(series)


def _place(dataset: Dataset, source: Dataset, series: DerivedSeries, piece: DerivedSlice) -> None:
    stated = source.get("ImagePositionPatient") or ()
    is_moved = len(stated) != 3 or not np.allclose(
        [float(value) for value in stated], piece.position_mm, atol=SAME_PLACE_MM
    )
    if is_moved:
        dataset.ImagePositionPatient = [decimal(value) for value in piece.position_mm]
        dataset.pop("SliceLocation", None)
    if series.thickness_mm is not None:
        dataset.SliceThickness = decimal(series.thickness_mm)
        dataset.SpacingBetweenSlices = decimal(series.thickness_mm)
        dataset.pop("SliceLocation", None)
    if series.spacing_ij_mm is not None:
        between_columns, between_rows = series.spacing_ij_mm
        dataset.PixelSpacing = [decimal(between_rows), decimal(between_columns)]
