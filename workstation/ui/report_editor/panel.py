"""The report panel: Report, Measures and Priors, what the checker found, Check and Sign."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QStackedWidget,
    QTabWidget,
    QWidget,
)

from workstation.core.finding import Evidence
from workstation.report.check_finding import CheckFinding
from workstation.report.document import ReportDocument, Section
from workstation.services.edit_report import own_id
from workstation.ui.report_editor.acts import ReportActs
from workstation.ui.report_editor.body import ReportBody
from workstation.ui.report_editor.check_list import CheckList
from workstation.ui.report_editor.facts_tab import FactsTab
from workstation.ui.report_editor.priors_tab import PriorsTab
from workstation.ui.report_editor.statement_row import KeyAction, StatementRow
from workstation.ui.theme import step_px
from workstation.ui.widgets import (
    button,
    column,
    empty_notice,
    label,
    line,
    rule,
    scrolled,
    tool_button,
)
from workstation.ui.words import NO_PATIENT, NO_REPORT, count_of, patient_facts, patient_name, tr


class ReportPanel(QFrame):
    """One report of one patient. Owned by the UI thread.

    Signals:
        current_changed(str): another statement became current.
    """

    current_changed = Signal(str)

    def __init__(
        self,
        acts: ReportActs,
        key_action: KeyAction,
        *,
        show_fact: Callable[[Evidence], None],
    ) -> None:
        """Make an empty panel.

        Args:
            acts: does what the panel asks for.
            key_action: finds the command of a key.
            show_fact: brings the evidence of a fact on screen.
        """
        super().__init__()
        self.setProperty("role", "panel")
        self.setAccessibleName(tr("Report"))
        self._acts = acts
        self._marks: tuple[CheckFinding, ...] = ()
        self._who = label("", "strong", wraps=True)
        self.status = label("", "quiet")
        self.body = ReportBody(acts, key_action)
        self.body.current_changed.connect(self.current_changed)
        self.facts = FactsTab(show=show_fact, place_of=acts.place_of, measure=acts.measure)
        self.priors = PriorsTab()
        self.read_first = ReadFirst(self._take_impression)
        self._checks = CheckList(self.body.go_to, self._take_mend)
        self._check_scroll = scrolled(self._checks)
        self.check_button = button(tr("Check"), acts.check, role="small")
        self.sign_button = button(tr("Sign…"), acts.sign, role="primary")
        self.draft_button = button(tr("Draft the report"), acts.draft, role="small")
        self._pages = QStackedWidget()
        self.tabs = QTabWidget()
        self._lay_out()
        self.show_document(None)

    def show_document(self, document: ReportDocument | None, *, is_hidden: bool = False) -> None:
        """Show a report; None where no study is open.

        Args:
            document: the report.
            is_hidden: the draft waits for the reader's own impression.
        """
        if document is None:
            self._who.clear()
            self.status.clear()
            self._pages.setCurrentIndex(0)
            self._set_buttons(None)
            return
        patient = document.study.patient
        self._who.setText(f"{patient_name(patient)}  {patient_facts(patient)}")
        self.body.show_document(document)
        self._pages.setCurrentIndex(1 if is_hidden else 2)
        self._set_buttons(document)
        self.status.setText(_status_words(document))

    def has_focus_inside(self) -> bool:
        """Whether the keys go to this panel now."""
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def show_opening(self) -> None:
        """Show that the report of the open study is being fetched."""
        self._pages.setCurrentIndex(3)

    def show_no_report(self) -> None:
        """Show that there is none of what is open, and why."""
        self.show_document(None)
        self._pages.setCurrentIndex(4)

    def clear(self) -> None:
        """Show nothing: no word of one patient stays when another study opens."""
        self._hide_checks()
        self.show_marks((), is_asked=False)
        self.body.clear()
        self.priors.show_priors(())
        self.show_document(None)

    def show_marks(self, marks: Sequence[CheckFinding], *, is_asked: bool) -> None:
        """Show what the checker found; the list opens only where the reader asked for it."""
        self._marks = tuple(marks)
        self.body.set_marks(marks)
        self._checks.show_marks(marks)
        words = tr("Check") if not marks else f"{tr('Check')} ({len(marks)})"
        self.check_button.setText(words)
        if is_asked:
            self._check_scroll.show()
            self._close_checks.show()
        elif not marks:
            self._hide_checks()

    def focus_report(self) -> None:
        """Put the focus into the report."""
        self.tabs.setCurrentIndex(0)
        if self._pages.currentIndex() == 1:
            self.read_first.field.setFocus()
        elif self.body.rows:
            self.body.go_to_current()
        elif self._pages.currentIndex() == 2:
            self.body.write_in(Section.FINDINGS)
        else:
            self.draft_button.setFocus()

    def _lay_out(self) -> None:
        whole = column(self, gap=0)
        top = line(gap=2)
        top.setContentsMargins(step_px(3), step_px(2), step_px(2), 0)
        top.addWidget(self._who, 1)
        whole.addLayout(top)
        self._pages.addWidget(self._empty_page())
        self._pages.addWidget(self.read_first)
        self._pages.addWidget(self.body)
        self._pages.addWidget(
            empty_notice(tr("The report is being opened"), tr("It comes with the first images."))
        )
        self._pages.addWidget(empty_notice(tr(NO_PATIENT), tr(NO_REPORT)))
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self._pages, tr("Report"))
        self.tabs.addTab(self.facts, tr("Measures"))
        self.tabs.addTab(self.priors, tr("Priors"))
        whole.addWidget(self.tabs, 1)
        self._check_scroll.setMaximumHeight(step_px(52))
        self._check_scroll.hide()
        self._close_checks = tool_button(tr("Close the list"), self._hide_checks)
        self._close_checks.hide()
        whole.addWidget(rule())
        whole.addWidget(self._check_scroll)
        whole.addWidget(self._close_checks)
        bottom = line(gap=2)
        bottom.setContentsMargins(step_px(3), step_px(1), step_px(3), step_px(2))
        self.status.setContentsMargins(step_px(3), step_px(1), step_px(3), 0)
        whole.addWidget(self.status)
        bottom.addStretch(1)
        bottom.addWidget(self.draft_button)
        bottom.addWidget(self.check_button)
        bottom.addWidget(self.sign_button)
        whole.addLayout(bottom)

    def _empty_page(self) -> QWidget:
        return empty_notice(
            tr("No report yet"),
            tr(
                "Open a study: its report will stand here. You can write it yourself, or ask for "
                "a draft (Ctrl+D). A draft only proposes; each of its sentences waits for you."
            ),
        )

    def _set_buttons(self, document: ReportDocument | None) -> None:
        is_open = document is not None and not document.is_signed
        has_draft = document is not None and any(s.is_drafted for s in document.statements)
        self.draft_button.setVisible(is_open and not has_draft)
        self.check_button.setEnabled(document is not None)
        self.sign_button.setEnabled(is_open)

    def _hide_checks(self) -> None:
        self._check_scroll.hide()
        self._close_checks.hide()

    def _take_impression(self, words: str) -> None:
        self._acts.add(Section.IMPRESSION, words, own_id())

    def _take_mend(self, mark: CheckFinding) -> None:
        row = self.body.row(mark.statement_id)
        if isinstance(row, StatementRow) and mark.replacement is not None:
            words = row.text.toPlainText()
            mended = words[: mark.start] + mark.replacement + words[mark.end :]
            self._acts.edit(mark.statement_id, mended)
            self._acts.end_edit()
            self._acts.check()


class ReadFirst(QWidget):
    """Asks for the reader's impression before the draft is shown. Owned by the UI thread."""

    def __init__(self, take: Callable[[str], None]) -> None:
        """Make the page.

        Args:
            take: takes the impression, which becomes a sentence of the report.
        """
        super().__init__()
        self._take = take
        self.field = QLineEdit()
        self.field.setAccessibleName(tr("Your impression"))
        self.field.setPlaceholderText(tr("One line"))
        self.field.returnPressed.connect(self._done)
        inside = column(self, margin=4, gap=2)
        inside.addWidget(label(tr("Your impression first"), "strong"))
        words = tr("Read the images, then write one line. The draft is shown after that.")
        inside.addWidget(label(words, "quiet", wraps=True))
        inside.addWidget(self.field)
        inside.addWidget(button(tr("Show the draft"), self._done))
        inside.addStretch(1)

    def _done(self) -> None:
        words = self.field.text().strip()
        if words:
            self.field.clear()
            self._take(words)


def _status_words(document: ReportDocument) -> str:
    if document.is_signed:
        return tr("Signed")
    waiting = len(document.open_statements)
    if waiting:
        return count_of(waiting, "sentence waits for you", "sentences wait for you")
    unanswered = sum(1 for q in document.questions if q.answer is None)
    if unanswered:
        return count_of(unanswered, "question open", "questions open")
    return tr("Nothing is open") if document.statements else ""
