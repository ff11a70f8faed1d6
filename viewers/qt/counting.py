"""Regions of many voxels, counted in a thread of their own: the hand never waits for them.

What is not counted yet is an :class:`OpenMark`, never a measurement: it cannot be saved, listed or
cited. A finished one becomes a measurement of the reader with its values, in the order of the acts.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from viewers.qt.model import SharedMarks
from viewers.state.cuts import Cut
from viewers.state.view_state import Plane
from viewers.tools.marking import MarkTask, TaskKey
from workstation.core.measurement import Measurement, MeasurementKind, PointMm

Taker = Callable[[Measurement | None], None]
"""Takes a mark with its values; None where no stored voxel lies inside."""


@dataclass(frozen=True, slots=True)
class OpenMark:
    """A mark as it is drawn before its values are there.

    Attributes:
        mark_id: of the measurement it will become; empty for one that is being drawn.
        kind, points_mm: as of a measurement.
        place: plane, slice and cut it was drawn on.
    """

    mark_id: str
    kind: MeasurementKind
    points_mm: tuple[PointMm, ...]
    place: tuple[Plane, int, Cut | None]


class RegionCounter(QObject):
    """Counts what the hand draws; of what is still being drawn only the newest. UI thread.

    Signals:
        counted: values of what is being drawn are there; ask again.
    """

    counted = Signal()
    _came = Signal(int, object)

    def __init__(self, marks: SharedMarks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._marks = marks
        self._threads: ThreadPoolExecutor | None = None
        self._number, self._newest = 0, 0
        self._wanted: TaskKey | None = None
        self._told: tuple[TaskKey, Measurement | None] | None = None
        self._finishing: dict[int, tuple[Future[Measurement | None], Taker]] = {}
        self._came.connect(self._take)

    def look(self, task: MarkTask) -> Measurement | None:
        """Return the values of what is being drawn; None, and count them, where they are not in."""
        key = task.key
        if self._told is not None and self._told[0] == key:
            return self._told[1]
        if self._wanted != key:
            self._wanted = key
            self._newest = self._start(task, is_only_newest=True)[0]
        return None

    def finish(self, task: MarkTask, then: Taker) -> None:
        """Count a finished mark, whatever is drawn meanwhile."""
        number, future = self._start(task, is_only_newest=False)
        self._finishing[number] = (future, then)
        if self.settle not in self._marks.settling:
            self._marks.settling.append(self.settle)

    def settle(self) -> None:
        """Wait until every finished mark has its values: before one is taken back or saved."""
        for number, (future, _then) in list(self._finishing.items()):
            self._take(number, future.result())

    # Private

    def _start(
        self, task: MarkTask, *, is_only_newest: bool
    ) -> tuple[int, Future[Measurement | None]]:
        self._number += 1
        if self._threads is None:
            self._threads = ThreadPoolExecutor(1, thread_name_prefix="regions")
        return self._number, self._threads.submit(
            self._run, task, self._number, is_only_newest=is_only_newest
        )

    def _run(self, task: MarkTask, number: int, *, is_only_newest: bool) -> Measurement | None:
        if is_only_newest and number < self._newest:
            return None
        made = task.made()
        with suppress(RuntimeError):  # the viewport went away meanwhile
            self._came.emit(number, made)
        return made

    def _take(self, number: int, made: Measurement | None) -> None:
        finished = self._finishing.pop(number, None)
        if finished is not None:
            if not self._finishing and self.settle in self._marks.settling:
                self._marks.settling.remove(self.settle)
            finished[1](made)
        elif number == self._newest and self._wanted is not None:
            self._told = self._wanted, made
            self.counted.emit()
