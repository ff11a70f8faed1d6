"""The rail of series: a picture, a name, how many slices, and amber where there is a doubt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPen
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from viewers.qt.grid_parts import SERIES_MIME, series_mime
from workstation.core.provenance import PixelKind
from workstation.core.verdict import SeriesVerdict
from workstation.ui.series_browser.account import real_doubts
from workstation.ui.theme import DARK, current_theme, step_px
from workstation.ui.widgets import button, column, frame
from workstation.ui.words import count_of, tr

if TYPE_CHECKING:  # it brings the DICOM toolkit
    from workstation.core.image_stack import ImageStack

Index = QModelIndex | QPersistentModelIndex

ITEM_ROLE = Qt.ItemDataRole.UserRole
THUMB_ROLE = Qt.ItemDataRole.UserRole + 1
SEEN_ROLE = Qt.ItemDataRole.UserRole + 2

THUMB_STEPS = 18
"""Side of a picture in the rail, in steps: 72 pixels at 100 %."""


TOLD_AS_COUNTS = frozenset({"missing_slices", "incomplete"})
"""Doubts that the rail tells as "3 missing" or "2 set aside" and does not count again."""

LINES = 4
"""Lines of words beside a picture: the name in one or two, then counts, then what is wrong."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the reader has seen of a display set.

    Attributes:
        slices: how many of its slices have been on screen.
        is_shown: it is on screen now, in whichever viewport.
    """

    slices: int
    is_shown: bool


@dataclass(frozen=True, slots=True, eq=False)
class RailItem:
    """One display set as the rail shows it.

    Attributes:
        display_set: what is opened.
        verdict: of its series.
        name: words for people.
        slices: how many.
        number: which stack of its series it is, from 0, counted by the rail; the first tells the
            files of the series.
        prior: says that it is of a prior study, and of which date; empty for the open study.
    """

    display_set: ImageStack
    verdict: SeriesVerdict
    name: str
    slices: int
    number: int = 0
    prior: str = ""

    @property
    def made_by_model(self) -> str:
        """Says that a model made its pixels; empty for scanned ones."""
        is_made = self.display_set.provenance.kind is PixelKind.ENHANCED
        return tr("ENHANCED") if is_made else ""

    @property
    def files(self) -> str:
        """Files shown of those received, beside the first stack of a series; else empty."""
        if self.number:
            return ""
        shown, received = self.verdict.shown, self.verdict.received
        words = tr("{0} of {1}").format(f"{shown:,}", f"{received:,}")
        if self._is_plain:
            return words
        named = tr("{0} file") if received == 1 else tr("{0} files")
        return named.format(words)

    @property
    def counts(self) -> str:
        """Files shown of those received, and slices where that is another number."""
        slices = "" if self._is_plain else count_of(self.slices, "slice", "slices")
        return ", ".join(part for part in (self.files, slices) if part)

    @property
    def short_count(self) -> str:
        """What stands under a picture where there are no words."""
        return self.files if self._is_plain else f"{self.slices:,}"

    @property
    def doubts(self) -> str:
        """What is set aside, missing or in doubt, in words; empty for nothing."""
        verdict = self.verdict
        first = self.number == 0
        aside = len(verdict.set_aside) if first else 0
        missing = verdict.missing_positions if first else self.display_set.missing
        found = real_doubts(verdict.warnings if first else self.display_set.doubts)
        doubts = sum(1 for doubt in found if doubt.code not in TOLD_AS_COUNTS)
        words = (
            tr("{0} set aside").format(f"{aside:,}") if aside else "",
            tr("{0} missing").format(f"{missing:,}") if missing else "",
            count_of(doubts, "doubt", "doubts") if doubts else "",
        )
        return ", ".join(part for part in words if part)

    @property
    def _is_plain(self) -> bool:
        """Whether each file of the series is one slice of one stack."""
        verdict = self.verdict
        # By the headers the first says it; where loading lost slices only the second still does.
        is_one_to_one = self.slices == verdict.shown or verdict.frames_received == verdict.received
        return verdict.display_sets == 1 and is_one_to_one


class RailModel(QAbstractListModel):
    """Display sets of the open study. Owned by the UI thread."""

    def __init__(self) -> None:
        super().__init__()
        self._items: tuple[RailItem, ...] = ()
        self._thumbs: dict[int, QImage] = {}
        self._seen: dict[int, Seen] = {}

    @property
    def items(self) -> tuple[RailItem, ...]:
        """All display sets, in order."""
        return self._items

    def show_items(self, items: Sequence[RailItem]) -> None:
        """Show the display sets of another study."""
        self.beginResetModel()
        self._items = _numbered(items)
        self._thumbs.clear()
        self._seen = {}
        self.endResetModel()

    def add_items(self, items: Sequence[RailItem]) -> None:
        """Show more display sets behind those that are there."""
        first = len(self._items)
        self.beginInsertRows(QModelIndex(), first, first + len(items) - 1)
        self._items = (*self._items, *_numbered(items))
        self.endInsertRows()

    def replace_verdict(self, verdict: SeriesVerdict) -> None:
        """Show what is known of a series by now, beside each of its display sets."""
        uid = verdict.series_uid
        self._items = tuple(
            replace(item, verdict=verdict) if item.verdict.series_uid == uid else item
            for item in self._items
        )
        if self._items:
            self.dataChanged.emit(self.index(0), self.index(len(self._items) - 1))

    def set_thumbnail(self, row: int, image: QImage) -> None:
        """Show a picture of a display set."""
        self._thumbs[row] = image
        self.dataChanged.emit(self.index(row), self.index(row))

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let entries be dragged onto a viewport."""
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:
        """Return the kind of what is dragged."""
        return [SERIES_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Return what a dragged entry hands over: its row."""
        return series_mime(indexes[0].row())

    def show_seen(self, seen: Mapping[int, Seen]) -> None:
        """Show which display sets are on screen, and how much of each has been, by row."""
        changed = [row for row in {*seen, *self._seen} if seen.get(row) != self._seen.get(row)]
        self._seen = dict(seen)
        for row in changed:
            self.dataChanged.emit(self.index(row), self.index(row))

    def seen_words(self, row: int) -> str:
        """Return what has been seen of a display set, in words; empty for nothing."""
        seen = self._seen.get(row)
        if seen is None:
            return ""
        share = tr("{0} of {1} slices seen").format(seen.slices, self._items[row].slices)
        return f"{tr('on screen')}, {share}" if seen.is_shown else share

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
        if role in (THUMB_ROLE, SEEN_ROLE):
            return (self._thumbs if role == THUMB_ROLE else self._seen).get(index.row())
        if role == Qt.ItemDataRole.ToolTipRole:
            doubts = real_doubts(item.verdict.warnings)
            seen = self.seen_words(index.row())
            told = (item.made_by_model, item.prior, item.name, item.counts, item.doubts, seen)
            lines = [*told, *(doubt.text for doubt in doubts)]
            return "\n".join(part for part in lines if part)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            seen = self.seen_words(index.row())
            told = (item.made_by_model, item.prior, item.name, item.counts, item.doubts, seen)
            return ", ".join(part for part in told if part)
        return None


class SeriesRail(QListView):
    """The list of series. Owned by the UI thread.

    Signals:
        series_chosen(int): the display set in this row is to be shown.
        menu_wanted(int, QPoint): what can be done with the display set in this row, at this place
            of the screen.
    """

    series_chosen = Signal(int)
    menu_wanted = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self.rail_model = RailModel()
        self.is_narrow = False
        self.setModel(self.rail_model)
        self.setItemDelegate(_RailDelegate(self))
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragEnabled(True)
        self.setAccessibleName(tr("Series"))
        self.clicked.connect(lambda index: self.series_chosen.emit(index.row()))
        self.activated.connect(lambda index: self.series_chosen.emit(index.row()))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)

    def _ask_menu(self, at: QPoint) -> None:
        index = self.indexAt(at)
        row = index.row() if index.isValid() else self.currentIndex().row()
        if row >= 0:
            self.menu_wanted.emit(row, self.viewport().mapToGlobal(at))

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
            height = max(step_px(THUMB_STEPS) + step_px(3), LINES * line_px + step_px(2))
        item = index.data(ITEM_ROLE)
        if isinstance(item, RailItem) and item.prior:
            height += _prior_px(QFontMetrics(self._rail.font()), is_narrow=self._rail.is_narrow)
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
        if item.prior:
            rect = _paint_prior(painter, rect, item.prior, is_narrow=self._rail.is_narrow)
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
        used = _paint_made(painter, box, item.made_by_model) if item.made_by_model else 0
        if item.doubts:
            _paint_doubt(painter, box.adjusted(0, used, 0, 0))
        seen = index.data(SEEN_ROLE)
        if isinstance(seen, Seen):
            _paint_seen(painter, box, seen, item.slices)
        if self._rail.is_narrow:
            words = QRect(rect.left(), box.bottom() + step_px(1), rect.width(), step_px(5))
            painter.setPen(QColor(theme.text))
            count = painter.fontMetrics().elidedText(
                item.short_count, Qt.TextElideMode.ElideMiddle, words.width()
            )
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, count)
        else:
            beside = rect.adjusted(side + step_px(4), step_px(1), -step_px(1), 0)
            _paint_words(painter, beside, item)
        painter.restore()


def _numbered(items: Sequence[RailItem]) -> tuple[RailItem, ...]:
    """Return display sets with the number of each in its series."""
    seen: Counter[str] = Counter()
    numbered = []
    for item in items:
        uid = item.verdict.series_uid
        numbered.append(replace(item, number=seen[uid]))
        seen[uid] += 1
    return tuple(numbered)


def _prior_px(metrics: QFontMetrics, *, is_narrow: bool) -> int:
    """Return the height of the strip that says that a series is of a prior."""
    # The date never gives way: where the rail is narrow it has a line of its own.
    return (2 if is_narrow else 1) * metrics.height() + step_px(1)


def _paint_prior(painter: QPainter, rect: QRect, words: str, *, is_narrow: bool) -> QRect:
    """Paint the strip of a prior along the top of its entry; return the rest of the entry."""
    theme = current_theme()
    metrics = painter.fontMetrics()
    height = _prior_px(metrics, is_narrow=is_narrow)
    strip = QRect(rect.left(), rect.top(), rect.width(), height)
    painter.fillRect(strip, QColor(theme.line))
    painter.fillRect(QRect(strip.left(), strip.top(), 3, rect.height()), QColor(theme.quiet))
    painter.setPen(QColor(theme.text))
    inside = strip.adjusted(step_px(2), 0, -step_px(1), 0)
    rows = words.split(" ", 1) if is_narrow else [words]
    for row, part in enumerate(rows):
        box = QRect(inside.left(), inside.top() + row * metrics.height(), inside.width(), 0)
        box.setHeight(height // len(rows))
        shown = metrics.elidedText(part, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
    return rect.adjusted(0, strip.height(), 0, 0)


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
    rows = [(part, theme.quiet) for part in _count_lines(item, metrics, area.width())]
    if item.doubts:
        rows.append((item.doubts, theme.doubt))
    room = LINES - len(rows)
    name = _name_lines(item, metrics, area.width()) if room > 1 else [item.name]
    rows = [(part, theme.text) for part in name] + rows
    for number, (words, color) in enumerate(rows):
        top = area.top() + number * metrics.height()
        box = QRect(area.left(), top, area.width(), metrics.height())
        painter.setPen(QColor(color))
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)


def _count_lines(item: RailItem, metrics: QFontMetrics, width: int) -> list[str]:
    """Return the counts in one line or two; the word "files" goes where it does not fit."""
    if metrics.horizontalAdvance(item.counts) <= width:
        return [item.counts]
    files, *slices = item.counts.split(", ")
    if metrics.horizontalAdvance(files) > width:
        files = files.rpartition(" ")[0]
    return [files, *slices]


def _name_lines(item: RailItem, metrics: QFontMetrics, width: int) -> list[str]:
    """Return a name in one line or two; the name of a stack has the second for itself."""
    stack = item.display_set.name
    if not stack or metrics.horizontalAdvance(item.name) <= width:
        return two_lines(item.name, metrics.horizontalAdvance, width)
    of_series = item.name.removesuffix(f", {stack}")
    # The end of a stack's name tells it from the others: "b=1500, direction #12".
    return [
        metrics.elidedText(part, Qt.TextElideMode.ElideMiddle, width) for part in (of_series, stack)
    ]


def two_lines(text: str, width_of: Callable[[str], int], width: int) -> list[str]:
    """Return a text in one line, or in two, broken where words end if that can be.

    Args:
        text: to be broken.
        width_of: width of a text.
        width: of a line.
    """
    if width_of(text) <= width:
        return [text]
    fitting = next(n for n in range(len(text), 0, -1) if n == 1 or width_of(text[:n]) <= width)
    ends = [n for n in range(1, fitting + 1) if text[n - 1] in " _-,/"]
    # A break that leaves less than half of the first line in use helps nobody.
    at = ends[-1] if ends and ends[-1] * 2 >= fitting else fitting
    return [text[:at].rstrip(), text[at:].lstrip()]


def _paint_seen(painter: QPainter, box: QRect, seen: Seen, slices: int) -> None:
    """Paint a ring that closes as slices are seen; a dot in it says that it is on screen."""
    side, gap = step_px(4), step_px(1)
    area = QRectF(box.left() + gap, box.bottom() - gap - side, side, side)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 170))
    painter.drawEllipse(area.adjusted(-2, -2, 2, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(DARK.edge), 2))
    painter.drawEllipse(area)
    painter.setPen(QPen(QColor(DARK.text), 2))
    share = min(seen.slices / max(slices, 1), 1.0)
    painter.drawArc(area, 90 * 16, -round(360 * 16 * share))
    if seen.is_shown:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(DARK.accent))
        painter.drawEllipse(area.adjusted(4, 4, -4, -4))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_made(painter: QPainter, box: QRect, words: str) -> int:
    """Write along the top of a picture that a model made it, as the band of a viewport does.

    The whole word is smaller where it would not fit: a part of it says nothing. Returns the height
    of the band, in pixels.
    """
    usual, metrics = painter.font(), painter.fontMetrics()
    band = QRect(box.left(), box.top(), box.width(), metrics.height())
    painter.fillRect(band, QColor(DARK.panel))
    painter.setPen(QColor(DARK.doubt))
    wanted = metrics.horizontalAdvance(words)
    room = band.width() - 2
    if wanted > room:
        smaller = QFont(usual)
        smaller.setPointSizeF(usual.pointSizeF() * room / wanted * 0.98)
        painter.setFont(smaller)
    painter.drawText(band, Qt.AlignmentFlag.AlignCenter, words)
    painter.setFont(usual)
    return band.height()


def _paint_doubt(painter: QPainter, box: QRect) -> None:
    """Paint a small amber triangle in the corner of a picture; its words stand beside it."""
    side = step_px(3)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(DARK.doubt))  # it lies on the picture, which is dark in either theme
    right, top = box.right() - step_px(1), box.top() + step_px(1)
    painter.drawPolygon(
        [
            QPoint(right - side, top + side),
            QPoint(right, top + side),
            QPoint(right - side // 2, top),
        ]
    )
