"""Voxels that nobody scanned: a model proposed them where slices or rows are missing.

They are looked at, hatched, and never measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

FILLED_MARK = "FILLED"
"""Value of Image Type of an image of ours with proposed voxels."""

MASKED = 255
"""What a mask holds where voxels are filled; 0 elsewhere."""


@dataclass(frozen=True, slots=True)
class FilledBox:
    """A rectangle of filled voxels in one slice.

    Attributes:
        k: the slice.
        rows, columns: first and one past the last.
    """

    k: int
    rows: tuple[int, int]
    columns: tuple[int, int]

    def __post_init__(self) -> None:
        is_empty = self.rows[0] >= self.rows[1] or self.columns[0] >= self.columns[1]
        if self.k < 0 or is_empty or min(self.rows[0], self.columns[0]) < 0:
            raise ValueError("a box of filled voxels holds at least one of them")

    @property
    def count(self) -> int:
        """How many voxels it holds."""
        return (self.rows[1] - self.rows[0]) * (self.columns[1] - self.columns[0])


@dataclass(frozen=True, eq=False)
class Filled:
    """Which voxels of a volume were filled. Immutable; any thread.

    Attributes:
        shape_kji: of the volume.
        boxes: what was filled; they may overlap.
    """

    shape_kji: tuple[int, int, int]
    boxes: tuple[FilledBox, ...]

    def __post_init__(self) -> None:
        count, rows, columns = self.shape_kji
        for box in self.boxes:
            if box.k >= count or box.rows[1] > rows or box.columns[1] > columns:
                raise ValueError("a box of filled voxels lies inside of its volume")

    @cached_property
    def whole_slices(self) -> tuple[int, ...]:
        """Slices of which nothing was scanned."""
        whole = (0, self.shape_kji[1]), (0, self.shape_kji[2])
        return tuple(sorted({box.k for box in self.boxes if (box.rows, box.columns) == whole}))

    @cached_property
    def touched_slices(self) -> tuple[int, ...]:
        """Slices of which something was filled."""
        return tuple(sorted({box.k for box in self.boxes}))

    @property
    def partial_slices(self) -> tuple[int, ...]:
        """Slices of which a part was filled."""
        return tuple(k for k in self.touched_slices if k not in self.whole_slices)

    def boxes_of(self, k: int) -> tuple[FilledBox, ...]:
        """Return the boxes of a slice."""
        return tuple(box for box in self.boxes if box.k == k)

    def plane(self, k: int) -> NDArray[np.bool_]:
        """Return where a slice was filled, (rows, columns)."""
        plane = np.zeros(self.shape_kji[1:], dtype=np.bool_)
        for box in self.boxes_of(k):
            plane[slice(*box.rows), slice(*box.columns)] = True
        return plane

    def holds(self, k: int, j: int, i: int) -> bool:
        """Whether a voxel was filled; voxels outside of the volume were not."""
        return any(
            box.k == k and box.rows[0] <= j < box.rows[1] and box.columns[0] <= i < box.columns[1]
            for box in self.boxes
        )

    @cached_property
    def mask(self) -> NDArray[np.uint8]:
        """``[k, j, i]`` MASKED where filled, else 0; read-only.

        Where whole slices were filled it takes one byte per slice.
        """
        if not self.partial_slices:
            lines = np.zeros((self.shape_kji[0], 1, 1), dtype=np.uint8)
            lines[list(self.whole_slices)] = MASKED
            return np.broadcast_to(lines, self.shape_kji)
        mask = np.zeros(self.shape_kji, dtype=np.uint8)
        for box in self.boxes:
            mask[box.k, slice(*box.rows), slice(*box.columns)] = MASKED
        mask.setflags(write=False)
        return mask


def whole_slice(k: int, shape_kji: tuple[int, int, int]) -> FilledBox:
    """Return the box of a whole slice."""
    return FilledBox(k, (0, shape_kji[1]), (0, shape_kji[2]))
