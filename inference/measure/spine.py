"""The spinal canal in a trunk CT, and the trabecular bone of the vertebral bodies before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.measure.masks import (
    Mask,
    bounding_slices,
    closed,
    filled_per_plane,
    plane_components,
)
from inference.measure.scene import Scene, measured, not_assessed
from inference.measure.vocabulary import SPINE_ATTENUATION
from inference.measure.working_grid import WorkingGrid
from workstation.core.finding import Fact, Side

BONE_HU = 140.0
"""Block mean of cortical bone seen through partial volume; marrow may lie below."""

WINDOW_MM = 55.0
"""The canal lies within this distance of the middle of the body, scoliosis included."""

GAP_CLOSING_MM = 3.0
"""Bridges thin laminae, plane by plane; the canal itself is wider than twice this."""

CANAL_MM2 = (60.0, 700.0)
"""Area of the canal in one plane: some 150 mm2 in a child, 300 to 450 mm2 in an adult."""

CANAL_HU = (-40.0, 110.0)
"""Mean of cord, fluid and fat in the canal."""

GAP_CLOSING_STEPS = 1.5
"""The same in blocks, where these are large."""

ASIDE_MM = 25.0
"""A ring further from the middle of all rings, left to right, is none of the spine."""

LEAST_RINGS = 6
"""Planes in which a ring of bone closes around the canal: some four at each vertebra."""

OFF_CURVE_MM = 12.0
"""A ring further from the smooth curve of the spine is another hole in bone."""

ROUNDS = 6
"""How often the curve is fitted and far rings are dropped; three settle it in practice."""

PLANE_STEP = 1.0e4
"""Distance between planes, in mm, that keeps an operation inside each plane."""

ROI_AHEAD_MM = 14.0
"""Distance from the front wall of the canal to the middle of the vertebral body."""

ROI_HALF_MM = (5.0, 7.0)
"""Half sizes of the region along y and x: inside the cortex of every adult thoracic body."""

TRABECULAR_HU = (20.0, 400.0)
"""Range of trabecular bone; outside it the region met something else."""

MOST_SPREAD = 0.5
"""Interquartile range over planes, relative to the median, above which the regions cannot all
lie in trabecular bone (or the vertebrae are not alike: fracture, metal, sclerosis)."""

LEAST_PLANES = 8
"""Fewer planes do not average over vertebrae and discs."""


@dataclass(frozen=True, slots=True, eq=False)
class Spine:
    """Where bone closes around the canal: at the pedicles, so clear of the discs.

    Attributes:
        planes: z indices, ascending.
        front, middle: for each plane y index of the front wall, x index of the middle.
    """

    planes: NDArray[np.float64]
    front: NDArray[np.float64]
    middle: NDArray[np.float64]


def find_spine(grid: WorkingGrid, body: Mask) -> Spine | None:
    """Return the canal, or None where none was found.

    Args:
        grid: a trunk CT.
        body: [z, y, x] the body.
    """
    if not body.any():
        return None
    box = _window(grid, body)
    plane_steps = (PLANE_STEP, grid.step_zyx_mm[1], grid.step_zyx_mm[2])
    reach_mm = max(GAP_CLOSING_MM, GAP_CLOSING_STEPS * grid.step_zyx_mm[2])
    bone = closed(grid.values[box] > BONE_HU, reach_mm, plane_steps)
    rings = _rings(filled_per_plane(bone) & ~bone, grid, grid.values[box])
    kept = _on_one_curve(rings, grid)
    if len(kept) < LEAST_RINGS:
        return None
    return Spine(
        planes=kept[:, 0] + box[0].start,
        front=kept[:, 1] + box[1].start,
        middle=kept[:, 2] + box[2].start,
    )


def spine_fact(scene: Scene, spine: Spine | None, *, with_contrast: bool) -> Fact:
    """Return the mean attenuation of trabecular bone over the vertebrae in the scan."""
    if spine is None:
        return not_assessed(SPINE_ATTENUATION, "the spine was not found")
    if with_contrast:
        return not_assessed(SPINE_ATTENUATION, "contrast medium raises it")
    region, means = _trabecular(scene.grid, spine)
    if len(means) < LEAST_PLANES:
        return not_assessed(SPINE_ATTENUATION, "too few vertebrae lie in the scan")
    spread = float(np.subtract(*np.percentile(means, [75, 25])))
    if spread > MOST_SPREAD * float(np.median(means)):
        return not_assessed(SPINE_ATTENUATION, "it differs too much from vertebra to vertebra")
    vertebrae = max(1.0, len(means) * scene.grid.step_zyx_mm[0] / 25.0)
    return measured(
        SPINE_ATTENUATION,
        float(np.median(means)),
        side=Side.MIDLINE,
        uncertainty=0.74 * spread / np.sqrt(vertebrae) + 2.0,
        confidence=0.9,
        reason="median over the vertebrae in the scan, without calibration phantom",
        evidence=scene.evidence(region),
    )


def _window(grid: WorkingGrid, body: Mask) -> tuple[slice, slice, slice]:
    part = bounding_slices(body)
    middle = (part[2].start + part[2].stop) / 2
    reach = WINDOW_MM / grid.step_zyx_mm[2]
    depth = part[1].stop - part[1].start
    first_x = max(0, int(middle - reach))
    first_y = part[1].start + int(0.3 * depth)
    return part[0], slice(first_y, part[1].stop), slice(first_x, int(middle + reach) + 1)


def _rings(holes: Mask, grid: WorkingGrid, values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return (z, y of the front wall, x of the middle) of the hindmost canal in each plane."""
    block_mm2 = grid.step_zyx_mm[1] * grid.step_zyx_mm[2]
    labels, count = plane_components(holes, least=int(CANAL_MM2[0] / block_mm2))
    index = np.argwhere(labels)
    found: dict[int, tuple[float, float]] = {}
    order = np.argsort(labels[tuple(index.T)], kind="stable")
    for part in np.split(index[order], _starts(labels, count)):
        if not len(part) or len(part) * block_mm2 > CANAL_MM2[1]:
            continue
        z, front, middle = int(part[0, 0]), float(part[:, 1].min()), float(part[:, 2].mean())
        is_filled = CANAL_HU[0] < float(values[tuple(part.T)].mean()) < CANAL_HU[1]
        if is_filled and (z not in found or front > found[z][0]):
            found[z] = (front, middle)
    rows = [(float(z), *found[z]) for z in sorted(found)]
    return np.array(rows, dtype=np.float64).reshape(-1, 3)


