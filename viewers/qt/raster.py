"""A rendered slice as an image the painter can scale fast, in memory that is kept."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from viewers.render.frame import Frame

GREY_TO_RGB = np.uint32(0x010101)
"""Times a grey level gives the same red, green and blue."""


class ScreenRaster:
    """Holds the pixels of one frame as RGB32. UI thread.

    RGB32 is what QPainter scales by its fast path, and memory that is used again saves the page
    faults of 16 MB per frame. An image it gave is valid until the next is asked for.
    """

    def __init__(self) -> None:
        self._pixels: NDArray[np.uint32] = np.empty((0, 0), dtype=np.uint32)
        self._image = QImage()
        self._frame: Frame | None = None
        self._shrink = 0

    def image(self, frame: Frame, shrink: int) -> QImage:
        """Return a frame as an image, shrunk by averaging blocks of shrink x shrink pixels."""
        if frame is self._frame and shrink == self._shrink:
            return self._image
        pixels = frame.pixels if shrink == 1 else shrunk(frame.pixels, shrink)
        rows, columns = pixels.shape[:2]
        if self._pixels.shape != (rows, columns):
            self._pixels = np.empty((rows, columns), dtype=np.uint32)
        if pixels.ndim == 2:
            np.multiply(pixels, GREY_TO_RGB, out=self._pixels, dtype=np.uint32)
        else:
            wide = pixels.astype(np.uint32)
            self._pixels[...] = (wide[..., 0] << 16) | (wide[..., 1] << 8) | wide[..., 2]
        stride = self._pixels.strides[0]
        self._image = QImage(self._pixels.data, columns, rows, stride, QImage.Format.Format_RGB32)
        self._frame, self._shrink = frame, shrink
        return self._image


def shrunk(pixels: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    """Return pixels averaged over factor x factor blocks; the last row and column repeat."""
    rows, columns = pixels.shape[:2]
    pad = [(0, -rows % factor), (0, -columns % factor)] + [(0, 0)] * (pixels.ndim - 2)
    padded = np.pad(pixels, pad, mode="edge")
    form = (padded.shape[0] // factor, factor, padded.shape[1] // factor, factor, *pixels.shape[2:])
    mean = padded.reshape(form).mean(axis=(1, 3), dtype=np.float32)
    return np.ascontiguousarray(np.rint(mean).astype(np.uint8))
