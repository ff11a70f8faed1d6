"""Figures of a physicist's test: bias, contrast, texture, edges, flicker, what was invented."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inference.gates.draws import (
    INSERT_MM,
    MITA,
    SIGMA,
    TISSUES,
    Draws,
    Pair,
    distance_mm,
    insert_places,
    rod_places,
)
from inference.gates.observer import channel_outputs, gain
from inference.gates.scanner import PIXEL_MM, SIZE_PX, WATER_RADIUS_MM

INNER = 0.6
"""Part of a disc's radius inside which no edge is felt."""

CORE = 0.5
"""Part of a rod's diameter across which its contrast is taken."""

TEXTURE_PX = 64
"""Edge of the regions whose noise spectrum is taken."""

EDGE_BIN_MM = 0.15
"""Bins of an edge profile, a fifth of a pixel."""

EDGE_REACH_MM = 6.0

BLOCK_PX = 8
"""Edge of the blocks whose mean is followed from slice to slice: 6 mm."""

LESION_MM = 5.0
"""Diameter of the lesion that is searched for where there is none."""

Image = NDArray[np.float64]
Stack = NDArray[np.float32]


def water() -> NDArray[np.bool_]:
    """Return where the disc is water, away from its edge."""
    middle = SIZE_PX // 2
    found: NDArray[np.bool_] = distance_mm(middle, middle) < 0.85 * WATER_RADIUS_MM
    return found


def noise_left(pair: Pair, strength: float) -> float:
    """Return the noise after over the noise before, in water."""
    inside = water()
    shown = pair.at(strength)
    return float(
        np.sqrt(shown[:, inside].var(axis=0).mean() / pair.before[:, inside].var(axis=0).mean())
    )


def water_bias(draws: Draws, strength: float) -> float:
    """Return mean(shown - truth) in water; the truth is what was drawn before any noise."""
    return float((draws.plain.at(strength) - draws.objects)[:, water()].mean())


