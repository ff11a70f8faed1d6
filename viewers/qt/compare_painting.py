"""What is drawn to compare a model's result with the original; nothing hides it while it is on.

Line and names of the curtain, the scale of the difference, the uncertainty.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPen

from viewers.qt.painting import MARGIN, Brush, image_transform
from viewers.qt.words import tr
from viewers.render.mapping import CanvasMap
from viewers.render.uncertainty import MOST_OPAQUE, Uncertainty

GRIP_PX = 18.0
"""Diameter of the grip of the curtain: a target that a hand finds."""

GRIP_LINES = 4.0
"""Lines from the bottom at which the grip is: nothing covers the center of the image."""

NAME_LINES = 5.5
"""Lines from the top at which the two halves are named: under the corner texts."""

RIM_ALPHA, GROUND_ALPHA = 130, 200
"""How dense the dark rim of the line and the ground of its grip are, of 255."""

BAR_WIDTH = 12.0
"""Width of a scale, device-independent pixels."""

BAR_SHARE = 0.3
"""Height of a scale as a share of the canvas."""

TEXT_LINES = 6
"""Lines at the top right corner that a scale stays under, its own upper text among them."""

SURE_COLOR = "#9a86c9"
"""The color of what a model says of itself: that of its statements."""


def paint_curtain(brush: Brush, x: float, bottom: float) -> None:
    """Draw the line between original and result, thin and dark-rimmed, under marks and texts.

    Args:
        brush: paints on the whole canvas.
        x: where the line stands.
        bottom: height of the notice band, which is kept free.
    """
    painter = brush.painter
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    # The letters of the orientation at the middle of the edges stay free.
    room = MARGIN + 1.5 * brush.metrics.lineSpacing()
    rim = QColor(brush.palette.canvas)
    rim.setAlpha(RIM_ALPHA)
    for color, width in ((rim, 3.0), (QColor(brush.palette.accent), 1.0)):
        painter.setPen(QPen(color, width))
        painter.drawLine(QPointF(x, room), QPointF(x, brush.height - bottom - room))


def paint_curtain_names(brush: Brush, x: float, bottom: float) -> None:
    """Name both halves of the curtain, and draw the grip of its line; over everything else."""
    painter, y = brush.painter, brush.height - bottom - GRIP_LINES * brush.metrics.lineSpacing()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    ground = QColor(brush.palette.panel)
    ground.setAlpha(GROUND_ALPHA)
    painter.setBrush(ground)
    brush.pen(brush.palette.accent, 1.5)
    painter.drawEllipse(QPointF(x, y), GRIP_PX / 2, GRIP_PX / 2)
    for side in (-1.0, 1.0):
        tip, back = QPointF(x + side * GRIP_PX * 0.32, y), x + side * GRIP_PX * 0.12
        painter.drawLine(tip, QPointF(back, y - GRIP_PX * 0.2))
        painter.drawLine(tip, QPointF(back, y + GRIP_PX * 0.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _name_halves(brush, x)


def _name_halves(brush: Brush, x: float) -> None:
    metrics = brush.metrics
    y = MARGIN + NAME_LINES * metrics.lineSpacing()
    left, right = tr("ORIGINAL"), tr("ENHANCED")
    # A half too narrow for its name has none; the band names both.
    if x - 2 * MARGIN >= metrics.horizontalAdvance(left):
        brush.shadowed(x - MARGIN - metrics.horizontalAdvance(left), y, left, brush.palette.text)
    if brush.width - x - 2 * MARGIN >= metrics.horizontalAdvance(right):
        brush.shadowed(x + MARGIN, y, right, brush.palette.doubt)


def paint_gray_scale(
    brush: Brush, ends: tuple[str, str], bottom: float, *, is_inverted: bool
) -> None:
    """Draw the scale of a difference: its gray with 0 in the middle.

    Args:
        brush: paints on the whole canvas.
        ends: words of the largest and of the smallest value.
        bottom: height of the notice band, which is kept free.
        is_inverted: high values are dark.
    """
    area = _bar(brush, bottom)
    shades = QLinearGradient(area.topLeft(), area.bottomLeft())
    white, black = QColor("#ffffff"), QColor("#000000")
    shades.setColorAt(0.0, black if is_inverted else white)
    shades.setColorAt(1.0, white if is_inverted else black)
    brush.painter.fillRect(area, shades)
    _frame(brush, area)
    brush.painter.drawLine(
        QPointF(area.left() - 4, area.center().y()), QPointF(area.right(), area.center().y())
    )
    _write(brush, area, (ends[0], "0", ends[1]))


def paint_uncertainty(brush: Brush, mapping: CanvasMap, uncertainty: Uncertainty) -> None:
    """Lay the color of the uncertainty over the slice."""
    opacity = uncertainty.opacity()
    color = QColor(SURE_COLOR)
    rows, columns = opacity.shape
    pixels = np.empty((rows, columns, 4), dtype=np.uint8)
    pixels[..., 0], pixels[..., 1], pixels[..., 2] = color.blue(), color.green(), color.red()
    pixels[..., 3] = opacity
    image = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_ARGB32)
    painter = brush.painter
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
    painter.setTransform(image_transform(mapping, 1), combine=True)
    painter.drawImage(0, 0, image)
    painter.restore()


def paint_uncertainty_scale(brush: Brush, top: str, name: str, bottom: float) -> None:
    """Draw the scale of the uncertainty: clear at 0, dense at its top.

    Args:
        brush: paints on the whole canvas.
        top: words of the largest half-width.
        name: what the scale is of.
        bottom: height of the notice band, which is kept free.
    """
    area = _bar(brush, bottom)
    dense, clear = QColor(SURE_COLOR), QColor(SURE_COLOR)
    dense.setAlphaF(MOST_OPAQUE)
    clear.setAlphaF(0.0)
    brush.painter.fillRect(area, QColor(brush.palette.canvas))
    shades = QLinearGradient(area.topLeft(), area.bottomLeft())
    shades.setColorAt(0.0, dense)
    shades.setColorAt(1.0, clear)
    brush.painter.fillRect(area, shades)
    _frame(brush, area)
    _write(brush, area, (top, "", "0"))
    y = area.bottom() + 2 * brush.metrics.lineSpacing()
    x = brush.width - MARGIN - brush.metrics.horizontalAdvance(name)
    brush.shadowed(x, y, name, brush.palette.text)


def _bar(brush: Brush, bottom: float) -> QRectF:
    """Return where a scale stands: at the right, left of the orientation letter."""
    metrics = brush.metrics
    height = max((brush.height - bottom) * BAR_SHARE, 40.0)
    right = brush.width - 2 * MARGIN - 2 * metrics.averageCharWidth()
    return QRectF(right - BAR_WIDTH, MARGIN + TEXT_LINES * metrics.lineSpacing(), BAR_WIDTH, height)


def _frame(brush: Brush, area: QRectF) -> None:
    brush.pen(brush.palette.text, 1.0)
    brush.painter.setBrush(Qt.BrushStyle.NoBrush)
    brush.painter.drawRect(area)


def _write(brush: Brush, area: QRectF, texts: tuple[str, str, str]) -> None:
    """Write what top, middle and bottom of a scale mean, at its left."""
    metrics = brush.metrics
    half = (metrics.ascent() - metrics.descent()) / 2
    for text, y in zip(texts, (area.top(), area.center().y(), area.bottom()), strict=True):
        x = area.left() - MARGIN - metrics.horizontalAdvance(text)
        brush.shadowed(x, y + half, text, brush.palette.text)
