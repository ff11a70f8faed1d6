"""A grid that is split, closed, dragged and dropped on, by mouse and by what keys call."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.unit.viewers.volumes import noise, stack, volume
from viewers.qt.desk import ViewportDesk
from viewers.qt.grid import ViewportGrid
from viewers.qt.grid_parts import GAP_PX, SERIES_MIME, dragged_row, series_mime
from viewers.state.layout import Layout
from viewers.state.view_state import Plane, Tool

SHAPE = (20, 24, 28)
LEFT = Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def grid(qtbot: QtBot) -> ViewportGrid:
    widget = ViewportGrid()
    qtbot.addWidget(widget)
    widget.resize(802, 602)
    widget.show_volume(volume(noise(SHAPE)))
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def areas(grid: ViewportGrid) -> list[tuple[int, int, int, int]]:
    return [viewport.geometry().getRect() for viewport in grid.viewports]  # type: ignore[misc]


@pytest.mark.parametrize(("rows", "columns"), [(1, 3), (3, 1), (3, 3), (4, 4)])
def test_viewports_of_a_grid_fill_it_with_one_gap_between_them(
    grid: ViewportGrid, rows: int, columns: int
) -> None:
    grid.set_layout(Layout.grid(rows, columns))

    shown = areas(grid)
    widths = sum(width for _, top, width, _ in shown if top == 0)
    assert len(shown) == rows * columns
    assert widths == grid.width() - (columns - 1) * GAP_PX
    heights = sum(height for left, _, _, height in shown if left == 0)
    assert heights == grid.height() - (rows - 1) * GAP_PX


def test_a_split_keeps_what_is_read_and_offers_an_empty_viewport(grid: ViewportGrid) -> None:
    read = grid.active

    assert grid.split_active(side_by_side=True)

    assert grid.active is read
    assert read.content is not None
    assert [viewport.content is None for viewport in grid.viewports] == [False, True]
    assert grid.viewports[1].isVisible()


def test_a_closed_viewport_leaves_its_place_and_comes_back_with_its_images(
    grid: ViewportGrid,
) -> None:
    grid.split_active(side_by_side=False)
    closed = grid.active
    seen = closed.content

    assert grid.close_active()
    assert grid.layout_shown.cells == Layout.ONE.cells
    assert not closed.isVisible()
    grid.set_layout(Layout.TWO)

    assert closed in grid.viewports
    assert closed.content is seen


def test_the_last_viewport_and_three_planes_are_not_closed(
    qtbot: QtBot, grid: ViewportGrid
) -> None:
    with qtbot.waitSignal(grid.refused) as refused:
        assert not grid.close_active()
    assert refused.args == ["The last viewport stays."]

    grid.set_layout(Layout.MPR)
    with qtbot.waitSignal(grid.refused) as refused:
        assert not grid.split_active(side_by_side=True)
    assert "Three planes" in refused.args[0]


def test_the_seventeenth_viewport_is_refused(qtbot: QtBot, grid: ViewportGrid) -> None:
    grid.set_layout(Layout.grid(4, 4))

    with qtbot.waitSignal(grid.refused) as refused:
        assert not grid.split_active(side_by_side=True)

    assert refused.args == ["There is no room for another viewport here."]


def test_splitting_and_closing_again_and_again_makes_no_heap_of_viewports(
    grid: ViewportGrid,
) -> None:
    for _ in range(40):
        grid.split_active(side_by_side=True)
        grid.show_volume(volume(noise((3, 8, 8))))
        grid.close_active()

    assert len(grid.viewports) + len(grid.hidden_viewports) <= 17


def test_a_smaller_layout_keeps_the_viewport_that_is_read(grid: ViewportGrid) -> None:
    grid.set_layout(Layout.FOUR)
    last = grid.viewports[3]
    grid.set_active(last)
    grid.show_volume(volume(noise((3, 8, 8))))

    grid.set_layout(Layout.ONE)
    assert list(grid.viewports) == [last]
    assert grid.active is last

    grid.set_layout(Layout.FOUR)
    assert grid.viewports[3] is last
    assert grid.active is last


def test_a_smaller_layout_hides_an_empty_viewport_and_no_images(grid: ViewportGrid) -> None:
    first = grid.active
    grid.set_layout(Layout.FOUR)
    grid.set_active(grid.viewports[3])

    grid.set_layout(Layout.ONE)

    assert grid.viewports == (first,)
    assert grid.active is first


def test_three_planes_leave_what_other_viewports_show(grid: ViewportGrid) -> None:
    grid.set_layout(Layout.FOUR)
    first, second, *_ = grid.viewports
    grid.set_active(second)
    other = volume(noise(SHAPE, 5), stack(SHAPE, frame="9.9"), series_uid="1.2.44")
    grid.show_volume(other)
    second.go_to_slice(3)
    grid.set_active(first)

    grid.toggle_planes()
    grid.toggle_planes()

    assert grid.layout_shown == Layout.FOUR
    assert grid.active is first
    assert second.content is not None
    assert second.content.volume is other
    assert second.state.value.slice_index == 3


def test_leaving_the_planes_shows_the_slice_that_was_looked_at(grid: ViewportGrid) -> None:
    grid.toggle_planes()
    grid.viewports[0].go_to_slice(4)

    grid.toggle_planes()

    assert grid.active.state.value.plane is Plane.ACQUIRED
    assert grid.active.state.value.slice_index == 4


def test_a_divider_is_dragged_by_the_mouse(qtbot: QtBot, grid: ViewportGrid) -> None:
    grid.set_layout(Layout.FOUR)
    upright = grid.dividers.handles[0]

    qtbot.mousePress(upright, LEFT, pos=QPoint(4, 100))
    qtbot.mouseMove(upright, QPoint(204, 100))
    with qtbot.waitSignal(grid.layout_dragged) as told:
        qtbot.mouseRelease(upright, LEFT, pos=QPoint(204, 100))

    widths = [width for _, _, width, _ in areas(grid)]
    assert widths[0] == widths[2]
    assert widths[0] == pytest.approx(600, abs=6)
    assert widths[0] + widths[1] == grid.width() - GAP_PX
    assert told.args == [grid.layout_shown]


def test_a_divider_that_was_dragged_can_be_taken_again(qtbot: QtBot, grid: ViewportGrid) -> None:
    grid.set_layout(Layout.TWO)
    for step in (100, -150):
        handle = grid.dividers.handles[0]
        qtbot.mousePress(handle, LEFT, pos=QPoint(4, 100))
        qtbot.mouseMove(handle, QPoint(4 + step, 100))
        qtbot.mouseRelease(handle, LEFT, pos=QPoint(4, 100))

    assert areas(grid)[0][2] == pytest.approx(350, abs=8)


def test_keys_move_the_divider_beside_the_active_viewport(grid: ViewportGrid) -> None:
    grid.set_layout(Layout.FOUR)
    grid.set_active(grid.viewports[3])
    before = areas(grid)[3]

    assert grid.grow_active(right=0.1)
    assert grid.grow_active(down=-0.1)

    after = areas(grid)[3]
    assert after[2] - before[2] == pytest.approx(80, abs=2)
    assert before[3] - after[3] == pytest.approx(60, abs=2)


def test_a_lone_viewport_has_no_divider_to_move(grid: ViewportGrid) -> None:
    assert not grid.grow_active(right=0.1)


def drop(grid: ViewportGrid, mime: QMimeData, at: QPointF) -> tuple[bool, bool]:
    """Drag over a grid and drop; return whether each was taken."""
    copy = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(at.toPoint(), copy, mime, LEFT, NO_KEYS)
    QApplication.sendEvent(grid, enter)
    QApplication.sendEvent(grid, QDragMoveEvent(at.toPoint(), copy, mime, LEFT, NO_KEYS))
    dropped = QDropEvent(at, copy, mime, LEFT, NO_KEYS)
    QApplication.sendEvent(grid, dropped)
    return enter.isAccepted(), dropped.isAccepted()


def test_a_series_dropped_on_a_viewport_is_wanted_there(qtbot: QtBot, grid: ViewportGrid) -> None:
    grid.set_layout(Layout.FOUR)

    with qtbot.waitSignal(grid.series_dropped) as told:
        taken = drop(grid, series_mime(7), QPointF(600, 450))

    assert taken == (True, True)
    assert told.args == [7, grid.viewports[3]]


def test_files_are_left_to_the_window(grid: ViewportGrid) -> None:
    mime = QMimeData()
    mime.setText("no series")

    assert drop(grid, mime, QPointF(100, 100)) == (False, False)


@pytest.mark.parametrize("data", [b"", b"-1", b"1.5", b"x", b"9999999", "١".encode()])
def test_what_another_program_offers_under_our_name_is_checked(data: bytes) -> None:
    mime = QMimeData()
    mime.setData(SERIES_MIME, data)

    assert dragged_row(mime) is None


# Several grids


@pytest.fixture
def desk(qtbot: QtBot, grid: ViewportGrid) -> ViewportDesk:
    made = ViewportDesk(grid)
    other = made.new_grid()
    qtbot.addWidget(other)
    other.resize(500, 400)
    with qtbot.waitExposed(other):
        other.show()
    made.set_shown(other, is_shown=True)
    return made


def test_the_viewports_of_two_screens_are_one_list(desk: ViewportDesk) -> None:
    main, other = desk.grids

    other.set_layout(Layout.TWO)

    assert desk.viewports == (*main.viewports, *other.viewports)
    assert desk.marks is other.marks
    assert desk.grid_of(other.viewports[1]) is other


def test_a_press_on_another_screen_makes_its_viewport_the_active_one(
    qtbot: QtBot, desk: ViewportDesk
) -> None:
    main, other = desk.grids

    with qtbot.waitSignal(desk.active_changed) as told:
        qtbot.mousePress(other.viewports[0].canvas, LEFT, pos=QPoint(50, 50))

    assert told.args == [other.viewports[0]]
    assert desk.active is other.viewports[0]
    desk.set_active(main.viewports[0])
    assert desk.active is main.viewports[0]


def test_keys_step_over_all_screens_and_around(desk: ViewportDesk) -> None:
    main, other = desk.grids
    main.set_layout(Layout.TWO)
    order = []

    for _ in range(3):
        desk.step_active(1)
        order.append(desk.active)

    assert order == [main.viewports[1], other.viewports[0], main.viewports[0]]
    desk.step_active(-1)
    assert desk.active is other.viewports[0]


def test_stepping_leaves_a_maximized_viewport(desk: ViewportDesk) -> None:
    main = desk.main
    main.set_layout(Layout.TWO)
    main.toggle_maximized(main.viewports[0])

    desk.step_active(1)

    assert desk.active is main.viewports[1]
    assert main.viewports[1].isVisible()


def test_a_tool_reaches_every_screen_and_a_screen_that_comes_later(desk: ViewportDesk) -> None:
    desk.apply_tool(Tool.LENGTH)

    later = desk.new_grid()

    assert all(one.state.value.tool is Tool.LENGTH for one in desk.viewports)
    assert later.viewports[0].state.value.tool is Tool.LENGTH


def test_a_screen_out_of_sight_keeps_its_images_and_gives_up_the_keys(
    desk: ViewportDesk,
) -> None:
    main, other = desk.grids
    desk.set_active(other.viewports[0])
    desk.show_volume(volume(noise((4, 9, 9)), series_uid="1.2.55"))

    desk.set_shown(other, is_shown=False)

    assert desk.active is main.viewports[0]
    assert desk.viewports == main.viewports
    assert other.viewports[0] in desk.hidden_viewports
    desk.set_shown(other, is_shown=True)
    assert other.viewports[0].content is not None


def test_clearing_reaches_screens_out_of_sight(desk: ViewportDesk) -> None:
    other = desk.grids[1]
    desk.set_active(other.viewports[0])
    desk.show_volume(volume(noise((4, 9, 9))))
    desk.set_shown(other, is_shown=False)

    desk.clear()

    assert other.viewports[0].content is None
