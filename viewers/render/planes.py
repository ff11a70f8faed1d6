"""The slices of a volume in one plane: where each pixel of each of them is in the patient.

Acquired slices keep their own positions, tilt and uneven gaps. Axial, coronal and sagittal
slices follow the axes of the (regular) grid that lie nearest to the patient's, with square
pixels, in the radiological convention: left of the patient at the right of the screen, front at
the top of an axial slice, head at the top of the others, front at the left of a sagittal one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from viewers.state.view_state import Plane
from workstation.core.geometry import StackGeometry, VolumeGeometry, nearest

THROUGH, RIGHT, DOWN = 0, 1, 2

PATIENT_AXES: dict[Plane, tuple[tuple[int, int], tuple[int, int], tuple[int, int]]] = {
    Plane.AXIAL: ((2, 1), (0, 1), (1, 1)),
    Plane.CORONAL: ((1, 1), (0, 1), (2, -1)),
    Plane.SAGITTAL: ((0, 1), (1, 1), (2, -1)),
}
"""Per plane the patient axis (0 x, 1 y, 2 z) and its sign along through, right and down.

Slices are counted to the head, to the back and to the patient's left.
"""


@dataclass(frozen=True, slots=True)
class GridAxis:
    """One axis of a voxel grid (0 = i, 1 = j, 2 = k) and whether it is walked backwards."""

    axis: int
    is_reversed: bool


@dataclass(frozen=True, eq=False)
class PlaneStack:
    """All slices of one plane. Immutable; any thread. What many frames ask for is kept.

    Attributes:
        plane: which plane.
        shape_rc: rows and columns of each slice.
        spacing_rc_mm: distance between rows, between columns (1 where there are no mm).
        right_patient, down_patient: (3,) unit directions in which columns, rows grow.
        origins_mm: (n, 3) LPS center of the pixel row 0, column 0 of each slice.
        has_millimetres: False where no length may be given.
        is_placed: False where the directions and positions mean nothing in the patient.
        is_resampled: the grid under it was made by interpolation of tilted or uneven slices.
        axes: for a reformat the grid axes through, right and down; empty for acquired slices.
    """

    plane: Plane
    shape_rc: tuple[int, int]
    spacing_rc_mm: tuple[float, float]
    right_patient: NDArray[np.float64]
    down_patient: NDArray[np.float64]
    origins_mm: NDArray[np.float64]
    has_millimetres: bool = True
    is_placed: bool = True
    is_resampled: bool = False
    axes: tuple[GridAxis, ...] = ()

    def __post_init__(self) -> None:
        for array in (self.right_patient, self.down_patient, self.origins_mm):
            array.setflags(write=False)

    @property
    def count(self) -> int:
        """Number of slices."""
        return len(self.origins_mm)

    @cached_property
    def normal(self) -> NDArray[np.float64]:
        """Unit direction away from the reader: right x down; shape (3,)."""
        normal = np.cross(self.right_patient, self.down_patient)
        unit: NDArray[np.float64] = normal / np.linalg.norm(normal)
        unit.setflags(write=False)
        return unit

    @cached_property
    def distances_mm(self) -> NDArray[np.float64]:
        """Place of each slice along the normal; shape (n,)."""
        distances: NDArray[np.float64] = self.origins_mm @ self.normal
        distances.setflags(write=False)
        return distances

    @property
    def center_cr(self) -> NDArray[np.float64]:
        """The middle of a slice as (column, row), pixel centers at whole numbers."""
        return np.array([(self.shape_rc[1] - 1) / 2, (self.shape_rc[0] - 1) / 2])

    def to_patient_mm(self, index: int, cr: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map (column, row) of one slice, shape (..., 2), to patient positions (..., 3)."""
        along = cr[..., :1] * self.spacing_rc_mm[1] * self.right_patient
        down = cr[..., 1:] * self.spacing_rc_mm[0] * self.down_patient
        position: NDArray[np.float64] = self.origins_mm[index] + along + down
        return position

    def to_pixel_cr(self, index: int, xyz_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map patient positions (..., 3), projected onto one slice, to (column, row)."""
        offset = xyz_mm - self.origins_mm[index]
        column = offset @ self.right_patient / self.spacing_rc_mm[1]
        row = offset @ self.down_patient / self.spacing_rc_mm[0]
        return np.stack([column, row], axis=-1)

    def nearest_index(self, xyz_mm: NDArray[np.float64], *, at: int | None = None) -> int:
        """Return the slice whose plane is nearest to a patient position (3,); ``at`` if equal."""
        return nearest(np.abs(self.distances_mm - float(xyz_mm @ self.normal)), at)

    def holds_depth(self, xyz_mm: NDArray[np.float64]) -> bool:
        """Whether a patient position (3,) lies between the first and the last slice."""
        depth, distances = float(xyz_mm @ self.normal), self.distances_mm
        reach = max(self.reach_mm(0), self.reach_mm(self.count - 1))
        return bool(distances.min() - reach <= depth <= distances.max() + reach)

    def reach_mm(self, index: int) -> float:
        """Return how far a point may lie from a slice and still belong to it: half the gap."""
        if self.count < 2:
            return 0.5
        gaps = np.abs(np.diff(self.distances_mm))
        return float(max(gaps[max(index - 1, 0)], gaps[min(index, self.count - 2)])) / 2


def acquired_stack(geometry: StackGeometry) -> PlaneStack:
    """Return the slices as they were acquired."""
    return PlaneStack(
        plane=Plane.ACQUIRED,
        shape_rc=geometry.shape_kji[1:],
        spacing_rc_mm=(geometry.spacing_ij_mm[1], geometry.spacing_ij_mm[0]),
        right_patient=geometry.row_cosines.copy(),
        down_patient=geometry.column_cosines.copy(),
        origins_mm=geometry.positions_mm.copy(),
        has_millimetres=geometry.has_millimetres,
        is_placed=geometry.is_placed,
    )


def reformatted_stack(grid: VolumeGeometry, plane: Plane, *, is_resampled: bool) -> PlaneStack:
    """Return the slices of a regular grid along the grid axes nearest to a patient plane.

    Pixels are square, as fine as the finer of the two grid axes; they end at the last voxel
    center, so nothing is extrapolated.
    """
    axes = grid_axes(grid, plane)
    shape_ijk = grid.shape_kji[::-1]
    spacing = grid.spacing_ijk_mm
    directions = grid.index_to_patient_mm[:3, :3] / spacing
    through, right, down = axes
    pixel_mm = float(min(spacing[right.axis], spacing[down.axis]))
    columns, rows = (
        int((shape_ijk[axis.axis] - 1) * spacing[axis.axis] / pixel_mm + 1e-6) + 1
        for axis in (right, down)
    )
    first = np.array([0.0, 0.0, 0.0])
    for axis in (right, down):
        first[axis.axis] = shape_ijk[axis.axis] - 1 if axis.is_reversed else 0
    count = shape_ijk[through.axis]
    order = np.arange(count)[::-1] if through.is_reversed else np.arange(count)
    corners = np.tile(first, (count, 1))
    corners[:, through.axis] = order
    return PlaneStack(
        plane=plane,
        shape_rc=(rows, columns),
        spacing_rc_mm=(pixel_mm, pixel_mm),
        right_patient=directions[:, right.axis] * (-1 if right.is_reversed else 1),
        down_patient=directions[:, down.axis] * (-1 if down.is_reversed else 1),
        origins_mm=grid.to_patient_mm(corners),
        is_resampled=is_resampled,
        axes=axes,
    )


def grid_axes(grid: VolumeGeometry, plane: Plane) -> tuple[GridAxis, GridAxis, GridAxis]:
    """Return which grid axes run through, right and down in a patient plane.

    The assignment of the three grid axes to x, y, z with the largest sum of cosines is taken,
    so that an oblique grid also gets each axis once.
    """
    cosines = grid.index_to_patient_mm[:3, :3] / grid.spacing_ijk_mm
    best = max(permutations(range(3)), key=lambda p: sum(abs(cosines[x, p[x]]) for x in range(3)))
    through, right, down = (
        GridAxis(best[x], bool(cosines[x, best[x]] * sign < 0)) for x, sign in PATIENT_AXES[plane]
    )
    return through, right, down
