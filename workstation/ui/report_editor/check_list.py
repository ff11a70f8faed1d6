"""What the checker found, in order; a click goes there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from workstation.report.check_finding import CheckFinding, Severity
from workstation.ui.widgets import button, clear, column, frame, label, line
from workstation.ui.words import count_of, tr


class CheckList(QWidget):
    """The findings of the checker. Owned by the UI thread."""

    def __init__(
        self, go_to: Callable[[str], None], take_mend: Callable[[CheckFinding], None]
    ) -> None:
        """Make an empty list.

        Args:
            go_to: goes to a statement.
            take_mend: puts the words the checker offers in the place of those it marked.
        """
        super().__init__()
        self._go_to = go_to
        self._take_mend = take_mend
        self._inside = column(self, margin=2, gap=1)

    def show_marks(self, marks: Sequence[CheckFinding]) -> None:
        """Show findings, blocks first."""
        clear(self._inside)
        blocks = [mark for mark in marks if mark.severity is Severity.BLOCK]
        doubts = [mark for mark in marks if mark.severity is Severity.DOUBT]
        if not marks:
            self._inside.addWidget(label(tr("The checker found nothing."), "quiet", wraps=True))
            return
        words = f"{count_of(len(blocks), 'block', 'blocks')}, "
        words += count_of(len(doubts), "doubt", "doubts")
        self._inside.addWidget(label(words, "heading"))
        for mark in (*blocks, *doubts):
            self._inside.addWidget(self._row(mark))
        self._inside.addStretch(1)

    def _row(self, mark: CheckFinding) -> QWidget:
        made = frame("raised")
        inside = column(made, margin=2, gap=1)
        is_block = mark.severity is Severity.BLOCK
        kind = tr("Blocks signing") if is_block else tr("Doubt")
        inside.addWidget(label(kind, "blocked" if is_block else "doubt"))
        inside.addWidget(label(tr(mark.text), wraps=True))
        inside.addWidget(label(tr(mark.mend), "quiet", wraps=True))
        controls = line(gap=1)
        if mark.statement_id:
            controls.addWidget(
                button(tr("Go there"), lambda: self._go_to(mark.statement_id), role="small")
            )
        if mark.replacement is not None:
            words = tr("Take it out")
            if mark.replacement:
                words = tr("Write “{0}”").format(mark.replacement)
            controls.addWidget(button(words, lambda: self._take_mend(mark), role="small"))
        controls.addStretch(1)
        inside.addLayout(controls)
        return made
