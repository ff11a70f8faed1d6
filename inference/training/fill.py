"""The recipe of the packs ``fill-ct`` and ``fill-mr``: missing slices and rows are proposed.

    python -m inference.training.fill --modality MR --data FOLDER --out FOLDER

Slices of real volumes are hidden, one or two in a row, or bands and blocks of them, and the
network has to give them back; of MR also from noisy and from resampled ones (``fill_scans``).
Which weights a pack's last run went on from is in its card (``--start``). Patients held out:
cases.HELD_OUT, for MR s03, for CT the upper half of s01 and s02. Needs torch (the extra ``vlm``).
"""

from __future__ import annotations

import argparse
import logging
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor

from inference.training import cases, fill_scans, simulate
from inference.training.fill_network import NEIGHBOURS, FillNet, compressed
from inference.training.loop import Rate, average_into
from inference.training.superres_batches import stacks_of

LOG = logging.getLogger(__name__)

PATCH_PX = 64
"""Edge of a training patch, a multiple of four."""

BATCH = 16
"""Patches per step."""

RATE = Rate(2e-3, warm_steps=100, least=0.005)

THICKNESSES = (1, 2, 3, 5)
"""Planes of a finely sampled volume that are averaged into one slice."""

FINE_MM = 1.5
"""Volumes with slices closer than this are averaged to thicker slices as well."""

CT_UNIT_HU = 100.0
"""HU that become one inside the network."""

HAS_CURVE = {"CT": False, "MR": True}
"""Which of the two goes beyond linear interpolation: noise of CT would be made larger."""

EDGE_SHARE = 0.3
"""Weight of the differences between neighboring pixels in the loss: a mean of two slices that are
not alike is right on average and blurred."""

Stack: TypeAlias = tuple[NDArray[np.floating[Any]], tuple[int, ...]]
"""A volume whose first axis runs through the planes, and the thicknesses it may be averaged to."""


@dataclass(frozen=True, slots=True)
class FillRecipe:
    """What decides the weights, beside the data and the weights it goes on from.

    Attributes:
        steps: after which it ends; the rate falls to its least until then.
        seconds: after which it ends all the same, the rate falling faster: what comes of it then
            depends on how busy the machine is. Infinite: the same steps on any machine.
        seed: of all draws.
    """

    steps: int = 12000
    seconds: float = 840.0
    seed: int = 31


RECIPES = {"CT": FillRecipe(), "MR": FillRecipe(steps=1500, seconds=math.inf)}
"""The last run of each embedded pack. That of CT was ended by its time; that of MR went on from the
weights that its card names."""


