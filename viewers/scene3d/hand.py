"""What mouse and keys do to a 3D view: (state, gesture) -> state; Qt-free."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from viewers.scene3d.camera import Projection
from viewers.scene3d.state import Box, Face, SceneState

DRAG_TURN_DEG = 180.0
"""Dragging across the shorter side turns half around."""

DRAG_LENGTHS = 1.0
"""Dragging over the whole height moves the transfer function by its own length."""

DRAG_STRETCH = 4.0
"""Dragging over the whole width draws it out four times."""

KEY_TURN_DEG = 5.0
KEY_PAN_MM = 10.0
KEY_ZOOM = 1.15
KEY_SHIFT = 0.02
KEY_STRETCH = 1.1
KEY_FACE_MM = 5.0
"""What one stroke of a key does."""

CATCH_PX = 14.0
"""A handle of the box is caught within this distance."""

LEAST_WAY_PX = 1e-3
"""A face whose outward direction points at the reader has no way in the picture to be dragged."""


class Drag(Enum):
    """What a drag does."""

    TURN = "turn"
    PAN = "pan"
    TRANSFER = "transfer"
    FACE = "face"


@dataclass(frozen=True, slots=True, eq=False)
class Hold:
    """A drag in progress.

    Attributes:
        drag: what it does.
        state: where it began from.
        start: place of the pointer then, pixels of the widget.
        seen: projection then.
        face: that is dragged, with a box to move it in; None for other drags.
    """

    drag: Drag
    state: SceneState
    start: tuple[float, float]
    seen: Projection
    face: Face | None = None


def dragged(hold: Hold, to: tuple[float, float], around: Box) -> SceneState:
    """Return the state after the pointer went to a place.

    Args:
        hold: the drag.
        to: where the pointer is, pixels of the widget.
        around: box around the volume.
    """
    right, down = to[0] - hold.start[0], to[1] - hold.start[1]
    state, (width, height) = hold.state, hold.seen.size_px
    match hold.drag:
        case Drag.TURN:
            per_px = DRAG_TURN_DEG / min(width, height)
            camera = state.camera.turned(right_deg=right * per_px, up_deg=-down * per_px)
            return replace(state, camera=camera)
        case Drag.PAN:
            scale = hold.seen.px_per_mm
            return replace(state, camera=state.camera.panned(right / scale, -down / scale))
        case Drag.TRANSFER:
            factor = DRAG_STRETCH ** (right / width)
            return state.shifted(down / height * DRAG_LENGTHS, factor)
        case Drag.FACE:
            return _face_dragged(hold, (right, down), around)


def _face_dragged(hold: Hold, moved: tuple[float, float], around: Box) -> SceneState:
    face, box = hold.face, hold.state.box or around
    if face is None:
        return hold.state
    axis = np.zeros(3)
    axis[face.axis] = 1.0
    way = hold.seen.direction_canvas(axis)
    length = float(way @ way)
    if length < LEAST_WAY_PX:
        return hold.state
    along_mm = float(np.array(moved) @ way) / length
    return replace(hold.state, box=box.with_face(face, box.at(face) + along_mm, around))


def caught_face(seen: Projection, box: Box, at: tuple[float, float]) -> Face | None:
    """Return the face whose handle is under the pointer, the nearer one to the reader first."""
    found = []
    for face in Face:
        away = float(np.hypot(*(seen.to_canvas(box.center_of(face)) - np.array(at))))
        if away <= CATCH_PX:
            found.append((-float(seen.axes[2] @ face.outward), away, face))
    return min(found, key=lambda one: one[:2])[2] if found else None


def face_moved(state: SceneState, face: Face, out_mm: float, around: Box) -> SceneState:
    """Return the state with a face of the box moved outward by some millimeters."""
    box = state.box or around
    at = box.at(face) + (out_mm if face.is_high else -out_mm)
    moved = box.with_face(face, at, around)
    return replace(state, box=None if moved == around else moved)


def zoomed_at(
    state: SceneState, seen: Projection, factor: float, at: tuple[float, float]
) -> SceneState:
    """Return the state nearer or farther, what lies under the pointer staying there."""
    camera = state.camera.zoomed(factor)
    share = 1 / seen.px_per_mm * (state.camera.zoom / camera.zoom - 1)
    right = (at[0] - seen.size_px[0] / 2) * share
    up = -(at[1] - seen.size_px[1] / 2) * share
    return replace(state, camera=camera.panned(right, up))
