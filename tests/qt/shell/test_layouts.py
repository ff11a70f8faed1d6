"""Layouts in the window: commands, the picker, the rail, and what is remembered."""

from __future__ import annotations

import json
from pathlib import Path

import pydicom
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.qt.shell.conftest import WAIT_MS
from tests.support.series import tiny_series
from viewers.qt.grid_parts import dragged_row
from viewers.state.layout import Layout
from workstation.core.intensity import Window
from workstation.settings import schema
from workstation.ui.layout_controller import layouts_of
from workstation.ui.main_window import MainWindow

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def press(window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    focus = QApplication.focusWidget() or window
    QTest.keyClick(focus, key, modifier or Qt.KeyboardModifier.NoModifier)


@pytest.fixture
def two_series(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    for seed in (1, 2):
        for file in tiny_series(tmp_path / "both" / str(seed), seed=seed):
            data = pydicom.dcmread(file)
            data.StudyInstanceUID = "2.25.7"
            data.save_as(file)
    window.library.open_paths((tmp_path / "both",))
    qtbot.waitUntil(lambda: window.study.active_series is not None, timeout=WAIT_MS)
    return window


@pytest.mark.parametrize(
    ("key", "name"), [(Qt.Key.Key_1, "1x1"), (Qt.Key.Key_2, "1x2"), (Qt.Key.Key_9, "3x3")]
)
def test_keys_choose_the_common_layouts(reading: MainWindow, key: Qt.Key, name: str) -> None:
    press(reading, key, CONTROL)

    assert reading.study_page.desk.layout_shown == Layout.named(name)


def test_the_picker_is_worked_by_keys_and_gives_the_focus_back(
    qtbot: QtBot, reading: MainWindow
) -> None:
    canvas = reading.study_page.grid.active.canvas
    canvas.setFocus()
    press(reading, Qt.Key.Key_L, CONTROL)
    picker = reading.layouts._picker
    qtbot.waitUntil(picker.isVisible, timeout=WAIT_MS)

    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Up):
        QTest.keyClick(picker, key)
    assert picker.accessibleDescription() == "1 x 3"
    QTest.keyClick(picker, Qt.Key.Key_Down)
    QTest.keyClick(picker, Qt.Key.Key_Return)

    assert reading.study_page.desk.layout_shown == Layout.grid(2, 3)
    assert not picker.isVisible()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is canvas, timeout=WAIT_MS)


