"""Values that lie behind each other become one: largest, smallest or mean.

Voxels outside the scanned field (padding) and slices that are not there take no part; where
nothing takes part the fill value stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewers.render.blends import Voxels, read, stored_of
from viewers.state.slab import Projection
from workstation.core.intensity import Padding, is_padding

BLOCK = 32
"""Lines projected at a time: the blocks of all slices of a slab then stay in the cache, which
makes a projection across the memory order twice as fast."""


def project(
    sections: Iterable[NDArray[Any]],
    projection: Projection,
    *,
    fill: float,
    padding: Padding = None,
) -> NDArray[Any]:
    """Return sections of one shape projected onto each other.

    Largest and smallest values keep the dtype of the sections; a mean is float32.

    Args:
        sections: at least one; only read.
        projection: how.
        fill: stands where no section holds a value.
        padding: what marks values outside the scanned field.
    """
    if projection is Projection.MEAN:
        return _mean(sections, fill, padding)
    return _extreme(sections, fill, padding, is_largest=projection is Projection.MIP)


def project_block(
    block: Voxels,
    axis: int,
    projection: Projection,
    *,
    fill: float,
    padding: Padding = None,
) -> NDArray[Any]:
    """Return an array projected along one axis, a few lines of the first other axis at a time."""
    across = 1 if axis == 0 else 0

    def lines(values: NDArray[Any], start: int) -> NDArray[Any]:
        whole = np.moveaxis(values, (axis, across), (0, 1))
        part: NDArray[Any] = whole[:, start : start + BLOCK]
        # Values that lie apart in memory are read once and not once per operation.
        return np.ascontiguousarray(part) if part.strides[-1] > part.itemsize else part

    found = []
    for start in range(0, stored_of(block).shape[across], BLOCK):
        part = read(block, partial(lines, start=start))
        found.append(project(part, projection, fill=fill, padding=padding))
    return np.concatenate(found)


def _extreme(
    sections: Iterable[NDArray[Any]], fill: float, padding: Padding, *, is_largest: bool
) -> NDArray[Any]:
    pick = np.maximum if is_largest else np.minimum
    found: NDArray[Any] | None = None
    is_unset: NDArray[np.bool_] | None = None
    for section in sections:
        outside = _outside(section, padding)
        values = section
        if outside is not None:
            values = np.where(outside, _neutral(section.dtype, is_largest=is_largest), section)
        if found is None:
            found, is_unset = values.copy(), outside
            continue
        pick(found, values, out=found)
        if is_unset is not None:
            is_unset = None if outside is None else is_unset & outside
    if found is None:
        raise ValueError("a slab holds at least one slice")
    if is_unset is not None:
        found[is_unset] = fill
    return found


def _mean(sections: Iterable[NDArray[Any]], fill: float, padding: Padding) -> NDArray[np.float32]:
    total: NDArray[np.float32] | None = None
    count: Any = 0
    for section in sections:
        values = section.astype(np.float32)
        outside = _outside(section, padding)
        if outside is not None:
            values[outside] = 0
        count = count + (1 if outside is None else ~outside)
        total = values if total is None else np.add(total, values, out=total)
    if total is None:
        raise ValueError("a slab holds at least one slice")
    total /= np.maximum(count, 1).astype(np.float32)
    if np.ndim(count):
        total[count == 0] = fill
    return total


def _outside(section: NDArray[Any], padding: Padding) -> NDArray[np.bool_] | None:
    """Return which values take no part: padding, and NaN of floats; None where all do."""
    outside = None if padding is None else is_padding(section, padding)
    if np.issubdtype(section.dtype, np.floating):
        absent = np.isnan(section)
        outside = absent if outside is None else outside | absent
    return outside if outside is not None and outside.any() else None


def _neutral(dtype: np.dtype[Any], *, is_largest: bool) -> Any:  # noqa: ANN401 - of any dtype
    """Return the value that never wins."""
    limits = np.iinfo(dtype) if np.issubdtype(dtype, np.integer) else np.finfo(dtype)
    return dtype.type(limits.min if is_largest else limits.max)
