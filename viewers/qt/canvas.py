"""The image area of a viewport: paints the model's picture and turns gestures into proposals."""

from __future__ import annotations

import sys

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTouchEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

from viewers.qt import mark_painting, painting
from viewers.qt.content import Content
from viewers.qt.curtain import CurtainHand
from viewers.qt.hand import Hand
from viewers.qt.haste import Haste
from viewers.qt.lens import LensPainter, lens_place
from viewers.qt.link_texts import link_words
from viewers.qt.mark_keys import MarkKeys
from viewers.qt.mark_words import WordField
from viewers.qt.model import ViewportModel
from viewers.qt.painting import Brush
from viewers.qt.palette import Palette
from viewers.qt.picture import EMPTY, LiveMarks, PicturePainter, PictureSize
from viewers.qt.plane_turning import PlaneTurner
from viewers.qt.texts import (
    Notice,
    notice_lines,
    picture_words,
    reading_text,
)
from viewers.qt.touch import TouchHand
from viewers.qt.wheel import WheelHand
from viewers.qt.words import tr
from viewers.render.frame import Frame
from viewers.render.mapping import CanvasMap
from viewers.state.mouse_map import DragAct
from viewers.state.view_state import Plane, Tool
from viewers.tools import navigate
from viewers.tools.gesture import View
from workstation.core.measurement import Measurement, MeasurementKind
from workstation.core.provenance import PixelKind

