"""Hatching over what a model proposed and nobody scanned: nothing turns it off."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from viewers.qt.painting import Brush
from viewers.render.hatch import Rectangle
from viewers.render.mapping import CanvasMap

STEP = 12.0
"""Distance of the lines along the canvas, device-independent pixels: anatomy is seen between."""

LINE, SHADE = 1.2, 2.8
"""Widths of the lines and of the dark edge that lets them be seen on white as well."""

OPACITY = 170
"""Of the lines, 0..255: what lies under them stays visible."""

MOST_OUTLINED = 8
"""Areas of more parts than this are slanted; their steps would be drawn as a staircase."""

THIN = 2 * STEP
"""A band of less, a slice seen from its side, has an outline of a hair: it must not be covered."""


def paint_filled(brush: Brush, filled: Sequence[Rectangle], mapping: CanvasMap) -> None:
    """Draw slanted lines over the filled parts of a slice.

    Args:
        brush: paints on the canvas.
        filled: the parts, in pixels of the slice.
        mapping: where the slice lies on the canvas.
    """
    if not filled:
        return
    polygons = [_polygon(part, mapping) for part in filled]
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for polygon in polygons:
        path.addPolygon(polygon)
        path.closeSubpath()
    painter = brush.painter
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
    is_thin = min(min(p.boundingRect().width(), p.boundingRect().height()) for p in polygons) < THIN
    lines = _lines(path.boundingRect().intersected(QRectF(0, 0, brush.width, brush.height)))
    for color, width in ((brush.palette.canvas, SHADE), (brush.palette.doubt, LINE)):
        shade = QColor(color)
        shade.setAlpha(OPACITY)
        painter.setPen(QPen(shade, width))
        painter.drawLines(lines)
        if len(polygons) <= MOST_OUTLINED:
            painter.setPen(QPen(shade, LINE if is_thin else 2 * width))
            painter.drawPath(path)
    painter.restore()


def _polygon(part: Rectangle, mapping: CanvasMap) -> QPolygonF:
    top, bottom, left, right = (value - 0.5 for value in part)
    ends = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
    return QPolygonF([QPointF(float(x), float(y)) for x, y in mapping.pixel_to_canvas(ends)])


def _lines(area: QRectF) -> list[QLineF]:
    """Return slanted lines over an area, on one raster of the canvas whatever the area."""
    height = area.height()
    first = np.floor((area.left() + area.top()) / STEP) * STEP
    ends = np.arange(first, area.right() + area.bottom() + STEP, STEP)
    bottom = area.bottom()
    return [
        QLineF(end - bottom, bottom, end - bottom + height, area.top()) for end in ends.tolist()
    ]
