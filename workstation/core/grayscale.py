"""From intensities to gray: the window functions and tables of the standard, unrounded.

Source: DICOM PS3.3 C.11.2.1.2.1 (LINEAR), C.11.2.1.3.1 (SIGMOID), C.11.2.1.3.2 (LINEAR_EXACT),
C.11.2.1.1 (VOI LUT).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.core.intensity import GrayTable, Window, WindowFunction

WHITE = 255
"""The gray level of full white; black is 0."""

LARGEST_EXPONENT = 80.0
"""Beyond it the exponential leaves float32; the result is black or white long before."""


def gray_levels(values: NDArray[Any], window: Window) -> NDArray[np.float32]:
    """Return the gray of intensities by a window or its table, 0..255, unrounded; same shape.

    LINEAR with a width of 1 is a threshold at center - 0.5 of whole numbers. A float map is shown
    LINEAR_EXACT then, and so is a narrower window, which has no meaning in the standard.
    """
    if window.table is not None:
        return _by_table(values, window, window.table)
    x = np.asarray(values, dtype=np.float32)
    center, width = np.float32(window.center), np.float32(window.width)
    match window.function:
        case WindowFunction.SIGMOID:
            exponent = -4 * (x - center) / width
            np.clip(exponent, -LARGEST_EXPONENT, LARGEST_EXPONENT, out=exponent)
            levels: NDArray[np.float32] = np.float32(WHITE) / (1 + np.exp(exponent))
            return levels
        case WindowFunction.LINEAR if window.width > 1:
            fraction = (x - (center - np.float32(0.5))) / (width - 1) + np.float32(0.5)
        case WindowFunction.LINEAR if window.width == 1 and values.dtype.kind in "iu":
            fraction = (x > center - np.float32(0.5)).astype(np.float32)
        case WindowFunction.LINEAR | WindowFunction.LINEAR_EXACT:
            fraction = (x - center) / width + np.float32(0.5)
    scaled: NDArray[np.float32] = np.clip(fraction, 0, 1) * np.float32(WHITE)
    return scaled


def _by_table(values: NDArray[Any], window: Window, table: GrayTable) -> NDArray[np.float32]:
    """Return the table's gray, laid over center and width; in between the nearest entry."""
    levels = table.levels
    scaled = levels.astype(np.float32) * np.float32(WHITE / ((1 << table.bits) - 1))
    low = window.center - window.width / 2
    low_table, high_table = table.span
    steps = max(high_table - low_table, 1.0) / window.width
    at = np.rint((np.asarray(values, dtype=np.float64) - low) * steps)
    at = np.clip(np.nan_to_num(at), 0, levels.size - 1)
    gray: NDArray[np.float32] = np.clip(scaled, 0, WHITE)[at.astype(np.intp)]
    return gray
