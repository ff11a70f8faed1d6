"""A presentation state on a slice: the view it asks for, and its figures as lines.

Functions of values only: the canvas, the pictures that leave and the tests share them.

Source: DICOM PS3.3 C.10.4 (Displayed Area), C.10.5.1.2 (Graphic Type), C.10.6 (Spatial
Transformation); PS3.4 N.2 (order of the transformations).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from viewers.render.mapping import CanvasMap
from viewers.render.planes import PlaneStack
from viewers.state.view_state import MAX_ZOOM, MIN_ZOOM, Turn, ViewState
from workstation.core.presentation import (
    DisplayedArea,
    Fit,
    Graphic,
    GraphicShape,
    PresentationState,
    Space,
)
from workstation.core.volume import Volume

ROUND_STEPS = 72
"""Corners of a circle: one per 5 degrees."""

CURVE_STEPS = 12
"""Points drawn between two points of an interpolated line."""

ASPECT_TOLERANCE = 0.01
"""Pixel aspects nearer than this are the same: spacings are rounded."""


def slice_name(volume: Volume, k: int) -> tuple[str, int]:
    """Return the instance and the frame of a slice; frame 0 for an instance of one."""
    return volume.instance_uids[k], volume.frame_numbers[k] if volume.frame_numbers else 0


def first_slice(state: PresentationState, volume: Volume) -> int | None:
    """Return the first slice that a presentation state is about; None where there is none."""
    found = (k for k in range(len(volume.instance_uids)) if state.is_about(*slice_name(volume, k)))
    return next(found, None)


def applied(
    look: PresentationState,
    volume: Volume,
    stack: PlaneStack,
    view: ViewState,
    size_canvas: tuple[float, float],
    *,
    screen_px_per_mm: float,
) -> ViewState:
    """Return the view that a presentation state asks for on the slice of a view.

    Args:
        look: what is asked for.
        volume: the volume on show.
        stack: its acquired slices.
        view: says which slice; its window stays where the look has none.
        size_canvas: width and height of the canvas.
        screen_px_per_mm: canvas pixels per millimetre of the screen, for true size.
    """
    name = slice_name(volume, view.slice_index)
    turn = Turn(look.rotation_deg, is_flipped_horizontally=look.is_flipped)
    area = look.area_of(*name)
    turned = replace(
        view,
        window=look.window_of(*name) or view.window,
        turn=turn,
        is_inverted=look.is_inverted != volume.is_monochrome1,
        zoom=None,
        pan_mm=(0.0, 0.0),
        slab=None,
        cut=None,
    )
    if area is None or _is_whole(area, stack):
        return turned
    steps = stack.spacing_rc_mm[1], stack.spacing_rc_mm[0]
    middle = _middle(area) - stack.center_cr
    zoom = _zoom(area, stack, turn, size_canvas, screen_px_per_mm)
    return replace(
        turned,
        zoom=min(max(zoom, MIN_ZOOM), MAX_ZOOM),
        pan_mm=(float(middle[0]) * steps[0], float(middle[1]) * steps[1]),
    )


def aspect_differs(area: DisplayedArea, stack: PlaneStack) -> bool:
    """Whether a displayed area wants other pixels than the geometry of the images has."""
    rows, columns = area.spacing_rc_mm or area.aspect_rc
    wanted, own = rows / columns, stack.spacing_rc_mm[0] / stack.spacing_rc_mm[1]
    return abs(wanted / own - 1) > ASPECT_TOLERANCE


def area_of_view(
    mapping: CanvasMap, view: ViewState, size_canvas: tuple[float, float]
) -> DisplayedArea:
    """Return what a canvas shows of a slice as a displayed area, from 1, of a whole slice fitted.

    Args:
        mapping: where the slice lies on the canvas.
        view: of the canvas.
        size_canvas: its width and height.
    """
    stack = mapping.stack
    rows, columns = stack.shape_rc
    ends = np.array([(0.0, 0.0), (columns - 1.0, rows - 1.0)])
    if view.zoom is None and view.pan_mm == (0.0, 0.0):
        corners = np.array([(c, r) for c in ends[:, 0] for r in ends[:, 1]])
        on_canvas = mapping.pixel_to_canvas(corners)
        first = corners[int((on_canvas[:, 0] + on_canvas[:, 1]).argmin())]
        last = corners[int((on_canvas[:, 0] + on_canvas[:, 1]).argmax())]
    else:
        seen = mapping.canvas_to_pixel(np.array([(0.0, 0.0), size_canvas]))
        # The first and the last pixel whose center is inside the canvas.
        low, high = seen[0], seen[1]
        forward = high >= low
        first = np.where(forward, np.ceil(low), np.floor(low))
        last = np.where(forward, np.floor(high), np.ceil(high))
    has_mm = stack.has_millimetres
    spacing = (float(stack.spacing_rc_mm[0]), float(stack.spacing_rc_mm[1]))
    return DisplayedArea(
        (int(first[0]) + 1, int(first[1]) + 1),
        (int(last[0]) + 1, int(last[1]) + 1),
        spacing_rc_mm=spacing if has_mm else None,
        aspect_rc=spacing,
    )


def outline(graphic: Graphic) -> NDArray[np.float64]:
    """Return a figure as a line (n, 2) in the space of its points; a point stays one."""
    points = np.array(graphic.points, dtype=np.float64)
    turn = np.linspace(0.0, 2 * np.pi, ROUND_STEPS + 1)[:, None]
    match graphic.shape:
        case GraphicShape.CIRCLE:
            radius = float(np.linalg.norm(points[1] - points[0]))
            circle: NDArray[np.float64] = points[0] + radius * np.hstack(
                [np.cos(turn), np.sin(turn)]
            )
            return circle
        case GraphicShape.ELLIPSE:
            first, second = (points[1] - points[0]) / 2, (points[3] - points[2]) / 2
            center = points[:2].mean(axis=0)
            ellipse: NDArray[np.float64] = center + np.cos(turn) * first + np.sin(turn) * second
            return ellipse
        case GraphicShape.INTERPOLATED if len(points) > 2:
            return _curve(points)
        case _:
            return points


def on_canvas(
    points: NDArray[np.float64], space: Space, mapping: CanvasMap, area: DisplayedArea | None
) -> NDArray[np.float64]:
    """Return positions (n, 2) of pixels or of the display on the canvas.

    Args:
        points: the positions.
        space: what they are.
        mapping: where the slice lies on the canvas.
        area: what positions of the display are shares of; None for the whole slice.
    """
    if space is Space.PIXEL:
        return mapping.pixel_to_canvas(points)
    rows, columns = mapping.stack.shape_rc
    whole = area or DisplayedArea((1, 1), (columns, rows))
    ends = np.array([whole.top_left, whole.bottom_right], dtype=np.float64) - 1
    low, high = ends.min(axis=0) - 0.5, ends.max(axis=0) + 0.5
    corners = np.array([(x, y) for x in (low[0], high[0]) for y in (low[1], high[1])])
    edges = mapping.pixel_to_canvas(corners)
    start, end = edges.min(axis=0), edges.max(axis=0)
    placed: NDArray[np.float64] = start + points * (end - start)
    return placed


def _curve(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a smooth line through points (Catmull-Rom), closed where the last is the first."""
    is_closed = bool(np.allclose(points[0], points[-1]))
    before = points[-2] if is_closed else 2 * points[0] - points[1]
    after = points[1] if is_closed else 2 * points[-1] - points[-2]
    knots = np.vstack([before, points, after])
    share = np.linspace(0.0, 1.0, CURVE_STEPS, endpoint=False)[:, None]
    parts = []
    for n in range(1, len(knots) - 2):
        a, b, c, d = knots[n - 1 : n + 3]
        bend = 2 * b + (c - a) * share + (2 * a - 5 * b + 4 * c - d) * share**2
        parts.append((bend + (3 * b - a - 3 * c + d) * share**3) / 2)
    curve: NDArray[np.float64] = np.vstack([*parts, points[-1:]])
    return curve


