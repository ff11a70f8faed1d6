"""The recipe of one finding network: batches, losses, training, calibration, export.

Run as ``python -m inference.training.findings_training CASES REGION OUT --steps N``; needs
torch. Every third cube of a batch is foreign (``findings_negatives``); the network learns that it
does not know it and that nothing is found there. The last tenth of the training cases is kept
back for calibration and thresholds; the test cases are never looked at here.
"""

from __future__ import annotations

import argparse
import json
import logging
import warnings
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from inference.training.findings_batches import Batch, CaseFeed, other_regions
from inference.training.findings_cache import kept_seeds, read_case
from inference.training.findings_calibration import Calibration, calibrate
from inference.training.findings_cases import Case
from inference.training.findings_network import FindingNetwork
from inference.training.findings_recipes import RECIPES
from inference.training.findings_regions import IGNORE, RegionRecipe

log = logging.getLogger(__name__)

SEED = 20261121
BATCH = 9
RATE = 3e-3
WARM_STEPS = 40
MAP_WEIGHT, KNOWN_WEIGHT, SIDE_WEIGHT = 6.0, 0.7, 0.5
"""Weights of the losses beside presence: the map teaches most, being told cell by cell."""

LEAST_CELL_WEIGHT, MOST_CELL_WEIGHT = 4.0, 40.0
"""A cell of a finding weighs one over the root of the share of such cells, within these bounds:
without it, saying nothing anywhere is nearly right for a nodule."""


def train(
    recipe: RegionRecipe,
    cases: list[Case],
    others: list[NDArray[np.float32]],
    *,
    steps: int,
    start: dict[str, torch.Tensor] | None = None,
) -> FindingNetwork:
    """Train one network for so many steps, with a short warm-up and a cosine decay.

    Args:
        recipe: of the region.
        cases: training cases.
        others: cubes in HU of other regions.
        steps: optimizer steps.
        start: weights to begin with; None for fresh ones.
    """
    torch.manual_seed(SEED)
    network = FindingNetwork(len(recipe.channels), len(recipe.findings))
    if start is not None:
        network.load_state_dict(start)
    feed = CaseFeed(recipe, cases, others, np.random.default_rng(SEED))
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=1e-2)
    weights = cell_weights(cases)
    for step in range(steps):
        warm, share = min(1.0, (step + 1) / WARM_STEPS), step / steps
        for group in optimizer.param_groups:
            group["lr"] = RATE * warm * (0.5 + 0.5 * float(np.cos(np.pi * share)))
        batch = feed.batch(BATCH)
        loss = _loss(network, batch, weights)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimizer.step()
        if step % 50 == 0:
            log.info("%s step %d loss %.3f", recipe.name, step, float(loss.detach()))
    return network.eval()


def cell_weights(cases: list[Case]) -> torch.Tensor:
    """Return the weight of a cell of each finding, (findings, 1, 1, 1)."""
    shares = np.mean([case.maps.mean(axis=(1, 2, 3)) for case in cases], axis=0)
    weights = np.clip(1 / np.sqrt(np.maximum(shares, 1e-9)), LEAST_CELL_WEIGHT, MOST_CELL_WEIGHT)
    return torch.from_numpy(weights.astype(np.float32))[:, None, None, None]


def export(network: FindingNetwork, recipe: RegionRecipe, path: Path) -> None:
    """Write a network as ONNX, opset 17, one cube at a time."""
    example = torch.zeros((1, len(recipe.channels), *recipe.shape_zyx))
    with warnings.catch_warnings():
        # The tracing exporter suits a plain convolutional network and needs no further part.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network.eval(),
            (example,),
            str(path),
            opset_version=17,
            input_names=["cube"],
            output_names=["known", "presence", "sides", "maps"],
            dynamo=False,
        )


def main() -> None:
    """Train, calibrate and export one network from the command line."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=Path)
    parser.add_argument("region", choices=sorted(RECIPES))
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=800)
    parser.add_argument("--go-on", action="store_true", help="start from the network in OUT")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    recipe = RECIPES[arguments.region]
    files = kept_seeds(arguments.cases, recipe.name, is_unseen=False)
    held = max(1, len(files) // 10)
    cases = [read_case(file) for file in files]
    others = other_regions(arguments.cases, recipe)
    arguments.out.mkdir(parents=True, exist_ok=True)
    weights = arguments.out / f"{recipe.name}.pt"
    start = torch.load(weights, weights_only=True) if arguments.go_on else None
    network = train(recipe, cases[:-held], others, steps=arguments.steps, start=start)
    torch.save(network.state_dict(), weights)
    export(network, recipe, arguments.out / f"{recipe.name}.onnx")
    feed = CaseFeed(recipe, cases[-held:], others, np.random.default_rng(SEED + 1))
    found = calibrate(network, recipe, [feed.batch(BATCH) for _ in range(24)])
    write_calibration(found, arguments.out / f"{recipe.name}.json")


def write_calibration(found: Calibration, path: Path) -> None:
    """Write what calibration found beside the network."""
    rows = [
        {"scale": head.scale, "shift": head.shift, "ask": head.ask, "say": head.say}
        for head in found.heads
    ]
    table = {"known_from": found.known_from, "heads": rows}
    path.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


def _loss(network: FindingNetwork, batch: Batch, weights: torch.Tensor) -> torch.Tensor:
    known, presence, sides, maps = network(batch.cube)
    bce = nn.functional.binary_cross_entropy_with_logits
    is_own = batch.known > 0.5
    total = KNOWN_WEIGHT * bce(known[:, 0], batch.known)
    total = total + _masked(presence, batch.presence)
    total = total + SIDE_WEIGHT * _masked(sides, batch.sides)
    learned = (batch.presence != IGNORE)[:, :, None, None, None].float()
    cells = bce(
        maps,
        batch.maps,
        reduction="none",
        pos_weight=weights,
    )
    weight = learned * (1 + is_own.float())[:, None, None, None, None]
    return total + MAP_WEIGHT * (cells * weight).mean()


def _masked(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return the mean loss where there is a label."""
    learned = (labels != IGNORE).float()
    losses = nn.functional.binary_cross_entropy_with_logits(
        logits, labels.clamp(min=0), reduction="none"
    )
    return (losses * learned).sum() / learned.sum().clamp(min=1)


if __name__ == "__main__":
    main()
