"""Nasty files: damaged, lying, hostile, oddly named. Each is shown or set aside, none stops others.

Source: DESIGN section 5, traps 26 to 28 and 31; PS3.5 6.1.2, 7.1, 7.5, 7.8; PS3.10 section 7.
"""

from __future__ import annotations

import os
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import DeflatedExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEG2000Lossless

from tests.support.canary import CANARY
from tests.support.hostile import (
    change,
    element,
    field,
    insert,
    picture,
    refusal_of,
    series_of,
    store,
    taken,
    told,
    volume_of,
    write,
    write_one,
)
from workstation.__main__ import main
from workstation.services.open_series import open_series

LONGEST_S = 15.0
"""A hostile file of a few kilobytes must be answered at once; this is slack for a busy machine."""


def _beside_good_ones(folder: Path, spoil: Callable[[Path], object]) -> dict[str, Any]:
    """Write three good slices and a fourth that is spoiled; return what is told of the folder."""
    write(folder, [picture(n, 2.0 * n) for n in range(3)])
    spoil(write_one(folder / "zz_spoiled", picture(3, 6.0)))
    began = time.monotonic()
    answer = told(folder)
    assert time.monotonic() - began < LONGEST_S
    return answer


def _count(answer: dict[str, Any]) -> tuple[int, int]:
    """Return (shown, set aside) over everything."""
    shown = sum(one["shown"] for one in answer["series"])
    aside = sum(len(one["set_aside"]) for one in answer["series"]) + len(answer["set_aside"])
    return shown, aside


def _nested(depth: int, *, is_closed: bool = True) -> bytes:
    head = struct.pack("<HH", 0x0009, 0x1010) + b"SQ\0\0\xff\xff\xff\xff"
    inner = (head + b"\xfe\xff\x00\xe0\xff\xff\xff\xff") * depth
    ends = b"\xfe\xff\x0d\xe0\0\0\0\0\xfe\xff\xdd\xe0\0\0\0\0" * (depth if is_closed else 0)
    return inner + ends


# Structure


@pytest.mark.parametrize("depth", [60, 1000, 20_000])
@pytest.mark.parametrize("is_closed", [True, False])
def test_deep_nesting_is_refused_at_once(tmp_path: Path, depth: int, is_closed: bool) -> None:
    answer = _beside_good_ones(
        tmp_path, lambda path: insert(path, 0x00100010, _nested(depth, is_closed=is_closed))
    )

    assert _count(answer) == (3, 1)


def test_moderate_nesting_is_read(tmp_path: Path) -> None:
    answer = _beside_good_ones(tmp_path, lambda path: insert(path, 0x00100010, _nested(8)))

    assert _count(answer) == (4, 0)


@pytest.mark.parametrize("claimed", [0x7FFFFFFF, 0xFFFFFFFE, 0x10000000])
def test_an_element_longer_than_its_file_is_refused(tmp_path: Path, claimed: int) -> None:
    raw = element(0x00091010, "OB", b"x" * 10, claimed=claimed)

    answer = _beside_good_ones(tmp_path, lambda path: insert(path, 0x00100010, raw))

    assert _count(answer) == (3, 1)


def test_a_private_block_of_undefined_length_is_passed_over(tmp_path: Path) -> None:
    """PS3.5 6.2.2: an UN of undefined length holds implicit little endian items."""
    inner = struct.pack("<HHI", 0x0009, 0x1001, 4) + b"abcd"
    value = (
        b"\xfe\xff\x00\xe0" + struct.pack("<I", len(inner)) + inner + b"\xfe\xff\xdd\xe0\0\0\0\0"
    )
    raw = element(0x00091002, "UN", value, claimed=0xFFFFFFFF)

    answer = _beside_good_ones(tmp_path, lambda path: insert(path, 0x00100010, raw))

    assert _count(answer) == (4, 0)


def test_an_unknown_representation_does_not_lose_the_image(tmp_path: Path) -> None:
    """PS3.5 7.1.2: a VR that is not known has a 32-bit length, as UN has."""
    raw = struct.pack("<HH", 0x0009, 0x1003) + b"ZZ\0\0" + struct.pack("<I", 6) + b"abcdef"

    answer = _beside_good_ones(tmp_path, lambda path: insert(path, 0x00100010, raw))

    assert sum(_count(answer)) == 4


def test_group_lengths_that_lie_change_nothing(tmp_path: Path) -> None:
    raw = element(0x00100000, "UL", struct.pack("<I", 99_999))

    answer = _beside_good_ones(tmp_path, lambda path: insert(path, 0x00100010, raw))

    assert _count(answer) == (4, 0)


