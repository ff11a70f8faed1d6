"""Which stored voxels a region holds, and their statistics.

A voxel belongs to a region if its center lies inside. A center exactly on the outline of an
ellipse or a sphere is inside; one on an edge of a polygon or a rectangle belongs to exactly one of
two regions that share the edge. On a reformatted plane the voxels whose centers lie nearer to
this plane than to the next count: nothing is interpolated, the figures are of stored numbers only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from workstation.core.geometry import StackGeometry
from workstation.core.intensity import is_padding
from workstation.core.measurement import MeasurementKind, RegionStatistics
from workstation.core.volume import Volume

BINS = 32
"""Bars of a histogram: as many as can be told apart in the width of a panel."""

AT_ONCE = 1 << 18
"""Voxels looked at together: what is worked out about them stays in the second-level cache."""

ON_EDGE = 1e-9
"""Rounding allowed to a center that lies on an ellipse or a sphere, as a share of its size."""

FLAT_AREA = 1e-9
"""An ellipse of less has no inside; in the square of whatever its corners are given in."""


@dataclass(frozen=True, slots=True, eq=False)
class Slab:
    """A plane that crosses the stored slices, and how far from it a voxel still belongs to it.

    Attributes:
        right_patient, down_patient: (3,) unit directions in the plane.
        reach_mm: half the distance to the next plane.
    """

    right_patient: NDArray[np.float64]
    down_patient: NDArray[np.float64]
    reach_mm: float

    @property
    def normal(self) -> NDArray[np.float64]:
        """Unit direction through the plane, (3,)."""
        normal = np.cross(self.right_patient, self.down_patient)
        unit: NDArray[np.float64] = normal / np.linalg.norm(normal)
        return unit


def voxels_on_slice(
    volume: Volume, kind: MeasurementKind, points_mm: NDArray[np.float64], k: int
) -> NDArray[Any]:
    """Return the values (n,) of the stored voxels of slice k inside an outline.

    Args:
        volume: what is measured.
        kind: an ellipse, rectangle, polygon or freehand outline.
        points_mm: its points (n, 3), on the slice.
        k: the stored slice.
    """
    geometry = volume.geometry
    ij = slice_ij(geometry, k, points_mm)
    rows, columns = geometry.shape_kji[1:]
    mask = inside_raster(kind, ij, (rows, columns))
    values: NDArray[Any] = volume.voxels[k][mask]
    return values


def inside_raster(
    kind: MeasurementKind, ij: NDArray[np.float64], shape_rc: tuple[int, int]
) -> NDArray[np.bool_]:
    """Return which pixel centers of a raster (rows, columns) lie inside an outline.

    Args:
        kind: of the outline.
        ij: its points as (column, row), (n, 2).
        shape_rc: rows and columns.
    """
    mask = np.zeros(shape_rc, dtype=np.bool_)
    low = np.maximum(np.floor(ij.min(axis=0)).astype(int), 0)
    high = np.minimum(np.ceil(ij.max(axis=0)).astype(int) + 1, shape_rc[::-1])
    if (low >= high).any():
        return mask
    columns, rows = np.arange(low[0], high[0]), np.arange(low[1], high[1])
    box = mask[low[1] : high[1], low[0] : high[0]]
    if kind is MeasurementKind.ELLIPSE:
        grid = np.stack(np.meshgrid(columns, rows), axis=-1).astype(np.float64)
        box[...] = inside_ellipse(ij, grid)
    else:
        box[...] = _fill(ij - low, (len(rows), len(columns)))
    return mask


def voxels_in_slab(
    volume: Volume, kind: MeasurementKind, points_mm: NDArray[np.float64], slab: Slab
) -> NDArray[Any]:
    """Return the values (n,) of the stored voxels of a slab inside an outline drawn on it."""
    origin = points_mm[0]
    axes = np.stack([slab.right_patient, slab.down_patient], axis=1)
    outline = (points_mm - origin) @ axes
    ends = np.concatenate([points_mm + sign * slab.reach_mm * slab.normal for sign in (-1.0, 1.0)])
    found = []
    for k, j, i in _near(volume.geometry, ends, origin, slab):
        flat = _flat(volume.geometry, (k, j, i), origin, axes)
        inside = (
            inside_ellipse(outline, flat)
            if kind is MeasurementKind.ELLIPSE
            else inside_polygon(outline, flat)
        )
        found.append(volume.voxels[k[inside], j[inside], i[inside]])
    return np.concatenate(found) if found else volume.voxels[:0].reshape(-1)


def voxels_in_sphere(
    volume: Volume, center_mm: NDArray[np.float64], radius_mm: float
) -> NDArray[Any]:
    """Return the values (n,) of the stored voxels whose centers lie in a sphere."""
    geometry = volume.geometry
    depth = geometry.distances_mm - float(center_mm @ geometry.normal)
    left = (radius_mm * (1 + ON_EDGE)) ** 2 - depth**2
    found = []
    for k in np.flatnonzero(left >= 0):
        # The slice cuts a circle out of the sphere; rows and columns are square to each other.
        (center,) = slice_ij(geometry, int(k), center_mm[None])
        across, down = (
            (np.arange(size) - place) * step
            for size, place, step in zip(
                geometry.shape_kji[:0:-1], center, geometry.spacing_ij_mm, strict=True
            )
        )
        i, j = (np.flatnonzero(away**2 <= left[k]) for away in (across, down))
        inside = down[j, None] ** 2 + across[i] ** 2 <= left[k]
        if inside.size:
            box = volume.voxels[k, j[0] : j[-1] + 1, i[0] : i[-1] + 1]
            found.append(box[inside])
    return np.concatenate(found) if found else volume.voxels[:0].reshape(-1)


def inside_ellipse(corners: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which points (..., 2) lie in the ellipse inside four corners (4, 2)."""
    axes = np.stack([corners[1] - corners[0], corners[3] - corners[0]], axis=1) / 2
    if abs(float(np.linalg.det(axes))) < FLAT_AREA:
        # Dragged along a line: there is no inside yet.
        return np.zeros(at.shape[:-1], dtype=np.bool_)
    share = (at - corners.mean(axis=0)) @ np.linalg.inv(axes).T
    inside: NDArray[np.bool_] = (share**2).sum(axis=-1) <= 1 + ON_EDGE
    return inside


