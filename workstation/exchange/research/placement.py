"""Where a file without DICOM says its voxels are, and how it is turned for reading.

The stored third axis stays the slice axis. Rows, columns and slices are put in the order in which
radiologists read (to the left, to the back, to the feet), and the geometry is turned with them, so
that each voxel stays at its place in the patient. Nothing is interpolated.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from workstation.core.geometry import StackGeometry, orientation_letters
from workstation.core.verdict import Doubt

ROUNDED_COSINES = 2e-3
"""Largest |dot product| of two axes taken as rounding: 0.1 degrees. A real shear leans more."""

USABLE_MM = (1e-6, 1e4)
"""Distances of voxels that can be meant at all: a nanometer to ten meters."""

FARTHEST_MM = 1e6
"""Farthest place of a voxel from the origin that can be meant: a kilometer."""

PLAUSIBLE_MM = (0.01, 50.0)
"""Distances of voxels between which a length without a unit can be millimeters: from the finest
micro-CT to the coarsest scout."""

UNPLACED = Doubt(
    "no_position",
    "The file does not say how the voxels lie in the patient: no side is marked, "
    "and left and right may be exchanged.",
)
NO_MILLIMETERS = Doubt(
    "no_millimeters", "The file holds no usable distance between voxels: nothing is measured."
)
ASSUMED_MILLIMETERS = Doubt(
    "assumed_millimeters", "The file does not name its unit of length; millimeters are assumed."
)
SHEARED = Doubt(
    "sheared",
    "The voxels are not rectangular (a sheared grid): shapes are distorted and nothing is "
    "measured in millimeters.",
)
_LEFT_BACK_FEET = np.array([1.0, 1.0, -1.0])
"""Signs of x, y, z (LPS) in which rows and columns grow on a radiological image."""


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """What a file says about the place of its voxels.

    Attributes:
        matrix: (4, 4) float64; maps ``(i, j, k, 1)`` to ``(x, y, z, 1)``, mm LPS.
        is_placed: whether its directions are those of the patient.
        has_millimetres: whether its distances can be trusted.
        doubts: what the file leaves open.
    """

    matrix: NDArray[np.float64]
    is_placed: bool = True
    has_millimetres: bool = True
    doubts: tuple[Doubt, ...] = ()

    def doubted(self, *doubts: Doubt) -> Placement:
        """Return the same placement with further doubts."""
        return replace(self, doubts=(*self.doubts, *doubts))


@dataclass(frozen=True, slots=True, eq=False)
class ReadingGrid:
    """A stack in reading order.

    Attributes:
        geometry: where its slices are.
        reversed_kji: which axes of the stored array are reversed to get there.
        doubts: what is doubtful about the place.
    """

    geometry: StackGeometry
    reversed_kji: tuple[bool, bool, bool]
    doubts: tuple[Doubt, ...]


def placed(
    directions: NDArray[np.float64], origin: NDArray[np.float64], *, doubts: tuple[Doubt, ...] = ()
) -> Placement:
    """Return a placement; without position or millimeters where the numbers are no good.

    Args:
        directions: (3, 3); column n is the step along axis n, mm LPS.
        origin: (3,) centre of the first voxel, mm LPS.
        doubts: what is known to be doubtful.
    """
    steps = np.linalg.norm(directions, axis=0)
    is_near = np.isfinite(origin).all() and bool((np.abs(origin) <= FARTHEST_MM).all())
    is_solid = np.isfinite(steps).all() and bool(steps.all())
    if not is_near or not is_solid or not _spans_space(directions / steps):
        return unplaced(np.ones(3), doubts=(*doubts, UNPLACED, NO_MILLIMETERS))
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = directions, origin
    found = Placement(matrix, doubts=doubts)
    return found if is_plausible(steps, USABLE_MM) else without_millimeters(found, NO_MILLIMETERS)


def _spans_space(cosines: NDArray[np.float64]) -> bool:
    """Whether three directions do not lie in one plane."""
    return float(abs(np.linalg.det(cosines))) > ROUNDED_COSINES


def unplaced(
    spacing_ijk_mm: NDArray[np.float64], *, doubts: tuple[Doubt, ...] = (UNPLACED,)
) -> Placement:
    """Return a placement that knows distances at most, no direction."""
    is_known = is_plausible(spacing_ijk_mm, USABLE_MM)
    matrix = np.diag([*(spacing_ijk_mm if is_known else np.ones(3)), 1.0])
    more = () if is_known or NO_MILLIMETERS in doubts else (NO_MILLIMETERS,)
    has_mm = is_known and NO_MILLIMETERS not in doubts
    return Placement(matrix, is_placed=False, has_millimetres=has_mm, doubts=(*doubts, *more))


def is_plausible(
    spacing_mm: NDArray[np.float64], limits_mm: tuple[float, float] = PLAUSIBLE_MM
) -> bool:
    """Whether distances between voxels lie within limits; False for what is no number."""
    low, high = limits_mm
    return bool(np.isfinite(spacing_mm).all()) and bool(
        ((spacing_mm >= low) & (spacing_mm <= high)).all()
    )


def without_millimeters(placement: Placement, doubt: Doubt) -> Placement:
    """Return the same placement with distances that must not be used, and why."""
    known = () if doubt in placement.doubts else (doubt,)
    return replace(placement, has_millimetres=False, doubts=(*placement.doubts, *known))


def reading_grid(shape_ijk: tuple[int, int, int], placement: Placement) -> ReadingGrid:
    """Return the stack of a volume in reading order.

    Args:
        shape_ijk: voxels along each stored axis, the fastest first.
        placement: what the file says.
    """
    if not placement.is_placed:
        return _as_stored(shape_ijk, placement)
    steps = placement.matrix[:3, :3]
    spacing = np.linalg.norm(steps, axis=0)
    row, column, is_sheared = _perpendicular(steps / spacing)
    if is_sheared:
        placement = without_millimeters(placement, SHEARED)
    is_row_reversed, is_column_reversed = _reads_backwards(row), _reads_backwards(column)
    row, column = (-row if is_row_reversed else row), (-column if is_column_reversed else column)
    is_stack_reversed = float(steps[:, 2] @ np.cross(row, column)) < 0
    flips_ijk = (is_row_reversed, is_column_reversed, is_stack_reversed)
    first = [count - 1 if flip else 0 for count, flip in zip(shape_ijk, flips_ijk, strict=True)]
    origin = placement.matrix[:3, 3] + steps @ np.array(first, dtype=np.float64)
    step_k = -steps[:, 2] if is_stack_reversed else steps[:, 2]
    unit = spacing if placement.has_millimetres else _proportions(spacing)
    geometry = StackGeometry(
        (shape_ijk[2], shape_ijk[1], shape_ijk[0]),
        row,
        column,
        (float(unit[0]), float(unit[1])),
        origin + np.arange(shape_ijk[2])[:, None] * step_k,
        frame_of_reference_uid="",
        has_millimetres=placement.has_millimetres,
    )
    doubts = (*placement.doubts, *_tilt(geometry))
    return ReadingGrid(geometry, (is_stack_reversed, is_column_reversed, is_row_reversed), doubts)


def sort_words(grid: ReadingGrid) -> str:
    """Return how the voxels were put in order, in words."""
    if not grid.geometry.is_placed:
        return "as stored in the file; it does not say how they lie in the patient"
    names = [
        name
        for name, flip in zip(
            ("slices", "rows", "columns"),
            grid.reversed_kji,
            strict=True,
        )
        if flip
    ]
    if not names:
        return "as stored in the file"
    right = orientation_letters(grid.geometry.row_cosines)
    down = orientation_letters(grid.geometry.column_cosines)
    return (
        f"as stored in the file, with its {' and '.join(names)} reversed for reading "
        f"(right edge {right}, lower edge {down})"
    )


def _as_stored(shape_ijk: tuple[int, int, int], placement: Placement) -> ReadingGrid:
    spacing = np.diag(placement.matrix)[:3]
    geometry = StackGeometry(
        (shape_ijk[2], shape_ijk[1], shape_ijk[0]),
        np.array([1.0, 0.0, 0.0]),
        np.array([0.0, 1.0, 0.0]),
        (float(spacing[0]), float(spacing[1])),
        np.outer(np.arange(shape_ijk[2]), [0.0, 0.0, float(spacing[2])]),
        frame_of_reference_uid="",
        has_millimetres=placement.has_millimetres,
        is_placed=False,
    )
    return ReadingGrid(geometry, (False, False, False), placement.doubts)


def _perpendicular(
    cosines: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], bool]:
    """Return row and column made exactly perpendicular, and whether they were far from it."""
    row, column = cosines[:, 0], cosines[:, 1]
    lean = float(row @ column)
    # Both are turned by half of the lean (the nearest perpendicular pair in their plane).
    middle, across = row + column, row - column
    middle, across = middle / np.linalg.norm(middle), across / np.linalg.norm(across)
    straight = (middle + across) / np.sqrt(2), (middle - across) / np.sqrt(2)
    return straight[0], straight[1], abs(lean) > ROUNDED_COSINES


def _reads_backwards(direction: NDArray[np.float64]) -> bool:
    """Whether an in-plane axis runs against reading order (to the right, front or head)."""
    axis = int(np.abs(direction).argmax())
    return bool(direction[axis] * _LEFT_BACK_FEET[axis] < 0)


def _proportions(spacing: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return spacing scaled so that columns are 1 apart: the shape is kept, no length is."""
    scaled: NDArray[np.float64] = spacing / spacing[0]
    return scaled


def _tilt(geometry: StackGeometry) -> tuple[Doubt, ...]:
    tilt = geometry.tilt_deg
    if not tilt or not geometry.has_millimetres:
        return ()
    text = f"The slices are stacked at a slant of {tilt:.1f} degrees; other planes are resampled."
    return (Doubt("gantry_tilt", text),)
