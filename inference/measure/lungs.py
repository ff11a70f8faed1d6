"""Right and left lung in a CT, airways taken out, found from air, body and positions alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.measure.masks import (
    Mask,
    bounding_slices,
    closed,
    components,
    distance_to,
    grown,
    largest,
    parted,
)
from inference.measure.working_grid import WorkingGrid

LUNG_SURFACE_HU = -400.0
"""Middle between inflated lung (some -850 HU) and soft tissue (some 40 HU): a block cut by the
lung's surface counts when more than half of it is lung, so the volume is unbiased."""

LUNG_MEAN_HU = (-960.0, -500.0)
"""Mean of an air-filled lung; bowel gas and room air lie below, at some -1000 HU."""

LEAST_LUNG_ML = 150.0
"""Smallest lung taken as one: that of a small child; a lung base cut by the scan may be less."""

BONE_HU = 200.0
LEAST_CAGED = 0.05
"""Share of a lung that has bone of the skeleton straight behind it, and before it."""

AIRWAY_HU = (-975.0, -955.0, -935.0)
"""Thresholds of the airway search, strict first; the loosest that does not leak is used."""

MOST_AIRWAY_ML = 120.0
"""Above this the search has leaked into lung: trachea and main bronchi hold 30 to 90 ml."""

LEAST_AIRWAY_HEIGHT_MM = 30.0
"""A trachea runs at least this far up and down inside a chest CT."""

AIRWAY_WALL_MM = 2.5
"""The airway is grown by one block, whose mean mixes air and wall."""

VESSEL_CLOSING_MM = 5.0
"""Vessels up to twice this width inside a lung belong to its volume; hila mostly stay out."""

SPLIT_DEPTHS_MM = (2.5, 5.0, 7.5, 10.0, 15.0, 20.0)
"""How far joined lungs are shrunk, step by step, until they come apart."""

LEAST_SHARE = 0.15
"""Share of both lungs' volume that the smaller one holds at least; below it is no second lung."""

LEAST_CUT_MM2 = 1000.0
"""Lung area on the last plane of the scan from which on the lungs are taken as cut off: a dome or
a recess of this section beyond it holds some 10 ml, well under a hundredth of the lungs."""


@dataclass(frozen=True, slots=True, eq=False)
class Lungs:
    """Both lungs in a working grid.

    Attributes:
        right, left: [z, y, x] volume of each lung with its vessels, without the airways.
        airways: trachea and main bronchi; empty where they were not found.
        is_cut: whether a lung goes on outside the scan.
    """

    right: Mask
    left: Mask
    airways: Mask
    is_cut: bool

    @property
    def both(self) -> Mask:
        """Both lungs together."""
        return self.right | self.left


def find_lungs(grid: WorkingGrid) -> Lungs | None:
    """Return the lungs, or None where there are not two air-filled lungs side by side."""
    air = _inner_air(grid)
    if grid.volume_ml(air) < 2 * LEAST_LUNG_ML:
        return None
    box = bounding_slices(air)
    airways = np.zeros_like(air)
    airways[box] = _airways(grid, air[box], grid.values[box])
    wall = grown(airways[box], AIRWAY_WALL_MM, grid.step_zyx_mm)
    parts = _lung_parts(grid, air[box] & ~wall, box)
    parts = [part for part in parts if _is_caged(part, grid.values, box)]
    pair = _pair(parts, grid.step_zyx_mm)
    if pair is None:
        return None
    sides = _by_side(grid, [_placed(_with_vessels(one, grid), box, air.shape) for one in pair])
    if sides is None:
        return None
    right, left = sides
    left &= ~right
    right &= ~airways
    left &= ~airways
    return Lungs(right, left, airways, is_cut=_is_cut(grid, right | left))


def _inner_air(grid: WorkingGrid) -> Mask:
    """Return air that does not reach the front, back or sides of the scan."""
    labels, count = components(grid.values < LUNG_SURFACE_HU, least=64)
    if not count:
        return np.zeros(grid.values.shape, dtype=np.bool_)
    sides = (labels[:, 0], labels[:, -1], labels[..., 0], labels[..., -1])
    outside = np.unique(np.concatenate([side.ravel() for side in sides]))
    is_inner = np.ones(count + 1, dtype=np.bool_)
    is_inner[outside] = False
    is_inner[0] = False
    inner: Mask = is_inner[labels]
    return inner


def _airways(grid: WorkingGrid, air: Mask, values: NDArray[np.float32]) -> Mask:
    """Return trachea and main bronchi: the tallest thin air column near the middle."""
    found = np.zeros_like(air)
    for threshold in AIRWAY_HU:
        dark = air & (values < threshold)
        labels, count = components(dark, least=64)
        if not found.any():
            candidate = _tallest_column(labels, min(count, 12), grid)
        else:
            touched = np.bincount(labels[found].ravel())
            touched[0] = 0
            candidate = labels == touched.argmax() if touched.any() else np.zeros_like(air)
        if candidate.any() and candidate.sum() * _block_ml(grid) <= MOST_AIRWAY_ML:
            found = candidate
    return found


