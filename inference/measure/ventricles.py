"""The ventricles in a head CT: central fluid, counted by the share of fluid in each block."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inference.measure.cranium import Cranium
from inference.measure.masks import Mask, bounding_slices, components, grown
from inference.measure.partial_volume import shared_volume_ml
from inference.measure.scene import Scene, measured, not_assessed
from inference.measure.vocabulary import VENTRICLE_VOLUME
from inference.measure.working_grid import WorkingGrid
from workstation.core.finding import Fact, Side

FLUID_HU = 6.0
"""Cerebrospinal fluid on CT lies at 0 to 15 HU; pure fluid inside a ventricle at about 6."""

CENTRAL_SHARE = 0.36
"""Fluid counts deeper than this share of the deepest point of the space: sulci, fissures and
most cisterns lie nearer to the skull. A share, so that it fits a child's head as well."""

DEEP_SHARE = 0.55
"""A fluid space counts when it reaches this deep somewhere, as the lateral and third ventricles
do; the Sylvian fissures do not."""

HORN_MM = 12.0
HORN_SHARE = 0.22
"""Horns go on from the central fluid for this far and this near to the skull."""

LEAST_SPACE_ML = 0.3
"""Smallest fluid space counted; smaller ones are noise or perivascular spaces."""

JITTER_HU = 3.0
"""The fluid threshold is moved by this much each way; half the change is the uncertainty."""

MOST_DOUBT = 0.26
"""Relative uncertainty above which the border of the fluid is not defined: an infarct or pale
white matter merges with the ventricles (s02 shows both, with 0.40; small normal ventricles of
phantoms reach 0.25)."""

MOST_NOISE_HU = 12.0
"""Noise above which fluid cannot be told from brain."""

THICKEST_MM = 7.5
"""Slices further apart leave gaps as wide as a ventricle."""


def ventricle_fact(
    scene: Scene, cranium: Cranium, smooth: NDArray[np.float32], *, noise_hu: float
) -> Fact:
    """Return the volume of the ventricles, or why it is not assessed.

    Args:
        scene: a head CT.
        cranium: its intracranial space.
        smooth: values smoothed inside the space.
        noise_hu: noise of the original voxels.
    """
    reason = _reason(scene, cranium, noise_hu)
    if reason:
        return not_assessed(VENTRICLE_VOLUME, reason)
    threshold = (FLUID_HU + cranium.tissue_hu) / 2
    ventricles = _central_fluid(scene.grid, cranium, smooth, threshold)
    if not ventricles.any():
        return not_assessed(VENTRICLE_VOLUME, "no central fluid space could be told from brain")
    moved = [
        _volume_ml(scene.grid, cranium, smooth, threshold + move)
        for move in (-JITTER_HU, JITTER_HU)
    ]
    volume = _volume_ml(scene.grid, cranium, smooth, threshold)
    uncertainty = abs(moved[1] - moved[0]) / 2
    if uncertainty > MOST_DOUBT * volume:
        return not_assessed(
            VENTRICLE_VOLUME,
            "hypodense brain or wide sulci cannot be told from the ventricles",
            evidence=scene.evidence(ventricles),
        )
    return measured(
        VENTRICLE_VOLUME,
        volume,
        side=Side.MIDLINE,
        uncertainty=uncertainty,
        confidence=0.8,
        reason="lateral and third ventricles; the fourth and thin horns are not counted",
        evidence=scene.evidence(ventricles),
    )


def _reason(scene: Scene, cranium: Cranium, noise_hu: float) -> str:
    if cranium.is_vertex_cut:
        return "the head is not wholly inside the scan"
    if scene.gap_mm() > THICKEST_MM:
        return f"slices {scene.gap_mm():.1f} mm apart are too far apart"
    if noise_hu > MOST_NOISE_HU:
        return f"the noise ({noise_hu:.0f} HU) is too high to tell fluid from brain"
    return ""


def _central_fluid(
    grid: WorkingGrid, cranium: Cranium, smooth: NDArray[np.float32], threshold: float
) -> Mask:
    deepest = float(cranium.depth_mm.max())
    fluid = (cranium.depth_mm > CENTRAL_SHARE * deepest) & (smooth < threshold)
    labels, count = components(fluid, least=8)
    deep = np.unique(labels[fluid & (cranium.depth_mm > DEEP_SHARE * deepest)])
    kept = [
        label
        for label in deep[deep > 0].tolist()
        if label <= count and grid.volume_ml(labels == label) >= LEAST_SPACE_ML
    ]
    return _with_horns(grid, cranium, smooth < threshold, np.isin(labels, kept))


def _with_horns(grid: WorkingGrid, cranium: Cranium, fluid: Mask, central: Mask) -> Mask:
    """Return central fluid with the fluid joined to it, as far as horns reach."""
    if not central.any():
        return central
    deepest = float(cranium.depth_mm.max())
    box = tuple(slice(max(0, part.start - 12), part.stop + 12) for part in bounding_slices(central))
    near = grown(central[box], HORN_MM, grid.step_zyx_mm)
    joined = central[box] | (fluid[box] & near & (cranium.depth_mm[box] > HORN_SHARE * deepest))
    labels, count = components(joined)
    is_kept = np.zeros(count + 1, dtype=np.bool_)
    is_kept[np.unique(labels[central[box]])] = True
    whole = np.zeros_like(central)
    whole[box] = is_kept[labels] & joined
    return whole


def _volume_ml(
    grid: WorkingGrid, cranium: Cranium, smooth: NDArray[np.float32], threshold: float
) -> float:
    """Return the fluid in and right around the central fluid found at a threshold."""
    fluid = _central_fluid(grid, cranium, smooth, threshold)
    if not fluid.any():
        return 0.0
    box = bounding_slices(fluid)
    wide = tuple(slice(max(0, part.start - 3), part.stop + 3) for part in box)
    near = np.zeros_like(fluid)
    shell = np.zeros_like(fluid)
    step = max(grid.step_zyx_mm[1:])
    near[wide] = grown(fluid[wide], 1.01 * step, grid.step_zyx_mm)
    shell[wide] = grown(fluid[wide], 3.0 * step, grid.step_zyx_mm)
    shell &= cranium.space & ~near
    around = float(np.median(grid.values[shell])) if shell.any() else cranium.tissue_hu
    pure = min(float(np.percentile(grid.values[fluid], 20)), FLUID_HU + 4.0)
    return shared_volume_ml(grid, near & cranium.space, inside_hu=pure, outside_hu=around)
