"""Roundish lesions (nodules, bleeds, white-matter lesions) with a known volume."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.phantoms.grids import F32
from inference.phantoms.noise import Lattice, lattice
from inference.phantoms.painter import Slab, box_around, points_of

DIRECTIONS = 4096
"""Directions over which the shape is integrated; its volume is then right to 0.1 percent."""


@dataclass(frozen=True, slots=True, eq=False)
class Lesion:
    """A star-shaped body: radius as a smooth function of direction.

    Attributes:
        center_mm: (3,) LPS.
        diameter_mm: diameter of the ball of equal volume; exact.
        stretch: relative half axes along x, y, z.
        bumps: noise of the outline.
        roughness: standard deviation of the outline as a share of the radius.
        base_mm: radius before the outline is bent.
    """

    center_mm: NDArray[np.float64]
    diameter_mm: float
    stretch: tuple[float, float, float]
    bumps: Lattice
    roughness: float
    base_mm: float

    @property
    def volume_ml(self) -> float:
        """Exact volume."""
        return float(np.pi / 6 * self.diameter_mm**3 / 1000)

    @property
    def reach_mm(self) -> float:
        """Radius of a ball that holds it."""
        return self.base_mm * max(self.stretch) * (1 + 3 * self.roughness)

    def distance(self, x: F32, y: F32, z: F32) -> F32:
        """Return the signed distance (positive inside) at points in mm."""
        offset = [
            (c - np.float32(self.center_mm[n])) / np.float32(self.stretch[n])
            for n, c in enumerate((x, y, z))
        ]
        length = np.sqrt(offset[0] ** 2 + offset[1] ** 2 + offset[2] ** 2)
        inverse = 1 / np.maximum(length, np.float32(1e-3))
        bump = self.bumps(offset[0] * inverse, offset[1] * inverse, offset[2] * inverse)
        radius = np.float32(self.base_mm) * (1 + np.float32(self.roughness) * bump)
        inside: F32 = (radius - length) * np.float32(min(self.stretch))
        return inside


def lesion(
    center_mm: NDArray[np.float64],
    diameter_mm: float,
    rng: np.random.Generator,
    *,
    roughness: float = 0.07,
    stretch: tuple[float, float, float] = (1.0, 1.0, 1.0),
) -> Lesion:
    """Return a lesion whose volume is exactly that of a ball of ``diameter_mm``."""
    bumps = lattice(rng, 0.9, octaves=1.0, size=16)
    axes = tuple(float(axis) for axis in np.asarray(stretch) / np.prod(stretch) ** (1 / 3))
    n = np.arange(DIRECTIONS) + 0.5
    polar, turn = np.arccos(1 - 2 * n / DIRECTIONS), np.pi * (1 + 5**0.5) * n
    unit = np.stack(
        [np.cos(turn) * np.sin(polar), np.sin(turn) * np.sin(polar), np.cos(polar)]
    ).astype(np.float32)
    mean_cube = float(np.mean((1 + roughness * bumps(unit[0], unit[1], unit[2])) ** 3))
    base = diameter_mm / 2 / mean_cube ** (1 / 3)
    return Lesion(
        np.asarray(center_mm, dtype=np.float64),
        diameter_mm,
        (axes[0], axes[1], axes[2]),
        bumps,
        roughness,
        base,
    )


def lay_lesion(slab: Slab, shape: Lesion, value: float, within: F32 | None = None) -> F32 | None:
    """Lay a lesion into a slab; return its share over the whole slab, None where it is not.

    Args:
        slab: being painted.
        shape: the lesion.
        value: what it is filled with.
        within: share (n, J, I) it is confined to, e.g. the brain.
    """
    box = box_around(slab, shape.center_mm, shape.reach_mm)
    if box is None:
        return None
    # A linear edge adds volume to a small ball; this takes it back to first order.
    offset = -(slab.pixel_mm**2) / (12 * shape.base_mm)
    share = slab.cover(shape.distance(*points_of(slab, box)), offset_mm=offset)
    if within is not None:
        share = share * within[:, box[0], box[1]]
    slab.lay(box, share, value)
    whole = np.zeros_like(slab.image)
    whole[:, box[0], box[1]] = share
    return whole
