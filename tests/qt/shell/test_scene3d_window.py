"""The 3D view in the window: its key, its place, what it follows, and what happens without VTK."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.support.processes import all_end
from tests.support.scene3d import needs_vtk
from viewers.scene3d.model import Phase, SceneModel
from viewers.state.layout import Layout
from workstation.settings import schema
from workstation.ui import scene3d_controller
from workstation.ui.main_window import MainWindow

WAIT_MS = 60_000
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, modifier)


def scene(window: MainWindow) -> SceneModel:
    stage = window.scene3d.stage
    assert stage is not None
    return stage.viewport.model


@pytest.fixture
def images(reading: MainWindow) -> MainWindow:
    reading.study_page.grid.active.canvas.setFocus()
    return reading


@pytest.fixture
def in_3d(images: MainWindow, qtbot: QtBot) -> MainWindow:
    """The window with the tiny study in 3D, its full picture there."""
    press(Qt.Key.Key_M, SHIFT)
    qtbot.waitUntil(lambda: scene(images).status.value.is_full, timeout=WAIT_MS)
    return images


def test_without_vtk_the_command_says_how_to_get_it_and_nothing_else_changes(
    images: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(scene3d_controller, "has_vtk", lambda: False)

    with qtbot.waitSignal(images.scene3d.said) as heard:
        press(Qt.Key.Key_M, SHIFT)

    assert heard.args is not None
    assert "prelim[scene3d]" in heard.args[0]
    assert not images.scene3d.is_shown
    assert images.study_page.images_are_shown
    assert not images.actions_set.action("scene3d").isChecked()


@needs_vtk
def test_its_key_shows_the_series_in_3d_and_the_same_key_brings_the_images_back(
    in_3d: MainWindow,
) -> None:
    process = in_3d.scene3d.stage and scene(in_3d)._client.process_id
    assert in_3d.scene3d.is_shown
    assert not in_3d.study_page.images_are_shown
    assert in_3d.actions_set.action("scene3d").isChecked()
    assert scene(in_3d).picture is not None

    press(Qt.Key.Key_M, SHIFT)

    assert in_3d.study_page.images_are_shown
    assert not in_3d.actions_set.action("scene3d").isChecked()
    assert process
    assert all_end((process,))


@needs_vtk
def test_escape_leaves_the_view_and_not_the_study(in_3d: MainWindow) -> None:
    press(Qt.Key.Key_Escape)

    assert not in_3d.scene3d.is_shown
    assert in_3d.study_page.isVisible()
    focus = QApplication.focusWidget()
    assert focus is not None
    assert in_3d.study_page.grid.active.isAncestorOf(focus)


@needs_vtk
def test_letters_turn_the_view_and_do_not_reach_the_commands_of_the_window(
    in_3d: MainWindow,
) -> None:
    before = in_3d.study_page.grid.active.state.value

    for key in (Qt.Key.Key_L, Qt.Key.Key_R, Qt.Key.Key_F):
        press(key)

    assert scene(in_3d).state.value.camera.axes[2] == pytest.approx([0, 0, -1])
    assert in_3d.study_page.grid.active.state.value == before


@needs_vtk
def test_whose_picture_it_is_is_always_written_in_it(in_3d: MainWindow) -> None:
    stage = in_3d.scene3d.stage
    assert stage is not None

    press(Qt.Key.Key_T)

    identity, _series = stage.viewport.identity
    assert identity
    assert not scene(in_3d).state.value.shows_texts


@needs_vtk
def test_the_controls_clip_and_change_the_preset(in_3d: MainWindow) -> None:
    stage = in_3d.scene3d.stage
    assert stage is not None
    controls = stage.controls
    head = next(slider for face, slider in controls.faces.items() if face.letter == "H")

    head.setValue(head.maximum() - 3)
    controls.preset.setCurrentIndex(1)
    controls.preset.activated.emit(1)

    box, around = scene(in_3d).state.value.box, scene(in_3d).box
    assert box is not None
    assert around is not None
    assert box.high_mm[2] < around.high_mm[2]
    assert scene(in_3d).state.value.preset_id == controls.preset.itemData(1)


@needs_vtk
def test_in_three_planes_it_stands_beside_them_and_a_cut_follows_the_crosshair(
    images: MainWindow, qtbot: QtBot
) -> None:
    images.study.toggle_reformat()
    press(Qt.Key.Key_M, SHIFT)
    qtbot.waitUntil(lambda: scene(images).status.value.is_full, timeout=WAIT_MS)
    crosshair = images.study_page.grid.marks.crosshair
    here = crosshair.value
    assert here is not None

    press(Qt.Key.Key_X)

    cut = scene(images).state.value.cut
    assert images.study_page.images_are_shown
    assert cut is not None
    assert cut.point_mm == here.point_mm


@needs_vtk
def test_a_study_that_is_closed_takes_its_3d_view_with_it(in_3d: MainWindow) -> None:
    in_3d.study.close_study()

    assert not in_3d.scene3d.is_shown
    assert in_3d.study_page.images_are_shown
    assert scene(in_3d).status.value.phase is Phase.EMPTY
    assert scene(in_3d).picture is None


@needs_vtk
def test_the_voxels_of_the_series_are_not_held_once_they_were_copied(in_3d: MainWindow) -> None:
    series = in_3d.study.active_series
    assert series is not None

    assert in_3d.scene3d._release is None
    assert scene(in_3d).status.value.subject is not None
    assert not any(isinstance(one, np.ndarray) for one in vars(in_3d.scene3d).values())


@needs_vtk
def test_beside_three_planes_it_is_the_fourth_quarter_and_back(
    images: MainWindow, qtbot: QtBot
) -> None:
    grid = images.study_page.grid
    grid.set_layout(Layout.MPR)
    grid.active.setFocus()
    three = [one.geometry() for one in grid.viewports]

    press(Qt.Key.Key_M, SHIFT)
    stage = images.scene3d.stage
    assert stage is not None
    qtbot.waitUntil(lambda: scene(images).status.value.is_full, timeout=WAIT_MS)
    four = [one.geometry() for one in (*grid.viewports, stage)]

    middle = grid.rect().center()
    assert [(one.center().x() > middle.x(), one.center().y() > middle.y()) for one in four] == [
        (False, False), (True, False), (False, True), (True, True),
    ]  # fmt: skip
    assert max(one.width() for one in four) - min(one.width() for one in four) <= 2
    assert all(one.isVisible() for one in (*grid.viewports, stage))
    assert not any(a.intersects(b) for n, a in enumerate(four) for b in four[:n])
    press(Qt.Key.Key_Escape)
    assert [one.geometry() for one in grid.viewports] == three
    assert not stage.isVisible()


@needs_vtk
def test_the_quarter_goes_beside_the_images_when_the_planes_go_and_alone_when_asked(
    images: MainWindow, qtbot: QtBot
) -> None:
    grid = images.study_page.grid
    grid.set_layout(Layout.MPR)
    grid.active.setFocus()
    press(Qt.Key.Key_M, SHIFT)
    stage = images.scene3d.stage
    assert stage is not None

    grid.set_layout(Layout.ONE)
    assert stage.parent() is not grid
    assert stage.isVisible()
    assert grid.isVisible()
    grid.set_layout(Layout.MPR)
    assert stage.parent() is grid
    images.scene3d.toggle_planes()
    assert stage.isVisible()
    assert not grid.isVisible()
    images.scene3d.toggle_planes()
    assert stage.parent() is grid

    grid.toggle_maximized(grid.viewports[0])
    assert not stage.isVisible()
    grid.toggle_maximized(grid.viewports[0])
    assert stage.isVisible()


@needs_vtk
def test_dividers_between_planes_and_3d_move_and_no_layout_is_kept_of_it(
    images: MainWindow, qtbot: QtBot
) -> None:
    grid = images.study_page.grid
    grid.set_layout(Layout.MPR)
    grid.active.setFocus()
    press(Qt.Key.Key_M, SHIFT)
    stage = images.scene3d.stage
    assert stage is not None
    before, kept = stage.width(), images.options.get(schema.LAYOUTS)

    grid.set_active(grid.viewports[0])
    assert grid.grow_active(right=0.1)

    assert stage.width() < before
    assert grid.layout_shown.is_mpr
    assert images.options.get(schema.LAYOUTS) == kept
