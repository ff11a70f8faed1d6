"""A report as an Enhanced SR document after TID 2000, from the report value alone.

Draft or preliminary: COMPLETE, UNVERIFIED, PRELIMINARY. Signed: COMPLETE, VERIFIED, FINAL with
the verifying observer. An addendum is a new instance that names its predecessor. The AI's part
stands where TID 2000 (not extensible) has room for it: device observers, Author Observer
Sequence, Contributing Equipment Sequence, and words under the heading Summary.

Source: PS3.16 TID 2000, 2001, 2002, 1001, 1204; PS3.3 C.17.2, C.12.1.1.
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import highdicom
import pydicom
from highdicom import sr
from pydicom import Dataset
from pydicom.sr.codedict import codes
from pydicom.uid import CTImageStorage

from workstation.core.errors import InputRefusedError
from workstation.core.provenance import PackRef
from workstation.dicom.report_codes import (
    BEST_ILLUSTRATION,
    ELEMENTS,
    HEADINGS,
    SUMMARY,
    TITLE,
    concept,
    language_concept,
)
from workstation.report.canonical import document_sha256
from workstation.report.document import (
    Meaning,
    ReadSeries,
    ReportDocument,
    Section,
    Signature,
    Statement,
)
from workstation.report.layout import ReportLayout, current_signature, layout

MANUFACTURER = "Prelim"
SERIES_NUMBER = 990
"""Reports sort behind the images; scanners number below 900."""

IMAGES_PER_STATEMENT = 5
"""References under one sentence: evidence lists the most telling slices first, and a viewer that
shows a few key images helps, while one that shows 300 does not."""

_UID = re.compile(r"[0-9]+(?:\.[0-9]+){1,62}")
"""Study UIDs in the wild have leading zeros, against PS3.5 9.1; archives take them."""

_RELATION = sr.RelationshipTypeValues


@dataclass(frozen=True, slots=True)
class SoftwareIdentity:
    """The program as equipment modules name it."""

    version: str
    station: str = "PRELIM"


def report_instance_uid(document: ReportDocument, number: int) -> str:
    """Return the SOP Instance UID of the SR that signature ``number`` (from 0) made."""
    signature = document.signatures[number]
    seed = signature.seal or f"{signature.signer}|{signature.signed_at}|{signature.document_sha256}"
    return derived_uid("signed", document.report_id, seed)


def derived_uid(*parts: str) -> str:
    """Return a UID that is the same for the same parts; PS3.5 B.2 (UUID-derived)."""
    digest = bytearray(hashlib.sha256("|".join(parts).encode("utf-8")).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x80  # version 8, RFC 9562: made by the program's own rule
    digest[8] = digest[8] & 0x3F | 0x80
    return f"2.25.{int.from_bytes(digest)}"


def build_report_sr(
    document: ReportDocument, *, made_at: datetime, software: SoftwareIdentity
) -> Dataset:
    """Return the SR document of a report; not yet digitally signed.

    Args:
        document: the report; signed where its last signature covers its present words.
        made_at: aware; the content time of an unsigned copy. A signed one carries its own.
        software: of ours.

    Raises:
        InputRefusedError: the study has no valid Study Instance UID.
    """
    if not _UID.fullmatch(document.study.study_uid):
        raise InputRefusedError(
            "A DICOM report cannot be made",
            why="the study has no valid Study Instance UID",
            todo="Draft from the study itself",
        )
    # what the images say of patient and study is carried as it is; pydicom would log its doubts
    with pydicom.config.disable_value_validation():
        return _built(document, made_at, software)


def to_bytes(dataset: Dataset) -> bytes:
    """Return a DICOM object as a file with preamble and File Meta Information."""
    buffer = io.BytesIO()
    with pydicom.config.disable_value_validation():
        dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def person_name(printed: str) -> str:
    """Return a printed name as a DICOM person name; PS3.5 6.2.1.

    ``Dr. Rita Reader`` becomes ``Reader^Rita^^Dr.``; what already has a caret stays as it is.
    """
    if "^" in printed:
        return printed
    words = printed.replace("\\", " ").replace("=", " ").split()
    titles = [w for w in words if w.rstrip(".").casefold() in _TITLES]
    names = [w for w in words if w not in titles] or words or ["unknown"]
    family, given = names[-1], " ".join(names[:-1])
    prefix = " ".join(titles) if names != words else ""
    return f"{family}^{given}^^{prefix}" if prefix else f"{family}^{given}"


_TITLES = frozenset({"dr", "prof", "professor", "pd", "priv.-doz", "med", "mr", "mrs", "ms"})


def _built(document: ReportDocument, made_at: datetime, software: SoftwareIdentity) -> Dataset:
    signature = current_signature(document)
    moment = datetime.fromisoformat(signature.signed_at) if signature else made_at
    is_final = signature is not None and signature.meaning is not Meaning.PRELIMINARY
    result = sr.EnhancedSR(
        evidence=[_identity(document), *_instances(document)],
        content=_root(document),
        series_instance_uid=derived_uid("series", document.report_id),
        series_number=SERIES_NUMBER,
        sop_instance_uid=_instance_uid(document, signature, moment),
        instance_number=len(document.signatures) + (0 if signature else 1),
        manufacturer=MANUFACTURER,
        is_complete=True,
        is_final=is_final,
        is_verified=is_final,
        verifying_observer_name=person_name(signature.signer) if is_final and signature else None,
        verifying_organization=_organization(signature) if is_final else None,
        contributing_equipment=_equipment(document, signature, moment),
        specific_character_set="ISO_IR 192",
        manufacturer_model_name="Prelim",
        software_versions=software.version,
        device_serial_number="0",
    )
    _set_times(result, moment)
    _set_people(result, document, signature, software)
    _set_predecessor(result, document, signature)
    _set_patient(result, document)
    _set_evidence(result, document)
    return result


def _organization(signature: Signature | None) -> str:
    return signature.organization or "not stated" if signature else ""


def _instance_uid(document: ReportDocument, signature: Signature | None, moment: datetime) -> str:
    if signature is not None:
        return report_instance_uid(document, len(document.signatures) - 1)
    at = moment.isoformat()
    return derived_uid("copy", document.report_id, document_sha256(document), at)


def _root(document: ReportDocument) -> Any:  # noqa: ANN401 highdicom ships no types
    blocks = layout(document)
    root = sr.ContainerContentItem(name=concept(TITLE), template_id="2000")
    items = sr.ContentSequence()
    items.extend(sr.LanguageOfContentItemAndDescendants(language_concept(document.language)))
    items.extend(_observers(document))
    for block in blocks.sections:
        items.append(_section(document, block.section, blocks))
    items.append(_summary(blocks))
    root.ContentSequence = items
    return root


def _section(document: ReportDocument, section: Section, blocks: ReportLayout) -> Any:  # noqa: ANN401
    container = _container(HEADINGS[section])
    content = sr.ContentSequence()
    for sentence in next(b for b in blocks.sections if b.section is section).sentences:
        item = _text(ELEMENTS[section], sentence.marked)
        children = _support(document, document.statement(sentence.statement_id))
        if len(children):
            item.ContentSequence = children
        content.append(item)
    container.ContentSequence = content
    return container


def _summary(blocks: ReportLayout) -> Any:  # noqa: ANN401
    lines = [blocks.notice] if blocks.notice else []
    lines += blocks.ai_share
    lines += ["\r\n".join(signature.lines) for signature in blocks.signatures]
    container = _container(SUMMARY)
    container.ContentSequence = sr.ContentSequence([_text(SUMMARY, line) for line in lines])
    return container


def _container(heading: Any) -> Any:  # noqa: ANN401
    return sr.ContainerContentItem(
        name=concept(heading), is_content_continuous=False, relationship_type=_RELATION.CONTAINS
    )


def _text(name: Any, value: str) -> Any:  # noqa: ANN401
    return sr.TextContentItem(name=concept(name), value=value, relationship_type=_RELATION.CONTAINS)


def _support(document: ReportDocument, statement: Statement) -> Any:  # noqa: ANN401
    """Return the key images a sentence is inferred from (TID 2001, row 1).

    TID 2001 has images or measurements under a sentence, never both; the pictures help a reader
    more, and the number stands in the sentence.
    """
    items = sr.ContentSequence()
    classes = _sop_classes(document)
    uids = [uid for each in statement.evidence for uid in each.instance_uids if uid in classes]
    for uid in list(dict.fromkeys(uids))[:IMAGES_PER_STATEMENT]:
        items.append(
            sr.ImageContentItem(
                name=concept(BEST_ILLUSTRATION),
                referenced_sop_class_uid=classes[uid],
                referenced_sop_instance_uid=uid,
                relationship_type=_RELATION.INFERRED_FROM,
            )
        )
    return items


def _sop_classes(document: ReportDocument) -> dict[str, str]:
    return {uid: read.sop_class_uid for read in document.series for uid in read.instance_uids}


def _observers(document: ReportDocument) -> list[Any]:
    """Return TID 1001: the person who signed, and each pack as a device."""
    items: list[Any] = []
    signature = current_signature(document)
    if signature is not None:
        person = sr.PersonObserverIdentifyingAttributes(
            name=person_name(signature.signer), organization_name=signature.organization or None
        )
        items.extend(_observer(codes.DCM.Person, person))
    for pack in document.packs:
        items.extend(_observer(codes.DCM.Device, _device(_pack_uid(pack), pack)))
    if not items:
        uid = derived_uid("device", MANUFACTURER)
        items.extend(_observer(codes.DCM.Device, _device(uid, None)))
    return items


def _observer(kind: Any, attributes: Any) -> Any:  # noqa: ANN401
    return sr.ObserverContext(observer_type=kind, observer_identifying_attributes=attributes)


def _device(uid: str, pack: PackRef | None) -> Any:  # noqa: ANN401
    return sr.DeviceObserverIdentifyingAttributes(
        uid=uid,
        name=str(pack) if pack else MANUFACTURER,
        manufacturer_name=MANUFACTURER,
        model_name=f"{pack} sha256 {pack.digest}" if pack else MANUFACTURER,
    )


def _pack_uid(pack: PackRef) -> str:
    return derived_uid("pack", pack.pack_id, pack.version, pack.digest)


def _identity(document: ReportDocument) -> Dataset:
    """Return a stand-in for an image of the study: highdicom takes patient and study from it."""
    study, patient = document.study, document.study.patient
    made = Dataset()
    made.SOPClassUID = CTImageStorage
    made.SOPInstanceUID = derived_uid("identity", document.report_id)
    made.SeriesInstanceUID = derived_uid("identity series", document.report_id)
    made.StudyInstanceUID = study.study_uid
    made.PatientID = patient.patient_id.reveal()
    made.PatientName = patient.name.reveal()
    made.PatientBirthDate = patient.birth_date.reveal()
    made.PatientSex = patient.sex
    made.AccessionNumber = study.accession_number.reveal()
    made.StudyID = study.study_id.reveal()
    made.StudyDate = study.study_date
    made.StudyTime = study.study_time
    made.ReferringPhysicianName = study.referring_physician.reveal()
    made.SpecificCharacterSet = "ISO_IR 192"
    return made


def _instances(document: ReportDocument) -> list[Dataset]:
    """Return the instances that sentences may cite, as highdicom wants to see them."""
    made = []
    for read in document.series:
        for uid in read.instance_uids:
            instance = Dataset()
            instance.SOPClassUID = read.sop_class_uid
            instance.SOPInstanceUID = uid
            instance.StudyInstanceUID = document.study.study_uid
            instance.SeriesInstanceUID = read.identity.series_uid
            made.append(instance)
    return made


def _set_evidence(result: Dataset, document: ReportDocument) -> None:
    """List every instance that was read; PS3.3 C.17.2.3. The stand-in leaves with this."""
    series = [_read_series(read) for read in document.series if read.instance_uids]
    if not series:
        del result.CurrentRequestedProcedureEvidenceSequence
        return
    study = Dataset()
    study.StudyInstanceUID = document.study.study_uid
    study.ReferencedSeriesSequence = series
    result.CurrentRequestedProcedureEvidenceSequence = [study]


def _read_series(read: ReadSeries) -> Dataset:
    references = []
    for uid in read.instance_uids:
        reference = Dataset()
        reference.ReferencedSOPClassUID = read.sop_class_uid
        reference.ReferencedSOPInstanceUID = uid
        references.append(reference)
    series = Dataset()
    series.SeriesInstanceUID = read.identity.series_uid
    series.ReferencedSOPSequence = references
    return series


def _equipment(
    document: ReportDocument, signature: Signature | None, moment: datetime
) -> list[Any] | None:
    """Return one item per pack: what drafted, and what people did with it; PS3.3 C.12.1.1.5."""
    reviewed = f"reviewed and edited by {signature.signer}" if signature else "not yet reviewed"
    return [
        highdicom.ContributingEquipment(
            manufacturer=MANUFACTURER,
            purpose_of_reference=codes.DCM.ProcessingEquipment,
            manufacturer_model_name=pack.pack_id,
            software_versions=pack.version,
            device_serial_number=pack.digest[:64] or None,
            contribution_datetime=_dicom_time(moment),
            contribution_description=(
                f"AI drafted report text (pack {pack}, sha256 {pack.digest}); {reviewed}"
            )[:1024],
        )
        for pack in document.packs
    ] or None


def _set_times(result: Dataset, moment: datetime) -> None:
    """Replace highdicom's naive times by ours; VerificationDateTime carries the zone itself."""
    result.TimezoneOffsetFromUTC = moment.strftime("%z")
    result.ContentDate, result.ContentTime = f"{moment:%Y%m%d}", f"{moment:%H%M%S}"
    result.InstanceCreationDate, result.InstanceCreationTime = (
        result.ContentDate,
        result.ContentTime,
    )
    result.SeriesDate, result.SeriesTime = result.ContentDate, result.ContentTime
    for equipment in result.get("ContributingEquipmentSequence", []):
        equipment.ContributionDateTime = _dicom_time(moment)
    for observer in result.get("VerifyingObserverSequence", []):
        observer.VerificationDateTime = _dicom_time(moment)


