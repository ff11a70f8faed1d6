"""A scanner in closed form: band-limited discs, and noise whose spectrum is a formula.

Nothing here is shared with training, where noise is drawn in projections. CT: the resolution is a
Hann window ``A(f)`` and the noise power is ``f A(f)^2``, as filtered backprojection gives it
(Riederer, Pelc, Chesler 1978, doi:10.1088/0031-9155/23/3/004). MR: the window is flat with a cosine
taper, the noise power is ``A(f)^2``, and the magnitude of a complex image is taken. The transform
of a disc of radius R is ``R J1(2 pi R f) / f``; as A vanishes at the pixel grid's limit, what is
drawn is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

SIZE_PX = 288
"""Edge of the images: 216 mm, a slim body; small enough for a gate to take half a minute."""

PIXEL_MM = 0.75

WATER_RADIUS_MM = 96.0
"""Radius of the water disc; it leaves a rim of air that a model has to leave alone."""

CT_CUTOFF_PER_MM = 0.66
"""Where the Hann window ends, just inside the pixel grid's limit; f50 is half of it, as body
kernels have it."""

CT_FLOOR_HU = -1024.0
"""Lowest number a scanner writes."""

MR_TAPER = 0.25
"""Outer part of k-space under the cosine taper."""

BESSEL_SPARE = 40
"""Points of the integral of J1 beyond half of its argument; it is then exact to rounding."""

CHUNK = 2048
"""Arguments of J1 taken at once."""

SLICE_CORRELATION = {"CT": 0.25, "MR": 0.0}
"""Correlation of the noise of touching slices; CT shares data by helical interpolation."""

Image: TypeAlias = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Disc:
    """A rod along z.

    Attributes:
        row, column: its middle, pixels.
        diameter_mm: its diameter.
        value: what it adds.
    """

    row: float
    column: float
    diameter_mm: float
    value: float


@dataclass(frozen=True, slots=True)
class Scanner:
    """Draws objects and noise of one modality, CT or MR."""

    modality: str

    def objects(self, discs: tuple[Disc, ...]) -> Image:
        """Return the sum of the discs as the scanner shows them, without noise."""
        rows, columns = _frequencies()
        radius = np.hypot(rows, columns)
        window = self.window(radius)
        total = np.zeros(radius.shape, np.complex128)
        for diameter in sorted({disc.diameter_mm for disc in discs}):
            places = np.zeros(radius.shape, np.complex128)
            for disc in discs:
                if disc.diameter_mm == diameter:
                    # The first pixel is at the origin, so the middle is a shift of phase.
                    turn = rows * disc.row + columns * disc.column
                    places += disc.value * np.exp(-2j * np.pi * PIXEL_MM * turn)
            total += places * disc_transform(np.where(window > 0, radius, 0.0), diameter / 2)
        image: Image = np.fft.irfft2(total * window, (SIZE_PX, SIZE_PX)) / PIXEL_MM**2
        return image

    def noise(self, random: np.random.Generator, count: int) -> Image:
        """Return (count, h, w) unit noise in neighbouring slices, before any magnitude."""
        rows, columns = _frequencies()
        radius = np.hypot(rows, columns)
        amplitude = self.window(radius) * (np.sqrt(radius) if self.modality == "CT" else 1.0)
        white = random.standard_normal((count, SIZE_PX, SIZE_PX))
        root = slice_root(count, SLICE_CORRELATION[self.modality])
        white = np.tensordot(root, white, axes=1)
        noise: Image = np.fft.irfft2(np.fft.rfft2(white) * amplitude, (SIZE_PX, SIZE_PX))
        return noise / self._deviation(amplitude)

    def scan(self, objects: Image, random: np.random.Generator, sigma: float, count: int) -> Image:
        """Return (count, h, w) neighbouring slices of objects with noise."""
        return self.shown(objects, self.draws(random, sigma, count))

    def draws(self, random: np.random.Generator, sigma: float, count: int) -> Image:
        """Return what :meth:`shown` adds to objects: (1 or 2, count, h, w), real and imaginary."""
        parts = 1 if self.modality == "CT" else 2
        return np.stack([sigma * self.noise(random, count) for _ in range(parts)])

    def shown(self, objects: Image, draws: Image) -> Image:
        """Return slices of objects with noise that was drawn before."""
        if self.modality == "CT":
            seen: Image = np.maximum(objects + draws[0], CT_FLOOR_HU)
            return seen
        magnitude: Image = np.hypot(objects + draws[0], draws[1])
        return magnitude

    def window(self, frequency: Image) -> Image:
        """Return the modulation transfer at frequencies in 1/mm."""
        if self.modality == "CT":
            inside = frequency < CT_CUTOFF_PER_MM
            hann: Image = 0.5 * (1 + np.cos(np.pi * frequency / CT_CUTOFF_PER_MM))
            return hann * inside
        nyquist = 0.5 / PIXEL_MM
        outer = np.clip((frequency / nyquist - 1 + MR_TAPER) / MR_TAPER, 0, 1)
        taper: Image = 0.5 * (1 + np.cos(np.pi * outer))
        return taper

    @staticmethod
    def _deviation(amplitude: Image) -> float:
        """Return the deviation of white unit noise after a filter given on the half plane."""
        power = amplitude**2
        whole = 2 * power.sum() - power[:, 0].sum() - power[:, -1].sum()
        return float(np.sqrt(whole / SIZE_PX**2))


def slice_root(count: int, correlation: float) -> NDArray[np.float64]:
    """Return a square root of the correlation of neighbouring slices, none beyond the next."""
    matrix = np.eye(count) + correlation * (np.eye(count, k=1) + np.eye(count, k=-1))
    root: NDArray[np.float64] = np.linalg.cholesky(matrix).astype(np.float64)
    return root


def disc_transform(frequency: Image, radius_mm: float) -> Image:
    """Return the two-dimensional Fourier transform of a disc of height one, mm^2."""
    safe = np.maximum(frequency, 1e-9)
    return np.where(
        frequency < 1e-9,
        np.pi * radius_mm**2,
        radius_mm * bessel_j1(2 * np.pi * radius_mm * safe) / safe,
    )


def bessel_j1(argument: Image) -> Image:
    """Return the Bessel function of the first kind and order one, by its integral."""
    values, where = np.unique(np.round(argument, 9), return_inverse=True)
    found = np.empty_like(values)
    for first in range(0, values.size, CHUNK):
        part = values[first : first + CHUNK, None]
        points = int(part[-1, 0] / 2) + BESSEL_SPARE
        angle = (np.arange(points) + 0.5) * np.pi / points
        found[first : first + CHUNK] = np.cos(angle - part * np.sin(angle)).mean(axis=1)
    return found[where].reshape(argument.shape)


def _frequencies() -> tuple[Image, Image]:
    rows = np.fft.fftfreq(SIZE_PX, PIXEL_MM)[:, None]
    columns = np.fft.rfftfreq(SIZE_PX, PIXEL_MM)[None, :]
    return rows, columns