class FillBatches:
    """Draws training batches. Owned by the training loop.

    Args:
        stacks: volumes in network units.
        seed: of every draw.
        is_mr: whether noise is added to some and some are resampled along their slices.
    """

    def __init__(self, stacks: list[Stack], seed: int, *, is_mr: bool = False) -> None:
        self._stacks = stacks
        self._random = np.random.default_rng(seed)
        self._is_mr = is_mr

    def draw(self, count: int, size: int) -> tuple[Tensor, Tensor, Tensor]:
        """Return slices as given and as wanted, and where they are hidden, all (n, 5, h, w)."""
        parts = [self._one(size) for _ in range(count)]
        given, wanted, missing = (torch.stack(items) for items in zip(*parts, strict=True))
        return given, wanted, missing

    def _one(self, size: int) -> tuple[Tensor, Tensor, Tensor]:
        random = self._random
        for _ in range(20):
            given, wanted = self._pair(size)
            if wanted[NEIGHBOURS // 2].std() > 0.04 or random.random() < 0.05:
                break
        both = torch.from_numpy(np.stack([given, wanted]))
        if random.random() < 0.5:
            both = both.flip(1)
        both = simulate.orient(both.flatten(0, 1), int(random.integers(8))).unflatten(0, (2, -1))
        return both[0], both[1], torch.from_numpy(hidden(random, size))

    def _pair(self, size: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        random = self._random
        if not self._is_mr:
            block = self._block(size, NEIGHBOURS)
            return block, block
        weights = np.eye(NEIGHBOURS)
        if random.random() < fill_scans.RESAMPLED_SHARE:
            weights = fill_scans.resampling(random, NEIGHBOURS)
        block = self._block(size, weights.shape[1])
        if len(block) < weights.shape[1]:
            weights = np.eye(NEIGHBOURS)
        given = wanted = block
        if random.random() < fill_scans.NOISY_SHARE:
            given, wanted = fill_scans.noisy(random, block)
        mixed = np.tensordot(weights, np.stack([given, wanted]), axes=(1, 1)).astype(np.float32)
        return mixed[:, 0], mixed[:, 1]

    def _block(self, size: int, count: int) -> NDArray[np.float32]:
        """Return so many slices, or five of a stack that has fewer."""
        random = self._random
        stack, thicknesses = self._stacks[random.integers(len(self._stacks))]
        fitting = [t for t in thicknesses if t * count <= stack.shape[0]]
        if not fitting:
            count = NEIGHBOURS
            fitting = [t for t in thicknesses if t * count <= stack.shape[0]]
        thickness = int(random.choice(fitting))
        planes = thickness * count
        k = int(random.integers(0, stack.shape[0] - planes + 1))
        row = int(random.integers(0, stack.shape[1] - size + 1))
        column = int(random.integers(0, stack.shape[2] - size + 1))
        block = stack[k : k + planes, row : row + size, column : column + size].astype(np.float32)
        return block.reshape(count, thickness, size, size).mean(axis=1)


def hidden(random: np.random.Generator, size: int) -> NDArray[np.float32]:
    """Return where five slices are hidden, (5, size, size): the middle one wholly or in parts.

    One slice in 45 of 100 draws, two in a row in 30, else a band or a block, at times through two
    slices. The outermost slices are missing at times, as at the ends of a series.
    """
    middle = NEIGHBOURS // 2
    missing = np.zeros((NEIGHBOURS, size, size), np.float32)
    kind = random.random()
    beside = middle + int(random.choice((-1, 1)))
    if kind < 0.75:
        missing[middle] = 1
        if kind >= 0.45:
            missing[beside] = 1
    else:
        rows = _run(random, size, size // 2)
        columns = slice(0, size) if random.random() < 0.6 else _run(random, size, size)
        missing[middle, rows, columns] = 1
        if random.random() < 0.3:
            missing[beside, rows, columns] = 1
    if random.random() < 0.15:
        missing[0 if beside > middle else NEIGHBOURS - 1] = 1
    return missing


def _run(random: np.random.Generator, size: int, longest: int) -> slice:
    length = int(random.integers(1, longest))
    start = int(random.integers(0, size - length + 1))
    return slice(start, start + length)


def train(
    batches: FillBatches,
    recipe: FillRecipe,
    *,
    has_curve: bool = False,
    start: Mapping[str, Tensor] | None = None,
    count: int = BATCH,
    size: int = PATCH_PX,
) -> FillNet:
    """Return the averaged weights after training; logs the loss beside that of linear.

    Args:
        batches: what is learnt from.
        recipe: how long, and the seed.
        has_curve: see FillNet.
        start: weights to go on from, of a network with or without a curve; None for fresh ones.
        count: patches per step.
        size: their edge.
    """
    torch.manual_seed(recipe.seed)
    network = FillNet(has_curve=has_curve)
    if start is not None:
        network.load_state_dict(_fitted(start, network))
    network = network.to(memory_format=torch.channels_last)
    average, linear = FillNet(has_curve=has_curve), FillNet().eval()
    average.load_state_dict(network.state_dict())
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE.largest, weight_decay=1e-4)
    started, shown = time.monotonic(), np.zeros(2)
    for step in range(recipe.steps):
        done = max(step / recipe.steps, (time.monotonic() - started) / recipe.seconds)
        if done >= 1:
            break
        RATE.set(optimizer, step, done)
        scanned, slices, missing = batches.draw(count, size)
        given = (scanned * (1 - missing)).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16, enabled=done < 0.8):
            result = network(given, missing)
        error, plain = _loss(result, slices, missing)
        optimizer.zero_grad()
        (plain + EDGE_SHARE * error).backward()
        optimizer.step()
        average_into(average, network, step)
        if step % 250 == 0:
            with torch.no_grad():
                _, before = _loss(linear(given, missing), slices, missing)
            now = np.array([plain.item(), before.item()])
            shown = now if step == 0 else shown * 0.7 + 0.3 * now
            LOG.info(
                "step %d %.0f s loss %.4f linear %.4f", step, time.monotonic() - started, *shown
            )
    return average.eval()


def weights_of(path: Path) -> dict[str, Tensor]:
    """Return the weights of a checkpoint, or of the model of a pack: the export keeps the names."""
    if path.suffix != ".onnx":
        found: dict[str, Tensor] = torch.load(path, weights_only=True)
        return found
    names = FillNet().state_dict()
    graph = onnx.load(str(path)).graph
    arrays = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    return {name: torch.from_numpy(arrays[name].copy()) for name in names}


def _fitted(weights: Mapping[str, Tensor], network: FillNet) -> dict[str, Tensor]:
    """Return weights for a network; where its head gives more, the further outputs begin at 0."""
    wanted = network.state_dict()
    fitted = {name: torch.zeros_like(wanted[name]) for name in wanted}
    for name, value in weights.items():
        fitted[name][: len(value)] = value
    return fitted


def _loss(result: Tensor, slices: Tensor, missing: Tensor) -> tuple[Tensor, Tensor]:
    """Return mean |error| of differences and of values, over the missing pixels of the middle."""
    middle = slice(NEIGHBOURS // 2, NEIGHBOURS // 2 + 1)
    lost, weight = missing[:, middle], missing[:, middle].sum()
    # Both as it is and compressed, where half of all is what differs between soft tissues.
    plain = (result - slices[:, middle]) * lost
    error = (plain + (compressed(result) - compressed(slices[:, middle])) * lost) / 2
    across = (error[..., 1:] - error[..., :-1]).abs().sum()
    down = (error[..., 1:, :] - error[..., :-1, :]).abs().sum()
    return (across + down) / weight, error.abs().sum() / weight


def training_stacks(data: Path, modality: str, size: int) -> list[Stack]:
    """Return every stack of the modality that is large enough for a patch."""
    if modality == "CT":
        unit, fine = CT_UNIT_HU, cases.ct_thin_training(data)
        thick = [c for c in cases.ct_training(data) if c.name.startswith(("s15", "s16", "s23/ex"))]
    else:
        unit, fine = 1.0, cases.mr_training(data)
        thick = [c for c in cases.mr_denoise_training(data) if not c.name.endswith("/half")]
    found: list[Stack] = [
        (stack, THICKNESSES) for case in fine for stack in stacks_of(case, unit=unit)
    ]
    for case in thick:
        thicknesses = THICKNESSES if case.spacing_kji_mm[0] < FINE_MM else (1,)
        found.append((case.voxels / np.float32(unit), thicknesses))
    return [s for s in found if min(s[0].shape[1:]) >= size and s[0].shape[0] >= NEIGHBOURS]


def main() -> None:
    """Train with the arguments of the command line and write the checkpoint."""
    parser = argparse.ArgumentParser(description="Train a proposer of missing slices.")
    parser.add_argument("--modality", choices=("CT", "MR"), required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--start", type=Path, help="a checkpoint or a model.onnx to go on from")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(1)
    asked.out.mkdir(parents=True, exist_ok=True)
    stacks = training_stacks(asked.data, asked.modality, PATCH_PX)
    LOG.info("%d stacks", len(stacks))
    recipe = RECIPES[asked.modality]
    recipe = replace(
        recipe,
        steps=recipe.steps if asked.steps is None else asked.steps,
        seconds=recipe.seconds if asked.seconds is None else asked.seconds,
    )
    batches = FillBatches(stacks, recipe.seed, is_mr=asked.modality == "MR")
    start = None if asked.start is None else weights_of(asked.start)
    network = train(batches, recipe, has_curve=HAS_CURVE[asked.modality], start=start)
    torch.save(network.state_dict(), asked.out / f"fill-{asked.modality.lower()}.pt")


if __name__ == "__main__":
    main()
