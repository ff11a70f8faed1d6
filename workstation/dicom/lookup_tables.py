"""Read the tables of a header: Modality LUT and VOI LUT items, palettes.

Source: PS3.3 C.11.1.1.1 (LUT Descriptor of the Modality LUT), C.11.2.1.1 (of the VOI LUT),
C.7.6.3.1.5 (Palette Color Lookup Table Descriptor).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.dicom.headers import Header
from workstation.dicom.tags import Tag

MOST_ENTRIES = 65536
"""Entries of a table whose descriptor says 0; the number does not fit its 16 bits."""


class TableError(Exception):
    """A table is not what its descriptor says; the text is a clause for people."""


@dataclass(frozen=True, slots=True, eq=False)
class RawTable:
    """A table as it is stored.

    Attributes:
        first: stored value or intensity of the first entry.
        entries: uint16, (n,).
        bits: significant bits of an entry, as far as the entries bear it out.
    """

    first: int
    entries: NDArray[np.uint16]
    bits: int


@dataclass(frozen=True, slots=True)
class Descriptor:
    """The three numbers that describe a table."""

    count: int
    first: int
    bits: int


def read_table(item: Header, *, is_signed: bool) -> RawTable:
    """Return the table of a sequence item.

    Args:
        item: holds LUT Descriptor and LUT Data.
        is_signed: whether what goes into the table can be negative; the descriptor's second
            number is then a signed one, whatever its representation says.

    Raises:
        TableError: the descriptor is none, or there are fewer entries than it says.
    """
    described = descriptor(item, Tag.LUT_DESCRIPTOR, is_signed=is_signed)
    entries = table_entries(item, Tag.LUT_DATA, described)
    return RawTable(described.first, entries, likely_bits(entries, described.bits))


def descriptor(header: Header, tag: Tag, *, is_signed: bool) -> Descriptor:
    """Return the numbers of a descriptor.

    Raises:
        TableError: there are not three of them.
    """
    numbers = header.binary(tag, "H")
    if len(numbers) != 3:
        raise TableError("its descriptor is none")
    count, first, bits = (int(number) for number in numbers)
    if is_signed and first > 0x7FFF:
        first -= 0x10000
    return Descriptor(count or MOST_ENTRIES, first, bits)


def table_entries(header: Header, tag: Tag, described: Descriptor) -> NDArray[np.uint16]:
    """Return the entries, whether they are stored as words or as bytes.

    Entries of 8 bits come one to a byte or, as often, one to a word.

    Raises:
        TableError: there are fewer than the descriptor says.
    """
    raw = header.values.get(tag, b"")
    is_little = header.encoding.is_little
    if described.bits <= 8 and len(raw) < 2 * described.count:
        packed = np.frombuffer(raw, dtype=np.uint8)
        if not is_little and packed.size % 2 == 0:
            # The bytes lie in big-endian words.
            packed = packed.reshape(-1, 2)[:, ::-1].ravel()
        entries = packed.astype(np.uint16)
    else:
        words = np.frombuffer(raw[: len(raw) // 2 * 2], dtype="<u2" if is_little else ">u2")
        entries = words.astype(np.uint16)
    if entries.size < described.count:
        raise TableError("it has fewer entries than it claims")
    return entries[: described.count]


def likely_bits(entries: NDArray[np.uint16], stated: int) -> int:
    """Return how many bits an entry has: as stated, unless the entries need more or it is absurd.

    A table of 8-bit entries that claims 16 bits would be black all over (as dcmtk finds, too).
    """
    needed = max(int(entries.max()).bit_length(), 1)
    if not 8 <= stated <= 16 or needed > stated:
        return max(needed, 8)
    return 8 if stated == 16 and needed <= 8 else stated
