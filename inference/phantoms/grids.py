"""Where a phantom is evaluated: scan grids, and a coarse grid of points inside them.

Anatomy is smooth, so its signed distances are computed at a few millimetres and brought to the
scan by cubic interpolation along each axis of the *scan* (matrix products). The coarse points
follow the slices wherever they lie, so tilted, oblique and uneven stacks need nothing special.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.core.geometry import StackGeometry, VolumeGeometry

F32 = NDArray[np.float32]
Number = np.float32 | float
ScanGrid = VolumeGeometry | StackGeometry

DIRECT_RATIO = 0.9
"""Where the coarse axis would hold more than this share of the scan's samples it takes them all:

interpolation would then cost more than it saves."""


def stack_of(grid: ScanGrid) -> StackGeometry:
    """Return a grid as a stack of slices; a stack is returned as it is."""
    if isinstance(grid, StackGeometry):
        return grid
    matrix = grid.index_to_patient_mm
    spacing = grid.spacing_ijk_mm
    k = np.arange(grid.shape_kji[0], dtype=np.float64)[:, None]
    return StackGeometry(
        shape_kji=grid.shape_kji,
        row_cosines=matrix[:3, 0] / spacing[0],
        column_cosines=matrix[:3, 1] / spacing[1],
        spacing_ij_mm=(float(spacing[0]), float(spacing[1])),
        positions_mm=matrix[:3, 3] + k * matrix[:3, 2],
        frame_of_reference_uid=grid.frame_of_reference_uid,
    )


def axial_grid(
    shape_kji: tuple[int, int, int],
    spacing_ijk_mm: tuple[float, float, float],
    center_mm: tuple[float, float, float] = (0.0, 0.0, 0.0),
    *,
    frame_of_reference_uid: str = "2.25.1",
) -> VolumeGeometry:
    """Return an axial grid (i to the left, j to the back, k to the head) around a centre."""
    matrix = np.eye(4)
    matrix[:3, :3] = np.diag(spacing_ijk_mm)
    half = np.array([(count - 1) / 2 for count in shape_kji[::-1]])
    matrix[:3, 3] = np.asarray(center_mm) - matrix[:3, :3] @ half
    return VolumeGeometry(shape_kji, matrix, frame_of_reference_uid)


def sagittal_grid(
    shape_kji: tuple[int, int, int],
    spacing_ijk_mm: tuple[float, float, float],
    center_mm: tuple[float, float, float] = (0.0, 0.0, 0.0),
    *,
    frame_of_reference_uid: str = "2.25.1",
) -> VolumeGeometry:
    """Return a sagittal grid (i to the back, j to the feet, k to the right) around a centre."""
    matrix = np.eye(4)
    directions = np.array([[0.0, 0.0, -1.0], [1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])
    matrix[:3, :3] = directions * np.asarray(spacing_ijk_mm)
    half = np.array([(count - 1) / 2 for count in shape_kji[::-1]])
    matrix[:3, 3] = np.asarray(center_mm) - matrix[:3, :3] @ half
    return VolumeGeometry(shape_kji, matrix, frame_of_reference_uid)


def tilted_stack(
    shape_kji: tuple[int, int, int],
    spacing_ijk_mm: tuple[float, float, float],
    center_mm: tuple[float, float, float] = (0.0, 0.0, 0.0),
    *,
    tilt_deg: float,
    frame_of_reference_uid: str = "2.25.1",
) -> StackGeometry:
    """Return axial slices of a leaning gantry: the table moves along z, the slices lean.

    ``spacing_ijk_mm[2]`` is the table step, so the gap along the normal is that times the
    cosine of the tilt. A positive tilt has the back of the slice toward the feet.
    """
    angle = np.deg2rad(tilt_deg)
    row = np.array([1.0, 0.0, 0.0])
    column = np.array([0.0, np.cos(angle), -np.sin(angle)])
    count_k, count_j, count_i = shape_kji
    corner = np.asarray(center_mm) - row * spacing_ijk_mm[0] * (count_i - 1) / 2
    corner = corner - column * spacing_ijk_mm[1] * (count_j - 1) / 2
    steps = (np.arange(count_k) - (count_k - 1) / 2) * spacing_ijk_mm[2]
    return StackGeometry(
        shape_kji=shape_kji,
        row_cosines=row,
        column_cosines=column,
        spacing_ij_mm=(spacing_ijk_mm[0], spacing_ijk_mm[1]),
        positions_mm=corner + steps[:, None] * np.array([0.0, 0.0, 1.0]),
        frame_of_reference_uid=frame_of_reference_uid,
    )


@dataclass(frozen=True, slots=True, eq=False)
class CoarseGrid:
    """Points of a scan at which anatomy is evaluated, and the way back to the scan's pixels.

    Attributes:
        stack: the scan.
        depth_mm: (kc,) distances along the normal, measured from the first slice.
        rows, columns: (jc,), (ic,) fractional pixel indices of the coarse points.
        row_weights, column_weights: (J, jc), (I, ic) interpolation matrices; None where the
            coarse axis is the axis of the scan.
    """

    stack: StackGeometry
    depth_mm: F32
    rows: F32
    columns: F32
    row_weights: F32 | None
    column_weights: F32 | None

    @property
    def shape_kji(self) -> tuple[int, int, int]:
        """Number of coarse points along each axis."""
        return (self.depth_mm.size, self.rows.size, self.columns.size)

    def points_xyz_mm(self, *, step: int = 1) -> tuple[F32, F32, F32]:
        """Return x, y, z (LPS) of the coarse points, each (kc, jc, ic)."""
        stack = self.stack
        depth = _sparse(self.depth_mm, step)
        corner = corner_at(stack, depth)
        along_j = _sparse(self.rows, step) * stack.spacing_ij_mm[1]
        along_i = _sparse(self.columns, step) * stack.spacing_ij_mm[0]
        x, y, z = (
            (
                corner[:, axis, None, None]
                + (along_j * stack.column_cosines[axis])[None, :, None]
                + (along_i * stack.row_cosines[axis])[None, None, :]
            ).astype(np.float32)
            for axis in range(3)
        )
        return x, y, z

    def smooth(self, function: Callable[[F32, F32, F32], F32], *, step: int) -> F32:
        """Evaluate a smooth function at every ``step``-th point and interpolate between.

        Args:
            function: x, y, z in mm -> values of the same shape.
            step: how many coarse points to skip; 1 evaluates at all.
        """
        values = function(*self.points_xyz_mm(step=step))
        if step == 1:
            return values
        for axis, full in enumerate((self.depth_mm, self.rows, self.columns)):
            weights = cubic_weights(full, _sparse(full, step))
            values = np.moveaxis(np.tensordot(weights, values, axes=(1, axis)), 0, axis)
        return np.ascontiguousarray(values, dtype=np.float32)

    def depth_weights(self, depth_mm: F32) -> F32:
        """Return the (n, kc) matrix that interpolates along the normal at these depths."""
        return cubic_weights(depth_mm, self.depth_mm)


def coarse_grid(stack: StackGeometry, spacing_mm: float, *, margin_mm: float = 0.0) -> CoarseGrid:
    """Return the coarse grid of a scan with points about ``spacing_mm`` apart.

    Args:
        stack: the scan.
        spacing_mm: wanted distance of the points; axes already as coarse keep their samples.
        margin_mm: how far below the first and above the last slice points are needed
            (half a thick slice).
    """
    depth = stack.distances_mm - stack.distances_mm[0]
    rows, row_weights = _coarse_axis(stack.shape_kji[1], spacing_mm / stack.spacing_ij_mm[1])
    columns, column_weights = _coarse_axis(stack.shape_kji[2], spacing_mm / stack.spacing_ij_mm[0])
    low, high = float(depth[0]) - margin_mm, float(depth[-1]) + margin_mm
    count = max(4, int(np.ceil((high - low) / spacing_mm)) + 1)
    levels = np.linspace(low, high, count)
    if count > DIRECT_RATIO * depth.size and margin_mm == 0.0 and depth.size >= 4:
        levels = depth
    return CoarseGrid(stack, levels.astype(np.float32), rows, columns, row_weights, column_weights)


def cubic_weights(wanted: F32, nodes: F32) -> F32:
    """Return the (wanted, nodes) Catmull-Rom matrix; values beyond the ends are held.

    Nodes ascend; where they are uneven each interval is treated as one unit.
    """
    count = nodes.size
    place = np.interp(wanted, nodes, np.arange(count))
    low = np.clip(np.floor(place).astype(np.intp), 0, max(count - 2, 0))
    t = place - low
    pieces = (
        (-0.5 * t + t**2 - 0.5 * t**3, -1),
        (1 - 2.5 * t**2 + 1.5 * t**3, 0),
        (0.5 * t + 2 * t**2 - 1.5 * t**3, 1),
        (-0.5 * t**2 + 0.5 * t**3, 2),
    )
    weights = np.zeros((wanted.size, count), dtype=np.float64)
    rows = np.arange(wanted.size)
    for value, shift in pieces:
        np.add.at(weights, (rows, np.clip(low + shift, 0, count - 1)), value)
    return weights.astype(np.float32)


def _coarse_axis(count: int, step_px: float) -> tuple[F32, F32 | None]:
    full = np.arange(count, dtype=np.float32)
    coarse = max(4, int(np.ceil((count - 1) / max(step_px, 1e-6))) + 1)
    if coarse > DIRECT_RATIO * count:
        return full, None
    nodes = np.linspace(0, count - 1, coarse, dtype=np.float32)
    return nodes, cubic_weights(full, nodes)


def _sparse(nodes: F32, step: int) -> F32:
    count = max(4, -(-nodes.size // step)) if step > 1 else nodes.size
    if count >= nodes.size:
        return nodes
    return np.linspace(nodes[0], nodes[-1], count, dtype=np.float32)


def corner_at(stack: StackGeometry, depth_mm: F32) -> NDArray[np.float64]:
    """Return (n, 3) corner positions of slices at depths along the normal, extrapolated."""
    own = stack.distances_mm - stack.distances_mm[0]
    if own.size == 1:
        return stack.positions_mm + depth_mm[:, None] * stack.normal
    inner = np.stack([np.interp(depth_mm, own, stack.positions_mm[:, n]) for n in range(3)], 1)
    direction = (stack.positions_mm[-1] - stack.positions_mm[0]) / own[-1]
    beyond = depth_mm - np.clip(depth_mm, own[0], own[-1])
    corners: NDArray[np.float64] = inner + beyond[:, None] * direction
    return corners
