"""A question of the draft: a finding under the threshold, asked apart from the prose."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton

from workstation.report.document import Answer, Question
from workstation.ui.report_editor.acts import ReportActs
from workstation.ui.report_editor.statement_row import KeyAction, KeyRow, PlaceOf
from workstation.ui.theme import current_theme, step_px
from workstation.ui.widgets import button, clear, column, label, line, tool_button
from workstation.ui.words import tr

ANSWER_WORDS = {Answer.YES: "Yes", Answer.NO: "No", Answer.CANNOT_TELL: "Cannot tell"}


class QuestionRow(KeyRow):
    """One question with its three answers. Owned by the UI thread."""

    def __init__(self, question: Question, acts: ReportActs, key_action: KeyAction) -> None:
        super().__init__(key_action)
        self._acts = acts
        self._question = question
        self._words = label("", wraps=True)
        self._chips = line(gap=1)
        self._answers: dict[Answer, QPushButton] = {}
        inside = column(self, gap=1)
        inside.setContentsMargins(step_px(3), step_px(1.5), step_px(2), step_px(1.5))
        inside.addWidget(self._words)
        below = line(gap=1)
        below.addLayout(self._chips)
        for answer, words in ANSWER_WORDS.items():
            self._answers[answer] = self._answer_button(answer, tr(words))
            below.addWidget(self._answers[answer])
        below.addStretch(1)
        inside.addLayout(below)

    @property
    def statement_id(self) -> str:
        """Id of the question shown."""
        return self._question.statement.statement_id

    def answer_button(self, answer: Answer) -> QPushButton:
        """Return the button of an answer."""
        return self._answers[answer]

    def show_question(self, question: Question, *, is_locked: bool, place_of: PlaceOf) -> None:
        """Show a question and its answer."""
        self._question = question
        self._words.setText(question.statement.text)
        clear(self._chips)
        if question.statement.evidence:
            place = place_of(question.statement.evidence[0])
            statement_id = self.statement_id
            if place:
                chip = tool_button(
                    place, lambda: self._acts.show_evidence(statement_id), role="chip"
                )
                self._chips.addWidget(chip)
        for answer, control in self._answers.items():
            control.setChecked(question.answer is answer)
            control.setEnabled(not is_locked)
        said = tr(ANSWER_WORDS[question.answer]) if question.answer else tr("not answered")
        self.setAccessibleName(f"{tr('Question')}: {question.statement.text}; {said}")

    def set_current(self, *, is_current: bool) -> None:
        """Questions look the same whether current or not."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the focus."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setPen(QPen(QColor(current_theme().accent), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
            painter.end()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus."""
        super().focusOutEvent(event)
        self.update()

    def _answer_button(self, answer: Answer, words: str) -> QPushButton:
        made = button(words, lambda: self._choose(answer), role="small")
        made.setCheckable(True)
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return made

    def _choose(self, answer: Answer) -> None:
        is_same = self._question.answer is answer
        self._acts.answer(self.statement_id, None if is_same else answer)
