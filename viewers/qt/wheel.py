"""The wheel of the mouse and the fingers on a pad, over a canvas."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QWheelEvent

from viewers.qt.model import ViewportModel
from viewers.state.mouse_map import ClickAct, MouseMap, WheelAct, WheelCount
from viewers.tools import navigate
from viewers.tools.gesture import View

NOTCH = 120
"""Wheel units of one notch; Qt gives angleDelta in eighths of a degree, 15 degrees a notch."""

PAD_PX = 30.0
"""Way of the fingers on a pad for one slice: a finger's width is three slices."""

FAST_STEPS = 10
"""Slices that one step of the fast wheel moves."""


class WheelHand(QObject):
    """Turns the wheel into proposals. UI thread.

    What a pad goes on to say after the fingers left it (momentum) moves nothing: slices nobody
    asked for would be skipped past the eye.

    Signals:
        slab_steps: steps by which the slab is made thicker.
    """

    slab_steps = Signal(int)

    def __init__(
        self,
        model: ViewportModel,
        parent: QObject,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._model, self._clock = model, clock
        self._count = WheelCount()
        self._act = WheelAct.NONE

    def turn(self, event: QWheelEvent, view: View) -> None:
        """Do what a turn of the wheel means to this reader."""
        if event.phase() == Qt.ScrollPhase.ScrollMomentum:
            return
        mouse = self._model.marks.habits.mouse.value
        act = _act_of(mouse, event.modifiers())
        if event.phase() == Qt.ScrollPhase.ScrollBegin or act is not self._act:
            self._count.forget()
        self._act = act
        notches = _notches(event)
        if act is WheelAct.ZOOM:
            at = (event.position().x(), event.position().y())
            state = self._model.state.value
            self._model.propose(navigate.wheel_zoom(state, view, notches, at))
            return
        is_fast = mouse.is_accelerated and act is WheelAct.SCROLL
        steps = self._count.steps(notches, at_s=self._clock(), is_accelerated=is_fast)
        if steps:
            self._step(act, steps, view)

    def _step(self, act: WheelAct, steps: int, view: View) -> None:
        state = self._model.state.value
        match act:
            case WheelAct.SCROLL:
                self._model.propose(navigate.scroll(state, view, -steps))
            case WheelAct.SCROLL_FAST:
                self._model.propose(navigate.scroll(state, view, -steps * FAST_STEPS))
            case WheelAct.SLAB:
                self.slab_steps.emit(steps)
            case WheelAct.SERIES:
                is_next = steps < 0
                asked = ClickAct.NEXT_SERIES if is_next else ClickAct.PREVIOUS_SERIES
                self._model.marks.habits.ask(asked)
            case WheelAct.ZOOM | WheelAct.NONE:
                pass


def _act_of(mouse: MouseMap, modifiers: Qt.KeyboardModifier) -> WheelAct:
    if modifiers & Qt.KeyboardModifier.ControlModifier:
        return mouse.ctrl_wheel
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        return mouse.shift_wheel
    if modifiers & Qt.KeyboardModifier.AltModifier:
        return mouse.alt_wheel
    return mouse.wheel


def _notches(event: QWheelEvent) -> float:
    """Return how far a wheel was turned; Alt exchanges the axes on some platforms."""
    pixels, angle = event.pixelDelta(), event.angleDelta()
    is_pad = event.phase() != Qt.ScrollPhase.NoScrollPhase and not pixels.isNull()
    if is_pad:
        return (pixels.y() or pixels.x()) / PAD_PX
    has_other = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
    return (angle.y() or (angle.x() if has_other else 0)) / NOTCH
