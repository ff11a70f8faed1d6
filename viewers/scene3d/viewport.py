"""The 3D viewport: shows the newest picture with what is written over it, and reports gestures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewers.scene3d import hand, painting, texts
from viewers.scene3d.camera import StandardView
from viewers.scene3d.hand import Drag, Hold
from viewers.scene3d.model import Phase, SceneModel
from viewers.scene3d.state import Face, SceneState, facing_cut
from viewers.scene3d.words import tr

NOTCH = 120.0
"""What a wheel reports for one step, in eighths of a degree. Source: QWheelEvent."""

WHEEL_ZOOM = 1.12
"""One step of the wheel."""

TURNTABLE_MS, TURNTABLE_DEG = 60, 2.0
"""The turntable goes round in eleven seconds."""

LINE_PX = 2.0
"""Height of the line that tells how far loading and preparing are."""

_TURNS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, 1.0),
    Qt.Key.Key_Down: (0.0, -1.0),
}
"""Right and up of the arrow keys."""


CornerIdentity: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]
"""Lines at the upper left (whose picture it is) and at the upper right (which)."""


class SceneViewport(QWidget):
    """One 3D view. UI thread.

    Signals:
        left(): the reader wants the 3D view to go.
        maximize_requested(): a double click: alone, or beside the planes.
        activated(): the reader pressed into it.
        refused(str): why something does nothing here.
    """

    left = Signal()
    maximize_requested = Signal()
    activated = Signal()
    refused = Signal(str)

    def __init__(self, model: SceneModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.installEventFilter(self)  # not event(): see CanvasWidget.eventFilter
        self.model = model
        self.face: Face | None = None
        self.identity: CornerIdentity = ((), ())
        self._hold: Hold | None = None
        self._turntable = QTimer(self)
        self._turntable.setInterval(TURNTABLE_MS)
        self._turntable.timeout.connect(self._turn_on)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 120)
        self.setAccessibleName(tr("3D view"))
        self._actions = self._made_actions()
        model.changed.connect(self._follow)
        self._follow()

    def sizeHint(self) -> QSize:
        """Return a size that a page can shrink and stretch."""
        return QSize(640, 480)

    @property
    def is_turning(self) -> bool:
        """Whether the turntable runs."""
        return self._turntable.isActive()

    # What keys and buttons call

    def toggle_turntable(self) -> None:
        """Let the volume go round, or stop."""
        if self._turntable.isActive():
            self._turntable.stop()
            self.model.propose(replace(self._state, camera=self._state.camera.turned()))
        elif self.model.status.value.phase is Phase.SHOWN:
            self._turntable.start()

    def toggle_cut(self) -> None:
        """Open the volume through the crosshair by the plane that faces the reader, or close it."""
        point = self.model.cut_point()
        if self._state.cut is not None:
            self.model.set_cut(None)
        elif point is not None:
            self.model.set_cut(facing_cut(point, self._state.camera))

    def toggle_box(self) -> None:
        """Show the clip box with its handles, or hide them; what it clips stays clipped."""
        self._propose(replace(self._state, is_box_shown=not self._state.is_box_shown))
        self.face = self.face or Face.ANTERIOR

    def choose_face(self, step: int) -> None:
        """Choose the next or the previous face of the box for the keys."""
        faces = list(Face)
        at = faces.index(self.face) if self.face is not None else -1
        self.face = faces[(at + step) % len(faces)]
        self._propose(replace(self._state, is_box_shown=True))
        self.update()

    def move_face(self, out_mm: float) -> None:
        """Move the chosen face outward, or inward where negative."""
        box = self.model.box
        if box is not None:
            self.face = self.face or Face.ANTERIOR
            moved = hand.face_moved(self._state, self.face, out_mm, box)
            self._propose(replace(moved, is_box_shown=True), is_moving=True)

    def crop(self) -> None:
        """Clip to the regions on show."""
        if not self.model.crop_to_regions():
            self.refused.emit(
                tr("No regions are shown here: F7 lists those of the study and shows them.")
            )

    def toggle_texts(self) -> None:
        """Show or hide the corner texts; the band stays."""
        self._propose(replace(self._state, shows_texts=not self._state.shows_texts))

    def toggle_shading(self) -> None:
        """Let a light show form, or not."""
        self._propose(replace(self._state, is_shaded=not self._state.is_shaded))

    def toggle_outside(self) -> None:
        """Hide table and the air around the body, or show them."""
        if not self.model.toggle_outside():
            self.refused.emit(tr("Table and outside air can be told apart in axial CT only."))

    # Qt

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the picture and what is written over it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#000000"))
        picture = self.model.picture
        if picture is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
            painter.drawImage(_fitted(picture.size(), self.size()), picture)
        self._paint_over(painter, self.identity, shows_texts=self._state.shows_texts)
        if self.hasFocus():
            painter.setPen(QColor(painting.ACCENT))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def seen(self, identity: CornerIdentity, *, shows_texts: bool) -> tuple[QImage, str] | None:
        """Return what is painted and the words of its band; None where no picture is whole.

        Args:
            identity: lines of the upper corners, in place of those on screen.
            shows_texts: the other corner texts.
        """
        status, ratio = self.model.status.value, self.devicePixelRatioF()
        picture = self.model.picture
        if picture is None or status.phase is not Phase.SHOWN or status.fraction < 1:
            return None
        made = QImage(self.size() * ratio, QImage.Format.Format_RGB32)
        made.setDevicePixelRatio(ratio)
        made.fill(QColor("#000000"))
        painter = QPainter(made)
        painter.setFont(self.font())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        painter.drawImage(_fitted(picture.size(), self.size()), picture)
        self._paint_over(painter, identity, shows_texts=shows_texts)
        painter.end()
        return made, texts.band_text(status)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for a picture of the new size."""
        super().resizeEvent(event)
        self.model.set_size(self.size(), self.devicePixelRatioF())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the keys of this view from the commands of the window."""
        if watched is not self:
            return False
        is_asked = event.type() is QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and self._action_of(event) is not None:
            event.accept()
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key says; others go to the window."""
        action = self._action_of(event)
        if action is None:
            super().keyPressEvent(event)
        else:
            action()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag: left turns or takes a handle, right the colors, middle moves."""
        self.setFocus()
        self.activated.emit()
        seen, at = self.model.projection(), (event.position().x(), event.position().y())
        if seen is None or self._hold is not None:
            return
        self._turntable.stop()
        face = self._face_at(at)
        is_left = event.button() is Qt.MouseButton.LeftButton
        is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        drags = {
            Qt.MouseButton.LeftButton: Drag.PAN if is_shifted else Drag.TURN,
            Qt.MouseButton.MiddleButton: Drag.PAN,
            Qt.MouseButton.RightButton: Drag.TRANSFER,
        }
        drag = Drag.FACE if is_left and face is not None else drags.get(event.button())
        if drag is not None:
            self._hold = Hold(drag, self._state, at, seen, face)
            self.face = face or self.face

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the drag."""
        box = self.model.box
        if self._hold is not None and box is not None:
            to = (event.position().x(), event.position().y())
            self._propose(hand.dragged(self._hold, to, box), is_moving=True)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """End the drag."""
        self._hold = None

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Show it alone, or beside the planes."""
        self._hold = None
        self.maximize_requested.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer."""
        seen = self.model.projection()
        if seen is not None:
            at = (event.position().x(), event.position().y())
            factor = WHEEL_ZOOM ** (event.angleDelta().y() / NOTCH)
            self._propose(hand.zoomed_at(self._state, seen, factor, at), is_moving=True)
        event.accept()

    # Private

    @property
    def _state(self) -> SceneState:
        return self.model.state.value

    def _propose(self, state: SceneState, *, is_moving: bool = False) -> None:
        self.model.propose(state, is_moving=is_moving)

    def _follow(self) -> None:
        if self.model.status.value.phase is not Phase.SHOWN:
            self._turntable.stop()
            self._hold = None
        self.setAccessibleDescription(self.description())
        self.update()

    def description(self) -> str:
        """Return what is shown in words, for those who cannot see it."""
        status = self.model.status.value
        if status.phase is not Phase.SHOWN:
            return texts.middle_text(status)
        state = self.model.pictured or self._state
        toward = texts.edge_words(state.camera).toward
        lines = texts.view_lines(state, self.model.preset_of(state), status)
        return "; ".join([tr("Seen from {0}").format(toward), *lines, texts.band_text(status)])

    def _turn_on(self) -> None:
        camera = self._state.camera.turned(right_deg=TURNTABLE_DEG)
        self._propose(replace(self._state, camera=camera), is_moving=True)

    def _face_at(self, at: tuple[float, float]) -> Face | None:
        seen, box = self.model.projection(), self._state.box or self.model.box
        if seen is None or box is None or not self._state.is_box_shown:
            return None
        return hand.caught_face(seen, box, at)

    def _paint_over(
        self, painter: QPainter, identity: CornerIdentity, *, shows_texts: bool
    ) -> None:
        # By the picture, not by the state: letters must not run ahead of what they stand on.
        status, state = self.model.status.value, self.model.pictured
        seen = None if state is None else self.model.projection(state)
        band = texts.band_text(status)
        height = self._band_height(band)
        place = painting.Place(self.width(), self.height() - height)
        if status.phase is Phase.SHOWN and seen is not None and state is not None:
            axes = state.camera.axes
            box = state.box or self.model.box
            if state.is_box_shown and box is not None:
                painting.paint_box(painter, seen, axes, box, self.face)
            painting.paint_letters(painter, place, texts.edge_words(state.camera))
            painting.paint_cube(painter, place, axes)
        if status.subject is not None:
            # Whose picture it is stays when the other texts go.
            first, second = identity
            painting.paint_corner(painter, place, first, is_right=False, is_bottom=False)
            if shows_texts:
                painting.paint_corner(painter, place, second, is_right=True, is_bottom=False)
            painting.paint_corner(painter, place, self._lines(), is_right=False, is_bottom=True)
        self._paint_middle(painter, texts.middle_text(status))
        painting.paint_band(painter, QRectF(0, place.height, self.width(), height), band)
        if status.fraction < 1:
            across = self.width() * max(status.fraction, 0.02)
            painter.fillRect(QRectF(0, 0, across, LINE_PX), QColor(painting.ACCENT))

    def _lines(self) -> tuple[str, ...]:
        """Return the lines at the lower left; what quality is reduced by is never hidden."""
        status, state = self.model.status.value, self.model.pictured
        if state is None:
            return ()
        if not self._state.shows_texts:
            hidden = (tr("Table and outside air hidden"),) if status.hides_outside else ()
            return (*hidden, *texts.quality_lines(status)[1:])
        return texts.view_lines(state, self.model.preset_of(state), status)

    def _paint_middle(self, painter: QPainter, text: str) -> None:
        if text:
            painter.setPen(QColor(painting.TEXT))
            room = QRectF(self.rect()).adjusted(24, 60, -24, -60)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(room, flags, text)

    def _band_height(self, text: str) -> float:
        metrics = QFontMetrics(self.font())
        lines = 1 + int(metrics.horizontalAdvance(text) > self.width() - 2 * painting.MARGIN_PX)
        return float(metrics.lineSpacing() * lines + painting.MARGIN_PX)

    # Keys

    def _action_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key(event.key())
        if key in _TURNS:
            return self._arrow(key, modifiers)
        shift = Qt.KeyboardModifier.ShiftModifier
        if key in {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown} and modifiers in {_NONE, shift}:
            sign = 1 if key is Qt.Key.Key_PageUp else -1
            return self._transfer(sign, is_stretch=modifiers == shift)
        if key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal} and modifiers in {_NONE, shift}:
            return lambda: self._zoom(hand.KEY_ZOOM)
        return self._actions.get(key) if modifiers == _NONE else None

    def _made_actions(self) -> dict[Qt.Key, Callable[[], object]]:
        sides = {_key(view.value): self._side(view) for view in StandardView}
        presets = {Qt.Key(Qt.Key.Key_1 + number): self._preset(number) for number in range(9)}
        return {
            **sides,
            **presets,
            Qt.Key.Key_Minus: lambda: self._zoom(1 / hand.KEY_ZOOM),
            Qt.Key.Key_Home: self.model.reset,
            Qt.Key.Key_X: self.toggle_cut,
            Qt.Key.Key_B: self.toggle_box,
            Qt.Key.Key_Period: lambda: self.choose_face(1),
            Qt.Key.Key_Comma: lambda: self.choose_face(-1),
            Qt.Key.Key_BracketRight: lambda: self.move_face(hand.KEY_FACE_MM),
            Qt.Key.Key_BracketLeft: lambda: self.move_face(-hand.KEY_FACE_MM),
            Qt.Key.Key_C: self.crop,
            Qt.Key.Key_G: self.toggle_turntable,
            Qt.Key.Key_S: self.toggle_shading,
            Qt.Key.Key_T: self.toggle_texts,
            Qt.Key.Key_O: self.toggle_outside,
            Qt.Key.Key_Escape: self.left.emit,
        }

    def _arrow(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> Callable[[], object] | None:
        right, up = _TURNS[key]
        camera, step = self._state.camera, hand.KEY_TURN_DEG
        if modifiers == _NONE:
            moved = camera.turned(right_deg=right * step, up_deg=up * step)
        elif modifiers == Qt.KeyboardModifier.ControlModifier:
            moved = camera.panned(right * hand.KEY_PAN_MM, up * hand.KEY_PAN_MM)
        elif modifiers == Qt.KeyboardModifier.AltModifier and right:
            moved = camera.turned(roll_deg=right * step)
        else:
            return None
        return lambda: self._propose(replace(self._state, camera=moved), is_moving=True)

    def _transfer(self, sign: int, *, is_stretch: bool) -> Callable[[], object]:
        if is_stretch:
            factor = hand.KEY_STRETCH**sign
            return lambda: self._propose(self._state.shifted(0.0, factor), is_moving=True)
        return lambda: self._propose(self._state.shifted(sign * hand.KEY_SHIFT), is_moving=True)

    def _zoom(self, factor: float) -> None:
        camera = self._state.camera.zoomed(factor)
        self._propose(replace(self._state, camera=camera), is_moving=True)

    def _side(self, view: StandardView) -> Callable[[], object]:
        return lambda: self._propose(self._state.seen_from(view))

    def _preset(self, number: int) -> Callable[[], object]:
        def choose() -> None:
            offered = self.model.offered_presets()
            if number < len(offered):
                self.model.choose_preset(offered[number].preset_id)

        return choose


_NONE = Qt.KeyboardModifier.NoModifier


def _fitted(picture: QSize, room: QSize) -> QRectF:
    """Return where a picture goes: whole and undistorted, also one of the size before."""
    size = picture.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
    left, top = (room.width() - size.width()) / 2, (room.height() - size.height()) / 2
    return QRectF(left, top, size.width(), size.height())


def _key(letter: str) -> Qt.Key:
    """Return the key of a capital letter; Qt numbers them as Latin-1 does."""
    return Qt.Key(ord(letter))
