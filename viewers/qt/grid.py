"""One grid of viewports: any layout, or three linked planes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QRect, QSize, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewers.qt.content import Content, every_slice
from viewers.qt.model import SharedMarks
from viewers.qt.palette import Palette
from viewers.qt.viewport import ViewportWidget
from viewers.render.enhanced import EnhancedOverlay
from viewers.state.crosshair import Crosshair
from viewers.state.layout import Cell, Layout
from viewers.state.view_state import Plane, Tool, ViewState
from workstation.core.finding import Evidence
from workstation.core.measurement import Measurement
from workstation.core.verdict import Doubt
from workstation.core.volume import Volume

NO_PLANES = "Other planes are not offered because {0}. Scrolling the slices is right."
"""Said where the reader asks for planes that a series cannot give."""

GAP_PX = 2
"""Space between viewports; enough to tell two black images apart."""


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
    """

    state_changed = Signal(object)
    measurement_made = Signal(object)
    slice_shown = Signal(str, str)
    evidence_shown = Signal(object)
    pointer_value = Signal(object)
    refused = Signal(str)
    active_changed = Signal(object)
    layout_changed = Signal(object)
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
        self._viewports: list[ViewportWidget] = []
        self._layout = Layout.ONE
        self._active = 0
        self._maximized: int | None = None
        self._holds_active, self._has_others = True, False
        self._compare_key = "H"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Viewports"))
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
    def viewports(self) -> tuple[ViewportWidget, ...]:
        """The viewports of the layout, in reading order."""
        return tuple(self._viewports[: len(self._layout.cells)])

    @property
    def hidden_viewports(self) -> tuple[ViewportWidget, ...]:
        """Viewports that a larger layout showed; they keep their content for its return."""
        return tuple(self._viewports[len(self._layout.cells) :])

    def set_layout(self, layout: Layout) -> None:
        """Show another layout; three planes are filled with the series of the active viewport."""
        if layout.is_mpr:
            self._show_planes()
            return
        was_mpr = self._layout.is_mpr
        content = self.active.content
        self._layout = layout
        self._maximized = None
        self._active = min(self._active, len(layout.cells) - 1)
        self._arrange()
        if was_mpr:
            self._leave_planes(content)
        self._mark_active()
        self.layout_changed.emit(layout)

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
            self.set_layout(Layout.ONE)
            self.refused.emit(_no_planes_text(why))
        if not self._layout.is_mpr:
            return self.active.show_volume(volume, doubts, is_loaded, original=original)
        self.marks.turned.set(None)
        shown = [
            viewport.show_volume(volume, doubts, is_loaded, plane=plane, original=original)
            for viewport, plane in zip(self.viewports, Layout.MPR.planes, strict=True)
        ]
        if all(shown):
            self._center_crosshair()
        return all(shown)

    def clear(self) -> None:
        """Show nothing anywhere; marks go with it."""
        self.marks.forget()
        for viewport in self._viewports:
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
        for viewport in self._viewports:
            viewport.set_compare_key(name)

    def apply_tool(self, tool: Tool) -> None:
        """Choose what the left button does, in all viewports."""
        for viewport in self._viewports:
            viewport.apply_tool(tool)

    def compare_original(self, is_held: bool) -> None:
        """Show the stored pixels everywhere for as long as the key is held."""
        for viewport in self.viewports:
            viewport.compare_original(is_held)

    def show_difference(self, is_on: bool) -> None:
        """Show everywhere what the model changed."""
        for viewport in self.viewports:
            viewport.show_difference(is_on)

    def show_overlays(self, is_on: bool) -> None:
        """Show or hide marks everywhere."""
        for viewport in self._viewports:
            viewport.show_overlays(is_on)

    def show_texts(self, is_on: bool) -> None:
        """Show or hide corner texts everywhere; notice bands stay."""
        for viewport in self._viewports:
            viewport.show_texts(is_on)

    def sizeHint(self) -> QSize:
        """Return a size in which images can be read."""
        return QSize(800, 600)

    def minimumSizeHint(self) -> QSize:
        """Return the size of the smallest viewport: a grid shrinks with the window."""
        return self._viewports[0].minimumSizeHint()

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
            self.refused.emit(_no_planes_text(why))
            # Whoever asked marked its button: this tells what is in force all the same.
            self.layout_changed.emit(previous)
            return
        self._layout = Layout.MPR
        while len(self._viewports) < len(Layout.MPR.cells):
            self._viewports.append(self._new_viewport())
        if content is not None and not self._fill_planes(content):
            self._layout = previous
            self.layout_changed.emit(previous)
            return
        self._maximized = None
        self._active = 0
        self._arrange()
        self._mark_active()
        self.layout_changed.emit(Layout.MPR)
        self.active_changed.emit(self.active)

    def _fill_planes(self, content: Content) -> bool:
        window = self.active.state.value.window
        if not self.active.set_plane(Plane.AXIAL):
            return False
        self.show_volume(
            content.volume, content.doubts, content.is_loaded, original=content.original
        )
        for viewport in self.viewports:
            viewport.take_over(content)
            viewport.set_window(window)
        return True

    def _center_crosshair(self) -> None:
        content = self.viewports[0].content
        mapping = self.viewports[0].canvas.mapping()
        if content is None or mapping is None:
            return
        point = mapping.stack.to_patient_mm(mapping.index, mapping.stack.center_cr)
        geometry, series = content.volume.geometry, content.volume.series
        x, y, z = (float(value) for value in point)
        crosshair = Crosshair(geometry.frame_of_reference_uid, series.series_uid, (x, y, z))
        self.marks.crosshair.set(crosshair)

    def _leave_planes(self, content: Content | None) -> None:
        self.marks.turned.set(None)
        self.marks.crosshair.set(None)
        first = self.active
        if content is not None:
            first.show_volume(
                content.volume, content.doubts, content.is_loaded, original=content.original
            )
            first.take_over(content)
        for viewport in self._viewports:
            if viewport is not first:
                viewport.clear()

    def _share_grey(self, changed: ViewportWidget, state: ViewState) -> None:
        """Give three planes of one series one window."""
        content = changed.content
        if not self._layout.is_mpr or content is None:
            return
        for viewport in self.viewports:
            other = viewport.content
            if other is not None and other.volume is content.volume:
                mine = viewport.state.value
                viewport.state.set(
                    replace(mine, window=state.window, is_inverted=state.is_inverted)
                )

    def _mark_active(self) -> None:
        has_several = len(self._layout.cells) > 1 or self._has_others
        is_framed = has_several and self._holds_active
        for index, viewport in enumerate(self._viewports):
            viewport.set_active(is_active=is_framed and index == self._active)

    def _arrange(self) -> None:
        cells = self._layout.cells
        while len(self._viewports) < len(cells):
            self._viewports.append(self._new_viewport())
        for index, viewport in enumerate(self._viewports):
            is_alone = self._maximized is not None and index != self._maximized
            viewport.setVisible(index < len(cells) and not is_alone)
        self._place()

    def _place(self) -> None:
        """Give each viewport on show its area."""
        if self._maximized is not None:
            self._viewports[self._maximized].setGeometry(self.rect())
            return
        for viewport, cell in zip(self.viewports, self._layout.cells, strict=True):
            viewport.setGeometry(self._area(cell))

    def _area(self, cell: Cell) -> QRect:
        """Return where a cell lies, with half of the gap left out at each inner edge."""
        width, height = self.width() + GAP_PX, self.height() + GAP_PX
        left, top = round(cell.left * width), round(cell.top * height)
        right = round((cell.left + cell.width) * width) - GAP_PX
        bottom = round((cell.top + cell.height) * height) - GAP_PX
        return QRect(left, top, max(right - left, 1), max(bottom - top, 1))

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
        if self._viewports:
            viewport.apply_tool(self._viewports[0].state.value.tool)
        return viewport

    def _take_pressed(self, viewport: ViewportWidget) -> None:
        self.set_active(viewport)
        self.pressed.emit()


def _no_planes_text(why: str) -> str:
    return QCoreApplication.translate("Viewport", NO_PLANES).format(why)
