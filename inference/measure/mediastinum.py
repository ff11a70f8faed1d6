"""The space between the lungs: whether it is enhanced, and how much calcium its arteries hold."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.measure.lungs import Lungs
from inference.measure.masks import Mask, bounding_slices, components, grown, smoothed
from inference.measure.scene import Scene, measured, not_assessed
from inference.measure.spine import Spine
from inference.measure.vocabulary import ARTERIAL_CALCIUM
from inference.measure.working_grid import WorkingGrid
from workstation.core.finding import Fact

SOFT_HU = (10.0, 500.0)
"""Blood, muscle and enhanced vessels; fat and air lie below, bone above."""

ENHANCED_HU = 85.0
"""Third quartile of the space from which on contrast medium is assumed: blood without it lies
at 30 to 60 HU, with it at 120 HU and more."""

SMOOTHING_STEPS = 1.5
"""Smoothing in blocks before that, so that noise does not pass for contrast."""

VERTEBRA_MM = 38.0
"""From the front wall of the canal forward: the vertebral body, left out of the space."""

VERTEBRA_HALF_MM = 21.0
"""Half the width of a vertebral body; the descending aorta lies further to the left."""

CALCIUM_HU = 130
"""Source: Agatston et al., J Am Coll Cardiol 1990, 15:827-832."""

LEAST_SHARE = 0.15
"""Share of a block's voxels above the threshold from which on it may start a plaque: three of
eighteen, which noise alone does not reach."""

LEAST_PLAQUE_ML = 0.02
"""Smallest plaque counted."""

BONE_MARGIN_MM = 4.0
"""Distance kept from bone."""

AIR_HU = -200.0
AIR_MARGIN_MM = 4.0
"""Distance kept from lung and airways: a sharp kernel lifts vessels in the hilum and the wall
around air in the esophagus above 130 HU (s01 shows both)."""

CERTAIN_HU = 300.0
"""Block mean that no kernel's overshoot reaches (s01: up to 220 HU): calcium even beside lung."""

CONFIDENCE = 0.5
"""Against phantoms about half of the calcium drawn in the aorta between the lungs is found."""

LEAST_BONE_ML = 3.0
"""Dense parts larger than this that lie mostly outside the space are bone."""

MOST_NOISE_HU = 30.0
"""Noise above which voxels of blood cross 130 HU in clusters."""

THICKEST_MM = 3.1
"""Slices further apart average plaques below the threshold."""


def space_between(grid: WorkingGrid, lungs: Lungs, spine: Spine | None) -> Mask:
    """Return heart and mediastinum: what lies between the lungs, before the vertebrae.

    A block counts where the right lung lies somewhere on its right and the left on its left.
    """
    right_of = np.logical_or.accumulate(lungs.right, axis=2)
    left_of = np.flip(np.logical_or.accumulate(np.flip(lungs.left, 2), axis=2), 2)
    space: Mask = right_of & left_of & ~lungs.both & ~lungs.airways
    if spine is not None:
        planes = np.arange(space.shape[0])
        fronts = np.interp(planes, spine.planes, spine.front)
        middles = np.interp(planes, spine.planes, spine.middle)
        space &= ~_column(space.shape, fronts, middles, grid)
    return space


def _column(
    shape: tuple[int, ...],
    fronts: NDArray[np.float64],
    middles: NDArray[np.float64],
    grid: WorkingGrid,
) -> Mask:
    """Return the vertebral bodies and all behind them, as a box in each plane."""
    _, step_y, step_x = grid.step_zyx_mm
    ys = np.arange(shape[1])[None, :, None]
    aside_mm = np.abs(np.arange(shape[2])[None, None, :] - middles[:, None, None]) * step_x
    ahead_mm = (fronts[:, None, None] - ys) * step_y
    column: Mask = (ahead_mm < 0) | ((ahead_mm < VERTEBRA_MM) & (aside_mm < VERTEBRA_HALF_MM))
    return column


def is_enhanced(grid: WorkingGrid, space: Mask) -> bool:
    """Return whether the blood between the lungs is brighter than blood without contrast."""
    box = bounding_slices(space)
    smooth = smoothed(grid.values[box], SMOOTHING_STEPS * grid.step_zyx_mm[2], grid.step_zyx_mm)
    values = smooth[space[box]]
    soft = values[(values > SOFT_HU[0]) & (values < SOFT_HU[1])]
    return bool(soft.size) and float(np.percentile(soft, 75)) > ENHANCED_HU


