"""Enhanced pictures over the stored ones: start, compare, strength, off; nothing is measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from viewers.qt.viewport import ViewportWidget
from viewers.render.enhanced import EnhancedOverlay
from viewers.state.view_state import Compare
from workstation.core.provenance import PackRef
from workstation.core.volume import Volume, read_only
from workstation.services.jobs import JobContext, Lane, Request
from workstation.ui.bridge import JobBridge, Replies
from workstation.ui.enhance_bar import figures_text
from workstation.ui.loaded_series import LoadedSeries
from workstation.ui.study_controller import StudyController
from workstation.ui.study_page import StudyPage
from workstation.ui.use_cases import UseCases
from workstation.ui.words import tr

if TYPE_CHECKING:  # a value of the worker's tasks
    from workstation.ui.use_cases import Enhancement

DENOISE, SUPERRES = "denoise", "superres"

JOB_WORDS = {DENOISE: "Removing noise", SUPERRES: "Making thinner slices"}


@dataclass(slots=True, eq=False)
class _Denoised:
    """A model's result over one series; slices come in while it runs."""

    series: LoadedSeries
    job_id: int = 0
    pack: PackRef | None = None
    voxels: NDArray[Any] | None = None
    is_ready: NDArray[np.bool_] | None = None
    is_on: bool = True
    strength: float = 1.0
    words: str = ""

    @property
    def overlay(self) -> EnhancedOverlay | None:
        """What is laid over the series; None before the first slice."""
        ready = self.is_ready
        if self.voxels is None or self.pack is None or ready is None:
            return None
        return EnhancedOverlay(self.voxels, self.pack, self.strength, lambda k: bool(ready[k]))


