"""The reading grid: every voxel keeps its place in the patient, whatever is reversed.

Truth: the affine itself, applied to the stored index.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from workstation.core.geometry import orientation_letters
from workstation.exchange.research.placement import (
    Placement,
    ReadingGrid,
    placed,
    reading_grid,
    sort_words,
    unplaced,
)

SHAPE_IJK = (5, 4, 3)
SIGNED_AXES = [
    np.array(rows, dtype=float) * np.array(signs)[:, None]
    for rows in itertools.permutations(np.eye(3).tolist())
    for signs in itertools.product((1, -1), repeat=3)
]
"""All 48 ways in which three stored axes can lie along those of the patient."""


def _stored_index(grid: ReadingGrid, index_kji: tuple[int, ...]) -> list[int]:
    """Return the stored (i, j, k) of a place in the array as it is shown."""
    counts = grid.geometry.shape_kji
    kji = [
        count - 1 - at if flip else at
        for at, count, flip in zip(index_kji, counts, grid.reversed_kji, strict=True)
    ]
    return kji[::-1]


def _assert_nothing_moved(grid: ReadingGrid, placement: Placement, abs_mm: float = 1e-9) -> None:
    for kji in itertools.product(*[(0, count - 1) for count in grid.geometry.shape_kji]):
        shown = grid.geometry.to_patient_mm(kji[0], np.array([kji[2], kji[1]], dtype=float))
        told = placement.matrix @ [*_stored_index(grid, kji), 1]
        assert shown == pytest.approx(told[:3], abs=abs_mm)


@pytest.mark.parametrize("axes", SIGNED_AXES)
def test_each_of_the_48_orientations_reads_in_radiological_order(axes: NDArray[np.float64]) -> None:
    placement = placed(axes * [1.0, 2.0, 3.0], np.array([7.0, -8.0, 9.0]))

    grid = reading_grid(SHAPE_IJK, placement)

    _assert_nothing_moved(grid, placement)
    assert grid.geometry.is_regular
    edges = {
        orientation_letters(grid.geometry.row_cosines),
        orientation_letters(grid.geometry.column_cosines),
    }
    assert edges < {"L", "P", "F"}
    assert grid.doubts == ()


rotations = st.tuples(*[st.floats(-1, 1)] * 4).filter(lambda q: sum(p * p for p in q) > 0.1)


@given(rotations, st.booleans())
def test_an_oblique_volume_of_either_hand_keeps_every_place(
    quaternion: tuple[float, ...], is_mirrored: bool
) -> None:
    w, x, y, z = np.array(quaternion) / np.linalg.norm(quaternion)
    rotation = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    steps = rotation * [0.7, 0.9, -2.5 if is_mirrored else 2.5]
    placement = placed(steps, np.array([1.0, 2.0, 3.0]))

    grid = reading_grid(SHAPE_IJK, placement)

    _assert_nothing_moved(grid, placement, abs_mm=1e-6)
    assert (grid.geometry.gaps_mm > 0).all()


def test_a_stack_that_leans_is_a_tilt_and_its_places_are_exact() -> None:
    steps = np.array([[1.0, 0, 0.5], [0, 1, 0], [0, 0, 2]])
    placement = placed(steps, np.zeros(3))

    grid = reading_grid(SHAPE_IJK, placement)

    _assert_nothing_moved(grid, placement)
    assert abs(grid.geometry.tilt_deg) == pytest.approx(np.degrees(np.arctan2(0.5, 2)))
    assert [doubt.code for doubt in grid.doubts] == ["gantry_tilt"]
    assert not grid.geometry.is_regular


def test_rows_and_columns_that_are_not_perpendicular_measure_nothing() -> None:
    steps = np.array([[1.0, 0.3, 0], [0, 1, 0], [0, 0, 2]])

    grid = reading_grid(SHAPE_IJK, placed(steps, np.zeros(3)))

    assert [doubt.code for doubt in grid.doubts] == ["sheared"]
    assert not grid.geometry.has_millimetres


def test_rounded_cosines_are_made_straight_without_a_doubt() -> None:
    steps = np.array([[1.0, 0.001, 0], [0, 1, 0], [0, 0, 2]])

    grid = reading_grid(SHAPE_IJK, placed(steps, np.zeros(3)))

    assert grid.doubts == ()
    assert grid.geometry.is_regular


def test_flat_axes_are_no_position() -> None:
    steps = np.array([[1.0, 0, 1.0], [0, 1, 0], [0, 0, 0]])

    assert not placed(steps, np.zeros(3)).is_placed


def test_an_unplaced_volume_is_shown_as_stored_without_sides() -> None:
    grid = reading_grid(SHAPE_IJK, unplaced(np.array([1.0, 2.0, 3.0])))

    assert grid.reversed_kji == (False, False, False)
    assert not grid.geometry.is_placed
    assert grid.geometry.spacing_ij_mm == (1, 2)
    assert grid.geometry.gaps_mm.tolist() == [3, 3]
    assert "does not say" in sort_words(grid)


def test_what_was_reversed_is_said_with_the_letters_of_the_edges() -> None:
    grid = reading_grid(SHAPE_IJK, placed(np.diag([-1.0, -2.0, 3.0]), np.zeros(3)))

    assert grid.reversed_kji == (False, True, True)
    words = sort_words(grid)
    assert "rows and columns reversed" in words
    assert "right edge L, lower edge P" in words


def test_absurd_lengths_are_no_millimeters() -> None:
    assert not placed(np.diag([1e-9, 1, 1]), np.zeros(3)).has_millimetres
    assert not unplaced(np.array([1.0, 0.0, 1.0])).has_millimetres
