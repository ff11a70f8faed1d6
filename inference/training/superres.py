"""The recipes of the super-resolution packs: through-plane x2 and in-plane x2, CT and MR.

    python -m inference.training.superres --recipe superres-mr --data FOLDER --out FOLDER
        [--packs resources/model_packs]

The recipe ``superres-inplane`` makes the two in-plane packs; ``superres-ct`` goes on from the
weights that ``superres-mr`` left in the same folder. Trains and, with ``--packs``, exports: ONNX,
golden case, manifest. The loss looks only at what the network may decide, the difference of a
slice's halves or of a pixel's children; their mean is given by the scan. Broken off, it goes on
from its last checkpoint when started again. Patients held out: cases.HELD_OUT; for MR s03 and s07;
for CT the upper half of s01, s02 and s14.
Needs torch (the extra ``vlm``).
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

from inference.training import superres_batches as drawing
from inference.training.loop import Progress, Rate, Training, average_into
from inference.training.superres_export import load_network, write_packs
from inference.training.superres_networks import SHAPES, SuperResolveNet, SuperResolveShape

LOG = logging.getLogger(__name__)

BATCH = 16
"""Patches per step."""

RATE = Rate(2e-3, warm_steps=100, least=0.005)

FULL_PRECISION_PART = 0.1
"""Last part of the steps in float32; before, convolutions run in bfloat16, twice as fast."""

KEPT_EVERY = 250
"""Steps between two checkpoints."""


@dataclass(frozen=True, slots=True)
class SuperResolveRecipe:
    """What decides the weights, beside the data.

    Attributes:
        modalities: CT, MR or both: the laws of the network make one do for any unit.
        is_in_plane: whether pixels are divided, instead of slices.
        shape: the network.
        size: edge of a patch of the input, pixels.
        steps: optimizer steps.
        seconds: time at most; the learning rate falls to zero by whichever comes first. The
            weights are the same again only where the steps come first.
        seed: of every random draw.
        start: checkpoint whose weights it begins with, in the same folder; empty for new ones.
    """

    modalities: tuple[str, ...]
    is_in_plane: bool
    shape: SuperResolveShape
    size: int = 64
    steps: int = 4500
    seconds: float = 10_000.0
    seed: int = 21
    start: str = ""


RECIPES = {
    "superres-mr": SuperResolveRecipe(("MR",), is_in_plane=False, shape=SHAPES["superres-mr"]),
    "superres-ct": SuperResolveRecipe(
        ("CT",), is_in_plane=False, shape=SHAPES["superres-ct"], steps=2000, start="superres-mr"
    ),
    "superres-inplane": SuperResolveRecipe(
        ("CT", "MR"), is_in_plane=True, shape=SHAPES["superres-inplane"], size=40, steps=3000
    ),
}
"""The recipes of the embedded packs, by checkpoint; both in-plane packs share one."""

Batches = drawing.ThroughPlaneBatches | drawing.InPlaneBatches


def train(
    batches: Batches,
    recipe: SuperResolveRecipe,
    *,
    count: int = BATCH,
    checkpoint: Path | None = None,
) -> SuperResolveNet:
    """Return the averaged weights after training; logs the loss beside that of plain repetition."""
    torch.manual_seed(recipe.seed)
    network = _begun(recipe, checkpoint).to(memory_format=torch.channels_last)
    average = SuperResolveNet(recipe.shape)
    average.load_state_dict(network.state_dict())
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE.largest, weight_decay=1e-4)
    training = Training(network, average, optimizer, checkpoint)
    progress = training.resume()
    started, shown = time.monotonic() - progress.seconds, np.zeros(2)
    for step in range(progress.step, recipe.steps):
        seconds = time.monotonic() - started
        done = max(step / recipe.steps, seconds / recipe.seconds)
        if done >= 1:
            break
        RATE.set(optimizer, step, done)
        batch = batches.draw(step, count, recipe.size)
        found, truth = losses(network, batch, is_fast=done < 1 - FULL_PRECISION_PART)
        optimizer.zero_grad()
        found.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        average_into(average, network, step)
        shown = shown * 0.99 + 0.01 * np.array([found.item(), truth.item()])
        if step % KEPT_EVERY == KEPT_EVERY - 1:
            LOG.info("step %d %.0f s loss %.4f of %.4f", step + 1, seconds, *shown)
            training.keep(Progress(step + 1, seconds))
    training.keep(Progress(recipe.steps, recipe.seconds))
    return average.eval()


def _begun(recipe: SuperResolveRecipe, checkpoint: Path | None) -> SuperResolveNet:
    """Return new weights, or those of the recipe that this one goes on from."""
    if not recipe.start or checkpoint is None:
        return SuperResolveNet(recipe.shape)
    return load_network(checkpoint.with_name(f"{recipe.start}.pt"), recipe.shape)


def losses(
    network: SuperResolveNet, batch: drawing.Batch, *, is_fast: bool
) -> tuple[Tensor, Tensor]:
    """Return the mean error of the details, and that of predicting none."""
    with torch.autocast("cpu", torch.bfloat16, enabled=is_fast):
        slices = batch.slices.contiguous(memory_format=torch.channels_last)
        details = network.details(slices, batch.profile)
    truth = batch.children - batch.children.mean(dim=1, keepdim=True)
    return (details.float() - truth).abs().mean(), truth.abs().mean()


def load_batches(data: Path, recipe: SuperResolveRecipe) -> Batches:
    """Return the batches of a recipe."""
    collect = drawing.in_plane_stacks if recipe.is_in_plane else drawing.through_plane_stacks
    stacks = [s for m in recipe.modalities for s in collect(data, m, recipe.size)]
    kind = drawing.InPlaneBatches if recipe.is_in_plane else drawing.ThroughPlaneBatches
    batches: Batches = kind(stacks, recipe.seed, recipe.shape.neighbours)
    LOG.info("%d stacks", len(stacks))
    return batches


def main() -> None:
    """Train with the arguments of the command line, write the checkpoint and the pack."""
    parser = argparse.ArgumentParser(description="Train a super-resolver.")
    parser.add_argument("--recipe", choices=sorted(RECIPES), required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--packs", type=Path)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--seconds", type=float)
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(1)
    asked.out.mkdir(parents=True, exist_ok=True)
    recipe = RECIPES[asked.recipe]
    recipe = replace(
        recipe, steps=asked.steps or recipe.steps, seconds=asked.seconds or recipe.seconds
    )
    checkpoint = asked.out / f"{asked.recipe}.pt"
    train(load_batches(asked.data, recipe), recipe, checkpoint=checkpoint)
    if asked.packs is not None:
        write_packs(asked.out, asked.packs, only=checkpoint.name)


if __name__ == "__main__":
    main()