def inside_polygon(corners: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which points (n, 2) lie in a polygon (m, 2): an odd number of edges to the left."""
    # By height, so that each edge meets only the points beside it.
    order = np.argsort(at[:, 1])
    x, y = at[order].T
    is_odd = np.zeros(len(at), dtype=np.bool_)
    for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y1 == y2:
            continue
        first, last = np.searchsorted(y, (min(y1, y2), max(y1, y2)), side="left")
        beside = slice(first, last)
        crossing = x1 + (y[beside] - y1) * (x2 - x1) / (y2 - y1)
        is_odd[beside] ^= x[beside] > crossing
    inside = np.empty_like(is_odd)
    inside[order] = is_odd
    return inside


def statistics(
    volume: Volume, values: NDArray[Any], *, size: float, size_unit: str
) -> RegionStatistics | None:
    """Return the statistics of stored voxels; None where none of them was scanned.

    Args:
        volume: whose voxels they are; says what marks the outside of the scanned field.
        values: the voxels, (n,).
        size: area or volume of the outline.
        size_unit: its unit.
    """
    is_outside = is_padding(values, volume.intensity.outside)
    kept = values[~is_outside].astype(np.float64)
    kept = kept[np.isfinite(kept)]
    if not len(kept):
        return None
    low, high = float(kept.min()), float(kept.max())
    bins = np.histogram(kept, bins=BINS, range=(low, high))[0] if high > low else [len(kept)]
    return RegionStatistics(
        mean=float(kept.mean()),
        sd=float(kept.std(ddof=1)) if len(kept) > 1 else 0.0,
        low=low,
        high=high,
        voxels=len(kept),
        padding_voxels=int(is_outside.sum()),
        size=size,
        size_unit=size_unit,
        histogram=tuple(int(count) for count in bins),
    )


def outline_area(kind: MeasurementKind, points: NDArray[np.float64]) -> float:
    """Return the area of an outline (n, 3 or 2), in the square of the unit of its points.

    A polygon lies in one plane; one that crosses itself has the area that its turns leave.
    """
    if kind in (MeasurementKind.ELLIPSE, MeasurementKind.RECTANGLE):
        sides = float(np.linalg.norm(points[1] - points[0]) * np.linalg.norm(points[3] - points[0]))
        return sides * np.pi / 4 if kind is MeasurementKind.ELLIPSE else sides
    flat = points - points[0]
    if flat.shape[1] == 2:
        flat = np.column_stack([flat, np.zeros(len(flat))])
    doubled = np.cross(flat, np.roll(flat, -1, axis=0)).sum(axis=0)
    return float(np.linalg.norm(doubled)) / 2


def slice_ij(
    geometry: StackGeometry, k: int, points_mm: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return continuous (column, row), (n, 2), of positions (n, 3) projected onto slice k."""
    offset = points_mm - geometry.positions_mm[k]
    axes = np.stack([geometry.row_cosines, geometry.column_cosines], axis=1)
    ij: NDArray[np.float64] = offset @ axes / np.array(geometry.spacing_ij_mm)
    return ij


def _fill(ij: NDArray[np.float64], shape_rc: tuple[int, int]) -> NDArray[np.bool_]:
    """Return which centers of a small raster lie in a polygon, row by row."""
    rows, columns = shape_rc
    changes = np.zeros((rows, columns + 1), dtype=np.int32)
    for (x1, y1), (x2, y2) in zip(ij, np.roll(ij, -1, axis=0), strict=True):
        if y1 == y2:
            continue
        first, last = np.ceil(min(y1, y2)), np.ceil(max(y1, y2))
        level = np.arange(max(int(first), 0), min(int(last), rows))
        crossing = x1 + (level - y1) * (x2 - x1) / (y2 - y1)
        column = np.clip(np.floor(crossing).astype(int) + 1, 0, columns)
        np.add.at(changes, (level, column), 1)
    inside: NDArray[np.bool_] = np.cumsum(changes[:, :-1], axis=1) % 2 == 1
    return inside


Voxels: TypeAlias = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]
"""Slices, rows and columns of some voxels, (n,) each."""


