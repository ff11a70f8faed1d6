"""How a presentation state is painted over a slice: shutter, figures, texts in layer order.

Stored texts are written as they are; none of them is a measurement of ours.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from viewers.qt.painting import MARGIN, Brush
from viewers.qt.words import tr
from viewers.render.mapping import CanvasMap
from viewers.render.stored_look import CURVE_STEPS, ROUND_STEPS, on_canvas, outline
from workstation.core.drawings import Shutter
from workstation.core.presentation import (
    DisplayedArea,
    Graphic,
    GraphicShape,
    GraphicText,
    PresentationState,
    Space,
)

PLAIN_RGB = (143, 211, 224)
"""Of layers without a color: unlike our own marks (yellow), findings (violet) and focus (blue)."""

POINT_ARM = 5.0
"""Half the length of the cross that stands for a point, canvas pixels."""

CAPTION_LINES = 3
"""Lines above the caption: those of the corner texts and the upper letter."""

LINE_PX, RIM_PX = 1.4, 3.0
"""Width of a figure's line and of the dark one under it."""

FINE_POINTS = 1000
"""Corners on a slice that are drawn with smooth edges; more of them would hold every frame back:
smooth edges take 4 us a corner, up to a hundred times as long where lines cross each other."""

MOST_POINTS = 10_000
"""Corners on a slice that are drawn at all; what is left out is said. No maker's slice has them."""

POINTS_OF_A_LINE = 20
"""What a line of text counts: it takes as long to draw."""

FINE_FILL = 80
"""Corners of a filled figure with smooth edges: a circle has 73. Filling grows with crossings."""


def paint_look(
    brush: Brush, mapping: CanvasMap, look: PresentationState, name: tuple[str, int]
) -> None:
    """Paint what a presentation state draws over a slice.

    Args:
        brush: paints on the canvas.
        mapping: where the slice lies.
        look: the presentation state.
        name: instance and frame of the slice.
    """
    brush.painter.save()
    if look.shutter is not None:
        _paint_shutter(brush, mapping, look.shutter)
    area = look.area_of(*name)
    listed: list[tuple[Graphic | GraphicText, tuple[int, int, int]]] = []
    for annotation in look.annotations_of(*name):
        color = look.color_of(annotation.layer) or PLAIN_RGB
        listed += [(one, one.color_rgb or color) for one in annotation.graphics]
        listed += [(one, color) for one in annotation.texts]
    drawn = within_budget([one for one, _color in listed])
    is_fine = sum(map(points_of, (one for one, _color in listed[:drawn]))) <= FINE_POINTS
    brush.painter.setRenderHint(QPainter.RenderHint.Antialiasing, is_fine)
    for one, color in listed[:drawn]:
        if isinstance(one, GraphicText):
            _paint_text(brush, mapping, one, area, color)
        else:
            _paint_graphic(brush, mapping, one, area, color)
    if listed:
        _paint_caption(brush, look, drawn, len(listed))
    brush.painter.restore()


def points_of(one: Graphic | GraphicText) -> int:
    """Return how much work a figure or text is, in corners of a line."""
    if isinstance(one, GraphicText):
        return POINTS_OF_A_LINE * len(one.text)
    match one.shape:
        case GraphicShape.CIRCLE | GraphicShape.ELLIPSE:
            return ROUND_STEPS
        case GraphicShape.INTERPOLATED:
            return CURVE_STEPS * len(one.points)
        case _:
            return len(one.points)


def within_budget(listed: Sequence[Graphic | GraphicText]) -> int:
    """Return how many of the figures and texts of a slice can be drawn, from the first on."""
    done = itertools.accumulate(map(points_of, listed))
    return sum(1 for _one in itertools.takewhile(MOST_POINTS.__ge__, done))


def _paint_caption(brush: Brush, look: PresentationState, drawn: int, count: int) -> None:
    """Say under the upper letter whose figures these are, so that nobody takes them for ours."""
    words = tr("Drawn by presentation state {0}")
    if drawn < count:
        words = tr("Only {1} of {2} figures are drawn: presentation state {0} has too many")
    text = brush.metrics.elidedText(
        words.format(look.label, drawn, count), Qt.TextElideMode.ElideRight, brush.width / 2
    )
    x = (brush.width - brush.metrics.horizontalAdvance(text)) / 2
    baseline = MARGIN + brush.metrics.ascent() + CAPTION_LINES * brush.metrics.lineSpacing()
    brush.shadowed(x, baseline, text, QColor(*PLAIN_RGB).name())


