"""Fingers on a canvas: one uses the tool, two zoom, move or scroll, three window, a rest probes."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QEventPoint, QTouchEvent

from viewers.qt.hand import Hand
from viewers.qt.model import ViewportModel
from viewers.state.view_state import ViewState
from viewers.tools import navigate
from viewers.tools.gesture import Drag, View
from viewers.tools.grey import drag_window

FINGER = Qt.MouseButton.ExtraButton24
"""Stands for a finger where the hand asks for a button: a finger always uses the tool."""

REST_MS = 500
"""A finger that rests so long asks what lies under it; the usual time of platforms."""

MOVED_PX = 10.0
"""A finger trembles by less; only beyond it has it moved."""

SPREAD = 0.12
"""Two fingers whose distance changes by this share zoom; less is a tremble of a parallel move."""

STEEP = 1.5
"""A move of two fingers so much more down than across scrolls; else it moves the picture."""

Point = tuple[float, float]


class _Mode(Enum):
    NONE = 0
    RESTS = 1
    TOOL = 2
    PROBE = 3
    SEVERAL = 4
    PINCH = 5
    SCROLL = 6
    WINDOW = 7
    OVER = 8


@dataclass(frozen=True, slots=True)
class _Start:
    """Where the fingers of a gesture began, by id, and the state they found."""

    fingers: dict[int, Point]
    state: ViewState

    @property
    def middle(self) -> Point:
        """The middle of the fingers."""
        return _middle(tuple(self.fingers.values()))


class TouchHand(QObject):
    """Turns fingers into proposals. UI thread.

    A mark is begun only when one finger has moved or left: two fingers that land one after the
    other never leave a mark behind.

    Signals:
        touched: a finger went down.
        tapped_twice: two taps at one place, canvas.
        rested: a finger rests; where, canvas. It ends with ``lifted``.
        lifted: the last finger left.
    """

    touched = Signal()
    tapped_twice = Signal(float, float)
    rested = Signal(float, float)
    lifted = Signal()

    def __init__(
        self,
        model: ViewportModel,
        hand: Hand,
        parent: QObject,
        *,
        double_ms: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._model, self._hand, self._clock = model, hand, clock
        self._double_s = double_ms / 1000
        self._mode = _Mode.NONE
        self._start = _Start({}, model.state.value)
        self._tap: tuple[float, Point] | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._probe)

    def take(self, event: QTouchEvent, view: View | None) -> None:
        """Go on with the gesture of the fingers."""
        if view is None or event.type() == QEvent.Type.TouchCancel:
            self._give_up()
            return
        points = event.points()
        down = {p.id(): _at(p) for p in points if p.state() != QEventPoint.State.Released}
        if event.type() == QEvent.Type.TouchBegin:
            self.touched.emit()
            self._begin(down)
        elif len(down) > len(self._start.fingers):
            self._add_finger(down)
        elif down:
            self._move(down, view)
        if not down:
            self._end(_at(points[0]), view)

    def _begin(self, down: dict[int, Point]) -> None:
        self._mode = _Mode.RESTS
        if len(down) > 1:
            self._add_finger(down)
            return
        self._start = _Start(down, self._model.state.value)
        self._rest.start()

    def _add_finger(self, down: dict[int, Point]) -> None:
        self._rest.stop()
        if self._mode in (_Mode.RESTS, _Mode.SEVERAL):
            self._start = _Start(down, self._model.state.value)
            self._mode = _Mode.WINDOW if len(down) > 2 else _Mode.SEVERAL
            if self._mode is _Mode.WINDOW:
                self._model.marks.acts.begin_drag()

    def _move(self, down: dict[int, Point], view: View) -> None:
        if self._mode in (_Mode.RESTS, _Mode.TOOL, _Mode.PROBE):
            self._move_one(next(iter(down.values())), view)
        elif len(down) == len(self._start.fingers):
            self._move_several(down, view)
        else:
            # A finger left: what stays down would pull the picture aside.
            self._mode = _Mode.OVER

    def _move_one(self, here: Point, view: View) -> None:
        start = self._start.middle
        if self._mode is _Mode.RESTS and math.dist(start, here) > MOVED_PX:
            self._rest.stop()
            self._mode = _Mode.TOOL
            self._hand.press(FINGER, view, start)
        if self._mode is _Mode.TOOL:
            self._hand.move(view, here)
        elif self._mode is _Mode.PROBE:
            self.rested.emit(*here)

    def _move_several(self, down: dict[int, Point], view: View) -> None:
        start, here = self._start.middle, _middle(tuple(down.values()))
        ratio = _span(down) / max(_span(self._start.fingers), 1.0)
        if self._mode is _Mode.SEVERAL:
            self._choose(ratio, Drag(start, here))
        state, drag = self._start.state, Drag(start, here)
        if self._mode is _Mode.PINCH:
            zoomed = navigate.zoom_by(state, view, max(ratio, 1e-3), start)
            self._propose(navigate.drag_pan(zoomed, view, drag))
        elif self._mode is _Mode.SCROLL:
            self._propose(navigate.drag_scroll(state, view, drag))
        elif self._mode is _Mode.WINDOW:
            self._propose(drag_window(state, drag))

    def _choose(self, ratio: float, drag: Drag) -> None:
        """Decide once what two fingers do: what they began is what they go on with."""
        right, down = (abs(part) for part in drag.moved_canvas)
        if abs(ratio - 1) > SPREAD:
            self._mode = _Mode.PINCH
        elif max(right, down) > MOVED_PX:
            self._mode = _Mode.SCROLL if down > STEEP * right else _Mode.PINCH
        if self._mode is not _Mode.SEVERAL:
            self._model.marks.acts.begin_drag()

    def _propose(self, state: ViewState) -> None:
        self._model.propose(state)

    def _end(self, here: Point, view: View) -> None:
        if self._mode is _Mode.TOOL:
            self._hand.release(FINGER, view, here)
        elif self._mode is _Mode.RESTS:
            self._take_tap(here, view)
        self._finish()

    def _take_tap(self, here: Point, view: View) -> None:
        now_s, last = self._clock(), self._tap
        is_double = last is not None and now_s - last[0] <= self._double_s
        if last is not None and is_double and math.dist(last[1], here) <= 3 * MOVED_PX:
            self._tap = None
            self.tapped_twice.emit(*here)
            return
        self._tap = (now_s, here)
        self._hand.press(FINGER, view, here)
        self._hand.release(FINGER, view, here)

    def _probe(self) -> None:
        self._mode = _Mode.PROBE
        self.rested.emit(*self._start.middle)

    def _give_up(self) -> None:
        if self._mode is _Mode.TOOL:
            self._hand.cancel()
        self._finish()

    def _finish(self) -> None:
        self._rest.stop()
        self._model.marks.acts.end_drag()
        self._mode = _Mode.NONE
        self._start = _Start({}, self._model.state.value)
        self.lifted.emit()


def _at(point: QEventPoint) -> Point:
    return point.position().x(), point.position().y()


def _middle(points: tuple[Point, ...]) -> Point:
    count = max(len(points), 1)
    return sum(x for x, _ in points) / count, sum(y for _, y in points) / count


def _span(fingers: dict[int, Point]) -> float:
    """Return the distance of the first two fingers."""
    points = list(fingers.values())
    return math.dist(points[0], points[1]) if len(points) > 1 else 1.0
