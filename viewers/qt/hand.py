"""What the hand does on a canvas: a drag with a tool becomes proposals and measurements."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from viewers.qt.mark_place import filled_words, is_filled_slice
from viewers.qt.marker import Marker
from viewers.qt.model import ViewportModel
from viewers.qt.plane_turning import PlaneTurner
from viewers.qt.words import tr
from viewers.state.cuts import TurnedPlanes
from viewers.state.mouse_map import DragAct
from viewers.state.view_state import Plane, Tool, ViewState
from viewers.tools import navigate
from viewers.tools.drafting import KINDS
from viewers.tools.filled import is_filled_at
from viewers.tools.gesture import Drag, View
from viewers.tools.grey import drag_window
from viewers.tools.measure import PointerReading, measure_probe, probe
from workstation.core.measurement import Measurement
from workstation.core.volume import Volume

MOVING = {
    Tool.SCROLL: navigate.drag_scroll,
    Tool.PAN: navigate.drag_pan,
    Tool.ZOOM: navigate.drag_zoom,
}
"""Tools whose drag gives a new state from the one it began with."""


DRAGGED = {
    DragAct.SCROLL: Tool.SCROLL,
    DragAct.WINDOW: Tool.WINDOW,
    DragAct.PAN: Tool.PAN,
    DragAct.ZOOM: Tool.ZOOM,
}
"""Tools that a button has whichever tool is chosen."""

BOTH = frozenset({Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton})
"""Left and right together have an act of their own."""

SCALED = frozenset({Tool.SCROLL, Tool.WINDOW, Tool.ZOOM})
"""Tools whose drag reaches further with the reader's sensitivity; the others point at a place."""


@dataclass(frozen=True, slots=True)
class _Hold:
    """A drag in progress: tool, state and point it began with, planes it turns, on what picture."""

    buttons: frozenset[Qt.MouseButton]
    tool: Tool
    state: ViewState
    start_canvas: tuple[float, float]
    planes: TurnedPlanes | None = None
    shown_number: int = 0


