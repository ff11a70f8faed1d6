"""Training batches of the denoising recipes: clean, noisy, and noisy with faint lesions in it.

Clean patches are real slices at reduced noise, phantoms, invented anatomy and plain uniform ones.
Batch n of a seed is always the same, so that training can be broken off and taken up again. Needs
torch (the extra ``vlm``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inference.engine.noise import estimate_sigma
from inference.training import clean, simulate
from inference.training.banks import PATCH_PX, SLICES

SHARES = (0.42, 0.62, 0.88)
"""Patches below these draws are real, phantom, invented; the rest is uniform."""

SIGMA_RANGE_HU = (4.0, 90.0)
"""Noise drawn for CT; a little more than the range the packs accept."""

SIGMA_RANGE_MR = (0.012, 0.16)
"""Noise drawn for MR, as a share of the 99th percentile of the signal."""

CLEAN_ENOUGH = 1.2
"""A real reference is used under noise of at least this many times its own."""

LARGEST_FLOOR = 0.16
"""Most noise a reference is taken to have, as a share of the widest noise drawn.

In volumes of coarse pixels the estimate counts anatomy as noise."""

LEAST_SIGNAL = 0.1
"""Part of the 99th percentile from which MR is taken to show tissue."""

PHANTOM_BLUR_PX = 0.6
"""Blur of phantoms: drawn sharp, they have edges that no scanner shows."""

SIGMA_JITTER = 0.08
"""Spread of the noise level told to the network: the estimate at run time is that good."""

STRONG_SHARE = 0.35
STRONG_TIMES = 6.0
"""Share of lesions that are made stronger, and by how much at most: up to six deviations."""

NOISES = 2
"""Noise draws of each scene: what their results have in common and the truth has not is bias."""

NEGATIVE_SHARE = 0.5
"""Share of invented and uniform CT patches turned upside down, so that no sign is favored."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Patches of one step, all in the unit of the modality.

    Attributes:
        noisy: (n, slices, h, w).
        marked: the same noise over the same anatomy with lesions.
        sigma: (n, 1, h, w) noise level as told to the network.
        clean: (n, 1, h, w) middle slice without noise.
        lesion: (n, 1, h, w) what was added to it.
        is_uniform: (n,) whether there is nothing in the clean patch.
    """

    noisy: Tensor
    marked: Tensor
    sigma: Tensor
    clean: Tensor
    lesion: Tensor
    is_uniform: Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """A real volume at reduced noise, with what noise is left in it."""

    voxels: Tensor
    floor: float


def reference(voxels: NDArray[np.float32], modality: str) -> Reference:
    """Return a volume with its own noise level."""
    found = estimate_sigma(voxels, modality=modality, padding=None)
    most = LARGEST_FLOOR * (SIGMA_RANGE_HU[1] if modality == "CT" else SIGMA_RANGE_MR[1])
    floor = most if found is None else min(found, most)
    if modality == "CT":
        return Reference(torch.from_numpy(voxels), floor)
    noise = min(clean.high_frequency_sigma(torch.from_numpy(voxels), floor=LEAST_SIGNAL), floor)
    return Reference(clean.cleaned(torch.from_numpy(voxels), noise), clean.LEFT_OVER * floor)


@dataclass(frozen=True, slots=True, eq=False)
class _Scene:
    """What is under the noise of a patch: slices, lesions, noise as it is and as it is told."""

    clean: Tensor
    lesion: Tensor
    sigma: Tensor
    told: Tensor
    is_uniform: bool


class DenoiseBatches:
    """Draws the batches of one modality. Owned by the training loop.

    Args:
        modality: CT or MR.
        references: real volumes.
        phantoms: volumes without noise.
        anatomy, lesions: see ``banks``.
        pool: CT noise; None for MR, whose noise is drawn afresh.
        seed: of every draw.
    """

    def __init__(
        self,
        modality: str,
        *,
        references: list[Reference],
        phantoms: list[NDArray[np.float32]],
        anatomy: Tensor,
        lesions: Tensor,
        pool: simulate.NoiseSource | None,
        seed: int,
    ) -> None:
        self._is_ct = modality == "CT"
        self._range = SIGMA_RANGE_HU if self._is_ct else SIGMA_RANGE_MR
        self._references = [r for r in references if min(r.voxels.shape[1:]) >= PATCH_PX]
        blurred = [simulate.blur(torch.from_numpy(v), PHANTOM_BLUR_PX) for v in phantoms]
        self._phantoms = [Reference(voxels, 0.0) for voxels in blurred]
        self._anatomy = anatomy
        self._lesions = lesions
        self._pool = pool
        self._seed = seed

    def draw(self, step: int, count: int) -> Batch:
        """Return the batch of a step: scenes, each under NOISES draws; the first is uniform."""
        random = np.random.default_rng((self._seed, step))
        parts: list[tuple[Tensor, ...]] = []
        for index in range(count // NOISES):
            scene = self._scene(random, is_uniform=index == 0)
            parts += [self._seen(random, scene) for _ in range(NOISES)]
        return Batch(*(torch.stack(items) for items in zip(*parts, strict=True)))

    def _scene(self, random: np.random.Generator, *, is_uniform: bool) -> _Scene:
        clean, floor, is_even = self._clean(random, is_uniform=is_uniform)
        low, high = np.log(self._range)
        level = float(np.exp(random.uniform(max(low, np.log(CLEAN_ENOUGH * floor + 1e-9)), high)))
        lesion = self._lesions[random.integers(len(self._lesions))].float() * level
        if random.random() < STRONG_SHARE:
            lesion = lesion * float(np.exp(random.uniform(0, np.log(STRONG_TIMES))))
        lesion = simulate.orient(lesion, int(random.integers(8)))
        if self._pool is None:
            lesion = lesion * (clean > 2 * level)
        told = level * float(np.exp(random.normal(0, SIGMA_JITTER)))
        spread = 0.3 if random.random() < (0.3 if self._is_ct else 0.6) else 0.0
        shape = simulate.smooth_map(random, PATCH_PX, spread)
        return _Scene(clean, lesion, level * shape, told * shape, is_even)

    def _seen(self, random: np.random.Generator, scene: _Scene) -> tuple[Tensor, ...]:
        clean, lesion = scene.clean, scene.lesion
        if self._pool is not None:
            noise = scene.sigma * self._pool.draw(random, PATCH_PX)
            noisy, marked = clean + noise, clean + noise + lesion
        else:
            drawn = simulate.complex_noise(random, (SLICES, PATCH_PX, PATCH_PX))
            noisy = simulate.magnitude(clean, drawn, scene.sigma)
            marked = simulate.magnitude(clean + lesion, drawn, scene.sigma)
        middle = slice(SLICES // 2, SLICES // 2 + 1)
        is_even = torch.tensor(scene.is_uniform)
        return noisy, marked, scene.told, clean[middle], lesion[middle], is_even

    def _clean(
        self, random: np.random.Generator, *, is_uniform: bool
    ) -> tuple[Tensor, float, bool]:
        """Return a clean patch, the noise that is left in it, and whether it is uniform."""
        kind = 1.0 if is_uniform else float(random.random())
        if kind < SHARES[1]:
            pool = self._references if kind < SHARES[0] else self._phantoms
            sizes = np.array([volume.voxels.numel() for volume in pool]) ** 0.5
            chosen = pool[random.choice(len(pool), p=sizes / sizes.sum())]
            return self._crop(random, chosen.voxels), chosen.floor, False
        if kind < SHARES[2]:
            patch = self._anatomy[random.integers(len(self._anatomy))].float()
            return (
                simulate.orient(self._invented(random, patch), int(random.integers(8))),
                0.0,
                False,
            )
        low, high = (-1000.0, 1000.0) if self._is_ct else (0.15, 1.2)
        value = float(random.uniform(low, high))
        return torch.full((SLICES, PATCH_PX, PATCH_PX), value), 0.0, True

    def _invented(self, random: np.random.Generator, patch: Tensor) -> Tensor:
        gain = float(np.exp(random.uniform(-0.7, 0.3)))
        if self._is_ct:
            return patch * (-gain if random.random() < NEGATIVE_SHARE else gain)
        return (patch + 1010).clamp(min=0) * (gain / 2000)

    def _crop(self, random: np.random.Generator, voxels: Tensor) -> Tensor:
        places = [int(random.integers(0, n - PATCH_PX + 1)) for n in voxels.shape[1:]]
        first = int(random.integers(0, voxels.shape[0] - SLICES + 1))
        row, column = places
        patch = voxels[first : first + SLICES, row : row + PATCH_PX, column : column + PATCH_PX]
        patch = patch.flip(0) if random.random() < 0.5 else patch
        return simulate.orient(patch, int(random.integers(8)))
