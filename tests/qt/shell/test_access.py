"""Every control of every page and panel: named, seen when focused, reached by Tab, large enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QScrollBar,
    QTabBar,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.qt.shell.conftest import WAIT_MS
from viewers.qt.canvas import CanvasWidget
from workstation.settings import schema
from workstation.ui.main_window import MainWindow

LEAST_PX = 28
"""Height of a control; the brief."""

SMALL_ROLES = frozenset({"chip", "statement"})
"""Sentences of the report and marks in them: as high as their line (WCAG 2.2, 2.5.8, Inline)."""

INTERACTIVE = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QTabBar,
    QTextEdit,
    CanvasWidget,
)

PANELS = (
    "show_preferences",
    "show_help",
    "show_jobs",
    "show_news",
    "show_objects",
    "show_verdict",
    "show_export",
    "show_sign",
    "focus_report",
    "show_worklist",
    "show_first_run",
)


def controls(window: MainWindow) -> Iterator[QWidget]:
    """Yield what a person acts on and sees now."""
    for widget in window.findChildren(QWidget):
        is_part = isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox)
        is_own = isinstance(widget, INTERACTIVE) and not isinstance(widget, QScrollBar)
        is_qts = widget.objectName().startswith("qt_") or type(widget).__name__ == "QHeaderView"
        is_read = isinstance(widget, QTextEdit | QLineEdit) and widget.isReadOnly()
        if is_own and not (is_part or is_qts or is_read) and widget.isVisible():
            yield widget


def told(widget: QWidget) -> str:
    """Return what a screen reader says of a widget."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def words(widget: QWidget) -> str:
    return f"{type(widget).__name__} '{told(widget)}' in {type(widget.parentWidget()).__name__}"


@pytest.fixture(params=PANELS)
def shown(qtbot: QtBot, drafted: MainWindow, request: pytest.FixtureRequest) -> MainWindow:
    getattr(drafted, request.param)()
    qtbot.wait(50)
    return drafted


def test_every_control_is_named_reachable_large_enough_and_shows_its_focus(
    shown: MainWindow,
) -> None:
    faults: list[str] = []
    for control in controls(shown):
        if not told(control).strip():
            faults.append(f"{words(control)} has no name")
        if not control.isEnabled():
            continue
        if not control.focusPolicy() & Qt.FocusPolicy.TabFocus:
            faults.append(f"{words(control)} is not reached by Tab")
        is_small = str(control.property("role")) in SMALL_ROLES
        is_in_line = shown.status_line.isAncestorOf(control)
        if control.height() < LEAST_PX and not (is_small or is_in_line):
            faults.append(f"{words(control)} is {control.height()} px high")

    assert not faults, "\n".join(dict.fromkeys(faults))


def test_tab_goes_through_every_control_and_comes_back(qtbot: QtBot, reading: MainWindow) -> None:
    reading.show_preferences()
    panel = reading.panels.preferences
    wanted = {one for one in controls(reading) if panel.isAncestorOf(one) and one.isEnabled()}
    start = next(iter(wanted))
    start.setFocus()

    seen: set[QWidget] = set()
    for _ in range(400):
        now = QApplication.focusWidget()
        if now is None or (now in seen and wanted <= seen):
            break
        seen.add(now)
        # Tab inside the images means the report; from there on it is a usual step again.
        now.focusNextChild() if isinstance(now, CanvasWidget) else QTest.keyClick(
            now, Qt.Key.Key_Tab
        )

    missing = [words(one) for one in wanted - seen]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_focus_is_seen_on_every_kind_of_control(
    qtbot: QtBot, reading: MainWindow, theme: str
) -> None:
    reading.options.change(schema.THEME, theme)
    reading.show_preferences()
    kinds: dict[type, QWidget] = {}
    for control in controls(reading):
        if control.isEnabled() and control.focusPolicy() & Qt.FocusPolicy.TabFocus:
            kinds.setdefault(type(control), control)
    other = reading.header.page_button

    unseen = []
    for kind, control in kinds.items():
        away = reading.study_page.grid.active.canvas if control is other else other
        away.setFocus()
        plain = control.grab().toImage()
        control.setFocus(Qt.FocusReason.TabFocusReason)
        if isinstance(control, QLineEdit):
            control.deselect()
        if control.hasFocus() and control.grab().toImage() == plain:
            unseen.append(kind.__name__)

    assert len(kinds) >= 6
    assert not unseen
    reading.options.change(schema.THEME, "dark")


def test_large_text_cuts_no_words_of_buttons(qtbot: QtBot, reading: MainWindow) -> None:
    reading.resize(1920, 1080)
    reading.options.change(schema.TEXT_SCALE, 200)

    for show in PANELS[:6]:
        getattr(reading, show)()
        qtbot.wait(30)
        cut = [
            f"{words(one)}: {one.width()} of {one.fontMetrics().horizontalAdvance(one.text())}"
            for one in controls(reading)
            if isinstance(one, QAbstractButton)
            and reading.side.isAncestorOf(one)
            and one.width() < one.fontMetrics().horizontalAdvance(one.text())
        ]
        assert not cut, f"{show}: " + "\n".join(cut)
    reading.options.change(schema.TEXT_SCALE, 100)


def test_a_screen_reader_is_told_what_the_image_shows(qtbot: QtBot, reading: MainWindow) -> None:
    canvas = reading.study_page.grid.active.canvas
    canvas.repaint()
    interface = QAccessible.queryAccessibleInterface(canvas)

    said = interface.text(QAccessible.Text.Description)
    content = reading.study_page.grid.active.content
    assert content is not None
    count = content.volume.geometry.shape_kji[0]
    assert f"of {count}" in said
    assert "C 40" in said
    assert content.volume.series.description in said


def test_what_lies_at_the_cursor_is_said_when_asked(
    qtbot: QtBot, reading: MainWindow, told_by: Callable[[], str]
) -> None:
    reading.study_page.grid.active.canvas.setFocus()

    reading.habits.say_view()

    qtbot.waitUntil(lambda: "HU" in told_by(), timeout=WAIT_MS)
    assert "Slice" in told_by()


@pytest.fixture
def told_by(reading: MainWindow) -> Callable[[], str]:
    return reading.status_line.said.toolTip
