"""Turns signed distances into a picture, slab by slab, with soft (partial-volume) edges.

A slab is a few slices at the resolution of the scan. Bodies are laid over each other in order;
each covers a pixel by the share of it that lies inside. Thick slices are drawn as several thin
ones and averaged, as the scanner does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from inference.phantoms.grids import F32, CoarseGrid, Number, corner_at

SLAB_VOXELS = 1_000_000
"""Voxels drawn at once: 4 MB a field stay in the processor's cache."""

REACH_MM = 6.0
"""Coarse points this far outside a body still belong to the box in which it is drawn."""

BLOCK = 96
"""Pixels interpolated at once: few enough to touch few coarse points, enough for the processor."""

Box = tuple[slice, slice]


@dataclass(slots=True)
class Slab:
    """Some thin slices being drawn; owned by the one thread that draws.

    Attributes:
        grid: the coarse grid of the scan.
        fields: name -> coarse signed distance (kc, jc, ic).
        depth_mm: (n,) depths of the thin slices.
        slices: index of the scan's slice each thin slice belongs to, (n,).
        pixel_mm: width over which an edge goes from 0 to 1.
        image: (n, J, I) float32 being painted.
    """

    grid: CoarseGrid
    fields: Mapping[str, F32]
    depth_mm: F32
    slices: NDArray[np.intp]
    pixel_mm: float
    image: F32
    _weights: F32 = field(init=False)
    _levels: slice = field(init=False)
    _is_direct: bool = field(init=False)

    def __post_init__(self) -> None:
        weights = self.grid.depth_weights(self.depth_mm)
        used = np.flatnonzero(np.abs(weights).sum(0) > 0)
        self._levels = slice(int(used[0]), int(used[-1]) + 1)
        self._weights = np.ascontiguousarray(weights[:, self._levels])
        size = self._weights.shape
        self._is_direct = size[0] == size[1] and bool(
            np.array_equal(self._weights, np.eye(size[0]))
        )

    def box(self, name: str, *, grow_mm: float = 0.0) -> Box | None:
        """Return rows and columns in which a body may show in this slab; None if nowhere."""
        plane = self.fields[name][self._levels].max(axis=0) > -(REACH_MM + grow_mm)
        rows, columns = np.flatnonzero(plane.any(1)), np.flatnonzero(plane.any(0))
        if rows.size == 0:
            return None
        return (
            _span(self.grid.rows, rows, self.image.shape[1]),
            _span(self.grid.columns, columns, self.image.shape[2]),
        )

    def sample(self, name: str, box: Box | None = None) -> F32:
        """Return a field at the pixels of a box, (n, rows, columns)."""
        rows, columns = box or (slice(None), slice(None))
        coarse = self.fields[name][self._levels]
        shape = coarse.shape
        if self._is_direct:
            planes = coarse
        else:
            planes = (self._weights @ coarse.reshape(shape[0], -1)).reshape(-1, *shape[1:])
        if self.grid.column_weights is not None:
            planes = _banded(self.grid.column_weights[columns], planes, along_rows=False)
        else:
            planes = planes[:, :, columns]
        if self.grid.row_weights is not None:
            return _banded(self.grid.row_weights[rows], planes, along_rows=True)
        return np.array(planes[:, rows])

    def cover(self, distance: F32, *, offset_mm: float = 0.0) -> F32:
        """Return the share of each pixel inside a body grown by ``offset_mm``."""
        share = distance * np.float32(1 / self.pixel_mm)
        share += np.float32(offset_mm / self.pixel_mm + 0.5)
        return np.clip(share, 0, 1, out=share)

    def lay(self, box: Box, share: F32, value: F32 | Number) -> None:
        """Lay a body of a value over what is there."""
        target = self.image[:, box[0], box[1]]
        target += share * (value - target)

    def lay_body(
        self, name: str, value: float, *, offset_mm: float = 0.0, texture: F32 | None = None
    ) -> tuple[Box, F32] | None:
        """Lay a named body of one value (plus texture over the whole slab); return its share."""
        box = self.box(name, grow_mm=max(offset_mm, 0.0))
        if box is None:
            return None
        share = self.cover(self.sample(name, box), offset_mm=offset_mm)
        tint = np.float32(value) if texture is None else texture[:, box[0], box[1]] + value
        self.lay(box, share, tint)
        return box, share


