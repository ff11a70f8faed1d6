"""Earlier signed reports of the same patient on this machine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workstation.core.identity import PatientIdentity, StudyIdentity
from workstation.report.document import ReportDocument
from workstation.report.events import Event, fold
from workstation.services.ports import ReportStore
from workstation.services.prior_images import LIKE_NAME, name_likeness, same_patient


@dataclass(frozen=True, slots=True)
class Prior:
    """A signed report of an earlier (or other) study.

    Attributes:
        study: which study it is about.
        document: the report as signed.
        why_not: why its words are not shown as this patient's, with what to do; empty where they
            are. What counts is whom the report itself names.
        doubts: what differs all the same, a sentence each.
    """

    study: StudyIdentity
    document: ReportDocument
    why_not: str = ""
    doubts: tuple[str, ...] = ()


def find_priors(
    study: StudyIdentity, known: Iterable[StudyIdentity], store: ReportStore
) -> tuple[Prior, ...]:
    """Return the signed reports of other studies of a patient, newest study first.

    A patient is the same where the Patient ID is the same and not empty; a name alone is not
    enough. Where the report names somebody else all the same (two sites may give one ID), it is
    told with the reason and not shown.

    Args:
        study: the study that is read.
        known: studies that were opened on this machine.
        store: where reports are.
    """
    patient_id = study.patient.patient_id.reveal().strip()
    if not patient_id:
        return ()
    others = {
        other.study_uid: other
        for other in known
        if other.study_uid != study.study_uid
        and other.patient.patient_id.reveal().strip() == patient_id
    }
    newest_first = sorted(others.values(), key=lambda other: other.study_date, reverse=True)
    return tuple(prior for other in newest_first for prior in _signed(study, other, store))


def report_of(study: StudyIdentity, store: ReportStore) -> tuple[tuple[Event, ...], bool]:
    """Return the events of the newest report of a study, and whether it was passed over.

    Two patients may come under one Study Instance UID. A report that names another patient than
    the images is never continued: it is passed over, and whoever asks says so.
    """
    is_passed_over = False
    for report_id in store.reports_of_study(study.study_uid):
        events = store.load(report_id)
        if _names(fold(events).study.patient, study.patient):
            return events, is_passed_over
        is_passed_over = True
    return (), is_passed_over


def _names(one: PatientIdentity, other: PatientIdentity) -> bool:
    """Whether a report and images under one study UID are of one patient.

    The ID decides: a name may have been corrected since. Anonymous images have only a name.
    """
    here, there = one.patient_id.reveal().strip(), other.patient_id.reveal().strip()
    if here or there:
        return here == there
    return name_likeness(one.name.reveal(), other.name.reveal()) >= LIKE_NAME


def _signed(current: StudyIdentity, study: StudyIdentity, store: ReportStore) -> tuple[Prior, ...]:
    priors = []
    for report_id in store.reports_of_study(study.study_uid):
        document = fold(store.load(report_id))
        if document.is_signed:
            same = same_patient(current.patient, document.study.patient)
            priors.append(Prior(study, document, same.why_not, same.doubts))
    return tuple(priors)
