"""A small picture of one slice, for lists of series."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.core.image_stack import ImageStack

_LUMA = np.array([0.299, 0.587, 0.114])
"""Weights of red, green and blue in brightness. Source: ITU-R BT.601."""


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
    """Return gray levels from the 1st to the 99th percentile of what is a number."""
    inside = small[np.isfinite(small)]
    low, high = np.percentile(inside, [1, 99]) if inside.size else (0.0, 1.0)
    if high <= low and inside.size:
        low, high = inside.min(), inside.max()
    gray = np.clip((small - low) * (255 / max(float(high - low), 1e-6)), 0, 255)
    return np.nan_to_num(255 - gray if stack.is_monochrome1 else gray)
