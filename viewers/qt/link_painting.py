"""What links draw over an image: lines of other slices, the point others show, the link's mark."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from viewers.qt.link_show import LinkShow
from viewers.qt.painting import MARGIN, Brush
from viewers.render.cross_reference import LineKind, ReferenceLine, reference_line
from viewers.render.frame import Frame
from viewers.render.mapping import CanvasMap

RIM_ALPHA = 150
"""Of the dark rim that keeps a thin line visible on bright anatomy, 0..255: it shines through."""

CROSS_ARM, CROSS_GAP = 9.0, 3.0
"""Length of an arm of the small cross and the gap in its middle, canvas pixels."""


def paint_lines(brush: Brush, frame: Frame, mapping: CanvasMap, show: LinkShow) -> None:
    """Draw where the slices of other viewports cross this one; marks come above."""
    painter = brush.painter
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    # That of the viewport that keys act on comes last: over one at the same place.
    for patch in sorted(show.patches, key=lambda patch: patch.is_active):
        line = reference_line(frame.stack, frame.index, patch)
        if line is not None:
            _paint_line(brush, mapping, line)


def paint_cursor(brush: Brush, mapping: CanvasMap, show: LinkShow) -> None:
    """Draw a small cross at the point another viewport shows; its middle stays free."""
    if show.cursor_mm is None:
        return
    x, y = (float(v) for v in mapping.patient_to_canvas(np.array(show.cursor_mm)))
    brush.painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    for color, width in ((brush.palette.canvas, 3.5), (brush.palette.accent, 1.6)):
        brush.pen(color, width)
        for dx, dy in ((1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)):
            near = QPointF(x + CROSS_GAP * dx, y + CROSS_GAP * dy)
            far = QPointF(x + CROSS_ARM * dx, y + CROSS_ARM * dy)
            brush.painter.drawLine(near, far)


def paint_link_mark(brush: Brush, words: str, band: float, *, left: float = 0.0) -> None:
    """Draw two links of a chain, and in words what is linked, above the middle of the band.

    Args:
        brush: of the picture.
        words: what is linked; empty for nothing.
        band: height of the notice band, canvas pixels.
        left: where the texts of the lower left corner end, canvas pixels: it keeps clear of them.
    """
    if not words:
        return
    metrics = brush.metrics
    size = metrics.ascent() * 0.8
    room = brush.width / 2 - 4 * MARGIN
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
    width = 2 * size + MARGIN / 2 + metrics.horizontalAdvance(shown)
    x = max((brush.width - width) / 2, left + 2 * MARGIN)
    # Above the letter that names the lower edge.
    baseline = brush.height - band - 2 * MARGIN - metrics.lineSpacing()
    middle = baseline - metrics.ascent() / 2 + metrics.descent() / 2
    _paint_chain(brush, x, middle, size)
    brush.shadowed(x + 2 * size + MARGIN / 2, baseline, shown, brush.palette.text)


def paint_small_link_mark(brush: Brush, words: str, band: float) -> None:
    """Draw two links of a chain in the lower right corner of a small viewport, and a word."""
    metrics = brush.metrics
    size = metrics.ascent() * 0.8
    room = metrics.horizontalAdvance(words) + (MARGIN / 2 if words else 0.0)
    x = brush.width - MARGIN - 1.7 * size - room
    baseline = brush.height - band - MARGIN - metrics.descent()
    _paint_chain(brush, x, baseline - metrics.ascent() / 2 + metrics.descent() / 2, size)
    if words:
        right = brush.width - MARGIN - metrics.horizontalAdvance(words)
        brush.shadowed(right, baseline, words, brush.palette.text)


def _paint_chain(brush: Brush, x: float, middle: float, size: float) -> None:
    painter = brush.painter
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((brush.palette.canvas, 3.0), (brush.palette.text, 1.3)):
        brush.pen(color, width)
        for step in (0.0, 0.62):
            ring = QRectF(x + step * size, middle - size * 0.3, size, size * 0.6)
            painter.drawRoundedRect(ring, size * 0.3, size * 0.3)


def _paint_line(brush: Brush, mapping: CanvasMap, line: ReferenceLine) -> None:
    ends = mapping.pixel_to_canvas(np.array([line.start_cr, line.end_cr]))
    start, end = (QPointF(*xy) for xy in _snapped(ends).tolist())
    is_end = line.kind is LineKind.END
    style = Qt.PenStyle.DotLine if is_end else Qt.PenStyle.SolidLine
    other = brush.palette.quiet if is_end else brush.palette.text
    color = brush.palette.accent if line.is_active and not is_end else other
    if not is_end:
        rim = QColor(brush.palette.canvas)
        rim.setAlpha(RIM_ALPHA)
        brush.painter.setPen(QPen(rim, 3.0))
        brush.painter.drawLine(start, end)
    brush.pen(color, 1.0, style)
    brush.painter.drawLine(start, end)


def _snapped(ends: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return upright and level lines on the middle of a pixel: between two they are half as clear.

    Args:
        ends: (2, 2) canvas positions.
    """
    snapped = ends.copy()
    for axis in range(2):
        if abs(float(ends[1, axis] - ends[0, axis])) < 1.0:
            snapped[:, axis] = np.floor(ends[:, axis].mean()) + 0.5
    return snapped
