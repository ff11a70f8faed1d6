"""Finding files: every one is given or set aside, and nothing in a zip leads outside."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from tests.unit.dicom_in.factory import image, save
from workstation.core.errors import InputRefusedError
from workstation.core.verdict import SetAside
from workstation.dicom import archives
from workstation.dicom.headers import HeaderError, read_header, read_reference_header
from workstation.dicom.sources import SourceFile, collect
from workstation.dicom.tags import Tag


def found_in(path: Path) -> tuple[dict[str, SourceFile], dict[str, str]]:
    found = list(collect([path]))
    files = {one.name: one for one in found if isinstance(one, SourceFile)}
    aside = {one.file: one.reason for one in found if isinstance(one, SetAside)}
    return files, aside


def zipped(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def test_folders_are_read_to_any_depth(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b" / "c"
    deep.mkdir(parents=True)
    (deep / "one").write_bytes(b"1")
    (tmp_path / "two").write_bytes(b"2")

    files, aside = found_in(tmp_path)

    assert set(files) == {"a/b/c/one", "two"}
    assert not aside


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefusedError, match="not there") as error:
        list(collect([tmp_path / "gone"]))

    assert error.value.exit_code == 3
    assert error.value.todo


def test_members_of_a_zip_are_read_without_unpacking(tmp_path: Path) -> None:
    data = image(5)
    plain = save(data, tmp_path / "plain" / "a.dcm").read_bytes()
    archive = zipped(tmp_path / "study.zip", {"deep/a.dcm": plain, "deep/": b""})

    files, aside = found_in(archive)
    source = files["study.zip/deep/a.dcm"]
    header = read_header(source)

    assert header.text(Tag.SOP_INSTANCE_UID) == data.SOPInstanceUID
    assert read_reference_header(source.reference).InstanceNumber == 5
    assert not aside
    assert sorted(path.name for path in tmp_path.rglob("*.dcm")) == ["a.dcm"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../evil.dcm", "leads outside"),
        ("a/../../evil.dcm", "leads outside"),
        ("..\\evil.dcm", "leads outside"),
        ("/etc/evil.dcm", "absolute path"),
        ("C:/evil.dcm", "absolute path"),
        ("C:\\evil.dcm", "absolute path"),
    ],
)
def test_names_that_leave_the_archive_are_set_aside_and_the_rest_goes_on(
    name: str, reason: str, tmp_path: Path
) -> None:
    archive = zipped(tmp_path / "s.zip", {name: b"x", "good.dcm": b"y"})

    files, aside = found_in(archive)

    assert set(files) == {"s.zip/good.dcm"}
    assert [reason in text for text in aside.values()] == [True]


def test_links_in_a_zip_are_not_followed(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.dcm")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")

    files, aside = found_in(tmp_path / "s.zip")

    assert not files
    assert "link" in aside["s.zip/link.dcm"]


def test_a_zip_bomb_is_set_aside_by_its_ratio(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "s.zip", {"bomb": bytes(8 << 20), "good": b"y" * 100})

    files, aside = found_in(archive)

    assert set(files) == {"s.zip/good"}
    assert "200 times" in aside["s.zip/bomb"]


def test_a_member_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "s.zip", {"liar": bytes(100_000)})
    raw = bytearray(archive.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        raw[raw.index(signature) + offset :][:4] = b""
        struct.pack_into("<I", raw, raw.index(signature) + offset, 500)
    archive.write_bytes(raw)

    files, _ = found_in(archive)

    with pytest.raises(HeaderError, match="unpacks to far more"):
        read_header(files["s.zip/liar"])


def test_encrypted_members_are_named(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "s.zip", {"secret": b"x"})
    raw = bytearray(archive.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(raw)

    _, aside = found_in(archive)

    assert "encrypted" in aside["s.zip/secret"]


def test_a_damaged_zip_is_one_sentence(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "s.zip", {"a": b"x" * 500})
    raw = bytearray(archive.read_bytes())
    at = raw.index(b"PK\x01\x02")
    raw[at : at + 4] = b"XXXX"
    archive.write_bytes(raw)

    files, aside = found_in(archive)

    assert not files
    assert "damaged" in aside["s.zip"]


def test_a_cut_zip_is_said_to_be_damaged(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "s.zip", {"a": b"x" * 500})
    archive.write_bytes(archive.read_bytes()[:60])

    files, aside = found_in(archive)

    assert not files
    assert "damaged" in aside["s.zip"]


def test_a_zip_inside_a_zip_is_set_aside_in_words(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "s.zip", {"inner.ZIP": b"PK\x03\x04", "good": b"y"})

    files, aside = found_in(archive)

    assert set(files) == {"s.zip/good"}
    assert "inside a zip" in aside["s.zip/inner.ZIP"]


def test_links_that_lead_in_circles_stop_nothing(tmp_path: Path) -> None:
    (tmp_path / "good").write_bytes(b"y")
    (tmp_path / "self").symlink_to(tmp_path / "self")
    (tmp_path / "up").symlink_to(tmp_path)
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")

    files, aside = found_in(tmp_path)

    assert set(files) == {"good"}
    assert "cannot be opened" in aside["self"]
    assert "link to a folder" in aside["up"]
    assert "leads nowhere" in aside["gone"]


def test_a_name_that_is_no_text_can_be_written(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.dcm")).write_bytes(b"x")

    files, _ = found_in(tmp_path)

    assert [name.encode("utf-8") for name in files] == [b"\xef\xbf\xbd.dcm"]


def test_a_folder_that_cannot_be_listed_is_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "locked").mkdir()
    (tmp_path / "good").write_bytes(b"x")
    real = __import__("os").scandir

    def scandir(path: Path) -> object:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr("workstation.dicom.sources.os.scandir", scandir)

    files, aside = found_in(tmp_path)

    assert set(files) == {"good"}
    assert "Permission denied" in aside["locked"]


def test_a_zip_cut_after_its_directory_was_read_fails_in_words(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "s.zip", {"a": bytes(range(256)) * 20})
    (source,) = found_in(archive)[0].values()
    raw = archive.read_bytes()

    for content, words in (
        (raw[:60], "ends before this file"),
        (b"XXXX" + raw[4:], "damaged"),
        (raw[:40] + bytes(len(raw) - 40), "cut inside the zip"),
    ):
        archive.write_bytes(content)
        with pytest.raises(HeaderError, match=words):
            read_header(source)


def test_stored_members_are_read_as_they_are(tmp_path: Path) -> None:
    plain = save(image(4), tmp_path / "a.dcm").read_bytes()
    with zipfile.ZipFile(tmp_path / "s.zip", "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.dcm", plain)

    (source,) = found_in(tmp_path / "s.zip")[0].values()

    assert read_header(source).whole(Tag.INSTANCE_NUMBER) == 4


def test_other_compressions_are_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "s.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a", b"x" * 100)

    assert "not supported" in found_in(tmp_path / "s.zip")[1]["s.zip/a"]


def test_too_many_members_are_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_ARCHIVE_MEMBERS", 2)
    archive = zipped(tmp_path / "s.zip", {"a": b"x", "b": b"x", "c": b"x"})

    files, aside = found_in(archive)

    assert len(files) == 2
    assert "more than 2 files" in aside["s.zip/c"]


def test_a_zip_that_unpacks_to_too_much_in_all_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_ARCHIVE_BYTES", 150)
    archive = zipped(tmp_path / "s.zip", {"a": b"x" * 100, "b": b"x" * 100})

    assert "more than is allowed" in found_in(archive)[1]["s.zip/b"]
