"""The mouse map, the wheel, fingers, the lens, and taking changes of a view back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.unit.viewers.volumes import noise, stack, volume
from viewers.qt.grid import ViewportGrid
from viewers.qt.palette import Palette
from viewers.qt.viewport import ViewportWidget
from viewers.state.crosshair import Crosshair
from viewers.state.layout import Layout
from viewers.state.mouse_map import MOUSE_MAPS, ClickAct, DragAct, MouseMap, WheelAct
from viewers.state.slab import Projection, Slab
from viewers.state.user_windows import UserWindow
from viewers.state.view_state import Tool
from workstation.core.intensity import IntensityUnit, Window
from workstation.core.volume import Volume

SHAPE = (40, 32, 32)
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
MIDDLE = Qt.MouseButton.MiddleButton
NO_KEY = Qt.KeyboardModifier.NoModifier
A, B = QPoint(200, 200), QPoint(240, 160)


@pytest.fixture
def series() -> Volume:
    return volume(noise(SHAPE), stack(SHAPE, spacing_ij_mm=(2.0, 2.0)))


@pytest.fixture
def viewport(qtbot: QtBot, series: Volume) -> ViewportWidget:
    widget = ViewportWidget()
    qtbot.addWidget(widget)
    widget.resize(420, 440)
    widget.show_volume(series)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


@pytest.fixture(scope="session")
def screen(qapp: QApplication) -> QPointingDevice:
    return QTest.createTouchDevice()


def use(viewport: ViewportWidget, mouse: MouseMap) -> None:
    viewport.marks.habits.mouse.set(mouse)


def drag(viewport: ViewportWidget, *buttons: Qt.MouseButton, to: QPoint = B) -> None:
    for button in buttons:
        QTest.mousePress(viewport.canvas, button, NO_KEY, A)
    QTest.mouseMove(viewport.canvas, to)
    for button in buttons:
        QTest.mouseRelease(viewport.canvas, button, NO_KEY, to)


def wheel(
    viewport: ViewportWidget,
    angle: int,
    key: Qt.KeyboardModifier = NO_KEY,
    *,
    pixels: int = 0,
    phase: Qt.ScrollPhase = Qt.ScrollPhase.NoScrollPhase,
) -> None:
    at, none = QPointF(A), Qt.MouseButton.NoButton
    event = QWheelEvent(at, at, QPoint(0, pixels), QPoint(0, angle), none, key, phase, False)
    QApplication.sendEvent(viewport.canvas, event)


class Fingers:
    """Drives a touch screen over one canvas."""

    def __init__(self, viewport: ViewportWidget, screen: QPointingDevice) -> None:
        self._canvas, self._screen = viewport.canvas, screen

    def _all(self, act: str, *at: tuple[int, int]) -> None:
        event = QTest.touchEvent(self._canvas, self._screen)
        for number, (x, y) in enumerate(at):
            getattr(event, act)(number, QPoint(x, y), self._canvas)
        event.commit()

    def down(self, *at: tuple[int, int]) -> None:
        self._all("press", *at)

    def move(self, *at: tuple[int, int]) -> None:
        self._all("move", *at)

    def up(self, *at: tuple[int, int]) -> None:
        self._all("release", *at)

    def slide(self, start: list[tuple[int, int]], end: list[tuple[int, int]]) -> None:
        self.down(*start)
        for part in (0.25, 0.5, 0.75, 1.0):
            between = [
                (round(a[0] + part * (b[0] - a[0])), round(a[1] + part * (b[1] - a[1])))
                for a, b in zip(start, end, strict=True)
            ]
            self.move(*between)
        self.up(*end)


@pytest.fixture
def fingers(viewport: ViewportWidget, screen: QPointingDevice) -> Fingers:
    return Fingers(viewport, screen)


# Mouse


def test_the_left_button_windows_for_who_comes_from_weasis(viewport: ViewportWidget) -> None:
    before = viewport.state.value
    use(viewport, MOUSE_MAPS["weasis"])

    drag(viewport, LEFT)

    assert viewport.state.value.window.width > before.window.width
    assert viewport.state.value.slice_index == before.slice_index


def test_the_tool_goes_with_the_right_button_for_left_hands(viewport: ViewportWidget) -> None:
    use(viewport, MOUSE_MAPS["left_handed"])
    viewport.apply_tool(Tool.LENGTH)

    drag(viewport, RIGHT)

    assert [one.kind.name for one in viewport.marks.measurements.value] == ["LENGTH"]


def test_both_buttons_together_zoom_and_leave_the_window_as_it_was(
    viewport: ViewportWidget,
) -> None:
    before = viewport.state.value

    drag(viewport, LEFT, RIGHT)

    assert viewport.state.value.zoom is not None
    assert viewport.state.value.window == before.window


@pytest.mark.parametrize("act", [DragAct.PAN, DragAct.ZOOM, DragAct.NONE])
def test_the_middle_button_does_what_was_chosen(viewport: ViewportWidget, act: DragAct) -> None:
    use(viewport, MouseMap(middle=act))

    drag(viewport, MIDDLE)

    state = viewport.state.value
    assert (state.zoom is not None) == (act is DragAct.ZOOM)
    assert (state.pan_mm != (0.0, 0.0)) == (act is not DragAct.NONE)


def test_twice_the_sensitivity_windows_as_far_with_half_the_way(viewport: ViewportWidget) -> None:
    far = QPoint(280, 120)
    start = viewport.state.value
    drag(viewport, RIGHT, to=far)
    by_far = viewport.state.value.window
    viewport.state.set(start)
    use(viewport, MouseMap(sensitivity=2.0))

    drag(viewport, RIGHT, to=B)

    assert viewport.state.value.window == by_far


def test_a_double_click_and_the_side_buttons_do_what_was_chosen(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    asked: list[ClickAct] = []
    viewport.marks.habits.ask = asked.append
    viewport.zoom_by(3.0)
    use(viewport, MouseMap(double_click=ClickAct.FIT))

    with qtbot.assertNotEmitted(viewport.maximize_requested):
        QTest.mouseDClick(viewport.canvas, LEFT, NO_KEY, A)
    QTest.mouseClick(viewport.canvas, Qt.MouseButton.ForwardButton, NO_KEY, A)

    assert viewport.state.value.zoom is None
    assert asked == [ClickAct.NEXT_SERIES]


def test_the_wheel_does_with_each_key_what_was_chosen(viewport: ViewportWidget) -> None:
    viewport.go_to_slice(5)
    use(viewport, MouseMap(alt_wheel=WheelAct.SCROLL_FAST, ctrl_wheel=WheelAct.NONE))

    wheel(viewport, -120)
    wheel(viewport, -120, Qt.KeyboardModifier.AltModifier)
    wheel(viewport, -120, Qt.KeyboardModifier.ControlModifier)

    assert viewport.state.value.slice_index == 5 + 1 + 10
    assert viewport.state.value.zoom is None


def test_a_pad_scrolls_slice_by_slice_and_its_momentum_skips_none(
    viewport: ViewportWidget,
) -> None:
    viewport.go_to_slice(5)
    seen: list[int] = []
    viewport.state_changed.connect(lambda state: seen.append(state.slice_index))

    wheel(viewport, 0, phase=Qt.ScrollPhase.ScrollBegin)
    for _ in range(9):
        wheel(viewport, -14, pixels=-10, phase=Qt.ScrollPhase.ScrollUpdate)
    for _ in range(20):
        wheel(viewport, -200, pixels=-80, phase=Qt.ScrollPhase.ScrollMomentum)

    assert seen == [6, 7, 8]


# Fingers


def test_one_finger_uses_the_tool(viewport: ViewportWidget, fingers: Fingers) -> None:
    viewport.go_to_slice(10)

    fingers.slide([(200, 100)], [(200, 200)])

    assert viewport.state.value.slice_index > 10


def test_two_fingers_zoom_about_their_middle(viewport: ViewportWidget, fingers: Fingers) -> None:
    view = viewport.canvas.view()
    assert view is not None
    under = view.patient_at(viewport.state.value, (200.0, 200.0))

    fingers.slide([(180, 200), (220, 200)], [(160, 200), (240, 200)])

    before = view.map(replace(viewport.state.value, zoom=None, pan_mm=(0, 0))).px_per_mm
    assert view.map(viewport.state.value).px_per_mm == pytest.approx(2 * before, rel=0.05)
    np.testing.assert_allclose(
        view.patient_at(viewport.state.value, (200.0, 200.0)), under, atol=0.2
    )


def test_two_fingers_side_by_side_move_the_picture_or_scroll(
    viewport: ViewportWidget, fingers: Fingers
) -> None:
    viewport.go_to_slice(10)

    fingers.slide([(180, 200), (220, 200)], [(260, 205), (300, 205)])
    moved = viewport.state.value
    fingers.slide([(180, 100), (220, 100)], [(182, 220), (222, 220)])

    assert moved.slice_index == 10
    assert moved.pan_mm[0] < 0
    assert viewport.state.value.slice_index > 10
    assert viewport.state.value.pan_mm == moved.pan_mm


def test_three_fingers_window(viewport: ViewportWidget, fingers: Fingers) -> None:
    before = viewport.state.value

    start = [(150, 200), (200, 200), (250, 200)]
    fingers.slide(start, [(x + 80, y) for x, y in start])

    assert viewport.state.value.window.width > before.window.width
    assert replace(viewport.state.value, window=before.window) == before


def test_a_second_finger_leaves_no_mark_behind(viewport: ViewportWidget, fingers: Fingers) -> None:
    viewport.apply_tool(Tool.LENGTH)

    fingers.down((180, 200))
    fingers.down((180, 200), (220, 200))
    fingers.move((150, 200), (250, 200))
    fingers.up((150, 200), (250, 200))

    assert viewport.marks.measurements.value == ()
    assert viewport.canvas.marker.draft is None


@pytest.mark.qt_log_ignore("does not support raise", extend=True)
def test_a_finger_that_rests_says_what_lies_under_it(
    qtbot: QtBot, viewport: ViewportWidget, fingers: Fingers
) -> None:
    with qtbot.waitSignal(viewport.pointer_value, timeout=3000) as told:
        fingers.down((200, 200))
    fingers.up((200, 200))

    assert told.args[0] is not None
    assert viewport.marks.measurements.value == ()


def test_a_tap_takes_the_focus_and_two_ask_for_one_viewport_alone(
    qtbot: QtBot, viewport: ViewportWidget, fingers: Fingers
) -> None:
    with qtbot.waitSignals([viewport.activated, viewport.maximize_requested]):
        for _ in range(2):
            fingers.down((200, 200))
            fingers.up((200, 200))


# Lens


def grab(viewport: ViewportWidget) -> NDArray[np.int_]:
    image = viewport.canvas.grab().toImage()
    return np.array(
        [[image.pixelColor(x, y).red() for x in range(0, 400, 5)] for y in range(0, 400, 5)]
    )


def test_the_lens_shows_pixels_larger_and_leaves_its_middle_where_it_is(
    viewport: ViewportWidget,
) -> None:
    viewport.show_texts(False)
    viewport.toggle_interpolation()
    QTest.mouseMove(viewport.canvas, QPoint(200, 200))
    plain = grab(viewport)

    viewport.marks.habits.show_lens(is_shown=True)
    lens = grab(viewport)

    assert lens[40, 40] == plain[40, 40]
    # Twice as large: what was 20 px from the middle is 40 px from it.
    assert [lens[40 + 2 * n, 40] for n in (-3, 3)] == [plain[40 + n, 40] for n in (-3, 3)]
    assert (lens[0] == plain[0]).all()
    viewport.marks.habits.show_lens(is_shown=False)
    assert (grab(viewport) == plain).all()


def test_the_lens_never_covers_the_band(viewport: ViewportWidget) -> None:
    low = viewport.canvas.height() - 5
    QTest.mouseMove(viewport.canvas, QPoint(200, low))
    plain = viewport.canvas.grab().toImage()
    viewport.marks.habits.show_lens(is_shown=True)
    lens = viewport.canvas.grab().toImage()

    rows = range(int(viewport.canvas.size_canvas[1]) + 1, viewport.canvas.height())
    assert all(lens.pixel(x, y) == plain.pixel(x, y) for y in rows for x in range(0, 400, 7))


def test_the_lens_shows_the_marks_larger_where_they_lie(viewport: ViewportWidget) -> None:
    viewport.show_texts(False)
    QTest.mouseMove(viewport.canvas, QPoint(200, 200))
    viewport.marks.habits.show_lens(is_shown=True)
    plain = grab(viewport)
    geometry = viewport.marks
    mapping = viewport.canvas.mapping()
    assert mapping is not None
    place = mapping.canvas_to_patient(np.array((220.0, 200.0)))
    point = (float(place[0]), float(place[1]), float(place[2]))
    content = viewport.content
    assert content is not None
    series = content.volume.series.series_uid
    geometry.crosshair.set(Crosshair("1.2.3", series, point))
    viewport.go_to_slice(mapping.index)

    image = viewport.canvas.grab().toImage()

    # Twice as large: what lies 20 px beside the middle is seen 40 px beside it.
    accent = QColor(Palette().accent)
    reds = [image.pixelColor(240, 200 + n) for n in (-12, -10, -8, 8, 10, 12)]
    assert (grab(viewport) != plain).any()
    assert sum(_near(one, accent) for one in reds) >= 2


def _near(one: QColor, other: QColor) -> bool:
    return max(abs(one.red() - other.red()), abs(one.blue() - other.blue())) < 60


def test_there_is_one_lens_under_the_pointer_and_none_where_the_focus_is(qtbot: QtBot) -> None:
    grid = ViewportGrid()
    qtbot.addWidget(grid)
    grid.resize(800, 400)
    grid.set_layout(Layout.TWO)
    for one in grid.viewports:
        one.show_volume(volume(noise(SHAPE), stack(SHAPE, spacing_ij_mm=(2.0, 2.0))))
        one.show_texts(False)
    grid.show()
    qtbot.waitExposed(grid)
    first, second = grid.viewports
    first.canvas.setFocus()
    qtbot.waitUntil(first.canvas.hasFocus)
    plain = first.canvas.grab().toImage()

    QTest.mouseMove(second.canvas, QPoint(100, 100))
    grid.marks.habits.show_lens(is_shown=True)

    assert first.canvas.grab().toImage() == plain
    QApplication.sendEvent(second.canvas, QEvent(QEvent.Type.Leave))
    assert first.canvas.grab().toImage() != plain


# Windows


def test_the_automatic_window_takes_what_is_on_show_and_no_padding(
    viewport: ViewportWidget,
) -> None:
    voxels = np.full(SHAPE, -2000, dtype=np.int16)
    voxels[:, 8:24, 8:24] = np.linspace(0, 1000, 256).reshape(16, 16).astype(np.int16)
    padded = volume(voxels, stack(SHAPE, spacing_ij_mm=(2.0, 2.0)))
    padded = replace(padded, intensity=replace(padded.intensity, padding=-2000.0))
    viewport.show_volume(padded)

    assert viewport.auto_window(of_all=True)

    window = viewport.state.value.window
    low, high = np.percentile(voxels[0][voxels[0] != -2000], (1.0, 99.5))
    assert window.center - window.width / 2 == pytest.approx(low, abs=1)
    assert window.center + window.width / 2 == pytest.approx(high, abs=1)


def test_zoomed_in_the_automatic_window_leaves_out_what_is_not_seen(
    viewport: ViewportWidget,
) -> None:
    voxels = np.zeros(SHAPE, dtype=np.int16)
    voxels[:, :4] = 3000
    voxels[:, 12:20, 12:20] = np.arange(64).reshape(8, 8)
    viewport.show_volume(volume(voxels, stack(SHAPE, spacing_ij_mm=(2.0, 2.0))))
    viewport.zoom_by(3.0)

    viewport.auto_window(of_all=False)
    seen = viewport.state.value.window
    viewport.auto_window(of_all=True)

    assert seen.center + seen.width / 2 < 100
    assert viewport.state.value.window.width > 2000


def test_a_kept_window_is_among_the_presets_of_its_modality(viewport: ViewportWidget) -> None:
    content = viewport.content
    assert content is not None
    unit, modality = content.volume.intensity.unit, content.volume.series.modality
    mine = UserWindow(modality, unit, "Mine", 12, 34)
    other = UserWindow("XX", unit, "Not here", 1, 2)
    wrong = UserWindow(modality, IntensityUnit.SUV, "Nor here", 1, 2)

    viewport.marks.habits.windows.set((mine, other, wrong))

    names = [one.name for one in viewport.presets()]
    assert names[0] == "Mine"
    assert "Not here" not in names
    assert "Nor here" not in names


# Undo


def count(viewport: ViewportWidget) -> int:
    return len(viewport.marks.measurements.value)


def test_a_drag_is_one_act_and_is_taken_back_as_one(viewport: ViewportWidget) -> None:
    before = viewport.state.value
    QTest.mousePress(viewport.canvas, RIGHT, NO_KEY, A)
    for n in range(1, 30):
        QTest.mouseMove(viewport.canvas, A + QPoint(n, -n))
    QTest.mouseRelease(viewport.canvas, RIGHT, NO_KEY, A + QPoint(29, -29))
    after = viewport.state.value

    assert viewport.marks.undo()
    assert viewport.state.value == before
    assert not viewport.marks.undo()
    assert viewport.marks.redo()
    assert viewport.state.value == after


def test_views_and_marks_are_taken_back_in_the_order_they_were_made(
    viewport: ViewportWidget,
) -> None:
    viewport.set_window(Window(10, 20))
    viewport.apply_tool(Tool.LENGTH)
    drag(viewport, LEFT)
    viewport.rotate()
    turned = viewport.state.value.turn

    viewport.marks.undo()
    assert viewport.state.value.turn != turned
    assert count(viewport) == 1
    viewport.marks.undo()
    assert count(viewport) == 0
    assert viewport.state.value.window == Window(10, 20)
    viewport.marks.undo()
    assert viewport.state.value.window != Window(10, 20)
    for _ in range(3):
        assert viewport.marks.redo()
    assert viewport.state.value.turn == turned
    assert count(viewport) == 1


def test_scrolling_is_no_act_and_stays_where_it_is_when_acts_are_taken_back(
    viewport: ViewportWidget,
) -> None:
    viewport.set_slab(Slab(Projection.MIP, 10.0))
    viewport.go_to_slice(7)

    assert viewport.marks.undo()

    assert viewport.state.value.slab is None
    assert viewport.state.value.slice_index == 7
    assert not viewport.marks.undo()


def test_what_was_done_to_another_series_is_not_taken_back_on_this_one(
    viewport: ViewportWidget, series: Volume
) -> None:
    viewport.set_window(Window(10, 20))
    viewport.show_volume(series)
    before = viewport.state.value

    assert not viewport.marks.undo()
    assert viewport.state.value == before


def test_a_drag_that_was_never_let_go_ends_with_its_series(
    viewport: ViewportWidget, series: Volume
) -> None:
    use(viewport, MouseMap(left=DragAct.SCROLL))
    short = volume(noise((1, 32, 32)), stack((1, 32, 32), spacing_ij_mm=(2.0, 2.0)))
    viewport.go_to_slice(30)
    QTest.mousePress(viewport.canvas, LEFT, NO_KEY, A)
    viewport.show_volume(short)
    before = viewport.state.value

    QTest.mouseMove(viewport.canvas, B)
    QTest.mouseMove(viewport.canvas, QPoint(120, 300))

    assert viewport.state.value == before
    assert before.slice_index == 0


@pytest.mark.parametrize("act", [DragAct.WINDOW, DragAct.PAN, DragAct.ZOOM])
def test_a_drag_leaves_the_slice_that_was_gone_to_meanwhile(
    viewport: ViewportWidget, act: DragAct
) -> None:
    use(viewport, MouseMap(left=act))
    viewport.go_to_slice(10)
    QTest.mousePress(viewport.canvas, LEFT, NO_KEY, A)
    viewport.go_to_slice(25)

    QTest.mouseMove(viewport.canvas, B)

    assert viewport.state.value.slice_index == 25


def test_a_scrolling_drag_leaves_the_window_that_was_set_meanwhile(
    viewport: ViewportWidget,
) -> None:
    use(viewport, MouseMap(left=DragAct.SCROLL))
    viewport.go_to_slice(10)
    QTest.mousePress(viewport.canvas, LEFT, NO_KEY, A)
    viewport.set_window(Window(77.0, 33.0))

    QTest.mouseMove(viewport.canvas, B)

    state = viewport.state.value
    assert (state.window.center, state.window.width) == (77.0, 33.0)
    assert state.slice_index != 10
