"""A small picture of a display set."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.core.small_picture import small_picture
from workstation.dicom.codecs import DecodeError
from workstation.dicom.decode_pool import DecodePool
from workstation.dicom.decoding import Scratch, decode_slice
from workstation.dicom.display_sets import DisplaySet


def thumbnail(
    display_set: DisplaySet, size_px: int, pool: DecodePool | None = None
) -> NDArray[np.uint8]:
    """Return the middle slice as gray levels, (size_px, size_px) uint8, right in its proportions.

    Black all over where the slice cannot be decoded. Slow enough (1 to 40 ms) for a job.

    Args:
        display_set: whose slice.
        size_px: rows and columns of the picture.
        pool: decoder processes; None: one is started where the slice needs it (0.1 s).
    """
    shape = display_set.shape[1:]
    pixels: NDArray[Any] = np.zeros(shape, dtype=display_set.voxel_type)
    middle = display_set.slice_count // 2
    try:
        decode_slice(display_set.frames[middle], pixels, Scratch(pool))
    except DecodeError:
        return np.zeros((size_px, size_px), dtype=np.uint8)
    return small_picture(pixels, display_set, size_px)
