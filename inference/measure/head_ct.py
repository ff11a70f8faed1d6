"""What is measured in a head CT: the intracranial space, the ventricles, what is hyperdense."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from inference.measure.cranium import Cranium
from inference.measure.masks import Mask, bounding_slices, components, grown, smoothed
from inference.measure.scene import Scene, measured, not_assessed
from inference.measure.vocabulary import (
    HYPERDENSE_VOLUME,
    INTRACRANIAL_VOLUME,
    VENTRICLE_VOLUME,
)
from inference.measure.working_grid import WorkingGrid
from workstation.core.finding import Fact

FLUID_HU = 6.0
"""Cerebrospinal fluid on CT: 0 to 15 HU."""

VENTRICLE_DEPTH_SHARE = 0.36
"""Ventricles lie deeper than this share of the deepest point of the space; sulci, fissures and
the cisterns of the base do not. A share, so that it fits a child's head as well."""

LEAST_VENTRICLE_ML = 0.3
"""Smallest central fluid space counted; smaller ones are noise or perivascular spaces."""

FLUID_JITTER_HU = 2.0
"""The fluid threshold is moved by this much each way; half the change is the uncertainty."""

MOST_FLUID_DOUBT = 0.2
"""Relative uncertainty above which the border of the fluid is not defined: an infarct or pale
white matter merges with the ventricles (s02 shows both)."""

HYPERDENSE_HU = (60.0, 100.0)
"""Clotted blood; below lies brain, above calcification, metal and contrast.

Source: Parizel et al., Eur Radiol 2001, 11:1770-1783 (fresh blood 60 to 100 HU).
"""

SKULL_MARGIN_MM = 6.0
"""Nearer to bone, partial volume and beam hardening look like blood; not assessed there."""

LEAST_HYPERDENSE_ML = 0.5
"""Smallest connected volume counted; smaller ones are vessels, plexus or noise."""

LEAST_WIDTH_MM = 2.0
"""What is thinner than twice this (falx, tentorium, vessels) is not counted."""

CALCIUM_HU = 110.0
"""A block above it inside a small part says calcification, not blood."""

MOST_CALCIUM_SHARE = 0.1
"""Share of such blocks from which on a part counts as calcified."""

MOST_NOISE_HU = 12.0
"""Noise above which 60 HU cannot be told from brain, after smoothing over 4 mm."""

THICKEST_MM = 7.5
"""Slices further apart leave gaps that may hide what is looked for."""

MOST_ENHANCED_ML = 8.0
"""Volume of 100 to 300 HU away from bone from which on contrast medium must be assumed."""

CUT_REASON = "the head is not wholly inside the scan"


def head_facts(scene: Scene, cranium: Cranium, *, noise_hu: float) -> list[Fact]:
    """Return intracranial, ventricle and hyperdense volume, or why they are not assessed."""
    is_cut = cranium.is_base_cut or cranium.is_vertex_cut
    evidence = scene.evidence(cranium.space)
    if is_cut:
        space = not_assessed(INTRACRANIAL_VOLUME, CUT_REASON, evidence=evidence)
    else:
        space = measured(
            INTRACRANIAL_VOLUME,
            scene.grid.volume_ml(cranium.space),
            uncertainty=_rim_uncertainty_ml(scene.grid, cranium),
            reason="down to the foramen magnum",
            evidence=evidence,
        )
    smooth = _smooth_space(scene.grid, cranium)
    return [
        space,
        _ventricle_fact(scene, cranium, smooth, noise_hu=noise_hu),
        _hyperdense_fact(scene, cranium, smooth, noise_hu=noise_hu),
    ]


def _rim_uncertainty_ml(grid: WorkingGrid, cranium: Cranium) -> float:
    """Return the volume of a quarter of the outermost layer of blocks."""
    rim = cranium.space & (cranium.depth_mm <= 1.01 * max(grid.step_zyx_mm[1:]))
    return grid.volume_ml(rim) / 4


def _smooth_space(grid: WorkingGrid, cranium: Cranium) -> NDArray[np.float32]:
    """Return values smoothed inside the space only, so that bone does not bleed in."""
    box = bounding_slices(cranium.space)
    inside = cranium.space[box]
    values = np.where(inside, grid.values[box], 0).astype(np.float32)
    weight = smoothed(inside.astype(np.float32), grid.step_zyx_mm[2], grid.step_zyx_mm)
    blurred = smoothed(values, grid.step_zyx_mm[2], grid.step_zyx_mm)
    out = np.zeros(grid.values.shape, dtype=np.float32)
    out[box] = np.where(inside, blurred / np.maximum(weight, 0.05), 0)
    return out


