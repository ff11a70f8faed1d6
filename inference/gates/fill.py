"""The gates of a pack that proposes missing pixels, measured through the engine the worker runs.

What was scanned stays as it is; values do not drift; noise alone grows no structure; and what it
proposes is nearer to the truth than linear interpolation, which costs nothing. The truth is drawn
in closed form: tubes that lean through the slices, in tissue with noise.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from inference.engine.fill import fill
from inference.engine.sessions import SessionCache
from inference.packs.manifest import Task, refused
from inference.packs.store import Pack
from inference.tasks.fill import FillFigures, FillRequest
from inference.tasks.gates import GateFigure, GatesResult
from workstation.core.filled import FilledBox, whole_slice
from workstation.core.job import CancelToken

PX = 128
COUNT = 21
SPACING = (0.8, 0.8, 3.0)
SEED = 7

LEVEL = {"CT": 40.0, "MR": 400.0}
"""Tissue of the phantom, in HU or in a signal of the usual size."""

NOISE_SD = 12.0
"""Noise of the phantom: that of slices of 3 mm of a body CT, and 3 % of tissue in MR."""

TUBES = (
    (30.0, 20.0, 1.5, 9.0, 260.0),
    (64.0, 100.0, -2.0, 7.0, -140.0),
    (96.0, 40.0, 2.5, 12.0, 80.0),
    (100.0, 92.0, 0.0, 10.0, 40.0),
)
"""Row, column, columns moved per slice, radius in pixels, contrast of each tube."""

EDGE_PX = 0.8
"""Softness of their edges."""

BLOCK_PX = 8
"""Edge of the blocks whose means tell blotches from noise."""

BIAS_LIMIT = 1.0
"""Shift of the mean in HU, or in units of a signal of 400: what readers take for the same."""

BLOTCH_LIMIT = 1.25
"""Spread of the blocks' means over that of linear interpolation, on noise alone."""

ERROR_LIMIT = 1.0
"""Error over that of linear interpolation: a pack that is no better has no reason to be."""

HELD_LIMIT = 0.01
"""Part of the voxels that may have to be held in the range of what was scanned around them."""

Stack = NDArray[np.int16]


def measure_filler(
    pack: Pack,
    *,
    sessions: SessionCache,
    report: Callable[[float], None] | None = None,
    cancel: CancelToken | None = None,
) -> GatesResult:
    """Return the gates of a pack that proposes missing pixels.

    Args:
        pack: which pack; its model is verified before it is loaded.
        sessions: keeps models for the next run.
        report: called with the part done, 0..1.
        cancel: looked at between slices.

    Raises:
        PackRefusedError: the pack is damaged or is for something else.
        CancelledError: it was cancelled.
    """
    if pack.manifest.task is not Task.FILL:
        raise refused("these gates are for packs that propose missing pixels")
    started = time.monotonic()
    modality = "CT" if "CT" in pack.manifest.modalities else "MR"
    say, token = report or _nothing, cancel or CancelToken()

    def run(voxels: Stack, *boxes: FilledBox) -> tuple[Stack, FillFigures]:
        return _filled(pack, modality, voxels, boxes, sessions=sessions, cancel=token)

    noise = phantom(modality, tubes=False)
    found = _on_noise(noise, run)
    say(0.4)
    tubes, truth = phantom(modality), phantom(modality, noise_sd=0.0)
    found += _on_tubes(tubes, truth, run)
    say(0.8)
    found.append(_untouched(tubes, run))
    say(1.0)
    return GatesResult(
        pack=pack.ref,
        strength=1.0,
        gates=tuple(found),
        figures=(),
        seconds=time.monotonic() - started,
        provider=sessions.get(pack).provider,
    )


