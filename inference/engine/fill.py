"""Proposing missing voxels with a pack, slice by slice; nothing that was scanned is touched.

A proposed voxel lies between the nearest scanned slices and stays in the range of what was scanned
around it in those two, plus a margin. A model that breaks this is held to it and that is counted;
one that gives no finite numbers is replaced by linear interpolation and that is counted too.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.engine.sessions import Session, SessionCache
from inference.engine.slice_runs import Report, infer, require_memory
from inference.engine.tiles import tile_shape
from inference.ops.frame import Frame, gather
from inference.ops.steps import bind, finish, prepare
from inference.packs.manifest import Manifest, Step, TileSpec
from inference.packs.store import Pack
from inference.tasks.fill import FillFigures, FillRequest, FillResult
from workstation.core.filled import Filled
from workstation.core.job import CancelToken

REACH_PX = 3
"""In-plane reach of the range a proposed voxel stays in: structures move between slices."""

MARGIN = 0.1
"""Part of that range by which it may be left: what is thin is brighter between two slices."""

SLACK = 2e-3
"""Rounding of the model that is not counted as leaving the range, in the unit of the model."""


@dataclass(frozen=True, slots=True)
class _Run:
    """What stays the same for every slice of one run."""

    session: Session
    manifest: Manifest
    spec: TileSpec
    before: tuple[Step, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Sides:
    """The nearest scanned voxels on both sides of the missing ones of a slice, ``[j, i]`` each.

    Attributes:
        lower, upper: their values; where a side has none the other stands in.
        share: part of the way from the lower to the upper one.
    """

    lower: NDArray[np.float32]
    upper: NDArray[np.float32]
    share: NDArray[np.float32]

    @property
    def linear(self) -> NDArray[np.float32]:
        """Linear interpolation between them."""
        return self.lower + self.share * (self.upper - self.lower)


def fill(
    pack: Pack,
    request: FillRequest,
    voxels: NDArray[Any],
    result: NDArray[Any],
    *,
    sessions: SessionCache,
    report: Report,
    cancel: CancelToken,
) -> FillResult:
    """Write every slice with missing voxels, filled, into ``result``; the others are left alone.

    Args:
        pack: which pack; its model is verified before it is loaded.
        request: the task.
        voxels: ``[k, j, i]`` int16 or float32.
        result: array of the same shape and dtype.
        sessions: keeps models for the next run.
        report: called after each filled slice.
        cancel: looked at before each slice.

    Raises:
        InputRefusedError: no signal.
        PackRefusedError: the pack is damaged or does not fit its manifest.
        WorkerOutOfMemoryError: it would not fit into memory.
        CancelledError: it was cancelled.
    """
    started = time.monotonic()
    count, rows, columns = voxels.shape
    filled = Filled((count, rows, columns), request.boxes)
    manifest = pack.manifest
    spec = require_memory(manifest, voxels.shape)
    size = tile_shape((rows, columns), spec, manifest.input.size_multiple)
    run = _Run(
        sessions.get(pack, size),
        manifest,
        spec,
        bind(manifest.before, voxels, request.padding),
    )
    order = sorted(filled.touched_slices, key=lambda k: (abs(k - request.first_index), -k))
    held = interpolated = proposed = 0
    for done, k in enumerate(order, start=1):
        cancel.raise_if_cancelled()
        missing = _missing(filled, k, manifest.input.neighbours)
        is_missing = missing[len(missing) // 2]
        frame = gather(voxels, k, len(missing), padding=request.padding)
        values, outside, is_usable = _one(run, frame, missing)
        result[k] = np.where(is_missing, _as_dtype(values, voxels.dtype), voxels[k])
        proposed += int(is_missing.sum())
        held += int((outside & is_missing).sum())
        interpolated += not is_usable
        report(done / len(order), (k,))
    return FillResult(
        pack.ref,
        FillFigures(
            slices=len(order),
            voxels=proposed,
            voxels_held=held,
            slices_interpolated=interpolated,
            seconds=time.monotonic() - started,
            provider=run.session.provider,
            provider_note=run.session.note,
        ),
    )


def _missing(filled: Filled, k: int, neighbours: int) -> NDArray[np.bool_]:
    """Return where slice k and its neighbors are missing, (n, rows, columns)."""
    half = neighbours // 2
    count = filled.shape_kji[0]
    planes = [
        filled.plane(n) if 0 <= n < count else np.ones(filled.shape_kji[1:], dtype=np.bool_)
        for n in range(k - half, k + half + 1)
    ]
    return np.stack(planes)


def _one(
    run: _Run, frame: Frame, missing: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], NDArray[np.bool_], bool]:
    """Return the proposed slice, where it had to be held, and whether the model's was usable."""
    sides = sides_of(frame.slices, missing)
    prepared = prepare(frame, run.before)
    given = replace(prepared, slices=np.where(missing, np.float32(0), prepared.slices))
    maps = {"missing": missing.astype(np.float32)}
    output = infer(run.session, run.manifest, given, maps=maps, spec=run.spec)
    made = finish(output, given, run.manifest.after)[0]
    is_usable = bool(np.isfinite(made).all())
    values = made if is_usable else sides.linear
    if frame.is_padding is not None:
        is_outside = _both_outside(frame.is_padding, missing)
        values = np.where(is_outside, sides.lower, values)
    low, high = range_of(sides)
    limited = np.clip(values, low, high)
    return limited, np.abs(limited - values) * prepared.scale > SLACK, is_usable


