"""What is denser than brain inside the skull: fresh blood, away from bone and along it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inference.measure.cranium import SKULL_HU, Cranium
from inference.measure.masks import Mask, bounding_slices, components, grown
from inference.measure.partial_volume import shared_volume_ml
from inference.measure.scene import Scene, measured, not_assessed
from inference.measure.vocabulary import HYPERDENSE_VOLUME
from inference.measure.working_grid import WorkingGrid
from workstation.core.finding import Fact, Side

SEED_HU = 56.0
"""Smoothed value a part reaches to be looked at: clotted blood is 60 to 100 HU, averaging over
4 mm takes some of it; gray matter stays below 45 HU.

Source: Parizel et al., Eur Radiol 2001, 11:1770-1783.
"""

SKULL_MARGIN_MM = 6.0
"""Nearer to bone, partial volume and beam hardening look like blood; looked at by comparing
right and left only."""

RIM_MM = 3.0
"""Nearer still, every block holds bone; not looked at."""

RIM_HU = 52.0
"""Smoothed value of blood along the skull, thin and averaged with brain or fluid."""

BAND_MM = 10.0
"""Depth up to which something dense lies along the skull."""

LEAST_RIM_ML = 3.0
"""Dense rim on one side from which on it counts; the rims of normal phantoms hold 0.1 ml."""

RIM_RATIO = 2.5
"""How much more the denser side holds; beam hardening makes both sides alike."""

LEAST_SEED_ML = 0.2
LEAST_VOLUME_ML = 0.5
"""Smallest part looked at, and smallest counted; smaller ones are vessels, plexus or noise."""

LEAST_WIDTH_MM = 2.0
"""What is thinner than twice this (falx, tentorium, vessels) is not counted."""

CALCIUM_HU = 110.0
MOST_CALCIUM_SHARE = 0.1
"""A part with a larger share of blocks above this is calcified (plexus, pineal gland)."""

REACH_MM = 4.0
"""How far around a part its border is looked for."""

MOST_NOISE_HU = 12.0
"""Noise above which blood cannot be told from brain."""

THICKEST_MM = 7.5
"""Slices further apart leave gaps that may hide what is looked for."""

MOST_ENHANCED_ML = 8.0
"""Volume of 100 to 300 HU away from bone from which on contrast medium must be assumed."""

CUT_REASON = "the head is not wholly inside the scan"


@dataclass(frozen=True, slots=True, eq=False)
class Dense:
    """Hyperdense parts.

    Attributes:
        mask: where they are.
        volume_ml: together.
        is_rim_doubtful: whether the rim along the skull is dense on both sides, so that it can
            be neither called blood nor called free of it.
        is_along_skull: whether some of it lies along the skull.
    """

    mask: Mask
    volume_ml: float
    is_rim_doubtful: bool
    is_along_skull: bool


def hyperdense_fact(
    scene: Scene, cranium: Cranium, smooth: NDArray[np.float32], *, noise_hu: float
) -> Fact:
    """Return the hyperdense volume inside the skull, or why it is not assessed.

    Args:
        scene: a head CT.
        cranium: its intracranial space.
        smooth: values smoothed inside the space.
        noise_hu: noise of the original voxels.
    """
    reason = _reason(scene, cranium, noise_hu)
    if reason:
        return not_assessed(HYPERDENSE_VOLUME, reason)
    dense = _find(scene.grid, cranium, smooth)
    if dense.is_rim_doubtful and not dense.volume_ml:
        return not_assessed(
            HYPERDENSE_VOLUME,
            "a dense rim along the skull on both sides may be beam hardening or blood",
        )
    is_present = dense.volume_ml > 0
    fact = measured(
        HYPERDENSE_VOLUME,
        dense.volume_ml,
        side=_side(scene.grid, dense.mask, cranium.space),
        uncertainty=(0.25 if dense.is_along_skull else 0.12) * dense.volume_ml,
        confidence=_confidence(dense),
        reason=_limit(dense),
        evidence=scene.evidence(dense.mask if is_present else cranium.space),
    )
    return replace(fact, is_present=is_present)


def _confidence(dense: Dense) -> float:
    if not dense.volume_ml:
        return 0.8
    return 0.7 if dense.is_along_skull else 0.9


def _limit(dense: Dense) -> str:
    if dense.is_along_skull:
        return "partly along the skull, where beam hardening adds to it"
    return f"parts under {LEAST_VOLUME_ML} ml and thin layers along the skull are not assessed"


def _reason(scene: Scene, cranium: Cranium, noise_hu: float) -> str:
    if cranium.is_vertex_cut or cranium.is_base_cut:
        return CUT_REASON
    if scene.gap_mm() > THICKEST_MM:
        return f"slices {scene.gap_mm():.1f} mm apart may hide it"
    if noise_hu > MOST_NOISE_HU:
        return f"the noise ({noise_hu:.0f} HU) is too high to tell blood from brain"
    inner = cranium.depth_mm > SKULL_MARGIN_MM
    bright = inner & (scene.grid.values > 100) & (scene.grid.values < 300)
    if scene.grid.volume_ml(bright) > MOST_ENHANCED_ML:
        return "contrast medium or much calcium is in the brain"
    return ""


def _find(grid: WorkingGrid, cranium: Cranium, smooth: NDArray[np.float32]) -> Dense:
    inner = (cranium.depth_mm > SKULL_MARGIN_MM) & (smooth >= SEED_HU)
    labels, count = components(inner)
    mask = np.zeros(inner.shape, dtype=np.bool_)
    total = 0.0
    for label in range(1, min(count, 40) + 1):
        part = labels == label
        if grid.volume_ml(part) < LEAST_SEED_ML:
            break
        volume = _part_volume_ml(grid, cranium, smooth, part)
        if volume >= LEAST_VOLUME_ML and _is_blood_like(grid, part):
            mask |= part
            total += volume
    layer, is_doubtful = _layer(grid, cranium, smooth)
    if layer.any():
        fresh = layer & ~mask
        total = max(total, _part_volume_ml(grid, cranium, smooth, layer | mask))
        mask |= fresh
    return Dense(mask, total, is_rim_doubtful=is_doubtful, is_along_skull=bool(layer.any()))


def _part_volume_ml(
    grid: WorkingGrid, cranium: Cranium, smooth: NDArray[np.float32], part: Mask
) -> float:
    """Return the volume of a part out to where it is half as dense."""
    box = tuple(slice(max(0, s.start - 3), s.stop + 3) for s in bounding_slices(part))
    near = np.zeros_like(part)
    near[box] = grown(part[box], REACH_MM, grid.step_zyx_mm)
    dense_hu = float(np.percentile(smooth[part], 75))
    return shared_volume_ml(
        grid, near & cranium.space, inside_hu=dense_hu, outside_hu=cranium.tissue_hu + 3.0
    )


def _is_blood_like(grid: WorkingGrid, part: Mask) -> bool:
    """Return whether a part is neither calcified nor thin as a membrane."""
    if float((grid.values[part] > CALCIUM_HU).mean()) > MOST_CALCIUM_SHARE:
        return False
    box = tuple(slice(max(0, s.start - 2), s.stop + 2) for s in bounding_slices(part))
    outside = grown(~part[box], LEAST_WIDTH_MM, grid.step_zyx_mm)
    return bool((part[box] & ~outside).any())


def _layer(grid: WorkingGrid, cranium: Cranium, smooth: NDArray[np.float32]) -> tuple[Mask, bool]:
    """Return a dense layer along one side of the skull, and whether both sides are dense."""
    dense = (cranium.depth_mm > RIM_MM) & (smooth >= RIM_HU) & ~_near_bone_plane(grid)
    labels, _ = components(dense, least=4)
    band = (labels > 0) & (cranium.depth_mm < BAND_MM)
    right, left = _halves(grid, cranium.space)
    volumes = grid.volume_ml(band & right), grid.volume_ml(band & left)
    if max(volumes) < max(LEAST_RIM_ML, RIM_RATIO * min(volumes)):
        return np.zeros_like(band), min(volumes) >= LEAST_RIM_ML
    side = right if volumes[0] > volumes[1] else left
    parts, count = components(band & side)
    if not count or grid.volume_ml(parts == 1) < LEAST_RIM_ML:
        return np.zeros_like(band), False
    return np.isin(labels, np.unique(labels[parts == 1])) & side, False


def _near_bone_plane(grid: WorkingGrid) -> Mask:
    """Return blocks with bone right above or below, whose mean holds some of it."""
    bone = grid.values > SKULL_HU
    near = bone.copy()
    near[1:] |= bone[:-1]
    near[:-1] |= bone[1:]
    return near


def _halves(grid: WorkingGrid, space: Mask) -> tuple[Mask, Mask]:
    """Return the blocks right and left of the middle of the space."""
    middle = float(np.argwhere(space.any(axis=(0, 1))).mean())
    is_left = np.arange(grid.values.shape[2]) > middle
    left = np.broadcast_to(is_left, grid.values.shape)
    return ~left, left


def _side(grid: WorkingGrid, mask: Mask, space: Mask) -> Side:
    if not mask.any():
        return Side.NONE
    _, left = _halves(grid, space)
    share = grid.volume_ml(mask & left) / grid.volume_ml(mask)
    if share > 0.8:
        return Side.LEFT
    return Side.RIGHT if share < 0.2 else Side.BOTH
