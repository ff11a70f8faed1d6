"""What was received of a series, what of it is shown, and what is doubted: read at a glance.

From top to bottom: the study in one line; the sum received = shown + set aside; what is blocked
or in doubt; the facts; and, folded, the files set aside and the stacks. Calm where all is well:
then there is no color on it at all. Nothing here is ever green.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QWidget

from workstation.ui.series_browser.account import (
    Account,
    AsideGroup,
    StudyAccount,
    absent_text,
    as_text,
)
from workstation.ui.series_browser.parts import (
    FactsTable,
    Fold,
    SumOfFiles,
    copy_text,
    group_fold,
    names_list,
)
from workstation.ui.theme import step_px
from workstation.ui.widgets import (
    button,
    clear,
    column,
    empty_notice,
    label,
    line,
    rule,
    scrolled,
)
from workstation.ui.words import tr


class VerdictPanel(QWidget):
    """The account of the series on screen and of its study. Owned by the UI thread.

    Signals:
        fill_wished: the reader wishes that missing slices are proposed.
    """

    fill_wished = Signal()

    def __init__(self) -> None:
        super().__init__()
        content = QWidget()
        self._inside = column(content, margin=3, gap=2)
        self._shown: tuple[Account | None, StudyAccount | None] = (None, None)
        self._is_stale = False
        self.copied = label("", "quiet")
        column(self).addWidget(scrolled(content))
        self._show_nothing()

    @property
    def account(self) -> Account | None:
        """What is shown of a series; None for nothing."""
        return self._shown[0]

    def show_account(self, account: Account | None, study: StudyAccount | None) -> None:
        """Show an account; None where no series is open. What is the same stays as it is."""
        if (account, study) == self._shown:
            return
        self._shown = (account, study)
        self._is_stale = True
        if self.isVisible():
            self._build()

    def showEvent(self, event: QShowEvent) -> None:
        """Build what is to be seen: while nobody looks, opening a study does not wait for it."""
        if self._is_stale:
            self._build()
        super().showEvent(event)

    def _build(self) -> None:
        account, study = self._shown
        self._is_stale = False
        clear(self._inside)
        if study is not None:
            self._add_study(study)
        if account is None:
            self._show_nothing()
            return
        self._add_head(account)
        self._add_doubts(account)
        self._inside.addWidget(rule())
        if account.facts:
            self._inside.addWidget(FactsTable(account.facts))
        if account.calm:
            self._inside.addWidget(label(account.calm, "quiet", wraps=True))
        self._add_folds(account)
        self._inside.addStretch(1)
        self.setAccessibleDescription(f"{account.sum_text}. {account.doubt_text}")

    def copy(self) -> None:
        """Put the whole account on the clipboard, without anything that names the patient."""
        if self.account is not None:
            copy_text(as_text(self.account))
            self.copied.setText(tr("Copied, without names"))

    def _show_nothing(self) -> None:
        self._inside.addWidget(
            empty_notice(
                tr("Nothing received yet"),
                tr("Open a study to see how many files came, how many are shown and why."),
            )
        )
        self._inside.addStretch(1)
        self.setAccessibleDescription("")

    def _add_study(self, study: StudyAccount) -> None:
        if study.groups:
            self._inside.addWidget(Fold(study.text, lambda: _groups(study.groups), role="quiet"))
        else:
            self._inside.addWidget(label(study.text, "quiet", wraps=True))
        if study.homeless:
            words = study.homeless_text
            self._inside.addWidget(Fold(words, lambda: _groups(study.homeless), role="quiet"))
        self._inside.addWidget(rule())

    def _add_head(self, account: Account) -> None:
        top = QWidget()
        across = line(top, gap=2)
        across.addWidget(label(account.title, "strong", wraps=True), 1)
        self.copied = label("", "quiet")
        across.addWidget(self.copied)
        copy = button(tr("Copy"), self.copy, role="small")
        copy.setToolTip(tr("Copy all of this as text; no name, number or file of the patient"))
        across.addWidget(copy)
        self._inside.addWidget(top)
        self._inside.addWidget(label(account.kind, "quiet", wraps=True))
        self._inside.addWidget(SumOfFiles(account.received, account.shown, account.aside))
        if account.frames:
            self._inside.addWidget(label(account.frames, "quiet", wraps=True))

    def _add_doubts(self, account: Account) -> None:
        if account.blocked:
            self._inside.addWidget(_marked(account.blocked, "blocked", tr("Blocked")))
        if not account.doubts:
            self._inside.addWidget(label(account.doubt_text))
            return
        self._inside.addWidget(label(account.doubt_text, "doubt"))
        for doubt in account.doubts:
            self._inside.addWidget(_marked(doubt, "doubted", tr("Doubt")))
        if account.has_gaps:
            propose = button(tr("Propose missing slices"), self.fill_wished.emit, role="small")
            propose.setToolTip(tr("A model proposes them; they are hatched and never measured"))
            self._inside.addWidget(propose)

    def _add_folds(self, account: Account) -> None:
        if account.groups or account.absent:
            self._inside.addWidget(label(tr("Set aside"), "heading"))
        for group in account.groups:
            self._inside.addWidget(group_fold(group))
        if account.absent:
            words = absent_text(len(account.absent))
            self._inside.addWidget(Fold(words, lambda: names_list(account.absent)))
        if account.stacks:
            title = tr("{0} stacks").format(f"{len(account.stacks):,}")
            self._inside.addWidget(Fold(title, lambda: _lines(account.stacks), role="heading"))


def _marked(text: str, role: str, kind: str) -> QLabel:
    """Return a sentence with a bar of its color at the left; its kind is told to screen readers."""
    made = label(text, role, wraps=True)
    made.setAccessibleName(f"{kind}: {text}")
    made.setContentsMargins(0, step_px(0.5), 0, step_px(0.5))
    return made


def _groups(groups: tuple[AsideGroup, ...]) -> QWidget:
    made = QWidget()
    inside = column(made, gap=0)
    for group in groups:
        inside.addWidget(group_fold(group))
    return made


def _lines(lines: tuple[str, ...]) -> QWidget:
    made = QWidget()
    inside = column(made, gap=1)
    for text in lines:
        inside.addWidget(label(text, wraps=True))
    return made
