"""How the noise of a CT changes from slice to slice: the tube's current follows the patient.

The shape of the profile comes from the grain: what a voxel differs from its four neighbors at a
fixed distance, whose median no vessel moves, compared cell by cell with the same place of other
slices. Its height comes from the most usual deviation of even tissue, as for one number.

Only the direction along the slices is told. A map over the plane was tried and left out: on
simulated noise of real bodies it was right to 18 % where one number was right to 26 %, but no
result came nearer to the truth by more than 1 %, and on brain MR it took anatomy for noise and made
results worse. A profile is used for CT alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.engine.noise import (
    block_statistics,
    deviation_mode,
    even_tissue,
    spread_indices,
    window_px,
)
from workstation.core.intensity import Padding

SAMPLED_SLICES = 24
"""Slices looked at; each costs five milliseconds before the first slice can be shown, and the
current changes over centimeters."""

FEWEST_SLICES = 8
"""Sampled slices under which a profile is no more than the scatter of its points."""

GRAIN_MM = 1.6
"""Distance of the four neighbors: in the middle of the band of body kernels, whatever the pixel."""

CELL_MM = 18.0
"""Edge of the cells that are compared between slices: wide enough for a steady median, small enough
for a cell to stay inside one organ."""

TISSUE_HU = (-160.0, 160.0)
"""Means of the four neighbors that count: fat and soft tissue, not the edges of lung and bone."""

CELL_SHARE = 0.35
"""Share of a cell that must be such tissue."""

CELLS_PER_SLICE = 12
"""Cells from which a slice says something of its own; others take over from their neighbors."""

SMOOTHING = 1.2
"""Width of the smoothing along the sampled slices, in samples."""

POLISHES = 5
"""Rounds of the median polish; it stands still after three."""

LOWEST, HIGHEST = 0.5, 2.0
"""Part of the one number that the profile stays between; beyond it would be a guess."""

LEAST_CHANGE = 1.2
"""Highest over lowest noise from which a profile is used. It is known to 3 to 8 %, so that under
this one number is as right, and a series with a steady current is done as it always was."""


@dataclass(frozen=True, slots=True)
class NoiseProfile:
    """Noise standard deviation of each slice.

    Attributes:
        indices: slices looked at, ascending.
        sigmas: their noise, unit of the volume; one entry where the noise is the same everywhere.
    """

    indices: tuple[int, ...]
    sigmas: tuple[float, ...]

    @property
    def is_flat(self) -> bool:
        """Whether every slice has the same noise."""
        return len(self.sigmas) == 1

    def at(self, k: int) -> float:
        """Return the noise of slice k, between two slices that were looked at by a line."""
        return float(np.interp(k, self.indices, self.sigmas))


def within(profile: NoiseProfile, low: float, high: float) -> NoiseProfile:
    """Return the profile held between two noise levels, e.g. what a model was trained on."""
    return replace(profile, sigmas=tuple(min(max(s, low), high) for s in profile.sigmas))


def steady(sigma: float) -> NoiseProfile:
    """Return the profile of one number."""
    return NoiseProfile((0,), (sigma,))


def estimate_profile(
    voxels: NDArray[Any], *, modality: str, padding: Padding, sigma: float, pixel_mm: float
) -> NoiseProfile:
    """Return how noise changes along a volume; steady where it does not or cannot be told.

    Args:
        voxels: ``[k, j, i]``.
        modality: a profile is told for ``CT`` alone, whose voxels are HU.
        padding: voxel value or range outside the scanned field.
        sigma: the noise of the volume as one number, see ``noise.estimate_sigma``.
        pixel_mm: pixel spacing.
    """
    chosen = spread_indices(voxels.shape[0], SAMPLED_SLICES)
    if modality != "CT" or sigma <= 0 or pixel_mm <= 0 or len(chosen) < FEWEST_SLICES:
        return steady(sigma)
    grain = np.stack([_grain(voxels[k], pixel_mm) for k in chosen])
    counts = np.isfinite(grain).sum(axis=1)
    if (counts >= CELLS_PER_SLICE).sum() < FEWEST_SLICES:
        return steady(sigma)
    shape = _smoothed(_polished(grain), np.where(counts >= CELLS_PER_SLICE, counts, 0))
    level = _level(voxels, chosen, shape, padding=padding, block_px=window_px(pixel_mm))
    if level is None:
        return steady(sigma)
    sigmas = np.clip(level * np.exp(shape), LOWEST * sigma, HIGHEST * sigma)
    if sigmas.max() < LEAST_CHANGE * sigmas.min():
        return steady(sigma)
    return NoiseProfile(tuple(chosen), tuple(float(value) for value in sigmas))


def _grain(plane: NDArray[Any], pixel_mm: float) -> NDArray[np.float64]:
    """Return the logarithm of the grain of each cell of a slice; NaN where it is not tissue."""
    step, cell = max(1, round(GRAIN_MM / pixel_mm)), max(6, round(CELL_MM / pixel_mm / 2))
    image = plane.astype(np.float32)
    if min(image.shape) <= 2 * step + 2 * cell:
        return np.full(1, np.nan)
    inner, low, high = slice(step, -step), slice(None, -2 * step), slice(2 * step, None)
    around = image[low, inner] + image[high, inner] + image[inner, low] + image[inner, high]
    around *= np.float32(0.25)
    # Every second row and column: neighboring voxels say the same twice, and time is short.
    differs = np.abs(image[inner, inner] - around)[::2, ::2]
    around = around[::2, ::2]
    differs[(around < TISSUE_HU[0]) | (around > TISSUE_HU[1])] = np.inf
    rows, columns = (size // cell for size in differs.shape)
    cells = differs[: rows * cell, : columns * cell].reshape(rows, cell, columns, cell)
    flat = np.sort(cells.transpose(0, 2, 1, 3).reshape(rows * columns, -1), axis=1)
    counts = np.isfinite(flat).sum(axis=1)
    middle = flat[np.arange(len(flat)), np.minimum(counts // 2, flat.shape[1] - 1)]
    is_tissue = (counts > CELL_SHARE * flat.shape[1]) & (middle > 0)
    found: NDArray[np.float64] = np.full(len(flat), np.nan)
    found[is_tissue] = np.log(middle[is_tissue])
    return found


def _polished(grain: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what each slice adds to the logarithms beyond what its places always have.

    Tukey's median polish: a slice through the shoulders has other cells than one through the neck,
    and cells near the skin have less noise in every slice.
    """
    added = _medians(grain)
    for _ in range(POLISHES):
        usual = _medians((grain - added[:, None]).T)
        added = _medians(grain - usual[None, :])
    return added


