"""Tell whether the compressed rows of a PNG are all there; decoders fill what is not with black.

Source: PNG 3rd edition, 7.2 (scanlines), 8.1 (interlace), 11.2.1 (IHDR), 11.2.3 (IDAT).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

_SIGNATURE_BYTES = 8
_HEAD = struct.Struct(">IIBBBBB")
_CHUNK = struct.Struct(">I4s")
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Samples of a pixel by color type."""

_PASSES = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
"""First column, first row, and steps of each pass of Adam7."""

_PIECE_BYTES = 1 << 20


def has_all_rows(stream: BinaryIO) -> bool:
    """Return whether a PNG holds as many row bytes as its header says; reads it from the start."""
    stream.seek(_SIGNATURE_BYTES)
    expected = 0
    found = 0
    engine = zlib.decompressobj()
    for name, body in _chunks(stream):
        if name == b"IHDR":
            expected = _row_bytes(*_HEAD.unpack(body[: _HEAD.size]))
        elif name == b"IDAT":
            rest = body
            while rest and found < expected:
                found += len(engine.decompress(rest, _PIECE_BYTES))
                rest = engine.unconsumed_tail
        if expected and found >= expected:
            return True
    found += len(engine.flush())
    return found >= expected > 0


def _chunks(stream: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    while len(head := stream.read(_CHUNK.size)) == _CHUNK.size:
        length, name = _CHUNK.unpack(head)
        yield name, stream.read(length)
        stream.read(4)  # the checksum, which the decoder has looked at


def _row_bytes(
    columns: int, rows: int, bits: int, color: int, _method: int, _filter: int, interlace: int
) -> int:
    """Return the bytes of all rows with their filter bytes."""
    pixel_bits = bits * _SAMPLES.get(color, 1)
    passes = _PASSES if interlace else ((0, 0, 1, 1),)
    total = 0
    for left, top, across, down in passes:
        wide, high = -(-(columns - left) // across), -(-(rows - top) // down)
        if wide > 0 and high > 0:
            total += high * (1 + (wide * pixel_bits + 7) // 8)
    return total
