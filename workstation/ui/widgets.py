"""Small builders of widgets that every panel uses, so that all of them look alike."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workstation.ui.theme import step_px


def label(text: str = "", role: str = "", *, wraps: bool = False) -> QLabel:
    """Return a label of a role of the style sheet; its text is never read as markup."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    made.setWordWrap(wraps)
    if wraps:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return made


def button(text: str, on_click: Callable[[], object], *, role: str = "") -> QPushButton:
    """Return a push button; its words are its accessible name."""
    made = QPushButton(text)
    made.setProperty("role", role)
    made.setAccessibleName(text)
    made.clicked.connect(lambda _checked=False: on_click())
    return made


def tool_button(text: str, on_click: Callable[[], object], *, role: str = "flat") -> QToolButton:
    """Return a small button with words."""
    made = QToolButton()
    made.setText(text)
    made.setProperty("role", role)
    made.setAccessibleName(text)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.clicked.connect(lambda _checked=False: on_click())
    return made


def frame(role: str) -> QFrame:
    """Return a frame of a role of the style sheet."""
    made = QFrame()
    made.setProperty("role", role)
    return made


def rule() -> QFrame:
    """Return a thin line across a panel."""
    return frame("rule")


def column(parent: QWidget | None = None, *, margin: float = 0, gap: float = 2) -> QVBoxLayout:
    """Return a vertical layout; margin and gap in steps."""
    made = QVBoxLayout(parent) if parent is not None else QVBoxLayout()
    _space(made, margin, gap)
    return made


def line(parent: QWidget | None = None, *, margin: float = 0, gap: float = 2) -> QHBoxLayout:
    """Return a horizontal layout; margin and gap in steps."""
    made = QHBoxLayout(parent) if parent is not None else QHBoxLayout()
    _space(made, margin, gap)
    return made


class PageStack(QStackedWidget):
    """Pages of which one is shown; only that one says how small the window can be. UI thread."""

    def minimumSizeHint(self) -> QSize:
        """The least size of the page on show."""
        page = self.currentWidget()
        return super().minimumSizeHint() if page is None else page.minimumSizeHint()


def scrolled(content: QWidget) -> QScrollArea:
    """Return a scroll area that holds a widget as wide as itself."""
    made = QScrollArea()
    made.setWidgetResizable(True)
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    content.setProperty("role", content.property("role") or "plain")
    made.setWidget(content)
    made.viewport().setAutoFillBackground(False)
    content.setAutoFillBackground(False)
    return made


def empty_notice(title: str, how: str) -> QWidget:
    """Return what an empty panel shows: what would be here, and how to get it."""
    made = QWidget()
    inside = column(made, margin=4, gap=2)
    inside.addWidget(label(title, "strong", wraps=True))
    inside.addWidget(label(how, "quiet", wraps=True))
    inside.addStretch(1)
    return made


def clear(layout: QLayout) -> None:
    """Take every widget out of a layout and let it go."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def _space(layout: QBoxLayout, margin: float, gap: float) -> None:
    edge = step_px(margin)
    layout.setContentsMargins(edge, edge, edge, edge)
    layout.setSpacing(step_px(gap))
