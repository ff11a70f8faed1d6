"""The sign panel: what is still open, what the signature means, the passphrase, one button."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QLineEdit, QStackedWidget, QWidget

from workstation.report.check_finding import CheckFinding, Severity
from workstation.report.document import Meaning, ReportDocument
from workstation.report.lifecycle import meanings_allowed
from workstation.ui.widgets import button, clear, column, label, rule, scrolled
from workstation.ui.words import count_of, patient_facts, patient_name, tr

MEANING_WORDS = {
    Meaning.FINAL: ("Final report", "Sign as final"),
    Meaning.PRELIMINARY: ("Preliminary report", "Sign as preliminary"),
    Meaning.ADDENDUM: ("Addendum", "Sign addendum"),
}
"""What a meaning is called in the list, and on the button."""


class SignPanel(QWidget):
    """The form beside the pages that will leave. Owned by the UI thread."""

    def __init__(
        self,
        *,
        sign: Callable[[Meaning, str], None],
        go_to: Callable[[str], None],
        make_identity: Callable[[], None],
    ) -> None:
        """Make the form.

        Args:
            sign: signs with a meaning and a passphrase.
            go_to: goes to a statement of the report.
            make_identity: opens the page that makes a signing identity.
        """
        super().__init__()
        self._sign, self._go_to = sign, go_to
        self._obstacles = 0
        self._has_identity = False
        self._who = label("", "strong", wraps=True)
        self._facts = label("", "quiet", wraps=True)
        self._open_column = column(gap=1)
        self._signer = label("", wraps=True)
        self.meaning = QComboBox()
        self.meaning.setAccessibleName(tr("Meaning of the signature"))
        self.meaning.currentIndexChanged.connect(self._name_button)
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setAccessibleName(tr("Passphrase"))
        self.passphrase.textChanged.connect(self._update_button)
        self.passphrase.returnPressed.connect(self._go)
        self.sign_button = button(tr("Sign as final"), self._go, role="primary")
        self.message = label("", wraps=True)
        self._identity_button = button(tr("Make a signing identity"), make_identity)
        self._pages = QStackedWidget()
        self._done = label("", "strong", wraps=True)
        self._lay_out()

    def show_report(
        self,
        document: ReportDocument,
        findings: tuple[CheckFinding, ...],
        *,
        signer: str,
        has_identity: bool,
    ) -> None:
        """Show what stands before a signature.

        Args:
            document: the report.
            findings: of the checker, for this document.
            signer: name of the reader; empty where nobody has said so.
            has_identity: whether that reader has a signing identity.
        """
        patient = document.study.patient
        self._who.setText(patient_name(patient))
        self._facts.setText(patient_facts(patient))
        self._has_identity = has_identity
        self._fill_open(document, findings)
        self._fill_meanings(document)
        signs_as = tr("You sign as {0}.").format(signer)
        self._signer.setText(signs_as if has_identity else tr(_NO_IDENTITY))
        self._identity_button.setVisible(not has_identity)
        if not has_identity and self.passphrase.hasFocus():
            # A control that is switched off hands its focus on to wherever the chain leads.
            self._identity_button.setFocus()
        self.passphrase.setEnabled(has_identity)
        self._pages.setCurrentIndex(0)
        self._update_button()

    def show_busy(self) -> None:
        """Show that the signing runs; the passphrase is forgotten at once."""
        self.passphrase.clear()
        self.message.setText(tr("Signing…"))
        self._update_button()

    def show_refused(self, sentence: str) -> None:
        """Show why it was not signed."""
        self.message.setText(sentence)
        self._update_button()

    def show_signed(self, sentence: str) -> None:
        """Show when it was signed and where it is."""
        self._done.setText(sentence)
        self.message.clear()
        self._pages.setCurrentIndex(1)

    @property
    def done_text(self) -> str:
        """The words shown after signing."""
        return self._done.text()

    def _lay_out(self) -> None:
        form = QWidget()
        inside = column(form, margin=3, gap=2)
        inside.addWidget(self._who)
        inside.addWidget(self._facts)
        inside.addWidget(rule())
        inside.addLayout(self._open_column)
        inside.addWidget(rule())
        inside.addWidget(self._signer)
        inside.addWidget(self._identity_button)
        inside.addWidget(label(tr("Meaning"), "heading"))
        inside.addWidget(self.meaning)
        inside.addWidget(label(tr("Passphrase"), "heading"))
        inside.addWidget(self.passphrase)
        inside.addWidget(self.message)
        inside.addWidget(self.sign_button)
        inside.addStretch(1)
        self._pages.addWidget(scrolled(form))
        done = QWidget()
        after = column(done, margin=3, gap=2)
        after.addWidget(self._done)
        after.addWidget(label(tr(_AFTER), "quiet", wraps=True))
        after.addStretch(1)
        self._pages.addWidget(done)
        column(self).addWidget(self._pages)

    def _fill_open(self, document: ReportDocument, findings: tuple[CheckFinding, ...]) -> None:
        clear(self._open_column)
        waiting = document.open_statements
        blocks = [f for f in findings if f.severity is Severity.BLOCK and f.code not in _COUNTED]
        doubts = [f for f in findings if f.severity is Severity.DOUBT]
        self._obstacles = len(waiting) + len(blocks)
        is_empty = not any(s.is_in_report for s in document.statements)
        self._add_count(count_of(len(waiting), "open sentence", "open sentences"), waiting)
        self._add_count(count_of(len(blocks), "block", "blocks"), blocks)
        self._add_count(count_of(len(doubts), "doubt", "doubts"), ())
        taken = [s for s in document.statements if s.is_drafted and s.evidence and s.is_in_report]
        seen = [s for s in taken if s.statement_id in document.evidence_seen]
        if taken:
            words = tr("Evidence seen: {0} of {1}").format(len(seen), len(taken))
            self._open_column.addWidget(label(words, "quiet"))
        self._open_column.addWidget(label(tr(_RECIPIENTS), "quiet", wraps=True))
        if is_empty and not waiting:
            self._obstacles += 1
            self._open_column.addWidget(label(tr("The report holds no words."), "blocked"))
        ids = [s.statement_id for s in waiting] + [f.statement_id for f in blocks]
        if ids and ids[0]:
            first = ids[0]
            self._open_column.addWidget(button(tr("Go to the first"), lambda: self._go_to(first)))
        for finding in blocks:
            self._open_column.addWidget(label(finding.text, "quiet", wraps=True))

    def _add_count(self, words: str, obstacles: object) -> None:
        self._open_column.addWidget(label(words, "blocked" if obstacles else ""))

    def _fill_meanings(self, document: ReportDocument) -> None:
        allowed = meanings_allowed(document)
        if [self.meaning.itemData(n) for n in range(self.meaning.count())] == list(allowed):
            return
        self.meaning.clear()
        for meaning in allowed:
            self.meaning.addItem(tr(MEANING_WORDS[meaning][0]), meaning)

    def _chosen(self) -> Meaning | None:
        chosen = self.meaning.currentData()
        return chosen if isinstance(chosen, Meaning) else None

    def _name_button(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.sign_button.setText(tr(MEANING_WORDS[chosen][1]))
            self.sign_button.setAccessibleName(self.sign_button.text())

    def _update_button(self) -> None:
        is_ready = self._has_identity and not self._obstacles and bool(self.passphrase.text())
        self.sign_button.setEnabled(is_ready and self._chosen() is not None)

    def _go(self) -> None:
        chosen = self._chosen()
        if chosen is not None and self.sign_button.isEnabled():
            passphrase = self.passphrase.text()
            self.show_busy()
            self._sign(chosen, passphrase)


_NO_IDENTITY = "You have no signing identity on this machine yet."
_RECIPIENTS = "Recipients: none. The signed report is stored on this machine."
_AFTER = (
    "The signed report, its PDF and its structured report lie there together. "
    "A signed report is never changed; what comes later is an addendum."
)
_COUNTED = frozenset({"unreviewed", "empty-report"})
"""Findings that the counts above say already."""
