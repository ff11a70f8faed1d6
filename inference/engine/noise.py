"""How noisy a volume is, without being told: the most usual local deviation of even tissue.

For CT it is the global noise level of Christianson et al. (AJR 2015, doi:10.2214/AJR.14.13613): the
mode of the histogram of local standard deviations in soft tissue. High-pass estimators (Laplacian,
wavelet) assume white noise and are wrong by a factor of two on the colored noise of CT. For MR each
window's deviation is first corrected for its height above the noise: the magnitude of a complex
image has less noise where there is little signal (Koay and Basser 2006,
doi:10.1016/j.jmr.2006.01.016).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.core.intensity import Padding, is_padding

WINDOW_PX = 9
"""Edge of the local window: wide enough for coarse noise, small enough to fit between vessels."""

SOFT_TISSUE_HU = (-10.0, 110.0)
"""Local means taken as soft tissue, from water to contrast-enhanced liver."""

MR_WINDOW_PX = 5
"""Window for MR, whose noise is nearly white: nine pixels hold gray and white matter at once, and
on a quiet brain their difference was taken for noise twice as large as it is."""

MR_SIGNAL_PART = 0.2
"""Part of the 99th percentile from which a local mean is signal. Scanners blank what is darker, and
air, whose deviation is corrected by the most, stays out also at the widest noise."""

LARGEST_SIGMA_HU = 200.0
"""End of the histogram for CT; over 100 HU nothing can be read anyway."""

WINDOW_MM = 6.5
"""The same in millimeters, for small pixels: the grain of a kernel is as coarse in millimeters on a
head as on a chest, and a window of nine pixels of 0.45 mm sees a fifth too little of it."""

LARGEST_WINDOW_PX = 21

SAMPLED_SLICES = 8
"""Slices looked at, spread over the volume. On s01 the estimate is within 4 % of that of 48 slices,
half of what the models were trained to bear; more would keep the first slice waiting."""

LEAST_WINDOWS = 400
"""Windows of even tissue without which no estimate is given."""

RICIAN_END = 12.0
"""Signal in noise deviations above which a magnitude image's noise is plain to 0.4 %."""

RICIAN_POINTS = 241

BESSEL_POINTS = 400
"""Points of the integrals of the Bessel functions; exact to 1e-9 up to RICIAN_END."""

STRIP_ROWS = 64
"""Rows worked on at a time: their windows stay in the cache, which is five times as fast."""

HISTOGRAM_BINS = 200
"""Bins of the histogram; its mode is refined by the mean around it."""


def estimate_sigma(
    voxels: NDArray[Any], *, modality: str, padding: Padding, pixel_mm: float | None = None
) -> float | None:
    """Return the noise standard deviation of a volume, in its unit; None if none can be told.

    Args:
        voxels: ``[k, j, i]``.
        modality: CT looks at soft tissue in HU, anything else at all that is not dark.
        padding: value or range outside the scanned field.
        pixel_mm: pixel spacing, for the size of the window; None takes WINDOW_PX.
    """
    window = window_px(pixel_mm) if modality == "CT" else MR_WINDOW_PX
    sampled = sampled_slices(voxels.shape[0])
    # Of all slices: at the ends of a head scan there is only air, bright by its own measure.
    bright = None if modality == "CT" else bright_level(voxels[sampled], padding)
    deviations = []
    for k in sampled:
        image = voxels[k].astype(np.float64)
        mean, deviation = local_statistics(image, window)
        if modality != "CT":
            deviation = deviation * magnitude_correction(mean, deviation)
        tissue = even_tissue(mean, image, modality, padding, bright=bright)
        deviations.append(deviation[tissue])
    return deviation_mode(np.concatenate(deviations), is_ct=modality == "CT")


def window_px(pixel_mm: float | None) -> int:
    """Return the edge of the local window, an odd number of pixels."""
    if pixel_mm is None or pixel_mm <= 0:
        return WINDOW_PX
    wide = 2 * round((WINDOW_MM / pixel_mm - 1) / 2) + 1
    return int(np.clip(wide, WINDOW_PX, LARGEST_WINDOW_PX))


def sampled_slices(count: int) -> list[int]:
    """Return up to SAMPLED_SLICES slice indices spread evenly over a volume."""
    return spread_indices(count, SAMPLED_SLICES)


def spread_indices(count: int, most: int) -> list[int]:
    """Return up to ``most`` indices spread evenly over ``count``."""
    chosen = np.linspace(0, count - 1, min(count, most)).round().astype(int)
    return sorted(set(chosen.tolist()))