def _tallest_column(labels: NDArray[np.uint32], count: int, grid: WorkingGrid) -> Mask:
    best, best_height = 0, LEAST_AIRWAY_HEIGHT_MM
    for label in range(1, count + 1):
        box = bounding_slices(labels == label)
        height, depth, width = (
            (part.stop - part.start) * step
            for part, step in zip(box, grid.step_zyx_mm, strict=True)
        )
        volume = float((labels[box] == label).sum()) * _block_ml(grid)
        if height > best_height and max(depth, width) < 2 * height and volume <= MOST_AIRWAY_ML:
            best, best_height = label, height
    return (labels == best) if best else np.zeros(labels.shape, dtype=np.bool_)


def _lung_parts(grid: WorkingGrid, air: Mask, box: tuple[slice, slice, slice]) -> list[Mask]:
    """Return the large parts whose mean is that of lung, largest first."""
    labels, count = components(air, least=64)
    parts = []
    for label in range(1, min(count, 8) + 1):
        part = labels == label
        is_large = float(part.sum()) * _block_ml(grid) >= LEAST_LUNG_ML
        mean = float(grid.values[box][part].mean())
        if is_large and LUNG_MEAN_HU[0] <= mean <= LUNG_MEAN_HU[1]:
            parts.append(part)
    return parts


def _is_caged(part: Mask, values: NDArray[np.float32], box: tuple[slice, slice, slice]) -> bool:
    """Return whether the skeleton lies behind and before a part, as ribs do about a lung.

    The foam inside a table is as dense as lung and as large; it has no bone on its far side.
    """
    skeleton = largest(values[box[0]] > BONE_HU)[..., box[2]]
    behind = np.flip(np.logical_or.accumulate(np.flip(skeleton, 1), axis=1), 1)[:, box[1]]
    before = np.logical_or.accumulate(skeleton, axis=1)[:, box[1]]
    return bool(behind[part].mean() >= LEAST_CAGED and before[part].mean() >= LEAST_CAGED)


def _pair(parts: list[Mask], step_zyx_mm: tuple[float, float, float]) -> list[Mask] | None:
    """Return two lungs: the two largest parts, or one part cut in two where it is joined."""
    if not parts:
        return None
    if len(parts) > 1 and parts[1].sum() >= LEAST_SHARE * (parts[0].sum() + parts[1].sum()):
        return parts[:2]
    return _split(parts[0], step_zyx_mm)


def _split(joined: Mask, step_zyx_mm: tuple[float, float, float]) -> list[Mask] | None:
    depth_mm = distance_to(~joined, step_zyx_mm)
    for depth in SPLIT_DEPTHS_MM:
        labels, count = components(depth_mm > depth, least=64)
        if count < 2:
            continue
        sizes = np.bincount(labels.ravel())[1:]
        if sizes[1] < LEAST_SHARE * (sizes[0] + sizes[1]):
            continue
        is_first = parted(depth_mm, labels == 1, labels == 2)
        return [joined & is_first, joined & ~is_first]
    return None


def _with_vessels(lung: Mask, grid: WorkingGrid) -> Mask:
    """Return a lung with the vessels inside it; margins are added so that closing has room."""
    margin = [int(np.ceil(VESSEL_CLOSING_MM / step)) + 1 for step in grid.step_zyx_mm]
    padded = np.pad(lung, [(size, size) for size in margin])
    whole = closed(padded, VESSEL_CLOSING_MM, grid.step_zyx_mm)
    inner = tuple(slice(size, -size) for size in margin)
    return np.ascontiguousarray(whole[inner])


def _placed(part: Mask, box: tuple[slice, slice, slice], shape: tuple[int, ...]) -> Mask:
    whole = np.zeros(shape, dtype=np.bool_)
    whole[box] = part
    return whole


def _by_side(grid: WorkingGrid, pair: list[Mask]) -> tuple[Mask, Mask] | None:
    """Return (right, left) by position; None unless they lie beside each other."""
    centers = [grid.index_mm(np.argwhere(one).mean(axis=0)[None])[0] for one in pair]
    if centers[0][0] > centers[1][0]:
        pair, centers = pair[::-1], centers[::-1]
    apart = centers[1] - centers[0]
    is_beside = apart[0] > 40.0 and apart[0] > abs(apart[1]) and apart[0] > abs(apart[2])
    return (pair[0], pair[1]) if is_beside else None


def _is_cut(grid: WorkingGrid, lungs: Mask) -> bool:
    """Return whether a lung reaches an end of the scan."""
    for axis in range(3):
        steps = [grid.step_zyx_mm[other] for other in range(3) if other != axis]
        for end in (0, -1):
            area_mm2 = float(np.take(lungs, end, axis=axis).sum()) * steps[0] * steps[1]
            if area_mm2 > LEAST_CUT_MM2:
                return True
    return False


def _block_ml(grid: WorkingGrid) -> float:
    return float(np.median(grid.block_mm3)) / 1000.0
