"""The side panels, each made once, and the stack that shows one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget, QWidget

from workstation.ui.enhance_panel import EnhancePanel
from workstation.ui.export_panel.panel import ExportPanel
from workstation.ui.hanging_panel.panel import HangingPanel
from workstation.ui.help_panel.panel import HelpPanel
from workstation.ui.jobs_panel.panel import JobsPanel
from workstation.ui.news_panel.panel import NewsPanel
from workstation.ui.objects_panel.panel import ObjectsPanel
from workstation.ui.output_panel.panel import OutputPanel
from workstation.ui.preferences.panel import PreferencesPanel
from workstation.ui.prior_panel import PriorPanel
from workstation.ui.report_editor.panel import ReportPanel
from workstation.ui.series_browser.verdict_panel import VerdictPanel
from workstation.ui.side_panel import SidePanel
from workstation.ui.sign_panel.panel import SignPanel
from workstation.ui.theme import step_px
from workstation.ui.words import tr

LEAST_STEPS = 60
"""Least height in steps; panels scroll below it."""


@dataclass(frozen=True, slots=True)
class Panels:
    """The side panels."""

    report: ReportPanel
    verdict: VerdictPanel
    jobs: JobsPanel
    news: NewsPanel
    objects: ObjectsPanel
    priors: PriorPanel
    hanging: HangingPanel
    enhance: EnhancePanel
    sign: SignPanel
    export: ExportPanel
    output: OutputPanel
    help: HelpPanel
    preferences: PreferencesPanel


class SideStack(QStackedWidget):
    """Shows the report, or one other panel in its place. Owned by the UI thread."""

    def __init__(self, panels: Panels, close: Callable[[], None]) -> None:
        """Take the panels.

        Args:
            panels: all of them.
            close: leaves a panel for the report.
        """
        super().__init__()
        self._report = panels.report
        self.addWidget(panels.report)
        self._frames: dict[QWidget, SidePanel] = {}
        titles: tuple[tuple[str, QWidget], ...] = (
            (tr("What was received"), panels.verdict),
            (tr("Jobs"), panels.jobs),
            (tr("New"), panels.news),
            (tr("Objects"), panels.objects),
            (tr("Priors"), panels.priors),
            (tr("Hanging protocols"), panels.hanging),
            (tr("Noise and bias"), panels.enhance),
            (tr("Sign"), panels.sign),
            (tr("Export"), panels.export),
            (tr("Output"), panels.output),
            (tr("Keys and help"), panels.help),
            (tr("Preferences"), panels.preferences),
        )
        for title, panel in titles:
            self._frames[panel] = SidePanel(title, panel, close)
            self.addWidget(self._frames[panel])

    def minimumSizeHint(self) -> QSize:
        """Return the least size: that of no single panel, so that none makes the window grow."""
        return QSize(0, step_px(LEAST_STEPS))

    @property
    def shows_other(self) -> bool:
        """Whether a panel other than the report is on screen."""
        return self.isVisible() and self.currentWidget() is not self._report

    def show_panel(self, panel: QWidget) -> None:
        """Show a panel in the place of the report."""
        self.setCurrentWidget(self._frames[panel])
        self.show()
        # The reader asked for it: keys go on from here.
        self._frames[panel].back.setFocus()

    def show_report(self) -> None:
        """Show the report again."""
        self.setCurrentWidget(self._report)
