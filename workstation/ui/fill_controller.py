"""Missing slices and lost rows: proposed by a model, shown hatched, taken away again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from viewers.qt.filled_texts import amount_words
from viewers.qt.viewport import ViewportWidget
from viewers.state.view_state import Plane
from viewers.tools.regions import slice_ij
from workstation.core.errors import WorkstationError
from workstation.core.filled import FilledBox, whole_slice
from workstation.core.measurement import Measurement, MeasurementKind
from workstation.core.volume import Volume
from workstation.services.jobs import JobContext, Lane, Request
from workstation.ui.bridge import JobBridge, Replies
from workstation.ui.loaded_series import LoadedSeries
from workstation.ui.study_controller import StudyController
from workstation.ui.study_page import StudyPage
from workstation.ui.use_cases import Fill
from workstation.ui.words import tr

if TYPE_CHECKING:  # it brings the DICOM toolkit
    from workstation.services.fill_gaps import FilledSeries

JOB_WORDS = "Proposing what is missing"


@dataclass(slots=True, eq=False)
class _Proposal:
    """What is proposed for one series.

    Attributes:
        series: the series.
        marked: parts the reader marked, in its slices.
        job_id: of the job that makes it; 0 where none runs.
        made: the result; None until it is there.
    """

    series: LoadedSeries
    marked: tuple[FilledBox, ...] = ()
    job_id: int = 0
    made: FilledSeries | None = field(default=None)


class FillController(QObject):
    """Owned by the UI thread.

    Signals:
        said(str): a sentence for the status line.
    """

    said = Signal(str)

    def __init__(
        self, page: StudyPage, study: StudyController, fill: Fill | None, bridge: JobBridge
    ) -> None:
        """Begin with nothing proposed.

        Args:
            page: where the images are.
            study: the open study.
            fill: the door to the models; None where there is none.
            bridge: starts jobs.
        """
        super().__init__(page)
        self._grid, self._study = page.desk, study
        self._fill, self._bridge = fill, bridge
        self._proposals: dict[int, _Proposal] = {}
        self._action: QAction | None = None
        study.study_changed.connect(lambda _study: self._forget())
        study.shown_changed.connect(self._show_state)

    def take_action(self, action: QAction) -> None:
        """Keep the check mark of the command right."""
        self._action = action
        self._show_state()

    def toggle(self) -> None:
        """Propose what is missing of the series on show, or show it as it was scanned again."""
        shown = self._shown()
        if shown is not None:
            self._show_scanned(self._grid.active, shown)
            return
        proposal = self._proposal()
        if proposal is None:
            self.said.emit(tr("Show a series of this study first."))
        elif proposal.made is not None:
            self._show_filled(self._grid.active, proposal)
        elif self._bridge.is_running(proposal.job_id):
            self._bridge.cancel(proposal.job_id)
        else:
            self._start(proposal)
        self._show_state()

    def propose_rectangle(self) -> None:
        """Propose the part of a slice that the chosen rectangle holds."""
        shown = self._shown()
        proposal = self._proposal() if shown is None else shown
        if proposal is None:
            self.said.emit(tr("Show a series of this study first."))
            return
        box = self._chosen_box(proposal.series)
        if box is None:
            self.said.emit(
                tr("Draw a rectangle over the damaged part of a slice and choose it, then again.")
            )
            return
        if self._bridge.is_running(proposal.job_id):
            self._bridge.cancel(proposal.job_id)
        proposal.marked = tuple(dict.fromkeys((*proposal.marked, box)))
        self._start(proposal)

    # The job

    def _proposal(self) -> _Proposal | None:
        """Return what is proposed for the series on show; None where there is no series."""
        series = self._study.active_series
        if series is None:
            return None
        known = self._proposals.get(id(series))
        if known is None or known.series is not series:
            known = self._proposals[id(series)] = _Proposal(series)
        return known

    def _start(self, proposal: _Proposal) -> None:
        if self._fill is None:
            self.said.emit(tr("No model of this program proposes missing slices."))
            return
        series, viewport = proposal.series, self._grid.active
        request = Request(Lane.MODEL, JOB_WORDS, _work(self._fill, series, proposal.marked))

        def done(made: FilledSeries) -> None:
            if self._proposals.get(id(series)) is not proposal:
                return
            proposal.made = made
            content = viewport.content
            if content is not None and series.is_of(content.stored):
                self._show_filled(viewport, proposal)
            self.said.emit(self._words(made))

        replies = Replies(done=done, failed=self._refuse, over=self._over(series))
        proposal.job_id = self._bridge.start(request, replies)

    def _over(self, series: LoadedSeries) -> Callable[[], None]:
        release = self._study.hold(series)

        def over() -> None:
            release()
            self._show_state()

        return over

    def _refuse(self, error: WorkstationError) -> None:
        why = f": {tr(error.why)}" if error.why else ""
        self.said.emit(f"{tr(error.what)}{why}.")

    @staticmethod
    def _words(made: FilledSeries) -> str:
        filled = made.volume.filled
        amount = "" if filled is None else amount_words(filled)
        left = " ".join(map(tr, made.left))
        return f"{amount}. {left}".strip()

    # What is on show

    def _shown(self) -> _Proposal | None:
        """Return what is proposed in the active viewport; None where all of it was scanned."""
        content = self._grid.active.content
        if content is None or content.volume.filled is None:
            return None
        return next(
            (
                one
                for one in self._proposals.values()
                if one.made is not None and one.series.is_of(content.stored)
            ),
            None,
        )

    def _show_filled(self, viewport: ViewportWidget, proposal: _Proposal) -> None:
        made = proposal.made
        if made is None:
            return
        series = proposal.series
        order = made.source_index

        def place(k: int) -> int:
            # The first proposed slice is what the reader asked for.
            filled = made.volume.filled
            touched = () if filled is None else filled.touched_slices
            nearest = min(touched, key=lambda one: abs(one - order.index(k)), default=None)
            return order.index(k) if nearest is None else nearest

        _show(viewport, made.volume, series, place, original=made.source)
        self._study.shown_changed.emit()

    def _show_scanned(self, viewport: ViewportWidget, proposal: _Proposal) -> None:
        made, series = proposal.made, proposal.series
        if made is None:
            return
        order = made.source_index

        def place(k: int) -> int:
            scanned = [(abs(n - k), one) for n, one in enumerate(order) if one is not None]
            return min(scanned)[1]

        _show(viewport, made.source, series, place, is_loaded=series.is_loaded)
        self._study.shown_changed.emit()

    def _show_state(self) -> None:
        if self._action is not None:
            self._action.setChecked(self._shown() is not None)

    def _chosen_box(self, series: LoadedSeries) -> FilledBox | None:
        """Return the part of a scanned slice under the chosen rectangle; None where none is."""
        marks = self._grid.marks
        chosen = next(
            (
                one
                for one in marks.measurements.value
                if one.measurement_id == marks.selected.value
                and one.kind is MeasurementKind.RECTANGLE
                and not one.is_reformatted
                and one.series_uid == series.volume.series.series_uid
            ),
            None,
        )
        return None if chosen is None else _box_of(chosen, series.volume)

    def _forget(self) -> None:
        for one in self._proposals.values():
            self._bridge.cancel(one.job_id)
        self._proposals.clear()
        self._show_state()


def _box_of(rectangle: Measurement, volume: Volume) -> FilledBox | None:
    """Return the voxels whose centers a rectangle holds; None where it holds none."""
    geometry = volume.geometry
    points = np.array(rectangle.points_mm)
    k = geometry.nearest_slice_index(points.mean(axis=0))
    ij = slice_ij(geometry, k, points)
    _, rows, columns = geometry.shape_kji
    first, last = np.ceil(ij.min(axis=0)).astype(int), np.floor(ij.max(axis=0)).astype(int)
    left, top = np.maximum(first, 0).tolist()
    right, bottom = np.minimum(last + 1, (columns, rows)).tolist()
    if left >= right or top >= bottom:
        return None
    return FilledBox(k, (top, bottom), (left, right))


def _show(
    viewport: ViewportWidget,
    volume: Volume,
    series: LoadedSeries,
    place: Callable[[int], int],
    *,
    original: Volume | None = None,
    is_loaded: Callable[[int], bool] = lambda _k: True,
) -> None:
    """Show another volume of the same series: window and position stay."""
    content, state = viewport.content, viewport.state.value
    if content is None or not viewport.show_volume(
        volume, series.doubts, is_loaded, original=original
    ):
        return
    # Zoom and turn belong to the plane; in other planes the place is found anew.
    kept = replace(state, plane=Plane.ACQUIRED, cut=None, is_comparing=False)
    if state.plane is not Plane.ACQUIRED:
        kept = replace(viewport.state.value, window=state.window)
        viewport.state.set(kept)
        return
    viewport.state.set(replace(kept, slice_index=place(state.slice_index)))


def _work(
    fill: Fill, series: LoadedSeries, marked: tuple[FilledBox, ...]
) -> Callable[[JobContext], FilledSeries]:
    """Return the work of the model lane: wait for the pixels, then propose what is missing.

    It captures the door and the open series.
    """
    opened = series.opened

    def work(context: JobContext) -> FilledSeries:
        opened.wait()
        context.cancel.raise_if_cancelled()
        volume = opened.volume
        shape = volume.geometry.shape_kji
        unread = tuple(whole_slice(k, shape) for k in range(shape[0]) if not opened.loaded[k])
        return fill(
            volume,
            (*unread, *marked),
            on_progress=context.progress,
            cancel=context.cancel,
        )

    return work
