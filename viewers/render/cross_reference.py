"""Where the slice of one viewport crosses the slice of another: straight lines, in the patient.

A slice is a rectangle in the patient. It crosses another plane in a line, which is drawn only as
far as both rectangles reach: a line beyond the picture that it stands for would tell a lie.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from viewers.render.planes import PlaneStack

LEAST_ANGLE_DEG = 5.0
"""Planes nearer to parallel have no line: it would run through the whole picture while one
scrolls by a slice, and say nothing."""


class LineKind(Enum):
    """Which slice of the other viewport a line stands for."""

    CURRENT = "current"
    END = "end"


Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Patch:
    """One slice as a rectangle in the patient.

    Attributes:
        corners_mm: its four corners in turn, at the outer edges of its pixels.
        kind: which slice it is.
        is_active: it is that of the viewport that keys act on.
    """

    corners_mm: tuple[Vector, Vector, Vector, Vector]
    kind: LineKind = LineKind.CURRENT
    is_active: bool = False


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """A line on a slice: its two ends as (column, row), pixel centers at whole numbers."""

    start_cr: tuple[float, float]
    end_cr: tuple[float, float]
    kind: LineKind = LineKind.CURRENT
    is_active: bool = False


def corners_of(stack: PlaneStack, index: int) -> NDArray[np.float64]:
    """Return the (4, 3) corners of a slice in the patient, at the outer edges of its pixels."""
    right, down = stack.shape_rc[1] - 0.5, stack.shape_rc[0] - 0.5
    ends = np.array([(-0.5, -0.5), (right, -0.5), (right, down), (-0.5, down)])
    return stack.to_patient_mm(index, ends)


def reference_line(stack: PlaneStack, index: int, patch: Patch) -> ReferenceLine | None:
    """Return where a rectangle crosses a slice, within both; None where it does not.

    Args:
        stack: the slices on which the line is drawn.
        index: which of them.
        patch: the other slice, in the frame of these.
    """
    corners = np.array(patch.corners_mm)
    if _is_nearly_parallel(corners, stack.normal):
        return None
    ends = _crossing(corners, (corners - stack.origins_mm[index]) @ stack.normal)
    if ends is None:
        return None
    start, end = stack.to_pixel_cr(index, ends)
    limits = np.array([stack.shape_rc[1] - 0.5, stack.shape_rc[0] - 0.5])
    held = _clipped(start, end, limits)
    if held is None:
        return None
    (c1, r1), (c2, r2) = held
    return ReferenceLine(
        (float(c1), float(r1)), (float(c2), float(r2)), patch.kind, patch.is_active
    )


def _is_nearly_parallel(corners: NDArray[np.float64], normal: NDArray[np.float64]) -> bool:
    other = np.cross(corners[1] - corners[0], corners[3] - corners[0])
    cosine = abs(float(other @ normal)) / float(np.linalg.norm(other))
    return cosine > float(np.cos(np.deg2rad(LEAST_ANGLE_DEG)))


def _crossing(
    corners: NDArray[np.float64], above_mm: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """Return the (2, 3) ends of the line in which a rectangle crosses a plane.

    Args:
        corners: (4, 3) of the rectangle, in turn.
        above_mm: (4,) signed distance of each from the plane.
    """
    found: list[NDArray[np.float64]] = []
    for n in range(4):
        here, there = float(above_mm[n]), float(above_mm[(n + 1) % 4])
        # A corner on the plane counts as above it, so that each crossing is found once.
        if (here >= 0) != (there >= 0):
            share = here / (here - there)
            found.append(corners[n] + share * (corners[(n + 1) % 4] - corners[n]))
    return np.array(found) if len(found) == 2 else None


def _clipped(
    start: NDArray[np.float64], end: NDArray[np.float64], limits: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Return the part of a line inside a picture; None where there is none.

    The picture reaches from -0.5 to the limits (column, row).
    Source: Liang and Barsky, doi 10.1145/357332.357333.
    """
    along = end - start
    first, last = 0.0, 1.0
    for axis in range(2):
        low, high = -0.5 - start[axis], limits[axis] - start[axis]
        if along[axis] == 0:
            if low > 0 or high < 0:
                return None
            continue
        near, far = sorted((low / along[axis], high / along[axis]))
        first, last = max(first, float(near)), min(last, float(far))
    if first >= last:
        return None
    return start + first * along, start + last * along
