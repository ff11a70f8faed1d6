"""All viewports on all screens: the one door to "the active viewport" and "all viewports".

Whoever acts on images takes a :class:`ViewportDesk` and not a grid: the viewport that keys act on
may be in any window. The main window has one grid, and each further screen may have another; they
share marks, crosshair and tool. Source of the rule: a second screen takes viewports only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Signal

from viewers.qt.content import every_slice
from viewers.qt.grid import ViewportGrid
from viewers.qt.model import SharedMarks
from viewers.qt.viewport import ViewportWidget
from viewers.render.enhanced import EnhancedOverlay
from viewers.state.layout import Layout
from viewers.state.view_state import Tool
from workstation.core.finding import Evidence
from workstation.core.measurement import Measurement
from workstation.core.verdict import Doubt
from workstation.core.volume import Volume


class ViewportDesk(QObject):
    """The grids of all screens as one. UI thread.

    A grid that is not on show (its window is closed) keeps its content like the viewports that a
    smaller layout hides: they are among :attr:`hidden_viewports`.

    Signals are those of ViewportGrid, from whichever grid they come, and:
        viewports_changed: there are other viewports now, or other ones are hidden.
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
    series_dropped = Signal(int, object)
    viewports_changed = Signal()

    def __init__(self, main: ViewportGrid) -> None:
        """Begin with the grid of the main window, which is always on show."""
        super().__init__(main)
        self.main = main
        self._grids = [main]
        self._away: list[ViewportGrid] = []
        self._active = main
        self._shows_texts = True
        self._connect(main)

    # Which viewports there are

    @property
    def marks(self) -> SharedMarks:
        """Crosshair, measurements and evidence, shared by all viewports."""
        return self.main.marks

    @property
    def grids(self) -> tuple[ViewportGrid, ...]:
        """The grids on show, that of the main window first."""
        return tuple(self._grids)

    @property
    def active_grid(self) -> ViewportGrid:
        """The grid that holds the active viewport."""
        return self._active

    @property
    def active(self) -> ViewportWidget:
        """The viewport that keys act on."""
        return self._active.active

    @property
    def viewports(self) -> tuple[ViewportWidget, ...]:
        """All viewports on show: those of the main window first, in reading order."""
        return tuple(viewport for grid in self._grids for viewport in grid.viewports)

    @property
    def hidden_viewports(self) -> tuple[ViewportWidget, ...]:
        """Viewports that are not on show now; they keep their content for their return."""
        inside = (viewport for grid in self._grids for viewport in grid.hidden_viewports)
        away = (one for grid in self._away for one in (*grid.viewports, *grid.hidden_viewports))
        return (*inside, *away)

    @property
    def layout_shown(self) -> Layout:
        """The layout of the grid that holds the active viewport."""
        return self._active.layout_shown

    def grid_of(self, viewport: ViewportWidget) -> ViewportGrid:
        """Return the grid a viewport belongs to, on show or not.

        Raises:
            LookupError: it belongs to no grid of this desk.
        """
        for grid in (*self._grids, *self._away):
            if viewport in grid.viewports or viewport in grid.hidden_viewports:
                return grid
        raise LookupError("this viewport belongs to no grid here")

    def new_grid(self) -> ViewportGrid:
        """Return a grid for another screen; it counts once :meth:`set_shown` says so."""
        grid = ViewportGrid(self.main.palette_shown, marks=self.marks)
        grid.apply_tool(self.active.state.value.tool)
        grid.set_compare_key(self.main.compare_key)
        self._connect(grid)
        self._away.append(grid)
        return grid

    def set_shown(self, grid: ViewportGrid, *, is_shown: bool) -> None:
        """Take the viewports of another screen among those on show, or out of them."""
        source, target = (self._away, self._grids) if is_shown else (self._grids, self._away)
        if grid is self.main or grid not in source:
            return
        source.remove(grid)
        target.append(grid)
        if is_shown:
            grid.apply_tool(self.active.state.value.tool)
            grid.show_texts(self._shows_texts)
        elif self._active is grid:
            self._choose(self.main)
        self._frame_active()
        self.viewports_changed.emit()

    # Which one is active

    def set_active(self, viewport: ViewportWidget) -> None:
        """Let the keys act on a viewport."""
        grid = self.grid_of(viewport)
        grid.set_active(viewport)
        self._take_pressed(grid)

    def step_active(self, steps: int) -> None:
        """Let the keys act on the next viewport, or the one before, over all screens."""
        shown = self.viewports
        at = shown.index(self.active) if self.active in shown else 0
        following = shown[(at + steps) % len(shown)]
        self.grid_of(following).leave_maximized(following)
        self.set_active(following)
        window = following.window()
        if not window.isActiveWindow():
            window.activateWindow()
        following.setFocus()

    # What is shown

    def set_layout(self, layout: Layout) -> None:
        """Give the grid of the active viewport another layout."""
        self._active.set_layout(layout)

    def show_volume(
        self,
        volume: Volume,
        doubts: tuple[Doubt, ...] = (),
        is_loaded: Callable[[int], bool] = every_slice,
        *,
        original: Volume | None = None,
    ) -> bool:
        """Show a volume in the active viewport; see :meth:`ViewportGrid.show_volume`."""
        return self._active.show_volume(volume, doubts, is_loaded, original=original)

    def clear(self) -> None:
        """Show nothing anywhere, on no screen; marks go with it."""
        for grid in (*self._grids, *self._away):
            grid.clear()

    def refresh(self, series_uid: str, k: int) -> None:
        """Take note that slice k of a series came in."""
        for grid in self._grids:
            grid.refresh(series_uid, k)

    def set_enhanced(self, volume: Volume, overlay: EnhancedOverlay | None) -> None:
        """Lay a model's result over a volume wherever it is shown."""
        for grid in self._grids:
            grid.set_enhanced(volume, overlay)

    def refresh_enhanced(self, series_uid: str, k: int) -> None:
        """Take note that slice k of the model's result of a series came in."""
        for grid in self._grids:
            grid.refresh_enhanced(series_uid, k)

    def showing(self, series_uid: str) -> Iterator[ViewportWidget]:
        """Yield the viewports on show that show a series."""
        for grid in self._grids:
            yield from grid.showing(series_uid)

    def show_evidence(self, evidence: Evidence) -> bool:
        """Jump to a piece of evidence wherever its series is shown; False if it is nowhere."""
        # Every grid jumps: a generator would stop at the first.
        found = [grid.show_evidence(evidence) for grid in self._grids]
        return any(found)

    def show_measurement(self, measurement: Measurement) -> bool:
        """Jump to a measurement wherever its series is shown; False if it is nowhere."""
        found = [grid.show_measurement(measurement) for grid in self._grids]
        return any(found)

    def apply_tool(self, tool: Tool) -> None:
        """Choose what the left button does, in all viewports."""
        for grid in self._grids:
            grid.apply_tool(tool)

    def set_compare_key(self, name: str) -> None:
        """Say in the notice bands which key shows the original while it is held."""
        for grid in (*self._grids, *self._away):
            grid.set_compare_key(name)

    def compare_original(self, is_held: bool) -> None:
        """Show the stored pixels everywhere for as long as the key is held."""
        for grid in self._grids:
            grid.compare_original(is_held)

    def show_overlays(self, is_on: bool) -> None:
        """Show or hide marks everywhere."""
        for grid in self._grids:
            grid.show_overlays(is_on)

    def show_texts(self, is_on: bool) -> None:
        """Show or hide corner texts everywhere; notice bands stay."""
        self._shows_texts = is_on
        for grid in self._grids:
            grid.show_texts(is_on)

    # Private

    def _connect(self, grid: ViewportGrid) -> None:
        grid.state_changed.connect(self.state_changed)
        grid.measurement_made.connect(self.measurement_made)
        grid.slice_shown.connect(self.slice_shown)
        grid.evidence_shown.connect(self.evidence_shown)
        grid.pointer_value.connect(self.pointer_value)
        grid.refused.connect(self.refused)
        grid.series_dropped.connect(self.series_dropped)
        grid.layout_dragged.connect(self.layout_dragged)
        grid.layout_changed.connect(lambda layout: self._take_layout(grid, layout))
        grid.active_changed.connect(lambda _viewport: self._take_active(grid))
        grid.pressed.connect(lambda: self._take_pressed(grid))

    def _take_layout(self, grid: ViewportGrid, layout: Layout) -> None:
        if grid in self._grids:
            self.layout_changed.emit(layout)
            self.viewports_changed.emit()

    def _take_active(self, grid: ViewportGrid) -> None:
        if grid is self._active:
            self.active_changed.emit(grid.active)

    def _take_pressed(self, grid: ViewportGrid) -> None:
        if grid is not self._active and grid in self._grids:
            self._choose(grid)

    def _choose(self, grid: ViewportGrid) -> None:
        self._active = grid
        self._frame_active()
        self.layout_changed.emit(grid.layout_shown)
        self.active_changed.emit(grid.active)

    def _frame_active(self) -> None:
        """Frame the one active viewport, where there are several on all screens together."""
        for grid in (*self._grids, *self._away):
            grid.frame_active(holds_active=grid is self._active, has_others=len(self._grids) > 1)
