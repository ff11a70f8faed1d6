"""The recipes of the denoising packs.

    python -m inference.training.denoise --pack ct-denoise-fine --data FOLDER --out FOLDER

Every patch is shown twice, once with faint lesions in it, and the difference of the two results has
to be those lesions: that keeps low-contrast findings, which fidelity alone erases (research note
3.4). A uniform patch in each batch keeps the texture of the noise. Broken off, it goes on from its
last checkpoint when started again. Patients held out: cases.HELD_OUT, s02, s03, s14 and the upper
half of s01. Needs torch (the extra ``vlm``).
"""

from __future__ import annotations

import argparse
import logging
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from inference.training import banks, cases, simulate
from inference.training.batches import NOISES, Batch, DenoiseBatches, reference
from inference.training.loop import Progress, Rate, Training, average_into
from inference.training.networks import DenoiseNet, DenoiseShape

LOG = logging.getLogger(__name__)

PATCHES = 8
"""Patches per step, each once as it is and once with lesions added."""

RATE = Rate(1.5e-3, warm_steps=600, least=0.003)
"""It rises slowly: edges of a hundred deviations kill units otherwise."""

FAITHFUL_STEPS = 2000
"""Steps in which the weight of signal and texture rises; at once it holds the network at nothing,
where every lesion comes back."""

SOFTNESS_SIGMAS = 1.5
"""Errors under this count by their square, which leaves means unbiased and edges sharp; larger ones
by their size."""

KEPT_SOFTNESS = 0.3
"""The same for the share of a lesion that came back."""

COARSE_PX = 16
"""Blocks whose mean error is counted on top: what is coarse must not drift."""

COARSE_WEIGHT = 6.0

LESION_BLUR_PX = 0.8
"""Blur under which a lesion has to come back: its contrast and rim count, not the grain on it."""

EDGE_SIGMAS = 1.0
"""Step from one pixel to the next, in noise deviations, from which it is an edge."""

DEFAULT_STRENGTH = 0.6
"""Strength at which the texture of the noise has to be that of the input."""

TEXTURE_PX = 64
"""Edge of the part of a uniform patch whose noise spectrum is taken."""

FULL_PRECISION_PART = 0.04
"""Last part of the steps in float32; before, convolutions run in bfloat16, twice as fast."""

KEPT_EVERY = 500
"""Steps between two checkpoints."""


@dataclass(frozen=True, slots=True)
class DenoiseRecipe:
    """What decides the weights, beside the data.

    Attributes:
        modality: CT or MR.
        shape: the network.
        steps: optimizer steps.
        seconds: time at most; the learning rate falls to zero by whichever comes first.
        seed: of every random draw.
        signal_weight: weight of keeping the lesions against removing the noise.
        texture_weight: weight of keeping the color of the noise.
        edge_weight: extra weight of errors on edges; in CT there are few such pixels.
        bias_weight: weight of the squared bias at edges, which mean errors trade against noise.
            At 50 the gates were passed better and real anatomy was left as noisy as it was.
    """

    modality: str
    shape: DenoiseShape
    steps: int = 30000
    seconds: float = 9000.0
    seed: int = 20
    signal_weight: float = 0.12
    texture_weight: float = 1.0
    edge_weight: float = 5.0
    bias_weight: float = 0.0


RECIPES = {
    "ct-denoise-fine": DenoiseRecipe("CT", DenoiseShape()),
    "ct-denoise": DenoiseRecipe(
        "CT",
        DenoiseShape(width=16, deep_width=48, before=1, deep=4, after=1),
        steps=40000,
        signal_weight=0.3,
    ),
    "mr-denoise": DenoiseRecipe(
        "MR",
        DenoiseShape(has_level=True, has_transform=True),
        steps=24000,
        signal_weight=0.04,
        texture_weight=0.3,
        edge_weight=0.5,
    ),
}
"""The recipes of the embedded packs, by pack id."""


