"""Tools that move through the slices and place them on the canvas."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from viewers.render.mapping import zoom_factor
from viewers.render.planes import PlaneStack
from viewers.state.crosshair import Crosshair
from viewers.state.view_state import MAX_ZOOM, MIN_ZOOM, Turn, ViewState
from viewers.tools.gesture import Drag, View
from workstation.core.intensity import Window

WHEEL_ZOOM = 1.15
"""Zoom per notch of the wheel: five notches double the size."""

DRAG_ZOOM_PX = 200.0
"""Pixels of drag that change the zoom by a factor e: a hand's breadth covers the useful range."""

DRAG_SCROLL_SHARE = 0.8
"""Share of the canvas height whose drag runs through the whole series."""

DRAG_SCROLL_MIN_PX = 4.0
"""At least so many pixels per slice, so that a short series does not flutter."""


def scroll(state: ViewState, view: View, steps: int) -> ViewState:
    """Return the state some slices further, held at the ends."""
    return go_to(state, view, state.slice_index + steps)


def go_to(state: ViewState, view: View, index: int) -> ViewState:
    """Return the state at a slice, held at the ends."""
    return replace(state, slice_index=min(max(index, 0), view.stack.count - 1))


def drag_scroll(start: ViewState, view: View, drag: Drag) -> ViewState:
    """Return the state scrolled by a drag: down goes to later slices."""
    px_per_slice = view.size_canvas[1] * DRAG_SCROLL_SHARE / max(view.stack.count, 1)
    steps = int(drag.moved_canvas[1] / max(px_per_slice, DRAG_SCROLL_MIN_PX))
    return scroll(start, view, steps)


def drag_pan(start: ViewState, view: View, drag: Drag) -> ViewState:
    """Return the state moved so that the grabbed point stays under the pointer."""
    mapping = view.map(start)
    moved_cr = np.linalg.solve(mapping.linear, np.array(drag.moved_canvas))
    moved_mm = moved_cr * np.array([view.stack.spacing_rc_mm[1], view.stack.spacing_rc_mm[0]])
    pan = np.array(start.pan_mm) - moved_mm
    return replace(start, pan_mm=(float(pan[0]), float(pan[1])))


def drag_zoom(start: ViewState, view: View, drag: Drag) -> ViewState:
    """Return the state zoomed by a drag around its start: up enlarges."""
    factor = float(np.exp(-drag.moved_canvas[1] / DRAG_ZOOM_PX))
    return zoom_by(start, view, factor, drag.start_canvas)


def wheel_zoom(
    state: ViewState, view: View, notches: float, at_canvas: tuple[float, float]
) -> ViewState:
    """Return the state zoomed by the wheel around the pointer."""
    return zoom_by(state, view, WHEEL_ZOOM**notches, at_canvas)


def zoom_by(
    state: ViewState, view: View, factor: float, at_canvas: tuple[float, float]
) -> ViewState:
    """Return the state zoomed so that the point under the pointer stays there."""
    before = view.map(state)
    zoom = zoom_factor(view.stack, state, view.size_canvas) * factor
    zoomed = replace(state, zoom=min(max(zoom, MIN_ZOOM), MAX_ZOOM))
    anchor = np.array(at_canvas)
    slipped = view.map(zoomed).pixel_to_canvas(before.canvas_to_pixel(anchor)) - anchor
    here = (float(anchor[0] - slipped[0]), float(anchor[1] - slipped[1]))
    return drag_pan(zoomed, view, Drag(at_canvas, here))


def fit(state: ViewState) -> ViewState:
    """Return the state with the whole slice in the canvas."""
    return replace(state, zoom=None, pan_mm=(0.0, 0.0))


def actual_size(state: ViewState) -> ViewState:
    """Return the state with one image pixel per canvas pixel, centered."""
    return replace(state, zoom=1.0, pan_mm=(0.0, 0.0))


def reset(state: ViewState, window: Window) -> ViewState:
    """Return the state as the series opened, at the same slice and with the same tool."""
    return replace(fit(state), window=window, turn=Turn(), is_inverted=False)


def flip_horizontally(state: ViewState) -> ViewState:
    """Return the state with left and right of the screen exchanged."""
    turn = state.turn
    return replace(
        state, turn=replace(turn, is_flipped_horizontally=not turn.is_flipped_horizontally)
    )


def flip_vertically(state: ViewState) -> ViewState:
    """Return the state with top and bottom of the screen exchanged."""
    turn = state.turn
    return replace(state, turn=replace(turn, is_flipped_vertically=not turn.is_flipped_vertically))


def rotate(state: ViewState, quarters: int = 1) -> ViewState:
    """Return the state turned clockwise on the screen by quarters."""
    return replace(state, turn=state.turn.rotated(quarters))


def crosshair_at(
    state: ViewState, view: View, at_canvas: tuple[float, float], source: Crosshair
) -> Crosshair:
    """Return the crosshair moved to the point under the pointer.

    Args:
        state: the state pointed at.
        view: its slices and canvas.
        at_canvas: where the pointer is.
        source: any crosshair of this series; names its frame of reference.
    """
    x, y, z = (float(value) for value in view.patient_at(state, at_canvas))
    return replace(source, point_mm=(x, y, z))


def follow(state: ViewState, stack: PlaneStack, crosshair: Crosshair) -> ViewState:
    """Return the state at the slice nearest to a crosshair that reaches this series."""
    here = min(state.slice_index, stack.count - 1)
    index = stack.nearest_index(np.array(crosshair.point_mm), at=here)
    return replace(state, slice_index=index)
