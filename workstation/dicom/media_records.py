"""The records that an index of a disk (DICOMDIR) holds of one instance: patient to image.

What the standard demands and the instance lacks is filled with values made here, and said.

Source: PS3.3 F.5 (keys of directory records; locally generated values where Type 1 keys are
absent), PS3.3 table F.4-1 (types of records).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pydicom.dataset import Dataset
from pydicom.fileset import DIRECTORY_RECORDERS

NO_DATE, NO_TIME = "19000101", "000000"
"""Stand for a date that no header gives; nobody takes 1900 for the day of a CT."""

_TYPES: dict[str, str] = {
    "1.2.840.10008.5.1.4.1.1.481.2": "RT DOSE",
    "1.2.840.10008.5.1.4.1.1.481.3": "RT STRUCTURE SET",
    "1.2.840.10008.5.1.4.1.1.481.5": "RT PLAN",
    "1.2.840.10008.5.1.4.1.1.481.8": "RT PLAN",
    "1.2.840.10008.5.1.4.1.1.88.59": "KEY OBJECT DOC",
    "1.2.840.10008.5.1.4.1.1.4.2": "SPECTROSCOPY",
    "1.2.840.10008.5.1.4.1.1.66": "RAW DATA",
    "1.2.840.10008.5.1.4.1.1.66.1": "REGISTRATION",
    "1.2.840.10008.5.1.4.1.1.66.3": "REGISTRATION",
    "1.2.840.10008.5.1.4.1.1.66.2": "FIDUCIAL",
    "1.2.840.10008.5.1.4.1.1.66.5": "SURFACE",
    "1.2.840.10008.5.1.4.1.1.66.6": "TRACT",
    "1.2.840.10008.5.1.4.1.1.67": "VALUE MAP",
    "1.2.840.10008.5.1.4.1.1.104.1": "ENCAP DOC",
    "1.2.840.10008.5.1.4.1.1.104.2": "ENCAP DOC",
    "1.2.840.10008.5.1.4.1.1.104.3": "ENCAP DOC",
    "1.2.840.10008.5.1.4.1.1.104.4": "ENCAP DOC",
    "1.2.840.10008.5.1.4.1.1.104.5": "ENCAP DOC",
}
_PREFIXES: tuple[tuple[str, str], ...] = (
    ("1.2.840.10008.5.1.4.1.1.11.", "PRESENTATION"),
    ("1.2.840.10008.5.1.4.1.1.88.", "SR DOCUMENT"),
    ("1.2.840.10008.5.1.4.1.1.9.", "WAVEFORM"),
)

_FALLBACKS: dict[str, tuple[str, ...]] = {
    "StudyDate": ("SeriesDate", "AcquisitionDate", "ContentDate", "InstanceCreationDate"),
    "StudyTime": ("SeriesTime", "AcquisitionTime", "ContentTime", "InstanceCreationTime"),
    "ContentDate": ("InstanceCreationDate", "SeriesDate", "StudyDate"),
    "ContentTime": ("InstanceCreationTime", "SeriesTime", "StudyTime"),
    "PresentationCreationDate": ("ContentDate", "InstanceCreationDate", "StudyDate"),
    "PresentationCreationTime": ("ContentTime", "InstanceCreationTime", "StudyTime"),
    "InstanceCreationDate": ("ContentDate", "StudyDate"),
}
"""Where a missing date or time is taken from: the same instance, nearest in meaning first."""

_MADE: dict[str, str] = {
    "StudyID": "1",
    "SeriesNumber": "0",
    "Modality": "OT",
    "DoseSummationType": "PLAN",
    "RTPlanLabel": "PLAN",
    "StructureSetLabel": "STRUCTURES",
    "ContentLabel": "UNNAMED",
    "CompletionFlag": "PARTIAL",
    "VerificationFlag": "UNVERIFIED",
    "MIMETypeOfEncapsulatedDocument": "application/octet-stream",
}
"""Values made where an instance has none: the smallest claim that each allows."""

_PATIENT_KEYS = ("PatientID",)
_STUDY_KEYS = ("StudyDate", "StudyTime", "StudyID")
_SERIES_KEYS = ("Modality", "SeriesNumber")
_LEAF_KEYS: dict[str, tuple[str, ...]] = {
    "SR DOCUMENT": ("InstanceNumber", "CompletionFlag", "VerificationFlag", "ContentDate",
                    "ContentTime"),
    "KEY OBJECT DOC": ("InstanceNumber", "ContentDate", "ContentTime"),
    "PRESENTATION": ("InstanceNumber", "ContentLabel", "PresentationCreationDate",
                     "PresentationCreationTime"),
    "RT DOSE": ("InstanceNumber", "DoseSummationType"),
    "RT PLAN": ("InstanceNumber", "RTPlanLabel"),
    "RT STRUCTURE SET": ("InstanceNumber", "StructureSetLabel"),
    "ENCAP DOC": ("InstanceNumber", "MIMETypeOfEncapsulatedDocument"),
}  # fmt: skip
_DATED_LEAF = ("InstanceNumber", "ContentDate", "ContentTime", "ContentLabel")
_TITLED = ("SR DOCUMENT", "KEY OBJECT DOC")
_CHARACTERS = "SpecificCharacterSet"


class NoRecordError(Exception):
    """An instance cannot be listed; the text is a clause for people without names or UIDs."""


@dataclass(frozen=True, slots=True, eq=False)
class InstanceRecords:
    """The records of one instance.

    Attributes:
        patient, study, series, leaf: the records, without offsets.
        keys: what tells patients, studies of them and series of those apart.
        filled: keywords whose values were made here.
    """

    patient: Dataset
    study: Dataset
    series: Dataset
    leaf: Dataset
    keys: tuple[str, str, str]
    filled: tuple[str, ...]


def record_type(sop_class_uid: str) -> str:
    """Return the type of the record of a SOP class; PS3.3 table F.4-1. Images are the rest."""
    found = _TYPES.get(sop_class_uid)
    if found is not None:
        return found
    return next((kind for start, kind in _PREFIXES if sop_class_uid.startswith(start)), "IMAGE")


def instance_records(header: Dataset, *, number: int, transfer_syntax: str) -> InstanceRecords:
    """Return the records of an instance.

    Args:
        header: its data set without pixels; not changed.
        number: of the instance in its series, from 1; stands in for a missing one.
        transfer_syntax: UID of the transfer syntax of its file.

    Raises:
        NoRecordError: it has no identity, or the standard demands what cannot be made.
    """
    for keyword, name in _IDENTITIES:
        if not header.get(keyword):
            raise NoRecordError(f"the file has no {name}, so that no index can list it")
    source = Dataset()
    source.update(header)
    _keep_modifiers(source)
    kind = record_type(str(header.SOPClassUID))
    filled = _fill(source, kind, number)
    leaf = _recorded(source, kind)
    leaf.ReferencedSOPClassUIDInFile = header.SOPClassUID
    leaf.ReferencedSOPInstanceUIDInFile = header.SOPInstanceUID
    leaf.ReferencedTransferSyntaxUIDInFile = transfer_syntax
    patient_id = str(source.PatientID)
    study_uid, series_uid = str(header.StudyInstanceUID), str(header.SeriesInstanceUID)
    return InstanceRecords(
        _recorded(source, "PATIENT"),
        _recorded(source, "STUDY"),
        _recorded(source, "SERIES"),
        leaf,
        (patient_id, study_uid, series_uid),
        filled,
    )


_IDENTITIES = (
    ("SOPInstanceUID", "identity of its own (SOP Instance UID)"),
    ("SOPClassUID", "word on what it is (SOP Class UID)"),
    ("StudyInstanceUID", "study (Study Instance UID)"),
    ("SeriesInstanceUID", "series (Series Instance UID)"),
)


def _fill(source: Dataset, kind: str, number: int) -> tuple[str, ...]:
    """Give a data set the Type 1 keys it lacks; return their keywords."""
    leaf = ("InstanceNumber",) if kind == "IMAGE" else _LEAF_KEYS.get(kind, _DATED_LEAF)
    filled = []
    for keyword in (*_PATIENT_KEYS, *_STUDY_KEYS, *_SERIES_KEYS, *leaf):
        if source.get(keyword) in (None, "") or not str(source.get(keyword)).strip():
            setattr(source, keyword, _made(source, keyword, number))
            filled.append(keyword)
    if kind in _TITLED and not source.get("ConceptNameCodeSequence"):
        source.ConceptNameCodeSequence = [_untitled()]
        filled.append("ConceptNameCodeSequence")
    return tuple(filled)


def _keep_modifiers(source: Dataset) -> None:
    """Leave of a report's content what its record holds: modifiers of the title; PS3.3 F.5.25."""
    content = source.get("ContentSequence")
    if content is None:
        return
    kept = [item for item in content if item.get("RelationshipType") == "HAS CONCEPT MOD"]
    del source.ContentSequence
    if kept:
        source.ContentSequence = kept


