"""The image area of a viewport: paints the model's picture and turns gestures into proposals."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from viewers.qt import mark_painting, painting
from viewers.qt.content import Content
from viewers.qt.hand import Hand
from viewers.qt.mark_keys import MarkKeys
from viewers.qt.mark_texts import mark_lines
from viewers.qt.mark_words import WordField
from viewers.qt.model import ViewportModel
from viewers.qt.painting import Brush
from viewers.qt.palette import Palette
from viewers.qt.plane_painting import paint_cross_lines
from viewers.qt.plane_turning import PlaneTurner
from viewers.qt.raster import ScreenRaster
from viewers.qt.region_layer import RegionPainter
from viewers.qt.texts import (
    Notice,
    corner_texts,
    notice_lines,
    unread_text,
)
from viewers.render.frame import Frame
from viewers.render.labels import edge_letters
from viewers.render.mapping import CanvasMap, zoom_factor
from viewers.render.overlays import measurement_points
from viewers.state.view_state import Interpolation, Plane, Tool
from viewers.tools import navigate
from viewers.tools.gesture import View
from viewers.tools.shapes import Box
from workstation.core.measurement import Measurement, MeasurementKind
from workstation.core.provenance import PixelKind

NOTCH = 120
"""Wheel units of one notch; Qt gives angleDelta in eighths of a degree, 15 degrees a notch."""

PAGE_STEPS = 10
"""Slices that Page Up and Page Down move."""

BAND_PADDING = 8.0
"""Space above and below the words of the notice band together."""

STEP_KEYS: dict[int, int] = {
    Qt.Key.Key_Up.value: -1,
    Qt.Key.Key_Down.value: 1,
    Qt.Key.Key_PageUp.value: -PAGE_STEPS,
    Qt.Key.Key_PageDown.value: PAGE_STEPS,
}
"""Keys that step through the slices while the image has the focus."""


class CanvasWidget(QWidget):
    """Shows the picture of a model and proposes new states. UI thread.

    Signals:
        pointer_moved: a PointerReading, or None where there is nothing under the pointer.
        measurement_made: a Measurement the reader has just made.
        slice_shown: series UID and instance UID of a stored slice that has been painted.
        evidence_shown: an Evidence whose mark has been painted on a loaded slice.
        pressed: the pointer went down here.
        refused: a sentence that says why a tool does nothing here.
        maximize_requested: double click.
        slab_steps: steps by which the wheel makes the slab thicker.
    """

    pointer_moved = Signal(object)
    measurement_made = Signal(object)
    slice_shown = Signal(str, str)
    evidence_shown = Signal(object)
    pressed = Signal()
    refused = Signal(str)
    maximize_requested = Signal()
    slab_steps = Signal(int)

    def __init__(
        self, model: ViewportModel, palette: Palette, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._colors = palette
        self._hand = Hand(model, self)
        self.marker = self._hand.marker
        self._mark_keys = MarkKeys(model, self.marker, self)
        self._words = WordField(self.marker, self, self.words_at)
        self._wheel_rest = 0.0
        self._raster = ScreenRaster()
        self._regions = RegionPainter()
        self._told: object = None
        self._is_active = False
        self.compare_key = "H"
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Image"))
        self._hand.measurement_made.connect(self.measurement_made)
        self._hand.pointer_moved.connect(self.pointer_moved)
        self._hand.refused.connect(self.refused)
        self._hand.changed.connect(self.update)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest useful size."""
        return QSize(120, 120)

    @property
    def turner(self) -> PlaneTurner:
        """Turns this plane and those it is linked to."""
        return self._hand.turner

    @property
    def size_canvas(self) -> tuple[float, float]:
        """Width and height that pictures are fitted into, device-independent pixels.

        The height of the notice band is always left out, so that the picture does not move when
        a notice comes or goes.
        """
        return (float(max(self.width(), 1)), max(self.height() - self.band_height, 1.0))

    @property
    def band_height(self) -> float:
        """Height of the notice band, device-independent pixels."""
        return self.fontMetrics().height() + BAND_PADDING

    def view(self) -> View | None:
        """Return what a gesture acts on; None where nothing is shown."""
        return self._model.view(self.size_canvas)

    def mapping(self) -> CanvasMap | None:
        """Return where the shown slice lies on the canvas; None where nothing is shown."""
        view = self.view()
        return view.map(self._model.state.value) if view else None

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the picture, the marks, the texts and the band, in this order."""
        self.turner.size_canvas = self.size_canvas
        painter = QPainter(self)
        brush = Brush(painter, float(self.width()), float(self.height()), self._colors)
        painter.fillRect(self.rect(), self._colors.canvas)
        content, frame = self._model.content.value, self._model.frame()
        mapping = self._model.frame_map(self.size_canvas)
        if content is None or frame is None or mapping is None:
            painting.paint_message(brush, self.tr("No images here. Choose a series to show it."))
        else:
            self._paint_content(brush, content, frame, mapping)
        if self.hasFocus() or self._is_active:
            brush.pen(self._colors.accent if self.hasFocus() else self._colors.quiet)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def set_active(self, *, is_active: bool) -> None:
        """Frame the canvas that keys act on, where there are several."""
        if is_active != self._is_active:
            self._is_active = is_active
            self.update()

    def _paint_content(
        self, brush: Brush, content: Content, frame: Frame, mapping: CanvasMap
    ) -> None:
        state = self._model.state.value
        if frame.is_loaded or frame.projected or state.plane is not Plane.ACQUIRED:
            self._paint_image(brush, frame, mapping)
        elif content.is_finished:
            self._paint_unread(brush, content, frame, mapping)
        else:
            words = self.tr("Slice {0} is loading").format(frame.index + 1)
            painting.paint_message(brush, words)
        said = self._model.notices(self.compare_key)
        band = self.band_height
        if state.shows_overlays:
            self._paint_marks(brush, content, frame, mapping)
        if state.shows_texts:
            self._paint_texts(brush, content, frame, mapping, band)
        if said:
            painting.paint_band(brush, said, band)
        self._describe(frame, said)
        self._tell_shown(content, frame)

    def _paint_image(self, brush: Brush, frame: Frame, mapping: CanvasMap) -> None:
        finest = float(np.abs(mapping.linear).sum(axis=0).min()) * self.devicePixelRatioF()
        shrink = max(1, int(1 / finest)) if finest < 0.5 else 1
        is_smooth = self._model.state.value.interpolation is Interpolation.LINEAR
        brush.painter.save()
        brush.painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth)
        brush.painter.setTransform(painting.image_transform(mapping, shrink))
        brush.painter.drawImage(0, 0, self._raster.image(frame, shrink))
        brush.painter.restore()

    def _paint_unread(
        self, brush: Brush, content: Content, frame: Frame, mapping: CanvasMap
    ) -> None:
        """Paint the place of a slice that could not be read, so that nobody takes it for air."""
        rows, columns = frame.stack.shape_rc
        right, down = columns - 0.5, rows - 0.5
        ends = np.array([(-0.5, -0.5), (right, -0.5), (right, down), (-0.5, down)])
        corners = mapping.pixel_to_canvas(ends).tolist()
        painting.paint_hatching(brush, [QPointF(*xy) for xy in corners])
        words = unread_text(frame.index, content.why_unread(frame.index))
        painting.paint_message(brush, words, is_boxed=True)

    def _paint_marks(
        self, brush: Brush, content: Content, frame: Frame, mapping: CanvasMap
    ) -> None:
        marks = self._model.marks
        self._regions.paint(brush, mapping, self._model.regions())
        for evidence in marks.evidence.value:
            if mark := self._model.mark_of(evidence, frame):
                painting.paint_evidence(brush, mark, mapping)
        crosshair = marks.crosshair.value
        if crosshair is not None and self._model.is_reached_by(crosshair):
            at = mapping.patient_to_canvas(np.array(crosshair.point_mm))
            lines = self.turner.lines(mapping)
            if lines:
                has_handles = self._model.state.value.tool is Tool.CROSSHAIR
                paint_cross_lines(brush, lines, has_handles=has_handles)
            else:
                painting.paint_crosshair(brush, QPointF(float(at[0]), float(at[1])))
        self._paint_measurements(brush, content, frame, mapping)

    def _paint_measurements(
        self, brush: Brush, content: Content, frame: Frame, mapping: CanvasMap
    ) -> None:
        grab, selected = self.marker.grab, self._model.marks.selected.value
        taken: list[Box] = []
        for one in self._model.marks.measurements.value:
            is_held = grab is not None and grab.original.measurement_id == one.measurement_id
            shown = grab.changed if grab is not None and is_held else one
            points = self._points_of(shown, content, frame)
            if points is not None:
                words = mark_painting.paint_mark(
                    brush,
                    shown.kind,
                    mapping.pixel_to_canvas(points),
                    mark_lines(shown),
                    is_selected=one.measurement_id == selected,
                    taken=taken,
                )
                taken += [] if words is None else [words]
        for one in self._hand.pending():
            points = frame.stack.to_pixel_cr(frame.index, np.array(one.points_mm))
            lines = mark_lines(one)
            mark_painting.paint_mark(brush, one.kind, mapping.pixel_to_canvas(points), lines)
        self._paint_draft(brush, frame, mapping)
        cursor = self._mark_keys.cursor_cr
        if cursor is not None:
            mark_painting.paint_key_cursor(brush, mapping.pixel_to_canvas(np.array(cursor)))

    def _paint_draft(self, brush: Brush, frame: Frame, mapping: CanvasMap) -> None:
        """Paint the points of a mark that has too few of them to have a value."""
        draft = self.marker.draft
        hidden = (MeasurementKind.ELLIPSE, MeasurementKind.RECTANGLE)
        if draft is None or draft.kind in hidden or not draft.shown():
            return
        points = frame.stack.to_pixel_cr(frame.index, np.array(draft.shown()))
        canvas = mapping.pixel_to_canvas(points)
        is_open = draft.is_outline
        kind = MeasurementKind.ANGLE if is_open else draft.kind
        mark_painting.paint_mark(brush, kind, canvas, ())

    def _paint_texts(
        self, brush: Brush, content: Content, frame: Frame, mapping: CanvasMap, band: float
    ) -> None:
        state = self._model.state.value
        zoom = zoom_factor(frame.stack, state, self.size_canvas)
        reading = self._hand.reading if state.tool is Tool.PROBE else None
        texts = corner_texts(content, state, frame, zoom=zoom, reading=reading)
        painting.paint_corners(brush, texts, band)
        right = painting.MARGIN
        if frame.stack.is_placed:
            letters = edge_letters(frame.stack, state.turn)
            painting.paint_letters(brush, letters, band)
            right += painting.paint_cube(brush, letters, right, band) + 1.5 * painting.MARGIN
        if frame.stack.has_millimetres:
            painting.paint_scale(brush, mapping.px_per_mm, right, band)

    def _points_of(
        self, measurement: Measurement, content: Content, frame: Frame
    ) -> NDArray[np.float64] | None:
        measured = content.measured
        if measured is None:
            return None
        shown = measured if self._model.shows_stored_slices else content.volume
        return measurement_points(measurement, measured, shown, frame.stack, frame.index)

    def _describe(self, frame: Frame, said: tuple[Notice, ...]) -> None:
        """Say to screen readers where in the series one is and what the band says."""
        where = self.tr("Slice {0} of {1}").format(frame.index + 1, frame.stack.count)
        content, state = self._model.content.value, self._model.state.value
        is_stored = state.plane is Plane.ACQUIRED and not frame.projected
        blank = ""
        if content is not None and is_stored and content.is_unread(frame.index):
            blank = unread_text(frame.index, content.why_unread(frame.index))
        text = "\n".join(part for part in (where, blank, notice_lines(said)) if part)
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)

    def edit_words(self) -> bool:
        """Let the reader give the selected mark words; False where none is selected here."""
        one = self.marker.selected()
        if one is not None:
            self._words.ask(one)
        return one is not None

    def words_at(self, measurement: Measurement) -> tuple[float, float] | None:
        """Return where the words of a mark are typed, on the canvas; None where it is not."""
        mapping, points = self.mapping(), self.marker.points_cr(measurement)
        if mapping is None or points is None:
            return None
        size = (float(self._words.width()), float(self._words.height()))
        return mark_painting.words_place(mapping.pixel_to_canvas(points), size, self.size_canvas)

    def forget(self) -> None:
        """Let go of what was on show, so that its voxels are freed."""
        self._regions.forget()
        self._told = None

    def _tell_shown(self, content: Content, frame: Frame) -> None:
        """Tell once per picture what has been on screen, after the paint is over."""
        # A slice counts as seen only where it is shown by itself.
        if not frame.is_loaded or frame.projected or not self.isVisible():
            return
        evidence = self._visible_evidence(frame)
        told = (frame.stack.plane, frame.index, content, evidence)
        if told == self._told:
            return
        self._told = told
        volume = content.volume
        is_original = volume.provenance.kind is PixelKind.ORIGINAL
        is_stored = frame.stack.plane is Plane.ACQUIRED and is_original

        def tell() -> None:
            if is_stored:
                self.slice_shown.emit(volume.series.series_uid, volume.instance_uids[frame.index])
            for piece in evidence:
                self.evidence_shown.emit(piece)

        QTimer.singleShot(0, self, tell)

    def _visible_evidence(self, frame: Frame) -> tuple[object, ...]:
        if not self._model.state.value.shows_overlays:
            return ()
        return tuple(
            evidence
            for evidence in self._model.marks.evidence.value
            if self._model.mark_of(evidence, frame) is not None
        )

    # Gestures

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag: left the tool, right the window, middle the pan."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.pressed.emit()
        self._mark_keys.forget()
        if view := self.view():
            self._hand.press(event.button(), view, _at(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the drag, and tell what lies under the pointer."""
        if view := self.view():
            self._hand.move(view, _at(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag of the button that went up."""
        if view := self.view():
            self._hand.release(event.button(), view, _at(event))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Close an outline, give a mark other words, or ask for this viewport alone."""
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and self.marker.close():
            return
        self._hand.cancel()
        view = self.view()
        under = self.marker.hit(view, _at(event)) if view and is_left else None
        if under is not None:
            self.edit_words()
            return
        if event.button() == Qt.MouseButton.LeftButton:
            self.maximize_requested.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with ctrl zoom around the pointer, with shift change the thickness of the slab.

        Fine wheels and pads add up to notches.
        """
        view, state = self.view(), self._model.state.value
        event.accept()
        if view is None:
            return
        notches = event.angleDelta().y() / NOTCH
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._model.propose(navigate.wheel_zoom(state, view, notches, _at(event)))
            return
        self._wheel_rest += notches
        steps = int(self._wheel_rest)
        self._wheel_rest -= steps
        if steps and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.slab_steps.emit(steps)
        elif steps:
            self._model.propose(navigate.scroll(state, view, -steps))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step through the slices; every other key belongs to the actions of the window."""
        view = self.view()
        if self._mark_keys.press(event):
            return
        steps = STEP_KEYS.get(event.key())
        if view is None or steps is None:
            super().keyPressEvent(event)
            return
        self._model.propose(navigate.scroll(self._model.state.value, view, steps))

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that nothing lies under the pointer."""
        self._hand.leave()
        super().leaveEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show the whole notice band under the pointer; claim keys that belong to marks."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            if self._mark_keys.wants(event):
                event.accept()
                return True
            return super().event(event)
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            is_on_band = event.pos().y() >= self.height() - self.band_height
            said = self._model.notices(self.compare_key) if is_on_band else ()
            QToolTip.showText(event.globalPos(), notice_lines(said), self)
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Become the viewport that keys act on."""
        super().focusInEvent(event)
        self.pressed.emit()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the focus frame away."""
        super().focusOutEvent(event)
        self.update()


def _at(event: QMouseEvent | QWheelEvent) -> tuple[float, float]:
    return (event.position().x(), event.position().y())
