"""The recipe of the pack ``ct-denoise``.

    python -m inference.training.denoise --data FOLDER --out FOLDER

Clean references are thick-slab means and thick-slice series of the trained patients and invented
anatomy; noise is simulated in the projections. Half of each batch repeats the other half with faint
lesions added, and the difference of the two results has to be those lesions: it is this loss that
keeps low-contrast findings (research note 3.4). Patients held out: cases.HELD_OUT, s02, s14 and the
upper half of s01. Needs torch (the extra ``vlm``).
"""

from __future__ import annotations

import argparse
import logging
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inference.training import cases, simulate
from inference.training.networks import DenoiseNet

LOG = logging.getLogger(__name__)

PATCH_PX = 96
"""Edge of a training patch; two and a half times the receptive field."""

PAIRS = 8
"""Patches per step, each once as it is and once with lesions added."""

SIGMA_RANGE_HU = (4.0, 90.0)
"""Noise drawn in training; a little more than the range the pack accepts."""

SIGMA_JITTER = 0.08
"""Spread of the noise level told to the network: the estimate at run time is that good."""

LESION_WEIGHT = 0.25
"""Weight of keeping the lesions against removing the noise."""

LESION_BLUR_PX = 1.2
"""Blur under which a lesion has to come back: its contrast counts, not the grain on it."""

FULL_PRECISION_PART = 0.15
"""Last part of the steps in float32; before, convolutions run in bfloat16, twice as fast."""


@dataclass(frozen=True, slots=True)
class DenoiseRecipe:
    """What decides the weights, beside the data.

    Attributes:
        steps: optimizer steps at most.
        seconds: time at most; the learning rate falls to zero by whichever comes first.
        width: channels of the network.
        seed: of every random draw.
    """

    steps: int = 20000
    seconds: float = 1800.0
    width: int = 32
    seed: int = 20
    lesion_weight: float = LESION_WEIGHT


DEFAULTS = DenoiseRecipe()
"""The recipe of the embedded pack."""


