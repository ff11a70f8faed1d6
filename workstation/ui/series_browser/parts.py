"""The parts of the verdict panel: the sum, the table of facts, what unfolds, lists of names."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QToolButton, QWidget

from workstation.ui.series_browser.account import AsideGroup
from workstation.ui.theme import step_px
from workstation.ui.widgets import button, column, label, line
from workstation.ui.words import count_of, tr

NAMES_SHOWN = 200
"""More names than this nobody reads; the number of the rest is told, and the copy has all."""

STACKED_BELOW_EM = 15
"""Below this width in heights of a letter, names of facts stand above their values."""

FIGURE_ROLES = ("figure", "title", "strong")
"""Roles for the figures of the sum, the largest first; the first that fits is taken."""

FIGURE_FACTOR = {"figure": 2.0, "title": 1.25, "strong": 1.0}
"""Size of a role's letters against the usual ones; those of the style sheet."""


class SumOfFiles(QWidget):
    """Received = shown + set aside, in large figures. Owned by the UI thread."""

    def __init__(self, received: int, shown: int, aside: int) -> None:
        super().__init__()
        figures = (f"{received:,}", "=", f"{shown:,}", "+", f"{aside:,}")
        names = (tr("Received"), "", tr("Shown"), "", tr("Set aside"))
        self._captions = names
        self.figures = [label(text) for text in figures]
        self.setAccessibleName(tr("{0} received, {1} shown, {2} set aside").format(*figures[::2]))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(step_px(2))
        grid.setVerticalSpacing(0)
        for place, (figure, name) in enumerate(zip(self.figures, names, strict=True)):
            figure.setAlignment(Qt.AlignmentFlag.AlignCenter)
            grid.addWidget(figure, 0, place)
            caption = label(name, "quiet")
            caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
            grid.addWidget(caption, 1, place)
        grid.setColumnStretch(len(names), 1)
        # The panel decides how wide this is, and the figures follow; not the other way round.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._fit(step_px(84))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the largest figures that fit."""
        super().resizeEvent(event)
        self._fit(event.size().width())

    def _fit(self, width: int) -> None:
        role = next((one for one in FIGURE_ROLES if self._width(one) <= width), FIGURE_ROLES[-1])
        for figure in self.figures:
            is_sign = not figure.text()[0].isdigit()
            wanted = f"{role}-sign" if is_sign else role
            if figure.property("role") != wanted:
                figure.setProperty("role", wanted)
                figure.style().unpolish(figure)
                figure.style().polish(figure)

    def _width(self, role: str) -> int:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * FIGURE_FACTOR[role])
        font.setWeight(QFont.Weight.DemiBold)
        large, usual = QFontMetrics(font), QFontMetrics(self.font())
        columns = [
            max(large.horizontalAdvance(figure.text()), usual.horizontalAdvance(caption))
            for figure, caption in zip(self.figures, self._captions, strict=True)
        ]
        return sum(columns) + step_px(2) * (len(columns) - 1)


class FactsTable(QWidget):
    """Names and values in two columns; one above the other where it is narrow. UI thread."""

    def __init__(self, rows: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._rows = [(label(name, "quiet"), label(value, wraps=True)) for name, value in rows]
        for name, value in self._rows:
            name.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            value.setAccessibleName(f"{name.text()}: {value.text()}")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(step_px(3))
        self._grid.setVerticalSpacing(step_px(1))
        self._is_stacked: bool | None = None
        self._lay_out(is_stacked=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the values beside their names, or below."""
        super().resizeEvent(event)
        em = self.fontMetrics().height()
        self._lay_out(is_stacked=event.size().width() < STACKED_BELOW_EM * em)

    def _lay_out(self, *, is_stacked: bool) -> None:
        if is_stacked is self._is_stacked:
            return
        self._is_stacked = is_stacked
        for number, (name, value) in enumerate(self._rows):
            for widget in (name, value):
                self._grid.removeWidget(widget)
            self._grid.addWidget(name, 2 * number, 0)
            place = (2 * number + 1, 0) if is_stacked else (2 * number, 1)
            self._grid.addWidget(value, *place)
        self._grid.setColumnStretch(0, int(is_stacked))
        self._grid.setColumnStretch(1, int(not is_stacked))


class Fold(QWidget):
    """One line that unfolds what stands under it. Owned by the UI thread.

    Signals:
        unfolded(bool): the reader opened or closed it.
    """

    unfolded = Signal(bool)

    def __init__(self, title: str, make: Callable[[], QWidget], *, role: str = "") -> None:
        """Make a closed fold.

        Args:
            title: what stands in its line.
            make: makes what is under it, when it is first opened.
            role: of the line's words.
        """
        super().__init__()
        self._make = make
        self._content: QWidget | None = None
        self.switch = QToolButton()
        self.switch.setProperty("role", "fold")
        self.switch.setCheckable(True)
        self.switch.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.switch.setArrowType(Qt.ArrowType.RightArrow)
        self.switch.setAccessibleName(title)
        self.switch.toggled.connect(self._toggle)
        self.title = _Pressed(title, role, self.switch.toggle)
        self._inside = column(self, gap=0)
        across = line(gap=1)
        across.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignTop)
        across.addWidget(self.title, 1)
        self._inside.addLayout(across)

    def _toggle(self, is_open: bool) -> None:
        arrow = Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow
        self.switch.setArrowType(arrow)
        if self._content is None:
            self._content = self._make()
            self._content.setContentsMargins(step_px(7), 0, 0, step_px(2))
            self._inside.addWidget(self._content)
        self._content.setVisible(is_open)
        self.unfolded.emit(is_open)


class _Pressed(QLabel):
    """Words that act like the button beside them."""

    def __init__(self, text: str, role: str, on_press: Callable[[], None]) -> None:
        super().__init__(text)
        self._on_press = on_press
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setWordWrap(True)
        self.setMinimumHeight(step_px(7))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def mousePressEvent(self, _event: object) -> None:
        """Act."""
        self._on_press()


def group_fold(group: AsideGroup) -> Fold:
    """Return the files of one reason: how many and why, and under it their names."""
    title = f"{count_of(len(group.names), 'file', 'files')}: {group.reason}"
    return Fold(title, lambda: names_list(group.names))


def names_list(names: Sequence[str]) -> QWidget:
    """Return names that can be selected, and a button that copies all of them."""
    made = QFrame()
    inside = column(made, gap=1)
    words = "\n".join(names[:NAMES_SHOWN])
    listed = label(words, "quiet", wraps=True)
    listed.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    listed.setAccessibleName(tr("Names of files"))
    inside.addWidget(listed)
    rest = len(names) - NAMES_SHOWN
    if rest > 0:
        inside.addWidget(label(tr("and {0} more").format(f"{rest:,}"), "quiet"))
    copy = button(tr("Copy the names"), lambda: copy_text("\n".join(names)), role="small")
    copy.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    inside.addWidget(copy)
    return made


def copy_text(text: str) -> None:
    """Put a text on the clipboard."""
    QGuiApplication.clipboard().setText(text)
