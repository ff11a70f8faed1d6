"""A volume made ready to be drawn: on a regular grid, thinned out if it must be, in shared memory.

It runs on the thread of the client. Positions are millimeters LPS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewers.render.regularize import (
    StackSampling,
    as_dtype,
    fill_value,
    sample_slice,
    stack_sampling,
)
from viewers.scene3d.blocks import Block, make_block
from viewers.scene3d.presets import PERCENTS, Statistics
from viewers.scene3d.protocol import Load, SharedArray
from viewers.scene3d.reduction import Limits, Reduction, reduction
from viewers.scene3d.state import Box
from workstation.core.errors import InputRefusedError, WorkerOutOfMemoryError
from workstation.core.geometry import GeometryError
from workstation.core.intensity import IntensityUnit, is_padding
from workstation.core.volume import Volume

SAMPLED_VOXELS = 2_000_000
"""Voxels that percentiles are taken from; those of all differ by less than a gray level."""

LEVELS = 65_000
"""Steps that values which are no whole numbers are rounded to; a picture has 256."""


@dataclass(frozen=True, slots=True, eq=False)
class SceneVolume:
    """What is known of a volume that is drawn. Immutable; any thread.

    Attributes:
        block: its voxels, as they are drawn.
        load: what the scene process is told.
        box: around the centers of its outermost voxels, half a voxel wider.
        statistics: percentiles of what is not background.
        reduction: which voxels are drawn.
        is_resampled: whether tilted or uneven slices were brought to a grid.
        unread: how many slices could not be read; they are gaps.
    """

    block: Block
    load: Load
    box: Box
    statistics: Statistics
    reduction: Reduction
    is_resampled: bool
    unread: int


@dataclass(frozen=True, slots=True)
class Subject:
    """What a 3D view knows of a series without holding its voxels. Immutable; any thread.

    Attributes:
        modality: DICOM modality.
        is_hu: whether the voxels are Hounsfield units that can be trusted.
        frame_of_reference_uid: where its positions hold; empty where it has none.
        has_holes: whether slices are missing in it.
        is_axial: whether its slices lie across the body.
    """

    modality: str
    is_hu: bool
    frame_of_reference_uid: str
    has_holes: bool
    is_axial: bool = False


def subject_of(volume: Volume) -> Subject:
    """Return what a 3D view knows of a volume."""
    geometry, intensity = volume.geometry, volume.intensity
    is_placed = geometry.is_placed
    return Subject(
        volume.series.modality,
        intensity.unit is IntensityUnit.HU and intensity.is_trusted,
        geometry.frame_of_reference_uid if is_placed else "",
        is_placed and bool(geometry.holes),
        is_placed and abs(float(geometry.normal[2])) > np.sqrt(0.5),
    )


def require_drawable(volume: Volume) -> None:
    """Refuse what cannot be drawn in 3D.

    Raises:
        InputRefusedError: colors, or slices that make no volume; the sentence says why.
    """
    why = volume.geometry.why_not_reformattable
    if volume.is_colour:
        why = "its images are in color"
    if volume.filled is not None:
        why = "parts of it were proposed by a model and not scanned"
    if why:
        raise InputRefusedError(
            "This series has no 3D view", why=why, todo="Read it as slices in 2D"
        )


def scene_volume(
    volume: Volume,
    limits: Limits,
    is_loaded: Callable[[int], bool],
    check: Callable[[], None] = lambda: None,
) -> SceneVolume:
    """Return a volume ready to be drawn; its block is the caller's to close.

    Args:
        volume: stored voxels, all in that will come.
        limits: what may be taken.
        is_loaded: whether slice k is in; one that is not could not be read.
        check: called now and then; raises to stop.

    Raises:
        InputRefusedError: it cannot be drawn.
        WorkerOutOfMemoryError: there is no memory for it.
    """
    require_drawable(volume)
    try:
        sampling = stack_sampling(volume.geometry)
    except GeometryError as error:
        raise InputRefusedError("This series has no 3D view", why=error.why) from error
    grid = sampling.grid
    spacing = grid.spacing_ijk_mm
    steps = (float(spacing[2]), float(spacing[1]), float(spacing[0]))
    try:
        kept = reduction(grid.shape_kji, steps, limits)
    except MemoryError as error:
        raise _no_memory() from error
    count = volume.geometry.shape_kji[0]
    loaded = np.array([is_loaded(k) for k in range(count)])
    scaling = _scaling(volume, loaded)
    block = _filled(volume, sampling, kept, loaded, scaling, check)
    try:
        statistics = _statistics(volume, block.array, scaling)
    except BaseException:
        block.close()
        raise
    matrix = grid.index_to_patient_mm.copy()
    matrix[:3, :3] *= np.array(kept.strides_kji[::-1])
    return SceneVolume(
        block,
        Load(
            SharedArray(block.name, block.shape, block.dtype),
            tuple(matrix.ravel().tolist()),
            scaling.scale,
            scaling.offset,
            limits.is_software,
        ),
        _box(matrix, block.shape),
        statistics,
        kept,
        not sampling.is_identity,
        int(np.count_nonzero(~loaded)),
    )


@dataclass(frozen=True, slots=True)
class _Scaling:
    """value = stored * scale + offset; whole numbers are stored as they are."""

    scale: float = 1.0
    offset: float = 0.0
    dtype: str = "int16"

    def stored(self, values: NDArray[Any]) -> NDArray[Any]:
        if self.dtype == "int16":
            return as_dtype(values, np.dtype(np.int16))
        finite = np.nan_to_num(values, nan=self.offset, posinf=np.inf, neginf=-np.inf)
        whole = np.rint((finite - self.offset) / self.scale)
        stored: NDArray[Any] = np.clip(whole, 0, LEVELS).astype(np.uint16)
        return stored


def _scaling(volume: Volume, loaded: NDArray[np.bool_]) -> _Scaling:
    if volume.voxels.dtype == np.int16:
        return _Scaling()
    low, high = np.inf, -np.inf
    for k in np.flatnonzero(loaded):
        values = volume.voxels[k][np.isfinite(volume.voxels[k])]
        if values.size:
            low, high = min(low, float(values.min())), max(high, float(values.max()))
    if not high > low:
        low, high = (low, low + 1.0) if np.isfinite(low) else (0.0, 1.0)
    return _Scaling((high - low) / LEVELS, low, "uint16")


def _filled(
    volume: Volume,
    sampling: StackSampling,
    kept: Reduction,
    loaded: NDArray[np.bool_],
    scaling: _Scaling,
    check: Callable[[], None],
) -> Block:
    strides = kept.strides_kji
    shape = tuple(
        -(-size // stride) for size, stride in zip(sampling.grid.shape_kji, strides, strict=True)
    )
    fill = fill_value(volume)
    rests_on = loaded[sampling.below] & (loaded[sampling.above] | (sampling.weight == 0))
    block = make_block(shape, scaling.dtype)
    try:
        target = block.array
        for at, n in enumerate(range(0, sampling.grid.shape_kji[0], strides[0])):
            check()
            if not rests_on[n]:
                target[at] = scaling.stored(np.array(fill, dtype=np.float64))
                continue
            values = sample_slice(volume.voxels, sampling, n, fill=fill)
            target[at] = scaling.stored(values[:: strides[1], :: strides[2]])
    except BaseException:
        block.close()
        raise
    return block


def _box(matrix: NDArray[np.float64], shape_kji: tuple[int, ...]) -> Box:
    last = np.array(shape_kji[::-1]) - 0.5
    corners = np.array([[(-0.5, last[a])[n >> a & 1] for a in range(3)] for n in range(8)])
    placed = corners @ matrix[:3, :3].T + matrix[:3, 3]
    low, high = placed.min(axis=0).tolist(), placed.max(axis=0).tolist()
    return Box((low[0], low[1], low[2]), (high[0], high[1], high[2]))


def _statistics(volume: Volume, stored: NDArray[Any], scaling: _Scaling) -> Statistics:
    """Return percentiles of what is brighter than half the step from background to tissue."""
    stride = max(1, round((stored.size / SAMPLED_VOXELS) ** (1 / 3)))
    sample = stored[::stride, ::stride, ::stride].ravel().astype(np.float64)
    values = sample * scaling.scale + scaling.offset
    values = values[~is_padding(values, volume.intensity.outside)]
    if values.size == 0:
        return Statistics(PERCENTS, tuple(float(percent) for percent in PERCENTS))
    low = float(values.min())
    level = low + (_step(values) - low) / 2
    inside = values[values > level]
    found = np.percentile(inside if inside.size else values, PERCENTS)
    return Statistics(PERCENTS, tuple(found.tolist()))


def _step(values: NDArray[np.float64]) -> float:
    """Return the value halfway between the mean of the dark and that of the bright part.

    Source: Ridler and Calvard, IEEE Trans. SMC 1978, doi:10.1109/TSMC.1978.4310039.
    """
    level = float(values.mean())
    for _ in range(_STEPS):
        dark, bright = values[values <= level], values[values > level]
        if dark.size == 0 or bright.size == 0:
            break
        level = float(dark.mean() + bright.mean()) / 2
    return level


_STEPS = 8
"""Iterations: the level moves by less than a gray level after five."""


def _no_memory() -> WorkerOutOfMemoryError:
    return WorkerOutOfMemoryError(
        "The 3D view cannot be drawn",
        why="there is not enough memory for it",
        todo="Close other studies or programs and try again",
    )
