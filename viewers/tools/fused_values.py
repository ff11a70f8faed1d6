"""Stored values of an overlay under a probe or a region of the base; nothing is interpolated.

A region of the base is carried into the overlay; the stored voxels count whose centers lie inside
the outline and nearer to its plane than to the next plane of voxels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewers.render.fusion import Overlay
from viewers.tools.measure import PointerReading, probe, value_unit
from viewers.tools.regions import Slab, statistics, voxels_in_slab, voxels_in_sphere
from viewers.tools.shapes import CLOSED
from workstation.core.measurement import Measurement, MeasurementKind


@dataclass(frozen=True, slots=True)
class OverlayValue:
    """What the overlay holds under a mark of the base.

    Attributes:
        mean: of a region, or the value under a probe; in ``unit``.
        high: the largest value of a region; None for a probe.
        unit: of the overlay; empty where it has none, words where it is in doubt.
        voxels: how many stored voxels it rests on.
    """

    mean: float
    high: float | None
    unit: str
    voxels: int


def overlay_reading(overlay: Overlay, point_mm: NDArray[np.float64]) -> PointerReading | None:
    """Return the stored voxel of the overlay at a position of the base; None where none is in."""
    there = overlay.to_overlay_mm(point_mm)
    reading = probe(overlay.volume, there)
    if reading is None or not overlay.is_loaded(reading.voxel_kji[0]):
        return None
    return reading


def overlay_value(overlay: Overlay, mark: Measurement) -> OverlayValue | None:
    """Return what the overlay holds under a probe or a region; None for other marks.

    Also None where the overlay has no voxel there, or is still loading.
    """
    unit = value_unit(overlay.volume.intensity)
    points = np.array(mark.points_mm)
    if mark.kind is MeasurementKind.PROBE:
        reading = overlay_reading(overlay, points[0])
        if reading is None or np.isnan(reading.value[0]):
            return None
        return OverlayValue(reading.value[0], None, unit, 1)
    if not overlay.is_complete:
        return None
    there = overlay.to_overlay_mm(points)
    if mark.kind is MeasurementKind.SPHERE:
        radius_mm = float(np.linalg.norm(points[1] - points[0]))
        values = voxels_in_sphere(overlay.volume, there[0], radius_mm)
    elif mark.kind in CLOSED:
        values = voxels_in_slab(overlay.volume, mark.kind, there, _plane(overlay, there))
    else:
        return None
    found = statistics(overlay.volume, values, size=0.0, size_unit="")
    if found is None:
        return None
    return OverlayValue(found.mean, found.high, unit, found.voxels)


def _plane(overlay: Overlay, outline_mm: NDArray[np.float64]) -> Slab:
    """Return the plane of an outline, as thick as the voxels of the overlay along its normal."""
    flat = outline_mm - outline_mm[0]
    normal = np.cross(flat, np.roll(flat, -1, axis=0)).sum(axis=0)
    size = float(np.linalg.norm(normal))
    geometry = overlay.volume.geometry
    normal = normal / size if size > 0 else geometry.normal
    first = flat[np.argmax(np.linalg.norm(flat, axis=1))]
    if not np.any(first):
        first = geometry.row_cosines
    right = first / np.linalg.norm(first)
    step_mm = float(np.median(np.abs(np.diff(overlay.lattice.distances_mm))))
    per_mm = np.abs(
        [
            float(normal @ geometry.row_cosines) / geometry.spacing_ij_mm[0],
            float(normal @ geometry.column_cosines) / geometry.spacing_ij_mm[1],
            float(normal @ geometry.normal) / step_mm,
        ]
    )
    return Slab(right, np.cross(normal, right), 0.5 / float(per_mm.max()))
