"""Tilted or unevenly spaced slices onto a regular, right-angled grid.

The grid keeps the directions of the slices (rows, columns, normal). Each slice is moved inside
its plane by the lean of the stack (the shear of a gantry tilt) and slices are interpolated along
the normal, both linearly. Where slices are missing the grid stays empty. Nothing is stored for a
view: :class:`StackSampling` says for each grid slice which acquired slices it lies between, and
slices are sampled one at a time.

Source: DICOM PS3.3 C.7.6.2.1.1 for the positions; the tilt is read from them and not from
Gantry/Detector Tilt (0018,1120), which is nominal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.core.geometry import GeometryError, StackGeometry, VolumeGeometry
from workstation.core.intensity import IntensityUnit
from workstation.core.provenance import PixelKind, Provenance
from workstation.core.volume import Volume, read_only

SHIFT_TOLERANCE_PX = 0.05
"""A lean smaller than this over the whole stack is rounding of the positions, not a tilt."""

FINEST_STEP_OF_MEDIAN = 8
"""Grid slices are never closer than an eighth of the median gap: two nearly coincident slices
must not ask for thousands of interpolated ones."""

ON_A_SLICE = 1e-3
"""A grid slice this part of a gap away from an acquired one is that slice, but for rounding."""

AIR_HU = -1024
"""What lies outside the acquired slices of a CT; other units take 0."""


@dataclass(frozen=True, slots=True, eq=False)
class StackSampling:
    """How the slices of a regular grid are made from acquired ones. Immutable; any thread.

    Attributes:
        grid: the regular grid.
        below, above: (n,) acquired slices that each grid slice lies between.
        weight: (n,) float32 share of ``above``.
        shift_ij: (k, 2) pixels: grid index = acquired index + shift, per acquired slice.
        is_empty: (n,) grid slices where slices are missing: they are filled, not interpolated.
        is_identity: the acquired slices are the grid; nothing is interpolated.
    """

    grid: VolumeGeometry
    below: NDArray[np.intp]
    above: NDArray[np.intp]
    weight: NDArray[np.float32]
    shift_ij: NDArray[np.float64]
    is_empty: NDArray[np.bool_]
    is_identity: bool

    @property
    def has_shift(self) -> bool:
        """Whether slices must be moved inside their planes."""
        return bool(np.any(self.shift_ij))


def stack_sampling(geometry: StackGeometry) -> StackSampling:
    """Return how a stack becomes a regular grid.

    Raises:
        GeometryError: as ``geometry.why_not_reformattable`` says.
    """
    _refuse_unfit(geometry)
    if geometry.is_regular:
        count = geometry.shape_kji[0]
        own = np.arange(count)
        none = np.zeros(count, dtype=np.float32)
        shift_ij, is_empty = np.zeros((count, 2)), np.zeros(count, dtype=np.bool_)
        return StackSampling(geometry.grid(), own, own, none, shift_ij, is_empty, True)
    shift_ij, first_ij, shape_ij = _lean(geometry)
    distances = geometry.distances_mm - geometry.distances_mm[0]
    step = _step_mm(geometry)
    count = int(distances[-1] / step + 1e-6) + 1
    wanted = np.arange(count) * step
    above = np.clip(np.searchsorted(distances, wanted), 1, len(distances) - 1)
    below = above - 1
    weight = np.clip((wanted - distances[below]) / (distances[above] - distances[below]), 0, 1)
    matrix = np.eye(4)
    matrix[:3, 0] = geometry.row_cosines * geometry.spacing_ij_mm[0]
    matrix[:3, 1] = geometry.column_cosines * geometry.spacing_ij_mm[1]
    matrix[:3, 2] = geometry.normal * step
    matrix[:3, 3] = geometry.positions_mm[0] + matrix[:3, :2] @ first_ij
    grid = VolumeGeometry(
        (count, shape_ij[1], shape_ij[0]), matrix, geometry.frame_of_reference_uid
    )
    is_between = (weight > ON_A_SLICE) & (weight < 1 - ON_A_SLICE)
    is_empty = is_between & ~geometry.is_bridged[below]
    return StackSampling(grid, below, above, weight.astype(np.float32), shift_ij, is_empty, False)


def regularize(volume: Volume, check: Callable[[], None] = lambda: None) -> Volume:
    """Return a volume on a regular grid; the same volume where it is regular already.

    Args:
        volume: a fully loaded volume.
        check: called before each slice; raises to cancel.

    Raises:
        GeometryError: as for :func:`stack_sampling`; parts of the volume were not scanned.
    """
    if volume.filled is not None:
        # A grid of its own would no longer say which voxels were scanned.
        raise GeometryError(
            "This series is not resampled",
            why="parts of it were proposed by a model and not scanned",
        )
    sampling = stack_sampling(volume.geometry)
    if sampling.is_identity:
        return volume
    shape = sampling.grid.shape_kji + volume.voxels.shape[3:]
    voxels = np.empty(shape, dtype=volume.voxels.dtype)
    for n in range(shape[0]):
        check()
        voxels[n] = as_dtype(
            sample_slice(volume.voxels, sampling, n, fill=fill_value(volume)), voxels.dtype
        )
    nearest = np.where(sampling.weight < 0.5, sampling.below, sampling.above)
    return replace(
        volume,
        voxels=read_only(voxels),
        geometry=_stack_of(sampling.grid),
        instance_uids=tuple(volume.instance_uids[k] for k in nearest),
        frame_numbers=tuple(volume.frame_numbers[k] for k in nearest)
        if volume.frame_numbers
        else (),
        provenance=Provenance(
            PixelKind.RESAMPLED, volume.series.series_uid, notes=volume.provenance.notes
        ),
    )


def sample_slice(
    voxels: NDArray[Any], sampling: StackSampling, n: int, *, fill: float
) -> NDArray[Any]:
    """Return grid slice n, (rows, columns[, 3]): the stored array, or float32 if interpolated."""
    if sampling.is_identity:
        stored: NDArray[Any] = voxels[n]
        return stored
    if sampling.is_empty[n]:
        shape = sampling.grid.shape_kji[1:] + voxels.shape[3:]
        return np.full(shape, fill, dtype=np.float32)
    below, above = int(sampling.below[n]), int(sampling.above[n])
    weight = sampling.weight[n]
    low = _moved(voxels[below], sampling, below, fill)
    if weight == 0:
        return low
    high = _moved(voxels[above], sampling, above, fill)
    high -= low
    high *= weight
    high += low
    return high


def sample_row(
    voxels: NDArray[Any], sampling: StackSampling, j: int, *, fill: float
) -> NDArray[Any]:
    """Return the (n, columns[, 3]) section of the grid at row j."""
    if sampling.is_identity:
        section: NDArray[Any] = voxels[:, j]
        return section
    rows = _pick(voxels, j - sampling.shift_ij[:, 1], 1, fill)
    return _stacked(rows, sampling, 0, fill)


def sample_column(
    voxels: NDArray[Any], sampling: StackSampling, i: int, *, fill: float
) -> NDArray[Any]:
    """Return the (n, rows[, 3]) section of the grid at column i."""
    if sampling.is_identity:
        section: NDArray[Any] = voxels[:, :, i]
        return section
    columns = _pick(voxels, i - sampling.shift_ij[:, 0], 2, fill)
    return _stacked(columns, sampling, 1, fill)


def fill_value(volume: Volume) -> float:
    """Return what stands for "nothing was scanned here": padding, air, or 0."""
    if volume.intensity.padding is not None:
        return volume.intensity.padding
    return AIR_HU if volume.intensity.unit is IntensityUnit.HU else 0


def as_dtype(values: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Return values in a dtype, rounded to the nearest where it holds whole numbers."""
    if values.dtype == dtype:
        return values
    if np.issubdtype(dtype, np.integer):
        limits = np.iinfo(dtype)
        whole: NDArray[Any] = np.clip(np.rint(values), limits.min, limits.max).astype(dtype)
        return whole
    return values.astype(dtype)


