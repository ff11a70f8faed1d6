"""The reading page: series at the left, tools above, viewports in the middle."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QWidget

from viewers.qt.desk import ViewportDesk
from viewers.qt.grid import ViewportGrid
from viewers.qt.palette import Palette
from workstation.ui.enhance_bar import EnhanceBar
from workstation.ui.image_surround import ImageSurround
from workstation.ui.series_browser.rail import SeriesRail, rail_column
from workstation.ui.theme import step_px
from workstation.ui.tool_bar import StudyToolBar
from workstation.ui.widgets import column, line

RAIL_WIDE_STEPS, RAIL_NARROW_STEPS = 50, 23
"""Width of the rail in steps: with words (200 pixels), and with pictures only (92)."""


class StudyPage(QWidget):
    """Widgets of the reading page. Owned by the UI thread."""

    def __init__(
        self,
        *,
        show_verdict: Callable[[], None],
        choose_preset: Callable[[int], None],
    ) -> None:
        """Make the page.

        Args:
            show_verdict: opens what was received.
            choose_preset: applies a window preset, 0-based.
        """
        super().__init__()
        self.setProperty("role", "page")
        # Images stand on black in every theme, so their words and bands are those of the dark one.
        self.grid = ViewportGrid(Palette())
        self.desk = ViewportDesk(self.grid)
        self.rail = SeriesRail()
        self.rail_frame: QFrame = rail_column(self.rail, show_verdict)
        self.enhance_bar = EnhanceBar()
        self.tool_bar = StudyToolBar(choose_preset)
        self.hint_place = column(gap=0)
        self.fusion_place = column(gap=0)
        self._lay_out()

    def set_narrow(self, *, is_narrow: bool) -> None:
        """Give the rail its width: words and pictures, or pictures only."""
        self.rail.set_narrow(is_narrow=is_narrow)
        steps = RAIL_NARROW_STEPS if is_narrow else RAIL_WIDE_STEPS
        self.rail_frame.setFixedWidth(step_px(steps))

    def add_beside_images(self, widget: QWidget) -> None:
        """Give a widget half of the room of the images; once is enough."""
        if self._images.indexOf(widget) < 0:
            self._images.addWidget(widget, 1)

    def show_images(self, *, are_shown: bool) -> None:
        """Show the viewports, or leave their room to what is beside them."""
        self._surround.setVisible(are_shown)

    @property
    def images_are_shown(self) -> bool:
        """Whether the viewports have their room."""
        return not self._surround.isHidden()

    def _lay_out(self) -> None:
        whole = line(self, gap=0)
        whole.addWidget(self.rail_frame)
        middle = column(gap=0)
        middle.addWidget(self.tool_bar)
        middle.addLayout(self.hint_place)
        self._images = line(gap=0)
        self._surround = ImageSurround(self.grid)
        self._images.addWidget(self._surround, 1)
        middle.addLayout(self._images, 1)
        middle.addLayout(self.fusion_place)
        middle.addWidget(self.enhance_bar)
        whole.addLayout(middle, 1)
        self.set_narrow(is_narrow=False)
