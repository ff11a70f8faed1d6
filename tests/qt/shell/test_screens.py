"""Windows with viewports on other screens: identity, keys, lock, and where they stood."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTextEdit
from pytestqt.qtbot import QtBot

from tests.qt.shell.conftest import READER, WAIT_MS
from tests.support.doors import Doors
from viewers.state.layout import Layout
from viewers.state.view_state import Tool
from workstation.settings import schema
from workstation.ui.main_window import MainWindow
from workstation.ui.output_views import chosen_views
from workstation.ui.output_wish import PictureWish, Scope
from workstation.ui.screen_controller import Screen
from workstation.ui.screen_memory import ScreenPlace, from_text, to_text
from workstation.ui.screen_window import ScreenWindow

LEFT = Qt.MouseButton.LeftButton


class Machine:
    """The screens that are connected."""

    def __init__(self, main: str) -> None:
        self.main = Screen(main, QRect(0, 0, 1400, 800))
        self.right = Screen("right", QRect(1400, 0, 1200, 1600))
        self.connected = [self.main, self.right]

    def __call__(self) -> tuple[Screen, ...]:
        return tuple(self.connected)


def near(area: QRect, wanted: QRect) -> bool:
    """Whether an area is the wanted one but for the frame that the screen plugin gives windows."""
    pairs = zip(area.getRect(), wanted.getRect(), strict=True)  # type: ignore[call-overload]
    return all(abs(one - other) <= 4 for one, other in pairs)


@pytest.fixture
def machine(reading: MainWindow) -> Iterator[Machine]:
    made = Machine(reading.screen().name())
    reading.screens._screens = made
    yield made
    reading.screens.close()


@pytest.fixture
def screen(qtbot: QtBot, reading: MainWindow, machine: Machine) -> ScreenWindow:
    reading.screens.open()
    window = reading.screens.windows[0]
    qtbot.waitExposed(window)
    return window


def test_a_window_opens_on_the_other_screen_and_takes_no_focus(
    reading: MainWindow, screen: ScreenWindow
) -> None:
    assert screen.isMaximized()
    assert near(screen.normalGeometry(), QRect(1400, 0, 1200, 1600))
    # The screen plugin of tests activates every window; the attribute is what others obey.
    assert screen.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert len(reading.study_page.desk.grids) == 2


def test_it_shows_whose_images_these_are_and_no_place_to_type(screen: ScreenWindow) -> None:
    assert screen.name.text() == "Zyxcanary, Quorra"
    assert "CT" in screen.facts.text()
    assert screen.findChildren(QTextEdit) == []


def test_the_series_of_the_rail_is_shown_in_the_viewport_that_was_pressed(
    qtbot: QtBot, reading: MainWindow, screen: ScreenWindow
) -> None:
    viewport = screen.grid.viewports[0]
    qtbot.mousePress(viewport.canvas, LEFT, pos=QPoint(60, 60))

    reading.study.show_row(0)

    qtbot.waitUntil(lambda: viewport.content is not None, timeout=WAIT_MS)
    assert reading.study_page.desk.active is viewport
    # The main window comes to the front again: this alone chooses no viewport.
    reading.activateWindow()
    qtbot.waitUntil(reading.isActiveWindow, timeout=WAIT_MS)
    assert reading.study_page.desk.active is viewport


def test_keys_work_in_it(qtbot: QtBot, reading: MainWindow, screen: ScreenWindow) -> None:
    viewport = screen.grid.viewports[0]
    reading.study_page.desk.set_active(viewport)
    reading.study.show_row(0)
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow, timeout=WAIT_MS)
    viewport.setFocus()

    QTest.keyClick(viewport.canvas, Qt.Key.Key_End)
    QTest.keyClick(viewport.canvas, Qt.Key.Key_L)
    QTest.keyClick(viewport.canvas, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)

    assert viewport.state.value.slice_index == 4
    assert reading.study_page.grid.active.state.value.tool is Tool.LENGTH
    assert screen.grid.layout_shown == Layout.TWO
    assert reading.study_page.grid.layout_shown == Layout.ONE


def test_a_held_key_acts_in_it(qtbot: QtBot, reading: MainWindow, screen: ScreenWindow) -> None:
    viewport = screen.grid.viewports[0]
    reading.study_page.desk.set_active(viewport)
    reading.study.show_row(0)
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow, timeout=WAIT_MS)

    QTest.keyPress(viewport.canvas, Qt.Key.Key_H)
    is_held = viewport.state.value.is_comparing
    QTest.keyRelease(viewport.canvas, Qt.Key.Key_H)

    assert is_held
    assert not viewport.state.value.is_comparing


def test_tab_leads_back_to_the_report(
    qtbot: QtBot, reading: MainWindow, screen: ScreenWindow
) -> None:
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow, timeout=WAIT_MS)
    screen.grid.active.setFocus()

    QTest.keyClick(screen.grid.active.canvas, Qt.Key.Key_Tab)

    qtbot.waitUntil(reading.isActiveWindow, timeout=WAIT_MS)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert reading.panels.report.isAncestorOf(focus)


def test_closing_it_loses_nothing(reading: MainWindow, screen: ScreenWindow) -> None:
    desk, viewport = reading.study_page.desk, screen.grid.viewports[0]
    desk.set_active(viewport)
    reading.study.show_row(0)

    screen.close()
    assert desk.active is reading.study_page.grid.active
    assert viewport not in desk.viewports

    reading.screens.open()
    assert reading.screens.windows == (screen,)
    assert viewport.content is not None


def test_locking_hides_it_and_unlocking_shows_it_again(
    reading: MainWindow, screen: ScreenWindow
) -> None:
    assert reading.options.reader == READER
    reading.lock()
    assert not screen.isVisible()

    reading._unlocked(True)
    assert screen.isVisible()


def test_closing_the_study_clears_it(reading: MainWindow, screen: ScreenWindow) -> None:
    reading.study_page.desk.set_active(screen.grid.viewports[0])
    reading.study.show_row(0)

    reading.study.close_study()

    assert screen.grid.viewports[0].content is None
    assert screen.name.text() == "No study open"


def test_it_comes_back_where_it_stood_with_the_next_study(
    reading: MainWindow, screen: ScreenWindow, later: Callable[[], MainWindow]
) -> None:
    reading.study_page.desk.set_active(screen.grid.viewports[0])
    reading.layouts.choose("2x2")
    screen.setWindowState(Qt.WindowState.WindowNoState)
    screen.setGeometry(1500, 100, 700, 900)
    reading.screens.close()

    window = later()

    (found,) = window.screens.windows
    assert near(found.geometry(), QRect(1500, 100, 700, 900))
    assert found.grid.layout_shown == Layout.FOUR


def test_it_stays_away_quietly_where_its_screen_is_absent(
    reading: MainWindow,
    screen: ScreenWindow,
    machine: Machine,
    later: Callable[[], MainWindow],
) -> None:
    reading.screens.close()
    machine.connected = [machine.main]

    window = later()

    assert window.screens.windows == ()
    (place,) = from_text(window.options.get(schema.SCREENS))
    assert place.screen == "right"


def test_a_screen_that_is_unplugged_takes_its_window_along(
    reading: MainWindow, screen: ScreenWindow, machine: Machine
) -> None:
    machine.connected = [machine.main]
    reading.screens.follow_screens()
    assert not screen.isVisible()
    assert len(reading.study_page.desk.grids) == 1

    machine.connected = [machine.main, machine.right]
    reading.screens.follow_screens()
    assert screen.isVisible()


def test_a_window_the_reader_closed_does_not_come_back(
    reading: MainWindow, screen: ScreenWindow, later: Callable[[], MainWindow]
) -> None:
    screen.close()

    assert later().screens.windows == ()


def test_every_screen_has_one_window(reading: MainWindow, screen: ScreenWindow) -> None:
    said: list[str] = []
    reading.screens.said.connect(said.append)

    reading.screens.open()

    assert said == ["Every screen has its viewports already."]
    assert reading.screens.windows == (screen,)


def test_one_screen_has_room_for_a_window_beside_the_report(
    reading: MainWindow, machine: Machine
) -> None:
    machine.connected = [machine.main]

    reading.screens.open()

    (window,) = reading.screens.windows
    assert near(window.geometry(), QRect(0, 0, 840, 800))


@pytest.fixture
def later(
    qtbot: QtBot, reading: MainWindow, doors: Doors, machine: Machine
) -> Iterator[Callable[[], MainWindow]]:
    """Start the program again with the same settings, and open the same study."""
    made: list[MainWindow] = []

    def start() -> MainWindow:
        window = MainWindow(doors.use_cases(), reading.options)
        qtbot.addWidget(window)
        made.append(window)
        window.screens._screens = machine
        window.show()
        study = reading.study.imported
        assert study is not None
        window.open_study(study)
        return window

    yield start
    for window in made:
        window.close()


# The value


def test_places_survive_the_settings() -> None:
    place = ScreenPlace("DP-2", (10, -20, 800, 600), False, Layout.grid(3, 2), is_open=False)

    assert from_text(to_text([place])) == (place,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "{}",
        "[3]",
        '[{"screen": 5, "area_px": [0, 0, 1, 1], "layout": {"name": "1x1"}}]',
        '[{"screen": "a", "area_px": [0, 0, 1], "layout": {"name": "1x1"}}]',
        '[{"screen": "a", "area_px": [0, 0, 1, 1e9], "layout": {"name": "1x1"}}]',
        '[{"screen": "a", "area_px": [0, 0, 1, true], "layout": {"name": "1x1"}}]',
        '[{"screen": "a", "area_px": [0, 0, 1, 1], "layout": {"name": "7x7"}}]',
    ],
)
def test_places_that_cannot_be_read_are_left_out(text: str) -> None:
    assert from_text(text) == ()


def test_all_viewports_are_those_of_every_screen(
    qtbot: QtBot, reading: MainWindow, screen: ScreenWindow
) -> None:
    desk = reading.study_page.desk
    there = desk.grids[1]
    reading.study.show_in(there.viewports[0], 0)
    qtbot.waitUntil(lambda: there.viewports[0].content is not None, timeout=WAIT_MS)
    QApplication.processEvents()

    chosen = chosen_views(desk, PictureWish(Scope.VIEWS))

    assert len(chosen.views) == 2
    ratio = desk.grids[0].devicePixelRatioF()
    assert chosen.views[1][1][0] >= desk.grids[0].width() * ratio
