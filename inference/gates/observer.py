"""What can be seen: a channelized Hotelling observer with dense difference-of-Gaussian channels.

Abbey and Barrett 2001 (doi:10.1364/JOSAA.18.000473): ten channels, each a band of frequencies of
the early visual system; the observer combines them linearly in the best way. No internal noise.
Signal and no signal share their noise draws, so that the mean difference is known well.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CHANNELS = 10
FIRST_PER_PX = 0.005
RATIO = 1.4
WIDTH = 1.67
"""Deviation of the first channel in cycles per pixel, step between channels, ratio of the two
Gaussians: the dense set of Abbey and Barrett."""

TEMPLATE_PX = 48
"""Edge of the channels' templates: 36 mm, over three times the largest disc."""

RESAMPLES = 100
"""Bootstrap draws behind a confidence interval."""

Samples = NDArray[np.float64]


def channel_templates() -> NDArray[np.float64]:
    """Return (CHANNELS, TEMPLATE_PX ** 2) templates of unit norm."""
    axis = np.fft.fftfreq(TEMPLATE_PX)
    radius = np.hypot(axis[:, None], axis[None, :])
    deviations = FIRST_PER_PX * RATIO ** np.arange(CHANNELS)
    templates = []
    for deviation in deviations:
        band = np.exp(-0.5 * (radius / (WIDTH * deviation)) ** 2)
        band = band - np.exp(-0.5 * (radius / deviation) ** 2)
        template = np.fft.fftshift(np.fft.ifft2(band).real)
        templates.append((template / np.linalg.norm(template)).ravel())
    return np.stack(templates)


def channel_outputs(images: Samples, places: list[tuple[int, int]]) -> Samples:
    """Return (images x places, CHANNELS) responses around places (row, column)."""
    half = TEMPLATE_PX // 2
    templates = channel_templates()
    parts = [
        images[:, row - half : row + half, column - half : column + half] for row, column in places
    ]
    flat = np.concatenate([part.reshape(len(images), -1) for part in parts])
    outputs: Samples = flat @ templates.T
    return outputs


def detectability(absent: Samples, present: Samples) -> float:
    """Return d' of the observer, from responses without and with the signal.

    Args:
        absent: (n, channels) responses without the signal.
        present: (n, channels) with it, row by row of the same noise draw.
    """
    count, channels = absent.shape
    difference = (present - absent).mean(axis=0)
    covariance = (np.cov(absent.T) + np.cov(present.T)) / 2
    squared = max(float(difference @ np.linalg.solve(covariance, difference)), 0.0)
    # The inverse of a covariance from few samples is too large by this factor on average.
    return float(np.sqrt(squared * max(count - channels - 2, 1) / (count - 1)))


def gain(
    before: tuple[Samples, Samples], after: tuple[Samples, Samples], seed: int
) -> tuple[float, float]:
    """Return d' after over d' before, and the half width of its 95 % interval (bootstrap)."""
    random = np.random.default_rng(seed)
    count = len(before[0])
    ratios = []
    for _ in range(RESAMPLES):
        rows = random.integers(0, count, count)
        old = detectability(before[0][rows], before[1][rows])
        ratios.append(detectability(after[0][rows], after[1][rows]) / old)
    return detectability(*after) / detectability(*before), float(1.96 * np.std(ratios))
