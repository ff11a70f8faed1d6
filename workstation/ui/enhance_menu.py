"""The menu of a series in the list: what a model can make of it, shown or not."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from workstation.services.enhance_choices import EnhanceTask
from workstation.ui.enhance_run import Run, Stage
from workstation.ui.series_browser.rail import SeriesRail
from workstation.ui.words import tr

ENTRIES = (
    (EnhanceTask.LESS_NOISE, "Enhance: less noise"),
    (EnhanceTask.THINNER, "Enhance: thinner slices"),
    (EnhanceTask.THINNER_4, "Enhance: slices four times thinner"),
    (EnhanceTask.FINER, "Enhance: finer pixels"),
)
"""What the menu offers, in the words of the menu bar."""


class SeriesMenu:
    """Opens the menu of a series. Owned by the UI thread."""

    def __init__(
        self,
        rail: SeriesRail,
        find: Callable[[int, EnhanceTask], Run | None],
        toggle: Callable[[int, EnhanceTask], None],
    ) -> None:
        """Begin to answer the rail.

        Args:
            rail: the list of series.
            find: gives the enhancement of a series.
            toggle: turns one on or off.
        """
        self._rail, self._find, self._toggle = rail, find, toggle
        rail.menu_wanted.connect(self.open)

    def menu(self, row: int) -> QMenu:
        """Return the menu of a series; what is on is marked, what runs says so."""
        made = QMenu(self._rail)
        for task, words in ENTRIES:
            run = self._find(row, task)
            text = tr(words)
            if run is not None and run.stage is not Stage.DONE:
                text = f"{text} ({run.words()})"
            action = made.addAction(text)
            action.setCheckable(True)
            action.setChecked(run is not None and run.is_on)
            action.triggered.connect(lambda _on, task=task: self._toggle(row, task))
        return made

    def open(self, row: int, at: QPoint) -> None:
        """Open the menu at a place of the screen."""
        made = self.menu(row)
        made.aboutToHide.connect(made.deleteLater)
        made.popup(at)
