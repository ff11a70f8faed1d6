"""Studies that were opened here: the rows of the worklist.

Thread: any.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, Row, delete, select
from sqlalchemy.dialects.sqlite import insert

from workstation.core.identity import PatientIdentity, StudyIdentity
from workstation.core.phi import Phi
from workstation.library.schema.tables import STUDIES


@dataclass(frozen=True, slots=True)
class StudyRow:
    """One line of the worklist.

    Attributes:
        study: who and what.
        modalities: e.g. ``("CT",)``, sorted.
        instances: files received.
        sources: files or folders it was opened from.
        opened_at: when it was last opened, UTC.
    """

    study: StudyIdentity
    modalities: tuple[str, ...]
    instances: int
    sources: tuple[Path, ...]
    opened_at: datetime


class LibraryStudies:
    """Remembers the studies that were opened."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def remember(self, row: StudyRow) -> None:
        """Add a study, or replace what is known of it."""
        values = _values(row)
        statement = insert(STUDIES).values(**values)
        statement = statement.on_conflict_do_update(index_elements=["study_uid"], set_=values)
        with self._engine.begin() as connection:
            connection.execute(statement)

    def recent(self, limit: int = 200) -> tuple[StudyRow, ...]:
        """Return the studies opened last, newest first."""
        query = select(STUDIES).order_by(STUDIES.c.opened_at.desc()).limit(limit)
        with self._engine.connect() as connection:
            return tuple(_row(row) for row in connection.execute(query))

    def forget(self, study_uid: str) -> None:
        """Take a study off the worklist; its files and reports stay."""
        with self._engine.begin() as connection:
            connection.execute(delete(STUDIES).where(STUDIES.c.study_uid == study_uid))


def _values(row: StudyRow) -> dict[str, str | int]:
    patient = row.study.patient
    return {
        "study_uid": row.study.study_uid,
        "patient_name": patient.name.reveal(),
        "patient_id": patient.patient_id.reveal(),
        "birth_date": patient.birth_date.reveal(),
        "sex": patient.sex,
        "accession_number": row.study.accession_number.reveal(),
        "study_date": row.study.study_date,
        "description": row.study.description,
        "modalities": "\\".join(row.modalities),
        "instances": row.instances,
        "sources": json.dumps([str(source) for source in row.sources], ensure_ascii=False),
        "opened_at": row.opened_at.astimezone(UTC).isoformat(),
    }


def _row(stored: Row[tuple[object, ...]]) -> StudyRow:
    values = stored._mapping
    patient = PatientIdentity(
        name=Phi(values["patient_name"]),
        patient_id=Phi(values["patient_id"]),
        birth_date=Phi(values["birth_date"]),
        sex=values["sex"],
    )
    study = StudyIdentity(
        values["study_uid"],
        patient,
        accession_number=Phi(values["accession_number"]),
        study_date=values["study_date"],
        description=values["description"],
    )
    return StudyRow(
        study,
        tuple(part for part in values["modalities"].split("\\") if part),
        values["instances"],
        tuple(Path(source) for source in json.loads(values["sources"])),
        datetime.fromisoformat(values["opened_at"]),
    )
