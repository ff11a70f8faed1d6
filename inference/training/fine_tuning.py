"""Fine-tuning a denoiser on one series: half of each step is the recipe it was made with.

The recipe's half (invented anatomy, uniform fields, faint lesions) keeps texture, edges and
contrast; its noise is that of the series in every second draw. The other half is the series itself
with more noise (``series_batches``). Needs the extra ``vlm``.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from inference.training import denoise, simulate
from inference.training.banks import PATCH_PX, SLICES
from inference.training.batches import Batch, DenoiseBatches, Reference
from inference.training.loop import Rate, average_into
from inference.training.networks import DenoiseNet
from inference.training.series_batches import OwnSeries, SeriesBatches
from inference.training.series_noise import MeasuredNoise
from workstation.core.job import CancelToken

RATE = Rate(2e-4, warm_steps=40)
"""A seventh of the recipe's: the weights are near where they should be. It rises, because the
optimizer knows no scale of the gradients at first."""

PATCHES = 4
"""Patches of each half of a step; as many as the recipe has in all."""

ANATOMIES, LESIONS, VOLUMES = 48, 160, 6
"""Patches and volumes invented before the first step: ten seconds, used for minutes."""

VOLUME_PX = 128

BODY_PX, BODY_PIXEL_MM, BODY_RADIUS_MM = 192, 1.6, 130.0
"""Water disc through which noise of other scanners is drawn, so that theirs is not forgotten."""

OTHER_SHARE = 0.5

SIGNAL_TIMES, EDGE_TIMES = 3.0, 2.0
"""Weight of lesions and edges over the recipe's. With the recipe's own, two minutes on s01 took the
error down by 14 % and 2 % of the lesions' contrast with it, and moved the edge of fat."""

LONG_STEPS = 20000
"""Steps over which the rate falls where only time is a limit."""


@dataclass(frozen=True, slots=True)
class TuningPlan:
    """How long, and with what.

    Attributes:
        recipe: of the base.
        seconds: time at most.
        steps: steps at most; 0 for as many as the time allows.
        seed: of every draw.
    """

    recipe: denoise.DenoiseRecipe
    seconds: float
    steps: int
    seed: int


@dataclass(frozen=True, slots=True, eq=False)
class Tuned:
    """Averaged weights after training, steps done and the time they took."""

    network: DenoiseNet
    steps: int
    seconds: float


def fine_tune(
    network: DenoiseNet,
    series: OwnSeries,
    middles: tuple[int, ...],
    plan: TuningPlan,
    *,
    report: Callable[[float], None],
    cancel: CancelToken,
) -> Tuned:
    """Train a network further on a series.

    Args:
        network: as the base has it; it is changed.
        series: what to train on.
        middles: its slices around which patches may lie.
        plan: how long, and with what.
        report: called with the part done after each step.
        cancel: looked at before each step.

    Raises:
        CancelledError: it was cancelled.
    """
    torch.manual_seed(plan.seed)
    lesions, ordinary = _ordinary(series, plan)
    cancel.raise_if_cancelled()
    teacher, average = copy.deepcopy(network), copy.deepcopy(network)
    own = SeriesBatches(series, middles, lesions=lesions, teacher=teacher, seed=plan.seed)
    network.train()
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE.largest, betas=(0.9, 0.98))
    recipe = replace(
        plan.recipe,
        signal_weight=SIGNAL_TIMES * plan.recipe.signal_weight,
        edge_weight=EDGE_TIMES * plan.recipe.edge_weight,
    )
    limit, started, step = plan.steps or LONG_STEPS, time.monotonic(), 0
    while True:
        done = max(step / limit, (time.monotonic() - started) / plan.seconds)
        if done >= 1:
            break
        cancel.raise_if_cancelled()
        report(done)
        RATE.set(optimizer, step, done)
        loss = _loss(network, ordinary.draw(step, PATCHES), own.draw(step, PATCHES), recipe)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        average_into(average, network, step)
        step += 1
    return Tuned(average.eval(), step, time.monotonic() - started)


def _loss(network: DenoiseNet, made: Batch, own: Batch, recipe: denoise.DenoiseRecipe) -> Tensor:
    parts = denoise.losses(network, made, recipe, is_fast=False)
    # The target of the series is noisy: what looks like an edge there is mostly its noise, and a
    # weight by it would teach the noise. It has no uniform patch either, so that no texture is
    # judged.
    plain = replace(recipe, edge_weight=0.0)
    restore, coarse, whole, by_pixel, _, _ = denoise.losses(network, own, plain, is_fast=False)
    kept = recipe.signal_weight * (whole + 0.3 * by_pixel)
    return denoise.total_loss(parts, recipe, share=1.0) + restore + coarse + kept


@dataclass(frozen=True, slots=True, eq=False)
class _MixedNoise:
    """Noise of the series and of other scanners."""

    own: MeasuredNoise
    others: simulate.NoisePool

    def draw(self, random: np.random.Generator, size: int) -> Tensor:
        """Return (slices, size, size) noise of unit deviation."""
        if random.random() < OTHER_SHARE:
            return self.others.draw(random, size)
        return torch.from_numpy(self.own.fields(random, (size, size), count=SLICES))


def _ordinary(series: OwnSeries, plan: TuningPlan) -> tuple[Tensor, DenoiseBatches]:
    """Return lesions, and the batches of the recipe over what is invented."""
    random = np.random.default_rng(plan.seed)
    is_ct = series.modality == "CT"
    volumes = [simulate.invented_anatomy(random, VOLUME_PX, slices=SLICES) for _ in range(VOLUMES)]
    if not is_ct:
        volumes = [(volume + 1010).clamp(min=0) / 2000 for volume in volumes]
    lesions = torch.stack([simulate.faint_lesions(random, PATCH_PX) for _ in range(LESIONS)])
    anatomy = [simulate.invented_anatomy(random, PATCH_PX) for _ in range(ANATOMIES)]
    batches = DenoiseBatches(
        series.modality,
        references=[Reference(volume, 0.0) for volume in volumes],
        phantoms=[volume.numpy() for volume in volumes],
        anatomy=torch.stack(anatomy),
        lesions=lesions,
        pool=_MixedNoise(series.noise, _others()) if is_ct else None,
        seed=plan.seed,
    )
    return lesions, batches


def _others() -> simulate.NoisePool:
    disc = simulate.water_disc(BODY_PX, pixel_mm=BODY_PIXEL_MM, radius_mm=BODY_RADIUS_MM)
    return simulate.noise_pool([disc], pixel_mm=BODY_PIXEL_MM, each=8)