@pytest.mark.parametrize("length", [0, 4, 2**31, 0xFFFFFFFF])
def test_a_meta_group_length_that_lies_changes_nothing(tmp_path: Path, length: int) -> None:
    def spoil(path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[140:144] = struct.pack("<I", length)
        path.write_bytes(data)

    assert _count(_beside_good_ones(tmp_path, spoil)) == (4, 0)


def test_files_without_preamble_or_meta_header_are_read(tmp_path: Path) -> None:
    def without_meta(path: Path) -> None:
        data = path.read_bytes()
        path.write_bytes(data[data.find(b"\x08\x00\x08\x00CS") :])

    assert _count(_beside_good_ones(tmp_path, without_meta)) == (4, 0)


@pytest.mark.parametrize(
    "tail", [b"\0" * 4000, b"garbage" * 50, b"\xfc\xff\xfc\xffOB\0\0\x08\0\0\0" + b"\0" * 8]
)
def test_bytes_after_the_pixels_are_passed_over(tmp_path: Path, tail: bytes) -> None:
    answer = _beside_good_ones(tmp_path, lambda path: path.write_bytes(path.read_bytes() + tail))

    assert _count(answer) == (4, 0)


def test_a_second_pixel_element_does_not_replace_the_first(tmp_path: Path) -> None:
    truth = field(seed=7)
    path = write_one(tmp_path / "a", picture(1, stored=truth, RescaleIntercept=0))
    other = element(0x7FE00010, "OW", field(seed=8).tobytes())
    path.write_bytes(path.read_bytes() + other)

    assert np.array_equal(volume_of(tmp_path).voxels[0], truth)


def test_pixels_in_front_of_the_header_are_refused_or_read_right(tmp_path: Path) -> None:
    """Elements out of order break PS3.5 7.1: nothing is taken by halves from behind the pixels."""
    truth = field(seed=7)
    path = write_one(tmp_path / "a", picture(1, stored=truth, RescaleIntercept=0))
    data = path.read_bytes()
    start = data.find(b"\x08\x00\x08\x00CS")
    pixels = data.find(b"\xe0\x7f\x10\x00OW")
    path.write_bytes(data[:start] + data[pixels:] + data[start:pixels])

    refusal = refusal_of(tmp_path)

    assert refusal is not None or np.array_equal(volume_of(tmp_path).voxels[0], truth)


def test_implicit_data_under_an_explicit_label_is_read(tmp_path: Path) -> None:
    def spoil(path: Path) -> None:
        one = picture(3, 6.0)
        one.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
        write_one(path, one)
        # Same length, the label of explicit little endian: 1.2.840.10008.1.2 padded differs.
        data = path.read_bytes()
        old = b"\x02\x00\x10\x00UI\x12\x001.2.840.10008.1.2\0"
        assert old in data
        path.write_bytes(data.replace(old, b"\x02\x00\x10\x00UI\x14\x001.2.840.10008.1.2.1\0"))

    assert _count(_beside_good_ones(tmp_path, spoil)) == (4, 0)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.999])
def test_a_cut_file_is_told_and_costs_no_other(tmp_path: Path, share: float) -> None:
    def spoil(path: Path) -> None:
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * share)])

    answer = _beside_good_ones(tmp_path, spoil)

    assert _count(answer) == (3, 1)


@pytest.mark.parametrize("content", [b"", b"\0" * 500, b"\0" * 128 + b"DICM", b"x", b"\xff" * 5000])
def test_a_file_of_nothing_is_told_and_costs_no_other(tmp_path: Path, content: bytes) -> None:
    answer = _beside_good_ones(tmp_path, lambda path: path.write_bytes(content))

    assert _count(answer) == (3, 1)


# Bombs


def test_a_deflate_bomb_is_refused_at_once(tmp_path: Path) -> None:
    def spoil(path: Path) -> None:
        one = picture(3, 6.0)
        one.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
        write_one(path, one)
        data = path.read_bytes()
        meta = data[: 132 + 12 + struct.unpack_from("<I", data, 140)[0]]
        engine = zlib.compressobj(9, zlib.DEFLATED, -15)
        bomb = engine.compress(element(0x00091010, "OB", b"", claimed=0x7FFFFFF0))
        for _ in range(400):
            bomb += engine.compress(b"\0" * 2**20)
        path.write_bytes(meta + bomb + engine.flush())

    assert _count(_beside_good_ones(tmp_path, spoil)) == (3, 1)


