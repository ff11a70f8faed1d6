"""What of a CT volume is outside the body: air around it, table, clothes. For the scene process.

The body is never hidden, and air is taken for outside only where it reaches the side of its slice
through openings wider than ten millimeters; so lungs, airways and bowel stay, as they are closed
in every axial slice. Body is what is as thick as a finger, with everything that hangs on it within
the length of an ear; so an arm that touches nothing is body, and the shell of a table on which the
patient lies is not. A slice in which the body is cut by the edge of the picture keeps everything
where lung may be open to that edge.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

TISSUE_HU = -500.0
"""Halfway between air and soft tissue: a cell above it is at least half full of tissue."""

CELL_MM = 3.0
"""Width of the cells the outside is looked for in: thinner than skin with the fat below it."""

OPENING_MM = 10.0
"""The outside does not go through narrower openings: a nostril, a drain, a gap in noise."""

FINGER_MM = 10.0
"""What is thinner is body only near to what is not: else a sheet, a line, the shell of a table."""

EAR_MM = 40.0
"""How far thin parts reach from thick ones: ears, a nose, folds of skin."""

LUNG_HU = (-930.0, -600.0)
"""Lung, between the foam of a mattress (-955) and tissue; the mean of a cell has little noise."""

LUNG_SHARE = 0.01
"""Less of the outside of a slice is a fold of cloth; a lung that is cut is many times as large."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Outside:
    """Which voxels lie outside, and what was in them.

    Attributes:
        planes: one packed mask per slice, rows x columns; see :func:`numpy.packbits`.
        values: what the voxels hold, slice by slice.
        count: how many there are.
    """

    planes: tuple[NDArray[np.uint8], ...]
    values: tuple[NDArray[Any], ...]

    @property
    def count(self) -> int:
        """How many voxels lie outside."""
        return sum(one.size for one in self.values)

    def fill(self, voxels: NDArray[Any], value: float) -> None:
        """Write one value into the outside of ``voxels`` [k, j, i]."""
        for plane, packed in zip(voxels, self.planes, strict=True):
            plane[_unpacked(packed, plane.shape)] = value

    def restore(self, voxels: NDArray[Any]) -> None:
        """Write back what was there."""
        for plane, packed, values in zip(voxels, self.planes, self.values, strict=True):
            plane[_unpacked(packed, plane.shape)] = values


