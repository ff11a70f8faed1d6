"""The noise of one series, measured in its even tissue and drawn again with the same color.

Spectrum: see ``inference.engine.spectrum``; what the removed trend takes from the lowest rings is
given back. Between slices, the correlation of the same patches. What is drawn is Gaussian and the
same everywhere: the streaks of a scanner and the fall of noise towards the rim are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.engine import spectrum
from inference.engine.noise import block_statistics, bright_level, even_tissue, spread_indices
from inference.engine.noise_profile import NoiseProfile
from inference.engine.spectrum import BLOCK_PX
from workstation.core.intensity import Padding

LAGS = 4
"""Slices apart up to which correlation is measured: as far as a model of five slices sees."""

SAMPLED_SLICES = 32

PATCHES_PER_SLICE = 24
"""Patches taken from a slice; they overlap, so that more say little."""

EVEN = 0.25
"""Largest part by which an even block's deviation may differ from the noise of its slice."""

LEAST_SHARE = 0.3
"""Part of a ring's power that the removed trend must leave for it to be given back; the rings under
that take the power of the next one."""

WHITE_PATCHES = 300
"""White patches on which that part is taken: known to 2 % and better."""

LEAST_EIGENVALUE = 1e-3
"""Of the correlation matrix; measured ones can be a little under zero."""

Image = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredNoise:
    """Noise of a series in units of its deviation.

    Attributes:
        frequencies_per_mm: rings of frequency, ascending.
        power: mean power of each ring; only ratios count.
        correlation: between slices 1 .. LAGS apart.
        spacing_ij_mm: pixel spacing along i and j.
        patches: patches behind it.
    """

    frequencies_per_mm: Image
    power: Image
    correlation: tuple[float, ...]
    spacing_ij_mm: tuple[float, float]
    patches: int

    @property
    def mean_frequency_per_mm(self) -> float:
        """Mean frequency of the radial spectrum."""
        return float((self.frequencies_per_mm * self.power).sum() / self.power.sum())

    def fields(
        self, random: np.random.Generator, shape_ji: tuple[int, int], *, count: int = LAGS + 1
    ) -> NDArray[np.float32]:
        """Return (count, rows, columns) noise of unit deviation in neighboring slices."""
        amplitude = self._amplitude(shape_ji)
        white = random.standard_normal((count, *shape_ji))
        mixed = np.tensordot(_slice_root(self.correlation, count), white, axes=1)
        colored = np.fft.irfft2(np.fft.rfft2(mixed) * amplitude, shape_ji)
        return (colored / _deviation(amplitude, shape_ji)).astype(np.float32)

    def _amplitude(self, shape_ji: tuple[int, int]) -> Image:
        i_mm, j_mm = self.spacing_ij_mm
        rows, columns = np.fft.fftfreq(shape_ji[0], j_mm), np.fft.rfftfreq(shape_ji[1], i_mm)
        radius = np.hypot(rows[:, None], columns[None, :])
        found: Image = np.sqrt(np.interp(radius, self.frequencies_per_mm, self.power))
        return found


def measure_noise(
    voxels: NDArray[Any],
    profile: NoiseProfile,
    *,
    modality: str,
    padding: Padding,
    spacing_ij_mm: tuple[float, float],
) -> MeasuredNoise | None:
    """Return the noise of a series; None if it shows too little even tissue.

    Args:
        voxels: ``[k, j, i]`` as scanned.
        profile: noise of each slice.
        modality: CT or MR.
        padding: voxel value or range outside the scanned field.
        spacing_ij_mm: pixel spacing along i and j.
    """
    chosen = spread_indices(max(len(voxels) - LAGS, 0), SAMPLED_SLICES)
    bright = None if modality == "CT" or not chosen else bright_level(voxels[chosen], padding)

    def places(k: int, laid_mm: tuple[float, float]) -> list[tuple[slice, slice]]:
        return _even_places(voxels[k], profile.at(k), modality, padding, bright, laid_mm)

    # A brain has no room for patches of the usual size: then the smallest are laid.
    for laid_mm in (spacing_ij_mm, (spectrum.PATCH_MM, spectrum.PATCH_MM)):
        found = _measured(voxels, profile, {k: places(k, laid_mm) for k in chosen}, spacing_ij_mm)
        if found is not None:
            return found
    return None


