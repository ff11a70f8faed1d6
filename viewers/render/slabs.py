"""Slabs of acquired slices and of the regular grid: which slices, and their projection.

A slab holds the slices whose centers lie within half its thickness of the plane shown. Slices of
a tilted stack are moved along their planes onto the one shown, so that what lies behind each
other in the patient is projected. Padding and missing slices take no part.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewers.render.blends import Voxels, part, read, stored_of
from viewers.render.planes import PlaneStack
from viewers.render.projection import project, project_block
from viewers.render.regularize import (
    SHIFT_TOLERANCE_PX,
    StackSampling,
    sample_column,
    sample_row,
    sample_slice,
    shift_axis,
)
from viewers.state.slab import Slab
from workstation.core.geometry import StackGeometry
from workstation.core.intensity import Padding, is_padding
from workstation.core.volume import Volume

ROUNDING_MM = 1e-3
"""A slice this little beyond the edge of a slab is on it: positions carry 3 to 6 decimals."""

SAMPLE = (sample_column, sample_row, sample_slice)
"""Sections of a grid across its axis i, j, k."""


def why_no_slab(volume: Volume) -> str:
    """Return why slices of a volume are not projected, as a clause; empty where they can be."""
    geometry = volume.geometry
    rules = (
        (volume.is_colour, "colors have no largest or smallest value"),
        (not geometry.is_placed, "the headers do not say where the slices are"),
        (not geometry.has_millimetres, "the headers hold no trustworthy spacing"),
        (geometry.shape_kji[0] == 1, "there is only one slice"),
        (geometry.is_at_one_place, "all its images lie at one place"),
        (bool((geometry.gaps_mm <= 0).any()), "two slices have the same position"),
    )
    return next((why for is_so, why in rules if is_so), "")


def slab_members(stack: PlaneStack, index: int, slab: Slab) -> NDArray[np.intp]:
    """Return the slices of a stack, in order, that a slab around one of them holds."""
    distances = stack.distances_mm
    away = np.abs(distances - distances[index])
    return np.flatnonzero(away <= slab.thickness_mm / 2 + ROUNDING_MM)


def acquired_slab(
    voxels: Voxels,
    geometry: StackGeometry,
    index: int,
    members: NDArray[np.intp],
    slab: Slab,
    *,
    fill: float,
    padding: Padding,
) -> NDArray[Any]:
    """Return acquired slices projected onto one of them, (rows, columns).

    Args:
        voxels: ``[k, j, i]``; a mixture is mixed before it is projected.
        geometry: of the slices.
        index: the slice that is projected onto.
        members: the slices that take part.
        slab: how they are projected.
        fill: stands where nothing takes part.
        padding: what marks values outside the scanned field.
    """
    if not members.size:
        stored = stored_of(voxels)
        return np.full(stored.shape[1:], fill, dtype=stored.dtype)
    drift = geometry.positions_mm[members] - geometry.positions_mm[index]
    shift = np.stack([drift @ geometry.row_cosines, drift @ geometry.column_cosines], axis=1)
    shift /= np.array(geometry.spacing_ij_mm)
    if np.abs(shift).max() < SHIFT_TOLERANCE_PX:
        if _is_run(members):
            block = part(voxels, slice(members[0], members[-1] + 1))
            return project_block(block, 0, slab.projection, fill=fill, padding=padding)
        sections = (read(voxels, partial(_slice, k=int(k))) for k in members)
        return project(sections, slab.projection, fill=fill, padding=padding)
    moved = (
        _moved_onto(read(voxels, partial(_slice, k=int(k))), by, padding)
        for k, by in zip(members, shift.tolist(), strict=True)
    )
    return project(moved, slab.projection, fill=fill)


def grid_slab(
    voxels: Voxels,
    sampling: StackSampling,
    axis: int,
    members: NDArray[np.intp],
    slab: Slab,
    *,
    fill: float,
    padding: Padding,
) -> NDArray[Any]:
    """Return sections of the grid projected onto each other, the higher grid axis first.

    Args:
        voxels: ``[k, j, i]`` acquired; a mixture is mixed before it is projected.
        sampling: how they become the grid.
        axis: the grid axis the sections lie across: 0 = i, 1 = j, 2 = k.
        members: places along that axis, in any order.
        slab: how they are projected.
        fill: stands where nothing takes part.
        padding: what marks values outside the scanned field.
    """
    if sampling.is_identity and members.size and _is_run(np.sort(members)):
        along = [slice(None)] * 3
        along[2 - axis] = slice(int(members.min()), int(members.max()) + 1)
        block = part(voxels, tuple(along))
        return project_block(block, 2 - axis, slab.projection, fill=fill, padding=padding)
    kept = members if axis < 2 else members[~sampling.is_empty[members]]
    if not kept.size:
        shape = [size for n, size in enumerate(sampling.grid.shape_kji) if n != 2 - axis]
        return np.full(shape, fill, dtype=np.float32)
    outside = None if padding is None else is_padding(stored_of(voxels), padding)
    nothing = np.nan if not sampling.is_identity else 0

    def section(n: int) -> NDArray[Any]:
        values = read(voxels, lambda one: SAMPLE[axis](one, sampling, n, fill=nothing))
        if outside is None:
            return values
        if sampling.is_identity:
            return np.where(is_padding(values, padding), np.float32(np.nan), values)
        # A value mixed with padding is as wrong as padding itself.
        share = SAMPLE[axis](outside, sampling, n, fill=1.0)
        return np.where(share > 0, np.float32(np.nan), values)

    return project((section(int(n)) for n in kept), slab.projection, fill=fill)


def _slice(voxels: NDArray[Any], k: int) -> NDArray[Any]:
    found: NDArray[Any] = voxels[k]
    return found


def present(members: NDArray[np.intp], has_slice: Callable[[int], bool]) -> NDArray[np.intp]:
    """Return the members that are there."""
    return members[[has_slice(int(k)) for k in members]]


def _is_run(members: NDArray[np.intp]) -> bool:
    return bool(members[-1] - members[0] + 1 == members.size)


def _moved_onto(
    pixels: NDArray[Any], shift_ij: list[float], padding: Padding
) -> NDArray[np.float32]:
    """Return a slice moved by a part of a pixel along its rows and columns; NaN outside."""
    rows, columns = pixels.shape
    values = pixels.astype(np.float32)
    if padding is not None:
        values[is_padding(pixels, padding)] = np.nan
    from_rows, from_columns = np.arange(float(rows)), np.arange(float(columns))
    from_rows -= shift_ij[1]
    from_columns -= shift_ij[0]
    return shift_axis(shift_axis(values, from_rows, 0, np.nan), from_columns, 1, np.nan)
