"""One grid of viewports: any layout, or three linked planes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from viewers.qt.content import every_slice
from viewers.qt.grid_parts import GAP_PX, Dividers, SeriesDrops
from viewers.qt.grid_words import LAST_ONE, NO_ROOM, NO_SPLIT, no_planes_text
from viewers.qt.model import SharedMarks
from viewers.qt.palette import Palette
from viewers.qt.plane_set import center_crosshair, fill_planes, leave_planes, share_grey
from viewers.qt.viewport import ViewportWidget
from viewers.qt.words import tr
from viewers.render.enhanced import EnhancedOverlay
from viewers.state.layout import MAX_CELLS, UNITS, Cell, Layout, LayoutError
from viewers.state.view_state import Plane, Tool, ViewState
from workstation.core.finding import Evidence
from workstation.core.measurement import Measurement
from workstation.core.verdict import Doubt
from workstation.core.volume import Volume


class ViewportGrid(QWidget):
    """Viewports in a grid; one of them is active. UI thread.

    Args:
        palette: the colors.
        parent: Qt parent.
        marks: shared with the grids of other screens; own ones where it stands alone.

    Signals are those of ViewportWidget, from whichever viewport they come, and:
        active_changed: the ViewportWidget that keys act on now.
        pressed: the reader pressed or focused one of the viewports, the active one or another.
        series_dropped: the display set in this row of the rail is wanted in this ViewportWidget.
        layout_changed: the Layout in force, also where another was asked for and refused.
        layout_dragged: the Layout that the reader made by dragging a divider.
    """

    state_changed = Signal(object)
    measurement_made = Signal(object)
    slice_shown = Signal(str, str)
    evidence_shown = Signal(object)
    pointer_value = Signal(object)
    refused = Signal(str)
    active_changed = Signal(object)
    layout_changed = Signal(object)
    layout_dragged = Signal(object)
    pressed = Signal()
    series_dropped = Signal(int, object)

    def __init__(
        self,
        palette: Palette | None = None,
        parent: QWidget | None = None,
        *,
        marks: SharedMarks | None = None,
    ) -> None:
        super().__init__(parent)
        self._colors = palette or Palette()
        self.marks = marks or SharedMarks()
        self._plain: list[ViewportWidget] = []
        self._planes: list[ViewportWidget] = []
        self._plain_layout, self._plain_active = Layout.ONE, 0
        self._layout = Layout.ONE
        self._active = 0
        self._maximized: int | None = None
        self._swapped: tuple[int, int] | None = None
        self._holds_active, self._has_others = True, False
        self._compare_key = "H"
        self._guest: QWidget | None = None
        self._quarters = Layout.FOUR
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Viewports"))
        self.dividers = Dividers(self, self._colors)
        self.dividers.moved.connect(self._take_moved)
        self.dividers.released.connect(self._take_released)
        self._drops = SeriesDrops(self, self._colors, self._areas)
        self._drops.dropped.connect(
            lambda row, index: self.series_dropped.emit(row, self._viewports[index])
        )
        self._arrange()

    @property
    def layout_shown(self) -> Layout:
        """The layout on show."""
        return self._layout

    @property
    def palette_shown(self) -> Palette:
        """The colors."""
        return self._colors

    @property
    def compare_key(self) -> str:
        """Name of the key that shows the original while it is held."""
        return self._compare_key

    @property
    def active(self) -> ViewportWidget:
        """The viewport that keys act on."""
        return self._viewports[self._active]

    @property
    def _viewports(self) -> list[ViewportWidget]:
        """Viewports of the layout and those it hides; three planes have their own."""
        return self._planes if self._layout.is_mpr else self._plain

    @property
    def viewports(self) -> tuple[ViewportWidget, ...]:
        """The viewports of the layout, in reading order."""
        return tuple(self._viewports[: len(self._layout.cells)])

    @property
    def hidden_viewports(self) -> tuple[ViewportWidget, ...]:
        """Viewports that another layout showed; they keep their content for its return."""
        if self._layout.is_mpr:
            return tuple(self._plain)
        return (*self._plain[len(self._layout.cells) :], *self._planes)

    @property
    def _all(self) -> tuple[ViewportWidget, ...]:
        return (*self._plain, *self._planes)

    def set_layout(self, layout: Layout) -> None:
        """Show another layout; three planes are filled with the series of the active viewport."""
        if layout.is_mpr:
            self._show_planes()
            return
        was_mpr, left = self._layout.is_mpr, self.active
        self._layout = layout
        self._maximized = None
        if was_mpr:
            self._active = self._plain_active
        self._put_back()
        self._keep_active(len(layout.cells))
        self._arrange()
        if was_mpr:
            self._leave_planes(left)
        self._mark_active()
        self.layout_changed.emit(layout)

    def toggle_planes(self) -> None:
        """Show three planes of the active series, or the layout before."""
        self.set_layout(self._plain_layout if self._layout.is_mpr else Layout.MPR)

    def split_active(self, *, side_by_side: bool) -> bool:
        """Make two of the active viewport, the new one empty; False (and say why) if refused."""
        why = NO_SPLIT if self._layout.is_mpr else ""
        try:
            layout = self._layout.split(self._active, side_by_side=side_by_side)
        except LayoutError:
            why = why or NO_ROOM
        if why:
            self.refused.emit(tr(why))
            return False
        self._swapped = None
        self._plain.insert(self._active + 1, self._spare())
        self._show_free(layout)
        return True

    def close_active(self) -> bool:
        """Take the active viewport out; those beside it grow. False (and say why) if refused."""
        why = NO_SPLIT if self._layout.is_mpr else ""
        try:
            layout = self._layout.without(self._active)
        except LayoutError:
            why = why or LAST_ONE
        if why:
            self.refused.emit(tr(why))
            return False
        self._swapped = None
        # It keeps its content for the return of a larger layout, behind all others.
        self._plain.append(self._plain.pop(self._active))
        self._active = min(self._active, len(layout.cells) - 1)
        self._show_free(layout)
        return True

    def take_guest(self, guest: QWidget | None) -> None:
        """Show a widget as the fourth quarter beside three planes; None gives its place back.

        It is hidden as long as the layout has no three planes, or one viewport is shown alone.
        """
        self._guest = guest
        if guest is not None and guest.parentWidget() is not self:
            guest.setParent(self)
        self._place()

    @property
    def has_quarters(self) -> bool:
        """Whether a guest has the fourth quarter beside three planes."""
        return self._guest is not None and self._layout.is_mpr

    @property
    def _tiled(self) -> Layout:
        """The layout that divides the area; with a guest there is a cell more."""
        return self._quarters if self.has_quarters else self._layout

    @property
    def plain_layout(self) -> Layout:
        """The layout on show, or the one that comes back when three planes go."""
        return self._plain_layout if self._layout.is_mpr else self._layout

    def put_in_order(
        self, viewports: Sequence[ViewportWidget], layout: Layout, active: ViewportWidget
    ) -> None:
        """Show a layout with its viewports in the order they had before; others go behind them."""
        if self._layout.is_mpr:
            self.set_layout(self._plain_layout)
        self._swapped = None
        behind = [one for one in self._plain if one not in viewports]
        self._plain = [*viewports, *behind]
        self._active = self._plain.index(active)
        self._show_free(layout)

    def grow_active(self, *, right: float = 0.0, down: float = 0.0) -> bool:
        """Move a divider beside the active viewport so that it grows, or shrinks.

        Args:
            right: share of the grid's width by which it gets wider; below 0 narrower.
            down: share of the grid's height by which it gets taller.

        Returns:
            Whether there was a divider that could move.
        """
        tiled = self._tiled
        left, top, end, bottom = tiled.cells[self._active].edges
        is_vertical, change = bool(right), right or down
        near, far = (left, end) if is_vertical else (top, bottom)
        low, high = (top, bottom) if is_vertical else (left, end)
        for at, sign in ((far, 1), (near, -1)):
            for divider in tiled.dividers:
                start, stop = round(UNITS * divider.start), round(UNITS * divider.end)
                is_here = divider.is_vertical is is_vertical and round(UNITS * divider.at) == at
                if is_here and start <= low and high <= stop:
                    layout = tiled.resized(divider, divider.at + sign * change)
                    self._take_released(layout)
                    return True
        return False

    def set_active(self, viewport: ViewportWidget) -> None:
        """Let the keys act on a viewport."""
        index = self._viewports.index(viewport)
        if index != self._active:
            self._active = index
            self._mark_active()
            self.active_changed.emit(viewport)

    def frame_active(self, *, holds_active: bool, has_others: bool) -> None:
        """Frame the active viewport, or none where another grid holds the active one.

        Args:
            holds_active: the keys act on a viewport of this grid.
            has_others: there are viewports on other screens.
        """
        self._holds_active, self._has_others = holds_active, has_others
        self._mark_active()

    def toggle_maximized(self, viewport: ViewportWidget) -> None:
        """Show one viewport alone, or all of the layout again."""
        index = self._viewports.index(viewport)
        self._maximized = None if self._maximized is not None else index
        self._arrange()

    def leave_maximized(self, wanted: ViewportWidget) -> None:
        """Show all of the layout again where one alone is shown and another is wanted."""
        if self._maximized is not None and self._viewports[self._maximized] is not wanted:
            self._maximized = None
            self._arrange()

    def show_volume(
        self,
        volume: Volume,
        doubts: tuple[Doubt, ...] = (),
        is_loaded: Callable[[int], bool] = every_slice,
        *,
        original: Volume | None = None,
    ) -> bool:
        """Show a volume in the active viewport, or in all three planes; False if refused.

        A volume that has no other planes is shown as it was acquired, and :attr:`refused` says
        why the planes went. The arguments are those of :meth:`ViewportWidget.show_volume`.
        """
        why = volume.geometry.why_not_reformattable
        if self._layout.is_mpr and why:
            self.set_layout(self._plain_layout)
            self.refused.emit(no_planes_text(why))
        if not self._layout.is_mpr:
            return self.active.show_volume(volume, doubts, is_loaded, original=original)
        self.marks.turned.set(None)
        shown = [
            viewport.show_volume(volume, doubts, is_loaded, plane=plane, original=original)
            for viewport, plane in zip(self.viewports, Layout.MPR.planes, strict=True)
        ]
        if all(shown):
            center_crosshair(self.viewports[0])
        return all(shown)

    def show_in(
        self,
        viewport: ViewportWidget,
        volume: Volume,
        doubts: tuple[Doubt, ...] = (),
        is_loaded: Callable[[int], bool] = every_slice,
    ) -> bool:
        """Show a volume in one viewport, in the plane of its cell where it has that plane.

        The active viewport stays. The arguments are those of :meth:`ViewportWidget.show_volume`.
        """
        index = self._viewports.index(viewport)
        wanted = self._layout.planes[index] if index < len(self._layout.planes) else Plane.ACQUIRED
        has_planes = not volume.geometry.why_not_reformattable
        plane = wanted if has_planes else Plane.ACQUIRED
        return viewport.show_volume(volume, doubts, is_loaded, plane=plane)

    def clear(self) -> None:
        """Show nothing anywhere; marks go with it."""
        self.marks.forget()
        for viewport in self._all:
            viewport.clear()

    def refresh(self, series_uid: str, k: int) -> None:
        """Take note that slice k of a series came in."""
        for viewport in self.showing(series_uid):
            viewport.refresh(k)

    def finish_loading(self, series_uid: str) -> None:
        """Take note that no more slices of a series will come."""
        for viewport in self.showing(series_uid):
            viewport.finish_loading()

    def set_enhanced(self, volume: Volume, overlay: EnhancedOverlay | None) -> None:
        """Lay a model's result over a volume wherever it is shown.

        By volume and not by series: the display sets of one series share its UID.
        """
        for viewport in self.viewports:
            content = viewport.content
            if content is not None and content.volume is volume:
                viewport.set_enhanced(overlay)

    def refresh_enhanced(self, series_uid: str, k: int) -> None:
        """Take note that slice k of the model's result of a series came in."""
        for viewport in self.showing(series_uid):
            viewport.refresh_enhanced(k)

    def showing(self, series_uid: str) -> Iterator[ViewportWidget]:
        """Yield the viewports of the layout that show a series."""
        for viewport in self.viewports:
            content = viewport.content
            if content is not None and content.volume.series.series_uid == series_uid:
                yield viewport

    def show_evidence(self, evidence: Evidence) -> bool:
        """Jump to a piece of evidence wherever its series is shown; False if it is nowhere."""
        # Every viewport jumps: a generator would stop at the first.
        found = [viewport.show_evidence(evidence) for viewport in self.viewports]
        return any(found)

    def show_measurement(self, measurement: Measurement) -> bool:
        """Jump to a measurement wherever its series is shown; False if it is nowhere."""
        found = [viewport.show_measurement(measurement) for viewport in self.viewports]
        return any(found)

    def set_compare_key(self, name: str) -> None:
        """Say in the notice bands which key shows the original while it is held."""
        self._compare_key = name
        for viewport in self._all:
            viewport.set_compare_key(name)

    def apply_tool(self, tool: Tool) -> None:
        """Choose what the left button does, in all viewports."""
        for viewport in self._all:
            viewport.apply_tool(tool)

    def compare_original(self, is_held: bool) -> None:
        """Show the stored pixels everywhere for as long as the key is held."""
        for viewport in self.viewports:
            viewport.compare_original(is_held)

    def show_overlays(self, is_on: bool) -> None:
        """Show or hide marks everywhere."""
        for viewport in self._all:
            viewport.show_overlays(is_on)

    def show_texts(self, is_on: bool) -> None:
        """Show or hide corner texts everywhere; notice bands stay."""
        for viewport in self._all:
            viewport.show_texts(is_on)

    def sizeHint(self) -> QSize:
        """Return a size in which images can be read."""
        return QSize(800, 600)

    def minimumSizeHint(self) -> QSize:
        """Return the size of the smallest viewport: a grid shrinks with the window."""
        return self._plain[0].minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give each viewport its part of the new size."""
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the space between the viewports."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._colors.line))
        painter.end()

    def _show_planes(self) -> None:
        content = self.active.content
        previous = self._layout
        why = content.volume.geometry.why_not_reformattable if content is not None else ""
        if why:
            self.refused.emit(no_planes_text(why))
            # Whoever asked marked its button: this tells what is in force all the same.
            self.layout_changed.emit(previous)
            return
        while len(self._planes) < len(Layout.MPR.cells):
            self._planes.append(self._new_viewport())
        if content is not None and not fill_planes(self._planes, content, self.active.state.value):
            self.layout_changed.emit(previous)
            return
        if not previous.is_mpr:
            self._plain_layout, self._plain_active = previous, self._active
        self._layout = Layout.MPR
        self._maximized = None
        self._active = 0
        self._arrange()
        center_crosshair(self.viewports[0])
        self._mark_active()
        self.layout_changed.emit(Layout.MPR)
        self.active_changed.emit(self.active)

    def _leave_planes(self, left: ViewportWidget) -> None:
        """Show the series of the planes as it was acquired, at the place that was looked at."""
        content, window = left.content, left.state.value.window
        crosshair = self.marks.crosshair.value
        self.marks.turned.set(None)
        self.marks.crosshair.set(None)
        for viewport in self._planes:
            viewport.clear()
        if content is None:
            self.active.clear()
            return
        leave_planes(self.active, content, window, crosshair)

    def _share_grey(self, changed: ViewportWidget, state: ViewState) -> None:
        if self._layout.is_mpr:
            share_grey(changed, state, self.viewports)

    def _mark_active(self) -> None:
        has_several = len(self._layout.cells) > 1 or self._has_others
        is_framed = has_several and self._holds_active
        for viewport in self._all:
            viewport.set_active(is_active=is_framed and viewport is self.active)

    def _arrange(self) -> None:
        cells = self._layout.cells
        while len(self._viewports) < len(cells):
            self._viewports.append(self._new_viewport())
        alone = None if self._maximized is None else self._viewports[self._maximized]
        shown = self.viewports if alone is None else (alone,)
        has_focus = self.isAncestorOf(QApplication.focusWidget() or self)
        for viewport in shown:
            viewport.setVisible(True)
        if has_focus:
            # Before the others are hidden: Qt would give the focus to whatever comes next.
            self.active.setFocus()
        for viewport in self._all:
            if viewport not in shown:
                viewport.setVisible(False)
        self._place()

    def _place(self) -> None:
        """Give each viewport on show its area."""
        areas = self._areas()
        for viewport, area in zip(self.viewports, areas, strict=True):
            if not area.isEmpty():
                viewport.setGeometry(area)
        is_whole = self._maximized is None
        if self._guest is not None:
            if self.has_quarters:
                self._guest.setGeometry(self._area(self._quarters.cells[-1]))
            self._guest.setVisible(self.has_quarters and is_whole)
        self.dividers.show(self._tiled if is_whole else Layout.ONE)

    def _areas(self) -> tuple[QRect, ...]:
        """Return where each viewport lies; empty for one behind a maximized one."""
        if self._maximized is None:
            cells = self._tiled.cells[: len(self._layout.cells)]
            return tuple(self._area(cell) for cell in cells)
        count = len(self._layout.cells)
        return tuple(self.rect() if n == self._maximized else QRect() for n in range(count))

    def _area(self, cell: Cell) -> QRect:
        """Return where a cell lies, with half of the gap left out at each inner edge."""
        width, height = self.width() + GAP_PX, self.height() + GAP_PX
        left, top = round(cell.left * width), round(cell.top * height)
        right = round((cell.left + cell.width) * width) - GAP_PX
        bottom = round((cell.top + cell.height) * height) - GAP_PX
        return QRect(left, top, max(right - left, 1), max(bottom - top, 1))

    def _keep_active(self, count: int) -> None:
        """Keep the active viewport on show where fewer are: the reader is reading in it.

        It takes the last place for as long as the layout has too few, and goes back after that.
        """
        if self._active >= count and self.active.content is None:
            # Nothing is read in it: what the others show stays.
            self._active = count - 1
        if self._active >= count:
            self._swapped = (count - 1, self._active)
            self._swap(count - 1, self._active)
            self._active = count - 1

    def _put_back(self) -> None:
        if self._swapped is not None:
            first, second = self._swapped
            self._swapped = None
            self._swap(first, second)
            if self._active == first:
                self._active = second

    def _swap(self, first: int, second: int) -> None:
        listed = self._plain
        listed[first], listed[second] = listed[second], listed[first]

    def _spare(self) -> ViewportWidget:
        """Return a viewport without content that is not on show, for a new cell."""
        hidden = self._plain[len(self._layout.cells) :]
        spare = next((one for one in hidden if one.content is None), None)
        if spare is None and len(self._plain) >= MAX_CELLS:
            spare = hidden[-1]
            spare.clear()
        if spare is None:
            return self._new_viewport()
        self._plain.remove(spare)
        return spare

    def _show_free(self, layout: Layout) -> None:
        self._layout = layout
        self._maximized = None
        self._arrange()
        self._mark_active()
        self.layout_changed.emit(layout)
        self.active_changed.emit(self.active)

    def _take_moved(self, layout: Layout) -> None:
        if self.has_quarters:
            self._quarters = layout
        else:
            self._layout = layout
        self._place()

    def _take_released(self, layout: Layout) -> None:
        self._take_moved(layout)
        if not self.has_quarters:
            self.layout_dragged.emit(layout)

    def _new_viewport(self) -> ViewportWidget:
        viewport = ViewportWidget(self.marks, self._colors, self)
        viewport.set_compare_key(self._compare_key)
        viewport.state_changed.connect(self.state_changed)
        viewport.state_changed.connect(lambda state: self._share_grey(viewport, state))
        viewport.measurement_made.connect(self.measurement_made)
        viewport.slice_shown.connect(self.slice_shown)
        viewport.evidence_shown.connect(self.evidence_shown)
        viewport.pointer_value.connect(self.pointer_value)
        viewport.refused.connect(self.refused)
        viewport.activated.connect(lambda: self._take_pressed(viewport))
        viewport.maximize_requested.connect(lambda: self.toggle_maximized(viewport))
        if self._plain:
            now = self._plain[0].state.value
            viewport.apply_tool(now.tool)
            viewport.show_texts(now.shows_texts)
            viewport.show_overlays(now.shows_overlays)
        return viewport

    def _take_pressed(self, viewport: ViewportWidget) -> None:
        if viewport in self.viewports:
            self.set_active(viewport)
            self.pressed.emit()
