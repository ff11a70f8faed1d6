"""Slices of an overlay that were sampled, kept for the next paint, and neighbors made ahead."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Lock
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from viewers.render.frame import Frame, Shown
from viewers.render.fusion import (
    Fused,
    Overlay,
    levels,
    mixed_picture,
    mixing_table,
    sampled,
)
from viewers.render.oblique import Raster, raster_of
from viewers.render.planes import PlaneStack
from viewers.render.projection import project
from viewers.render.slabs import slab_members
from viewers.state.fusion import Fusion
from viewers.state.slab import Slab

KEPT_BYTES = 64 << 20
"""Sampled slices kept: 60 of 512 x 512, which is what a reader scrolls back and forth in."""

AHEAD = 3
"""Slices sampled ahead in the direction of the scroll: at 30 slices a second a tenth of one."""

SliceKey: TypeAlias = tuple[int, int, Slab | None, int]


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """Sampled values, and the stack that they belong to: its identity is in the key."""

    stack: PlaneStack
    values: NDArray[np.float32]


class OverlaySampler:
    """Samples slices of one overlay. Values are asked for by one thread; another makes some ahead.

    Args:
        overlay: what is sampled.
    """

    def __init__(self, overlay: Overlay) -> None:
        self.overlay = overlay
        self._kept: OrderedDict[SliceKey, _Kept] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()
        self._ahead: ThreadPoolExecutor | None = None
        self._wanted = 0
        self._last: tuple[int, int] = (0, 0)
        self._is_complete = False

    @property
    def is_complete(self) -> bool:
        """Whether every slice of the overlay is in; once true it stays so."""
        self._is_complete = self._is_complete or self.overlay.is_complete
        return self._is_complete

    def values(
        self, stack: PlaneStack, index: int, slab: Slab | None = None, coarse: int = 1
    ) -> NDArray[np.float32]:
        """Return the overlay on a slice of the base, (rows, columns), NaN where there is none.

        Args:
            stack: slices of the base.
            index: which of them.
            slab: the overlay is projected over the same thickness, in the same way.
            coarse: each so many-th pixel only.
        """
        key = (id(stack), index, slab, coarse)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept.values
        made = sample_slice(self.overlay, stack, index, slab, coarse)
        if self.is_complete:
            self._keep(key, _Kept(stack, made))
        return made

    def look_ahead(self, stack: PlaneStack, index: int, slab: Slab | None = None) -> None:
        """Let the slices that come next in the direction of the scroll be made ready."""
        before, self._last = self._last, (id(stack), index)
        step = int(np.sign(index - before[1]))
        if before[0] != id(stack) or step == 0 or slab is not None or not self.is_complete:
            return
        following = [index + step * n for n in range(1, AHEAD + 1)]
        following = [n for n in following if 0 <= n < stack.count]
        if all((id(stack), n, None, 1) in self._kept for n in following):
            return
        self._wanted += 1
        if self._ahead is None:
            self._ahead = ThreadPoolExecutor(1, thread_name_prefix="fusion-ahead")
        self._ahead.submit(self._make_ahead, stack, following, self._wanted)

    def close(self) -> None:
        """Make nothing ahead any more."""
        self._wanted += 1
        if self._ahead is not None:
            self._ahead.shutdown(wait=False, cancel_futures=True)
            self._ahead = None

    def _make_ahead(self, stack: PlaneStack, indices: list[int], wanted: int) -> None:
        for index in indices:
            # The hand has gone on: what comes next is asked for anew.
            if wanted != self._wanted:
                return
            self.values(stack, index)

    def _keep(self, key: SliceKey, kept: _Kept) -> None:
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = kept
            self._bytes += kept.values.nbytes
            while self._bytes > KEPT_BYTES and len(self._kept) > 1:
                _, old = self._kept.popitem(last=False)
                self._bytes -= old.values.nbytes


class Fuser:
    """Lays an overlay over rendered frames; keeps the sampler and the table of colors.

    Owned by the thread that renders the frames.
    """

    def __init__(self) -> None:
        self._sampler: OverlaySampler | None = None
        self._table: tuple[Fusion, NDArray[np.uint32]] | None = None

    def fused(self, frame: Frame, overlay: Overlay, fusion: Fusion, slab: Slab | None) -> Frame:
        """Return a frame with the overlay on it.

        A picture in color or of a difference stays as it is: a second color would not be read.
        """
        if frame.is_color or frame.shown is Shown.DIFFERENCE:
            return frame
        sampler = self._sampler_of(overlay)
        stack, index, coarse = frame.stack, frame.index, frame.coarse
        values = sampler.values(stack, index, slab, coarse)
        placed = levels(values, fusion)
        if coarse > 1:
            rows, columns = stack.shape_rc
            placed = placed.repeat(coarse, 0)[:rows].repeat(coarse, 1)[:, :columns]
        picture = mixed_picture(frame.pixels, placed, self._table_of(fusion))
        sampler.look_ahead(stack, index, slab)
        reaches = bool(placed.any()) or bool(np.isfinite(values).any())
        return replace(frame, picture=picture, fused=Fused(overlay, fusion, reaches))

    def prepare(
        self, overlay: Overlay, stack: PlaneStack, index: int, slab: Slab | None, coarse: int
    ) -> None:
        """Sample a slice before it is asked for; from any thread, while the overlay is laid."""
        sampler = self._sampler
        if sampler is not None and sampler.overlay is overlay:
            sampler.values(stack, index, slab, coarse)

    def forget(self) -> None:
        """Let everything go."""
        if self._sampler is not None:
            self._sampler.close()
        self._sampler = None

    def _sampler_of(self, overlay: Overlay) -> OverlaySampler:
        if self._sampler is None or self._sampler.overlay is not overlay:
            self.forget()
            self._sampler = OverlaySampler(overlay)
        return self._sampler

    def _table_of(self, fusion: Fusion) -> NDArray[np.uint32]:
        if self._table is None or self._table[0] != fusion:
            self._table = fusion, mixing_table(fusion)
        return self._table[1]


def sample_slice(
    overlay: Overlay, stack: PlaneStack, index: int, slab: Slab | None, coarse: int = 1
) -> NDArray[np.float32]:
    """Return the overlay on a slice or a slab of the base, (rows, columns)."""
    raster = raster_of(stack, index, coarse)
    if slab is None:
        return sampled(overlay, raster)
    sections = (sampled(overlay, one) for one in _behind(overlay, stack, index, slab, raster))
    projected: NDArray[np.float32] = project(sections, slab.projection, fill=np.nan)
    return projected


def _behind(
    overlay: Overlay, stack: PlaneStack, index: int, slab: Slab, raster: Raster
) -> Iterator[Raster]:
    """Yield the slices of a slab, straight behind the one shown; no finer than the overlay."""
    away = stack.distances_mm[slab_members(stack, index, slab)] - stack.distances_mm[index]
    finest = min(*overlay.volume.geometry.spacing_ij_mm, _step_mm(overlay)) / 2
    last = -np.inf
    for distance in np.sort(away):
        if distance - last >= finest or distance == 0:
            last = float(distance)
            yield replace(raster, origin_mm=raster.origin_mm + distance * stack.normal)


def _step_mm(overlay: Overlay) -> float:
    return float(np.abs(np.diff(overlay.lattice.distances_mm)).min())
