"""Smooth procedural noise: what makes outlines irregular and tissue textured.

A lattice is a periodic cube of random numbers whose power lies in a band of wavelengths; it is
fixed in the patient, so the same anatomy comes out on every grid.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.phantoms.grids import F32

LATTICE_SIZE = 32
"""Samples per side; 32 holds about eight waves of the shortest length and costs 128 kB."""

CELLS_PER_WAVE = 4.0
"""Lattice samples per shortest wave: linear interpolation between them then shows no creases."""


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """Periodic smooth noise of zero mean and unit standard deviation.

    Attributes:
        values: (n, n, n) float32, n a power of two.
        cell_mm: distance between lattice samples.
    """

    values: F32
    cell_mm: float

    def __call__(self, x: F32, y: F32, z: F32) -> F32:
        """Return the noise at points in mm, same shape as the (broadcast) coordinates."""
        size = self.values.shape[0]
        mask = size - 1
        flat = self.values.ravel()
        lows, parts = [], []
        for coordinate in (z, y, x):
            place = coordinate / np.float32(self.cell_mm)
            floor = np.floor(place)
            parts.append((place - floor).astype(np.float32))
            lows.append(floor.astype(np.int32))
        z_at = [((lows[0] + n) & mask) * (size * size) for n in (0, 1)]
        y_at = [((lows[1] + n) & mask) * size for n in (0, 1)]
        x_at = [(lows[2] + n) & mask for n in (0, 1)]
        planes = []
        for z_index in z_at:
            lines = []
            for y_index in y_at:
                base = z_index + y_index
                left = flat[base + x_at[0]]
                lines.append(left + parts[2] * (flat[base + x_at[1]] - left))
            planes.append(lines[0] + parts[1] * (lines[1] - lines[0]))
        result: F32 = planes[0] + parts[0] * (planes[1] - planes[0])
        return result


def lattice(
    rng: np.random.Generator,
    wavelength_mm: float,
    *,
    octaves: float = 1.0,
    size: int = LATTICE_SIZE,
) -> Lattice:
    """Return noise whose waves are between ``wavelength_mm`` and 2**octaves times that.

    Args:
        rng: source of randomness.
        wavelength_mm: shortest wave.
        octaves: width of the band; longer waves are stronger (power falls with frequency).
        size: samples per side, a power of two.
    """
    white = rng.standard_normal((size, size, size), dtype=np.float32)
    frequency = np.fft.fftfreq(size)
    last = np.fft.rfftfreq(size)
    radius = np.sqrt(
        frequency[:, None, None] ** 2 + frequency[None, :, None] ** 2 + last[None, None, :] ** 2
    )
    top = 1.0 / CELLS_PER_WAVE
    band = (radius <= top) & (radius >= top / 2**octaves) & (radius > 0)
    shape = np.where(band, 1.0 / np.maximum(radius, 1e-6) ** 1.5, 0.0)
    values = np.fft.irfftn(np.fft.rfftn(white) * shape, s=white.shape, axes=(0, 1, 2))
    values /= values.std()
    return Lattice(values.astype(np.float32), wavelength_mm / CELLS_PER_WAVE)


def shifted(
    points_mm: NDArray[np.float64],
    shifts: tuple[Lattice, Lattice, Lattice],
    *,
    amount_mm: float,
    scale: float,
) -> NDArray[np.float64]:
    """Return where points of the straight standard body lie in the bent patient.

    The inverse of bending (patient / scale + amount * noise(patient)), by fixed-point
    iteration: the noise changes by less than half its size over its own size, so that eight
    rounds are right to a hundredth of a millimetre.

    Args:
        points_mm: (n, 3) in the standard body.
        shifts: noise that moves x, y and z.
        amount_mm: its amplitude.
        scale: size of the patient over the standard.
    """
    patient = points_mm * scale
    for _ in range(8):
        at = patient.astype(np.float32)
        moved = np.stack([noise(at[:, 0], at[:, 1], at[:, 2]) for noise in shifts], axis=1)
        patient = (points_mm - amount_mm * moved) * scale
    return patient
