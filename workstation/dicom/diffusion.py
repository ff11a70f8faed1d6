"""What a diffusion image was weighted with: b-value and gradient direction, by standard or maker.

Private elements are read only under the owner that defines them (PS3.5 7.8.1). Their meaning
is from the makers' DICOM conformance statements.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from workstation.dicom.headers import Header
from workstation.dicom.tags import Tag

_UIH_CREATOR = "Image Private Header"
"""Owner of United Imaging's private group 0065."""

_GE_B_VALUE_OFFSET = 1_000_000_000
"""GE adds multiples of 1e9 to its private b-value to mark how it was computed."""

_COMMENTED_B_VALUE = re.compile(r"^b=(\d+(?:\.\d+)?)")
"""Toshiba writes "b=1000(0.1,0.7,-0.7)" as Image Comments."""


def b_value(header: Header) -> float | None:
    """Return the b-value in s/mm2; None where the image states none."""
    value = _stated(header)
    return value if value is not None and math.isfinite(value) else None


def gradient(header: Header) -> tuple[float, ...]:
    """Return the direction of the diffusion gradient; empty where none is stated."""
    standard = header.binary(Tag.DIFFUSION_GRADIENT_ORIENTATION, "d")
    if standard:
        return standard
    if header.text(Tag.CREATOR_0065) == _UIH_CREATOR:
        return header.binary(Tag.UIH_GRADIENT, "d")
    if header.text(Tag.CREATOR_0019).startswith("SIEMENS"):
        return header.binary(Tag.SIEMENS_GRADIENT, "d")
    if header.text(Tag.CREATOR_0019).startswith("GEMS_ACQU"):
        return header.numbers(Tag.GE_GRADIENT_X)[:1] + (
            header.numbers(Tag.GE_GRADIENT_Y)[:1] + header.numbers(Tag.GE_GRADIENT_Z)[:1]
        )
    return ()


def _stated(header: Header) -> float | None:
    standard = header.binary(Tag.DIFFUSION_B_VALUE, "d")
    if standard:
        return standard[0]
    for creator, begins, read in _OWN_B_VALUES:
        if header.text(creator).upper().startswith(begins):
            return read(header)
    return None


def _of_ge(header: Header) -> float | None:
    value = header.number(Tag.GE_B_VALUE)
    return None if value is None else value % _GE_B_VALUE_OFFSET


def _of_toshiba(header: Header) -> float | None:
    comment = _COMMENTED_B_VALUE.match(header.text(Tag.IMAGE_COMMENTS))
    return float(comment[1]) if comment else None


_OWN_B_VALUES: tuple[tuple[Tag, str, Callable[[Header], float | None]], ...] = (
    (Tag.CREATOR_0019, "SIEMENS", lambda header: header.number(Tag.SIEMENS_B_VALUE)),
    (
        Tag.CREATOR_2001,
        "PHILIPS",
        lambda header: next(iter(header.binary(Tag.PHILIPS_B_VALUE, "f")), None),
    ),
    (
        Tag.CREATOR_0065,
        _UIH_CREATOR.upper(),
        lambda header: next(iter(header.binary(Tag.UIH_B_VALUE, "d")), None),
    ),
    (Tag.CREATOR_0043, "GEMS_PARM", _of_ge),
    (Tag.MANUFACTURER, "TOSHIBA", _of_toshiba),
    (Tag.MANUFACTURER, "CANON", _of_toshiba),
)
"""Who wrote the image, by the beginning of an element, and where that maker keeps the b-value."""
