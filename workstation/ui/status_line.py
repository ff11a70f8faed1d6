"""The status line: jobs, network, outbox, and when the report was saved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLayout, QSizePolicy

from workstation.core.job import JobState, JobStatus
from workstation.ui.announcing import announce
from workstation.ui.jobs_panel.panel import state_words
from workstation.ui.news_desk import NewsMark
from workstation.ui.theme import step_px
from workstation.ui.widgets import label, line, tool_button
from workstation.ui.words import tr

JOBS_STEPS = 55
"""Width of the word on jobs in steps: "jobs 1: less noise: head 62 %" fits."""

SAID_STEPS = 40
"""Least width of the sentence in steps: its first words can be read."""


class StatusLine(QFrame):
    """One line below everything. Owned by the UI thread."""

    def __init__(self, show_jobs: Callable[[], None], show_news: Callable[[], None]) -> None:
        """Make the line.

        Args:
            show_jobs: opens the jobs panel.
            show_news: opens the list of what arrived or ended during the read.
        """
        super().__init__()
        self.setProperty("role", "status")
        self._running: dict[int, JobStatus] = {}
        self.jobs = tool_button(tr("jobs 0"), show_jobs)
        self.jobs.setProperty("role", "flat")
        # Always as wide: a job that moves on must not push what stands beside it.
        self.jobs.setFixedWidth(step_px(JOBS_STEPS))
        self.jobs.setStyleSheet("min-height: 0; border-width: 1px; padding: 0 4px;")
        self.news = NewsMark(show_news)
        self.said = label("")
        # A long sentence must not make the window wider than the screen.
        self.said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.pointer = label("", "quiet")
        self.network = label(tr("offline: no peer reached"), "quiet")
        self.outbox = label(tr("outbox 0"), "quiet")
        self.saved = label("", "quiet")
        self._spare = (self.network, self.outbox, self.pointer)
        inside = line(self, gap=6)
        inside.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        inside.setContentsMargins(step_px(2), 0, step_px(3), 0)
        inside.addWidget(self.jobs)
        inside.addWidget(self.news)
        inside.addWidget(self.said, 1)
        for widget in (self.pointer, self.network, self.outbox, self.saved):
            inside.addWidget(widget)
        self.setMinimumHeight(step_px(6))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """Return a small width: this line never makes the window wider than its screen."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what can be read elsewhere too where large text leaves no room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        inside = self.layout()
        for widget in self._spare:
            widget.show()
        for widget in self._spare:
            if inside is None or inside.sizeHint().width() <= self.width() - step_px(SAID_STEPS):
                return
            widget.hide()

    def show_job(self, status: JobStatus) -> None:
        """Count a job, and show the one that runs; a failure is said in its sentence."""
        if status.state in (JobState.WAITING, JobState.RUNNING):
            self._running[status.job_id] = status
        else:
            self._running.pop(status.job_id, None)
        running = [s for s in self._running.values() if s.state is JobState.RUNNING]
        words = f"{tr('jobs')} {len(self._running)}"
        if running:
            words += f": {tr(running[-1].text.lower())} {state_words(running[-1])}"
        room_px = self.jobs.width() - step_px(4)
        right = Qt.TextElideMode.ElideRight
        self.jobs.setText(self.jobs.fontMetrics().elidedText(words, right, room_px))
        self.jobs.setToolTip(words)
        self.jobs.setAccessibleName(words)
        if status.state is JobState.FAILED:
            self.say(tr(status.message))

    def say(self, text: str) -> None:
        """Show one sentence until the next one."""
        room_px = max(step_px(50), self.said.width())
        right = Qt.TextElideMode.ElideRight
        self.said.setText(self.said.fontMetrics().elidedText(text, right, room_px))
        self.said.setToolTip(text)
        self.said.setAccessibleName(text)
        announce(self.said, text)

    def show_saved(self, moment: datetime) -> None:
        """Show when the report was last written to disk."""
        self.saved.setText(f"{tr('saved')} {moment:%H:%M:%S}")
        self._fit()

    def show_unsaved(self, reason: str) -> None:
        """Show that the report could not be written."""
        self.saved.setText(tr("not saved"))
        self.saved.setToolTip(reason)