def train(
    batches: DenoiseBatches,
    recipe: DenoiseRecipe,
    *,
    patches: int = PATCHES,
    checkpoint: Path | None = None,
) -> DenoiseNet:
    """Return the averaged weights after training; logs the losses and saves them as it goes."""
    torch.manual_seed(recipe.seed)
    network = DenoiseNet(recipe.shape).to(memory_format=torch.channels_last)
    average = DenoiseNet(recipe.shape)
    average.load_state_dict(network.state_dict())
    optimizer = torch.optim.AdamW(
        network.parameters(), lr=RATE.largest, weight_decay=1e-4, betas=(0.9, 0.98)
    )
    training = Training(network, average, optimizer, checkpoint)
    progress = training.resume()
    started, shown = time.monotonic() - progress.seconds, np.zeros(6)
    for step in range(progress.step, recipe.steps):
        done = max(step / recipe.steps, (time.monotonic() - started) / recipe.seconds)
        if done >= 1:
            break
        RATE.set(optimizer, step, done)
        batch = batches.draw(step, patches)
        parts = losses(network, batch, recipe, is_fast=done < 1 - FULL_PRECISION_PART)
        optimizer.zero_grad()
        total_loss(parts, recipe, share=min(1.0, step / FAITHFUL_STEPS)).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        average_into(average, network, step)
        shown = shown * 0.995 + 0.005 * np.array([part.item() for part in parts])
        if step % KEPT_EVERY == KEPT_EVERY - 1:
            seconds = time.monotonic() - started
            LOG.info("step %d %.0f s %s", step + 1, seconds, np.array2string(shown, precision=4))
            training.keep(Progress(step + 1, seconds))
    training.keep(Progress(recipe.steps, recipe.seconds))
    return average.eval()


def total_loss(parts: tuple[Tensor, ...], recipe: DenoiseRecipe, *, share: float) -> Tensor:
    """Return the weighted sum of :func:`losses`; ``share`` is that of signal and texture."""
    signal = share * recipe.signal_weight
    texture, bias = share * recipe.texture_weight, share * recipe.bias_weight
    weights = (1.0, 1.0, signal, 0.3 * signal, texture, bias)
    return torch.stack([w * part for w, part in zip(weights, parts, strict=True)]).sum()


def losses(
    network: DenoiseNet, batch: Batch, recipe: DenoiseRecipe, *, is_fast: bool
) -> tuple[Tensor, ...]:
    """Return the losses: restoring, coarse drift, lost lesions (whole, by pixel), texture, bias."""
    both = torch.cat([batch.noisy, batch.marked]).contiguous(memory_format=torch.channels_last)
    with torch.autocast("cpu", torch.bfloat16, enabled=is_fast):
        result = network(both, torch.cat([batch.sigma, batch.sigma]))
    plain, marked = (part / batch.sigma for part in result.float().chunk(2))
    clean, lesion = batch.clean / batch.sigma, batch.lesion / batch.sigma
    errors = torch.cat([plain - clean, marked - clean - lesion])
    edges = torch.cat([_edges(clean), _edges(clean + lesion)])
    weight = 1 + recipe.edge_weight * edges
    restore = 2 * (weight * _soft(errors, SOFTNESS_SIGMAS)).mean()
    coarse = COARSE_WEIGHT * (functional.avg_pool2d(errors, COARSE_PX) ** 2).mean()
    came_back = marked - plain
    kept = (came_back * lesion).mean(dim=(1, 2, 3)) / ((lesion**2).mean(dim=(1, 2, 3)) + 1e-6)
    whole = 2 * _soft(1 - kept, KEPT_SOFTNESS).mean()
    lost = simulate.blur((came_back - lesion)[:, 0], LESION_BLUR_PX).abs()
    by_pixel = (lost.mean(dim=(1, 2)) / (lesion.abs().mean(dim=(1, 2, 3)) + 0.01)).mean()
    # Draws of one scene have independent noise: the mean product of errors is the bias squared.
    first, second = (errors[start::NOISES] for start in range(2))
    bias = (edges[::NOISES] * first * second).mean()
    return restore, coarse, whole, by_pixel, _texture(batch, plain - clean), bias


