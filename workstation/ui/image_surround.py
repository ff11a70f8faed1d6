"""What stands around the images: nothing in a dark room, a dark gray rim in a light one.

A white panel that touches a black image takes the eye its adaptation; the rim keeps the two apart.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from workstation.ui.theme import DARK, current_theme, step_px
from workstation.ui.widgets import column

RIM_STEPS = 3
"""Width of the rim in the light theme, in steps."""


class ImageSurround(QFrame):
    """Holds the images. Owned by the UI thread."""

    def __init__(self, images: QWidget) -> None:
        super().__init__()
        self._inside = column(self, gap=0)
        self._inside.addWidget(images)
        self._follow()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._follow()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the rim."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(DARK.raised))
        painter.end()

    def _follow(self) -> None:
        rim = 0 if current_theme() is DARK else step_px(RIM_STEPS)
        margins = self._inside.contentsMargins()
        if margins.left() != rim:
            self._inside.setContentsMargins(rim, rim, rim, rim)
