"""Running a super-resolution pack over a volume; every slice is checked against what was scanned.

What the model makes is moved to the nearest result whose average under the slice profile is the
scanned volume, rounded so that it stays there, and checked. A slice of which the model's result
cannot be used, or that fails the check, is the scanned slice repeated; it is counted, so that the
reader can be told.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.engine import memory
from inference.engine.doubling import Doubler, Starts
from inference.engine.figures import FigureCounter
from inference.engine.noise import sampled_slices
from inference.engine.reconcile import HELD_PLANES, Reconciliation, level_of
from inference.engine.sessions import SessionCache
from inference.engine.slice_runs import Report, noise_of, tiles_that_fit
from inference.engine.tiles import tile_shape
from inference.engine.told import Told
from inference.ops.consistency import Averaging, Planes, averaging, averaging_in_plane
from inference.ops.steps import bind
from inference.packs.manifest import Manifest
from inference.packs.store import Pack
from inference.tasks.denoise import EnhancementFigures, EnhanceResult
from inference.tasks.super_resolve import Direction, SuperResolveRequest
from workstation.core.errors import InputRefusedError
from workstation.core.intensity import Padding, is_padding
from workstation.core.job import CancelToken

FLOORS: Mapping[str, float] = MappingProxyType({"HU": -1024.0, "signal": 0.0})
"""Where the scale of a scanner ends, by unit: 12 bits of CT begin at -1024 HU, just under air."""


def super_resolve(  # noqa: PLR0913 - what is asked, and what may happen while it is done
    pack: Pack,
    request: SuperResolveRequest,
    voxels: NDArray[Any],
    result: NDArray[Any],
    *,
    sessions: SessionCache,
    report: Report,
    cancel: CancelToken,
    told: Told | None = None,
) -> EnhanceResult:
    """Make the smaller voxels of ``voxels`` into ``result`` and return what was done.

    Args:
        pack: which pack; its model is verified before it is loaded.
        request: the task; it starts at its ``first_index``.
        voxels: ``[k, j, i]`` int16 or float32.
        result: array of the same dtype and of the request's ``result_shape``; slices wait in it
            until they are complete.
        sessions: keeps models for the next run.
        report: called as work goes on, with the slices of the result that are complete.
        cancel: looked at before each slice.
        told: where the reader looks, a slice of the input; None for the first one of the request.

    Raises:
        InputRefusedError: no signal, a pack for another direction, or slices that overlap too much.
        PackRefusedError: the pack is damaged or does not fit its manifest.
        WorkerOutOfMemoryError: it would not fit into memory.
        CancelledError: it was cancelled.
    """
    started = time.monotonic()
    request = replace(request, padding=_off_scale(pack.manifest, request.padding))
    profile = _profile(pack.manifest, request, voxels.shape[0])
    sigma = noise_of(voxels, modality=request.modality, padding=request.padding)
    doubler = _doubler(pack, request, voxels, profile=profile, sessions=sessions)
    counter = FigureCounter(request.modality)
    sampled = set(sampled_slices(voxels.shape[0]))

    def count(k: int, original: Planes, children: Planes) -> None:
        counter.add_change(float(np.abs(children - original).max(initial=0.0)))
        if k in sampled:
            counter.add_slice(original, children.mean(axis=0, dtype=np.float32))

    run = Reconciliation(
        request,
        voxels,
        result,
        starts=Starts(doubler, request, voxels, cancel),
        profile=profile,
        limits=doubler.limits,
        on_slice=count,
    )
    run.run(report, cancel, told or Told())
    seconds = time.monotonic() - started
    return EnhanceResult(
        pack.ref,
        EnhancementFigures(
            sigma_before=sigma,
            sigma_after=_noise_after(request, result),
            bias=counter.bias,
            bias_by_tissue=counter.bias_by_tissue,
            largest_change=counter.largest_change,
            consistency=run.largest_deviation,
            seconds=seconds,
            slices_per_s=voxels.shape[0] / max(seconds, 1e-9),
            provider=doubler.session.provider,
            provider_note=doubler.session.note,
            slices_left_original=run.left,
        ),
    )


def _profile(manifest: Manifest, request: SuperResolveRequest, count: int) -> Averaging:
    if manifest.input.direction is not request.direction:
        raise InputRefusedError(
            f'The model pack "{manifest.pack_id}" does not do this',
            why="it doubles voxels in another direction",
        )
    if request.direction is Direction.IN_PLANE:
        return averaging_in_plane(request.factor, count=count)
    try:
        return averaging(
            request.profile_ratio, request.profile_shape, children=request.factor, count=count
        )
    except ValueError as error:
        raise InputRefusedError(
            "These slices cannot be taken apart",
            why=f"each is {request.profile_ratio:.2f} times as thick as they are apart: they "
            "overlap too much",
            todo="Read the original",
        ) from error


def _doubler(
    pack: Pack,
    request: SuperResolveRequest,
    voxels: NDArray[Any],
    *,
    profile: Averaging,
    sessions: SessionCache,
) -> Doubler:
    """Return what runs the model, cut into tiles where memory is short.

    Raises:
        WorkerOutOfMemoryError: deviations and children under work would not fit beside it.
    """
    manifest = pack.manifest
    rows, columns = voxels.shape[1:]
    is_grown = request.direction is Direction.IN_PLANE and request.factor > 2
    largest = (2 * rows, 2 * columns) if is_grown else (rows, columns)
    planes = 4 * profile.reach + 1 + HELD_PLANES * profile.children
    free, held = memory.available(), 4 * planes * rows * columns
    spec = tiles_that_fit(manifest, largest, None if free is None else free - held)
    run = tile_shape(largest, spec, manifest.input.size_multiple)
    return Doubler(
        manifest=manifest,
        session=sessions.get(pack, None if is_grown else run),
        before=bind(manifest.before, voxels, request.padding),
        spec=spec,
        limits=_limits(manifest, voxels, request.padding),
    )


def _off_scale(manifest: Manifest, padding: Padding) -> Padding:
    """Return the padding, unless it is the floor of the scale, which is a value like any other.

    MR is often padded with 0, which is also what a scanner measures in air: tissue that has air in
    the next slice does not lie at the edge of the scanned field.
    """
    return None if padding == FLOORS[manifest.input.unit] else padding


def _limits(manifest: Manifest, voxels: NDArray[Any], padding: Padding) -> tuple[float, float]:
    """Return the least and largest value a child may have.

    Where the scanner gave nothing under air (CT) or under no signal (MR), neither do we; upwards
    there is no end but that of the numbers.
    """
    floor = FLOORS[manifest.input.unit]
    is_over = all(_least(plane, padding) >= floor for plane in voxels)
    level = level_of(voxels)
    return (floor if is_over else level.low), level.high


def _least(plane: NDArray[Any], padding: Padding) -> float:
    seen = plane if padding is None else plane[~is_padding(plane, padding)]
    seen = seen[np.isfinite(seen)]
    return float(seen.min()) if seen.size else np.inf


def _noise_after(request: SuperResolveRequest, result: NDArray[Any]) -> float:
    """Return the noise of the result; in the planes of one child per pixel, on the same grid."""
    step = request.factor if request.direction is Direction.IN_PLANE else 1
    seen = result[:, ::step, ::step]
    return noise_of(seen, modality=request.modality, padding=request.padding)
