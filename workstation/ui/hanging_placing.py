"""Fills the viewports as a hanging protocol says, series after series, and never twice.

The first cell comes first; the series of the others are read one after the other behind it. A
viewport into which the reader put something meanwhile, or that went with another layout, is left
alone: nothing moves under the reader's hands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from viewers.qt.viewport import ViewportWidget
from viewers.render.fusion import FusionError, opening_fusion, overlay_on
from viewers.state.fusion import Fusion
from viewers.state.hanging import CellView, HungCell
from viewers.state.hanging_match import Hung, closed_up
from viewers.state.layout import Layout
from viewers.state.view_state import Plane
from workstation.core.intensity import CT_WINDOWS, IntensityUnit, Window
from workstation.core.volume import Volume
from workstation.ui.loaded_series import LoadedSeries
from workstation.ui.series_keeper import Wish
from workstation.ui.study_controller import StudyController
from workstation.ui.study_page import StudyPage
from workstation.ui.words import tr


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """A viewport that waits for its series; three planes wait in one."""

    viewport: ViewportWidget
    cells: tuple[HungCell, ...]
    row: int
    over_row: int | None = None


@dataclass(slots=True, eq=False)
class _Overlay:
    """A viewport over whose series another one is laid."""

    viewport: ViewportWidget
    row: int
    laid: Fusion | None = None


class CellFiller(QObject):
    """Puts series into viewports. Owned by the UI thread.

    Signals:
        said(str): a sentence for the status line.
        filled(ViewportWidget, HungCell): a series was put into the place of a cell.
    """

    said = Signal(str)
    filled = Signal(object, object)

    def __init__(self, page: StudyPage, study: StudyController) -> None:
        """Take the widgets.

        Args:
            page: the viewports of all screens.
            study: the open study.
        """
        super().__init__(page)
        self._desk, self._study = page.desk, study
        self._waiting: list[_Place] = []
        self._overlays: list[_Overlay] = []
        self._releases: list[Callable[[], None]] = []
        self._reading: int | None = None
        self._layout: Layout | None = None
        study.keeper.ready.connect(self._on_ready)
        study.keeper.loading_ended.connect(self._on_ended)
        study.keeper.refused.connect(self._on_refused)
        page.desk.layout_changed.connect(lambda _layout: self._on_layout())

    @property
    def is_filling(self) -> bool:
        """Whether viewports still wait for their series."""
        return bool(self._waiting)

    def lay_out(self, hung: Hung) -> None:
        """Arrange the viewports, and begin to fill them; what was on show leaves."""
        self.forget()
        for viewport in self._desk.viewports:
            self._study.keeper.keep_view(viewport)
        places = self._arranged(hung)
        for viewport in self._desk.viewports:
            viewport.clear()
        self._waiting = [place for place in places if place.row >= 0]
        if places:
            self._desk.set_active(places[0].viewport)
        self._read_next()

    def forget(self) -> None:
        """Fill nothing any more."""
        self._waiting, self._overlays, self._reading, self._layout = [], [], None, None
        for release in self._releases:
            release()
        self._releases = []

    # Arranging

    def _arranged(self, hung: Hung) -> list[_Place]:
        """Give every screen its layout; return the viewports in the order of the cells."""
        main, grids = self._desk.main, self._desk.grids
        if hung.layout.is_mpr:
            main.set_layout(Layout.ONE)
            self._layout = Layout.ONE
            return [_Place(main.viewports[0], hung.cells, _row(hung.keys[0]))]
        screens = [min(cell.screen, len(grids) - 1) for cell in hung.cells]
        viewports: dict[int, ViewportWidget] = {}
        for number, grid in enumerate(grids):
            mine = [n for n, screen in enumerate(screens) if screen == number]
            if not mine:
                continue
            is_whole = len(mine) == len(screens)
            grid.set_layout(hung.layout if is_whole else closed_up(hung.layout, mine))
            viewports |= dict(zip(mine, grid.viewports, strict=True))
        self._layout = main.layout_shown
        return [
            _Place(viewports[n], (cell,), _row(key), _over(hung, n))
            for n, (cell, key) in enumerate(zip(hung.cells, hung.keys, strict=True))
        ]

    def _on_layout(self) -> None:
        if self._layout is not None and self._desk.main.layout_shown != self._layout:
            self._waiting, self._layout = [], None

    # Filling

    def _read_next(self) -> None:
        """Ask for the next series; the one on its way, if any, comes first."""
        if self._reading is not None or not self._waiting:
            return
        place = self._waiting[0]
        self._reading = place.row
        wish = Wish(place.viewport, is_quiet=True)
        self._study.keeper.show(place.row, self._study.rows[place.row], wish)

    def _on_ready(self, series: LoadedSeries, _wish: Wish) -> None:
        row = self._row_of(series)
        mine = [place for place in self._waiting if place.row == row]
        self._waiting = [place for place in self._waiting if place.row != row]
        shown = [place for place in mine if self._fill(place, series)]
        self._lay_over()
        if shown:
            viewports = [place.viewport for place in shown]
            self._study.note_hung(series, viewports)
        if row == self._reading and series.has_ended:
            self._go_on()

    def _on_ended(self, series: LoadedSeries) -> None:
        self._refresh_overlays(series)
        if self._row_of(series) == self._reading:
            self._go_on()

    def _on_refused(self, row: int) -> None:
        self._waiting = [place for place in self._waiting if place.row != row]
        if row == self._reading:
            self._go_on()

    def _go_on(self) -> None:
        self._reading = None
        self._read_next()

    def _row_of(self, series: LoadedSeries) -> int:
        items = self._study.rows
        return items.index(series.item) if series.item in items else -1

    def _fill(self, place: _Place, series: LoadedSeries) -> bool:
        """Show a series in its place; False where the reader has put something there."""
        viewport = place.viewport
        if viewport not in self._desk.viewports or viewport.content is not None:
            return False
        if len(place.cells) > 1:
            return self._fill_planes(place, series)
        view = place.cells[0].view
        has_planes = not series.volume.geometry.why_not_reformattable
        plane = view.plane if has_planes else Plane.ACQUIRED
        is_shown = viewport.show_volume(series.volume, series.doubts, series.is_loaded, plane=plane)
        if is_shown:
            apply_view(viewport, view)
            self.filled.emit(viewport, place.cells[0])
            if place.over_row is not None:
                self._overlays.append(_Overlay(viewport, place.over_row))
        return is_shown

    def _fill_planes(self, place: _Place, series: LoadedSeries) -> bool:
        """Show three linked planes of a series, or the series as it was acquired."""
        viewport = place.viewport
        if not viewport.show_volume(series.volume, series.doubts, series.is_loaded):
            return False
        self._layout = None
        self._desk.main.set_layout(Layout.MPR)
        if self._desk.main.layout_shown.is_mpr:
            for one, cell in zip(self._desk.main.viewports, place.cells, strict=True):
                apply_view(one, cell.view)
        else:
            apply_view(viewport, replace(place.cells[0].view, plane=Plane.ACQUIRED))
        return True

    # Laying one series over another

    def _lay_over(self) -> None:
        loaded = self._study.keeper.loaded
        for one in self._overlays:
            over, content = loaded.get(one.row), one.viewport.content
            if one.laid is not None or over is None or not over.is_open or content is None:
                continue
            try:
                overlay = overlay_on(content.volume, over.volume, over.is_loaded)
            except FusionError as error:
                self.said.emit(tr(str(error)))
                self._overlays = [each for each in self._overlays if each is not one]
                return
            overlay = replace(overlay, doubts=over.doubts)
            one.laid = opening_fusion(over.volume, over.is_loaded)
            self._releases.append(self._study.keeper.hold(over))
            one.viewport.lay_over(overlay, one.laid)

    def _refresh_overlays(self, series: LoadedSeries) -> None:
        """Draw an overlay anew that has come in whole: its window was guessed before."""
        for one in self._overlays:
            content = one.viewport.content
            if content is None or content.overlay is None:
                continue
            if content.overlay.volume is series.volume and content.fusion == one.laid:
                one.laid = opening_fusion(series.volume, series.is_loaded)
                one.viewport.lay_over(content.overlay, one.laid)


def apply_view(viewport: ViewportWidget, view: CellView) -> None:
    """Let a viewport show its volume as a cell says; what does not go with the volume is left."""
    content, seen = viewport.content, viewport.canvas.view()
    if content is None or seen is None:
        return
    state = viewport.state.value
    has_planes = not content.volume.geometry.why_not_reformattable
    last = seen.stack.count - 1
    viewport.state.set(
        replace(
            state,
            window=window_of(view, content.volume) or state.window,
            slab=view.slab if has_planes else None,
            zoom=view.zoom,
            slice_index=state.slice_index if view.start == 0.5 else round(view.start * last),
            is_inverted=view.is_inverted,
        )
    )


def window_of(view: CellView, volume: Volume) -> Window | None:
    """Return the window a cell asks for; None where the stored one stays.

    Windows of CT are for Hounsfield units only.
    """
    if isinstance(view.window, Window):
        return view.window
    if volume.intensity.unit is not IntensityUnit.HU or not volume.intensity.is_trusted:
        return None
    return next((one for one in CT_WINDOWS if one.name == view.window), None)


def _row(key: int | None) -> int:
    return -1 if key is None else key


def _over(hung: Hung, number: int) -> int | None:
    """Return the series that is laid over a cell: the one of the cell before."""
    keys: Sequence[int | None] = hung.keys
    return keys[number - 1] if hung.cells[number].is_fused and number else None
