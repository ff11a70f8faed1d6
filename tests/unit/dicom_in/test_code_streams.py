"""What a compressed picture says of itself is read as the ITU standards lay it down."""

from __future__ import annotations

import struct
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.dicom.code_streams import CodeStream, checked, mended, read
from workstation.dicom.codecs import DecodeError
from workstation.dicom.decode_protocol import Codec
from workstation.dicom.frames import PixelLayout

APP0 = b"\xff\xe0\x00\x10JFIF\0" + bytes(9)
ADOBE = b"\xff\xee\x00\x0eAdobe\0\x64\0\0\0\0"
GRAY = PixelLayout(
    rows=40,
    columns=30,
    samples=1,
    photometric="MONOCHROME2",
    bits_allocated=16,
    bits_stored=12,
    high_bit=11,
    is_signed=False,
    is_planar=False,
    transfer_syntax="1.2.840.10008.1.2.4.70",
    is_little=True,
)
COLOR = replace(GRAY, samples=3, photometric="RGB", bits_allocated=8, bits_stored=8, high_bit=7)


def jpeg(
    marker: int = 0xC0,
    rows: int = 40,
    columns: int = 30,
    *,
    before: bytes = APP0,
    precision: int = 8,
    names: bytes = b"\x01",
    scanned: int = 1,
) -> bytes:
    parts = b"".join(bytes([name, 0x11, 0]) for name in names)
    length = 8 + len(parts)
    frame = struct.pack(">BBHBHHB", 0xFF, marker, length, precision, rows, columns, len(names))
    scan = struct.pack(">HHB", 0xFFDA, 6 + 2 * scanned, scanned) + bytes(2 * scanned + 3)
    return b"\xff\xd8" + before + frame + parts + scan + bytes(20) + b"\xff\xd9"


