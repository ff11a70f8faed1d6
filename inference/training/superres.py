"""The recipe of the packs ``superres-mr`` and ``superres-ct`` (through-plane x2).

    python -m inference.training.superres --modality MR --data FOLDER --out FOLDER

Any axis of a volume that is finely sampled can stand for the through-plane one: consecutive planes
along it are averaged in pairs (box slice profile) and the network has to take the pairs apart.
Volumes with thick slices are first made even by B-splines and serve along their in-plane axes.
Patients held out: cases.HELD_OUT and, for MR, s03; for CT the upper half of s01 and s02.
Needs torch (the extra ``vlm``).
"""

from __future__ import annotations

import argparse
import logging
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import SimpleITK
import torch
from numpy.typing import NDArray
from torch import Tensor

from inference.training import cases, simulate
from inference.training.denoise import average_into
from inference.training.networks import SuperResolveNet

LOG = logging.getLogger(__name__)

PATCH_PX = 64
"""Edge of a training patch: five times the receptive field of 13 px."""

BATCH = 16
"""Patches per step."""

NEIGHBOURS = 5
"""Slices the network sees."""

THICKNESSES = (1, 1, 2, 3)
"""Planes averaged into one fine slice; thin targets are drawn twice as often as thick ones."""

EVEN_RATIO = 1.3
"""Spacing of the coarsest over the finest axis up to which a volume serves along all axes."""

CT_UNIT_HU = 100.0
"""HU that become one inside the network."""


@dataclass(frozen=True, slots=True)
class SuperResolveRecipe:
    """What decides the weights, beside the data."""

    steps: int = 8000
    seconds: float = 560.0
    width: int = 32
    seed: int = 21


DEFAULTS = SuperResolveRecipe()
"""The recipe of the embedded packs."""


class SuperResolveBatches:
    """Draws training batches. Owned by the training loop.

    Args:
        stacks: volumes whose first axis stands for the through-plane one, in network units.
        seed: of every draw.
    """

    def __init__(self, stacks: list[NDArray[np.float32]], seed: int) -> None:
        self._stacks = stacks
        self._random = np.random.default_rng(seed)

    def draw(self, count: int, size: int) -> tuple[Tensor, Tensor]:
        """Return coarse neighbours (n, 5, h, w) and the two fine slices (n, 2, h, w)."""
        parts = [self._one(size) for _ in range(count)]
        coarse, fine = (torch.stack(items) for items in zip(*parts, strict=True))
        return coarse, fine

    def _one(self, size: int) -> tuple[Tensor, Tensor]:
        random = self._random
        for _ in range(20):
            block = self._block(size)
            if block[NEIGHBOURS - 1 : NEIGHBOURS + 1].std() > 0.04 or random.random() < 0.05:
                break
        fine = torch.from_numpy(block)
        if random.random() < 0.5:
            fine = fine.flip(0)
        fine = simulate.orient(fine, int(random.integers(8)))
        coarse = fine.reshape(NEIGHBOURS, 2, size, size).mean(dim=1)
        return coarse, fine[NEIGHBOURS - 1 : NEIGHBOURS + 1]

    def _block(self, size: int) -> NDArray[np.float32]:
        """Return (10, size, size): five pairs of fine slices."""
        random = self._random
        stack = self._stacks[random.integers(len(self._stacks))]
        fitting = [t for t in THICKNESSES if t * 2 * NEIGHBOURS <= stack.shape[0]]
        thickness = int(random.choice(fitting))
        planes = thickness * 2 * NEIGHBOURS
        k = int(random.integers(0, stack.shape[0] - planes + 1))
        row = int(random.integers(0, stack.shape[1] - size + 1))
        column = int(random.integers(0, stack.shape[2] - size + 1))
        block = stack[k : k + planes, row : row + size, column : column + size]
        return block.reshape(2 * NEIGHBOURS, thickness, size, size).mean(axis=1)


