"""Events of reports, appended and read back; the store behind autosave.

Thread: any.
"""

from __future__ import annotations

import json

from sqlalchemy import Engine, func, insert, select

from workstation.library.schema.tables import REPORT_EVENTS
from workstation.report.canonical import events_from_json, events_to_json
from workstation.report.events import Event


class LibraryReports:
    """The ReportStore of services.ports, over the library."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def append(self, report_id: str, study_uid: str, events: tuple[Event, ...]) -> None:
        """Store further events durably; returns when they are on disk."""
        if not events:
            return
        stored = events_to_json(events)
        with self._engine.begin() as connection:
            last = connection.execute(
                select(func.coalesce(func.max(REPORT_EVENTS.c.sequence), 0)).where(
                    REPORT_EVENTS.c.report_id == report_id
                )
            ).scalar_one()
            rows = [
                {
                    "report_id": report_id,
                    "study_uid": study_uid,
                    "sequence": last + offset,
                    "event": json.dumps({**stored, "events": [event]}, ensure_ascii=False),
                }
                for offset, event in enumerate(stored["events"], start=1)
            ]
            connection.execute(insert(REPORT_EVENTS), rows)

    def load(self, report_id: str) -> tuple[Event, ...]:
        """Return all events of a report, oldest first; empty if there is none."""
        query = (
            select(REPORT_EVENTS.c.event)
            .where(REPORT_EVENTS.c.report_id == report_id)
            .order_by(REPORT_EVENTS.c.sequence)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).scalars().all()
        return tuple(event for row in rows for event in events_from_json(json.loads(row)))

    def reports_of_study(self, study_uid: str) -> tuple[str, ...]:
        """Return the report ids of a study, newest first."""
        newest = func.max(REPORT_EVENTS.c.id)
        query = (
            select(REPORT_EVENTS.c.report_id)
            .where(REPORT_EVENTS.c.study_uid == study_uid)
            .group_by(REPORT_EVENTS.c.report_id)
            .order_by(newest.desc())
        )
        with self._engine.connect() as connection:
            return tuple(connection.execute(query).scalars().all())
