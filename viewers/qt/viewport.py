"""One viewport: image, slice bar, loading line; shows a state and reports gestures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from viewers.qt.canvas import CanvasWidget
from viewers.qt.cine import Cine, Reel
from viewers.qt.content import Content, every_slice, no_reason
from viewers.qt.haste import REST_MS
from viewers.qt.link_show import LinkShow
from viewers.qt.model import SharedMarks, ViewportModel
from viewers.qt.palette import Palette
from viewers.qt.refiner import Refiner
from viewers.qt.slice_bar import SliceBar, SliceMarks
from viewers.qt.texts import notice_lines
from viewers.qt.words import tr
from viewers.render.enhanced import EnhancedOverlay
from viewers.render.fusion import Overlay
from viewers.render.turned_slabs import SlabPixels
from viewers.render.uncertainty import Uncertainty
from viewers.state.crosshair import Crosshair
from viewers.state.fusion import Fusion
from viewers.state.mouse_map import ClickAct
from viewers.state.slab import Slab, next_projection, thickened
from viewers.state.view_state import Compare, Interpolation, Plane, Tool, ViewState
from viewers.tools import grey, navigate
from viewers.tools.gesture import Drag
from workstation.core.finding import Evidence
from workstation.core.geometry import GeometryError
from workstation.core.intensity import Window
from workstation.core.measurement import Measurement
from workstation.core.observable import Observable
from workstation.core.verdict import Doubt
from workstation.core.volume import Volume

REFRESH_MS = 40
"""While a series loads the marks and reformats are repainted at most 25 times a second: the
picture must not be what slows the loading down (Weasis issue 719)."""


class LoadingLine(QWidget):
    """A thin line that grows while a series loads and is empty otherwise. UI thread."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colors = palette
        self._fraction = 1.0
        self.setFixedHeight(2)

    @property
    def fraction(self) -> float:
        """Loaded share, 0..1."""
        return self._fraction

    def set_fraction(self, fraction: float) -> None:
        """Show another share; at 1 the line is gone."""
        if fraction != self._fraction:
            self._fraction = fraction
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._colors.canvas))
        if self._fraction < 1.0:
            width = round(self.width() * self._fraction)
            painter.fillRect(0, 0, width, self.height(), QColor(self._colors.accent))
        painter.end()


