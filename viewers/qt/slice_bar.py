"""The bar beside an image: where in the series one is, what is loaded, missing, marked."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewers.qt.palette import Palette
from viewers.qt.words import tr

BAR_WIDTH_EM = 1.0
"""Width of the bar in font heights: wide enough to hit, narrow beside the image."""

MARK_PX = 3.0
"""Height of a mark; two pixels vanish on a 4K screen."""

HOLE_PX = 7.0
"""Height of a break where slices are missing: it must be told from the mark of a slice."""


@dataclass(frozen=True, slots=True)
class SliceMarks:
    """What the bar shows. Indices are slices of the shown plane.

    Attributes:
        count: number of slices.
        index: the shown one.
        loaded: ranges (first, one past the last) that are in.
        missing: for each hole the slice it follows and how many seem to be missing in it.
        unread: slices that could not be read.
        keys: key images.
        evidence: slices with evidence.
        proposed: slices with voxels that a model proposed and nobody scanned.
    """

    count: int = 0
    index: int = 0
    loaded: tuple[tuple[int, int], ...] = ()
    missing: tuple[tuple[int, int], ...] = ()
    unread: tuple[int, ...] = ()
    keys: tuple[int, ...] = ()
    evidence: tuple[int, ...] = ()
    proposed: tuple[int, ...] = ()


class SliceBar(QWidget):
    """Shows SliceMarks; a click or drag asks for a slice. UI thread.

    Signals:
        slice_requested: the slice asked for, 0-based.
    """

    slice_requested = Signal(int)

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colors = palette
        self._marks = SliceMarks()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Slices"))

    @property
    def marks(self) -> SliceMarks:
        """What the bar shows now."""
        return self._marks

    def set_marks(self, marks: SliceMarks) -> None:
        """Show other marks."""
        if marks == self._marks:
            return
        self._marks = marks
        self.setAccessibleDescription(self._words() if marks.count else "")
        self.setToolTip("\n".join(self._losses()))
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size wanted: one font height wide."""
        return QSize(round(self.fontMetrics().height() * BAR_WIDTH_EM), 100)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the groove, what is loaded, the marks and the handle."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._colors.panel))
        marks = self._marks
        if marks.count == 0:
            painter.end()
            return
        third = self.width() / 3
        painter.fillRect(QRectF(third, 0, third, self.height()), QColor(self._colors.canvas))
        for first, end in marks.loaded:
            top, bottom = self._top(first), self._top(end)
            area = QRectF(third, top, third, max(bottom - top, 1.0))
            painter.fillRect(area, QColor(self._colors.line))
        self._paint_marks(painter, marks.unread, self._colors.doubt, 0.0)
        self._paint_marks(painter, marks.proposed, self._colors.doubt, 0.0)
        for after, _count in marks.missing:
            self._paint_hole(painter, self._top(after + 1))
        self._paint_marks(painter, marks.keys, self._colors.text, 0.0)
        self._paint_marks(painter, marks.evidence, self._colors.evidence, third)
        height = max(self.height() / marks.count, 4.0)
        middle = (self._top(marks.index) + self._top(marks.index + 1)) / 2
        handle = QRectF(0, middle - height / 2, self.width(), height)
        painter.setPen(QColor(self._colors.canvas))
        painter.setBrush(QColor(self._colors.accent))
        painter.drawRect(handle.adjusted(0.5, 0, -0.5, 0))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask for the slice under the pointer."""
        self._ask(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Ask for the slice under the pointer while the button is held."""
        self._ask(event)

    def _ask(self, event: QMouseEvent) -> None:
        if not event.buttons() & Qt.MouseButton.LeftButton or self._marks.count == 0:
            return
        index = int(event.position().y() / max(self.height(), 1) * self._marks.count)
        self.slice_requested.emit(min(max(index, 0), self._marks.count - 1))

    def _words(self) -> str:
        where = tr("Slice {0} of {1}").format(self._marks.index + 1, self._marks.count)
        return ". ".join((where, *self._losses()))

    def _losses(self) -> list[str]:
        """Return in words what is missing or unreadable."""
        said = []
        for after, count in self._marks.missing:
            words = tr("{0} slices are missing after slice {1} of {2}")
            if count == 1:
                words = tr("{0} slice is missing after slice {1} of {2}")
            said.append(words.format(count, after + 1, self._marks.count))
        if len(self._marks.unread) == 1:
            said.append(tr("Slice {0} could not be read").format(self._marks.unread[0] + 1))
        elif self._marks.unread:
            words = tr("{0} slices could not be read, the first is {1}")
            said.append(words.format(len(self._marks.unread), self._marks.unread[0] + 1))
        if len(self._marks.proposed) == 1:
            words = tr("Slice {0} was proposed, not scanned, wholly or in part")
            said.append(words.format(self._marks.proposed[0] + 1))
        elif self._marks.proposed:
            words = tr("{0} slices were proposed, not scanned, wholly or in part; the first is {1}")
            said.append(words.format(len(self._marks.proposed), self._marks.proposed[0] + 1))
        return said

    def _paint_hole(self, painter: QPainter, at: float) -> None:
        """Paint a break across the whole bar, black between two lines of doubt."""
        width, half = float(self.width()), HOLE_PX / 2
        painter.fillRect(QRectF(0, at - half, width, HOLE_PX), QColor(self._colors.canvas))
        for y in (at - half, at + half - MARK_PX / 2):
            painter.fillRect(QRectF(0, y, width, MARK_PX / 2), QColor(self._colors.doubt))

    def _top(self, index: int) -> float:
        return self.height() * index / self._marks.count

    def _paint_marks(
        self, painter: QPainter, slices: tuple[int, ...], color: str, left: float
    ) -> None:
        width = self.width() - left if left else self.width()
        for index in slices:
            middle = (self._top(index) + self._top(index + 1)) / 2
            area = QRectF(left, middle - MARK_PX / 2, width, MARK_PX)
            painter.fillRect(area, QColor(color))