def sides_of(slices: NDArray[np.float32], missing: NDArray[np.bool_]) -> _Sides:
    """Return the nearest voxels that are there below and above the middle of some slices.

    Args:
        slices: ``[n, j, i]``, n odd.
        missing: same shape.
    """
    middle = len(slices) // 2
    lower, lower_away = _nearest(slices, missing, range(middle - 1, -1, -1))
    upper, upper_away = _nearest(slices, missing, range(middle + 1, len(slices)))
    has_lower, has_upper = lower_away > 0, upper_away > 0
    below = np.where(has_lower, lower, upper)
    above = np.where(has_upper, upper, lower)
    total = np.maximum(lower_away + upper_away, 1)
    return _Sides(below, above, (lower_away / total).astype(np.float32))


def _nearest(
    slices: NDArray[np.float32], missing: NDArray[np.bool_], order: range
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return of some slices the value that comes first, and how many steps away; 0 for none."""
    value = np.zeros(slices.shape[1:], dtype=np.float32)
    away = np.zeros(slices.shape[1:], dtype=np.float32)
    for steps, n in enumerate(order, start=1):
        is_first = (away == 0) & ~missing[n]
        value = np.where(is_first, slices[n], value)
        away = np.where(is_first, np.float32(steps), away)
    return value, away


def range_of(sides: _Sides) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the least and the largest value that each proposed voxel may have."""
    low = np.minimum(_spread(sides.lower, np.minimum), _spread(sides.upper, np.minimum))
    high = np.maximum(_spread(sides.lower, np.maximum), _spread(sides.upper, np.maximum))
    margin: NDArray[np.float32] = np.float32(MARGIN) * (high - low)
    return low - margin, high + margin


def _spread(plane: NDArray[np.float32], pick: np.ufunc) -> NDArray[np.float32]:
    """Return for each pixel what a pick makes of the square of REACH_PX around it."""
    for axis in (0, 1):
        padded = np.pad(
            plane, [(REACH_PX, REACH_PX) if n == axis else (0, 0) for n in (0, 1)], mode="edge"
        )
        parts = [
            np.take(padded, np.arange(start, start + plane.shape[axis]), axis=axis)
            for start in range(2 * REACH_PX + 1)
        ]
        plane = pick.reduce(parts)
    return plane


def _both_outside(is_padding: NDArray[np.bool_], missing: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return where the nearest scanned voxels on both sides lie outside the scanned field."""
    sides = sides_of(is_padding.astype(np.float32), missing)
    outside: NDArray[np.bool_] = (sides.lower > 0) & (sides.upper > 0)
    return outside


def _as_dtype(values: NDArray[np.float32], dtype: np.dtype[Any]) -> NDArray[Any]:
    if not np.issubdtype(dtype, np.integer):
        return values.astype(dtype)
    limits = np.iinfo(dtype)
    whole: NDArray[Any] = np.clip(np.rint(values), limits.min, limits.max).astype(dtype)
    return whole
