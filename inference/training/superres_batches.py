"""What the super-resolvers are trained on: finely sampled volumes, scanned again more coarsely.

Through-plane: any axis of a volume that is finely sampled can stand for the slice normal. Planes
along it are the sub-planes under a slice profile of random width and shape; the truth is the means
over the two halves of the slice spacing. In-plane: the truth is a slice, the input its 2 x 2 means.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import SimpleITK
import torch
from numpy.typing import NDArray
from torch import Tensor

from inference.ops.slice_profile import cell_weights
from inference.training import cases, simulate

HALF_PLANES = (1, 1, 2, 2, 3, 4)
"""Planes averaged into one half of a slice spacing; thin ones are drawn more often."""

RATIOS = (0.5, 1.55)
"""Slice thickness over spacing that is drawn where there are sub-planes to show it."""

PLAIN_PART = 0.4
"""Part of the draws with slices that touch and a box profile: what most series are told to have."""

BOX_PART = 0.5
"""Part of the other draws with a box; the rest is a Gaussian or a blend."""

SMOOTH_PART = 0.35
"""Part of the in-plane draws that are blurred first: kernels softer than the pixel grid."""

SMOOTH_PX = 1.4
"""Largest standard deviation of that blur, in pixels of the truth."""

EVEN_RATIO = 1.3
"""Spacing of the coarsest over the finest axis up to which a volume serves along all axes."""

LEAST_CONTRAST = 0.04
"""Deviation of a patch, in network units, under which it is mostly drawn again: it is empty."""

CT_UNIT_HU = 100.0
"""HU that become one in training."""

MR_UNIT = 1.0
"""99th percentiles that become one in training."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Inputs and truth of one step: (n, neighbours, h, w), (n, 2) or None, (n, children, h, w)."""

    slices: Tensor
    profile: Tensor | None
    children: Tensor


@dataclass(frozen=True, slots=True)
class SliceProfile:
    """Thickness over spacing, and 0 for a box to 1 for a Gaussian."""

    ratio: float = 1.0
    shape: float = 0.0


TOUCHING = SliceProfile()


@dataclass(slots=True)
class ThroughPlaneBatches:
    """Draws slices under random profiles. Owned by the training loop.

    Attributes:
        stacks: volumes whose first axis stands for the slice normal, in network units, float16.
        seed: of every draw.
        neighbours: slices the network sees.
    """

    stacks: list[NDArray[np.float16]]
    seed: int
    neighbours: int = 5
    _random: np.random.Generator = field(init=False)

    def draw(self, step: int, count: int, size: int) -> Batch:
        """Return the ``count`` patches of a step, with an edge of ``size`` pixels."""
        self._random = np.random.default_rng((self.seed, step))
        parts = [self._one(size) for _ in range(count)]
        profile = torch.tensor([[p.ratio, p.shape] for _, p, _ in parts])
        return Batch(
            torch.stack([slices for slices, _, _ in parts]),
            profile,
            torch.stack([children for _, _, children in parts]),
        )

    def _one(self, size: int) -> tuple[Tensor, SliceProfile, Tensor]:
        random = self._random
        stack, planes = self._place()
        for _ in range(20):
            first = int(random.integers(0, stack.shape[0] - 2 * planes * self.neighbours + 1))
            row = int(random.integers(0, stack.shape[1] - size + 1))
            column = int(random.integers(0, stack.shape[2] - size + 1))
            block = stack[:, row : row + size, column : column + size]
            # A few points of the middle tell an empty place before it is scanned.
            seen = block[first + planes * self.neighbours, ::4, ::4].astype(np.float32)
            if seen.std() > LEAST_CONTRAST or random.random() < 0.05:
                break
        profile = self._profile(planes)
        found = scanned(block, first, planes, profile, self.neighbours)
        fine = simulate.orient(torch.from_numpy(found), int(random.integers(8)))
        slices, children = fine[: self.neighbours], fine[self.neighbours :]
        if random.random() < 0.5:
            slices, children = slices.flip(0), children.flip(0)
        return slices, profile, children

    def _place(self) -> tuple[NDArray[np.float16], int]:
        """Return a stack and the planes per half spacing, which it has enough of."""
        stack = self.stacks[self._random.integers(len(self.stacks))]
        fitting = [n for n in HALF_PLANES if 2 * n * self.neighbours <= stack.shape[0]]
        return stack, int(self._random.choice(fitting))

    def _profile(self, planes: int) -> SliceProfile:
        random = self._random
        if random.random() < PLAIN_PART:
            return TOUCHING
        kind = random.random()
        shape = 0.0 if kind < BOX_PART else 1.0 if kind < 0.85 else float(random.random())
        # A single plane per half cannot show what lies within it: a gap looks like none.
        low = 1.0 if planes == 1 else RATIOS[0]
        return SliceProfile(float(random.uniform(low, RATIOS[1])), shape)


def scanned(
    block: NDArray[np.float16], first: int, planes: int, profile: SliceProfile, neighbours: int
) -> NDArray[np.float32]:
    """Return the neighbours and the two halves of the middle one, (neighbours + 2, h, w).

    Args:
        block: sub-planes (k, h, w).
        first: sub-plane at which the cells of the first neighbour begin.
        planes: sub-planes per half of the slice spacing.
        profile: of the slices.
        neighbours: how many slices.
    """
    weights = scan_weights(planes, profile, neighbours)
    reach = (weights.shape[1] - 2 * planes * neighbours) // 2
    start = first - reach
    used = np.clip(np.arange(start, start + weights.shape[1]), 0, block.shape[0] - 1)
    flat = block[used].astype(np.float32).reshape(len(used), -1)
    return (weights @ flat).reshape(-1, *block.shape[1:])