def train(
    batches: SuperResolveBatches,
    recipe: SuperResolveRecipe,
    *,
    count: int = BATCH,
    size: int = PATCH_PX,
) -> SuperResolveNet:
    """Return the averaged weights after training; logs the loss beside that of plain repetition."""
    torch.manual_seed(recipe.seed)
    network = SuperResolveNet(width=recipe.width).to(memory_format=torch.channels_last)
    average = SuperResolveNet(width=recipe.width)
    average.load_state_dict(network.state_dict())
    optimizer = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=1e-4)
    started, shown = time.monotonic(), np.zeros(2)
    for step in range(recipe.steps):
        done = max(step / recipe.steps, (time.monotonic() - started) / recipe.seconds)
        if done >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = (
                2e-3 * min(1.0, (step + 1) / 100) * (0.5 * (1 + np.cos(np.pi * done)) + 0.005)
            )
        coarse, fine = batches.draw(count, size)
        with torch.autocast("cpu", torch.bfloat16, enabled=done < 0.8):
            result = network(coarse.contiguous(memory_format=torch.channels_last))
        loss = (result - fine).abs().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        average_into(average, network, step)
        repeated = (coarse[:, 2:3] - fine).abs().mean()
        shown = shown * 0.98 + 0.02 * np.array([loss.item(), repeated.item()])
        if step % 250 == 0:
            LOG.info(
                "step %d %.0f s loss %.4f repeat %.4f", step, time.monotonic() - started, *shown
            )
    return average.eval()


def stacks_of(case: cases.Case, *, unit: float) -> list[NDArray[np.float32]]:
    """Return the case along each axis that is finely sampled, divided by ``unit``."""
    voxels = case.voxels / np.float32(unit)
    spacing = case.spacing_kji_mm
    if max(spacing) <= EVEN_RATIO * min(spacing):
        return [np.ascontiguousarray(np.moveaxis(voxels, axis, 0)) for axis in range(3)]
    even = _even(voxels, spacing)
    return [np.ascontiguousarray(np.moveaxis(even, axis, 0)) for axis in (1, 2)]


def _even(
    voxels: NDArray[np.float32], spacing_kji_mm: tuple[float, float, float]
) -> NDArray[np.float32]:
    """Return the volume resampled along k to its in-plane spacing."""
    image = SimpleITK.GetImageFromArray(voxels)
    image.SetSpacing((spacing_kji_mm[2], spacing_kji_mm[1], spacing_kji_mm[0]))
    size = list(image.GetSize())
    fine = min(spacing_kji_mm)
    size[2] = int((size[2] - 1) * spacing_kji_mm[0] / fine) + 1
    spacing = (spacing_kji_mm[2], spacing_kji_mm[1], fine)
    resampled = SimpleITK.Resample(
        image,
        size,
        SimpleITK.Transform(),
        SimpleITK.sitkBSpline,
        image.GetOrigin(),
        spacing,
        image.GetDirection(),
    )
    return SimpleITK.GetArrayFromImage(resampled)


def training_stacks(data: Path, modality: str, size: int) -> list[NDArray[np.float32]]:
    """Return every stack of the modality that is large enough for a patch."""
    if modality == "CT":
        found = [
            stack for c in cases.ct_thin_training(data) for stack in stacks_of(c, unit=CT_UNIT_HU)
        ]
    else:
        found = [stack for c in cases.mr_training(data) for stack in stacks_of(c, unit=1.0)]
    return [s for s in found if min(s.shape[1:]) >= size and s.shape[0] >= 2 * NEIGHBOURS]


def main() -> None:
    """Train with the arguments of the command line and write the checkpoint."""
    parser = argparse.ArgumentParser(description="Train a through-plane super-resolver.")
    parser.add_argument("--modality", choices=("CT", "MR"), required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=DEFAULTS.steps)
    parser.add_argument("--seconds", type=float, default=DEFAULTS.seconds)
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(1)
    asked.out.mkdir(parents=True, exist_ok=True)
    stacks = training_stacks(asked.data, asked.modality, PATCH_PX)
    LOG.info("%d stacks", len(stacks))
    recipe = SuperResolveRecipe(steps=asked.steps, seconds=asked.seconds)
    network = train(SuperResolveBatches(stacks, recipe.seed), recipe)
    torch.save(network.state_dict(), asked.out / f"superres-{asked.modality.lower()}.pt")


if __name__ == "__main__":
    main()
