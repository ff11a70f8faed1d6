"""Draws the line through the patient in the viewports, by mouse or by keys alone."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from viewers.qt.curve_board import CurveBoard
from viewers.qt.mark_keys import ARROWS, ENTER, FAR_STEP
from viewers.qt.viewport import ViewportWidget
from viewers.qt.words import tr
from viewers.render.mapping import CanvasMap
from viewers.state.curve import Curve
from viewers.state.view_state import Tool
from viewers.tools.curve import begun_on, point_at, point_under, reaches
from workstation.core.measurement import PointMm

PAGES = {Qt.Key.Key_PageUp.value: -1, Qt.Key.Key_PageDown.value: 1}
"""While the keys draw, arrows move the cursor, and these keys go to the next slice."""


class CurveHand(QObject):
    """Turns clicks and keys on canvases into points of the line, while its tool is chosen.

    A click places a point, on whichever slice and plane; a press on a point takes it; Backspace
    takes the last point back, Enter ends the line. By keys: Enter shows a cursor, arrows move it,
    Page Up and Page Down change the slice, Enter places a point, Enter again at the same place
    ends. UI thread.

    Signals:
        refused: a sentence that says why no line can be drawn here.
    """

    refused = Signal(str)

    def __init__(self, board: CurveBoard, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._board = board
        self._viewports: dict[QObject, ViewportWidget] = {}
        self._held: tuple[int, Curve] | None = None
        self._cursor: tuple[QObject, float, float] | None = None

    def watch(self, viewport: ViewportWidget) -> None:
        """Let the line be drawn in a viewport."""
        if viewport.canvas not in self._viewports:
            self._viewports[viewport.canvas] = viewport
            viewport.canvas.installEventFilter(self)
            viewport.destroyed.connect(lambda: self._viewports.pop(viewport.canvas, None))

    def cursor_of(self, viewport: ViewportWidget) -> tuple[float, float] | None:
        """Return where the keys draw next in a viewport, (column, row); None for nowhere."""
        cursor = self._cursor
        return cursor[1:] if cursor is not None and cursor[0] is viewport.canvas else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what belongs to the line before the canvas gets it."""
        viewport = self._viewports.get(watched)
        if viewport is None or viewport.state.value.tool is not Tool.CURVE:
            return False
        if isinstance(event, QMouseEvent):
            return self._mouse(viewport, event)
        if isinstance(event, QKeyEvent):
            is_claim = event.type() == QEvent.Type.ShortcutOverride
            if is_claim and self._wants(watched, event):
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and self._wants(watched, event):
                self._key(viewport, event)
                return True
        return False

    # The mouse

    def _mouse(self, viewport: ViewportWidget, event: QMouseEvent) -> bool:
        mapping = viewport.canvas.mapping()
        at = (event.position().x(), event.position().y())
        is_left = event.button() == Qt.MouseButton.LeftButton
        if event.type() == QEvent.Type.MouseMove and self._held is not None:
            if mapping is not None and (point := point_at(mapping, at)) is not None:
                index, before = self._held
                self._board.drag(before.moved(index, point))
            return True
        if event.type() == QEvent.Type.MouseButtonRelease and is_left:
            held, self._held = self._held, None
            if held is not None:
                self._board.drop(held[1])
            return True
        is_press = event.type() == QEvent.Type.MouseButtonPress
        if not is_left or mapping is None:
            return False
        viewport.canvas.setFocus(Qt.FocusReason.MouseFocusReason)
        if is_press:
            viewport.canvas.pressed.emit()
            self._cursor = None
            self._press(viewport, mapping, at)
        return is_press or event.type() == QEvent.Type.MouseButtonDblClick

    def _press(self, viewport: ViewportWidget, mapping: CanvasMap, at: tuple[float, float]) -> None:
        curve = self._curve_here(viewport)
        under = None if curve is None else point_under(curve, mapping, at)
        if curve is not None and under is not None:
            self._held = (under, curve)
            return
        point = point_at(mapping, at)
        if point is not None:
            self._place(viewport, point)

    # Keys

    def _wants(self, canvas: QObject, event: QKeyEvent) -> bool:
        key, curve = event.key(), self._board.curve.value
        is_plain = not event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        has_cursor = self._cursor is not None and self._cursor[0] is canvas
        if not is_plain:
            return False
        if key in ENTER:
            return True
        if key == Qt.Key.Key_Backspace:
            return curve is not None and bool(curve.points_mm)
        return has_cursor and (key in ARROWS or key in PAGES or key == Qt.Key.Key_Escape)

    def _key(self, viewport: ViewportWidget, event: QKeyEvent) -> None:
        key, curve = event.key(), self._board.curve.value
        if key in ENTER:
            self._enter(viewport)
        elif key == Qt.Key.Key_Backspace and curve is not None:
            self._board.change(curve.taken_back())
        elif key == Qt.Key.Key_Escape:
            self._cursor = None
        elif key in PAGES:
            viewport.step(PAGES[key])
        elif key in ARROWS:
            is_far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._go(viewport, ARROWS[key], FAR_STEP if is_far else 1.0)
        viewport.canvas.update()

    def _enter(self, viewport: ViewportWidget) -> None:
        curve, cursor = self._curve_here(viewport), self.cursor_of(viewport)
        mapping = viewport.canvas.mapping()
        if mapping is None:
            return
        if cursor is None:
            if curve is not None and curve.is_line and not curve.is_ended:
                self._board.change(curve.ended())
                return
            column, row = np.rint(mapping.stack.center_cr)
            self._cursor = (viewport.canvas, float(column), float(row))
            return
        point = _point(mapping, cursor)
        is_again = curve is not None and bool(curve.points_mm) and curve.points_mm[-1] == point
        if is_again and curve is not None and curve.is_line:
            self._cursor = None
            self._board.change(curve.ended())
        else:
            self._place(viewport, point)

    def _go(self, viewport: ViewportWidget, direction: tuple[float, float], step: float) -> None:
        mapping, cursor = viewport.canvas.mapping(), self.cursor_of(viewport)
        if mapping is None or cursor is None:
            return
        turn = np.array(viewport.state.value.turn.matrix, dtype=np.float64)
        moved = np.array(cursor) + (turn.T @ np.array(direction)) * step
        last = np.array(mapping.stack.shape_rc[::-1]) - 1
        column, row = np.clip(moved, 0, last)
        self._cursor = (viewport.canvas, float(column), float(row))

    # The line

    def _place(self, viewport: ViewportWidget, point: PointMm) -> None:
        content = viewport.content
        if content is None:
            return
        geometry = content.volume.geometry
        if not (geometry.is_placed and geometry.has_millimetres):
            self.refused.emit(tr("The headers do not say where these slices are: no line here."))
            return
        curve = self._curve_here(viewport)
        if curve is None or curve.is_ended:
            curve = begun_on(geometry, content.volume.series.series_uid)
        self._board.change(curve.placed(point))

    def _curve_here(self, viewport: ViewportWidget) -> Curve | None:
        """Return the line if its positions hold in a viewport."""
        curve, content = self._board.curve.value, viewport.content
        if curve is None or content is None:
            return None
        volume = content.volume
        return curve if reaches(curve, volume.geometry, volume.series.series_uid) else None


def _point(mapping: CanvasMap, cr: tuple[float, float]) -> PointMm:
    x, y, z = mapping.stack.to_patient_mm(mapping.index, np.array(cr))
    return (float(x), float(y), float(z))
