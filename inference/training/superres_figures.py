"""PSNR and structural similarity of a volume in a window, where there is tissue."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SSIM_PX = 7
"""Edge of the windows of structural similarity (Wang et al. 2004, 10.1109/TIP.2003.819861)."""

SSIM_SMALL = (0.01**2, 0.03**2)

TISSUE_PART = 0.05
"""Part of the window above its lower end from which a voxel of the truth is tissue."""

Stack = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Figures:
    """How near a result is to the truth."""

    psnr_db: float
    ssim: float


def compare(result: Stack, truth: Stack, window: tuple[float, float]) -> Figures:
    """Return the figures of ``[k, j, i]`` against the truth; what is not tissue is left out."""
    low, high = window
    tissue = truth > low + TISSUE_PART * (high - low)
    x = np.clip((result - low) / (high - low), 0, 1)
    y = np.clip((truth - low) / (high - low), 0, 1)
    error = float(np.mean((x - y)[tissue].astype(np.float64) ** 2))
    return Figures(-10 * float(np.log10(max(error, 1e-12))), _ssim(x, y, tissue))


def _ssim(x: Stack, y: Stack, tissue: NDArray[np.bool_]) -> float:
    total, count = 0.0, 0
    edge = SSIM_PX // 2
    for one, other, inside in zip(x, y, tissue, strict=True):
        map_ = _ssim_map(one.astype(np.float64), other.astype(np.float64))
        chosen = inside[edge:-edge, edge:-edge]
        total += float(map_[chosen].sum())
        count += int(chosen.sum())
    return total / max(count, 1)


def _ssim_map(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    mean_x, mean_y = _mean(x), _mean(y)
    spread = SSIM_PX**2 / (SSIM_PX**2 - 1)
    var_x, var_y = spread * (_mean(x * x) - mean_x**2), spread * (_mean(y * y) - mean_y**2)
    both = spread * (_mean(x * y) - mean_x * mean_y)
    first, second = SSIM_SMALL
    above = (2 * mean_x * mean_y + first) * (2 * both + second)
    found: NDArray[np.float64] = above / (
        (mean_x**2 + mean_y**2 + first) * (var_x + var_y + second)
    )
    return found


def _mean(image: NDArray[np.float64]) -> NDArray[np.float64]:
    total = np.cumsum(np.cumsum(np.pad(image, ((1, 0), (1, 0))), axis=0), axis=1)
    n = SSIM_PX
    found: NDArray[np.float64] = total[n:, n:] - total[:-n, n:] - total[n:, :-n] + total[:-n, :-n]
    return found / n**2
