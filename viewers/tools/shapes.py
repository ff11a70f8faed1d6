"""The lines a mark is made of: where they run, what the pointer hits, where its words stand.

Coordinates are any flat ones (millimetres of a plane, pixels of a canvas): every function here
holds for all of them, because a plane is laid onto a canvas by an affine map.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from workstation.core.measurement import MeasurementKind

ELLIPSE_STEPS = 72
"""Corners an ellipse is drawn with: one per 5 degrees, smooth at any size of a screen."""

GAP_CANVAS = 8.0
"""Space between a mark and its words, canvas pixels."""

CENTER_SHARE = 0.12
"""Half the share of the canvas around its middle that words keep free."""

FAR_STEPS = 4
"""How many times its height the words of a mark may be moved away from those of another."""

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, width and height on the canvas."""

CLOSED = frozenset(
    {
        MeasurementKind.ELLIPSE,
        MeasurementKind.RECTANGLE,
        MeasurementKind.FREEHAND,
        MeasurementKind.POLYGON,
    }
)
"""Kinds whose outline encloses an area."""

REGIONS = CLOSED | {MeasurementKind.SPHERE}
"""Kinds that have statistics."""

HANDLE_FREE = frozenset({MeasurementKind.FREEHAND})
"""Kinds with too many points for each to be a handle; they are moved as a whole."""


@dataclass(frozen=True, slots=True)
class Hit:
    """What of a mark lies under the pointer.

    Attributes:
        measurement_id: the mark.
        handle: number of the point; None for the line between points.
    """

    measurement_id: str
    handle: int | None


