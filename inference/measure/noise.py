"""How noisy a CT is, from the original voxels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

PATCH_PX = 8
"""Side of a patch: large enough to see the grain of a smooth kernel, small enough to stay
inside one organ."""

SLICES = 12
"""Slices looked at, evenly spread; noise differs little between neighbors."""

SOFT_TISSUE_HU = (-20.0, 120.0)
"""Mean of the patches looked at: muscle, liver, blood, brain."""

HOMOGENEOUS_PERCENTILE = 20.0
"""The quietest fifth of the patches holds noise alone; the rest holds edges as well."""


def soft_tissue_noise_hu(voxels: NDArray[Any]) -> float:
    """Return the standard deviation of noise in soft tissue, in HU; 0 where there is none."""
    indices = np.unique(np.linspace(0, voxels.shape[0] - 1, SLICES).round().astype(int))
    deviations = [_patch_deviations(voxels[k]) for k in indices]
    found = np.concatenate(deviations)
    return float(np.percentile(found, HOMOGENEOUS_PERCENTILE)) if found.size else 0.0


def _patch_deviations(plane: NDArray[Any]) -> NDArray[np.float32]:
    rows, columns = (size // PATCH_PX for size in plane.shape)
    if rows == 0 or columns == 0:
        return np.zeros(0, dtype=np.float32)
    cut = plane[: rows * PATCH_PX, : columns * PATCH_PX].astype(np.float32)
    patches = cut.reshape(rows, PATCH_PX, columns, PATCH_PX)
    means = patches.mean(axis=(1, 3))
    is_soft = (means > SOFT_TISSUE_HU[0]) & (means < SOFT_TISSUE_HU[1])
    deviations: NDArray[np.float32] = patches.std(axis=(1, 3))[is_soft]
    return deviations
