"""A rendered slice as an image the painter can scale fast, in memory that is kept."""

from __future__ import annotations

from weakref import ref

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from viewers.render.frame import Frame
from viewers.render.windowing import GREY_TO_RGB, LookUp


class ScreenRaster:
    """Holds the pixels of one frame as RGB32. UI thread.

    RGB32 is what QPainter scales by its fast path, and memory that is used again saves the page
    faults of 16 MB per frame. An image it gave is valid until the next is asked for. A frame is
    known again by a weak reference: it may hold voxels, and a series out of sight gives them up.
    """

    def __init__(self) -> None:
        self._pixels: NDArray[np.uint32] = np.empty((0, 0), dtype=np.uint32)
        self._image = QImage()
        self._made: tuple[ref[Frame], int, bool] | None = None

    def image(self, frame: Frame, shrink: int, *, is_hasty: bool = False) -> QImage:
        """Return a frame as an image, shrunk by averaging blocks of shrink x shrink pixels.

        Args:
            frame: the slice.
            shrink: pixels of the slice per pixel of the image, down and across.
            is_hasty: the middle one of each block stands for it: while the hand moves.
        """
        made = (ref(frame), shrink, is_hasty and shrink > 1)
        if made == self._made:
            return self._image
        if isinstance(frame.picture, LookUp) and (shrink == 1 or is_hasty):
            self._look_up(frame.picture, shrink)
        else:
            self._convert(frame.pixels if shrink == 1 else shrunk(frame.pixels, shrink))
        rows, columns = self._pixels.shape
        stride = self._pixels.strides[0]
        self._image = QImage(self._pixels.data, columns, rows, stride, QImage.Format.Format_RGB32)
        self._made = made
        return self._image

    def _look_up(self, picture: LookUp, step: int) -> None:
        rows, columns = picture.values.shape
        self._size(len(range(step // 2, rows, step)), len(range(step // 2, columns, step)))
        picture.onto(self._pixels, step)

    def _convert(self, pixels: NDArray[np.uint8]) -> None:
        self._size(*pixels.shape[:2])
        if pixels.ndim == 2:
            np.multiply(pixels, GREY_TO_RGB, out=self._pixels, dtype=np.uint32)
        else:
            wide = pixels.astype(np.uint32)
            self._pixels[...] = (wide[..., 0] << 16) | (wide[..., 1] << 8) | wide[..., 2]

    def _size(self, rows: int, columns: int) -> None:
        if self._pixels.shape != (rows, columns):
            self._pixels = np.empty((rows, columns), dtype=np.uint32)


def shrunk(pixels: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    """Return pixels averaged over factor x factor blocks; the last row and column repeat."""
    rows, columns = pixels.shape[:2]
    pad = [(0, -rows % factor), (0, -columns % factor)] + [(0, 0)] * (pixels.ndim - 2)
    padded = np.pad(pixels, pad, mode="edge") if np.any(pad) else pixels
    # Row by row of each block, then column by column: numpy adds whole lines many times faster
    # than it takes the mean of small blocks.
    down = padded[0::factor].astype(np.uint32)
    for n in range(1, factor):
        down += padded[n::factor]
    total = down[:, 0::factor].copy()
    for n in range(1, factor):
        total += down[:, n::factor]
    mean = total.astype(np.float32) / np.float32(factor * factor)
    small: NDArray[np.uint8] = np.rint(mean).astype(np.uint8)
    return small
