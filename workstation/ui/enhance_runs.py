"""All enhancements of the open study: started, queued, cancelled, kept, and dropped for room.

What the reader asks for comes first: what a hanging protocol wished for runs one at a time behind
it, and gives way. Results stay while one scrolls away and back; where memory is short those longest
out of sight go, and the reader is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from viewers.qt.desk import ViewportDesk
from viewers.state.view_state import Plane
from workstation.core.errors import WorkstationError
from workstation.core.job import Focus
from workstation.core.memory import Memory, read_memory
from workstation.core.volume import read_only
from workstation.services.enhance_choices import EnhanceTask
from workstation.services.jobs import Lane, Request
from workstation.ui.bridge import JobBridge, Replies
from workstation.ui.enhance_run import Chosen, Refused, Run, Stage, work_of
from workstation.ui.enhance_tasks import JOB_WORDS
from workstation.ui.loaded_series import LoadedSeries
from workstation.ui.series_keeper import Wish
from workstation.ui.study_controller import StudyController
from workstation.ui.words import tr

if TYPE_CHECKING:
    from workstation.ui.use_cases import Enhance, Enhancement

Key = tuple[int, EnhanceTask]


class EnhanceRuns(QObject):
    """Keeps the enhancements of one study. Owned by the UI thread.

    Signals:
        chosen(Run): its pack is known.
        changed(Run): it came further, ended, or was dropped.
        sliced(Run, int): a slice of its result came in.
        refused(Run, str): the series is not one that can be enhanced; the sentence says why.
        said(str): a sentence for the status line.
    """

    chosen = Signal(object)
    changed = Signal(object)
    sliced = Signal(object, int)
    refused = Signal(object, str)
    said = Signal(str)

    def __init__(
        self,
        desk: ViewportDesk,
        study: StudyController,
        enhance: Enhance,
        bridge: JobBridge,
        memory: Callable[[], Memory] = read_memory,
    ) -> None:
        """Begin with none.

        Args:
            desk: the viewports; what they show is never dropped.
            study: the open study.
            enhance: the door to the models.
            bridge: starts jobs.
            memory: tells the memory of this process.
        """
        super().__init__(study)
        self._desk, self._study = desk, study
        self._enhance, self._bridge = enhance, bridge
        self._runs: dict[Key, Run] = {}
        self._queue: list[Run] = []
        self._opening: dict[int, list[Run]] = {}
        self._memory = memory
        self.first_strength: Callable[[Run], float] = lambda run: run.standard
        # In order of use: the one longest out of sight first.
        self._used: dict[Key, None] = {}
        study.keeper.ready.connect(self._on_ready)
        study.keeper.refused.connect(self._on_refused)

    def __iter__(self) -> Iterator[Run]:
        """Iterate over all enhancements, in the order they were asked for."""
        return iter(tuple(self._runs.values()))

    def of(self, row: int, task: EnhanceTask) -> Run | None:
        """Return the enhancement of a series; None where there is none."""
        return self._runs.get((row, task))

    def start(self, run: Run) -> None:
        """Make an enhancement; one that a protocol wished for waits until nothing else runs."""
        self._runs[run.key] = run
        if run.is_automatic:
            self._queue.append(run)
            self._next()
            return
        self._give_way()
        self._open(run)

    def cancel(self, run: Run) -> None:
        """Stop an enhancement that is not done; what it made goes."""
        self._bridge.cancel(run.job_id)
        self.drop(run)

    def drop(self, run: Run) -> None:
        """Let a result go."""
        if self._runs.get(run.key) is run:
            del self._runs[run.key]
        self._queue = [one for one in self._queue if one is not run]
        self._used.pop(run.key, None)
        run.is_on = False
        self.changed.emit(run)
        run.voxels, run.is_ready, run.volume = None, None, None

    def forget(self) -> None:
        """Stop everything and let everything go: the study is closed."""
        for run in self:
            self._bridge.cancel(run.job_id)
        self._runs.clear()
        self._queue.clear()
        self._opening.clear()
        self._used.clear()

    def touch(self, run: Run) -> None:
        """Note that a result is on screen now."""
        self._used.pop(run.key, None)
        self._used[run.key] = None

    # Opening and starting

    def _open(self, run: Run) -> None:
        """Start once the series has its voxels; nothing on screen moves."""
        series = self._study.keeper.loaded.get(run.row)
        if series is not None and series.is_open:
            self._submit(run, series)
            return
        self._opening.setdefault(run.row, []).append(run)
        wish = Wish(self._desk.active, is_quiet=True)
        self._study.keeper.show(run.row, self._study.rows[run.row], wish)

    def _on_ready(self, series: LoadedSeries, _wish: Wish) -> None:
        rows = self._study.rows
        row = rows.index(series.item) if series.item in rows else -1
        for run in self._opening.pop(row, ()):
            if self._runs.get(run.key) is run:
                self._submit(run, series)

    def _on_refused(self, row: int) -> None:
        for run in self._opening.pop(row, ()):
            self.drop(run)
        self._next()

    def _submit(self, run: Run, series: LoadedSeries) -> None:
        if not self._has_room(run, series):
            self.drop(run)
            self._next()
            return
        run.stage = Stage.QUEUED
        run.release = self._study.hold(series)
        words = JOB_WORDS[run.task]
        run.focus = Focus(self._slice_on_show(series))
        work = work_of(self._enhance, series, run)
        request = Request(Lane.MODEL, words, work, is_quiet=run.is_automatic)
        job: list[int] = []

        def is_current() -> bool:
            return self._runs.get(run.key) is run and run.job_id == job[0]

        replies = Replies(
            gave=lambda value: self._take(run, value) if is_current() else None,
            done=lambda made: self._finish(run, series, made) if is_current() else None,
            failed=lambda error: self._fail(run, error) if is_current() else None,
            over=lambda: self._over(run),
        )
        run.job_id = self._bridge.start(request, replies)
        job.append(run.job_id)
        self.changed.emit(run)

    def _slice_on_show(self, series: LoadedSeries) -> int:
        """Return the slice that is looked at: it is made first."""
        showing = [self._desk.active, *self._desk.viewports]
        for viewport in showing:
            content, state = viewport.content, viewport.state.value
            if content is not None and series.is_of(content.stored):
                if state.plane is Plane.ACQUIRED and content.original is None:
                    return state.slice_index
                break
        return series.item.slices // 2

    def _follow(self, run: Run) -> None:
        """Go on where the reader looks now; a slice comes many times a second."""
        series = self._study.keeper.loaded.get(run.row)
        if series is not None and series.is_open:
            run.focus.move(self._slice_on_show(series))

    # What protocols wished for

    def _next(self) -> None:
        """Start the next one that a protocol wished for, where nothing of ours runs."""
        is_busy = any(self._bridge.is_running(run.job_id) for run in self if run.job_id)
        if self._queue and not is_busy and not self._opening:
            self._open(self._queue.pop(0))

    def _give_way(self) -> None:
        """Stop what runs for a protocol, to be made again later: the reader comes first."""
        for run in self:
            if run.is_automatic and run.stage is Stage.RUNNING and self._is_running(run):
                self._bridge.cancel(run.job_id)
                again = Run(run.row, run.task, run.pack_id, is_automatic=True, is_on=run.is_on)
                again.pack, again.standard = run.pack, run.standard
                again.strength = run.strength
                self._runs[run.key] = again
                self._queue.insert(0, again)
                self.changed.emit(again)

    def _is_running(self, run: Run) -> bool:
        return bool(run.job_id) and self._bridge.is_running(run.job_id)

    # What comes of it

    def _take(self, run: Run, value: Any) -> None:  # noqa: ANN401 parts of a job
        if isinstance(value, Chosen):
            run.stage = Stage.RUNNING
            if run.pack is None:
                run.standard = value.strength
                run.strength = self.first_strength(run)
            run.pack = value.pack
            self.chosen.emit(run)
        elif isinstance(value, int):
            if run.is_ready is not None:
                run.is_ready[value] = True
                self.sliced.emit(run, value)
                self._follow(run)
        elif isinstance(value, np.ndarray):
            run.voxels = read_only(value)
            run.is_ready = np.zeros(value.shape[0], dtype=bool)
            self.touch(run)
            self.changed.emit(run)

    def _finish(self, run: Run, series: LoadedSeries, made: Enhancement | Refused) -> None:
        if isinstance(made, Refused):
            self._refuse(run, made.sentence)
            return
        if made.voxels is None and made.volume is None:
            self.drop(run)
            return
        if made.voxels is not None:
            if run.voxels is None or not np.may_share_memory(run.voxels, made.voxels):
                run.voxels = read_only(made.voxels)
            run.is_ready = np.ones(made.voxels.shape[0], dtype=bool)
        run.stage, run.volume = Stage.DONE, made.volume
        run.pack, run.figures = made.result.pack, made.result.figures
        run.doubts = made.doubts
        self.touch(run)
        self.changed.emit(run)

    def _fail(self, run: Run, error: WorkstationError) -> None:
        self._refuse(run, str(error))

    def _refuse(self, run: Run, sentence: str) -> None:
        self.drop(run)
        self.refused.emit(run, sentence)

    def _over(self, run: Run) -> None:
        run.release()
        run.release = _nothing
        self._next()

    # Memory

    def _has_room(self, run: Run, series: LoadedSeries) -> bool:
        """Make room for a result; False (and say why) where there is none."""
        needed = run.task.growth * series.size_bytes
        self._make_room(needed)
        if self._lacking_bytes(needed) <= 0:
            return True
        self.said.emit(tr("There is not enough free memory to enhance this series."))
        return False

    def relieve(self) -> None:
        """Drop results longest out of sight where series and results together take too much."""
        if any(run.has_result for run in self):
            self._make_room(0)

    def _make_room(self, needed_bytes: int) -> None:
        lacking = self._lacking_bytes(needed_bytes)
        shown = self._shown()
        for key in tuple(self._used):
            run = self._runs.get(key)
            if lacking <= 0:
                return
            if run is None or not run.has_result or self._is_running(run):
                continue
            if not shown & _parts(run):
                lacking -= run.size_bytes
                self._drop_for_room(run)

    def _lacking_bytes(self, needed_bytes: int) -> int:
        memory = self._memory()
        held = sum(run.size_bytes for run in self) + self._study.keeper.shelf.held_bytes
        return max(held + needed_bytes - memory.budget_bytes, needed_bytes - memory.room_bytes)

    def _drop_for_room(self, run: Run) -> None:
        name = self._study.rows[run.row].name
        self.drop(run)
        self.said.emit(tr("The enhanced pictures of {0} were dropped to make room.").format(name))

    def _shown(self) -> set[int]:
        """Return what viewports show, by identity."""
        return {
            id(part)
            for viewport in self._desk.viewports
            if (content := viewport.content) is not None
            for part in (content.volume, content.enhanced and content.enhanced.voxels)
        }


def _parts(run: Run) -> set[int]:
    return {id(part) for part in (run.volume, run.voxels) if part is not None}


def _nothing() -> None:
    """Do nothing: the voxels were let go."""
