"""What a 3D view shows, as one frozen value: view, preset, clipping, regions.

Positions are millimeters LPS. The faces of the clip box bear the letter of the side they look to.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from viewers.scene3d.camera import Camera, StandardView, Vector, standard_camera

THINNEST_MM = 2.0
"""A clip box is never thinner: an empty picture would look like a fault."""

MIN_STRETCH, MAX_STRETCH = 0.1, 10.0
"""How far a transfer function can be pressed together and drawn out."""

MAX_SHIFT = 2.0
"""How far it can be moved, in lengths of its own: beyond, everything or nothing is shown."""


class Face(Enum):
    """A face of the clip box: axis of the patient, and whether it is the high side."""

    RIGHT = ("R", 0, False)
    LEFT = ("L", 0, True)
    ANTERIOR = ("A", 1, False)
    POSTERIOR = ("P", 1, True)
    FEET = ("F", 2, False)
    HEAD = ("H", 2, True)

    @property
    def letter(self) -> str:
        """The side it looks to."""
        return self.value[0]

    @property
    def axis(self) -> int:
        """0, 1 or 2 for x, y, z."""
        return self.value[1]

    @property
    def is_high(self) -> bool:
        """Whether it bounds the box toward growing positions."""
        return self.value[2]

    @property
    def outward(self) -> NDArray[np.float64]:
        """The direction it looks to; shape (3,)."""
        found = np.zeros(3)
        found[self.axis] = 1.0 if self.is_high else -1.0
        return found


@dataclass(frozen=True, slots=True)
class Box:
    """A box along the patient's axes; what lies outside is not drawn.

    Attributes:
        low_mm: right, anterior, foot corner.
        high_mm: left, posterior, head corner.
    """

    low_mm: Vector
    high_mm: Vector

    def __post_init__(self) -> None:
        if any(low >= high for low, high in zip(self.low_mm, self.high_mm, strict=True)):
            raise ValueError("a box has an inside")

    def at(self, face: Face) -> float:
        """Return where a face is on its axis."""
        return (self.high_mm if face.is_high else self.low_mm)[face.axis]

    def with_face(self, face: Face, at_mm: float, within: Box) -> Box:
        """Return the box with one face moved, inside another and never thinner than 2 mm."""
        low, high = list(self.low_mm), list(self.high_mm)
        axis = face.axis
        if face.is_high:
            high[axis] = min(max(at_mm, low[axis] + THINNEST_MM), within.high_mm[axis])
        else:
            low[axis] = max(min(at_mm, high[axis] - THINNEST_MM), within.low_mm[axis])
        if low[axis] >= high[axis]:
            return self
        return Box((low[0], low[1], low[2]), (high[0], high[1], high[2]))

    def center_of(self, face: Face) -> NDArray[np.float64]:
        """Return the middle of a face; shape (3,)."""
        middle: NDArray[np.float64] = (np.array(self.low_mm) + np.array(self.high_mm)) / 2
        middle[face.axis] = self.at(face)
        return middle

    @property
    def corners_mm(self) -> NDArray[np.float64]:
        """The corners, x fastest; shape (8, 3)."""
        ends = np.array([self.low_mm, self.high_mm])
        return np.array([[ends[x, 0], ends[y, 1], ends[z, 2]]
                         for z in (0, 1) for y in (0, 1) for x in (0, 1)])  # fmt: skip


def box_around(points_mm: NDArray[np.float64], margin_mm: float, within: Box) -> Box:
    """Return the box around places (n, 3) with a margin, held inside another box."""
    low = np.clip(points_mm.min(axis=0) - margin_mm, within.low_mm, within.high_mm)
    high = np.clip(points_mm.max(axis=0) + margin_mm, within.low_mm, within.high_mm)
    high = np.maximum(high, np.minimum(low + THINNEST_MM, within.high_mm))
    low = np.minimum(low, high - THINNEST_MM)
    return Box((low[0].item(), low[1].item(), low[2].item()),
               (high[0].item(), high[1].item(), high[2].item()))  # fmt: skip


@dataclass(frozen=True, slots=True)
class CutPlane:
    """A plane; what lies on the side its normal points to is not drawn.

    Attributes:
        point_mm: on it.
        normal: unit vector toward what is cut away.
    """

    point_mm: Vector
    normal: Vector


def facing_cut(point_mm: Vector, camera: Camera) -> CutPlane:
    """Return the axial, coronal or sagittal plane through a place that faces the reader most."""
    toward = camera.axes[2]
    axis = int(np.abs(toward).argmax())
    normal = [0.0, 0.0, 0.0]
    normal[axis] = 1.0 if toward[axis] > 0 else -1.0
    return CutPlane(point_mm, (normal[0], normal[1], normal[2]))


@dataclass(frozen=True, slots=True)
class SceneState:
    """What is shown. Immutable; any thread.

    Attributes:
        camera: the view.
        preset_id: colors and opacities.
        shift: how far they are moved to higher values, in lengths of the preset.
        stretch: how far they are drawn out around the middle of the preset.
        opacity: factor on the opacity of the volume; 0 draws regions only.
        is_shaded: whether a light shows form, where the preset has one.
        box: what is drawn; None for all.
        cut: a plane that opens the volume; None for none.
        region_opacity: of the surfaces of regions.
        shows_texts: whether the corner texts are shown; the band stays.
        is_box_shown: whether the clip box and its handles are drawn.
        hides_outside: whether table and air around the body are left out; None as the preset opens.
    """

    camera: Camera = field(default_factory=standard_camera)
    preset_id: str = ""
    shift: float = 0.0
    stretch: float = 1.0
    opacity: float = 1.0
    is_shaded: bool = True
    box: Box | None = None
    cut: CutPlane | None = None
    region_opacity: float = 1.0
    shows_texts: bool = True
    is_box_shown: bool = False
    hides_outside: bool | None = None

    def __post_init__(self) -> None:
        if not (0 <= self.opacity <= 1 and 0 <= self.region_opacity <= 1):
            raise ValueError("an opacity lies between 0 and 1")
        if not MIN_STRETCH <= self.stretch <= MAX_STRETCH or abs(self.shift) > MAX_SHIFT:
            raise ValueError("the transfer function is out of bounds")

    def shifted(self, shift: float, factor: float = 1.0) -> SceneState:
        """Return the state with the transfer function moved and drawn out, held at the bounds."""
        return replace(
            self,
            shift=min(max(self.shift + shift, -MAX_SHIFT), MAX_SHIFT),
            stretch=min(max(self.stretch * factor, MIN_STRETCH), MAX_STRETCH),
        )

    def with_preset(self, preset_id: str) -> SceneState:
        """Return the state with another preset, as it was made."""
        return replace(self, preset_id=preset_id, shift=0.0, stretch=1.0, hides_outside=None)

    def seen_from(self, view: StandardView) -> SceneState:
        """Return the state from a side of the patient."""
        return replace(self, camera=self.camera.seen_from(view))

    def reset(self) -> SceneState:
        """Return the state as it opened, with the same preset."""
        return SceneState(preset_id=self.preset_id, shows_texts=self.shows_texts)
