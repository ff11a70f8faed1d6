"""The line of tools at every width: nothing is lost, and "More" is worked by mouse and keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from viewers.state.view_state import Tool
from workstation.core.intensity import Window
from workstation.settings import schema
from workstation.ui.main_window import MainWindow
from workstation.ui.option_desk import OptionDesk
from workstation.ui.tool_bar import BUTTONS
from workstation.ui.tool_line import ToolLine

WAIT_MS = 10_000
SMALL, WIDE = 1366, 2400


def texts(menu: QMenu) -> list[str]:
    return [one.text() for one in menu.actions() if not one.isSeparator()]


def walk_to(menu: QMenu, text: str) -> None:
    for _ in menu.actions():
        if menu.activeAction() is not None and menu.activeAction().text() == text:
            return
        QTest.keyClick(menu, Qt.Key.Key_Down)


def buttons(line: ToolLine) -> int:
    return sum(len(group) for group in BUTTONS) - len(line.hidden_actions())


@pytest.mark.parametrize("width", [SMALL, 1500, 1920])
def test_what_has_no_room_stands_behind_more(reading: MainWindow, width: int) -> None:
    line = reading.study_page.tool_bar.tools
    reading.resize(width, 768)
    QApplication.processEvents()

    line.menu.aboutToShow.emit()

    hidden = [action.text() for action in line.hidden_actions()]
    assert texts(line.menu)[: len(hidden)] == hidden
    assert line.more.isVisible()
    assert line.more.geometry().right() <= line.width()
    assert buttons(line) >= 7


def test_a_wide_window_shows_every_button(reading: MainWindow) -> None:
    line = reading.study_page.tool_bar.tools
    reading.resize(WIDE, 768)
    QApplication.processEvents()

    line.menu.aboutToShow.emit()

    assert line.hidden_actions() == []
    assert texts(line.menu)[0] == "All tools"


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_more_is_opened_and_chosen_from_by_keys_alone(qtbot: QtBot, reading: MainWindow) -> None:
    line = reading.study_page.tool_bar.tools
    line.more.setFocus(Qt.FocusReason.TabFocusReason)

    QTest.keyClick(line.more, Qt.Key.Key_Space)
    qtbot.waitUntil(line.menu.isVisible, timeout=WAIT_MS)
    walk_to(line.menu, "All tools")
    QTest.keyClick(line.menu, Qt.Key.Key_Right)
    inside = line.menu.activeAction().menu()
    assert isinstance(inside, QMenu)
    qtbot.waitUntil(inside.isVisible, timeout=WAIT_MS)
    walk_to(inside, "Cobb angle")
    QTest.keyClick(inside, Qt.Key.Key_Return)

    assert reading.study_page.desk.active.state.value.tool is Tool.COBB


def test_the_window_on_the_tool_bar_is_that_of_the_active_viewport(reading: MainWindow) -> None:
    reading.layouts.choose("1x2")
    desk, bar = reading.study_page.desk, reading.study_page.tool_bar
    reading.study.show_in(desk.viewports[1], 0)
    desk.viewports[0].set_window(Window(-600.0, 1500.0))

    desk.viewports[1].set_window(Window(50.0, 350.0))

    assert desk.active is desk.viewports[0]
    assert bar.window_field.text() == "-600/1500"
    desk.set_active(desk.viewports[1])
    assert bar.window_field.text() == "50/350"


def test_more_names_the_tool_in_force_where_it_has_no_button(reading: MainWindow) -> None:
    line = reading.study_page.tool_bar.tools

    reading.study.set_tool("arrow")
    named = line.more.text()
    reading.study.set_tool("scroll")

    assert named.startswith("More: Arrow")
    assert line.more.text().startswith("More  ")


def test_large_text_keeps_the_window_inside_a_small_screen(
    reading: MainWindow, options: OptionDesk
) -> None:
    options.change(schema.TEXT_SCALE, 200)
    QApplication.processEvents()

    reading.resize(SMALL, 768)
    QApplication.processEvents()

    assert reading.width() == SMALL
    assert reading.status_line.said.width() > 0