@dataclass(slots=True, eq=False)
class _Thinner:
    """A volume with twice the slices, made by a model from one series."""

    series: LoadedSeries
    job_id: int = 0
    volume: Volume | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The pack a job uses, and the strength it is shown with at first."""

    pack: PackRef
    strength: float


class EnhanceController(QObject):
    """Owned by the UI thread.

    Signals:
        said(str): a sentence for the status line.
    """

    said = Signal(str)

    def __init__(
        self, page: StudyPage, study: StudyController, use_cases: UseCases, bridge: JobBridge
    ) -> None:
        super().__init__(page)
        self._page, self._study = page, study
        self._grid = page.desk
        self._use_cases, self._bridge = use_cases, bridge
        self._denoised: dict[int, _Denoised] = {}
        self._thinner: dict[int, _Thinner] = {}
        self._actions: dict[str, QAction] = {}
        self._is_difference = False
        study.study_changed.connect(lambda _study: self._forget())
        study.shown_changed.connect(self._follow_shown)

    def take_actions(self, actions: dict[str, QAction]) -> None:
        """Keep the check marks of these actions right: enhance, superres, difference."""
        self._actions = actions
        self._show_state()

    def toggle(self, task: str) -> None:
        """Turn an enhancement of the active series on, or off again."""
        if task == DENOISE:
            self._toggle_denoised()
        else:
            self._toggle_thinner()
        self._show_state()

    def hold(self, is_down: bool) -> None:
        """Show the stored pixels for as long as the key is held."""
        self._grid.compare_original(is_down)

    def toggle_difference(self) -> None:
        """Show what the model changed, or the picture again."""
        self._is_difference = not self._is_difference and self._on_show() is not None
        self._compare()
        self._show_state()

    def _compare(self) -> None:
        compare = Compare.DIFFERENCE if self._is_difference else Compare.RESULT
        for viewport in self._grid.viewports:
            viewport.compare_by(compare)

    def set_strength(self, strength: float) -> None:
        """Show less or more of the model's change; nothing is computed again."""
        denoised = self._on_show()
        if denoised is None:
            return
        denoised.strength = strength
        self._lay(denoised)

    # Less noise

    def _toggle_denoised(self) -> None:
        series = self._study.active_series
        if series is None:
            self.said.emit(tr("Show a series first, then enhance it."))
            return
        denoised = self._denoised.get(id(series))
        if denoised is None:
            self._start_denoising(series)
            return
        if denoised.is_on and self._bridge.is_running(denoised.job_id):
            self._bridge.cancel(denoised.job_id)
            self._drop(denoised)
            return
        denoised.is_on = not denoised.is_on
        self._lay(denoised)

    def _start_denoising(self, series: LoadedSeries) -> None:
        denoised = _Denoised(series)
        self._denoised[id(series)] = denoised
        first = self._grid.active.state.value.slice_index
        request = Request(
            Lane.MODEL, JOB_WORDS[DENOISE], _work(self._use_cases, series, DENOISE, first)
        )
        replies = Replies(
            gave=lambda value: self._take(denoised, value),
            done=lambda made: self._finish(denoised, made),
            failed=lambda _error: self._drop(denoised),
            over=self._study.hold(series),
        )
        denoised.words = tr("waits for its turn")
        denoised.job_id = self._bridge.start(request, replies)

    def _take(self, denoised: _Denoised, value: Any) -> None:  # noqa: ANN401 parts of a job
        if self._denoised.get(id(denoised.series)) is not denoised:
            return
        if isinstance(value, _Chosen):
            denoised.pack = value.pack
            denoised.strength = value.strength
            self._page.enhance_bar.slider.setValue(round(100 * value.strength))
            denoised.words = tr("the first slices are being made")
        elif isinstance(value, int) and denoised.is_ready is not None:
            denoised.is_ready[value] = True
            count = int(denoised.is_ready.sum())
            denoised.words = tr("{0} of {1} slices").format(count, denoised.is_ready.size)
            uid = denoised.series.volume.series.series_uid
            self._grid.refresh_enhanced(uid, value)
            self._show_words(denoised)
        elif isinstance(value, np.ndarray):
            denoised.voxels = read_only(value)
            denoised.is_ready = np.zeros(value.shape[0], dtype=bool)
            self._lay(denoised)
        self._show_state()

    def _finish(self, denoised: _Denoised, made: Enhancement) -> None:
        if self._denoised.get(id(denoised.series)) is not denoised or made.voxels is None:
            return
        denoised.pack = made.result.pack
        denoised.voxels = read_only(made.voxels)
        denoised.is_ready = np.ones(made.voxels.shape[0], dtype=bool)
        unit = denoised.series.volume.intensity.unit.value
        denoised.words = figures_text(made.result.figures, unit)
        self._lay(denoised)
        self._show_state()

    def _lay(self, denoised: _Denoised) -> None:
        overlay = denoised.overlay if denoised.is_on else None
        for viewport in self._grid.viewports:
            content = viewport.content
            if content is not None and denoised.series.is_of(content.volume):
                viewport.set_enhanced(overlay)
        if overlay is None and self._is_difference:
            self._is_difference = False
            self._compare()

    def _drop(self, denoised: _Denoised) -> None:
        denoised.is_on = False
        self._lay(denoised)
        self._denoised.pop(id(denoised.series), None)
        self._show_state()

    def _on_show(self) -> _Denoised | None:
        series = self._study.active_series
        denoised = self._denoised.get(id(series)) if series is not None else None
        return denoised if denoised is not None and denoised.is_on else None

    # Thinner slices

    def _toggle_thinner(self) -> None:
        shown = self._thinner_shown()
        if shown is not None:
            self._show_source(self._grid.active, shown.series)
            return
        series = self._study.active_series
        if series is None:
            self.said.emit(tr("Show a series first, then enhance it."))
            return
        thinner = self._thinner.get(id(series))
        if thinner is None:
            self._start_thinner(series)
        elif thinner.volume is not None:
            self._show_thinner(self._grid.active, thinner)
        else:
            self._bridge.cancel(thinner.job_id)
            self._thinner.pop(id(series), None)

    def _start_thinner(self, series: LoadedSeries) -> None:
        thinner = _Thinner(series)
        self._thinner[id(series)] = thinner
        viewport = self._grid.active

        def done(made: Enhancement) -> None:
            if self._thinner.get(id(series)) is not thinner or made.volume is None:
                return
            thinner.volume = made.volume
            unit = series.volume.intensity.unit.value
            thinner.words = figures_text(made.result.figures, unit)
            content = viewport.content
            if content is not None and series.is_of(content.volume):
                self._show_thinner(viewport, thinner)

        request = Request(
            Lane.MODEL, JOB_WORDS[SUPERRES], _work(self._use_cases, series, SUPERRES, 0)
        )
        release = self._study.hold(series)

        def over() -> None:
            release()
            self._show_state()

        replies = Replies(done=done, failed=lambda _error: self._drop_thinner(series), over=over)
        thinner.job_id = self._bridge.start(request, replies)

    def _drop_thinner(self, series: LoadedSeries) -> None:
        self._thinner.pop(id(series), None)

    def _thinner_shown(self) -> _Thinner | None:
        content = self._grid.active.content
        if content is None:
            return None
        return next((t for t in self._thinner.values() if t.volume is content.volume), None)

    def _show_thinner(self, viewport: ViewportWidget, thinner: _Thinner) -> None:
        volume = thinner.volume
        if volume is None:
            return
        doubts, original = thinner.series.item.verdict.warnings, thinner.series.volume
        _keep_place(viewport, lambda: viewport.show_volume(volume, doubts, original=original))
        self._study.shown_changed.emit()

    def _show_source(self, viewport: ViewportWidget, series: LoadedSeries) -> None:
        doubts = series.item.verdict.warnings
        _keep_place(viewport, lambda: viewport.show_volume(series.volume, doubts, series.is_loaded))
        self._study.shown_changed.emit()

    # What is said

    def _follow_shown(self) -> None:
        """Lay a result again over a series that came back on screen, and say what is shown."""
        denoised, content = self._on_show(), self._grid.active.content
        if denoised is not None and content is not None and content.enhanced is None:
            self._lay(denoised)
        self._show_state()

    def _show_state(self) -> None:
        denoised, thinner = self._on_show(), self._thinner_shown()
        self._check("enhance", denoised is not None)
        self._check("superres", thinner is not None)
        self._check("difference", self._is_difference)
        bar = self._page.enhance_bar
        if denoised is not None:
            name = str(denoised.pack) if denoised.pack else tr("Enhancing")
            bar.show_enhancement(name, has_strength=True)
            bar.show_state(denoised.words)
        elif thinner is not None and thinner.volume is not None:
            bar.show_enhancement(str(thinner.volume.provenance.pack), has_strength=False)
            bar.show_state(thinner.words)
        else:
            bar.hide()

    def _show_words(self, denoised: _Denoised) -> None:
        if denoised is self._on_show():
            self._page.enhance_bar.show_state(denoised.words)

    def _check(self, name: str, is_on: bool) -> None:
        action = self._actions.get(name)
        if action is not None:
            action.setChecked(is_on)

    def _forget(self) -> None:
        jobs = [d.job_id for d in self._denoised.values()]
        for job_id in (*jobs, *(t.job_id for t in self._thinner.values())):
            self._bridge.cancel(job_id)
        self._denoised.clear()
        self._thinner.clear()
        self._is_difference = False
        self._show_state()


