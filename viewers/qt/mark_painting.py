"""How marks are painted: lines with a dark rim, handles of the selected one, words beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath

from viewers.qt.painting import MARGIN, Brush
from viewers.tools.shapes import GAP_CANVAS, HANDLE_FREE, Box, label_place, strokes
from workstation.core.measurement import MeasurementKind

TICK = 5.0
"""Half the length of the cross at a point, canvas pixels."""

HANDLE = 3.5
"""Half the side of a handle of the selected mark, canvas pixels."""

HEAD = 11.0
"""Length of an arrow's head, canvas pixels."""

CURSOR, CURSOR_GAP = 16.0, 4.0
"""Length of the arms of the key cursor, and the gap that keeps free what it points at."""

CROSSED = frozenset(
    {
        MeasurementKind.LENGTH,
        MeasurementKind.PROBE,
        MeasurementKind.BIDIRECTIONAL,
        MeasurementKind.ANGLE,
        MeasurementKind.COBB,
    }
)
"""Kinds whose points carry a cross: there the exact place matters."""


def paint_mark(
    brush: Brush,
    kind: MeasurementKind,
    points: NDArray[np.float64],
    lines: tuple[str, ...],
    *,
    is_selected: bool = False,
    taken: Sequence[Box] = (),
) -> Box | None:
    """Draw a mark and its words; return where the words stand, None where there are none.

    Args:
        brush: what to paint with.
        kind: of the mark.
        points: its points on the canvas, (n, 2).
        lines: its words; none while it has nothing to say.
        is_selected: whether its handles are drawn.
        taken: where words of other marks stand.
    """
    painter = brush.painter
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    color = brush.palette.accent if is_selected else brush.palette.measure
    path = _path(kind, points)
    for ink, width in ((brush.palette.canvas, 3.0), (color, 1.4)):
        brush.pen(ink, width)
        painter.drawPath(path)
    if is_selected and kind not in HANDLE_FREE:
        _paint_handles(brush, points)
    return _paint_words(brush, kind, points, lines, taken) if lines else None


def paint_key_cursor(brush: Brush, at: NDArray[np.float64]) -> None:
    """Draw the cursor that keys move; its middle is free."""
    x, y = float(at[0]), float(at[1])
    for ink, width in ((brush.palette.canvas, 3.0), (brush.palette.accent, 1.4)):
        brush.pen(ink, width)
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            near, far = CURSOR_GAP, CURSOR
            brush.painter.drawLine(
                QPointF(x + dx * near, y + dy * near), QPointF(x + dx * far, y + dy * far)
            )


def _path(kind: MeasurementKind, points: NDArray[np.float64]) -> QPainterPath:
    path = QPainterPath()
    for stroke in strokes(kind, points):
        path.moveTo(QPointF(*stroke[0].tolist()))
        for x, y in stroke[1:].tolist():
            path.lineTo(QPointF(x, y))
    if kind is MeasurementKind.ARROW and len(points) == 2:
        _add_head(path, points)
    if kind is MeasurementKind.TEXT or (len(points) == 1 and kind not in CROSSED):
        path.addEllipse(QPointF(*points[0].tolist()), 2.0, 2.0)
    if kind in CROSSED:
        for x, y in points.tolist():
            path.moveTo(x - TICK, y)
            path.lineTo(x + TICK, y)
            path.moveTo(x, y - TICK)
            path.lineTo(x, y + TICK)
    return path


def _add_head(path: QPainterPath, points: NDArray[np.float64]) -> None:
    """Draw the head at the second point: an arrow is pulled to what it means."""
    step = points[1] - points[0]
    size = float(np.linalg.norm(step))
    if size == 0:
        return
    along = step / size * HEAD
    across = np.array([-along[1], along[0]]) * 0.45
    for side in (across, -across):
        path.moveTo(QPointF(*points[1].tolist()))
        path.lineTo(QPointF(*(points[1] - along + side).tolist()))


def _paint_handles(brush: Brush, points: NDArray[np.float64]) -> None:
    brush.pen(brush.palette.canvas, 1.0)
    for x, y in points.tolist():
        square = QRectF(x - HANDLE, y - HANDLE, 2 * HANDLE, 2 * HANDLE)
        brush.painter.fillRect(square, QColor(brush.palette.accent))
        brush.painter.drawRect(square)


def _paint_words(
    brush: Brush,
    kind: MeasurementKind,
    points: NDArray[np.float64],
    lines: tuple[str, ...],
    taken: Sequence[Box],
) -> Box:
    metrics = brush.metrics
    width = max(metrics.horizontalAdvance(line) for line in lines)
    height = metrics.lineSpacing() * len(lines)
    outline = strokes(kind, points)
    reached = np.concatenate([points, *outline]) if outline else points
    if kind is MeasurementKind.ARROW:
        # The words of an arrow stand at its tail, away from what it points at.
        reached = points[:1]
    area = (brush.width - MARGIN, brush.height - MARGIN)
    x, y = label_place(reached, (width, height), area, taken)
    for row, line in enumerate(lines):
        baseline = y + metrics.ascent() + row * metrics.lineSpacing()
        brush.shadowed(x, baseline, line, brush.palette.measure)
    return (x, y, width, height)


def words_place(
    points: NDArray[np.float64], size_label: tuple[float, float], size_canvas: tuple[float, float]
) -> tuple[float, float]:
    """Return where the field stands in which words are typed: where the words will stand."""
    x, y = label_place(points, size_label, size_canvas)
    return max(x, GAP_CANVAS), max(y, GAP_CANVAS)
