"""DICOM folders and disc images: every byte, every file accounted for, nothing half done."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections import namedtuple
from pathlib import Path

import pytest
from pydicom import Dataset, dcmread

from tests.support.canary import FAMILY
from tests.support.series import tiny_series
from workstation.core.errors import CancelledError, InputRefusedError
from workstation.core.job import CancelToken
from workstation.dicom.media_records import record_type
from workstation.services.export_media import MediaOrder, export_media
from workstation.services.import_studies import import_paths

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:pydicom")


def digests(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)


@pytest.fixture
def received(tmp_path: Path) -> Path:
    tiny_series(tmp_path / "received" / "a", seed=1)
    tiny_series(tmp_path / "received" / "b", modality="MR", seed=2)
    return tmp_path / "received"


def test_every_instance_lies_on_the_disk_byte_for_byte(tmp_path: Path, received: Path) -> None:
    made = export_media(MediaOrder((received,), tmp_path / "disk"))

    assert (made.received, made.written, made.left_out) == (10, 10, ())
    assert digests(tmp_path / "disk" / "DICOM") == digests(received)


def test_the_index_leads_to_every_file_by_its_offsets(tmp_path: Path, received: Path) -> None:
    export_media(MediaOrder((received,), tmp_path / "disk"))

    data = (tmp_path / "disk" / "DICOMDIR").read_bytes()
    index = dcmread(tmp_path / "disk" / "DICOMDIR")
    at = {item.seq_item_tell: item for item in index.DirectoryRecordSequence}
    found: list[tuple[str, ...]] = []

    def follow(offset: int, kinds: tuple[str, ...]) -> None:
        while offset:
            record = at[offset]
            assert data[offset : offset + 4] == b"\xfe\xff\x00\xe0"
            assert record.DirectoryRecordType == kinds[0]
            if kinds[0] == "IMAGE":
                found.append(tuple(record.ReferencedFileID))
            else:
                follow(record.OffsetOfReferencedLowerLevelDirectoryEntity, kinds[1:])
            offset = record.OffsetOfTheNextDirectoryRecord

    follow(
        index.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity,
        ("PATIENT", "STUDY", "SERIES", "IMAGE"),
    )
    assert len(set(found)) == 10
    for file_id in found:
        assert all(len(part) <= 8 and part == part.upper() for part in file_id)
        assert (tmp_path / "disk").joinpath(*file_id).is_file()


def test_our_own_import_reads_the_disk_back(tmp_path: Path, received: Path) -> None:
    export_media(MediaOrder((received,), tmp_path / "disk"))

    before, after = import_paths([received]), import_paths([tmp_path / "disk" / "DICOMDIR"])

    def told(result: object) -> list[tuple[str, int]]:
        return sorted((one.verdict.series_uid, one.verdict.shown) for one in result.all_series)  # type: ignore[attr-defined]

    assert told(before) == told(after)
    assert after.listed_absent == ()


def test_each_file_is_written_or_left_out_with_its_reason(tmp_path: Path, received: Path) -> None:
    files = sorted((received / "a").iterdir())
    shutil.copy(files[0], received / "copy-of-one")
    other = dcmread(files[1])
    other.InstanceNumber = 77
    other.save_as(received / "same-identity")
    (received / "letter.txt").write_text("Dear colleague")
    export_media(MediaOrder((received / "b",), tmp_path / "old"))
    shutil.copy(tmp_path / "old" / "DICOMDIR", received / "DICOMDIR")

    made = export_media(MediaOrder((received / "a", received), tmp_path / "disk"))

    reasons = {one.file: one.reason for one in made.left_out}
    assert made.written == 10
    assert made.received == made.written + len(made.left_out)
    assert "copy of a file" in reasons["copy-of-one"]
    assert "same identity" in reasons["same-identity"]
    assert "no DICOM file" in reasons["letter.txt"]
    assert "index of the disk it came from" in reasons["DICOMDIR"]


def test_an_instance_without_identity_is_left_out(tmp_path: Path, received: Path) -> None:
    path = sorted((received / "a").iterdir())[0]
    nameless = dcmread(path)
    del nameless.SeriesInstanceUID
    nameless.save_as(path)

    made = export_media(MediaOrder((received,), tmp_path / "disk"))

    (left,) = made.left_out
    assert "no series" in left.reason
    assert made.written == 9


def test_what_the_index_demands_is_filled_and_the_file_stays_as_it_was(
    tmp_path: Path, received: Path
) -> None:
    for path in (received / "a").iterdir():
        bare = dcmread(path)
        for keyword in ("PatientID", "StudyDate", "StudyID", "SeriesNumber"):
            if keyword in bare:
                del bare[keyword]
        bare.save_as(path)

    made = export_media(MediaOrder((received / "a",), tmp_path / "disk"))

    index = dcmread(tmp_path / "disk" / "DICOMDIR")
    patient = index.DirectoryRecordSequence[0]
    assert patient.PatientID.startswith("NOID-")
    assert {"PatientID", "StudyID", "SeriesNumber"} <= set(made.filled)
    assert digests(tmp_path / "disk" / "DICOM") == digests(received / "a")
    assert any("holds a value made here" in note for note in made.notes)


def test_missing_file_meta_is_put_before_the_bytes_and_said(tmp_path: Path, received: Path) -> None:
    path = sorted((received / "a").iterdir())[0]
    whole = path.read_bytes()
    length = int.from_bytes(whole[140:144], "little")
    bare = whole[144 + length :]
    path.write_bytes(bare)

    made = export_media(MediaOrder((received / "a",), tmp_path / "disk"))

    repaired = [p for p in (tmp_path / "disk").rglob("IM*") if p.read_bytes().endswith(bare)]
    assert made.repaired == 1
    assert len(repaired) == 1
    assert (
        dcmread(repaired[0]).file_meta.TransferSyntaxUID
        == dcmread(sorted((received / "a").iterdir())[1]).file_meta.TransferSyntaxUID
    )
    assert any("file meta" in note for note in made.notes)


def test_a_report_without_a_title_is_listed_and_its_text_stays_out_of_the_index(
    tmp_path: Path, received: Path
) -> None:
    report = dcmread(sorted((received / "a").iterdir())[0])
    del report.PixelData
    report.SOPClassUID = report.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.88.22"
    report.SOPInstanceUID = report.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4.5"
    report.Modality, report.SeriesInstanceUID = "SR", "1.2.3.4"
    words = Dataset()
    words.RelationshipType, words.ValueType, words.TextValue = "CONTAINS", "TEXT", "Effusion"
    report.ContentSequence = [words]
    report.save_as(received / "report.dcm")

    made = export_media(MediaOrder((received / "report.dcm",), tmp_path / "disk"))

    index = dcmread(tmp_path / "disk" / "DICOMDIR")
    leaf = index.DirectoryRecordSequence[-1]
    assert made.written == 1
    assert leaf.DirectoryRecordType == "SR DOCUMENT"
    assert leaf.ConceptNameCodeSequence[0].CodeMeaning == "Report without a title"
    assert "ContentSequence" not in leaf
    assert b"Effusion" not in (tmp_path / "disk" / "DICOMDIR").read_bytes()


def test_a_zip_goes_onto_the_disk_as_its_members(tmp_path: Path, received: Path) -> None:
    archive = tmp_path / "study.zip"
    with zipfile.ZipFile(archive, "w") as made_zip:
        for path in (received / "a").iterdir():
            made_zip.write(path, path.name)

    export_media(MediaOrder((archive,), tmp_path / "disk"))

    assert digests(tmp_path / "disk" / "DICOM") == digests(received / "a")


def test_only_the_series_asked_for_goes(tmp_path: Path, received: Path) -> None:
    uid = str(dcmread(next((received / "b").iterdir())).SeriesInstanceUID)

    made = export_media(MediaOrder((received,), tmp_path / "disk", series_uids=frozenset((uid,))))

    assert (made.written, made.elsewhere) == (5, 5)
    assert digests(tmp_path / "disk" / "DICOM") == digests(received / "b")


def test_a_disk_is_never_written_over_another(tmp_path: Path, received: Path) -> None:
    export_media(MediaOrder((received / "a",), tmp_path / "disk"))
    before = digests(tmp_path / "disk")

    with pytest.raises(InputRefusedError, match="not written over"):
        export_media(MediaOrder((received / "b",), tmp_path / "disk"))

    assert digests(tmp_path / "disk") == before


def test_too_little_room_is_said_before_anything_is_written(
    tmp_path: Path, received: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10, 9, 1))

    with pytest.raises(InputRefusedError, match="not enough room"):
        export_media(MediaOrder((received,), tmp_path / "disk"))

    assert not (tmp_path / "disk").exists()


@pytest.mark.parametrize("name", ["disk", "disk.iso"])
def test_a_stop_leaves_nothing(tmp_path: Path, received: Path, name: str) -> None:
    token = CancelToken()

    def stop_late(fraction: float) -> None:
        if fraction > 0.5:
            token.cancel()

    target = tmp_path / "out" / name
    with pytest.raises(CancelledError):
        export_media(MediaOrder((received,), target), cancel=token, progress=stop_late)

    assert not target.exists()
    assert not list((tmp_path / "out").glob("*"))


def test_nothing_to_write_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("no image")

    with pytest.raises(InputRefusedError, match="no DICOM file to write"):
        export_media(MediaOrder((tmp_path / "in",), tmp_path / "disk"))


def test_the_word_for_people_on_the_disk_names_nobody(tmp_path: Path, received: Path) -> None:
    export_media(MediaOrder((received,), tmp_path / "disk"))

    words = (tmp_path / "disk" / "README.TXT").read_text("ascii")
    assert FAMILY.lower() not in words.lower()
    assert "DICOMDIR" in words


@pytest.mark.parametrize(
    ("sop_class_uid", "kind"),
    [
        ("1.2.840.10008.5.1.4.1.1.2", "IMAGE"),
        ("1.2.840.10008.5.1.4.1.1.66.4", "IMAGE"),
        ("1.2.840.10008.5.1.4.1.1.88.33", "SR DOCUMENT"),
        ("1.2.840.10008.5.1.4.1.1.88.59", "KEY OBJECT DOC"),
        ("1.2.840.10008.5.1.4.1.1.11.1", "PRESENTATION"),
        ("1.2.840.10008.5.1.4.1.1.481.3", "RT STRUCTURE SET"),
        ("1.2.840.10008.5.1.4.1.1.104.1", "ENCAP DOC"),
        ("1.2.840.10008.5.1.4.1.1.66.1", "REGISTRATION"),
    ],
)
def test_records_have_the_type_of_the_standards_table(sop_class_uid: str, kind: str) -> None:
    assert record_type(sop_class_uid) == kind