def _dicom_time(moment: datetime) -> str:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.strftime("%Y%m%d%H%M%S%z")


def _set_people(
    result: Dataset,
    document: ReportDocument,
    signature: Signature | None,
    software: SoftwareIdentity,
) -> None:
    """Name authors (packs, then the person) and who attested; PS3.3 C.17.2, 10-1."""
    authors = [_author_device(pack, software) for pack in document.packs]
    if signature is not None:
        authors.append(_person_item(signature))
        attested = _person_item(signature)
        attested.ParticipationType = "ATTEST"
        attested.ParticipationDateTime = _dicom_time(datetime.fromisoformat(signature.signed_at))
        result.ParticipantSequence = [attested]
    if authors:
        result.AuthorObserverSequence = authors


def _author_device(pack: PackRef, software: SoftwareIdentity) -> Dataset:
    item = Dataset()
    item.ObserverType = "DEV"
    item.DeviceUID = _pack_uid(pack)
    item.Manufacturer = MANUFACTURER
    item.ManufacturerModelName = str(pack)[:64]
    item.StationName = software.station[:16]
    item.InstitutionName = ""
    item.InstitutionCodeSequence = []
    return item


def _person_item(signature: Signature) -> Dataset:
    item = Dataset()
    item.ObserverType = "PSN"
    item.PersonName = person_name(signature.signer)
    item.PersonIdentificationCodeSequence = []
    item.InstitutionName = signature.organization[:64]
    item.InstitutionCodeSequence = []
    return item


def _set_predecessor(
    result: Dataset, document: ReportDocument, signature: Signature | None
) -> None:
    """Name the document this one replaces: the one of the signature before; PS3.3 C.17.2.4."""
    before = len(document.signatures) - (2 if signature else 1)
    if before < 0:
        return
    reference = Dataset()
    reference.ReferencedSOPClassUID = result.SOPClassUID
    reference.ReferencedSOPInstanceUID = report_instance_uid(document, before)
    series = Dataset()
    series.SeriesInstanceUID = result.SeriesInstanceUID
    series.ReferencedSOPSequence = [reference]
    study = Dataset()
    study.StudyInstanceUID = result.StudyInstanceUID
    study.ReferencedSeriesSequence = [series]
    result.PredecessorDocumentsSequence = [study]


def _set_patient(result: Dataset, document: ReportDocument) -> None:
    if document.study.description:
        result.StudyDescription = document.study.description[:64]
    if document.study.patient.age:
        result.PatientAge = document.study.patient.age
