"""Oblique planes: a cut through the patient, and three planes turned together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Vector = tuple[float, float, float]

UNIT_TOLERANCE = 1e-6
"""How far directions may be from unit length and from a right angle: rounding of many turns."""


def cross(first: Sequence[float], second: Sequence[float]) -> NDArray[np.float64]:
    """Return the cross product of two directions, (3,): of three numbers numpy's own is slow."""
    x1, y1, z1 = first
    x2, y2, z2 = second
    return np.array([y1 * z2 - z1 * y2, z1 * x2 - x1 * z2, x1 * y2 - y1 * x2], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Cut:
    """A plane of any direction through the patient.

    Attributes:
        center_mm: LPS point that one slice along the normal passes through.
        right, down: unit directions in which columns and rows grow, at right angles.
    """

    center_mm: Vector
    right: Vector
    down: Vector

    def __post_init__(self) -> None:
        axes = np.array([self.right, self.down])
        if np.abs(axes @ axes.T - np.eye(2)).max() > UNIT_TOLERANCE:
            raise ValueError("the directions of a cut are unit vectors at right angles")

    @property
    def normal(self) -> NDArray[np.float64]:
        """Unit direction away from the reader, (3,)."""
        return cross(self.right, self.down)

    def through(self, point_mm: Vector) -> Cut:
        """Return the parallel cut through another point."""
        return replace(self, center_mm=point_mm)

    def rotated(self, axis: NDArray[np.float64], angle_rad: float) -> Cut:
        """Return the cut turned about an axis through its center."""
        turn = rotation(axis, angle_rad)
        right = turn @ np.array(self.right)
        down = turn @ np.array(self.down)
        # Rounding must not add up over thousands of small turns of the hand.
        right /= np.linalg.norm(right)
        down -= (down @ right) * right
        down /= np.linalg.norm(down)
        return Cut(self.center_mm, vector(right), vector(down))


@dataclass(frozen=True, slots=True)
class TurnedPlanes:
    """Three planes at right angles to each other, as a reader has turned them.

    Their centers say nothing: every plane passes through the crosshair.
    """

    axial: Cut
    coronal: Cut
    sagittal: Cut

    def turned(self, about: int, angle_rad: float) -> TurnedPlanes:
        """Return the planes after the two others are turned about the normal of one.

        Args:
            about: 0 axial, 1 coronal, 2 sagittal; this one stays.
            angle_rad: right-handed about its normal.
        """
        cuts = [self.axial, self.coronal, self.sagittal]
        axis = cuts[about].normal
        axial, coronal, sagittal = (
            cut if n == about else cut.rotated(axis, angle_rad) for n, cut in enumerate(cuts)
        )
        return TurnedPlanes(axial, coronal, sagittal)

    @property
    def cuts(self) -> tuple[Cut, Cut, Cut]:
        """The planes in order: axial, coronal, sagittal."""
        return self.axial, self.coronal, self.sagittal


def rotation(axis: NDArray[np.float64], angle_rad: float) -> NDArray[np.float64]:
    """Return the (3, 3) right-handed rotation about a unit axis (Rodrigues)."""
    x, y, z = axis
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    turn: NDArray[np.float64] = (
        np.eye(3) + np.sin(angle_rad) * cross + (1 - np.cos(angle_rad)) * (cross @ cross)
    )
    return turn


def vector(values: NDArray[np.float64]) -> Vector:
    """Return three numbers as a value."""
    return float(values[0]), float(values[1]), float(values[2])
