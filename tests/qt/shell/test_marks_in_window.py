"""Marks in the whole window: keys, undo beside the report's, the list in the Measures tab."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from viewers.state.view_state import Tool
from workstation.core.measurement import Measurement, MeasurementKind
from workstation.report.document import StatementStatus
from workstation.ui.main_window import MainWindow
from workstation.ui.report_editor.mark_list import HistogramBars

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def images(reading: MainWindow) -> MainWindow:
    """The window with the tiny study open and the keys in the images."""
    reading.study_page.grid.active.canvas.setFocus()
    return reading


def key(key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, modifier)


def draw(window: MainWindow, tool: Tool) -> Measurement:
    viewport = window.study_page.grid.active
    viewport.apply_tool(tool)
    mapping = viewport.canvas.mapping()
    assert mapping is not None
    rows, columns = mapping.stack.shape_rc
    ends = np.array([(columns * 0.2, rows * 0.2), (columns * 0.7, rows * 0.6)])
    start, end = (QPoint(*np.rint(xy).astype(int).tolist()) for xy in mapping.pixel_to_canvas(ends))
    QTest.mousePress(viewport.canvas, Qt.MouseButton.LeftButton, NONE, start)
    QTest.mouseMove(viewport.canvas, end)
    QTest.mouseRelease(viewport.canvas, Qt.MouseButton.LeftButton, NONE, end)
    return window.study_page.grid.marks.measurements.value[-1]


def marks(window: MainWindow) -> tuple[Measurement, ...]:
    return window.study_page.grid.marks.measurements.value


def words_of(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)]


def button(widget: QWidget, name: str) -> QToolButton:
    found = widget.findChildren(QToolButton)
    return next(one for one in found if one.accessibleName().startswith(name))


@pytest.mark.parametrize(
    ("pressed", "modifier", "tool"),
    [
        (Qt.Key.Key_L, NONE, Tool.LENGTH),
        (Qt.Key.Key_B, NONE, Tool.BIDIRECTIONAL),
        (Qt.Key.Key_G, NONE, Tool.ANGLE),
        (Qt.Key.Key_G, SHIFT, Tool.COBB),
        (Qt.Key.Key_A, NONE, Tool.ARROW),
        (Qt.Key.Key_N, NONE, Tool.TEXT),
        (Qt.Key.Key_O, NONE, Tool.ELLIPSE),
        (Qt.Key.Key_O, SHIFT, Tool.SPHERE),
        (Qt.Key.Key_R, SHIFT, Tool.RECTANGLE),
        (Qt.Key.Key_P, SHIFT, Tool.POLYGON),
        (Qt.Key.Key_F, SHIFT, Tool.FREEHAND),
    ],
)
def test_every_tool_has_a_key(
    images: MainWindow, pressed: Qt.Key, modifier: Qt.KeyboardModifier, tool: Tool
) -> None:
    key(pressed, modifier)

    assert images.study_page.grid.active.state.value.tool is tool


def test_a_length_by_keys_through_the_whole_window(images: MainWindow) -> None:
    for pressed in (Qt.Key.Key_L, Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_Right):
        key(pressed)
    for pressed in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Escape):
        key(pressed)

    (made,) = marks(images)
    assert made.kind is MeasurementKind.LENGTH
    assert made.value > 0
    assert images.study_page.isVisible()
    key(Qt.Key.Key_Delete)
    assert marks(images) == ()


def test_marks_are_listed_with_their_statistics_and_a_histogram(
    qtbot: QtBot, images: MainWindow
) -> None:
    made = draw(images, Tool.RECTANGLE)
    tab = images.panels.report.facts

    words = words_of(tab)
    assert made.region is not None
    assert "Rectangle" in words
    assert any(f"{made.region.voxels} voxels" in text for text in words)
    assert tab.findChildren(HistogramBars)
    images.study_page.grid.active.go_to_first()

    button(tab, "Show Rectangle").click()

    shown = images.study_page.grid.active.canvas.marker.selected()
    assert shown is not None
    assert shown.measurement_id == made.measurement_id
    button(tab, "Delete Rectangle").click()
    assert marks(images) == ()
    assert "Rectangle" not in words_of(tab)


def test_undo_on_the_images_is_about_marks_and_in_the_report_about_the_report(
    drafted: MainWindow,
) -> None:
    drafted.report.reject("s1")
    drafted.study_page.grid.active.canvas.setFocus()
    made = draw(drafted, Tool.LENGTH)

    key(Qt.Key.Key_Z, CTRL)
    key(Qt.Key.Key_Z, CTRL)

    assert marks(drafted) == ()
    assert status(drafted) is StatementStatus.REJECTED
    key(Qt.Key.Key_Y, CTRL)
    assert marks(drafted) == (made,)
    drafted.panels.report.body.rows[0].setFocus()
    drafted.actions_set.action("undo").trigger()
    assert status(drafted) is StatementStatus.PROPOSED
    assert marks(drafted) == (made,)


def status(window: MainWindow) -> StatementStatus:
    document = window.report.document
    assert document is not None
    return next(s for s in document.statements if s.statement_id == "s1").status


def test_the_window_is_made_from_the_selected_region(images: MainWindow) -> None:
    said: list[str] = []
    images.marks.said.connect(said.append)
    key(Qt.Key.Key_W, SHIFT)
    assert "region" in said[0]

    made = draw(images, Tool.ELLIPSE)
    key(Qt.Key.Key_W, SHIFT)

    window = images.study_page.grid.active.state.value.window
    assert made.region is not None
    assert made.region.low <= window.center <= made.region.high
    assert window.width <= made.region.high - made.region.low + 1


def test_a_mark_is_copied_and_marks_are_walked_by_keys(images: MainWindow) -> None:
    viewport = images.study_page.grid.active
    viewport.go_to_first()
    first = draw(images, Tool.LENGTH)

    key(Qt.Key.Key_Down, CTRL)

    assert viewport.state.value.slice_index == 1
    assert len(marks(images)) == 2
    key(Qt.Key.Key_Period)
    assert viewport.state.value.slice_index == 0
    assert images.study_page.grid.marks.selected.value == first.measurement_id
    key(Qt.Key.Key_Comma)
    assert viewport.state.value.slice_index == 1


def test_another_study_begins_without_marks(images: MainWindow) -> None:
    draw(images, Tool.LENGTH)

    images.study.close_study()

    assert marks(images) == ()
    assert "Length" not in words_of(images.panels.report.facts)