def _refuse_unfit(geometry: StackGeometry) -> None:
    why = geometry.why_not_reformattable
    if why:
        raise GeometryError(
            "These slices cannot be reformatted", why=why, todo="read them as 2D slices"
        )


def _lean(
    geometry: StackGeometry,
) -> tuple[NDArray[np.float64], NDArray[np.float64], tuple[int, int]]:
    """Return per slice the shift in pixels, the first grid index (i, j), and the grid's size."""
    shape_ij = (geometry.shape_kji[2], geometry.shape_kji[1])
    offset = geometry.positions_mm - geometry.positions_mm[0]
    drift = np.stack([offset @ geometry.row_cosines, offset @ geometry.column_cosines], axis=1)
    drift_px = drift / np.array(geometry.spacing_ij_mm)
    drift_px[:, np.ptp(drift_px, axis=0) < SHIFT_TOLERANCE_PX] = 0.0
    first = np.floor(drift_px.min(axis=0))
    last = np.ceil(drift_px.max(axis=0))
    size = (int(shape_ij[0] + last[0] - first[0]), int(shape_ij[1] + last[1] - first[1]))
    return drift_px - first, first, size


def _step_mm(geometry: StackGeometry) -> float:
    gaps = geometry.gaps_mm
    return float(
        max(gaps.min(), min(geometry.spacing_ij_mm), np.median(gaps) / FINEST_STEP_OF_MEDIAN)
    )


