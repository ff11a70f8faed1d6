"""What the hand did, and what it did it on; values, so that every tool is a pure function."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewers.render.mapping import CanvasMap, canvas_map
from viewers.render.planes import PlaneStack
from viewers.state.view_state import ViewState


@dataclass(frozen=True, slots=True)
class Drag:
    """A drag with a button held, in canvas pixels.

    Attributes:
        start_canvas: where the button went down.
        here_canvas: where the pointer is now.
    """

    start_canvas: tuple[float, float]
    here_canvas: tuple[float, float]

    def scaled(self, factor: float) -> Drag:
        """Return a drag from the same start that goes so much further."""
        right, down = self.moved_canvas
        x, y = self.start_canvas
        return Drag(self.start_canvas, (x + right * factor, y + down * factor))

    @property
    def moved_canvas(self) -> tuple[float, float]:
        """From the start to here, (right, down)."""
        return (
            self.here_canvas[0] - self.start_canvas[0],
            self.here_canvas[1] - self.start_canvas[1],
        )


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What a gesture acts on: the slices of the shown plane and the size of the canvas."""

    stack: PlaneStack
    size_canvas: tuple[float, float]

    def map(self, state: ViewState) -> CanvasMap:
        """Return where the slice of a state lies on the canvas."""
        return canvas_map(self.stack, state, self.size_canvas)

    def patient_at(self, state: ViewState, at_canvas: tuple[float, float]) -> NDArray[np.float64]:
        """Return the patient position (3,) under a canvas point."""
        return self.map(state).canvas_to_patient(np.array(at_canvas))
