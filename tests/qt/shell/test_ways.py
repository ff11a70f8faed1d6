"""Acts on the view by mouse and by keys alone: what one hand can do, the other can do too."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from viewers.qt.viewport import ViewportWidget
from viewers.state.slab import Projection
from viewers.state.view_state import ViewState
from workstation.ui.main_window import MainWindow

NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def viewport(reading: MainWindow) -> ViewportWidget:
    active = reading.study_page.grid.active
    active.canvas.setFocus()
    return active


def key(pressed: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, pressed, modifier)


def drag(viewport: ViewportWidget, button: Qt.MouseButton, by: QPoint) -> None:
    start = viewport.canvas.rect().center()
    QTest.mousePress(viewport.canvas, button, NONE, start)
    QTest.mouseMove(viewport.canvas, start + by / 2)
    QTest.mouseMove(viewport.canvas, start + by)
    QTest.mouseRelease(viewport.canvas, button, NONE, start + by)


def wheel(viewport: ViewportWidget, angle: int) -> None:
    at = QPointF(viewport.canvas.rect().center())
    QApplication.sendEvent(
        viewport.canvas,
        QWheelEvent(
            at, viewport.canvas.mapToGlobal(at), QPoint(0, 0), QPoint(0, angle),
            Qt.MouseButton.NoButton, NONE, Qt.ScrollPhase.NoScrollPhase, False,
        ),
    )  # fmt: skip


def zoom_of(viewport: ViewportWidget) -> float:
    mapping = viewport.canvas.mapping()
    assert mapping is not None
    return float(abs(mapping.linear[0, 0]))


def test_keys_zoom_about_the_middle_and_back(viewport: ViewportWidget) -> None:
    viewport.actual_size()
    before = zoom_of(viewport)

    key(Qt.Key.Key_PageUp, CTRL)
    key(Qt.Key.Key_PageUp, CTRL)
    larger = zoom_of(viewport)
    key(Qt.Key.Key_PageDown, CTRL)
    key(Qt.Key.Key_PageDown, CTRL)

    assert larger == pytest.approx(before * 1.15**2)
    assert zoom_of(viewport) == pytest.approx(before)
    assert viewport.state.value.pan_mm == pytest.approx((0.0, 0.0), abs=1e-9)


@pytest.mark.parametrize(
    ("pressed", "by"),
    [
        (Qt.Key.Key_Left, (-1, 0)),
        (Qt.Key.Key_Right, (1, 0)),
        (Qt.Key.Key_Up, (0, -1)),
        (Qt.Key.Key_Down, (0, 1)),
    ],
)
def test_keys_move_the_picture_as_the_middle_button_does(
    viewport: ViewportWidget, pressed: Qt.Key, by: tuple[int, int]
) -> None:
    width, height = viewport.canvas.size_canvas
    drag(
        viewport,
        Qt.MouseButton.MiddleButton,
        QPoint(round(by[0] * width / 10), round(by[1] * height / 10)),
    )
    by_mouse = viewport.state.value.pan_mm
    key(Qt.Key.Key_F)

    key(pressed, ALT | SHIFT)

    half_pixel_mm = 0.5 / zoom_of(viewport) * 2.0
    assert by_mouse != (0.0, 0.0)
    assert viewport.state.value.pan_mm == pytest.approx(by_mouse, abs=half_pixel_mm)


def test_keys_turn_and_mirror_the_picture(viewport: ViewportWidget) -> None:
    key(Qt.Key.Key_R, CTRL)
    key(Qt.Key.Key_H, CTRL)
    key(Qt.Key.Key_J, CTRL)

    turn = viewport.state.value.turn
    assert turn.rotation_deg in (90, 270)
    assert turn.is_flipped_horizontally
    assert turn.is_flipped_vertically
    key(Qt.Key.Key_R)
    assert viewport.state.value.turn == ViewState(viewport.state.value.window).turn


def test_a_slab_is_made_thicker_and_ended_by_keys(viewport: ViewportWidget) -> None:
    key(Qt.Key.Key_Z)
    first = viewport.state.value.slab
    key(Qt.Key.Key_BracketRight)
    thicker = viewport.state.value.slab

    assert first is not None
    assert thicker is not None
    assert first.projection is Projection.MIP
    assert thicker.thickness_mm > first.thickness_mm
    key(Qt.Key.Key_BracketLeft)
    assert viewport.state.value.slab == first
    for _ in range(3):
        key(Qt.Key.Key_Z)
    assert viewport.state.value.slab is None


def test_the_window_is_taken_from_what_is_on_show_by_a_key(viewport: ViewportWidget) -> None:
    before = viewport.state.value.window

    key(Qt.Key.Key_A, SHIFT)

    assert viewport.state.value.window != before


def test_wheel_and_arrow_scroll_to_the_same_slice(viewport: ViewportWidget) -> None:
    start = viewport.state.value.slice_index
    wheel(viewport, -120)
    by_wheel = viewport.state.value.slice_index
    wheel(viewport, 120)

    key(Qt.Key.Key_Down)

    assert viewport.state.value.slice_index == by_wheel == start + 1


def test_cine_runs_and_stops_by_the_same_key(viewport: ViewportWidget) -> None:
    key(Qt.Key.Key_C)
    is_running = viewport.cine.is_running
    key(Qt.Key.Key_C)

    assert is_running
    assert not viewport.cine.is_running


def test_the_crosshair_is_walked_by_keys_alone_through_three_planes(reading: MainWindow) -> None:
    reading.study_page.grid.active.canvas.setFocus()
    key(Qt.Key.Key_M)
    axial, coronal, _sagittal = reading.study_page.grid.viewports
    before = axial.marks.crosshair.value

    key(Qt.Key.Key_Right, CTRL)
    key(Qt.Key.Key_Down)

    after = axial.marks.crosshair.value
    assert reading.study_page.grid.active is coronal
    assert before is not None
    assert after is not None
    assert after.point_mm[1] != before.point_mm[1]
    assert (after.point_mm[0], after.point_mm[2]) == pytest.approx(
        (before.point_mm[0], before.point_mm[2])
    )
