"""Puts results on screen: over the voxels of their series, or as a volume in its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QTimer

from viewers.qt.desk import ViewportDesk
from viewers.qt.viewport import ViewportWidget
from viewers.render.enhanced import EnhancedOverlay
from viewers.state.view_state import MAX_ZOOM, MIN_ZOOM, ViewState
from workstation.core.volume import Volume
from workstation.ui.enhance_run import Run
from workstation.ui.loaded_series import LoadedSeries
from workstation.ui.study_controller import StudyController

TURN_MS = 4
"""Between two viewports: the hand is heard in between, and nobody sees the delay."""


class ResultLayer:
    """Knows which viewports show the series of an enhancement. Owned by the UI thread."""

    def __init__(self, desk: ViewportDesk, study: StudyController) -> None:
        """Take the viewports of all screens, and the study whose series they show."""
        self._desk, self._study = desk, study
        self._waiting: dict[ViewportWidget, tuple[Volume, EnhancedOverlay | None]] = {}
        self._turn = QTimer(desk)
        self._turn.setSingleShot(True)
        self._turn.setInterval(TURN_MS)
        self._turn.timeout.connect(self._next)

    def series(self, run: Run) -> LoadedSeries | None:
        """Return the series of an enhancement, where its voxels are in memory."""
        series = self._study.keeper.loaded.get(run.row)
        return series if series is not None and series.is_open else None

    def lay(self, run: Run) -> None:
        """Lay a result over its series wherever that is shown, or take it away.

        The active viewport is painted first; the others have a turn each, for the newest only.
        """
        series = self.series(run)
        if not run.task.is_laid_over or series is None:
            return
        showing = [
            viewport
            for viewport in self._desk.viewports
            if (content := viewport.content) is not None and series.is_of(content.volume)
        ]
        overlay = run.overlay(series.volume) if run.is_on else None
        is_new = any(_differs(viewport, overlay) for viewport in showing)
        for viewport in showing:
            if is_new or viewport is self._desk.active:
                _lay_on(viewport, overlay)
                self._waiting.pop(viewport, None)
            else:
                self._waiting[viewport] = (series.volume, overlay)
        if self._waiting:
            self._turn.start()

    def _next(self) -> None:
        """Lay the newest result over one more viewport."""
        if not self._waiting:
            return
        viewport = next(iter(self._waiting))
        volume, overlay = self._waiting.pop(viewport)
        content = viewport.content
        if content is not None and content.volume is volume:
            _lay_on(viewport, overlay)
        if self._waiting:
            self._turn.start()

    def is_missing(self, run: Run) -> bool:
        """Whether a viewport shows the series of a result that is on, without the result."""
        series = self.series(run)
        if series is None or not (run.is_on and run.task.is_laid_over):
            return False
        return any(
            content is not None and series.is_of(content.volume) and content.enhanced is None
            for content in (viewport.content for viewport in self._desk.viewports)
        )

    def made_in(self, viewport: ViewportWidget, runs: Callable[[], tuple[Run, ...]]) -> Run | None:
        """Return what made the volume in a viewport; None for a stored one."""
        content = viewport.content
        if content is None or content.original is None:
            return None
        return next((run for run in runs() if run.volume is content.volume), None)

    def shows_source(self, viewport: ViewportWidget, run: Run) -> bool:
        """Whether a viewport shows the series a result was made from."""
        series, content = self.series(run), viewport.content
        return series is not None and content is not None and series.is_of(content.volume)

    def show_made(self, viewport: ViewportWidget, run: Run) -> bool:
        """Show a volume of its own at the same place; False where its series is not open."""
        series, volume = self.series(run), run.volume
        if volume is None or series is None:
            return False
        doubts, original = series.item.verdict.warnings, series.volume
        _keep_place(viewport, lambda: viewport.show_volume(volume, doubts, original=original))
        return True

    def show_source(self, viewport: ViewportWidget, run: Run) -> bool:
        """Show the stored series at the same place; False where it is not open."""
        series = self.series(run)
        if series is None:
            return False
        _keep_place(
            viewport,
            lambda: viewport.show_volume(series.volume, series.doubts, series.is_loaded),
        )
        if series.has_ended:
            viewport.finish_loading(series.opened.why_unread)
        return True


def _differs(viewport: ViewportWidget, overlay: EnhancedOverlay | None) -> bool:
    """Whether more than the strength of what is laid over a viewport changes."""
    now = viewport.content.enhanced if viewport.content is not None else None
    if now is None or overlay is None:
        return now is not overlay
    return now.voxels is not overlay.voxels or now.sigma != overlay.sigma


def _lay_on(viewport: ViewportWidget, overlay: EnhancedOverlay | None) -> None:
    content = viewport.content
    if content is not None and (overlay is not None or content.enhanced is not None):
        viewport.set_enhanced(overlay)


def _keep_place(viewport: ViewportWidget, show: Callable[[], object]) -> None:
    """Show another volume of the same place: window, position and size of the patient stay."""
    content, state = viewport.content, viewport.state.value
    if content is None:
        return
    show()
    if viewport.content is not None:
        viewport.state.set(_same_place(state, content.volume, viewport.content.volume))


def _same_place(state: ViewState, old: Volume, new: Volume) -> ViewState:
    before, after = old.geometry, new.geometry
    share = state.slice_index / max(1, before.shape_kji[0] - 1)
    zoom = state.zoom
    if zoom is not None:
        finer = min(after.spacing_ij_mm) / min(before.spacing_ij_mm)
        zoom = min(max(zoom * finer, MIN_ZOOM), MAX_ZOOM)
    return replace(state, slice_index=round(share * (after.shape_kji[0] - 1)), zoom=zoom)
