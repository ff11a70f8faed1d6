"""Decode PNG, JPEG, TIFF and BMP pictures. Runs in the reading process only.

A picture becomes gray numbers or red, green, blue, turned as its EXIF orientation says. A
resolution it may state (dots per inch) is that of paper or screen and is not read.

Source: EXIF 2.32, 4.6.4.A (Orientation); PNG and TIFF through Pillow.
"""

from __future__ import annotations

import struct
import zlib
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps

from workstation.exchange.research.header import VolumeRefusedError
from workstation.exchange.research.png_rows import has_all_rows

FORMATS = ("PNG", "JPEG", "TIFF", "BMP")

MAX_PIXELS = 1 << 28
"""Largest picture: 16,384 x 16,384."""

_NUMBERS = frozenset({"1", "L", "I", "F", "I;16", "I;16B", "I;16L"})
_WITH_ALPHA = frozenset({"LA", "La", "PA", "RGBA", "RGBa"})
_CONVERTED = frozenset({"CMYK", "YCbCr", "LAB", "HSV"})


_DAMAGED = (
    OSError, SyntaxError, ValueError, EOFError, TypeError, KeyError, struct.error, zlib.error,
)  # fmt: skip
"""What decoders raise at damaged pictures."""


class Picture(NamedTuple):
    """A decoded picture.

    Attributes:
        pixels: gray (rows, columns), or color (rows, columns, 3) uint8.
        format: its name.
        is_lossy: whether it was compressed with loss.
        doubts: codes: ``turned``, ``color_depth``, ``color_converted``, ``transparent``.
    """

    pixels: NDArray[Any]
    format: str
    is_lossy: bool
    doubts: tuple[str, ...]


def decode_picture(stream: BinaryIO) -> Picture:
    """Return a picture, turned as its EXIF orientation says.

    Raises:
        VolumeRefusedError: it is damaged, too large, or holds several pictures.
    """
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2  # Pillow refuses twice this
    try:
        with Image.open(stream, formats=FORMATS) as opened:
            if getattr(opened, "n_frames", 1) > 1:
                raise VolumeRefusedError(
                    "the picture file holds several pictures; save them one by one"
                )
            doubts = _depth_doubt(opened)
            opened.load()
            pixels, found = _as_array(opened, doubts)
            name = str(opened.format)
            if name == "PNG" and not has_all_rows(stream):
                raise VolumeRefusedError("the picture is cut: it ends before its last row")
            is_lossy = name == "JPEG" or "jpeg" in str(opened.info.get("compression", ""))
            return Picture(pixels, name, is_lossy, found)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise VolumeRefusedError("the picture claims more pixels than is allowed") from error
    except _DAMAGED as error:
        raise VolumeRefusedError("the picture is damaged or cut: it cannot be decoded") from error


def _as_array(picture: Image.Image, doubts: list[str]) -> tuple[NDArray[Any], tuple[str, ...]]:
    if picture.getexif().get(ExifTags.Base.Orientation, 1) not in (0, 1):
        doubts.append("turned")
    upright = ImageOps.exif_transpose(picture)
    if upright.mode in _CONVERTED:
        doubts.append("color_converted")
    if upright.mode in _NUMBERS:
        gray = np.asarray(upright)
        return (gray.astype(np.uint8) * 255 if upright.mode == "1" else gray), tuple(doubts)
    if upright.mode in _WITH_ALPHA or "transparency" in upright.info:
        colored = upright.convert("RGBA")
        if np.asarray(colored.getchannel("A")).min() < 255:
            doubts.append("transparent")
        black = Image.new("RGBA", colored.size, (0, 0, 0, 255))
        colored = Image.alpha_composite(black, colored)
        is_gray = upright.mode in ("LA", "La")
        return np.asarray(colored.convert("L" if is_gray else "RGB")), tuple(doubts)
    return np.asarray(upright.convert("RGB")), tuple(doubts)


def _depth_doubt(picture: Image.Image) -> list[str]:
    """Return the doubt of a color picture whose 16 bits Pillow rounds to 8."""
    tiles = getattr(picture, "tile", ())
    is_deep = any("16" in str(part) for tile in tiles for part in tile[3:])
    return ["color_depth"] if is_deep and picture.mode in ("RGB", "RGBA", "LA") else []
