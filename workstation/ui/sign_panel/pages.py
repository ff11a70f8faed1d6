"""The pages that will leave, one below the other, as they will look on paper."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from workstation.ui.theme import step_px
from workstation.ui.widgets import clear, column, label, scrolled
from workstation.ui.words import tr


class PagePreview(QWidget):
    """Pictures of pages. Owned by the UI thread."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "page")
        content = QWidget()
        self._inside = column(content, margin=4, gap=4)
        self._scroll = scrolled(content)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._scroll.setAccessibleName(tr("Pages of the report"))
        column(self).addWidget(self._scroll)
        self.setFocusProxy(self._scroll)
        self.show_message(tr("The pages are being made…"))

    @property
    def width_for_page(self) -> int:
        """How wide a picture of a page should be, in device pixels."""
        room = min(self.width() - step_px(12), step_px(210))
        return max(320, round(room * self.devicePixelRatioF()))

    def show_message(self, text: str) -> None:
        """Show words instead of pages."""
        clear(self._inside)
        self._inside.addWidget(label(text, "quiet", wraps=True))
        self._inside.addStretch(1)

    def show_pages(self, pages: tuple[QImage, ...]) -> None:
        """Show pictures of pages."""
        clear(self._inside)
        ratio = self.devicePixelRatioF()
        for number, page in enumerate(pages, start=1):
            words = tr("Page {0} of {1}").format(number, len(pages))
            heading = label(words, "quiet")
            heading.setAlignment(Qt.AlignmentFlag.AlignCenter)
            picture = QLabel()
            pixmap = QPixmap.fromImage(page)
            pixmap.setDevicePixelRatio(ratio)
            picture.setPixmap(pixmap)
            picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
            picture.setAccessibleName(words)
            self._inside.addWidget(heading)
            self._inside.addWidget(picture)
        self._inside.addStretch(1)
