"""A series as the finding heads see it: a small upright cube in patient axes.

Index order is [z, y, x] with x growing to the patient's left, y to posterior, z to the head
(LPS), whatever the orientation, tilt or slice gaps of the stack. The voxels of the series are
only read. Two cubes are made in one pass: block means (tissue) and block maxima (calcium,
which a mean of 5 mm would wash out).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from workstation.core.geometry import StackGeometry
from workstation.core.intensity import Padding, is_padding

AIR_HU = -1024.0
"""Value of everything outside the scanned field of a CT, and the floor of its voxels."""

CEILING_HU = 3071.0
"""Top of the 12-bit CT scale; metal above it says nothing more to a head."""

BODY_HU = -500.0
"""Between air and fat: what is denser belongs to the body (or the table)."""

PEAK_GRAIN_MM = 2.0
"""Pixels are averaged up to this size before their maximum is taken: the maximum of a hundred
noisy pixels of 0.7 mm would look like calcium."""

OVERVIEW_MM = 10.0
"""Voxel of the overview in which the body is found: coarse enough to be free, finer than a lung."""

MR_FOREGROUND = 0.12
"""Share of the 99th percentile of an MR volume above which a voxel is taken as tissue."""

PEAK_WEIGHT = 0.05
"""A block counts for the maximum of a voxel it overlaps by at least this share (of eight)."""

HEAD_TOP_MARGIN_MM = 10.0
"""Air kept above the top of the head."""

Check: TypeAlias = Callable[[], None]
"""Raises CancelledError if the person asked to stop."""


@dataclass(frozen=True, slots=True, eq=False)
class Cube:
    """An upright grid in the patient.

    Attributes:
        shape_zyx: voxels along z, y, x.
        spacing_mm: edge of a voxel, the same along all axes.
        center_mm: patient position (x, y, z) of the middle of the cube.
    """

    shape_zyx: tuple[int, int, int]
    spacing_mm: float
    center_mm: tuple[float, float, float]

    def axis_mm(self, axis: int) -> NDArray[np.float64]:
        """Return the patient coordinate of each voxel centre along axis 0 (z), 1 (y) or 2 (x)."""
        count = self.shape_zyx[axis]
        middle = self.center_mm[2 - axis]
        offsets: NDArray[np.float64] = np.arange(count, dtype=np.float64) - (count - 1) / 2
        return middle + offsets * self.spacing_mm


@dataclass(frozen=True, slots=True, eq=False)
class Sampled:
    """What a cube shows: block means and block maxima [z, y, x], and where there was data."""

    cube: Cube
    mean: NDArray[np.float32]
    peak: NDArray[np.float32]
    inside: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Reduced:
    """A stack reduced by whole blocks, still in its own slice directions.

    Attributes:
        mean: block means [k, j, i].
        peak: block maxima, same shape.
        geometry: the stack the blocks were taken from.
        distances_mm: place of each block layer along the slice normal, ascending; (k,).
        positions_mm: (k, 3) patient position of block (0, 0) of each layer.
        step_ij_mm: distance between blocks along i and j.
        reach_mm: how far outside its first and last layer the stack still has data.
        outside: value used where the stack has none.
    """

    mean: NDArray[np.float32]
    peak: NDArray[np.float32]
    geometry: StackGeometry
    distances_mm: NDArray[np.float64]
    positions_mm: NDArray[np.float64]
    step_ij_mm: tuple[float, float]
    reach_mm: float
    outside: float


def reduce_blocks(
    voxels: NDArray[Any],
    geometry: StackGeometry,
    *,
    spacing_mm: float,
    is_ct: bool,
    padding: Padding = None,
    check: Check | None = None,
) -> Reduced:
    """Return block means and maxima of a stack, blocks no larger than ``spacing_mm``.

    Args:
        voxels: ``[k, j, i]``.
        geometry: of the stack; tilt and uneven gaps are kept as they are.
        spacing_mm: voxel of the cube that will be sampled.
        is_ct: voxels are HU; they are clipped to the CT scale.
        padding: value or range outside the scanned field, or None.
        check: called between layers; raises to stop.
    """
    order = np.argsort(geometry.distances_mm, kind="stable")
    rows, columns = geometry.shape_kji[1:]
    blocks_i = _block(geometry.spacing_ij_mm[0], columns, spacing_mm)
    blocks_j = _block(geometry.spacing_ij_mm[1], rows, spacing_mm)
    factor_i, factor_j = blocks_i[0], blocks_j[0]
    blocks = _Blocks((factor_j, factor_i), (blocks_j[1], blocks_i[1]))
    layers = _layers(order, geometry, spacing_mm)
    means, peaks = [], []
    for layer in layers:
        if check is not None:
            check()
        mean, peak = _block_layer(voxels, layer, blocks, is_ct=is_ct, padding=padding)
        means.append(mean)
        peaks.append(peak)
    half = np.array([(factor_i - 1) / 2, (factor_j - 1) / 2])
    corner = np.array([geometry.to_patient_mm(int(k), half) for k in order])
    distances = geometry.distances_mm
    rank = {int(k): place for place, k in enumerate(order)}
    gaps = np.abs(geometry.gaps_mm)
    return Reduced(
        mean=np.stack(means),
        peak=np.stack(peaks),
        geometry=geometry,
        distances_mm=np.array([distances[layer].mean() for layer in layers]),
        positions_mm=np.array(
            [corner[[rank[int(k)] for k in layer]].mean(axis=0) for layer in layers]
        ),
        step_ij_mm=(
            geometry.spacing_ij_mm[0] * factor_i,
            geometry.spacing_ij_mm[1] * factor_j,
        ),
        reach_mm=float(np.median(gaps)) / 2 * len(layers[0]) if gaps.size else spacing_mm / 2,
        outside=AIR_HU if is_ct else 0.0,
    )


def sample(reduced: Reduced, cube: Cube) -> Sampled:
    """Return a cube of the patient, linearly interpolated from a reduced stack."""
    layer, row, column, inside = _indices(reduced, cube)
    corners = _corners(reduced.mean.shape, layer, row, column)
    mean = np.zeros(cube.shape_zyx, dtype=np.float32)
    peak = np.full(cube.shape_zyx, reduced.outside, dtype=np.float32)
    for flat, weight in corners:
        mean += reduced.mean.reshape(-1)[flat] * weight
        peak = np.where(
            weight > PEAK_WEIGHT, np.maximum(peak, reduced.peak.reshape(-1)[flat]), peak
        )
    outside = np.float32(reduced.outside)
    return Sampled(cube, np.where(inside, mean, outside), np.where(inside, peak, outside), inside)


def overview(reduced: Reduced) -> Sampled:
    """Return the whole stack on an upright grid of OVERVIEW_MM."""
    rows, columns = reduced.mean.shape[1:]
    ends = [
        reduced.positions_mm[k]
        + i * reduced.step_ij_mm[0] * reduced.geometry.row_cosines
        + j * reduced.step_ij_mm[1] * reduced.geometry.column_cosines
        for k in (0, -1)
        for i in (0, columns - 1)
        for j in (0, rows - 1)
    ]
    low, high = np.min(ends, axis=0), np.max(ends, axis=0)
    count = np.maximum(1, np.round((high - low) / OVERVIEW_MM).astype(int)) + 1
    shape = (int(count[2]), int(count[1]), int(count[0]))
    center = (low + high) / 2
    return sample(reduced, Cube(shape, OVERVIEW_MM, (center[0], center[1], center[2])))


def tissue(seen: Sampled, *, is_ct: bool) -> NDArray[np.bool_]:
    """Return where an overview shows tissue rather than air."""
    if is_ct:
        return seen.mean > BODY_HU
    values = seen.mean[seen.inside]
    top = float(np.percentile(values, 99)) if values.size else 0.0
    return seen.mean > max(MR_FOREGROUND * top, 1e-6)


def aim(
    seen: Sampled, shape_zyx: tuple[int, int, int], spacing_mm: float, *, is_ct: bool, is_head: bool
) -> Cube:
    """Return the cube the finding heads look at.

    In plane it is centred on the tissue. Along z a head is hung from its top; a trunk is
    centred on the air inside it, or on its tissue where there is none.
    """
    solid = tissue(seen, is_ct=is_ct)
    if not solid.any():
        return Cube(shape_zyx, spacing_mm, seen.cube.center_mm)
    x = _middle(seen.cube.axis_mm(2), solid.sum(axis=(0, 1)))
    y = _middle(seen.cube.axis_mm(1), solid.sum(axis=(0, 2)))
    along = seen.cube.axis_mm(0)
    profile = solid.sum(axis=(1, 2))
    if is_head:
        top = along[np.flatnonzero(profile > 0.1 * profile.max())[-1]] + OVERVIEW_MM / 2
        z = float(top) + HEAD_TOP_MARGIN_MM - shape_zyx[0] * spacing_mm / 2
    else:
        air = _enclosed_air(solid, seen.inside)
        z = _middle(along, air if air.sum() > 0.01 * profile.sum() else profile)
    return Cube(shape_zyx, spacing_mm, (x, y, z))


def _enclosed_air(solid: NDArray[np.bool_], inside: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Count, per z, the voxels of air with tissue on all four in-plane sides; shape (z,)."""
    ahead = np.logical_or.accumulate
    left, right = ahead(solid, axis=2), ahead(solid[:, :, ::-1], axis=2)[:, :, ::-1]
    front, back = ahead(solid, axis=1), ahead(solid[:, ::-1], axis=1)[:, ::-1]
    counts: NDArray[np.int64] = (~solid & inside & left & right & front & back).sum(axis=(1, 2))
    return counts