def _untitled() -> Dataset:
    """Return the title of a report that has none: a code of ours, which claims nothing."""
    code = Dataset()
    code.CodeValue = "UNTITLED"
    code.CodingSchemeDesignator = "99PRELIM"
    code.CodeMeaning = "Report without a title"
    return code


def _made(source: Dataset, keyword: str, number: int) -> str:
    for other in _FALLBACKS.get(keyword, ()):
        if source.get(other):
            return str(source.get(other))
    if keyword.endswith("Date"):
        return NO_DATE
    if keyword.endswith("Time"):
        return NO_TIME
    if keyword == "InstanceNumber":
        return str(number)
    if keyword == "PatientID":
        # One patient per study: two studies without an ID must not become one person's.
        return f"NOID-{str(source.StudyInstanceUID)[-10:]}"
    return _MADE[keyword]


def _recorded(source: Dataset, kind: str) -> Dataset:
    recorder: Callable[[Dataset], Dataset] = DIRECTORY_RECORDERS[kind]
    try:
        record = recorder(source)
    except (KeyError, ValueError, AttributeError) as error:
        raise NoRecordError(
            f"the index demands of it, as {kind.lower()}, what the file does not say"
        ) from error
    record.OffsetOfTheNextDirectoryRecord = 0
    record.RecordInUseFlag = 0xFFFF
    record.OffsetOfReferencedLowerLevelDirectoryEntity = 0
    record.DirectoryRecordType = kind
    if source.get(_CHARACTERS):
        record.SpecificCharacterSet = source.SpecificCharacterSet
    return record
