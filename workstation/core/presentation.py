"""A stored look: how images are meant to be seen, and what is drawn over them.

A position in pixels is (column, row) of the stored image with pixel centers at whole numbers; one
of the display is a share of the displayed area, 0..1 from its upper left corner. All texts may
identify a person: they are shown, never logged. Nothing of it is a measurement of ours.

Source: DICOM PS3.3 A.33.1 (Grayscale Softcopy Presentation State), C.10, C.11.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from workstation.core.drawings import Shutter
from workstation.core.intensity import Window
from workstation.core.verdict import Doubt

Point: TypeAlias = tuple[float, float]
"""(x, y): column and row, or shares of the displayed area."""


class Space(Enum):
    """Where a position is meant; (0070,0005). MATRIX is taken for PIXEL of one image."""

    PIXEL = "PIXEL"
    DISPLAY = "DISPLAY"


class GraphicShape(Enum):
    """Graphic Type (0070,0023)."""

    POINT = "POINT"
    POLYLINE = "POLYLINE"
    INTERPOLATED = "INTERPOLATED"
    CIRCLE = "CIRCLE"
    ELLIPSE = "ELLIPSE"


class Fit(Enum):
    """Presentation Size Mode (0070,0100)."""

    SCALE_TO_FIT = "SCALE TO FIT"
    TRUE_SIZE = "TRUE SIZE"
    MAGNIFY = "MAGNIFY"


@dataclass(frozen=True, slots=True)
class ImageReference:
    """An image that a stored look is about.

    Attributes:
        instance_uid: which image.
        frames: which of its frames, from 1; empty for all.
    """

    instance_uid: str
    frames: tuple[int, ...] = ()

    def names(self, instance_uid: str, frame_number: int) -> bool:
        """Whether it names a slice; a frame of 0 is the image itself."""
        is_frame = not self.frames or not frame_number or frame_number in self.frames
        return instance_uid == self.instance_uid and is_frame


References: TypeAlias = tuple[ImageReference, ...]
"""Images that a part is about; empty for all that the whole is about."""


@dataclass(frozen=True, slots=True)
class Graphic:
    """One drawn figure.

    Attributes:
        shape: what kind.
        space: where its points are meant.
        points: a point; corners; center and a point of the rim of a circle; the four ends of
            the two axes of an ellipse, the longer first.
        is_filled: whether its inside is filled.
        color_rgb: 0..255, of the figure; None for that of its layer.
    """

    shape: GraphicShape
    space: Space
    points: tuple[Point, ...]
    is_filled: bool = False
    color_rgb: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class GraphicText:
    """One text, as it was stored.

    Attributes:
        text: its lines.
        box: upper left and lower right corner; None where it has only an anchor.
        box_space: where the box is meant.
        anchor: what it points at; None for nothing.
        anchor_space: where the anchor is meant.
        is_anchor_visible: whether a line leads to the anchor.
        justification: LEFT, RIGHT or CENTER.
    """

    text: tuple[str, ...]
    box: tuple[Point, Point] | None = None
    box_space: Space = Space.PIXEL
    anchor: Point | None = None
    anchor_space: Space = Space.PIXEL
    is_anchor_visible: bool = False
    justification: str = "LEFT"


@dataclass(frozen=True, slots=True)
class GraphicLayer:
    """A layer of figures and texts.

    Attributes:
        name: by which annotations name it.
        order: the lowest is drawn first.
        color_rgb: recommended, 0..255; None for none.
        description: what it is for; may be empty.
    """

    name: str
    order: int
    color_rgb: tuple[int, int, int] | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Annotation:
    """Figures and texts of one layer on some images."""

    layer: str
    references: References = ()
    graphics: tuple[Graphic, ...] = ()
    texts: tuple[GraphicText, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredWindow:
    """A window or table for some images, in the unit of their volume."""

    window: Window
    references: References = ()


@dataclass(frozen=True, slots=True)
class DisplayedArea:
    """The part of the image that is to be seen.

    Attributes:
        top_left, bottom_right: pixels at these corners of the screen, (column, row) from 1,
            before any turn; beyond the image where the area is larger.
        fit: how large.
        magnification: screen pixels per image pixel for MAGNIFY; else 0.
        spacing_rc_mm: size of a pixel, between rows and columns; None where only the aspect
            is given.
        aspect_rc: height and width of a pixel as a ratio; (1, 1) for a square one.
        references: images it is for.
    """

    top_left: tuple[int, int]
    bottom_right: tuple[int, int]
    fit: Fit = Fit.SCALE_TO_FIT
    magnification: float = 0.0
    spacing_rc_mm: tuple[float, float] | None = None
    aspect_rc: tuple[float, float] = (1.0, 1.0)
    references: References = ()


@dataclass(frozen=True, slots=True)
class ReferencedSeries:
    """A series and those of its images that a stored look is about."""

    series_uid: str
    images: References


@dataclass(frozen=True, slots=True)
class PresentationState:
    """A stored look. Immutable; any thread.

    Attributes:
        uid: SOP Instance UID.
        label: Content Label; a short code word.
        description: Content Description; may be empty.
        creator: who made it, as stored; may be empty.
        made: Presentation Creation Date and Time as ``YYYY-MM-DD HH:MM``; may be empty.
        kind: what it is, in words.
        series: images it is about.
        windows: windows and tables.
        areas: displayed areas.
        rotation_deg: clockwise, before the flip.
        is_flipped: left and right are exchanged, after the rotation.
        is_inverted: its output is inverted, so that low values are bright.
        annotations: what is drawn, in the order of their layers.
        layers: its layers, the lowest first.
        shutter: the part of the images that is meant to be seen; None for all.
        has_active_overlays: it asks for overlays of its images (Overlay Activation Layer).
        remarks: what of it is not shown here, as sentences.
        refused: why it is not applied at all, as a sentence; empty where it is.
    """

    uid: str
    label: str
    description: str = ""
    creator: str = ""
    made: str = ""
    kind: str = "Presentation state"
    series: tuple[ReferencedSeries, ...] = ()
    windows: tuple[StoredWindow, ...] = ()
    areas: tuple[DisplayedArea, ...] = ()
    rotation_deg: int = 0
    is_flipped: bool = False
    is_inverted: bool = False
    annotations: tuple[Annotation, ...] = ()
    layers: tuple[GraphicLayer, ...] = ()
    shutter: Shutter | None = None
    has_active_overlays: bool = False
    remarks: tuple[str, ...] = ()
    refused: str = ""

    @property
    def image_count(self) -> int:
        """How many images, or frames where they are named, it is about."""
        return sum(len(image.frames) or 1 for one in self.series for image in one.images)

    def is_about(self, instance_uid: str, frame_number: int) -> bool:
        """Whether it is about a slice."""
        return any(
            image.names(instance_uid, frame_number) for one in self.series for image in one.images
        )

    def window_of(self, instance_uid: str, frame_number: int) -> Window | None:
        """Return the window of a slice; None where it has none."""
        found = [
            one.window for one in self.windows if _holds(one.references, instance_uid, frame_number)
        ]
        return found[0] if found else None

    def area_of(self, instance_uid: str, frame_number: int) -> DisplayedArea | None:
        """Return the displayed area of a slice; None where it has none."""
        found = [one for one in self.areas if _holds(one.references, instance_uid, frame_number)]
        return found[0] if found else None

    def annotations_of(self, instance_uid: str, frame_number: int) -> tuple[Annotation, ...]:
        """Return what is drawn over a slice, the lowest layer first."""
        order = {layer.name: layer.order for layer in self.layers}
        found = [
            one for one in self.annotations if _holds(one.references, instance_uid, frame_number)
        ]
        return tuple(sorted(found, key=lambda one: order.get(one.layer, 0)))

    def leaves_out_overlays(self, doubts: Sequence[Doubt]) -> bool:
        """Whether images with such doubts show overlays that it does not ask for.

        Source: DICOM PS3.3 C.11.7: an overlay that no layer activates is not meant to be seen.
        """
        has_overlays = any(doubt.code == "overlays_shown" for doubt in doubts)
        return has_overlays and not self.has_active_overlays

    def color_of(self, layer: str) -> tuple[int, int, int] | None:
        """Return the recommended color of a layer; None for none."""
        return next((one.color_rgb for one in self.layers if one.name == layer), None)


def _holds(references: References, instance_uid: str, frame_number: int) -> bool:
    return not references or any(one.names(instance_uid, frame_number) for one in references)
