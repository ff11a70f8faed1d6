"""Slabs and turned planes by mouse, wheel and keys, in real widgets."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.unit.viewers.volumes import noise, stack, volume
from viewers.qt.grid import ViewportGrid
from viewers.qt.texts import corner_texts
from viewers.qt.viewport import ViewportWidget
from viewers.state.layout import Layout
from viewers.state.slab import Projection, Slab
from viewers.state.view_state import Tool
from workstation.core.intensity import IntensityUnit

SHAPE = (40, 44, 48)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def grid(qtbot: QtBot) -> ViewportGrid:
    widget = ViewportGrid()
    qtbot.addWidget(widget)
    widget.resize(900, 700)
    widget.show_volume(volume(noise(SHAPE), stack(SHAPE, gap_mm=1.0)))
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def drag_handle(qtbot: QtBot, viewport: ViewportWidget, degrees: float) -> None:
    """Drag the first handle of a viewport around the crosshair."""
    mapping = viewport.canvas.mapping()
    assert mapping is not None
    viewport.canvas.turner.size_canvas = viewport.canvas.size_canvas
    line = viewport.canvas.turner.lines(mapping)[0]
    here, start = np.array(line.at_canvas), np.array(line.handles_canvas[0])
    qtbot.mousePress(viewport.canvas, LEFT, pos=QPoint(*np.rint(start).astype(int).tolist()))
    for share in (0.5, 1.0):
        angle = np.deg2rad(degrees) * share
        swing = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        at = here + swing @ (start - here)
        qtbot.mouseMove(viewport.canvas, pos=QPoint(*np.rint(at).astype(int).tolist()))
    qtbot.mouseRelease(viewport.canvas, LEFT, pos=QPoint(*np.rint(at).astype(int).tolist()))


def turn(viewport: ViewportWidget, notches: int, modifier: Qt.KeyboardModifier) -> None:
    """Turn the wheel over a viewport."""
    middle = QPointF(viewport.canvas.rect().center())
    event = QWheelEvent(
        middle, viewport.canvas.mapToGlobal(middle), QPoint(), QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton, modifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewport.canvas, event)


def test_a_dragged_handle_turns_the_other_two_planes_and_not_its_own(
    qtbot: QtBot, grid: ViewportGrid
) -> None:
    grid.set_layout(Layout.MPR)
    grid.apply_tool(Tool.CROSSHAIR)
    axial, coronal, sagittal = grid.viewports

    drag_handle(qtbot, axial, 30)

    assert axial.state.value.cut is None
    cut = coronal.state.value.cut
    assert cut is not None
    assert abs(cut.normal[1]) == pytest.approx(np.cos(np.deg2rad(30)), abs=0.02)
    other = sagittal.state.value.cut
    assert other is not None
    assert abs(float(other.normal @ cut.normal)) < 1e-9
    assert "Oblique" in "\n".join(_corner(coronal))


def test_the_crosshair_stays_in_place_and_size_while_planes_turn(
    qtbot: QtBot, grid: ViewportGrid
) -> None:
    grid.set_layout(Layout.MPR)
    grid.apply_tool(Tool.CROSSHAIR)
    axial, coronal, _ = grid.viewports
    crosshair = grid.marks.crosshair.value
    assert crosshair is not None
    coronal.grab()  # laid out and painted, as a reader sees it
    before = coronal.canvas.mapping()
    assert before is not None

    drag_handle(qtbot, axial, 40)

    after = coronal.canvas.mapping()
    assert after is not None
    point = np.array(crosshair.point_mm)
    np.testing.assert_allclose(
        after.patient_to_canvas(point), before.patient_to_canvas(point), atol=0.01
    )
    assert after.px_per_mm == pytest.approx(before.px_per_mm)


def test_a_second_plane_makes_a_double_oblique_and_reset_straightens_all(
    qtbot: QtBot, grid: ViewportGrid
) -> None:
    grid.set_layout(Layout.MPR)
    grid.apply_tool(Tool.CROSSHAIR)
    axial, coronal, sagittal = grid.viewports
    drag_handle(qtbot, axial, 30)
    drag_handle(qtbot, coronal, 20)

    cut = sagittal.state.value.cut
    assert cut is not None
    assert (np.abs(cut.normal) > 0.1).sum() >= 2
    assert axial.state.value.cut is not None

    grid.active.reset()

    assert all(viewport.state.value.cut is None for viewport in grid.viewports)


def test_the_fine_picture_is_there_soon_after_the_hand_rests(
    qtbot: QtBot, grid: ViewportGrid
) -> None:
    grid.set_layout(Layout.MPR)
    grid.apply_tool(Tool.CROSSHAIR)
    axial, coronal, _ = grid.viewports

    drag_handle(qtbot, axial, 15)

    assert coronal.state.value.is_moving
    qtbot.waitUntil(lambda: not coronal.state.value.is_moving, timeout=1000)


def test_the_crosshair_moved_in_one_plane_is_on_a_slice_of_the_turned_ones(
    qtbot: QtBot, grid: ViewportGrid
) -> None:
    grid.set_layout(Layout.MPR)
    grid.apply_tool(Tool.CROSSHAIR)
    axial, coronal, sagittal = grid.viewports
    drag_handle(qtbot, axial, 25)
    at = QPoint(axial.canvas.width() // 2 + 31, axial.canvas.height() // 2 + 17)

    qtbot.mouseClick(axial.canvas, LEFT, pos=at)

    crosshair = grid.marks.crosshair.value
    assert crosshair is not None
    for viewport in (coronal, sagittal):
        mapping = viewport.canvas.mapping()
        assert mapping is not None
        depth = mapping.stack.distances_mm[viewport.state.value.slice_index]
        assert depth == pytest.approx(np.array(crosshair.point_mm) @ mapping.stack.normal)


def test_scrolling_a_turned_plane_takes_the_crosshair_along(
    qtbot: QtBot, grid: ViewportGrid
) -> None:
    grid.set_layout(Layout.MPR)
    grid.apply_tool(Tool.CROSSHAIR)
    axial, coronal, _ = grid.viewports
    drag_handle(qtbot, axial, 25)
    before = grid.marks.crosshair.value
    index = coronal.state.value.slice_index

    coronal.step(3)

    after = grid.marks.crosshair.value
    assert before is not None
    assert after is not None
    cut = coronal.state.value.cut
    assert cut is not None
    moved = np.array(after.point_mm) - np.array(before.point_mm)
    np.testing.assert_allclose(moved, 3 * cut.normal, atol=1e-6)
    assert coronal.state.value.slice_index == index + 3


def test_leaving_the_three_planes_forgets_the_turn(qtbot: QtBot, grid: ViewportGrid) -> None:
    grid.set_layout(Layout.MPR)
    grid.apply_tool(Tool.CROSSHAIR)
    drag_handle(qtbot, grid.viewports[0], 25)

    grid.set_layout(Layout.ONE)
    grid.set_layout(Layout.MPR)

    assert grid.marks.turned.value is None
    assert all(viewport.state.value.cut is None for viewport in grid.viewports)


def test_keys_alone_turn_the_planes_clockwise_as_they_are_seen(
    qtbot: QtBot, grid: ViewportGrid
) -> None:
    grid.set_layout(Layout.MPR)
    axial = grid.viewports[0]
    axial.grab()

    for is_flipped in (False, True):
        if is_flipped:
            axial.reset()
            axial.flip()
        lines = [_angle(axial)]
        axial.turn_planes(5)
        lines.append(_angle(axial))

        # Canvas y points down: clockwise is a growing angle.
        assert (lines[1] - lines[0]) % 180 == pytest.approx(5)


def test_a_single_plane_says_where_planes_are_turned(qtbot: QtBot, grid: ViewportGrid) -> None:
    with qtbot.waitSignal(grid.refused) as said:
        grid.active.turn_planes(5)

    assert "three planes" in said.args[0]


def test_shift_and_wheel_change_the_thickness_and_the_band_says_so(grid: ViewportGrid) -> None:
    viewport = grid.active
    index = viewport.state.value.slice_index

    turn(viewport, 3, Qt.KeyboardModifier.ShiftModifier)

    assert viewport.state.value.slab == Slab(Projection.MIP, 4.0)
    assert viewport.state.value.slice_index == index
    assert viewport.notice_text().startswith("MIP 4 mm  5 slices behind each other; not stored")
    assert "MIP 4 mm" in _corner(viewport)

    turn(viewport, -3, Qt.KeyboardModifier.ShiftModifier)

    assert viewport.state.value.slab is None
    assert "MIP" not in viewport.notice_text()


def test_projections_are_gone_through_and_reset_ends_them(grid: ViewportGrid) -> None:
    viewport = grid.active
    seen = []
    for _ in range(3):
        viewport.next_projection()
        slab = viewport.state.value.slab
        assert slab is not None
        seen.append(slab.projection)

    viewport.reset()

    assert seen == list(Projection)
    assert viewport.state.value.slab is None


@pytest.mark.parametrize("tool", [Tool.PROBE, Tool.LENGTH, Tool.ELLIPSE])
def test_nothing_is_measured_on_a_slab(qtbot: QtBot, grid: ViewportGrid, tool: Tool) -> None:
    viewport = grid.active
    viewport.set_slab(Slab(Projection.MIP, 10.0))
    grid.apply_tool(tool)
    middle = viewport.canvas.rect().center()

    with qtbot.waitSignal(grid.refused) as said:
        qtbot.mousePress(viewport.canvas, LEFT, pos=middle)
    qtbot.mouseMove(viewport.canvas, pos=middle + QPoint(40, 30))
    qtbot.mouseRelease(viewport.canvas, LEFT, pos=middle + QPoint(40, 30))

    assert "single slices" in said.args[0]
    assert grid.marks.measurements.value == ()


def test_nothing_is_measured_on_a_slab_by_keys_alone(qtbot: QtBot, grid: ViewportGrid) -> None:
    viewport = grid.active
    viewport.set_slab(Slab(Projection.MIP, 10.0))
    grid.apply_tool(Tool.LENGTH)
    viewport.canvas.setFocus()

    with qtbot.waitSignal(grid.refused) as said:
        # The first shows the cursor, the second would set the first end.
        qtbot.keyClick(viewport.canvas, Qt.Key.Key_Return)
        qtbot.keyClick(viewport.canvas, Qt.Key.Key_Return)

    assert "single slices" in said.args[0]
    assert grid.marks.measurements.value == ()


def test_a_slice_does_not_count_as_seen_while_a_slab_shows_it(
    qtbot: QtBot, grid: ViewportGrid
) -> None:
    viewport = grid.active
    viewport.set_slab(Slab(Projection.MIP, 10.0))
    shown: list[str] = []
    grid.slice_shown.connect(lambda _series, instance: shown.append(instance))

    viewport.go_to_slice(3)
    qtbot.wait(50)
    assert shown == []

    viewport.set_slab(None)
    qtbot.waitUntil(lambda: len(shown) == 1)


def test_a_slab_of_colors_is_refused_with_the_reason(qtbot: QtBot) -> None:
    viewport = ViewportWidget()
    qtbot.addWidget(viewport)
    colored = np.zeros((3, 4, 4, 3), dtype=np.uint8)
    viewport.show_volume(volume(colored, unit=IntensityUnit.COLOR))

    with qtbot.waitSignal(viewport.refused) as said:
        viewport.next_projection()

    assert "colors" in said.args[0]
    assert viewport.state.value.slab is None


def _corner(viewport: ViewportWidget) -> tuple[str, ...]:
    """Return the words at the bottom left of a viewport."""
    content, frame = viewport.content, viewport._model.frame()
    assert content is not None
    assert frame is not None
    return corner_texts(content, viewport.state.value, frame, zoom=1.0).bottom_left


def _angle(viewport: ViewportWidget) -> float:
    """Return the direction of the first line of a viewport in degrees."""
    mapping = viewport.canvas.mapping()
    assert mapping is not None
    along = viewport.canvas.turner.lines(mapping)[0].along_canvas
    return float(np.rad2deg(np.arctan2(along[1], along[0])))