class Hand(QObject):
    """Applies drags to a model and makes measurements on its stored voxels. UI thread.

    Signals:
        measurement_made: a Measurement; it is in the shared marks already.
        pointer_moved: a PointerReading, or None where there is nothing under the pointer.
        refused: a sentence that says why a tool does nothing here.
        changed: something unfinished must be painted anew.
    """

    measurement_made = Signal(object)
    pointer_moved = Signal(object)
    refused = Signal(str)
    changed = Signal()

    def __init__(self, model: ViewportModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.marker = Marker(model, self)
        self.marker.made.connect(self.measurement_made)
        self.marker.refused.connect(self.refused)
        self.marker.changed.connect(self.changed)
        self.turner = PlaneTurner(model)
        self._hold: _Hold | None = None
        self._clicked: Measurement | None = None
        self._click = QTimer(self)
        self._click.setSingleShot(True)
        self._click.timeout.connect(self._keep_clicked)
        self.reading: PointerReading | None = None

    def act_of(self, button: Qt.MouseButton) -> DragAct:
        """Return what a drag with a button does; a finger uses the tool."""
        mouse = self._model.marks.habits.mouse.value
        acts = {
            Qt.MouseButton.LeftButton: mouse.left,
            Qt.MouseButton.MiddleButton: mouse.middle,
            Qt.MouseButton.RightButton: mouse.right,
            Qt.MouseButton.ExtraButton24: DragAct.TOOL,
        }
        return acts.get(button, DragAct.NONE)

    def read_at(self, view: View, at_canvas: tuple[float, float]) -> PointerReading | None:
        """Tell what lies at a point, as under a pointer, and return it."""
        self._read(view, at_canvas)
        return self.reading

    def pending(self) -> tuple[Measurement, ...]:
        """Return measurements that are not finished yet."""
        found = (self.marker.pending(), self._clicked)
        return tuple(one for one in found if one is not None)

    def press(self, button: Qt.MouseButton, view: View, at_canvas: tuple[float, float]) -> None:
        """Begin a drag with what the reader's mouse map gives the button."""
        self._held()
        state, mouse = self._model.state.value, self._model.marks.habits.mouse.value
        act, buttons = self.act_of(button), frozenset({button})
        is_second = self._hold is not None and self._hold.buttons | buttons == BOTH
        if self._hold is not None and is_second and mouse.both is not DragAct.NONE:
            act, buttons, state = mouse.both, BOTH, self._hold.state
            self._model.propose(replace(state, slice_index=self._model.state.value.slice_index))
            self._hold = None
        tool = state.tool if act is DragAct.TOOL else DRAGGED.get(act)
        if tool is None or self._hold is not None:
            return
        if state.slab is not None and (tool is Tool.PROBE or tool in KINDS):
            self.refused.emit(tr("Measure on single slices: a slab shows many at once."))
            return
        if act is DragAct.TOOL and self._marks_here(view, at_canvas):
            return
        if tool is Tool.PROBE and (why := self._why_no_probe()):
            self.refused.emit(why)
            return
        if tool is Tool.CROSSHAIR and self._model.own_crosshair() is None:
            self.refused.emit(
                tr("The headers do not say where these slices are: no crosshair here.")
            )
            return
        planes = self.turner.grab(view, at_canvas) if tool is Tool.CROSSHAIR else None
        self._model.marks.acts.begin_drag()
        self._hold = _Hold(buttons, tool, state, at_canvas, planes, self._model.shown_number)
        if tool is Tool.CROSSHAIR and planes is None:
            self._set_crosshair(view, at_canvas)

    def move(self, view: View, at_canvas: tuple[float, float]) -> None:
        """Go on with the drag, and tell what lies under the pointer."""
        hold = self._held()
        if hold is None:
            self.marker.move(view, at_canvas)
        elif hold.start_canvas != at_canvas:
            self._drag(hold, view, Drag(hold.start_canvas, at_canvas))
        self._read(view, at_canvas)

    def _read(self, view: View, at_canvas: tuple[float, float]) -> None:
        point = view.patient_at(self._model.state.value, at_canvas)
        # No single stored voxel lies under the pointer of a slab.
        is_read = self._model.state.value.slab is None and not self._is_filled(point)
        measured = self._measured() if is_read else None
        self._show_reading(
            probe(measured, point, at=self._stored_index())
            if measured is not None and self._is_in(point)
            else None
        )

    def release(self, button: Qt.MouseButton, view: View, at_canvas: tuple[float, float]) -> None:
        """End the drag of a button; a length or a probe is made by it."""
        hold = self._held()
        if hold is None and self.act_of(button) is DragAct.TOOL:
            self.marker.release(view, at_canvas)
        if hold is None or button not in hold.buttons:
            return
        self._hold = None
        self._model.marks.acts.end_drag()
        if hold.tool is Tool.PROBE:
            self._probe(view, at_canvas)
        self.changed.emit()

    def _held(self) -> _Hold | None:
        """Return the drag that goes on; one begun on another picture is over.

        Its state is that of the series and plane it began on: nothing of it goes onto others.
        """
        hold, model = self._hold, self._model
        is_same = hold is None or (
            hold.shown_number == model.shown_number and hold.state.plane is model.state.value.plane
        )
        if not is_same:
            self._hold = None
            model.marks.acts.end_drag()
        return self._hold

    def cancel(self) -> None:
        """Forget what is unfinished: the second click of a double click takes the first back."""
        self._hold, self._clicked = None, None
        self._model.marks.acts.end_drag()
        self._click.stop()
        self.marker.cancel()
        self.changed.emit()

    def leave(self) -> None:
        """Tell that nothing lies under the pointer."""
        self._show_reading(None)

    def _drag(self, hold: _Hold, view: View, drag: Drag) -> None:
        if hold.tool in SCALED:
            drag = drag.scaled(self._model.marks.habits.mouse.value.sensitivity)
        if hold.tool in MOVING:
            moved = MOVING[hold.tool](hold.state, view, drag)
            self._model.propose(_taken(hold.tool, moved, self._model.state.value))
        elif hold.tool is Tool.WINDOW:
            moved = drag_window(hold.state, drag)
            self._model.propose(_taken(hold.tool, moved, self._model.state.value))
        elif hold.planes is not None:
            self.turner.drag(hold.planes, view, drag)
        elif hold.tool is Tool.CROSSHAIR:
            self._set_crosshair(view, drag.here_canvas)

    def _set_crosshair(self, view: View, at_canvas: tuple[float, float]) -> None:
        own = self._model.own_crosshair()
        if own is not None:
            state = self._model.state.value
            self._model.marks.crosshair.set(navigate.crosshair_at(state, view, at_canvas, own))

    def _marks_here(self, view: View, at_canvas: tuple[float, float]) -> bool:
        """Let marks have a press: one begins, goes on or is taken into the hand."""
        tool = self._model.state.value.tool
        if self._model.state.value.slab is not None:
            return False
        if tool not in KINDS and tool is not Tool.SCROLL and not self.marker.is_busy:
            return False
        return self.marker.press(view, at_canvas)

    def _probe(self, view: View, at_canvas: tuple[float, float]) -> None:
        measured = self._measured()
        point = view.patient_at(self._model.state.value, at_canvas)
        if measured is None or not self._is_in(point):
            return
        if self._is_filled(point):
            self.refused.emit(filled_words())
            return
        at = self._stored_index()
        self._clicked = measure_probe(measured, point, measurement_id=uuid4().hex, at=at)
        self._click.start(QApplication.doubleClickInterval())

    def _keep_clicked(self) -> None:
        clicked, self._clicked = self._clicked, None
        if clicked is not None:
            self.marker.keep(clicked)

    def _measured(self) -> Volume | None:
        content = self._model.content.value
        return content.measured if content else None

    def _why_no_probe(self) -> str:
        """Return why no value can be read on the slice on show; empty where it can."""
        if self._measured() is None:
            return tr("Measure on the original series: a model made these pixels.")
        if is_filled_slice(self._model):
            return filled_words()
        is_blank = self._is_blank()
        return tr("This slice could not be read: nothing is measured on it.") if is_blank else ""

    def _is_blank(self) -> bool:
        """Whether the acquired slice on show could not be read."""
        content, state = self._model.content.value, self._model.state.value
        is_stored = state.plane is Plane.ACQUIRED and self._model.shows_stored_slices
        return content is not None and is_stored and content.is_unread(state.slice_index)

    def _is_filled(self, point_mm: NDArray[np.float64]) -> bool:
        """Whether the voxel on show at a position was proposed and not scanned."""
        content = self._model.content.value
        return content is not None and is_filled_at(content.volume, point_mm)

    def _is_in(self, point_mm: NDArray[np.float64]) -> bool:
        """Whether the stored slice at a position has been loaded."""
        content = self._model.content.value
        if content is None or content.original is not None:
            return content is not None
        at = self._stored_index()
        return content.is_loaded(content.volume.geometry.nearest_slice_index(point_mm, at=at))

    def _stored_index(self) -> int | None:
        """Return the acquired slice on show; None for other planes and for a model's slices."""
        content, state = self._model.content.value, self._model.state.value
        is_own = content is not None and content.original is None
        return state.slice_index if is_own and state.plane is Plane.ACQUIRED else None

    def _show_reading(self, reading: PointerReading | None) -> None:
        self.reading = reading
        self.pointer_moved.emit(reading)
        if self._model.state.value.tool is Tool.PROBE:
            self.changed.emit()


def _taken(tool: Tool, moved: ViewState, now: ViewState) -> ViewState:
    """Return a view with what a drag changes; cine, wheel and keys may change the rest meanwhile.

    Args:
        tool: what drags.
        moved: the view that the drag makes of the one it began with.
        now: the view on show.
    """
    match tool:
        case Tool.SCROLL:
            return replace(now, slice_index=moved.slice_index)
        case Tool.WINDOW:
            return replace(now, window=moved.window)
        case _:
            return replace(now, zoom=moved.zoom, pan_mm=moved.pan_mm)