def test_the_picker_takes_the_field_under_the_pointer(qtbot: QtBot, reading: MainWindow) -> None:
    reading.layouts.pick()
    picker = reading.layouts._picker
    side = picker.width() // 4

    at = QPoint(3 * side + side // 2, side // 2)
    qtbot.mouseMove(picker, at)
    qtbot.mouseClick(picker, Qt.MouseButton.LeftButton, pos=at)

    assert reading.study_page.desk.layout_shown == Layout.grid(1, 4)


def test_escape_leaves_the_picker_without_a_change(reading: MainWindow) -> None:
    reading.layouts.pick()

    QTest.keyClick(reading.layouts._picker, Qt.Key.Key_Right)
    QTest.keyClick(reading.layouts._picker, Qt.Key.Key_Escape)

    assert not reading.layouts._picker.isVisible()
    assert reading.study_page.desk.layout_shown == Layout.ONE


def test_viewports_are_split_walked_and_closed_by_keys(reading: MainWindow) -> None:
    desk = reading.study_page.desk
    desk.active.setFocus()
    first = desk.active

    press(reading, Qt.Key.Key_B, CONTROL | SHIFT)
    press(reading, Qt.Key.Key_Right, CONTROL)
    press(reading, Qt.Key.Key_U, CONTROL | SHIFT)
    assert len(desk.viewports) == 3
    assert desk.active is desk.viewports[1]

    press(reading, Qt.Key.Key_W, CONTROL)
    press(reading, Qt.Key.Key_W, CONTROL)

    assert list(desk.viewports) == [first]
    assert QApplication.focusWidget() is first.canvas


def test_a_key_shows_the_active_viewport_alone_and_all_again(reading: MainWindow) -> None:
    reading.layouts.choose("2x2")
    desk = reading.study_page.desk
    desk.active.setFocus()

    press(reading, Qt.Key.Key_F5)
    assert [viewport.isVisible() for viewport in desk.viewports] == [True, False, False, False]

    press(reading, Qt.Key.Key_F5)
    assert all(viewport.isVisible() for viewport in desk.viewports)


def test_filling_shows_the_series_in_order_and_moves_no_one_else(
    qtbot: QtBot, two_series: MainWindow
) -> None:
    two_series.layouts.choose("1x3")
    desk = two_series.study_page.desk
    active = desk.active

    two_series.layouts.fill()

    qtbot.waitUntil(lambda: desk.viewports[1].content is not None, timeout=WAIT_MS)
    items = two_series.study.items
    shown = [viewport.content for viewport in desk.viewports]
    assert [None if one is None else one.volume.series.series_uid for one in shown] == [
        items[0].verdict.series_uid,
        items[1].verdict.series_uid,
        None,
    ]
    assert desk.active is active


def test_a_series_dropped_on_a_viewport_is_shown_there(
    qtbot: QtBot, two_series: MainWindow
) -> None:
    two_series.layouts.choose("1x2")
    desk = two_series.study_page.desk
    right = desk.viewports[1]
    model = two_series.study_page.rail.rail_model

    row = dragged_row(model.mimeData([model.index(1)]))
    assert row == 1
    two_series.study_page.grid.series_dropped.emit(row, right)

    qtbot.waitUntil(lambda: right.content is not None, timeout=WAIT_MS)
    assert right.content is not None
    assert right.content.volume.series.series_uid == two_series.study.items[1].verdict.series_uid
    assert desk.active is right


def test_enter_in_the_rail_shows_the_series_in_the_active_viewport(
    qtbot: QtBot, two_series: MainWindow
) -> None:
    two_series.layouts.choose("1x2")
    desk = two_series.study_page.desk
    desk.set_active(desk.viewports[1])
    rail = two_series.study_page.rail
    rail.setFocus()
    rail.setCurrentIndex(rail.rail_model.index(1))

    press(two_series, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: desk.viewports[1].content is not None, timeout=WAIT_MS)


def test_an_empty_viewport_says_how_to_fill_it(reading: MainWindow) -> None:
    reading.layouts.choose("1x2")
    empty = reading.study_page.desk.viewports[1]

    empty.canvas.grab()

    assert empty.canvas.accessibleDescription() == (
        "No images here. Drop a series here, or choose one at the left."
    )


def test_the_layout_of_a_modality_comes_back_with_the_next_study(
    qtbot: QtBot, reading: MainWindow
) -> None:
    reading.layouts.choose("2x3")
    study = reading.study.imported
    assert study is not None
    reading.study.close_study()

    reading.study.open_study(study)

    assert reading.study_page.desk.layout_shown == Layout.grid(2, 3)
    assert reading.study_page.desk.active is reading.study_page.grid.viewports[0]


def test_three_planes_are_no_layout_to_begin_with(reading: MainWindow) -> None:
    reading.layouts.choose("1x2")
    reading.study.toggle_reformat()

    kept = layouts_of(reading.options.get(schema.LAYOUTS))

    assert list(kept.values()) == [Layout.TWO]


@pytest.mark.parametrize("text", ["", "no json", "[]", '{"CT": 5}', '{"CT": {"name": "mpr"}}'])
def test_layouts_that_cannot_be_read_are_left_out(text: str) -> None:
    assert layouts_of(text) == {}


def test_one_bad_layout_does_not_spoil_the_others() -> None:
    text = json.dumps({"CT": {"name": "9x9"}, "MR": {"name": "2x2"}})

    assert layouts_of(text) == {"MR": Layout.FOUR}


def test_the_rail_tells_what_is_on_screen_and_what_was_seen(
    qtbot: QtBot, two_series: MainWindow
) -> None:
    model = two_series.study_page.rail.rail_model
    qtbot.waitUntil(lambda: "1 of 5 slices seen" in model.seen_words(0), timeout=WAIT_MS)
    two_series.study.first_slice()
    two_series.study.last_slice()
    qtbot.waitUntil(lambda: "2 of 5" in model.seen_words(0), timeout=WAIT_MS)
    assert model.seen_words(0).startswith("on screen, ")
    assert model.seen_words(1) == ""

    two_series.study.show_row(1)

    qtbot.waitUntil(lambda: "on screen" in model.seen_words(1), timeout=WAIT_MS)
    assert model.seen_words(0) == "2 of 5 slices seen"
    assert "2 of 5 slices seen" in str(model.data(model.index(0)))


def test_a_new_study_begins_unseen(qtbot: QtBot, two_series: MainWindow) -> None:
    model = two_series.study_page.rail.rail_model
    qtbot.waitUntil(lambda: model.seen_words(0) != "", timeout=WAIT_MS)

    two_series.study.close_study()

    assert model.rowCount() == 0


def named_places(window: MainWindow) -> list[tuple[str, float]]:
    """Return which series each viewport shows, and its window."""
    found = []
    for viewport in window.study_page.grid.viewports:
        content = viewport.content
        uid = content.volume.series.series_uid if content is not None else ""
        found.append((uid, viewport.state.value.window.center if uid else 0.0))
    return found


@pytest.mark.parametrize("act", ["choose", "split", "close", "planes"])
def test_a_change_of_the_layout_is_one_act_that_undo_takes_back_and_redo_brings(
    reading: MainWindow, act: str
) -> None:
    window, marks = reading, reading.study_page.desk.marks
    window.study_page.grid.set_layout(Layout.TWO)
    window.study_page.grid.active.set_window(Window(123.0, 45.0))
    before, layout = named_places(window), window.study_page.grid.layout_shown

    {
        "choose": lambda: window.layouts.choose("3x3"),
        "split": lambda: window.layouts.split("below"),
        "close": window.layouts.close_viewport,
        "planes": window.study.toggle_reformat,
    }[act]()
    after, changed = named_places(window), window.study_page.grid.layout_shown
    assert changed != layout

    assert marks.undo()
    assert (named_places(window), window.study_page.grid.layout_shown) == (before, layout)
    assert marks.redo()
    assert (named_places(window), window.study_page.grid.layout_shown) == (after, changed)
    assert marks.undo()
    assert marks.undo()
    assert window.study_page.grid.active.state.value.window.center != 123.0


def test_what_a_fill_replaced_comes_back_as_it_looked(qtbot: QtBot, two_series: MainWindow) -> None:
    window, grid = two_series, two_series.study_page.grid
    grid.set_layout(Layout.TWO)
    window.study.show_in(grid.viewports[1], 0)
    grid.viewports[1].set_window(Window(77.0, 11.0))
    grid.set_active(grid.viewports[0])
    before = named_places(window)
    assert before[0][0] == before[1][0]

    window.layouts.fill()
    qtbot.waitUntil(lambda: len({uid for uid, _ in named_places(window)}) == 2, timeout=WAIT_MS)
    assert window.study_page.desk.marks.undo()

    qtbot.waitUntil(lambda: named_places(window) == before, timeout=WAIT_MS)


def test_a_refused_change_of_the_layout_is_no_act(reading: MainWindow) -> None:
    reading.layouts.close_viewport()

    assert not reading.study_page.desk.marks.undo()
