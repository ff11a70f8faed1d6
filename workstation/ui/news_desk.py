"""The quiet mark: counts what arrived or ended during a read, and never interrupts it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QToolButton

from workstation.core.job import JobState, JobStatus
from workstation.ui.news_panel.panel import KEPT, News, NewsPanel
from workstation.ui.words import tr

WAITED_S = 2.0
"""A job that ends sooner was waited for with the eyes on it: its end is no news."""

MOST_COUNTED = 99
"""The mark says no larger number, so that its width never changes."""


class NewsMark(QToolButton):
    """The mark in the status line: as wide with no news as with ninety-nine. UI thread."""

    def __init__(self, show_news: Callable[[], None]) -> None:
        super().__init__()
        self.setProperty("role", "flat")
        self.setStyleSheet("min-height: 0; border-width: 1px; padding: 0 4px;")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(lambda _checked=False: show_news())
        self.show_count(0)

    def show_count(self, count: int) -> None:
        """Show how many news were not looked at."""
        self.setFixedWidth(self.fontMetrics().horizontalAdvance(_words(MOST_COUNTED)) + 16)
        self.setText(_words(min(count, MOST_COUNTED)))
        self.setAccessibleName(tr("News not looked at: {0}").format(count))


def _words(count: int) -> str:
    return tr("new {0}").format(count)


class NewsDesk(QObject):
    """Collects news and shows their count; the list opens when asked. UI thread."""

    def __init__(
        self,
        mark: NewsMark,
        panel: NewsPanel,
        *,
        now: Callable[[], datetime],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make a desk without news.

        Args:
            mark: shows the count.
            panel: lists the news.
            now: the time of day.
            clock: seconds that only go forward.
        """
        super().__init__(mark)
        self._mark, self._panel = mark, panel
        self._now, self._clock = now, clock
        self._news: tuple[News, ...] = ()
        self._unseen = 0
        self._begun: dict[int, float] = {}

    @property
    def unseen(self) -> int:
        """How many news were not looked at."""
        return self._unseen

    def take_job(self, status: JobStatus) -> None:
        """Note how a job stands; its end is news where nobody waited for it, its failure always."""
        begun_s = self._begun.setdefault(status.job_id, self._clock())
        if status.state in (JobState.WAITING, JobState.RUNNING):
            return
        del self._begun[status.job_id]
        if status.state is JobState.FAILED:
            self._add(
                News(self._now(), f"{tr(status.text)}. {tr(status.message)}", is_failure=True)
            )
        elif status.state is JobState.DONE and self._clock() - begun_s >= WAITED_S:
            self._add(News(self._now(), tr("Done: {0}.").format(tr(status.text))))

    def take_arrival(self, sentence: str) -> None:
        """Note that a study came in."""
        self._add(News(self._now(), sentence))

    def look(self) -> None:
        """Note that the reader looks at the list."""
        self._unseen = 0
        self._mark.show_count(0)

    def _add(self, one: News) -> None:
        self._news = (one, *self._news)[:KEPT]
        self._unseen += 1
        self._panel.show_news(self._news)
        self._mark.show_count(self._unseen)