def _keep_place(viewport: ViewportWidget, show: Callable[[], object]) -> None:
    """Show another volume of the same place: the window and the position stay."""
    content, state = viewport.content, viewport.state.value
    if content is None:
        return
    share = state.slice_index / max(1, content.volume.geometry.shape_kji[0] - 1)
    show()
    if viewport.content is None:
        return
    last = viewport.content.volume.geometry.shape_kji[0] - 1
    viewport.state.set(replace(state, slice_index=round(share * last)))


def _work(
    use_cases: UseCases, series: LoadedSeries, task: str, first_index: int
) -> Callable[[JobContext], Enhancement]:
    """Return the work of the model lane: wait for the pixels, then run the model.

    It captures the doors and the open series; slices are handed over as they come.
    """
    enhance, opened = use_cases.enhance, series.opened

    def work(context: JobContext) -> Enhancement:
        opened.wait()
        context.cancel.raise_if_cancelled()
        volume = opened.volume
        given: list[NDArray[Any]] = []

        def on_slice(k: int, pixels: NDArray[Any]) -> None:
            if task != DENOISE:
                return
            if not given:
                given.append(_whole_of(pixels, volume.voxels.shape))
                context.give(given[0])
            if not np.may_share_memory(given[0], pixels):
                given[0][k] = pixels
            context.give(k)

        return enhance(
            volume,
            task,
            first_index=first_index,
            on_pack=lambda pack, strength: context.give(_Chosen(pack, strength)),
            on_progress=context.progress,
            on_slice=on_slice,
            cancel=context.cancel,
        )

    return work


def _whole_of(plane: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """Return the array a finished slice is a view of, or a new one where it is of none.

    Showing the worker's own result while it is made saves a second copy of the volume.
    """
    whole = plane.base
    if isinstance(whole, np.ndarray) and whole.shape == shape and whole.dtype == plane.dtype:
        return whole
    return np.zeros(shape, dtype=plane.dtype)
