"""The line through the patient on a slice: its points, itself, and the place looked at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from viewers.qt.painting import Brush
from viewers.render.centerline import centerline
from viewers.render.mapping import CanvasMap
from viewers.state.curve import Curve
from viewers.tools.curve import is_near

STEP_MM = 1.0
"""Step of the line as it is drawn: finer is not seen."""

NEAR_RADIUS, FAR_RADIUS = 4.0, 2.0
"""Radius of a point on the slice on show, which can be taken, and of one on another slice."""


def paint_curve(
    brush: Brush, mapping: CanvasMap, curve: Curve, at_mm: tuple[float, float, float] | None
) -> None:
    """Draw a line projected onto the slice on show.

    Args:
        brush: paints on the canvas.
        mapping: where the slice lies.
        curve: the line.
        at_mm: the place of the cross-section; None for none.
    """
    if not curve.points_mm:
        return
    painter = brush.painter
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    points = np.array(curve.points_mm)
    if curve.is_line and float(np.ptp(points, axis=0).max()) > 0:
        line = mapping.patient_to_canvas(centerline(points, STEP_MM).points_mm)
        _paint_line(brush, line)
    near = is_near(curve, mapping)
    color = QColor(brush.palette.accent)
    for place, is_here in zip(mapping.patient_to_canvas(points), near, strict=True):
        brush.painter.setBrush(color if is_here else Qt.BrushStyle.NoBrush)
        brush.pen(brush.palette.canvas if is_here else brush.palette.accent, 1.0)
        radius = NEAR_RADIUS if is_here else FAR_RADIUS
        painter.drawEllipse(QPointF(float(place[0]), float(place[1])), radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if at_mm is not None:
        x, y = mapping.patient_to_canvas(np.array(at_mm))
        brush.pen(brush.palette.text, 1.5)
        painter.drawEllipse(QPointF(float(x), float(y)), 7.0, 7.0)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _paint_line(brush: Brush, canvas: NDArray[np.float64]) -> None:
    shape = QPolygonF([QPointF(float(x), float(y)) for x, y in canvas])
    for color, width in ((brush.palette.canvas, 3.0), (brush.palette.accent, 1.2)):
        brush.painter.setPen(QPen(QColor(color), width))
        brush.painter.drawPolyline(shape)
