"""Solid nodules inside the lungs: candidates with place and size, never certainties."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.measure.lungs import Lungs
from inference.measure.masks import (
    Mask,
    bounding_slices,
    closed,
    components,
    distance_to,
    grown,
)
from inference.measure.scene import Scene, measured
from inference.measure.vocabulary import LUNG_NODULE
from inference.measure.working_grid import WorkingGrid
from workstation.core.finding import Fact, Side

SOLID_HU = -300.0
"""Middle between lung and soft tissue, toward lung for what averaging takes from a nodule."""

CLOSING_MM = 14.0
"""The lung is closed by this, so that nodules at the pleura up to this width lie inside it."""

DEPTH_MM = 3.8
"""A nodule is thicker than twice this somewhere; the vessels of the outer lung are not. So those
under some 9 mm are not looked for."""

LEAST_MEAN_HU = -75.0
"""Mean of a solid nodule with its averaged rim; fat at the front of the lungs lies below."""

DIAMETER_MM = (9.0, 40.0)
"""Sizes looked for; larger ones are masses and touch too much else."""

LEAST_ROUNDNESS = 0.5
"""Volume over that of a ball as long as the nodule; a vessel's is below 0.2."""

LEAST_RATIO = 0.6
"""Short over long axis; vessels are longer."""

HILUM_MM = 30.0
"""Within this of the airways, the vessels of the hilum look like nodules."""

MOST_CANDIDATES = 3
"""More than this are vessels or disease that is no nodule; the roundest are kept."""

CONFIDENCE = 0.4
"""By shape alone, one in three or more is a vessel."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """One candidate: its blocks, axes in mm, and how round it is."""

    mask: Mask
    box: tuple[slice, slice, slice]
    long_mm: float
    short_mm: float
    roundness: float


def nodule_facts(scene: Scene, lungs: Lungs) -> list[Fact]:
    """Return the candidates of both lungs, roundest first; none is no claim of absence."""
    found: list[tuple[Candidate, Side]] = []
    for side, lung in ((Side.RIGHT, lungs.right), (Side.LEFT, lungs.left)):
        found += [(one, side) for one in _candidates(scene.grid, lung, lungs)]
    found.sort(key=lambda pair: -pair[0].roundness)
    return [_fact(scene, one, side) for one, side in found[:MOST_CANDIDATES]]


def _fact(scene: Scene, one: Candidate, side: Side) -> Fact:
    mask = np.zeros(scene.grid.values.shape, dtype=np.bool_)
    mask[one.box] = one.mask
    core = mask & (scene.grid.values > SOLID_HU + 150)
    mean_hu = float(scene.grid.values[core].mean()) if core.any() else SOLID_HU
    volume = scene.grid.volume_ml(mask)
    return measured(
        LUNG_NODULE,
        one.long_mm,
        side=side,
        uncertainty=scene.grid.step_zyx_mm[2],
        confidence=CONFIDENCE,
        reason=(
            f"candidate by shape: short axis {one.short_mm:.0f} mm, volume {volume:.1f} ml, "
            f"mean {mean_hu:.0f} HU"
        ),
        evidence=scene.evidence(mask),
    )


def _candidates(grid: WorkingGrid, lung: Mask, lungs: Lungs) -> list[Candidate]:
    margin = [int(np.ceil(CLOSING_MM / step)) + 1 for step in grid.step_zyx_mm]
    parts = bounding_slices(lung)
    box = tuple(
        slice(max(0, part.start - size), min(total, part.stop + size))
        for part, size, total in zip(parts, margin, lung.shape, strict=True)
    )
    place = (box[0], box[1], box[2])
    whole = closed(lung[place], CLOSING_MM, grid.step_zyx_mm)
    solid = whole & (grid.values[place] > SOLID_HU)
    solid &= ~grown(lungs.airways[place], HILUM_MM, grid.step_zyx_mm)
    core = distance_to(~solid, grid.step_zyx_mm) > DEPTH_MM
    labels, count = components(core)
    found = []
    for label in range(1, min(count, 60) + 1):
        one = _candidate(grid, solid, labels == label, place)
        if one is not None and grid.values[place][labels == label].min() > SOLID_HU:
            found.append(one)
    return found


def _candidate(
    grid: WorkingGrid, solid: Mask, core: Mask, place: tuple[slice, slice, slice]
) -> Candidate | None:
    reach = [int(np.ceil((DEPTH_MM + 6.0) / step)) for step in grid.step_zyx_mm]
    parts = bounding_slices(core)
    inner = tuple(
        slice(max(0, part.start - size), min(total, part.stop + size))
        for part, size, total in zip(parts, reach, solid.shape, strict=True)
    )
    near = grown(core[inner], DEPTH_MM + 0.6 * grid.step_zyx_mm[2], grid.step_zyx_mm)
    part = near & solid[inner]
    if not part.any():
        return None
    if float(grid.values[place][inner][part].mean()) < LEAST_MEAN_HU:
        return None
    long_mm, short_mm = _axes_mm(grid, part)
    if not DIAMETER_MM[0] <= long_mm <= DIAMETER_MM[1] or short_mm < LEAST_RATIO * long_mm:
        return None
    volume_mm3 = float(part.sum()) * float(np.median(grid.block_mm3))
    roundness = volume_mm3 / (np.pi / 6 * long_mm**3)
    if roundness < LEAST_ROUNDNESS:
        return None
    where = tuple(
        slice(outer.start + cut.start, outer.start + cut.stop)
        for outer, cut in zip(place, inner, strict=True)
    )
    return Candidate(part, (where[0], where[1], where[2]), long_mm, short_mm, roundness)


def _axes_mm(grid: WorkingGrid, part: Mask) -> tuple[float, float]:
    """Return long and short axis of the ellipsoid with the same second moments."""
    points: NDArray[np.float64] = np.argwhere(part) * np.array(grid.step_zyx_mm)
    if len(points) < 4:
        return 0.0, 0.0
    block = np.diag(np.array(grid.step_zyx_mm) ** 2 / 12.0)
    spread = np.linalg.eigvalsh(np.cov(points.T) + block)
    axes = 2.0 * np.sqrt(5.0 * spread.clip(0))
    return float(axes[2]), float(axes[0])
