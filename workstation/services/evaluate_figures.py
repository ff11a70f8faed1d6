"""How near a picture is to its reference, the way LDCT-Bench counts it, and what its noise is like.

PSNR and SSIM are taken in the window that an anatomy is read in, RMSE between air and dense bone,
slice by slice, as Eulig, Ommer and Kachelriess do (Med Phys 2024, doi:10.1002/mp.17379). SSIM is
that of Wang et al. 2004 (doi:10.1109/TIP.2003.819861) with an even 7 x 7 window.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.core.intensity import Window

ANATOMIES = MappingProxyType(
    {
        "chest": Window(-600.0, 1500.0),
        "abdomen": Window(50.0, 400.0),
        "neuro": Window(40.0, 80.0),
    }
)
"""Windows of LDCT-Bench, HU."""

RMSE_ENDS_HU = (-1024.0, 1900.0)
"""Values to which both pictures are held for RMSE, as LDCT-Bench does."""

LARGEST_PSNR_DB = 100.0
"""Told for pictures that are the same to rounding."""

SSIM_PX = 7
SSIM_SMALL = (0.01, 0.03)
"""Constants K1 and K2 of SSIM."""

TISSUES_HU = MappingProxyType(
    {
        "lung": (-950.0, -600.0),
        "fat": (-130.0, -60.0),
        "soft tissue": (0.0, 100.0),
        "bone": (250.0, 1500.0),
    }
)
"""Tissues by the local mean of the reference, the classes of the enhancement's own figures."""

LOCAL_PX = 5
"""Edge of that local mean; single voxels are sorted by their noise."""

LEAST_VOXELS = 200
"""Voxels of a tissue without which no bias of it is told."""

BODY_HU = -300.0
BODY_PART_OF_MR = 0.1
"""Local mean from which a voxel is body: HU for CT, part of the 99th percentile for MR."""

PATCH_PX = 32
"""Edge of the patches whose noise spectrum is taken; they fit between the ribs and in a head."""

Image = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scale:
    """What the pictures of one series are measured in.

    Attributes:
        low, high: ends of the window, in the unit of the series.
        is_ct: whether the unit is HU.
        body: local mean from which a voxel is body.
        pixel_mm: mean pixel spacing.
    """

    low: float
    high: float
    is_ct: bool
    body: float
    pixel_mm: float


def scale_of(reference: NDArray[Any], *, anatomy: str, pixel_mm: float) -> Scale:
    """Return the scale of a series; for MR from 0 to the 99th percentile of what is not dark.

    Args:
        reference: ``[k, j, i]``.
        anatomy: one of ANATOMIES; empty for MR.
        pixel_mm: mean pixel spacing.
    """
    if anatomy:
        window = ANATOMIES[anatomy]
        half = (window.width - 1) / 2
        middle = window.center - 0.5
        return Scale(middle - half, middle + half, True, BODY_HU, pixel_mm)
    seen = reference[reference > 0]
    most = float(np.percentile(seen, 99)) if seen.size else 1.0
    return Scale(0.0, most, False, BODY_PART_OF_MR * most, pixel_mm)


def psnr_db(image: Image, reference: Image, scale: Scale) -> float:
    """Return the peak signal to noise ratio of a slice in the window, dB."""
    error = float(np.mean((_windowed(image, scale) - _windowed(reference, scale)) ** 2))
    return min(-10 * float(np.log10(error)), LARGEST_PSNR_DB) if error > 0 else LARGEST_PSNR_DB


