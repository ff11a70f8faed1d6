"""Measures what an enhancement changed in a series: noise, its color, shifts, lost anatomy.

Everything is taken from a few slices of the original and of the result at full strength, in blocks
side by side: sliding windows would say little more and take twenty times as long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.engine import spectrum
from inference.engine.figures import BODY_HU
from inference.engine.noise import MR_WINDOW_PX, block_statistics, even_tissue
from inference.engine.noise_profile import NoiseProfile
from inference.engine.spectrum import BLOCK_PX
from inference.tasks.change_figures import (
    BlockShift,
    ChangeFigures,
    NoiseParts,
    StructureFigures,
)
from workstation.core.intensity import Padding

SLICES_PER_SAMPLE = 8
"""A slice in eight is looked at, so that measuring stays under 3 % of the time of the model."""

FEWEST_SAMPLES, MOST_SAMPLES = 2, 8


LOCAL_PX = 5
"""Edge of the local mean in which anatomy shows; along the slices it is three."""

EVEN = 0.25
"""Largest part by which the deviation of an even block may differ from the noise of its slice."""

PATCH_PIXELS = 48 * 32**2
"""Pixels of all patches of a slice. Its patches overlap: more add little, and 24 slices of all of
them took 600 MB."""

FEWEST_PATCHES = 6
"""Patches of a slice however large they are."""

LEAST_BLOCKS = 100
"""Blocks without which a figure is not told."""

TAIL = 0.999
"""Share of blocks whose shift is under what is told: the worst of all is mostly the luckiest."""

TAIL_OF_NOISE = 3.29
"""|x| that a share TAIL of a normal variable of unit deviation is under."""

STRUCTURE_SIGMAS = 3.0

Blocks = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What one sampled slice gives, one entry per block or patch.

    What is compared between slices is in units of the slice's own noise; only ``shifts`` are in the
    unit of the volume, with the noise of the slice beside them in ``usual``.
    """

    variances: Blocks
    shifts: Blocks
    usual: Blocks
    even_shifts: Blocks
    local: Blocks
    even_local: Blocks
    gradient: Blocks
    before: Blocks
    change: Blocks


def measure_change(  # noqa: PLR0913 - two volumes, and what is known of them
    voxels: NDArray[Any],
    result: NDArray[Any],
    *,
    modality: str,
    padding: Padding,
    sigma: float,
    noise: NoiseProfile,
    spacing_ij_mm: tuple[float, float],
    left: frozenset[int] = frozenset(),
) -> ChangeFigures:
    """Return what was changed between ``voxels`` and ``result``, both ``[k, j, i]``.

    Args:
        voxels: the original.
        result: the result at full strength.
        modality: ``CT``, with voxels in HU, or another one.
        padding: voxel value or range outside the scanned field.
        sigma: noise of the original as one number; figures of noise are told at this level.
        noise: noise of each slice.
        spacing_ij_mm: pixel spacing.
        left: slices that no model was run on; they say nothing of one.
    """
    if min(noise.sigmas) <= 0:
        return ChangeFigures(slice_indices=noise.indices, slice_sigmas=noise.sigmas)
    seen = [
        _slice_seen(voxels, result, k, modality, padding, noise.at(k), spacing_ij_mm)
        for k in _samples(voxels.shape[0], left)
    ]
    variances, shifts, usual, even_shifts, local, even_local, gradient, before, change = (
        np.concatenate([getattr(each, name) for each in seen]) for name in _Seen.__slots__
    )
    return ChangeFigures(
        noise=_noise(variances, sigma),
        spectrum=spectrum.radial_spectrum(before * sigma, change * sigma, spacing_ij_mm),
        blocks=_blocks(shifts, usual, even_shifts),
        structure=_structure(local, even_local, gradient),
        slice_indices=noise.indices,
        slice_sigmas=noise.sigmas,
    )


