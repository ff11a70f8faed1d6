"""Marks under the hand: drawn, selected, moved and bent, by mouse or by keys alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from viewers.qt.counting import OpenMark, RegionCounter
from viewers.qt.mark_place import measured_volume, place_of, why_filled, why_no_mark
from viewers.qt.model import ViewportModel
from viewers.qt.words import tr
from viewers.render.overlays import measurement_points
from viewers.state.cuts import Cut
from viewers.state.view_state import Plane
from viewers.tools import editing
from viewers.tools.drafting import KINDS, NEEDED, Draft, final_points
from viewers.tools.gesture import View
from viewers.tools.marking import MarkTask
from viewers.tools.shapes import CLOSED, Hit, hit
from workstation.core.measurement import Measurement, MeasurementKind, PointMm

CLICK_PX = 3.0
"""A drag shorter than this is a click: hands tremble by two pixels."""

REACH_PX = 7.0
"""How near the pointer must come to a line or a handle: a hand in the dark hits 14 pixels."""

FREEHAND_STEP_PX = 2.0
"""A freehand line gets a point every so many pixels of the canvas: finer is trembling."""

WHOLE = -1
"""In place of the number of a handle: the mark as a whole."""


@dataclass(frozen=True, slots=True)
class _Press:
    """The button that is down: where it went down and what was under it."""

    at_canvas: tuple[float, float]
    adds_on_release: bool = True


@dataclass(frozen=True, slots=True)
class Grab:
    """A mark in the hand.

    Attributes:
        original: as it was when it was taken.
        changed: as it is now.
        handle: which of its points moves; WHOLE for all.
        start_mm: where it was taken.
        waiting: how it is now, where its values are still being counted; None where they are in.
    """

    original: Measurement
    changed: Measurement
    handle: int
    start_mm: PointMm
    waiting: MarkTask | None = None

    @property
    def points_mm(self) -> tuple[PointMm, ...]:
        """Where its points are now."""
        return self.changed.points_mm if self.waiting is None else _points(self.waiting)


class Marker(QObject):
    """Draws marks on the stored voxels of a model, and changes them. UI thread.

    Signals:
        made: a Measurement that is finished and in the shared marks.
        words_wanted: a Measurement that the reader is to give words to.
        refused: a sentence that says why a mark cannot be made.
        changed: something unfinished must be painted anew.
    """

    made = Signal(object)
    words_wanted = Signal(object)
    refused = Signal(str)
    changed = Signal()

    def __init__(self, model: ViewportModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._draft: Draft | None = None
        self._press: _Press | None = None
        self._grab: Grab | None = None
        self._open: dict[str, OpenMark] = {}
        self._counter = RegionCounter(model.marks, self)
        self._counter.counted.connect(self._on_counted)

    @property
    def draft(self) -> Draft | None:
        """The mark that is being drawn, if it belongs to the slice on show and to the tool."""
        draft, state = self._draft, self._model.state.value
        if draft is not None and not (draft.is_on(state) and KINDS.get(state.tool) is draft.kind):
            self._draft = draft = None
        return draft

    @property
    def grab(self) -> Grab | None:
        """The mark in the hand."""
        return self._grab

    @property
    def is_busy(self) -> bool:
        """Whether a mark is being drawn or is in the hand."""
        return self.draft is not None or self._grab is not None

    # The mouse

    def press(self, view: View, at_canvas: tuple[float, float]) -> bool:
        """Take a press of the left button; False where it means nothing to marks."""
        state = self._model.state.value
        draft = self.draft
        if draft is not None:
            self._press_on(draft, view, at_canvas)
            return True
        under = self.hit(view, at_canvas) if state.shows_overlays else None
        if under is not None:
            self._model.marks.selected.set(under.measurement_id)
            handle = WHOLE if under.handle is None else under.handle
            self.take(under.measurement_id, handle, self._at(view, at_canvas))
            return True
        self._model.marks.selected.set("")
        kind = KINDS.get(state.tool)
        if kind is None or kind is MeasurementKind.PROBE:
            return False
        if why_no_mark(self._model, kind):
            self.refused.emit(why_no_mark(self._model, kind))
            return True
        self._draft = Draft(kind, state.plane, state.slice_index, cut=state.cut)
        is_point = NEEDED.get(kind) == 1
        if not is_point:
            self._draft = self._draft.placed(self._at(view, at_canvas))
        self._press = _Press(at_canvas, adds_on_release=is_point)
        return True

    def move(self, view: View, at_canvas: tuple[float, float]) -> bool:
        """Go on with what is in the hand; False where nothing is."""
        here = self._at(view, at_canvas)
        if self._grab is not None:
            self.pull(here)
            return True
        draft = self.draft
        if draft is None:
            return False
        is_held = self._press is not None
        if draft.kind is MeasurementKind.FREEHAND and is_held:
            last = view.map(self._model.state.value).patient_to_canvas(
                np.array(draft.points_mm[-1])
            )
            if _distance(last, at_canvas) >= FREEHAND_STEP_PX:
                draft = draft.placed(here)
        self._draft = draft.pointing(here)
        self.changed.emit()
        return True

    def release(self, view: View, at_canvas: tuple[float, float]) -> bool:
        """End a press; False where it meant nothing to marks."""
        press, self._press = self._press, None
        if self._grab is not None:
            self.let_go()
            return True
        draft = self.draft
        if draft is None or press is None:
            return False
        is_click = _distance(press.at_canvas, at_canvas) < CLICK_PX
        if draft.kind is MeasurementKind.FREEHAND:
            self._draft = draft
            self.close()
        elif press.adds_on_release or not is_click:
            self.place(self._at(view, at_canvas))
        self.changed.emit()
        return True

    def cancel(self) -> None:
        """Forget what is unfinished."""
        self._draft, self._press, self._grab = None, None, None
        self.changed.emit()

    def _press_on(self, draft: Draft, view: View, at_canvas: tuple[float, float]) -> None:
        """Take a press while a mark is being drawn: a drag adds two points, a click one."""
        mapping = view.map(self._model.state.value)
        first = mapping.patient_to_canvas(np.array(draft.points_mm[0]))
        if draft.is_closable and _distance(first, at_canvas) <= REACH_PX:
            self.close()
            return
        kind = draft.kind
        starts_line = kind in (MeasurementKind.COBB, MeasurementKind.BIDIRECTIONAL)
        if starts_line and len(draft.points_mm) == 2:
            self._draft = draft.placed(self._at(view, at_canvas))
            self._press = _Press(at_canvas, adds_on_release=False)
        else:
            self._press = _Press(at_canvas)

    # Points, from mouse and keys alike

    def begin(self, point_mm: PointMm) -> None:
        """Begin a mark of the chosen tool, or go on with the one begun, at a point."""
        state = self._model.state.value
        kind = KINDS.get(state.tool)
        if self.draft is None:
            if kind is None:
                return
            if why_no_mark(self._model, kind):
                self.refused.emit(why_no_mark(self._model, kind))
                return
            self._draft = Draft(kind, state.plane, state.slice_index, cut=state.cut)
        self.place(point_mm)

    def point(self, here_mm: PointMm) -> None:
        """Show where the next point would go."""
        if self.draft is not None:
            self._draft = self.draft.pointing(here_mm)
            self.changed.emit()

    def place(self, point_mm: PointMm) -> None:
        """Place the next point; the mark is made with its last one."""
        draft = self.draft
        if draft is None:
            return
        is_again = bool(draft.points_mm) and draft.points_mm[-1] == point_mm
        if is_again and draft.is_closable:
            self.close()
            return
        self._draft = draft.placed(point_mm)
        if self._draft.is_full:
            self._finish(self._draft)
        self.changed.emit()

    def take_back_point(self) -> None:
        """Take the point placed last back; with the first one the mark."""
        draft = self.draft
        if draft is not None:
            rest = draft.points_mm[:-1]
            self._draft = replace(draft, points_mm=rest) if rest else None
            self.changed.emit()

    def close(self) -> bool:
        """Close an outline; False where none with enough corners is being drawn."""
        draft = self.draft
        if draft is None or not draft.is_outline:
            return False
        if draft.is_closable:
            self._finish(draft)
        else:
            self._draft = None
        self.changed.emit()
        return True

    def _finish(self, draft: Draft) -> None:
        self._draft = None
        task = self._task(draft.kind, np.array(draft.points_mm), uuid4().hex)
        if task is not None and (why := why_filled(self._model, task.kind, task.points_mm)):
            self.refused.emit(why)
            return
        if task is not None and task.is_long:
            self._count(task)
            return
        made = None if task is None else task.made()
        if made is None:
            self.refused.emit(
                tr("No stored voxel lies inside of this. Draw it larger, on the image.")
            )
        elif made.kind is MeasurementKind.TEXT:
            self.words_wanted.emit(made)
        else:
            self.keep(made)

    def keep(self, measurement: Measurement) -> None:
        """Take a finished mark into the shared marks, or a changed one in place of the old."""
        marks = self._model.marks
        before = marks.measurements.value
        is_known = editing.found(before, measurement.measurement_id) is not None
        after = editing.replaced(before, measurement) if is_known else (*before, measurement)
        marks.change(after, selected=measurement.measurement_id)
        if not is_known:
            self.made.emit(measurement)

    # Marks that are made

    def hit(self, view: View, at_canvas: tuple[float, float]) -> Hit | None:
        """Return which mark on show lies under a point; the one made last first."""
        mapping = view.map(self._model.state.value)
        chosen = self._model.marks.selected.value
        newest_first = self._model.marks.measurements.value[::-1]
        for one in sorted(newest_first, key=lambda one: one.measurement_id != chosen):
            cr = self.points_cr(one)
            if cr is None:
                continue
            under = hit(
                one.measurement_id,
                one.kind,
                mapping.pixel_to_canvas(cr),
                at_canvas,
                reach=REACH_PX,
            )
            if under is not None:
                return under
        return None

    def points_cr(self, measurement: Measurement) -> NDArray[np.float64] | None:
        """Return the points of a mark on the slice on show (n, 2); None where it is not there."""
        content, stack = self._model.content.value, self._model.stack()
        if content is None or stack is None or content.measured is None:
            return None
        # The stack is that of the volume on show, also while its original is seen in its place.
        index = self._model.state.value.slice_index
        return measurement_points(measurement, content.measured, content.volume, stack, index)

    def shown(self) -> tuple[Measurement, ...]:
        """Return the marks on the slice on show."""
        return tuple(
            one for one in self._model.marks.measurements.value if self.points_cr(one) is not None
        )

    def selected(self) -> Measurement | None:
        """Return the selected mark, if it is on the slice on show."""
        chosen = self._model.marks.selected.value
        return editing.found(self.shown(), chosen) if chosen else None

    def take(self, measurement_id: str, handle: int, at_mm: PointMm) -> bool:
        """Take a mark into the hand, by a handle or WHOLE; False where there is none."""
        self._model.marks.settle()
        marks = self._model.marks.measurements.value
        one = editing.found(marks, measurement_id)
        if one is None or measured_volume(self._model) is None:
            return False
        is_single = len(one.points_mm) == 1
        self._grab = Grab(one, one, WHOLE if is_single else handle, at_mm)
        return True

    def pull(self, to_mm: PointMm) -> None:
        """Move what is in the hand to a position."""
        grab = self._grab
        if grab is None:
            return
        points, to = np.array(grab.original.points_mm), np.array(to_mm)
        if grab.handle == WHOLE:
            points = editing.moved(points, to - np.array(grab.start_mm))
        else:
            points = editing.bent(grab.original.kind, points, grab.handle, to)
        task = self._task_of(grab.original, points)
        if task is not None and not why_filled(self._model, task.kind, task.points_mm):
            self._pull_to(grab, task)

    def _pull_to(self, grab: Grab, task: MarkTask) -> None:
        changed = self._counter.look(task) if task.is_long else task.made()
        if changed is not None:
            self._grab = replace(grab, changed=changed, waiting=None)
        elif task.is_long:
            self._grab = replace(grab, waiting=task)
        self.changed.emit()

    def let_go(self) -> None:
        """Leave the mark where it is now, as one act."""
        grab, self._grab = self._grab, None
        if grab is not None and grab.points_mm != grab.original.points_mm:
            if grab.waiting is None:
                self.keep(grab.changed)
            else:
                self._count(grab.waiting)
        self.changed.emit()

    def copy_to(self, step: int) -> bool:
        """Copy the selected mark to a neighboring slice and show that; False if it cannot be."""
        one, stack, state = self.selected(), self._model.stack(), self._model.state.value
        target = state.slice_index + step
        if one is None or stack is None or not 0 <= target < stack.count:
            return False
        volume = measured_volume(self._model)
        if volume is None:
            return False
        moved = np.array(one.points_mm) + stack.origins_mm[target] - stack.origins_mm[target - step]
        self._model.propose(replace(state, slice_index=target))
        why = why_no_mark(self._model, one.kind) or why_filled(self._model, one.kind, moved)
        if why:
            self.refused.emit(why)
            return False
        task = self._task(one.kind, moved, uuid4().hex, one.text)
        if task is not None and task.is_long:
            self._count(task)
            return True
        made = None if task is None else task.made()
        if made is not None:
            self.keep(made)
        return made is not None

    # Marks of many voxels, whose values come when they are counted

    def open_marks(self) -> tuple[OpenMark, ...]:
        """Return the marks on the slice on show that are drawn and have no values yet."""
        place = self._place()
        found = [one for one in self._open.values() if one.place == place]
        grab, draft = self._grab, self._draft_task()
        if grab is not None and grab.waiting is not None:
            found.append(_opened(grab.waiting, place))
        is_open = draft is not None and not why_filled(self._model, draft.kind, draft.points_mm)
        if draft is not None and is_open and draft.is_long and self._counter.look(draft) is None:
            found.append(_opened(draft, place))
        return tuple(found)

    def settle(self) -> None:
        """Wait for the values of what is finished."""
        self._model.marks.settle()

    def _count(self, task: MarkTask) -> None:
        """Show a finished mark without values, and keep it when they are there."""
        marks, name = self._model.marks, task.measurement_id
        waiting, era = _opened(task, self._place()), self._model.marks.era

        def take(made: Measurement | None) -> None:
            if self._open.get(name) is waiting:
                del self._open[name]
            if marks.era != era:
                return  # another study is open by now
            if made is None:
                self.refused.emit(
                    tr("No stored voxel lies inside of this. Draw it larger, on the image.")
                )
            else:
                self.keep(made)
            self.changed.emit()

        self._open[name] = waiting
        self._counter.finish(task, take)
        self.changed.emit()

    def _on_counted(self) -> None:
        grab = self._grab
        if grab is not None and grab.waiting is not None:
            self._pull_to(grab, grab.waiting)
        self.changed.emit()

    def _place(self) -> tuple[Plane, int, Cut | None]:
        state = self._model.state.value
        return state.plane, state.slice_index, state.cut

    # What is measured, and where

    def pending(self) -> Measurement | None:
        """Return the mark being drawn with the values it would have now; None for none."""
        task = self._draft_task()
        if task is None or why_filled(self._model, task.kind, task.points_mm):
            return None
        return self._counter.look(task) if task.is_long else task.made()

    def _draft_task(self) -> MarkTask | None:
        """Return what is to be measured of the mark being drawn; None where nothing is yet."""
        draft = self.draft
        stack = self._model.stack()
        if draft is None or stack is None or not draft.shown():
            return None
        points = np.array(draft.shown())
        if draft.kind is MeasurementKind.SPHERE and len(points) == 2:
            return self._task(MeasurementKind.LENGTH, points, "")
        if (
            draft.kind is MeasurementKind.FREEHAND
            or final_points(draft.kind, points, stack) is None
        ):
            return None
        return self._task(draft.kind, points, "")

    def _task(
        self, kind: MeasurementKind, points: NDArray[np.float64], name: str, text: str = ""
    ) -> MarkTask | None:
        """Return what a mark is measured from; of four corners they stay as they are."""
        volume, stack = measured_volume(self._model), self._model.stack()
        if volume is None or stack is None:
            return None
        is_whole = kind in CLOSED and len(points) == 4
        final = points if is_whole else final_points(kind, points, stack)
        if final is None:
            return None
        return MarkTask(volume, kind, final, place_of(self._model), name, text)

    def _task_of(self, one: Measurement, points: NDArray[np.float64]) -> MarkTask | None:
        volume = measured_volume(self._model)
        if volume is None:
            return None
        place = place_of(self._model)
        return MarkTask(volume, one.kind, points, place, one.measurement_id, one.text)

    def _at(self, view: View, at_canvas: tuple[float, float]) -> PointMm:
        x, y, z = view.patient_at(self._model.state.value, at_canvas)
        return (float(x), float(y), float(z))


def _points(task: MarkTask) -> tuple[PointMm, ...]:
    return tuple((float(x), float(y), float(z)) for x, y, z in task.points_mm)


def _opened(task: MarkTask, place: tuple[Plane, int, Cut | None]) -> OpenMark:
    return OpenMark(task.measurement_id, task.kind, _points(task), place)


def _distance(
    first: NDArray[np.float64] | tuple[float, float], second: tuple[float, float]
) -> float:
    return float(np.hypot(first[0] - second[0], first[1] - second[1]))
