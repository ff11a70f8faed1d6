"""The index of a disk (DICOMDIR) as bytes: records in a tree that is threaded by offsets.

Source: PS3.3 F.3 (structure of the index), PS3.10 7 and 8 (file meta, file IDs).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.uid import ExplicitVRLittleEndian, MediaStorageDirectoryStorage, generate_uid

from workstation.dicom.media_records import InstanceRecords

FILE_SET_ID = "PRELIM"

_ITEM_HEADER_BYTES = 8
"""Tag and length of a sequence item."""

_SEQUENCE_HEADER_BYTES = 12
"""Tag, VR, two reserved bytes and the length of a sequence in explicit VR."""


@dataclass(slots=True, eq=False)
class _Node:
    record: Dataset
    children: dict[str, _Node] = field(default_factory=dict)
    offset: int = 0
    size: int = 0


def directory_bytes(listed: Iterable[tuple[InstanceRecords, tuple[str, ...]]]) -> bytes:
    """Return a DICOMDIR.

    Args:
        listed: the records of each instance, and the components of its file ID.
    """
    roots = _tree(listed)
    nodes = list(_depth_first(roots))
    uid = generate_uid()
    head = _index(uid)
    start = len(head) + _SEQUENCE_HEADER_BYTES
    for node in nodes:
        node.size = _ITEM_HEADER_BYTES + len(_encoded(node.record))
        node.offset = start
        start += node.size
    _thread(list(roots.values()))
    first, *_, last = (*roots.values(), *roots.values())
    return _index(uid, (first.offset, last.offset), [node.record for node in nodes])


def _tree(
    listed: Iterable[tuple[InstanceRecords, tuple[str, ...]]],
) -> dict[str, _Node]:
    roots: dict[str, _Node] = {}
    for records, file_id in listed:
        patient_id, study_uid, series_uid = records.keys
        patient = roots.setdefault(patient_id, _Node(records.patient))
        study = patient.children.setdefault(study_uid, _Node(records.study))
        series = study.children.setdefault(series_uid, _Node(records.series))
        records.leaf.ReferencedFileID = list(file_id)
        series.children[str(records.leaf.ReferencedSOPInstanceUIDInFile)] = _Node(records.leaf)
    return roots


def _depth_first(nodes: dict[str, _Node]) -> Iterator[_Node]:
    for node in nodes.values():
        yield node
        yield from _depth_first(node.children)


def _thread(siblings: list[_Node]) -> None:
    """Write offsets into records: to the next of the same level, to the first below."""
    for number, node in enumerate(siblings):
        is_last = number == len(siblings) - 1
        node.record.OffsetOfTheNextDirectoryRecord = 0 if is_last else siblings[number + 1].offset
        below = list(node.children.values())
        if below:
            node.record.OffsetOfReferencedLowerLevelDirectoryEntity = below[0].offset
            _thread(below)


def _encoded(record: Dataset) -> bytes:
    made = DicomBytesIO()
    made.is_little_endian, made.is_implicit_VR = True, False
    write_dataset(made, record, parent_encoding=record.get("SpecificCharacterSet", "iso8859"))
    return made.getvalue()


def _index(uid: str, ends: tuple[int, int] = (0, 0), records: list[Dataset] | None = None) -> bytes:
    """Return the file up to its sequence of records; with them where they are given."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = MediaStorageDirectoryStorage
    meta.MediaStorageSOPInstanceUID = uid
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    whole = FileDataset("", Dataset(), file_meta=meta, preamble=bytes(128))
    whole.FileSetID = FILE_SET_ID
    whole.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity = ends[0]
    whole.OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity = ends[1]
    whole.FileSetConsistencyFlag = 0
    if records is not None:
        whole.DirectoryRecordSequence = records
    made = io.BytesIO()
    dcmwrite(made, whole, enforce_file_format=True)
    return made.getvalue()
