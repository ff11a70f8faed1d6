"""Fluid between lung and chest wall: a candidate for a pleural effusion, never a certainty."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from inference.measure.lungs import Lungs
from inference.measure.masks import (
    Mask,
    bounding_slices,
    components,
    distance_to,
    grown,
    smoothed,
    touching,
)
from inference.measure.partial_volume import share_of
from inference.measure.scene import Scene, measured, not_assessed
from inference.measure.vocabulary import PLEURAL_EFFUSION
from inference.measure.working_grid import WorkingGrid
from workstation.core.finding import Fact, Side

FLUID_HU = (-12.0, 25.0)
"""Smoothed value of fluid; muscle, liver, spleen and most airless lung lie above."""

SMOOTHING_STEPS = 1.2
"""Smoothing in blocks: takes the noise down to some 5 HU, keeps a layer of 8 mm."""

CORE_MM = 3.5
"""A layer thinner than twice this may be the seam between fat and muscle; not looked at."""

LEAST_ML = 30.0
"""Smallest layer counted."""

NEAR_LUNG_MM = 8.0
LEAST_CONTACT = 0.1
"""Share of a layer's surface that lies this near to lung; bowel and stomach share less, a large
subpulmonic effusion 0.18 (s01)."""

BACK_SHARE = 0.75
"""A layer's middle lies in the back half of the lungs and it reaches behind this share of their
depth: fluid runs to the back of a patient who lies on it. In s01, 560 ml do so and reach the
front as well; airless lung and fluid around the heart do not."""

MOST_NOISE_HU = 45.0
"""Noise above which fluid cannot be told from muscle after smoothing."""

MARGIN_MM = 40.0
"""How far below the lungs and around them is looked."""

CONFIDENCE = 0.55
"""By attenuation alone, ascites, stomach and pericardial fluid can be taken for it."""


def effusion_facts(scene: Scene, lungs: Lungs, body: Mask, *, noise_hu: float) -> list[Fact]:
    """Return a candidate for each side that has one; not assessed where there is none.

    No absence is claimed: dense, small and loculated effusions are not seen this way.
    """
    if noise_hu > MOST_NOISE_HU:
        return [not_assessed(PLEURAL_EFFUSION, f"the noise ({noise_hu:.0f} HU) is too high")]
    layers = _layers(scene.grid, lungs, body)
    facts = []
    for side, layer in ((Side.RIGHT, layers[0]), (Side.LEFT, layers[1])):
        volume = scene.grid.volume_ml(layer)
        if volume < LEAST_ML:
            reason = "no layer of fluid was found; dense, small or loculated fluid is not seen"
            facts.append(not_assessed(PLEURAL_EFFUSION, reason, side=side))
            continue
        fact = measured(
            PLEURAL_EFFUSION,
            volume,
            side=side,
            uncertainty=0.25 * volume + 10.0,
            confidence=CONFIDENCE,
            reason="candidate by attenuation and place only",
            evidence=scene.evidence(layer),
        )
        facts.append(replace(fact, is_present=True))
    return facts


def _layers(grid: WorkingGrid, lungs: Lungs, body: Mask) -> tuple[Mask, Mask]:
    """Return the layers of fluid next to the right and the left lung."""
    right, left = np.zeros_like(body), np.zeros_like(body)
    box = _box(grid, lungs)
    fluid = _fluid(grid, body, box)
    labels, count = components(fluid, least=64)
    near_lung = grown(lungs.both[box], NEAR_LUNG_MM, grid.step_zyx_mm)
    surface = labels[(labels > 0) & touching(labels == 0)]
    close = labels[(labels > 0) & touching(labels == 0) & near_lung]
    contact = np.bincount(close, minlength=count + 1) / np.maximum(
        np.bincount(surface, minlength=count + 1), 1
    )
    middle_y, back_y, middle_x = _places(lungs.both[box])
    for label in range(1, min(count, 12) + 1):
        part = labels == label
        _, ys, xs = np.nonzero(part)
        is_behind = ys.mean() >= middle_y and np.percentile(ys, 90) >= back_y
        if contact[label] < LEAST_CONTACT or not is_behind:
            continue
        target = right if float(xs.mean()) < middle_x else left
        target[box] |= part
    return right, left


def _box(grid: WorkingGrid, lungs: Lungs) -> tuple[slice, slice, slice]:
    parts = bounding_slices(lungs.both)
    bounds = []
    for part, step, size in zip(parts, grid.step_zyx_mm, lungs.right.shape, strict=True):
        margin = int(MARGIN_MM / step)
        bounds.append(slice(max(0, part.start - margin), min(size, part.stop + margin)))
    return bounds[0], bounds[1], bounds[2]


def _fluid(grid: WorkingGrid, body: Mask, box: tuple[slice, slice, slice]) -> Mask:
    """Return fluid-like blocks that hold together in a layer of some thickness."""
    values = grid.values[box].clip(-150, 150)
    smooth = smoothed(values, SMOOTHING_STEPS * grid.step_zyx_mm[2], grid.step_zyx_mm)
    like = body[box] & (smooth > FLUID_HU[0]) & (smooth < FLUID_HU[1])
    depth_mm = max(CORE_MM, 1.05 * grid.step_zyx_mm[2])
    labels, _ = components(distance_to(~like, grid.step_zyx_mm) > depth_mm, least=16)
    reach = grown(labels > 0, depth_mm + grid.step_zyx_mm[2], grid.step_zyx_mm)
    return reach & (share_of(grid.values[box], 10.0, -300.0) > 0.5) & (smooth < FLUID_HU[1] + 8.0)


def _places(lungs: Mask) -> tuple[float, float, float]:
    """Return the y index of the middle and of the back of the lungs, the x of their middle."""
    _, rows, columns = bounding_slices(lungs)
    back = rows.start + BACK_SHARE * (rows.stop - rows.start)
    return (rows.start + rows.stop) / 2, back, (columns.start + columns.stop) / 2
