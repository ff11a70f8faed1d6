"""Draws what a viewport shows: picture, marks, texts and notice band, onto any painter.

The canvas on screen and the pictures, movies and prints that leave are drawn by this one class, so
that what is exported is what was seen. Nothing here knows a widget.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from viewers.qt import mark_painting, painting
from viewers.qt.brief_texts import brief_texts, is_small
from viewers.qt.compare_painting import (
    paint_curtain,
    paint_curtain_names,
    paint_gray_scale,
    paint_uncertainty,
    paint_uncertainty_scale,
)
from viewers.qt.compare_texts import difference_ends, level_text, unit_text
from viewers.qt.content import Content
from viewers.qt.counting import OpenMark
from viewers.qt.curve_painting import paint_curve
from viewers.qt.fusion_painting import paint_color_bar
from viewers.qt.fusion_texts import OverlayLines
from viewers.qt.hatch_painting import paint_filled
from viewers.qt.link_painting import (
    paint_cursor,
    paint_lines,
    paint_link_mark,
    paint_small_link_mark,
)
from viewers.qt.link_texts import brief_link_words, link_words
from viewers.qt.look_painting import paint_look
from viewers.qt.mark_place import why_filled
from viewers.qt.mark_texts import mark_lines
from viewers.qt.model import ViewportModel
from viewers.qt.painting import Brush
from viewers.qt.plane_painting import paint_cross_lines
from viewers.qt.raster import ScreenRaster
from viewers.qt.region_layer import RegionPainter
from viewers.qt.texts import Notice, corner_texts, prior_lines, unread_text
from viewers.qt.words import tr
from viewers.render.frame import Frame, Shown, difference_half_width
from viewers.render.labels import EdgeLetters, edge_letters
from viewers.render.mapping import CanvasMap, zoom_factor
from viewers.render.overlays import measurement_points
from viewers.render.planes import PlaneStack
from viewers.render.stored_look import slice_name
from viewers.state.view_state import Interpolation, Plane, Tool, Turn
from viewers.tools.curve import reaches
from viewers.tools.measure import PointerReading
from viewers.tools.shapes import Box
from viewers.tools.turn_planes import CrossLine
from workstation.core.measurement import Measurement, MeasurementKind


@dataclass(frozen=True, slots=True)
class LiveMarks:
    """What the hand is at, which only the screen shows; nothing of it for a picture that leaves.

    Attributes:
        original, changed: a mark that is being dragged, before and now; None for none.
        pending: marks that are not finished.
        waiting: marks whose values are still being counted, on the slice on show.
        draft_kind, draft_mm: points of a mark that has too few of them to have a value.
        cursor_cr: where the keys mark next, (column, row); None for nowhere.
        cross_lines: lines of the other planes; empty where none is turned with this one.
        reading: what lies under the pointer, where it is to be said.
        is_hasty: the view moves under the hand: a large picture is painted with nearest pixels.
    """

    original: Measurement | None = None
    changed: Measurement | None = None
    pending: tuple[Measurement, ...] = ()
    waiting: tuple[OpenMark, ...] = ()
    draft_kind: MeasurementKind | None = None
    draft_mm: tuple[tuple[float, float, float], ...] = ()
    cursor_cr: tuple[float, float] | None = None
    cross_lines: tuple[CrossLine, ...] = ()
    reading: PointerReading | None = None
    is_hasty: bool = False


@dataclass(frozen=True, slots=True)
class PictureSize:
    """Where a picture is drawn.

    Attributes:
        fitted: width and height that the slice is fitted into, device-independent pixels.
        band: height of the notice band, which lies below that.
        pixel_ratio: device pixels per device-independent one.
    """

    fitted: tuple[float, float]
    band: float
    pixel_ratio: float = 1.0


HASTY_FROM_PX = 2_500_000
"""Device pixels from which a moving picture is painted with nearest pixels. To interpolate them
takes longer than all else, and a screen of 1920 x 1200 is below."""

COUNTING = "\N{HORIZONTAL ELLIPSIS}"
"""Stands beside a mark until its values are there."""

EMPTY = "No images here. Drop a series here, or choose one at the left."
"""Said in a viewport that shows nothing, and to screen readers."""


class PicturePainter:
    """Draws one viewport's model. Owned by the thread that paints.

    Args:
        model: what is shown, and how.
    """

    def __init__(self, model: ViewportModel) -> None:
        self._model = model
        self._raster = ScreenRaster()
        self._left_raster = ScreenRaster()
        self._regions = RegionPainter()
        self._overlay_lines = OverlayLines()
        self._lettered: tuple[PlaneStack, Turn, EdgeLetters] | None = None

    def forget(self) -> None:
        """Let go of what was cut for the last volume."""
        self._regions.forget()
        self._lettered = None

    def paint(
        self,
        brush: Brush,
        size: PictureSize,
        said: tuple[Notice, ...],
        live: LiveMarks,
    ) -> Frame | None:
        """Draw everything; return the frame, or None where there is nothing to show.

        Args:
            brush: paints on the whole canvas.
            size: of the canvas.
            said: notices of the band; they are drawn whatever else is hidden.
            live: what the hand is at.
        """
        content, frame = self._model.content.value, self._model.frame()
        mapping = self._model.frame_map(size.fitted)
        if content is None or frame is None or mapping is None:
            painting.fill(brush)
            painting.paint_message(brush, tr(EMPTY))
            return None
        state = self._model.state.value
        self._paint_slice(brush, content, frame, mapping, size, is_hasty=live.is_hasty)
        self._paint_uncertainty(brush, frame, mapping, size)
        if frame.original is not None:
            paint_curtain(brush, self._curtain_x(size), size.band)
        if state.shows_overlays:
            self._paint_marks(brush, content, frame, mapping, live)
        if state.shows_texts:
            self._paint_texts(brush, content, frame, mapping, size, live.reading)
        if frame.fused is not None:
            paint_color_bar(brush, frame.fused, size.band)
        self._paint_comparison(brush, content, frame, size)
        if said:
            painting.paint_band(brush, said, size.band)
        return frame

    def paint_marks(self, brush: Brush, mapping: CanvasMap, live: LiveMarks) -> None:
        """Draw the marks alone, where they lie on another mapping of the slice on show."""
        content, frame = self._model.content.value, self._model.frame()
        if content is not None and frame is not None and self._model.state.value.shows_overlays:
            # The lines of the crosshair are placed on the canvas; here its place is enough.
            self._paint_marks(brush, content, frame, mapping, replace(live, cross_lines=()))

    def _paint_slice(
        self,
        brush: Brush,
        content: Content,
        frame: Frame,
        mapping: CanvasMap,
        size: PictureSize,
        *,
        is_hasty: bool,
    ) -> None:
        is_stored = self._model.state.value.plane is Plane.ACQUIRED
        if frame.is_loaded or frame.projected or not is_stored:
            painted_px = size.fitted[0] * size.fitted[1] * size.pixel_ratio**2
            is_coarse = is_hasty and painted_px >= HASTY_FROM_PX
            ratio = size.pixel_ratio
            left = (
                None if frame.original is None else self._model.map_of(frame.original, size.fitted)
            )
            if frame.original is None or left is None:
                self._paint_image(brush, self._raster, frame, mapping, ratio, is_hasty=is_coarse)
                return
            x, height = self._curtain_x(size), brush.height
            halves = (
                (self._left_raster, frame.original, left, QRectF(0, 0, x, height)),
                (self._raster, frame, mapping, QRectF(x, 0, brush.width - x, height)),
            )
            for raster, half, at, area in halves:
                brush.painter.save()
                brush.painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
                self._paint_image(brush, raster, half, at, ratio, is_hasty=is_coarse)
                brush.painter.restore()
            return
        painting.fill(brush)
        if content.is_finished:
            _paint_unread(brush, content, frame, mapping)
        else:
            words = tr("Slice {0} is loading").format(frame.index + 1)
            painting.paint_message(brush, words)

    def _curtain_x(self, size: PictureSize) -> float:
        """Return where the curtain stands; on a whole device pixel, so that no seam is blended."""
        ratio = size.pixel_ratio
        return round(self._model.state.value.curtain * size.fitted[0] * ratio) / ratio

    def _paint_uncertainty(
        self, brush: Brush, frame: Frame, mapping: CanvasMap, size: PictureSize
    ) -> None:
        """Lay the uncertainty over the result, and over nothing of the original."""
        uncertainty = self._model.uncertainty(frame)
        if uncertainty is None:
            return
        x = 0.0 if frame.original is None else self._curtain_x(size)
        area = QRectF(x, 0, brush.width - x, brush.height)
        brush.painter.save()
        brush.painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
        paint_uncertainty(brush, mapping, uncertainty)
        brush.painter.restore()

    def _paint_comparison(
        self, brush: Brush, content: Content, frame: Frame, size: PictureSize
    ) -> None:
        """Draw what tells original and result apart; nothing hides it."""
        state, unit = self._model.state.value, content.volume.intensity.unit
        if frame.shown is Shown.DIFFERENCE:
            half = difference_half_width(state, content.enhanced)
            ends = difference_ends(half, unit)
            paint_gray_scale(brush, ends, size.band, is_inverted=state.is_inverted)
        uncertainty = self._model.uncertainty(frame)
        if uncertainty is not None:
            top = unit_text(uncertainty.top, unit, sign="\N{PLUS-MINUS SIGN}")
            name = level_text(uncertainty.level)
            paint_uncertainty_scale(brush, top, name, size.band)
        if frame.original is not None:
            paint_curtain_names(brush, self._curtain_x(size), size.band)

    def _paint_image(
        self,
        brush: Brush,
        raster: ScreenRaster,
        frame: Frame,
        mapping: CanvasMap,
        ratio: float,
        *,
        is_hasty: bool,
    ) -> None:
        painting.fill_around(brush, mapping)
        finest = float(np.abs(mapping.linear).sum(axis=0).min()) * ratio
        shrink = max(1, int(1 / finest)) if finest < 0.5 else 1
        is_linear = self._model.state.value.interpolation is Interpolation.LINEAR
        is_smooth = is_linear and not is_hasty
        brush.painter.save()
        brush.painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth)
        transform = painting.image_transform(mapping, shrink)
        brush.painter.setTransform(transform, combine=True)
        brush.painter.drawImage(0, 0, raster.image(frame, shrink, is_hasty=is_hasty))
        brush.painter.restore()
        paint_filled(brush, frame.filled, mapping)

    def _paint_marks(
        self, brush: Brush, content: Content, frame: Frame, mapping: CanvasMap, live: LiveMarks
    ) -> None:
        marks = self._model.marks
        paint_lines(brush, frame, mapping, self._model.link.value)
        look = self._model.stored_look(frame)
        if look is not None and look.shows_graphics:
            paint_look(brush, mapping, look.state, slice_name(content.volume, frame.index))
        self._regions.paint(brush, mapping, self._model.regions())
        for evidence in marks.evidence.value:
            if mark := self._model.mark_of(evidence, frame):
                painting.paint_evidence(brush, mark, mapping)
        crosshair = marks.crosshair.value
        if crosshair is not None and self._model.is_reached_by(crosshair):
            at = mapping.patient_to_canvas(np.array(crosshair.point_mm))
            if live.cross_lines:
                has_handles = self._model.state.value.tool is Tool.CROSSHAIR
                paint_cross_lines(brush, live.cross_lines, has_handles=has_handles)
            else:
                painting.paint_crosshair(brush, QPointF(float(at[0]), float(at[1])))
        self._paint_measurements(brush, content, frame, mapping, live)
        self._paint_curve(brush, content, mapping)
        for one in live.pending:
            points = frame.stack.to_pixel_cr(frame.index, np.array(one.points_mm))
            mark_painting.paint_mark(
                brush, one.kind, mapping.pixel_to_canvas(points), mark_lines(one)
            )
        for waiting in live.waiting:
            points = frame.stack.to_pixel_cr(frame.index, np.array(waiting.points_mm))
            canvas = mapping.pixel_to_canvas(points)
            mark_painting.paint_mark(brush, waiting.kind, canvas, (COUNTING,))
        if live.draft_kind is not None:
            points = frame.stack.to_pixel_cr(frame.index, np.array(live.draft_mm))
            canvas = mapping.pixel_to_canvas(points)
            mark_painting.paint_mark(brush, live.draft_kind, canvas, ())
        if live.cursor_cr is not None:
            at = mapping.pixel_to_canvas(np.array(live.cursor_cr))
            mark_painting.paint_key_cursor(brush, at)
        paint_cursor(brush, mapping, self._model.link.value)

    def _paint_measurements(
        self, brush: Brush, content: Content, frame: Frame, mapping: CanvasMap, live: LiveMarks
    ) -> None:
        selected = self._model.marks.selected.value
        held = "" if live.original is None else live.original.measurement_id
        counting = {waiting.mark_id for waiting in live.waiting}
        taken: list[Box] = []
        for one in self._model.marks.measurements.value:
            if one.measurement_id in counting:
                continue
            is_held = live.changed is not None and held == one.measurement_id
            shown = live.changed if live.changed is not None and is_held else one
            points = self._points_of(shown, content, frame)
            if points is None:
                continue
            words = mark_painting.paint_mark(
                brush,
                shown.kind,
                mapping.pixel_to_canvas(points),
                self._lines_of(shown, frame),
                is_selected=one.measurement_id == selected,
                taken=taken,
            )
            taken += [] if words is None else [words]

    def _paint_texts(
        self,
        brush: Brush,
        content: Content,
        frame: Frame,
        mapping: CanvasMap,
        size: PictureSize,
        reading: PointerReading | None,
    ) -> None:
        state = self._model.state.value
        zoom = zoom_factor(frame.stack, state, size.fitted)
        texts = corner_texts(content, state, frame, zoom=zoom, reading=reading)
        has_room = not is_small(size.fitted[1], brush.metrics.lineSpacing())
        if not has_room:
            texts = brief_texts(texts, content, state, frame, zoom=zoom)
        painting.paint_corners(brush, texts, size.band)
        mark = self._model.link.value.mark
        if has_room:
            ends = map(brush.metrics.horizontalAdvance, texts.bottom_left)
            left = painting.MARGIN + max(ends, default=0)
            paint_link_mark(brush, link_words(mark), size.band, left=left)
        elif mark.kinds:
            paint_small_link_mark(brush, brief_link_words(mark), size.band)
        right = painting.MARGIN
        if frame.stack.is_placed:
            letters = self._letters(frame.stack, state.turn)
            lines = len(texts.bottom_left)
            painting.paint_letters(brush, letters, size.band, lines=lines)
            if has_room:
                cube = painting.paint_cube(brush, letters, right, size.band)
                right += cube + 1.5 * painting.MARGIN
        if frame.stack.has_millimetres and has_room:
            painting.paint_scale(brush, mapping.px_per_mm, right, size.band)

    def _letters(self, stack: PlaneStack, turn: Turn) -> EdgeLetters:
        if self._lettered is None or self._lettered[0] is not stack or self._lettered[1] != turn:
            self._lettered = stack, turn, edge_letters(stack, turn)
        return self._lettered[2]

    def _paint_curve(self, brush: Brush, content: Content, mapping: CanvasMap) -> None:
        curves, volume = self._model.marks.curves, content.volume
        curve = curves.curve.value
        if curve is not None and reaches(curve, volume.geometry, volume.series.series_uid):
            paint_curve(brush, mapping, curve, curves.at_mm.value)

    def _lines_of(self, one: Measurement, frame: Frame) -> tuple[str, ...]:
        """Return the words at a mark: of a prior with its date, of an overlay with its value."""
        content = self._model.content.value
        prior = () if content is None else prior_lines(content)
        if why_filled(self._model, one.kind, np.array(one.points_mm)):
            return (*((one.text,) if one.text else ()), tr("no number: not scanned"), *prior)
        if frame.fused is None:
            return (*mark_lines(one), *prior)
        return (*mark_lines(one), *prior, *self._overlay_lines.of(frame.fused.overlay, one))

    def _points_of(
        self, measurement: Measurement, content: Content, frame: Frame
    ) -> NDArray[np.float64] | None:
        measured = content.measured
        if measured is None:
            return None
        shown = measured if self._model.shows_stored_slices else content.volume
        return measurement_points(measurement, measured, shown, frame.stack, frame.index)


def _paint_unread(brush: Brush, content: Content, frame: Frame, mapping: CanvasMap) -> None:
    """Paint the place of a slice that could not be read, so that nobody takes it for air."""
    rows, columns = frame.stack.shape_rc
    right, down = columns - 0.5, rows - 0.5
    ends = np.array([(-0.5, -0.5), (right, -0.5), (right, down), (-0.5, down)])
    corners = mapping.pixel_to_canvas(ends).tolist()
    painting.paint_hatching(brush, [QPointF(*xy) for xy in corners])
    words = unread_text(frame.index, content.why_unread(frame.index))
    painting.paint_message(brush, words, is_boxed=True)
