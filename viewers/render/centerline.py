"""A smooth line through points of the patient, and directions across it that do not twist.

Sources: the line is a centripetal Catmull-Rom spline, which has no loops or cusps between points:
Yuksel, Schaefer, Keyser, Parameterization and applications of Catmull-Rom curves, CAD 43 (2011),
doi:10.1016/j.cad.2010.08.008, evaluated by the pyramid of Barry and Goldman (SIGGRAPH 1988,
doi:10.1145/54852.378511). The directions are a rotation-minimizing frame by double reflection:
Wang, Juettler, Zheng, Liu, Computation of rotation minimizing frames, ACM TOG 27 (2008),
doi:10.1145/1330511.1330513.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CENTRIPETAL = 0.5
"""Power of the distance between points in the parameter of the spline."""

PER_SPAN = 64
"""Chords a span is first cut into: the length of a quarter circle then is right to 0.01 %."""

SAME_MM = 1e-6
"""Points nearer than this are one."""


@dataclass(frozen=True, slots=True, eq=False)
class Centerline:
    """A line at even steps. Immutable; any thread.

    Attributes:
        points_mm: (m, 3) LPS, evenly spaced along the line from its first point to its last.
        tangents: (m, 3) unit directions along it.
        right: (m, 3) unit directions across it that do not twist about it.
        length_mm: of the line, from the positions themselves.
    """

    points_mm: NDArray[np.float64]
    tangents: NDArray[np.float64]
    right: NDArray[np.float64]
    length_mm: float

    @property
    def step_mm(self) -> float:
        """Distance between two points along the line."""
        return self.length_mm / (len(self.points_mm) - 1)

    def index_at(self, at_mm: float) -> int:
        """Return the point nearest to a place along the line."""
        return int(np.clip(np.rint(at_mm / self.step_mm), 0, len(self.points_mm) - 1))

    def across(self, rotation_deg: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return two unit directions across the line, square to each other, turned about it.

        Args:
            rotation_deg: clockwise as one looks along the line.

        Returns:
            To the right in the straightened picture, and away from the reader; (m, 3) each.
        """
        other = np.cross(self.tangents, self.right)
        angle = np.deg2rad(rotation_deg)
        right = np.cos(angle) * self.right + np.sin(angle) * other
        return right, np.cross(self.tangents, right)


def centerline(points_mm: NDArray[np.float64], step_mm: float) -> Centerline:
    """Return the smooth line through points (n, 3), at steps of about ``step_mm``.

    Raises:
        ValueError: fewer than two different points.
    """
    apart = np.linalg.norm(np.diff(points_mm, axis=0), axis=1) > SAME_MM
    points = points_mm[np.concatenate([[True], apart])]
    if len(points) < 2:
        raise ValueError("a line needs two points")
    dense = _spline(points)
    lengths = np.linalg.norm(np.diff(dense, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    count = max(int(np.ceil(along[-1] / step_mm)) + 1, 2)
    even = np.linspace(0.0, along[-1], count)
    line = np.stack([np.interp(even, along, dense[:, axis]) for axis in range(3)], axis=1)
    tangents = _tangents(line)
    return Centerline(line, tangents, _untwisted(line, tangents), float(along[-1]))


def _spline(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return points (n, 3) joined by PER_SPAN chords each."""
    before, after = _beyond(points), _beyond(points[::-1])
    padded = np.concatenate([before[None], points, after[None]])
    knots = np.concatenate(
        [[0.0], np.cumsum(np.linalg.norm(np.diff(padded, axis=0), axis=1) ** CENTRIPETAL)]
    )
    share = np.arange(PER_SPAN)[:, None] / PER_SPAN
    spans = []
    for n in range(len(points) - 1):
        t0, t1, t2, t3 = knots[n : n + 4]
        p0, p1, p2, p3 = padded[n : n + 4]
        t = t1 + share * (t2 - t1)
        a1 = (t1 - t) / (t1 - t0) * p0 + (t - t0) / (t1 - t0) * p1
        a2 = (t2 - t) / (t2 - t1) * p1 + (t - t1) / (t2 - t1) * p2
        a3 = (t3 - t) / (t3 - t2) * p2 + (t - t2) / (t3 - t2) * p3
        b1 = (t2 - t) / (t2 - t0) * a1 + (t - t0) / (t2 - t0) * a2
        b2 = (t3 - t) / (t3 - t1) * a2 + (t - t1) / (t3 - t1) * a3
        spans.append((t2 - t) / (t2 - t1) * b1 + (t - t1) / (t2 - t1) * b2)
    return np.concatenate([*spans, points[-1:]])


def _beyond(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return where a line through points would have come from: it bends on as it begins."""
    if len(points) == 2:
        straight: NDArray[np.float64] = 2 * points[0] - points[1]
        return straight
    first, second = points[1] - points[0], points[2] - points[1]
    # The chord before the first is the second one mirrored at the first: a circle goes on round.
    unit = first / np.linalg.norm(first)
    mirrored: NDArray[np.float64] = 2 * float(second @ unit) * unit - second
    size = float(np.linalg.norm(first) / np.linalg.norm(second))
    beyond: NDArray[np.float64] = points[0] - mirrored * size
    return beyond


def _tangents(line: NDArray[np.float64]) -> NDArray[np.float64]:
    slopes = np.gradient(line, axis=0, edge_order=2 if len(line) > 2 else 1)
    sizes = np.linalg.norm(slopes, axis=1, keepdims=True)
    unit: NDArray[np.float64] = slopes / np.maximum(sizes, 1e-12)
    # Where a line turns back on itself its slope is nothing there: it goes on as it came.
    for n in np.flatnonzero(sizes[:, 0] <= SAME_MM):
        if n:
            unit[n] = unit[n - 1]
    return unit


def _untwisted(line: NDArray[np.float64], tangents: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return directions across a line, each carried from the one before by two reflections."""
    right = np.empty_like(line)
    right[0] = _first_across(tangents[0])
    for n in range(len(line) - 1):
        chord = line[n + 1] - line[n]
        squared = float(chord @ chord)
        if squared == 0.0:  # a line that turns back on itself may meet itself between two steps
            right[n + 1] = right[n]
            continue
        scale = 2.0 / squared
        turned = right[n] - scale * float(chord @ right[n]) * chord
        ahead = tangents[n] - scale * float(chord @ tangents[n]) * chord
        bend = tangents[n + 1] - ahead
        size = float(bend @ bend)
        if size > 0.0:
            turned = turned - 2.0 / size * float(bend @ turned) * bend
        right[n + 1] = turned / np.linalg.norm(turned)
    return right


def _first_across(tangent: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the patient's left as far as it lies across the line; back where the line runs so."""
    axis = np.eye(3)[0 if abs(tangent[0]) < 0.9 else 1]
    across = axis - float(axis @ tangent) * tangent
    unit: NDArray[np.float64] = across / np.linalg.norm(across)
    return unit
