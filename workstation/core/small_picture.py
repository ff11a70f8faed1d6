"""A small picture of one slice, for lists of series."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.core.grayscale import gray_levels
from workstation.core.image_stack import ImageStack
from workstation.core.intensity import Window, is_padding

_LUMA = np.array([0.299, 0.587, 0.114])
"""Weights of red, green and blue in brightness. Source: ITU-R BT.601."""


_LEAST_WIDTH = 1e-6
"""Least width of the automatic window: that of diffusivities in mm2/s, not of nothing."""


def small_picture(pixels: NDArray[Any], stack: ImageStack, size_px: int) -> NDArray[np.uint8]:
    """Return a slice as gray levels, (size_px, size_px) uint8, right in its proportions.

    Args:
        pixels: (rows, columns), or (rows, columns, 3) for color, as the stack is loaded.
        stack: what the slice belongs to.
        size_px: rows and columns of the picture.
    """
    picture = np.zeros((size_px, size_px), dtype=np.uint8)
    small = _fitted(pixels, stack, size_px)
    gray = small @ _LUMA if stack.is_color else _windowed(small, stack)
    top, left = (size_px - gray.shape[0]) // 2, (size_px - gray.shape[1]) // 2
    picture[top : top + gray.shape[0], left : left + gray.shape[1]] = np.clip(gray, 0, 255)
    return picture


def _fitted(pixels: NDArray[Any], stack: ImageStack, size_px: int) -> NDArray[np.float64]:
    """Return the slice resampled (nearest pixel) to fit the square in millimeters."""
    spacing_i, spacing_j = stack.geometry.spacing_ij_mm
    width, height = stack.columns * spacing_i, stack.rows * spacing_j
    scale = size_px / max(width, height)
    across = max(1, min(size_px, round(width * scale)))
    down = max(1, min(size_px, round(height * scale)))
    rows = ((np.arange(down) + 0.5) * stack.rows / down).astype(np.intp)
    columns = ((np.arange(across) + 0.5) * stack.columns / across).astype(np.intp)
    return pixels[rows][:, columns].astype(np.float64)


def _windowed(small: NDArray[np.float64], stack: ImageStack) -> NDArray[np.float64]:
    window = stack.windows[0] if stack.windows else _automatic(small, stack)
    gray = np.nan_to_num(gray_levels(small, window).astype(np.float64))
    return 255 - gray if stack.is_monochrome1 else gray


def _automatic(small: NDArray[np.float64], stack: ImageStack) -> Window:
    """Return a window from the 1st to the 99th percentile of what is not padding.

    A few labels among many zeros are beyond these; then the whole range is shown.
    """
    inside = small[~is_padding(small, stack.intensity.outside) & np.isfinite(small)]
    if inside.size == 0:
        inside = np.zeros(1)
    low, high = np.percentile(inside, [1, 99])
    if high <= low:
        low, high = inside.min(), inside.max()
    return Window(float(low + high) / 2, max(float(high - low), _LEAST_WIDTH))
