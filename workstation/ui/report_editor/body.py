"""The Report tab: sections, questions and what was not assessed, in one scrolling column."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from workstation.core.finding import Fact
from workstation.report.check_finding import CheckFinding
from workstation.report.document import ReportDocument, Section
from workstation.ui.report_editor.acts import ReportActs
from workstation.ui.report_editor.question_row import QuestionRow
from workstation.ui.report_editor.section_box import SectionBox
from workstation.ui.report_editor.statement_row import KeyAction, KeyRow, StatementRow
from workstation.ui.theme import step_px
from workstation.ui.widgets import column, label, scrolled, tool_button
from workstation.ui.words import tr

WRITTEN_SECTIONS = (
    Section.INDICATION,
    Section.TECHNIQUE,
    Section.COMPARISON,
    Section.FINDINGS,
    Section.IMPRESSION,
    Section.ADDENDUM,
)


class ReportBody(QWidget):
    """Statements and questions of one report. Owned by the UI thread.

    Signals:
        current_changed(str): another row became the current one; its statement id.
    """

    current_changed = Signal(str)

    def __init__(self, acts: ReportActs, key_action: KeyAction) -> None:
        super().__init__()
        self._acts = acts
        self._key_action = key_action
        self._current = ""
        self._questions: dict[str, QuestionRow] = {}
        self._boxes = {section: self._box(section) for section in WRITTEN_SECTIONS}
        self._question_heading = label(tr("Questions"), "heading")
        self._question_heading.setContentsMargins(step_px(3), step_px(2), 0, 0)
        self._question_note = label(
            tr("Too uncertain to be written as a sentence. Yes opens a line of your own."),
            "quiet",
            wraps=True,
        )
        self._question_note.setContentsMargins(step_px(3), 0, step_px(2), 0)
        self._question_column = column(gap=1)
        self._unassessed = _Fold()
        self._scroll = self._lay_out()

    @property
    def current_id(self) -> str:
        """Id of the current statement or question; empty for none."""
        return self._current

    @property
    def rows(self) -> Sequence[KeyRow]:
        """All rows that keys walk through, in order."""
        rows: list[KeyRow] = [row for box in self._boxes.values() for row in box.rows]
        return [*rows, *self._questions.values()]

    def row(self, statement_id: str) -> KeyRow | None:
        """Return the row of a statement or question; None where there is none."""
        return next((row for row in self.rows if _id_of(row) == statement_id), None)

    def show_document(self, document: ReportDocument) -> None:
        """Bring everything up to a document."""
        for box in self._boxes.values():
            box.show_document(document)
        self._show_questions(document)
        self._unassessed.show_facts(document.facts)
        if self._current and self.row(self._current) is None:
            self._current = ""

    def clear(self) -> None:
        """Take every row away."""
        for box in self._boxes.values():
            box.clear()
        for row in self._questions.values():
            row.deleteLater()
        self._questions.clear()
        self._current = ""

    def set_marks(self, marks: Sequence[CheckFinding]) -> None:
        """Underline what the checker found."""
        for box in self._boxes.values():
            box.set_marks(marks)

    def walk(self, step: int) -> None:
        """Make the row before or after the current one current."""
        rows = list(self.rows)
        if not rows:
            return
        ids = [_id_of(row) for row in rows]
        place = ids.index(self._current) + step if self._current in ids else 0
        self.go_to(ids[max(0, min(place, len(ids) - 1))])

    def go_to(self, statement_id: str) -> None:
        """Make a row current and bring it into view."""
        row = self.row(statement_id)
        if row is not None:
            row.setFocus(Qt.FocusReason.ShortcutFocusReason)
            # Also where the window is not the active one, and gets no focus events.
            self._become_current(statement_id)
            # Showing its buttons changes the height of the row: bring it into view after that.
            QTimer.singleShot(0, row, lambda: self._scroll.ensureWidgetVisible(row, 0, step_px(4)))

    def go_to_current(self) -> None:
        """Put the focus on the current row, or on the first."""
        if self._current:
            self.go_to(self._current)
        else:
            self.walk(0)

    def write_in(self, section: Section) -> None:
        """Put the cursor into the empty line of a section."""
        writer = self._boxes[section].writer
        writer.start()
        self._scroll.ensureWidgetVisible(writer, 0, step_px(4))

    def section_of_current(self) -> Section:
        """Return the section the current row is in; findings where there is none."""
        for section, box in self._boxes.items():
            if any(row.statement_id == self._current for row in box.rows):
                return section
        return Section.FINDINGS

    def hand_over(self) -> None:
        """Hand over every word that is being typed."""
        for box in self._boxes.values():
            box.writer.text.hand_over_now()
            for row in box.rows:
                row.text.hand_over_now()

    def _box(self, section: Section) -> SectionBox:
        made = SectionBox(section, self._acts, self._key_action)
        made.row_focused.connect(self._become_current)
        return made

    def _lay_out(self) -> QScrollArea:
        content = QWidget()
        inside = column(content, gap=1)
        for box in self._boxes.values():
            inside.addWidget(box)
        inside.addWidget(self._question_heading)
        inside.addWidget(self._question_note)
        inside.addLayout(self._question_column)
        inside.addWidget(self._unassessed)
        inside.addStretch(1)
        inside.setContentsMargins(step_px(1), 0, step_px(1), step_px(4))
        made = scrolled(content)
        column(self).addWidget(made)
        return made

    def _show_questions(self, document: ReportDocument) -> None:
        wanted = {q.statement.statement_id for q in document.questions}
        for statement_id in set(self._questions) - wanted:
            self._questions.pop(statement_id).deleteLater()
        for question in document.questions:
            statement_id = question.statement.statement_id
            row = self._questions.get(statement_id)
            if row is None:
                row = QuestionRow(question, self._acts, self._key_action)
                row.focused.connect(lambda s=statement_id: self._become_current(s))
                self._questions[statement_id] = row
                self._question_column.addWidget(row)
            row.show_question(question, is_locked=document.is_signed, place_of=self._acts.place_of)
        has_questions = bool(document.questions)
        self._question_heading.setVisible(has_questions)
        self._question_note.setVisible(has_questions)

    def _become_current(self, statement_id: str) -> None:
        if statement_id == self._current:
            return
        old = self.row(self._current)
        new = self.row(statement_id)
        self._current = statement_id
        for row, is_current in ((old, False), (new, True)):
            if isinstance(row, StatementRow | QuestionRow):
                row.set_current(is_current=is_current)
        self.current_changed.emit(statement_id)


class _Fold(QWidget):
    """One folded line that names what was not assessed, with the reasons."""

    def __init__(self) -> None:
        super().__init__()
        self._words = ""
        self._line = tool_button("", self._toggle)
        self._line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._line.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._line.setArrowType(Qt.ArrowType.RightArrow)
        self._line.setCheckable(True)
        self._all = label("", "quiet", wraps=True)
        self._all.setContentsMargins(step_px(6), 0, step_px(2), 0)
        inside = column(self, gap=0.5)
        inside.setContentsMargins(0, step_px(2), 0, 0)
        inside.addWidget(self._line)
        inside.addWidget(self._all)
        self._all.hide()

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Name the facts that were not assessed."""
        names: dict[str, str] = {}
        for fact in facts:
            if not fact.is_assessed:
                names.setdefault(fact.finding, fact.reason)
        self.setVisible(bool(names))
        entries = [f"{name} ({reason})" if reason else name for name, reason in names.items()]
        self._words = f"{tr('Not assessed')}: {', '.join(entries)}"
        self._line.setAccessibleName(self._words)
        self._all.setText("\n".join(entries))
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much of the line as fits."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        room_px = self.width() - step_px(10)
        right = Qt.TextElideMode.ElideRight
        self._line.setText(self._line.fontMetrics().elidedText(self._words, right, room_px))

    def _toggle(self) -> None:
        is_open = self._line.isChecked()
        self._all.setVisible(is_open)
        self._line.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)


def _id_of(row: KeyRow) -> str:
    return row.statement_id if isinstance(row, StatementRow | QuestionRow) else ""
