"""Intensities to 8-bit grey.

The window functions and tables themselves are in :mod:`workstation.core.grayscale`. Inversion
(MONOCHROME1, reader's choice) is the last step; PS3.3 C.7.6.3.1.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewers.render.bands import in_bands
from workstation.core.grayscale import WHITE, gray_levels
from workstation.core.intensity import Window

BLOCK_ROWS = 64
"""Rows mapped at a time: 64 x 2048 indices stay in the second-level cache, which makes a
2048 x 2048 look-up twice as fast as in one piece."""

THREAD_ROWS = 2 * BLOCK_ROWS
"""Rows of a thread at a time: handing a band over costs as much as looking up some thousand pixels,
and the table and a band of this size still stay in the cache."""

THREADS_FROM_PX = 3 << 20
"""Smaller slices are looked up as fast by one thread: measured at 1448 and at 2048 squared."""


GREY_TO_RGB = np.uint32(0x010101)
"""Times a grey level gives the same red, green and blue."""


@dataclass(frozen=True, slots=True, eq=False)
class LookUp:
    """A slice and the table that makes it grey: looked up only as it is needed.

    Attributes:
        values: (rows, columns) int16, C-contiguous.
        lut: ``window_lut`` of the window and the inversion.
    """

    values: NDArray[np.int16]
    lut: NDArray[np.uint8]

    @property
    def grey(self) -> NDArray[np.uint8]:
        """The slice as 8-bit grey; looked up at each call."""
        grey = np.empty(self.values.shape, dtype=np.uint8)
        _look_up(self.values, self.lut, grey)
        return grey

    def onto(self, rgb: NDArray[np.uint32], step: int = 1) -> None:
        """Write the slice as RGB32, or every so many-th row and column of it."""
        values = self.values if step == 1 else self.values[step // 2 :: step, step // 2 :: step]
        _look_up(values, self.lut * GREY_TO_RGB, rgb)


def window_lut(window: Window, *, is_inverted: bool) -> NDArray[np.uint8]:
    """Return the grey of every int16 value, indexed by the value's uint16 bit pattern."""
    values = np.arange(65536, dtype=np.uint16).view(np.int16)
    return _to_grey(gray_levels(values, window), is_inverted=is_inverted)


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
        return _to_grey(gray_levels(pixels, window), is_inverted=is_inverted)
    table = window_lut(window, is_inverted=is_inverted) if lut is None else lut
    return LookUp(pixels, table).grey


def _look_up(values: NDArray[np.int16], table: NDArray[Any], out: NDArray[Any]) -> None:
    indices = np.ascontiguousarray(values).view(np.uint16)

    def look_up(band: slice) -> None:
        # mode="clip" skips the bounds check; no uint16 is out of the table's range.
        table.take(indices[band], out=out[band], mode="clip")

    if values.size < THREADS_FROM_PX:
        for row in range(0, len(indices), BLOCK_ROWS):
            look_up(slice(row, row + BLOCK_ROWS))
    else:
        in_bands(len(indices), THREAD_ROWS, look_up)


def _to_grey(levels: NDArray[np.float32], *, is_inverted: bool) -> NDArray[np.uint8]:
    finite = np.nan_to_num(levels, nan=0.0)
    grey = np.rint(finite).astype(np.uint8)
    return WHITE - grey if is_inverted else grey
