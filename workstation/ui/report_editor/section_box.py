"""One section of the report: heading, statements, and a line to write in."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from workstation.report.check_finding import CheckFinding
from workstation.report.document import ReportDocument, Section, Statement, StatementStatus
from workstation.services.edit_report import needs_evidence_first
from workstation.ui.report_editor.acts import ReportActs
from workstation.ui.report_editor.new_sentence import NewSentence
from workstation.ui.report_editor.statement_row import KeyAction, StatementRow
from workstation.ui.theme import step_px
from workstation.ui.widgets import column, label
from workstation.ui.words import tr


class SectionBox(QWidget):
    """Rows of one section; only rows that changed are touched. Owned by the UI thread.

    Signals:
        row_focused(str): a row of this section got the focus.
    """

    row_focused = Signal(str)

    def __init__(self, section: Section, acts: ReportActs, key_action: KeyAction) -> None:
        super().__init__()
        self.section = section
        self._acts = acts
        self._key_action = key_action
        self._rows: dict[str, StatementRow] = {}
        self._shown: dict[str, object] = {}
        self._inside = column(self, gap=0.5)
        heading = label(tr(section.title), "heading")
        heading.setContentsMargins(step_px(3), step_px(2), 0, step_px(0.5))
        self._inside.addWidget(heading)
        self.writer = NewSentence(section, acts)
        self._inside.addWidget(self.writer)

    @property
    def rows(self) -> Sequence[StatementRow]:
        """Rows in order."""
        return list(self._rows.values())

    def show_document(self, document: ReportDocument) -> None:
        """Bring the rows up to a document."""
        statements = [s for s in document.in_section(self.section) if not _is_gone(s)]
        wanted = [s for s in statements if s.statement_id != self.writer.statement_id]
        for statement_id in set(self._rows) - {s.statement_id for s in wanted}:
            self._rows.pop(statement_id).deleteLater()
            self._shown.pop(statement_id, None)
        for place, statement in enumerate(wanted, start=1):
            row = self._rows.get(statement.statement_id)
            if row is None:
                row = StatementRow(statement, self._acts, self._key_action)
                row.focused.connect(lambda s=statement.statement_id: self.row_focused.emit(s))
                self._rows[statement.statement_id] = row
                self._inside.insertWidget(place, row)
            needs = needs_evidence_first(document, statement)
            is_locked = document.is_signed or statement.statement_id in document.signed_ids
            state = (statement, needs, is_locked)
            if self._shown.get(statement.statement_id) != state:
                self._shown[statement.statement_id] = state
                row.show_statement(
                    statement,
                    needs_evidence=needs,
                    is_locked=is_locked,
                    place_of=self._acts.place_of,
                )
        is_closed = document.is_signed or bool(document.signed_ids)
        can_write = not is_closed or (self.section is Section.ADDENDUM and not document.is_signed)
        self.writer.setVisible(can_write)
        self.setVisible(self.section is not Section.ADDENDUM or bool(document.signed_ids))

    def clear(self) -> None:
        """Take every row away, and what stands in the empty line."""
        for row in self._rows.values():
            row.hide()
            row.deleteLater()
        self._rows.clear()
        self._shown.clear()
        self.writer.clear()

    def set_marks(self, marks: Sequence[CheckFinding]) -> None:
        """Underline what the checker found."""
        for statement_id, row in self._rows.items():
            row.set_marks([mark for mark in marks if mark.statement_id == statement_id])


def _is_gone(statement: Statement) -> bool:
    """Whether a statement is a sentence of the reader's own that was taken out again."""
    return not statement.is_drafted and statement.status is StatementStatus.REJECTED
