"""Whether a volume is drawn whole or thinned out, and why; never in silence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

VOXEL_BYTES = 6
"""What a voxel takes while it is drawn: 2 in shared memory, and for shading 2 for its normal, 1 for
its gradient and less than 1 for the coarse picture and the empty space that rays leap over."""

ROOM_SHARE = 0.75
"""Share of the free memory that a 3D view may take; other series may yet be opened."""

MOST_SOFTWARE_VOXELS = 160_000_000
"""Without a graphics card 160 million voxels (512 x 512 x 600) are prepared in 15 seconds on two
cores; more keeps a reader waiting."""

MOST_CARD_VOXELS = 512_000_000
"""A gibibyte of 16-bit voxels: small graphics cards hold two."""


class Reason(Enum):
    """Why voxels are left out."""

    MEMORY = "memory"
    SOFTWARE = "software"
    CARD = "card"


@dataclass(frozen=True, slots=True)
class Reduction:
    """Which voxels are drawn: each n-th along k, j, i.

    Attributes:
        strides_kji: 1 for all.
        reason: why; None where all are drawn.
        figure: free bytes, most voxels or most along a side, as the reason has it.
    """

    strides_kji: tuple[int, int, int] = (1, 1, 1)
    reason: Reason | None = None
    figure: int = 0

    @property
    def one_of(self) -> int:
        """One of so many voxels is drawn."""
        return int(np.prod(self.strides_kji))

    @property
    def is_whole(self) -> bool:
        """Whether every voxel is drawn."""
        return self.one_of == 1


@dataclass(frozen=True, slots=True)
class Limits:
    """What a volume may be.

    Attributes:
        room_bytes: memory that can be taken now.
        is_software: whether the processor draws.
        most_side: voxels along a side; 0 for no limit.
    """

    room_bytes: int
    is_software: bool
    most_side: int = 0


def reduction(
    shape_kji: tuple[int, int, int], spacing_kji_mm: tuple[float, float, float], limits: Limits
) -> Reduction:
    """Return which voxels are drawn; the axis with the finest steps is thinned out first.

    Raises:
        MemoryError: not even a coarse picture fits.
    """
    strides = [1, 1, 1]
    reason, figure = None, 0
    while (found := _exceeded(_thinned(shape_kji, strides), limits)) is not None:
        reason, figure = found if reason is None else (reason, figure)
        steps = [stride * mm for stride, mm in zip(strides, spacing_kji_mm, strict=True)]
        sizes = _thinned(shape_kji, strides)
        axes = [axis for axis in range(3) if sizes[axis] > _FEWEST]
        if not axes:
            raise MemoryError
        is_long = [axis for axis in axes if 0 < limits.most_side < sizes[axis]]
        strides[min(is_long or axes, key=lambda axis: steps[axis])] *= 2
    return Reduction((strides[0], strides[1], strides[2]), reason, figure)


_FEWEST = 32
"""Fewer voxels along a side give no picture worth the name."""


def _thinned(shape_kji: tuple[int, int, int], strides: list[int]) -> tuple[int, int, int]:
    k, j, i = (-(-size // stride) for size, stride in zip(shape_kji, strides, strict=True))
    return (k, j, i)


def _exceeded(shape: tuple[int, int, int], limits: Limits) -> tuple[Reason, int] | None:
    voxels = int(np.prod(shape))
    if limits.most_side and max(shape) > limits.most_side:
        return Reason.CARD, limits.most_side
    if voxels * VOXEL_BYTES > limits.room_bytes * ROOM_SHARE:
        return Reason.MEMORY, limits.room_bytes
    most = MOST_SOFTWARE_VOXELS if limits.is_software else MOST_CARD_VOXELS
    if voxels > most:
        return (Reason.SOFTWARE if limits.is_software else Reason.CARD), most
    return None