def _edges(clean: Tensor) -> Tensor:
    """Return where a clean picture (n, 1, h, w) in noise deviations has edges, 0..1."""
    down = functional.pad(clean.diff(dim=2).abs(), (0, 0, 0, 1))
    right = functional.pad(clean.diff(dim=3).abs(), (0, 1, 0, 0))
    steps = (torch.maximum(down, right) / EDGE_SIGMAS - 1).clamp(0, 1)
    return functional.max_pool2d(steps, 3, stride=1, padding=1)


def _soft(errors: Tensor, softness: float) -> Tensor:
    """Return about the square over twice the softness of small errors, the size of large ones."""
    return (errors**2 + softness**2).sqrt() - softness


def _texture(batch: Batch, error: Tensor) -> Tensor:
    """Return the squared shift of the noise's mean frequency at the default strength."""
    middle = batch.noisy.shape[1] // 2
    before = (batch.noisy[:, middle : middle + 1] - batch.clean) / batch.sigma
    after = (1 - DEFAULT_STRENGTH) * before + DEFAULT_STRENGTH * error
    chosen = batch.is_uniform
    shift = _mean_frequency(after[chosen]) / _mean_frequency(before[chosen]) - 1
    return (shift**2).mean()


def _mean_frequency(fields: Tensor) -> Tensor:
    """Return the mean frequency of the radial noise power spectrum of fields (n, 1, h, w).

    In cycles per pixel. A ring of frequency f holds 2 pi f pixels of the plane, so the mean over
    the radial spectrum is the power over the sum of power / f.
    """
    size = min(TEXTURE_PX, fields.shape[-1])
    first = (fields.shape[-1] - size) // 2
    part = fields[..., first : first + size, first : first + size]
    window = torch.hann_window(size, periodic=False)
    part = (part - part.mean(dim=(2, 3), keepdim=True)) * window[:, None] * window
    power = torch.fft.rfft2(part).abs() ** 2
    radius = torch.hypot(torch.fft.fftfreq(size)[:, None], torch.fft.rfftfreq(size)[None, :])
    power = power * ((radius > 0) & (radius <= 0.5))
    return power.sum(dim=(2, 3)) / (power / radius.clamp(min=1 / size)).sum(dim=(2, 3))


def load_batches(data: Path, kept: Path, recipe: DenoiseRecipe) -> DenoiseBatches:
    """Return the batches of a recipe; what they draw from is made once and kept."""
    torch.manual_seed(recipe.seed)
    is_ct = recipe.modality == "CT"
    volumes = cases.ct_training(data) if is_ct else cases.mr_denoise_training(data)
    return DenoiseBatches(
        recipe.modality,
        references=[reference(case.voxels, recipe.modality) for case in volumes],
        phantoms=banks.ct_phantoms(kept) if is_ct else banks.mr_phantoms(kept),
        anatomy=banks.anatomy(kept),
        lesions=banks.lesions(kept),
        pool=banks.noise(data, kept) if is_ct else None,
        seed=recipe.seed,
    )


def main() -> None:
    """Train with the arguments of the command line and write the checkpoint."""
    parser = argparse.ArgumentParser(description="Train a denoiser.")
    parser.add_argument("--pack", choices=sorted(RECIPES), required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(asked.threads)
    asked.out.mkdir(parents=True, exist_ok=True)
    recipe = RECIPES[asked.pack]
    recipe = replace(
        recipe, steps=asked.steps or recipe.steps, seconds=asked.seconds or recipe.seconds
    )
    train(
        load_batches(asked.data, asked.out, recipe),
        recipe,
        checkpoint=asked.out / f"{asked.pack}.pt",
    )


if __name__ == "__main__":
    main()
