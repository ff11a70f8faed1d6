"""What a reader does to marks that are made: move, bend, copy, delete, walk through them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from viewers.tools.drafting import square_axes
from workstation.core.measurement import Measurement, MeasurementKind, PointMm

LEAST_SIDE_MM = 1e-6
"""A rectangle pulled flat keeps the directions of its sides as long as they are longer."""


def moved(points_mm: NDArray[np.float64], step_mm: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return all points (n, 3) moved by a step (3,)."""
    return points_mm + step_mm


def bent(
    kind: MeasurementKind, points_mm: NDArray[np.float64], handle: int, to_mm: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the points of a mark with one of them pulled somewhere.

    A rectangle keeps its corners square and the opposite one in place; the axes of a
    bidirectional measurement stay square; a sphere pulled at its center goes whole.
    """
    if kind in (MeasurementKind.ELLIPSE, MeasurementKind.RECTANGLE):
        return _pulled_corner(points_mm, handle, to_mm)
    if kind is MeasurementKind.SPHERE and handle == 0:
        return moved(points_mm, to_mm - points_mm[0])
    pulled = points_mm.copy()
    pulled[handle] = to_mm
    if kind is MeasurementKind.BIDIRECTIONAL:
        return _pulled_axis(points_mm, pulled, handle)
    return pulled


def replaced(measurements: Sequence[Measurement], changed: Measurement) -> tuple[Measurement, ...]:
    """Return the marks with one of them in a new form."""
    return tuple(
        changed if one.measurement_id == changed.measurement_id else one for one in measurements
    )


def without(measurements: Sequence[Measurement], measurement_id: str) -> tuple[Measurement, ...]:
    """Return the marks without one of them."""
    return tuple(one for one in measurements if one.measurement_id != measurement_id)


def found(measurements: Sequence[Measurement], measurement_id: str) -> Measurement | None:
    """Return the mark of an id; None where there is none."""
    return next((one for one in measurements if one.measurement_id == measurement_id), None)


def next_id(ids: Sequence[str], selected: str, step: int) -> str:
    """Return the id after (1) or before (-1) the selected one, in a circle; empty for none."""
    if not ids:
        return ""
    if selected not in ids:
        return ids[0 if step > 0 else -1]
    return ids[(ids.index(selected) + step) % len(ids)]


def as_points(points: NDArray[np.float64]) -> tuple[PointMm, ...]:
    """Return positions (n, 3) as plain tuples."""
    return tuple((float(x), float(y), float(z)) for x, y, z in points)


def _pulled_corner(
    corners: NDArray[np.float64], handle: int, to_mm: NDArray[np.float64]
) -> NDArray[np.float64]:
    sides = corners[1] - corners[0], corners[3] - corners[0]
    lengths = [float(np.linalg.norm(side)) for side in sides]
    if min(lengths) < LEAST_SIDE_MM:
        return corners
    along, down = (side / length for side, length in zip(sides, lengths, strict=True))
    fixed = corners[(handle + 2) % 4]
    reach = to_mm - fixed
    wide, high = float(reach @ along), float(reach @ down)
    if min(abs(wide), abs(high)) < LEAST_SIDE_MM:
        return corners
    pulled = corners.copy()
    pulled[handle] = fixed + wide * along + high * down
    is_along = {0: 3, 1: 2, 2: 1, 3: 0}[handle]
    is_down = {0: 1, 1: 0, 2: 3, 3: 2}[handle]
    pulled[is_along] = fixed + wide * along
    pulled[is_down] = fixed + high * down
    return pulled


def _pulled_axis(
    before: NDArray[np.float64], pulled: NDArray[np.float64], handle: int
) -> NDArray[np.float64]:
    """Return both axes square again: the short one follows the long one, or the hand."""
    if handle == 2:  # the first end of the short axis: the other end stays square to it
        return square_axes(pulled)
    if handle == 3:
        return square_axes(pulled)
    old, new = before[1] - before[0], pulled[1] - pulled[0]
    size, normal = float(old @ old), np.cross(old, before[3] - before[2])
    if size == 0 or float(np.linalg.norm(normal)) == 0 or float(new @ new) == 0:
        return pulled
    side = np.cross(normal / np.linalg.norm(normal), new / np.linalg.norm(new))
    side_before = np.cross(normal / np.linalg.norm(normal), old / np.sqrt(size))
    for end in (2, 3):
        share = float((before[end] - before[0]) @ old) / size
        away = float((before[end] - before[0]) @ side_before)
        pulled[end] = pulled[0] + share * new + away * side
    return pulled
