"""The panel of noise and bias: what enhancement did to this series, what runs, what was refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QWidget

from workstation.services.enhance_choices import PackChoice
from workstation.ui.enhance_figures import FigureRow, FiguresShown, figures_shown
from workstation.ui.enhance_packs import PackDesk
from workstation.ui.enhance_plot import SpectrumPlot
from workstation.ui.enhance_run import Run, Stage
from workstation.ui.enhance_tasks import TASK_WORDS
from workstation.ui.theme import step_px
from workstation.ui.widgets import button, clear, column, label, line, scrolled
from workstation.ui.words import tr

SOON_MS = 80
"""The figures follow the slider so much later, and only its last place."""


class EnhancePanel(QWidget):
    """Owned by the UI thread.

    Signals:
        uncertainty_wanted(): how sure the model is is to be shown, or not.
    """

    uncertainty_wanted = Signal()

    def __init__(self, cancel: Callable[[Run], None], choose_pack: Callable[[str], None]) -> None:
        """Make an empty panel.

        Args:
            cancel: stops an enhancement.
            choose_pack: makes the result of the active series with the pack of this id.
        """
        super().__init__()
        self._cancel = cancel
        self._run: Run | None = None
        self._unit = ""
        self._shown: tuple[tuple[Run, ...], dict[int, str], str] = ((), {}, "")
        self._under_way: tuple[str, ...] = ()
        # While the slider moves the picture comes first; the figures follow.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self._show_figures)
        self.title = label("", "heading", wraps=True)
        self.refusal = label("", "strong", wraps=True)
        self.warnings = label("", "doubt", wraps=True)
        self.empty = label(
            tr("Enhance a series with E: noise and bias before and after stand here."),
            "quiet",
            wraps=True,
        )
        self.packs = QComboBox()
        self.packs.setAccessibleName(tr("Model pack"))
        self.packs.setMinimumContentsLength(10)
        self.packs.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.packs.activated.connect(lambda _index: choose_pack(self.packs.currentData()))
        self._pack_name = label(tr("Model pack"), "quiet")
        self.plot = SpectrumPlot()
        self._plot_name = label(tr("Noise power spectrum"), "strong")
        self._no_plot = label(
            tr("There is too little even tissue to measure the noise power spectrum."),
            "quiet",
            wraps=True,
        )
        self._note = label(
            tr("Measured on this series. Measuring tools always measure the original."),
            "quiet",
            wraps=True,
        )
        self.sure = button(tr("Show how sure the model is"), self.uncertainty_wanted.emit)
        self._shape: list[tuple[str, bool]] = []
        self._cells: list[list[QLabel]] = []
        self._rows = QWidget()
        self._grid = QGridLayout(self._rows)
        self._jobs = QWidget()
        self._jobs_inside = column(self._jobs, gap=1)
        self._lay_out()
        self._show_all()

    def show_runs(
        self,
        runs: Sequence[Run],
        shown: Run | None,
        names: Mapping[int, str],
        refusal: str,
        unit: str = "",
    ) -> None:
        """Show what there is by now.

        Args:
            runs: all enhancements of the study.
            shown: the one of the series on show; None for none.
            names: of the series, by row.
            refusal: why the series on show is not enhanced; empty where it can be.
            unit: of its values.
        """
        self._run, self._unit = shown, unit
        self._shown = (tuple(runs), dict(names), refusal)
        if self.isVisible():
            self._show_all()

    def showEvent(self, event: QShowEvent) -> None:
        """Bring everything up to date: nothing is made while nobody sees it."""
        super().showEvent(event)
        self._show_all()

    def _show_all(self) -> None:
        runs, names, refusal = self._shown
        shown = self._run
        self.refusal.setText(tr(refusal))
        self.refusal.setVisible(bool(refusal))
        self.empty.setVisible(shown is None and not refusal)
        self._show_figures()
        self._show_jobs([run for run in runs if run.stage is not Stage.DONE], names)

    def show_strength(self, run: Run) -> None:
        """Show the figures at another strength."""
        if run is self._run and self.isVisible():
            self._soon.start()

    def show_packs(self, packs: Sequence[PackChoice], now: str) -> None:
        """Show which packs can do it.

        Args:
            packs: for the series on show.
            now: id of the one in use; empty for the best one.
        """
        has_choice = len(packs) > 1
        self.packs.setVisible(has_choice)
        self._pack_name.setVisible(has_choice)
        self.packs.clear()
        for pack in packs:
            self.packs.addItem(PackDesk.words(pack), pack.ref.pack_id)
        self.packs.setCurrentIndex(max(self.packs.findData(now), 0))

    # Private

    def _lay_out(self) -> None:
        content = QWidget()
        inside = column(content, margin=3, gap=2)
        for widget in (
            *(self.title, self.refusal, self.empty, self.warnings, self._rows),
            *(self._plot_name, self.plot, self._no_plot, self._note, self.sure),
            *(self._pack_name, self.packs, self._jobs),
        ):
            inside.addWidget(widget)
        inside.addStretch(1)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(step_px(3))
        self._grid.setVerticalSpacing(step_px(1))
        for at, share in enumerate((3, 4, 2)):
            self._grid.setColumnStretch(at, share)
        column(self).addWidget(scrolled(content))

    def _show_figures(self) -> None:
        run = self._run
        found = FiguresShown("") if run is None else figures_shown(run, self._unit)
        self.title.setText(found.title)
        self.title.setVisible(bool(found.title))
        self.warnings.setText("\n".join(found.warnings))
        self.warnings.setVisible(bool(found.warnings))
        self._show_rows(found.rows)
        self.plot.show_spectrum(found.plot)
        has_figures = run is not None and run.task.is_laid_over and bool(found.rows)
        self._plot_name.setVisible(found.plot is not None or has_figures)
        self._no_plot.setVisible(found.plot is None and has_figures)
        self._note.setVisible(bool(found.rows))
        self.sure.setVisible(has_figures)

    def _show_rows(self, rows: Sequence[FigureRow]) -> None:
        if self._rows.isHidden() is bool(rows):
            self._rows.setVisible(bool(rows))
        shape = [(row.quantity, row.is_over) for row in rows]
        if shape != self._shape:
            self._shape = shape
            self._make_rows(rows)
        for cells, row in zip(self._cells, rows, strict=True):
            texts = (row.quantity, row.before, row.after, row.limit)
            for cell, text in zip(cells, texts, strict=True):
                shown = text if cell is cells[0] else _unbroken(text)
                if cell.text() != shown:
                    cell.setText(shown)
            cells[0].setAccessibleName(row.said)

    def _make_rows(self, rows: Sequence[FigureRow]) -> None:
        """Make the labels: each name has a line of its own, so that large text has room."""
        clear(self._grid)
        self._cells = []
        heads = (tr("before"), tr("after"), tr("limit")) if rows else ()
        for at, head in enumerate(heads):
            self._grid.addWidget(label(head, "quiet"), 0, at)
        for number, row in enumerate(rows):
            role = "doubt" if row.is_over else ""
            cells = [label("", role or "quiet", wraps=True)]
            cells += [label("", role, wraps=True) for _ in range(3)]
            self._grid.addWidget(cells[0], 2 * number + 1, 0, 1, 3)
            for at, cell in enumerate(cells[1:]):
                self._grid.addWidget(cell, 2 * number + 2, at)
            self._cells.append(cells)

    def _show_jobs(self, runs: Sequence[Run], names: Mapping[int, str]) -> None:
        said = tuple(
            f"{names.get(run.row, '')}: {tr(TASK_WORDS[run.task])}, {run.words()}" for run in runs
        )
        if said == self._under_way:
            return
        self._under_way = said
        clear(self._jobs_inside)
        self._jobs.setVisible(bool(runs))
        if runs:
            self._jobs_inside.addWidget(label(tr("Under way"), "strong"))
        for run, what in zip(runs, said, strict=True):
            one = QWidget()
            across = line(one, gap=2)
            across.addWidget(label(what, wraps=True), 1)
            across.addWidget(button(tr("Stop"), partial(self._cancel, run)))
            self._jobs_inside.addWidget(one)


def _unbroken(figure: str) -> str:
    """Return a figure that is broken before its bracket, and never between number and unit."""
    kept = figure.replace(" ", "\N{NO-BREAK SPACE}").replace("\N{NO-BREAK SPACE}(", " (")
    return kept.replace("/", "\N{WORD JOINER}/\N{WORD JOINER}")
