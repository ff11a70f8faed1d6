"""Keys, mouse, window presets, text size and theme: changed in the window, in force at once."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from tests.qt.shell.conftest import WAIT_MS
from tests.support.doors import Doors
from viewers.state.mouse_map import DragAct
from viewers.state.user_windows import CT_DEFAULTS
from workstation.core.intensity import Window
from workstation.core.observable import Observable
from workstation.settings import schema
from workstation.settings.schema import Settings
from workstation.settings.store import SettingsStore
from workstation.ui.actions import COMMANDS
from workstation.ui.command import Command, Context, Menu
from workstation.ui.key_map import FIXED_KEYS, holder, key_map, portable
from workstation.ui.main_window import MainWindow
from workstation.ui.option_desk import OptionDesk
from workstation.ui.theme import DARK, LIGHT, current_theme


def press(window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    focus = QApplication.focusWidget() or window
    QTest.keyClick(focus, key, modifier or Qt.KeyboardModifier.NoModifier)


def command(command_id: str) -> Command:
    return next(one for one in COMMANDS if one.command_id == command_id)


def offer(window: MainWindow, command_id: str, key: Qt.Key) -> None:
    """Choose a command in the key editor and press a key for it."""
    editor = window.habits.keys
    editor.choose(command_id)
    editor.capture.wait()
    QTest.keyClick(editor.capture, key)


@pytest.fixture
def editing(qtbot: QtBot, reading: MainWindow) -> MainWindow:
    reading.show_preferences()
    qtbot.waitUntil(reading.habits.keys.isVisible, timeout=WAIT_MS)
    return reading


# The map as it comes


def test_no_two_commands_that_can_be_meant_at_once_share_a_key() -> None:
    owners: dict[tuple[bool, str], str] = {}
    for one in COMMANDS:
        for key in one.keys:
            place = (one.context is Context.REPORT, portable(key))
            assert place[1], f"{one.command_id}: {key} is no key"
            assert place not in owners, f"{key}: {one.command_id} and {owners.get(place)}"
            owners[place] = one.command_id


def test_no_command_takes_a_key_that_images_need_for_themselves() -> None:
    for one in COMMANDS:
        if one.context is not Context.REPORT:
            assert not set(map(portable, one.keys)) & set(FIXED_KEYS), one.command_id


def test_every_command_keeps_the_keys_it_came_with() -> None:
    found = key_map(COMMANDS, Settings())

    assert found.problems == ()
    assert {name: len(keys) for name, keys in found.keys.items()} == {
        one.command_id: len(one.keys) for one in COMMANDS
    }


# What is stored


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ({"invert": "no key at all"}, "is no key"),
        ({"gone_since": "I"}, "does not have"),
        ({"invert": "Ctrl+E", "cine": "Ctrl+E"}, "stored for"),
    ],
)
def test_keys_that_cannot_be_used_are_said_and_passed_over(
    stored: dict[str, str], said: str
) -> None:
    found = key_map(COMMANDS, Settings().with_keys(stored))

    assert len(found.problems) == 1
    assert said in found.problems[0]
    claimed = [one for one, keys in found.keys.items() if "Ctrl+E" in keys]
    assert len(claimed) <= 1


def test_a_key_that_was_chosen_goes_before_one_a_command_came_with() -> None:
    settings = Settings().having_key("cine", "I")

    found = key_map(COMMANDS, settings)

    assert found.keys["cine"] == ("I",)
    assert found.keys["invert"] == ()


def test_keys_of_the_report_and_of_the_images_do_not_meet() -> None:
    assert holder("A", command("accept"), COMMANDS, Settings()) is None
    taken = holder("I", command("cine"), COMMANDS, Settings())
    assert taken is not None
    assert taken.command_id == "invert"


def test_bad_keys_do_not_keep_the_window_from_starting_and_are_said(
    qtbot: QtBot, doors: Doors, options: OptionDesk
) -> None:
    options.settings.set(options.settings.value.with_keys({"invert": "rubbish", "nobody": "X"}))

    made = MainWindow(doors.use_cases(), options)
    qtbot.addWidget(made)
    said: list[str] = []
    made.habits.said.connect(said.append)

    qtbot.waitUntil(lambda: len(said) == 2, timeout=WAIT_MS)
    assert made.actions_set.keys_text("cine") == "C"
    made.close()


# The editor


def test_a_pressed_key_works_at_once_and_menus_and_help_follow(editing: MainWindow) -> None:
    offer(editing, "invert", Qt.Key.Key_F13)

    assert editing.actions_set.keys_text("invert") == "I / F13"
    words = [one.text() for one in editing.panels.help.findChildren(QLabel)]
    assert "I / F13" in words
    editing.show_study()
    press(editing, Qt.Key.Key_F13)
    assert editing.study_page.grid.active.state.value.is_inverted


def test_a_key_in_use_is_named_and_left_until_the_reader_takes_it_over(
    editing: MainWindow,
) -> None:
    editor = editing.habits.keys

    offer(editing, "cine", Qt.Key.Key_I)

    assert editor.said.text() == "I is used by 'Invert gray' (while a study is on screen)."
    assert editing.actions_set.keys_text("invert") == "I"
    editor.leave()
    editor.take_over()
    assert editing.actions_set.keys_text("invert") == "I"
    offer(editing, "cine", Qt.Key.Key_I)
    editor.take_over()
    assert editing.actions_set.keys_text("cine") == "C / I"
    assert editing.actions_set.keys_text("invert") == ""


def test_keys_the_images_need_cannot_be_given_away(editing: MainWindow) -> None:
    offer(editing, "cine", Qt.Key.Key_Up)

    assert "cannot be given away" in editing.habits.keys.said.text()
    assert editing.actions_set.keys_text("cine") == "C"


def test_tab_and_space_can_be_captured_and_esc_gives_up(editing: MainWindow) -> None:
    editor = editing.habits.keys
    pressed: list[str] = []
    editor.capture.key_pressed.connect(pressed.append)

    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Space, Qt.Key.Key_Escape):
        editor.choose("cine")
        editor.capture.wait()
        QTest.keyClick(editor.capture, key)

    assert pressed == ["Tab", "Space"]
    assert not editor.capture.is_waiting
    assert editing.side.shows_other


def test_one_command_or_all_go_back_to_the_keys_they_came_with(editing: MainWindow) -> None:
    editor = editing.habits.keys
    offer(editing, "invert", Qt.Key.Key_F13)
    offer(editing, "cine", Qt.Key.Key_F14)

    editor.choose("invert")
    editor.reset_command()
    assert editing.actions_set.keys_text("invert") == "I"
    assert editing.actions_set.keys_text("cine") == "C / F14"
    editor.reset_all()

    assert editing.actions_set.keys_text("cine") == "C"
    assert dict(editing.options.settings.value.keys) == {}


def test_removed_keys_stay_removed_after_a_restart(editing: MainWindow, tmp_path: Path) -> None:
    editing.habits.keys.choose("cine")
    editing.habits.keys.remove_keys()

    loaded = SettingsStore(tmp_path / "settings.toml").load().settings
    assert editing.actions_set.keys_text("cine") == ""
    assert key_map(COMMANDS, loaded).keys["cine"] == ()


def test_the_search_finds_commands_by_words_and_by_key(editing: MainWindow) -> None:
    editor = editing.habits.keys
    editor.search.setText("invert")
    assert [item.text(0) for item in editor._items()] == ["Invert gray"]
    editor.search.setText("ctrl+m")
    assert "Measure this series" in [item.text(0) for item in editor._items()]


def test_keys_go_to_another_machine_as_a_file(editing: MainWindow, tmp_path: Path) -> None:
    offer(editing, "invert", Qt.Key.Key_F13)
    editing.habits.save_keys(tmp_path / "keys.json")
    editing.habits.keys.reset_all()

    editing.habits.load_keys(tmp_path / "keys.json")
    assert editing.actions_set.keys_text("invert") == "I / F13"
    (tmp_path / "wrong.json").write_text("{}", encoding="utf-8")
    editing.habits.load_keys(tmp_path / "wrong.json")
    assert "no file of keys" in editing.habits.keys.said.text()
    assert editing.actions_set.keys_text("invert") == "I / F13"


def test_the_band_names_the_key_that_shows_the_original(editing: MainWindow) -> None:
    editing.habits.keys.choose("hold_original")
    editing.habits.keys.remove_keys()
    offer(editing, "hold_original", Qt.Key.Key_F13)

    assert editing.study_page.grid.active.canvas.compare_key == "F13"


# Mouse


def test_a_mouse_map_is_in_force_at_once_and_kept(editing: MainWindow, tmp_path: Path) -> None:
    editor = editing.habits.mouse
    editor.maps.setCurrentIndex(editor.maps.findData("weasis"))
    editor.maps.activated.emit(editor.maps.currentIndex())
    editor.sensitivity.setValue(200)

    mouse = editing.study_page.grid.marks.habits.mouse.value
    assert (mouse.left, mouse.sensitivity) == (DragAct.WINDOW, 2.0)
    help_words = [one.text() for one in editing.panels.help.findChildren(QLabel)]
    # The rows of before are let go when the window is free: the last ones are on show.
    assert dict(pairwise(help_words))["Left drag"] == "Window"
    kept = SettingsStore(tmp_path / "settings.toml").load().settings
    assert kept.values["mouse.left"] == "window"
    choice = editor.choices["mouse.left"]
    choice.setCurrentIndex(choice.findData("zoom"))
    choice.activated.emit(choice.currentIndex())
    assert editing.study_page.grid.marks.habits.mouse.value.left is DragAct.ZOOM
    assert editor.maps.currentIndex() == -1


# Windows


def test_a_kept_window_gets_a_name_a_place_and_a_key(editing: MainWindow) -> None:
    viewport, editor = editing.study_page.grid.active, editing.habits.presets
    content = viewport.content
    assert content is not None
    viewport.set_window(Window(55, 222))

    editor.name.setText("Mine")
    editor.add()
    row = editor.list.count() - 1
    editor.list.setCurrentRow(row)
    for _ in range(row):
        editor.move_preset(-1)

    assert viewport.presets()[0] == Window(55, 222, "Mine")
    assert "Mine" in editing.study_page.tool_bar.presets.itemText(0)
    viewport.set_window(Window(1, 2))
    editing.show_study()
    press(editing, Qt.Key.Key_1)
    assert viewport.state.value.window == Window(55, 222, "Mine")


def test_presets_are_renamed_deleted_and_reset(editing: MainWindow) -> None:
    editor = editing.habits.presets
    editor.list.setCurrentRow(1)
    editor.name.setText("Airways")
    editor.rename()
    editor.list.setCurrentRow(0)
    editor.delete()

    windows = editing.study_page.grid.marks.habits.windows.value
    assert windows[0].name == "Airways"
    assert len(windows) == len(CT_DEFAULTS) - 1
    editor.reset()
    assert editing.study_page.grid.marks.habits.windows.value == CT_DEFAULTS


def test_a_typed_window_is_set_and_the_images_have_the_keys_again(reading: MainWindow) -> None:
    viewport = reading.study_page.grid.active
    press(reading, Qt.Key.Key_T, Qt.KeyboardModifier.ShiftModifier)
    field = reading.study_page.tool_bar.window_field
    assert field.hasFocus()

    QTest.keyClicks(field, "-600/1500")
    QTest.keyClick(field, Qt.Key.Key_Return)

    assert viewport.state.value.window == Window(-600, 1500)
    assert viewport.canvas.hasFocus()


@pytest.mark.parametrize("typed", ["", "40", "40/0", "40/-3", "a/b", "1/2/3", "nan/1", "1/inf"])
def test_what_is_no_window_changes_nothing_and_is_said(reading: MainWindow, typed: str) -> None:
    before = reading.study_page.grid.active.state.value

    reading.habits.set_typed_window(typed)

    assert reading.study_page.grid.active.state.value == before
    assert "40/400" in reading.status_line.said.toolTip()


def test_esc_leaves_the_window_field_and_not_the_study(reading: MainWindow) -> None:
    reading.habits.type_window()

    press(reading, Qt.Key.Key_Escape)

    assert reading._page() is reading.study_page
    assert reading.study_page.grid.active.canvas.hasFocus()


def test_keys_take_a_window_back_and_leave_the_report_alone(drafted: MainWindow) -> None:
    drafted.show_study()
    viewport, document = drafted.study_page.grid.active, drafted.report.document
    before = viewport.state.value
    press(drafted, Qt.Key.Key_2)
    assert viewport.state.value != before

    for _ in range(3):
        press(drafted, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    assert viewport.state.value == before
    assert drafted.report.document == document


def test_the_magnifier_lasts_as_long_as_its_key_is_held(reading: MainWindow) -> None:
    lens, canvas = reading.study_page.grid.marks.habits.lens, reading.study_page.grid.active.canvas
    canvas.setFocus()
    QTest.keyPress(canvas, Qt.Key.Key_Q)
    assert lens.value == 2.0
    reading.habits.strengthen_lens(1)
    assert lens.value == 3.0
    QTest.keyRelease(canvas, Qt.Key.Key_Q)
    assert lens.value == 0.0


# Looks


def left_margin(widget: QWidget) -> int:
    layout = widget.layout()
    assert layout is not None
    return layout.contentsMargins().left()


def test_the_text_grows_by_keys_and_all_lengths_with_it(reading: MainWindow) -> None:
    rail = reading.study_page.rail_frame.width()
    button = reading.header.page_button
    height, margin = button.height(), left_margin(reading.status_line)

    for _ in range(12):
        press(reading, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)

    assert reading.options.get(schema.TEXT_SCALE) == 200
    assert reading.study_page.rail_frame.width() == 2 * rail
    assert button.sizeHint().height() >= 2 * height - 4
    assert left_margin(reading.status_line) == 2 * margin
    for _ in range(12):
        press(reading, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert reading.options.get(schema.TEXT_SCALE) == 100
    assert reading.study_page.rail_frame.width() == rail


def test_the_theme_changes_at_once_and_images_keep_a_dark_rim(
    qtbot: QtBot, reading: MainWindow
) -> None:
    reading.options.change(schema.THEME, "light")

    assert current_theme() is LIGHT
    grid = reading.study_page.grid
    surround = grid.parentWidget()
    assert isinstance(surround, QWidget)
    qtbot.waitUntil(lambda: grid.x() > 0, timeout=WAIT_MS)
    rim = surround.grab().toImage().pixelColor(1, surround.height() // 2)
    assert rim.lightness() < 60
    reading.options.change(schema.THEME, "dark")
    assert current_theme() is DARK
    qtbot.waitUntil(lambda: grid.x() == 0, timeout=WAIT_MS)


def test_larger_controls_are_forty_pixels_high(reading: MainWindow) -> None:
    reading.options.change(schema.LARGER_CONTROLS, True)

    shown = [
        control
        for kind in (QPushButton, QToolButton)
        for control in reading.header.findChildren(kind)
        if control.isVisible()
    ]
    assert shown
    assert all(control.sizeHint().height() >= 40 for control in shown)
    reading.options.change(schema.LARGER_CONTROLS, False)


def test_settings_of_an_earlier_version_start_the_window(
    qtbot: QtBot, doors: Doors, tmp_path: Path
) -> None:
    path = tmp_path / "old.toml"
    path.write_text('[windows]\npresets = "rubbish"\n[keys]\ninvert = "Ctrl+I"\n', encoding="utf-8")
    store = SettingsStore(path)
    made = MainWindow(doors.use_cases(), OptionDesk(Observable(store.load().settings), store))
    qtbot.addWidget(made)
    said: list[str] = []
    made.habits.said.connect(said.append)

    qtbot.waitUntil(lambda: bool(said), timeout=WAIT_MS)
    assert "presets" in said[0]
    assert made.actions_set.keys_text("invert") == "Ctrl+I"
    assert made.study_page.grid.marks.habits.windows.value == CT_DEFAULTS
    made.close()


def test_every_menu_of_the_window_has_its_commands() -> None:
    assert {one.menu for one in COMMANDS if one.menu is not None} == set(Menu)
