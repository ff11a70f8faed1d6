"""How many viewports there are and what each shows at first."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from viewers.state.view_state import Plane


@dataclass(frozen=True, slots=True)
class Cell:
    """Place of one viewport in the grid, in rows and columns of equal size."""

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


class Layout(Enum):
    """The grids a reader can choose."""

    ONE = "1"
    TWO = "2"
    FOUR = "4"
    MPR = "mpr"

    @property
    def cells(self) -> tuple[Cell, ...]:
        """One cell per viewport, in reading order."""
        match self:
            case Layout.ONE:
                return (Cell(0, 0),)
            case Layout.TWO:
                return (Cell(0, 0), Cell(0, 1))
            case Layout.FOUR:
                return (Cell(0, 0), Cell(0, 1), Cell(1, 0), Cell(1, 1))
            case Layout.MPR:
                return (Cell(0, 0, row_span=2), Cell(0, 1), Cell(1, 1))

    @property
    def planes(self) -> tuple[Plane, ...]:
        """The plane each viewport shows when the layout is chosen."""
        if self is Layout.MPR:
            return (Plane.AXIAL, Plane.CORONAL, Plane.SAGITTAL)
        return (Plane.ACQUIRED,) * len(self.cells)
