"""What every run of a pack over a volume does alike: its order, its memory, one slice in tiles."""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.engine import memory
from inference.engine.noise import estimate_sigma
from inference.engine.sessions import Session
from inference.engine.tiles import tile_shape, tiles
from inference.engine.told import Told
from inference.ops.frame import Frame
from inference.packs.manifest import Manifest, TileSpec
from workstation.core.intensity import Padding

Report = Callable[[float, tuple[int, ...]], None]
"""Takes the part done, 0..1, and the slices of the result that are complete."""

LEAST_CORE_PX = 64
"""Smallest kept part of a tile; under this a slice is mostly margins."""

NOTHING: Mapping[str, NDArray[np.float32]] = MappingProxyType({})
"""No further inputs of a model."""


def nearest_first(count: int, first: int) -> list[int]:
    """Return all slice indices, the nearest to ``first`` first; of two alike the higher one."""
    return list(follow(count, first, Told()))


def follow(count: int, first: int, told: Told) -> Iterator[int]:
    """Yield all slice indices, always the one nearest to where the reader looks.

    Args:
        count: how many there are.
        first: where the reader looked when it was asked for.
        told: where the reader looks now.
    """
    left = list(range(count))
    while left:
        focus = first if told.focus is None else told.focus
        place = bisect.bisect_left(left, focus)
        is_upper = place < len(left) and (
            place == 0 or left[place] - focus <= focus - left[place - 1]
        )
        yield left.pop(place if is_upper else place - 1)


def neighbours_of(k: int, neighbours: int, count: int) -> range:
    """Return the slices that a model looks at for slice k."""
    half = neighbours // 2
    return range(max(k - half, 0), min(k + half + 1, count))


def require_memory(manifest: Manifest, shape_kji: tuple[int, ...]) -> TileSpec:
    """Return how slices are cut: not at all, unless a whole one would not fit into memory.

    Raises:
        WorkerOutOfMemoryError: not even a small tile fits.
    """
    return tiles_that_fit(manifest, (shape_kji[1], shape_kji[2]), memory.available())


def tiles_that_fit(
    manifest: Manifest, shape_ji: tuple[int, int], available_bytes: int | None
) -> TileSpec:
    """Return the largest tiles that a run of a pack has memory for.

    Raises:
        WorkerOutOfMemoryError: not even a small tile fits.
    """
    overlap, multiple = manifest.tiles.overlap_px, manifest.input.size_multiple
    whole = TileSpec(max(shape_ji) + multiple, overlap)
    rows, columns = tile_shape(shape_ji, whole, multiple)
    if available_bytes is None or manifest.memory.estimate_bytes(rows * columns) <= available_bytes:
        return whole
    room = max(available_bytes - manifest.memory.base_bytes, 0)
    edge = math.isqrt(room // max(manifest.memory.per_pixel_bytes, 1))
    least = 2 * overlap + LEAST_CORE_PX
    spec = TileSpec(max(min(edge, manifest.tiles.largest_px), least), overlap)
    rows, columns = tile_shape(shape_ji, spec, multiple)
    memory.require(manifest.memory.estimate_bytes(rows * columns), available_bytes)
    return spec


def noise_of(
    voxels: NDArray[Any], *, modality: str, padding: Padding, pixel_mm: float | None = None
) -> float:
    """Return the noise of a volume in its unit; 0 where it cannot be told."""
    found = estimate_sigma(voxels, modality=modality, padding=padding, pixel_mm=pixel_mm)
    return found or 0.0


def infer(
    session: Session,
    manifest: Manifest,
    frame: Frame,
    *,
    maps: Mapping[str, NDArray[np.float32]] = NOTHING,
    values: Mapping[str, NDArray[np.float32]] = NOTHING,
    spec: TileSpec | None = None,
) -> NDArray[np.float32]:
    """Return what the model gives for a prepared frame, ``[channels, j, i]``.

    Args:
        session: the model.
        manifest: what it says about tiles and sizes.
        frame: its slices, already in the unit of the model.
        maps: further inputs of the model, ``[n, j, i]`` as large as the slices, by name.
        values: further inputs that are the same for each tile, with the axes the model takes.
        spec: how slices are cut, from :func:`require_memory`; None for the tiles of the manifest.
    """
    multiple = manifest.input.size_multiple
    shape = (frame.slices.shape[1], frame.slices.shape[2])
    planes = {"slices": frame.slices, **maps}
    cuts = tuple(tiles(shape, spec or manifest.tiles, multiple))
    outputs = (_run_tile(session, planes, values, cut.run_ji, multiple) for cut in cuts)
    if len(cuts) == 1:
        return next(outputs)[:, : shape[0], : shape[1]]
    result = np.empty((manifest.output.channels, *shape), np.float32)
    for cut, output in zip(cuts, outputs, strict=True):
        result[(slice(None), *cut.keep_ji)] = output[(slice(None), *cut.core_ji)]
    return result


def _run_tile(
    session: Session,
    planes: Mapping[str, NDArray[np.float32]],
    values: Mapping[str, NDArray[np.float32]],
    run_ji: tuple[slice, slice],
    multiple: int,
) -> NDArray[np.float32]:
    cut = (slice(None), *run_ji)
    feeds = {name: _filled_up(plane[cut], multiple)[None] for name, plane in planes.items()}
    output: NDArray[np.float32] = session.run({**feeds, **values})[0]
    return output


def _filled_up(part: NDArray[np.float32], multiple: int) -> NDArray[np.float32]:
    """Return ``[n, j, i]`` continued by its edge up to a multiple of rows and columns."""
    height, width = part.shape[1:]
    margins = ((0, 0), (0, -height % multiple), (0, -width % multiple))
    filled = np.pad(part, margins, mode="edge") if any(m[1] for m in margins) else part
    return np.ascontiguousarray(filled)