def _middle(area: DisplayedArea) -> NDArray[np.float64]:
    ends = np.array([area.top_left, area.bottom_right], dtype=np.float64)
    middle: NDArray[np.float64] = ends.mean(axis=0) - 1
    return middle


def _is_whole(area: DisplayedArea, stack: PlaneStack) -> bool:
    rows, columns = stack.shape_rc
    ends = np.array([area.top_left, area.bottom_right])
    low, high = ends.min(axis=0).tolist(), ends.max(axis=0).tolist()
    return area.fit is Fit.SCALE_TO_FIT and low == [1, 1] and high == [columns, rows]


def _zoom(
    area: DisplayedArea,
    stack: PlaneStack,
    turn: Turn,
    size_canvas: tuple[float, float],
    screen_px_per_mm: float,
) -> float:
    finest = min(stack.spacing_rc_mm)
    if area.fit is Fit.MAGNIFY:
        return area.magnification
    if area.fit is Fit.TRUE_SIZE:
        wanted = area.spacing_rc_mm
        return screen_px_per_mm * (finest if stack.has_millimetres or not wanted else min(wanted))
    width = (abs(area.bottom_right[0] - area.top_left[0]) + 1) * stack.spacing_rc_mm[1] / finest
    height = (abs(area.bottom_right[1] - area.top_left[1]) + 1) * stack.spacing_rc_mm[0] / finest
    if turn.rotation_deg in (90, 270):
        width, height = height, width
    return min(size_canvas[0] / width, size_canvas[1] / height)
