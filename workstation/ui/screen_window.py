"""A window with viewports for another screen: whose images these are, the images, and nothing else.

The report stays in the main window: two places to type one report would be one too many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewers.qt.grid import ViewportGrid
from workstation.core.identity import StudyIdentity
from workstation.ui.theme import step_px
from workstation.ui.widgets import column, frame, label, line
from workstation.ui.words import patient_facts, study_facts, study_name, tr


class ScreenWindow(QWidget):
    """Viewports below the identity of the patient. Owned by the UI thread.

    Signals:
        closed_by_reader(): the reader closed it; it is hidden and keeps its images.
    """

    closed_by_reader = Signal()

    def __init__(
        self,
        grid: ViewportGrid,
        actions: Iterable[QAction],
        hold: Callable[..., None],
    ) -> None:
        """Make a hidden window.

        Args:
            grid: its viewports.
            actions: the commands of the window; their keys work here as well.
            hold: called with each key event and ``is_down``: some keys act while they are held.
        """
        super().__init__(None, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setProperty("role", "page")
        self.setWindowTitle(tr("Prelim: viewports"))
        self.setAccessibleName(tr("Viewports on another screen"))
        self.grid = grid
        self._hold = hold
        self.name = label("", "strong")
        self.facts = label("")
        self.facts.setMinimumWidth(0)
        self.facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._lay_out()
        for action in actions:
            self.addAction(action)

    def show_study(self, study: StudyIdentity | None) -> None:
        """Show whose images these are; None for none."""
        is_nobodys = study is not None and study.is_research
        self.name.setProperty("role", "no-patient" if is_nobodys else "strong")
        self.name.style().unpolish(self.name)
        self.name.style().polish(self.name)
        self.name.setText(tr("No study open") if study is None else study_name(study))
        words = ""
        if study is not None:
            words = f"{patient_facts(study.patient)}   {study_facts(study)}".strip()
        self.facts.setText(words)
        self.facts.setToolTip(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A held key acts as long as it is down."""
        self._hold(event, is_down=True)
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """A held key ends."""
        self._hold(event, is_down=False)
        super().keyReleaseEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Go out of sight; nothing in it is lost."""
        super().closeEvent(event)
        self.closed_by_reader.emit()

    def _lay_out(self) -> None:
        header = frame("header")
        words = line(header, gap=3)
        words.setContentsMargins(step_px(2), step_px(1), step_px(2), step_px(1))
        words.addWidget(self.name)
        words.addWidget(self.facts, 1)
        header.setMinimumHeight(step_px(8))
        header.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        whole = column(self, gap=0)
        whole.addWidget(header)
        whole.addWidget(self.grid, 1)