def _ventricle_fact(
    scene: Scene, cranium: Cranium, smooth: NDArray[np.float32], *, noise_hu: float
) -> Fact:
    reason = _ventricle_reason(scene, cranium, noise_hu)
    if reason:
        return not_assessed(VENTRICLE_VOLUME, reason)
    threshold = (FLUID_HU + cranium.tissue_hu) / 2
    ventricles = _central_fluid(scene.grid, cranium, smooth, threshold)
    if not ventricles.any():
        return not_assessed(VENTRICLE_VOLUME, "no central fluid space could be told from brain")
    less, more = (
        scene.grid.volume_ml(_central_fluid(scene.grid, cranium, smooth, threshold + move))
        for move in (-FLUID_JITTER_HU, FLUID_JITTER_HU)
    )
    volume, uncertainty = scene.grid.volume_ml(ventricles), (more - less) / 2
    if uncertainty > MOST_FLUID_DOUBT * volume:
        return not_assessed(
            VENTRICLE_VOLUME,
            "hypodense brain or wide sulci cannot be told from the ventricles",
            evidence=scene.evidence(ventricles),
        )
    return measured(
        VENTRICLE_VOLUME,
        volume,
        uncertainty=uncertainty,
        confidence=0.8,
        reason="central fluid spaces; thin horns below the slice spacing are not counted",
        evidence=scene.evidence(ventricles),
    )


def _ventricle_reason(scene: Scene, cranium: Cranium, noise_hu: float) -> str:
    if cranium.is_vertex_cut:
        return CUT_REASON
    if scene.gap_mm() > THICKEST_MM:
        return f"slices {scene.gap_mm():.1f} mm apart are too far apart"
    if noise_hu > MOST_NOISE_HU:
        return f"the noise ({noise_hu:.0f} HU) is too high to tell fluid from brain"
    return ""


def _central_fluid(
    grid: WorkingGrid, cranium: Cranium, smooth: NDArray[np.float32], threshold: float
) -> Mask:
    deep = cranium.depth_mm > VENTRICLE_DEPTH_SHARE * float(cranium.depth_mm.max())
    fluid = deep & (smooth < threshold)
    labels, count = components(fluid)
    sizes = [grid.volume_ml(labels == label) for label in range(1, min(count, 6) + 1)]
    kept = [label for label, size in enumerate(sizes, start=1) if size >= LEAST_VENTRICLE_ML]
    chosen: Mask = np.isin(labels, kept)
    return chosen


def _hyperdense_fact(
    scene: Scene, cranium: Cranium, smooth: NDArray[np.float32], *, noise_hu: float
) -> Fact:
    reason = _hyperdense_reason(scene, cranium, noise_hu)
    if reason:
        return not_assessed(HYPERDENSE_VOLUME, reason)
    found, parts = _hyperdense(scene.grid, cranium, smooth)
    total = sum(parts)
    lower = scene.grid.volume_ml(found & (smooth > HYPERDENSE_HU[0] + 5))
    fact = measured(
        HYPERDENSE_VOLUME,
        total,
        uncertainty=max((total - lower) / 2, 0.1 * total),
        confidence=0.9 if total else 0.8,
        reason=(
            f"parts under {LEAST_HYPERDENSE_ML} ml and within {SKULL_MARGIN_MM:.0f} mm "
            "of bone are not assessed"
        ),
        evidence=scene.evidence(found) or scene.evidence(cranium.space),
    )
    return replace(fact, is_present=total > 0)


def _hyperdense_reason(scene: Scene, cranium: Cranium, noise_hu: float) -> str:
    if cranium.is_vertex_cut or cranium.is_base_cut:
        return CUT_REASON
    if scene.gap_mm() > THICKEST_MM:
        return f"slices {scene.gap_mm():.1f} mm apart may hide it"
    if noise_hu > MOST_NOISE_HU:
        return f"the noise ({noise_hu:.0f} HU) is too high to tell blood from brain"
    inner = cranium.depth_mm > SKULL_MARGIN_MM
    bright = inner & (scene.grid.values > HYPERDENSE_HU[1]) & (scene.grid.values < 300)
    if scene.grid.volume_ml(bright) > MOST_ENHANCED_ML:
        return "contrast medium or much calcium is in the brain"
    return ""


def _hyperdense(
    grid: WorkingGrid, cranium: Cranium, smooth: NDArray[np.float32]
) -> tuple[Mask, list[float]]:
    """Return hyperdense parts wide and large enough, and their volumes in ml."""
    inner = cranium.depth_mm > SKULL_MARGIN_MM
    dense = inner & (smooth >= HYPERDENSE_HU[0])
    labels, count = components(dense)
    found = np.zeros(dense.shape, dtype=np.bool_)
    volumes = []
    for label in range(1, min(count, 40) + 1):
        part = labels == label
        volume = grid.volume_ml(part)
        if volume < LEAST_HYPERDENSE_ML:
            break
        if _is_blood_like(grid, part):
            found |= part
            volumes.append(volume)
    return found, volumes


def _is_blood_like(grid: WorkingGrid, part: Mask) -> bool:
    """Return whether a part is neither calcified nor thin as a membrane."""
    values = grid.values[part]
    if float((values > CALCIUM_HU).mean()) > MOST_CALCIUM_SHARE:
        return False
    box = bounding_slices(part)
    wide = tuple(slice(max(0, s.start - 2), s.stop + 2) for s in box)
    outside = grown(~part[wide], LEAST_WIDTH_MM, grid.step_zyx_mm)
    return bool((part[wide] & ~outside).any())
