"""Display shutters: which part of an image its maker wants to be seen.

Source: PS3.3 C.7.6.11, Display Shutter Module.
"""

from __future__ import annotations

from workstation.core.drawings import Shutter
from workstation.dicom.headers import Header
from workstation.dicom.tags import Tag

MOST_CORNERS = 1024
"""Corners of a polygon that are taken; a drawn collimator has 4 to 12."""

_EDGES = (
    Tag.SHUTTER_LEFT_VERTICAL_EDGE,
    Tag.SHUTTER_RIGHT_VERTICAL_EDGE,
    Tag.SHUTTER_UPPER_HORIZONTAL_EDGE,
    Tag.SHUTTER_LOWER_HORIZONTAL_EDGE,
)


def read_shutter(header: Header) -> Shutter | None:
    """Return the shutter of an image; None where there is none, or it says nothing usable."""
    shapes = header.texts(Tag.SHUTTER_SHAPE)
    if not shapes:
        return None
    rectangle = _rectangle(header) if "RECTANGULAR" in shapes else None
    circle = _circle(header) if "CIRCULAR" in shapes else None
    polygon = _polygon(header) if "POLYGONAL" in shapes else ()
    if rectangle is None and circle is None and not polygon:
        return None
    # A P-Value of 16 bits; PS3.3 C.7.6.11.1.
    level = header.word(Tag.SHUTTER_PRESENTATION_VALUE) >> 8
    return Shutter(rectangle, circle, polygon, level)


def _rectangle(header: Header) -> tuple[int, int, int, int] | None:
    edges = [header.number(tag) for tag in _EDGES]
    left, right, upper, lower = (-1 if edge is None else int(edge) for edge in edges)
    is_one = None not in edges and left < right and upper < lower
    return (left, right, upper, lower) if is_one else None


def _circle(header: Header) -> tuple[int, int, int] | None:
    center, radius = (
        header.numbers(Tag.CENTER_OF_CIRCULAR_SHUTTER),
        header.number(Tag.RADIUS_OF_CIRCULAR_SHUTTER),
    )
    if len(center) != 2 or radius is None or radius <= 0:
        return None
    return int(center[0]), int(center[1]), int(radius)


def _polygon(header: Header) -> tuple[tuple[int, int], ...]:
    numbers = [int(number) for number in header.numbers(Tag.VERTICES_OF_THE_POLYGONAL_SHUTTER)]
    if len(numbers) % 2 or not 6 <= len(numbers) <= 2 * MOST_CORNERS:
        return ()
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))
