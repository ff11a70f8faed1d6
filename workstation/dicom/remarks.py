"""What a header says beside its pixels that a reader should know: as sentences, ready to show.

Source: PS3.3 C.7.6.16.2.11 (Real World Value Mapping), C.7.6.3.1.2 (photometric interpretation);
Philips' scaling: Chenevert et al., Transl Oncol 2014, doi:10.1593/tlo.13811.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from workstation.core.verdict import Doubt
from workstation.dicom.codecs import NATIVE_SYNTAXES
from workstation.dicom.elements import Wanted, items, scan
from workstation.dicom.frames import PixelLayout, Rescale
from workstation.dicom.headers import Header
from workstation.dicom.tags import OVERLAY_BITS_TAGS, Tag

SAME_NUMBER = 1e-4
"""Slopes that differ by less than this share are one number written with other digits."""

_IN_MICROMETERS = {"um2/s": 1.0, "mm2/s": 1e6, "10*-6.mm2/s": 1.0, "1e-6mm2/s": 1.0}
"""Units of diffusivity in 10^-6 mm2/s. Source: UCUM, PS3.16 CID 7273."""

LONGEST_UNIT = 24
"""Characters of a unit that are shown; real ones are short."""

_MAPPING = Wanted(
    frozenset(
        {
            Tag.REAL_WORLD_VALUE_INTERCEPT,
            Tag.REAL_WORLD_VALUE_SLOPE,
            Tag.MEASUREMENT_UNITS_CODE_SEQUENCE,
        }
    )
)
_CODE = Wanted(frozenset({Tag.CODE_VALUE, Tag.CODE_MEANING}))

_NAMES = {
    Tag.SAMPLES_PER_PIXEL: "Samples per Pixel",
    Tag.PHOTOMETRIC_INTERPRETATION: "Photometric Interpretation",
    Tag.BITS_ALLOCATED: "Bits Allocated",
    Tag.BITS_STORED: "Bits Stored",
    Tag.HIGH_BIT: "High Bit",
    Tag.PIXEL_REPRESENTATION: "Pixel Representation",
}
"""Attributes that say how pixels are stored; each is required. Source: PS3.3 table C.7-11c."""


def remarks(header: Header, layout: PixelLayout, rescale: Rescale) -> tuple[Doubt, ...]:
    """Return what there is to say about the numbers and the colors of an image."""
    mapping = real_world(header, rescale)
    found = (
        _assumed(header, layout),
        Doubt("real_world_values", mapping.text) if mapping else None,
        _philips(header, rescale),
        _mixed_colors(header, layout),
        _hidden_overlay(header, layout),
    )
    return tuple(doubt for doubt in found if doubt is not None)


def _assumed(header: Header, layout: PixelLayout) -> Doubt | None:
    absent = [name for tag, name in _NAMES.items() if not header.values.get(tag)]
    if layout.high_bit != header.word(Tag.HIGH_BIT, default=layout.high_bit):
        text = "High Bit contradicts Bits Stored: the lowest bits are taken for the samples."
        return Doubt("bits_contradict", text)
    if not absent:
        return None
    lacks = f"The header lacks {', '.join(absent)}: what is usual was taken."
    if Tag.PHOTOMETRIC_INTERPRETATION in header.values:
        return Doubt("header_incomplete", lacks)
    return Doubt("header_incomplete", f"{lacks} Black and white may be exchanged.")


class Mapping(NamedTuple):
    """From the numbers on show to real world values: times factor, plus offset, in a unit (UCUM).

    A factor of 0 stands for a table.
    """

    factor: float
    offset: float
    unit: str

    @property
    def is_diffusivity(self) -> bool:
        """Whether the numbers on show are diffusivities in 10^-6 mm2/s."""
        factor = _IN_MICROMETERS.get(self.unit, 0.0) * self.factor
        return math.isclose(factor, 1, rel_tol=SAME_NUMBER) and self._is_through_zero

    @property
    def text(self) -> str:
        """Return the sentence for people."""
        if self.factor == 0:
            return f"The header maps the stored values to {self.unit} by a table, not shown here."
        is_same = math.isclose(self.factor, 1, rel_tol=SAME_NUMBER)
        times = "" if is_same else f" times {self.factor:.6g}"
        plus = "" if self._is_through_zero else f" plus {self.offset:.6g}"
        return f"By the header the numbers{times}{plus} are {self.unit}."

    @property
    def _is_through_zero(self) -> bool:
        return abs(self.offset) <= SAME_NUMBER * abs(self.factor)


def real_world(header: Header, rescale: Rescale) -> Mapping | None:
    """Return what the rescaled numbers are in the unit that the header maps stored ones to.

    Of several mappings the first is taken. None where there is none, or the rescale is a table.
    """
    raw = header.values.get(Tag.REAL_WORLD_VALUE_MAPPING_SEQUENCE)
    if not raw or rescale.table is not None:
        return None
    for start, end in items(raw, header.encoding):
        mapping = header.nested(scan(raw, start, header.encoding, _MAPPING, end=end).values)
        unit = _unit(mapping)
        slope = mapping.binary(Tag.REAL_WORLD_VALUE_SLOPE, "d")
        intercept = mapping.binary(Tag.REAL_WORLD_VALUE_INTERCEPT, "d")
        if not unit:
            continue
        if not (slope and intercept and math.isfinite(slope[0]) and math.isfinite(intercept[0])):
            return Mapping(0.0, 0.0, unit)
        factor = slope[0] / rescale.slope
        return Mapping(factor, intercept[0] - rescale.intercept * factor, unit)
    return None


def _unit(mapping: Header) -> str:
    """Return the unit by its code (UCUM), which is plain ASCII; empty where it has none."""
    raw = mapping.values.get(Tag.MEASUREMENT_UNITS_CODE_SEQUENCE, b"")
    for start, end in items(raw, mapping.encoding):
        code = mapping.nested(scan(raw, start, mapping.encoding, _CODE, end=end).values)
        text = code.text(Tag.CODE_VALUE)
        return text if text.isprintable() and len(text) <= LONGEST_UNIT else ""
    return ""


def _philips(header: Header, rescale: Rescale) -> Doubt | None:
    """Return by what the displayed values are divided for Philips' floating point values.

    Displayed are DV = PV x RS + RI; FP = DV / (RS x SS) compares between series.
    """
    if not header.text(Tag.CREATOR_2005).startswith("Philips MR Imaging"):
        return None
    scale = header.binary(Tag.PHILIPS_SCALE_SLOPE, "f")
    if not scale or not math.isfinite(scale[0]) or scale[0] <= 0 or rescale.table is not None:
        return None
    divisor = rescale.slope * scale[0]
    text = (
        "The numbers are Philips' displayed values, which are scaled for each image; divided by "
        f"{divisor:.6g} they are its floating point values, which compare."
    )
    return Doubt("philips_scaling", text)


def _hidden_overlay(header: Header, layout: PixelLayout) -> Doubt | None:
    """Return that an overlay in the words of compressed pixels is left out; PS3.5 8.1.2."""
    is_embedded = any(header.word(tag) > 1 for tag in OVERLAY_BITS_TAGS)
    if not is_embedded or layout.transfer_syntax in NATIVE_SYNTAXES:
        return None
    text = "An overlay that is coded with the pixels is not shown; the values are without it."
    return Doubt("overlay_ignored", text)


def _mixed_colors(header: Header, layout: PixelLayout) -> Doubt | None:
    """Return that colors beside the gray are left out; PS3.3 C.8.16.2.1.1.1 Pixel Presentation."""
    presentation = header.text(Tag.PIXEL_PRESENTATION)
    has_palette = bool(header.values.get(Tag.RED_DESCRIPTOR))
    if layout.is_color or presentation not in {"COLOR", "MIXED"} or not has_palette:
        return None
    text = "The maker shows these values in colors of its own; they are shown in gray."
    return Doubt("supplemental_palette", text)
