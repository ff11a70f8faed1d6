"""The color bar of a fused picture, at the right edge of the canvas; always drawn."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage

from viewers.qt.fusion_texts import bar_texts
from viewers.qt.painting import MARGIN, Brush
from viewers.render.fusion import Fused
from viewers.render.palettes import palette_rgb

BAR_WIDTH = 12.0
"""Width of the bar, device-independent pixels: colors can be told apart, anatomy is not hidden."""

TEXT_LINES = 6
"""Lines at the top right corner that the bar stays under, its own upper text among them."""

BAR_SHARE = 0.3
"""Height of the bar as a share of the canvas."""


def paint_color_bar(brush: Brush, fused: Fused, band: float) -> None:
    """Draw the palette with its window and unit; high values at the top.

    Args:
        brush: paints on the whole canvas.
        fused: what is laid over the picture.
        band: height of the notice band, which is kept free.
    """
    metrics = brush.metrics
    height = max((brush.height - band) * BAR_SHARE, 40.0)
    top = MARGIN + TEXT_LINES * metrics.lineSpacing()
    # Left of the orientation letter at the middle of the edge.
    right = brush.width - 2 * MARGIN - 2 * metrics.averageCharWidth()
    area = QRectF(right - BAR_WIDTH, top, BAR_WIDTH, height)
    column = np.ascontiguousarray(palette_rgb(fused.fusion.palette)[::-1])
    image = QImage(column.data, 1, 256, 3, QImage.Format.Format_RGB888)
    brush.painter.drawImage(area, image)
    brush.pen(brush.palette.text, 1.0)
    brush.painter.drawRect(area)
    span = fused.fusion.high - fused.fusion.low
    share = (fused.fusion.threshold - fused.fusion.low) / span
    if 0.0 < share < 1.0:
        # Values under this line are transparent.
        y = area.bottom() - share * area.height()
        brush.painter.drawLine(QPointF(area.left() - 4, y), QPointF(area.right(), y))
    high, low = bar_texts(fused)
    for text, y in ((high, area.top() - 4), (low, area.bottom() + metrics.ascent() + 2)):
        brush.shadowed(right - metrics.horizontalAdvance(text), y, text, brush.palette.text)