def _samples(count: int, left: frozenset[int] = frozenset()) -> list[int]:
    """Return slices spread over the inner part of a volume; ends see fewer neighbors."""
    tried = [k for k in range(count) if k not in left]
    count = len(tried)
    wanted = int(np.clip(count // SLICES_PER_SAMPLE, FEWEST_SAMPLES, MOST_SAMPLES))
    chosen = np.linspace(0, count - 1, min(wanted, count) + 2)[1:-1].round().astype(int)
    return sorted({tried[place] for place in chosen.tolist()})


def _slice_seen(
    voxels: NDArray[Any],
    result: NDArray[Any],
    k: int,
    modality: str,
    padding: Padding,
    sigma: float,
    spacing_ij_mm: tuple[float, float],
) -> _Seen:
    image = voxels[k].astype(np.float64)
    change = result[k] - image
    mean, deviation = block_statistics(image, BLOCK_PX)
    shift = _block_means(change, BLOCK_PX)
    tissue = even_tissue(mean, image, modality, padding)
    even = tissue & (np.abs(deviation - sigma) < EVEN * sigma)
    body = mean > BODY_HU if modality == "CT" else tissue
    local_mean, local, gradient = _local(voxels, result, k)
    local_body = (
        local_mean > BODY_HU
        if modality == "CT"
        else even_tissue(local_mean, image, modality, padding)
    )
    local_even = local_body & _spread_to(even, local.shape)
    before_patches, change_patches = _patches(
        image, change, even, sigma=sigma, spacing_ij_mm=spacing_ij_mm
    )
    return _Seen(
        variances=_variances(image, change, modality, padding, sigma),
        shifts=shift[body],
        usual=np.full(int(body.sum()), sigma),
        even_shifts=shift[even] / sigma,
        local=local[local_body] / sigma,
        even_local=local[local_even] / sigma,
        gradient=gradient[local_body],
        before=before_patches / sigma,
        change=change_patches / sigma,
    )


def _variances(
    image: Blocks, change: Blocks, modality: str, padding: Padding, sigma: float
) -> Blocks:
    """Return (n, 3) parts of the variance of even blocks, in units of the noise.

    MR takes the small blocks of its noise estimate: larger ones hold anatomy.
    """
    edge = BLOCK_PX if modality == "CT" else MR_WINDOW_PX
    mean, before = block_statistics(image, edge)
    change_only = block_statistics(change, edge)[1]
    after = block_statistics(image + change, edge)[1]
    even = even_tissue(mean, image, modality, padding) & (np.abs(before - sigma) < EVEN * sigma)
    shared = (after**2 - before**2 - change_only**2) / 2
    found: Blocks = np.stack([before[even] ** 2, shared[even], change_only[even] ** 2], axis=1)
    return found / sigma**2


def _local(voxels: NDArray[Any], result: NDArray[Any], k: int) -> tuple[Blocks, Blocks, Blocks]:
    """Return mean of the picture, mean change and gradient of blocks of 5 x 5 voxels x 3 slices."""
    around = slice(max(k - 1, 0), k + 2)
    before = voxels[around].mean(axis=0, dtype=np.float64)
    after = result[around].mean(axis=0, dtype=np.float64)
    mean, change = (_block_means(image, LOCAL_PX) for image in (before, after - before))
    if min(mean.shape) < 2:
        return mean, change, np.zeros(mean.shape)
    rows, columns = np.gradient(mean)
    return mean, change, np.hypot(rows, columns)


def _block_means(image: Blocks, edge_px: int) -> Blocks:
    rows, columns = (size // edge_px for size in image.shape)
    cut = image[: rows * edge_px, : columns * edge_px]
    found: Blocks = cut.reshape(rows, edge_px, columns, edge_px).mean(axis=(1, 3))
    return found


def _spread_to(even: NDArray[np.bool_], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return for blocks of LOCAL_PX whether their middle lies in an even block of BLOCK_PX."""
    if even.size == 0:
        return np.zeros(shape, np.bool_)
    at = [
        np.minimum(((np.arange(size) + 0.5) * LOCAL_PX / BLOCK_PX).astype(int), limit - 1)
        for size, limit in zip(shape, even.shape, strict=True)
    ]
    found: NDArray[np.bool_] = even[np.ix_(*at)]
    return found


def _patches(
    image: Blocks,
    change: Blocks,
    even: NDArray[np.bool_],
    *,
    sigma: float,
    spacing_ij_mm: tuple[float, float],
) -> tuple[Blocks, Blocks]:
    """Return even patches of a slice and of its change, both without trend."""
    edge = spectrum.patch_blocks(spacing_ij_mm) * BLOCK_PX
    places = _some(spectrum.even_patches(even, spacing_ij_mm), edge)
    if not places:
        return np.empty((0, edge, edge)), np.empty((0, edge, edge))
    before, after = (
        spectrum.without_trend(np.stack([plane[place] for place in places]))
        for plane in (image, change)
    )
    kept = spectrum.is_even(before, sigma)
    return before[kept], after[kept]


def _some(places: list[tuple[slice, slice]], edge: int) -> list[tuple[slice, slice]]:
    """Return places spread over those there are, no more than their pixels may take."""
    most = max(PATCH_PIXELS // edge**2, FEWEST_PATCHES)
    if len(places) <= most:
        return places
    chosen = np.linspace(0, len(places) - 1, most).round().astype(int)
    return [places[n] for n in chosen]


def _noise(variances: Blocks, sigma: float) -> NoiseParts | None:
    if len(variances) < LEAST_BLOCKS:
        return None
    # Medians: some blocks hold a vessel that the noise of the others hides.
    before, shared, change = (float(value) for value in np.median(variances, axis=0))
    level = sigma**2 / before
    return NoiseParts(sigma**2, shared * level, change * level)


def _blocks(shifts: Blocks, usual: Blocks, even_shifts: Blocks) -> BlockShift | None:
    if min(len(shifts), len(even_shifts)) < LEAST_BLOCKS:
        return None
    noise = _deviation(even_shifts)
    beyond = np.abs(shifts) - TAIL_OF_NOISE * noise * usual
    return BlockShift(
        worst=float(np.abs(shifts).max()),
        noise=noise * float(np.median(usual)),
        beyond_noise=max(float(np.quantile(beyond, TAIL)), 0.0),
        blocks=len(shifts),
    )


def _structure(local: Blocks, even_local: Blocks, gradient: Blocks) -> StructureFigures | None:
    if min(len(local), len(even_local)) < LEAST_BLOCKS:
        return None
    size, noise = np.abs(local), _deviation(even_local)
    if noise <= 0 or size.std() <= 0 or gradient.std() <= 0:
        return None
    return StructureFigures(
        correlation=float(np.corrcoef(size, gradient)[0, 1]),
        share=float(np.mean(size > STRUCTURE_SIGMAS * noise)),
    )


def _deviation(values: Blocks) -> float:
    """Return the standard deviation, as outliers do not see it: by the median of the distance."""
    return float(1.4826 * np.median(np.abs(values - np.median(values))))
