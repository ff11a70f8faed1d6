"""Every marking tool under the hand: by mouse, by keys alone, changed and taken back."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from tests.unit.viewers.volumes import noise, stack, volume
from viewers.qt.grid import ViewportGrid
from viewers.qt.mark_texts import mark_lines
from viewers.qt.mark_words import WordField
from viewers.qt.palette import Palette
from viewers.qt.viewport import ViewportWidget
from viewers.render.enhanced import EnhancedOverlay
from viewers.state.view_state import Plane, Tool
from workstation.core.measurement import Measurement, MeasurementKind
from workstation.core.provenance import PackRef
from workstation.core.volume import Volume, read_only

SHAPE = (9, 64, 64)
LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier
ENTER, ESC = Qt.Key.Key_Return, Qt.Key.Key_Escape
PACK = PackRef("ct-denoise", "1.0", "abc")


@pytest.fixture
def series() -> Volume:
    return volume(noise(SHAPE), stack(SHAPE, spacing_ij_mm=(1.5, 1.5)))


@pytest.fixture
def viewport(qtbot: QtBot, series: Volume) -> ViewportWidget:
    widget = ViewportWidget()
    qtbot.addWidget(widget)
    widget.resize(520, 540)
    widget.show_volume(series)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def at(viewport: ViewportWidget, column: float, row: float) -> QPoint:
    mapping = viewport.canvas.mapping()
    assert mapping is not None
    x, y = mapping.pixel_to_canvas(np.array([column, row]))
    return QPoint(round(x), round(y))


def drag(qtbot: QtBot, viewport: ViewportWidget, *path: tuple[float, float]) -> None:
    points = [at(viewport, *place) for place in path]
    qtbot.mousePress(viewport.canvas, LEFT, pos=points[0])
    for point in points[1:]:
        qtbot.mouseMove(viewport.canvas, point)
    qtbot.mouseRelease(viewport.canvas, LEFT, pos=points[-1])


def click(qtbot: QtBot, viewport: ViewportWidget, column: float, row: float) -> None:
    qtbot.mouseMove(viewport.canvas, at(viewport, column, row))
    qtbot.mouseClick(viewport.canvas, LEFT, pos=at(viewport, column, row))


def keys(qtbot: QtBot, viewport: ViewportWidget, *pressed: Qt.Key) -> None:
    for key in pressed:
        qtbot.keyClick(viewport.canvas, key)


def go(qtbot: QtBot, viewport: ViewportWidget, key: Qt.Key, tens: int) -> None:
    for _ in range(tens):
        qtbot.keyClick(viewport.canvas, key, SHIFT)


def only(viewport: ViewportWidget) -> Measurement:
    (made,) = viewport.marks.measurements.value
    return made


def places(viewport: ViewportWidget, measurement: Measurement) -> NDArray[np.float64]:
    mapping = viewport.canvas.mapping()
    assert mapping is not None
    return mapping.stack.to_pixel_cr(mapping.index, np.array(measurement.points_mm))


def test_two_clicks_measure_as_one_drag_does(qtbot: QtBot, viewport: ViewportWidget) -> None:
    viewport.apply_tool(Tool.LENGTH)

    click(qtbot, viewport, 10, 10)
    click(qtbot, viewport, 40, 50)

    made = only(viewport)
    assert made.value == pytest.approx(1.5 * 50, rel=0.01)
    assert viewport.marks.selected.value == made.measurement_id


def test_an_angle_is_two_legs_from_a_corner(qtbot: QtBot, viewport: ViewportWidget) -> None:
    viewport.apply_tool(Tool.ANGLE)

    drag(qtbot, viewport, (10, 10), (30, 10))
    click(qtbot, viewport, 30, 30)

    made = only(viewport)
    assert made.kind is MeasurementKind.ANGLE
    assert made.value == pytest.approx(90, abs=1.5)
    assert made.unit == "°"


@pytest.mark.parametrize("tool", [Tool.COBB, Tool.BIDIRECTIONAL])
def test_two_drags_draw_two_lines(qtbot: QtBot, viewport: ViewportWidget, tool: Tool) -> None:
    viewport.apply_tool(tool)

    drag(qtbot, viewport, (10, 20), (30, 20), (50, 20))
    assert viewport.marks.measurements.value == ()
    drag(qtbot, viewport, (30, 30), (34, 20), (38, 10))

    made = only(viewport)
    if tool is Tool.COBB:
        assert made.value == pytest.approx(np.degrees(np.arctan2(20, 8)), abs=1.5)
        return
    assert made.value == pytest.approx(60, rel=0.02)
    assert made.short_value == pytest.approx(30, rel=0.02)
    first, second, third, fourth = np.array(made.points_mm)
    assert float((second - first) @ (fourth - third)) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("tool", [Tool.ELLIPSE, Tool.RECTANGLE])
def test_a_drag_draws_a_region_and_its_statistics_are_of_stored_voxels(
    qtbot: QtBot, viewport: ViewportWidget, series: Volume, tool: Tool
) -> None:
    viewport.set_enhanced(EnhancedOverlay(read_only(noise(SHAPE, 7)), PACK))
    viewport.apply_tool(tool)

    drag(qtbot, viewport, (10.5, 12.5), (20, 20), (40.5, 50.5))

    made = only(viewport)
    assert made.region is not None
    (left, top), (right, bottom) = places(viewport, made)[[0, 2]]
    rows, columns = np.indices(SHAPE[1:])
    x = (columns - (left + right) / 2) / ((right - left) / 2)
    y = (rows - (top + bottom) / 2) / ((bottom - top) / 2)
    inside = x**2 + y**2 <= 1 if tool is Tool.ELLIPSE else np.maximum(abs(x), abs(y)) <= 1
    held = series.voxels[4][inside]
    assert made.region.voxels == len(held)
    assert made.value == pytest.approx(float(held.mean()))
    assert made.unit == "HU"
    assert any("mm²" in line for line in mark_lines(made))


def test_clicks_draw_a_polygon_that_a_double_click_closes(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    viewport.apply_tool(Tool.POLYGON)

    for place in ((10, 10), (40, 10), (40, 30), (10, 30)):
        click(qtbot, viewport, *place)
    with qtbot.assertNotEmitted(viewport.maximize_requested):
        qtbot.mouseDClick(viewport.canvas, LEFT, pos=at(viewport, 10, 30))

    made = only(viewport)
    assert len(made.points_mm) == 4
    assert made.region is not None
    assert made.region.size == pytest.approx(30 * 20 * 2.25, rel=0.03)


def test_a_click_on_its_first_corner_closes_a_polygon(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    viewport.apply_tool(Tool.POLYGON)

    for place in ((10, 10), (40, 10), (25, 40), (10, 10)):
        click(qtbot, viewport, *place)

    assert len(only(viewport).points_mm) == 3


def test_a_freehand_line_closes_when_the_button_goes_up(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    viewport.apply_tool(Tool.FREEHAND)
    turn = np.linspace(0, 2 * np.pi, 60)

    drag(qtbot, viewport, *((32 + 15 * np.cos(a), 32 + 15 * np.sin(a)) for a in turn))

    made = only(viewport)
    assert made.region is not None
    assert made.region.size == pytest.approx(np.pi * (15 * 1.5) ** 2, rel=0.03)


def test_a_sphere_measures_a_volume_and_shows_on_the_slices_it_crosses(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    viewport.apply_tool(Tool.SPHERE)

    drag(qtbot, viewport, (32, 32), (34, 32), (35, 32))

    made = only(viewport)
    assert made.region is not None
    assert made.region.size == pytest.approx(4 / 3 * np.pi * 4.5**3, rel=0.1)
    viewport.step(2)  # 4 mm on: still inside
    assert len(viewport.canvas.marker.shown()) == 1
    viewport.step(2)
    assert viewport.canvas.marker.shown() == ()


def test_a_note_takes_its_words_on_the_image(qtbot: QtBot, viewport: ViewportWidget) -> None:
    viewport.apply_tool(Tool.TEXT)

    click(qtbot, viewport, 20, 20)
    field = viewport.canvas.findChild(WordField)
    assert field is not None
    assert field.isVisible()
    qtbot.keyClicks(field, "target 1")
    qtbot.keyClick(field, ENTER)

    assert only(viewport).text == "target 1"
    assert not field.isVisible()
    assert mark_lines(only(viewport)) == ("target 1",)


def test_a_note_without_words_is_none(qtbot: QtBot, viewport: ViewportWidget) -> None:
    viewport.apply_tool(Tool.TEXT)

    click(qtbot, viewport, 20, 20)
    field = viewport.canvas.findChild(WordField)
    assert field is not None
    qtbot.keyClick(field, ESC)

    assert viewport.marks.measurements.value == ()


def test_an_arrow_is_drawn_and_named(qtbot: QtBot, viewport: ViewportWidget) -> None:
    viewport.apply_tool(Tool.ARROW)
    drag(qtbot, viewport, (10, 10), (20, 20), (30, 30))

    assert viewport.canvas.edit_words()
    field = viewport.canvas.findChild(WordField)
    assert field is not None
    qtbot.keyClicks(field, "node")
    qtbot.keyClick(field, ENTER)

    assert (only(viewport).kind, only(viewport).text) == (MeasurementKind.ARROW, "node")
    assert len(viewport.marks.history.past) == 2
    assert viewport.canvas.marker.grab is None


# By keys alone


def test_a_length_is_measured_by_keys_alone(qtbot: QtBot, viewport: ViewportWidget) -> None:
    viewport.apply_tool(Tool.LENGTH)

    keys(qtbot, viewport, ENTER, ENTER)
    go(qtbot, viewport, Qt.Key.Key_Right, 2)
    keys(qtbot, viewport, Qt.Key.Key_Down, Qt.Key.Key_Down, ENTER)

    assert only(viewport).value == pytest.approx(1.5 * np.hypot(20, 2))
    assert viewport.state.value.slice_index == 4


def test_a_polygon_is_drawn_by_keys_and_closed_by_a_second_enter(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    viewport.apply_tool(Tool.POLYGON)

    keys(qtbot, viewport, ENTER, ENTER)
    go(qtbot, viewport, Qt.Key.Key_Right, 1)
    keys(qtbot, viewport, ENTER)
    go(qtbot, viewport, Qt.Key.Key_Down, 1)
    keys(qtbot, viewport, ENTER, ENTER)

    made = only(viewport)
    assert made.region is not None
    assert made.region.size == pytest.approx(50 * 2.25)


def test_a_region_by_keys_can_lose_its_first_point_again(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    viewport.apply_tool(Tool.ELLIPSE)
    keys(qtbot, viewport, ENTER, ENTER, Qt.Key.Key_Backspace)
    assert viewport.canvas.marker.draft is None
    go(qtbot, viewport, Qt.Key.Key_Left, 1)
    keys(qtbot, viewport, ENTER)
    go(qtbot, viewport, Qt.Key.Key_Right, 2)
    go(qtbot, viewport, Qt.Key.Key_Down, 1)
    keys(qtbot, viewport, ENTER)

    made = only(viewport)
    assert made.region is not None
    assert made.region.size == pytest.approx(np.pi * 10 * 5 * 2.25)


def test_a_selected_mark_is_moved_and_bent_by_keys(qtbot: QtBot, viewport: ViewportWidget) -> None:
    viewport.apply_tool(Tool.LENGTH)
    drag(qtbot, viewport, (10, 10), (20, 10), (40, 10))
    before = places(viewport, only(viewport))

    keys(qtbot, viewport, ENTER, Qt.Key.Key_Down, Qt.Key.Key_Down)  # the whole
    keys(qtbot, viewport, ENTER, Qt.Key.Key_Left)  # its first point
    keys(qtbot, viewport, ENTER, ESC, ESC)

    after = places(viewport, only(viewport))
    np.testing.assert_allclose(after - before, [(-1, 2), (0, 2)], atol=1e-6)
    assert viewport.marks.selected.value == ""
    assert len(viewport.marks.history.past) == 3


def test_arrows_step_through_the_slices_again_once_the_cursor_is_gone(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    viewport.apply_tool(Tool.LENGTH)
    keys(qtbot, viewport, ENTER, ESC, Qt.Key.Key_Down)

    assert viewport.state.value.slice_index == 5


# Changing and taking back


def test_a_line_is_taken_into_the_hand_and_moved(qtbot: QtBot, viewport: ViewportWidget) -> None:
    viewport.apply_tool(Tool.LENGTH)
    drag(qtbot, viewport, (10, 10), (20, 10), (40, 10))
    made = only(viewport)
    viewport.apply_tool(Tool.SCROLL)

    drag(qtbot, viewport, (25, 10), (25, 20), (25, 30))

    moved = only(viewport)
    assert moved.measurement_id == made.measurement_id
    assert moved.value == pytest.approx(made.value)
    np.testing.assert_allclose(places(viewport, moved)[:, 1], 30, atol=0.3)
    assert viewport.state.value.slice_index == 4


def test_a_region_that_is_moved_is_measured_anew(
    qtbot: QtBot, viewport: ViewportWidget, series: Volume
) -> None:
    viewport.apply_tool(Tool.RECTANGLE)
    drag(qtbot, viewport, (10.5, 10.5), (15, 15), (20.5, 20.5))
    before = only(viewport)

    drag(qtbot, viewport, (15, 10.5), (25, 20), (35, 30.5))

    after = only(viewport)
    left, top = np.ceil(places(viewport, after)[0]).astype(int)
    right, bottom = np.floor(places(viewport, after)[2]).astype(int) + 1
    held = series.voxels[4, top:bottom, left:right]
    assert after.value == pytest.approx(float(held.mean()))
    assert after.value != before.value


def test_a_handle_bends_a_mark(qtbot: QtBot, viewport: ViewportWidget) -> None:
    viewport.apply_tool(Tool.LENGTH)
    drag(qtbot, viewport, (10, 10), (20, 10), (40, 10))

    drag(qtbot, viewport, (40, 10), (40, 30), (40, 50))

    assert only(viewport).value == pytest.approx(1.5 * 50, rel=0.02)


def test_everything_done_to_marks_is_taken_back_and_done_again(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    marks = viewport.marks
    seen = [marks.measurements.value]
    viewport.apply_tool(Tool.LENGTH)
    drag(qtbot, viewport, (10, 10), (20, 10), (40, 10))
    seen.append(marks.measurements.value)
    drag(qtbot, viewport, (40, 10), (40, 30), (40, 50))
    seen.append(marks.measurements.value)
    assert viewport.canvas.marker.copy_to(1)
    seen.append(marks.measurements.value)
    marks.change(())
    seen.append(marks.measurements.value)

    for expected in reversed(seen[:-1]):
        assert marks.undo()
        assert marks.measurements.value == expected
    assert not marks.undo()
    for expected in seen[1:]:
        assert marks.redo()
        assert marks.measurements.value == expected
    assert not marks.redo()


def test_a_region_is_copied_to_the_next_slice_and_measured_there(
    qtbot: QtBot, viewport: ViewportWidget, series: Volume
) -> None:
    viewport.apply_tool(Tool.RECTANGLE)
    drag(qtbot, viewport, (10.5, 10.5), (15, 15), (20.5, 20.5))

    assert viewport.canvas.marker.copy_to(1)

    first, second = viewport.marks.measurements.value
    assert viewport.state.value.slice_index == 5
    assert second.instance_uid == series.instance_uids[5]
    assert second.value != first.value
    assert viewport.marks.selected.value == second.measurement_id
    np.testing.assert_allclose(places(viewport, second), places(viewport, first), atol=1e-9)


def test_escape_forgets_a_mark_that_is_not_finished(qtbot: QtBot, viewport: ViewportWidget) -> None:
    viewport.apply_tool(Tool.ANGLE)
    drag(qtbot, viewport, (10, 10), (20, 10), (40, 10))

    keys(qtbot, viewport, ESC)
    click(qtbot, viewport, 30, 30)

    assert viewport.marks.measurements.value == ()


def test_a_mark_that_is_not_finished_does_not_follow_to_another_slice(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    viewport.apply_tool(Tool.ANGLE)
    drag(qtbot, viewport, (10, 10), (20, 10), (40, 10))

    viewport.step(1)

    assert viewport.canvas.marker.draft is None


# Where, and where not


def test_a_region_on_a_reformat_reads_the_stored_voxels_of_its_plane(
    qtbot: QtBot, viewport: ViewportWidget, series: Volume
) -> None:
    viewport.set_plane(Plane.CORONAL)
    viewport.go_to_slice(30)
    viewport.apply_tool(Tool.RECTANGLE)
    mapping = viewport.canvas.mapping()
    assert mapping is not None
    rows = mapping.stack.shape_rc[0]

    drag(qtbot, viewport, (10.5, 0.4), (30, 3), (40.5, rows - 1.4))

    made = only(viewport)
    assert made.region is not None
    assert made.is_reformatted
    corners = np.array(made.points_mm)
    low, high = corners.min(axis=0), corners.max(axis=0)
    k, _j, i = np.indices((SHAPE[0], 1, SHAPE[2]))
    x = series.geometry.positions_mm[k, 0] + 1.5 * i
    z = series.geometry.positions_mm[k, 2]
    inside = (x >= low[0]) & (x <= high[0]) & (z >= low[2]) & (z <= high[2])
    held = series.voxels[:, 30:31][inside]
    assert made.region.voxels == len(held)
    assert made.value == pytest.approx(float(held.mean()))
    viewport.set_plane(Plane.ACQUIRED)
    assert viewport.canvas.marker.shown() == ()


def test_a_region_waits_for_its_slice(qtbot: QtBot, series: Volume) -> None:
    viewport = ViewportWidget()
    qtbot.addWidget(viewport)
    viewport.resize(520, 540)
    viewport.show_volume(series, (), lambda k: k == 0)
    viewport.show()
    viewport.apply_tool(Tool.ELLIPSE)

    with qtbot.waitSignal(viewport.refused) as refused:
        drag(qtbot, viewport, (10, 10), (20, 20), (40, 40))

    assert "loading" in refused.args[0]
    assert viewport.marks.measurements.value == ()


def test_marks_stay_while_their_series_goes_and_comes_back(qtbot: QtBot, series: Volume) -> None:
    grid = ViewportGrid()
    qtbot.addWidget(grid)
    grid.resize(520, 540)
    grid.show_volume(series)
    grid.show()
    grid.apply_tool(Tool.RECTANGLE)
    drag(qtbot, grid.active, (10, 10), (20, 20), (40, 40))
    made = grid.marks.measurements.value

    grid.show_volume(volume(noise(SHAPE, 3), series_uid="1.2.77"))
    assert grid.active.canvas.marker.shown() == ()
    again = volume(noise(SHAPE), stack(SHAPE, spacing_ij_mm=(1.5, 1.5)))
    grid.show_volume(again)

    assert grid.active.canvas.marker.shown() == made
    grid.active.go_to_first()
    assert grid.show_measurement(made[0])
    assert grid.active.state.value.slice_index == 4
    grid.clear()
    assert grid.marks.measurements.value == ()
    assert not grid.marks.undo()


def test_a_mark_of_one_frame_is_on_no_other_frame_of_its_file(
    qtbot: QtBot, viewport: ViewportWidget, series: Volume
) -> None:
    from dataclasses import replace

    film = replace(series, instance_uids=("1.2.9.1",) * 9, frame_numbers=tuple(range(1, 10)))
    viewport.show_volume(film)
    viewport.apply_tool(Tool.LENGTH)
    drag(qtbot, viewport, (10, 10), (20, 10), (40, 10))

    assert only(viewport).frame_number == 5
    viewport.step(1)
    assert viewport.canvas.marker.shown() == ()


def test_the_selected_mark_is_painted_in_the_color_of_selection(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    viewport.apply_tool(Tool.RECTANGLE)
    drag(qtbot, viewport, (10, 10), (20, 20), (40, 40))
    chosen = viewport.canvas.grab().toImage()
    handle = at(viewport, *places(viewport, only(viewport))[0])

    assert chosen.pixelColor(handle).name() == Palette().accent
    viewport.marks.selected.set("")
    plain = viewport.canvas.grab().toImage()
    assert plain.pixelColor(handle).name() != Palette().accent
