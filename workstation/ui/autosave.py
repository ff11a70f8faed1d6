"""Brings what a reader wrote to disk within a second, and goes on trying when that fails."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from workstation.core.errors import WorkstationError
from workstation.report.events import Event
from workstation.services.edit_report import EditingSession
from workstation.services.jobs import JobContext, Lane, Request
from workstation.services.ports import ReportStore
from workstation.ui.bridge import JobBridge, Replies
from workstation.ui.words import tr

SAVE_AFTER_MS = 300
"""From an act to the start of its saving. With the 400 ms of the text fields and some 10 ms of
writing, no keystroke is older than one second on disk (DESIGN promise 7)."""

RETRY_MS = 5000
"""When saving failed (disk full), it is tried again this often."""


class Autosave(QObject):
    """Saves editing sessions, also those of a study that was left. Owned by the UI thread.

    Signals:
        saved(str): a report is on disk up to its last act; its id.
        failed(str, str): it is not: its id, and why.
    """

    saved = Signal(str)
    failed = Signal(str, str)

    def __init__(
        self, bridge: JobBridge, reports: Callable[[], ReportStore], parent: QObject
    ) -> None:
        """Make it.

        Args:
            bridge: starts jobs.
            reports: gives the store; called on the saving lane.
            parent: Qt parent.
        """
        super().__init__(parent)
        self._bridge, self._reports = bridge, reports
        self._in_flight: set[str] = set()
        self._waiting: set[str] = set()

    def soon(self, session: EditingSession, after_ms: int = SAVE_AFTER_MS) -> None:
        """Save a session shortly; further acts until then go along."""
        if session.report_id not in self._waiting:
            self._waiting.add(session.report_id)
            QTimer.singleShot(after_ms, self, lambda: self._due(session))

    def now(self, session: EditingSession) -> None:
        """Start saving a session at once, if it holds more than its beginning."""
        if not session.unsaved or len(session.events) == 1:
            return
        report_id = session.report_id
        if report_id in self._in_flight:
            return
        self._in_flight.add(report_id)
        events = session.unsaved
        work = partial(_append, self._reports, report_id, session.study_uid, events)
        replies = Replies(
            done=lambda _result: self._done(session, len(events)),
            failed=lambda error: self._failed(session, error),
        )
        self._bridge.start(Request(Lane.SAVE, "Saving the report", work, is_quiet=True), replies)

    def _due(self, session: EditingSession) -> None:
        self._waiting.discard(session.report_id)
        self.now(session)

    def _done(self, session: EditingSession, count: int) -> None:
        self._in_flight.discard(session.report_id)
        session.mark_saved(count)
        if session.unsaved:
            self.soon(session)
        else:
            self.saved.emit(session.report_id)

    def _failed(self, session: EditingSession, error: WorkstationError) -> None:
        self._in_flight.discard(session.report_id)
        self.failed.emit(session.report_id, tr(str(error)))
        self.soon(session, RETRY_MS)


def _append(
    reports: Callable[[], ReportStore],
    report_id: str,
    study_uid: str,
    events: tuple[Event, ...],
    _context: JobContext,
) -> None:
    reports().append(report_id, study_uid, events)