def _paint_shutter(brush: Brush, mapping: CanvasMap, shutter: Shutter) -> None:
    """Paint over what a shutter hides of the slice: where not all of its shapes overlap."""
    rows, columns = mapping.stack.shape_rc
    hidden = _path(mapping, _box(0.5, 0.5, columns + 0.5, rows + 0.5))
    seen = QPainterPath(hidden)
    if shutter.rectangle is not None:
        left, right, upper, lower = shutter.rectangle
        corners = _box(left - 0.5, upper - 0.5, right + 0.5, lower + 0.5)
        seen = seen.intersected(_path(mapping, corners))
    if shutter.circle is not None:
        row, column, radius = shutter.circle
        middle = (float(column), float(row))
        round_one = Graphic(
            GraphicShape.CIRCLE, Space.PIXEL, (middle, (middle[0] + radius, middle[1]))
        )
        seen = seen.intersected(_path(mapping, outline(round_one).tolist()))
    if shutter.polygon:
        corners = [(float(column), float(row)) for row, column in shutter.polygon]
        seen = seen.intersected(_path(mapping, corners))
    level = shutter.level
    brush.painter.fillPath(hidden.subtracted(seen), QColor(level, level, level))


def _box(left: float, top: float, right: float, bottom: float) -> list[tuple[float, float]]:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _path(mapping: CanvasMap, corners_from_one: list[tuple[float, float]]) -> QPainterPath:
    """Return a closed outline on the canvas of corners (column, row) counted from 1."""
    points = mapping.pixel_to_canvas(np.array(corners_from_one, dtype=np.float64) - 1)
    made = QPainterPath()
    made.addPolygon(QPolygonF([QPointF(x, y) for x, y in points.tolist()]))
    made.closeSubpath()
    return made


def _paint_graphic(
    brush: Brush,
    mapping: CanvasMap,
    graphic: Graphic,
    area: DisplayedArea | None,
    rgb: tuple[int, int, int],
) -> None:
    points = on_canvas(outline(graphic), graphic.space, mapping, area)
    painter, color = brush.painter, QColor(*rgb)
    path = QPainterPath()
    if graphic.shape is GraphicShape.POINT:
        x, y = points[0].tolist()
        path.moveTo(x - POINT_ARM, y)
        path.lineTo(x + POINT_ARM, y)
        path.moveTo(x, y - POINT_ARM)
        path.lineTo(x, y + POINT_ARM)
    else:
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points.tolist()]))
    is_fine = painter.testRenderHint(QPainter.RenderHint.Antialiasing)
    if graphic.is_filled:
        painter.setRenderHint(
            QPainter.RenderHint.Antialiasing, is_fine and len(points) <= FINE_FILL
        )
        painter.fillPath(path, color)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, is_fine)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if not is_fine:
        painter.setPen(QPen(color, 0))
        painter.drawPath(path)
        return
    for ink, width in ((QColor(brush.palette.canvas), RIM_PX), (color, LINE_PX)):
        painter.setPen(QPen(ink, width))
        painter.drawPath(path)


def _paint_text(
    brush: Brush,
    mapping: CanvasMap,
    said: GraphicText,
    area: DisplayedArea | None,
    rgb: tuple[int, int, int],
) -> None:
    metrics, color = brush.metrics, QColor(*rgb).name()
    width = max(metrics.horizontalAdvance(line) for line in said.text)
    anchor = None
    if said.anchor is not None:
        anchor = on_canvas(np.array([said.anchor]), said.anchor_space, mapping, area)[0]
    if said.box is not None:
        corners = on_canvas(np.array(said.box), said.box_space, mapping, area)
        (left, top), (right, _bottom) = corners.min(axis=0), corners.max(axis=0)
    else:
        left, top = (0.0, 0.0) if anchor is None else (float(anchor[0]) + 6, float(anchor[1]) + 6)
        right = left + width
    if anchor is not None and said.is_anchor_visible:
        for ink, wide in ((brush.palette.canvas, RIM_PX), (color, LINE_PX)):
            brush.pen(ink, wide)
            brush.painter.drawLine(
                QPointF(float(left), float(top)), QPointF(float(anchor[0]), float(anchor[1]))
            )
    for row, line in enumerate(said.text):
        free = float(right) - float(left) - metrics.horizontalAdvance(line)
        share = {"RIGHT": 1.0, "CENTER": 0.5}.get(said.justification, 0.0)
        baseline = float(top) + metrics.ascent() + row * metrics.lineSpacing()
        brush.shadowed(float(left) + share * free, baseline, line, color)
