"""How much each thin cell along the slice normal counts in one thick slice.

All lengths are in units of the slice spacing, so that a slice lies at every whole number. The
profile of a slice is a box as wide as the slice is thick, or a Gaussian whose full width at half
maximum is the thickness (MR slices are selected by pulses whose profile lies between the two), or a
blend. Slices with gaps have a thickness under one, overlapping ones over one.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

CELLS = 2
"""Cells per slice of the doubled grid: slice k covers the cells 2k and 2k + 1."""

FWHM_PER_SIGMA = 2 * math.sqrt(2 * math.log(2))
"""Full width at half maximum of a Gaussian, in standard deviations."""

REACH_SIGMAS = 3.0
"""Where a Gaussian profile ends; 0.3 % of it lies beyond, and its inverse gets no steadier."""


def cell_weights(ratio: float, shape: float, cells: int = CELLS) -> NDArray[np.float64]:
    """Return the part of a slice's profile that lies in each cell around its middle.

    Args:
        ratio: slice thickness over slice spacing, over 0; under 1 there are gaps.
        shape: 0 for a box, 1 for a Gaussian, between for a blend of the two.
        cells: cells per slice spacing, even, so that a border of cells lies in a slice's middle.

    Returns:
        (2 h,) weights that sum to one, the same from both ends. With ``w`` of a profile, slice k is
        the sum over n of ``w[n] x[cells * k + cells // 2 - h + n]`` of the cells x.

    Raises:
        ValueError: ratio or cells are out of their range.
    """
    if not (math.isfinite(ratio) and ratio > 0) or not 0 <= shape <= 1:
        raise ValueError("a profile has a width over 0 and a shape from 0 to 1")
    if cells < CELLS or cells % 2:
        raise ValueError("the number of cells has to be even")
    sigma = ratio / FWHM_PER_SIGMA
    reach = max(ratio / 2 if shape < 1 else 0.0, REACH_SIGMAS * sigma if shape > 0 else 0.0)
    half = max(math.ceil(reach * cells - 1e-9), 1)
    borders = np.arange(half + 1) / cells
    box = np.minimum(borders / ratio, 0.5)
    bell = np.array([0.5 * math.erf(x / (sigma * math.sqrt(2))) for x in borders])
    upper = np.diff((1 - shape) * box + shape * bell)
    upper = upper / (2 * upper.sum())
    return np.concatenate([upper[::-1], upper])
