"""A small picture of a display set."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.core.intensity import Window
from workstation.dicom.codecs import DecodeError
from workstation.dicom.decoding import Scratch, decode_slice
from workstation.dicom.display_sets import DisplaySet

_LUMA = np.array([0.299, 0.587, 0.114])
"""Weights of red, green and blue in brightness. Source: ITU-R BT.601."""


def thumbnail(display_set: DisplaySet, size_px: int) -> NDArray[np.uint8]:
    """Return the middle slice as gray levels, (size_px, size_px) uint8, right in its proportions.

    Black all over where the slice cannot be decoded. Slow enough (1 to 20 ms) for a job.
    """
    shape = display_set.shape[1:]
    pixels: NDArray[Any] = np.zeros(shape, dtype=display_set.voxel_type)
    picture = np.zeros((size_px, size_px), dtype=np.uint8)
    middle = display_set.slice_count // 2
    try:
        decode_slice(display_set.frames[middle], pixels, Scratch())
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
    gray = (small - window.center + window.width / 2) * (255 / window.width)
    gray = np.clip(gray, 0, 255)
    return 255 - gray if display_set.is_monochrome1 else gray


def _automatic(small: NDArray[np.float64], display_set: DisplaySet) -> Window:
    """Return a window from the 1st to the 99th percentile of what is not padding."""
    padding = display_set.intensity.padding
    inside = small[small != padding] if padding is not None else small
    if inside.size == 0:
        inside = small
    low, high = np.percentile(inside, [1, 99])
    return Window(float(low + high) / 2, max(float(high - low), 1.0))
