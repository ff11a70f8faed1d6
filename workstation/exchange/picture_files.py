"""Pictures as PNG, JPEG and TIFF bytes: pixels and their size, and no other word in the file.

PNG and JPEG carry the size of a pixel as dots per meter or centimeter, TIFF as an exact ratio.
Nothing that identifies a patient is ever written beside the pixels.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from enum import Enum

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin, TiffImagePlugin

from workstation.core.picture import Picture

MM_PER_INCH = 25.4
MM_PER_CM = 10.0

SOFTWARE = "Prelim"
"""Said in each file: who reads it later can tell that it is an export and no original."""

MOST_DOTS = 65535
"""JPEG holds dots per inch in 16 bits."""

_TIFF_CENTIMETER = 3
"""ResolutionUnit of TIFF 6.0."""


class PictureFormat(Enum):
    """A kind of file; the value is the word of the command line."""

    PNG = "png"
    JPEG = "jpeg"
    TIFF = "tiff"

    @property
    def suffix(self) -> str:
        """End of the file name."""
        return {"png": ".png", "jpeg": ".jpg", "tiff": ".tif"}[self.value]


def picture_bytes(picture: Picture, form: PictureFormat, *, quality: int = 92) -> bytes:
    """Return one picture as the bytes of a file.

    Args:
        picture: what to write.
        form: kind of file.
        quality: of JPEG, 1..100; PNG and TIFF keep every pixel as it is.
    """
    image = Image.fromarray(picture.pixels)
    made = io.BytesIO()
    match form:
        case PictureFormat.PNG:
            _save_png(image, made, picture.mm_per_px)
        case PictureFormat.JPEG:
            dots = _per_inch(picture.mm_per_px)
            image.save(made, "JPEG", quality=quality, subsampling=0, **_dpi(dots))
        case PictureFormat.TIFF:
            _save_pages(iter((picture,)), made)
    return made.getvalue()


def tiff_pages(pictures: Iterable[Picture]) -> bytes:
    """Return pictures as the pages of one TIFF file."""
    made = io.BytesIO()
    _save_pages(iter(pictures), made)
    return made.getvalue()


def sixteen_bits(
    pixels: NDArray[np.uint16], form: PictureFormat, *, mm_per_px: float | None = None
) -> bytes:
    """Return 16-bit gray values as the bytes of a PNG or TIFF file.

    Args:
        pixels: (rows, columns) uint16.
        form: PNG or TIFF; JPEG holds 8 bits only and is refused.
        mm_per_px: size of square pixels; None where it is not known or not square.
    """
    image = Image.fromarray(np.ascontiguousarray(pixels))
    made = io.BytesIO()
    match form:
        case PictureFormat.PNG:
            _save_png(image, made, mm_per_px)
        case PictureFormat.TIFF:
            image.save(made, "TIFF", compression="tiff_deflate", tiffinfo=_tags(mm_per_px))
        case PictureFormat.JPEG:
            raise ValueError("JPEG holds 8 bits only")
    return made.getvalue()


def _save_png(image: Image.Image, made: io.BytesIO, mm_per_px: float | None) -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Software", SOFTWARE)
    image.save(made, "PNG", pnginfo=words, **_dpi(_per_inch(mm_per_px)))


def _save_pages(pictures: Iterator[Picture], made: io.BytesIO) -> None:
    with TiffImagePlugin.AppendingTiffWriter(made, True) as pages:
        for picture in pictures:
            image = Image.fromarray(picture.pixels)
            image.save(pages, "TIFF", compression="tiff_deflate", tiffinfo=_tags(picture.mm_per_px))
            pages.newFrame()


def _tags(mm_per_px: float | None) -> TiffImagePlugin.ImageFileDirectory_v2:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[TiffImagePlugin.SOFTWARE] = SOFTWARE
    if mm_per_px:
        per_cm = MM_PER_CM / mm_per_px
        tags[TiffImagePlugin.X_RESOLUTION] = per_cm
        tags[TiffImagePlugin.Y_RESOLUTION] = per_cm
        tags[TiffImagePlugin.RESOLUTION_UNIT] = _TIFF_CENTIMETER
    return tags


def _per_inch(mm_per_px: float | None) -> float:
    dots = MM_PER_INCH / mm_per_px if mm_per_px else 0.0
    return dots if dots <= MOST_DOTS else 0.0


def _dpi(dots: float) -> dict[str, tuple[float, float]]:
    return {"dpi": (dots, dots)} if dots else {}
