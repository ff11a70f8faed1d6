"""The 3D view by mouse and by keys alone, over a client that only writes down what it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.unit.viewers.volumes import every_slice, stack, volume
from viewers.render.region_marks import ShownRegion
from viewers.scene3d.client import SceneEvent, SceneFailed, ScenePicture, SceneShown
from viewers.scene3d.model import Phase, SceneModel
from viewers.scene3d.presets import PERCENTS, Statistics, load_presets
from viewers.scene3d.protocol import Draw
from viewers.scene3d.reduction import Reason, Reduction
from viewers.scene3d.state import Box, Face
from viewers.scene3d.texts import band_text, edge_words, quality_lines
from viewers.scene3d.viewport import SceneViewport
from workstation.core.errors import WorkerCrashedError
from workstation.core.regions import MaskStack, OutlinedRegion, RegionForm
from workstation.core.volume import Volume
from workstation.settings.resources import resource

BOX = Box((-100.0, -60.0, 0.0), (100.0, 60.0, 180.0))
SHOWN = SceneShown(
    BOX, Statistics(PERCENTS, PERCENTS), Reduction(), is_resampled=False, unread=0, is_software=True
)


class FakeClient:
    """Takes what the view asks and answers nothing by itself."""

    def __init__(self, tell: Callable[[SceneEvent], None]) -> None:
        self.tell = tell
        self.asked: list[Draw] = []
        self.regions: Mapping[int, MaskStack] = {}
        self.has_forgotten = False

    def show(self, _volume: Volume, _is_loaded: Callable[[int], bool]) -> None:
        self.tell(SHOWN)

    def set_regions(self, regions: Mapping[int, MaskStack]) -> None:
        self.regions = regions

    def draw(self, request: Draw) -> None:
        self.asked.append(request)

    def forget(self) -> None:
        self.has_forgotten = True

    def close(self) -> None:
        self.has_forgotten = True


class View:
    def __init__(self, qtbot: QtBot) -> None:
        self.clients: list[FakeClient] = []

        def make(tell: Callable[[SceneEvent], None]) -> FakeClient:
            self.clients.append(FakeClient(tell))
            return self.clients[-1]

        self.model = SceneModel(load_presets(resource("volume_presets")), make)  # type: ignore[arg-type]
        self.widget = SceneViewport(self.model)
        qtbot.addWidget(self.widget)
        self.widget.resize(400, 300)
        self.widget.show()
        qtbot.waitExposed(self.widget)
        self.qtbot = qtbot

    @property
    def client(self) -> FakeClient:
        return self.clients[0]

    def open(self) -> None:
        source = volume(np.zeros((9, 12, 20), dtype=np.int16), stack((9, 12, 20)))
        self.model.show(source, every_slice)
        self.qtbot.waitUntil(lambda: self.model.status.value.phase is Phase.SHOWN)

    def key(
        self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        self.qtbot.keyClick(self.widget, key, modifier)

    def drag(
        self, button: Qt.MouseButton, start: QPoint, end: QPoint,
        modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:  # fmt: skip
        self.qtbot.mousePress(self.widget, button, modifier, start)
        self.qtbot.mouseMove(self.widget, end)
        self.qtbot.mouseRelease(self.widget, button, modifier, end)

    def answer(self) -> None:
        """Give the picture that was asked for last."""
        number = self.client.asked[-1].number
        picture = np.full((300, 400, 4), 9, dtype=np.uint8)
        self.client.tell(ScenePicture(picture, number, is_full=True, is_coarse=False, ms=9.0))
        self.qtbot.waitUntil(lambda: self.model.pictured == self.model.state.value)

    @property
    def toward(self) -> str:
        return edge_words(self.model.state.value.camera).toward


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication) -> Iterator[View]:
    del qapp
    made = View(qtbot)
    made.open()
    yield made
    made.model.close()


MIDDLE = QPoint(200, 150)


@pytest.mark.parametrize("letter", "APLRHF")
def test_a_letter_shows_that_side(letter: str, view: View) -> None:
    view.key(Qt.Key(ord(letter)))

    assert view.toward == letter
    assert view.client.asked[-1].is_moving is False


def test_arrows_turn_by_five_degrees_and_eighteen_of_them_by_a_quarter(view: View) -> None:
    for _ in range(18):
        view.key(Qt.Key.Key_Right)

    assert view.toward == "R"
    assert view.client.asked[-1].is_moving


def test_a_hand_that_rests_gets_full_quality(view: View) -> None:
    view.key(Qt.Key.Key_Up)
    assert view.client.asked[-1].is_moving

    view.qtbot.waitUntil(lambda: not view.client.asked[-1].is_moving, timeout=2000)


def test_dragging_with_the_left_button_turns_and_across_the_shorter_side_half_around(
    view: View,
) -> None:
    view.drag(Qt.MouseButton.LeftButton, QPoint(20, 150), QPoint(320, 150))

    assert view.toward == "P"


def test_dragging_with_the_middle_button_moves_the_picture(view: View) -> None:
    view.drag(Qt.MouseButton.MiddleButton, MIDDLE, MIDDLE + QPoint(30, -20))

    right, up = view.model.state.value.camera.pan_mm
    assert right > 0
    assert up > 0
    assert right / up == pytest.approx(1.5)


def test_dragging_with_the_right_button_moves_the_colors(view: View) -> None:
    view.drag(Qt.MouseButton.RightButton, MIDDLE, MIDDLE + QPoint(0, 30))
    view.answer()

    assert view.model.state.value.shift == pytest.approx(0.1)
    assert "changed" in view.widget.description()


def test_the_wheel_zooms(view: View) -> None:
    event = QWheelEvent(
        QPointF(200, 150), QPointF(200, 150), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.widget, event)

    assert view.model.state.value.camera.zoom == pytest.approx(1.12)


def test_keys_zoom_move_roll_and_reset(view: View) -> None:
    view.key(Qt.Key.Key_Plus)
    view.key(Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    view.key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    changed = view.model.state.value.camera
    view.key(Qt.Key.Key_Home)

    assert changed.zoom == pytest.approx(1.15)
    assert changed.pan_mm == (10.0, 0.0)
    assert np.abs(changed.axes - np.eye(3)).max() > 0.05
    assert view.model.state.value.camera.zoom == 1
    assert view.toward == "A"


def test_digits_choose_presets_and_each_starts_as_it_was_made(view: View) -> None:
    view.key(Qt.Key.Key_PageUp)
    shifted = view.model.state.value
    view.key(Qt.Key.Key_2)

    assert shifted.shift == pytest.approx(0.02)
    assert view.model.state.value.preset_id == "ct-vessels"
    assert view.model.state.value.shift == 0


def test_the_box_is_moved_by_keys_alone(view: View) -> None:
    view.key(Qt.Key.Key_B)
    view.key(Qt.Key.Key_Period)
    face = view.widget.face
    view.key(Qt.Key.Key_BracketLeft)

    assert view.model.state.value.is_box_shown
    assert face is not None
    box = view.model.state.value.box
    assert box is not None
    assert abs(box.at(face) - BOX.at(face)) == 5
    assert len(view.client.asked[-1].planes) == 6


def test_a_handle_of_the_box_is_dragged_with_the_mouse(view: View) -> None:
    view.key(Qt.Key.Key_B)
    seen = view.model.projection()
    assert seen is not None
    start = seen.to_canvas(BOX.center_of(Face.LEFT))
    at = QPoint(round(start[0]), round(start[1]))

    view.drag(Qt.MouseButton.LeftButton, at, at - QPoint(40, 0))

    box = view.model.state.value.box
    assert box is not None
    assert box.high_mm[0] == pytest.approx(100 - 40 / seen.px_per_mm)
    assert view.toward == "A"


def test_a_cut_opens_at_the_crosshair_follows_it_and_closes(view: View) -> None:
    view.model.set_crosshair((1.0, 2.0, 3.0))
    view.key(Qt.Key.Key_X)
    opened = view.model.state.value.cut
    view.model.set_crosshair((4.0, 5.0, 6.0))
    followed = view.model.state.value.cut
    view.key(Qt.Key.Key_X)

    assert opened is not None
    assert followed is not None
    assert opened.point_mm == (1.0, 2.0, 3.0)
    assert followed.point_mm == (4.0, 5.0, 6.0)
    assert opened.normal == (0.0, -1.0, 0.0)
    assert view.model.state.value.cut is None


def region(frame: str = "1.2.3") -> ShownRegion:
    row, column = np.array([1.0, 0, 0]), np.array([0, 1.0, 0])
    positions = np.array([[10.0, 0, 50], [10.0, 0, 52]])
    masks = MaskStack(np.ones((2, 3, 4), dtype=np.bool_), row, column, (2.0, 2.0), positions, 2.0)
    outlined = OutlinedRegion("Liver", 1, RegionForm.SEGMENT, "", (255, 0, 0), frame, masks)
    return ShownRegion(outlined, (0, 128, 255), 0.4)


def test_regions_that_are_shown_are_drawn_in_their_color_and_the_box_is_cropped_to_them(
    view: View,
) -> None:
    view.model.set_regions([region(), region("9.9.9")])
    (number,) = view.client.regions
    drawn = view.client.asked[-1].regions
    view.key(Qt.Key.Key_C)

    assert drawn == ((number, 0.0, 128 / 255, 1.0),)
    assert view.model.state.value.box == Box((-1.0, -11.0, 39.0), (27.0, 15.0, 63.0))


def test_crop_without_regions_says_why_nothing_happens(view: View) -> None:
    with view.qtbot.waitSignal(view.widget.refused) as heard:
        view.key(Qt.Key.Key_C)

    assert heard.args is not None
    assert "No regions are shown here" in heard.args[0]


def test_the_turntable_goes_round_until_the_hand_takes_over(view: View) -> None:
    before = view.model.state.value.camera
    view.key(Qt.Key.Key_G)
    view.qtbot.waitUntil(lambda: view.model.state.value.camera != before, timeout=2000)
    view.drag(Qt.MouseButton.LeftButton, MIDDLE, MIDDLE + QPoint(1, 0))

    assert not view.widget.is_turning


def test_escape_asks_to_leave(view: View) -> None:
    with view.qtbot.waitSignal(view.widget.left):
        view.key(Qt.Key.Key_Escape)


def test_keys_of_the_view_are_kept_from_the_window_and_all_others_are_not(view: View) -> None:
    def is_kept(key: Qt.Key, modifier: Qt.KeyboardModifier) -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifier)
        event.ignore()
        QApplication.sendEvent(view.widget, event)
        return event.isAccepted()

    none, control = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
    assert is_kept(Qt.Key.Key_R, none)
    assert is_kept(Qt.Key.Key_Escape, none)
    assert not is_kept(Qt.Key.Key_R, control)
    assert not is_kept(Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    assert not is_kept(Qt.Key.Key_F7, none)


def test_the_band_says_what_it_is_not_for_and_the_corner_what_quality_is_reduced_by(
    view: View,
) -> None:
    less = Reduction((2, 2, 2), Reason.MEMORY, 512_000_000)
    view.client.tell(
        SceneShown(
            BOX, SHOWN.statistics, less, is_resampled=True, unread=3, is_software=True
        )
    )  # fmt: skip
    view.answer()
    view.qtbot.waitUntil(lambda: "1 of 8 voxels" in view.widget.description())

    assert "512 MB of memory are free" in view.widget.description()
    words = band_text(view.model.status.value)
    assert "not for measuring" in words
    assert "RESAMPLED" in words
    assert "3 slices could not be read" in words


def test_a_coarse_picture_is_shown_and_said_until_the_full_one_comes(view: View) -> None:
    number = view.client.asked[-1].number
    coarse = np.zeros((300, 400, 4), dtype=np.uint8)
    view.client.tell(ScenePicture(coarse, number, is_full=False, is_coarse=True, ms=9.0))
    view.qtbot.waitUntil(lambda: view.model.picture is not None)
    said = quality_lines(view.model.status.value)
    full = np.full((300, 400, 4), 200, dtype=np.uint8)
    view.client.tell(ScenePicture(full, number, is_full=True, is_coarse=False, ms=9.0))
    view.qtbot.waitUntil(lambda: view.model.status.value.is_full)

    assert any("Coarse" in line for line in said)
    assert quality_lines(view.model.status.value) == ("Drawn by the processor",)
    assert view.widget.grab().toImage().pixelColor(200, 100).red() == 200


def test_letters_never_run_ahead_of_the_picture_they_stand_on(view: View) -> None:
    view.key(Qt.Key.Key_A)
    view.answer()
    front = view.widget.grab().toImage()
    view.key(Qt.Key.Key_P)
    still = view.widget.description(), view.widget.grab().toImage().copy(4, 40, 392, 120)
    view.answer()

    assert "Seen from A" in still[0]
    assert still[1] == front.copy(4, 40, 392, 120)
    assert "Seen from P" in view.widget.description()
    assert view.widget.grab().toImage().copy(4, 40, 392, 120) != still[1]


def test_a_picture_nobody_asked_for_is_not_shown(view: View) -> None:
    picture = np.zeros((300, 400, 4), dtype=np.uint8)
    view.client.tell(ScenePicture(picture, 999, is_full=True, is_coarse=False, ms=9.0))
    view.answer()

    assert view.model.pictured == view.model.state.value
    assert view.model.picture is not None
    assert view.model.picture.pixelColor(0, 0).red() == 9


def test_a_failure_is_a_sentence_in_the_view_and_the_next_series_tries_again(view: View) -> None:
    view.client.tell(SceneFailed(WorkerCrashedError("The 3D view stopped twice")))
    view.qtbot.waitUntil(lambda: view.model.status.value.phase is Phase.FAILED)
    said = view.widget.description()

    view.open()

    assert "stopped twice" in said
    assert view.model.status.value.phase is Phase.SHOWN


def test_a_series_that_is_no_volume_says_why(view: View) -> None:
    view.model.show(volume(np.zeros((2, 8, 8), dtype=np.int16), stack((2, 8, 8))), every_slice)

    assert view.model.status.value.phase is Phase.FAILED
    assert "only two slices" in view.widget.description()
    view.widget.grab()


def test_leaving_frees_everything(view: View) -> None:
    view.model.clear()

    assert view.client.has_forgotten
    assert view.model.status.value.phase is Phase.EMPTY


def test_a_preset_opens_without_table_and_air_and_a_key_brings_them(view: View) -> None:
    view.model.choose_preset("ct-minip")
    assert view.client.asked[-1].fill == 8192

    view.key(Qt.Key.Key_O)

    assert view.client.asked[-1].fill is None
    view.model.choose_preset("ct-bone")
    assert view.client.asked[-1].fill is None
    view.key(Qt.Key.Key_O)
    assert view.client.asked[-1].fill == -1024


def test_the_corner_says_that_something_is_hidden_also_without_texts(view: View) -> None:
    view.model.choose_preset("ct-airways")
    number = view.client.asked[-1].number
    picture = np.full((300, 400, 4), 9, dtype=np.uint8)
    view.client.tell(ScenePicture(picture, number, True, False, 9.0, hides_outside=True))
    view.qtbot.waitUntil(lambda: view.model.pictured == view.model.state.value)

    assert "Table and outside air hidden" in view.widget.description()
    view.widget.toggle_texts()
    assert "Table and outside air hidden" in view.widget._lines()
