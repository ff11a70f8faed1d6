"""Slabs across turned planes: coarse at once, in full later, from a thread that can be called off.

A slab of 20 mm across 1024 x 1024 turned pixels samples some 25 slices trilinearly, half a second
and more on two cores. The reader sees a coarse picture of it at once; the full one is made beside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewers.render.blends import BlendedVoxels, Voxels
from viewers.render.oblique import always
from viewers.render.planes import PlaneStack
from viewers.render.source import SliceSource
from viewers.state.slab import Slab

COARSE_AT_ONCE = 4
"""Each fourth row and column: a sixteenth of the time, and the shapes can be followed."""

STEPS = (2, 1)
"""What is made beside the hand, one after the other: half the detail comes in a quarter of the
time of the full picture."""


@dataclass(frozen=True, slots=True, eq=False)
class SlabRequest:
    """Everything that pixels of a slab are made from. Immutable; any thread.

    Attributes:
        source: the slices.
        stack: parallel turned slices.
        index: which of them.
        slab: what is projected onto it.
        model: a model's voxels over those of the source; None where none is shown.
        loaded: how many slices were in when it was made.
        strength: share of the model's change that is mixed in before the slab is projected; 1
            where it can be mixed afterwards.
    """

    source: SliceSource
    stack: PlaneStack
    index: int
    slab: Slab
    model: NDArray[Any] | None
    loaded: int
    strength: float = 1.0

    @property
    def mixed(self) -> Voxels | None:
        """The model's voxels as they are projected."""
        if self.model is None or self.strength == 1.0:
            return self.model
        return BlendedVoxels(self.source.volume.voxels, self.model, self.strength)

    def is_same(self, other: SlabRequest) -> bool:
        """Whether another request asks for the same pixels."""
        same_voxels = self.source is other.source and self.model is other.model
        same_voxels = same_voxels and self.strength == other.strength
        same_place = self.stack is other.stack and self.index == other.index
        return same_voxels and same_place and (self.slab, self.loaded) == (other.slab, other.loaded)


@dataclass(frozen=True, slots=True, eq=False)
class SlabPixels:
    """Pixels of a slab in the unit of the volume, each ``coarse``-th row and column.

    Attributes:
        request: what they were made from.
        coarse: 1 for every pixel.
        original: stored voxels projected.
        model: the same of a model's voxels, mixed as the request says; None where none is shown.
    """

    request: SlabRequest
    coarse: int
    original: NDArray[np.float32]
    model: NDArray[np.float32] | None


def slab_pixels(
    request: SlabRequest, coarse: int, is_wanted: Callable[[], bool] = always
) -> SlabPixels:
    """Return the pixels of a slab; on any thread.

    Raises:
        CancelledError: they are not wanted any more.
    """

    def sampled(voxels: Voxels | None) -> NDArray[np.float32]:
        found: NDArray[np.float32] = request.source.oblique_pixels(
            request.stack,
            request.index,
            voxels,
            slab=request.slab,
            coarse=coarse,
            is_wanted=is_wanted,
        )
        return found

    model = None if request.model is None else sampled(request.mixed)
    return SlabPixels(request, coarse, sampled(None), model)


class TurnedSlabs:
    """Gives the pixels of the slab on show: the best that were made, else coarse ones.

    Owned by the thread that renders.

    Attributes:
        is_deferred: full pixels are made by somebody else and come with :meth:`take`; where
            nobody does, they are made when they are asked for.
    """

    def __init__(self) -> None:
        self.is_deferred = False
        self._best: SlabPixels | None = None

    def take(self, made: SlabPixels) -> None:
        """Keep pixels that were made beside."""
        self._best = made

    def pixels(self, request: SlabRequest, *, is_moving: bool) -> SlabPixels:
        """Return pixels of a slab, as good as they can be had at once.

        Args:
            request: what is wanted.
            is_moving: the hand moves: coarse pixels will do.
        """
        best = self._best
        is_coarse = is_moving or self.is_deferred
        if best is not None and best.request.is_same(request) and (best.coarse == 1 or is_coarse):
            return best
        self._best = slab_pixels(request, COARSE_AT_ONCE if is_coarse else 1)
        return self._best

    def lacking(self, shown: SlabPixels, *, is_moving: bool) -> SlabRequest | None:
        """Return what is still to be made of a slab on show; None for nothing."""
        is_full = shown.coarse == 1 or is_moving or not self.is_deferred
        return None if is_full else shown.request
