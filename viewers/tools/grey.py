"""Tools that change how intensities become grey."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from viewers.state.view_state import ViewState
from viewers.tools.gesture import Drag
from workstation.core.intensity import Window

WIDTH_PX = 250.0
"""Pixels of drag that change the width by a factor e: a width of 80 and one of 2000 are then
equally easy to set."""

CENTER_PX = 300.0
"""Pixels of drag that move the center by one width."""

MIN_WIDTH_OF_START = 1e-4
"""A drag never makes the window narrower than this share of the one it began with."""


def drag_window(start: ViewState, drag: Drag) -> ViewState:
    """Return the state windowed by a drag: right widens, up raises the center."""
    right, down = drag.moved_canvas
    old = start.window
    width = max(old.width * float(np.exp(right / WIDTH_PX)), old.width * MIN_WIDTH_OF_START)
    center = old.center - down / CENTER_PX * old.width
    return replace(start, window=_tidy(replace(old, center=center, width=width, name="")))


def set_window(state: ViewState, window: Window) -> ViewState:
    """Return the state with a window."""
    return replace(state, window=window)


def invert(state: ViewState) -> ViewState:
    """Return the state with grey inverted."""
    return replace(state, is_inverted=not state.is_inverted)


def _tidy(window: Window) -> Window:
    """Round to whole numbers where the window is wide enough for them to make no difference."""
    if window.width < 20:
        return window
    return replace(window, center=float(round(window.center)), width=float(round(window.width)))