NOT_DRAWN = "This image could not be drawn. Show another slice or open the study again."
"""Stands where a picture would be that our own fault kept from being drawn."""

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
        clicked: a ClickAct of the mouse map: a double click or a button at the side.
        slab_steps: steps by which the wheel makes the slab thicker.
    """

    pointer_moved = Signal(object)
    measurement_made = Signal(object)
    slice_shown = Signal(str, str)
    evidence_shown = Signal(object)
    pressed = Signal()
    refused = Signal(str)
    clicked = Signal(object)
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
        self._wheel = WheelHand(model, self)
        self._wheel.slab_steps.connect(self.slab_steps)
        self._touch = TouchHand(
            model, self._hand, self, double_ms=QApplication.doubleClickInterval()
        )
        self._connect_touch()
        self._lens = LensPainter(model)
        self.haste = Haste(self)
        self.haste.rested.connect(self.update)
        self._pointer: tuple[float, float] | None = None
        self._picture = PicturePainter(model)
        self._told: object = None
        self._is_active = False
        self.compare_key = "H"
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.installEventFilter(self)
        self.curtain = CurtainHand(model, self)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Image"))
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
        """Paint the picture, the marks, the texts and the band, in this order.

        A fault in it is told and written over the picture: half a picture must not pass for a
        whole one, and inside of a forced repaint PySide 6.11 would end the process of an error.
        """
        painter = QPainter(self)
        brush = Brush(painter, float(self.width()), float(self.height()), self._colors)
        try:
            self._paint(brush)
        except Exception:  # noqa: BLE001 an edge: Qt calls this, and nobody above could act
            sys.excepthook(*sys.exc_info())
            painter.resetTransform()
            painter.fillRect(self.rect(), self._colors.canvas)
            painting.paint_message(brush, tr(NOT_DRAWN), is_boxed=True)
            self.setAccessibleDescription(tr(NOT_DRAWN))
        painter.end()

    def _paint(self, brush: Brush) -> None:
        self.turner.size_canvas = self.size_canvas
        said = self._model.notices(self.compare_key)
        size = PictureSize(self.size_canvas, self.band_height, self.devicePixelRatioF())
        frame = self._picture.paint(brush, size, said, self._live_marks())
        content = self._model.content.value
        if frame is None:
            self.setAccessibleDescription(tr(EMPTY))
        if content is not None and frame is not None:
            self._describe(frame, said)
            self._tell_shown(content, frame)
        if frame is not None and (self._pointer is not None or self._is_keys_only()):
            self._paint_lens(brush)
        if self.hasFocus() or self._is_active:
            brush.pen(self._colors.accent if self.hasFocus() else self._colors.quiet)
            brush.painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _paint_lens(self, brush: Brush) -> None:
        factor = self._model.marks.habits.lens.value
        if factor:
            cursor = self._mark_keys.cursor_cr
            at = lens_place(self._model, self.size_canvas, self._pointer, cursor)
            live = self._live_marks()

            def marks(brush: Brush, mapping: CanvasMap) -> None:
                self._picture.paint_marks(brush, mapping, live)

            self._lens.paint(brush, at, factor, self.size_canvas, marks=marks)

    def _is_keys_only(self) -> bool:
        """Whether keys alone point: the canvas has the focus, and the pointer is nowhere."""
        pointed = self._model.marks.habits.pointed.value
        return self.hasFocus() and not pointed

    def follow_lens(self) -> None:
        """Paint anew where the pointer went to another canvas and the lens with it."""
        if self._model.marks.habits.lens.value:
            self.update()

    def set_active(self, *, is_active: bool) -> None:
        """Frame the canvas that keys act on, where there are several."""
        if is_active != self._is_active:
            self._is_active = is_active
            self.update()

    def _live_marks(self) -> LiveMarks:
        """Return what the hand is at now."""
        mapping, grab, draft = self.mapping(), self.marker.grab, self.marker.draft
        tool = self._model.state.value.tool
        hidden = (MeasurementKind.ELLIPSE, MeasurementKind.RECTANGLE)
        is_drafted = draft is not None and draft.kind not in hidden and bool(draft.shown())
        kind = None
        if draft is not None and is_drafted:
            kind = MeasurementKind.ANGLE if draft.is_outline else draft.kind
        return LiveMarks(
            original=None if grab is None else grab.original,
            changed=None if grab is None else grab.changed,
            pending=tuple(self._hand.pending()),
            waiting=self.marker.open_marks(),
            draft_kind=kind,
            draft_mm=draft.shown() if draft is not None and is_drafted else (),
            cursor_cr=self._mark_keys.cursor_cr,
            cross_lines=() if mapping is None else self.turner.lines(mapping),
            reading=self._hand.reading if tool is Tool.PROBE else None,
            is_hasty=self.haste.is_moving,
        )

    def _describe(self, frame: Frame, said: tuple[Notice, ...]) -> None:
        """Say to screen readers what is shown, where in the series, and what the band says."""
        content = self._model.content.value
        if content is None:
            return
        words = picture_words(content, self._model.state.value, frame)
        linked = link_words(self._model.link.value.mark)
        text = "\n".join(part for part in (*words, linked, notice_lines(said)) if part)
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)

    def view_words(self) -> str:
        """Return what is shown in one line, with the value at cursor or crosshair."""
        view, content, frame = self.view(), self._model.content.value, self._model.frame()
        if view is None or content is None or frame is None:
            return ""
        cursor = self._mark_keys.cursor_cr
        at = lens_place(self._model, self.size_canvas, self._pointer, cursor)
        reading = self._hand.read_at(view, at)
        words = picture_words(content, self._model.state.value, frame)
        said = (*words, "" if reading is None else reading_text(reading))
        return "; ".join(part for part in said if part)

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
        self._picture.forget()
        self._told = None

    def _tell_shown(self, content: Content, frame: Frame) -> None:
        """Tell once per picture what has been on screen, after the paint is over."""
        # A slice counts as seen only where it is shown by itself.
        if not frame.is_loaded or frame.projected or not self.isVisible():
            return
        # What a model proposed is no place to have seen a finding on.
        evidence = () if frame.filled else self._visible_evidence(frame)
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
        """Begin a drag with what the mouse map gives the button."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.pressed.emit()
        self._mark_keys.forget()
        mouse = self._model.marks.habits.mouse.value
        sides = {
            Qt.MouseButton.BackButton: mouse.back,
            Qt.MouseButton.ForwardButton: mouse.forward,
        }
        act = sides.get(event.button())
        if act is not None:
            self.clicked.emit(act)
        elif view := self.view():
            self._hand.press(event.button(), view, _at(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the drag, and tell what lies under the pointer."""
        self._pointer = _at(event)
        self._model.marks.habits.pointed.set(id(self))
        if view := self.view():
            self._hand.move(view, _at(event))
        if self._model.marks.habits.lens.value:
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag of the button that went up."""
        if view := self.view():
            self._hand.release(event.button(), view, _at(event))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Close an outline, give a mark other words, or do what a double click means."""
        self._click_twice(
            _at(event),
            is_tool=self._hand.act_of(event.button()) is DragAct.TOOL,
            is_left=event.button() == Qt.MouseButton.LeftButton,
        )

    def _click_twice(
        self, at_canvas: tuple[float, float], *, is_tool: bool = True, is_left: bool = True
    ) -> None:
        if is_tool and self.marker.close():
            return
        self._hand.cancel()
        view = self.view()
        under = self.marker.hit(view, at_canvas) if view and is_tool else None
        if under is not None:
            self.edit_words()
        elif is_left:
            self.clicked.emit(self._model.marks.habits.mouse.value.double_click)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Do what the mouse map gives the wheel and the key that is held with it."""
        view = self.view()
        event.accept()
        if view is not None:
            self._wheel.turn(event, view)

    def _connect_touch(self) -> None:
        self._touch.touched.connect(self._take_touch)
        self._touch.tapped_twice.connect(lambda x, y: self._click_twice((x, y)))
        self._touch.rested.connect(self._show_rested)
        self._touch.lifted.connect(self._hand.leave)

    def _take_touch(self) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.pressed.emit()
        self._mark_keys.forget()

    def _show_rested(self, x: float, y: float) -> None:
        """Say what lies under a finger that rests: there is no hover to say it."""
        view = self.view()
        reading = self._hand.read_at(view, (x, y)) if view else None
        if reading is not None:
            at = self.mapToGlobal(QPoint(round(x), round(y)))
            QToolTip.showText(at, reading_text(reading), self)

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
        self._pointer = None
        pointed = self._model.marks.habits.pointed
        if pointed.value == id(self):
            pointed.set(0)
        self._hand.leave()
        self.update()
        super().leaveEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take fingers; show the whole notice band under the pointer; claim keys of marks.

        The canvas filters its own events instead of an ``event`` that calls the one of QWidget:
        from inside of that call PySide 6.11 cannot print an error of a handler, and dies of it.
        """
        if watched is not self:
            return False
        if isinstance(event, QTouchEvent):
            self._touch.take(event, self.view())
            event.accept()
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            if self._mark_keys.wants(event):
                event.accept()
                return True
            return False
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            is_on_band = event.pos().y() >= self.height() - self.band_height
            said = self._model.notices(self.compare_key) if is_on_band else ()
            QToolTip.showText(event.globalPos(), notice_lines(said), self)
            return True
        return False

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Become the viewport that keys act on."""
        super().focusInEvent(event)
        # A window that comes to the front did not choose its viewport: the reader may be on the
        # way to its list of series, for a viewport on another screen.
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self.pressed.emit()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the focus frame away."""
        super().focusOutEvent(event)
        self.update()


def _at(event: QMouseEvent | QWheelEvent) -> tuple[float, float]:
    return (event.position().x(), event.position().y())
