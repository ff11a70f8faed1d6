"""Read the size that a compressed picture says it has, before it is decoded.

Source: ITU-T T.81 B.2.2 (JPEG frame header), T.87 C.2.2 (JPEG-LS), T.800 A.5.1 (JPEG 2000 SIZ).
"""

from __future__ import annotations

from struct import Struct

_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC} | {0xF7}
"""Markers SOF0 to SOF15 without DHT, JPG and DAC; SOF55 is JPEG-LS."""

_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers without a length: TEM, RST0 to RST7, SOI."""

_SIZE = Struct(">HH")
_EXTENT = Struct(">4I")
_J2K_START, _J2K_BOX = b"\xff\x4f\xff\x51", b"\x00\x00\x00\x0cjP"


def size_of(coded: bytes) -> tuple[int, int] | None:
    """Return (rows, columns) by the code stream's own header; None where it has none."""
    if coded.startswith(_J2K_BOX):
        start = coded.find(_J2K_START)
        return _jpeg_2000(coded[start:]) if start >= 0 else None
    if coded.startswith(_J2K_START):
        return _jpeg_2000(coded)
    return _jpeg(coded) if coded.startswith(b"\xff\xd8") else None


def _jpeg_2000(coded: bytes) -> tuple[int, int] | None:
    if len(coded) < 24:
        return None
    right, bottom, left, top = _EXTENT.unpack_from(coded, 8)
    return bottom - top, right - left


def _jpeg(coded: bytes) -> tuple[int, int] | None:
    position = 2
    while position + 9 <= len(coded):
        if coded[position] != 0xFF:
            return None
        marker = coded[position + 1]
        if marker == 0xFF:
            position += 1
        elif marker in _ALONE:
            position += 2
        elif marker in _JPEG_FRAMES:
            rows, columns = _SIZE.unpack_from(coded, position + 5)
            return (rows, columns) if rows else None
        else:
            position += 2 + int.from_bytes(coded[position + 2 : position + 4], "big")
    return None
