"""The jobs panel: what runs, how far it is, what failed and why; each can be stopped."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QProgressBar, QPushButton, QWidget

from workstation.core.job import JobState, JobStatus
from workstation.ui.widgets import button, column, empty_notice, label, line, scrolled
from workstation.ui.words import tr

KEPT = 30
"""Ended jobs kept on show: enough to find the failure of this study, not a log."""

STATE_WORDS = {
    JobState.WAITING: "waits",
    JobState.RUNNING: "runs",
    JobState.DONE: "done",
    JobState.FAILED: "failed",
    JobState.CANCELLED: "stopped",
}

_IS_OVER = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class JobsPanel(QWidget):
    """Jobs, newest first. Owned by the UI thread."""

    def __init__(self, cancel: Callable[[int], None]) -> None:
        """Make an empty panel.

        Args:
            cancel: asks a job to stop.
        """
        super().__init__()
        self._cancel = cancel
        self._rows: dict[int, _JobRow] = {}
        content = QWidget()
        self._inside = column(content, margin=3, gap=2)
        self._empty = empty_notice(
            tr("No jobs"),
            tr("Loading, enhancing, measuring and drafting show here how far they are."),
        )
        self._inside.addWidget(self._empty)
        self._inside.addStretch(1)
        column(self).addWidget(scrolled(content))

    def show_job(self, status: JobStatus) -> None:
        """Show how a job stands."""
        row = self._rows.get(status.job_id)
        if row is None:
            row = _JobRow(status, self._cancel)
            self._rows[status.job_id] = row
            self._inside.insertWidget(0, row)
            self._empty.hide()
            self._drop_old()
        row.show_status(status)

    def text_of(self, job_id: int) -> str:
        """Return the words shown for a job; empty where there is none."""
        row = self._rows.get(job_id)
        return row.words if row else ""

    @property
    def failures(self) -> tuple[str, ...]:
        """The sentences of jobs that failed, newest first."""
        rows = reversed(list(self._rows.values()))
        return tuple(row.status.message for row in rows if row.status.state is JobState.FAILED)

    def _drop_old(self) -> None:
        over = [key for key, row in self._rows.items() if row.status.state in _IS_OVER]
        for key in over[: max(0, len(self._rows) - KEPT)]:
            self._rows.pop(key).deleteLater()


class _JobRow(QFrame):
    def __init__(self, status: JobStatus, cancel: Callable[[int], None]) -> None:
        super().__init__()
        self.setProperty("role", "raised")
        self.status = status
        self._title = label("", wraps=True)
        self._state = label("", "quiet")
        self._message = label("", "blocked", wraps=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._stop: QPushButton = button(tr("Stop"), lambda: cancel(status.job_id), role="small")
        inside = column(self, margin=2, gap=1)
        top = line(gap=2)
        top.addWidget(self._title, 1)
        top.addWidget(self._state)
        top.addWidget(self._stop)
        inside.addLayout(top)
        inside.addWidget(self._bar)
        inside.addWidget(self._message)

    @property
    def words(self) -> str:
        """All words of the row."""
        parts = (self._title.text(), self._state.text(), self._message.text())
        return " ".join(part for part in parts if part)

    def show_status(self, status: JobStatus) -> None:
        """Show how the job stands."""
        self.status = status
        self._title.setText(tr(status.text))
        self._state.setText(state_words(status))
        self._stop.setVisible(status.state not in _IS_OVER)
        self._stop.setAccessibleName(f"{tr('Stop')}: {tr(status.text)}")
        self._bar.setVisible(status.state is JobState.RUNNING and status.fraction is not None)
        self._bar.setValue(round(100 * (status.fraction or 0)))
        self._message.setText(tr(status.message) if status.message else "")
        self._message.setVisible(bool(status.message))
        self.setAccessibleName(self.words)


def state_words(status: JobStatus) -> str:
    """Return how a job stands, in words ("62 %", "done")."""
    if status.state is JobState.RUNNING and status.fraction is not None:
        return f"{status.fraction:.0%}".replace("%", " %")
    return tr(STATE_WORDS[status.state])
