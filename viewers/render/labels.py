"""What is written at the edges of a slice: orientation letters and the scale bar."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from viewers.render.planes import PlaneStack
from viewers.state.view_state import Turn
from workstation.core.geometry import orientation_letters

SCALE_LENGTHS_MM = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0)
"""Lengths a scale bar may have: those a reader halves and doubles without thinking."""


@dataclass(frozen=True, slots=True)
class EdgeLetters:
    """Patient direction at each edge of the canvas, and towards the reader."""

    left: str
    right: str
    top: str
    bottom: str
    front: str


def edge_letters(stack: PlaneStack, turn: Turn) -> EdgeLetters:
    """Return the letters after rotation and flips, from the true directions of the slice.

    A mirrored picture shows the slice from behind, so ``front`` then is the other face.
    Source: DICOM PS3.3 C.7.6.1.1.1, Patient Orientation.
    """
    matrix = np.array(turn.matrix, dtype=np.float64)
    # The matrix is orthogonal: its transpose takes canvas directions back to the slice.
    to_right, to_bottom = matrix[0], matrix[1]
    right = to_right[0] * stack.right_patient + to_right[1] * stack.down_patient
    bottom = to_bottom[0] * stack.right_patient + to_bottom[1] * stack.down_patient
    front = -np.cross(right, bottom)
    return EdgeLetters(
        left=orientation_letters(-right),
        right=orientation_letters(right),
        top=orientation_letters(-bottom),
        bottom=orientation_letters(bottom),
        front=orientation_letters(front),
    )


def scale_bar_mm(px_per_mm: float, room_canvas: float) -> float:
    """Return the longest round length whose bar fits into the room, in mm; at least 1 mm."""
    fitting = [length for length in SCALE_LENGTHS_MM if length * px_per_mm <= room_canvas]
    return fitting[-1] if fitting else SCALE_LENGTHS_MM[0]