def _medians(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the median of what is finite in each row; 0 for a row without anything."""
    ordered = np.sort(rows, axis=1)  # NaN last
    counts = np.isfinite(ordered).sum(axis=1)
    upper = ordered[np.arange(len(rows)), np.minimum(counts // 2, rows.shape[1] - 1)]
    lower = ordered[np.arange(len(rows)), np.maximum(counts - 1, 0) // 2]
    found: NDArray[np.float64] = np.where(counts > 0, (upper + lower) / 2, 0.0)
    return found


def _smoothed(added: NDArray[np.float64], weights: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the profile smoothed along the slices, around the mean of 0."""
    place = np.arange(len(added))
    near = np.exp(-0.5 * ((place[:, None] - place[None, :]) / SMOOTHING) ** 2) + 1e-9
    smooth: NDArray[np.float64] = (near @ (added * weights)) / (near @ weights)
    return smooth - float(np.average(smooth, weights=weights))


def _level(
    voxels: NDArray[Any],
    chosen: list[int],
    shape: NDArray[np.float64],
    *,
    padding: Padding,
    block_px: int,
) -> float | None:
    """Return the noise where the profile is 0: the mode of deviations less their profile."""
    deviations = []
    for k, log in zip(chosen, shape, strict=True):
        image = voxels[k].astype(np.float64)
        mean, deviation = block_statistics(image, block_px)
        deviations.append(deviation[even_tissue(mean, image, "CT", padding)] / np.exp(log))
    return deviation_mode(np.concatenate(deviations), is_ct=True)