def ellipse(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the ellipse inside four corners (4, 2) as a closed line (n, 2)."""
    center = corners.mean(axis=0)
    first, second = (corners[1] - corners[0]) / 2, (corners[3] - corners[0]) / 2
    turn = np.linspace(0.0, 2 * np.pi, ELLIPSE_STEPS, endpoint=False)
    outline: NDArray[np.float64] = (
        center + np.cos(turn)[:, None] * first + np.sin(turn)[:, None] * second
    )
    return outline


def circle(center: NDArray[np.float64], radius: float) -> NDArray[np.float64]:
    """Return a circle as a closed line (n, 2)."""
    square = np.array([(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)])
    return ellipse(center + radius * square)


def strokes(kind: MeasurementKind, points: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Return the lines of a mark, each (n, 2); a closed one ends where it begins.

    Args:
        kind: of the mark.
        points: its points, (n, 2); of a mark that is not finished also fewer.
    """
    if len(points) < 2:
        return ()
    match kind:
        case MeasurementKind.ELLIPSE if len(points) == 4:
            return (_closed(ellipse(points)),)
        case MeasurementKind.SPHERE:
            return (_closed(circle(points[0], float(np.linalg.norm(points[1] - points[0])))),)
        case MeasurementKind.COBB | MeasurementKind.BIDIRECTIONAL:
            return tuple(points[n : n + 2] for n in range(0, len(points) - 1, 2))
        case _ if kind in CLOSED:
            return (_closed(points),)
        case _:
            return (points,)


def hit(
    measurement_id: str,
    kind: MeasurementKind,
    points: NDArray[np.float64],
    at: tuple[float, float],
    *,
    reach: float,
) -> Hit | None:
    """Return what of a mark lies within a reach of a point; handles before lines."""
    here = np.array(at)
    if kind not in HANDLE_FREE:
        away = np.linalg.norm(points - here, axis=1)
        if float(away.min()) <= reach:
            return Hit(measurement_id, int(away.argmin()))
    for stroke in strokes(kind, points):
        if distance_to_line(stroke, here) <= reach:
            return Hit(measurement_id, None)
    return None


def distance_to_line(line: NDArray[np.float64], at: NDArray[np.float64]) -> float:
    """Return the distance of a point from a line of straight pieces (n, 2)."""
    start, step = line[:-1], np.diff(line, axis=0)
    length = np.maximum((step**2).sum(axis=1), 1e-12)
    share = np.clip(((at - start) * step).sum(axis=1) / length, 0.0, 1.0)
    foot = start + share[:, None] * step
    return float(np.linalg.norm(foot - at, axis=1).min())


def label_place(
    points_canvas: NDArray[np.float64],
    size_label: tuple[float, float],
    size_canvas: tuple[float, float],
    taken: Sequence[Box] = (),
) -> tuple[float, float]:
    """Return the top left corner of a mark's words: beside it, never over the canvas' middle.

    Args:
        points_canvas: of its outline, (n, 2).
        size_label: width and height of the words.
        size_canvas: width and height of the canvas.
        taken: where other words stand; kept free as long as there is room.
    """
    low, high = points_canvas.min(axis=0), points_canvas.max(axis=0)
    fitting = [
        (float(x), float(y))
        for x, y in _choices(low, high, size_label)
        if 0 <= x <= size_canvas[0] - size_label[0]
        and 0 <= y <= size_canvas[1] - size_label[1]
        and not _covers_middle(x, y, size_label, size_canvas)
    ]
    free = [place for place in fitting if not any(_meets(place, size_label, box) for box in taken)]
    if free or fitting:
        return (free or fitting)[0]
    x, y = _aside(low, high, size_label, size_canvas)
    away = -1 if y < size_canvas[1] / 2 else 1
    rows = [(x, y + away * step * size_label[1]) for step in range(FAR_STEPS + 1)]
    inside = [place for place in rows if 0 <= place[1] <= size_canvas[1] - size_label[1]]
    free = [place for place in inside if not any(_meets(place, size_label, box) for box in taken)]
    return free[0] if free else (x, y)


def _choices(
    low: NDArray[np.float64], high: NDArray[np.float64], size_label: tuple[float, float]
) -> list[tuple[float, float]]:
    """Return places around a mark, the best first: beside it, above, below, then further off."""
    width, height = size_label
    right, left = high[0] + GAP_CANVAS, low[0] - GAP_CANVAS - width
    middle = (low[0] + high[0] - width) / 2
    around = [
        (right, low[1] - height / 2),
        (left, low[1] - height / 2),
        (middle, low[1] - GAP_CANVAS - height),
        (middle, high[1] + GAP_CANVAS),
        (right, high[1]),
        (left, high[1]),
    ]
    further = [
        (x, y + sign * steps * height)
        for steps in range(1, FAR_STEPS + 1)
        for sign in (-1, 1)
        for x, y in around[:2]
    ]
    return [*around, *further]


def _meets(place: tuple[float, float], size: tuple[float, float], box: Box) -> bool:
    (x, y), (left, top, width, height) = place, box
    return x < left + width and x + size[0] > left and y < top + height and y + size[1] > top


def _covers_middle(
    x: float, y: float, size_label: tuple[float, float], size_canvas: tuple[float, float]
) -> bool:
    (width, height), (whole_x, whole_y) = size_label, size_canvas
    in_x = x < whole_x * (0.5 + CENTER_SHARE) and x + width > whole_x * (0.5 - CENTER_SHARE)
    in_y = y < whole_y * (0.5 + CENTER_SHARE) and y + height > whole_y * (0.5 - CENTER_SHARE)
    return in_x and in_y


def _aside(
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    size_label: tuple[float, float],
    size_canvas: tuple[float, float],
) -> tuple[float, float]:
    """Return a place above or below the middle of the canvas, on the side of the mark."""
    x = min(max(float(high[0]) + GAP_CANVAS, 0.0), max(size_canvas[0] - size_label[0], 0.0))
    is_above = (low[1] + high[1]) / 2 < size_canvas[1] / 2
    share = 0.5 - CENTER_SHARE if is_above else 0.5 + CENTER_SHARE
    y = size_canvas[1] * share - (size_label[1] if is_above else 0.0)
    return x, float(min(max(y, 0.0), max(size_canvas[1] - size_label[1], 0.0)))


def _closed(line: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([line, line[:1]])
