"""Each marking tool by mouse and by keys alone: the same places give the same measurement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.unit.viewers.volumes import noise, stack, volume
from viewers.qt.mark_words import WordField
from viewers.qt.viewport import ViewportWidget
from viewers.state.view_state import Tool
from workstation.core.measurement import Measurement, MeasurementKind

SHAPE, SPACING_MM = (9, 64, 64), 1.5
LEFT, ENTER = Qt.MouseButton.LeftButton, Qt.Key.Key_Return
SHIFT, NONE = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier

WORDS = "node 3"
WAIT_MS = 5_000


@dataclass(frozen=True, slots=True)
class Case:
    """One tool.

    Attributes:
        tool: of the reader.
        points: steps of ten image pixels from the middle, (right, down).
        value: of the mark, from the formula.
        closes: an outline: the last point is given twice.
    """

    tool: Tool
    points: tuple[tuple[int, int], ...]
    value: float | None = None
    closes: bool = False


CASES = (
    Case(Tool.LENGTH, ((0, 0), (2, 1)), 10 * SPACING_MM * np.hypot(2, 1)),
    Case(Tool.BIDIRECTIONAL, ((-2, 0), (2, 0), (0, -1), (0, 1)), 40 * SPACING_MM),
    Case(Tool.ANGLE, ((2, 0), (0, 0), (0, 2)), 90.0),
    Case(Tool.COBB, ((-2, -1), (2, -1), (-1, 0), (1, 2)), 45.0),
    Case(Tool.ARROW, ((1, 1), (0, 0))),
    Case(Tool.TEXT, ((1, 0),)),
    Case(Tool.PROBE, ((1, 1),)),
    Case(Tool.ELLIPSE, ((-1, -1), (1, 1))),
    Case(Tool.RECTANGLE, ((-1, -1), (1, 1))),
    Case(Tool.SPHERE, ((0, 0), (1, 0))),
    Case(Tool.POLYGON, ((-1, -1), (1, -1), (1, 1)), closes=True),
    Case(Tool.FREEHAND, ((-1, -1), (1, -1), (1, 1), (-1, 1)), closes=True),
)


@pytest.fixture
def viewport(qtbot: QtBot) -> ViewportWidget:
    widget = ViewportWidget()
    qtbot.addWidget(widget)
    widget.resize(520, 540)
    widget.show_volume(volume(noise(SHAPE), stack(SHAPE, spacing_ij_mm=(SPACING_MM, SPACING_MM))))
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def at(viewport: ViewportWidget, start: tuple[float, float], steps: tuple[int, int]) -> QPoint:
    mapping = viewport.canvas.mapping()
    assert mapping is not None
    x, y = mapping.pixel_to_canvas(np.array(start) + 10 * np.array(steps))
    return QPoint(round(x), round(y))


def by_mouse(qtbot: QtBot, viewport: ViewportWidget, case: Case) -> None:
    places = [at(viewport, (32.0, 32.0), steps) for steps in case.points]
    if case.tool is Tool.FREEHAND:
        qtbot.mousePress(viewport.canvas, LEFT, pos=places[0])
        for place in places[1:]:
            qtbot.mouseMove(viewport.canvas, place)
        qtbot.mouseRelease(viewport.canvas, LEFT, pos=places[-1])
        return
    for place in places:
        qtbot.mouseMove(viewport.canvas, place)
        qtbot.mouseClick(viewport.canvas, LEFT, pos=place)
    if case.closes:
        qtbot.keyClick(viewport.canvas, ENTER)


def by_keys(qtbot: QtBot, viewport: ViewportWidget, case: Case) -> None:
    qtbot.keyClick(viewport.canvas, ENTER)
    here = (0, 0)
    for steps in case.points:
        across, down = steps[0] - here[0], steps[1] - here[1]
        sideways = Qt.Key.Key_Right if across > 0 else Qt.Key.Key_Left
        upright = Qt.Key.Key_Down if down > 0 else Qt.Key.Key_Up
        for key, count in ((sideways, abs(across)), (upright, abs(down))):
            for _ in range(count):
                qtbot.keyClick(viewport.canvas, key, SHIFT)
        qtbot.keyClick(viewport.canvas, ENTER)
        here = steps
    if case.closes:
        qtbot.keyClick(viewport.canvas, ENTER)


def made_by(qtbot: QtBot, viewport: ViewportWidget, case: Case, way: str) -> Measurement:
    viewport.apply_tool(case.tool)
    (by_mouse if way == "mouse" else by_keys)(qtbot, viewport, case)
    if case.tool is Tool.TEXT:
        field = viewport.canvas.findChild(WordField)
        assert isinstance(field, QLineEdit)
        assert field.isVisible()
        qtbot.keyClicks(field, WORDS)
        qtbot.keyClick(field, ENTER)
    # A probe waits for as long as its click may become a double click.
    qtbot.waitUntil(lambda: bool(viewport.marks.measurements.value), timeout=WAIT_MS)
    (made,) = viewport.marks.measurements.value
    return made


@pytest.mark.parametrize("way", ["mouse", "keys"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.tool.value)
def test_each_tool_makes_its_mark(
    qtbot: QtBot, viewport: ViewportWidget, case: Case, way: str
) -> None:
    made = made_by(qtbot, viewport, case, way)

    assert made.kind is MeasurementKind[case.tool.name]
    assert made.text == (WORDS if case.tool is Tool.TEXT else "")
    if case.value is not None:
        assert made.value == pytest.approx(case.value, rel=0.03)


def test_there_is_a_case_for_every_tool_that_makes_a_mark() -> None:
    assert {case.tool.name for case in CASES} == {kind.name for kind in MeasurementKind}


def test_enter_closes_an_outline_drawn_with_the_mouse(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    case = next(one for one in CASES if one.tool is Tool.POLYGON)

    made = made_by(qtbot, viewport, case, "mouse")

    assert len(made.points_mm) == 3
    assert viewport.canvas.marker.draft is None


def test_another_tool_leaves_a_mark_that_is_not_finished(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    viewport.apply_tool(Tool.POLYGON)
    qtbot.mouseClick(viewport.canvas, LEFT, pos=at(viewport, (32.0, 32.0), (0, 0)))
    assert viewport.canvas.marker.draft is not None

    viewport.apply_tool(Tool.SCROLL)

    assert viewport.canvas.marker.draft is None
    assert viewport.marks.measurements.value == ()
