"""What is measured in a chest CT: lungs, calcium of the arteries between them, spine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inference.measure.lungs import LUNG_SURFACE_HU, Lungs
from inference.measure.masks import Mask, bounding_slices, touching
from inference.measure.mediastinum import calcium_fact, is_enhanced, space_between
from inference.measure.nodules import nodule_facts
from inference.measure.pleura import effusion_facts
from inference.measure.scene import Scene, measured, not_assessed
from inference.measure.spine import find_spine, spine_fact
from inference.measure.vocabulary import LOW_ATTENUATION, LUNG_VOLUME, MEAN_LUNG_DENSITY, Quantity
from workstation.core.finding import Fact, Side

LOW_ATTENUATION_HU = -950
"""Below it lung counts as low-attenuation area in inspiration, thin slices, no contrast.

Source: Gevenois et al., Am J Respir Crit Care Med 1996, 154:187-192.
"""

THRESHOLD_JITTER_HU = 5
"""The threshold is moved by this much each way; half the change is the uncertainty."""

SURFACE_JITTER_HU = 100.0
"""The same for the surface of the lung, where the density changes by some 900 HU per mm."""

THICKEST_MM = 2.6
"""Slices further apart average low-attenuation areas away (2.5 mm series still pass)."""

MOST_NOISE_HU = 40.0
"""Noise in soft tissue above which noise, not lung, decides what lies below -950 HU."""

MOST_NOISE_SHARE = 5.0
"""Percentage points by which the area may fall when the same lung is averaged over 2 mm; a
larger fall says that single noisy voxels (or a sharp kernel) made the figure."""

CUT_REASON = "the lungs are not wholly inside the scan"


@dataclass(frozen=True, slots=True)
class Densities:
    """What one pass over the original voxels of a lung counts.

    Attributes:
        count: voxels.
        total: their sum in HU.
        below: voxels below the threshold, and below it moved down and up.
    """

    count: int
    total: float
    below: tuple[int, int, int]

    def percent(self, index: int) -> float:
        """Return the share below a threshold in percent."""
        return 100.0 * self.below[index] / max(self.count, 1)


def chest_facts(scene: Scene, lungs: Lungs, body: Mask, *, noise_hu: float) -> list[Fact]:
    """Return everything measured in a chest CT, and what is not assessed with its reason."""
    spine = find_spine(scene.grid, body)
    space = space_between(scene.grid, lungs, spine)
    with_contrast = is_enhanced(scene.grid, space)
    return [
        *lung_facts(scene, lungs, noise_hu=noise_hu, with_contrast=with_contrast),
        *effusion_facts(scene, lungs, body, noise_hu=noise_hu),
        *nodule_facts(scene, lungs),
        calcium_fact(scene, space, noise_hu=noise_hu, with_contrast=with_contrast),
        spine_fact(scene, spine, with_contrast=with_contrast),
    ]


def lung_facts(scene: Scene, lungs: Lungs, *, noise_hu: float, with_contrast: bool) -> list[Fact]:
    """Return volume, low-attenuation area and mean density of each lung."""
    facts = []
    for side, lung in ((Side.RIGHT, lungs.right), (Side.LEFT, lungs.left)):
        evidence = scene.evidence(lung)
        if lungs.is_cut:
            facts += [
                not_assessed(quantity, CUT_REASON, side=side, evidence=evidence)
                for quantity in (LUNG_VOLUME, LOW_ATTENUATION, MEAN_LUNG_DENSITY)
            ]
            continue
        facts.append(_volume(scene, lung, side))
        facts += _density(scene, lung, side, noise_hu=noise_hu, with_contrast=with_contrast)
    return facts


def _volume(scene: Scene, lung: Mask, side: Side) -> Fact:
    return measured(
        LUNG_VOLUME,
        scene.grid.volume_ml(lung),
        side=side,
        uncertainty=_surface_uncertainty_ml(scene, lung),
        reason="air-containing lung; airless lung is not counted",
        evidence=scene.evidence(lung),
    )


def _surface_uncertainty_ml(scene: Scene, lung: Mask) -> float:
    """Return half the change of the volume when the surface threshold moves."""
    box = tuple(slice(max(0, s.start - 2), s.stop + 2) for s in bounding_slices(lung))
    values = scene.grid.values[box]
    near = np.zeros(scene.grid.values.shape, dtype=np.bool_)
    distance = np.abs(values - LUNG_SURFACE_HU)
    near[box] = (distance < SURFACE_JITTER_HU) & touching(lung[box])
    return scene.grid.volume_ml(near) / 2


def _density(
    scene: Scene, lung: Mask, side: Side, *, noise_hu: float, with_contrast: bool
) -> list[Fact]:
    tissue = lung & (scene.grid.values < LUNG_SURFACE_HU)
    evidence = scene.evidence(lung)
    counted = _densities(scene, tissue)
    smooth = 100.0 * float((scene.grid.values[tissue] < LOW_ATTENUATION_HU).mean())
    by_noise = counted.percent(0) - smooth
    reason = _invalid(scene, by_noise, noise_hu=noise_hu, with_contrast=with_contrast)
    if reason:
        quantities: tuple[Quantity, ...] = (LOW_ATTENUATION, MEAN_LUNG_DENSITY)
        return [not_assessed(q, reason, side=side, evidence=evidence) for q in quantities]
    jitter = (counted.percent(2) - counted.percent(1)) / 2
    area = measured(
        LOW_ATTENUATION,
        counted.percent(0),
        side=side,
        uncertainty=max(jitter, abs(by_noise) / 2),
        reason="depth of inspiration and kernel are not known",
        evidence=evidence,
    )
    mean_hu = counted.total / max(counted.count, 1)
    density = measured(MEAN_LUNG_DENSITY, mean_hu, side=side, evidence=evidence)
    return [area, density]


def _densities(scene: Scene, tissue: Mask) -> Densities:
    count, total = 0, 0.0
    below = np.zeros(3, dtype=np.int64)
    low = LOW_ATTENUATION_HU
    for _, values in scene.grid.original_values(scene.voxels, tissue):
        count += values.size
        total += float(values.sum(dtype=np.float64))
        for index, move in enumerate((0, -THRESHOLD_JITTER_HU, THRESHOLD_JITTER_HU)):
            below[index] += int((values < low + move).sum())
    return Densities(count, total, (int(below[0]), int(below[1]), int(below[2])))


def _invalid(scene: Scene, by_noise: float, *, noise_hu: float, with_contrast: bool) -> str:
    """Return why lung density is not valid here; empty where it is."""
    if scene.gap_mm() > THICKEST_MM:
        return f"slices {scene.gap_mm():.1f} mm apart are too thick for lung density"
    if with_contrast:
        return "contrast medium raises lung density"
    if noise_hu > MOST_NOISE_HU:
        return f"the noise ({noise_hu:.0f} HU) is too high for lung density"
    if by_noise > MOST_NOISE_SHARE:
        return "noise or a sharp kernel decides the area below -950 HU"
    return ""
