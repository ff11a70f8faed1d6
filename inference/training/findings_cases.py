"""Training and test cases of the finding networks: phantoms as the networks will see them.

A case is a phantom scanned on a coarse grid and brought through the very steps of a real draft
(``inference.vlm.image``), with labels from the phantom's truth. What is too small to be asked of
a coarse cube is neither positive nor negative: its label is IGNORE. Test cases come from other
seeds and from parameters outside the training ranges (see ``is_unseen``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.phantoms.phantom import Phantom
from inference.training.findings_regions import IGNORE, RegionRecipe
from inference.vlm.image import Cube, Sampled, aim, overview, reduce_blocks, sample

MAP_STEP = 4
"""Voxels of the cube per cell of the maps, along each axis."""

LEAST_CELL_SHARE = 0.08
"""Share of a cell that a finding fills from which on the map is to show it there."""


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One labelled cube.

    Attributes:
        mean, peak: [z, y, x] float16, HU or signal.
        inside: where the scan reaches.
        presence: (findings,) 1, 0 or IGNORE.
        sides: (findings, 2) right and left, the same values.
        maps: (findings, z, y, x) uint8 on the cells of the maps.
        contrast: MR weighting; empty for CT.
    """

    mean: NDArray[np.float16]
    peak: NDArray[np.float16]
    inside: NDArray[np.bool_]
    presence: NDArray[np.int8]
    sides: NDArray[np.int8]
    maps: NDArray[np.uint8]
    contrast: str


def make_case(
    recipe: RegionRecipe, phantom: Phantom, rng: np.random.Generator, *, jitter_mm: float
) -> Case:
    """Return a phantom as a labelled cube.

    Args:
        recipe: of its region.
        phantom: scanned on any grid.
        rng: moves the cube.
        jitter_mm: how far the cube is moved along each axis at most.
    """
    is_ct = phantom.modality == "CT"
    seen = look(phantom.voxels, phantom, recipe, rng=rng, jitter_mm=jitter_mm)
    presence, sides, maps = [], [], []
    for finding in recipe.findings:
        right, left = finding.amounts(phantom)
        is_valid = not recipe.contrasts or phantom.contrast in recipe.contrasts
        presence.append(finding.label(right + left) if is_valid else IGNORE)
        both = (finding.label(right), finding.label(left))
        sides.append(both if is_valid else (IGNORE, IGNORE))
        maps.append(_map(finding.mask(phantom), phantom, seen.cube))
    return Case(
        mean=seen.mean.astype(np.float16),
        peak=seen.peak.astype(np.float16) if is_ct else seen.mean[:0].astype(np.float16),
        inside=seen.inside,
        presence=np.array(presence, dtype=np.int8),
        sides=np.array(sides, dtype=np.int8),
        maps=np.stack(maps),
        contrast=phantom.contrast if not is_ct else "",
    )


def look(
    voxels: NDArray[np.generic],
    phantom: Phantom,
    recipe: RegionRecipe,
    *,
    rng: np.random.Generator,
    jitter_mm: float,
) -> Sampled:
    """Return the cube of a phantom, aimed as for a real series and then moved a little."""
    is_ct = phantom.modality == "CT"
    reduced = reduce_blocks(voxels, phantom.geometry, spacing_mm=recipe.spacing_mm, is_ct=is_ct)
    cube = aim(
        overview(reduced),
        recipe.shape_zyx,
        recipe.spacing_mm,
        is_ct=is_ct,
        is_head=recipe.is_head,
    )
    x, y, z = (float(c + rng.uniform(-jitter_mm, jitter_mm)) for c in cube.center_mm)
    return sample(reduced, Cube(cube.shape_zyx, cube.spacing_mm, (x, y, z)))


def _map(mask: NDArray[np.bool_], phantom: Phantom, cube: Cube) -> NDArray[np.uint8]:
    """Return the cells of a cube that a mask of the phantom fills noticeably."""
    cells = tuple(size // MAP_STEP for size in cube.shape_zyx)
    if not mask.any():
        return np.zeros(cells, dtype=np.uint8)
    reduced = reduce_blocks(
        mask.astype(np.float32), phantom.geometry, spacing_mm=cube.spacing_mm, is_ct=False
    )
    share = sample(reduced, cube).mean
    z, y, x = cells
    blocks = share.reshape(z, MAP_STEP, y, MAP_STEP, x, MAP_STEP).mean(axis=(1, 3, 5))
    filled = blocks > LEAST_CELL_SHARE
    peak = blocks >= 0.999 * blocks.max()
    return (filled | (peak & (blocks > 0))).astype(np.uint8)
