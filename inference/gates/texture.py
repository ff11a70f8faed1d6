"""Anatomy full of detail: whether noise falls there, and whether the detail stays.

Water says that nothing is lost, not that something is gained: a model that leaves noise alone
wherever there is structure passes on water and does nothing for a patient. So folds and thin lines
that wind through the slices are drawn, as a cortex or the vessels of a lung are, and what is shown
is compared with what was drawn. Both are level sets of smooth random fields.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inference.gates.scanner import PIXEL_MM, SIZE_PX, WATER_RADIUS_MM, Scanner

SLICE_MM = 3.0
"""Slice spacing; the folds go on through the slices as they do along rows and columns."""

SPARE_SLICES = 8
"""Slices drawn beside those that are shown, so that the two ends of the stack are strangers."""

FOLD_MM = 3.0
"""Deviation of the Gaussian behind the folds: they are about 8 mm wide."""

LINE_MM = 4.5
"""The same of the lines, which follow the zeros of their field."""

LINE_PART = 0.09
"""Size of that field under which there is a line: about 1.5 mm wide."""

FOLD_SIGMAS = 3.0
LINE_SIGMAS = 4.0
"""Height of folds (to both sides) and of lines, in noise deviations."""

STEEPNESS = 4.0
"""How fast a fold rises: most of it is plateau."""

CROWD_SEED = 7
"""The same folds for every pack."""

OUTER_PART = 0.8
"""Part of the disc's radius inside which figures are taken."""

DETAIL_MM = 1.5
"""Deviation of the Gaussian that is taken off: what is left is detail of up to about 5 mm."""

Image = NDArray[np.float64]
Stack = NDArray[np.float32]


def folds(scanner: Scanner, sigma: float, slices: int) -> Image:
    """Return (slices, h, w), folds and lines as the scanner shows them, without the water."""
    random = np.random.default_rng(CROWD_SEED)
    count = slices + SPARE_SLICES
    folded = np.tanh(STEEPNESS * _smooth_field(random, count, FOLD_MM))
    lined = np.abs(_smooth_field(random, count, LINE_MM)) < LINE_PART
    drawn = sigma * (FOLD_SIGMAS * folded + LINE_SIGMAS * lined)[:slices]
    drawn *= _edge()
    rows = np.fft.fftfreq(SIZE_PX, PIXEL_MM)[:, None]
    columns = np.fft.rfftfreq(SIZE_PX, PIXEL_MM)[None, :]
    window = scanner.window(np.hypot(rows, columns))
    shown: Image = np.fft.irfft2(np.fft.rfft2(drawn) * window, (SIZE_PX, SIZE_PX))
    return shown


def _smooth_field(random: np.random.Generator, count: int, width_mm: float) -> Image:
    """Return (count, h, w) of deviation one, white noise under a Gaussian in three dimensions."""
    white = random.standard_normal((count, SIZE_PX, SIZE_PX))
    axes = np.fft.fftfreq(count, SLICE_MM), *(np.fft.fftfreq(SIZE_PX, PIXEL_MM),) * 2
    squared = sum(np.square(axis) for axis in np.meshgrid(*axes, indexing="ij"))
    field = np.fft.ifftn(np.fft.fftn(white) * np.exp(-2 * (np.pi * width_mm) ** 2 * squared)).real
    smooth: Image = field / field.std()
    return smooth


def _edge() -> Image:
    """Return one inside the disc, falling to nothing at its rim."""
    axis = (np.arange(SIZE_PX) - SIZE_PX // 2) * PIXEL_MM
    radius = np.hypot(axis[:, None], axis[None, :]) / WATER_RADIUS_MM
    faded: Image = np.clip((0.95 - radius) / 0.1, 0, 1)
    return faded


def error_left(before: Stack, shown: Stack, truth: Image) -> float:
    """Return the error of what is shown over that of the input, where the folds are.

    Noise that stays and detail that goes both count. Untouched it is 1.
    """
    inside = _inside()
    after, first = ((images - truth)[:, inside] for images in (shown, before))
    return float(np.sqrt((after**2).mean() / (first**2).mean()))


def detail_kept(before: Stack, shown: Stack, truth: Image) -> float:
    """Return how much of the detail of the input is there afterwards, the noise averaged away."""
    inside = _inside()
    detail = (truth - _blurred(truth))[inside]
    after, first = (images.mean(axis=0)[inside] for images in (shown, before))
    return float((after * detail).sum() / (first * detail).sum())


def _inside() -> NDArray[np.bool_]:
    axis = (np.arange(SIZE_PX) - SIZE_PX // 2) * PIXEL_MM
    found: NDArray[np.bool_] = np.hypot(axis[:, None], axis[None, :]) < OUTER_PART * WATER_RADIUS_MM
    return found


def _blurred(image: Image) -> Image:
    rows = np.fft.fftfreq(SIZE_PX, PIXEL_MM)[:, None]
    columns = np.fft.rfftfreq(SIZE_PX, PIXEL_MM)[None, :]
    transfer = np.exp(-2 * (np.pi * DETAIL_MM) ** 2 * (rows**2 + columns**2))
    blurred: Image = np.fft.irfft2(np.fft.rfft2(image) * transfer, image.shape)
    return blurred
