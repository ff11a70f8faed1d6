"""What arrived or ended while the reader was reading, newest first, until it is looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtWidgets import QFrame, QWidget

from workstation.ui.widgets import button, clear, column, empty_notice, label, line, scrolled
from workstation.ui.words import tr

KEPT = 50
"""News kept on show: those of a morning."""


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened.

    Attributes:
        moment: when.
        sentence: what, for people.
        is_failure: something went wrong.
    """

    moment: datetime
    sentence: str
    is_failure: bool = False


class NewsPanel(QWidget):
    """Lists news. Owned by the UI thread."""

    def __init__(self, show_studies: Callable[[], None], show_jobs: Callable[[], None]) -> None:
        """Make an empty panel.

        Args:
            show_studies: goes to the page of studies.
            show_jobs: opens the jobs panel.
        """
        super().__init__()
        content = QWidget()
        inside = column(content, margin=3, gap=2)
        ways = line()
        ways.addWidget(button(tr("Studies"), show_studies, role="small"))
        ways.addWidget(button(tr("Jobs"), show_jobs, role="small"))
        ways.addStretch(1)
        inside.addLayout(ways)
        self._rows = column(gap=2)
        inside.addLayout(self._rows)
        inside.addStretch(1)
        column(self).addWidget(scrolled(content))
        self.show_news(())

    def show_news(self, news: tuple[News, ...]) -> None:
        """Show what happened, newest first."""
        clear(self._rows)
        if not news:
            words = tr("Studies that arrive and jobs that end while you read are listed here.")
            self._rows.addWidget(empty_notice(tr("Nothing new"), words))
        for one in news:
            self._rows.addWidget(_row(one))


def _row(one: News) -> QFrame:
    row = QFrame()
    row.setProperty("role", "raised")
    inside = column(row, margin=2, gap=1)
    inside.addWidget(label(f"{one.moment:%H:%M:%S}", "quiet"))
    inside.addWidget(label(one.sentence, "blocked" if one.is_failure else "", wraps=True))
    row.setAccessibleName(f"{one.moment:%H:%M:%S} {one.sentence}")
    return row
