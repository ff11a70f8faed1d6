"""Where on a slice of any plane voxels lie that a model proposed and nobody scanned.

What rests on such a voxel, wholly or in part, counts: a pixel interpolated between a scanned slice
and a proposed one, and a projection through it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from viewers.render.frame import Frame, Shown
from viewers.render.source import SliceSource
from viewers.state.slab import Projection, Slab
from viewers.state.view_state import Plane, ViewState
from workstation.core.intensity import Intensity, IntensityUnit
from workstation.core.volume import Volume

Rectangle: TypeAlias = tuple[int, int, int, int]
"""First row and one past the last, first column and one past the last."""

SLAB_COARSE = 4
"""Each so many-th pixel is looked at in a turned slab: it takes a sixteenth of the time."""


def filled_volume(volume: Volume) -> Volume | None:
    """Return a volume that is positive where another was filled; None where it was not."""
    if volume.filled is None:
        return None
    return replace(
        volume,
        voxels=volume.filled.mask,
        intensity=Intensity(IntensityUnit.SIGNAL),
        drawings=None,
        shutter=None,
    )


class FilledPlanes:
    """Tells of the frames of one volume what in them was filled. Of the thread that shows it.

    Args:
        source: of the volume.
    """

    def __init__(self, source: SliceSource) -> None:
        mask = filled_volume(source.volume)
        self._filled = source.volume.filled
        self._source = None if mask is None else SliceSource(mask, lambda _k: True)

    def hatched(self, frame: Frame, state: ViewState) -> Frame:
        """Return a frame that says where it shows what was filled."""
        if self._filled is None or self._source is None:
            return frame
        if state.plane is Plane.ACQUIRED and state.slab is None and state.cut is None:
            boxes = self._filled.boxes_of(frame.index)
            return replace(frame, filled=tuple((*box.rows, *box.columns) for box in boxes))
        return replace(frame, filled=rectangles(self._mask(self._source, frame, state)))

    def nothing_at(self, state: ViewState) -> Frame | None:
        """Return a slice that nobody scanned as there is nothing of it: black, hatched.

        None for what was scanned in part at least.
        """
        is_stored = state.plane is Plane.ACQUIRED and state.slab is None and state.cut is None
        whole = () if self._filled is None else self._filled.whole_slices
        if self._source is None or not is_stored or state.slice_index not in whole:
            return None
        stack = self._source.stack(state.plane)
        nothing = np.zeros(stack.shape_rc, dtype=np.uint8)
        frame = Frame(nothing, stack, state.slice_index, Shown.ORIGINAL, is_loaded=True)
        return self.hatched(frame, state)

    @staticmethod
    def _mask(source: SliceSource, frame: Frame, state: ViewState) -> NDArray[np.bool_]:
        """Return where a frame rests on filled voxels, (rows, columns)."""
        rows, columns = frame.stack.shape_rc
        slab = None if state.slab is None else Slab(Projection.MIP, state.slab.thickness_mm)
        if state.cut is None:
            found = source.pixels(state.plane, frame.index, state.interpolation, slab=slab)
            return np.asarray(found > 0)
        coarse = SLAB_COARSE if slab is not None or state.is_moving else 1
        found = source.oblique_pixels(frame.stack, frame.index, slab=slab, coarse=coarse) > 0
        return np.asarray(found.repeat(coarse, 0)[:rows].repeat(coarse, 1)[:, :columns])


def rectangles(mask: NDArray[np.bool_]) -> tuple[Rectangle, ...]:
    """Return the fewest rectangles, each of rows that are alike, that make up a mask."""
    found: list[Rectangle] = []
    if not mask.any():
        return ()
    changes = np.flatnonzero((mask[1:] != mask[:-1]).any(axis=1)) + 1
    starts, stops = [0, *changes.tolist()], [*changes.tolist(), len(mask)]
    for top, bottom in zip(starts, stops, strict=True):
        line = np.concatenate([[False], mask[top], [False]]).astype(np.int8)
        edges = np.flatnonzero(np.diff(line)).tolist()
        found += [
            (top, bottom, left, right) for left, right in zip(edges[::2], edges[1::2], strict=True)
        ]
    return tuple(found)
