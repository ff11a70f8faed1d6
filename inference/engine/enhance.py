"""Running a denoising pack over a volume, slice by slice, its promise checked as it goes.

A slice whose result breaks the pack's bound, or is not finite, is left as the original and counted,
so that the reader can be told.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.engine.changes import measure_change
from inference.engine.figures import FigureCounter
from inference.engine.noise import sampled_slices, spread_indices
from inference.engine.noise_profile import (
    SAMPLED_SLICES,
    NoiseProfile,
    estimate_profile,
    within,
)
from inference.engine.sessions import Session, SessionCache
from inference.engine.slice_runs import (
    Report,
    follow,
    infer,
    neighbours_of,
    noise_of,
    require_memory,
)
from inference.engine.tiles import tile_shape
from inference.engine.told import Told
from inference.ops.frame import Frame, gather
from inference.ops.steps import bind, finish, prepare
from inference.packs.manifest import Manifest, Step, TileSpec
from inference.packs.store import Pack
from inference.tasks.denoise import DenoiseRequest, EnhancementFigures, EnhanceResult
from workstation.core.errors import InputRefusedError
from workstation.core.intensity import Padding
from workstation.core.job import CancelToken

ROUNDING = 0.5
"""Most that rounding to whole numbers adds to a change; results of int16 volumes are rounded."""

BOUND_SLACK = 1e-3
"""Relative slack of the bound for float32 arithmetic."""


@dataclass(frozen=True, slots=True)
class _Run:
    """What stays the same for every slice of one run."""

    manifest: Manifest
    session: Session
    spec: TileSpec
    before: tuple[Step, ...]
    sigma: float
    noise: NoiseProfile
    padding: Padding
    is_rounded: bool


def enhance(  # noqa: PLR0913 - what is asked, and what may happen while it is done
    pack: Pack,
    request: DenoiseRequest,
    voxels: NDArray[Any],
    result: NDArray[Any],
    *,
    sessions: SessionCache,
    report: Report,
    cancel: CancelToken,
    told: Told | None = None,
) -> EnhanceResult:
    """Enhance ``voxels`` into ``result`` and return what was done.

    Args:
        pack: which pack; its model is verified before it is loaded.
        request: the task; it starts at its ``first_index``.
        voxels: ``[k, j, i]`` int16 or float32.
        result: array of the same dtype and shape; written slice by slice.
        sessions: keeps models for the next run.
        report: called after each slice.
        cancel: looked at before each slice.
        told: which slices have come and where the reader looks; None where all are there.

    Raises:
        InputRefusedError: noise outside the range the pack was trained on, or no signal.
        PackRefusedError: the pack is damaged or does not fit its manifest.
        WorkerOutOfMemoryError: it would not fit into memory.
        CancelledError: it was cancelled.
    """
    started = time.monotonic()
    manifest, told = pack.manifest, told or Told()
    run = _prepare_run(pack, request, voxels, sessions=sessions, ready=partial(told.wait, cancel))
    counter, left, count = FigureCounter(request.modality), 0, voxels.shape[0]
    sampled = set(sampled_slices(count))
    for done, k in enumerate(follow(count, request.first_index, told), start=1):
        cancel.raise_if_cancelled()
        told.wait(cancel, neighbours_of(k, manifest.input.neighbours, count))
        frame = gather(voxels, k, manifest.input.neighbours, padding=request.padding)
        plane, broken = _one(run, frame, run.noise.at(k))
        result[k] = plane
        left += 1 if broken else 0
        counter.add_change(_largest_change(plane, frame))
        if k in sampled:
            counter.add_slice(frame.original, plane)
        report(done / count, (k,))
    figures = _figures(run, request, voxels, result, counter)
    seconds = time.monotonic() - started
    return EnhanceResult(
        pack.ref,
        replace(
            figures,
            seconds=seconds,
            slices_per_s=count / max(seconds, 1e-9),
            slices_left_original=left,
        ),
    )


def _figures(
    run: _Run,
    request: DenoiseRequest,
    voxels: NDArray[Any],
    result: NDArray[Any],
    counter: FigureCounter,
) -> EnhancementFigures:
    """Return what was done, but for time and what was left."""
    change = measure_change(
        voxels,
        result,
        modality=request.modality,
        padding=request.padding,
        sigma=run.sigma,
        noise=run.noise,
        spacing_ij_mm=request.spacing_ijk_mm[:2],
    )
    return EnhancementFigures(
        sigma_before=run.sigma,
        sigma_after=change.noise.sigma(1.0) if change.noise else _sigma(request, result),
        bias=counter.bias,
        bias_by_tissue=counter.bias_by_tissue,
        largest_change=counter.largest_change,
        bound=run.manifest.output.bound_sigmas * max(run.noise.sigmas),
        provider=run.session.provider,
        provider_note=run.session.note,
        change=change,
    )


def _trained_sigma(manifest: Manifest, request: DenoiseRequest, voxels: NDArray[Any]) -> float:
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
    manifest: Manifest, request: DenoiseRequest, voxels: NDArray[Any]
) -> tuple[float, str]:
    """Return what the pack's range of noise counts in, and its name.

    MR has no unit of its own: a pack that scales by a percentile counts noise in shares of it.
    """
    if all(step.name != "scale_by_percentile" for step in manifest.before):
        return 1.0, manifest.input.unit
    steps = [step for step in manifest.before if step.name == "scale_by_percentile"]
    (scale,) = bind(steps[:1], voxels, request.padding)
    return 1 / scale.parameters["factor"], "of its bright signal"


def _sigma(request: DenoiseRequest, voxels: NDArray[Any]) -> float:
    return noise_of(
        voxels,
        modality=request.modality,
        padding=request.padding,
        pixel_mm=request.spacing_ijk_mm[0],
    )


def _prepare_run(
    pack: Pack,
    request: DenoiseRequest,
    voxels: NDArray[Any],
    *,
    sessions: SessionCache,
    ready: Callable[[Iterable[int] | None], None],
) -> _Run:
    """Return what a run needs; ``ready`` waits until some slices, or all, have come."""
    manifest = pack.manifest
    shape_ji = (voxels.shape[1], voxels.shape[2])
    spec = require_memory(manifest, voxels.shape)
    session = sessions.get(pack, tile_shape(shape_ji, spec, manifest.input.size_multiple))
    ready(None if _looks_at_all(manifest) else _looked_at(voxels.shape[0]))
    sigma = _trained_sigma(manifest, request, voxels)
    return _Run(
        manifest=manifest,
        session=session,
        spec=spec,
        before=bind(manifest.before, voxels, request.padding),
        sigma=sigma,
        noise=_noise(manifest, request, voxels, sigma),
        padding=request.padding,
        is_rounded=bool(np.issubdtype(voxels.dtype, np.integer)),
    )


def _looked_at(count: int) -> set[int]:
    """Return the slices whose noise is taken before the first one is made."""
    return {*sampled_slices(count), *spread_indices(count, SAMPLED_SLICES)}


def _looks_at_all(manifest: Manifest) -> bool:
    """Return whether a step needs the whole volume before the first slice can be made."""
    return any(step.name == "scale_by_percentile" for step in manifest.before)


def _noise(
    manifest: Manifest, request: DenoiseRequest, voxels: NDArray[Any], sigma: float
) -> NoiseProfile:
    """Return the noise of each slice, held inside what the pack was trained on."""
    profile = estimate_profile(
        voxels,
        modality=request.modality,
        padding=request.padding,
        sigma=sigma,
        pixel_mm=request.spacing_ijk_mm[0],
    )
    trained = manifest.input.noise
    if trained is None or profile.is_flat:
        return profile
    level, _ = _noise_unit(manifest, request, voxels)
    return within(profile, trained.low * level, trained.high * level)


def _one(run: _Run, frame: Frame, sigma: float) -> tuple[NDArray[np.float32], bool]:
    """Return the result of one frame, and whether it had to be left as the original."""
    prepared = prepare(frame, run.before)
    # The model sees the noise in the unit that the steps made of the slices.
    noise = np.full((1, *frame.original.shape), sigma * prepared.scale, np.float32)
    maps = {"sigma": noise}
    output = infer(run.session, run.manifest, prepared, maps=maps, spec=run.spec)
    (plane,) = finish(output, prepared, run.manifest.after)
    if run.is_rounded:
        plane = _rounded(plane)
    if _keeps_promise(run, plane, frame, sigma):
        return plane, False
    return frame.original, True


def _rounded(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return whole numbers that int16 holds; what is not finite stays as it is."""
    if not np.isfinite(plane).all():
        return plane
    limits = np.iinfo(np.int16)
    whole: NDArray[np.float32] = np.clip(np.rint(plane), limits.min, limits.max)
    return whole


def _keeps_promise(run: _Run, plane: NDArray[np.float32], frame: Frame, sigma: float) -> bool:
    if not np.isfinite(plane).all():
        return False
    if run.manifest.output.bound_sigmas == 0:
        return True
    bound = run.manifest.output.bound_sigmas * sigma
    allowed = bound * (1 + BOUND_SLACK) + (ROUNDING if run.is_rounded else BOUND_SLACK)
    return _largest_change(plane, frame) <= allowed


def _largest_change(plane: NDArray[np.float32], frame: Frame) -> float:
    return float(np.abs(plane - frame.original).max())
