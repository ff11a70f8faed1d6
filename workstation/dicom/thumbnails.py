"""A small picture of a display set."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.core.grayscale import gray_levels
from workstation.core.intensity import Window, is_padding
from workstation.dicom.codecs import DecodeError
from workstation.dicom.decode_pool import DecodePool
from workstation.dicom.decoding import Scratch, decode_slice
from workstation.dicom.display_sets import DisplaySet

_LUMA = np.array([0.299, 0.587, 0.114])
"""Weights of red, green and blue in brightness. Source: ITU-R BT.601."""


_LEAST_WIDTH = 1e-6
"""Least width of the automatic window: that of diffusivities in mm2/s, not of nothing."""


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
    picture = np.zeros((size_px, size_px), dtype=np.uint8)
    middle = display_set.slice_count // 2
    try:
        decode_slice(display_set.frames[middle], pixels, Scratch(pool))
    except DecodeError:
        return picture
    small = _fitted(pixels, display_set, size_px)
    gray = small @ _LUMA if display_set.is_color else _windowed(small, display_set)
    top, left = (size_px - gray.shape[0]) // 2, (size_px - gray.shape[1]) // 2
    picture[top : top + gray.shape[0], left : left + gray.shape[1]] = np.clip(gray, 0, 255)
    return picture


def _fitted(pixels: NDArray[Any], display_set: DisplaySet, size_px: int) -> NDArray[np.float64]:
    """Return the slice resampled (nearest pixel) to fit the square in millimeters."""
    spacing_i, spacing_j = display_set.geometry.spacing_ij_mm
    width, height = display_set.columns * spacing_i, display_set.rows * spacing_j
    scale = size_px / max(width, height)
    across = max(1, min(size_px, round(width * scale)))
    down = max(1, min(size_px, round(height * scale)))
    rows = ((np.arange(down) + 0.5) * display_set.rows / down).astype(np.intp)
    columns = ((np.arange(across) + 0.5) * display_set.columns / across).astype(np.intp)
    return pixels[rows][:, columns].astype(np.float64)


def _windowed(small: NDArray[np.float64], display_set: DisplaySet) -> NDArray[np.float64]:
    window = display_set.windows[0] if display_set.windows else _automatic(small, display_set)
    gray = np.nan_to_num(gray_levels(small, window).astype(np.float64))
    return 255 - gray if display_set.is_monochrome1 else gray


def _automatic(small: NDArray[np.float64], display_set: DisplaySet) -> Window:
    """Return a window from the 1st to the 99th percentile of what is not padding."""
    inside = small[~is_padding(small, display_set.intensity.outside) & np.isfinite(small)]
    if inside.size == 0:
        inside = np.zeros(1)
    low, high = np.percentile(inside, [1, 99])
    return Window(float(low + high) / 2, max(float(high - low), _LEAST_WIDTH))
