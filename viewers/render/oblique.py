"""Slices in any direction, interpolated trilinearly on the acquired voxels; nothing is copied.

A :class:`Lattice` says for each patient position where it lies among the acquired voxels, also
where slices lean (gantry tilt) or are unevenly spaced. Where slices are missing, nothing is made
up: the fill value stands there. Blocks of rows are sampled on all cores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewers.render.bands import in_bands
from viewers.render.blends import Voxels, read
from viewers.render.planes import PlaneStack
from viewers.render.projection import project
from viewers.render.regularize import ON_A_SLICE
from viewers.render.trilinear import FEWEST_COLUMNS, MOST_VOXELS, inside_columns, inside_values
from viewers.state.cuts import Cut
from viewers.state.slab import Projection
from viewers.state.view_state import Plane
from workstation.core.errors import CancelledError
from workstation.core.geometry import StackGeometry
from workstation.core.intensity import Padding, is_padding

MOST_PX = 1024
"""Longest side of an oblique slice: no viewport shows more of a turned slice at once, and its
time grows with the square."""

BLOCK_ROWS = 64
"""Rows sampled at a time: the work of 64 x 1024 pixels stays in the second-level cache, and
rows that lie beside each other read the same voxels."""

HALF_A_VOXEL = 0.5
"""A position may lie this far beyond the outermost voxel centers: a voxel is not a point."""

SUBSAMPLING_MM = 1e-6
"""Rounding allowed before a plane counts as outside the volume."""


def always() -> bool:
    """Say that work is wanted: the answer where nobody can take it back."""
    return True


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """Where a patient position lies among acquired voxels. Immutable; any thread.

    Attributes:
        shape_kji: of the voxels.
        to_ijd: (3, 4) maps ``(x, y, z, 1)`` to column i, row j and depth d in mm, before a lean.
        distances_mm: (k,) depth of each slice.
        drift_ij: (k, 2) columns and rows by which each slice is moved against the first.
        is_bridged: (k - 1,) whether values may be interpolated between two slices.
        is_even: depth and drift are even, so that the whole mapping is affine.
    """

    shape_kji: tuple[int, int, int]
    to_ijd: NDArray[np.float64]
    distances_mm: NDArray[np.float64]
    drift_ij: NDArray[np.float64]
    is_bridged: NDArray[np.bool_]
    is_even: bool

    @property
    def to_ijk(self) -> NDArray[np.float64]:
        """The (3, 4) map of patient positions to voxel indices of an even lattice."""
        step = float(self.distances_mm[-1]) / (len(self.distances_mm) - 1)
        lean = self.drift_ij[-1] / float(self.distances_mm[-1])
        matrix = self.to_ijd.copy()
        matrix[:2] -= lean[:, None] * self.to_ijd[2]
        matrix[2] /= step
        return matrix


def lattice_of(geometry: StackGeometry) -> Lattice:
    """Return where positions lie among the voxels of a stack that can be reformatted."""
    origin = geometry.positions_mm[0]
    axes = np.stack(
        [
            geometry.row_cosines / geometry.spacing_ij_mm[0],
            geometry.column_cosines / geometry.spacing_ij_mm[1],
            geometry.normal,
        ]
    )
    to_ijd = np.concatenate([axes, -(axes @ origin)[:, None]], axis=1)
    distances = geometry.distances_mm - geometry.distances_mm[0]
    drift = (geometry.positions_mm - origin) @ axes[:2].T
    is_straight = np.allclose(drift, np.outer(distances / distances[-1], drift[-1]), atol=0.05)
    is_even = geometry.is_even and is_straight and bool(geometry.is_bridged.all())
    return Lattice(geometry.shape_kji, to_ijd, distances, drift, geometry.is_bridged, is_even)


def corners_mm(geometry: StackGeometry) -> NDArray[np.float64]:
    """Return the corners of the first and last slice, (8, 3)."""
    rows, columns = geometry.shape_kji[1:]
    ends = np.array(list(product((0.0, columns - 1.0), (0.0, rows - 1.0))))
    last = geometry.shape_kji[0] - 1
    return np.concatenate([geometry.to_patient_mm(k, ends) for k in (0, last)])


def oblique_stack(geometry: StackGeometry, cut: Cut, plane: Plane) -> PlaneStack:
    """Return parallel slices along the normal of a cut, as wide as the volume seen along it.

    One of them passes through the center of the cut. Pixels are square, as fine as the finest
    voxel side, or coarser where the side would be longer than MOST_PX.
    """
    corners = corners_mm(geometry)
    right, down, normal = np.array(cut.right), np.array(cut.down), cut.normal
    gaps = geometry.gaps_mm
    finest = float(min(*geometry.spacing_ij_mm, max(float(gaps.min()), 0.1)))
    across, along, depth = corners @ right, corners @ down, corners @ normal
    longest = max(float(np.ptp(across)), float(np.ptp(along)))
    pixel_mm = max(finest, longest / (MOST_PX - 1))
    columns, rows = (int(np.ptp(side) / pixel_mm + 1e-6) + 1 for side in (across, along))
    center = float(np.array(cut.center_mm) @ normal)
    first = int(np.ceil((float(depth.min()) - center - SUBSAMPLING_MM) / finest))
    last = int(np.floor((float(depth.max()) - center + SUBSAMPLING_MM) / finest))
    # A cut beside the volume still is one slice: an empty one.
    steps = np.arange(first, max(last, first) + 1)
    corner = float(across.min()) * right + float(along.min()) * down
    origins = corner + (center + steps * finest)[:, None] * normal
    return PlaneStack(
        plane=plane,
        shape_rc=(rows, columns),
        spacing_rc_mm=(pixel_mm, pixel_mm),
        right_patient=right,
        down_patient=down,
        origins_mm=origins,
        is_resampled=not geometry.is_regular,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """The pixels of one slice: where the first lies and the steps between them, in mm LPS."""

    shape_rc: tuple[int, int]
    origin_mm: NDArray[np.float64]
    step_right_mm: NDArray[np.float64]
    step_down_mm: NDArray[np.float64]


def raster_of(stack: PlaneStack, index: int, coarse: int = 1) -> Raster:
    """Return the pixels of a slice, or every so many-th of them, at the middle of their blocks."""
    right = stack.right_patient * stack.spacing_rc_mm[1]
    down = stack.down_patient * stack.spacing_rc_mm[0]
    rows, columns = (-(-size // coarse) for size in stack.shape_rc)
    origin = stack.origins_mm[index] + (coarse - 1) / 2 * (right + down)
    return Raster((rows, columns), origin, right * coarse, down * coarse)


def sample(
    voxels: NDArray[Any],
    lattice: Lattice,
    raster: Raster,
    *,
    fill: float,
    padding: Padding = None,
    is_exact: bool = False,
) -> NDArray[Any]:
    """Return a slice interpolated trilinearly, (rows, columns[, 3]).

    int16 stays int16, rounded, where it need not be exact; all else is float32.

    Args:
        voxels: ``[k, j, i[, 3]]`` acquired.
        lattice: where they are.
        raster: the pixels wanted.
        fill: stands outside the volume and where slices are missing.
        padding: values of which no part may get into a pixel: NaN stands there; only if exact.
        is_exact: the result is not rounded to the type of the voxels.
    """
    if voxels.ndim == 4:
        parts = [sample(voxels[..., n], lattice, raster, fill=fill) for n in range(voxels.shape[3])]
        return np.stack(parts, axis=-1)
    rows, columns = raster.shape_rc
    keeps = voxels.dtype == np.int16 and not is_exact
    out = np.empty((rows, columns), dtype=np.int16 if keeps else np.float32)

    def block(band: slice) -> None:
        lines = (band.start, band.stop)
        values = _block(voxels, lattice, raster, lines, fill, padding if is_exact else None)
        # A mean lies between what it is made of: nothing has to be clipped to the type.
        out[band] = np.rint(values, out=values) if keeps else values

    in_bands(rows, BLOCK_ROWS, block)
    return out


def sample_slab(
    voxels: Voxels,
    lattice: Lattice,
    rasters: Sequence[Raster],
    projection: Projection,
    *,
    fill: float,
    padding: Padding = None,
    is_wanted: Callable[[], bool] = always,
) -> NDArray[np.float32]:
    """Return slices behind each other projected onto one, (rows, columns), exact.

    Rows are done block by block through all slices, which stays in the cache and needs the memory
    of one picture.

    Args:
        voxels: ``[k, j, i]`` acquired; a mixture is mixed before it is projected.
        lattice: where they are.
        rasters: the slices, of one shape; at least one.
        projection: how they become one.
        fill: stands where no slice has a value.
        padding: values of which no part may get into a pixel.
        is_wanted: asked between slices, on any thread.

    Raises:
        CancelledError: it is not wanted any more.
    """
    rows, columns = rasters[0].shape_rc
    out = np.empty((rows, columns), dtype=np.float32)

    def section(raster: Raster, lines: tuple[int, int]) -> NDArray[Any]:
        if not is_wanted():
            raise CancelledError("The slab is not wanted any more")
        # NaN, not the fill value: air would win a MinIP.
        return read(voxels, lambda one: _block(one, lattice, raster, lines, np.nan, padding))

    def sections(lines: tuple[int, int]) -> Iterator[NDArray[Any]]:
        return (section(raster, lines) for raster in rasters)

    def block(band: slice) -> None:
        out[band] = project(sections((band.start, band.stop)), projection, fill=fill)

    in_bands(rows, BLOCK_ROWS, block)
    return out


def sample_at(
    voxels: NDArray[Any],
    lattice: Lattice,
    xyz_mm: NDArray[np.float64],
    *,
    fill: float,
    padding: Padding = None,
) -> NDArray[np.float32]:
    """Return values interpolated trilinearly at any positions, (n, 3), as (n,).

    Args:
        voxels: ``[k, j, i]`` acquired.
        lattice: where they are.
        xyz_mm: LPS.
        fill: stands outside the volume and where slices are missing.
        padding: values of which no part may get into a result: the fill stands there.
    """
    matrix = lattice.to_ijk if lattice.is_even else lattice.to_ijd
    i, j, depth = (xyz_mm @ matrix[:, :3].T + matrix[:, 3]).T
    if lattice.is_even:
        k = depth
        outside = (k < -HALF_A_VOXEL) | (k > lattice.shape_kji[0] - 1 + HALF_A_VOXEL)
    else:
        i, j, k, outside = _among_uneven(lattice, i, j, depth)
    for position, length in ((i, lattice.shape_kji[2]), (j, lattice.shape_kji[1])):
        outside |= (position < -HALF_A_VOXEL) | (position > length - 1 + HALF_A_VOXEL)
    values = np.full(len(xyz_mm), fill, dtype=np.float32)
    inside = ~outside
    if inside.any():
        found = _trilinear(voxels, (k[inside], j[inside], i[inside]), padding)
        values[inside] = np.where(np.isnan(found), np.float32(fill), found)
    return values


def depths_k(lattice: Lattice, raster: Raster) -> NDArray[np.float64]:
    """Return between which acquired slices each pixel lies, as a continuous k."""
    _, _, depth = _ijd(lattice.to_ijd, raster, (0, raster.shape_rc[0]))
    count = np.arange(float(len(lattice.distances_mm)))
    k: NDArray[np.float64] = np.interp(depth, lattice.distances_mm, count)
    return k


def _ijd(
    matrix: NDArray[np.float64], raster: Raster, rows: tuple[int, int]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    first = matrix[:, :3] @ raster.origin_mm + matrix[:, 3]
    along = matrix[:, :3] @ raster.step_right_mm
    down = matrix[:, :3] @ raster.step_down_mm
    column, row = np.arange(raster.shape_rc[1]), np.arange(*rows)[:, None]
    i, j, d = ((first[n] + row * down[n]) + column * along[n] for n in range(3))
    return i, j, d


def _block(
    voxels: NDArray[Any],
    lattice: Lattice,
    raster: Raster,
    rows: tuple[int, int],
    fill: float,
    padding: Padding,
) -> NDArray[np.float32]:
    is_plain = lattice.is_even and padding is None and voxels.flags.c_contiguous
    if is_plain and min(voxels.shape) > 1 and voxels.size < MOST_VOXELS:
        return _plain_block(voxels, lattice, raster, rows, fill)
    return _any_block(voxels, lattice, raster, rows, fill, padding)


def _plain_block(
    voxels: NDArray[Any],
    lattice: Lattice,
    raster: Raster,
    rows: tuple[int, int],
    fill: float,
) -> NDArray[np.float32]:
    """Return a block of an even lattice: the inside fast, the rim pixel by pixel."""
    matrix = lattice.to_ijk[::-1]
    first = matrix[:, :3] @ raster.origin_mm + matrix[:, 3]
    right, down = matrix[:, :3] @ raster.step_right_mm, matrix[:, :3] @ raster.step_down_mm
    starts = tuple(first[n] + np.arange(*rows) * down[n] for n in range(3))
    steps = tuple(float(step) for step in right)
    columns = raster.shape_rc[1]
    found = inside_columns(starts, steps, voxels.shape)
    inside = slice(found.start, min(found.stop, columns))
    if inside.stop - inside.start < FEWEST_COLUMNS:
        return _any_block(voxels, lattice, raster, rows, fill, None)
    values = np.empty((rows[1] - rows[0], columns), dtype=np.float32)
    values[:, inside] = inside_values(voxels, starts, steps, inside)
    for rim in (slice(0, inside.start), slice(inside.stop, columns)):
        if rim.start < rim.stop:
            origin = raster.origin_mm + rim.start * raster.step_right_mm
            part = replace(
                raster, shape_rc=(raster.shape_rc[0], rim.stop - rim.start), origin_mm=origin
            )
            values[:, rim] = _any_block(voxels, lattice, part, rows, fill, None)
    return values


def _any_block(
    voxels: NDArray[Any],
    lattice: Lattice,
    raster: Raster,
    rows: tuple[int, int],
    fill: float,
    padding: Padding,
) -> NDArray[np.float32]:
    if lattice.is_even:
        i, j, k = _ijd(lattice.to_ijk, raster, rows)
        size = lattice.shape_kji
        outside = (k < -HALF_A_VOXEL) | (k > size[0] - 1 + HALF_A_VOXEL)
    else:
        i, j, k, outside = _uneven(lattice, raster, rows)
    for position, length in ((i, lattice.shape_kji[2]), (j, lattice.shape_kji[1])):
        outside |= (position < -HALF_A_VOXEL) | (position > length - 1 + HALF_A_VOXEL)
    if outside.all():
        return np.full(outside.shape, fill, dtype=np.float32)
    # Whole columns that no row of the block needs are left out: half of a turned slice is air.
    used = np.flatnonzero(~outside.all(axis=0))
    part = slice(int(used[0]), int(used[-1]) + 1)
    values = np.full(outside.shape, fill, dtype=np.float32)
    mixed = _trilinear(voxels, (k[:, part], j[:, part], i[:, part]), padding)
    mixed[outside[:, part]] = fill
    values[:, part] = mixed
    return values


def _uneven(
    lattice: Lattice, raster: Raster, rows: tuple[int, int]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return i, j, k and what lies outside or in a hole, for slices of any spacing and lean."""
    return _among_uneven(lattice, *_ijd(lattice.to_ijd, raster, rows))


