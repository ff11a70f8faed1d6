"""Takes the noise out of reference volumes before they are trained on. Needs torch.

What a reference calls clean is what a network learns to keep: under noise little stronger than the
reference's own it learned to leave noise alone wherever there is anatomy. Blocks of a volume are
transformed (DCT), coefficients under the noise are dropped and overlapping results averaged by how
few coefficients they need (after Guleryuz 2007, doi:10.1109/TIP.2007.904393).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

BLOCK_PX = 8
"""Edge of a block in the plane."""

BLOCK_SLICES = 4
"""Slices of a block."""

STEP_PX = 2
"""Step from block to block in the plane; along slices it is one."""

THRESHOLD_SIGMAS = 2.7
"""Coefficients under this many noise deviations are dropped (as BM3D does at its first stage)."""

LEFT_OVER = 0.5
"""Noise taken to be left, of what was there; on the safe side, as some of it is not white."""

NORMAL_MEDIAN = 0.6745
"""Median of the size of normal noise of deviation one."""


def high_frequency_sigma(voxels: Tensor, *, floor: float) -> float:
    """Return the noise of a volume from its finest coefficients, where it is above a floor.

    White noise is met; noise without high frequencies (interpolated images) is told too low.
    """
    coefficients = _analysis(voxels)[:, -9:]
    lit = functional.avg_pool2d(voxels[:, None], BLOCK_PX, STEP_PX)[:, 0] > floor
    fine = coefficients.abs().permute(0, 2, 3, 1)[lit]
    return float(fine.median()) / NORMAL_MEDIAN if fine.numel() else 0.0


def cleaned(voxels: Tensor, sigma: float) -> Tensor:
    """Return a volume ``[k, j, i]`` with noise of deviation ``sigma`` taken out."""
    slices, height, width = voxels.shape
    margin = BLOCK_PX - STEP_PX
    extra = [(-(n + 2 * margin - BLOCK_PX)) % STEP_PX for n in (height, width)]
    around = (margin, margin + extra[1], margin, margin + extra[0])
    padded = functional.pad(voxels[None], around, mode="reflect")[0]
    half = BLOCK_SLICES - 1
    padded = torch.cat([padded[:1]] * half + [padded] + [padded[-1:]] * half)
    through = cosines(BLOCK_SLICES)
    total, weights = torch.zeros_like(padded), torch.zeros_like(padded)
    kept: list[Tensor] = [_analysis(padded[k : k + 1])[0] for k in range(BLOCK_SLICES - 1)]
    for first in range(len(padded) - half):
        kept.append(_analysis(padded[first + half : first + half + 1])[0])
        block = torch.tensordot(through, torch.stack(kept[-BLOCK_SLICES:]), dims=1)
        large = block.abs() > THRESHOLD_SIGMAS * sigma
        weight = 1 / (1 + large.sum(dim=(0, 1)).float())
        shown = torch.tensordot(through.T, block * large, dims=1) * weight
        total[first : first + BLOCK_SLICES] += _synthesis(shown)
        spread = torch.ones(1, 1, BLOCK_PX, BLOCK_PX)
        seen = functional.conv_transpose2d(weight[None, None], spread, stride=STEP_PX)[0, 0]
        weights[first : first + BLOCK_SLICES] += seen
        kept = kept[-BLOCK_SLICES:]
    result = (total / weights)[half : half + slices]
    return result[:, margin : margin + height, margin : margin + width].contiguous()


def _analysis(images: Tensor) -> Tensor:
    """Return (n, 64, rows, columns) coefficients of the blocks of images (n, h, w)."""
    return functional.conv2d(images[:, None], block_filters(), stride=STEP_PX)


def _synthesis(coefficients: Tensor) -> Tensor:
    return functional.conv_transpose2d(coefficients, block_filters(), stride=STEP_PX)[:, 0]


def block_filters() -> Tensor:
    """Return (64, 1, 8, 8), the waves of a block, coarse ones first."""
    basis = cosines(BLOCK_PX)
    pairs = torch.einsum("ai,bj->abij", basis, basis)
    order = torch.add(*torch.meshgrid(*[torch.arange(BLOCK_PX)] * 2, indexing="ij")).flatten()
    return pairs.reshape(-1, 1, BLOCK_PX, BLOCK_PX)[torch.argsort(order, stable=True)]


def cosines(size: int) -> Tensor:
    """Return the orthonormal cosine transform as a matrix, one wave per row."""
    place = torch.arange(size) + 0.5
    waves = torch.cos(math.pi / size * torch.arange(size)[:, None] * place)
    waves[0] *= math.sqrt(0.5)
    return waves * math.sqrt(2 / size)
