"""Find the elements of a DICOM data set without decoding what nobody asks for.

One loop reads tag, representation and length of each element and keeps the bytes of the wanted
ones. It allocates nothing by a claim of the data: every length is checked against the bytes that
are there, and nesting has a limit.

Source: DICOM PS3.5 section 7.1 (data elements), 7.5 (sequences of items).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from struct import Struct
from typing import NamedTuple

from workstation.dicom.limits import MAX_NESTING

UNDEFINED = 0xFFFFFFFF
PIXEL_TAGS = frozenset({0x7FE00008, 0x7FE00009, 0x7FE00010})
"""Float Pixel Data, Double Float Pixel Data, Pixel Data."""

SHORT_VRS = frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())
"""Representations with a 2-byte length. Source: PS3.5 table 7.1-2."""

LONG_VRS = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
"""Representations with two reserved bytes and a 4-byte length. Source: PS3.5 table 7.1-1."""

VRS = SHORT_VRS | LONG_VRS
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_LITTLE_16, _LITTLE_32 = Struct("<H").unpack_from, Struct("<I").unpack_from
_LITTLE_TAG, _BIG_TAG = Struct("<HH"), Struct(">HH")
_BIG_16, _BIG_32 = Struct(">H").unpack_from, Struct(">I").unpack_from


class DataEndsError(Exception):
    """The bytes end inside an element; with more of the file it may be whole."""

    def __init__(self, needed: int) -> None:
        super().__init__(needed)
        self.needed = needed


class DamagedError(Exception):
    """The data set breaks the encoding rules; the text is a clause for people."""


class Encoding(NamedTuple):
    """How a data set is written."""

    is_explicit: bool
    is_little: bool


EXPLICIT_LITTLE = Encoding(is_explicit=True, is_little=True)
IMPLICIT_LITTLE = Encoding(is_explicit=False, is_little=True)


class PixelElement(NamedTuple):
    """Where the pixel data element is: its tag, first byte, and length (-1: undefined)."""

    tag: int
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan found: raw bytes by tag, the pixel element, and where it stopped."""

    values: dict[int, bytes]
    pixel: PixelElement | None
    end: int


class Wanted:
    """The tags a scan keeps, as they lie in the bytes of either byte order. Immutable."""

    def __init__(self, tags: frozenset[int]) -> None:
        self.little: Mapping[bytes, int] = {_raw(tag, is_little=True): tag for tag in tags}
        self.big: Mapping[bytes, int] = {_raw(tag, is_little=False): tag for tag in tags}


def scan(
    data: bytes, start: int, encoding: Encoding, wanted: Wanted, *, end: int | None = None
) -> Scan:
    """Return the wanted elements from ``start`` up to the pixel data or the end.

    Args:
        data: the bytes; may be only the beginning of a file.
        start: first byte of the data set.
        encoding: how it is written.
        wanted: what to keep.
        end: where the data set ends; None: at the end of ``data``.

    Raises:
        DataEndsError: an element reaches beyond ``data``.
        DamagedError: nesting is too deep, or a sequence is not one.
    """
    return _scan(data, start, encoding, wanted, len(data) if end is None else end, 0)