def _near(
    geometry: StackGeometry,
    ends: NDArray[np.float64],
    origin: NDArray[np.float64],
    slab: Slab,
) -> Iterator[Voxels]:
    """Yield the voxels of a plane around some positions, a few slices at a time.

    In each line of voxels that crosses the plane only the few next to it are looked at: a plane
    that leans touches a box of 27 million voxels of which 100,000 are its own.
    """
    depth = ends @ geometry.normal
    slices = np.flatnonzero(
        (geometry.distances_mm >= depth.min() - 1e-6)
        & (geometry.distances_mm <= depth.max() + 1e-6)
    )
    if not slices.size:
        return
    low, high = _box(geometry, slices, ends)
    if (low >= high).any():
        return
    steps = np.array(geometry.spacing_ij_mm) * np.array(
        [geometry.row_cosines @ slab.normal, geometry.column_cosines @ slab.normal]
    )
    along = int(np.abs(steps).argmax())
    line, size = int(high[1 - along] - low[1 - along]), int(high[along] - low[along])
    count = size
    if abs(steps[along]) > 0:
        count = min(size, int(np.ceil(2 * slab.reach_mm / abs(steps[along]))) + 2)
    part = max(1, AT_ONCE // (line * count))
    for start in range(0, slices.size, part):
        chosen = slices[start : start + part]
        k, other = chosen[:, None, None], np.arange(low[1 - along], high[1 - along])[:, None]
        base = (geometry.positions_mm[chosen] - origin) @ slab.normal
        at_zero = base[:, None, None] + other * steps[1 - along]
        first = np.full(at_zero.shape, low[along])
        if count < size:
            ends_at = (np.array([-slab.reach_mm, slab.reach_mm]) - at_zero) / steps[along]
            first = np.floor(ends_at.min(axis=2, keepdims=True)).astype(np.intp)
        place = first + np.arange(count)
        away = at_zero + place * steps[along]
        is_near = (away >= -slab.reach_mm) & (away < slab.reach_mm - 1e-6)
        is_near &= (place >= low[along]) & (place < high[along])
        ks, others = np.broadcast_to(k, is_near.shape), np.broadcast_to(other, is_near.shape)
        pair = (others[is_near], place[is_near])
        j, i = pair if along == 0 else pair[::-1]
        yield ks[is_near], j, i


def _box(
    geometry: StackGeometry, slices: NDArray[np.intp], ends: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the first (column, row) around positions on any of some slices, one past the last."""
    axes = np.stack([geometry.row_cosines, geometry.column_cosines], axis=1)
    drift = geometry.positions_mm[slices] @ axes
    flat, spacing = ends @ axes, np.array(geometry.spacing_ij_mm)
    first = np.floor((flat.min(axis=0) - drift.max(axis=0)) / spacing).astype(np.intp)
    last = np.ceil((flat.max(axis=0) - drift.min(axis=0)) / spacing).astype(np.intp) + 1
    rows, columns = geometry.shape_kji[1:]
    return np.maximum(first, 0), np.minimum(last, (columns, rows))


def _flat(
    geometry: StackGeometry,
    voxels: Voxels,
    origin: NDArray[np.float64],
    axes: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return where voxels lie in a plane, (n, 2), from an origin along two axes (3, 2)."""
    k, j, i = voxels
    flat: NDArray[np.float64] = ((geometry.positions_mm - origin) @ axes)[k]
    flat += i[:, None] * (geometry.spacing_ij_mm[0] * geometry.row_cosines @ axes)
    flat += j[:, None] * (geometry.spacing_ij_mm[1] * geometry.column_cosines @ axes)
    return flat
