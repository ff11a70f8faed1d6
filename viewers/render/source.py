"""Raster slices of a volume in any plane, from slices that may still be loading."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewers.render.blends import Voxels, read
from viewers.render.oblique import (
    Lattice,
    always,
    depths_k,
    lattice_of,
    oblique_stack,
    raster_of,
    sample,
    sample_slab,
)
from viewers.render.planes import (
    DOWN,
    RIGHT,
    THROUGH,
    GridAxis,
    PlaneStack,
    acquired_stack,
    reformatted_stack,
)
from viewers.render.regularize import (
    StackSampling,
    fill_value,
    sample_column,
    sample_row,
    sample_slice,
    stack_sampling,
)
from viewers.render.slabs import acquired_slab, grid_slab, present, slab_members
from viewers.state.cuts import Cut
from viewers.state.slab import Slab
from viewers.state.view_state import Interpolation, Plane
from workstation.core.volume import Volume

SLICE_AXIS = 2
"""The grid axis that runs from slice to slice: k."""


class SliceSource:
    """Gives the slices of one volume; keeps the geometry it worked out per plane.

    Owned by the thread that shows the volume.

    Args:
        volume: the volume; its array may still be filled by a loader.
        is_loaded: tells whether acquired slice k is in.
    """

    def __init__(self, volume: Volume, is_loaded: Callable[[int], bool]) -> None:
        self.volume = volume
        self._is_loaded = is_loaded
        self._stacks: dict[Plane, PlaneStack] = {}
        self._turned: tuple[Plane, Cut, PlaneStack] | None = None
        self._sampling: StackSampling | None = None
        self._lattice: Lattice | None = None
        self._is_complete = False

    @property
    def is_complete(self) -> bool:
        """Whether every slice is in; once true it stays so."""
        if not self._is_complete:
            self._is_complete = all(map(self._is_loaded, range(self.volume.geometry.shape_kji[0])))
        return self._is_complete

    @property
    def loaded_count(self) -> int:
        """How many slices are in."""
        count = self.volume.geometry.shape_kji[0]
        return count if self.is_complete else sum(map(self._is_loaded, range(count)))

    def is_loaded(self, k: int) -> bool:
        """Whether acquired slice k is in."""
        return self._is_complete or self._is_loaded(k)

    def stack(self, plane: Plane, cut: Cut | None = None) -> PlaneStack:
        """Return where the slices of a plane are, or those parallel to a cut.

        Raises:
            GeometryError: the series cannot be reformatted.
        """
        if cut is not None:
            if self._turned is None or self._turned[:2] != (plane, cut):
                self.sampling()  # refuses what has no other planes
                turned = oblique_stack(self.volume.geometry, cut, plane)
                self._turned = plane, cut, turned
            return self._turned[2]
        if plane not in self._stacks:
            geometry = self.volume.geometry
            if plane is Plane.ACQUIRED:
                self._stacks[plane] = acquired_stack(geometry)
            else:
                sampling = self.sampling()
                self._stacks[plane] = reformatted_stack(
                    sampling.grid, plane, is_resampled=not sampling.is_identity
                )
        return self._stacks[plane]

    def lattice(self) -> Lattice:
        """Return where patient positions lie among the acquired voxels."""
        if self._lattice is None:
            self._lattice = lattice_of(self.volume.geometry)
        return self._lattice

    def sampling(self) -> StackSampling:
        """Return how the acquired slices become a regular grid.

        Raises:
            GeometryError: the series cannot be reformatted.
        """
        if self._sampling is None:
            self._sampling = stack_sampling(self.volume.geometry)
        return self._sampling

    def pixels(
        self,
        plane: Plane,
        index: int,
        interpolation: Interpolation = Interpolation.LINEAR,
        voxels: Voxels | None = None,
        *,
        slab: Slab | None = None,
    ) -> NDArray[Any]:
        """Return one slice, (rows, columns[, 3]), in the unit of the volume.

        Stored pixels keep their dtype; interpolated ones are float32. Slices that are not in
        are filled with :func:`fill_value`; they take no part in a slab.

        Args:
            plane: which plane.
            index: which slice of it.
            interpolation: of reformats along the coarser axis.
            voxels: another array on the voxels of this volume (a model's result), or a mixture.
            slab: the slices around it are projected onto it; not for colors.
        """
        array = self.volume.voxels if voxels is None else voxels
        if slab is not None:
            return self._slab(array, plane, index, slab, interpolation)
        if plane is Plane.ACQUIRED:
            return read(array, lambda one: one[index])
        stack = self.stack(plane)
        section = read(array, lambda one: self._section(one, stack, index))
        return _to_raster(section, stack, self.sampling(), interpolation)

    def oblique_pixels(
        self,
        stack: PlaneStack,
        index: int,
        voxels: Voxels | None = None,
        *,
        slab: Slab | None = None,
        coarse: int = 1,
        is_wanted: Callable[[], bool] = always,
    ) -> NDArray[Any]:
        """Return one slice of a turned plane, (rows, columns[, 3]), each ``coarse``-th pixel.

        Args:
            stack: the slices, of :meth:`stack`.
            index: which of them.
            voxels: another array on the voxels of this volume (a model's result), or a mixture.
            slab: the slices around it are projected onto it; not for colors.
            coarse: 1 for every pixel; 2 for a quarter of them.
            is_wanted: asked between the slices of a slab, on any thread.

        Raises:
            CancelledError: the slab is not wanted any more.
        """
        array = self.volume.voxels if voxels is None else voxels
        fill, lattice = fill_value(self.volume), self.lattice()
        if slab is None:
            raster = raster_of(stack, index, coarse)
            return read(array, lambda one: sample(one, lattice, raster, fill=fill))
        rasters = [raster_of(stack, int(n), coarse) for n in slab_members(stack, index, slab)]
        return sample_slab(
            array,
            lattice,
            rasters,
            slab.projection,
            fill=fill,
            padding=self.volume.intensity.outside,
            is_wanted=is_wanted,
        )

    def oblique_covered(
        self, stack: PlaneStack, index: int, has_slice: Callable[[int], bool]
    ) -> NDArray[np.bool_]:
        """Return where a slice of a turned plane rests on acquired slices that fulfil a condition.

        Returns:
            Array of (rows, columns).
        """
        count = self.volume.geometry.shape_kji[0]
        good = np.array([has_slice(k) for k in range(count)])
        if good.all():
            return np.ones((1, 1), dtype=np.bool_)
        k = depths_k(self.lattice(), raster_of(stack, index))
        found: NDArray[np.bool_] = (
            good[np.floor(k).astype(np.intp)] & good[np.ceil(k).astype(np.intp)]
        )
        return found

    def covered(
        self,
        plane: Plane,
        index: int,
        has_slice: Callable[[int], bool],
        slab: Slab | None = None,
    ) -> NDArray[np.bool_]:
        """Return where a slice or slab rests on acquired slices that all fulfil a condition.

        Returns:
            Array that broadcasts to (rows, columns).
        """
        members = self.members(plane, index, slab)
        if plane is Plane.ACQUIRED:
            return np.array([[present(members, has_slice).size == members.size]])
        stack, on_grid = self.stack(plane), self._on_grid(has_slice)
        sampling = self.sampling()
        if stack.axes[THROUGH].axis == SLICE_AXIS:
            n = _grid_indices(stack.axes[THROUGH], members, len(on_grid))
            return np.array([[bool(on_grid[n].all())]])
        is_down = stack.axes[DOWN].axis == SLICE_AXIS
        axis = stack.axes[DOWN if is_down else RIGHT]
        length = stack.shape_rc[0 if is_down else 1]
        positions = _positions(axis, length, stack, sampling, 0 if is_down else 1)
        low, high = np.floor(positions).astype(int), np.ceil(positions).astype(int)
        line: NDArray[np.bool_] = on_grid[low] & on_grid[high]
        return line.reshape(-1, 1) if is_down else line.reshape(1, -1)

    def members(self, plane: Plane, index: int, slab: Slab | None) -> NDArray[np.intp]:
        """Return the slices of a plane that a slab around one holds; itself without a slab."""
        if slab is None:
            return np.array([index], dtype=np.intp)
        return slab_members(self.stack(plane), index, slab)

    def is_across_slices(self, plane: Plane, slab: Slab | None) -> bool:
        """Whether a slab projects acquired slices, so that those that are in show something."""
        if slab is None or plane is Plane.ACQUIRED:
            return slab is not None
        return self.stack(plane).axes[THROUGH].axis == SLICE_AXIS

    def _on_grid(self, has_slice: Callable[[int], bool]) -> NDArray[np.bool_]:
        """Return which grid slices rest on acquired slices that fulfil a condition."""
        sampling = self.sampling()
        good = np.array([has_slice(k) for k in range(self.volume.geometry.shape_kji[0])])
        found: NDArray[np.bool_] = good[sampling.below] & (
            good[sampling.above] | (sampling.weight == 0)
        )
        return found

    def _slab(
        self,
        array: Voxels,
        plane: Plane,
        index: int,
        slab: Slab,
        interpolation: Interpolation,
    ) -> NDArray[Any]:
        members = self.members(plane, index, slab)
        fill, padding = fill_value(self.volume), self.volume.intensity.outside
        if plane is Plane.ACQUIRED:
            there = present(members, self.is_loaded)
            geometry = self.volume.geometry
            return acquired_slab(array, geometry, index, there, slab, fill=fill, padding=padding)
        stack, sampling = self.stack(plane), self.sampling()
        through = stack.axes[THROUGH]
        across = _grid_indices(through, members, stack.count)
        if through.axis == SLICE_AXIS and not self.is_complete:
            across = across[self._on_grid(self.is_loaded)[across]]
        section = grid_slab(array, sampling, through.axis, across, slab, fill=fill, padding=padding)
        return _to_raster(section, stack, sampling, interpolation)

    def _section(self, array: NDArray[Any], stack: PlaneStack, index: int) -> NDArray[Any]:
        """Return the grid's section with the higher grid axis first, unflipped."""
        sampling = self.sampling()
        through = stack.axes[THROUGH]
        n = _grid_index(through, index, stack.count)
        fill = fill_value(self.volume)
        if through.axis == SLICE_AXIS:
            return sample_slice(array, sampling, n, fill=fill)
        sample = sample_row if through.axis == 1 else sample_column
        return sample(array, sampling, n, fill=fill)


def _grid_index(axis: GridAxis, index: int, count: int) -> int:
    return count - 1 - index if axis.is_reversed else index


def _grid_indices(axis: GridAxis, indices: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    return count - 1 - indices if axis.is_reversed else indices


def _positions(
    axis: GridAxis, length: int, stack: PlaneStack, sampling: StackSampling, side: int
) -> NDArray[np.float64]:
    """Return the grid position of each raster row (side 0) or column (side 1)."""
    spacing = float(sampling.grid.spacing_ijk_mm[axis.axis])
    size = sampling.grid.shape_kji[::-1][axis.axis]
    steps = np.arange(length) * (stack.spacing_rc_mm[side] / spacing)
    # Rounding of the step must not read past the last voxel.
    inside: NDArray[np.float64] = np.clip(np.round(steps, 9), 0, size - 1).astype(np.float64)
    return size - 1 - inside if axis.is_reversed else inside


def _to_raster(
    section: NDArray[Any],
    stack: PlaneStack,
    sampling: StackSampling,
    interpolation: Interpolation,
) -> NDArray[Any]:
    """Return a grid section turned, flipped and brought to square pixels."""
    right, down = stack.axes[RIGHT], stack.axes[DOWN]
    raster = section if down.axis > right.axis else np.swapaxes(section, 0, 1)
    for side, axis in ((0, down), (1, right)):
        positions = _positions(axis, stack.shape_rc[side], stack, sampling, side)
        raster = _read_at(raster, positions, side, interpolation)
    return raster


def _read_at(
    values: NDArray[Any], positions: NDArray[np.float64], axis: int, interpolation: Interpolation
) -> NDArray[Any]:
    """Return values at grid positions along one axis; whole positions are only picked."""
    nearest = np.rint(positions).astype(np.intp)
    if interpolation is Interpolation.NEAREST or np.allclose(positions, nearest, atol=1e-6):
        if len(nearest) == values.shape[axis] and np.array_equal(nearest, np.arange(len(nearest))):
            return values
        return np.take(values, nearest, axis=axis)
    low = np.floor(positions).astype(np.intp)
    high = np.minimum(low + 1, values.shape[axis] - 1)
    share = (positions - low).astype(np.float32)
    form = [1] * values.ndim
    form[axis] = len(positions)
    numbers = values.astype(np.float32)
    first = np.take(numbers, low, axis=axis)
    last = np.take(numbers, high, axis=axis)
    last -= first
    last *= share.reshape(form)
    first += last
    return first
