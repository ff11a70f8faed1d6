"""Palettes: the colors that stored values stand for, with plain and segmented tables.

Source: PS3.3 C.7.6.3.1.5 and C.7.6.3.1.6 (Palette Color Lookup Tables), C.7.9.2 (segments).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.dicom.frames import Palette
from workstation.dicom.headers import Header, HeaderError
from workstation.dicom.lookup_tables import (
    Descriptor,
    TableError,
    descriptor,
    likely_bits,
    table_entries,
)
from workstation.dicom.tags import Tag

_CHANNELS = (
    (Tag.RED_DESCRIPTOR, Tag.RED_DATA, Tag.SEGMENTED_RED_DATA),
    (Tag.GREEN_DESCRIPTOR, Tag.GREEN_DATA, Tag.SEGMENTED_GREEN_DATA),
    (Tag.BLUE_DESCRIPTOR, Tag.BLUE_DATA, Tag.SEGMENTED_BLUE_DATA),
)
_DISCRETE, _LINEAR, _INDIRECT = 0, 1, 2


def read_palette(header: Header, *, is_signed: bool) -> Palette:
    """Return the colors of a palette image, 8 bits a channel.

    Args:
        header: of the image.
        is_signed: whether its stored values are signed; so is the first one mapped, then.

    Raises:
        HeaderError: a table is missing or incomplete; the text is a sentence for people.
    """
    try:
        described = [descriptor(header, tags[0], is_signed=is_signed) for tags in _CHANNELS]
        channels = [
            _channel(header, tags[1], tags[2], one)
            for tags, one in zip(_CHANNELS, described, strict=True)
        ]
    except TableError as error:
        raise HeaderError(f"its table of colors cannot be used: {error}") from error
    count = min(channel.size for channel in channels)
    bits = max(
        likely_bits(channel, one.bits) for channel, one in zip(channels, described, strict=True)
    )
    colors = np.stack([_eight_bits(channel[:count], bits) for channel in channels], axis=-1)
    return Palette(described[0].first, colors.tobytes())


def colored(stored: NDArray[Any], palette: Palette) -> NDArray[np.uint8]:
    """Return stored values as red, green, blue: shape (..., 3); values beyond take the ends."""
    colors = np.frombuffer(palette.colors, dtype=np.uint8).reshape(-1, 3)
    at = np.clip(stored.astype(np.int64) - palette.first, 0, len(colors) - 1)
    return colors[at]


def _channel(header: Header, plain: Tag, segmented: Tag, one: Descriptor) -> NDArray[np.uint16]:
    if header.values.get(plain):
        return table_entries(header, plain, one)
    raw = header.values.get(segmented)
    if not raw:
        raise TableError("one of its three parts is missing")
    is_little = header.encoding.is_little
    if one.bits <= 8 and not _reads_as_words(raw, is_little=is_little):
        return _Segments(list(raw), 1, one.count).unfolded()
    whole = raw[: len(raw) // 2 * 2]
    words = np.frombuffer(whole, dtype="<u2" if is_little else ">u2").tolist()
    return _Segments(words, 2, one.count).unfolded()


def _reads_as_words(raw: bytes, *, is_little: bool) -> bool:
    """Whether 8-bit segments are stored one number to a word: the first opcode tells."""
    first = raw[:2] if is_little else raw[1::-1]
    return len(first) == 2 and first[0] <= _INDIRECT and first[1] == 0 and len(raw) % 2 == 0


class _Segments:
    """Unfolds one segmented table. One thread.

    Args:
        words: the segmented data as numbers.
        word_bytes: bytes of one number; an indirect segment counts in bytes and in parts of 16
            bits, so that 8-bit data has four bytes of offset.
        count: how many entries the descriptor asks for; no more are made.
    """

    def __init__(self, words: list[int], word_bytes: int, count: int) -> None:
        self._words = words
        self._word_bytes = word_bytes
        self._count = count
        self._made: list[int] = []

    def unfolded(self) -> NDArray[np.uint16]:
        """Return the entries.

        Raises:
            TableError: the segments are none, or make fewer entries than asked for.
        """
        at = 0
        while at + 1 < len(self._words) and len(self._made) < self._count:
            at = self._take(at)
        if len(self._made) < self._count:
            raise TableError("it has fewer entries than it claims")
        return np.array(self._made[: self._count], dtype=np.uint16)

    def _take(self, at: int) -> int:
        """Append what the segment at a place stands for; return where the next one begins."""
        words, made = self._words, self._made
        opcode, length, start = words[at], words[at + 1], at + 2
        if opcode == _DISCRETE:
            made += words[start : start + length]
            return start + length
        if opcode == _LINEAR and made and length and start < len(words):
            first, last = made[-1], words[start]
            steps = range(1, min(length, self._count) + 1)
            made += [round(first + (last - first) * step / length) for step in steps]
            return start + 1
        parts = words[start : start + 4 // self._word_bytes]
        if opcode == _INDIRECT and len(parts) == 4 // self._word_bytes:
            bits = 8 * self._word_bytes
            offset_bytes = sum(part << (bits * place) for place, part in enumerate(parts))
            self._copy(offset_bytes // self._word_bytes, length)
            return start + len(parts)
        raise TableError("its segments break the rules")

    def _copy(self, at: int, segments: int) -> None:
        """Append what segments elsewhere in the table stand for; these are never indirect."""
        for _ in range(segments):
            is_there = at + 1 < len(self._words) and self._words[at] != _INDIRECT
            if not is_there or len(self._made) >= self._count:
                return
            at = self._take(at)


def _eight_bits(channel: NDArray[np.uint16], bits: int) -> NDArray[np.uint8]:
    """Return a channel with its highest 8 bits."""
    return (channel >> max(bits - 8, 0)).astype(np.uint8)
