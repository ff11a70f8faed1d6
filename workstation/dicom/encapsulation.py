"""Find the fragments of compressed pixels in a file, and which of them are one frame.

Nothing is taken by a claim: each length is held against the bytes that are there. The offset
tables that a file may carry are believed only where the fragments themselves leave a doubt, because
they are often wrong or empty, and a frame that is taken for another shows the wrong place.

Source: PS3.5 section A.4 (items, Basic Offset Table). The Extended Offset Table is not needed: it
is allowed only where each frame is one fragment.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from struct import Struct
from typing import BinaryIO, NamedTuple

from workstation.dicom.codecs import DecodeError

CUT = "the file is cut: it ends inside its compressed pixels"

_ITEM, _SEQUENCE_END = b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0"
_LENGTH = Struct("<I")
_HEAD_BYTES = 8

LONGEST_START = 16
"""Bytes of an item that tell whether a code stream begins there."""

_MOST_TABLE_BYTES = 1 << 20
"""Largest offset table read: 262,144 frames; the rest of it could only be wrong."""


_MOST_FRAGMENTS = 1 << 20
"""Most fragments looked through: ten for each of the most frames taken."""


class Fragment(NamedTuple):
    """One item of encapsulated pixels: its first byte and its length in the file."""

    offset: int
    length: int


class Fragments(NamedTuple):
    """What lies between the beginning and the end of encapsulated pixels.

    Attributes:
        items: the fragments that hold pixels, in order; empty ones are left out.
        begins: for each whether it begins as a code stream does.
        table: Basic Offset Table: bytes from the first item to that of each frame; often empty.
        base: where the table counts from.
        is_ended: whether the end is marked; the file was cut where it is not.
        is_torn: whether the file ends inside a fragment; that one is left out.
    """

    items: tuple[Fragment, ...]
    begins: tuple[bool, ...]
    table: tuple[int, ...]
    base: int
    is_ended: bool
    is_torn: bool


def find_fragments(opened: BinaryIO, start: int, starts: tuple[bytes, ...]) -> Fragments:
    """Return the fragments that begin at ``start``.

    Args:
        opened: the file.
        start: first byte of the pixel element's value.
        starts: how code streams begin; a first item that begins so is no offset table.

    Raises:
        DecodeError: there are none.
    """
    found, heads, is_ended, is_torn = _items(opened, start)
    if not found:
        raise DecodeError(CUT if is_torn else "its compressed pixels are not where they should be")
    table: tuple[int, ...] = ()
    base = start
    if _is_table(found[0], heads[0], starts):
        table = _table(opened, found[0])
        base = found[0].offset + found[0].length
        del found[0], heads[0]
    kept = [(one, head) for one, head in zip(found, heads, strict=True) if one.length]
    return Fragments(
        items=tuple(one for one, _ in kept),
        begins=tuple(bool(starts) and head.startswith(starts) for _, head in kept),
        table=table,
        base=base,
        is_ended=is_ended,
        is_torn=is_torn,
    )


def frames(found: Fragments, count: int) -> tuple[range, ...]:
    """Return which fragments are each frame, as ranges of their numbers.

    Of a file that was cut only the frames that are wholly there.

    Args:
        found: the fragments.
        count: frames that the header states.

    Raises:
        DecodeError: it cannot be told.
    """
    total = len(found.items)
    if count == 1:
        return () if found.is_torn else (range(total),)
    if total == count:
        return tuple(range(number, number + 1) for number in range(total))
    firsts = [number for number, is_first in enumerate(found.begins) if is_first]
    if firsts[:1] == [0] and len(firsts) < count and not found.is_ended:
        return _whole(firsts, total)
    if firsts[:1] != [0] or len(firsts) != count:
        firsts = _firsts_by_table(found, count)
    return _whole([*firsts, total], total)


def _whole(firsts: Sequence[int], total: int) -> tuple[range, ...]:
    """Return the frames between the beginnings; what follows the last may be a part of a frame.

    Where every other frame is one fragment, the last fragment is a whole frame too.
    """
    ranges = tuple(range(*pair) for pair in pairwise(firsts))
    if ranges and firsts[-1] == total - 1 and all(len(one) == 1 for one in ranges):
        return (*ranges, range(total - 1, total))
    return ranges


def _firsts_by_table(found: Fragments, count: int) -> list[int]:
    numbers = {one.offset - _HEAD_BYTES - found.base: k for k, one in enumerate(found.items)}
    firsts = [numbers.get(offset, -1) for offset in found.table]
    if len(firsts) != count or firsts[0] != 0 or firsts != sorted(set(firsts)):
        raise DecodeError("its compressed frames cannot be told apart")
    return firsts


def _items(opened: BinaryIO, start: int) -> tuple[list[Fragment], list[bytes], bool, bool]:
    """Return the items, how each begins, whether the end is marked, and whether one is torn."""
    size = opened.seek(0, 2)
    found: list[Fragment] = []
    heads: list[bytes] = []
    position = start
    while position + _HEAD_BYTES <= size:
        if len(found) == _MOST_FRAGMENTS:
            raise DecodeError("the file was refused: its pixels are in absurdly many pieces")
        opened.seek(position)
        raw = opened.read(_HEAD_BYTES + LONGEST_START)
        if raw[:4] != _ITEM:
            return found, heads, raw[:4] == _SEQUENCE_END, False
        length = _LENGTH.unpack_from(raw, 4)[0]
        position += _HEAD_BYTES
        if position + length > size:
            return found, heads, False, True
        found.append(Fragment(position, length))
        heads.append(raw[_HEAD_BYTES : _HEAD_BYTES + length])
        position += length
    return found, heads, False, False


def _is_table(item: Fragment, head: bytes, starts: tuple[bytes, ...]) -> bool:
    """Whether the first item is the offset table, which some writers leave out altogether.

    A table is empty or begins with 0, the place of the first frame; no code stream does. A wrong
    one may begin with anything but a code stream.
    """
    if item.length % 4:
        return False
    if not item.length or head[:4] == bytes(4):
        return True
    return bool(starts) and not head.startswith(starts)


def _table(opened: BinaryIO, item: Fragment) -> tuple[int, ...]:
    opened.seek(item.offset)
    raw = opened.read(min(item.length, _MOST_TABLE_BYTES))
    return Struct(f"<{len(raw) // 4}I").unpack(raw[: len(raw) // 4 * 4])