def slabs(
    grid: CoarseGrid,
    fields: Mapping[str, F32],
    *,
    thickness_mm: float,
    thin_slices: int,
    background: float,
) -> Iterator[Slab]:
    """Yield the slabs of a scan in order, each filled with the background.

    Args:
        grid: coarse grid of the scan.
        fields: coarse signed distances by name.
        thickness_mm: thickness each slice is averaged over.
        thin_slices: thin slices drawn per slice.
        background: value of air (CT) or of no signal (MR).
    """
    stack = grid.stack
    count, rows, columns = stack.shape_kji
    depth = stack.distances_mm - stack.distances_mm[0]
    shifts = ((np.arange(thin_slices) + 0.5) / thin_slices - 0.5) * thickness_mm
    per_slab = max(1, SLAB_VOXELS // (rows * columns * thin_slices))
    for first in range(0, count, per_slab):
        index = np.arange(first, min(first + per_slab, count))
        thin = (depth[index][:, None] + shifts[None, :]).ravel().astype(np.float32)
        image = np.full((thin.size, rows, columns), background, dtype=np.float32)
        pixel = float(np.mean(stack.spacing_ij_mm))
        yield Slab(grid, fields, thin, np.repeat(index, thin_slices), pixel, image)


def average_thin(image: F32, thin_slices: int) -> F32:
    """Return the mean over each group of thin slices: (n * thin, J, I) -> (n, J, I)."""
    if thin_slices == 1:
        return image
    result: F32 = image.reshape(-1, thin_slices, *image.shape[1:]).mean(axis=1)
    return result


def _banded(weights: F32, planes: F32, *, along_rows: bool) -> F32:
    """Apply an interpolation matrix to rows or columns, skipping its zeros block by block."""
    count, rows, columns = planes.shape
    shape = (count, weights.shape[0], columns) if along_rows else (count, rows, weights.shape[0])
    result = np.empty(shape, dtype=np.float32)
    for first in range(0, weights.shape[0], BLOCK):
        block = weights[first : first + BLOCK]
        used = np.flatnonzero(np.abs(block).max(axis=0))
        band = slice(int(used[0]), int(used[-1]) + 1)
        out = slice(first, first + block.shape[0])
        if along_rows:
            np.matmul(block[:, band], planes[:, band], out=result[:, out])
        else:
            np.matmul(planes[:, :, band], block[:, band].T, out=result[:, :, out])
    return result


def _span(nodes: F32, used: NDArray[np.intp], count: int) -> slice:
    low = int(np.floor(nodes[max(int(used[0]) - 1, 0)]))
    high = int(np.ceil(nodes[min(int(used[-1]) + 1, nodes.size - 1)])) + 1
    return slice(low, min(high, count))


def nearest_depth(slab: Slab, depth_mm: float) -> float:
    """Return how far the nearest thin slice of a slab is from a depth."""
    return float(np.abs(slab.depth_mm - depth_mm).min())


def points_of(slab: Slab, box: Box) -> tuple[F32, F32, F32]:
    """Return x, y, z (LPS mm) of the pixels of a box, each (n, rows, columns)."""
    stack = slab.grid.stack
    corner = corner_at(stack, slab.depth_mm)
    along_j = np.arange(box[0].start, box[0].stop) * stack.spacing_ij_mm[1]
    along_i = np.arange(box[1].start, box[1].stop) * stack.spacing_ij_mm[0]
    x, y, z = (
        (
            corner[:, axis, None, None]
            + (along_j * stack.column_cosines[axis])[None, :, None]
            + (along_i * stack.row_cosines[axis])[None, None, :]
        ).astype(np.float32)
        for axis in range(3)
    )
    return x, y, z


def box_around(slab: Slab, center_mm: NDArray[np.float64], reach_mm: float) -> Box | None:
    """Return the pixels within reach of a place; None where the slab does not come near it."""
    stack = slab.grid.stack
    depth = float((center_mm - stack.positions_mm[0]) @ stack.normal)
    if nearest_depth(slab, depth) > reach_mm:
        return None
    k = int(slab.slices[np.abs(slab.depth_mm - depth).argmin()])
    i, j = stack.in_slice_ij(k, center_mm)
    reach = reach_mm / np.array(stack.spacing_ij_mm) + 2
    rows = slice(max(int(j - reach[1]), 0), min(int(j + reach[1]) + 2, stack.shape_kji[1]))
    columns = slice(max(int(i - reach[0]), 0), min(int(i + reach[0]) + 2, stack.shape_kji[2]))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return None
    return rows, columns
