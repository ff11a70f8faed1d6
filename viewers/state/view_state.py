"""How one viewport looks at a volume, as one frozen value.

Spaces: ``_canvas`` is device-independent pixels of the widget, y down; ``_mm`` along a plane is
measured along its columns (to the right) and its rows (downwards) before any turn.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum

from viewers.state.cuts import Cut
from viewers.state.slab import Slab
from workstation.core.intensity import Window

QUARTER_TURNS_DEG = (0, 90, 180, 270)
"""The rotations a reader can give a slice; others would need interpolation of the pixels."""

MIN_ZOOM, MAX_ZOOM = 0.02, 64.0
"""Limits of the zoom, canvas pixels per image pixel: a speck, and single voxels in the hand."""


class Plane(Enum):
    """Which slices of a volume are shown."""

    ACQUIRED = "acquired"
    AXIAL = "axial"
    CORONAL = "coronal"
    SAGITTAL = "sagittal"


class Interpolation(Enum):
    """How pixels are filled in between voxels."""

    NEAREST = "nearest"
    LINEAR = "linear"


class Compare(Enum):
    """What of an enhanced series is shown: the result, the original, or both in one way."""

    RESULT = "result"
    ORIGINAL = "original"
    CURTAIN = "curtain"
    DIFFERENCE = "difference"


class Tool(Enum):
    """What a drag with the left button does."""

    SCROLL = "scroll"
    WINDOW = "window"
    PAN = "pan"
    ZOOM = "zoom"
    CROSSHAIR = "crosshair"
    LENGTH = "length"
    PROBE = "probe"
    BIDIRECTIONAL = "bidirectional"
    ANGLE = "angle"
    COBB = "cobb"
    ARROW = "arrow"
    TEXT = "text"
    ELLIPSE = "ellipse"
    RECTANGLE = "rectangle"
    FREEHAND = "freehand"
    POLYGON = "polygon"
    SPHERE = "sphere"
    CURVE = "curve"


@dataclass(frozen=True, slots=True)
class Turn:
    """How the slice lies on the canvas: turned clockwise first, then mirrored on the screen.

    Attributes:
        rotation_deg: 0, 90, 180 or 270, clockwise.
        is_flipped_horizontally: left and right of the screen are exchanged.
        is_flipped_vertically: top and bottom of the screen are exchanged.
    """

    rotation_deg: int = 0
    is_flipped_horizontally: bool = False
    is_flipped_vertically: bool = False

    def __post_init__(self) -> None:
        if self.rotation_deg not in QUARTER_TURNS_DEG:
            raise ValueError("a slice is turned by quarters only")

    @property
    def is_mirrored(self) -> bool:
        """Whether the picture is a mirror image of the stored one."""
        return self.is_flipped_horizontally != self.is_flipped_vertically

    @property
    def matrix(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The turn as an integer matrix from (right, down) of the slice to the canvas."""
        quarter = self.rotation_deg // 90
        cosine, sine = ((1, 0), (0, 1), (-1, 0), (0, -1))[quarter]
        h = -1 if self.is_flipped_horizontally else 1
        v = -1 if self.is_flipped_vertically else 1
        return ((h * cosine, -h * sine), (v * sine, v * cosine))

    def rotated(self, quarters: int) -> Turn:
        """Return the turn after the screen picture is turned clockwise by quarters."""
        step = -quarters if self.is_mirrored else quarters
        return replace(self, rotation_deg=(self.rotation_deg + 90 * step) % 360)


@dataclass(frozen=True, slots=True)
class ViewState:
    """Everything that decides what a viewport shows of its volume.

    Attributes:
        window: grey mapping, in the unit of the volume.
        plane: which slices.
        slice_index: 0-based place in the slices of that plane.
        zoom: canvas pixels per image pixel; None fits the slice into the canvas.
        pan_mm: from the slice's center to the point at the canvas' center, along the slice's
            columns and rows.
        turn: rotation and flips.
        is_inverted: grey scale inverted by the reader (on top of MONOCHROME1).
        interpolation: between voxels.
        cut: the plane as the reader has turned it; None for one along the axes of the volume.
        is_moving: the hand is turning or dragging planes: a coarser picture will do until it rests.
        slab: slices around the one shown are projected onto it; None for a single slice.
        tool: what the left button does.
        is_comparing: the stored pixels are shown for as long as the reader holds the key.
        compare: what of an enhanced series is shown.
        curtain: where the line between original and result stands, as a share of the canvas.
        hides_fusion: what is laid over is hidden for as long as the reader holds the key.
        shows_overlays: evidence marks, measurements, crosshair and what the maker of the images
            draws over them or hides are shown.
        shows_texts: corner texts are drawn; the notice band does not obey it.
    """

    window: Window
    plane: Plane = Plane.ACQUIRED
    slice_index: int = 0
    zoom: float | None = None
    pan_mm: tuple[float, float] = (0.0, 0.0)
    turn: Turn = field(default_factory=Turn)
    is_inverted: bool = False
    interpolation: Interpolation = Interpolation.LINEAR
    slab: Slab | None = None
    cut: Cut | None = None
    is_moving: bool = False
    tool: Tool = Tool.SCROLL
    is_comparing: bool = False
    compare: Compare = Compare.RESULT
    curtain: float = 0.5
    hides_fusion: bool = False
    shows_overlays: bool = True
    shows_texts: bool = True

    def __post_init__(self) -> None:
        if self.slice_index < 0:
            raise ValueError("slices are counted from 0")
        if self.zoom is not None and not MIN_ZOOM <= self.zoom <= MAX_ZOOM:
            raise ValueError("the zoom is out of its limits")
        if not 0.0 <= self.curtain <= 1.0:
            raise ValueError("the line stands on the canvas")

    @property
    def shows_original(self) -> bool:
        """Whether the stored pixels are shown, and nothing of a model."""
        return self.is_comparing or self.compare is Compare.ORIGINAL