def local_statistics(
    image: NDArray[np.float64], window_px: int = WINDOW_PX
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return mean and standard deviation of each full window of an image.

    Both are smaller than the image by ``window_px - 1``; empty if it is smaller than a window.
    """
    offset = float(image.mean()) if image.size else 0.0
    rows, columns = (max(size - window_px + 1, 0) for size in image.shape)
    mean, deviation = np.empty((rows, columns)), np.empty((rows, columns))
    count = window_px**2
    for start in range(0, rows if columns else 0, STRIP_ROWS):
        strip = slice(start, min(start + STRIP_ROWS, rows))
        centred = image[start : strip.stop + window_px - 1] - offset
        part = _box_sum(centred, window_px) / count
        variance = np.maximum(_box_sum(centred**2, window_px) / count - part**2, 0)
        np.sqrt(variance * count / (count - 1), out=deviation[strip])
        np.add(part, offset, out=mean[strip])
    return mean, deviation


def _box_sum(image: NDArray[np.float64], window_px: int) -> NDArray[np.float64]:
    """Return the sum of each full window: windows of 1, 2, 4 ... laid end to end, both ways."""
    return _sums_along(_sums_along(image, window_px).T, window_px).T


def _sums_along(image: NDArray[np.float64], window_px: int) -> NDArray[np.float64]:
    count = image.shape[0] - window_px + 1
    # In the order of the image in memory, also where that is given transposed.
    total, power, size, offset = np.zeros_like(image[:count]), image, 1, 0
    while offset < window_px:
        if window_px & size:
            total += power[offset : offset + count]
            offset += size
        if offset < window_px:
            power = power[:-size] + power[size:]
            size *= 2
    return total


def block_statistics(
    image: NDArray[np.float64], block_px: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return mean and standard deviation of blocks side by side, each ``(rows, columns)``."""
    rows, columns = (size // block_px for size in image.shape)
    cut = image[: rows * block_px, : columns * block_px]
    blocks = cut.reshape(rows, block_px, columns, block_px)
    mean = blocks.mean(axis=(1, 3))
    count = block_px**2
    squares = ((blocks - mean[:, None, :, None]) ** 2).sum(axis=(1, 3))
    return mean, np.sqrt(squares / (count - 1))


def bright_level(voxels: NDArray[Any], padding: Padding) -> float:
    """Return the 99th percentile of what was scanned and is not black; infinite for nothing."""
    seen = voxels[~is_padding(voxels, padding) & (voxels > 0)]
    return float(np.percentile(seen, 99)) if seen.size else np.inf


def even_tissue(
    mean: NDArray[np.float64],
    image: NDArray[np.float64],
    modality: str,
    padding: Padding,
    *,
    bright: float | None = None,
) -> NDArray[np.bool_]:
    """Return which local means are of tissue whose noise is looked at.

    Args:
        mean: local means.
        image: what they are of.
        modality: CT looks at soft tissue in HU, anything else at all that is not dark.
        padding: value or range outside the scanned field.
        bright: level that dark is told by, of the volume; None for that of the image.
    """
    if modality == "CT":
        return (mean > SOFT_TISSUE_HU[0]) & (mean < SOFT_TISSUE_HU[1])
    return mean > MR_SIGNAL_PART * (bright_level(image, padding) if bright is None else bright)


def magnitude_correction(
    mean: NDArray[np.float64], deviation: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return what to multiply deviations of a magnitude image with, to get the complex noise."""
    mean_at, deviation_at = rician_moments(np.linspace(0, RICIAN_END, RICIAN_POINTS))
    ratio = mean / np.maximum(deviation, 1e-12)
    corrected: NDArray[np.float64] = np.interp(ratio, mean_at / deviation_at, 1 / deviation_at)
    return corrected


def rician_moments(
    height: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return mean and deviation of the magnitude of a signal ``height`` with unit complex noise."""
    angle = (np.arange(BESSEL_POINTS) + 0.5) * np.pi / BESSEL_POINTS
    quarter = height**2 / 4
    # I0 and I1 of a quarter of the squared signal, both times exp(-quarter).
    kernel = np.exp(quarter[:, None] * (np.cos(angle) - 1))
    zeroth, first = kernel.mean(axis=1), (kernel * np.cos(angle)).mean(axis=1)
    mean = np.sqrt(np.pi / 2) * ((1 + 2 * quarter) * zeroth + 2 * quarter * first)
    return mean, np.sqrt(np.maximum(2 + height**2 - mean**2, 1e-12))


def deviation_mode(deviations: NDArray[np.float64], *, is_ct: bool) -> float | None:
    """Return the most usual of local deviations; None if there are too few."""
    if deviations.size < LEAST_WINDOWS:
        return None
    end = LARGEST_SIGMA_HU if is_ct else float(np.percentile(deviations, 99))
    if end <= 0:
        return None
    # First a coarse mode, then a histogram fine enough around it for small deviations.
    counts, edges = np.histogram(deviations, bins=HISTOGRAM_BINS, range=(0, end))
    coarse = float(edges[int(_smoothed(counts).argmax()) + 1])
    counts, edges = np.histogram(deviations, bins=HISTOGRAM_BINS // 4, range=(0, 3 * coarse))
    peak = int(_smoothed(counts).argmax())
    low, high = edges[max(peak - 3, 0)], edges[min(peak + 4, len(edges) - 1)]
    around = deviations[(deviations >= low) & (deviations <= high)]
    return float(around.mean()) if around.size else None


def _smoothed(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.convolve(counts, [0.25, 0.5, 0.25], mode="same")
