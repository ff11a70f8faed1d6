"""What the denoising recipes draw from, made once and kept in files beside the checkpoints.

Noise fields, invented anatomy, faint lesions and phantoms take minutes to make and hours of
training to use up; every draw turns, mirrors, scales and mixes them anew. Needs torch.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inference.phantoms.brain_mr import make_brain, sample_brain_spec
from inference.phantoms.chest_ct import make_chest, sample_chest_spec
from inference.phantoms.grids import axial_grid
from inference.phantoms.head_ct import make_head
from inference.phantoms.head_spec import sample_head_spec
from inference.training import cases, simulate

LOG = logging.getLogger(__name__)

PATCH_PX = 96
"""Edge of a training patch; three times what the network sees around a pixel."""

SLICES = 5
"""Slices of a training patch."""

ANATOMIES = 500
LESIONS = 800
"""Patches made; each is drawn in eight orientations, both signs and any strength."""

FIELDS_PER_BODY = 10
"""Noise fields per cross-section; mixtures of them are new noise, so that few are enough."""

BODY_SLICES = (10, 60, 95, 130)
"""Slices of the trained half of s01 (pelvis to liver) through which noise is drawn."""

PHANTOM_SEEDS = (41, 42, 43)
"""One chest and one head, or one brain per contrast, for each; never used for an evaluation."""


def noise(data: Path, kept: Path) -> simulate.NoisePool:
    """Return the CT noise of the recipe."""
    stored = _stored(kept / "noise.pt")
    if stored is None:
        lower = cases.ct_thin_training(data)[0]
        pixel_mm = lower.spacing_kji_mm[1]
        size = lower.voxels.shape[1]
        disc = simulate.water_disc(size, pixel_mm=pixel_mm, radius_mm=110)
        bodies = [*(lower.voxels[k] for k in BODY_SLICES), disc]
        pool = simulate.noise_pool(bodies, pixel_mm=pixel_mm, each=FIELDS_PER_BODY)
        stored = {"fields": pool.fields, "scale": torch.tensor(pool.scale)}
        torch.save(stored, kept / "noise.pt")
    return simulate.NoisePool(stored["fields"], tuple(stored["scale"].tolist()))


def anatomy(kept: Path) -> Tensor:
    """Return (ANATOMIES, SLICES, PATCH_PX, PATCH_PX) invented HU, float16."""
    return _made(kept / "anatomy.pt", ANATOMIES, simulate.invented_anatomy)


def lesions(kept: Path) -> Tensor:
    """Return (LESIONS, SLICES, PATCH_PX, PATCH_PX) signals in noise deviations, float16."""
    return _made(kept / "lesions.pt", LESIONS, simulate.faint_lesions)


def ct_phantoms(kept: Path) -> list[NDArray[np.float32]]:
    """Return chests and heads without noise, HU."""
    stored = _stored(kept / "ct_phantoms.pt")
    if stored is None:
        made = []
        for seed in PHANTOM_SEEDS:
            random = np.random.default_rng(seed)
            chest, head = sample_chest_spec(random), sample_head_spec(random)
            chest = replace(chest, scanner=replace(chest.scanner, noise_hu=0.0))
            head = replace(head, scanner=replace(head.scanner, noise_hu=0.0))
            grid = axial_grid((40, 448, 448), (0.8, 0.8, 3.0), (0.0, 4.0, -60.0))
            made.append(make_chest(chest, grid, seed=seed).voxels)
            grid = axial_grid((24, 400, 400), (0.55, 0.55, 4.0), (0.0, 0.0, 0.0))
            made.append(make_head(head, grid, seed=seed).voxels)
        stored = {str(n): torch.from_numpy(voxels) for n, voxels in enumerate(made)}
        torch.save(stored, kept / "ct_phantoms.pt")
    return [stored[str(n)].float().numpy() for n in range(len(stored))]


def mr_phantoms(kept: Path) -> list[NDArray[np.float32]]:
    """Return brains without noise, each scaled so that its 99th percentile is one."""
    stored = _stored(kept / "mr_phantoms.pt")
    if stored is None:
        made = []
        grid = axial_grid((40, 288, 288), (0.8, 0.8, 3.0), (0.0, 0.0, 0.0))
        for seed in PHANTOM_SEEDS:
            spec = replace(sample_brain_spec(np.random.default_rng(seed)), noise=0.0)
            for phantom in make_brain(spec, grid, seed=seed).values():
                voxels = phantom.voxels.astype(np.float32)
                made.append(cases.to_unit(cases.Case("phantom", voxels, (3.0, 0.8, 0.8))).voxels)
        stored = {str(n): torch.from_numpy(voxels) for n, voxels in enumerate(made)}
        torch.save(stored, kept / "mr_phantoms.pt")
    return [stored[str(n)].float().numpy() for n in range(len(stored))]


def _made(path: Path, count: int, make: Callable[..., Tensor]) -> Tensor:
    stored = _stored(path)
    if stored is None:
        random = np.random.default_rng(len(path.stem))
        patches = [make(random, PATCH_PX, slices=SLICES).half() for _ in range(count)]
        stored = {"patches": torch.stack(patches)}
        torch.save(stored, path)
    return stored["patches"]


def _stored(path: Path) -> dict[str, Tensor] | None:
    if not path.is_file():
        LOG.info("making %s", path.name)
        return None
    found: dict[str, Tensor] = torch.load(path, weights_only=True)
    return found
