"""One line of the worklist as a value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from workstation.core.identity import StudyIdentity
from workstation.ui.words import count_of, date_text, patient_facts, study_name, tr

if TYPE_CHECKING:  # these bring the DICOM toolkit and SQL
    from workstation.library.studies import StudyRow
    from workstation.services.import_studies import ImportedStudy


StudyKey: TypeAlias = tuple[str, str]
"""Study Instance UID and Patient ID, or the name where there is none; only compared."""


def key_of(study: StudyIdentity) -> StudyKey:
    """Return what tells a study apart from all others."""
    patient = study.patient
    return study.study_uid, patient.patient_id.reveal().strip() or patient.name.reveal().strip()


@dataclass(frozen=True, slots=True, eq=False)
class WorklistEntry:
    """A study that was opened, now or earlier.

    Attributes:
        study: who and what.
        modalities: e.g. ``CT``.
        verdict: one line on what was received.
        has_doubt: whether anything about it is doubtful.
        sources: files or folders it was opened from.
        imported: the study as received; None until it is read again.
    """

    study: StudyIdentity
    modalities: str
    verdict: str
    has_doubt: bool
    sources: tuple[Path, ...]
    imported: ImportedStudy | None = None

    @property
    def study_uid(self) -> str:
        """Study Instance UID."""
        return self.study.study_uid

    @property
    def key(self) -> StudyKey:
        """What tells studies apart: two patients may come under one Study Instance UID."""
        return key_of(self.study)

    def matches(self, words: str) -> bool:
        """Whether every word of a search is found in what the line shows."""
        patient = self.study.patient
        text = " ".join(
            (
                study_name(self.study),
                patient_facts(patient),
                self.study.description,
                self.study.accession_number.reveal(),
                date_text(self.study.study_date),
                self.modalities,
            )
        ).casefold()
        return all(word in text for word in words.casefold().split())


def entry_of(study: ImportedStudy, sources: tuple[Path, ...]) -> WorklistEntry:
    """Return the line of a study that was just received."""
    series = (*study.series, *study.documents)
    received = sum(one.verdict.received for one in series)
    shown = sum(one.verdict.shown for one in series)
    doubts = sum(len(one.verdict.warnings) for one in study.series)
    parts = [count_of(len(study.series), "series", "series")]
    parts.append(tr("{0} of {1} files shown").format(f"{shown:,}", f"{received:,}"))
    objects = sum(len(one.objects) for one in series)
    if objects:
        parts.append(tr("{0} beside the images, under Objects").format(objects))
    if doubts:
        parts.append(count_of(doubts, "doubt", "doubts"))
    modalities = dict.fromkeys(one.verdict.modality for one in study.series or study.documents)
    return WorklistEntry(
        study.identity,
        ", ".join(modalities),
        ", ".join(parts),
        has_doubt=bool(doubts),
        sources=sources,
        imported=study,
    )


def entry_of_row(row: StudyRow) -> WorklistEntry:
    """Return the line of a study that was opened earlier."""
    opened = row.opened_at.astimezone()
    words = count_of(row.instances, "file", "files")
    words += f", {tr('opened')} {opened:%Y-%m-%d %H:%M}"
    modalities = ", ".join(row.modalities)
    return WorklistEntry(row.study, modalities, words, has_doubt=False, sources=row.sources)
