"""What a header draws over an image or hides of it: overlays and display shutters.

None of it is part of the voxels: nothing here is measured, and the reader can take it away.

Source: DICOM PS3.3 C.9.2 (Overlay Plane), C.7.6.11 (Display Shutter).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray


class DrawingKind(Enum):
    """Overlay Type (60xx,0040)."""

    GRAPHICS = "G"
    ROI = "R"


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """One overlay of one slice. Immutable; any thread.

    Attributes:
        mask: (rows, columns) of the slice; read-only. Parts beyond the slice are cut off.
        kind: lines and text, or an area.
        label: what the header calls it; may be empty, and may name a person.
    """

    mask: NDArray[np.bool_]
    kind: DrawingKind
    label: str = ""

    def __post_init__(self) -> None:
        self.mask.setflags(write=False)


SliceDrawings: TypeAlias = Callable[[int], tuple[Drawing, ...]]
"""The drawings of acquired slice k; any thread. Empty while they are not read yet."""

Vertex: TypeAlias = tuple[int, int]
"""(row, column), from 1, as the standard counts."""


@dataclass(frozen=True, slots=True)
class Shutter:
    """The part of an image that is meant to be seen: where all of its shapes overlap.

    Attributes:
        rectangle: left, right, upper, lower edge: the first and last column and row that are
            seen, from 1; None where it has none.
        circle: row and column of the center, from 1, and the radius in pixels; None for none.
        polygon: corners; empty for none.
        level: gray of the hidden part, 0..255.
    """

    rectangle: tuple[int, int, int, int] | None = None
    circle: tuple[int, int, int] | None = None
    polygon: tuple[Vertex, ...] = ()
    level: int = 0

    def hidden(self, rows: int, columns: int) -> NDArray[np.bool_]:
        """Return which pixels are hidden, (rows, columns)."""
        row, column = np.mgrid[1 : rows + 1, 1 : columns + 1]
        seen = np.ones((rows, columns), dtype=np.bool_)
        if self.rectangle is not None:
            left, right, upper, lower = self.rectangle
            seen &= (column >= left) & (column <= right) & (row >= upper) & (row <= lower)
        if self.circle is not None:
            middle_row, middle_column, radius = self.circle
            seen &= (row - middle_row) ** 2 + (column - middle_column) ** 2 <= radius**2
        if self.polygon:
            seen &= _inside(self.polygon, row, column)
        return ~seen


def _inside(
    corners: tuple[Vertex, ...], row: NDArray[np.int_], column: NDArray[np.int_]
) -> NDArray[np.bool_]:
    """Return which pixels lie inside a polygon (even-odd rule) or on its edge."""
    inside = np.zeros(row.shape, dtype=np.bool_)
    on_edge = np.zeros(row.shape, dtype=np.bool_)
    for (row_a, column_a), (row_b, column_b) in zip(
        corners, (*corners[1:], corners[0]), strict=True
    ):
        is_straight = (column_b - column_a) * (row - row_a) == (column - column_a) * (row_b - row_a)
        is_within = (row >= min(row_a, row_b)) & (row <= max(row_a, row_b))
        is_beside = (column >= min(column_a, column_b)) & (column <= max(column_a, column_b))
        on_edge |= is_straight & is_within & is_beside
        if row_a != row_b:
            at = column_a + (row - row_a) * ((column_b - column_a) / (row_b - row_a))
            inside ^= ((row_a > row) != (row_b > row)) & (column < at)
    return inside | on_edge
