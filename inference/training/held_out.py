"""A new pack beside the one it was made from, on slices of the series that were not trained on.

Both get the slices with as much noise added as they have (``z = y + e``), and what they give is
compared with ``y - e``. Of ``z`` alone nobody can tell the noise of the scan from the added one, so
that this target is off from the unknown clean image by noise that no result of ``z`` shares: the
difference of two errors against it is, in the mean, that of their errors against the truth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from inference.engine.noise import spread_indices
from inference.gates.draws import Model
from inference.training import simulate
from inference.training.banks import SLICES
from inference.training.series_batches import OwnSeries, seen_through

MOST_SLICES = 8
"""Slices compared, spread over those held out; each is run through both models twice."""

LARGEST_PX = 256
"""Edge of the middle part of a slice that is compared."""

BLOCK_PX = 8
"""Blocks whose mean says whether they show the patient: one pixel's noise must not choose."""

BODY_HU = -500.0

Stack = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Compared:
    """Figures of one pack, by slice, in noise deviations of the series.

    Attributes:
        squared: mean squared error against the target, at the strength.
        squared_full: the same at full strength.
        kept: contrast of inserted lesions that comes back at the strength.
    """

    squared: tuple[float, ...]
    squared_full: tuple[float, ...]
    kept: tuple[float, ...]


def held_out_middles(count: int) -> tuple[int, ...]:
    """Return the slices held out of a series, each with its neighbors; they lie side by side."""
    block = max(SLICES + 2, round(0.2 * count))
    first = round(0.4 * count)
    half = SLICES // 2
    return tuple(range(first + half, first + block - half))


def trained_middles(count: int) -> tuple[int, ...]:
    """Return the slices around which patches may lie: none of them sees a slice held out."""
    half = SLICES // 2
    held = held_out_middles(count)
    first, last = held[0] - half, held[-1] + half
    return tuple(k for k in range(half, count - half) if k + half < first or k - half > last)


def compare(
    series: OwnSeries,
    models: tuple[tuple[Model, float], ...],
    *,
    seed: int,
    done: Callable[[float], None] = lambda _fraction: None,
) -> tuple[Compared, ...]:
    """Return the figures of each model on the same slices under the same noise.

    Args:
        series: the whole series; only slices held out are looked at.
        models: each takes slices and noise in the unit of the volume; with its strength.
        seed: of noise and lesions.
        done: called with the part done; may raise to stop.
    """
    middles = held_out_middles(len(series.voxels))
    chosen = [middles[n] for n in spread_indices(len(middles), MOST_SLICES)]
    found: list[list[tuple[float, float, float]]] = [[] for _ in models]
    for k in chosen:
        scene = _scene(series, k, np.random.default_rng((seed, k)))
        for rows, (model, strength) in zip(found, models, strict=True):
            rows.append(_figures(scene, model, strength))
            done(sum(len(each) for each in found) / (len(models) * len(chosen)))
    return tuple(Compared(*zip(*rows, strict=True)) for rows in found)


@dataclass(frozen=True, slots=True, eq=False)
class _Scene:
    """One slice with its neighbors, unit of the volume; ``floor`` is its noise."""

    noisy: Stack
    marked: Stack
    target: Stack
    lesion: Stack
    body: NDArray[np.bool_]
    floor: float


def _scene(series: OwnSeries, k: int, random: np.random.Generator) -> _Scene:
    rows, columns = (_middle(n) for n in series.voxels.shape[1:])
    slices, sigma = series.prepared(k, rows, columns)
    floor = series.profile.at(k)
    given = torch.from_numpy(slices * np.float32(floor / sigma))
    shape = (given.shape[1], given.shape[2])
    drawn = np.stack([series.noise.fields(random, shape) for _ in range(2)])
    added = floor * torch.from_numpy(drawn)
    lesion = _lesions(random, shape) * float(np.sqrt(2) * floor)
    if series.modality != "CT":
        lesion = lesion * (given > 2 * floor)
    half = SLICES // 2
    return _Scene(
        seen_through(series, given, added).numpy(),
        seen_through(series, given + lesion, added).numpy(),
        (given - added[0])[half].numpy(),
        lesion[half].numpy(),
        _body(series, given[half].numpy(), floor),
        floor,
    )


def _middle(size: int) -> slice:
    edge = min(size, LARGEST_PX) // BLOCK_PX * BLOCK_PX
    first = (size - edge) // 2
    return slice(first, first + edge)


def _lesions(random: np.random.Generator, shape: tuple[int, int]) -> torch.Tensor:
    edge = max(shape)
    drawn = simulate.faint_lesions(random, edge, slices=SLICES)
    return drawn[:, : shape[0], : shape[1]]


def _body(series: OwnSeries, plane: Stack, floor: float) -> NDArray[np.bool_]:
    rows, columns = (size // BLOCK_PX for size in plane.shape)
    means = plane.reshape(rows, BLOCK_PX, columns, BLOCK_PX).mean(axis=(1, 3))
    is_body = means > (BODY_HU if series.modality == "CT" else 2 * 5.0 * floor)
    found: NDArray[np.bool_] = np.kron(is_body, np.ones((BLOCK_PX, BLOCK_PX), np.bool_))
    return found


def _figures(scene: _Scene, model: Model, strength: float) -> tuple[float, float, float]:
    told = float(np.sqrt(2) * scene.floor)
    half = SLICES // 2
    plain, marked = model(scene.noisy, told), model(scene.marked, told)

    def squared(share: float) -> float:
        shown = scene.noisy[half] + share * (plain - scene.noisy[half])
        errors = (shown - scene.target)[scene.body] / scene.floor
        return float(np.mean(errors.astype(np.float64) ** 2)) if errors.size else 0.0

    came_back = strength * (marked - plain)
    came_back = came_back + (1 - strength) * (scene.marked - scene.noisy)[half]
    lesion = scene.lesion * scene.body
    kept = float((came_back * lesion).sum() / max(float((lesion**2).sum()), 1e-9))
    return squared(strength), squared(1.0), kept
