"""Fragments: which belong to which frame, with offset tables that are right, wrong or missing.

The items are laid down here as PS3.5 section A.4 has them.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.dicom import encapsulation
from workstation.dicom.code_streams import STARTS
from workstation.dicom.codecs import DecodeError
from workstation.dicom.decode_protocol import Codec
from workstation.dicom.encapsulation import Fragments, find_fragments, frames

JPEG = STARTS[Codec.JPEG]
RLE = STARTS[Codec.RLE]
FIRST, MORE = b"\xff\xd8\xff\xc3 first part", b"another part of it"
END = b"\xfe\xff\xdd\xe0\0\0\0\0"


def item(content: bytes) -> bytes:
    return b"\xfe\xff\x00\xe0" + struct.pack("<I", len(content)) + content


def pixels(parts: Sequence[bytes], table: bytes | None = b"", end: bytes = END) -> bytes:
    head = b"" if table is None else item(table)
    return b"before" + head + b"".join(map(item, parts)) + end


def found_in(data: bytes, starts: tuple[bytes, ...] = JPEG) -> Fragments:
    return find_fragments(io.BytesIO(data), 6, starts)


def contents(data: bytes, found: Fragments) -> list[bytes]:
    return [data[one.offset : one.offset + one.length] for one in found.items]


def spans(data: bytes, count: int, starts: tuple[bytes, ...] = JPEG) -> list[tuple[int, ...]]:
    return [tuple(one) for one in frames(found_in(data, starts), count)]


def table(*offsets: int) -> bytes:
    return struct.pack(f"<{len(offsets)}I", *offsets)


PARTS = [FIRST, MORE, FIRST + b"!", MORE, MORE]
"""Two frames of two and three fragments."""
SECOND = 8 + len(FIRST) + 8 + len(MORE)


@pytest.mark.parametrize("first", [b"", table(0, SECOND), table(0, 7), table(5, 9), None])
def test_frames_begin_where_code_streams_do_whatever_the_table_says(first: bytes | None) -> None:
    data = pixels(PARTS, first)

    assert contents(data, found_in(data)) == PARTS
    assert spans(data, 2) == [(0, 1), (2, 3, 4)]


def test_a_table_is_believed_where_the_fragments_do_not_tell() -> None:
    parts = [b"abcd", b"efghij", b"kl"]

    assert spans(pixels(parts, table(0, 26)), 2, starts=()) == [(0, 1), (2,)]
    assert spans(pixels(parts, table(0, 12)), 2, starts=()) == [(0,), (1, 2)]


@pytest.mark.parametrize(
    "first", [b"", table(0), table(0, 13), table(0, 12, 26), table(0, 0), table(12, 26), None]
)
def test_frames_that_cannot_be_told_apart_are_refused(first: bytes | None) -> None:
    with pytest.raises(DecodeError, match="cannot be told apart"):
        spans(pixels([b"abcd", b"efghij", b"kl"], first), 2, starts=())


def test_as_many_fragments_as_frames_are_one_each() -> None:
    assert spans(pixels([b"abcd", b"ef"]), 2, starts=()) == [(0,), (1,)]
    assert spans(pixels([FIRST] * 3, table(0, 1, 2)), 3) == [(0,), (1,), (2,)]


def test_all_fragments_are_the_single_frame() -> None:
    assert spans(pixels([FIRST, MORE, FIRST]), 1) == [(0, 1, 2)]


def test_the_header_of_rle_is_no_offset_table() -> None:
    coded = struct.pack("<2I", 2, 64) + bytes(60)

    assert spans(pixels([coded, coded], None), 2, RLE) == [(0,), (1,)]
    assert spans(pixels([coded, b"more", coded], None), 2, RLE) == [(0, 1), (2,)]


def test_empty_fragments_are_left_out() -> None:
    data = pixels([b"", FIRST, b"", FIRST, b""])

    assert contents(data, found_in(data)) == [FIRST, FIRST]


@pytest.mark.parametrize("data", [b"before", b"beforejunk and no item", pixels([], end=b"")[:13]])
def test_pixels_without_an_item_are_refused(data: bytes) -> None:
    with pytest.raises(DecodeError, match="not where they should be"):
        found_in(data)


def test_a_length_beyond_the_file_is_not_believed() -> None:
    with pytest.raises(DecodeError, match="the file is cut"):
        found_in(b"before" + b"\xfe\xff\x00\xe0" + struct.pack("<I", 0xFFFFFFFE) + b"few")


@pytest.mark.parametrize("lost", [1, 8, 12])
def test_of_a_cut_file_the_whole_frames_are_kept(lost: int) -> None:
    data = pixels([FIRST] * 4)
    cut = data[: -len(END) - lost]

    assert spans(cut, 4) == [(0,), (1,), (2,)]


def test_the_last_frame_of_a_cut_file_is_not_taken_for_whole_where_frames_have_parts() -> None:
    data = pixels([FIRST, MORE, FIRST, MORE, FIRST], end=b"")

    assert spans(data, 9) == [(0, 1), (2, 3)]


def test_of_a_single_frame_that_was_cut_nothing_is_kept() -> None:
    data = pixels([FIRST, MORE])

    assert spans(data[: -len(END) - 2], 1) == []
    assert spans(data[: -len(END)], 1) == [(0, 1)]


def test_frames_missing_from_a_file_that_ends_rightly_cannot_be_placed() -> None:
    with pytest.raises(DecodeError, match="cannot be told apart"):
        spans(pixels([FIRST] * 3), 4)


def test_pixels_in_absurdly_many_pieces_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encapsulation, "_MOST_FRAGMENTS", 10)

    with pytest.raises(DecodeError, match="absurdly many pieces"):
        found_in(pixels([b""] * 20))


@given(st.binary(max_size=200), st.integers(1, 5))
def test_no_bytes_whatever_lead_beyond_the_file(junk: bytes, count: int) -> None:
    data = b"before" + junk
    try:
        found = found_in(data)
        ranges = frames(found, count)
    except DecodeError:
        return

    assert all(one.offset + one.length <= len(data) for one in found.items)
    assert len(ranges) <= count
    assert all(number < len(found.items) for span in ranges for number in span)