class ViewportWidget(QWidget):
    """Shows one volume. Everything it shows is in ``state`` and ``content``. UI thread.

    Args:
        marks: crosshair, measurements and evidence shared with other viewports; own ones where
            it stands alone.
        palette: the colors.
        parent: Qt parent.

    Signals:
        state_changed: the new ViewState.
        measurement_made: a Measurement; it is in ``marks.measurements`` already.
        slice_shown: series UID, instance UID of a stored slice that has been on screen.
        evidence_shown: an Evidence whose mark has been on screen.
        pointer_value: a PointerReading, or None.
        activated: the reader pressed or focused it.
        maximize_requested: double click.
        refused: a sentence that says why something cannot be shown.
    """

    state_changed = Signal(object)
    measurement_made = Signal(object)
    slice_shown = Signal(str, str)
    evidence_shown = Signal(object)
    pointer_value = Signal(object)
    activated = Signal()
    maximize_requested = Signal()
    refused = Signal(str)

    def __init__(
        self,
        marks: SharedMarks | None = None,
        palette: Palette | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        colors = palette or Palette()
        self.marks = marks or SharedMarks()
        self._model = ViewportModel(self.marks)
        self._refiner = self._model.layers.refiner = Refiner(self)
        self.canvas = CanvasWidget(self._model, colors, self)
        self.slice_bar = SliceBar(colors, self)
        self.loading_line = LoadingLine(colors, self)
        self._refresh = QTimer(self)
        self._rest = QTimer(self)
        # The picture under the hand is painted first; those that follow have a turn of their own.
        self._follow_up = QTimer(self)
        self._follow_up.setSingleShot(True)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self.cine = Cine(self.canvas, self._reel(), colors)
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.canvas)
        self.setAccessibleName(tr("Viewport"))

    @property
    def state(self) -> Observable[ViewState]:
        """The view state on show."""
        return self._model.state

    @property
    def content(self) -> Content | None:
        """The volume on show and what is known of it; None where there is none."""
        return self._model.content.value

    # Links to other viewports

    @property
    def is_led(self) -> bool:
        """Whether what changes now follows another viewport, or the loading of slices."""
        return self._model.is_led

    @property
    def shown_number(self) -> int:
        """Grows with each volume that is shown here, and when the viewport is cleared."""
        return self._model.shown_number

    def propose(self, state: ViewState) -> None:
        """Take a state that the reader set; it can be taken back."""
        self._model.propose(state)

    def follow(self, state: ViewState) -> None:
        """Take a state that another viewport led to; it leads no other one."""
        self._model.follow(state)

    @property
    def links(self) -> LinkShow:
        """Lines, point and mark of the links that are drawn now."""
        return self._model.link.value

    def show_links(self, show: LinkShow) -> None:
        """Draw lines, point and mark of the links."""
        self._model.link.set(show)

    def is_reached_by(self, crosshair: Crosshair) -> bool:
        """Whether a crosshair means a place in the volume on show."""
        return self._model.is_reached_by(crosshair)

    # What is shown

    def show_volume(
        self,
        volume: Volume,
        doubts: tuple[Doubt, ...] = (),
        is_loaded: Callable[[int], bool] = every_slice,
        *,
        plane: Plane = Plane.ACQUIRED,
        original: Volume | None = None,
    ) -> bool:
        """Show a volume, which may still be loading; return False (and say why) if refused.

        Args:
            volume: the volume; its array may still be filled in the background.
            doubts: doubts a reader must see beside the picture, worst first.
            is_loaded: tells whether slice k is in; asked on the UI thread.
            plane: the plane to show.
            original: the stored volume, loaded, where a model made ``volume`` of it; it is
                compared with and measured on.
        """
        self.cine.stop()
        try:
            content = Content(volume, doubts, is_loaded, original=original)
            self._model.show(content, plane)
        except GeometryError as error:
            self.refused.emit(tr(str(error)))
            return False
        # The headers mean the stored order; slices of another plane have no rate of theirs.
        self.cine.open_at(volume.frame_rate if plane is Plane.ACQUIRED else 0.0)
        return True

    def clear(self) -> None:
        """Show nothing."""
        self.cine.stop()
        self._model.clear()
        self.canvas.forget()

    def refresh(self, k: int) -> None:
        """Take note that slice k came in."""
        if self._model.refresh(k):
            state = self.state.value
            if state.plane is Plane.ACQUIRED and state.slab is None:
                self.canvas.update()
            elif not self._refresh.isActive():
                self._refresh.start()
        if not self._refresh.isActive():
            self._refresh.start()

    def finish_loading(self, why_unread: Callable[[int], str] = no_reason) -> None:
        """Take note that no more slices will come; those not in could not be read.

        Args:
            why_unread: why slice k could not be read, as a clause for people.
        """
        if self.content:
            ended = replace(self.content, is_finished=True, why_unread=why_unread)
            self._model.replace_content(ended)

    def set_doubts(self, doubts: tuple[Doubt, ...]) -> None:
        """Show other doubts about the volume."""
        if self.content:
            self._model.replace_content(replace(self.content, doubts=doubts))

    def set_enhanced(self, overlay: EnhancedOverlay | None) -> None:
        """Lay a model's result over the volume, change its strength, or take it away."""
        if self.content:
            self._model.replace_content(replace(self.content, enhanced=overlay))

    def set_original(self, original: Volume) -> None:
        """Take the stored volume, loaded, of which a model made the one on show."""
        if self.content:
            self._model.replace_content(replace(self.content, original=original))

    def lay_over(self, overlay: Overlay | None, fusion: Fusion | None) -> None:
        """Lay another series over the volume, draw it otherwise, or take it away."""
        self._model.lay_over(overlay, fusion)

    def hide_fusion(self, is_held: bool) -> None:
        """Show the base alone for as long as the key is held."""
        self._change(lambda state, _view: replace(state, hides_fusion=is_held))

    def set_hide_key(self, name: str) -> None:
        """Say in the notice band which key hides the overlay while it is held."""
        self._model.layers.hide_key = name

    def show_uncertainty(self, uncertainty: Uncertainty | None) -> None:
        """Color one slice by how far the model's result may be from the truth, or not."""
        if self.content:
            self._model.replace_content(replace(self.content, uncertainty=uncertainty))

    def refresh_enhanced(self, k: int) -> None:
        """Take note that slice k of the model's result came in."""
        self.refresh(k)

    def take_over(self, content: Content) -> None:
        """Take enhancement, key slices and doubts of the same volume from another viewport."""
        if self.content and self.content.volume is content.volume:
            self._model.replace_content(content)

    def set_key_slices(self, slices: frozenset[int]) -> None:
        """Mark acquired slices as key images in the slice bar."""
        if self.content:
            self._model.replace_content(replace(self.content, key_slices=slices))

    def show_evidence(self, evidence: Evidence) -> bool:
        """Jump to a piece of evidence and mark it; False if it is not in this volume."""
        if not self._model.go_to_evidence(evidence):
            return False
        self.marks.evidence.set((evidence,))
        return True

    def show_measurement(self, measurement: Measurement) -> bool:
        """Jump to a measurement and select it; False if it is not of this volume."""
        return self._model.go_to_measurement(measurement)

    def clear_evidence(self) -> None:
        """Take the marks of evidence away."""
        self.marks.evidence.set(())

    # What an action of the window calls

    def step(self, steps: int) -> None:
        """Scroll by some slices."""
        self._change(lambda state, view: navigate.scroll(state, view, steps))

    def go_to_slice(self, index: int) -> None:
        """Show a slice, 0-based; held at the ends."""
        self._change(lambda state, view: navigate.go_to(state, view, index))

    def go_to_first(self) -> None:
        """Show the first slice."""
        self.go_to_slice(0)

    def go_to_last(self) -> None:
        """Show the last slice."""
        stack = self._model.stack()
        self.go_to_slice(stack.count - 1 if stack else 0)

    def apply_tool(self, tool: Tool) -> None:
        """Choose what the left button does."""
        self.state.set(replace(self.state.value, tool=tool))

    def presets(self) -> tuple[Window, ...]:
        """Return the window presets of the volume, in the order of the keys 1 to 9."""
        return self._model.presets()

    def set_window(self, window: Window) -> None:
        """Set the window."""
        self._change(lambda state, _view: grey.set_window(state, window))

    def apply_preset(self, number: int) -> None:
        """Set the preset of a key, 1 to 9; nothing where there is no such preset."""
        presets = self.presets()
        if 1 <= number <= len(presets):
            self.set_window(presets[number - 1])

    def auto_window(self, *, of_all: bool) -> bool:
        """Set a window over the stored values on show; False where there are none.

        Args:
            of_all: of the whole slice, also of what lies beyond the canvas.
        """
        window = self._model.auto_window(self.canvas.size_canvas, of_all=of_all)
        if window is not None:
            self.set_window(window)
        return window is not None

    def set_plane(self, plane: Plane) -> bool:
        """Show another plane; return False (and say why) where the series has none."""
        try:
            self._model.set_plane(plane)
        except GeometryError as error:
            self.refused.emit(tr(str(error)))
            return False
        return True

    def zoom_by(self, factor: float) -> None:
        """Zoom around the middle of the canvas."""
        width, height = self.canvas.size_canvas
        middle = (width / 2, height / 2)
        self._change(lambda state, view: navigate.zoom_by(state, view, factor, middle))

    def pan_by(self, right: float, down: float) -> None:
        """Move the picture by shares of the canvas."""
        width, height = self.canvas.size_canvas
        drag = Drag((0.0, 0.0), (right * width, down * height))
        self._change(lambda state, view: navigate.drag_pan(state, view, drag))

    def fit(self) -> None:
        """Fit the slice into the canvas."""
        self._change(lambda state, _view: navigate.fit(state))

    def actual_size(self) -> None:
        """Show one image pixel per canvas pixel."""
        self._change(lambda state, _view: navigate.actual_size(state))

    def reset(self) -> None:
        """Show the slice as the series opened."""
        window = self._model.opening_window
        self.marks.turned.set(None)
        self._change(lambda state, _view: replace(navigate.reset(state, window), slab=None))

    def set_slab(self, slab: Slab | None) -> bool:
        """Project slices onto the one shown, or stop; False (and say why) where it cannot be."""
        why = self._model.why_no_slab() if slab is not None else ""
        if why:
            self.refused.emit(tr("No slab here because {0}.").format(tr(why)))
            return False
        self._change(lambda state, _view: replace(state, slab=slab))
        return True

    def thicken_slab(self, steps: int) -> None:
        """Make the slab some steps thicker or thinner; thinner than the thinnest is none."""
        self.set_slab(thickened(self.state.value.slab, steps))

    def next_projection(self) -> None:
        """Go on from no slab to MIP, MinIP, mean and back to none."""
        self.set_slab(next_projection(self.state.value.slab))

    def turn_planes(self, degrees: float) -> None:
        """Turn the two other planes of the crosshair, clockwise as this viewport sees them."""
        if not self.canvas.turner.turn_by(degrees):
            self.refused.emit(tr("Planes are turned in the reformat with three planes."))

    def invert(self) -> None:
        """Invert the grey scale."""
        self._change(lambda state, _view: grey.invert(state))

    def flip(self, *, is_vertical: bool = False) -> None:
        """Exchange left and right of the screen, or top and bottom."""
        tool = navigate.flip_vertically if is_vertical else navigate.flip_horizontally
        self._change(lambda state, _view: tool(state))

    def rotate(self, quarters: int = 1) -> None:
        """Turn clockwise by quarters."""
        self._change(lambda state, _view: navigate.rotate(state, quarters))

    def toggle_interpolation(self) -> None:
        """Change between smooth pixels and square ones."""
        is_smooth = self.state.value.interpolation is Interpolation.LINEAR
        other = Interpolation.NEAREST if is_smooth else Interpolation.LINEAR
        self._change(lambda state, _view: replace(state, interpolation=other))

    def compare_original(self, is_held: bool) -> None:
        """Show the stored pixels for as long as the key is held."""
        self._change(lambda state, _view: replace(state, is_comparing=is_held))

    def compare_by(self, compare: Compare) -> None:
        """Show the result of a model, the original, or both in one way."""
        self.state.set(replace(self.state.value, compare=compare))

    def show_overlays(self, is_on: bool) -> None:
        """Show or hide evidence marks, measurements and crosshair."""
        self._change(lambda state, _view: replace(state, shows_overlays=is_on))

    def show_texts(self, is_on: bool) -> None:
        """Show or hide the corner texts; the notice band stays."""
        self._change(lambda state, _view: replace(state, shows_texts=is_on))

    def set_compare_key(self, name: str) -> None:
        """Say in the notice band which key shows the original while it is held."""
        self.canvas.compare_key = name
        self.canvas.update()

    def set_active(self, *, is_active: bool) -> None:
        """Frame the viewport that keys act on, where there are several."""
        self.canvas.set_active(is_active=is_active)

    def notice_text(self) -> str:
        """Return the words of the notice band, a line each; empty where there is none."""
        return notice_lines(self._model.notices(self.canvas.compare_key))

    # Private

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.canvas, 1)
        row.addWidget(self.slice_bar)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.loading_line)
        column.addLayout(row, 1)

    def _connect(self) -> None:
        self.canvas.measurement_made.connect(self.measurement_made)
        self.canvas.slice_shown.connect(self.slice_shown)
        self.canvas.evidence_shown.connect(self.evidence_shown)
        self.canvas.pointer_moved.connect(self.pointer_value)
        self.canvas.pressed.connect(self.activated)
        self.canvas.refused.connect(self.refused)
        self.canvas.slab_steps.connect(self.thicken_slab)
        self.canvas.clicked.connect(self._click)
        self.slice_bar.slice_requested.connect(self.go_to_slice)
        self._refresh.timeout.connect(self._on_refresh)
        self._rest.timeout.connect(self._on_rest)
        self._follow_up.timeout.connect(self.canvas.update)
        self._refiner.made.connect(self._take_refined)
        stops = (
            self.state.observe(self._on_state),
            self._model.content.observe(lambda _old, _new: self._repaint_all()),
            self.marks.crosshair.observe(lambda _old, _new: self._crosshair_moved()),
            self.marks.habits.lens.observe(lambda _old, _new: self.canvas.update()),
            self.marks.habits.pointed.observe(lambda _old, _new: self.canvas.follow_lens()),
            self.marks.measurements.observe(lambda _old, _new: self.canvas.update()),
            self.marks.selected.observe(lambda _old, _new: self.canvas.update()),
            self.marks.evidence.observe(lambda _old, _new: self._repaint_all()),
            self.marks.regions.observe(lambda _old, _new: self.canvas.update()),
            self.marks.curves.curve.observe(lambda _old, _new: self.canvas.update()),
            self.marks.curves.at_mm.observe(lambda _old, _new: self.canvas.update()),
            self._model.link.observe(lambda _old, _new: self.canvas.update()),
            self.marks.stored_look.observe(lambda _old, _new: self.canvas.update()),
            self._model.close,
            self._refiner.close,
            self.canvas.turner.close,
        )
        self.destroyed.connect(lambda: [stop() for stop in stops])

    def _click(self, act: ClickAct) -> None:
        """Do what a click of the mouse map means."""
        acts: dict[ClickAct, Callable[[], None]] = {
            ClickAct.MAXIMIZE: self.maximize_requested.emit,
            ClickAct.FIT: self.fit,
            ClickAct.RESET: self.reset,
            ClickAct.INVERT: self.invert,
        }
        acts.get(act, lambda: self.marks.habits.ask(act))()

    def _change(self, tool: Callable[..., ViewState]) -> None:
        view = self.canvas.view()
        if view is not None:
            self._model.propose(tool(self.state.value, view))

    def _on_state(self, old: ViewState, new: ViewState) -> None:
        self.canvas.haste.moved()
        if self._model.is_led:
            self._follow_up.start()
        else:
            self.canvas.update()
        if new.is_moving:
            self._rest.start()
        has_other_slices = old.plane is not new.plane or old.cut != new.cut
        if old.slice_index != new.slice_index or has_other_slices:
            self._show_marks()
        self.state_changed.emit(new)

    def _crosshair_moved(self) -> None:
        if self.canvas.hasFocus():
            self.canvas.update()
        else:
            self._follow_up.start()

    def _repaint_all(self) -> None:
        self.canvas.update()
        self._show_marks()

    def _on_refresh(self) -> None:
        if self.state.value.plane is not Plane.ACQUIRED or self.state.value.slab is not None:
            self.canvas.update()
        self._show_marks()

    def _take_refined(self, pixels: SlabPixels) -> None:
        self._model.take_refined(pixels)
        self.canvas.update()

    def _on_rest(self) -> None:
        self.state.set(replace(self.state.value, is_moving=False))

    def _reel(self) -> Reel:
        def place() -> tuple[int, int] | None:
            stack = self._model.stack()
            return None if stack is None else (self.state.value.slice_index, stack.count)

        def may_show(index: int) -> bool:
            source, content = self._model.source, self.content
            is_stored = self.state.value.plane is Plane.ACQUIRED
            has_ended = content is not None and content.is_finished
            return source is not None and (not is_stored or has_ended or source.is_loaded(index))

        return Reel(place, may_show, self.go_to_slice)

    def _show_marks(self) -> None:
        source, stack, content = self._model.source, self._model.stack(), self.content
        if source is None or stack is None or content is None:
            self.slice_bar.set_marks(SliceMarks())
            self.loading_line.set_fraction(1.0)
            return
        count = content.volume.geometry.shape_kji[0]
        fraction = 1.0 if content.is_finished else source.loaded_count / count
        self.loading_line.set_fraction(fraction)
        index = self.state.value.slice_index
        if self.state.value.plane is not Plane.ACQUIRED:
            self.slice_bar.set_marks(SliceMarks(stack.count, index, ((0, stack.count),)))
            return
        loaded = ((0, count),) if source.is_complete else _ranges(source.is_loaded, count)
        filled = content.volume.filled
        self.slice_bar.set_marks(
            SliceMarks(
                count,
                index,
                loaded,
                content.volume.geometry.holes,
                () if source.is_complete else tuple(filter(content.is_unread, range(count))),
                tuple(sorted(content.key_slices)),
                self._model.evidence_slices(),
                () if filled is None else filled.touched_slices,
            )
        )


def _ranges(holds: Callable[[int], bool], count: int) -> tuple[tuple[int, int], ...]:
    """Return the ranges (first, one past the last) of 0..count-1 in which a condition holds."""
    found: list[tuple[int, int]] = []
    for k in filter(holds, range(count)):
        if found and found[-1][1] == k:
            found[-1] = (found[-1][0], k + 1)
        else:
            found.append((k, k + 1))
    return tuple(found)