def _starts(labels: NDArray[np.uint32], count: int) -> NDArray[np.int64]:
    """Return where each label but the first begins in a list of blocks ordered by label."""
    return np.cumsum(np.bincount(labels.ravel(), minlength=count + 1)[1:])[:-1]


def _on_one_curve(rings: NDArray[np.float64], grid: WorkingGrid) -> NDArray[np.float64]:
    """Return the rings that lie on one smooth curve from below to above."""
    steps = np.array(grid.step_zyx_mm)
    if not len(rings):
        return rings
    aside_mm = np.abs(rings[:, 2] - np.median(rings[:, 2])) * steps[2]
    kept: NDArray[np.float64] = rings[aside_mm <= ASIDE_MM]
    for _ in range(ROUNDS):
        if len(kept) < LEAST_RINGS:
            return kept
        mm = kept * steps
        z = mm[:, 0] - mm[:, 0].mean()
        degree = 2 if float(np.ptp(z)) > 60.0 else 1
        off = np.zeros(len(kept))
        for axis in (1, 2):
            off = np.hypot(off, mm[:, axis] - np.polyval(np.polyfit(z, mm[:, axis], degree), z))
        limit = max(OFF_CURVE_MM, float(np.percentile(off, 80)))
        if float(off.max()) <= limit:
            return kept
        kept = kept[off <= limit]
    return kept


def _trabecular(grid: WorkingGrid, spine: Spine) -> tuple[Mask, list[float]]:
    """Return the regions and the mean of each plane that shows bone."""
    _, step_y, step_x = grid.step_zyx_mm
    region = np.zeros(grid.values.shape, dtype=np.bool_)
    means = []
    ys, xs = np.ogrid[: grid.values.shape[1], : grid.values.shape[2]]
    for z, front, middle in zip(spine.planes.astype(int), spine.front, spine.middle, strict=True):
        center_y = front - ROI_AHEAD_MM / step_y
        inside = ((ys - center_y) * step_y / ROI_HALF_MM[0]) ** 2
        inside = inside + ((xs - middle) * step_x / ROI_HALF_MM[1]) ** 2 <= 1
        mean = float(grid.values[z][inside].mean()) if inside.any() else 0.0
        if TRABECULAR_HU[0] < mean < TRABECULAR_HU[1]:
            region[z] = inside
            means.append(mean)
    return region, means