def tissue_biases(draws: Draws, modality: str, strength: float) -> list[tuple[str, float]]:
    """Return mean(shown - truth) inside each large insert."""
    found = []
    shown = draws.inserts.at(strength)
    for (name, value), place in zip(TISSUES[modality], insert_places(modality), strict=True):
        inside = distance_mm(*place) < INNER * INSERT_MM / 2
        truth = float(draws.objects[SIZE_PX // 2, SIZE_PX // 2]) + value
        found.append((name, float(shown[:, inside].mean() - truth)))
    return found


def contrast_kept(marked: Pair, plain: Pair, rods: Image, strength: float) -> list[float]:
    """Return, per kind of rod, its contrast after over before."""
    count = len(marked.before)
    difference = (marked.at(strength) - plain.at(strength)[:count]).mean(axis=0)
    kept = []
    for kind, (diameter, _) in enumerate(MITA):
        inside = np.any(
            [distance_mm(*place) < CORE * diameter / 2 for place in rod_places(kind)], axis=0
        )
        kept.append(float(difference[inside].mean() / rods[inside].mean()))
    return kept


def detectability_gains(
    draws: Draws, strength: float, *, is_thin: bool = False
) -> list[tuple[float, float]]:
    """Return, per kind of rod, d' after over d' before and its 95 % half width.

    ``is_thin`` takes rods that lie in the middle slice only.
    """
    found = []
    marked = draws.thin if is_thin else draws.marked
    count = len(marked.before)
    for kind in range(len(MITA)):
        places = [(int(row), int(column)) for row, column in rod_places(kind)]

        def outputs(images: Stack, at: list[tuple[int, int]] = places) -> Image:
            return channel_outputs(images.astype(np.float64), at)

        before = outputs(draws.plain.before[:count]), outputs(marked.before)
        after = outputs(draws.plain.at(strength)[:count]), outputs(marked.at(strength))
        found.append(gain(before, after, seed=kind))
    return found


def texture_shift(pair: Pair, strength: float) -> float:
    """Return the relative shift of the mean frequency of the noise power spectrum."""
    return mean_frequency(pair.at(strength)) / mean_frequency(pair.before) - 1


def mean_frequency(images: Stack) -> float:
    """Return the mean frequency of the noise in the middle of the disc, 1/mm, radially averaged."""
    noise = images - images.mean(axis=0)
    first = SIZE_PX // 2 - TEXTURE_PX
    power = np.zeros((TEXTURE_PX, TEXTURE_PX))
    for row in (first, first + TEXTURE_PX):
        for column in (first, first + TEXTURE_PX):
            part = noise[:, row : row + TEXTURE_PX, column : column + TEXTURE_PX]
            power += (np.abs(np.fft.fft2(part)) ** 2).mean(axis=0)
    axis = np.fft.fftfreq(TEXTURE_PX, PIXEL_MM)
    radius = np.hypot(axis[:, None], axis[None, :])
    # The mean over the radial spectrum, as physicists plot it: each ring counts once.
    rings = np.rint(radius * TEXTURE_PX * PIXEL_MM).astype(int).ravel()
    profile = np.bincount(rings, power.ravel()) / np.bincount(rings)
    last = TEXTURE_PX // 2
    frequency = np.arange(last + 1) / (TEXTURE_PX * PIXEL_MM)
    return float((profile[: last + 1] * frequency).sum() / profile[: last + 1].sum())


def edge_changes(draws: Draws, modality: str, strength: float) -> list[tuple[str, float]]:
    """Return the relative change of f50 at the edge of each large insert."""
    before, after = draws.inserts.before.mean(axis=0), draws.inserts.at(strength).mean(axis=0)
    found = []
    for (name, value), place in zip(TISSUES[modality], insert_places(modality), strict=True):
        if abs(value) >= LEAST_EDGE:
            change = edge_f50(after, place) / edge_f50(before, place) - 1
            found.append((name, change))
    return found


LEAST_EDGE = 90.0
"""Contrast from which an edge is sharp enough against the noise for its f50 to be told."""


def edge_f50(image: Image, place: tuple[float, float]) -> float:
    """Return where the modulation transfer of an insert's edge falls to a half, 1/mm."""
    offset = distance_mm(*place) - INSERT_MM / 2
    near = np.abs(offset) < EDGE_REACH_MM
    bins = np.floor((offset[near] + EDGE_REACH_MM) / EDGE_BIN_MM).astype(int)
    profile = np.bincount(bins, image[near]) / np.maximum(np.bincount(bins), 1)
    line = np.diff(profile) * np.hanning(len(profile) - 1)
    padded = np.abs(np.fft.rfft(line, 4096))
    transfer = padded / padded[0]
    frequency = np.fft.rfftfreq(4096, EDGE_BIN_MM)
    below = int(np.argmax(transfer < 0.5))
    return float(
        np.interp(0.5, transfer[below : below - 2 : -1], frequency[below : below - 2 : -1])
    )


def flicker(pair: Pair, strength: float) -> float:
    """Return how much block means change from slice to slice, after over before."""
    return _flicker(pair.at(strength)) / _flicker(pair.before)


def _flicker(images: Stack) -> float:
    first, last = SIZE_PX // 2 - 8 * BLOCK_PX, SIZE_PX // 2 + 8 * BLOCK_PX
    part = images[:, first:last, first:last].astype(np.float64)
    blocks = part.reshape(len(part), 16, BLOCK_PX, 16, BLOCK_PX).mean(axis=(2, 4))
    return float(np.sqrt(np.mean(np.diff(blocks, axis=0) ** 2)))


def largest_change(draws: Draws) -> float:
    """Return the largest change of any voxel at full strength, in noise deviations."""
    pairs = (draws.plain, draws.marked, draws.thin, draws.inserts, draws.run, draws.folds)
    return max(float(np.abs(pair.after - pair.before).max()) for pair in pairs) / SIGMA


def invented(pair: Pair, strength: float) -> tuple[float, float]:
    """Return what a search for lesions finds in water without any.

    The first is the strongest response after over before (99.99th percentile, in HU); the second is
    the excess kurtosis of the responses, which blobs and worms raise above the 0 of noise.
    """
    before, after = _responses(pair.before), _responses(pair.at(strength))
    strongest = np.percentile(np.abs(after), 99.99) / np.percentile(np.abs(before), 99.99)
    centred = after - after.mean()
    kurtosis = float((centred**4).mean() / (centred**2).mean() ** 2 - 3)
    return float(strongest), kurtosis


def _responses(images: Stack) -> Image:
    """Return the responses to a small lesion less its surroundings, in the inner water."""
    size = 2 * TEXTURE_PX
    first = SIZE_PX // 2 - TEXTURE_PX
    part = images[:, first : first + size, first : first + size].astype(np.float64)
    axis = np.fft.fftfreq(size, PIXEL_MM)
    squared = axis[:, None] ** 2 + axis[None, :] ** 2
    inner, outer = LESION_MM / 2.5, LESION_MM
    band = np.exp(-2 * np.pi**2 * squared * (inner / 2) ** 2)
    band = band - np.exp(-2 * np.pi**2 * squared * (outer / 2) ** 2)
    edge = int(2 * LESION_MM / PIXEL_MM)
    found = np.fft.ifft2(np.fft.fft2(part) * band).real
    return found[:, edge:-edge, edge:-edge]
