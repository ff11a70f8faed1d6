"""Batches for training a finding network: kept cases varied, and foreign cubes between them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from inference.training.findings_cache import kept_seeds, read_case
from inference.training.findings_cases import Case
from inference.training.findings_negatives import FOREIGN_KINDS, SPOILS, as_signal, foreign, spoiled
from inference.training.findings_recipes import RECIPES
from inference.training.findings_regions import RegionRecipe
from inference.vlm.heads import network_input
from inference.vlm.image import Cube, Sampled

FOREIGN_SHARE = 1 / 3
"""Share of a batch that is no cube of the region."""

Row = tuple[NDArray[np.float32], float, NDArray[np.int8], NDArray[np.int8], NDArray[np.uint8]]
"""One cube with its labels: input, known, presence, sides, maps."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Tensors of one step; labels IGNORE where nothing is learned."""

    cube: torch.Tensor
    known: torch.Tensor
    presence: torch.Tensor
    sides: torch.Tensor
    maps: torch.Tensor


class CaseFeed:
    """Makes batches from kept cases. One thread.

    Args:
        recipe: of the region.
        cases: the training cases.
        others: cubes in HU of other regions, shown as foreign; may be empty.
        rng: source of chance.
    """

    def __init__(
        self,
        recipe: RegionRecipe,
        cases: list[Case],
        others: list[NDArray[np.float32]],
        rng: np.random.Generator,
    ) -> None:
        self._recipe = recipe
        self._cases = cases
        self._others = others
        self._rng = rng

    def batch(self, size: int) -> Batch:
        """Return a batch; a third of it is foreign."""
        strange = round(size * FOREIGN_SHARE)
        rows = [self._own() for _ in range(size - strange)]
        rows += [self._foreign() for _ in range(strange)]
        cubes, known, presence, sides, maps = zip(*rows, strict=True)
        return Batch(
            torch.from_numpy(np.concatenate(cubes)),
            torch.tensor(known, dtype=torch.float32),
            torch.from_numpy(np.stack(presence)).float(),
            torch.from_numpy(np.stack(sides)).float(),
            torch.from_numpy(np.stack(maps)).float(),
        )

    def _own(self) -> Row:
        case = self._cases[int(self._rng.integers(len(self._cases)))]
        seen = varied(as_sampled(case, self._recipe), self._recipe, self._rng)
        cube = self._input(seen)
        sides, presence = case.sides, case.presence
        # What is there in a normal amount (fluid in ventricles) is no finding to be shown.
        maps = case.maps * (presence == 1)[:, None, None, None].astype(np.uint8)
        if self._recipe.is_head and self._rng.random() < 0.5:
            cube, maps, sides = (
                cube[..., ::-1].copy(),
                maps[..., ::-1].copy(),
                sides[:, ::-1].copy(),
            )
        return cube, 1.0, presence, sides, maps

    def _input(self, seen: Sampled) -> NDArray[np.float32]:
        is_ct = self._recipe.modality == "CT"
        return network_input(seen, self._recipe.channels, is_ct=is_ct)

    def _foreign(self) -> Row:
        recipe = self._recipe
        count = len(recipe.findings)
        cells = tuple(size // 4 for size in recipe.shape_zyx)
        cube = self._input(self._strange())
        none = np.zeros(count, dtype=np.int8)
        return cube, 0.0, none, np.zeros((count, 2), np.int8), np.zeros((count, *cells), np.uint8)

    def _strange(self) -> Sampled:
        recipe, rng = self._recipe, self._rng
        chance = rng.random()
        if chance < 0.45:
            case = self._cases[int(rng.integers(len(self._cases)))]
            mean = spoiled(case.mean.astype(np.float32), str(rng.choice(SPOILS)), rng)
        elif chance < 0.65 and self._others:
            mean = self._others[int(rng.integers(len(self._others)))]
            mean = as_signal(mean, rng) if recipe.modality == "MR" else mean
        else:
            mean = foreign(str(rng.choice(list(FOREIGN_KINDS))), recipe.shape_zyx, rng)
            mean = as_signal(mean, rng) if recipe.modality == "MR" else mean
        cube = Cube(recipe.shape_zyx, recipe.spacing_mm, (0.0, 0.0, 0.0))
        return Sampled(cube, mean, mean, np.ones(mean.shape, dtype=np.bool_))


def as_sampled(case: Case, recipe: RegionRecipe) -> Sampled:
    """Return a kept case as what the network's input is made from."""
    mean = case.mean.astype(np.float32)
    peak = case.peak.astype(np.float32) if case.peak.size else mean
    cube = Cube(recipe.shape_zyx, recipe.spacing_mm, (0.0, 0.0, 0.0))
    return Sampled(cube, mean, peak, case.inside)


def varied(seen: Sampled, recipe: RegionRecipe, rng: np.random.Generator) -> Sampled:
    """Return a cube as another scanner might have given it: level, noise, ends, shift."""
    mean, peak = seen.mean, seen.peak
    if recipe.modality == "MR":
        mean = _bent(mean, rng)
        peak = mean
    else:
        level = float(rng.normal(0, 8))
        noise = rng.standard_normal(mean.shape, dtype=np.float32) * np.float32(rng.uniform(0, 14))
        mean = mean * np.float32(rng.uniform(0.97, 1.03)) + np.float32(level) + noise
        peak = np.maximum(peak + np.float32(level) + noise, mean)
    if rng.random() < 0.35:
        mean, peak = _ends_cut(mean, peak, rng, fill=0.0 if recipe.modality == "MR" else -1024.0)
    return Sampled(seen.cube, mean, peak, seen.inside)


def other_regions(folder: Path, recipe: RegionRecipe) -> list[NDArray[np.float32]]:
    """Return cubes in HU of the other CT regions, cut or filled to this one's shape."""
    cubes = []
    for name, other in RECIPES.items():
        if other.region == recipe.region or other.modality != "CT":
            continue
        files = kept_seeds(folder, name, is_unseen=False)[:80]
        means = (read_case(file).mean.astype(np.float32) for file in files)
        cubes += [_reshaped(mean, recipe.shape_zyx) for mean in means]
    return cubes


def _reshaped(cube: NDArray[np.float32], shape: tuple[int, int, int]) -> NDArray[np.float32]:
    out = np.full(shape, -1000, dtype=np.float32)
    take = [min(a, b) for a, b in zip(cube.shape, shape, strict=True)]
    source = tuple(
        slice((a - n) // 2, (a - n) // 2 + n) for a, n in zip(cube.shape, take, strict=True)
    )
    target = tuple(slice((b - n) // 2, (b - n) // 2 + n) for b, n in zip(shape, take, strict=True))
    out[target] = cube[source]
    return out


def _bent(mean: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Return MR signal with another gamma, coil shading and noise."""
    top = max(float(np.percentile(mean, 99.5)), 1e-6)
    scaled = np.clip(mean / top, 0, 2) ** np.float32(rng.uniform(0.85, 1.2))
    for axis, size in enumerate(mean.shape):
        slope = np.linspace(-1, 1, size, dtype=np.float32) * np.float32(rng.uniform(-0.15, 0.15))
        scaled = scaled * (1 + slope.reshape([-1 if n == axis else 1 for n in range(3)]))
    noise = rng.standard_normal(mean.shape, dtype=np.float32) * np.float32(rng.uniform(0, 0.04))
    bent: NDArray[np.float32] = np.abs(scaled + noise).astype(np.float32)
    return bent


def _ends_cut(
    mean: NDArray[np.float32], peak: NDArray[np.float32], rng: np.random.Generator, *, fill: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return a cube whose scan ends a little earlier below or above."""
    mean, peak = mean.copy(), peak.copy()
    low = int(mean.shape[0] * rng.uniform(0, 0.15))
    high = mean.shape[0] - int(mean.shape[0] * rng.uniform(0, 0.08))
    for cube in (mean, peak):
        cube[:low] = fill
        cube[high:] = fill
    return mean, peak
