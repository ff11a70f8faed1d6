"""Earlier signed reports of the same patient on this machine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workstation.core.identity import StudyIdentity
from workstation.report.document import ReportDocument
from workstation.report.events import fold
from workstation.services.ports import ReportStore


@dataclass(frozen=True, slots=True)
class Prior:
    """A signed report of an earlier (or other) study.

    Attributes:
        study: which study it is about.
        document: the report as signed.
    """

    study: StudyIdentity
    document: ReportDocument


def find_priors(
    study: StudyIdentity, known: Iterable[StudyIdentity], store: ReportStore
) -> tuple[Prior, ...]:
    """Return the signed reports of other studies of a patient, newest study first.

    A patient is the same where the Patient ID is the same and not empty; a name alone is not
    enough.

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
    return tuple(prior for other in newest_first for prior in _signed(other, store))


def _signed(study: StudyIdentity, store: ReportStore) -> tuple[Prior, ...]:
    priors = []
    for report_id in store.reports_of_study(study.study_uid):
        document = fold(store.load(report_id))
        if document.is_signed:
            priors.append(Prior(study, document))
    return tuple(priors)
