"""Orientation letters after every turn, from the true directions of the slice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.data import study
from tests.unit.viewers.volumes import AXIAL, CORONAL, SAGITTAL, Cosines, stack
from viewers.render.labels import EdgeLetters, edge_letters, scale_bar_mm
from viewers.render.mapping import canvas_map
from viewers.render.planes import acquired_stack
from viewers.state.view_state import QUARTER_TURNS_DEG, Turn, ViewState
from viewers.tools import navigate
from workstation.core.geometry import orientation_letters
from workstation.core.intensity import Window

turns = st.builds(Turn, st.sampled_from(QUARTER_TURNS_DEG), st.booleans(), st.booleans())


def letters(cosines: Cosines, turn: Turn | None = None) -> EdgeLetters:
    return edge_letters(acquired_stack(stack(cosines=cosines)), turn or Turn())


@pytest.mark.parametrize(
    ("cosines", "left", "right", "top", "bottom"),
    [
        # PS3.3 C.7.6.1.1.1: an axial image of a supine patient, rows to the left, columns to
        # the back, has Patient Orientation L\P.
        (AXIAL, "R", "L", "A", "P"),
        (CORONAL, "R", "L", "H", "F"),
        (SAGITTAL, "A", "P", "H", "F"),
        # Prone, head first: Image Orientation (Patient) -1\0\0\0\-1\0.
        (((-1.0, 0.0, 0.0), (0.0, -1.0, 0.0)), "L", "R", "P", "A"),
        # Left decubitus, axial: rows to the back, columns to the right.
        (((0.0, 1.0, 0.0), (-1.0, 0.0, 0.0)), "A", "P", "L", "R"),
    ],
)
def test_letters_of_the_standard_positions(
    cosines: Cosines, left: str, right: str, top: str, bottom: str
) -> None:
    found = letters(cosines)

    assert (found.left, found.right, found.top, found.bottom) == (left, right, top, bottom)


def test_an_axial_slice_is_seen_from_the_feet() -> None:
    assert letters(AXIAL).front == "F"
    assert letters(AXIAL, Turn(is_flipped_horizontally=True)).front == "H"


def test_a_quarter_clockwise_brings_the_left_edge_to_the_top() -> None:
    found = letters(AXIAL, Turn(90))

    assert (found.left, found.right, found.top, found.bottom) == ("P", "A", "R", "L")


@given(turn=turns)
def test_flipping_exchanges_the_two_sides_of_the_screen_whatever_the_turn(turn: Turn) -> None:
    state = ViewState(Window(40, 400), turn=turn)
    before = letters(SAGITTAL, turn)

    sideways = letters(SAGITTAL, navigate.flip_horizontally(state).turn)
    upside_down = letters(SAGITTAL, navigate.flip_vertically(state).turn)

    assert (sideways.left, sideways.right) == (before.right, before.left)
    assert (sideways.top, sideways.bottom) == (before.top, before.bottom)
    assert (upside_down.top, upside_down.bottom) == (before.bottom, before.top)
    assert (upside_down.left, upside_down.right) == (before.left, before.right)


@given(turn=turns)
def test_rotating_turns_the_screen_clockwise_whatever_the_flips(turn: Turn) -> None:
    state = ViewState(Window(40, 400), turn=turn)
    before = letters(CORONAL, turn)

    after = letters(CORONAL, navigate.rotate(state).turn)

    assert (after.top, after.right, after.bottom, after.left) == (
        before.left, before.top, before.right, before.bottom,
    )  # fmt: skip


@given(turn=turns)
def test_four_quarters_and_two_flips_change_nothing(turn: Turn) -> None:
    state = ViewState(Window(40, 400), turn=turn)

    turned = navigate.rotate(state, 4)
    flipped = navigate.flip_vertically(navigate.flip_vertically(state))

    assert (turned.turn, flipped.turn) == (turn, turn)


@given(turn=turns, angles=st.tuples(*[st.floats(-3.1, 3.1)] * 3))
def test_letters_say_where_the_canvas_really_points(
    turn: Turn, angles: tuple[float, float, float]
) -> None:
    slices = acquired_stack(stack(cosines=_turned(angles)))
    mapping = canvas_map(slices, ViewState(Window(40, 400), turn=turn), (300.0, 200.0))
    middle = mapping.canvas_to_patient(np.array([150.0, 100.0]))

    found = edge_letters(slices, turn)

    for edge, step in (("right", (9.0, 0.0)), ("left", (-9.0, 0.0)), ("bottom", (0.0, 9.0))):
        there = mapping.canvas_to_patient(np.array([150.0, 100.0]) + step)
        direction = np.round((there - middle) / float(np.linalg.norm(there - middle)), 9)
        assert getattr(found, edge) == orientation_letters(direction)


@pytest.mark.data
@pytest.mark.parametrize("position", ["HFP", "HFDL"])
def test_letters_of_prone_and_decubitus_heads_come_from_the_orientation(position: str) -> None:
    # Both series: Image Orientation (Patient) 0\1\0\0\0\-1, so P at the right and F below,
    # whatever Patient Position says.
    pydicom = pytest.importorskip("pydicom")
    folder = study("s09_mr_brain_t1_positions") / position
    header = pydicom.dcmread(next(iter(sorted(folder.iterdir()))), stop_before_pixels=True)
    row, column = np.array(header.ImageOrientationPatient, dtype=float).reshape(2, 3)

    found = letters((tuple(row), tuple(column)))

    assert header.PatientPosition == position
    assert (found.left, found.right, found.top, found.bottom) == ("A", "P", "H", "F")


def test_the_scale_bar_is_the_longest_round_length_that_fits() -> None:
    assert scale_bar_mm(2.0, 150.0) == 50.0
    assert scale_bar_mm(2.0, 210.0) == 100.0
    assert scale_bar_mm(40.0, 10.0) == 1.0


def test_a_slice_can_be_turned_by_quarters_only() -> None:
    with pytest.raises(ValueError, match="quarters"):
        replace(Turn(), rotation_deg=45)


def _turned(angles: tuple[float, float, float]) -> Cosines:
    a, b, c = angles
    around_x = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    around_y = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    around_z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    matrix = around_x @ around_y @ around_z
    row, column = matrix[:, 0].tolist(), matrix[:, 1].tolist()
    return (row[0], row[1], row[2]), (column[0], column[1], column[2])
