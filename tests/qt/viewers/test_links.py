"""Viewports that lead each other, by mouse and by commands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.unit.viewers.volumes import AXIAL, CORONAL, Cosines, noise, stack, volume
from viewers.qt.canvas import CanvasWidget
from viewers.qt.desk import ViewportDesk
from viewers.qt.grid import ViewportGrid
from viewers.qt.link_desk import LinkDesk
from viewers.qt.viewport import ViewportWidget
from viewers.state.layout import Layout
from viewers.state.linking import LinkKind
from viewers.state.view_state import Plane
from workstation.core.intensity import Window
from workstation.core.volume import Volume

SHAPE = (20, 40, 40)


class Reading:
    """A desk of two viewports with links."""

    def __init__(self, grid: ViewportGrid) -> None:
        self.desk = ViewportDesk(grid)
        self.desk.set_layout(Layout.TWO)
        self.links = LinkDesk(self.desk)
        self.said: list[str] = []
        self.links.said.connect(self.said.append)
        self.left, self.right = self.desk.viewports

    def show(self, left: Volume, right: Volume) -> None:
        for viewport, one in ((self.left, left), (self.right, right)):
            viewport.show_volume(one)
            viewport.set_window(Window(100.0, 400.0))
        self.settle()

    def settle(self) -> None:
        """Let every follower follow: each takes a turn of the loop."""
        for _ in range(12):
            QApplication.processEvents()


@pytest.fixture
def reading(qtbot: QtBot) -> Iterator[Reading]:
    grid = ViewportGrid()
    qtbot.addWidget(grid)
    grid.resize(900, 520)
    made = Reading(grid)
    with qtbot.waitExposed(grid):
        grid.show()
    yield made
    made.settle()


def _volume(
    series: str,
    *,
    gap_mm: float = 2.0,
    count: int = 20,
    frame: str = "1.2.3",
    start: float = 0.0,
    cosines: Cosines = AXIAL,
    is_placed: bool = True,
) -> Volume:
    """Return slices whose middles lie over one another; the first at ``start`` mm."""
    row, column = (np.array(direction) for direction in cosines)
    normal = np.cross(row, column)
    corner = -19.5 * (row + column)
    positions = corner + (start + gap_mm * np.arange(count))[:, None] * normal
    geometry = stack(
        (count, *SHAPE[1:]),
        cosines=cosines,
        positions_mm=positions,
        frame=frame,
        is_placed=is_placed,
    )
    return volume(noise((count, *SHAPE[1:])), geometry, series_uid=series)


def _wheel(canvas: CanvasWidget, notches: int) -> None:
    at = QPointF(canvas.width() / 2, canvas.height() / 2)
    event = QWheelEvent(
        at,
        canvas.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def _hover(viewport: ViewportWidget, at: QPoint, modifier: Qt.KeyboardModifier) -> None:
    none = Qt.MouseButton.NoButton
    where = QPointF(at)
    canvas = viewport.canvas
    event = QMouseEvent(
        QEvent.Type.MouseMove, where, canvas.mapToGlobal(where), none, none, modifier
    )
    QApplication.sendEvent(canvas, event)


def test_the_wheel_takes_the_other_series_to_the_same_millimeters(reading: Reading) -> None:
    reading.show(_volume("a", gap_mm=2.0), _volume("b", gap_mm=1.0, count=40))
    reading.left.go_to_slice(10)
    reading.settle()

    _wheel(reading.left.canvas, -3)
    reading.settle()

    assert reading.left.state.value.slice_index == 13
    assert reading.right.state.value.slice_index == 26


def test_whoever_is_scrolled_leads(reading: Reading) -> None:
    reading.show(_volume("a", gap_mm=2.0), _volume("b", gap_mm=1.0, count=40))

    _wheel(reading.right.canvas, 5)  # from slice 20 to 15: 15 mm, between 7 and 8 of the other
    reading.settle()

    assert reading.right.state.value.slice_index == 15
    assert reading.left.state.value.slice_index in (7, 8)


def test_another_frame_of_reference_stays_where_it_is(reading: Reading) -> None:
    reading.show(_volume("a"), _volume("b", frame="9.9"))
    before = reading.right.state.value

    _wheel(reading.left.canvas, -4)
    reading.settle()

    assert reading.right.state.value == before
    assert "Linked" not in reading.right.canvas.accessibleDescription()


def test_a_follower_outside_stays_and_says_so_in_words(reading: Reading) -> None:
    reading.show(_volume("a", count=20), _volume("b", count=5, start=0.0))
    reading.right.go_to_slice(2)
    reading.settle()

    reading.left.go_to_slice(19)
    reading.settle()

    assert reading.right.state.value.slice_index == 2
    assert "outside these slices" in reading.right.canvas.accessibleDescription()
    assert "Linked: scroll" in reading.left.canvas.accessibleDescription()
    assert "outside" not in reading.left.canvas.accessibleDescription()


def test_a_series_that_comes_on_screen_moves_no_other_one(reading: Reading) -> None:
    reading.show(_volume("a"), _volume("b"))
    reading.left.go_to_slice(3)
    reading.settle()

    reading.right.show_volume(_volume("c"))
    reading.settle()

    assert reading.left.state.value.slice_index == 3


def test_what_becomes_known_of_a_series_does_not_stop_it_from_leading(reading: Reading) -> None:
    reading.show(_volume("a"), _volume("b"))
    reading.left.set_doubts(())
    reading.left.finish_loading()

    reading.left.go_to_slice(3)
    reading.settle()

    assert reading.right.state.value.slice_index == 3


def test_a_window_goes_to_the_same_modality_only_when_asked(reading: Reading) -> None:
    reading.show(_volume("a"), _volume("b"))

    reading.left.set_window(Window(40.0, 80.0))
    reading.settle()
    assert reading.right.state.value.window.center == 100.0

    reading.links.toggle("window")
    reading.settle()
    assert reading.right.state.value.window.center == 40.0


def test_zoom_is_linked_in_millimeters_with_the_same_middle(reading: Reading) -> None:
    coarse = _volume("b")
    fine = replace(coarse.geometry, spacing_ij_mm=(0.5, 0.5))
    reading.show(_volume("a"), replace(coarse, geometry=fine))
    reading.links.toggle("zoom")

    reading.left.zoom_by(3.0)
    reading.settle()

    here, there = reading.left.canvas.mapping(), reading.right.canvas.mapping()
    assert here is not None
    assert there is not None
    assert there.px_per_mm == pytest.approx(here.px_per_mm)
    middle = np.array(reading.left.canvas.size_canvas) / 2
    np.testing.assert_allclose(
        there.canvas_to_patient(np.array(reading.right.canvas.size_canvas) / 2)[:2],
        here.canvas_to_patient(middle)[:2],
        atol=1e-6,
    )


class _PaintEar(QObject):
    """Notes when a widget is painted."""

    def __init__(self, order: list[str]) -> None:
        super().__init__()
        self._order = order

    def eventFilter(  # noqa: N802 as Qt has it
        self, _watched: QObject, event: QEvent
    ) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._order.append("painted")
        return False


def test_the_leader_is_painted_before_its_followers_move(qtbot: QtBot, reading: Reading) -> None:
    reading.show(_volume("a"), _volume("b"))
    order: list[str] = []
    ear = _PaintEar(order)
    reading.left.canvas.installEventFilter(ear)
    stop = reading.right.state.observe(lambda _old, _new: order.append("followed"))

    _wheel(reading.left.canvas, -1)
    qtbot.waitUntil(lambda: "followed" in order)
    stop()

    assert order.index("painted") < order.index("followed")


def test_many_notches_at_once_move_a_follower_once_and_to_the_last_place(reading: Reading) -> None:
    reading.show(_volume("a"), _volume("b"))
    reading.left.go_to_slice(0)
    reading.settle()
    seen: list[int] = []
    stop = reading.right.state.observe(lambda _old, new: seen.append(new.slice_index))

    for _ in range(9):
        _wheel(reading.left.canvas, -1)
    reading.settle()
    stop()

    assert seen == [9]


def test_the_line_of_the_other_slice_is_drawn_where_it_crosses(reading: Reading) -> None:
    axial = _volume("a", gap_mm=2.0, start=-19.0)
    coronal = _volume("b", cosines=CORONAL, gap_mm=2.0, start=-19.0)
    reading.show(axial, coronal)
    reading.right.set_window(Window(9000.0, 10.0))  # black, so that only lines are seen
    reading.right.show_texts(False)
    reading.left.go_to_slice(15)  # 11 mm to the head: row 19.5 - 11 of the coronal picture
    reading.settle()

    mapping = reading.right.canvas.mapping()
    assert mapping is not None
    shot = reading.right.canvas.grab().toImage()
    x, y = (float(v) for v in mapping.pixel_to_canvas(np.array([10.0, 8.5])))
    line = max(
        (shot.pixelColor(round(x), round(y) + dy) for dy in (-1, 0, 1)), key=QColor.lightness
    )
    assert line.lightness() > 90
    assert shot.pixelColor(round(x), round(y) + 40).lightness() < 20

    reading.links.toggle_lines()
    reading.settle()
    shot = reading.right.canvas.grab().toImage()
    assert shot.pixelColor(round(x), round(y)).lightness() < 20


def test_first_and_last_slices_have_lines_on_request(reading: Reading) -> None:
    reading.show(_volume("a", start=-19.0), _volume("b", cosines=CORONAL, start=-19.0))
    shows = reading.right._model.link
    assert len(shows.value.patches) == 1

    reading.links.toggle_ends()
    reading.settle()

    assert len(shows.value.patches) == 3


def test_shift_and_the_pointer_take_the_others_to_the_point(reading: Reading) -> None:
    axial = _volume("a", start=-19.0)
    reading.show(axial, _volume("b", cosines=CORONAL, start=-19.0))
    mapping = reading.left.canvas.mapping()
    assert mapping is not None
    x, y = (round(float(v)) for v in mapping.pixel_to_canvas(np.array([12.0, 31.0])))

    _hover(reading.left, QPoint(x, y), Qt.KeyboardModifier.ShiftModifier)
    reading.settle()

    point = mapping.canvas_to_patient(np.array([float(x), float(y)]))
    shown = reading.right._model.link.value.cursor_mm
    assert shown == pytest.approx(tuple(point.tolist()))
    # Its coronal slices run along y, 2 mm apart; the point lies 11.5 mm behind the middle.
    stack_of = reading.right.canvas.mapping()
    assert stack_of is not None
    away = abs(float(stack_of.stack.distances_mm[stack_of.index] - point @ stack_of.stack.normal))
    assert away <= 1.0

    _hover(reading.left, QPoint(x, y), Qt.KeyboardModifier.NoModifier)
    reading.settle()
    assert reading.right._model.link.value.cursor_mm is None


def test_a_point_outside_the_other_picture_is_not_shown(reading: Reading) -> None:
    reading.show(_volume("a"), _volume("b", count=3, start=-100.0))
    before = reading.right.state.value

    reading.links.point_at(reading.left, np.array([0.0, 0.0, 20.0]))
    reading.settle()

    assert reading.right._model.link.value.cursor_mm is None
    assert reading.right.state.value == before


def test_the_point_is_shown_by_a_command_alone_and_taken_away_by_it(reading: Reading) -> None:
    reading.show(_volume("a"), _volume("b", gap_mm=1.0, count=40))
    reading.links.toggle(LinkKind.SCROLL.value)
    reading.left.go_to_slice(4)
    reading.settle()

    reading.links.localize()
    reading.settle()
    assert reading.right.state.value.slice_index == 8
    assert reading.right._model.link.value.cursor_mm is not None
    assert reading.left._model.link.value.cursor_mm is not None

    reading.links.localize()
    reading.settle()
    assert reading.right._model.link.value.cursor_mm is None


def test_series_without_a_common_frame_are_linked_by_hand_and_the_band_says_so(
    reading: Reading,
) -> None:
    reading.show(_volume("a", gap_mm=2.0), _volume("b", gap_mm=1.0, count=40, frame="9.9"))
    reading.left.go_to_slice(10)
    reading.right.go_to_slice(5)
    reading.settle()

    reading.links.lock_here()
    reading.left.step(4)
    reading.settle()

    assert reading.right.state.value.slice_index == 13
    assert "LINKED BY HAND" in reading.right.notice_text()

    reading.links.lock_here()
    reading.left.step(-4)
    reading.settle()
    assert reading.right.state.value.slice_index == 13
    assert "LINKED BY HAND" not in reading.right.notice_text()


def test_slices_without_a_place_cannot_be_linked_by_hand(reading: Reading) -> None:
    reading.show(_volume("a"), _volume("b", is_placed=False, frame=""))

    reading.links.lock_here()

    assert "Nothing to link by hand" in reading.said[-1]


def test_three_planes_of_one_series_do_not_scroll_each_other(reading: Reading) -> None:
    reading.show(_volume("a"), _volume("b"))
    reading.desk.set_layout(Layout.MPR)
    reading.settle()
    axial, coronal, sagittal = reading.desk.viewports
    assert axial.state.value.plane is Plane.AXIAL
    before = (coronal.state.value.slice_index, sagittal.state.value.slice_index)

    axial.step(2)
    reading.settle()

    assert (coronal.state.value.slice_index, sagittal.state.value.slice_index) == before
