"""Where windows with viewports stood, as a value that goes through a file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from viewers.state.layout import Layout, LayoutError

FARTHEST_PX = 100_000
"""Larger numbers in a file are no place on a screen."""

MOST_WINDOWS = 8
"""Windows kept at most: nobody reads at more screens."""


@dataclass(frozen=True, slots=True)
class ScreenPlace:
    """Where the window of one screen stood.

    Attributes:
        screen: name of the screen, as the system gives it.
        area_px: left, top, width, height; counted from the corner of the screen,
            device-independent pixels.
        is_maximized: whether it filled the screen.
        layout: of its viewports.
        is_open: whether it is wanted again; a window the reader closed keeps its place only.
    """

    screen: str
    area_px: tuple[int, int, int, int]
    is_maximized: bool
    layout: Layout
    is_open: bool = True


def to_text(places: Sequence[ScreenPlace]) -> str:
    """Return the places as one text for the settings."""
    return json.dumps(
        [
            {
                "screen": one.screen,
                "area_px": list(one.area_px),
                "is_maximized": one.is_maximized,
                "layout": one.layout.to_data(),
                "is_open": one.is_open,
            }
            for one in places[-MOST_WINDOWS:]
        ]
    )


def from_text(text: str) -> tuple[ScreenPlace, ...]:
    """Return the places of a text, one for each screen; what cannot be read is left out."""
    try:
        data = json.loads(text or "[]")
    except ValueError:
        return ()
    listed = data if isinstance(data, list) else []
    found = [_place_of(one) for one in listed[-MOST_WINDOWS:]]
    return tuple({one.screen: one for one in found if one is not None}.values())


def _place_of(data: object) -> ScreenPlace | None:
    if not isinstance(data, Mapping):
        return None
    screen, area = data.get("screen"), data.get("area_px")
    if not isinstance(screen, str) or not isinstance(area, list) or len(area) != 4:
        return None
    if not all(type(one) is int and abs(one) <= FARTHEST_PX for one in area):
        return None
    try:
        layout = Layout.from_data(data.get("layout"))
    except LayoutError:
        return None
    left, top, width, height = area
    return ScreenPlace(
        screen,
        (left, top, max(width, 1), max(height, 1)),
        data.get("is_maximized") is True,
        Layout.ONE if layout.is_mpr else layout,
        data.get("is_open") is True,
    )
