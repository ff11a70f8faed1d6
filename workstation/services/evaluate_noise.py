"""Noise to add to a clean series: for a look at a model where no low-dose pairs are at hand.

CT noise has the spectrum of filtered backprojection, the same everywhere (Riederer, Pelc, Chesler
1978, doi:10.1088/0031-9155/23/3/004); a scanner's is streaky and varies over the body. MR noise is
white and complex, the magnitude is taken.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

CUTOFF_OF_NYQUIST = 0.9
"""Where the kernel's Hann window ends."""

NEIGHBOR_SHARE = 0.13
"""Part of the noise of the slices on both sides that is in a slice: a correlation of 0.25."""

FLOOR_HU = -1024.0
"""Lowest number a CT scanner writes."""


def noisy_copy(voxels: NDArray[Any], *, sigma: float, modality: str, seed: int = 0) -> NDArray[Any]:
    """Return a volume ``[k, j, i]`` with noise of deviation ``sigma`` in it, in its dtype."""
    random = np.random.default_rng(seed)
    result = np.empty_like(voxels)
    fields = [random.standard_normal(voxels.shape[1:]) for _ in range(3)]
    for k, plane in enumerate(voxels):
        if modality == "CT":
            mixed = fields[1] + NEIGHBOR_SHARE * (fields[0] + fields[2])
            mixed /= np.sqrt(1 + 2 * NEIGHBOR_SHARE**2)
            seen = np.maximum(plane + sigma * _colored(mixed), FLOOR_HU)
            fields = [*fields[1:], random.standard_normal(plane.shape)]
        else:
            real, imaginary = sigma * random.standard_normal((2, *plane.shape))
            seen = np.hypot(plane + real, imaginary)
        result[k] = _as(seen, voxels.dtype)
    return result


def _colored(white: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return white noise of unit deviation with the color of a scanner's, of unit deviation."""
    rows = np.fft.fftfreq(white.shape[0])[:, None]
    columns = np.fft.rfftfreq(white.shape[1])[None, :]
    radius = np.hypot(rows, columns)
    cutoff = 0.5 * CUTOFF_OF_NYQUIST
    window = np.where(radius < cutoff, 0.5 * (1 + np.cos(np.pi * radius / cutoff)), 0.0)
    amplitude = np.sqrt(radius) * window
    halves = np.full(columns.shape, 2.0)
    halves[0, 0] = 1
    if white.shape[1] % 2 == 0:
        halves[0, -1] = 1
    deviation = np.sqrt((halves * amplitude**2).sum() / white.size)
    colored = np.fft.irfft2(np.fft.rfft2(white) * amplitude, white.shape)
    unit: NDArray[np.float64] = colored / deviation
    return unit


def _as(values: NDArray[np.float64], kind: np.dtype[Any]) -> NDArray[Any]:
    if np.issubdtype(kind, np.integer):
        ends = np.iinfo(kind)
        return np.clip(np.rint(values), ends.min, ends.max).astype(kind)
    return values.astype(kind)