def test_a_zip_bomb_is_refused_at_once(tmp_path: Path) -> None:
    def spoil(path: Path) -> None:
        path.unlink()
        with zipfile.ZipFile(path.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("bomb.dcm", b"\0" * (300 * 2**20))

    assert _count(_beside_good_ones(tmp_path, spoil)) == (3, 1)


@pytest.mark.parametrize(
    "name", ["../../escaped.dcm", "/escaped.dcm", "C:\\escaped.dcm", "a/../../b"]
)
def test_a_zip_member_that_wants_out_is_refused_and_writes_nothing(
    tmp_path: Path, name: str
) -> None:
    def spoil(path: Path) -> None:
        data = path.read_bytes()
        path.unlink()
        with zipfile.ZipFile(path.with_suffix(".zip"), "w") as archive:
            archive.writestr(name, data)

    answer = _beside_good_ones(tmp_path / "inside" / "deep", spoil)

    assert sum(_count(answer)) == 4
    assert not list(tmp_path.rglob("*escaped*"))


def test_a_zip_in_a_zip_is_told(tmp_path: Path) -> None:
    def spoil(path: Path) -> None:
        inner = path.with_suffix(".inner.zip")
        with zipfile.ZipFile(inner, "w") as archive:
            archive.write(path, "one.dcm")
        with zipfile.ZipFile(path.with_suffix(".zip"), "w") as archive:
            archive.write(inner, "inner.zip")
        path.unlink()
        inner.unlink()

    assert _count(_beside_good_ones(tmp_path, spoil)) == (3, 1)


@pytest.mark.parametrize("size", [(60000, 60000), (65535, 65535)])
def test_compressed_pixels_that_claim_gigabytes_are_refused(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    one = picture(1)
    store(one, np.zeros((64, 64), np.uint16), bits_stored=12)
    one.compress(JPEG2000Lossless, generate_instance_uid=False)
    change(one, Rows=size[0], Columns=size[1])
    write_one(tmp_path / "a", one)

    refusal = refusal_of(tmp_path)

    assert refusal is not None
    assert refusal.why


def test_a_code_stream_of_another_size_than_its_header_is_told(tmp_path: Path) -> None:
    one = picture(1)
    store(one, np.zeros((64, 64), np.uint16), bits_stored=12)
    one.compress(JPEG2000Lossless, generate_instance_uid=False)
    change(one, Rows=32, Columns=128)
    write_one(tmp_path / "a", one)

    opened = open_series(series_of(tmp_path).display_sets[0])
    opened.wait()

    assert len(opened.failed) == 1
    assert "size" in opened.failed[0].reason


# Names and things that are no files


@pytest.mark.parametrize(
    "name",
    [
        b"two\nlines",
        b"bytes\xff\xfe",
        b"\xc3\xa4\xc3\xb6 \xe6\x97\xa5",
        b"x" * 250,
        b"-rf",
        b"%s{0}",
        b" ",
        b"a'\"$(b)",
    ],
)
def test_any_name_that_a_disk_takes_is_read_and_told(tmp_path: Path, name: bytes) -> None:
    def spoil(path: Path) -> None:
        Path(os.fsdecode(os.fsencode(path.parent) + b"/" + name)).write_bytes(path.read_bytes())
        path.unlink()

    answer = _beside_good_ones(tmp_path, spoil)

    assert _count(answer) == (4, 0)


def test_a_path_of_many_long_folders_is_read(tmp_path: Path) -> None:
    deep = tmp_path
    for number in range(8):
        deep = deep / (f"{number}" * 200)
    write(deep, [picture(n, 2.0 * n) for n in range(3)])

    assert _count(told(tmp_path)) == (3, 0)


def test_pipes_links_in_circles_and_dead_links_are_told(tmp_path: Path) -> None:
    write(tmp_path / "study", [picture(n, 2.0 * n) for n in range(3)])
    os.mkfifo(tmp_path / "study" / "pipe.dcm")
    (tmp_path / "study" / "circle").symlink_to("circle")
    (tmp_path / "study" / "up").symlink_to("..")
    (tmp_path / "study" / "dead.dcm").symlink_to("nowhere")

    began = time.monotonic()
    answer = told(tmp_path)

    assert time.monotonic() - began < LONGEST_S
    assert _count(answer) == (3, 4)


def test_a_disk_index_that_lists_absent_files_is_told_once(tmp_path: Path) -> None:
    write(tmp_path, [picture(n, 2.0 * n) for n in range(3)])
    index = Dataset()
    index.file_meta = FileMetaDataset()
    index.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
    index.SOPClassUID, index.SOPInstanceUID = "1.2.840.10008.1.3.10", "2.25.1"
    record = Dataset()
    record.DirectoryRecordType, record.ReferencedFileID = "IMAGE", ["NOT", "THERE"]
    index.DirectoryRecordSequence = [record]
    write_one(tmp_path / "DICOMDIR", index)

    answer = told(tmp_path)

    assert _count(answer) == (3, 1)
    reasons = [a["reason"] for one in answer["series"] for a in one["set_aside"]]
    reasons += [a["reason"] for a in answer["set_aside"]]
    assert "DICOMDIR" in reasons[0]


# Text


@pytest.mark.parametrize(
    ("charset", "raw", "wanted"),
    [
        ("ISO_IR 100", "Müller^Jürgen".encode("latin-1"), "Müller^Jürgen"),
        ("ISO_IR 192", "Zoë^Ångström".encode(), "Zoë^Ångström"),
        ("ISO_IR 144", "Люкceмбypг".encode("iso8859-5"), "Люкceмбypг"),
        ("GB18030", "王^小东".encode("gb18030"), "王^小东"),
        (
            "\\ISO 2022 IR 87",
            b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B",
            "Yamada^Tarou=山田^太郎=やまだ^たろう",
        ),
    ],
)
def test_names_are_read_in_the_character_set_of_the_file(
    tmp_path: Path, charset: str, raw: bytes, wanted: str
) -> None:
    """PS3.5 annexes H to J hold the Japanese and Chinese examples."""
    path = write_one(tmp_path / "a", picture(1))
    data = path.read_bytes()
    value = raw + b" " * (len(raw) % 2)
    old = element(0x00100010, "PN", (CANARY + " " * (len(CANARY) % 2)).encode())
    assert old in data
    path.write_bytes(data.replace(old, element(0x00100010, "PN", value)))
    code = charset.encode() + b" " * (len(charset) % 2)
    insert(path, 0x00080008, element(0x00080005, "CS", code))

    (study,) = taken(tmp_path).studies

    assert study.identity.patient.name.reveal() == wanted


def test_a_header_or_a_file_name_cannot_steer_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """ESC [ 2 J would clear the screen that the reasons stand on; C1 controls do the same."""
    write(tmp_path, [picture(n, 2.0 * n, SeriesDescription="a\x1b[2Jb") for n in range(3)])
    (tmp_path / "junk\x1b]0;title\x07").write_bytes(b"no image")

    code = main(["inspect", str(tmp_path)])

    written = capsys.readouterr()
    assert code == 0
    assert "[2Jb" in written.out
    assert not [mark for mark in written.out + written.err if mark != "\n" and mark < " "]


@pytest.mark.parametrize("place", [-400, -60, -30, 45])
def test_a_damaged_member_of_a_zip_stops_nothing_else(tmp_path: Path, place: int) -> None:
    def spoil(path: Path) -> None:
        packed = path.with_suffix(".zip")
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(path, "one.dcm")
        path.unlink()
        data = bytearray(packed.read_bytes())
        data[place] ^= 0xFF
        packed.write_bytes(data)

    answer = _beside_good_ones(tmp_path, spoil)

    assert sum(_count(answer)) == 4
    assert _count(answer)[0] >= 3


@pytest.mark.parametrize(
    "charset", ["ISO_IR 999", "garbage", "ISO 2022 IR 87", "\\\\\\", "ISO_IR 192"]
)
def test_a_character_set_that_lies_loses_no_image(tmp_path: Path, charset: str) -> None:
    path = write_one(tmp_path / "a", picture(1))
    data = path.read_bytes().replace(
        CANARY.encode(), b"\xff\xfe\x1b$B\x80" + b"\xe9" * (len(CANARY) - 6)
    )
    path.write_bytes(data)
    insert(
        path, 0x00080008, element(0x00080005, "CS", charset.encode() + b" " * (len(charset) % 2))
    )

    assert _count(told(tmp_path)) == (1, 0)


def _exchange_by_noise(path: Path) -> None:
    path.write_bytes(os.urandom(path.stat().st_size))


def _lengthen_header(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:300] + b"\0" * 100 + data[300:])


def _exchange_by_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize(
    "change_file", [Path.unlink, _exchange_by_noise, _lengthen_header, _exchange_by_pipe]
)
@pytest.mark.parametrize("codec", ["", JPEG2000Lossless])
def test_a_file_that_changes_after_it_was_received_is_never_shown_as_it_was(
    tmp_path: Path, change_file: Callable[[Path], object], codec: str
) -> None:
    slices = [picture(n, 2.0 * n, field(rows=40, columns=48, seed=n)) for n in range(4)]
    for one in slices:
        if codec:
            one.compress(codec, generate_instance_uid=False)
    (stack,) = series_of(write(tmp_path / "study", slices)).display_sets
    change_file(tmp_path / "study" / "IM0002")

    opened = open_series(stack)
    opened.wait(LONGEST_S)

    assert not opened.is_running
    assert list(opened.loaded) == [True, True, False, True]
    assert len(opened.failed) == 1