def _middle(axis_mm: NDArray[np.float64], counts: NDArray[np.int64]) -> float:
    """Return the middle between the 2 % and 98 % quantiles of a profile along an axis."""
    share = np.cumsum(counts) / max(int(counts.sum()), 1)
    low, high = np.searchsorted(share, 0.02), np.searchsorted(share, 0.98)
    last = axis_mm.size - 1
    return float(axis_mm[min(int(low), last)] + axis_mm[min(int(high), last)]) / 2


def _layers(
    order: NDArray[np.int64], geometry: StackGeometry, spacing_mm: float
) -> list[NDArray[np.int64]]:
    """Split the slices, ascending, into layers no thicker than a voxel of the cube."""
    gaps = np.abs(np.diff(geometry.distances_mm[order]))
    typical = float(np.median(gaps)) if gaps.size else spacing_mm
    if not geometry.is_even or typical <= 0:
        return [order[k : k + 1] for k in range(order.size)]
    thick = max(1, int(spacing_mm / typical))
    return [order[k : k + thick] for k in range(0, order.size, thick)]


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Pixels per block along rows and columns, and pixels per grain inside a block."""

    factors_ji: tuple[int, int]
    grains_ji: tuple[int, int]


def _block(step_mm: float, count: int, spacing_mm: float) -> tuple[int, int]:
    """Return pixels per block, no larger than ``spacing_mm``, and pixels per grain inside it."""
    grain = max(1, min(count, int(PEAK_GRAIN_MM / step_mm), int(spacing_mm / step_mm)))
    grains = max(1, min(count // grain, int(spacing_mm / (grain * step_mm))))
    return grain * grains, grain


def _block_layer(
    voxels: NDArray[Any],
    layer: NDArray[np.int64],
    blocks: _Blocks,
    *,
    is_ct: bool,
    padding: Padding,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return mean and maximum of one layer of slices in blocks of rows and columns."""
    total: NDArray[np.float32] | None = None
    top: NDArray[np.float32] | None = None
    for k in layer:
        plane = _clean(voxels[int(k)], is_ct=is_ct, padding=padding)
        mean, peak = _block_slice(plane, blocks)
        total = mean if total is None else total + mean
        top = peak if top is None else np.maximum(top, peak)
    if total is None or top is None:
        raise ValueError("a layer holds at least one slice")
    return total / np.float32(len(layer)), top


