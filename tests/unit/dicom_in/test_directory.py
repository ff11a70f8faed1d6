"""The index of a disk: written and read back by pydicom, whose word is the truth here."""

from __future__ import annotations

import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from pydicom.fileset import FileSet

from tests.unit.dicom_in.factory import edit, image, item, save, stack
from workstation.dicom.directory import ListedFile, absent_files, listed_files
from workstation.dicom.headers import read_header
from workstation.dicom.sources import SourceFile
from workstation.services.import_studies import import_paths
from workstation.services.inspect_series import inspect


@pytest.fixture(autouse=True)
def staging_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what pydicom stages: it leaves a temporary folder to the garbage collector."""
    (tmp_path / "staged").mkdir()
    kept = SimpleNamespace(name=str(tmp_path / "staged"), cleanup=lambda: None)
    monkeypatch.setattr("pydicom.fileset.TemporaryDirectory", lambda: kept)


def disk(folder: Path) -> Path:
    """Write a disk of two series, 5 and 3 slices, as pydicom lays it out; return its folder."""
    files = FileSet()
    for number, one in enumerate([*stack(5), *stack(3, SeriesInstanceUID="2.25.7")]):
        edit(one, StudyID="1", StudyDate="20200101", StudyTime="1200")
        files.add(save(one, folder.parent / "loose" / f"{number}.dcm"))
    files.write(folder)
    return folder


def images_of(folder: Path, series_uid: str = "") -> list[tuple[Path, str]]:
    """Return each image that pydicom finds in the index, with its series."""
    images = [(Path(one.path), str(one.SeriesInstanceUID)) for one in FileSet(folder / "DICOMDIR")]
    return [one for one in images if series_uid in ("", one[1])]


def header_of(folder: Path):  # type: ignore[no-untyped-def]  # noqa: ANN201
    return read_header(SourceFile(folder / "DICOMDIR", "DICOMDIR"))


def test_the_files_and_series_are_those_that_pydicom_reads(tmp_path: Path) -> None:
    folder = disk(tmp_path / "disk")

    listed = listed_files(header_of(folder))

    theirs = {(path.relative_to(folder).parts, uid) for path, uid in images_of(folder)}
    assert {tuple(one) for one in listed} == theirs


def test_a_whole_disk_is_counted_and_nothing_is_absent(tmp_path: Path) -> None:
    result = import_paths([disk(tmp_path / "disk")])

    for series in result.all_series:
        (one,) = series.verdict.expected
        assert one.expected == one.received == series.verdict.received
        assert not series.verdict.listed_absent
        assert not series.verdict.warnings


def test_the_index_opens_the_disk_it_lies_on(tmp_path: Path) -> None:
    folder = disk(tmp_path / "disk")

    result = import_paths([folder / "DICOMDIR"])

    assert sorted(series.verdict.shown for series in result.all_series) == [3, 5]


def test_files_that_are_listed_and_absent_are_named_at_their_series(tmp_path: Path) -> None:
    folder = disk(tmp_path / "disk")
    lost = images_of(folder, "2.25.7")[2][0]
    lost.unlink()

    result = import_paths([folder])

    verdict = next(one.verdict for one in result.all_series if one.verdict.series_uid == "2.25.7")
    assert verdict.listed_absent == (lost.relative_to(folder).as_posix(),)
    assert "the index of the disk lists 3, 2 came" in verdict.warnings[-1].text
    assert "1 of the 8 files it lists is not there" in result.set_aside[0].reason
    assert (verdict.received, len(result.set_aside)) == (2, 1)


def test_a_series_of_which_nothing_is_there_is_named_too(tmp_path: Path) -> None:
    folder = disk(tmp_path / "disk")
    lost = [path for path, _ in images_of(folder, "2.25.7")]
    for path in lost:
        path.unlink()

    told = inspect([folder])

    assert told["listed_absent"] == [path.relative_to(folder).as_posix() for path in lost]


def test_a_disk_in_a_zip_and_in_lower_case_is_recognized(tmp_path: Path) -> None:
    folder = disk(tmp_path / "disk")
    with zipfile.ZipFile(tmp_path / "disk.zip", "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder).as_posix().lower())

    result = import_paths([tmp_path / "disk.zip"])

    assert not any(series.verdict.listed_absent for series in result.all_series)
    assert [one.verdict.expected[0].received for one in result.all_series] == [5, 3]


@pytest.mark.parametrize("parts", [("..", "..", "etc"), ("", "etc"), ("C:", "x"), ("a/../../b",)])
def test_names_that_lead_out_of_the_disk_are_never_looked_up(
    parts: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[object] = []

    def exists(*asked: object) -> bool:
        looked.append(asked)
        return False

    monkeypatch.setattr("workstation.dicom.directory._exists", exists)
    listed = (ListedFile(parts, "2.25.7"), ListedFile(("A", "B"), "2.25.7"))

    absent = absent_files(listed, tmp_path / "DICOMDIR", frozenset({str(tmp_path / "a" / "b")}))

    assert absent == listed[:1]
    assert not looked


def test_offsets_that_lead_in_circles_end(tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    index = image(1, PixelData=None)
    index.DirectoryRecordSequence = [
        item(DirectoryRecordType="SERIES", SeriesInstanceUID="2.25.7")[0],
        item(DirectoryRecordType="IMAGE", ReferencedFileID=["A"])[0],
    ]
    for record in index.DirectoryRecordSequence:
        record.OffsetOfTheNextDirectoryRecord = 1000
        record.OffsetOfReferencedLowerLevelDirectoryEntity = 1000
    save(index, folder / "DICOMDIR")

    assert listed_files(header_of(folder)) == (ListedFile(("A",), "2.25.7"),)