def _among_uneven(
    lattice: Lattice,
    i: NDArray[np.float64],
    j: NDArray[np.float64],
    depth: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    places = lattice.distances_mm
    k = np.interp(depth, places, np.arange(float(len(places))))
    if np.any(lattice.drift_ij):
        i = i - np.interp(depth, places, lattice.drift_ij[:, 0])
        j = j - np.interp(depth, places, lattice.drift_ij[:, 1])
    reach = (places[1] - places[0]) / 2, (places[-1] - places[-2]) / 2
    outside = (depth < -reach[0]) | (depth > places[-1] + reach[1])
    below = np.minimum(k.astype(np.intp), len(places) - 2)
    share = k - below
    is_between = (share > ON_A_SLICE) & (share < 1 - ON_A_SLICE)
    outside |= is_between & ~lattice.is_bridged[below]
    return i, j, k, outside


def _trilinear(
    voxels: NDArray[Any],
    kji: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    padding: Padding,
) -> NDArray[np.float32]:
    lows, shares, steps = [], [], []
    for position, size, stride in zip(
        kji, voxels.shape, (voxels.shape[1] * voxels.shape[2], voxels.shape[2], 1), strict=True
    ):
        inside = np.clip(position, 0, size - 1)
        low = np.minimum(inside.astype(np.intp), max(size - 2, 0))
        lows.append(low)
        shares.append((inside - low).astype(np.float32))
        steps.append(stride if size > 1 else 0)
    outside: list[NDArray[np.bool_]] = []

    def gather(k: int, j: int) -> NDArray[Any]:
        """Return the line of voxels at k, j above the low corner, interpolated along i."""
        ends = (corner(k, j, 0), corner(k, j, 1))
        if padding is not None:
            outside.extend(is_padding(end, padding) for end in ends)
        first = ends[0].astype(np.float32)
        first += shares[2] * (ends[1] - first)
        line: NDArray[Any] = first
        return line

    corner = _corners(voxels, lows, steps)
    planes = []
    for k in (0, 1):
        near, far = gather(k, 0), gather(k, 1)
        near += shares[1] * (far - near)
        planes.append(near)
    found: NDArray[np.float32] = planes[0]
    found += shares[0] * (planes[1] - found)
    if outside:
        found[np.logical_or.reduce(outside)] = np.nan
    return found


def _corners(voxels: NDArray[Any], lows: list[NDArray[np.intp]], steps: list[int]) -> Any:  # noqa: ANN401 - a function
    """Return a function that gives the voxels at a corner (0 or 1 along k, j, i)."""
    if voxels.flags.c_contiguous:
        flat = voxels.reshape(-1)
        base = lows[0] * (voxels.shape[1] * voxels.shape[2])
        base += lows[1] * voxels.shape[2]
        base += lows[2]

        def fast(k: int, j: int, i: int) -> NDArray[Any]:
            # mode="clip" skips the bounds check; all corners lie inside.
            at = base + (k * steps[0] + j * steps[1] + i * steps[2])
            taken: NDArray[Any] = flat.take(at, mode="clip")
            return taken

        return fast

    def plain(k: int, j: int, i: int) -> NDArray[Any]:
        offsets = [n * min(step, 1) for n, step in zip((k, j, i), steps, strict=True)]
        places = tuple(low + offset for low, offset in zip(lows, offsets, strict=True))
        found: NDArray[Any] = voxels[places]
        return found

    return plain