class DenoiseBatches:
    """Draws training batches. Owned by the training loop."""

    def __init__(
        self, references: list[NDArray[np.float32]], pool: simulate.NoisePool, seed: int
    ) -> None:
        self._references = [torch.from_numpy(volume) for volume in references]
        self._pool = pool
        self._random = np.random.default_rng(seed)

    def draw(self, pairs: int, size: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return noisy and lesions (n, 3, h, w), told sigma and clean (n, 1, h, w), all in HU."""
        parts = [self._one(size) for _ in range(pairs)]
        noisy, sigma, clean, lesion = (torch.stack(items) for items in zip(*parts, strict=True))
        return noisy, sigma, clean, lesion

    def _one(self, size: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        random = self._random
        clean = self._clean(size)
        low, high = np.log(SIGMA_RANGE_HU)
        level = float(np.exp(random.uniform(low, high)))
        noisy = clean + level * self._pool.draw(random, size)
        told = level * float(np.exp(random.normal(0, SIGMA_JITTER)))
        lesion = simulate.faint_lesions(random, size, count=6)
        return noisy, torch.full((1, size, size), told), clean[1:2], lesion

    def _clean(self, size: int) -> Tensor:
        random = self._random
        if random.random() < 0.3:
            return simulate.invented_anatomy(random, size)
        volume = self._references[random.integers(len(self._references))]
        k = int(random.integers(1, volume.shape[0] - 1))
        row = int(random.integers(0, volume.shape[1] - size + 1))
        column = int(random.integers(0, volume.shape[2] - size + 1))
        patch = volume[k - 1 : k + 2, row : row + size, column : column + size]
        return simulate.orient(patch, int(random.integers(8)))


def train(
    batches: DenoiseBatches,
    recipe: DenoiseRecipe,
    *,
    pairs: int = PAIRS,
    size: int = PATCH_PX,
    checkpoint: Path | None = None,
) -> DenoiseNet:
    """Return the averaged weights after training; logs the losses and saves them as it goes."""
    torch.manual_seed(recipe.seed)
    network = DenoiseNet(width=recipe.width).to(memory_format=torch.channels_last)
    average = DenoiseNet(width=recipe.width)
    average.load_state_dict(network.state_dict())
    optimizer = torch.optim.AdamW(
        network.parameters(), lr=2e-3, weight_decay=1e-4, betas=(0.9, 0.98)
    )
    started, shown = time.monotonic(), np.zeros(2)
    for step in range(recipe.steps):
        done = max(step / recipe.steps, (time.monotonic() - started) / recipe.seconds)
        if done >= 1:
            break
        _set_rate(optimizer, step, done)
        losses = _losses(network, batches.draw(pairs, size), is_fast=done < 1 - FULL_PRECISION_PART)
        optimizer.zero_grad()
        (losses[0] + recipe.lesion_weight * losses[1]).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        average_into(average, network, step)
        shown = shown * 0.98 + 0.02 * np.array([loss.item() for loss in losses])
        if step % 250 == 0:
            seconds = time.monotonic() - started
            LOG.info("step %d %.0f s restore %.3f lesion %.3f", step, seconds, *shown)
            if checkpoint is not None:
                torch.save(average.state_dict(), checkpoint)
    return average.eval()


def _losses(
    network: DenoiseNet, batch: tuple[Tensor, ...], *, is_fast: bool
) -> tuple[Tensor, Tensor]:
    noisy, sigma, clean, lesion = batch
    both = torch.cat([noisy, noisy + lesion]).contiguous(memory_format=torch.channels_last)
    with torch.autocast("cpu", torch.bfloat16, enabled=is_fast):
        result = network(both, torch.cat([sigma, sigma]))
    plain, with_lesion = result.chunk(2)
    middle = lesion[:, 1:2]
    weight = 3.0 / (sigma.mean(dim=(1, 2, 3), keepdim=True) + 5.0)
    restore = ((plain - clean) * weight).abs().mean()
    restore = 0.5 * (restore + ((with_lesion - clean - middle) * weight).abs().mean())
    lost = simulate.blur((with_lesion - plain - middle)[:, 0], LESION_BLUR_PX).abs()
    return restore, (lost.mean(dim=(1, 2)) / (middle.abs().mean(dim=(1, 2, 3)) + 0.5)).mean()


def _set_rate(optimizer: torch.optim.Optimizer, step: int, done: float) -> None:
    rate = 2e-3 * min(1.0, (step + 1) / 100) * (0.5 * (1 + np.cos(np.pi * done)) + 0.005)
    for group in optimizer.param_groups:
        group["lr"] = rate


def average_into(average: torch.nn.Module, network: torch.nn.Module, step: int) -> None:
    """Move the running average of the weights a little towards the network's."""
    share = 1 - min(0.998, (step + 1) / (step + 10))
    with torch.no_grad():
        for kept, new in zip(average.parameters(), network.parameters(), strict=True):
            kept.lerp_(new, share)


def bodies_for_noise(folder: Path) -> tuple[list[NDArray[np.float32]], float]:
    """Return cross-sections of the trained half of s01 and their pixel size in mm."""
    lower = cases.ct_thin_training(folder)[0]
    return [lower.voxels[k] for k in (10, 60, 110, 130)], lower.spacing_kji_mm[1]


def main() -> None:
    """Train with the arguments of the command line and write the checkpoint."""
    parser = argparse.ArgumentParser(description="Train the CT denoiser.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=DEFAULTS.steps)
    parser.add_argument("--seconds", type=float, default=DEFAULTS.seconds)
    parser.add_argument("--lesion-weight", type=float, default=LESION_WEIGHT)
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(1)
    torch.manual_seed(DEFAULTS.seed)
    asked.out.mkdir(parents=True, exist_ok=True)
    pool = load_pool(asked.data, asked.out / "noise.pt")
    references = [case.voxels for case in cases.ct_training(asked.data)]
    recipe = DenoiseRecipe(
        steps=asked.steps, seconds=asked.seconds, lesion_weight=asked.lesion_weight
    )
    checkpoint = asked.out / "denoise.pt"
    network = train(DenoiseBatches(references, pool, recipe.seed), recipe, checkpoint=checkpoint)
    torch.save(network.state_dict(), checkpoint)


def load_pool(data: Path, kept: Path) -> simulate.NoisePool:
    """Return the noise of the recipe, kept in a file beside the checkpoint once it was made."""
    if kept.is_file():
        stored = torch.load(kept, weights_only=True)
        return simulate.NoisePool(stored["fields"], tuple(stored["scale"]))
    bodies, pixel_mm = bodies_for_noise(data)
    pool = simulate.noise_pool(bodies, pixel_mm=pixel_mm, each=10)
    torch.save({"fields": pool.fields, "scale": list(pool.scale)}, kept)
    return pool


if __name__ == "__main__":
    main()
