"""What is painted over the image: texts, letters, scale, marks. Functions of values only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
    QTransform,
)

from viewers.qt.palette import Palette
from viewers.qt.texts import CornerTexts, Notice
from viewers.render.labels import EdgeLetters, scale_bar_mm
from viewers.render.mapping import CanvasMap
from viewers.render.overlays import EvidenceMark
from workstation.core.finding import RegionKind

MARGIN = 8.0
"""Space between the texts and the edge of the canvas, device-independent pixels."""

CROSSHAIR_GAP = 12.0
"""Half the gap at the crosshair's center, so that it never covers what it points at."""

POINT_RADIUS = 14.0
"""Radius of the ring around point evidence, canvas pixels."""

SHORTEST_NOTICE_EM = 6
"""Room under which a notice's text is left out rather than cut to a few letters."""

HATCH_STEP = 14.0
"""Space between the lines over a slice that could not be read, canvas pixels: no anatomy looks so,
and the lines are too far apart to flicker when one scrolls past."""

SCALE_ROOM_SHARE = 0.25
"""The scale bar takes at most a quarter of the canvas width."""


@dataclass(frozen=True, slots=True)
class Brush:
    """A painter, the size of its canvas and the colors: what each function here paints with."""

    painter: QPainter
    width: float
    height: float
    palette: Palette

    @property
    def metrics(self) -> QFontMetricsF:
        """Size of the painter's font."""
        return QFontMetricsF(self.painter.font())

    def pen(
        self, color: str, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine
    ) -> None:
        """Set a pen."""
        self.painter.setPen(QPen(QColor(color), width, style))

    def shadowed(self, x: float, baseline: float, text: str, color: str) -> None:
        """Write text with a dark rim, so that it reads on bright anatomy too."""
        self.painter.setPen(QColor(self.palette.canvas))
        for dx, dy in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
            self.painter.drawText(QPointF(x + dx, baseline + dy), text)
        self.painter.setPen(QColor(color))
        self.painter.drawText(QPointF(x, baseline), text)


def fill(brush: Brush) -> None:
    """Lay the canvas's color over all of it."""
    brush.painter.fillRect(QRectF(0, 0, brush.width, brush.height), QColor(brush.palette.canvas))


def fill_around(brush: Brush, mapping: CanvasMap) -> None:
    """Lay the canvas's color over what the image of a slice will not cover."""
    rows, columns = mapping.stack.shape_rc
    ends = np.array([(-0.5, -0.5), (columns - 0.5, rows - 0.5)])
    on_canvas = mapping.pixel_to_canvas(ends)
    size = np.ceil([brush.width, brush.height])
    # One pixel inwards: the image may end in the middle of a pixel.
    left, top = np.clip(np.ceil(on_canvas.min(axis=0)) + 1, 0, size).tolist()
    right, bottom = np.clip(np.floor(on_canvas.max(axis=0)) - 1, 0, size).tolist()
    width, height = size.tolist()
    strips = (
        (0.0, 0.0, width, top),
        (0.0, bottom, width, height),
        (0.0, top, left, bottom),
        (right, top, width, bottom),
    )
    color = QColor(brush.palette.canvas)
    for x1, y1, x2, y2 in strips:
        if x2 > x1 and y2 > y1:
            brush.painter.fillRect(QRectF(x1, y1, x2 - x1, y2 - y1), color)


def image_transform(mapping: CanvasMap, shrink: int) -> QTransform:
    """Return the transform that lays an image's pixel squares onto the canvas."""
    step = mapping.linear
    corner = mapping.offset_canvas - step @ np.array([0.5, 0.5])
    return QTransform(
        float(step[0, 0]) * shrink,
        float(step[1, 0]) * shrink,
        float(step[0, 1]) * shrink,
        float(step[1, 1]) * shrink,
        float(corner[0]),
        float(corner[1]),
    )


