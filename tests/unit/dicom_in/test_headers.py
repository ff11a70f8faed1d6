"""Headers: the same values as pydicom, and a plain sentence for what is no DICOM file."""

from __future__ import annotations

import io
import os
import zlib
from collections.abc import Callable
from pathlib import Path

import pydicom
import pytest
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from tests.unit.dicom_in.factory import image, save
from workstation.dicom.headers import Header, HeaderError, read_header, read_reference_header
from workstation.dicom.sources import SourceFile
from workstation.dicom.tags import Tag


def header_of(path: Path) -> Header:
    return read_header(SourceFile(path, path.name))


@pytest.mark.parametrize(
    "syntax",
    [
        ImplicitVRLittleEndian,
        ExplicitVRLittleEndian,
        ExplicitVRBigEndian,
        DeflatedExplicitVRLittleEndian,
    ],
)
def test_values_are_those_of_pydicom_in_every_syntax(syntax: str, tmp_path: Path) -> None:
    data = image(7, z_mm=-12.25, SeriesDescription="thin")
    data.file_meta.TransferSyntaxUID = syntax
    path = tmp_path / "a.dcm"
    data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
    is_big = syntax == ExplicitVRBigEndian
    if is_big:
        swapped = bytearray(data.PixelData)
        swapped[::2], swapped[1::2] = swapped[1::2], swapped[::2]
        data.PixelData = bytes(swapped)
    pydicom.dcmwrite(path, data, enforce_file_format=True)
    truth = pydicom.dcmread(path)

    header = header_of(path)

    assert header.numbers(Tag.IMAGE_POSITION_PATIENT) == tuple(truth.ImagePositionPatient)
    assert header.texts(Tag.IMAGE_TYPE) == tuple(truth.ImageType)
    assert header.word(Tag.COLUMNS) == truth.Columns
    assert header.whole(Tag.INSTANCE_NUMBER) == 7
    assert header.words(Tag.SERIES_DESCRIPTION) == "thin"
    assert header.transfer_syntax == syntax
    assert header.pixel is not None
    assert header.pixel.length == len(data.PixelData)


def test_a_file_without_preamble_is_read(tmp_path: Path) -> None:
    data = image()
    del data.file_meta
    path = tmp_path / "bare"
    pydicom.dcmwrite(path, data, implicit_vr=True, little_endian=True)

    header = header_of(path)

    assert header.word(Tag.ROWS) == data.Rows


@pytest.mark.parametrize(
    ("charset", "name"),
    [("ISO_IR 100", "Größe"), ("ISO_IR 192", "山田"), ("ISO_IR 144", "Грудь")],
)
def test_descriptions_are_decoded_by_the_character_set(
    charset: str, name: str, tmp_path: Path
) -> None:
    path = save(image(SpecificCharacterSet=charset, SeriesDescription=name), tmp_path / "a.dcm")

    assert header_of(path).words(Tag.SERIES_DESCRIPTION) == name


def test_an_unknown_character_set_is_no_obstacle(
    tmp_path: Path, expect_log: Callable[[str], None]
) -> None:
    expect_log("NO_SUCH_CS")
    data = image(SpecificCharacterSet="ISO_IR 100", SeriesDescription="Größe")
    path = save(data, tmp_path / "a.dcm")
    path.write_bytes(path.read_bytes().replace(b"ISO_IR 100", b"NO_SUCH_CS"))

    assert "Gr" in header_of(path).words(Tag.SERIES_DESCRIPTION)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"dear colleague, please find enclosed", "not a DICOM file"),
        (b"%PDF-1.7 ...", "PDF document"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "JPEG picture"),
        (b"\x89PNG" + bytes(200), "PNG picture"),
        (b"\x1f\x8b" + bytes(200), "compressed file"),
        (b"PK\x03\x04" + bytes(200), "archive"),
        (bytes(5000), "only zeros"),
    ],
)
def test_other_files_are_named_for_what_they_are(
    content: bytes, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)

    with pytest.raises(HeaderError, match=reason):
        header_of(path)


def test_a_file_that_ends_in_its_header_is_cut(tmp_path: Path) -> None:
    path = save(image(), tmp_path / "a.dcm")
    path.write_bytes(path.read_bytes()[:400])

    with pytest.raises(HeaderError, match="cut"):
        header_of(path)


def test_an_element_that_claims_more_than_the_file_holds_takes_no_memory(tmp_path: Path) -> None:
    path = save(image(), tmp_path / "a.dcm")
    raw = path.read_bytes()
    at = raw.index(b"\x20\x00\x0d\x00UI")
    path.write_bytes(raw[:at] + b"\x09\x00\x01\x10OB\0\0\xf0\xff\xff\xff" + raw[at:])

    with pytest.raises(HeaderError, match="claims more bytes"):
        header_of(path)


def test_a_deflate_bomb_is_refused(tmp_path: Path) -> None:
    data = image()
    data.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, data, enforce_file_format=True)
    raw = buffer.getvalue()
    start = 144 + pydicom.dcmread(io.BytesIO(raw)).file_meta.FileMetaInformationGroupLength
    engine = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    bomb = engine.compress(b"\x09\x00\x01\x10OB\0\0\0\0\0\x10" + bytes(1 << 28)) + engine.flush()
    path = tmp_path / "bomb.dcm"
    path.write_bytes(raw[:start] + bomb)

    with pytest.raises(HeaderError, match="unpacks to far more"):
        header_of(path)


def test_a_long_header_is_read_to_its_end(tmp_path: Path) -> None:
    data = image(SeriesDescription="after")
    data.add_new(0x00091001, "OB", bytes(1 << 20))
    path = save(data, tmp_path / "a.dcm")

    header = header_of(path)

    assert header.pixel is not None
    assert header.word(Tag.ROWS) == data.Rows


def test_no_permission_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(image(), tmp_path / "a.dcm")
    monkeypatch.setattr(os, "open", refusing(PermissionError(13, "Permission denied")))

    with pytest.raises(HeaderError, match="no permission"):
        header_of(path)


def test_a_disk_error_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(image(), tmp_path / "a.dcm")
    monkeypatch.setattr(os, "open", refusing(OSError(5, "Input/output error")))

    with pytest.raises(HeaderError, match="Input/output error"):
        header_of(path)


def refusing(error: OSError) -> Callable[..., object]:
    def open_(*_arguments: object, **_options: object) -> object:
        raise error

    return open_


def test_writers_get_the_header_without_the_pixels(tmp_path: Path) -> None:
    data = image(3)
    path = save(data, tmp_path / "a.dcm")

    header = read_reference_header(path)

    assert header.SOPInstanceUID == data.SOPInstanceUID
    assert "PixelData" not in header


def test_a_reference_that_is_gone_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(HeaderError, match="no longer there"):
        read_reference_header(tmp_path / "gone.dcm")
