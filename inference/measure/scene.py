"""What every measurement gets: original voxels, the request, the working grid; and makes: facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.measure.masks import Mask
from inference.measure.vocabulary import Quantity
from inference.measure.working_grid import WorkingGrid
from inference.tasks.measure import MeasureRequest
from workstation.core.finding import Evidence, Fact, Region, RegionKind, Side

MOST_SLICES = 16
"""Slices named in one evidence: enough to page through, small enough for a report."""

Point = tuple[float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One volume under measurement. Immutable; any thread.

    Attributes:
        voxels: original voxels ``[k, j, i]``.
        request: what was asked.
        grid: block means of the voxels.
    """

    voxels: NDArray[Any]
    request: MeasureRequest
    grid: WorkingGrid

    def evidence(self, mask: Mask) -> tuple[Evidence, ...]:
        """Return where a mask lies: its box in the patient and its slices, fullest first."""
        index = np.argwhere(mask)
        if not len(index):
            return ()
        center, size = _box_mm(self.grid, index)
        uids = tuple(self.request.instance_uids[k] for k in _fullest_slices(self.grid, mask))
        region = Region(RegionKind.MASK, center, size)
        return (Evidence(self.request.series_uid, tuple(dict.fromkeys(uids)), region),)

    def gap_mm(self) -> float:
        """Return the median distance between acquired slices."""
        return float(np.median(self.grid.geometry.slab_mm()))


def measured(
    quantity: Quantity,
    value: float,
    *,
    side: Side = Side.NONE,
    uncertainty: float | None = None,
    confidence: float = 1.0,
    reason: str = "",
    evidence: tuple[Evidence, ...] = (),
) -> Fact:
    """Return the fact of a quantity; ``reason`` is the limit of its validity."""
    return Fact(
        fact_id="",
        finding=quantity.finding,
        anatomy=quantity.anatomy,
        side=side,
        value=round(float(value), quantity.decimals),
        unit=quantity.unit,
        confidence=confidence,
        reason=reason,
        evidence=evidence,
        uncertainty=None if uncertainty is None else float(uncertainty),
    )


def not_assessed(
    quantity: Quantity,
    reason: str,
    *,
    side: Side = Side.NONE,
    evidence: tuple[Evidence, ...] = (),
) -> Fact:
    """Return the fact that a quantity was not assessed, with the reason."""
    return Fact(
        fact_id="",
        finding=quantity.finding,
        anatomy=quantity.anatomy,
        side=side,
        confidence=0.0,
        is_assessed=False,
        reason=reason,
        evidence=evidence,
    )


def _box_mm(grid: WorkingGrid, index_zyx: NDArray[np.int64]) -> tuple[Point, Point]:
    """Return center and full extent (x, y, z) of the box around blocks, in the patient."""
    points = grid.index_mm(index_zyx.astype(np.float64))
    steps = np.array(grid.step_zyx_mm[::-1])
    low, high = points.min(axis=0), points.max(axis=0)
    center, size = (low + high) / 2, high - low + steps
    return _point(center), _point(size)


def _point(xyz_mm: NDArray[np.float64]) -> Point:
    x, y, z = (round(float(value), 2) for value in xyz_mm)
    return x, y, z


def _fullest_slices(grid: WorkingGrid, mask: Mask) -> list[int]:
    axis = grid.slice_axis
    across = tuple(other for other in range(3) if other != axis)
    areas = mask.sum(axis=across)
    order = np.argsort(-areas, kind="stable")[:MOST_SLICES]
    return [grid.slice_of_block(int(index)) for index in order if areas[index] > 0]
