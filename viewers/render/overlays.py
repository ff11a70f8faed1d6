"""Where evidence and measurements lie on a slice, and masks painted over it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewers.render.planes import PlaneStack
from viewers.state.view_state import Plane
from workstation.core.finding import Evidence, Region, RegionKind
from workstation.core.measurement import Measurement, MeasurementKind
from workstation.core.volume import Volume


@dataclass(frozen=True, slots=True)
class EvidenceMark:
    """The trace of one piece of evidence on one slice.

    Attributes:
        kind: how it is marked.
        corners_cr: corners of its outline as (column, row) of the slice; one for a point, none
            where the whole slice is meant.
    """

    kind: RegionKind
    corners_cr: tuple[tuple[float, float], ...]


def evidence_slices(evidence: Evidence, volume: Volume) -> tuple[int, ...]:
    """Return the acquired slices that a piece of evidence names or reaches, most telling first."""
    if evidence.series_uid != volume.series.series_uid:
        return ()
    wanted = {uid: n for n, uid in reversed(tuple(enumerate(evidence.instance_uids)))}
    named = [(wanted[uid], k) for k, uid in enumerate(volume.instance_uids) if uid in wanted]
    return tuple(k for _rank, k in sorted(named))


def evidence_mark(
    evidence: Evidence, volume: Volume, stack: PlaneStack, index: int, *, is_stored: bool = True
) -> EvidenceMark | None:
    """Return the outline of a region on a slice; None where the slice does not show it.

    Args:
        evidence: names slices of ``volume``.
        volume: the stored volume.
        stack: slices of the plane on show.
        index: which of them.
        is_stored: the slices of the acquired plane are those of ``volume``; False where a
            model's volume stands before it, then the place alone decides.
    """
    if evidence.series_uid != volume.series.series_uid:
        return None
    region = evidence.region
    is_acquired = is_stored and stack.plane is Plane.ACQUIRED
    is_named = is_acquired and index in evidence_slices(evidence, volume)
    if region.kind is RegionKind.SLICE:
        return EvidenceMark(region.kind, ()) if is_named else None
    # An acquired slice named as evidence carries the mark even where rounding or a tilt puts
    # the center of the box just outside of it.
    if not (is_named or _is_crossed(region, stack, index)):
        return None
    if region.kind is RegionKind.POINT:
        at = stack.to_pixel_cr(index, np.array(region.center_mm))
        return EvidenceMark(region.kind, ((float(at[0]), float(at[1])),))
    corners = _box_corners(region)
    cr = stack.to_pixel_cr(index, corners)
    (left, top), (right, bottom) = cr.min(axis=0), cr.max(axis=0)
    outline = ((left, top), (right, top), (right, bottom), (left, bottom))
    return EvidenceMark(region.kind, tuple((float(c), float(r)) for c, r in outline))


def measurement_points(
    measurement: Measurement, measured: Volume, shown: Volume, stack: PlaneStack, index: int
) -> NDArray[np.float64] | None:
    """Return the points of a measurement as (column, row); None where the slice lacks them.

    Args:
        measurement: made on stored voxels.
        measured: the volume those belong to.
        shown: the volume on show; another one where a model's volume stands before it.
        stack: slices of the plane on show.
        index: which of them.
    """
    if measurement.series_uid != measured.series.series_uid:
        return None
    points = np.array(measurement.points_mm)
    if measurement.kind is MeasurementKind.SPHERE:
        return _sphere_points(points, stack, index)
    if stack.plane is Plane.ACQUIRED and shown is measured:
        frame = measured.frame_numbers[index] if measured.frame_numbers else 0
        here = (measured.instance_uids[index], frame)
        if here != (measurement.instance_uid, measurement.frame_number):
            return None
        # Drawn across the slices it is in this one only where all of it is.
        if measurement.is_reformatted and not _is_near(points, stack, index):
            return None
    elif not _is_near(points, stack, index):
        return None
    return stack.to_pixel_cr(index, points)


def _sphere_points(
    points_mm: NDArray[np.float64], stack: PlaneStack, index: int
) -> NDArray[np.float64] | None:
    """Return center and rim (2, 2) of the circle a slice cuts out of a sphere; None beside it."""
    center, rim = points_mm
    depth = float(stack.distances_mm[index] - center @ stack.normal)
    squared = float((rim - center) @ (rim - center)) - depth**2
    if squared <= 0:
        return None
    flat = center + depth * stack.normal
    return stack.to_pixel_cr(index, np.stack([flat, flat + np.sqrt(squared) * stack.right_patient]))


def _is_near(points_mm: NDArray[np.float64], stack: PlaneStack, index: int) -> bool:
    away = np.abs(points_mm @ stack.normal - float(stack.distances_mm[index]))
    return float(away.max()) <= stack.reach_mm(index)


def mask_outline(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the pixels of a mask (rows, columns) that have a 4-neighbor outside of it."""
    inside = np.zeros_like(mask)
    inside[1:-1, 1:-1] = (
        mask[:-2, 1:-1] & mask[2:, 1:-1] & mask[1:-1, :-2] & mask[1:-1, 2:] & mask[1:-1, 1:-1]
    )
    return mask & ~inside


def painted(
    pixels: NDArray[np.uint8],
    mask: NDArray[np.bool_],
    color_rgb: tuple[int, int, int],
    opacity: float,
) -> NDArray[np.uint8]:
    """Return RGBA pixels (rows, columns, 4) with a color laid over the masked ones.

    Args:
        pixels: grey (rows, columns) or RGB (rows, columns, 3).
        mask: where the color goes.
        color_rgb: 0..255.
        opacity: 0 leaves the pixels, 1 hides them.
    """
    rgba = np.empty((*pixels.shape[:2], 4), dtype=np.uint8)
    rgba[..., :3] = pixels[..., None] if pixels.ndim == 2 else pixels
    rgba[..., 3] = 255
    under = rgba[mask, :3].astype(np.float32)
    over = np.array(color_rgb, dtype=np.float32)
    rgba[mask, :3] = np.rint(under + opacity * (over - under)).astype(np.uint8)
    return rgba


def _is_crossed(region: Region, stack: PlaneStack, index: int) -> bool:
    corners = _box_corners(region) @ stack.normal
    here = float(stack.distances_mm[index])
    reach = stack.reach_mm(index)
    return bool(corners.min() - reach <= here <= corners.max() + reach)


def _box_corners(region: Region) -> NDArray[np.float64]:
    half = np.array(region.size_mm) / 2
    signs = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
    return np.array(region.center_mm) + signs * half
