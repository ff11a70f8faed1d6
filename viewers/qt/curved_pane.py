"""The pane that shows the picture straightened along a line, over a viewport."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QSlider, QToolTip, QWidget

from viewers.qt.curve_board import CurveBoard
from viewers.qt.curved_painting import (
    CurvedLength,
    CurvedScene,
    Place,
    curved_notices,
    paint_pictures,
    paint_scene,
    places,
    rc_at,
)
from viewers.qt.latest import Latest
from viewers.qt.painting import Brush, paint_message
from viewers.qt.palette import Palette
from viewers.qt.picture_maker import banded, unnamed
from viewers.qt.texts import notice_lines, prior_notices
from viewers.qt.viewport import ViewportWidget
from viewers.qt.words import tr
from viewers.render.centerline import Centerline
from viewers.render.curved import CrossSection, CurveCutter, CurvedPicture
from viewers.state.curve import Curve, CurvedLook
from viewers.state.slab import next_projection, thickened
from viewers.state.view_state import Tool, ViewState
from viewers.tools.drafting import KINDS
from viewers.tools.gesture import Drag
from viewers.tools.grey import drag_window
from workstation.core.picture import Picture, PictureLook

TURN_DEG = 5.0
"""What an arrow key turns the picture about the line by."""

DEG_PER_PX = 0.5
"""What a drag turns by: the width of a hand is half a turn."""

FAR_MM = 10.0
"""What Page Up and Page Down move along the line."""

STEPS_PER_MM = 10
"""The slider counts tenths of a millimeter."""

NOTCH = 120
"""Wheel units of one notch."""


class CurvedPane(QWidget):
    """Shows one volume straightened along the line of a board. UI thread.

    Left: rows at even steps along the line. Right: the section straight across it at the place of
    the slider. Up and Down move along the line, Left and Right turn the picture about it, brackets
    make it thicker and thinner, Z changes the projection, plus and minus the width.

    Args:
        board: the line and how it is looked at.
        source: the viewport it was drawn in; its window and tool hold here as well.
        palette: the colors.
        over: the viewport that is covered.

    Signals:
        refused: a sentence that says why something cannot be done here.
        closed: the reader wants the pane away.
    """

    refused = Signal(str)
    closed = Signal()

    def __init__(
        self, board: CurveBoard, source: ViewportWidget, palette: Palette, over: QWidget
    ) -> None:
        super().__init__(over)
        self.installEventFilter(self)  # not event(): see CanvasWidget.eventFilter
        self._board, self._source, self._colors, self._over = board, source, palette, over
        self._cutter: CurveCutter | None = None
        self._line: tuple[Curve, Centerline] | None = None
        self._picture: CurvedPicture | None = None
        self._section: CrossSection | None = None
        self._length: CurvedLength | None = None
        self._press: tuple[Qt.MouseButton, tuple[float, float], CurvedLook, ViewState] | None = None
        self._worker = Latest(self)
        self._worker.came.connect(self._take)
        self.slider = QSlider(Qt.Orientation.Vertical, self)
        self.slider.setInvertedAppearance(True)
        self.slider.setInvertedControls(True)
        self.slider.setAccessibleName(tr("Place along the line"))
        self.slider.valueChanged.connect(self._on_slider)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Picture straightened along the line"))
        over.installEventFilter(self)
        self._stops: tuple[Callable[[], object], ...] = (
            board.curve.observe(lambda _old, _new: self._cut()),
            board.look.observe(lambda _old, _new: self._cut()),
            source.state.observe(lambda _old, _new: self.update()),
        )
        self._fit()
        self._cut()
        self.show()
        self.raise_()

    @property
    def scene(self) -> CurvedScene | None:
        """What is painted; None while nothing is there yet."""
        content, state = self._source.content, self._source.state.value
        if content is None or self._picture is None or self._section is None:
            return None
        return CurvedScene(
            content.stored,
            self._picture,
            self._section,
            self._board.look.value,
            state.window,
            state.is_inverted,
            self._length,
            self._worker.is_busy,
        )

    @property
    def source(self) -> ViewportWidget:
        """The viewport the line was drawn in."""
        return self._source

    def seen(self, look: PictureLook) -> Picture | None:
        """Return what is painted as a picture that may leave; None while nothing is there."""
        scene, content = self.scene, self._source.content
        if scene is None or content is None or scene.is_coming:
            return None
        said = (*prior_notices(content), *curved_notices(scene))
        if not look.has_identity:
            plain = None if content.prior_date is None else ""
            said = (*prior_notices(replace(content, prior_date=plain)), *curved_notices(scene))
            scene = replace(scene, volume=unnamed(scene.volume))
        ratio = self.devicePixelRatioF()
        size = (round(self.width() * ratio), round(self.height() * ratio))
        return banded(
            size,
            round(self.fontInfo().pixelSize() * ratio),
            said,
            lambda brush: paint_pictures(
                brush, scene, 0.0, shows_marks=look.shows_marks, shows_texts=look.shows_texts
            ),
        )

    @property
    def is_busy(self) -> bool:
        """Whether a picture is still to come."""
        return self._worker.is_busy

    def leave(self) -> None:
        """Go away and uncover the viewport."""
        for stop in self._stops:
            stop()
        self._worker.close()
        self._over.removeEventFilter(self)
        self._board.at_mm.set(None)
        self.hide()
        self.deleteLater()

    # What is shown

    def _cut(self) -> None:
        """Ask for the pictures of the line as it is now."""
        curve, content = self._board.curve.value, self._source.content
        if curve is None or not curve.is_line or content is None:
            return
        volume = content.stored
        if self._cutter is None or self._cutter.volume is not volume:
            self._cutter = CurveCutter(volume)
        if self._line is None or self._line[0] != curve:
            self._line = curve, self._cutter.line(curve)
            self._length = None
        line, cutter, look = self._line[1], self._cutter, self._board.look.value
        if look.at_mm > line.length_mm:
            self._board.look.set(replace(look, at_mm=line.length_mm))
            return
        self._show_place(line, look)
        last = self._picture
        is_same = last is not None and last.line is line
        same_sheet = is_same and last is not None and replace(last.look, at_mm=look.at_mm) == look

        def work(is_wanted: Callable[[], bool]) -> object:
            section = cutter.cross_section(line, look)
            sheet = last if same_sheet else cutter.straightened(line, look, is_wanted)
            return sheet, section

        self._worker.ask(work)
        self.update()

    def _take(self, made: tuple[CurvedPicture, CrossSection]) -> None:
        self._picture, self._section = made
        self.update()

    def _show_place(self, line: Centerline, look: CurvedLook) -> None:
        self.slider.blockSignals(True)
        self.slider.setRange(0, round(line.length_mm * STEPS_PER_MM))
        self.slider.setValue(round(look.at_mm * STEPS_PER_MM))
        self.slider.setSingleStep(STEPS_PER_MM)
        self.slider.setPageStep(round(FAR_MM) * STEPS_PER_MM)
        self.slider.blockSignals(False)
        x, y, z = line.points_mm[line.index_at(look.at_mm)]
        self._board.at_mm.set((float(x), float(y), float(z)))
        words = tr("{0} of {1} mm along the line")
        place = words.format(round(look.at_mm), round(line.length_mm))
        scene = self.scene
        said = "" if scene is None else notice_lines(curved_notices(scene))
        self.setAccessibleDescription("\n".join(part for part in (place, said) if part))

    def _on_slider(self, tenths: int) -> None:
        self._look(at_mm=tenths / STEPS_PER_MM)

    def _look(self, **changes: object) -> None:
        look = replace(self._board.look.value, **changes)  # type: ignore[arg-type]
        self._board.look.set(look)

    def _move(self, mm: float) -> None:
        length_mm = self._line[1].length_mm if self._line is not None else 0.0
        at_mm = self._board.look.value.at_mm + mm
        self._look(at_mm=min(max(at_mm, 0.0), length_mm))

    # Painting

    @property
    def band_height(self) -> float:
        """Height of the notice band, device-independent pixels."""
        return self.fontMetrics().height() + 8.0

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the pictures, or that they are coming."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._colors.canvas))
        width = float(self.width() - self.slider.width())
        brush = Brush(painter, width, float(self.height()), self._colors)
        scene = self.scene
        if scene is None:
            paint_message(brush, tr("The picture along the line is being made"))
        else:
            paint_scene(brush, scene, self.band_height)
        if self.hasFocus():
            brush.pen(self._colors.accent)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the viewport that is covered; look at own events before others."""
        if watched is self:
            return self._claims(event)
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self._fit()
        return False

    def _fit(self) -> None:
        self.setGeometry(self._over.rect())
        wide = max(self.slider.sizeHint().width(), 16)
        self.slider.setGeometry(self.width() - wide, 0, wide, self.height())

    # Keys and mouse

    def _claims(self, event: QEvent) -> bool:
        """Claim the keys of the pane before commands get them; show the whole notice band."""
        is_claim = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_claim and isinstance(event, QKeyEvent) and self._act_of(event) is not None:
            event.accept()
            return True
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            is_on_band = event.pos().y() >= self.height() - self.band_height
            scene = self.scene if is_on_band else None
            said = "" if scene is None else notice_lines(curved_notices(scene))
            QToolTip.showText(event.globalPos(), said, self)
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move along the line, turn about it, change thickness and width."""
        act = self._act_of(event)
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def _act_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        look = self._board.look.value
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return None
        acts: dict[int, Callable[[], object]] = {
            Qt.Key.Key_Up.value: lambda: self._move(-1.0),
            Qt.Key.Key_Down.value: lambda: self._move(1.0),
            Qt.Key.Key_PageUp.value: lambda: self._move(-FAR_MM),
            Qt.Key.Key_PageDown.value: lambda: self._move(FAR_MM),
            Qt.Key.Key_Left.value: lambda: self._board.look.set(look.turned(-TURN_DEG)),
            Qt.Key.Key_Right.value: lambda: self._board.look.set(look.turned(TURN_DEG)),
            Qt.Key.Key_BracketRight.value: lambda: self._look(slab=thickened(look.slab, 1)),
            Qt.Key.Key_BracketLeft.value: lambda: self._look(slab=thickened(look.slab, -1)),
            Qt.Key.Key_Z.value: lambda: self._look(slab=next_projection(look.slab)),
            Qt.Key.Key_Plus.value: lambda: self._board.look.set(look.widened(1)),
            Qt.Key.Key_Minus.value: lambda: self._board.look.set(look.widened(-1)),
            Qt.Key.Key_Escape.value: self.closed.emit,
        }
        return acts.get(event.key())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Move along the line, a millimeter a notch."""
        event.accept()
        self._move(-event.angleDelta().y() / NOTCH)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to turn (left), to measure (left, with the length), or to window (right)."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        state, button = self._source.state.value, event.button()
        at = (event.position().x(), event.position().y())
        if button == Qt.MouseButton.LeftButton and state.tool in KINDS and not self._measures:
            self.refused.emit(
                tr("In a picture along a line only lengths along it or straight across are right.")
            )
            return
        self._press = (button, at, self._board.look.value, state)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with it."""
        if self._press is None:
            return
        button, start, look, state = self._press
        here = (event.position().x(), event.position().y())
        if button == Qt.MouseButton.RightButton:
            self._source.set_window(drag_window(state, Drag(start, here)).window)
        elif button == Qt.MouseButton.LeftButton and self._measures:
            self._measure(start, here)
        elif button == Qt.MouseButton.LeftButton and abs(here[0] - start[0]) > 3:
            degrees = (here[0] - start[0]) * DEG_PER_PX
            turned = look.turned(degrees)
            self._look(rotation_deg=turned.rotation_deg)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End it; a click shows the section at that place of the line."""
        press, self._press = self._press, None
        scene = self.scene
        if press is None or scene is None or self._measures:
            return
        here = (event.position().x(), event.position().y())
        is_click = abs(here[0] - press[1][0]) <= 3 and abs(here[1] - press[1][1]) <= 3
        straight = self._places(scene)
        if press[0] == Qt.MouseButton.LeftButton and is_click and straight.area.contains(*here):
            row, _ = rc_at(scene, straight, here)
            self._look(at_mm=row * scene.picture.row_mm)

    @property
    def _measures(self) -> bool:
        return self._source.state.value.tool is Tool.LENGTH

    def _places(self, scene: CurvedScene) -> Place:
        width = float(self.width() - self.slider.width())
        return places(scene, width, self.height() - self.band_height)[0]

    def _measure(self, start: tuple[float, float], here: tuple[float, float]) -> None:
        """Measure along the line or straight across it, whichever the drag is nearer to."""
        scene = self.scene
        if scene is None:
            return
        straight = self._places(scene)
        first, last = rc_at(scene, straight, start), rc_at(scene, straight, here)
        along = abs(last[0] - first[0]) * scene.picture.row_mm
        across = abs(last[1] - first[1]) * scene.picture.column_mm
        if along >= across:
            self._length = CurvedLength(first, (last[0], first[1]), along, is_along=True)
        else:
            self._length = CurvedLength(first, (first[0], last[1]), across, is_along=False)
        self.update()
