"""A volume on a coarser grid whose axes are the patient's: what the engine measures on.

Blocks of neighboring voxels are averaged (about 2 mm each way; slices that lie further apart
stay single), then the axes are put in the order z, y, x: z grows to the head, y to the back,
x to the patient's left, each along the acquisition axis nearest to it. Acquisition plane,
slice order and mirrored storage therefore change nothing, and the side of a structure follows
from positions, never from array order.

Nothing is interpolated: each block keeps its true volume (slices count by the slab they stand
for, so uneven gaps are right; a gantry tilt shears the stack and leaves volumes as they are)
and its true place in the patient.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.core.geometry import StackGeometry
from workstation.core.intensity import Padding, is_padding

TARGET_STEP_MM = 2.0
"""Wanted size of a block.

Thick vessels, ventricles and vertebrae are many blocks wide; a threshold at the middle between
two tissues stays unbiased under averaging, and 300 slices become some 4 million blocks.
"""

MOST_BLOCKS = 5_000_000
"""More blocks than this are made coarser: the budget is 5 s for 300 slices on two cores."""

COARSER = 1.3
"""Factor by which the wanted size grows until the blocks are few enough."""

HU_FLOOR = -1024.0
HU_CEILING = 3071.0
"""12-bit HU range; values beyond it are padding or metal and must not drag a block's mean."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How working axes z, y, x follow from acquisition axes k, j, i.

    Attributes:
        order: for each of z, y, x the acquisition axis (0 = k, 1 = j, 2 = i).
        is_flipped: for each of z, y, x whether it runs against that acquisition axis.
        blocks_kji: voxels averaged along k, j, i.
    """

    order: tuple[int, int, int]
    is_flipped: tuple[bool, bool, bool]
    blocks_kji: tuple[int, int, int]

    def to_patient_axes(self, array_kji: NDArray[Any]) -> NDArray[Any]:
        """Return a view with axes z, y, x of an array with axes k, j, i."""
        return np.flip(array_kji.transpose(self.order), self._flipped_axes())

    def to_acquisition_axes(self, array_zyx: NDArray[Any]) -> NDArray[Any]:
        """Return a view with axes k, j, i of an array with axes z, y, x."""
        back = tuple(int(axis) for axis in np.argsort(self.order))
        return np.flip(array_zyx, self._flipped_axes()).transpose(back)

    def _flipped_axes(self) -> tuple[int, ...]:
        return tuple(axis for axis in range(3) if self.is_flipped[axis])


@dataclass(frozen=True, slots=True, eq=False)
class WorkingGrid:
    """Block means of a volume in patient axes. Immutable; any thread.

    Attributes:
        values: [z, y, x] float32 block means in the unit of the volume.
        is_scanned: [z, y, x] whether most of the block lies inside the scanned field.
        step_zyx_mm: distance between blocks; along the slices the median.
        block_mm3: volume of one block, shaped to broadcast over [z, y, x].
        layout: how axes and blocks follow from the volume.
        geometry: of the volume.
    """

    values: NDArray[np.float32]
    is_scanned: NDArray[np.bool_]
    step_zyx_mm: tuple[float, float, float]
    block_mm3: NDArray[np.float64]
    layout: Layout
    geometry: StackGeometry

    @property
    def slice_axis(self) -> int:
        """Working axis (0, 1, 2 for z, y, x) along which the acquired slices are stacked."""
        return self.layout.order.index(0)

    @property
    def extent_zyx_mm(self) -> tuple[float, float, float]:
        """Size of the scanned box along z, y, x."""
        shape = self.values.shape
        sizes = [shape[axis] * self.step_zyx_mm[axis] for axis in range(3)]
        sizes[self.slice_axis] = float(self.geometry.slab_mm().sum())
        return sizes[0], sizes[1], sizes[2]

    def volume_ml(self, mask: NDArray[np.bool_]) -> float:
        """Return the volume of a mask in milliliters, each slice by its own slab."""
        across = tuple(axis for axis in range(3) if axis != self.slice_axis)
        counts = mask.sum(axis=across, dtype=np.float64)
        return float(counts @ self.block_mm3.ravel()) / 1000.0

    def index_mm(self, index_zyx: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return patient positions (n, 3) of block centers given as (n, 3) indices z, y, x."""
        shape = self.values.shape
        kji = np.empty_like(index_zyx, dtype=np.float64)
        for axis in range(3):
            along = index_zyx[:, axis]
            is_flipped = self.layout.is_flipped[axis]
            kji[:, self.layout.order[axis]] = shape[axis] - 1 - along if is_flipped else along
        blocks = np.array(self.layout.blocks_kji, dtype=np.float64)
        kji = kji * blocks + (blocks - 1) / 2
        return _positions(self.geometry, kji)

    def slice_of_block(self, index: int) -> int:
        """Return the acquired slice k in the middle of a block along the slice axis."""
        axis = self.slice_axis
        count = self.values.shape[axis]
        block = count - 1 - index if self.layout.is_flipped[axis] else index
        size = self.layout.blocks_kji[0]
        return min(block * size + (size - 1) // 2, self.geometry.shape_kji[0] - 1)

    def original_values(
        self, voxels: NDArray[Any], mask: NDArray[np.bool_]
    ) -> Iterator[tuple[int, NDArray[Any]]]:
        """Yield (k, original voxel values under the mask) for each slice that has any."""
        mask_kji = self.layout.to_acquisition_axes(mask)
        block_k, block_j, block_i = self.layout.blocks_kji
        for k in range(voxels.shape[0]):
            coarse = mask_kji[k // block_k]
            rows, columns = np.nonzero(coarse.any(axis=1))[0], np.nonzero(coarse.any(axis=0))[0]
            if rows.size == 0:
                continue
            j, i = int(rows[0]), int(columns[0])
            cut = coarse[j : rows[-1] + 1, i : columns[-1] + 1]
            fine = cut.repeat(block_j, axis=0).repeat(block_i, axis=1)
            window = voxels[k, j * block_j :, i * block_i :][: fine.shape[0], : fine.shape[1]]
            yield k, window[fine[: window.shape[0], : window.shape[1]]]


def working_grid(
    voxels: NDArray[Any],
    geometry: StackGeometry,
    *,
    padding: Padding,
    is_hu: bool,
) -> WorkingGrid:
    """Return the block means of a volume in patient axes.

    Args:
        voxels: ``[k, j, i]`` in the unit of the volume.
        geometry: of the volume; needs millimeters.
        padding: value or range outside the scanned field, or None.
        is_hu: whether the unit is HU; then padding counts as air and values are clipped.
    """
    layout = _fitting_layout(geometry)
    values, is_scanned = _block_means(voxels, layout.blocks_kji, padding=padding, is_hu=is_hu)
    slabs = _slab_sums(geometry.slab_mm(), layout.blocks_kji[0])
    steps_kji = _steps_kji(geometry, layout.blocks_kji)
    axis = layout.order.index(0)
    block_mm3 = slabs * steps_kji[1] * steps_kji[2]
    if layout.is_flipped[axis]:
        block_mm3 = block_mm3[::-1]
    shape = [1, 1, 1]
    shape[axis] = block_mm3.size
    return WorkingGrid(
        values=np.ascontiguousarray(layout.to_patient_axes(values)),
        is_scanned=np.ascontiguousarray(layout.to_patient_axes(is_scanned)),
        step_zyx_mm=(
            steps_kji[layout.order[0]],
            steps_kji[layout.order[1]],
            steps_kji[layout.order[2]],
        ),
        block_mm3=block_mm3.reshape(shape),
        layout=layout,
        geometry=geometry,
    )


def _fitting_layout(geometry: StackGeometry) -> Layout:
    """Return the finest layout that has few enough blocks."""
    target_mm = TARGET_STEP_MM
    while True:
        layout = _layout(geometry, target_mm)
        shares = zip(geometry.shape_kji, layout.blocks_kji, strict=True)
        if np.prod([-(-size // block) for size, block in shares]) <= MOST_BLOCKS:
            return layout
        target_mm *= COARSER


def _layout(geometry: StackGeometry, target_mm: float) -> Layout:
    directions = np.stack([geometry.normal, geometry.column_cosines, geometry.row_cosines])
    order = _nearest_axes(np.abs(directions))
    flips = tuple(bool(directions[order[axis], 2 - axis] < 0) for axis in range(3))
    gap_mm = float(np.median(geometry.gaps_mm)) if geometry.shape_kji[0] > 1 else target_mm
    along_k = _block(gap_mm, target_mm) if geometry.is_even else 1
    along_j = _block(geometry.spacing_ij_mm[1], target_mm)
    along_i = _block(geometry.spacing_ij_mm[0], target_mm)
    return Layout(order, (flips[0], flips[1], flips[2]), (along_k, along_j, along_i))


def _nearest_axes(alignment: NDArray[np.float64]) -> tuple[int, int, int]:
    """Return for z, y, x the acquisition axis best aligned with it, each used once."""
    orders = ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0))
    return max(orders, key=lambda order: sum(alignment[order[a], 2 - a] for a in range(3)))


def _block(spacing_mm: float, target_mm: float) -> int:
    return max(1, round(target_mm / spacing_mm)) if spacing_mm > 0 else 1


def _steps_kji(geometry: StackGeometry, blocks_kji: tuple[int, int, int]) -> list[float]:
    gap_mm = float(np.median(geometry.slab_mm()))
    spacing_i, spacing_j = geometry.spacing_ij_mm
    sizes = (gap_mm, spacing_j, spacing_i)
    return [float(size * block) for size, block in zip(sizes, blocks_kji, strict=True)]


def _slab_sums(slab_mm: NDArray[np.float64], block: int) -> NDArray[np.float64]:
    return np.add.reduceat(slab_mm, np.arange(0, slab_mm.size, block))


def _block_means(
    voxels: NDArray[Any],
    blocks_kji: tuple[int, int, int],
    *,
    padding: Padding,
    is_hu: bool,
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    block_k, block_j, block_i = blocks_kji
    shape = tuple(-(-size // block) for size, block in zip(voxels.shape, blocks_kji, strict=True))
    means = np.zeros(shape, dtype=np.float32)
    scanned = np.ones(shape, dtype=np.bool_)
    for k in range(shape[0]):
        slab = voxels[k * block_k : (k + 1) * block_k]
        outside = None if padding is None else is_padding(slab, padding)
        clean = _cleaned(slab, outside, is_hu=is_hu)
        means[k] = _mean_2d(clean.mean(axis=0, dtype=np.float32), block_j, block_i)
        if outside is not None and outside.any():
            share = _mean_2d(outside.mean(axis=0, dtype=np.float32), block_j, block_i)
            scanned[k] = share < 0.5
    return means, scanned


def _cleaned(slab: NDArray[Any], outside: NDArray[np.bool_] | None, *, is_hu: bool) -> NDArray[Any]:
    if is_hu:
        slab = slab.clip(HU_FLOOR, HU_CEILING)
    if outside is None or not outside.any():
        return slab
    return np.where(outside, np.asarray(HU_FLOOR if is_hu else 0, dtype=slab.dtype), slab)


def _mean_2d(plane: NDArray[np.float32], block_j: int, block_i: int) -> NDArray[np.float32]:
    """Average blocks of a plane; the last block of a side may be smaller."""
    rows = np.add.reduceat(plane, np.arange(0, plane.shape[0], block_j), axis=0)
    both = np.add.reduceat(rows.T, np.arange(0, plane.shape[1], block_i), axis=0).T
    counts_j = np.diff(np.append(np.arange(0, plane.shape[0], block_j), plane.shape[0]))
    counts_i = np.diff(np.append(np.arange(0, plane.shape[1], block_i), plane.shape[1]))
    counts = (counts_j[:, None] * counts_i).astype(np.float32)
    means: NDArray[np.float32] = (both / counts).astype(np.float32, copy=False)
    return means


def _positions(geometry: StackGeometry, kji: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return patient positions of continuous indices (n, 3) = k, j, i, slice by slice."""
    count = geometry.shape_kji[0]
    k = kji[:, 0].clip(0, count - 1)
    ks = np.arange(count)
    origin = np.stack([np.interp(k, ks, geometry.positions_mm[:, a]) for a in range(3)], axis=1)
    j_mm = kji[:, 1:2] * geometry.spacing_ij_mm[1]
    i_mm = kji[:, 2:3] * geometry.spacing_ij_mm[0]
    return origin + j_mm * geometry.column_cosines + i_mm * geometry.row_cosines
