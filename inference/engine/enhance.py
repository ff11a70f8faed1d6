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
from inference.engine.noise import sampled_slices
from inference.engine.noise_parts import (
    Part,
    looked_at,
    prepare_parts,
    sigma_of,
    whole_profile,
    whole_sigma,
)
from inference.engine.sessions import Session, SessionCache
from inference.engine.slice_runs import (
    Report,
    follow,
    infer,
    neighbours_of,
    require_memory,
)
from inference.engine.tiles import tile_shape
from inference.engine.told import Told
from inference.ops.frame import gather
from inference.ops.steps import clipped_off, finish, prepare
from inference.packs.manifest import Manifest, TileSpec
from inference.packs.store import Pack
from inference.tasks.denoise import DenoiseRequest, EnhancementFigures, EnhanceResult
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
    parts: tuple[Part, ...]
    padding: Padding
    is_rounded: bool

    def part_of(self, k: int) -> Part | None:
        """Return the stack that slice k belongs to; None where it stays as scanned."""
        return next((part for part in self.parts if part.first <= k < part.stop), None)


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
        part = run.part_of(k)
        if part is None:
            result[k] = voxels[k]
        else:
            plane, original, broken = _one(run, part, voxels, k)
            result[k] = plane
            left += 1 if broken else 0
            counter.add_change(_largest_change(plane, original))
            if k in sampled:
                counter.add_slice(original, plane)
        report(done / count, (k,))
    figures = _figures(run, request, voxels, result, counter)
    not_tried = count - sum(part.stop - part.first for part in run.parts)
    seconds = time.monotonic() - started
    return EnhanceResult(
        pack.ref,
        replace(
            figures,
            seconds=seconds,
            slices_per_s=count / max(seconds, 1e-9),
            slices_left_original=left + not_tried,
            slices_not_tried=not_tried,
            slices_noise_outside=sum(part.slices_outside for part in run.parts),
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
    sigma, noise = whole_sigma(run.parts), whole_profile(run.parts)
    change = measure_change(
        voxels,
        result,
        modality=request.modality,
        padding=request.padding,
        sigma=sigma,
        noise=noise,
        spacing_ij_mm=request.spacing_ijk_mm[:2],
        left=frozenset(k for k in range(voxels.shape[0]) if run.part_of(k) is None),
    )
    return EnhancementFigures(
        sigma_before=sigma,
        sigma_after=change.noise.sigma(1.0) if change.noise else sigma_of(request, result),
        bias=counter.bias,
        bias_by_tissue=counter.bias_by_tissue,
        largest_change=counter.largest_change,
        bound=run.manifest.output.bound_sigmas * max(noise.sigmas),
        provider=run.session.provider,
        provider_note=run.session.note,
        change=change,
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
    ready(looked_at(manifest, request, voxels.shape[0]))
    return _Run(
        manifest=manifest,
        session=session,
        spec=spec,
        parts=prepare_parts(manifest, request, voxels),
        padding=request.padding,
        is_rounded=bool(np.issubdtype(voxels.dtype, np.integer)),
    )


def _one(
    run: _Run, part: Part, voxels: NDArray[Any], k: int
) -> tuple[NDArray[np.float32], NDArray[np.float32], bool]:
    """Return the result of slice k, its original, and whether it had to be left as that."""
    neighbours, within = run.manifest.input.neighbours, (part.first, part.stop)
    frame = gather(voxels, k, neighbours, padding=run.padding, within=within)
    sigma, prepared = part.sigma_at(k), prepare(frame, part.before)
    # The model sees the noise in the unit that the steps made of the slices.
    noise = np.full((1, *frame.original.shape), sigma * prepared.scale, np.float32)
    maps = {"sigma": noise}
    output = infer(run.session, run.manifest, prepared, maps=maps, spec=run.spec)
    (plane,) = finish(output, prepared, run.manifest.after)
    plane = plane + clipped_off(frame, part.before)
    if run.is_rounded:
        plane = _rounded(plane)
    if _keeps_promise(run, plane, frame.original, sigma):
        return plane, frame.original, False
    return frame.original, frame.original, True


def _rounded(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return whole numbers that int16 holds; what is not finite stays as it is."""
    if not np.isfinite(plane).all():
        return plane
    limits = np.iinfo(np.int16)
    whole: NDArray[np.float32] = np.clip(np.rint(plane), limits.min, limits.max)
    return whole


def _keeps_promise(
    run: _Run, plane: NDArray[np.float32], original: NDArray[np.float32], sigma: float
) -> bool:
    if not np.isfinite(plane).all():
        return False
    if run.manifest.output.bound_sigmas == 0:
        return True
    bound = run.manifest.output.bound_sigmas * sigma
    allowed = bound * (1 + BOUND_SLACK) + (ROUNDING if run.is_rounded else BOUND_SLACK)
    return _largest_change(plane, original) <= allowed


def _largest_change(plane: NDArray[np.float32], original: NDArray[np.float32]) -> float:
    return float(np.abs(plane - original).max())
