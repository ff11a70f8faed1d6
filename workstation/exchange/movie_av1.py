"""Movies as AV1 in MP4, with the encoder that comes inside Pillow; nothing else is needed.

Pillow writes an animated AVIF, which is an ISO base media file with one AV1 track that calls
itself a picture sequence. The same boxes, named as a video track and timed exactly, are an MP4: no
encoded byte changes.

Source: ISO/IEC 14496-12 (boxes and their fields), "AV1 Codec ISO Media File Format Binding" 2.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

from PIL import Image, features

from workstation.core.errors import WorkstationError
from workstation.core.picture import Picture

SPEED = 8
"""Encoder speed, 0..10: 512 x 512 at 40 pictures per second on two cores, a fifth larger than 6."""

TICKS = 1000
"""Ticks per picture: a rate of 7.5 pictures per second is 7500 ticks per second, exactly."""

_PARENTS = frozenset((b"moov", b"trak", b"mdia"))
_FREE = b"free"
_TIMESCALE_AT = {b"mvhd": 20, b"mdhd": 20}
_DURATION_AT = {b"mvhd": 24, b"mdhd": 24, b"tkhd": 28}
"""Places inside boxes of version 1, from the version byte on."""


class MovieError(WorkstationError):
    """A movie could not be encoded; a fault of ours or of the encoder."""


def has_av1() -> bool:
    """Whether this machine's Pillow brings the encoder."""
    return bool(features.check("avif"))


def av1_movie(pictures: Iterator[Picture], *, rate: float, quality: int = 90) -> bytes:
    """Return an MP4 movie.

    Args:
        pictures: two or more, all of one even size.
        rate: pictures per second.
        quality: 1..100.

    Raises:
        MovieError: the encoder gave something unknown.
    """
    images = (Image.fromarray(one.pixels).convert("RGB") for one in pictures)
    made = io.BytesIO()
    counted = _Counted(images)
    first = next(counted)
    first.save(
        made,
        "AVIF",
        save_all=True,
        append_images=counted,
        duration=TICKS,
        quality=quality,
        subsampling="4:2:0",
        speed=SPEED,
    )
    return _as_movie(bytearray(made.getvalue()), rate=rate, count=counted.count)


class _Counted(Iterator[Image.Image]):
    """Counts what passes."""

    def __init__(self, images: Iterator[Image.Image]) -> None:
        self._images = images
        self.count = 0

    def __next__(self) -> Image.Image:
        image = next(self._images)
        self.count += 1
        return image


def _as_movie(data: bytearray, *, rate: float, count: int) -> bytes:
    """Return an animated AVIF renamed and timed as a movie; every box keeps its place."""
    seen = set()
    for kind, start, _end in _boxes(data, 0, len(data)):
        seen.add(kind)
        body = start + 8
        if kind == b"ftyp":
            data[body : body + 4] = b"isom"
            _rename_brands(data, body + 8, _end)
        elif kind in (b"meta", b"edts"):
            # A still for viewers of AVIF, and an endless loop: both would confuse a player.
            data[start + 4 : start + 8] = _FREE
        elif kind == b"hdlr":
            data[body + 8 : body + 12] = b"vide"
        if kind in _DURATION_AT:
            _time(data, kind, body, rate=rate, count=count)
    if not {b"ftyp", b"moov", b"hdlr", b"mdhd", b"tkhd"} <= seen:
        raise MovieError("The movie could not be made", why="the encoder gave no picture sequence")
    return bytes(data)


def _rename_brands(data: bytearray, start: int, end: int) -> None:
    """Say that this is a movie; brands of picture files give way to those of movies."""
    brands = (b"isom", b"iso6", b"av01", b"mp41")
    for number, at in enumerate(range(start, end, 4)):
        data[at : at + 4] = brands[number % len(brands)]


def _time(data: bytearray, kind: bytes, body: int, *, rate: float, count: int) -> None:
    if data[body] != 1:
        raise MovieError("The movie could not be made", why="its times are written in another way")
    # Times of creation and change tell nothing that a reader of the movie needs.
    data[body + 4 : body + 20] = bytes(16)
    if kind in _TIMESCALE_AT:
        struct.pack_into(">I", data, body + _TIMESCALE_AT[kind], round(rate * TICKS))
    struct.pack_into(">Q", data, body + _DURATION_AT[kind], TICKS * count)


def _boxes(data: bytearray, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield (kind, start, end) of boxes, and of those inside the ones that lead to the track."""
    while start + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, start)
        if size < 8 or start + size > end:
            raise MovieError("The movie could not be made", why="the encoder gave a broken file")
        yield kind, start, start + size
        if kind in _PARENTS:
            yield from _boxes(data, start + 8, start + size)
        start += size
