"""What a pack says about how far its result may lie from the truth: the table ``[uncertainty]``.

Calibrated on held-out patients: where the model changed a voxel by so much, and the result is so
steep there, the truth lay between ``low`` and ``high`` around the result, in so many of a hundred
voxels. All in deviations of the noise, so that one table serves every dose.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from inference.packs.table import Table


@dataclass(frozen=True, slots=True)
class UncertaintyRow:
    """Where the truth lies for changes of one size at one steepness, in noise deviations.

    Attributes:
        change_low: smallest |result - input| of the row.
        change_high: largest, not itself in the row.
        low: lower end of truth - result where the model raised the voxel; 0 or less. Where it
            lowered the voxel, the ends change places and signs.
        high: upper end of truth - result; 0 or more.
        gradient_low: smallest gradient of the result of the row, per voxel; see ``gradient``.
        gradient_high: largest, not itself in the row.
    """

    change_low: float
    change_high: float
    low: float
    high: float
    gradient_low: float = 0.0
    gradient_high: float = 0.0


@dataclass(frozen=True, slots=True)
class UncertaintySpec:
    """The calibrated table.

    Attributes:
        coverage: share of voxels whose truth lies inside, between 0 and 1.
        rows: for each steepness one after the other without a gap, the first from 0; what is over
            the last row is told with the last row.
        held_out: share that lay inside on patients that were not calibrated on; 0 if not measured.
        held_out_edges: the same at the steepest twentieth of their voxels.
    """

    coverage: float
    rows: tuple[UncertaintyRow, ...]
    held_out: float = 0.0
    held_out_edges: float = 0.0

    def row_of(self, change: float, gradient: float = 0.0) -> UncertaintyRow:
        """Return the row of a change and a gradient in noise deviations."""
        steep = [row for row in self.rows if gradient < row.gradient_high]
        last = self.rows[-1].gradient_low
        rows = [
            r for r in self.rows if r.gradient_low == (steep[0].gradient_low if steep else last)
        ]
        return next((row for row in rows if abs(change) < row.change_high), rows[-1])

    def interval(
        self, original: NDArray[np.float32], result: NDArray[np.float32], sigma: float
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the ends (low, high) of truth - result of each voxel of a slice, in its unit.

        Args:
            original: ``[j, i]`` as scanned.
            result: ``[j, i]`` of the model at full strength.
            sigma: noise of the slice as the model was told it, over 0.
        """
        change = (result.astype(np.float32) - original) / np.float32(sigma)
        steepness = gradient(result) / np.float32(sigma)
        low, high = np.empty_like(change), np.empty_like(change)
        size = np.abs(change)
        last_gradient = self.rows[-1].gradient_low
        for row in self.rows:
            inside = size >= row.change_low
            inside &= steepness >= row.gradient_low
            if row.gradient_low != last_gradient:
                inside &= steepness < row.gradient_high
            # Rows rise: a later one takes over what is its own.
            low[inside], high[inside] = row.low, row.high
        lowered = change < 0
        ends = np.where(lowered, -high, low), np.where(lowered, -low, high)
        return ends[0] * np.float32(sigma), ends[1] * np.float32(sigma)


def gradient(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the size of the gradient of a slice per voxel, by central differences."""
    if min(image.shape) < 2:
        return np.zeros(image.shape, np.float32)
    rows, columns = np.gradient(image.astype(np.float32))
    size: NDArray[np.float32] = np.hypot(rows, columns)
    return size


def parse_uncertainty(table: Table) -> UncertaintySpec:
    """Return what the table ``[uncertainty]`` says.

    Raises:
        PackRefusedError: it is not a table of the schema; the sentence names the key.
    """
    spec = UncertaintySpec(
        table.number("coverage", least=0.0),
        tuple(_row(row) for row in table.tables("rows")),
        _optional(table, "held_out"),
        _optional(table, "held_out_edges"),
    )
    table.close()
    if not 0 < spec.coverage < 1:
        raise table.refused("coverage", "does not lie between 0 and 1")
    if max(spec.held_out, spec.held_out_edges) > 1:
        raise table.refused("held_out", "is over 1")
    if not spec.rows or not _is_whole(spec.rows):
        raise table.refused("rows", "do not follow each other from 0 without a gap")
    return spec


def _is_whole(rows: tuple[UncertaintyRow, ...]) -> bool:
    """Return whether rows leave no gap: in steepness, and in change for each steepness."""
    groups = [list(group) for _, group in groupby(rows, lambda row: row.gradient_low)]
    for group in groups:
        ends = [0.0, *(row.change_high for row in group)]
        if [row.change_low for row in group] != ends[:-1]:
            return False
        if len({row.gradient_high for row in group}) != 1:
            return False
    steeps = [0.0, *(group[0].gradient_high for group in groups)]
    return [group[0].gradient_low for group in groups] == steeps[:-1]


def _row(table: Table) -> UncertaintyRow:
    row = UncertaintyRow(
        change_low=table.number("change_low", least=0.0),
        change_high=table.number("change_high", least=0.0),
        low=table.number("low"),
        high=table.number("high", least=0.0),
        gradient_low=_optional(table, "gradient_low"),
        gradient_high=_optional(table, "gradient_high"),
    )
    table.close()
    if row.change_low >= row.change_high:
        raise table.refused("change_high", "is not over change_low")
    if row.gradient_high and row.gradient_low >= row.gradient_high:
        raise table.refused("gradient_high", "is not over gradient_low")
    if row.low > 0:
        raise table.refused("low", "is over 0")
    return row


def _optional(table: Table, key: str) -> float:
    return table.number(key, least=0.0) if table.has(key) else 0.0
