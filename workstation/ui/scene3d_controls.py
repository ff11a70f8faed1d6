"""The controls beside a 3D view: preset, opacity, the six faces of the clip box, regions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QSlider, QWidget

from viewers.scene3d.model import Phase
from viewers.scene3d.state import Face, SceneState
from viewers.scene3d.viewport import SceneViewport
from workstation.ui.theme import step_px
from workstation.ui.widgets import button, column, label, scrolled
from workstation.ui.words import tr

WIDTH_STEPS = 56
"""224 pixels: the longest preset name and a slider with its letter."""

FACE_WORDS = {
    Face.RIGHT: "Right",
    Face.LEFT: "Left",
    Face.ANTERIOR: "Front",
    Face.POSTERIOR: "Back",
    Face.FEET: "Feet",
    Face.HEAD: "Head",
}

KEYS = (
    "Arrows turn, Ctrl+arrows move, Alt+left/right roll. A P L R H F: sides. + - zoom. "
    "1-9 presets, Page up/down shift the colors. B box, , . face, [ ] move it. "
    "X cut, C crop, G turntable, S light, T texts, O outside, Home reset, Esc close."
)
"""The keys of the view, as its controls name them."""


class SceneControls(QFrame):
    """Owned by the UI thread."""

    def __init__(self, viewport: SceneViewport, *, toggle_planes: Callable[[], None]) -> None:
        """Make the controls of a 3D view.

        Args:
            viewport: the view.
            toggle_planes: shows the planes beside it, or it alone.
        """
        super().__init__()
        self.setProperty("role", "panel")
        self.setAccessibleName(tr("Controls of the 3D view"))
        self._viewport, self._model = viewport, viewport.model
        self.preset = QComboBox()
        self.preset.setAccessibleName(tr("Preset"))
        self.preset.activated.connect(self._choose_preset)
        self.opacity = _slider(tr("Opacity of the volume, percent"), self._set_opacity)
        self.region_opacity = _slider(tr("Opacity of regions, percent"), self._set_region_opacity)
        self.faces = {face: self._face_slider(face) for face in Face}
        self._planes = button(tr("Planes beside"), toggle_planes)
        self._lay_out()
        self.setFixedWidth(step_px(WIDTH_STEPS))
        self._model.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the state."""
        model, state = self._model, self._model.state.value
        self._body.setEnabled(model.status.value.phase is Phase.SHOWN)
        offered = model.offered_presets()
        ids = [one.preset_id for one in offered]
        with QSignalBlocker(self.preset):
            if ids != [self.preset.itemData(row) for row in range(self.preset.count())]:
                self.preset.clear()
                for one in offered:
                    self.preset.addItem(tr(one.name), one.preset_id)
            self.preset.setCurrentIndex(
                ids.index(state.preset_id) if state.preset_id in ids else -1
            )
        _show(self.opacity, state.opacity)
        _show(self.region_opacity, state.region_opacity)
        self.region_opacity.setEnabled(bool(model.placed_regions()))
        self._show_faces(state)

    # Private

    def _show_faces(self, state: SceneState) -> None:
        around = self._model.box
        box = state.box or around
        if around is None or box is None:
            return
        for face, slider in self.faces.items():
            low, high = around.low_mm[face.axis], around.high_mm[face.axis]
            with QSignalBlocker(slider):
                slider.setRange(0, round(high - low))
                way = box.at(face) - low
                slider.setValue(round(way))

    def _face_slider(self, face: Face) -> QSlider:
        def moved(value: int) -> None:
            around, state = self._model.box, self._model.state.value
            if around is None:
                return
            at = around.low_mm[face.axis] + value
            if value == slider.maximum():
                at = around.high_mm[face.axis]
            box = (state.box or around).with_face(face, at, around)
            self._viewport.face = face
            shown = replace(state, box=None if box == around else box, is_box_shown=True)
            self._model.propose(shown, is_moving=True)

        name = tr("Face of the clip box: {0}, millimeters").format(tr(FACE_WORDS[face]))
        slider = _slider(name, moved)
        slider.setSingleStep(1)
        slider.setPageStep(10)
        return slider

    def _lay_out(self) -> None:
        self._body = QWidget()
        inside = column(self._body, margin=3, gap=2)
        inside.addWidget(label(tr("3D"), "strong"))
        inside.addWidget(self.preset)
        rows = QGridLayout()
        rows.setHorizontalSpacing(step_px(2))
        named = [(tr("Opacity"), self.opacity), (tr("Regions"), self.region_opacity)]
        named += [(tr(FACE_WORDS[face]), slider) for face, slider in self.faces.items()]
        for row, (words, slider) in enumerate(named):
            rows.addWidget(label(words, "quiet"), row, 0)
            rows.addWidget(slider, row, 1)
        inside.addLayout(rows)
        view = self._viewport
        for words, act in (
            (tr("Clip box"), view.toggle_box),
            (tr("Crop to regions"), view.crop),
            (tr("Cut at the crosshair"), view.toggle_cut),
            (tr("Table and outside air"), view.toggle_outside),
            (tr("Turntable"), view.toggle_turntable),
            (tr("Light"), view.toggle_shading),
            (tr("Reset"), self._model.reset),
        ):
            inside.addWidget(button(words, act))
        inside.addWidget(self._planes)
        inside.addWidget(button(tr("Close the 3D view"), view.left.emit))
        inside.addWidget(label(tr(KEYS), "quiet", wraps=True))
        inside.addStretch(1)
        column(self, gap=0).addWidget(scrolled(self._body))

    def show_planes(self, *, are_beside: bool) -> None:
        """Say what the button for the planes does."""
        words = tr("3D alone") if are_beside else tr("Planes beside")
        self._planes.setText(words)
        self._planes.setAccessibleName(words)

    def _choose_preset(self, row: int) -> None:
        self._model.choose_preset(str(self.preset.itemData(row)))
        self._viewport.setFocus()

    def _set_opacity(self, percent: int) -> None:
        state = replace(self._model.state.value, opacity=percent / 100)
        self._model.propose(state, is_moving=True)

    def _set_region_opacity(self, percent: int) -> None:
        state = replace(self._model.state.value, region_opacity=percent / 100)
        self._model.propose(state, is_moving=True)


def _slider(name: str, moved: Callable[[int], None]) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(0, 100)
    slider.setAccessibleName(name)
    slider.valueChanged.connect(moved)
    return slider


def _show(slider: QSlider, share: float) -> None:
    with QSignalBlocker(slider):
        slider.setValue(round(share * 100))