def outside_of(
    voxels: NDArray[Any],
    steps_mm: tuple[float, float, float],
    stored: Callable[[float], float] = lambda value: value,
) -> Outside:
    """Return what of a CT volume lies outside the body.

    Args:
        voxels: axial slices, [k, j, i].
        steps_mm: from voxel to voxel along k, j, i.
        stored: turns Hounsfield units into what the voxels hold.
    """
    level = stored(TISSUE_HU)
    strides = tuple(max(1, int(CELL_MM / step)) for step in steps_mm)
    cells = _cells(voxels, strides)
    tissue = cells > level
    cell_mm = [step * stride for step, stride in zip(steps_mm, strides, strict=True)]
    body = _body(tissue, cell_mm)
    hidden = _open_to_the_side(body, cell_mm)
    low, high = map(stored, LUNG_HU)
    hidden[_may_lose_lung(body, hidden, (cells > low) & (cells < high))] = False
    near = _grown(body, 2)  # two steps reach round a corner
    planes, values = [], []
    for k, plane in enumerate(voxels):
        n = min(k // strides[0], len(hidden) - 1)
        mask = _refined(plane < level, hidden[n], near[n], strides[1:])
        planes.append(np.packbits(mask))
        values.append(plane[mask])
    return Outside(tuple(planes), tuple(values))


def _cells(voxels: NDArray[Any], strides: tuple[int, ...]) -> NDArray[np.float32]:
    """Return the mean of every block of voxels; the last ones may be smaller."""
    layers = []
    for start in range(0, voxels.shape[0], strides[0]):
        layer = np.asarray(voxels[start : start + strides[0]], dtype=np.float32).mean(axis=0)
        for axis in (0, 1):
            starts = np.arange(0, layer.shape[axis], strides[axis + 1])
            counts = np.diff(np.append(starts, layer.shape[axis]))
            shape = (-1, 1) if axis == 0 else (1, -1)
            layer = np.add.reduceat(layer, starts, axis=axis) / counts.reshape(shape)
        layers.append(layer)
    made: NDArray[np.float32] = np.stack(layers).astype(np.float32)
    return made


def _body(tissue: Mask, cell_mm: list[float]) -> Mask:
    """Return tissue as thick as a finger, and what hangs on it."""
    cell = max(cell_mm[1:])
    across = max(1, round(FINGER_MM / 2 / cell))
    body = ~_grown(~tissue, across)
    for _ in range(across + round(EAR_MM / cell)):
        body = _grown(body, 1) & tissue
    return body


def _open_to_the_side(body: Mask, cell_mm: list[float]) -> Mask:
    """Return what can be reached from the sides of a slice, in the slice."""
    across = max(1, round(OPENING_MM / 2 / max(cell_mm[1:])))
    free = ~_grown(body, across)
    start = np.zeros_like(free)
    for edge in (np.s_[:, 0, :], np.s_[:, -1, :], np.s_[:, :, 0], np.s_[:, :, -1]):
        start[edge] = free[edge]
    reached = _flooded(start, free)
    for _ in range(across):
        reached = _grown(reached, 1) & ~body
    return reached


def _may_lose_lung(body: Mask, hidden: Mask, lung: Mask) -> Mask:
    """Return the slices in which the edge of the picture cuts the body and may open lung."""
    is_cut = (
        body[:, 0, :].any(axis=1) | body[:, -1, :].any(axis=1)
        | body[:, :, 0].any(axis=1) | body[:, :, -1].any(axis=1)
    )  # fmt: skip
    # Sheets and the rims of things are between air and tissue too, but they are thin.
    thick = ~_grown(~(hidden & lung), 2)
    like_lung = np.count_nonzero(thick, axis=(1, 2))
    found: Mask = is_cut & (like_lung > LUNG_SHARE * np.count_nonzero(hidden, axis=(1, 2)))
    return found


def _refined(air: Mask, hidden: Mask, near: Mask, strides: tuple[int, ...]) -> Mask:
    """Return the outside of one slice in its voxels: up to the skin, and never into it."""
    mask = _spread(hidden, strides, air.shape) & (~_spread(near, strides, air.shape) | air)
    for _ in range(max(strides)):
        mask |= _grown(mask[None], 1)[0] & air
    return mask


def _spread(cells: Mask, strides: tuple[int, ...], shape: tuple[int, ...]) -> Mask:
    wide = np.repeat(np.repeat(cells, strides[0], axis=0), strides[1], axis=1)
    spread: Mask = wide[: shape[0], : shape[1]]
    return spread


def _grown(mask: Mask, steps: int) -> Mask:
    """Return a mask grown in its slices, by a step to each of four sides at a time."""
    grown = mask.copy()
    for _ in range(steps):
        before = grown.copy()
        grown[:, 1:] |= before[:, :-1]
        grown[:, :-1] |= before[:, 1:]
        grown[:, :, 1:] |= before[:, :, :-1]
        grown[:, :, :-1] |= before[:, :, 1:]
    return grown


def _flooded(start: Mask, inside: Mask) -> Mask:
    """Return what of a mask hangs together with a start, each slice by itself."""
    found = start & inside
    count = -1
    while (now := int(np.count_nonzero(found))) != count:
        count = now
        for axis in (1, 2):
            _sweep(found, inside, axis)
    return found


def _sweep(found: Mask, inside: Mask, axis: int) -> None:
    """Carry a flood along an axis, there and back, as far as it goes."""
    flood, bed = np.moveaxis(found, axis, 0), np.moveaxis(inside, axis, 0)
    for n in range(1, len(flood)):
        flood[n] |= flood[n - 1] & bed[n]
    for n in range(len(flood) - 2, -1, -1):
        flood[n] |= flood[n + 1] & bed[n]


def _unpacked(packed: NDArray[np.uint8], shape: tuple[int, ...]) -> Mask:
    rows, columns = shape
    bits = np.unpackbits(packed, count=rows * columns)
    mask: Mask = bits.reshape(rows, columns).view(np.bool_)
    return mask
