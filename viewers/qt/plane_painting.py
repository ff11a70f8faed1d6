"""The crosshair of three planes, painted: a line per other plane, with handles to turn it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter

from viewers.qt.painting import CROSSHAIR_GAP, Brush
from viewers.tools.turn_planes import CrossLine

HANDLE_RADIUS = 5.0
"""Radius of a handle, canvas pixels: seen at a glance, and small beside a nodule."""


def paint_cross_lines(brush: Brush, lines: tuple[CrossLine, ...], *, has_handles: bool) -> None:
    """Draw the lines of the other planes; they leave the point they meet in free."""
    painter = brush.painter
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    brush.pen(brush.palette.accent)
    far = brush.width + brush.height
    for line in lines:
        x, y = line.at_canvas
        dx, dy = line.along_canvas
        for sign in (1.0, -1.0):
            near = QPointF(x + sign * CROSSHAIR_GAP * dx, y + sign * CROSSHAIR_GAP * dy)
            painter.drawLine(near, QPointF(x + sign * far * dx, y + sign * far * dy))
    if not has_handles:
        return
    painter.setBrush(QColor(brush.palette.canvas))
    brush.pen(brush.palette.accent, 1.6)
    for line in lines:
        for end in line.handles_canvas:
            painter.drawEllipse(QPointF(*end), HANDLE_RADIUS, HANDLE_RADIUS)
    painter.setBrush(Qt.BrushStyle.NoBrush)
