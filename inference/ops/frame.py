"""What the steps work on: the neighbouring slices of one place, on their way into a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.core.intensity import Padding, is_padding


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Neighbouring slices for one run of a model.

    Attributes:
        slices: ``[n, j, i]`` float32, along k; in the unit the steps so far made of it.
        original: ``[j, i]`` the middle slice as it was, in the unit of the volume.
        is_padding: ``[n, j, i]`` where the volume holds its padding value; None if it has none.
        scale: what ``slices`` was multiplied with so far; results are divided by it.
    """

    slices: NDArray[np.float32]
    original: NDArray[np.float32]
    is_padding: NDArray[np.bool_] | None = None
    scale: float = 1.0


def gather(
    volume: NDArray[Any],
    k: int,
    neighbours: int,
    *,
    padding: Padding = None,
    within: tuple[int, int] | None = None,
) -> Frame:
    """Return the frame of slice k; at the ends the first or last slice is repeated.

    Args:
        volume: ``[k, j, i]``.
        k: the middle slice.
        neighbours: how many slices, an odd number.
        padding: voxel value or range outside the scanned field.
        within: first slice, and one past the last, that may be looked at; None for all.
    """
    half, (first, stop) = neighbours // 2, within or (0, volume.shape[0])
    indices = np.clip(np.arange(k - half, k + half + 1), first, stop - 1)
    slices = volume[indices].astype(np.float32)
    outside = None if padding is None else is_padding(slices, padding)
    return Frame(slices, slices[half].copy(), outside)
