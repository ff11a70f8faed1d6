"""What is measured on a ball of known size and on noise alone, after doubling."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.gates.superres_phantom import BALL_CONTRAST, SPACING_MM, Ball, Stack

CORE = 0.6
"""Part of the ball's radius inside which no edge is felt."""

FAR = 1.25
"""Radii from which there is background."""

LESION_PX = 5.0
"""Size of the false lesions that are searched for in noise, pixels of the scan."""

Image = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BallFigures:
    """A ball as it is shown.

    Attributes:
        diameter_mm: of a ball, or rod, as large as what lies over half the contrast.
        width_mm: full width at half maximum across slices, through its middle.
        contrast: mean of its core over the background.
        overshoot: largest value beyond it or under the background, as part of its contrast.
    """

    diameter_mm: float
    width_mm: float
    contrast: float
    overshoot: float


@dataclass(frozen=True, slots=True)
class NoiseFigures:
    """Noise alone, after over before.

    Attributes:
        deviation: ratio of the standard deviations.
        strongest: ratio of the strongest responses to a lesion (99.99th percentile).
        kurtosis: excess kurtosis of the responses after.
    """

    deviation: float
    strongest: float
    kurtosis: float


def spread(coarse: Stack, *, is_through: bool) -> Stack:
    """Return a scan on the grid of its result, every voxel repeated."""
    if is_through:
        return np.repeat(coarse, 2, axis=0)
    return coarse.repeat(2, axis=1).repeat(2, axis=2)


def ball(volume: Stack, *, base: float, middle: Ball, is_through: bool) -> BallFigures:
    """Return the figures of the ball in a volume on the doubled grid."""
    step_mm = (SPACING_MM / 2, 1.0, 1.0) if is_through else (SPACING_MM, 0.5, 0.5)
    axes = [(np.arange(n) + 0.5) * mm for n, mm in zip(volume.shape, step_mm, strict=True)]
    near = [(axis - at) for axis, at in zip(axes, middle.middle_mm, strict=True)]
    squared = near[1][None, :, None] ** 2 + near[2][None, None, :] ** 2
    if is_through:
        squared = squared + near[0][:, None, None] ** 2
    reach = np.broadcast_to(np.sqrt(squared), volume.shape) / middle.halves_mm[1]
    over = volume.astype(np.float64) - base
    part = over / BALL_CONTRAST
    shown = float(np.prod(step_mm)) * float(_over_half(part).sum())
    if is_through:
        diameter = 2 * (3 * shown / (4 * np.pi)) ** (1 / 3)
    else:
        diameter = 2 * float(np.sqrt(shown / (volume.shape[0] * step_mm[0] * np.pi)))
    row, column = (int(np.abs(axis).argmin()) for axis in near[1:])
    return BallFigures(
        diameter_mm=diameter,
        width_mm=_width(part[:, row, column]) * step_mm[0],
        contrast=float(over[reach < CORE].mean() - over[reach > FAR].mean()),
        overshoot=max(float(part.max()) - 1, -float(part.min())),
    )


def noise(result: Stack, scan: Stack) -> NoiseFigures:
    """Return the figures of noise; the outermost slices and the rim are left out."""
    inner = slice(2, -2)
    after, before = result[inner].astype(np.float64), scan[inner].astype(np.float64)
    scale = result.shape[1] / scan.shape[1]
    found, old = _responses(after, LESION_PX * scale), _responses(before, LESION_PX)
    centred = found - found.mean()
    return NoiseFigures(
        deviation=float(after.std() / before.std()),
        strongest=float(np.percentile(np.abs(found), 99.99) / np.percentile(np.abs(old), 99.99)),
        kurtosis=float((centred**4).mean() / (centred**2).mean() ** 2 - 3),
    )


def _over_half(part: Image) -> Image:
    """Return 1 where there is more than half of the contrast, 0 elsewhere, with a short ramp."""
    return np.clip(2 * part - 0.5, 0, 1)


def _width(line: Image) -> float:
    """Return the full width at half maximum of a line, in its steps."""
    above = np.flatnonzero(line > 0.5)
    if not above.size or above[0] == 0 or above[-1] == line.size - 1:
        return float(line.size)
    first, last = above[0], above[-1]
    left = (line[first] - 0.5) / (line[first] - line[first - 1])
    right = (line[last] - 0.5) / (line[last] - line[last + 1])
    return float(last - first + left + right)


def _responses(images: Image, lesion_px: float) -> Image:
    """Return the responses to a small lesion less its surroundings, away from the rim."""
    rows, columns = images.shape[1:]
    squared = np.fft.fftfreq(rows)[:, None] ** 2 + np.fft.fftfreq(columns)[None, :] ** 2
    inner, outer = lesion_px / 2.5, lesion_px
    band = np.exp(-2 * np.pi**2 * squared * (inner / 2) ** 2)
    band = band - np.exp(-2 * np.pi**2 * squared * (outer / 2) ** 2)
    found: Image = np.fft.ifft2(np.fft.fft2(images) * band).real
    edge = int(2 * lesion_px)
    return found[:, edge:-edge, edge:-edge]
