"""The door to the store of readers' marks, and under which key a study's marks are kept."""

from __future__ import annotations

import hashlib
from typing import Protocol

from workstation.core.identity import StudyIdentity
from workstation.core.mark_record import MarkRecord
from workstation.core.study_objects import KeyImage

__all__ = ["MarkStore", "marks_key"]


class MarkStore(Protocol):
    """Keeps the marks of studies. Any thread."""

    def save(self, key: str, records: tuple[MarkRecord, ...]) -> None:
        """Keep the marks of a study in place of those kept before; returns when on disk."""
        ...

    def load(self, key: str) -> tuple[MarkRecord, ...]:
        """Return the marks of a study; empty if there is none."""
        ...

    def save_keys(self, key: str, keys: tuple[KeyImage, ...]) -> None:
        """Keep the key images of a study in place of those before; returns when on disk."""
        ...

    def load_keys(self, key: str) -> tuple[KeyImage, ...]:
        """Return the key images of a study; empty if there is none."""
        ...


def marks_key(study: StudyIdentity) -> str:
    """Return the key of a study's marks; empty where none are kept (research data, no UID).

    The patient is part of it: two patients under one Study Instance UID never share marks. It is
    a digest, and says nothing of either.
    """
    if study.is_research or not study.study_uid:
        return ""
    patient = study.patient
    parts = (study.study_uid, patient.patient_id.reveal().strip(), patient.name.reveal().strip())
    return hashlib.sha256("\0".join(parts).encode("utf-8")).hexdigest()
