"""What is done to stacks of MR before they are learnt from: noise, and slices resampled.

Noise is in what the network sees and not in what it has to give back: else it learns to copy it.
Published series were at times resampled along their slices; through such slices a spline runs all
but exactly, and the network has to tell them from slices as scanned. Needs torch.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from inference.training import simulate

NOISY_SHARE = 0.55
"""Share of the draws to which noise is added."""

NOISE_SD = (0.005, 0.045)
"""Deviation of that noise over the 99th percentile of the volume: 1 to 6 % of most tissues."""

RESAMPLED_SHARE = 0.3
"""Share of the draws whose slices are resampled."""

RESAMPLED_STEP = (0.3, 0.9)
"""Distance of resampled slices over that of the slices they come from."""

SPLINE_SHARE = 0.7
"""Part of the resampled ones made by a cubic spline, the others linearly."""

Planes = NDArray[np.float32]
Weights = NDArray[np.float64]


def noisy(random: np.random.Generator, planes: Planes) -> tuple[Planes, Planes]:
    """Return magnitude images with Rician noise, and what they are on average.

    Args:
        random: draws the noise.
        planes: (k, j, i), from 0 to about 1 at the 99th percentile of the volume.

    Returns:
        The noisy planes, and the mean of such magnitudes (Rice 1944) without any noise, so that
        air between two slices is not made darker than they are.
    """
    sd = float(random.uniform(*NOISE_SD))
    count, rows, columns = planes.shape
    noise = simulate.complex_noise(random, (count, rows, columns))
    clean = torch.from_numpy(planes)
    given = simulate.magnitude(clean, noise, torch.tensor(sd))
    y = (clean / sd) ** 2 / 4
    mean = (1 + 2 * y) * torch.special.i0e(y) + 2 * y * torch.special.i1e(y)
    return given.numpy(), (mean * (sd * math.sqrt(math.pi / 2))).numpy()


def resampling(random: np.random.Generator, count: int) -> Weights:
    """Return weights (count, m) that make slices out of m others, which lie farther apart."""
    step = float(random.uniform(*RESAMPLED_STEP))
    places = 1 + float(random.random()) + step * np.arange(count)
    given = np.arange(int(places[-1]) + 3)
    if random.random() < SPLINE_SHARE:
        return spline_weights(given, places.tolist())
    return np.maximum(0.0, 1 - np.abs(places[:, None] - given[None, :]))


def spline_weights(given: Sequence[int] | NDArray[np.int_], wanted: Sequence[float]) -> Weights:
    """Return weights (wanted, given) of the natural cubic spline through slices at uneven places.

    Args:
        given: where there are slices, ascending, three or more.
        wanted: where slices are wanted, between the first and the last of them.
    """
    at = np.array(given, dtype=np.float64)
    gaps = np.diff(at)
    count = len(at)
    system, second = np.zeros((count, count)), np.zeros((count, count))
    system[0, 0] = system[-1, -1] = 1.0
    for n in range(1, count - 1):
        system[n, n - 1 : n + 2] = gaps[n - 1], 2 * (gaps[n - 1] + gaps[n]), gaps[n]
        second[n, n - 1] = 6 / gaps[n - 1]
        second[n, n] = -6 / gaps[n - 1] - 6 / gaps[n]
        second[n, n + 1] = 6 / gaps[n]
    bends = np.linalg.solve(system, second)
    weights = np.zeros((len(wanted), count))
    for row, place in enumerate(wanted):
        n = int(np.searchsorted(at, place)) - 1
        a, b = (at[n + 1] - place) / gaps[n], (place - at[n]) / gaps[n]
        weights[row, n], weights[row, n + 1] = a, b
        weights[row] += ((a**3 - a) * bends[n] + (b**3 - b) * bends[n + 1]) * gaps[n] ** 2 / 6
    return weights
