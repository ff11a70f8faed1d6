"""Paints outlined regions over the picture of a viewport; keeps the last slice's traces."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from viewers.qt.painting import Brush, image_transform
from viewers.render.mapping import CanvasMap
from viewers.render.planes import PlaneStack
from viewers.render.region_marks import (
    RegionLayer,
    RegionTrace,
    ShownRegion,
    region_layer,
    region_trace,
)
from workstation.core.regions import OutlinedRegion

KEPT_TRACES = 256
"""Traces kept: 16 regions on 16 slices; scrolling back and forth cuts nothing again."""

OUTLINE_PX, HALO_PX = 1.6, 3.2
"""Width of an outline and of the dark line under it, which keeps it visible on bone."""


class RegionPainter:
    """Paints regions. Owned by one canvas; UI thread."""

    def __init__(self) -> None:
        self._traces: OrderedDict[tuple[int, int, int], RegionTrace | None] = OrderedDict()
        # The objects behind the ids of the keys: an id is only good while its object lives.
        self._alive: dict[int, object] = {}
        # The last picture of areas, with what it was made of: windowing does not mix it again.
        self._layer: tuple[object, RegionLayer | None, object] | None = None

    def paint(self, brush: Brush, mapping: CanvasMap, regions: tuple[ShownRegion, ...]) -> None:
        """Paint the areas, then the outlines of regions that have the place of the slice.

        Args:
            brush: paints on the canvas.
            mapping: where the slice lies.
            regions: those of the frame of reference of the slice.
        """
        found = []
        for shown in regions:
            trace = self._trace(shown.region, mapping.stack, mapping.index)
            if trace is not None:
                found.append((shown, trace))
        if not found:
            return
        brush.painter.save()
        self._paint_areas(brush.painter, mapping, found)
        brush.painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for shown, trace in found:
            ends = mapping.pixel_to_canvas(trace.lines_cr).tolist()
            lines = [QLineF(*start, *end) for start, end in ends]
            ground = QColor(brush.palette.canvas)
            ground.setAlpha(150)
            for color, width in ((ground, HALO_PX), (QColor(*shown.color_rgb), OUTLINE_PX)):
                pen = QPen(color, width)
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                brush.painter.setPen(pen)
                brush.painter.drawLines(lines)
        brush.painter.restore()

    def forget(self) -> None:
        """Let go of what was cut."""
        self._layer = None
        self._traces.clear()
        self._alive.clear()

    def _paint_areas(
        self, painter: QPainter, mapping: CanvasMap, found: list[tuple[ShownRegion, RegionTrace]]
    ) -> None:
        shown = [one for one in found if one[0].opacity > 0]
        key = [(look.color_rgb, look.opacity, id(trace)) for look, trace in shown]
        if self._layer is None or key != self._layer[0]:
            self._layer = (key, region_layer(shown), shown)
        layer = self._layer[1]
        if layer is None:
            return
        argb = np.ascontiguousarray(layer.rgba)
        rows, columns = argb.shape[:2]
        image = QImage(
            argb.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888_Premultiplied
        )
        painter.setTransform(image_transform(mapping, 1))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(*layer.corner_cr, image)
        painter.resetTransform()

    def _trace(self, region: OutlinedRegion, stack: PlaneStack, index: int) -> RegionTrace | None:
        key = (id(region), id(stack), index)
        if key in self._traces:
            self._traces.move_to_end(key)
            return self._traces[key]
        if len(self._traces) >= KEPT_TRACES:
            self.forget()
        self._alive[id(region)], self._alive[id(stack)] = region, stack
        self._traces[key] = trace = region_trace(region, stack, index)
        return trace
