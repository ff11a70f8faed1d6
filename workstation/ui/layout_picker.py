"""A small panel of 4 x 4 fields: the layout is as large as the part that is lit."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from viewers.state.layout import MAX_SIDE
from workstation.ui.theme import current_theme, step_px
from workstation.ui.words import tr

FIELD_STEPS = 8
"""Side of a field in steps: 32 pixels can be hit by every hand."""

ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left.value: (0, -1),
    Qt.Key.Key_Right.value: (0, 1),
    Qt.Key.Key_Up.value: (-1, 0),
    Qt.Key.Key_Down.value: (1, 0),
}
"""Arrow keys and the change of (rows, columns)."""

ENTERS = frozenset({Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value, Qt.Key.Key_Space.value})


class LayoutPicker(QWidget):
    """Asks for rows and columns; gone after the pick, and the focus is where it was.

    Owned by the UI thread.

    Signals:
        picked(str): the name of the layout, ``"2x3"`` for two rows of three.
    """

    picked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.installEventFilter(self)  # not event(): see CanvasWidget.eventFilter
        self._rows, self._columns = 1, 1
        self._before: QWidget | None = None
        self.hide()
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Layout: arrow keys choose, Enter takes it"))

    @property
    def size_shown(self) -> tuple[int, int]:
        """Rows and columns that are lit."""
        return self._rows, self._columns

    def ask(self, window: QWidget, at: QPoint, rows: int, columns: int) -> None:
        """Open over a window, at a point of it, with the layout in force lit."""
        self._before = QApplication.focusWidget()
        self.setParent(window)
        self._light(rows, columns)
        self.resize(self.sizeHint())
        self.move(at)
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def sizeHint(self) -> QSize:
        """Return the size of the fields and the words below."""
        side = MAX_SIDE * step_px(FIELD_STEPS) + step_px(2)
        return QSize(side, side + self.fontMetrics().height() + step_px(1))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the own keys before the commands of the window get them."""
        if watched is not self:
            return False
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            is_own = event.key() in ARROWS or event.key() in ENTERS
            if is_own or event.key() == Qt.Key.Key_Escape:
                event.accept()
                return True
        return False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Go away when the reader goes on elsewhere."""
        super().focusOutEvent(event)
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows light more or fewer fields, Enter picks, Esc goes back."""
        change = ARROWS.get(event.key())
        if change is not None:
            self._light(self._rows + change[0], self._columns + change[1])
        elif event.key() in ENTERS:
            self._pick()
        elif event.key() == Qt.Key.Key_Escape:
            self._go()
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light the fields up to the pointer."""
        self._light(*self._field_at(event.position().toPoint()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Pick what is lit."""
        if self.rect().contains(event.position().toPoint()):
            self._light(*self._field_at(event.position().toPoint()))
            self._pick()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the fields, and in words what is lit."""
        theme, painter = current_theme(), QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.raised))
        painter.setPen(QColor(theme.edge))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        for row in range(MAX_SIDE):
            for column in range(MAX_SIDE):
                is_lit = row < self._rows and column < self._columns
                area = self._area(row, column)
                painter.fillRect(area, QColor(theme.accent if is_lit else theme.panel))
                painter.drawRect(area)
        painter.setPen(QColor(theme.text))
        words = QRect(0, self._area(MAX_SIDE, 0).top(), self.width(), self.fontMetrics().height())
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self._words())
        painter.end()

    def _area(self, row: int, column: int) -> QRect:
        side, gap = step_px(FIELD_STEPS), step_px(1)
        return QRect(gap + column * side, gap + row * side, side - gap, side - gap)

    def _field_at(self, at: QPoint) -> tuple[int, int]:
        side, gap = step_px(FIELD_STEPS), step_px(1)
        return (at.y() - gap) // side + 1, (at.x() - gap) // side + 1

    def _light(self, rows: int, columns: int) -> None:
        self._rows = min(max(rows, 1), MAX_SIDE)
        self._columns = min(max(columns, 1), MAX_SIDE)
        self.setAccessibleDescription(self._words())
        self.update()

    def _words(self) -> str:
        return tr("{0} x {1}").format(self._rows, self._columns)

    def _go(self) -> None:
        before, self._before = self._before, None
        if before is not None and before.isVisible():
            before.setFocus()
        self.hide()

    def _pick(self) -> None:
        self._go()
        self.picked.emit(f"{self._rows}x{self._columns}")