def calcium_fact(scene: Scene, space: Mask, *, noise_hu: float, with_contrast: bool) -> Fact:
    """Return the calcium between the lungs, apart from bone."""
    reason = _calcium_reason(scene, noise_hu=noise_hu, with_contrast=with_contrast)
    if reason:
        return not_assessed(ARTERIAL_CALCIUM, reason)
    grid = scene.grid
    share = share_above(grid, scene.voxels, space, CALCIUM_HU)
    share[~_soft_inside(grid, space)] = 0
    plaques = _plaques(grid, share)
    volume = float((share * grid.block_mm3)[plaques].sum()) / 1000
    edge = float((share * grid.block_mm3)[plaques & (share < LEAST_SHARE * 2)].sum()) / 1000
    return measured(
        ARTERIAL_CALCIUM,
        volume,
        uncertainty=edge / 2 + 0.2 * volume,
        confidence=CONFIDENCE,
        reason=(
            "between the lungs only, not gated; plaques against lung or bone are missed, "
            "calcified valves and lymph nodes are counted"
        ),
        evidence=scene.evidence(plaques) or scene.evidence(space),
    )


def share_above(
    grid: WorkingGrid, voxels: NDArray[Any], mask: Mask, threshold: float
) -> NDArray[np.float32]:
    """Return for each block the share of its voxels at or above a threshold.

    Only the box around the mask is looked at; it is 0 elsewhere.
    """
    share = np.zeros(grid.values.shape, dtype=np.float32)
    if not mask.any():
        return share
    target = grid.layout.to_acquisition_axes(share)
    box = bounding_slices(grid.layout.to_acquisition_axes(mask))
    block_k, block_j, block_i = grid.layout.blocks_kji
    rows = slice(box[1].start * block_j, box[1].stop * block_j)
    columns = slice(box[2].start * block_i, box[2].stop * block_i)
    for k in range(box[0].start, box[0].stop):
        slab = voxels[k * block_k : (k + 1) * block_k, rows, columns] >= threshold
        counts = slab.sum(axis=0, dtype=np.float32)
        summed = np.add.reduceat(counts, np.arange(0, counts.shape[0], block_j), axis=0)
        summed = np.add.reduceat(summed, np.arange(0, counts.shape[1], block_i), axis=1)
        target[k, box[1], box[2]] = summed / (slab.shape[0] * block_j * block_i)
    return share


def _calcium_reason(scene: Scene, *, noise_hu: float, with_contrast: bool) -> str:
    if with_contrast:
        return "contrast medium cannot be told from calcium"
    if scene.gap_mm() > THICKEST_MM:
        return f"slices {scene.gap_mm():.1f} mm apart are too thick for small plaques"
    if noise_hu > MOST_NOISE_HU:
        return f"the noise ({noise_hu:.0f} HU) is too high"
    return ""


def _bone(grid: WorkingGrid, space: Mask) -> Mask:
    """Return dense parts that are large and lie mostly outside the space: spine, ribs, sternum."""
    labels, count = components(grid.values > CALCIUM_HU, least=32)
    inside = np.bincount(labels[space].ravel(), minlength=count + 1)
    total = np.bincount(labels.ravel(), minlength=count + 1)
    least = LEAST_BONE_ML * 1000 / float(np.median(grid.block_mm3))
    is_bone = (total >= least) & (inside < 0.5 * total)
    is_bone[0] = False
    bone: Mask = is_bone[labels]
    return bone


def _soft_inside(grid: WorkingGrid, space: Mask) -> Mask:
    """Return the space away from bone and from air, in the box around it."""
    box = bounding_slices(space)
    near_bone = grown(_bone(grid, space)[box], BONE_MARGIN_MM, grid.step_zyx_mm)
    near_air = grown(grid.values[box] < AIR_HU, AIR_MARGIN_MM, grid.step_zyx_mm)
    near_air &= grid.values[box] < CERTAIN_HU
    inside = np.zeros_like(space)
    inside[box] = space[box] & ~near_bone & ~near_air
    return inside


def _plaques(grid: WorkingGrid, share: NDArray[np.float32]) -> Mask:
    labels, count = components(share >= LEAST_SHARE)
    volumes = np.bincount(
        labels.ravel(),
        weights=(share * grid.block_mm3).ravel() / 1000,
        minlength=count + 1,
    )
    kept = volumes >= LEAST_PLAQUE_ML
    kept[0] = False
    core: Mask = kept[labels]
    return grown(core, 1.01 * max(grid.step_zyx_mm), grid.step_zyx_mm) & (share > 0)