def paint_letters(brush: Brush, letters: EdgeLetters, bottom: float, *, lines: int = 0) -> None:
    """Write the orientation letters at the middle of each edge.

    Args:
        brush: paints on the whole canvas.
        letters: what to write.
        bottom: height at the bottom that is kept free.
        lines: lines of text in the bottom left corner; the left letter stands above them.
    """
    metrics = brush.metrics
    middle_y = (brush.height + metrics.ascent()) / 2
    color = brush.palette.text
    above = brush.height - bottom - 2 * MARGIN - lines * metrics.lineSpacing()
    brush.shadowed(MARGIN, min(middle_y, above), letters.left, color)
    right = brush.width - MARGIN - metrics.horizontalAdvance(letters.right)
    brush.shadowed(right, middle_y, letters.right, color)
    top_x = (brush.width - metrics.horizontalAdvance(letters.top)) / 2
    brush.shadowed(top_x, MARGIN + metrics.ascent(), letters.top, color)
    bottom_x = (brush.width - metrics.horizontalAdvance(letters.bottom)) / 2
    brush.shadowed(bottom_x, brush.height - bottom - MARGIN, letters.bottom, color)


def paint_corners(brush: Brush, texts: CornerTexts, bottom: float) -> None:
    """Write the corner texts, elided so that they never reach the middle."""
    metrics = brush.metrics
    room = brush.width / 2 - 4 * MARGIN
    line = metrics.lineSpacing()
    for row, text in enumerate(texts.top_left):
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        brush.shadowed(MARGIN, MARGIN + metrics.ascent() + row * line, shown, brush.palette.text)
    for row, text in enumerate(texts.top_right):
        # Descriptions of one study begin alike: their ends tell ADC from FA.
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room)
        x = brush.width - MARGIN - metrics.horizontalAdvance(shown)
        brush.shadowed(x, MARGIN + metrics.ascent() + row * line, shown, brush.palette.text)
    last = brush.height - bottom - MARGIN - metrics.descent()
    for row, text in enumerate(reversed(texts.bottom_left)):
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        brush.shadowed(MARGIN, last - row * line, shown, brush.palette.text)


def paint_scale(brush: Brush, px_per_mm: float, right: float, bottom: float) -> None:
    """Draw the scale bar with its length; its right end is ``right`` from the right edge."""
    length_mm = scale_bar_mm(px_per_mm, brush.width * SCALE_ROOM_SHARE)
    length = length_mm * px_per_mm
    x, y = brush.width - right, brush.height - bottom - MARGIN - 2
    brush.painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for color, width in ((brush.palette.canvas, 4.0), (brush.palette.text, 2.0)):
        brush.pen(color, width)
        brush.painter.drawLine(QPointF(x - length, y), QPointF(x, y))
        for end in (x - length, x):
            brush.painter.drawLine(QPointF(end, y - 4), QPointF(end, y + 1))
    text = f"{length_mm / 10:g} cm" if length_mm >= 10 else f"{length_mm:g} mm"
    width = brush.metrics.horizontalAdvance(text)
    brush.shadowed(x - width, y - 7, text, brush.palette.text)


def paint_cube(brush: Brush, letters: EdgeLetters, right: float, bottom: float) -> float:
    """Draw the orientation cube and return its width: front, right and top face lettered."""
    side = brush.metrics.height() * 1.7
    lean = side * 0.4
    x, y = brush.width - right - side - lean, brush.height - bottom - MARGIN - side
    front = QRectF(x, y, side, side)
    top = _polygon((x, y), (x + lean, y - lean), (x + side + lean, y - lean), (x + side, y))
    flank = _polygon(
        (x + side, y),
        (x + side + lean, y - lean),
        (x + side + lean, y + side - lean),
        (x + side, y + side),
    )
    painter = brush.painter
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    ground = QColor(brush.palette.panel)
    ground.setAlpha(200)
    painter.setBrush(ground)
    brush.pen(brush.palette.quiet)
    painter.drawRect(front)
    painter.drawPolygon(top)
    painter.drawPolygon(flank)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QColor(brush.palette.text))
    middle = Qt.AlignmentFlag.AlignCenter
    painter.drawText(front, middle, letters.front[:1])
    font = painter.font()
    small = painter.font()
    small.setPointSizeF(max(font.pointSizeF() * 0.75, 6.0))
    painter.setFont(small)
    painter.setPen(QColor(brush.palette.quiet))
    painter.drawText(QRectF(x + lean / 2, y - lean, side, lean), middle, letters.top[:1])
    painter.drawText(QRectF(x + side, y - lean / 2, lean, side), middle, letters.right[:1])
    painter.setFont(font)
    return side + lean


