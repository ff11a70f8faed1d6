"""What is measured in a head CT: the intracranial space, the ventricles, what is hyperdense."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inference.measure.cranium import Cranium
from inference.measure.hyperdense import hyperdense_fact
from inference.measure.masks import bounding_slices, smoothed
from inference.measure.scene import Scene, measured, not_assessed
from inference.measure.ventricles import ventricle_fact
from inference.measure.vocabulary import INTRACRANIAL_VOLUME
from inference.measure.working_grid import WorkingGrid
from workstation.core.finding import Fact

RIM_SHARE = 0.4
"""Share of the outermost layer of blocks taken as the uncertainty of the space: the bias against
phantoms of known volume is -2.6 %, which is this share of that layer."""

LEAST_WEIGHT = 0.05
"""Keeps the division sane at the border, where little of the kernel lies inside the space."""


def head_facts(scene: Scene, cranium: Cranium, *, noise_hu: float) -> list[Fact]:
    """Return intracranial, ventricle and hyperdense volume, or why they are not assessed."""
    smooth = _smooth_space(scene.grid, cranium)
    return [
        _space_fact(scene, cranium),
        ventricle_fact(scene, cranium, smooth, noise_hu=noise_hu),
        hyperdense_fact(scene, cranium, smooth, noise_hu=noise_hu),
    ]


def _space_fact(scene: Scene, cranium: Cranium) -> Fact:
    evidence = scene.evidence(cranium.space)
    if cranium.is_base_cut or cranium.is_vertex_cut:
        reason = "the head is not wholly inside the scan"
        return not_assessed(INTRACRANIAL_VOLUME, reason, evidence=evidence)
    return measured(
        INTRACRANIAL_VOLUME,
        scene.grid.volume_ml(cranium.space),
        uncertainty=_rim_volume_ml(scene.grid, cranium) * RIM_SHARE,
        reason="down to the foramen magnum",
        evidence=evidence,
    )


def _rim_volume_ml(grid: WorkingGrid, cranium: Cranium) -> float:
    """Return the volume of the outermost layer of blocks."""
    rim = cranium.space & (cranium.depth_mm <= 1.05 * max(grid.step_zyx_mm[1:]))
    return grid.volume_ml(rim)


def _smooth_space(grid: WorkingGrid, cranium: Cranium) -> NDArray[np.float32]:
    """Return values smoothed inside the space only, so that bone does not bleed in.

    The outermost layer, whose blocks hold some bone, is left out and stays 0.
    """
    box = bounding_slices(cranium.space)
    inside = cranium.depth_mm[box] > 1.05 * max(grid.step_zyx_mm[1:])
    values = np.where(inside, grid.values[box], 0).astype(np.float32)
    weight = smoothed(inside.astype(np.float32), grid.step_zyx_mm[2], grid.step_zyx_mm)
    blurred = smoothed(values, grid.step_zyx_mm[2], grid.step_zyx_mm)
    out = np.zeros(grid.values.shape, dtype=np.float32)
    out[box] = np.where(inside, blurred / np.maximum(weight, LEAST_WEIGHT), 0)
    return out
