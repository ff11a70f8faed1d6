"""Thick slabs: how slices that lie behind each other become one picture."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Projection(Enum):
    """What a slab shows of the values that lie behind each other."""

    MIP = "mip"
    MINIP = "minip"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Slab:
    """A projection of all slices whose centers lie within half its thickness.

    Attributes:
        projection: largest, smallest or mean value.
        thickness_mm: along the normal of the slices.
    """

    projection: Projection
    thickness_mm: float

    def __post_init__(self) -> None:
        if not self.thickness_mm > 0:
            raise ValueError("a slab is thicker than nothing")


THICKNESSES_MM = (2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200, 300)
"""Steps of the thickness under the wheel and the keys; each is about a quarter over the last."""

USUAL_MM = 10.0
"""Thickness of a slab that was asked for without one: what vessels of a chest CT are read in."""


def thickened(slab: Slab | None, steps: int) -> Slab | None:
    """Return the slab some steps thicker, or thinner; None (no slab) below the thinnest.

    A thickness between two steps goes to the next one in the direction asked for.
    """
    mode = Projection.MIP if slab is None else slab.projection
    now = 0.0 if slab is None else slab.thickness_mm
    for _ in range(abs(steps)):
        if steps > 0:
            now = next((float(t) for t in THICKNESSES_MM if t > now), now)
        else:
            now = next((float(t) for t in reversed(THICKNESSES_MM) if t < now), 0.0)
    return Slab(mode, now) if now > 0 else None


def next_projection(slab: Slab | None) -> Slab | None:
    """Return the next way to project: none, MIP, MinIP, mean, none; the thickness stays."""
    if slab is None:
        return Slab(Projection.MIP, USUAL_MM)
    order = (*Projection, None)
    following = order[order.index(slab.projection) + 1]
    return None if following is None else Slab(following, slab.thickness_mm)
