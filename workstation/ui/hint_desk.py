"""The hints above the images of the demo study: when they come, and how they go for good."""

from __future__ import annotations

from PySide6.QtCore import QObject

from workstation.core.identity import StudyIdentity
from workstation.settings import schema
from workstation.ui.help_panel.panel import HintBar
from workstation.ui.option_desk import OptionDesk
from workstation.ui.study_page import StudyPage

DEMO_PATIENT_ID = "PRELIM-DEMO-1"
"""Patient ID of the bundled study, by which the window knows where hints belong.

It is that of ``inference.phantoms.demo``, which takes SimpleITK with it; a test holds them equal.
"""


class HintDesk(QObject):
    """Shows the hints. Owned by the UI thread."""

    def __init__(self, page: StudyPage, options: OptionDesk) -> None:
        """Make a desk without hints on show.

        Args:
            page: has the place for them.
            options: whether the reader wants any.
        """
        super().__init__(page)
        self._page, self._options = page, options
        self.bar: HintBar | None = None

    def follow(self, study: StudyIdentity | None) -> None:
        """Show hints on the demo study, where they are wanted, and on no other."""
        is_demo = study is not None and study.patient.patient_id.reveal() == DEMO_PATIENT_ID
        if is_demo and self._options.get(schema.SHOW_HINTS):
            self.show()
        elif not is_demo:
            self._take_away()

    def show(self) -> None:
        """Show the first hint."""
        if self.bar is None:
            self.bar = HintBar(self.turn_off)
            self._page.hint_place.addWidget(self.bar)

    def turn_off(self) -> None:
        """Show no hints any more."""
        self._options.change(schema.SHOW_HINTS, False)
        self._take_away()

    def _take_away(self) -> None:
        if self.bar is not None:
            self.bar.deleteLater()
            self.bar = None
