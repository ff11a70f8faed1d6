"""Running a super-resolution pack over a volume; every slice is checked against what was scanned.

A slice whose results do not average to it, or are not finite, is repeated as it was and counted,
so that the reader can be told.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.engine.figures import FigureCounter
from inference.engine.noise import sampled_slices
from inference.engine.sessions import Session, SessionCache
from inference.engine.slice_runs import Report, infer, nearest_first, noise_of, require_memory
from inference.ops.frame import Frame, gather
from inference.ops.steps import bind, finish, prepare
from inference.packs.manifest import Manifest, Step
from inference.packs.store import Pack
from inference.tasks.denoise import EnhancementFigures, EnhanceResult
from inference.tasks.super_resolve import SuperResolveRequest
from workstation.core.job import CancelToken


@dataclass(frozen=True, slots=True)
class _Run:
    """What stays the same for every slice of one run."""

    manifest: Manifest
    session: Session
    before: tuple[Step, ...]
    is_rounded: bool


def super_resolve(
    pack: Pack,
    request: SuperResolveRequest,
    voxels: NDArray[Any],
    result: NDArray[Any],
    *,
    sessions: SessionCache,
    report: Report,
    cancel: CancelToken,
) -> EnhanceResult:
    """Take the slices of ``voxels`` apart into ``result`` and return what was done.

    Args:
        pack: which pack; its model is verified before it is loaded.
        request: the task.
        voxels: ``[k, j, i]`` int16 or float32.
        result: array of the same dtype with twice the slices; written slice by slice.
        sessions: keeps models for the next run.
        report: called after each slice.
        cancel: looked at before each slice.

    Raises:
        InputRefusedError: no signal.
        PackRefusedError: the pack is damaged or does not fit its manifest.
        WorkerOutOfMemoryError: it would not fit into memory.
        CancelledError: it was cancelled.
    """
    started = time.monotonic()
    manifest = pack.manifest
    require_memory(manifest, voxels.shape)
    sigma = noise_of(voxels, modality=request.modality, padding=request.padding)
    before = bind(manifest.before, voxels, request.padding)
    is_rounded = bool(np.issubdtype(voxels.dtype, np.integer))
    run = _Run(manifest, sessions.get(pack), before, is_rounded)
    counter, left, worst = FigureCounter(request.modality), 0, 0.0
    sampled = set(sampled_slices(voxels.shape[0]))
    order = nearest_first(voxels.shape[0], 0)
    for done, k in enumerate(order, start=1):
        cancel.raise_if_cancelled()
        frame = gather(voxels, k, manifest.input.neighbours, padding=request.padding)
        pair, broken = _one(run, frame)
        result[2 * k : 2 * k + 2] = pair
        left += 1 if broken else 0
        counter.add_change(float(np.abs(pair - frame.original).max()))
        worst = max(worst, _inconsistency(pair, frame.original))
        if k in sampled:
            counter.add_slice(frame.original, pair.mean(axis=0, dtype=np.float32))
        report(done / len(order), (2 * k, 2 * k + 1))
    seconds = time.monotonic() - started
    return EnhanceResult(
        pack.ref,
        EnhancementFigures(
            sigma_before=sigma,
            sigma_after=noise_of(result, modality=request.modality, padding=request.padding),
            bias=counter.bias,
            bias_by_tissue=counter.bias_by_tissue,
            largest_change=counter.largest_change,
            consistency=worst,
            seconds=seconds,
            slices_per_s=len(order) / max(seconds, 1e-9),
            provider=run.session.provider,
            slices_left_original=left,
        ),
    )


def _one(run: _Run, frame: Frame) -> tuple[NDArray[np.float32], bool]:
    """Return the pair of one frame, and whether it had to be the slice itself, twice."""
    prepared = prepare(frame, run.before)
    pair = finish(infer(run.session, run.manifest, prepared), prepared, run.manifest.after)
    if run.is_rounded:
        pair = _rounded(pair, frame.original)
    allowed = run.manifest.output.consistency
    is_finite = bool(np.isfinite(pair).all())
    if is_finite and (allowed == 0 or _inconsistency(pair, frame.original) <= allowed):
        return pair, False
    return np.repeat(frame.original[None], 2, axis=0), True


def _rounded(pair: NDArray[np.float32], original: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return whole numbers; the second follows from the first, so that the mean stays."""
    if not np.isfinite(pair).all():
        return pair
    limits = np.iinfo(np.int16)
    first: NDArray[np.float32] = np.clip(np.rint(pair[0]), limits.min, limits.max)
    first = np.clip(first, 2 * original - limits.max, 2 * original - limits.min)
    return np.stack([first, 2 * original - first])


def _inconsistency(pair: NDArray[np.float32], original: NDArray[np.float32]) -> float:
    """Return max |mean of the pair - original|."""
    return float(np.abs(pair.mean(axis=0, dtype=np.float64) - original).max())
