"""Parts of the SR that need no independent tool: names, identity, refusal, the PDF object."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from io import BytesIO

import pytest
from pydicom import dcmread

from tests.support.reports import AT, CT_IMAGE_STORAGE, a_study, draft_events, reviewed_events
from workstation.core.errors import InputRefusedError
from workstation.dicom.encapsulated_pdf import build_encapsulated_pdf
from workstation.dicom.report_codes import language_concept
from workstation.dicom.structured_report import (
    SoftwareIdentity,
    build_report_sr,
    derived_uid,
    person_name,
    report_instance_uid,
    to_bytes,
)
from workstation.report.canonical import document_sha256
from workstation.report.document import Meaning, ReportDocument, Section, Signature
from workstation.report.events import (
    AddendumStarted,
    Event,
    ReportSigned,
    StatementAdded,
    fold,
)

MOMENT = datetime.fromisoformat(AT)
SOFTWARE = SoftwareIdentity("0.1.0")


@pytest.mark.parametrize(
    ("printed", "dicom"),
    [
        ("Rita Reader", "Reader^Rita"),
        ("Dr. Rita Reader", "Reader^Rita^^Dr."),
        ("Prof. Dr. med. Zoë Müller", "Müller^Zoë^^Prof. Dr. med."),
        ("Reader", "Reader^"),
        ("Reader^Rita", "Reader^Rita"),
        ("Dr.", "Dr.^"),
        (" ", "unknown^"),
        ("राम कुमार", "कुमार^राम"),
    ],
)
def test_a_printed_name_becomes_a_dicom_name(printed: str, dicom: str) -> None:
    assert person_name(printed) == dicom


def test_a_study_without_a_valid_uid_is_refused() -> None:
    document = fold(draft_events())
    broken = replace(document, study=replace(document.study, study_uid="not a uid"))

    with pytest.raises(InputRefusedError, match="DICOM report"):
        build_report_sr(broken, made_at=MOMENT, software=SOFTWARE)


def test_a_study_uid_with_a_leading_zero_as_in_the_wild_is_taken() -> None:
    document = fold(draft_events())
    odd = replace(document, study=replace(document.study, study_uid="1.2.840.0012.5"))

    data = to_bytes(build_report_sr(odd, made_at=MOMENT, software=SOFTWARE))

    assert b"1.2.840.0012.5" in data


def test_a_report_without_packs_is_observed_by_the_program() -> None:
    document = replace(fold(draft_events()), packs=())

    made = build_report_sr(document, made_at=MOMENT, software=SOFTWARE)

    devices = [item for item in made.ContentSequence if item.ValueType == "UIDREF"]
    assert len(devices) == 1
    assert "AuthorObserverSequence" not in made


def test_identity_and_evidence_are_those_of_the_study() -> None:
    document = fold(draft_events(study=a_study(age="054Y")))

    made = dcmread(BytesIO(to_bytes(build_report_sr(document, made_at=MOMENT, software=SOFTWARE))))

    (study,) = made.CurrentRequestedProcedureEvidenceSequence
    (series,) = study.ReferencedSeriesSequence
    cited = [item.ReferencedSOPInstanceUID for item in series.ReferencedSOPSequence]
    assert cited == list(document.series[0].instance_uids)
    assert {i.ReferencedSOPClassUID for i in series.ReferencedSOPSequence} == {CT_IMAGE_STORAGE}
    assert made.PatientName == document.study.patient.name.reveal()
    assert (made.PatientAge, made.PatientSex) == ("054Y", "F")
    assert made.AccessionNumber == "ACC77"
    assert made.StudyDescription == "CT chest with contrast"
    assert made.file_meta.MediaStorageSOPInstanceUID == made.SOPInstanceUID


def test_a_study_without_description_has_none() -> None:
    document = fold(draft_events())
    bare = replace(document, study=replace(document.study, description=""))

    made = build_report_sr(bare, made_at=MOMENT, software=SOFTWARE)
    pdf = build_encapsulated_pdf(bare, b"%PDF-1.6", made_at=MOMENT, software=SOFTWARE)

    assert "StudyDescription" not in made
    assert "StudyDescription" not in pdf


def test_two_copies_of_one_report_are_two_objects_of_one_series() -> None:
    document = fold(draft_events())

    one = build_report_sr(document, made_at=MOMENT, software=SOFTWARE)
    two = build_report_sr(document, made_at=MOMENT.replace(minute=6), software=SOFTWARE)

    assert one.SOPInstanceUID != two.SOPInstanceUID
    assert one.SeriesInstanceUID == two.SeriesInstanceUID


def final(meaning: Meaning = Meaning.FINAL) -> ReportDocument:
    events = reviewed_events()
    sha = document_sha256(fold(events))
    act = ReportSigned(Signature("Rita Reader", "", AT, meaning, sha))
    return fold((*events, Event(act, "Rita Reader", AT)))


def test_the_object_of_a_signature_always_has_the_same_uid() -> None:
    made = build_report_sr(final(), made_at=MOMENT, software=SOFTWARE)

    assert made.SOPInstanceUID == report_instance_uid(final(), 0)
    assert made.VerifyingObserverSequence[0].VerifyingOrganization == "not stated"


def test_an_addendum_under_way_names_the_signed_report_before_it() -> None:
    events = reviewed_events()
    act = ReportSigned(
        Signature("Rita Reader", "", AT, Meaning.FINAL, document_sha256(fold(events)))
    )
    more = (act, AddendumStarted(), StatementAdded("h9", Section.ADDENDUM, "More."))
    document = fold((*events, *(Event(each, "Rita Reader", AT) for each in more)))

    made = build_report_sr(document, made_at=MOMENT, software=SOFTWARE)

    (study,) = made.PredecessorDocumentsSequence
    reference = study.ReferencedSeriesSequence[0].ReferencedSOPSequence[0]
    assert reference.ReferencedSOPInstanceUID == report_instance_uid(document, 0)
    assert made.VerificationFlag == "UNVERIFIED"


def test_who_signed_also_attests() -> None:
    made = build_report_sr(final(), made_at=MOMENT, software=SOFTWARE)

    (attested,) = made.ParticipantSequence
    assert attested.ParticipationType == "ATTEST"
    assert attested.ParticipationDateTime == "20250301140533+0100"


def test_evidence_of_a_series_that_was_not_read_is_not_cited() -> None:
    document = fold(draft_events())
    read = replace(document.series[0], instance_uids=("1.2.3.4",))

    made = build_report_sr(replace(document, series=(read,)), made_at=MOMENT, software=SOFTWARE)

    findings = made.ContentSequence[-3]
    assert "ContentSequence" not in findings.ContentSequence[0]


def test_a_report_that_read_no_instances_cites_none() -> None:
    document = fold(draft_events())
    unread = replace(document, series=(replace(document.series[0], instance_uids=()),))

    made = dcmread(BytesIO(to_bytes(build_report_sr(unread, made_at=MOMENT, software=SOFTWARE))))

    references = [e for e in made.iterall() if e.keyword == "ReferencedSOPInstanceUID"]
    assert references == []
    assert "CurrentRequestedProcedureEvidenceSequence" not in made  # type 1C: PS3.3 C.17.2


def test_uids_are_valid_and_differ_by_their_seed() -> None:
    assert derived_uid("a", "b") == derived_uid("a", "b")
    assert derived_uid("a", "b") != derived_uid("a", "c")
    assert derived_uid("a").startswith("2.25.")
    assert len(derived_uid("a")) <= 64


def test_a_language_without_a_name_is_its_own_meaning() -> None:
    assert language_concept("de-CH").meaning == "German"
    assert language_concept("tlh").meaning == "tlh"


@pytest.mark.parametrize(
    ("meaning", "flag"), [(Meaning.FINAL, "VERIFIED"), (Meaning.PRELIMINARY, "UNVERIFIED")]
)
def test_a_pdf_travels_whole_inside_dicom(meaning: Meaning, flag: str) -> None:
    pdf = b"%PDF-1.6 odd length."[:19]

    made = build_encapsulated_pdf(final(meaning), pdf, made_at=MOMENT, software=SOFTWARE)

    found = dcmread(BytesIO(to_bytes(made)))
    assert found.EncapsulatedDocument[: found.EncapsulatedDocumentLength] == pdf
    assert found.VerificationFlag == flag
    assert found.StudyInstanceUID == final().study.study_uid


def test_what_is_no_pdf_is_not_wrapped() -> None:
    with pytest.raises(InputRefusedError):
        build_encapsulated_pdf(final(), b"text", made_at=MOMENT, software=SOFTWARE)
