"""Trilinear values in the inside of evenly spaced voxels, where no position needs a look.

Rows of a slice cross the voxels in straight, even steps: positions are whole numbers of a small
part of a voxel, so that a shift gives the voxel and a mask the share. What lies at the rim is left
to others.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

WORD_BITS = 31
"""Bits of a position before and behind the point together. A volume of 2,000 slices leaves
20 behind it: the rounding of row and column together is below 1e-6 voxel."""

MOST_VOXELS = 1 << 31
"""Voxels whose numbers fit into the same words."""

RIM_VOXELS = 1e-3
"""Positions nearer to the outermost voxel centers are not inside: above all rounding."""

FEWEST_COLUMNS = 16
"""Narrower parts are not worth a call of their own."""


def inside_columns(
    starts: tuple[NDArray[np.float64], ...], steps: tuple[float, ...], shape: tuple[int, ...]
) -> slice:
    """Return the columns in which every row of a block lies inside the voxels; empty for none.

    Args:
        starts: position of each row's first pixel along each axis of the voxels.
        steps: from pixel to pixel along each axis.
        shape: of the voxels, in the same order.
    """
    low, high = 0.0, np.inf
    for start, step, size in zip(starts, steps, shape, strict=True):
        # Rows are evenly spaced: those between the first and the last lie between them.
        for first in (float(start[0]), float(start[-1])):
            ends = RIM_VOXELS - first, size - 1 - RIM_VOXELS - first
            if abs(step) * RIM_VOXELS < 1e-12:
                if ends[0] > 0 or ends[1] < 0:
                    return slice(0, 0)
                continue
            near, far = sorted(end / step for end in ends)
            low, high = max(low, near), min(high, far)
    if high < low:
        return slice(0, 0)
    return slice(int(np.ceil(low)), int(min(np.floor(high), 2.0**30)) + 1)


def inside_values(
    voxels: NDArray[Any],
    starts: tuple[NDArray[np.float64], ...],
    steps: tuple[float, ...],
    columns: slice,
) -> NDArray[np.float32]:
    """Return the values of the inside columns of a block of rows, (rows, columns).

    Args:
        voxels: ``[k, j, i]``, C-contiguous, at least two along each axis, less than MOST_VOXELS.
        starts: of :func:`inside_columns`, along k, j and i.
        steps: along k, j and i.
        columns: what :func:`inside_columns` gave, inside the raster.
    """
    strides = (voxels.shape[1] * voxels.shape[2], voxels.shape[2], 1)
    bits = WORD_BITS - max(voxels.shape).bit_length()
    numbers = np.arange(columns.stop - columns.start)
    shape = (len(starts[0]), len(numbers))
    base = np.zeros(shape, dtype=np.int32)
    place, low = np.empty(shape, dtype=np.int32), np.empty(shape, dtype=np.int32)
    shares = []
    for start, step, stride in zip(starts, steps, strides, strict=True):
        first = _fixed(start + columns.start * step, bits)
        np.add(first[:, None], _fixed(step * numbers, bits), out=place)
        np.right_shift(place, bits, out=low)
        if stride > 1:
            low *= np.int32(stride)
        base += low
        place &= np.int32((1 << bits) - 1)
        share = place.astype(np.float32)
        share *= np.float32(2.0**-bits)
        shares.append(share)
    return _mixed(voxels.reshape(-1), base.astype(np.intp), strides, shares)


def _mixed(
    flat: NDArray[Any],
    base: NDArray[np.intp],
    strides: tuple[int, int, int],
    shares: list[NDArray[np.float32]],
) -> NDArray[np.float32]:
    taken = np.empty(base.shape, dtype=flat.dtype)
    change = np.empty(base.shape, dtype=np.float32)

    def corner(offset: int) -> NDArray[Any]:
        # The corner is moved, not the indices. mode="clip" skips the check: all lie inside.
        found: NDArray[Any] = flat[offset:].take(base, out=taken, mode="clip")
        return found

    def line(offset: int) -> NDArray[np.float32]:
        first = corner(offset).astype(np.float32)
        np.subtract(corner(offset + 1), first, out=change)
        np.multiply(change, shares[2], out=change)
        first += change
        return first

    def plane(offset: int) -> NDArray[np.float32]:
        near, far = line(offset), line(offset + strides[1])
        far -= near
        far *= shares[1]
        near += far
        return near

    values, behind = plane(0), plane(strides[0])
    behind -= values
    behind *= shares[0]
    values += behind
    return values


def _fixed(positions: NDArray[np.float64], bits: int) -> NDArray[np.int32]:
    """Return positions as whole numbers of 2^-bits voxel."""
    return np.rint(positions * 2.0**bits).astype(np.int32)
