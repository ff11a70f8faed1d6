"""What the hand does to a line through the patient: points are placed, found and moved."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from viewers.render.mapping import CanvasMap
from viewers.state.curve import Curve
from workstation.core.geometry import StackGeometry
from workstation.core.measurement import PointMm

REACH_PX = 9.0
"""How near the pointer must come to a point to take it: a little more than to a mark, which has
lines as well."""

NEAR_SLICES = 1.0
"""A point this many slices away still is in reach of the hand; others are shown faintly."""


def begun_on(geometry: StackGeometry, series_uid: str) -> Curve:
    """Return a line without points in the coordinate system of a series."""
    return Curve(series_uid, geometry.frame_of_reference_uid)


def reaches(curve: Curve, geometry: StackGeometry, series_uid: str) -> bool:
    """Whether positions of a line hold in a series."""
    if curve.series_uid == series_uid:
        return True
    uid = curve.frame_of_reference_uid
    return uid != "" and uid == geometry.frame_of_reference_uid


def is_near(curve: Curve, mapping: CanvasMap) -> NDArray[np.bool_]:
    """Return which points of a line lie on the slice on show, or next to it; (n,)."""
    if not curve.points_mm:
        return np.zeros(0, dtype=np.bool_)
    stack, index = mapping.stack, mapping.index
    depth = (np.array(curve.points_mm) - stack.origins_mm[index]) @ stack.normal
    near: NDArray[np.bool_] = np.abs(depth) <= 2 * NEAR_SLICES * stack.reach_mm(index)
    return near


def point_under(curve: Curve, mapping: CanvasMap, at_canvas: tuple[float, float]) -> int | None:
    """Return which point of a line on the slice on show lies under the pointer; None for none."""
    if not curve.points_mm:
        return None
    places = mapping.patient_to_canvas(np.array(curve.points_mm))
    away = np.linalg.norm(places - np.array(at_canvas), axis=1)
    away[~is_near(curve, mapping)] = np.inf
    best = int(away.argmin())
    return best if away[best] <= REACH_PX else None


def point_at(mapping: CanvasMap, at_canvas: tuple[float, float]) -> PointMm | None:
    """Return the patient position under the pointer; None beside the picture."""
    column, row = mapping.canvas_to_pixel(np.array(at_canvas))
    rows, columns = mapping.stack.shape_rc
    if not (-0.5 <= column <= columns - 0.5 and -0.5 <= row <= rows - 0.5):
        return None
    x, y, z = mapping.canvas_to_patient(np.array(at_canvas))
    return (float(x), float(y), float(z))