def paint_band(brush: Brush, shown: tuple[Notice, ...], height: float) -> None:
    """Paint the notice band along the bottom edge.

    Where the room is short the words in capitals all stay and the texts give way.
    """
    top = brush.height - height
    brush.painter.fillRect(QRectF(0, top, brush.width, height), QColor(brush.palette.panel))
    brush.pen(brush.palette.doubt)
    brush.painter.drawLine(QPointF(0, top + 0.5), QPointF(brush.width, top + 0.5))
    metrics = brush.metrics
    baseline = top + (height + metrics.ascent() - metrics.descent()) / 2
    gap = metrics.horizontalAdvance("M")
    words = [metrics.horizontalAdvance(notice.word) + gap for notice in shown]
    x = MARGIN
    for n, notice in enumerate(shown):
        brush.painter.setPen(QColor(brush.palette.doubt))
        brush.painter.drawText(QPointF(x, baseline), notice.word)
        x += words[n]
        room = brush.width - MARGIN - x - sum(words[n + 1 :])
        if room < SHORTEST_NOTICE_EM * gap:
            continue
        text = metrics.elidedText(notice.text, Qt.TextElideMode.ElideRight, room - gap)
        brush.painter.setPen(QColor(brush.palette.text))
        brush.painter.drawText(QPointF(x, baseline), text)
        x += metrics.horizontalAdvance(text) + 1.5 * gap


def paint_evidence(brush: Brush, mark: EvidenceMark, mapping: CanvasMap) -> None:
    """Draw a dashed outline around evidence, on a dark one that keeps it visible on bone."""
    points = [
        QPointF(*mapping.pixel_to_canvas(np.array(corner)).tolist()) for corner in mark.corners_cr
    ]
    painter = brush.painter
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    layers = (
        (brush.palette.canvas, 3.5, Qt.PenStyle.SolidLine),
        (brush.palette.evidence, 2.0, Qt.PenStyle.DashLine),
    )
    for color, width, style in layers:
        brush.pen(color, width, style)
        match mark.kind:
            case RegionKind.POINT:
                painter.drawEllipse(points[0], POINT_RADIUS, POINT_RADIUS)
            case RegionKind.BOX | RegionKind.MASK:
                painter.drawPolygon(QPolygonF(points))
            case RegionKind.SLICE:
                painter.drawRect(QRectF(2, 2, brush.width - 4, brush.height - 4))


def paint_crosshair(brush: Brush, at: QPointF) -> None:
    """Draw a crosshair that leaves its center free."""
    brush.painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    brush.pen(brush.palette.accent)
    x, y = at.x(), at.y()
    lines = (
        (0.0, y, x - CROSSHAIR_GAP, y),
        (x + CROSSHAIR_GAP, y, brush.width, y),
        (x, 0.0, x, y - CROSSHAIR_GAP),
        (x, y + CROSSHAIR_GAP, x, brush.height),
    )
    for x1, y1, x2, y2 in lines:
        brush.painter.drawLine(QPointF(x1, y1), QPointF(x2, y2))


def paint_hatching(brush: Brush, corners: list[QPointF]) -> None:
    """Fill the place of a slice with thin slanted lines on black, inside a thin frame."""
    outline = QPolygonF(corners)
    area = outline.boundingRect()
    painter = brush.painter
    painter.save()
    path = QPainterPath()
    path.addPolygon(outline)
    path.closeSubpath()
    painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
    brush.pen(brush.palette.line, 1.0)
    seen = area.intersected(QRectF(0, 0, brush.width, brush.height))
    x = seen.left() - seen.height()
    while x < seen.right():
        painter.drawLine(QPointF(x, seen.bottom()), QPointF(x + seen.height(), seen.top()))
        x += HATCH_STEP
    painter.restore()
    brush.pen(brush.palette.line, 1.0)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolygon(outline)


def paint_message(brush: Brush, text: str, *, is_boxed: bool = False) -> None:
    """Write a quiet sentence in the middle of a canvas; boxed where something lies under it."""
    area = QRectF(MARGIN, 0, brush.width - 2 * MARGIN, brush.height)
    flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
    if is_boxed:
        words = brush.metrics.boundingRect(area, flags, text)
        box = words.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        brush.painter.fillRect(box, QColor(brush.palette.canvas))
    brush.painter.setPen(QColor(brush.palette.text if is_boxed else brush.palette.quiet))
    brush.painter.drawText(area, flags, text)


def _polygon(*corners: tuple[float, float]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in corners])
