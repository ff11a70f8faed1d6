"""How large a pixel is in the patient, or why that is not known.

Cross sections state it. Of a projection it is known only where somebody calibrated it, or where
the magnification is given; the size at the detector is larger than what it shows of the patient.

Source: PS3.3 10.7.1 (Basic Pixel Spacing Calibration), 10.7.1.3 (which attribute means what),
C.8.11.4 (ERMF), C.8.5.5 (Ultrasound Region Calibration), C.7.6.3.1.7 (Pixel Aspect Ratio).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from workstation.core.verdict import Doubt
from workstation.dicom.elements import Wanted, items, scan
from workstation.dicom.headers import Header
from workstation.dicom.tags import Tag

Spacing = tuple[float, float]
"""Between rows, between columns."""

PROJECTIONS = frozenset({"CR", "DX", "MG", "XA", "RF", "IO", "PX", "RG"})
"""Modalities whose images are shadows on a detector. Source: PS3.3 C.7.3.1.1.1."""

SAME_SPACING = 1e-4
"""Spacings that differ by less than this share are one number written twice."""

LARGEST_MAGNIFICATION = 5.0
"""Magnification mammography reaches 2; more is no magnification."""

CENTIMETERS, TISSUE_2D, TISSUE = 3, 1, 1
"""Physical Units, Region Spatial Format and Region Data Type. Source: PS3.3 C.8.5.5.1."""

_REGION = Wanted(
    frozenset(
        {
            Tag.REGION_SPATIAL_FORMAT,
            Tag.PHYSICAL_UNITS_X_DIRECTION,
            Tag.PHYSICAL_UNITS_Y_DIRECTION,
            Tag.PHYSICAL_DELTA_X,
            Tag.PHYSICAL_DELTA_Y,
        }
    )
)


@dataclass(frozen=True, slots=True)
class PixelSize:
    """What a header says about the size of its pixels.

    Attributes:
        spacing_mm: in the patient; None where it is not known.
        detector_mm: at the detector or on the film; None where it is not stated.
        ratio: between rows per between columns, where there are no millimetres.
        doubts: what the reader should know about it.
    """

    spacing_mm: Spacing | None = None
    detector_mm: Spacing | None = None
    ratio: float = 1.0
    doubts: tuple[Doubt, ...] = ()


def pixel_size(header: Header) -> PixelSize:
    """Return the size of the pixels of an image."""
    stated = _spacing(header, Tag.PIXEL_SPACING)
    detector = _spacing(header, Tag.IMAGER_PIXEL_SPACING)
    detector = detector or _spacing(header, Tag.NOMINAL_SCANNED_PIXEL_SPACING)
    if header.text(Tag.MODALITY) in PROJECTIONS:
        return _projected(header, stated, detector)
    if stated is not None:
        return PixelSize(stated, detector)
    regions = header.values.get(Tag.SEQUENCE_OF_ULTRASOUND_REGIONS)
    if regions:
        return _ultrasound(header, regions)
    return _without(header, detector)


def _projected(header: Header, stated: Spacing | None, detector: Spacing | None) -> PixelSize:
    kind = header.text(Tag.PIXEL_SPACING_CALIBRATION_TYPE)
    is_at_detector = stated is not None and detector is not None and _is_same(stated, detector)
    if stated is not None and (kind or not is_at_detector):
        return PixelSize(stated, detector, doubts=(_calibration(kind, detector),))
    magnification = header.number(Tag.ESTIMATED_RADIOGRAPHIC_MAGNIFICATION_FACTOR)
    if detector is not None and magnification and 1 <= magnification <= LARGEST_MAGNIFICATION:
        in_patient = detector[0] / magnification, detector[1] / magnification
        text = (
            "Lengths are those of the detector divided by the magnification that the header "
            f"estimates ({magnification:g}); they hold at one depth only."
        )
        return PixelSize(in_patient, detector, doubts=(Doubt("magnification", text),))
    return _without(header, detector)


def _calibration(kind: str, detector: Spacing | None) -> Doubt:
    by = {"GEOMETRY": "the geometry of the machine", "FIDUCIAL": "an object of known size"}
    if kind in by:
        text = f"Lengths were calibrated by {by[kind]}; they hold at one depth."
        return Doubt("calibrated", text)
    if detector is not None:
        return Doubt("calibrated", "Lengths were calibrated; the header does not say by what.")
    text = (
        "The header does not say whether its pixel size is that of the patient or of the detector: "
        "lengths may be too long by the magnification."
    )
    return Doubt("pixel_size_doubtful", text)


def _ultrasound(header: Header, raw: bytes) -> PixelSize:
    """Return the pixel size where all regions are pictures of tissue on one scale."""
    sizes: set[tuple[float, float]] = set()
    for start, end in items(raw, header.encoding):
        region = header.nested(scan(raw, start, header.encoding, _REGION, end=end).values)
        units = (
            region.word(Tag.PHYSICAL_UNITS_X_DIRECTION),
            region.word(Tag.PHYSICAL_UNITS_Y_DIRECTION),
        )
        delta_x = region.binary(Tag.PHYSICAL_DELTA_X, "d")
        delta_y = region.binary(Tag.PHYSICAL_DELTA_Y, "d")
        is_tissue = region.word(Tag.REGION_SPATIAL_FORMAT) == TISSUE_2D
        if not is_tissue or units != (CENTIMETERS, CENTIMETERS) or not (delta_x and delta_y):
            return _several_scales(header)
        sizes.add((abs(delta_y[0]) * 10, abs(delta_x[0]) * 10))
    if len(sizes) != 1:
        return _several_scales(header)
    rows_mm, columns_mm = sizes.pop()
    if not (_is_length(rows_mm) and _is_length(columns_mm)):
        return _several_scales(header)
    text = "Lengths hold inside the ultrasound picture only, not in what is beside it."
    return PixelSize((rows_mm, columns_mm), doubts=(Doubt("ultrasound_region", text),))


def _several_scales(header: Header) -> PixelSize:
    text = "The ultrasound image has no single scale in millimeters: nothing is measured."
    return PixelSize(ratio=_ratio(header), doubts=(Doubt("ultrasound_scales", text),))


def _without(header: Header, detector: Spacing | None) -> PixelSize:
    return PixelSize(None, detector, _ratio(header))


def _ratio(header: Header) -> float:
    """Return distance between rows per distance between columns, by Pixel Aspect Ratio."""
    aspect = header.numbers(Tag.PIXEL_ASPECT_RATIO)
    return aspect[0] / aspect[1] if len(aspect) == 2 and min(aspect) > 0 else 1.0


def _spacing(header: Header, tag: Tag) -> Spacing | None:
    values = header.numbers(tag)
    return (values[0], values[1]) if len(values) == 2 and min(values) > 0 else None


def _is_same(one: Spacing, other: Spacing) -> bool:
    return all(math.isclose(a, b, rel_tol=SAME_SPACING) for a, b in zip(one, other, strict=True))


def _is_length(value_mm: float) -> bool:
    return math.isfinite(value_mm) and value_mm > 0