def jpeg_2000(
    rows: int = 40,
    columns: int = 30,
    *,
    top: int = 0,
    left: int = 0,
    tile: int = 64,
    parts: bytes = b"\x0b\x01\x01",
) -> bytes:
    size = struct.pack(
        ">HHIIIIIIIIH", 41, 0, columns + left, rows + top, left, top, tile, tile, 0, 0, 1
    )
    size = size[:-2] + struct.pack(">H", len(parts) // 3)
    return b"\xff\x4f\xff\x51" + size + parts + bytes(40)


def rle(*offsets: int, count: int | None = None) -> bytes:
    filled = [*offsets, *([0] * (15 - len(offsets)))]
    return struct.pack("<16I", len(offsets) if count is None else count, *filled) + bytes(40)


@pytest.mark.parametrize("marker", [0xC0, 0xC1, 0xC2, 0xC3])
def test_jpeg_frames_say_size_depth_and_components(marker: int) -> None:
    stream = read(jpeg(marker, 300, 200, before=b"", precision=12), Codec.JPEG)

    assert stream == CodeStream(300, 200, 1, 12)


def test_jpeg_2000_says_size_depth_and_sign() -> None:
    stream = read(jpeg_2000(40, 30, parts=b"\x8c\x01\x01"), Codec.JPEG_2000)

    assert stream == CodeStream(40, 30, 1, 13, is_signed=True)
    assert stream.sample_bytes == 2


def test_fill_bytes_and_lone_markers_are_passed_over() -> None:
    stream = read(jpeg(before=b"\xff\x01\xff\xff\xff" + APP0[1:]), Codec.JPEG)

    assert stream is not None
    assert (stream.rows, stream.columns) == (40, 30)


def test_jpeg_2000_subtracts_its_offset() -> None:
    stream = read(jpeg_2000(40, 30, top=2, left=3), Codec.JPEG_2000)

    assert stream is not None
    assert (stream.rows, stream.columns) == (40, 30)


@pytest.mark.parametrize(
    ("before", "names", "is_ybr"),
    [
        (b"", b"\x01\x02\x03", None),
        (APP0, b"\x01\x02\x03", True),
        (ADOBE + b"\x00", b"\x01\x02\x03", False),
        (ADOBE + b"\x01", b"\x01\x02\x03", True),
        (APP0 + ADOBE + b"\x00", b"\x01\x02\x03", False),
        (ADOBE + b"\x00" + APP0, b"\x01\x02\x03", False),
        (APP0, b"RGB", False),
    ],
)
def test_marks_of_jpeg_say_whether_colors_were_transformed(
    before: bytes, names: bytes, is_ybr: bool | None
) -> None:
    stream = read(jpeg(before=before, names=names), Codec.JPEG)

    assert stream is not None
    assert stream.is_ybr is is_ybr


def test_in_lossless_jpeg_the_mark_of_lossy_colors_means_nothing() -> None:
    stream = read(jpeg(0xC3, names=b"\x01\x02\x03"), Codec.JPEG)

    assert stream is not None
    assert stream.is_ybr is None


@pytest.mark.parametrize(("scanned", "is_planar"), [(1, True), (3, False)])
def test_jpeg_ls_colors_come_apart_where_each_has_a_scan(scanned: int, is_planar: bool) -> None:
    stream = read(jpeg(0xF7, names=b"\x01\x02\x03", scanned=scanned), Codec.JPEG_LS)

    assert stream is not None
    assert stream.is_planar is is_planar


def test_jpeg_ls_without_a_scan_is_taken_as_interleaved() -> None:
    coded = jpeg(0xF7, names=b"\x01\x02\x03")
    stream = read(coded[: coded.index(b"\xff\xda")] + bytes(9), Codec.JPEG_LS)

    assert stream is not None
    assert not stream.is_planar


@pytest.mark.parametrize(
    ("coded", "codec"),
    [
        (b"", Codec.JPEG),
        (b"RLE data without a header", Codec.JPEG_LS),
        (b"\xff\xd8", Codec.JPEG),
        (b"\xff\xd8 no marker here, none at all", Codec.JPEG),
        (b"\xff\xd8" + b"\xff\x01" * 20_000 + jpeg()[2:], Codec.JPEG),
        (b"\xff\xd8" + b"\xff\xe0\x00\x00" * 20_000, Codec.JPEG),
        (jpeg()[:26], Codec.JPEG),
        (jpeg(), Codec.JPEG_2000),
        (jpeg_2000(), Codec.JPEG),
        (b"\xff\x4f\xff\x51\x00", Codec.JPEG_2000),
        (jpeg_2000(parts=b""), Codec.JPEG_2000),
        (jpeg_2000(parts=b"\x07\x00\x01"), Codec.JPEG_2000),
        (jpeg_2000(tile=0), Codec.JPEG_2000),
        (jpeg_2000()[:-42], Codec.JPEG_2000),
        (rle(), Codec.RLE),
        (rle(64, 60), Codec.RLE),
        (rle(0, 80), Codec.RLE),
        (rle(64, 4000), Codec.RLE),
        (rle(64, 80, count=40), Codec.RLE),
        (bytes(20), Codec.RLE),
    ],
)
def test_streams_that_say_nothing_sound_are_refused(coded: bytes, codec: Codec) -> None:
    with pytest.raises(DecodeError, match="do not begin as they should"):
        checked(coded, codec, GRAY)


@pytest.mark.parametrize(
    ("coded", "codec", "layout", "words"),
    [
        (jpeg(rows=41, precision=12), Codec.JPEG, GRAY, "another size"),
        (jpeg(columns=60000), Codec.JPEG, GRAY, "another size"),
        (jpeg(0xF7, columns=31), Codec.JPEG_LS, GRAY, "another size"),
        (jpeg_2000(60000, 60000, tile=60000), Codec.JPEG_2000, GRAY, "another size"),
        (jpeg(names=b"\x01\x02\x03"), Codec.JPEG, GRAY, "another number of colors"),
        (jpeg_2000(parts=b"\x0b\x01\x01" * 16384), Codec.JPEG_2000, GRAY, "number of colors"),
        (jpeg(precision=12, names=b"123"), Codec.JPEG, COLOR, "another depth"),
        (jpeg(precision=0), Codec.JPEG, GRAY, "another depth"),
        (jpeg()[:-2], Codec.JPEG, GRAY, "end before the picture does"),
        (jpeg(before=APP0 + b"\xff\xec\x00\x04\xff\xd9")[:-2], Codec.JPEG, GRAY, "end before"),
        (jpeg_2000(parts=b"\x25\x01\x01"), Codec.JPEG_2000, GRAY, "another depth"),
        (jpeg_2000(parts=b"\x07\x01\x01\x0b\x01\x01"), Codec.JPEG_2000, GRAY, "different depths"),
        (jpeg_2000(tile=1, rows=300, columns=300), Codec.JPEG_2000, GRAY, "tiles"),
        (rle(64), Codec.RLE, GRAY, "another depth"),
        (rle(64, 70, 80), Codec.RLE, GRAY, "another depth"),
    ],
)
def test_streams_that_contradict_the_header_are_refused(
    coded: bytes, codec: Codec, layout: PixelLayout, words: str
) -> None:
    with pytest.raises(DecodeError, match=words):
        checked(coded, codec, layout)


def test_streams_that_agree_with_the_header_pass() -> None:
    assert checked(jpeg(0xC3, precision=12), Codec.JPEG, GRAY).precision == 12
    assert checked(jpeg_2000(), Codec.JPEG_2000, GRAY).precision == 12
    assert checked(rle(64, 70), Codec.RLE, GRAY).precision == 16
    assert checked(rle(64, 70, 80), Codec.RLE, COLOR).is_planar


def test_a_jpeg_that_tells_its_rows_at_the_end_passes() -> None:
    assert checked(jpeg(rows=0), Codec.JPEG, GRAY).columns == 30


def test_a_code_stream_is_taken_out_of_a_file_format() -> None:
    boxed = b"\x00\x00\x00\x0cjP  \r\n\x87\n" + b"header boxes" + jpeg_2000()

    assert mended(boxed, Codec.JPEG_2000) == jpeg_2000()
    assert mended(b"\x00\x00\x00\x0cjP  nothing", Codec.JPEG_2000) == b""
    assert mended(jpeg_2000(), Codec.JPEG_2000) == jpeg_2000()


def test_a_sequential_scan_that_ends_at_its_first_coefficient_gets_all_of_them() -> None:
    for marker in (0xC0, 0xC1):
        coded = jpeg(marker)
        at = coded.index(b"\xff\xda") + 7

        fixed = mended(coded, Codec.JPEG)

        assert [k for k in range(len(coded)) if coded[k] != fixed[k]] == [at + 1]
        assert fixed[at : at + 3] == b"\x00\x3f\x00"


@pytest.mark.parametrize(
    "coded",
    [
        jpeg(0xC3),
        jpeg(0xC2),
        mended(jpeg(), Codec.JPEG),
        jpeg()[: jpeg().index(b"\xff\xda") + 6],
        jpeg()[:30],
        b"\xff\xd8\xff\xda",
        jpeg()[: jpeg().index(b"\xff\xda")] + b"\xff\xda\x00\x02" + bytes(9),
    ],
)
def test_other_jpeg_streams_stay_as_they_are(coded: bytes) -> None:
    assert mended(coded, Codec.JPEG) == coded


WHOLE = {
    Codec.JPEG: jpeg(names=b"\x01\x02\x03", before=APP0 + ADOBE + b"\x00"),
    Codec.JPEG_LS: jpeg(0xF7),
    Codec.JPEG_2000: jpeg_2000(),
    Codec.RLE: rle(64, 70),
}


@given(
    codec=st.sampled_from(list(Codec)),
    changes=st.lists(st.tuples(st.integers(0, 150), st.integers(0, 255)), max_size=6),
    length=st.integers(0, 200),
)
def test_spoiled_streams_are_passed_or_refused_and_never_a_fault(
    codec: Codec, changes: list[tuple[int, int]], length: int
) -> None:
    spoiled = bytearray(WHOLE[codec])
    for place, value in changes:
        spoiled[place % len(spoiled)] = value
    coded = mended(bytes(spoiled[:length]), codec)

    try:
        stream = checked(coded, codec, GRAY)
    except DecodeError:
        return

    assert (stream.rows or GRAY.rows, stream.columns) == (GRAY.rows, GRAY.columns)
    assert stream.components == 1
