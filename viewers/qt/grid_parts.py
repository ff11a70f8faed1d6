"""What lies over a grid of viewports: handles that move its dividers, and the frame of a drop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QMimeData, QObject, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragMoveEvent,
    QDropEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from viewers.qt.palette import Palette
from viewers.qt.words import tr
from viewers.state.layout import Divider, Layout

GAP_PX = 2
"""Space between viewports; enough to tell two black images apart."""

GRIP_PX = 8
"""Width of what the pointer can take a divider by: two pixels cannot be hit."""

SERIES_MIME = "application/x-prelim-series"
"""Kind of what is dragged from the rail: the row of a display set, as digits."""


class DividerHandle(QWidget):
    """Lies over one divider of a grid and is dragged; paints only under the hand. UI thread.

    Signals:
        grabbed: the reader took it.
        dragged: where the pointer is now, in pixels of the grid (x, y).
        dropped: the reader let it go.
    """

    grabbed = Signal()
    dragged = Signal(int, int)
    dropped = Signal()

    def __init__(self, palette: Palette, parent: QWidget) -> None:
        super().__init__(parent)
        self._colors = palette
        self._is_vertical = True
        self._is_held = False
        self.setAccessibleName(tr("Divider between viewports"))

    def show_divider(self, divider: Divider, size: tuple[int, int]) -> None:
        """Lie over a divider of a grid of so many pixels (width, height)."""
        self._is_vertical = divider.is_vertical
        shape = Qt.CursorShape.SplitHCursor if self._is_vertical else Qt.CursorShape.SplitVCursor
        self.setCursor(shape)
        across, along = size if self._is_vertical else size[::-1]
        at = round(divider.at * (across + GAP_PX)) - GAP_PX // 2 - GRIP_PX // 2
        start, end = round(divider.start * along), round(divider.end * along)
        area = QRect(at, start, GRIP_PX, end - start)
        if not self._is_vertical:
            area = QRect(start, at, end - start, GRIP_PX)
        self.setGeometry(area)
        self.show()
        self.raise_()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the divider."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._is_held = True
            self.grabbed.emit()
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell where the hand is."""
        if self._is_held:
            at = self.mapToParent(event.position().toPoint())
            self.dragged.emit(at.x(), at.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the divider go."""
        if self._is_held and event.button() == Qt.MouseButton.LeftButton:
            self._is_held = False
            self.dropped.emit()
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line while it is in the hand."""
        if not self._is_held:
            return
        painter = QPainter(self)
        middle = (GRIP_PX - GAP_PX) // 2
        line = QRect(middle, 0, GAP_PX, self.height())
        if not self._is_vertical:
            line = QRect(0, middle, self.width(), GAP_PX)
        painter.fillRect(line, QColor(self._colors.accent))
        painter.end()


class DropFrame(QWidget):
    """Frames the viewport that a dragged series would be shown in. UI thread."""

    def __init__(self, palette: Palette, parent: QWidget) -> None:
        super().__init__(parent)
        self._colors = palette
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_around(self, area: QRect) -> None:
        """Frame an area of the grid."""
        self.setGeometry(area)
        self.show()
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the frame."""
        painter = QPainter(self)
        painter.setPen(QPen(QColor(self._colors.accent), 3))
        painter.drawRect(self.rect().adjusted(1, 1, -2, -2))
        painter.end()


class Dividers(QObject):
    """The handles over the dividers of one grid. UI thread.

    Signals:
        moved: the Layout that the hand makes, while it drags.
        released: the Layout it made.
    """

    moved = Signal(object)
    released = Signal(object)

    def __init__(self, grid: QWidget, palette: Palette) -> None:
        super().__init__(grid)
        self._grid, self._colors = grid, palette
        self._handles: list[DividerHandle] = []
        self._layout = Layout.ONE
        self._held: tuple[DividerHandle, Layout, Divider] | None = None
        self._made: Layout | None = None

    @property
    def handles(self) -> tuple[DividerHandle, ...]:
        """The handles on show, in the order of the dividers of the layout."""
        return tuple(self._handles[: len(self._layout.dividers)])

    def show(self, layout: Layout) -> None:
        """Lay handles over the dividers of a layout; while one is held it alone moves."""
        if self._held is not None:
            return
        self._layout = layout
        dividers = layout.dividers
        while len(self._handles) < len(dividers):
            self._handles.append(self._new_handle())
        size = (self._grid.width(), self._grid.height())
        for handle in self._handles[len(dividers) :]:
            handle.hide()
        for handle, divider in zip(self._handles, dividers, strict=False):
            handle.show_divider(divider, size)

    def _new_handle(self) -> DividerHandle:
        handle = DividerHandle(self._colors, self._grid)
        handle.grabbed.connect(lambda: self._grab(handle))
        handle.dragged.connect(self._drag)
        handle.dropped.connect(self._drop)
        return handle

    def _grab(self, handle: DividerHandle) -> None:
        index = self._handles.index(handle)
        self._held = (handle, self._layout, self._layout.dividers[index])

    def _drag(self, x: int, y: int) -> None:
        if self._held is None:
            return
        handle, layout, divider = self._held
        size = (self._grid.width(), self._grid.height())
        at = x / max(size[0], 1) if divider.is_vertical else y / max(size[1], 1)
        self._made = layout.resized(divider, at)
        # Its extent stays: what it was taken for moves, though it may touch other lines on its way.
        moved = _moved(layout, self._made, divider)
        handle.show_divider(moved, size)
        self.moved.emit(self._made)

    def _drop(self) -> None:
        made, self._held, self._made = self._made, None, None
        if made is not None:
            self.released.emit(made)


class SeriesDrops(QObject):
    """Takes series that are dragged from the rail onto a viewport of a grid. UI thread.

    Signals:
        dropped: the row of the rail, and the number of the viewport in the grid.
    """

    dropped = Signal(int, int)

    def __init__(
        self, grid: QWidget, palette: Palette, areas: Callable[[], tuple[QRect, ...]]
    ) -> None:
        """Watch a grid.

        Args:
            grid: takes drops from now on.
            palette: the colors.
            areas: gives where each viewport lies; empty for one that is not seen.
        """
        super().__init__(grid)
        self._areas = areas
        self._frame = DropFrame(palette, grid)
        grid.setAcceptDrops(True)
        grid.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Frame the viewport under a dragged series, and tell where it is dropped."""
        kinds = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)
        if event.type() == QEvent.Type.DragLeave:
            self._frame.hide()
        elif event.type() in kinds and isinstance(event, QDropEvent):
            return self._take(event)
        return super().eventFilter(watched, event)

    def _take(self, event: QDropEvent) -> bool:
        row, index = dragged_row(event.mimeData()), self._index_at(event)
        if row is None or index is None:
            self._frame.hide()
            # Files and folders belong to the window.
            event.ignore()
            return True
        event.acceptProposedAction()
        if isinstance(event, QDragMoveEvent):
            self._frame.show_around(self._areas()[index])
        else:
            self._frame.hide()
            self.dropped.emit(row, index)
        return True

    def _index_at(self, event: QDropEvent) -> int | None:
        at = event.position().toPoint()
        found = (n for n, area in enumerate(self._areas()) if area.contains(at))
        return next(found, None)


def series_mime(row: int) -> QMimeData:
    """Return what the rail hands over when a display set is dragged."""
    made = QMimeData()
    made.setData(SERIES_MIME, str(row).encode("ascii"))
    return made


def dragged_row(mime: QMimeData) -> int | None:
    """Return the row of the rail that is dragged; None where it is something else."""
    if not mime.hasFormat(SERIES_MIME):
        return None
    digits = bytes(mime.data(SERIES_MIME).data())
    # Another program may offer anything under this name.
    return int(digits) if len(digits) <= 6 and digits.isdigit() else None


def _moved(before: Layout, after: Layout, divider: Divider) -> Divider:
    """Return where a divider of a layout lies in the one its drag made."""
    for old, new in zip(before.cells, after.cells, strict=True):
        edges = (old.left, new.left) if divider.is_vertical else (old.top, new.top)
        spans = (old.top, old.height) if divider.is_vertical else (old.left, old.width)
        is_along = divider.start <= spans[0] + 1e-9 and spans[0] + spans[1] <= divider.end + 1e-9
        if is_along and abs(edges[0] - divider.at) < 1e-9:
            return replace(divider, at=edges[1])
    return divider
