"""Figures, texts and layers of a stored look.

Compound graphics are drawn by the plain figures that the standard wants beside them. A figure that
is broken is left out and counted.

Source: PS3.3 C.10.5 (Graphic Annotation), C.10.7 (Graphic Layer), C.10.5.1.2 (compound graphics).
"""

from __future__ import annotations

from pydicom.dataset import Dataset

from workstation.core.presentation import (
    Annotation,
    Graphic,
    GraphicLayer,
    GraphicShape,
    GraphicText,
    Point,
    Space,
)
from workstation.dicom.presentation_values import (
    color,
    items,
    numbers,
    references,
    text,
)

HALF_PIXEL = 0.5
"""The standard counts from the corner of the first pixel, we from its center; C.10.5.1.1."""

MOST_LINES, MOST_LETTERS = 100, 400
"""Lines of one text that are shown, and letters of one line."""

MOST_POINTS = 5000
"""Points of one figure; a drawn outline has some hundreds, and one of more holds a frame back."""

FARTHEST_PX = 1e6
"""A position farther from the image than this is damage, and can be no honest figure."""

_POINTS_NEEDED = {
    GraphicShape.POINT: (1, 1),
    GraphicShape.POLYLINE: (2, MOST_POINTS),
    GraphicShape.INTERPOLATED: (2, MOST_POINTS // 10),
    GraphicShape.CIRCLE: (2, 2),
    GraphicShape.ELLIPSE: (4, 4),
}
"""Fewest and most points of each shape. Source: PS3.3 C.10.5.1.2."""


def read_layers(dataset: Dataset) -> tuple[GraphicLayer, ...]:
    """Return the layers, the lowest first."""
    found = [
        GraphicLayer(
            text(item, "GraphicLayer"),
            int((numbers(item, "GraphicLayerOrder") or (0,))[0]),
            color(
                item,
                "GraphicLayerRecommendedDisplayCIELabValue",
                "GraphicLayerRecommendedDisplayGrayscaleValue",
            ),
            text(item, "GraphicLayerDescription"),
        )
        for item in items(dataset, "GraphicLayerSequence")
    ]
    return tuple(sorted(found, key=lambda layer: layer.order))


def read_annotations(dataset: Dataset) -> tuple[tuple[Annotation, ...], tuple[str, ...]]:
    """Return what is drawn, and what of it is not shown here, as sentences."""
    found, broken, compounds = [], 0, 0
    for item in items(dataset, "GraphicAnnotationSequence"):
        graphics = [_graphic(one) for one in items(item, "GraphicObjectSequence")]
        texts = [_text(one) for one in items(item, "TextObjectSequence")]
        broken += graphics.count(None) + texts.count(None)
        compounds += _lone_compounds(item)
        kept = tuple(one for one in graphics if one is not None)
        said = tuple(one for one in texts if one is not None)
        if kept or said:
            found.append(Annotation(text(item, "GraphicLayer"), references(item), kept, said))
    remarks = []
    if broken:
        remarks.append(
            f"{broken} of its figures and texts are damaged or of a kind not drawn here."
        )
    if compounds:
        remarks.append(
            f"{compounds} of its compound figures come without the plain ones; not drawn."
        )
    return tuple(found), tuple(remarks)


def _lone_compounds(item: Dataset) -> int:
    """Return how many compound figures have no plain figure or text beside them."""
    plain = {
        one.get("CompoundGraphicInstanceID")
        for keyword in ("GraphicObjectSequence", "TextObjectSequence")
        for one in items(item, keyword)
    }
    compounds = items(item, "CompoundGraphicSequence")
    return sum(one.get("CompoundGraphicInstanceID") not in plain for one in compounds)


def _graphic(item: Dataset) -> Graphic | None:
    try:
        shape = GraphicShape(text(item, "GraphicType"))
        space = Space(text(item, "GraphicAnnotationUnits"))
    except ValueError:
        return None
    points = _points(numbers(item, "GraphicData"), space)
    fewest, most = _POINTS_NEEDED[shape]
    if not fewest <= len(points) <= most:
        return None
    style = next(items(item, "LineStyleSequence"), Dataset())
    return Graphic(
        shape,
        space,
        points,
        is_filled=text(item, "GraphicFilled") == "Y",
        color_rgb=color(style, "PatternOnColorCIELabValue"),
    )


def _text(item: Dataset) -> GraphicText | None:
    # CR LF stands for a line break in unformatted text.
    lines = [
        line[:MOST_LETTERS] for line in text(item, "UnformattedTextValue").splitlines()[:MOST_LINES]
    ]
    box_space = _space(item, "BoundingBoxAnnotationUnits")
    anchor_space = _space(item, "AnchorPointAnnotationUnits")
    corners = _points(
        (
            *numbers(item, "BoundingBoxTopLeftHandCorner"),
            *numbers(item, "BoundingBoxBottomRightHandCorner"),
        ),
        box_space or Space.PIXEL,
    )
    anchors = _points(numbers(item, "AnchorPoint"), anchor_space or Space.PIXEL)
    box = (corners[0], corners[1]) if len(corners) == 2 and box_space else None
    anchor = anchors[0] if anchors and anchor_space else None
    if not lines or (box is None and anchor is None):
        return None
    return GraphicText(
        tuple(lines),
        box,
        box_space or Space.PIXEL,
        anchor,
        anchor_space or Space.PIXEL,
        is_anchor_visible=text(item, "AnchorPointVisibility") == "Y",
        justification=text(item, "BoundingBoxTextHorizontalJustification") or "LEFT",
    )


def _space(item: Dataset, keyword: str) -> Space | None:
    try:
        return Space(text(item, keyword))
    except ValueError:
        return None


def _points(values: tuple[float, ...], space: Space) -> tuple[Point, ...]:
    if len(values) % 2 or any(abs(value) > FARTHEST_PX for value in values):
        return ()
    shift = HALF_PIXEL if space is Space.PIXEL else 0.0
    return tuple((x - shift, y - shift) for x, y in zip(values[::2], values[1::2], strict=True))