def ssim(image: Image, reference: Image, scale: Scale) -> float:
    """Return the structural similarity of a slice in the window, 1 for the same picture."""
    x, y = _windowed(image, scale), _windowed(reference, scale)
    if min(x.shape) < SSIM_PX:
        return float("nan")
    count = SSIM_PX**2
    mean_x, mean_y = _local_mean(x, SSIM_PX), _local_mean(y, SSIM_PX)
    spread = count / (count - 1)
    var_x = spread * (_local_mean(x * x, SSIM_PX) - mean_x**2)
    var_y = spread * (_local_mean(y * y, SSIM_PX) - mean_y**2)
    both = spread * (_local_mean(x * y, SSIM_PX) - mean_x * mean_y)
    first, second = (k**2 for k in SSIM_SMALL)
    above = (2 * mean_x * mean_y + first) * (2 * both + second)
    below = (mean_x**2 + mean_y**2 + first) * (var_x + var_y + second)
    return float(np.mean(above / below))


def rmse(image: Image, reference: Image, scale: Scale) -> float:
    """Return the root of the mean squared error of a slice, in the unit of the series."""
    if scale.is_ct:
        image, reference = np.clip(image, *RMSE_ENDS_HU), np.clip(reference, *RMSE_ENDS_HU)
    return float(np.sqrt(np.mean((image - reference) ** 2)))


def tissue_masks(reference: Image, scale: Scale) -> dict[str, NDArray[np.bool_]]:
    """Return which pixels of a slice are body and, for CT, which tissue; the rim is none.

    Never part of a tissue are the two outermost pixels, whose local mean is not known.
    """
    found = {name: np.zeros(reference.shape, bool) for name in ("body", *TISSUES_HU)}
    if min(reference.shape) < LOCAL_PX:
        return found
    edge = LOCAL_PX // 2
    mean = _local_mean(reference, LOCAL_PX)
    inner = slice(edge, -edge)
    found["body"][inner, inner] = mean > scale.body
    if scale.is_ct:
        for name, (low, high) in TISSUES_HU.items():
            found[name][inner, inner] = (mean > low) & (mean < high)
    return found


def residual_spectrum(residual: Image, body: NDArray[np.bool_]) -> tuple[Image, int]:
    """Return the sum of the noise power of the patches that lie in the body, and their count.

    Args:
        residual: a slice less its reference.
        body: which of its pixels are body.
    """
    power, count = np.zeros((PATCH_PX, PATCH_PX)), 0
    window = np.hanning(PATCH_PX)[:, None] * np.hanning(PATCH_PX)[None, :]
    for row in range(0, residual.shape[0] - PATCH_PX + 1, PATCH_PX):
        for column in range(0, residual.shape[1] - PATCH_PX + 1, PATCH_PX):
            place = slice(row, row + PATCH_PX), slice(column, column + PATCH_PX)
            if body[place].all():
                part = residual[place] - residual[place].mean()
                power += np.abs(np.fft.fft2(part * window)) ** 2
                count += 1
    return power, count


def mean_frequency(power: Image, pixel_mm: float) -> float:
    """Return the mean frequency of a noise power spectrum over its radial profile, 1/mm."""
    size = power.shape[0]
    axis = np.fft.fftfreq(size, 1 / size)
    rings = np.rint(np.hypot(axis[:, None], axis[None, :])).astype(int)
    profile = np.bincount(rings.ravel(), power.ravel()) / np.bincount(rings.ravel())
    profile = profile[: size // 2 + 1]
    frequency = np.arange(len(profile)) / (size * pixel_mm)
    total = float(profile.sum())
    return float((profile * frequency).sum()) / total if total > 0 else float("nan")


def _windowed(image: Image, scale: Scale) -> Image:
    """Return a slice in its window, 0..1 (PS3.3 C.11.2.1.2.1)."""
    shown: Image = np.clip((image - scale.low) / (scale.high - scale.low), 0, 1)
    return shown


def _local_mean(image: Image, size: int) -> Image:
    """Return the mean of each full window, smaller than the image by size - 1."""
    total = np.zeros((image.shape[0] + 1, image.shape[1] + 1))
    total[1:, 1:] = image.cumsum(axis=0).cumsum(axis=1)
    inside = total[size:, size:] - total[:-size, size:] - total[size:, :-size]
    found: Image = (inside + total[:-size, :-size]) / size**2
    return found