def items(raw: bytes, encoding: Encoding) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each item of a sequence's value.

    Raises:
        DamagedError: the bytes are not items.
    """
    try:
        yield from _items(raw, encoding)
    except DataEndsError as error:
        raise DamagedError("a sequence inside it is cut") from error


def _items(raw: bytes, encoding: Encoding) -> Iterator[tuple[int, int]]:
    position = 0
    while position + 8 <= len(raw):
        tag, length = _tag(raw, position, encoding), _length(raw, position + 4, encoding)
        if tag == _SEQUENCE_END:
            return
        if tag != _ITEM:
            raise DamagedError("a sequence inside it holds something that is no item")
        start = position + 8
        if length == UNDEFINED:
            end = _end_of_item(raw, start, encoding, 0)
            yield start, end - 8
            position = end
        else:
            if start + length > len(raw):
                raise DataEndsError(start + length)
            yield start, start + length
            position = start + length


def _scan(
    data: bytes, position: int, encoding: Encoding, wanted: Wanted, stop: int, depth: int
) -> Scan:
    explicit, little = encoding
    read_16, read_32 = (_LITTLE_16, _LITTLE_32) if little else (_BIG_16, _BIG_32)
    names = wanted.little if little else wanted.big
    pixel_group = b"\xe0\x7f" if little else b"\x7f\xe0"
    values: dict[int, bytes] = {}
    while position + 8 <= stop:
        raw_tag = data[position : position + 4]
        vr = data[position + 4 : position + 6] if explicit else b""
        if vr in SHORT_VRS:
            length = read_16(data, position + 6)[0]
            start = position + 8
        elif vr in LONG_VRS:
            if position + 12 > stop:
                raise DataEndsError(position + 12)
            length = read_32(data, position + 8)[0]
            start = position + 12
        else:
            length = read_32(data, position + 4)[0]
            start = position + 8
        if raw_tag[:2] == pixel_group and (tag := _tag(data, position, encoding)) in PIXEL_TAGS:
            claimed = -1 if length == UNDEFINED else length
            return Scan(values, PixelElement(tag, start, claimed), start)
        if length == UNDEFINED:
            inner = IMPLICIT_LITTLE if vr == b"UN" else encoding
            after = _end_of_sequence(data, start, inner, depth + 1)
            content = after - 8
        else:
            content = after = start + length
            if after > stop:
                raise DataEndsError(after)
        if raw_tag in names:
            values[names[raw_tag]] = data[start:content]
        position = after
    return Scan(values, None, position)


def _end_of_sequence(data: bytes, position: int, encoding: Encoding, depth: int) -> int:
    if depth > MAX_NESTING:
        raise DamagedError("its sequences are nested too deep")
    read_32 = _LITTLE_32 if encoding.is_little else _BIG_32
    item, end = _DELIMITERS[encoding.is_little][::2]
    while True:
        if position + 8 > len(data):
            raise DataEndsError(position + 8)
        raw_tag, length = data[position : position + 4], read_32(data, position + 4)[0]
        position += 8
        if raw_tag == end:
            return position
        if raw_tag != item:
            raise DamagedError("a sequence inside it holds something that is no item")
        if length == UNDEFINED:
            position = _end_of_item(data, position, encoding, depth)
        else:
            position += length


def _end_of_item(data: bytes, position: int, encoding: Encoding, depth: int) -> int:
    explicit, little = encoding
    read_16, read_32 = (_LITTLE_16, _LITTLE_32) if little else (_BIG_16, _BIG_32)
    end = _DELIMITERS[little][1]
    while True:
        if position + 8 > len(data):
            raise DataEndsError(position + 8)
        if data[position : position + 4] == end:
            return position + 8
        vr = data[position + 4 : position + 6] if explicit else b""
        if vr in SHORT_VRS:
            position += 8 + read_16(data, position + 6)[0]
            continue
        start = position + (12 if vr in LONG_VRS else 8)
        if start > len(data):
            raise DataEndsError(start)
        length = read_32(data, start - 4)[0]
        if length == UNDEFINED:
            inner = IMPLICIT_LITTLE if vr == b"UN" else encoding
            position = _end_of_sequence(data, start, inner, depth + 1)
        else:
            position = start + length


def _tag(data: bytes, position: int, encoding: Encoding) -> int:
    read = _LITTLE_16 if encoding.is_little else _BIG_16
    return int(read(data, position)[0] << 16 | read(data, position + 2)[0])


def _length(data: bytes, position: int, encoding: Encoding) -> int:
    read = _LITTLE_32 if encoding.is_little else _BIG_32
    return int(read(data, position)[0])


def _raw(tag: int, *, is_little: bool) -> bytes:
    return (_LITTLE_TAG if is_little else _BIG_TAG).pack(tag >> 16, tag & 0xFFFF)


_DELIMITERS = {
    is_little: tuple(_raw(tag, is_little=is_little) for tag in (_ITEM, _ITEM_END, _SEQUENCE_END))
    for is_little in (False, True)
}
"""Item, item end and sequence end as they lie in the bytes, by whether these are little endian."""
