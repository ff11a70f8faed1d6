"""Marks are drawn, bent, taken back and written beside what they mark."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.viewers.volumes import CORONAL, stack
from viewers.render.planes import acquired_stack
from viewers.state.history import DEPTH, History
from viewers.state.view_state import Plane
from viewers.tools import editing
from viewers.tools.drafting import Draft, final_points
from viewers.tools.shapes import Hit, distance_to_line, hit, label_place, strokes
from workstation.core.measurement import Measurement, MeasurementKind

A, B = (0.0, 0.0, 0.0), (10.0, 6.0, 0.0)


def mark(name: str) -> Measurement:
    return Measurement(name, MeasurementKind.LENGTH, "1.2", "1.2.1", (A, B), 11.66, "mm")


def test_what_is_taken_back_can_be_done_again_until_something_else_is_done() -> None:
    history = History("a").then("b").then("c")

    assert history.undone().undone().present == "a"
    assert history.undone().undone().redone().redone() == history
    assert not history.undone().then("d").can_redo
    assert history.undone().then("d").undone().present == "b"


def test_nothing_is_taken_back_where_nothing_was_done() -> None:
    history = History(1)

    assert history.undone() is history
    assert history.redone() is history
    assert history.then(1) is history


@given(st.lists(st.integers(), max_size=DEPTH // 4))
def test_as_many_steps_back_as_forth_lead_to_the_same_value(values: list[int]) -> None:
    history = History(0)
    for value in values:
        history = history.then(value)
    back = history
    while back.can_undo:
        back = back.undone()
    forth = back
    while forth.can_redo:
        forth = forth.redone()

    assert back.present == 0
    assert forth == history


def test_the_oldest_acts_are_forgotten() -> None:
    history = History(0)
    for value in range(1, DEPTH + 50):
        history = history.then(value)

    assert len(history.past) == DEPTH


def test_an_angle_wants_three_points_and_an_outline_as_many_as_it_gets() -> None:
    angle = Draft(MeasurementKind.ANGLE, Plane.ACQUIRED, 3)
    outline = Draft(MeasurementKind.POLYGON, Plane.ACQUIRED, 3)
    for point in (A, B, (3.0, 9.0, 0.0)):
        assert not angle.is_full
        assert not outline.is_closable
        angle, outline = angle.placed(point), outline.placed(point)

    assert angle.is_full
    assert outline.is_closable
    assert not outline.is_full
    assert outline.placed(outline.points_mm[-1]) is outline
    assert outline.pointing(A).shown() == (*outline.points_mm, A)


def test_two_corners_make_a_rectangle_along_the_rows_of_its_plane() -> None:
    planes = acquired_stack(stack((3, 20, 20), cosines=CORONAL))
    start = planes.to_patient_mm(1, np.array([4.0, 5.0]))
    end = planes.to_patient_mm(1, np.array([14.0, 8.0]))

    four = final_points(MeasurementKind.RECTANGLE, np.stack([start, end]), planes)

    assert four is not None
    np.testing.assert_allclose(
        planes.to_pixel_cr(1, four), [(4, 5), (14, 5), (14, 8), (4, 8)], atol=1e-9
    )
    assert final_points(MeasurementKind.POLYGON, np.stack([start, end]), planes) is None


def test_the_short_axis_is_square_to_the_long_one_however_it_is_drawn() -> None:
    planes = acquired_stack(stack((3, 20, 20)))
    drawn = np.array([(0, 0, 0), (10, 10, 0), (2, 6, 0), (9, 2, 0)], dtype=float)

    final = final_points(MeasurementKind.BIDIRECTIONAL, drawn, planes)

    assert final is not None
    assert float((final[1] - final[0]) @ (final[3] - final[2])) == pytest.approx(0)
    np.testing.assert_allclose(final[:3], drawn[:3])


@pytest.mark.parametrize("handle", range(4))
def test_a_corner_that_is_pulled_leaves_the_opposite_one_and_the_right_angles(handle: int) -> None:
    turn = np.array([[np.cos(0.3), np.sin(0.3), 0], [-np.sin(0.3), np.cos(0.3), 0]])
    corners = np.array([(0, 0), (8, 0), (8, 5), (0, 5)], dtype=float) @ turn
    to = corners[handle] + np.array([1.5, -2.0, 0.0])

    bent = editing.bent(MeasurementKind.ELLIPSE, corners, handle, to)

    np.testing.assert_allclose(bent[handle], to, atol=1e-12)
    np.testing.assert_allclose(bent[(handle + 2) % 4], corners[(handle + 2) % 4])
    sides = np.roll(bent, -1, axis=0) - bent
    np.testing.assert_allclose((sides * np.roll(sides, -1, axis=0)).sum(axis=1), 0, atol=1e-9)


def test_a_rectangle_is_not_pulled_flat() -> None:
    corners = np.array([(0, 0, 0), (8, 0, 0), (8, 5, 0), (0, 5, 0)], dtype=float)

    bent = editing.bent(MeasurementKind.RECTANGLE, corners, 2, np.array([0.0, 3.0, 0.0]))

    np.testing.assert_array_equal(bent, corners)


@pytest.mark.parametrize("handle", range(4))
def test_two_diameters_stay_square_when_one_end_is_pulled(handle: int) -> None:
    axes = np.array([(0, 0, 0), (10, 0, 0), (4, -3, 0), (4, 2, 0)], dtype=float)

    bent = editing.bent(
        MeasurementKind.BIDIRECTIONAL, axes, handle, axes[handle] + np.array([2.0, 3.0, 0.0])
    )

    assert float((bent[1] - bent[0]) @ (bent[3] - bent[2])) == pytest.approx(0, abs=1e-9)
    if handle < 2:
        short = np.linalg.norm(bent[3] - bent[2])
        assert short == pytest.approx(5)


def test_a_sphere_goes_by_its_center_and_grows_by_its_surface() -> None:
    ball = np.array([(0, 0, 0), (5, 0, 0)], dtype=float)

    gone = editing.bent(MeasurementKind.SPHERE, ball, 0, np.array([1.0, 2.0, 3.0]))
    grown = editing.bent(MeasurementKind.SPHERE, ball, 1, np.array([0.0, 9.0, 0.0]))

    np.testing.assert_array_equal(gone, ball + np.array([1, 2, 3]))
    np.testing.assert_array_equal(grown, [(0, 0, 0), (0, 9, 0)])


def test_marks_are_walked_through_in_a_circle() -> None:
    assert [editing.next_id(("a", "b"), at, 1) for at in ("", "a", "b")] == ["a", "b", "a"]
    assert [editing.next_id(("a", "b"), at, -1) for at in ("", "a", "b")] == ["b", "b", "a"]
    assert editing.next_id((), "a", 1) == ""


def test_a_mark_is_replaced_removed_and_found_by_its_id() -> None:
    marks = (mark("1"), mark("2"))

    assert editing.without(marks, "1") == (marks[1],)
    assert editing.found(marks, "2") is marks[1]
    assert editing.found(marks, "3") is None
    assert editing.replaced(marks, mark("2")) == marks


def test_the_pointer_hits_handles_before_lines_and_nothing_from_afar() -> None:
    points = np.array([(10.0, 10.0), (110.0, 10.0)])
    kind = MeasurementKind.LENGTH

    assert hit("m", kind, points, (112.0, 13.0), reach=7) == Hit("m", 1)
    assert hit("m", kind, points, (60.0, 14.0), reach=7) == Hit("m", None)
    assert hit("m", kind, points, (60.0, 18.0), reach=7) is None
    assert hit("m", kind, points, (125.0, 10.0), reach=7) is None


def test_an_ellipse_is_hit_on_its_line_and_not_inside() -> None:
    corners = np.array([(0.0, 0.0), (200.0, 0.0), (200.0, 100.0), (0.0, 100.0)])
    kind = MeasurementKind.ELLIPSE

    assert hit("m", kind, corners, (100.0, 2.0), reach=7) == Hit("m", None)
    assert hit("m", kind, corners, (100.0, 50.0), reach=7) is None
    (line,) = strokes(kind, corners)
    share = (line - [100, 50]) / [100, 50]
    np.testing.assert_allclose((share**2).sum(axis=1), 1)


def test_the_distance_from_a_line_is_to_its_nearest_piece() -> None:
    line = np.array([(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)])

    assert distance_to_line(line, np.array([4.0, 3.0])) == pytest.approx(3)
    assert distance_to_line(line, np.array([13.0, 14.0])) == pytest.approx(5)


@given(x=st.floats(0, 800), y=st.floats(0, 600), w=st.floats(1, 300), h=st.floats(1, 300))
def test_words_never_stand_in_the_middle_of_the_canvas(
    x: float, y: float, w: float, h: float
) -> None:
    size, canvas = (90.0, 42.0), (800.0, 600.0)

    left, top = label_place(np.array([(x, y), (x + w, y + h)]), size, canvas)

    assert 0 <= left <= canvas[0] - size[0]
    assert 0 <= top <= canvas[1] - size[1]
    covers_x = left < 400 + 20 and left + size[0] > 400 - 20
    covers_y = top < 300 + 20 and top + size[1] > 300 - 20
    assert not (covers_x and covers_y)


def test_words_stand_beside_a_mark_and_not_on_it() -> None:
    points = np.array([(100.0, 100.0), (160.0, 180.0)])

    left, top = label_place(points, (90.0, 42.0), (800.0, 600.0))

    assert left >= 160 or left + 90 <= 100 or top >= 180 or top + 42 <= 100


def test_the_words_of_two_marks_at_one_place_do_not_cover_each_other() -> None:
    points, size, canvas = np.array([(100.0, 100.0), (160.0, 180.0)]), (90.0, 42.0), (800.0, 600.0)
    taken: list[tuple[float, float, float, float]] = []
    for _ in range(5):
        left, top = label_place(points, size, canvas, taken)
        for x, y, width, height in taken:
            assert left >= x + width or x >= left + 90 or top >= y + height or y >= top + 42
        taken.append((left, top, *size))
