"""What every run of a pack over a volume does alike: its order, its memory, one slice in tiles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.engine import memory
from inference.engine.noise import estimate_sigma
from inference.engine.sessions import Session
from inference.engine.tiles import tiles
from inference.ops.frame import Frame
from inference.packs.manifest import Manifest
from workstation.core.intensity import Padding

Report = Callable[[float, tuple[int, ...]], None]
"""Takes the part done, 0..1, and the slices of the result that are complete."""

NOTHING: Mapping[str, NDArray[np.float32]] = MappingProxyType({})
"""No further inputs of a model."""


def nearest_first(count: int, first: int) -> list[int]:
    """Return all slice indices, the nearest to ``first`` first; of two alike the higher one."""
    return sorted(range(count), key=lambda k: (abs(k - first), -k))


def require_memory(manifest: Manifest, shape_kji: tuple[int, ...]) -> None:
    """Refuse a run that would not fit.

    Raises:
        WorkerOutOfMemoryError: it does not fit.
    """
    largest = manifest.tiles.largest_px
    pixels = min(shape_kji[1], largest) * min(shape_kji[2], largest)
    memory.require(manifest.memory.estimate_bytes(pixels), memory.available())


def noise_of(voxels: NDArray[Any], *, modality: str, padding: Padding) -> float:
    """Return the noise of a volume in its unit; 0 where it cannot be told."""
    return estimate_sigma(voxels, modality=modality, padding=padding) or 0.0


def infer(
    session: Session,
    manifest: Manifest,
    frame: Frame,
    *,
    maps: Mapping[str, NDArray[np.float32]] = NOTHING,
    values: Mapping[str, NDArray[np.float32]] = NOTHING,
) -> NDArray[np.float32]:
    """Return what the model gives for a prepared frame, ``[channels, j, i]``.

    Args:
        session: the model.
        manifest: what it says about tiles and sizes.
        frame: its slices, already in the unit of the model.
        maps: further inputs of the model, ``[n, j, i]`` as large as the slices, by name.
        values: further inputs that are the same for each tile, with the axes the model takes.
    """
    multiple = manifest.input.size_multiple
    shape = (frame.slices.shape[1], frame.slices.shape[2])
    result = np.empty((manifest.output.channels, *shape), np.float32)
    planes = {"slices": frame.slices, **maps}
    for tile in tiles(shape, manifest.tiles, multiple):
        cut = (slice(None), *tile.run_ji)
        feeds = {name: _filled_up(plane[cut], multiple)[None] for name, plane in planes.items()}
        output = session.run({**feeds, **values})[0]
        result[(slice(None), *tile.keep_ji)] = output[(slice(None), *tile.core_ji)]
    return result


def _filled_up(part: NDArray[np.float32], multiple: int) -> NDArray[np.float32]:
    """Return ``[n, j, i]`` continued by its edge up to a multiple of rows and columns."""
    height, width = part.shape[1:]
    margins = ((0, 0), (0, -height % multiple), (0, -width % multiple))
    return np.ascontiguousarray(np.pad(part, margins, mode="edge"))
