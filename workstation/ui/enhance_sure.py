"""How sure the model is of the slice on show: worked out when the reader asks, never shown before.

It follows the slice of the active viewport; what is under way for another slice is called off.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from viewers.qt.desk import ViewportDesk
from viewers.qt.viewport import ViewportWidget
from viewers.render.uncertainty import Uncertainty
from viewers.state.view_state import Plane
from workstation.core.errors import WorkstationError
from workstation.services.jobs import JobContext, Lane, Request
from workstation.ui.bridge import JobBridge, Replies
from workstation.ui.enhance_run import Run, Stage
from workstation.ui.use_cases import Uncertain
from workstation.ui.words import tr

REST_MS = 120
"""The slice has to rest so long: nothing is worked out for slices one scrolls past."""


class SureDesk(QObject):
    """Owned by the UI thread.

    Signals:
        changed(): it is shown now, or not any more.
        said(str): a sentence for the status line.
    """

    changed = Signal()
    said = Signal(str)

    def __init__(
        self,
        desk: ViewportDesk,
        door: Uncertain | None,
        bridge: JobBridge,
        run_of: Callable[[ViewportWidget], Run | None],
    ) -> None:
        """Begin with nothing shown.

        Args:
            desk: the viewports.
            door: works it out; None where it cannot be had.
            bridge: starts jobs.
            run_of: gives what is laid over the series of a viewport.
        """
        super().__init__(desk)
        self._desk, self._door, self._bridge, self._run_of = desk, door, bridge, run_of
        self.is_on = False
        self._job = 0
        self._wanted: tuple[int, int] | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._begin)
        desk.state_changed.connect(lambda _state: self._moved())

    def toggle(self) -> None:
        """Show it, or not."""
        if self._door is None:
            self.said.emit(tr("This model pack does not say how sure it is."))
            return
        self.is_on = not self.is_on
        if self.is_on:
            self._begin()
        else:
            self.forget()
        self.changed.emit()

    def forget(self) -> None:
        """Show it nowhere."""
        self.is_on, self._wanted = False, None
        self._rest.stop()
        self._bridge.cancel(self._job)
        for viewport in self._desk.viewports:
            content = viewport.content
            if content is not None and content.uncertainty is not None:
                viewport.show_uncertainty(None)

    def follow(self) -> None:
        """Work it out for what is on show now, where it is wanted."""
        if self.is_on:
            self._moved()

    # Private

    def _moved(self) -> None:
        if self.is_on and self._place() != self._wanted:
            self._rest.start()

    def _place(self) -> tuple[int, int] | None:
        viewport = self._desk.active
        run, state = self._run_of(viewport), viewport.state.value
        if run is None or state.plane is not Plane.ACQUIRED:
            return None
        return id(run), state.slice_index

    def _begin(self) -> None:
        viewport, door = self._desk.active, self._door
        run, content = self._run_of(viewport), viewport.content
        place = self._place()
        if not self.is_on or door is None or run is None or content is None or place is None:
            return
        k = place[1]
        is_there = run.is_ready is not None and bool(run.is_ready[k])
        figures = run.figures
        if run.voxels is None or run.pack is None or figures is None or not is_there:
            if run.stage is not Stage.DONE:
                self._rest.start()
            return
        self._wanted = place
        self._bridge.cancel(self._job)
        volume, voxels, pack = content.volume, run.voxels, run.pack

        def work(context: JobContext) -> Uncertainty:
            return door(volume, voxels, pack, k, figures=figures, cancel=context.cancel)

        def done(found: Uncertainty) -> None:
            now = viewport.content
            if self.is_on and now is not None and now.volume is volume:
                viewport.show_uncertainty(found)

        request = Request(Lane.PIXELS, "Working out how sure the model is", work, is_quiet=True)
        self._job = self._bridge.start(request, Replies(done=done, failed=self._fail))

    def _fail(self, error: WorkstationError) -> None:
        self.forget()
        self.said.emit(tr(str(error)))
        self.changed.emit()
