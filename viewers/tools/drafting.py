"""A mark while it is being drawn: points placed one after another, by mouse or by keys.

Everything is in a frame of the plane drawn on, so that scrolling away is noticed and zooming does
not move a point.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from viewers.render.planes import PlaneStack
from viewers.state.cuts import Cut
from viewers.state.view_state import Plane, Tool, ViewState
from workstation.core.measurement import MeasurementKind, PointMm

NEEDED: dict[MeasurementKind, int] = {
    MeasurementKind.LENGTH: 2,
    MeasurementKind.BIDIRECTIONAL: 4,
    MeasurementKind.ANGLE: 3,
    MeasurementKind.COBB: 4,
    MeasurementKind.ARROW: 2,
    MeasurementKind.TEXT: 1,
    MeasurementKind.PROBE: 1,
    MeasurementKind.ELLIPSE: 2,
    MeasurementKind.RECTANGLE: 2,
    MeasurementKind.SPHERE: 2,
}
"""Points a reader places; outlines that are missing here take as many as the reader gives."""

LEAST_CORNERS = 3
"""An outline of two points encloses nothing."""

KINDS: dict[Tool, MeasurementKind] = {
    Tool[kind.name]: kind for kind in MeasurementKind if kind.name in Tool.__members__
}
"""The tools that make marks, and which."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A mark that is not finished. Immutable.

    Attributes:
        kind: what it becomes.
        plane: plane it is drawn on.
        slice_index: slice of that plane.
        points_mm: points that are placed.
        here_mm: where the next one would go; None while nothing points.
        cut: how the plane was turned; None for one along the axes of the volume.
    """

    kind: MeasurementKind
    plane: Plane
    slice_index: int
    points_mm: tuple[PointMm, ...] = ()
    here_mm: PointMm | None = None
    cut: Cut | None = None

    def is_on(self, state: ViewState) -> bool:
        """Whether the slice it is drawn on is the one on show."""
        shown = (state.plane, state.slice_index, state.cut)
        return (self.plane, self.slice_index, self.cut) == shown

    @property
    def is_outline(self) -> bool:
        """Whether the reader says when it is finished."""
        return self.kind not in NEEDED

    @property
    def is_full(self) -> bool:
        """Whether no point is missing."""
        return not self.is_outline and len(self.points_mm) >= NEEDED[self.kind]

    @property
    def is_closable(self) -> bool:
        """Whether an outline has enough corners."""
        return self.is_outline and len(self.points_mm) >= LEAST_CORNERS

    def pointing(self, here_mm: PointMm) -> Draft:
        """Return the draft with the next point shown somewhere."""
        return replace(self, here_mm=here_mm)

    def placed(self, point_mm: PointMm) -> Draft:
        """Return the draft with one more point; the same point twice is one."""
        if self.points_mm and self.points_mm[-1] == point_mm:
            return self
        return replace(self, points_mm=(*self.points_mm, point_mm), here_mm=None)

    def shown(self) -> tuple[PointMm, ...]:
        """Return the placed points and the one that is pointed at."""
        here = () if self.here_mm is None or self.is_full else (self.here_mm,)
        return (*self.points_mm, *here)


def final_points(
    kind: MeasurementKind, points_mm: NDArray[np.float64], stack: PlaneStack
) -> NDArray[np.float64] | None:
    """Return the points of a mark from those the reader placed; None where some are missing.

    Two corners become the four of a rectangle along the plane's rows and columns; the short axis
    is made perpendicular to the long one.

    Args:
        kind: of the mark.
        points_mm: points placed (n, 3).
        stack: slices of the plane they lie on.
    """
    if len(points_mm) < NEEDED.get(kind, LEAST_CORNERS):
        return None
    if kind in (MeasurementKind.ELLIPSE, MeasurementKind.RECTANGLE):
        along = _part(points_mm[1] - points_mm[0], stack.right_patient)
        down = _part(points_mm[1] - points_mm[0], stack.down_patient)
        start = points_mm[0]
        return np.stack([start, start + along, start + along + down, start + down])
    if kind is MeasurementKind.BIDIRECTIONAL:
        return square_axes(points_mm)
    return points_mm


def square_axes(points_mm: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return long and short axis (4, 3) with the short one's end moved square to the long one."""
    long = points_mm[1] - points_mm[0]
    size = float(np.linalg.norm(long))
    if size == 0:
        return points_mm
    across = points_mm[3] - points_mm[2]
    square = across - _part(across, long / size)
    return np.stack([*points_mm[:3], points_mm[2] + square])


def _part(step: NDArray[np.float64], direction: NDArray[np.float64]) -> NDArray[np.float64]:
    part: NDArray[np.float64] = float(step @ direction) * direction
    return part
