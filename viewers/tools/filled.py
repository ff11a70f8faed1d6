"""Whether a mark lies on voxels that a model proposed: of these no number is given.

A length through a proposed slice, a region with one proposed voxel and a probe on one have none.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from viewers.render.hatch import filled_volume
from viewers.tools import regions
from viewers.tools.marking import Place
from viewers.tools.measure import nearest_voxel
from viewers.tools.shapes import CLOSED
from workstation.core.measurement import MeasurementKind
from workstation.core.volume import Volume

STEPS_PER_VOXEL = 2.0
"""Points looked at along a line, per finest voxel spacing: none is stepped over."""

MOST_STEPS = 4000
"""Most points looked at along a line: two meters at half a millimeter."""

LINES = {
    MeasurementKind.BIDIRECTIONAL: ((0, 1), (2, 3)),
    MeasurementKind.COBB: ((0, 1), (2, 3)),
    MeasurementKind.ANGLE: ((0, 1), (1, 2)),
}
"""Ends of the lines of marks with several, as places among their points."""


def is_filled_at(volume: Volume, point_mm: NDArray[np.float64]) -> bool:
    """Whether the voxel at a patient position was proposed and not scanned."""
    if volume.filled is None:
        return False
    kji = nearest_voxel(volume, point_mm)
    return kji is not None and volume.filled.holds(*kji)


def lies_on_filled(
    volume: Volume, kind: MeasurementKind, points_mm: NDArray[np.float64], place: Place
) -> bool:
    """Whether any part of a mark lies on voxels that were proposed.

    Args:
        volume: the volume on show.
        kind: of the mark.
        points_mm: its points, (n, 3); see :class:`Measurement`.
        place: the plane it is drawn on.
    """
    mask = filled_volume(volume)
    if mask is None or not len(points_mm):
        return False
    if kind is MeasurementKind.SPHERE and len(points_mm) == 2:
        radius_mm = float(np.linalg.norm(points_mm[1] - points_mm[0]))
        return bool((regions.voxels_in_sphere(mask, points_mm[0], radius_mm) > 0).any())
    if kind in CLOSED and len(points_mm) > 2:
        return _is_region_filled(mask, kind, points_mm, place)
    pairs = LINES.get(kind, ((0, len(points_mm) - 1),))
    ends = [(points_mm[a], points_mm[b]) for a, b in pairs if max(a, b) < len(points_mm)]
    return any(_is_line_filled(volume, start, end) for start, end in ends)


def _is_region_filled(
    mask: Volume, kind: MeasurementKind, points_mm: NDArray[np.float64], place: Place
) -> bool:
    if place.slab is not None:
        values = regions.voxels_in_slab(mask, kind, points_mm, place.slab)
    else:
        k = mask.geometry.nearest_slice_index(points_mm[0], at=place.at)
        values = regions.voxels_on_slice(mask, kind, points_mm, k)
    return bool((values > 0).any())


def _is_line_filled(volume: Volume, start: NDArray[np.float64], end: NDArray[np.float64]) -> bool:
    geometry = volume.geometry
    finest = min(*geometry.spacing_ij_mm, *np.abs(geometry.gaps_mm).tolist() or (1.0,))
    length = float(np.linalg.norm(end - start))
    steps = int(min(np.ceil(STEPS_PER_VOXEL * length / max(finest, 1e-3)), MOST_STEPS)) + 1
    return any(
        is_filled_at(volume, start + share * (end - start)) for share in np.linspace(0, 1, steps)
    )