def _measured(
    voxels: NDArray[Any],
    profile: NoiseProfile,
    places: dict[int, list[tuple[slice, slice]]],
    spacing_ij_mm: tuple[float, float],
) -> MeasuredNoise | None:
    """Return the noise of the patches at some places of some slices; None of too few."""
    patches: list[Image] = []
    products = np.zeros((LAGS, 3))
    for k, here_are in places.items():
        if not here_are:
            continue
        here, is_good = _flattened(voxels[k], here_are, profile.at(k))
        patches.append(here[is_good])
        for lag in range(1, LAGS + 1):
            there, is_also = _flattened(voxels[k + lag], here_are, profile.at(k + lag))
            both = is_good & is_also
            one, other = here[both], there[both]
            products[lag - 1] += (one * other).sum(), (one**2).sum(), (other**2).sum()
    if not patches or not products[:, 1].all():
        return None
    return _noise(np.concatenate(patches), products, spacing_ij_mm)


def _noise(
    patches: Image, products: Image, spacing_ij_mm: tuple[float, float]
) -> MeasuredNoise | None:
    found = spectrum.radial_spectrum(patches, np.zeros_like(patches), spacing_ij_mm)
    if found is None:
        return None
    share = _trend_share(patches.shape[-1], spacing_ij_mm)
    is_whole = share >= LEAST_SHARE
    power = np.array(found.before) / np.where(is_whole, share, 1)
    power[: int(is_whole.argmax())] = power[int(is_whole.argmax())]
    correlation = products[:, 0] / np.sqrt(products[:, 1] * products[:, 2])
    return MeasuredNoise(
        np.array(found.frequencies_per_mm),
        power,
        tuple(float(value) for value in correlation),
        spacing_ij_mm,
        found.patches,
    )


def _even_places(
    plane: NDArray[Any],
    sigma: float,
    modality: str,
    padding: Padding,
    bright: float | None,
    laid_mm: tuple[float, float],
) -> list[tuple[slice, slice]]:
    image = plane.astype(np.float64)
    mean, deviation = block_statistics(image, BLOCK_PX)
    tissue = even_tissue(mean, image, modality, padding, bright=bright)
    even = tissue & (np.abs(deviation - sigma) < EVEN * sigma)
    places = spectrum.even_patches(even, laid_mm)
    return [places[n] for n in spread_indices(len(places), PATCHES_PER_SLICE)] if places else []


def _flattened(
    plane: NDArray[Any], places: list[tuple[slice, slice]], sigma: float
) -> tuple[Image, NDArray[np.bool_]]:
    """Return patches in units of the noise, without trend, and which are even."""
    patches = np.stack([plane[place].astype(np.float64) for place in places])
    flat = spectrum.without_trend(patches / sigma)
    return flat, spectrum.is_even(flat, 1.0)


def _trend_share(edge: int, spacing_ij_mm: tuple[float, float]) -> Image:
    """Return the part of each ring's power that is left without the trend."""
    white = np.random.default_rng(0).standard_normal((WHITE_PATCHES, edge, edge))
    flat = spectrum.without_trend(white)
    found = spectrum.radial_spectrum(flat, np.zeros_like(flat), spacing_ij_mm)
    if found is None:
        raise ValueError("fewer white patches than a spectrum needs")
    return np.array(found.before) / (spacing_ij_mm[0] * spacing_ij_mm[1])


def _slice_root(correlation: tuple[float, ...], count: int) -> Image:
    """Return a square root of the correlation of neighboring slices."""
    lag = np.abs(np.subtract.outer(np.arange(count), np.arange(count)))
    known = np.array([1.0, *correlation, 0.0])
    matrix = known[np.minimum(lag, len(known) - 1)]
    values, vectors = np.linalg.eigh(matrix)
    root: Image = vectors * np.sqrt(np.maximum(values, LEAST_EIGENVALUE))
    return root / np.linalg.norm(root, axis=1, keepdims=True)


def _deviation(amplitude: Image, shape_ji: tuple[int, int]) -> float:
    """Return the deviation of white unit noise after a filter given on the half plane."""
    power = amplitude**2
    twice = slice(1, (shape_ji[1] + 1) // 2)
    whole = power.sum() + power[:, twice].sum()
    return float(np.sqrt(whole / (shape_ji[0] * shape_ji[1])))
