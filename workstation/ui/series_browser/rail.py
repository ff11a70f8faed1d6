"""The rail of series: a picture, a name, how many slices, and amber where there is a doubt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPen
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from workstation.core.verdict import SeriesVerdict
from workstation.ui.theme import current_theme, step_px
from workstation.ui.widgets import button, column, frame
from workstation.ui.words import count_of, tr

if TYPE_CHECKING:  # it brings the DICOM toolkit
    from workstation.dicom.display_sets import DisplaySet

Index = QModelIndex | QPersistentModelIndex

ITEM_ROLE = Qt.ItemDataRole.UserRole
THUMB_ROLE = Qt.ItemDataRole.UserRole + 1

THUMB_STEPS = 18
"""Side of a picture in the rail, in steps: 72 pixels at 100 %."""


@dataclass(frozen=True, slots=True, eq=False)
class RailItem:
    """One display set as the rail shows it.

    Attributes:
        display_set: what is opened.
        verdict: of its series.
        name: words for people.
        slices: how many.
    """

    display_set: DisplaySet
    verdict: SeriesVerdict
    name: str
    slices: int

    @property
    def counts(self) -> str:
        """How many slices, and how many files were set aside."""
        words = count_of(self.slices, "slice", "slices")
        aside = len(self.verdict.set_aside)
        return f"{words}, {aside:,} {tr('set aside')}" if aside else words

    @property
    def doubts(self) -> str:
        """How many doubts there are, in words; empty for none."""
        number = len(self.verdict.warnings)
        return count_of(number, "doubt", "doubts") if number else ""


class RailModel(QAbstractListModel):
    """Display sets of the open study. Owned by the UI thread."""

    def __init__(self) -> None:
        super().__init__()
        self._items: tuple[RailItem, ...] = ()
        self._thumbs: dict[int, QImage] = {}

    @property
    def items(self) -> tuple[RailItem, ...]:
        """All display sets, in order."""
        return self._items

    def show_items(self, items: Sequence[RailItem]) -> None:
        """Show the display sets of another study."""
        self.beginResetModel()
        self._items = tuple(items)
        self._thumbs.clear()
        self.endResetModel()

    def set_thumbnail(self, row: int, image: QImage) -> None:
        """Show a picture of a display set."""
        self._thumbs[row] = image
        self.dataChanged.emit(self.index(row), self.index(row))

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many there are."""
        return 0 if parent is not None and parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what an entry is made of."""
        if not index.isValid() or index.row() >= len(self._items):
            return None
        item = self._items[index.row()]
        if role == ITEM_ROLE:
            return item
        if role == THUMB_ROLE:
            return self._thumbs.get(index.row())
        if role == Qt.ItemDataRole.ToolTipRole:
            lines = [item.name, item.counts, *(doubt.text for doubt in item.verdict.warnings)]
            return "\n".join(lines)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(part for part in (item.name, item.counts, item.doubts) if part)
        return None


class SeriesRail(QListView):
    """The list of series. Owned by the UI thread.

    Signals:
        series_chosen(int): the display set in this row is to be shown.
    """

    series_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.rail_model = RailModel()
        self.is_narrow = False
        self.setModel(self.rail_model)
        self.setItemDelegate(_RailDelegate(self))
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Series"))
        self.clicked.connect(lambda index: self.series_chosen.emit(index.row()))
        self.activated.connect(lambda index: self.series_chosen.emit(index.row()))

    def set_narrow(self, *, is_narrow: bool) -> None:
        """Show pictures with counts only, or pictures with words."""
        if is_narrow != self.is_narrow:
            self.is_narrow = is_narrow
            self.rail_model.layoutChanged.emit()

    def mark_shown(self, row: int) -> None:
        """Mark the display set that is on screen, without taking the focus."""
        self.setCurrentIndex(self.rail_model.index(row))


class _RailDelegate(QStyledItemDelegate):
    """Paints one display set."""

    def __init__(self, rail: SeriesRail) -> None:
        super().__init__(rail)
        self._rail = rail

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the size of an entry."""
        line_px = QFontMetrics(self._rail.font()).height()
        lines = 1 if self._rail.is_narrow else 3
        height = step_px(THUMB_STEPS) + lines * line_px + step_px(4)
        if not self._rail.is_narrow:
            height = step_px(THUMB_STEPS) + step_px(3)
        return QSize(step_px(20), height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint an entry."""
        item = index.data(ITEM_ROLE)
        if not isinstance(item, RailItem):
            return
        theme = current_theme()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(rect, QColor(theme.raised if is_chosen else theme.panel))
        side = step_px(THUMB_STEPS)
        inset = (rect.width() - side) // 2 if self._rail.is_narrow else step_px(2)
        box = QRect(rect.left() + inset, rect.top() + step_px(1), side, side)
        painter.fillRect(box, QColor("#000000"))
        thumb = index.data(THUMB_ROLE)
        if isinstance(thumb, QImage):
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(box, thumb)
        if is_chosen:
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.drawRect(box.adjusted(0, 0, -1, -1))
        if item.doubts:
            _paint_doubt(painter, box)
        if self._rail.is_narrow:
            words = QRect(rect.left(), box.bottom() + step_px(1), rect.width(), step_px(5))
            painter.setPen(QColor(theme.text))
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, f"{item.slices:,}")
        else:
            beside = rect.adjusted(side + step_px(4), step_px(1), -step_px(1), 0)
            _paint_words(painter, beside, item)
        painter.restore()


def rail_column(rail: SeriesRail, show_verdict: Callable[[], None]) -> QFrame:
    """Return the rail above a button that opens what was received."""
    made = frame("panel")
    inside = column(made, gap=1)
    inside.addWidget(rail, 1)
    inside.addWidget(button(tr("Received"), show_verdict, role="flat"))
    return made


def _paint_words(painter: QPainter, area: QRect, item: RailItem) -> None:
    theme = current_theme()
    metrics = painter.fontMetrics()
    rows = [(part, theme.text) for part in _two_lines(item.name, metrics, area.width())]
    rows.append((item.counts, theme.quiet))
    if item.doubts:
        rows.append((item.doubts, theme.doubt))
    for number, (words, color) in enumerate(rows):
        top = area.top() + number * metrics.height()
        box = QRect(area.left(), top, area.width(), metrics.height())
        painter.setPen(QColor(color))
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)


def _two_lines(text: str, metrics: QFontMetrics, width: int) -> list[str]:
    """Return a text in one line, or broken between words into two."""
    if metrics.horizontalAdvance(text) <= width:
        return [text]
    first, rest = "", text.split(" ")
    while rest and metrics.horizontalAdvance(f"{first} {rest[0]}".strip()) <= width:
        first = f"{first} {rest.pop(0)}".strip()
    return [first, " ".join(rest)] if first and rest else [text]


def _paint_doubt(painter: QPainter, box: QRect) -> None:
    """Paint a small amber triangle in the corner of a picture; its words stand beside it."""
    side = step_px(3)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(current_theme().doubt))
    right, top = box.right() - step_px(1), box.top() + step_px(1)
    painter.drawPolygon(
        [
            QPoint(right - side, top + side),
            QPoint(right, top + side),
            QPoint(right - side // 2, top),
        ]
    )