def scan_weights(planes: int, profile: SliceProfile, neighbours: int) -> NDArray[np.float32]:
    """Return what takes sub-planes to slices and to the two halves of the middle one.

    (neighbours + 2, sub-planes): the sub-planes begin as far before the first slice's cells as the
    profile reaches, the same number after the last.
    """
    weights = cell_weights(profile.ratio, profile.shape, 2 * planes)
    reach = max(len(weights) // 2 - planes, 0)
    total = np.zeros((neighbours + 2, 2 * planes * neighbours + 2 * reach), np.float32)
    for k in range(neighbours):
        middle = reach + planes * (2 * k + 1)
        total[k, middle - len(weights) // 2 : middle + len(weights) // 2] = weights
    middle = reach + planes * neighbours
    total[neighbours, middle - planes : middle] = 1 / planes
    total[neighbours + 1, middle : middle + planes] = 1 / planes
    return total


@dataclass(slots=True)
class InPlaneBatches:
    """Draws slices and their 2 x 2 means. Owned by the training loop.

    Attributes:
        stacks: volumes whose first axis is the slice normal, in network units, float16.
        seed: of every draw.
        neighbours: slices the network sees.
    """

    stacks: list[NDArray[np.float16]]
    seed: int
    neighbours: int = 3
    _random: np.random.Generator = field(init=False)

    def draw(self, step: int, count: int, size: int) -> Batch:
        """Return the ``count`` patches of a step, whose inputs have an edge of ``size`` pixels."""
        self._random = np.random.default_rng((self.seed, step))
        fine = torch.stack([self._one(2 * size) for _ in range(count)])
        if self._random.random() < SMOOTH_PART:
            width = float(self._random.uniform(0.3, SMOOTH_PX))
            fine = simulate.blur(fine.flatten(0, 1), width).reshape(fine.shape)
        blocks = fine.reshape(count, self.neighbours, size, 2, size, 2)
        middle = blocks[:, self.neighbours // 2]
        children = middle.permute(0, 2, 4, 1, 3).reshape(count, 4, size, size)
        return Batch(blocks.mean(dim=(3, 5)), None, children)

    def _one(self, size: int) -> Tensor:
        random, half = self._random, self.neighbours // 2
        for _ in range(20):
            stack = self.stacks[random.integers(len(self.stacks))]
            k = int(random.integers(0, stack.shape[0]))
            row = int(random.integers(0, stack.shape[1] - size + 1))
            column = int(random.integers(0, stack.shape[2] - size + 1))
            near = np.clip(np.arange(k - half, k + half + 1), 0, stack.shape[0] - 1)
            block = stack[near, row : row + size, column : column + size].astype(np.float32)
            if block[half].std() > LEAST_CONTRAST or random.random() < 0.05:
                break
        block = block[::-1].copy() if random.random() < 0.5 else block
        return simulate.orient(torch.from_numpy(block), int(random.integers(8)))


def through_plane_stacks(data: Path, modality: str, size: int) -> list[NDArray[np.float16]]:
    """Return every stack of the modality along an axis that is finely sampled."""
    if modality == "CT":
        volumes = [*cases.ct_thin_training(data), *_thick_ct(data)]
    else:
        volumes = cases.mr_training(data)
    found = [stack for case in volumes for stack in stacks_of(case, unit=unit_of(modality))]
    least = 2 * min(HALF_PLANES) * 5
    return [s for s in found if min(s.shape[1:]) >= size and s.shape[0] >= least]


def in_plane_stacks(data: Path, modality: str, size: int) -> list[NDArray[np.float16]]:
    """Return every volume of the modality as it was scanned, large enough for a patch."""
    volumes = cases.ct_training(data) if modality == "CT" else cases.mr_denoise_training(data)
    if modality == "CT":
        volumes = [*cases.ct_thin_training(data)[:1], *volumes]
    # Details of MR are as large as those of CT then, so that both count when they are mixed.
    unit = np.float32(CT_UNIT_HU if modality == "CT" else MR_UNIT / 5)
    found = [(case.voxels / unit).astype(np.float16) for case in volumes]
    return [s for s in found if min(s.shape[1:]) >= 2 * size]


def unit_of(modality: str) -> float:
    """Return what voxels are divided by in training."""
    return CT_UNIT_HU if modality == "CT" else MR_UNIT


def stacks_of(case: cases.Case, *, unit: float) -> list[NDArray[np.float16]]:
    """Return the case along each axis that is finely sampled, divided by ``unit``."""
    voxels = case.voxels / np.float32(unit)
    spacing = case.spacing_kji_mm
    axes: tuple[int, ...] = (0, 1, 2)
    if max(spacing) > EVEN_RATIO * min(spacing):
        voxels, axes = _even(voxels, spacing), (1, 2)
    return [np.ascontiguousarray(np.moveaxis(voxels, axis, 0), np.float16) for axis in axes]


def _thick_ct(data: Path) -> list[cases.Case]:
    """Return the trained bodies at 3.3 mm, which serve along their in-plane axes."""
    return [
        case
        for case in cases.ct_training(data)
        if case.name.startswith(("s15/", "s16/")) and not case.name.endswith("/half")
    ]


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
