"""Three planes that are turned together: where their lines are and what a drag does to them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from viewers.qt.model import ViewportModel
from viewers.render.mapping import CanvasMap, zoom_factor
from viewers.state.cuts import Cut, TurnedPlanes, vector
from viewers.state.view_state import MAX_ZOOM, MIN_ZOOM, ViewState
from viewers.tools.gesture import Drag, View
from viewers.tools.turn_planes import ORDER, CrossLine, cross_lines, takes_handle, turned_by_drag


class PlaneTurner:
    """Turns the planes of one viewport with those it is linked to. UI thread.

    Args:
        model: the viewport; it shows one of the three planes, or nothing is turned.
    """

    def __init__(self, model: ViewportModel) -> None:
        self._model = model
        self.size_canvas = (1.0, 1.0)
        self._forget = model.marks.turned.observe(self._on_turned)

    def close(self) -> None:
        """Stop following the shared planes."""
        self._forget()

    def lines(self, mapping: CanvasMap) -> tuple[CrossLine, ...]:
        """Return the lines of the other planes; none where this one is not turned with others."""
        point, planes = self._point(), self._planes()
        if point is None or planes is None:
            return ()
        shown = self._model.state.value.plane
        return cross_lines(planes, shown, point, mapping, self.size_canvas)

    def grab(self, view: View, at_canvas: tuple[float, float]) -> TurnedPlanes | None:
        """Return the planes as they are where a press is on a handle; None elsewhere."""
        lines = self.lines(view.map(self._model.state.value))
        return self._planes() if takes_handle(lines, at_canvas) else None

    def drag(self, start: TurnedPlanes, view: View, drag: Drag) -> None:
        """Turn the other planes by a drag that began with some planes."""
        state, point = self._model.state.value, self._point()
        if point is None:
            return
        before = view.patient_at(state, drag.start_canvas)
        now = view.patient_at(state, drag.here_canvas)
        self._model.marks.turned.set(turned_by_drag(start, state.plane, point, before, now))

    def turn_by(self, degrees: float) -> bool:
        """Turn the other planes about the normal of this one; False where there are none.

        Args:
            degrees: clockwise on the canvas.
        """
        planes, point, state = self._planes(), self._point(), self._model.state.value
        if planes is None or point is None:
            return False
        about = ORDER.index(state.plane)
        angle = np.deg2rad(-degrees if state.turn.is_mirrored else degrees)
        self._model.marks.turned.set(planes.turned(about, float(angle)))
        return True

    def _point(self) -> NDArray[np.float64] | None:
        crosshair = self._model.marks.crosshair.value
        if crosshair is None or not self._model.is_reached_by(crosshair):
            return None
        return np.array(crosshair.point_mm)

    def _planes(self) -> TurnedPlanes | None:
        """Return the planes in force; None where this viewport shows none of them."""
        source, state = self._model.source, self._model.state.value
        if source is None or state.plane not in ORDER:
            return None
        if self._model.marks.turned.value is not None:
            return self._model.marks.turned.value
        stacks = [source.stack(plane) for plane in ORDER]
        axial, coronal, sagittal = (
            Cut((0.0, 0.0, 0.0), vector(stack.right_patient), vector(stack.down_patient))
            for stack in stacks
        )
        return TurnedPlanes(axial, coronal, sagittal)

    def _on_turned(self, _old: TurnedPlanes | None, new: TurnedPlanes | None) -> None:
        source, state, point = self._model.source, self._model.state.value, self._point()
        if source is None or state.plane not in ORDER:
            return
        if new is None:
            self._straighten(state, point)
            return
        stack = source.stack(state.plane, state.cut)
        cut = new.cuts[ORDER.index(state.plane)]
        has_turned = not (
            np.allclose(stack.right_patient, cut.right, atol=1e-9)
            and np.allclose(stack.down_patient, cut.down, atol=1e-9)
        )
        if has_turned and point is not None:
            self._turn(state, cut.through(vector(point)), point)

    def _straighten(self, state: ViewState, point: NDArray[np.float64] | None) -> None:
        source = self._model.source
        if source is None or state.cut is None:
            return
        stack = source.stack(state.plane)
        here = source.stack(state.plane, state.cut)
        if point is None:
            point = here.to_patient_mm(state.slice_index, here.center_cr)
        index = stack.nearest_index(point)
        straight = replace(state, cut=None, slice_index=index, zoom=None, pan_mm=(0.0, 0.0))
        self._model.state.set(replace(straight, is_moving=False))

    def _turn(self, state: ViewState, cut: Cut, point: NDArray[np.float64]) -> None:
        """Show another cut; the crosshair stays where it is on the canvas, in the same size."""
        source = self._model.source
        if source is None:
            return
        before, after = source.stack(state.plane, state.cut), source.stack(state.plane, cut)
        px_per_mm = zoom_factor(before, state, self.size_canvas) / min(before.spacing_rc_mm)
        zoom = min(max(px_per_mm * min(after.spacing_rc_mm), MIN_ZOOM), MAX_ZOOM)
        index = after.nearest_index(point)
        off_middle = before.to_pixel_cr(state.slice_index, point) - before.center_cr
        from_pan = off_middle * before.spacing_rc_mm[::-1] - np.array(state.pan_mm)
        off_middle = after.to_pixel_cr(index, point) - after.center_cr
        pan = off_middle * after.spacing_rc_mm[::-1] - from_pan
        turned = replace(state, cut=cut, slice_index=index, zoom=zoom, is_moving=True)
        self._model.state.set(replace(turned, pan_mm=(float(pan[0]), float(pan[1]))))
