"""The image area of a viewport: paints the model's picture and turns gestures into proposals."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewers.qt import painting
from viewers.qt.model import Content, ViewportModel
from viewers.qt.painting import Brush
from viewers.qt.palette import Palette
from viewers.qt.texts import corner_texts, measurement_text, notices
from viewers.render.frame import Frame
from viewers.render.labels import edge_letters
from viewers.render.mapping import CanvasMap, zoom_factor
from viewers.render.overlays import evidence_mark, measurement_points
from viewers.state.view_state import Interpolation, Plane, Tool, ViewState
from viewers.tools import navigate
from viewers.tools.gesture import Drag, View
from viewers.tools.grey import drag_window
from viewers.tools.measure import measure_length, measure_probe, probe
from workstation.core.measurement import Measurement

CLICK_PX = 3.0
"""A drag shorter than this is a click: hands tremble by two pixels."""

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


@dataclass(frozen=True, slots=True)
class _Hold:
    """A drag in progress: which tool, from which state and point."""

    tool: Tool
    state: ViewState
    start_canvas: tuple[float, float]


class CanvasWidget(QWidget):
    """Shows the picture of a model and proposes new states. UI thread.

    Signals:
        pointer_moved: a PointerReading, or None where there is nothing under the pointer.
        measurement_made: a Measurement the reader has just made.
        slice_shown: series UID and instance UID of a stored slice that has been painted.
        evidence_shown: an Evidence whose mark has been painted on a loaded slice.
        pressed: the pointer went down here.
        maximize_requested: double click.
    """

    pointer_moved = Signal(object)
    measurement_made = Signal(object)
    slice_shown = Signal(str, str)
    evidence_shown = Signal(object)
    pressed = Signal()
    maximize_requested = Signal()

    def __init__(
        self, model: ViewportModel, palette: Palette, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._colors = palette
        self._hold: _Hold | None = None
        self._draft: Drag | None = None
        self._wheel_rest = 0.0
        self._image: QImage | None = None
        self._image_shrink = 0
        self._image_frame: Frame | None = None
        self._told: object = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Image"))

    def minimumSizeHint(self) -> QSize:
        """Return the smallest useful size."""
        return QSize(120, 120)

    @property
    def size_canvas(self) -> tuple[float, float]:
        """Width and height in device-independent pixels."""
        return (float(max(self.width(), 1)), float(max(self.height(), 1)))

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
        painter = QPainter(self)
        brush = Brush(painter, *self.size_canvas, self._colors)
        painter.fillRect(self.rect(), self._colors.canvas)
        content, frame, mapping = self._model.content.value, self._model.frame(), self.mapping()
        if content is None or frame is None or mapping is None:
            painting.paint_message(brush, self.tr("No images here. Choose a series to show it."))
        else:
            self._paint_content(brush, content, frame, mapping)
        if self.hasFocus():
            brush.pen(self._colors.accent)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _paint_content(
        self, brush: Brush, content: Content, frame: Frame, mapping: CanvasMap
    ) -> None:
        state = self._model.state.value
        if frame.is_loaded or state.plane is not Plane.ACQUIRED:
            self._paint_image(brush, frame, mapping)
        else:
            text = self.tr("Slice {0} is loading").format(frame.index + 1)
            painting.paint_message(brush, text)
        source = self._model.source
        said = notices(content, state, frame, source.loaded_count if source else 0)
        band = brush.metrics.height() + BAND_PADDING if said else 0.0
        if state.shows_overlays:
            self._paint_marks(brush, content, frame, mapping)
        if state.shows_texts:
            self._paint_texts(brush, content, frame, mapping, band)
        if said:
            painting.paint_band(brush, said, band)
        self._tell_shown(content, frame)

    def _paint_image(self, brush: Brush, frame: Frame, mapping: CanvasMap) -> None:
        finest = float(np.abs(mapping.linear).sum(axis=0).min()) * self.devicePixelRatioF()
        shrink = max(1, int(1 / finest)) if finest < 0.5 else 1
        if self._image is None or self._image_frame is not frame or self._image_shrink != shrink:
            self._image = painting.image_of(frame, shrink)
            self._image_frame, self._image_shrink = frame, shrink
        is_smooth = self._model.state.value.interpolation is Interpolation.LINEAR
        brush.painter.save()
        brush.painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth)
        brush.painter.setTransform(painting.image_transform(mapping, shrink))
        brush.painter.drawImage(0, 0, self._image)
        brush.painter.restore()

    def _paint_marks(
        self, brush: Brush, content: Content, frame: Frame, mapping: CanvasMap
    ) -> None:
        volume, marks = content.volume, self._model.marks
        for evidence in marks.evidence.value:
            mark = evidence_mark(evidence, volume, frame.stack, frame.index)
            if mark is not None:
                painting.paint_evidence(brush, mark, mapping)
        crosshair = marks.crosshair.value
        if crosshair is not None and self._model.is_reached_by(crosshair):
            at = mapping.patient_to_canvas(np.array(crosshair.point_mm))
            painting.paint_crosshair(brush, QPointF(float(at[0]), float(at[1])))
        drafted = self._drafted_length()
        made = marks.measurements.value
        for measurement in (*made, drafted) if drafted else made:
            points = measurement_points(measurement, volume, frame.stack, frame.index)
            if points is None and measurement is not drafted:
                continue
            if points is None:
                points = frame.stack.to_pixel_cr(frame.index, np.array(measurement.points_mm))
            corners = [QPointF(*xy) for xy in mapping.pixel_to_canvas(points).tolist()]
            painting.paint_measurement(brush, corners, measurement_text(measurement))

    def _paint_texts(
        self, brush: Brush, content: Content, frame: Frame, mapping: CanvasMap, band: float
    ) -> None:
        state = self._model.state.value
        zoom = zoom_factor(frame.stack, state, self.size_canvas)
        painting.paint_corners(brush, corner_texts(content, state, frame, zoom), band)
        if not frame.stack.has_millimetres:
            return
        letters = edge_letters(frame.stack, state.turn)
        painting.paint_letters(brush, letters, band)
        cube = painting.paint_cube(brush, letters, painting.MARGIN, band)
        painting.paint_scale(brush, mapping.px_per_mm, cube + 2.5 * painting.MARGIN, band)

    def _tell_shown(self, content: Content, frame: Frame) -> None:
        """Tell once per picture what has been on screen, after the paint is over."""
        if not frame.is_loaded or not self.isVisible():
            return
        evidence = self._visible_evidence(content, frame)
        told = (frame.stack.plane, frame.index, content, evidence)
        if told == self._told:
            return
        self._told = told
        is_stored = frame.stack.plane is Plane.ACQUIRED
        volume = content.volume

        def tell() -> None:
            if is_stored:
                self.slice_shown.emit(volume.series.series_uid, volume.instance_uids[frame.index])
            for piece in evidence:
                self.evidence_shown.emit(piece)

        QTimer.singleShot(0, self, tell)

    def _visible_evidence(self, content: Content, frame: Frame) -> tuple[object, ...]:
        if not self._model.state.value.shows_overlays:
            return ()
        return tuple(
            evidence
            for evidence in self._model.marks.evidence.value
            if evidence_mark(evidence, content.volume, frame.stack, frame.index) is not None
        )

    # Gestures

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag: left the tool, right the window, middle the pan."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.pressed.emit()
        state, view = self._model.state.value, self.view()
        tools = {
            Qt.MouseButton.LeftButton: state.tool,
            Qt.MouseButton.RightButton: Tool.WINDOW,
            Qt.MouseButton.MiddleButton: Tool.PAN,
        }
        tool = tools.get(event.button())
        if view is None or tool is None or self._hold is not None:
            return
        here = (event.position().x(), event.position().y())
        self._hold = _Hold(tool, state, here)
        self._apply(Drag(here, here), is_over=False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the drag, and tell what lies under the pointer."""
        here = (event.position().x(), event.position().y())
        if self._hold is not None:
            self._apply(Drag(self._hold.start_canvas, here), is_over=False)
        self._tell_pointer(here)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag."""
        if self._hold is None or event.buttons() != Qt.MouseButton.NoButton:
            return
        here = (event.position().x(), event.position().y())
        self._apply(Drag(self._hold.start_canvas, here), is_over=True)
        self._hold, self._draft = None, None
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for this viewport alone, or for all again."""
        self._hold, self._draft = None, None
        if event.button() == Qt.MouseButton.LeftButton:
            self.maximize_requested.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with ctrl zoom around the pointer. Fine wheels and pads add up to notches."""
        view, state = self.view(), self._model.state.value
        event.accept()
        if view is None:
            return
        notches = event.angleDelta().y() / NOTCH
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            at = (event.position().x(), event.position().y())
            self._model.propose(navigate.wheel_zoom(state, view, notches, at))
            return
        self._wheel_rest += notches
        steps = int(self._wheel_rest)
        self._wheel_rest -= steps
        if steps:
            self._model.propose(navigate.scroll(state, view, -steps))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step through the slices; every other key belongs to the actions of the window."""
        view = self.view()
        steps = STEP_KEYS.get(event.key())
        if view is None or steps is None:
            super().keyPressEvent(event)
            return
        self._model.propose(navigate.scroll(self._model.state.value, view, steps))

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that nothing lies under the pointer."""
        self.pointer_moved.emit(None)
        super().leaveEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Tell what lies under the pointer."""
        self._tell_pointer((event.position().x(), event.position().y()))
        super().enterEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Become the viewport that keys act on."""
        super().focusInEvent(event)
        self.pressed.emit()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the focus frame away."""
        super().focusOutEvent(event)
        self.update()

    def _apply(self, drag: Drag, *, is_over: bool) -> None:
        hold, view = self._hold, self.view()
        if hold is None or view is None:
            return
        match hold.tool:
            case Tool.SCROLL:
                self._model.propose(navigate.drag_scroll(hold.state, view, drag))
            case Tool.WINDOW:
                if drag.moved_canvas != (0.0, 0.0):
                    self._model.propose(drag_window(hold.state, drag))
            case Tool.PAN:
                self._model.propose(navigate.drag_pan(hold.state, view, drag))
            case Tool.ZOOM:
                if drag.moved_canvas != (0.0, 0.0):
                    self._model.propose(navigate.drag_zoom(hold.state, view, drag))
            case Tool.CROSSHAIR:
                self._set_crosshair(view, drag.here_canvas)
            case Tool.LENGTH:
                self._length(drag, is_over=is_over)
            case Tool.PROBE:
                if is_over:
                    self._probe(view, drag.here_canvas)

    def _set_crosshair(self, view: View, at_canvas: tuple[float, float]) -> None:
        own = self._model.own_crosshair()
        if own is not None:
            state = self._model.state.value
            crosshair = navigate.crosshair_at(state, view, at_canvas, own)
            self._model.marks.crosshair.set(crosshair)

    def _length(self, drag: Drag, *, is_over: bool) -> None:
        is_click = float(np.hypot(*drag.moved_canvas)) < CLICK_PX
        self._draft = None if is_click else drag
        drafted = self._drafted_length()
        if is_over and drafted is not None:
            self._keep(drafted)
        self.update()

    def _drafted_length(self) -> Measurement | None:
        content, mapping = self._model.content.value, self.mapping()
        if self._draft is None or content is None or mapping is None:
            return None
        start, end = (
            mapping.canvas_to_patient(np.array(point))
            for point in (self._draft.start_canvas, self._draft.here_canvas)
        )
        return measure_length(content.volume, start, end, measurement_id=uuid4().hex)

    def _probe(self, view: View, at_canvas: tuple[float, float]) -> None:
        content = self._model.content.value
        point = view.patient_at(self._model.state.value, at_canvas)
        if content is None or not self._is_stored_here(point):
            return
        made = measure_probe(content.volume, point, measurement_id=uuid4().hex)
        if made is not None:
            self._keep(made)

    def _keep(self, measurement: Measurement) -> None:
        made = self._model.marks.measurements
        made.set((*made.value, measurement))
        self.measurement_made.emit(measurement)

    def _is_stored_here(self, point_mm: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> bool:
        content = self._model.content.value
        if content is None:
            return False
        return content.is_loaded(content.volume.geometry.nearest_slice_index(point_mm))

    def _tell_pointer(self, at_canvas: tuple[float, float]) -> None:
        content, view = self._model.content.value, self.view()
        if content is None or view is None:
            return
        point = view.patient_at(self._model.state.value, at_canvas)
        reading = probe(content.volume, point) if self._is_stored_here(point) else None
        self.pointer_moved.emit(reading)
