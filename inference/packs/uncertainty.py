"""What a pack says about how far its result may lie from the truth: the table ``[uncertainty]``.

Calibrated on held-out patients: where the model changed a voxel by so much, the truth lay between
``low`` and ``high`` around the result, in so many of a hundred voxels. All in deviations of the
noise, so that one table serves every dose.
"""

from __future__ import annotations

from dataclasses import dataclass

from inference.packs.table import Table


@dataclass(frozen=True, slots=True)
class UncertaintyRow:
    """Where the truth lies for changes of one size, in noise deviations.

    Attributes:
        change_low: smallest |result - input| of the row.
        change_high: largest, not itself in the row.
        low: lower end of truth - result; 0 or less.
        high: upper end of truth - result; 0 or more.
    """

    change_low: float
    change_high: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class UncertaintySpec:
    """The calibrated table.

    Attributes:
        coverage: share of voxels whose truth lies inside, between 0 and 1.
        rows: one after the other without a gap, the first from 0; what changed by more than the
            last row says is told with the last row.
    """

    coverage: float
    rows: tuple[UncertaintyRow, ...]

    def row_of(self, change: float) -> UncertaintyRow:
        """Return the row of a change in noise deviations."""
        return next((row for row in self.rows if abs(change) < row.change_high), self.rows[-1])


def parse_uncertainty(table: Table) -> UncertaintySpec:
    """Return what the table ``[uncertainty]`` says.

    Raises:
        PackRefusedError: it is not a table of the schema; the sentence names the key.
    """
    spec = UncertaintySpec(
        table.number("coverage", least=0.0), tuple(_row(row) for row in table.tables("rows"))
    )
    table.close()
    if not 0 < spec.coverage < 1:
        raise table.refused("coverage", "does not lie between 0 and 1")
    ends = [0.0, *(row.change_high for row in spec.rows)]
    if not spec.rows or [row.change_low for row in spec.rows] != ends[:-1]:
        raise table.refused("rows", "do not follow each other from 0 without a gap")
    return spec


def _row(table: Table) -> UncertaintyRow:
    row = UncertaintyRow(
        change_low=table.number("change_low", least=0.0),
        change_high=table.number("change_high", least=0.0),
        low=table.number("low"),
        high=table.number("high", least=0.0),
    )
    table.close()
    if row.change_low >= row.change_high:
        raise table.refused("change_high", "is not over change_low")
    if row.low > 0:
        raise table.refused("low", "is over 0")
    return row
