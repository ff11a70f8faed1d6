"""Volume of something in blocks that hold a share of it: each block counts by its brightness."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inference.measure.masks import Mask
from inference.measure.working_grid import WorkingGrid

LEAST_SHARE = 0.15
"""Smaller shares are noise or another tissue around, and count nothing."""


def share_of(
    values: NDArray[np.float32], inside_hu: float, outside_hu: float
) -> NDArray[np.float32]:
    """Return the share of each block that is inside, 0..1, between two tissues' values."""
    share = ((values - outside_hu) / (inside_hu - outside_hu)).clip(0, 1)
    share[share < LEAST_SHARE] = 0
    result: NDArray[np.float32] = share.astype(np.float32)
    return result


def shared_volume_ml(
    grid: WorkingGrid, region: Mask, *, inside_hu: float, outside_hu: float
) -> float:
    """Return the volume inside a region that is a little too large, counted by shares."""
    shares = np.zeros(grid.values.shape, dtype=np.float32)
    shares[region] = share_of(grid.values[region], inside_hu, outside_hu)
    return float((shares * grid.block_mm3).sum(dtype=np.float64)) / 1000.0