def _highest(padding: float | tuple[float, float]) -> float:
    return padding[1] if isinstance(padding, tuple) else padding


def _clean(plane: NDArray[Any], *, is_ct: bool, padding: Padding) -> NDArray[Any]:
    """Return one slice without padding, on the CT scale or finite; a copy where changed."""
    if is_ct:
        if padding is not None and _highest(padding) > AIR_HU:
            plane = np.where(is_padding(plane, padding), AIR_HU, plane)
        clipped: NDArray[Any] = np.clip(plane, AIR_HU, CEILING_HU)
        return clipped
    if padding is not None and padding != 0:
        plane = np.where(is_padding(plane, padding), 0, plane)
    if plane.dtype.kind in "iu":
        return plane
    finite: NDArray[Any] = np.nan_to_num(plane, posinf=0.0, neginf=0.0)
    return finite


def _block_slice(
    plane: NDArray[Any], blocks: _Blocks
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return mean and maximum of a slice in blocks; an incomplete last block is left out."""
    step_j, step_i = blocks.factors_ji
    rows, columns = plane.shape[0] // step_j, plane.shape[1] // step_i
    whole: NDArray[np.float32] = plane[: rows * step_j, : columns * step_i].astype(np.float32)
    grains = _folded(whole, blocks.grains_ji, np.add)
    grains /= np.float32(blocks.grains_ji[0] * blocks.grains_ji[1])
    left = (step_j // blocks.grains_ji[0], step_i // blocks.grains_ji[1])
    mean = _folded(grains, left, np.add)
    mean /= np.float32(left[0] * left[1])
    return mean, _folded(grains, left, np.maximum)


def _folded(
    plane: NDArray[np.float32], factors_ji: tuple[int, int], join: np.ufunc
) -> NDArray[np.float32]:
    """Return a plane whose blocks are joined by a function of two values."""
    step_j, step_i = factors_ji
    rows = plane[::step_j].copy()
    for offset in range(1, step_j):
        join(rows, plane[offset::step_j], out=rows)
    joined = rows[:, ::step_i].copy()
    for offset in range(1, step_i):
        join(joined, rows[:, offset::step_i], out=joined)
    return joined


def _indices(
    reduced: Reduced, cube: Cube
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return continuous layer, row and column of each voxel of a cube, and whether inside."""
    z, y, x = np.meshgrid(*(cube.axis_mm(axis) for axis in range(3)), indexing="ij")
    normal = reduced.geometry.normal
    distance = x * normal[0] + y * normal[1] + z * normal[2]
    places = np.arange(reduced.distances_mm.size)
    layer = np.interp(distance, reduced.distances_mm, places)
    origin = [np.interp(layer, places, reduced.positions_mm[:, axis]) for axis in range(3)]
    offset = (x - origin[0], y - origin[1], z - origin[2])
    rows, columns = reduced.mean.shape[1:]
    along_i, along_j = reduced.geometry.row_cosines, reduced.geometry.column_cosines
    column = sum(o * c for o, c in zip(offset, along_i, strict=True)) / reduced.step_ij_mm[0]
    row = sum(o * c for o, c in zip(offset, along_j, strict=True)) / reduced.step_ij_mm[1]
    inside = (distance >= reduced.distances_mm[0] - reduced.reach_mm) & (
        distance <= reduced.distances_mm[-1] + reduced.reach_mm
    )
    inside &= (row > -0.5) & (row < rows - 0.5) & (column > -0.5) & (column < columns - 0.5)
    return layer, np.clip(row, 0, rows - 1), np.clip(column, 0, columns - 1), inside


def _corners(
    shape: tuple[int, ...],
    layer: NDArray[np.float64],
    row: NDArray[np.float64],
    column: NDArray[np.float64],
) -> list[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    """Return flat index and weight of the eight neighbours of each place."""
    found = []
    low = [np.floor(place).astype(np.int64) for place in (layer, row, column)]
    part = [
        (place - base).astype(np.float32)
        for place, base in zip((layer, row, column), low, strict=True)
    ]
    for step_k in (0, 1):
        for step_j in (0, 1):
            for step_i in (0, 1):
                steps = (step_k, step_j, step_i)
                index = [
                    np.minimum(base + step, size - 1)
                    for base, step, size in zip(low, steps, shape, strict=True)
                ]
                weight = np.ones_like(part[0])
                for share, step in zip(part, steps, strict=True):
                    weight = weight * (share if step else 1 - share)
                found.append((np.ravel_multi_index(tuple(index), shape[:3]), weight))
    return found
