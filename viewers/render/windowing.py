"""Intensities to 8-bit grey.

Source: DICOM PS3.3 C.11.2.1.2 (window center and width; LINEAR, C.11.2.1.3.2 LINEAR_EXACT,
SIGMOID C.11.2.1.3.1). Inversion (MONOCHROME1, reader's choice) is the last step.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.core.intensity import Window, WindowFunction

WHITE = 255

BLOCK_ROWS = 64
"""Rows mapped at a time: 64 x 2048 indices stay in the second-level cache, which makes a
2048 x 2048 look-up twice as fast as in one piece."""


def window_values(values: NDArray[Any], window: Window) -> NDArray[np.float32]:
    """Return the window function of the standard, scaled to 0..255, unrounded.

    LINEAR with a width of 1 or less has no meaning in the standard (width >= 1, and 1 is a
    threshold); narrow windows of float maps are taken as LINEAR_EXACT.
    """
    x = np.asarray(values, dtype=np.float32)
    center, width = np.float32(window.center), np.float32(window.width)
    match window.function:
        case WindowFunction.SIGMOID:
            # Beyond 80 the exponential leaves float32; the result is 0 or 255 long before.
            exponent = np.clip(-4 * (x - center) / width, -80, 80)
            levels: NDArray[np.float32] = np.float32(WHITE) / (1 + np.exp(exponent))
            return levels
        case WindowFunction.LINEAR if window.width > 1:
            fraction = (x - (center - np.float32(0.5))) / (width - 1) + np.float32(0.5)
        case WindowFunction.LINEAR | WindowFunction.LINEAR_EXACT:
            fraction = (x - center) / width + np.float32(0.5)
    scaled: NDArray[np.float32] = np.clip(fraction, 0, 1) * np.float32(WHITE)
    return scaled


def window_lut(window: Window, *, is_inverted: bool) -> NDArray[np.uint8]:
    """Return the grey of every int16 value, indexed by the value's uint16 bit pattern."""
    values = np.arange(65536, dtype=np.uint16).view(np.int16)
    return _to_grey(window_values(values, window), is_inverted=is_inverted)


def to_grey(
    pixels: NDArray[Any], window: Window, *, is_inverted: bool, lut: NDArray[np.uint8] | None = None
) -> NDArray[np.uint8]:
    """Return a slice as 8-bit grey, same shape.

    Args:
        pixels: int16 (through a look-up table) or any other number.
        window: center and width in the unit of the pixels.
        is_inverted: low values bright: MONOCHROME1 xor the reader's inversion.
        lut: ``window_lut`` of the same window where the caller keeps it; int16 only.
    """
    if pixels.dtype != np.int16:
        return _to_grey(window_values(pixels, window), is_inverted=is_inverted)
    table = window_lut(window, is_inverted=is_inverted) if lut is None else lut
    indices = np.ascontiguousarray(pixels).view(np.uint16)
    grey = np.empty(pixels.shape, dtype=np.uint8)
    for row in range(0, len(indices), BLOCK_ROWS):
        block = slice(row, row + BLOCK_ROWS)
        # mode="clip" skips the bounds check; no uint16 is out of the table's range.
        table.take(indices[block], out=grey[block], mode="clip")
    return grey


def _to_grey(levels: NDArray[np.float32], *, is_inverted: bool) -> NDArray[np.uint8]:
    finite = np.nan_to_num(levels, nan=0.0)
    grey = np.rint(finite).astype(np.uint8)
    return WHITE - grey if is_inverted else grey
