"""What was received of a series: shown, set aside and why, and every doubt about it."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from workstation.core.verdict import SeriesVerdict
from workstation.ui.theme import step_px
from workstation.ui.widgets import clear, column, empty_notice, frame, label, rule, scrolled
from workstation.ui.words import spacing_text, tr

SET_ASIDE_SHOWN = 200
"""More lines than this nobody reads; the number of the rest is told."""


class VerdictPanel(QWidget):
    """The verdict of the series on screen. Owned by the UI thread."""

    def __init__(self) -> None:
        super().__init__()
        content = QWidget()
        self._inside = column(content, margin=3, gap=2)
        column(self).addWidget(scrolled(content))
        self.show_verdict(None)

    def show_verdict(self, verdict: SeriesVerdict | None) -> None:
        """Show a verdict; None where no series is open."""
        clear(self._inside)
        if verdict is None:
            self._inside.addWidget(
                empty_notice(
                    tr("Nothing received yet"),
                    tr("Open a study to see how many files came, how many are shown and why."),
                )
            )
            self._inside.addStretch(1)
            return
        self._inside.addWidget(label(verdict.description or verdict.modality, "strong", wraps=True))
        self._inside.addWidget(_counts(verdict))
        self._add_doubts(verdict)
        self._add_set_aside(verdict)
        self._inside.addWidget(rule())
        self._inside.addWidget(_geometry(verdict))
        self._inside.addStretch(1)

    def _add_doubts(self, verdict: SeriesVerdict) -> None:
        for doubt in verdict.warnings:
            row = frame("raised")
            inside = column(row, margin=2, gap=1)
            inside.addWidget(label(tr("Doubt"), "doubt"))
            inside.addWidget(label(doubt.text, wraps=True))
            self._inside.addWidget(row)
        if not verdict.warnings:
            self._inside.addWidget(label(tr("No doubt about this series."), "quiet"))

    def _add_set_aside(self, verdict: SeriesVerdict) -> None:
        if not verdict.set_aside:
            return
        self._inside.addWidget(label(tr("Set aside"), "heading"))
        for aside in verdict.set_aside[:SET_ASIDE_SHOWN]:
            self._inside.addWidget(label(aside.file, wraps=True))
            self._inside.addWidget(label(aside.reason, "quiet", wraps=True))
        rest = len(verdict.set_aside) - SET_ASIDE_SHOWN
        if rest > 0:
            self._inside.addWidget(label(f"{tr('and')} {rest:,} {tr('more')}", "quiet"))


def _counts(verdict: SeriesVerdict) -> QWidget:
    rows = (
        (tr("Received"), f"{verdict.received:,}"),
        (tr("Shown"), f"{verdict.shown:,}"),
        (tr("Set aside"), f"{len(verdict.set_aside):,}"),
    )
    return _table(rows)


def _geometry(verdict: SeriesVerdict) -> QWidget:
    tilt = f"{verdict.tilt_deg:.1f} {tr('degrees')}" if verdict.tilt_deg else tr("none")
    rows = (
        (tr("Size"), f"{verdict.columns} x {verdict.rows} x {verdict.slices}"),
        (tr("Spacing"), spacing_text(verdict)),
        (tr("Orientation"), verdict.orientation),
        (tr("Gantry tilt"), tilt),
        (tr("Missing slices"), f"{verdict.missing_positions}"),
        (tr("Repeated files"), f"{verdict.duplicates}"),
        (tr("Unit"), verdict.unit),
        (tr("Order"), verdict.sort_key),
        (tr("Stored as"), ", ".join(verdict.transfer_syntaxes)),
    )
    return _table(rows)


def _table(rows: tuple[tuple[str, str], ...]) -> QWidget:
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(step_px(3))
    grid.setVerticalSpacing(step_px(1))
    grid.setColumnStretch(1, 1)
    for number, (name, value) in enumerate(rows):
        grid.addWidget(label(name, "quiet"), number, 0)
        grid.addWidget(label(value, wraps=True), number, 1)
    return made
