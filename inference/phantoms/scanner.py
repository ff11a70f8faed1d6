"""What a scanner adds to anatomy: noise with the color of its kernel, thickness, 12 bits.

CT noise is not white. Filtered back projection multiplies the spectrum by a ramp and the
kernel's cut-off, and rays through more tissue carry fewer photons, so shoulders streak along the
long rays. Both are drawn in the frequency domain, one complex transform for two slices.

Source: Riederer, Pelc, Chesler 1978, doi:10.1088/0031-9155/23/3/004 (ramp-shaped spectrum).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from inference.phantoms.grids import F32

WATER_PER_MM = 0.0195
"""Attenuation of water at the mean energy of 120 kV, 1/mm."""

PATH_SHARE = 0.55
"""Share of the photon loss that shows as noise; tube current modulation evens out the rest."""

REFERENCE_PATH = 4.2
"""Path (attenuation times length) at which noise has its nominal value: a 22 cm body."""

HU_LOW, HU_HIGH = -1024, 3071
"""Range of 12-bit CT numbers."""


class Kernel(Enum):
    """Reconstruction kernel, by its cut-off; the value names it for people."""

    SMOOTH = "smooth"
    STANDARD = "standard"
    SHARP = "sharp"


CUT_OFF_PER_MM = {Kernel.SMOOTH: 0.28, Kernel.STANDARD: 0.42, Kernel.SHARP: 0.75}
"""Frequency (cycles per mm) at which each kernel lets a tenth through: as body, standard, lung
kernels of the vendors do (MTF10 of about 3.5, 5 and 8 line pairs per cm rounded up)."""


@dataclass(frozen=True, slots=True)
class ScannerSpec:
    """How a phantom is scanned.

    Attributes:
        kernel: reconstruction kernel.
        noise_hu: standard deviation in the middle of a 22 cm body; 0 for none.
        thickness_mm: slice thickness; 0 takes the gap between slices.
        has_table: whether the couch is in the picture.
    """

    kernel: Kernel = Kernel.STANDARD
    noise_hu: float = 12.0
    thickness_mm: float = 0.0
    has_table: bool = True

    def __post_init__(self) -> None:
        if self.noise_hu < 0 or self.thickness_mm < 0:
            raise ValueError("noise and thickness cannot be negative")


@dataclass(frozen=True, slots=True, eq=False)
class NoiseSource:
    """Draws the noise of one scan, slab by slab.

    Attributes:
        scanner: kernel and level.
        spacing_ij_mm: pixel size.
        lengthwise, crosswise: (J, I) spectral amplitudes of rays along rows and columns.
    """

    scanner: ScannerSpec
    spacing_ij_mm: tuple[float, float]
    lengthwise: F32
    crosswise: F32

    def draw(self, slices_hu: F32, rng: np.random.Generator) -> F32:
        """Return noise in HU for some slices, (n, J, I), as strong as what each slice holds."""
        count, rows, columns = slices_hu.shape
        noise = np.empty_like(slices_hu)
        across, down = _path_gains(slices_hu, self.spacing_ij_mm)
        for first in range(0, count, 2):
            white = rng.standard_normal((rows, columns, 2), dtype=np.float32)
            spectrum = white.view(np.complex64)[..., 0]
            horizontal = np.fft.ifft2(spectrum * self.lengthwise)
            vertical = np.fft.ifft2(spectrum * self.crosswise)
            parts = (horizontal.real, vertical.real), (horizontal.imag, vertical.imag)
            for n, (row_part, column_part) in zip(range(first, count), parts, strict=False):
                noise[n] = row_part * across[n][:, None] + column_part * down[n][None, :]
        noise *= np.float32(self.scanner.noise_hu)
        return noise


def noise_source(
    shape_ji: tuple[int, int], spacing_ij_mm: tuple[float, float], scanner: ScannerSpec
) -> NoiseSource:
    """Return the noise of a scan with slices of this size."""
    rows, columns = _amplitudes(shape_ji, spacing_ij_mm, scanner.kernel)
    return NoiseSource(scanner, spacing_ij_mm, rows, columns)


def to_int16_hu(values_hu: F32) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    """Return CT numbers rounded and cut to 12 bits."""
    return np.clip(np.rint(values_hu), HU_LOW, HU_HIGH).astype(np.int16)


def slices_per_slab(thickness_mm: float, pixel_mm: float) -> int:
    """Return how many thin slices a thick one is averaged from.

    Thin enough that an edge within one is sharper than two pixels, at most four.
    """
    return int(np.clip(round(thickness_mm / max(2.0 * pixel_mm, 1.5)), 1, 4))


def smear(values: F32, spacing_ij_mm: tuple[float, float], kernel: Kernel) -> F32:
    """Return slices as sharp as the kernel: a Gaussian with its cut-off, (n, J, I).

    Only where it changes anything: the sharp kernel passes the pixel grid as it is.
    """
    sigma_mm = np.sqrt(2 * np.log(10)) / (2 * np.pi * CUT_OFF_PER_MM[kernel])
    taps = [_gaussian(sigma_mm, spacing) for spacing in spacing_ij_mm]
    result = values
    for axis, weights in ((2, taps[0]), (1, taps[1])):
        if weights.size > 1:
            result = _filtered(result, weights, axis)
    return result


def _gaussian(sigma_mm: float, spacing_mm: float) -> F32:
    # The pixel's own box of width s already blurs by s / sqrt(12).
    rest = sigma_mm**2 - spacing_mm**2 / 12
    if rest <= (0.3 * spacing_mm) ** 2:
        return np.ones(1, dtype=np.float32)
    sigma = np.sqrt(rest) / spacing_mm
    reach = max(1, int(np.ceil(2.2 * sigma)))
    taps = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weights: F32 = (taps / taps.sum()).astype(np.float32)
    return weights


def _filtered(values: F32, taps: F32, axis: int) -> F32:
    reach = taps.size // 2
    pad = [(0, 0)] * values.ndim
    pad[axis] = (reach, reach)
    padded = np.pad(values, pad, mode="edge")
    length = values.shape[axis]
    index = [slice(None)] * values.ndim
    result = np.zeros_like(values)
    for n, tap in enumerate(taps):
        index[axis] = slice(n, n + length)
        result += tap * padded[tuple(index)]
    return result


def _amplitudes(
    shape_ji: tuple[int, int], spacing_ij_mm: tuple[float, float], kernel: Kernel
) -> tuple[F32, F32]:
    """Return spectral amplitudes of noise from rays along rows and along columns.

    They add to the root of ramp times kernel; drawn from one noise they have unit deviation.
    """
    v = np.fft.fftfreq(shape_ji[0], spacing_ij_mm[1])[:, None]
    u = np.fft.fftfreq(shape_ji[1], spacing_ij_mm[0])[None, :]
    f = np.hypot(u, v)
    # |noise|^2 ~ ramp * kernel^2; the Gaussian kernel passes a tenth at the cut-off.
    power = f * np.exp(-2 * np.log(10) * (f / CUT_OFF_PER_MM[kernel]) ** 2)
    power += 0.02 * power.max() * np.exp(-((f / 0.05) ** 2))
    power *= power.size / power.sum()
    toward_v = np.where(f > 0, v**2 / np.maximum(f, 1e-9) ** 2, 0.5)
    scale = np.sqrt(power.size)
    rows = np.sqrt(power) * toward_v * scale
    columns = np.sqrt(power) * (1 - toward_v) * scale
    return rows.astype(np.float32), columns.astype(np.float32)


def _path_gains(slices_hu: F32, spacing_ij_mm: tuple[float, float]) -> tuple[F32, F32]:
    """Return the gain per row and per column from the path of rays through the slice."""
    density = np.maximum(slices_hu[:, ::2, ::2] / np.float32(1000) + 1, 0)
    gains = []
    for axis, spacing, full in ((2, spacing_ij_mm[0], 1), (1, spacing_ij_mm[1], 2)):
        path = density.sum(axis=axis) * np.float32(WATER_PER_MM * spacing * 2)
        path = np.repeat(path, 2, axis=1)[:, : slices_hu.shape[full]]
        gains.append(np.exp(0.5 * PATH_SHARE * (path - REFERENCE_PATH)).astype(np.float32))
    return gains[0], gains[1]
