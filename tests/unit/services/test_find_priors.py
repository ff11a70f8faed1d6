"""Earlier reports: of the same patient by ID, signed, newest first."""

from __future__ import annotations

from dataclasses import replace

from tests.support.canary import CANARY, CANARY_ID
from tests.support.reports import AT, StillClock, a_series, a_study
from workstation.core.identity import StudyIdentity
from workstation.core.phi import Phi
from workstation.report.document import Meaning, Section, Signature
from workstation.report.events import Event, ReportSigned, StatementAdded
from workstation.services.edit_report import start_events
from workstation.services.find_priors import find_priors, report_of


class Shelf:
    """A report store in memory."""

    def __init__(self) -> None:
        self.events: dict[str, tuple[Event, ...]] = {}

    def append(self, report_id: str, study_uid: str, events: tuple[Event, ...]) -> None:
        self.events[f"{study_uid}/{report_id}"] = events

    def load(self, report_id: str) -> tuple[Event, ...]:
        return next(events for key, events in self.events.items() if key.endswith(report_id))

    def reports_of_study(self, study_uid: str) -> tuple[str, ...]:
        return tuple(key.split("/")[1] for key in self.events if key.startswith(f"{study_uid}/"))

    def put(self, study: StudyIdentity, words: str, *, is_signed: bool = True) -> StudyIdentity:
        events = start_events(study, (a_series(study),), by="Reader", clock=StillClock())
        events += (Event(StatementAdded("h1", Section.IMPRESSION, words), "Reader", AT),)
        if is_signed:
            signature = Signature("Reader", "", AT, Meaning.FINAL, "0" * 64)
            events += (Event(ReportSigned(signature), "Reader", AT),)
        self.append(f"of-{study.study_uid}", study.study_uid, events)
        return study


def other_study(uid: str, date: str, *, patient_id: str | None = None) -> StudyIdentity:
    study = replace(a_study(), study_uid=uid, study_date=date)
    if patient_id is None:
        return study
    return replace(study, patient=replace(study.patient, patient_id=Phi(patient_id)))


def test_signed_reports_of_the_same_patient_come_newest_first() -> None:
    shelf = Shelf()
    old = shelf.put(other_study("1.2.3", "20200101"), "Old.")
    new = shelf.put(other_study("1.2.4", "20240101"), "New.")

    found = find_priors(a_study(), [old, new, a_study()], shelf)

    assert [prior.document.statements[0].text for prior in found] == ["New.", "Old."]


def test_drafts_other_patients_and_the_study_itself_are_no_priors() -> None:
    shelf = Shelf()
    draft = shelf.put(other_study("1.2.3", "20200101"), "Draft.", is_signed=False)
    stranger = shelf.put(other_study("1.2.4", "20200101", patient_id="SOMEBODY"), "Stranger.")
    itself = shelf.put(a_study(), "Itself.")

    assert find_priors(a_study(), [draft, stranger, itself], shelf) == ()


def test_an_empty_patient_id_matches_nobody() -> None:
    shelf = Shelf()
    other = shelf.put(other_study("1.2.3", "20200101", patient_id=""), "Other.")
    nameless = other_study("1.2.5", "20250101", patient_id="")

    assert find_priors(nameless, [other], shelf) == ()


def named(study: StudyIdentity, name: str, patient_id: str) -> StudyIdentity:
    patient = replace(study.patient, name=Phi(name), patient_id=Phi(patient_id))
    return replace(study, patient=patient)


def test_a_report_that_names_somebody_else_under_the_same_id_is_told_with_the_reason() -> None:
    shelf = Shelf()
    stranger = named(other_study("1.2.3", "20200101"), "Other^Body", CANARY_ID)
    shelf.put(stranger, "Old.")

    found = find_priors(a_study(), [stranger], shelf)

    assert [prior.why_not.partition(":")[0] for prior in found] == ["Not compared"]


def test_the_report_of_another_patient_under_the_same_study_uid_is_not_continued() -> None:
    shelf = Shelf()
    shelf.put(a_study(), "Of the first patient.", is_signed=False)

    events, is_passed_over = report_of(named(a_study(), CANARY, "SOMEBODY-ELSE"), shelf)

    assert (events, is_passed_over) == ((), True)


def test_a_report_is_continued_where_only_the_name_was_corrected() -> None:
    shelf = Shelf()
    shelf.put(a_study(), "Of the patient.", is_signed=False)

    events, is_passed_over = report_of(named(a_study(), "Corrected^Name", CANARY_ID), shelf)

    assert (len(events), is_passed_over) == (2, False)
