"""Instances on their way to a disk: which files are, what the index says of them, their bytes.

Bytes are those that were received. Only where the file meta information is missing altogether is
one put before them, and that is said; the data set itself is never touched.

Source: PS3.10 7.1 (file meta information), 8.2 (file IDs).
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.core.verdict import SetAside
from workstation.dicom.limits import LimitError
from workstation.dicom.sources import INDEX_NAME, SourceFile, collect

if TYPE_CHECKING:  # it takes half a second to import
    from pydicom.dataset import FileDataset

    from workstation.dicom.media_records import InstanceRecords

MAGIC_AT, MAGIC = 128, b"DICM"

EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"
DIRECTORY_CLASS = "1.2.840.10008.1.3.10"

TOP_FOLDER = "DICOM"
"""Below this all instances lie; the root holds the index and a word for people."""

NO_DICOM = "it is no DICOM file"


@dataclass(frozen=True, slots=True, eq=False)
class MediaInstance:
    """One instance that goes onto a disk.

    Attributes:
        file: where its bytes are now.
        records: what the index says of it.
        is_repaired: its file meta information was missing and is made anew.
        transfer_syntax: UID.
        size_bytes: of the file as received.
    """

    file: SourceFile
    records: InstanceRecords
    is_repaired: bool
    transfer_syntax: str
    size_bytes: int

    @property
    def series_uid(self) -> str:
        """Series Instance UID."""
        return self.records.keys[2]

    @property
    def study_uid(self) -> str:
        """Study Instance UID."""
        return self.records.keys[1]

    @property
    def patient_id(self) -> str:
        """Patient ID as received, without blanks around it; empty where it has none."""
        return "" if "PatientID" in self.records.filled else self.records.keys[0].strip()

    @property
    def instance_uid(self) -> str:
        """SOP Instance UID."""
        return str(self.records.leaf.ReferencedSOPInstanceUIDInFile)


def found_files(paths: Iterable[Path]) -> tuple[tuple[SourceFile, ...], tuple[SetAside, ...]]:
    """Return every file below the paths, and what cannot be opened with its reason.

    Raises:
        InputRefusedError: a path does not exist.
    """
    every = list(collect(paths))
    files = tuple(one for one in every if isinstance(one, SourceFile))
    return files, tuple(one for one in every if isinstance(one, SetAside))


def read_instance(file: SourceFile, number: int) -> MediaInstance | str:
    """Return an instance, or why it cannot go onto a disk, as a clause for people.

    Args:
        file: any file.
        number: its number among those read; stands in for a missing Instance Number.
    """
    try:
        header, has_meta, size = _header(file)
    except (OSError, LimitError):
        return "it cannot be read"
    except Exception:  # noqa: BLE001 untrusted data: pydicom raises what it meets
        return NO_DICOM
    syntax = str(header.file_meta.get("TransferSyntaxUID", "")) if has_meta else ""
    if reason := _why_not(header, file, has_meta=has_meta, syntax=syntax):
        return reason
    syntax = syntax or _guessed_syntax(header)
    records = _records(header, number, syntax)
    if isinstance(records, str):
        return records
    return MediaInstance(file.stamped(), records, not has_meta, syntax, size)


def _why_not(header: FileDataset, file: SourceFile, *, has_meta: bool, syntax: str) -> str:
    """Return why a file cannot go onto a disk, as a clause; empty where it can so far."""
    if header.get("DirectoryRecordSequence") is not None or file.path.name == INDEX_NAME:
        return "it is the index of the disk it came from; a new one is written"
    if has_meta and not syntax:
        return "its header does not say how it is encoded"
    return NO_DICOM if not has_meta and not header.get("SOPClassUID") else ""


def _records(header: FileDataset, number: int, syntax: str) -> InstanceRecords | str:
    from workstation.dicom.media_records import NoRecordError, instance_records

    try:
        return instance_records(header, number=number, transfer_syntax=syntax)
    except NoRecordError as error:
        return str(error)
    except Exception:  # noqa: BLE001 untrusted data: values that cannot be read
        return "its header is damaged"


def media_bytes(one: MediaInstance) -> bytes:
    """Return the bytes that go onto the disk: as received, or with the missing file meta.

    Raises:
        OSError: the file cannot be read, or has changed since it was looked at.
        LimitError: a member of a zip is damaged.
    """
    with one.file.open() as opened:
        received = opened.read()
    return _file_meta(one) + received if one.is_repaired else received


def file_ids(instances: Iterable[MediaInstance]) -> list[tuple[MediaInstance, tuple[str, ...]]]:
    """Return each instance with its file ID: components of up to 8 upper case letters and digits.

    Source: PS3.10 8.2 and 8.5; PS3.12 F.
    """
    studies: dict[tuple[str, str], int] = {}
    series: dict[tuple[str, str, str], int] = {}
    counts: dict[tuple[str, str, str], int] = {}
    named: list[tuple[MediaInstance, tuple[str, ...]]] = []
    for one in instances:
        patient_id, study_uid, series_uid = one.records.keys
        study = studies.setdefault((patient_id, study_uid), len(studies))
        key = (patient_id, study_uid, series_uid)
        row = series.setdefault(key, len(series))
        number = counts.get(key, 0)
        counts[key] = number + 1
        named.append((one, (TOP_FOLDER, f"ST{study:06d}", f"SE{row:06d}", f"IM{number:06d}")))
    return named


def _header(file: SourceFile) -> tuple[FileDataset, bool, int]:
    """Return the data set without pixels, whether it has file meta, and the size in bytes."""
    from pydicom import dcmread  # slow, see above

    with file.open() as opened:
        size = opened.seek(0, io.SEEK_END)
        opened.seek(MAGIC_AT)
        has_meta = opened.read(len(MAGIC)) == MAGIC
        opened.seek(0)
        header = dcmread(opened, stop_before_pixels=True, force=True)
    if not len(header):
        raise ValueError("nothing in it")
    return header, has_meta, size


def _guessed_syntax(header: FileDataset) -> str:
    """Return how a bare data set is encoded, as pydicom found it to be."""
    is_implicit, is_little = header.original_encoding
    if is_implicit:
        return "1.2.840.10008.1.2"
    return EXPLICIT_LITTLE if is_little else "1.2.840.10008.1.2.2"


def _file_meta(one: MediaInstance) -> bytes:
    from pydicom.dataset import FileMetaDataset
    from pydicom.filewriter import write_file_meta_info

    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = one.records.leaf.ReferencedSOPClassUIDInFile
    meta.MediaStorageSOPInstanceUID = one.instance_uid
    meta.TransferSyntaxUID = one.transfer_syntax
    made = io.BytesIO()
    made.write(bytes(MAGIC_AT) + MAGIC)
    write_file_meta_info(made, meta, enforce_standard=True)
    return made.getvalue()
