"""The magnifier: a round lens over the picture that shows its pixels larger, at full resolution."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath

from viewers.qt.hatch_painting import paint_filled
from viewers.qt.painting import Brush, image_transform
from viewers.qt.raster import ScreenRaster
from viewers.render.mapping import CanvasMap
from viewers.state.view_state import Interpolation

if TYPE_CHECKING:
    from viewers.qt.model import ViewportModel

RADIUS = 110.0
"""Radius of the lens in device-independent pixels: as much as the eye takes in at once."""

SHARE = 0.45
"""The lens takes at most so much of the shorter side of the canvas, as radius."""


class LensPainter:
    """Draws the lens over one viewport. UI thread.

    Args:
        model: what is shown there.
    """

    def __init__(self, model: ViewportModel) -> None:
        self._model = model
        self._raster = ScreenRaster()

    def paint(
        self,
        brush: Brush,
        at_canvas: tuple[float, float],
        factor: float,
        fitted: tuple[float, float],
        *,
        marks: Callable[[Brush, CanvasMap], None] = lambda _brush, _mapping: None,
    ) -> bool:
        """Draw the lens; False where nothing is shown.

        Args:
            brush: paints on the canvas.
            at_canvas: the middle of the lens; what lies there stays there.
            factor: how much larger than the picture.
            fitted: width and height of the picture; the notice band below is never covered.
            marks: draws the marks where they lie on a mapping.
        """
        frame = self._model.frame()
        if frame is not None and frame.original is not None:
            is_left = at_canvas[0] < self._model.state.value.curtain * fitted[0]
            frame = frame.original if is_left else frame
        mapping = None if frame is None else self._model.map_of(frame, fitted)
        if frame is None or mapping is None:
            return False
        radius = min(RADIUS, SHARE * min(fitted))
        x, y = at_canvas
        circle = QRectF(x - radius, y - radius, 2 * radius, 2 * radius)
        path = QPainterPath()
        path.addEllipse(circle)
        painter = brush.painter
        painter.save()
        painter.setClipRect(QRectF(0, 0, fitted[0], fitted[1]))
        painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
        painter.fillRect(circle, Qt.GlobalColor.black)
        is_smooth = self._model.state.value.interpolation is Interpolation.LINEAR
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth)
        painter.translate(x, y)
        painter.scale(factor, factor)
        painter.translate(-x, -y)
        painter.setTransform(image_transform(mapping, 1), True)
        painter.drawImage(0, 0, self._raster.image(frame, 1))
        painter.restore()
        painter.save()
        painter.setClipRect(QRectF(0, 0, fitted[0], fitted[1]))
        painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
        larger = magnified(mapping, at_canvas, factor)
        paint_filled(brush, frame.filled, larger)
        marks(brush, larger)
        painter.restore()
        self._paint_rim(brush, circle, factor, fitted)
        return True

    def _paint_rim(
        self, brush: Brush, circle: QRectF, factor: float, fitted: tuple[float, float]
    ) -> None:
        painter = brush.painter
        painter.save()
        painter.setClipRect(QRectF(0, 0, fitted[0], fitted[1]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((brush.palette.canvas, 4.0), (brush.palette.quiet, 1.5)):
            brush.pen(color, width)
            painter.drawEllipse(circle)
        words = f"{factor:g} x"
        middle = circle.center().x() - brush.metrics.horizontalAdvance(words) / 2
        brush.shadowed(middle, circle.bottom() - brush.metrics.height(), words, brush.palette.text)
        painter.restore()


def magnified(mapping: CanvasMap, at_canvas: tuple[float, float], factor: float) -> CanvasMap:
    """Return where a slice lies that is larger around a place of the canvas."""
    at = np.array(at_canvas)
    return replace(
        mapping,
        linear=mapping.linear * factor,
        offset_canvas=at + factor * (mapping.offset_canvas - at),
        px_per_mm=mapping.px_per_mm * factor,
    )


def lens_place(
    model: ViewportModel,
    fitted: tuple[float, float],
    pointer: tuple[float, float] | None,
    cursor_cr: tuple[float, float] | None,
) -> tuple[float, float]:
    """Return where the lens stands: pointer, cursor of the keys, crosshair, else the middle."""
    if pointer is not None:
        return pointer
    mapping, crosshair = model.frame_map(fitted), model.marks.crosshair.value
    if mapping is not None and cursor_cr is not None:
        x, y = mapping.pixel_to_canvas(np.array(cursor_cr))
        return float(x), float(y)
    if mapping is not None and crosshair is not None and model.is_reached_by(crosshair):
        point = QPointF(*mapping.patient_to_canvas(np.array(crosshair.point_mm)).tolist())
        return point.x(), point.y()
    return fitted[0] / 2, fitted[1] / 2
