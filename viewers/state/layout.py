"""How the viewports of a grid divide its area, and which plane each shows at first.

A layout is a tiling: its cells cover the unit square without a gap and without overlap. Fractions
count from the left and from the top. Edges lie on a lattice of ``UNITS`` steps, so that tiling is
decided by whole numbers and no rounding adds up, whatever is split, taken out or dragged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, TypeAlias

from viewers.state.view_state import Plane

UNITS = 5040
"""Steps of the lattice: halves, thirds, fifths, sevenths and their halves are exact, and a step is
under a pixel on every screen."""

MAX_SIDE, MAX_CELLS = 4, 16
"""The largest grid has four rows of four; more pictures than that are thumbnails."""

MIN_SHARE = 0.1
"""No cell is narrower or lower than this share of the grid: under it no image can be read, and
four fit beside each other in every way."""

MPR_NAME, FREE_NAME = "mpr", "free"
"""Names of layouts that are no plain grid: three planes of one series, and the reader's own."""

_GRID_NAME = re.compile(r"([1-4])x([1-4])")

Data: TypeAlias = dict[str, object]


class LayoutError(ValueError):
    """Numbers that make no layout; the text says why, for the log and for whoever edits a file."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Place of one viewport, as fractions 0..1 of the grid.

    Attributes:
        left, top: of its upper left corner.
        width, height: above 0.
    """

    left: float
    top: float
    width: float
    height: float

    def __post_init__(self) -> None:
        left, top, right, bottom = self.edges
        if not (0 <= left < right <= UNITS and 0 <= top < bottom <= UNITS):
            raise LayoutError("a cell lies inside the unit square and is not empty")

    @property
    def edges(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom in steps of the lattice, 0..UNITS."""
        left, top, width, height = self.left, self.top, self.width, self.height
        found = tuple(round(UNITS * at) for at in (left, top, left + width, top + height))
        return (found[0], found[1], found[2], found[3])

    @classmethod
    def between(cls, edges: Sequence[int]) -> Cell:
        """Return the cell between left, top, right and bottom, in steps of the lattice."""
        left, top, right, bottom = edges
        return cls(left / UNITS, top / UNITS, (right - left) / UNITS, (bottom - top) / UNITS)


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between cells that can be dragged; fractions 0..1 of the grid.

    Attributes:
        is_vertical: cells lie at its left and right, and not above and below.
        at: where it is, from the left or from the top.
        start, end: its extent along the other direction.
    """

    is_vertical: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Layout:
    """The cells of a grid, in reading order as they were made; a viewport belongs to each.

    Attributes:
        name: ``"1x1"`` to ``"4x4"`` (rows x columns), ``"mpr"`` or ``"free"``.
        cells: at most 16; they tile the unit square.
        planes: the plane each viewport shows at first; empty stands for the acquired slices in all.
    """

    ONE: ClassVar[Layout]
    TWO: ClassVar[Layout]
    FOUR: ClassVar[Layout]
    MPR: ClassVar[Layout]

    name: str
    cells: tuple[Cell, ...]
    planes: tuple[Plane, ...] = ()

    def __post_init__(self) -> None:
        if not self.planes:
            object.__setattr__(self, "planes", (Plane.ACQUIRED,) * len(self.cells))
        if len(self.planes) != len(self.cells):
            raise LayoutError("each cell has one plane")
        if not 1 <= len(self.cells) <= MAX_CELLS:
            raise LayoutError("a layout has 1 to 16 cells")
        _check_name(self.name, len(self.cells))
        _check_tiling([cell.edges for cell in self.cells])

    @classmethod
    def grid(cls, rows: int, columns: int) -> Layout:
        """Return equal cells in 1 to 4 rows and 1 to 4 columns."""
        if not (1 <= rows <= MAX_SIDE and 1 <= columns <= MAX_SIDE):
            raise LayoutError("a grid has 1 to 4 rows and 1 to 4 columns")
        return cls(f"{rows}x{columns}", _rows([columns] * rows))

    @classmethod
    def named(cls, name: str) -> Layout:
        """Return the layout of a name: a grid, or three planes."""
        if name == MPR_NAME:
            return cls.MPR
        found = _GRID_NAME.fullmatch(name)
        if found is None:
            raise LayoutError("this name stands for no one layout")
        return cls.grid(int(found[1]), int(found[2]))

    @property
    def is_mpr(self) -> bool:
        """Whether the cells are three planes of one series."""
        return self.name == MPR_NAME

    @property
    def dividers(self) -> tuple[Divider, ...]:
        """The lines that can be dragged, upright ones first, each as long as cells meet in it."""
        edges = [cell.edges for cell in self.cells]
        return (*_lines(edges, is_vertical=True), *_lines(edges, is_vertical=False))

    def split(self, index: int, *, side_by_side: bool, share: float = 0.5) -> Layout:
        """Return the layout with one cell made two; the new one follows it.

        Args:
            index: of the cell.
            side_by_side: whether the two lie beside each other, and not one above the other.
            share: of the first one, 0..1; both keep the smallest size.

        Raises:
            LayoutError: there are 16 cells, or the cell is too small for two.
        """
        edges = list(self.cells[index].edges)
        axis = 0 if side_by_side else 1
        start, end, least = edges[axis], edges[axis + 2], _least()
        if len(self.cells) >= MAX_CELLS or end - start < 2 * least:
            raise LayoutError("there is no room for another cell")
        at = min(max(round(start + share * (end - start)), start + least), end - least)
        first, second = list(edges), list(edges)
        first[axis + 2], second[axis] = at, at
        made = (Cell.between(first), Cell.between(second))
        return Layout(
            FREE_NAME,
            (*self.cells[:index], *made, *self.cells[index + 1 :]),
            (*self.planes[: index + 1], *self.planes[index:]),
        )

    def without(self, index: int) -> Layout:
        """Return the layout without one cell; those beside it grow into its place.

        Raises:
            LayoutError: it is the only cell.
        """
        if len(self.cells) == 1:
            raise LayoutError("the last cell stays")
        gone = self.cells[index].edges
        rest = [cell.edges for n, cell in enumerate(self.cells) if n != index]
        planes = (*self.planes[:index], *self.planes[index + 1 :])
        grown = _grown(rest, gone)
        # Cells that lie around the gone one like the sails of a mill cannot grow into its place.
        cells = tuple(map(Cell.between, grown)) if grown else _rows(_even_rows(len(rest)))
        return Layout(FREE_NAME, cells, planes)

    def resized(self, divider: Divider, at: float) -> Layout:
        """Return the layout with a divider moved as near to a place as the cells beside it allow.

        The name stays: a grid whose columns have other widths is still that grid.
        """
        axis = 0 if divider.is_vertical else 1
        old = round(UNITS * divider.at)
        span = (round(UNITS * divider.start), round(UNITS * divider.end))
        edges = [list(cell.edges) for cell in self.cells]
        along = [one for one in edges if span[0] <= one[1 - axis] and one[3 - axis] <= span[1]]
        before = [one for one in along if one[axis + 2] == old]
        after = [one for one in along if one[axis] == old]
        if not before or not after:
            raise LayoutError("no divider of this layout")
        low = max(one[axis] for one in before) + _least()
        high = min(one[axis + 2] for one in after) - _least()
        new = old if low > high else min(max(round(UNITS * at), low), high)
        for one in before:
            one[axis + 2] = new
        for one in after:
            one[axis] = new
        return replace(self, cells=tuple(Cell.between(one) for one in edges))

    def to_data(self) -> Data:
        """Return plain values for a file: name, cells as four numbers, names of planes."""
        return {
            "name": self.name,
            "cells": [[c.left, c.top, c.width, c.height] for c in self.cells],
            "planes": [plane.value for plane in self.planes],
        }

    @classmethod
    def from_data(cls, data: object) -> Layout:
        """Return the layout of plain values, as :meth:`to_data` gives them; nothing is trusted.

        ``cells`` may be left out where the name says them; ``planes`` may always be left out.

        Raises:
            LayoutError: the values make no layout.
        """
        if not isinstance(data, Mapping):
            raise LayoutError("a layout is a table")
        name = data.get("name", FREE_NAME)
        if not isinstance(name, str):
            raise LayoutError("the name of a layout is a text")
        planes = _planes_of(data.get("planes", []))
        if "cells" not in data:
            named = cls.named(name)
            return replace(named, planes=planes or named.planes)
        return cls(name, _cells_of(data["cells"]), planes)


def _least() -> int:
    return round(MIN_SHARE * UNITS)


def _rows(counts: Iterable[int]) -> tuple[Cell, ...]:
    """Return rows of equal height with so many equal cells each."""
    rows = list(counts)
    downs = [round(UNITS * n / len(rows)) for n in range(len(rows) + 1)]
    made = []
    for row, count in enumerate(rows):
        across = [round(UNITS * n / count) for n in range(count + 1)]
        ends = (downs[row], downs[row + 1])
        made += [Cell.between((across[n], ends[0], across[n + 1], ends[1])) for n in range(count)]
    return tuple(made)


def _even_rows(count: int) -> list[int]:
    """Return how many cells each row has where a count is laid out as evenly as it goes."""
    rows = next(n for n in range(1, MAX_SIDE + 1) if n * n >= count)
    return [count // rows + (n < count % rows) for n in range(rows)]


_Edges: TypeAlias = tuple[int, int, int, int]


def _check_name(name: str, count: int) -> None:
    if name == FREE_NAME:
        return
    found = _GRID_NAME.fullmatch(name)
    wanted = 3 if name == MPR_NAME else int(found[1]) * int(found[2]) if found else 0
    if wanted != count:
        raise LayoutError("the name does not say these cells")


def _check_tiling(edges: Sequence[_Edges]) -> None:
    """Refuse cells that overlap or leave a gap: equal areas and no overlap is a tiling."""
    area = sum((right - left) * (bottom - top) for left, top, right, bottom in edges)
    overlaps = any(
        a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
        for n, a in enumerate(edges)
        for b in edges[:n]
    )
    if overlaps or area != UNITS * UNITS:
        raise LayoutError("cells cover the whole square once")


def _lines(edges: Sequence[_Edges], *, is_vertical: bool) -> list[Divider]:
    """Return the dividers of one direction: touching pieces of one line are one divider."""
    axis = 0 if is_vertical else 1
    found = []
    for at in sorted({one[axis] for one in edges} - {0}):
        pieces = sorted((one[1 - axis], one[3 - axis]) for one in edges if one[axis] == at)
        joined = [list(pieces[0])]
        for start, end in pieces[1:]:
            if start == joined[-1][1]:
                joined[-1][1] = end
            else:
                joined.append([start, end])
        found += [Divider(is_vertical, at / UNITS, a / UNITS, b / UNITS) for a, b in joined]
    return found


def _grown(rest: Sequence[_Edges], gone: _Edges) -> list[_Edges]:
    """Return the cells after those along one whole side of a gone one took its place.

    The side with the fewest cells is taken, so that one neighbor grows where one can. Empty where
    no side is met by whole cells.
    """
    best: tuple[int, list[_Edges]] = (MAX_CELLS, [])
    for side in range(4):
        axis, opposite = side % 2, (side + 2) % 4
        low, high = gone[1 - axis], gone[3 - axis]
        beside = [
            one
            for one in rest
            if one[opposite] == gone[side] and low <= one[1 - axis] and one[3 - axis] <= high
        ]
        if sum(one[3 - axis] - one[1 - axis] for one in beside) != high - low:
            continue
        if len(beside) < best[0]:
            grown = [_with(one, opposite, gone[opposite]) if one in beside else one for one in rest]
            best = (len(beside), grown)
    return best[1]


def _with(edges: _Edges, side: int, at: int) -> _Edges:
    changed = list(edges)
    changed[side] = at
    return (changed[0], changed[1], changed[2], changed[3])


def _cells_of(found: object) -> tuple[Cell, ...]:
    if not isinstance(found, Sequence) or isinstance(found, str | bytes):
        raise LayoutError("cells are a list")
    return tuple(_cell_of(one) for one in found[: MAX_CELLS + 1])


def _cell_of(found: object) -> Cell:
    if not isinstance(found, Sequence) or isinstance(found, str | bytes) or len(found) != 4:
        raise LayoutError("a cell is four numbers: left, top, width, height")
    numbers = []
    for number in found:
        if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number <= 1:
            raise LayoutError("a cell is four numbers from 0 to 1")
        numbers.append(float(number))
    return Cell(*numbers)


def _planes_of(found: object) -> tuple[Plane, ...]:
    if not isinstance(found, Sequence) or isinstance(found, str | bytes):
        raise LayoutError("planes are a list")
    known = {plane.value: plane for plane in Plane}
    planes = [known.get(one) if isinstance(one, str) else None for one in found]
    made = tuple(plane for plane in planes if plane is not None)
    if len(made) != len(planes):
        raise LayoutError("a plane has one of the names acquired, axial, coronal, sagittal")
    return made


Layout.ONE = Layout.grid(1, 1)
Layout.TWO = Layout.grid(1, 2)
Layout.FOUR = Layout.grid(2, 2)
Layout.MPR = Layout(
    MPR_NAME,
    (Cell(0.0, 0.0, 0.5, 1.0), Cell(0.5, 0.0, 0.5, 0.5), Cell(0.5, 0.5, 0.5, 0.5)),
    (Plane.AXIAL, Plane.CORONAL, Plane.SAGITTAL),
)