def phantom(modality: str, *, tubes: bool = True, noise_sd: float = NOISE_SD) -> Stack:
    """Return (21, 128, 128): tissue with leaning tubes and noise."""
    random = np.random.default_rng(SEED)
    k, j, i = np.indices((COUNT, PX, PX))
    image = np.full(k.shape, LEVEL[modality])
    for row, column, drift, radius, contrast in TUBES if tubes else ():
        middle = column + drift * (k - COUNT // 2)
        away = (np.hypot(j - row, i - middle) - radius) / EDGE_PX
        image += contrast / (1 + np.exp(np.clip(away, -30, 30)))
    noisy = image + random.normal(0, 1, k.shape) * noise_sd
    whole: Stack = np.rint(noisy).astype(np.int16)
    return whole


Run = Callable[..., tuple[Stack, FillFigures]]


def _filled(
    pack: Pack,
    modality: str,
    voxels: Stack,
    boxes: tuple[FilledBox, ...],
    *,
    sessions: SessionCache,
    cancel: CancelToken,
) -> tuple[Stack, FillFigures]:
    given, result = voxels.copy(), voxels.copy()
    for box in boxes:
        given[box.k, slice(*box.rows), slice(*box.columns)] = 0
    request = FillRequest(pack.manifest.pack_id, modality, SPACING, boxes)
    done = fill(
        pack,
        request,
        given,
        result,
        sessions=sessions,
        report=lambda _part, _slices: None,
        cancel=cancel,
    )
    return result, done.figures


def _on_noise(noise: Stack, run: Run) -> list[GateFigure]:
    places = list(range(2, COUNT - 2, 3))
    result, figures = run(noise, *(whole_slice(k, _shape(noise)) for k in places))
    made, plain = result[places].astype(np.float64), _linear(noise, places)
    bias = float(made.mean() - noise.mean())
    blotches = float(_blocks(made).std() / _blocks(plain).std())
    held = figures.voxels_held / figures.voxels
    return [
        GateFigure("shift of the mean on noise alone", bias, "", -BIAS_LIMIT, BIAS_LIMIT),
        GateFigure("blotches on noise alone, over linear", blotches, "", None, BLOTCH_LIMIT),
        GateFigure("voxels held in the scanned range", held, "", None, HELD_LIMIT),
    ]


def _on_tubes(tubes: Stack, truth: Stack, run: Run) -> list[GateFigure]:
    ones = list(range(3, COUNT - 3, 4))
    pairs = [k + n for k in range(3, COUNT - 4, 6) for n in (0, 1)]
    found = []
    for name, places in (("one slice missing", ones), ("two slices missing", pairs)):
        result, _ = run(tubes, *(whole_slice(k, _shape(tubes)) for k in places))
        error = _error(result[places], truth[places]) / _error(
            _linear(tubes, places), truth[places]
        )
        found.append(GateFigure(f"error, {name}, over linear", error, "", None, ERROR_LIMIT))
    return found


def _untouched(tubes: Stack, run: Run) -> GateFigure:
    box = FilledBox(COUNT // 2, (40, 72), (16, 112))
    result, _ = run(tubes, box)
    is_scanned = np.ones((PX, PX), dtype=np.bool_)
    is_scanned[slice(*box.rows), slice(*box.columns)] = False
    change = np.abs(result[box.k].astype(int) - tubes[box.k])[is_scanned].max()
    return GateFigure("change of what was scanned", float(change), "", None, 0.0)


def _linear(voxels: Stack, places: list[int]) -> NDArray[np.float64]:
    """Return linear interpolation between the slices that are left."""
    planes = []
    for k in places:
        lower, upper = k - 1, k + 1
        while lower in places:
            lower -= 1
        while upper in places:
            upper += 1
        share = (k - lower) / (upper - lower)
        planes.append((1 - share) * voxels[lower] + share * voxels[upper])
    return np.stack(planes)


def _error(made: NDArray[np.generic], truth: Stack) -> float:
    return float(np.sqrt(np.mean((made.astype(np.float64) - truth) ** 2)))


def _blocks(planes: NDArray[np.float64]) -> NDArray[np.float64]:
    count, size = len(planes), PX // BLOCK_PX
    parts = planes.reshape(count, size, BLOCK_PX, size, BLOCK_PX)
    found: NDArray[np.float64] = parts.mean(axis=(2, 4))
    return found


def _shape(voxels: Stack) -> tuple[int, int, int]:
    count, rows, columns = voxels.shape
    return count, rows, columns


def _nothing(_part: float) -> None:
    """Take progress that nobody watches."""
