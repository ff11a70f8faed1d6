"""Canvas to pixel to patient and back, as one exact affine that drawing and tools share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewers.render.planes import PlaneStack
from viewers.state.view_state import ViewState


@dataclass(frozen=True, slots=True, eq=False)
class CanvasMap:
    """Where a slice lies on a canvas. Immutable; any thread.

    Attributes:
        stack: the slices.
        index: which of them.
        linear: (2, 2) canvas pixels per image pixel: columns are the step of one column and
            of one row.
        offset_canvas: (2,) canvas position of the center of pixel (0, 0).
        px_per_mm: canvas pixels per millimetre (or per image pixel where there are no mm).
    """

    stack: PlaneStack
    index: int
    linear: NDArray[np.float64]
    offset_canvas: NDArray[np.float64]
    px_per_mm: float

    def pixel_to_canvas(self, cr: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map (column, row), shape (..., 2), to canvas (x, y), same shape."""
        return cr @ self.linear.T + self.offset_canvas

    def canvas_to_pixel(self, xy_canvas: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map canvas (x, y), shape (..., 2), to continuous (column, row), same shape."""
        return (xy_canvas - self.offset_canvas) @ np.linalg.inv(self.linear).T

    def patient_to_canvas(self, xyz_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map patient positions (..., 3), projected onto the slice, to canvas (..., 2)."""
        return self.pixel_to_canvas(self.stack.to_pixel_cr(self.index, xyz_mm))

    def canvas_to_patient(self, xy_canvas: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map canvas (..., 2) to patient positions (..., 3) on the slice."""
        return self.stack.to_patient_mm(self.index, self.canvas_to_pixel(xy_canvas))


def canvas_map(stack: PlaneStack, state: ViewState, size_canvas: tuple[float, float]) -> CanvasMap:
    """Return where the slice of a state lies on a canvas.

    Args:
        stack: slices of the plane of the state.
        state: the view state.
        size_canvas: width, height in device-independent pixels.
    """
    turn = np.array(state.turn.matrix, dtype=np.float64)
    steps_mm = np.array([stack.spacing_rc_mm[1], stack.spacing_rc_mm[0]])
    px_per_mm = zoom_factor(stack, state, size_canvas) / min(stack.spacing_rc_mm)
    linear = px_per_mm * turn * steps_mm
    middle_cr = stack.center_cr + np.array(state.pan_mm) / steps_mm
    offset = np.array(size_canvas) / 2 - linear @ middle_cr
    index = min(state.slice_index, stack.count - 1)
    return CanvasMap(stack, index, linear, offset, px_per_mm)


def zoom_factor(stack: PlaneStack, state: ViewState, size_canvas: tuple[float, float]) -> float:
    """Return canvas pixels per (finer) image pixel; the largest that fits for a fitted view."""
    if state.zoom is not None:
        return state.zoom
    finest = min(stack.spacing_rc_mm)
    width = stack.shape_rc[1] * stack.spacing_rc_mm[1] / finest
    height = stack.shape_rc[0] * stack.spacing_rc_mm[0] / finest
    if state.turn.rotation_deg in (90, 270):
        width, height = height, width
    return max(min(size_canvas[0] / width, size_canvas[1] / height), 1e-3)
