"""Marks by keys alone: a cursor on the image, points placed with Enter, arrows that move them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent

from viewers.qt.marker import WHOLE, Marker
from viewers.qt.model import ViewportModel
from viewers.state.view_state import Plane
from viewers.tools.drafting import KINDS
from workstation.core.measurement import Measurement, PointMm

FAR_STEP = 10.0
"""Image pixels that an arrow key with shift moves; without it one."""

ARROWS: dict[int, tuple[float, float]] = {
    Qt.Key.Key_Left.value: (-1.0, 0.0),
    Qt.Key.Key_Right.value: (1.0, 0.0),
    Qt.Key.Key_Up.value: (0.0, -1.0),
    Qt.Key.Key_Down.value: (0.0, 1.0),
}
"""Arrow keys and where on the screen they go, (right, down)."""

ENTER = frozenset({Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value})


class MarkKeys(QObject):
    """Lets keys draw and change marks. UI thread.

    Enter shows the cursor in the middle of the image; arrows move it by a pixel, with shift by
    ten; Enter places a point, twice at the same place closes an outline; Backspace takes a point
    back; Esc goes a step back. With a selected mark Enter takes it into the hand, first whole,
    then point by point.
    """

    def __init__(self, model: ViewportModel, marker: Marker, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._marker = marker
        self._cursor: tuple[Plane, float, float] | None = None
        self._carries = False

    @property
    def cursor_cr(self) -> tuple[float, float] | None:
        """Where the cursor is, (column, row); None while it is not shown."""
        if self._cursor is None or self._cursor[0] is not self._model.state.value.plane:
            return None
        return self._cursor[1:]

    def wants(self, event: QKeyEvent) -> bool:
        """Whether a key belongs to marks now, before any command of the window gets it."""
        key = event.key()
        is_active = self.cursor_cr is not None or self._carries or self._marker.is_busy
        if key == Qt.Key.Key_Escape:
            return is_active or self._marker.selected() is not None
        if event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        ):
            return False
        if key in ENTER:
            return is_active or self._can_begin()
        if key == Qt.Key.Key_Backspace:
            return self._marker.draft is not None
        return is_active and key in ARROWS

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key means to marks; False where it means nothing."""
        if not self.wants(event):
            return False
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self._step_back()
        elif key in ENTER:
            self._enter()
        elif key == Qt.Key.Key_Backspace:
            self._marker.take_back_point()
        else:
            is_far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._go(ARROWS[key], FAR_STEP if is_far else 1.0)
        self._marker.changed.emit()
        return True

    def forget(self) -> None:
        """Hide the cursor and leave the mark in the hand where it is: the mouse took over."""
        if self._carries:
            self._marker.let_go()
        self._cursor, self._carries = None, False

    def _can_begin(self) -> bool:
        has_tool = self._model.state.value.tool in KINDS
        return self._model.stack() is not None and (has_tool or self._marker.selected() is not None)

    def _enter(self) -> None:
        selected = self._marker.selected()
        if self._carries:
            self._next_handle()
        elif self.cursor_cr is not None:
            self._marker.begin(self._cursor_mm())
        elif self._marker.draft is not None and self._marker.draft.is_closable:
            self._marker.close()  # drawn with the mouse
        elif selected is not None and not self._marker.is_busy:
            self._carries = self._take(selected, WHOLE)
        else:
            self._show_cursor()

    def _next_handle(self) -> None:
        grab = self._marker.grab
        self._marker.let_go()
        self._marker.settle()
        one = self._marker.selected()
        handle = 0 if grab is None else grab.handle + 1
        is_last = one is None or grab is None or handle >= len(one.points_mm)
        if one is None or is_last or len(one.points_mm) == 1:
            self._carries = False
        else:
            self._carries = self._take(one, handle)

    def _take(self, one: Measurement, handle: int) -> bool:
        return self._marker.take(one.measurement_id, handle, one.points_mm[max(handle, 0)])

    def _step_back(self) -> None:
        if self._carries:
            self._marker.let_go()
            self._carries = False
        elif self._marker.is_busy:
            self._marker.cancel()
        elif self.cursor_cr is not None:
            self._cursor = None
        else:
            self._model.marks.selected.set("")

    def _show_cursor(self) -> None:
        stack, state = self._model.stack(), self._model.state.value
        if stack is None:
            return
        middle = stack.center_cr + np.array(state.pan_mm) / np.array(stack.spacing_rc_mm[::-1])
        column, row = np.clip(np.rint(middle), 0, np.array(stack.shape_rc[::-1]) - 1)
        self._cursor = (state.plane, float(column), float(row))

    def _go(self, direction: tuple[float, float], step: float) -> None:
        stack, state = self._model.stack(), self._model.state.value
        if stack is None:
            return
        # The arrows go along the screen: a turned slice is walked the way it is seen.
        turn = np.array(state.turn.matrix, dtype=np.float64)
        column, row = (turn.T @ np.array(direction)) * step
        grab = self._marker.grab
        if self._carries and grab is not None:
            points = grab.points_mm
            here = np.array(points[max(grab.handle, 0)])
            along = column * stack.spacing_rc_mm[1] * stack.right_patient
            down = row * stack.spacing_rc_mm[0] * stack.down_patient
            x, y, z = here + along + down
            self._marker.pull((float(x), float(y), float(z)))
        elif self.cursor_cr is not None:
            at = np.array(self.cursor_cr) + np.array([column, row])
            end = np.array(stack.shape_rc[::-1]) - 1
            column, row = np.clip(at, 0, end)
            self._cursor = (state.plane, float(column), float(row))
            self._marker.point(self._cursor_mm())

    def _cursor_mm(self) -> PointMm:
        stack, cursor = self._model.stack(), self.cursor_cr
        if stack is None or cursor is None:
            return (0.0, 0.0, 0.0)
        x, y, z = stack.to_patient_mm(self._model.state.value.slice_index, np.array(cursor))
        return (float(x), float(y), float(z))
