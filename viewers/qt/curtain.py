"""The curtain under the hand: its line is dragged with the mouse, or moved by keys.

Owned by the UI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from viewers.qt.model import ViewportModel
from viewers.state.view_state import Compare, ViewState

REACH_PX = 6.0
"""How near to the line the pointer takes it, canvas pixels: the line itself cannot be hit."""

ENDS = (0.02, 0.98)
"""The line stays on the canvas, so that it can be taken again."""


class CurtainHand(QObject):
    """Filters the mouse of one canvas while a curtain stands on it. UI thread.

    Args:
        model: what is shown there.
        canvas: the widget; its width is what the place of the line is a share of.
    """

    def __init__(self, model: ViewportModel, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._model, self._canvas = model, canvas
        self._is_dragging = False
        self._is_over = False
        canvas.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take presses on the line and the drag that follows; everything else goes on."""
        if watched is not self._canvas or not isinstance(event, QMouseEvent):
            return False
        acts: dict[QEvent.Type, Callable[[QMouseEvent], bool]] = {
            QEvent.Type.MouseButtonPress: self._press,
            QEvent.Type.MouseMove: self._move,
            QEvent.Type.MouseButtonRelease: self._release,
        }
        act = acts.get(event.type())
        return act is not None and act(event)

    @property
    def is_up(self) -> bool:
        """Whether a curtain stands on the canvas now."""
        if self._model.state.value.compare is not Compare.CURTAIN:
            return False
        frame = self._model.frame()
        return frame is not None and frame.original is not None

    def _press(self, event: QMouseEvent) -> bool:
        if event.button() != Qt.MouseButton.LeftButton or not self._is_near(event):
            return False
        self._is_dragging = True
        self._model.marks.acts.begin_drag()
        return True

    def _move(self, event: QMouseEvent) -> bool:
        if self._is_dragging:
            self._model.propose(
                moved_to(self._model.state.value, event.position().x() / self._width)
            )
            return True
        is_over = event.buttons() == Qt.MouseButton.NoButton and self._is_near(event)
        if is_over is not self._is_over:
            self._is_over = is_over
            if is_over:
                self._canvas.setCursor(Qt.CursorShape.SplitHCursor)
            else:
                self._canvas.unsetCursor()
        return False

    def _release(self, event: QMouseEvent) -> bool:
        if not self._is_dragging or event.button() != Qt.MouseButton.LeftButton:
            return False
        self._is_dragging = False
        self._model.marks.acts.end_drag()
        return True

    def _is_near(self, event: QMouseEvent) -> bool:
        at = self._model.state.value.curtain * self._width
        return self.is_up and abs(event.position().x() - at) <= REACH_PX

    @property
    def _width(self) -> float:
        return float(max(self._canvas.width(), 1))


def moved_to(state: ViewState, share: float) -> ViewState:
    """Return a state whose curtain stands at a share of the canvas, held on it."""
    return replace(state, curtain=min(max(share, ENDS[0]), ENDS[1]))
