"""The crosshair of three planes: where its lines and handles are, and how a drag turns planes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewers.render.mapping import CanvasMap
from viewers.state.cuts import TurnedPlanes, cross
from viewers.state.view_state import Plane

ORDER = (Plane.AXIAL, Plane.CORONAL, Plane.SAGITTAL)
"""The planes that turn together, in the order of :class:`TurnedPlanes`."""

HANDLE_SHARE = 0.3
"""A handle is this part of the shorter side of the canvas away from the crosshair: far enough to
turn by half a degree, near enough to be on the canvas with the crosshair anywhere in the middle."""

HANDLE_REACH_PX = 12.0
"""A press this near to a handle takes it: the width of a finger's tremble on a trackball."""


@dataclass(frozen=True, slots=True)
class CrossLine:
    """The line in which another plane cuts the one shown.

    Attributes:
        plane: the other plane.
        at_canvas: the crosshair.
        along_canvas: unit direction of the line.
        handles_canvas: where the line is taken to turn the other planes.
    """

    plane: Plane
    at_canvas: tuple[float, float]
    along_canvas: tuple[float, float]
    handles_canvas: tuple[tuple[float, float], tuple[float, float]]


def cross_lines(
    planes: TurnedPlanes,
    shown: Plane,
    point_mm: NDArray[np.float64],
    mapping: CanvasMap,
    size_canvas: tuple[float, float],
) -> tuple[CrossLine, ...]:
    """Return the lines of the two other planes through the crosshair.

    Args:
        planes: the three planes.
        shown: the one of them on the canvas.
        point_mm: the crosshair, (3,).
        mapping: where the slice shown lies on the canvas.
        size_canvas: width, height.
    """
    here = mapping.patient_to_canvas(point_mm)
    normal = planes.cuts[ORDER.index(shown)].normal
    reach = HANDLE_SHARE * min(size_canvas)
    found = []
    for plane, cut in zip(ORDER, planes.cuts, strict=True):
        if plane is shown:
            continue
        common = cross(normal.tolist(), cut.normal.tolist())
        ahead = mapping.patient_to_canvas(point_mm + common) - here
        along = ahead / np.linalg.norm(ahead)
        ends = here + reach * along, here - reach * along
        found.append(CrossLine(plane, _xy(here), _xy(along), (_xy(ends[0]), _xy(ends[1]))))
    return tuple(found)


def takes_handle(lines: tuple[CrossLine, ...], at_canvas: tuple[float, float]) -> bool:
    """Whether a press is on a handle."""
    at = np.array(at_canvas)
    ends = [end for line in lines for end in line.handles_canvas]
    return any(float(np.linalg.norm(at - np.array(end))) <= HANDLE_REACH_PX for end in ends)


def turned_by_drag(
    planes: TurnedPlanes,
    shown: Plane,
    point_mm: NDArray[np.float64],
    from_mm: NDArray[np.float64],
    to_mm: NDArray[np.float64],
) -> TurnedPlanes:
    """Return the planes after a handle was dragged from one point of the shown plane to another.

    Args:
        planes: the planes when the drag began.
        shown: the plane the hand is in; it stays, the two others turn about its normal.
        point_mm: the crosshair, (3,).
        from_mm: where the drag began, (3,).
        to_mm: where it is, (3,).
    """
    about = ORDER.index(shown)
    normal = planes.cuts[about].normal
    before, now = from_mm - point_mm, to_mm - point_mm
    sine, cosine = float(np.cross(before, now) @ normal), float(before @ now)
    if abs(sine) + abs(cosine) == 0:
        return planes
    return planes.turned(about, float(np.arctan2(sine, cosine)))


def _xy(values: NDArray[np.float64]) -> tuple[float, float]:
    return float(values[0]), float(values[1])
