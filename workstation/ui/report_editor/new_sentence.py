"""A place for a sentence of the reader's own; what is typed is kept as it is typed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QWidget

from workstation.report.document import Section
from workstation.services.edit_report import own_id
from workstation.ui.report_editor.acts import ReportActs
from workstation.ui.report_editor.statement_text import StatementText
from workstation.ui.theme import current_theme, step_px
from workstation.ui.widgets import column
from workstation.ui.words import tr


class NewSentence(QFrame):
    """An empty line of a section that becomes a statement. Owned by the UI thread.

    Signals:
        taken(): the sentence is complete and stands in the report.
    """

    taken = Signal()

    def __init__(self, section: Section, acts: ReportActs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._section = section
        self._acts = acts
        self._statement_id = ""
        self.text = StatementText()
        self.text.setPlaceholderText(tr("Write here"))
        self.text.setAccessibleName(f"{tr('Write a sentence')}: {section.title}")
        self.text.typed.connect(self._keep)
        self.text.left.connect(self._finish)
        inside = column(self)
        inside.setContentsMargins(step_px(7), 0, step_px(2), 0)
        inside.addWidget(self.text)
        # Always open for typing, so that Tab and a click lead straight in.
        self._open()

    @property
    def statement_id(self) -> str:
        """Id of the sentence that is being typed; empty before its first words are kept."""
        return self._statement_id

    @property
    def section(self) -> Section:
        """The section it writes to."""
        return self._section

    def start(self) -> None:
        """Put the cursor here."""
        self._open()
        self.text.setFocus()

    def clear(self) -> None:
        """Forget what stands here; it was handed over before."""
        self._statement_id = ""
        self.text.clear_quietly()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click anywhere in the line starts the typing."""
        super().mousePressEvent(event)
        self.start()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the focus to the field."""
        super().focusInEvent(event)
        self.start()

    def _open(self) -> None:
        self.text.open_quietly(current_theme().text)

    def _keep(self, words: str) -> None:
        if not words.strip():
            return
        if not self._statement_id:
            # Known before it is added: the row of what is typed here must not appear above.
            self._statement_id = own_id()
            self._acts.add(self._section, words, self._statement_id)
        else:
            self._acts.edit(self._statement_id, words)

    def _finish(self) -> None:
        words = self.text.toPlainText().strip()
        if words:
            self._keep(words)
        elif self._statement_id:
            self._acts.reject(self._statement_id)
        self._statement_id = ""
        self.text.clear()
        self._acts.end_edit()
        self._open()
        self.taken.emit()
