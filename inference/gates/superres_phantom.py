"""Objects in closed form for the gates of super-resolvers, as thick slices and as the truth.

Edges fall off as a logistic curve, softly as a scanner shows them. A volume is drawn at many points
per cell along the slice normal, or per pixel in the planes, and averaged: by the slice profile for
the scan, by boxes for the truth. Nothing here is shared with training.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from inference.ops.slice_profile import cell_weights
from inference.tasks.super_resolve import Direction

SIZE_PX = 96
"""Edge of a scanned slice."""

COUNT = 14
"""Scanned slices of the through-plane phantom; in the planes slices change slowly, and fewer do."""

FEW = 5

SPACING_MM = 4.0
"""Spacing of the slices; pixels have 1 mm."""

POINTS = 16
"""Points per slice along its normal, 8 per cell of the truth."""

DENSE = 6
"""Points per scanned pixel along each side in the planes, 3 per pixel of the truth."""

SOFTNESS_MM = 0.35
"""Width of the logistic edge; from 10 to 90 % it is four times that."""

BASE = {"CT": 40.0, "MR": 400.0}
"""Value around the objects: soft tissue, or an ordinary signal."""

BALL_MM = 20.0
"""Diameter of the ball that is measured: five slices of it."""

BALL_CONTRAST = 100.0

Grid: TypeAlias = NDArray[Any]
Stack = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Profile:
    """Slice thickness over spacing, and 0 for a box to 1 for a Gaussian."""

    ratio: float = 1.0
    shape: float = 0.0

    @property
    def words(self) -> str:
        """What it is called."""
        return f"{'Gaussian' if self.shape else 'box'} {self.ratio:g}"


@dataclass(frozen=True, slots=True)
class Ball:
    """An ellipsoid: middle (z, row, column) and half axes in mm, and what it adds."""

    middle_mm: tuple[float, float, float]
    halves_mm: tuple[float, float, float]
    value: float

    def at(self, z: Grid, row: Grid, column: Grid) -> Grid:
        """Return what it adds at points."""
        near = [
            (axis - at) / half
            for axis, at, half in zip((z, row, column), self.middle_mm, self.halves_mm, strict=True)
        ]
        reach = np.sqrt(near[0] ** 2 + near[1] ** 2 + near[2] ** 2)
        return self.value * _inside((1 - reach) * min(self.halves_mm))


@dataclass(frozen=True, slots=True)
class Tube:
    """A rod: where it crosses z = 0, its drift in mm per mm of z, its radius, what it adds."""

    start_mm: tuple[float, float]
    drift: tuple[float, float]
    radius_mm: float
    value: float

    def at(self, z: Grid, row: Grid, column: Grid) -> Grid:
        """Return what it adds at points."""
        across = np.hypot(
            row - self.start_mm[0] - self.drift[0] * z,
            column - self.start_mm[1] - self.drift[1] * z,
        )
        lean = np.sqrt(1 + self.drift[0] ** 2 + self.drift[1] ** 2)
        return self.value * _inside((self.radius_mm - across) / lean)


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """A phantom as scanned and as it is, both ``[k, j, i]``."""

    coarse: Stack
    truth: Stack
    profile: Profile
    direction: Direction


def measured_ball(direction: Direction) -> Ball:
    """Return the ball that is measured, off the middle of its slice and pixel."""
    depth = SPACING_MM * (COUNT // 2 + 0.2)
    radius = BALL_MM / 2
    # In the planes a rod stands for it, which all slices show alike.
    tall = radius if direction is Direction.THROUGH_PLANE else 1e4
    return Ball(
        (depth, SIZE_PX / 2 + 0.3, SIZE_PX / 2 - 0.2), (tall, radius, radius), BALL_CONTRAST
    )


def scene() -> tuple[Ball | Tube, ...]:
    """Return vessels that lean, and lesions of many sizes, drawn once and for all."""
    random = np.random.default_rng(7)
    found: list[Ball | Tube] = []
    for value in (300.0, 200.0, -80.0, 120.0, -120.0, 60.0):
        start = random.uniform(0.25, 0.75, 2) * SIZE_PX
        drift = random.uniform(-0.8, 0.8, 2)
        radius = float(random.uniform(1.5, 5))
        found.append(Tube((start[0], start[1]), (drift[0], drift[1]), radius, value))
    for value in (150.0, -60.0, 90.0, 400.0, -100.0, 50.0, 200.0, -150.0):
        k, j, i = random.uniform(0.15, 0.85, 3)
        halves = random.uniform(2.0, 9.0, 3)
        middle = (k * COUNT * SPACING_MM, j * SIZE_PX, i * SIZE_PX)
        found.append(Ball(middle, (halves[0], halves[1], halves[2]), value))
    return tuple(found)


def scanned(
    objects: tuple[Ball | Tube, ...], *, base: float, direction: Direction, profile: Profile
) -> Scan:
    """Return objects over a base as a scanner of the profile shows them, and the truth."""
    if direction is Direction.IN_PLANE:
        return _pixels(objects, base)
    fine = _through(objects, base)
    truth = fine.reshape(2 * COUNT, POINTS // 2, SIZE_PX, SIZE_PX).mean(axis=1)
    weights = cell_weights(profile.ratio, profile.shape, POINTS)
    matrix = np.zeros((COUNT, COUNT * POINTS))
    for k in range(COUNT):
        first = POINTS * k + POINTS // 2 - weights.size // 2
        for n, weight in enumerate(weights):
            matrix[k, min(max(first + n, 0), matrix.shape[1] - 1)] += weight
    coarse = np.tensordot(matrix, fine, axes=1)
    return Scan(coarse.astype(np.float32), truth.astype(np.float32), profile, direction)


def _through(objects: tuple[Ball | Tube, ...], base: float) -> Grid:
    """Return (points of z, rows, columns)."""
    z = (np.arange(COUNT * POINTS) + 0.5) * SPACING_MM / POINTS
    axis = np.arange(SIZE_PX) + 0.5
    fine = np.full((z.size, SIZE_PX, SIZE_PX), base)
    for each in objects:
        fine += each.at(z[:, None, None], axis[None, :, None], axis[None, None, :])
    return fine


def _pixels(objects: tuple[Ball | Tube, ...], base: float) -> Scan:
    axis: Grid = (np.arange(SIZE_PX * DENSE, dtype=np.float64) + 0.5) / DENSE
    rows, columns = axis.reshape(-1, 1), axis.reshape(1, -1)
    planes = []
    for k in range(FEW):
        z = np.full((1, 1), (COUNT / 2 + (k - FEW // 2) / 2) * SPACING_MM)
        plane: Grid = np.full((axis.size, axis.size), base)
        for each in objects:
            plane = plane + each.at(z, rows, columns)
        planes.append(plane)
    dense = np.stack(planes)
    return Scan(_blocks(dense, DENSE), _blocks(dense, DENSE // 2), Profile(), Direction.IN_PLANE)


def _blocks(dense: Grid, size: int) -> Stack:
    count, rows, columns = dense.shape
    squares = dense.reshape(count, rows // size, size, columns // size, size)
    found: Stack = squares.mean(axis=(2, 4)).astype(np.float32)
    return found


def _inside(depth_mm: Grid) -> Grid:
    """Return 0 outside to 1 inside, by the depth under the surface."""
    soft: Grid = 1 / (1 + np.exp(-np.clip(depth_mm / SOFTNESS_MM, -40, 40)))
    return soft