def _stack_of(grid: VolumeGeometry) -> StackGeometry:
    spacing = grid.spacing_ijk_mm
    directions = grid.index_to_patient_mm[:3, :3] / spacing
    steps = np.arange(grid.shape_kji[0])[:, None] * grid.index_to_patient_mm[:3, 2]
    return StackGeometry(
        grid.shape_kji,
        directions[:, 0].copy(),
        directions[:, 1].copy(),
        (float(spacing[0]), float(spacing[1])),
        grid.index_to_patient_mm[:3, 3] + steps,
        grid.frame_of_reference_uid,
    )


def _moved(
    pixels: NDArray[Any], sampling: StackSampling, k: int, fill: float
) -> NDArray[np.float32]:
    """Return acquired slice k moved into the rows and columns of the grid, float32."""
    shift_i, shift_j = sampling.shift_ij[k]
    rows, columns = sampling.grid.shape_kji[1:]
    moved = shift_axis(pixels, np.arange(rows) - shift_j, 0, fill)
    return shift_axis(moved, np.arange(columns) - shift_i, 1, fill)


def shift_axis(
    values: NDArray[Any], positions: NDArray[np.float64], axis: int, fill: float
) -> NDArray[np.float32]:
    """Return values read at fractional positions along an axis, linearly; fill outside."""
    size = values.shape[axis]
    low = np.clip(np.floor(positions).astype(np.intp), 0, max(size - 2, 0))
    high = np.minimum(low + 1, size - 1)
    share = np.clip(positions - low, 0, 1).astype(np.float32)
    form = [1] * values.ndim
    form[axis] = len(positions)
    first = np.take(values, low, axis=axis).astype(np.float32)
    if np.any(share):
        last = np.take(values, high, axis=axis).astype(np.float32)
        first += (last - first) * share.reshape(form)
    outside = (positions < -0.5) | (positions > size - 0.5)
    if outside.any():
        first[(slice(None),) * axis + (outside,)] = fill
    return first


def _pick(
    voxels: NDArray[Any], positions: NDArray[np.float64], axis: int, fill: float
) -> NDArray[np.float32]:
    """Return per acquired slice its line at a fractional row (axis 1) or column (axis 2)."""
    size = voxels.shape[axis]
    low = np.clip(np.floor(positions).astype(np.intp), 0, max(size - 2, 0))
    high = np.minimum(low + 1, size - 1)
    k = np.arange(len(positions))
    lines = np.moveaxis(voxels, axis, 1)
    share = np.clip(positions - low, 0, 1).astype(np.float32)
    share = share.reshape((-1,) + (1,) * (voxels.ndim - 2))
    first = lines[k, low].astype(np.float32)
    first += (lines[k, high].astype(np.float32) - first) * share
    first[(positions < -0.5) | (positions > size - 0.5)] = fill
    return first


def _stacked(
    lines: NDArray[np.float32], sampling: StackSampling, along: int, fill: float
) -> NDArray[np.float32]:
    """Return lines of the acquired slices moved along themselves, then interpolated to the grid."""
    shifts = sampling.shift_ij[:, along]
    length = sampling.grid.shape_kji[2 - along]
    if np.any(shifts) or length != lines.shape[1]:
        inside = np.arange(length)
        lines = np.stack(
            [
                shift_axis(line, inside - shift, 0, fill)
                for line, shift in zip(lines, shifts, strict=True)
            ]
        )
    weight = sampling.weight.reshape((-1,) + (1,) * (lines.ndim - 1))
    low: NDArray[np.float32] = lines[sampling.below]
    low += weight * (lines[sampling.above] - low)
    low[sampling.is_empty] = fill
    return low
