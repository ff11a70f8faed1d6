"""A line drawn through the patient, and how the picture straightened along it is looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace

from viewers.state.slab import Slab
from workstation.core.measurement import PointMm

FEWEST_POINTS = 2
"""A line needs two points; with two it is straight."""

WIDTH_MM = 60.0
"""Width of the straightened picture at first: a vessel, a duct or a spine with what lies beside."""

WIDTHS_MM = (20.0, 30.0, 40.0, 60.0, 80.0, 100.0, 150.0, 200.0)
"""Widths a reader can step through."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of a line, in order. Immutable.

    Attributes:
        series_uid: the series it was drawn on; the line is of its frame of reference.
        frame_of_reference_uid: in which the points are; an empty one holds for this series alone.
        points_mm: LPS.
        is_ended: the reader has ended it; points can still be moved.
    """

    series_uid: str
    frame_of_reference_uid: str
    points_mm: tuple[PointMm, ...] = ()
    is_ended: bool = False

    @property
    def is_line(self) -> bool:
        """Whether there are enough points."""
        return len(self.points_mm) >= FEWEST_POINTS

    def placed(self, point_mm: PointMm) -> Curve:
        """Return the line with one more point; the same place twice is one point."""
        if self.points_mm and self.points_mm[-1] == point_mm:
            return self
        return replace(self, points_mm=(*self.points_mm, point_mm))

    def taken_back(self) -> Curve:
        """Return the line without its last point."""
        return replace(self, points_mm=self.points_mm[:-1], is_ended=False)

    def moved(self, index: int, point_mm: PointMm) -> Curve:
        """Return the line with one point elsewhere; the same if it would fall on a neighbor."""
        beside = self.points_mm[max(index - 1, 0) : index] + self.points_mm[index + 1 : index + 2]
        if point_mm in beside:
            return self
        points = (*self.points_mm[:index], point_mm, *self.points_mm[index + 1 :])
        return replace(self, points_mm=points)

    def ended(self) -> Curve:
        """Return the line as ended; itself where it has too few points."""
        return replace(self, is_ended=True) if self.is_line else self


@dataclass(frozen=True, slots=True)
class CurvedLook:
    """How the straightened picture is looked at.

    Attributes:
        at_mm: place of the cross-section, along the line from its first point.
        rotation_deg: by which the plane of the picture is turned about the line.
        width_mm: of the picture, across the line.
        slab: what is projected, perpendicular to the picture; None for a single sheet.
    """

    at_mm: float = 0.0
    rotation_deg: float = 0.0
    width_mm: float = WIDTH_MM
    slab: Slab | None = None

    def __post_init__(self) -> None:
        if not self.width_mm > 0:
            raise ValueError("a picture is wider than nothing")

    def turned(self, degrees: float) -> CurvedLook:
        """Return the look turned further about the line."""
        return replace(self, rotation_deg=(self.rotation_deg + degrees) % 360)

    def widened(self, steps: int) -> CurvedLook:
        """Return the look some steps wider, or narrower."""
        nearest = min(range(len(WIDTHS_MM)), key=lambda n: abs(WIDTHS_MM[n] - self.width_mm))
        at = min(max(nearest + steps, 0), len(WIDTHS_MM) - 1)
        return replace(self, width_mm=WIDTHS_MM[at])
