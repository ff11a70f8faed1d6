"""Running an enhancement pack over a volume, slice by slice, its promises checked as it goes.

A slice whose result breaks the pack's bound (denoising) or consistency (super-resolution), or is
not finite, is left as the original and counted, so that the reader can be told.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.engine import memory
from inference.engine.figures import FigureCounter
from inference.engine.noise import estimate_sigma, sampled_slices
from inference.engine.sessions import Session, SessionCache
from inference.engine.tiles import tiles
from inference.ops.frame import Frame, gather
from inference.ops.steps import bind, finish, prepare
from inference.packs.manifest import Manifest, Step
from inference.packs.store import Pack
from inference.tasks.denoise import DenoiseRequest, EnhancementFigures, EnhanceResult
from inference.tasks.super_resolve import SuperResolveRequest
from workstation.core.errors import InputRefusedError
from workstation.core.intensity import Padding
from workstation.core.job import CancelToken

Report = Callable[[float, tuple[int, ...]], None]
"""Takes the part done, 0..1, and the slices of the result that are complete."""

ROUNDING = 0.5
"""Most that rounding to whole numbers adds to a change; results of int16 volumes are rounded."""

BOUND_SLACK = 1e-3
"""Relative slack of the bound for float32 arithmetic."""


@dataclass(frozen=True, slots=True)
class _Run:
    """What stays the same for every slice of one run."""

    manifest: Manifest
    session: Session
    before: tuple[Step, ...]
    sigma: float
    bound: float
    padding: Padding
    is_rounded: bool


def enhance(
    pack: Pack,
    request: DenoiseRequest | SuperResolveRequest,
    voxels: NDArray[Any],
    result: NDArray[Any],
    *,
    sessions: SessionCache,
    report: Report,
    cancel: CancelToken,
) -> EnhanceResult:
    """Enhance ``voxels`` into ``result`` and return what was done.

    Args:
        pack: which pack; its model is verified before it is loaded.
        request: the task; a denoising starts at its ``first_index``.
        voxels: ``[k, j, i]`` int16 or float32.
        result: array of the same dtype, as large as the task makes it; written slice by slice.
        sessions: keeps models for the next run.
        report: called after each slice.
        cancel: looked at before each slice.

    Raises:
        InputRefusedError: noise outside the range the pack was trained on, or no signal.
        PackRefusedError: the pack is damaged or does not fit its manifest.
        WorkerOutOfMemoryError: it would not fit into memory.
        CancelledError: it was cancelled.
    """
    started = time.monotonic()
    _require_memory(pack.manifest, voxels.shape)
    sigma = _trained_sigma(pack.manifest, request, voxels)
    run = _prepare_run(pack, request, voxels, sigma=sigma, session=sessions.get(pack))
    first = request.first_index if isinstance(request, DenoiseRequest) else 0
    counter, left, worst = FigureCounter(request.modality), 0, 0.0
    sampled = set(sampled_slices(voxels.shape[0]))
    order = nearest_first(voxels.shape[0], first)
    for done, k in enumerate(order, start=1):
        cancel.raise_if_cancelled()
        frame = gather(voxels, k, pack.manifest.input.neighbours, padding=request.padding)
        slices, broken = _one(run, frame)
        result[_targets(k, slices)] = slices
        left += 1 if broken else 0
        counter.add_change(_largest_change(slices, frame))
        worst = max(worst, _inconsistency(slices, frame.original))
        if k in sampled:
            counter.add_slice(frame.original, slices.mean(axis=0, dtype=np.float32))
        report(done / len(order), tuple(range(k * len(slices), (k + 1) * len(slices))))
    seconds = time.monotonic() - started
    return EnhanceResult(
        pack.ref,
        EnhancementFigures(
            sigma_before=sigma,
            sigma_after=_sigma(request, result),
            bias=counter.bias,
            bias_by_tissue=counter.bias_by_tissue,
            largest_change=counter.largest_change,
            bound=run.bound,
            consistency=worst,
            seconds=seconds,
            slices_per_s=len(order) / max(seconds, 1e-9),
            provider=run.session.provider,
            slices_left_original=left,
        ),
    )


def nearest_first(count: int, first: int) -> list[int]:
    """Return all slice indices, the nearest to ``first`` first; of two alike the higher one."""
    return sorted(range(count), key=lambda k: (abs(k - first), -k))


def _require_memory(manifest: Manifest, shape_kji: tuple[int, ...]) -> None:
    largest = manifest.tiles.largest_px
    pixels = min(shape_kji[1], largest) * min(shape_kji[2], largest)
    memory.require(manifest.memory.estimate_bytes(pixels), memory.available())


def _trained_sigma(
    manifest: Manifest, request: DenoiseRequest | SuperResolveRequest, voxels: NDArray[Any]
) -> float:
    """Return the noise of the volume; refuse what the pack was not trained on."""
    sigma = _sigma(request, voxels)
    trained = manifest.input.noise
    if trained is None:
        return sigma
    if sigma == 0:
        raise InputRefusedError(
            "This series cannot be denoised",
            why="its noise cannot be told: there is too little even soft tissue in it",
        )
    level, unit = _noise_unit(manifest, request, voxels)
    if sigma / level not in trained:
        raise InputRefusedError(
            "This series cannot be denoised",
            why=f"its noise is {sigma / level:.3g} {unit}; the model was trained on "
            f"{trained.low:g} to {trained.high:g} {unit}",
        )
    return sigma


def _noise_unit(
    manifest: Manifest, request: DenoiseRequest | SuperResolveRequest, voxels: NDArray[Any]
) -> tuple[float, str]:
    """Return what the pack's range of noise counts in, and its name.

    MR has no unit of its own: a pack that scales by a percentile counts noise in shares of it.
    """
    if all(step.name != "scale_by_percentile" for step in manifest.before):
        return 1.0, manifest.input.unit
    steps = [step for step in manifest.before if step.name == "scale_by_percentile"]
    (scale,) = bind(steps[:1], voxels, request.padding)
    return 1 / scale.parameters["factor"], "of its bright signal"


def _sigma(request: DenoiseRequest | SuperResolveRequest, voxels: NDArray[Any]) -> float:
    return estimate_sigma(voxels, modality=request.modality, padding=request.padding) or 0.0


def _prepare_run(
    pack: Pack,
    request: DenoiseRequest | SuperResolveRequest,
    voxels: NDArray[Any],
    *,
    sigma: float,
    session: Session,
) -> _Run:
    manifest = pack.manifest
    return _Run(
        manifest=manifest,
        session=session,
        before=bind(manifest.before, voxels, request.padding),
        sigma=sigma,
        bound=manifest.output.bound_sigmas * sigma,
        padding=request.padding,
        is_rounded=bool(np.issubdtype(voxels.dtype, np.integer)),
    )


def _one(run: _Run, frame: Frame) -> tuple[NDArray[np.float32], bool]:
    """Return the result slices of one frame, and whether they had to be left as the original."""
    prepared = prepare(frame, run.before)
    slices = finish(_infer(run, prepared), prepared, run.manifest.after)
    if run.is_rounded:
        slices = _rounded(slices, frame.original)
    if _keeps_promises(run, slices, frame):
        return slices, False
    return np.repeat(frame.original[None], len(slices), axis=0), True


def _infer(run: _Run, frame: Frame) -> NDArray[np.float32]:
    multiple = run.manifest.input.size_multiple
    shape = (frame.slices.shape[1], frame.slices.shape[2])
    channels = 2 if run.manifest.output.kind == "slice_pair" else 1
    result = np.empty((channels, *shape), np.float32)
    for tile in tiles(shape, run.manifest.tiles, multiple):
        part = frame.slices[(slice(None), *tile.run_ji)]
        height, width = part.shape[1:]
        margins = ((0, 0), (0, -height % multiple), (0, -width % multiple))
        part = np.ascontiguousarray(np.pad(part, margins, mode="edge"))
        # The model sees the noise in the unit that the steps made of the slices.
        sigma = np.full((1, 1, *part.shape[1:]), run.sigma * frame.scale, np.float32)
        output = run.session.run({"slices": part[None], "sigma": sigma})[0]
        result[(slice(None), *tile.keep_ji)] = output[(slice(None), *tile.core_ji)]
    return result


def _rounded(slices: NDArray[np.float32], original: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return whole numbers; of a pair the second follows from the first, so that the mean stays."""
    if not np.isfinite(slices).all():
        return slices
    limits = np.iinfo(np.int16)
    first: NDArray[np.float32] = np.clip(np.rint(slices[0]), limits.min, limits.max)
    if len(slices) == 1:
        return first[None]
    first = np.clip(first, 2 * original - limits.max, 2 * original - limits.min)
    pair: NDArray[np.float32] = np.stack([first, 2 * original - first])
    return pair


def _keeps_promises(run: _Run, slices: NDArray[np.float32], frame: Frame) -> bool:
    if not np.isfinite(slices).all():
        return False
    output = run.manifest.output
    if output.bound_sigmas > 0:
        allowed = run.bound * (1 + BOUND_SLACK) + (ROUNDING if run.is_rounded else BOUND_SLACK)
        if _largest_change(slices, frame) > allowed:
            return False
    return output.consistency == 0 or _inconsistency(slices, frame.original) <= output.consistency


def _largest_change(slices: NDArray[np.float32], frame: Frame) -> float:
    return float(np.abs(slices - frame.original).max())


def _inconsistency(slices: NDArray[np.float32], original: NDArray[np.float32]) -> float:
    """Return max |mean of the pair - original|; 0 for a single slice."""
    if len(slices) == 1:
        return 0.0
    return float(np.abs(slices.mean(axis=0, dtype=np.float64) - original).max())


def _targets(k: int, slices: NDArray[np.float32]) -> slice:
    return slice(k * len(slices), (k + 1) * len(slices))
