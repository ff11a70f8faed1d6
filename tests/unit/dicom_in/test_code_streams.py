"""The size a compressed picture claims is read as the ITU standards lay it down."""

from __future__ import annotations

import struct

import pytest

from workstation.dicom.code_streams import size_of

APP0 = b"\xff\xe0\x00\x10JFIF\0" + bytes(9)


def jpeg(frame_marker: int, rows: int, columns: int, before: bytes = APP0) -> bytes:
    frame = struct.pack(">BBHBHHB", 0xFF, frame_marker, 11, 8, rows, columns, 1) + bytes(3)
    return b"\xff\xd8" + before + frame + b"\xff\xda" + bytes(20)


def jpeg_2000(rows: int, columns: int, top: int = 0, left: int = 0) -> bytes:
    size = struct.pack(">HHIIIIIIIIH", 41, 0, columns + left, rows + top, left, top, 1, 1, 0, 0, 1)
    return b"\xff\x4f\xff\x51" + size + bytes(3)


@pytest.mark.parametrize("marker", [0xC0, 0xC1, 0xC3, 0xF7])
def test_jpeg_and_jpeg_ls_frames_give_rows_and_columns(marker: int) -> None:
    assert size_of(jpeg(marker, 300, 200)) == (300, 200)


def test_fill_bytes_and_lone_markers_are_passed_over() -> None:
    assert size_of(jpeg(0xC0, 7, 9, before=b"\xff\x01\xff\xff\xff" + APP0[1:])) == (7, 9)


def test_jpeg_2000_subtracts_its_offset() -> None:
    assert size_of(jpeg_2000(40, 30, top=2, left=3)) == (40, 30)


def test_jpeg_2000_in_its_file_format_is_found() -> None:
    boxed = b"\x00\x00\x00\x0cjP  \r\n\x87\n" + b"header boxes" + jpeg_2000(40, 30)

    assert size_of(boxed) == (40, 30)


@pytest.mark.parametrize(
    "coded",
    [
        b"",
        b"RLE data without a header",
        b"\xff\xd8",
        b"\xff\xd8 no marker here, none at all",
        b"\xff\x4f\xff\x51\x00",
        b"\x00\x00\x00\x0cjP  nothing",
        jpeg(0xC0, 0, 9),
        jpeg(0xC4, 5, 5)[:20],
    ],
)
def test_streams_that_state_no_size_give_none(coded: bytes) -> None:
    assert size_of(coded) is None
