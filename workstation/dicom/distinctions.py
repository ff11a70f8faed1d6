"""Further attributes by which images at one place may differ, as texts to compare and to show.

Echo, diffusion and time have fields of their own; this is the long tail: tube voltage, sequence,
flip angle, complex part, coil and the like, standard or of a maker.
"""

from __future__ import annotations

from typing import NamedTuple

from workstation.dicom.headers import Header
from workstation.dicom.tags import Tag


class Distinction(NamedTuple):
    """One attribute.

    Attributes:
        tag: where it is.
        name: how a value is introduced to people.
        unit: what follows it.
        code: how it is coded as in :mod:`struct`; empty for text.
        owner: private creator element and how its text begins; None for standard attributes.
        is_said: whether the value itself is shown; free text may name the patient.
    """

    tag: Tag
    name: str
    unit: str = ""
    code: str = ""
    owner: tuple[Tag, str] | None = None
    is_said: bool = True


DISTINCTIONS: tuple[Distinction, ...] = (
    Distinction(Tag.COMPLEX_IMAGE_COMPONENT, "part"),
    Distinction(Tag.GE_IMAGE_KIND, "part", code="h", owner=(Tag.CREATOR_0043, "GEMS_PARM")),
    Distinction(Tag.PHILIPS_LABEL_TYPE, "label", owner=(Tag.CREATOR_2005, "Philips")),
    Distinction(Tag.KVP, "", "kV"),
    Distinction(Tag.ACQUISITION_CONTRAST, "contrast"),
    Distinction(Tag.NOMINAL_PERCENTAGE_OF_CARDIAC_PHASE, "phase", "%", code="d"),
    Distinction(Tag.SLICE_THICKNESS, "slices of", "mm"),
    Distinction(Tag.SEQUENCE_NAME, "sequence"),
    Distinction(Tag.SCANNING_SEQUENCE, "sequence"),
    Distinction(Tag.SCAN_OPTIONS, "options"),
    Distinction(Tag.REPETITION_TIME, "TR", "ms"),
    Distinction(Tag.FLIP_ANGLE, "flip angle", "°"),
    Distinction(Tag.VELOCITY_ENCODING_DIRECTION, "velocity", code="d", is_said=False),
    Distinction(Tag.CONTRAST_BOLUS_AGENT, "contrast agent", is_said=False),
    Distinction(Tag.RECONSTRUCTION_DIAMETER, "field of", "mm"),
    Distinction(Tag.FILTER_TYPE, "filter"),
    Distinction(Tag.SIEMENS_COIL, "coil", owner=(Tag.CREATOR_0051, "SIEMENS")),
    Distinction(Tag.IMAGE_COMMENTS, "comment", is_said=False),
)
"""In the order in which they are asked: what readers name first stands first."""

_GE_PARTS = {"0": "magnitude", "1": "phase", "2": "real", "3": "imaginary"}
"""Source: GE MR DICOM conformance statement, (0043,102F) Image Type."""


def distinctions(header: Header) -> tuple[str, ...]:
    """Return the value of each of DISTINCTIONS as text; empty where absent."""
    values = header.values
    return tuple(_value(header, one) if one.tag in values else "" for one in DISTINCTIONS)


def _value(header: Header, one: Distinction) -> str:
    if one.owner and not header.text(one.owner[0]).startswith(one.owner[1]):
        return ""
    if not one.code:
        return "\\".join(header.texts(one.tag))
    text = "\\".join(f"{number:g}" for number in header.binary(one.tag, one.code))
    return _GE_PARTS.get(text, text) if one.tag is Tag.GE_IMAGE_KIND else text
