"""Geometry: truth from PS3.3 C.7.6.2.1.1 worked by hand, from algebra, and from SimpleITK."""

from __future__ import annotations

import numpy as np
import pytest
import SimpleITK as sitk  # noqa: N813 the name its users know
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from workstation.core.geometry import (
    GeometryError,
    Reformat,
    StackGeometry,
    VolumeGeometry,
    orientation_letters,
    plane_name,
)

AXIAL = (np.array([1.0, 0, 0]), np.array([0.0, 1, 0]))


def _stack(
    positions: NDArray[np.float64],
    *,
    cosines: tuple[NDArray[np.float64], NDArray[np.float64]] = AXIAL,
    has_millimetres: bool = True,
) -> StackGeometry:
    shape = (len(positions), 4, 5)
    row, column = (axis.copy() for axis in cosines)
    return StackGeometry(shape, row, column, (0.5, 0.75), positions, "1.2.3", has_millimetres)


def _straight(gaps: list[float]) -> NDArray[np.float64]:
    heights = np.concatenate([[0.0], np.cumsum(gaps)])
    return np.column_stack([np.full_like(heights, -10), np.full_like(heights, 20), heights])


def test_a_regular_stack_has_the_grid_that_simpleitk_computes() -> None:
    row = np.array([0.0, 1, 0])
    column = np.array([0.0, 0, -1])
    normal = np.cross(row, column)
    positions = np.array([5.0, 6, 7]) + np.outer(np.arange(3), normal) * 2.5
    image = sitk.Image([5, 4, 3], sitk.sitkInt16)
    image.SetOrigin([5.0, 6, 7])
    image.SetSpacing([0.5, 0.75, 2.5])
    image.SetDirection(np.column_stack([row, column, normal]).ravel().tolist())

    grid = _stack(positions, cosines=(row, column)).grid()

    for ijk in ((0, 0, 0), (4, 3, 2), (1, 2, 0)):
        expected = image.TransformIndexToPhysicalPoint(ijk)
        np.testing.assert_allclose(grid.to_patient_mm(np.array(ijk, float)), expected, atol=1e-9)
    np.testing.assert_allclose(grid.spacing_ijk_mm, image.GetSpacing())
    assert grid.voxel_mm3 == pytest.approx(0.5 * 0.75 * 2.5)


@given(
    st.lists(st.floats(-500, 500), min_size=3, max_size=3),
    st.lists(st.floats(0.2, 9), min_size=3, max_size=3),
)
def test_index_and_patient_position_are_inverse(point: list[float], spacing: list[float]) -> None:
    matrix = np.diag([*spacing, 1.0])
    matrix[:3, 3] = point
    grid = VolumeGeometry((3, 4, 5), matrix, "1.2")
    ijk = np.array([1.5, 0.25, 2.0])

    np.testing.assert_allclose(grid.to_index(grid.to_patient_mm(ijk)), ijk, atol=1e-6)


def test_leaning_axes_are_refused() -> None:
    matrix = np.eye(4)
    matrix[1, 2] = 0.3

    with pytest.raises(GeometryError, match="not perpendicular"):
        VolumeGeometry((2, 2, 2), matrix, "1.2")


def test_slices_with_leaning_rows_and_columns_are_refused() -> None:
    leaning = (np.array([1.0, 0, 0]), np.array([0.1, 0.995, 0]))

    with pytest.raises(GeometryError, match="Rows and columns"):
        _stack(_straight([1.0]), cosines=leaning)


def test_a_position_is_needed_for_each_slice() -> None:
    with pytest.raises(ValueError, match="one row per slice"):
        StackGeometry((3, 4, 5), *AXIAL, (1, 1), np.zeros((2, 3)), "1.2")


def test_a_gantry_tilt_is_found_from_the_positions_with_its_angle() -> None:
    tilt = np.deg2rad(18.5)
    column = np.array([0, np.cos(tilt), -np.sin(tilt)])
    positions = np.array([[0.0, 0, z] for z in range(0, 40, 4)])

    stack = _stack(positions, cosines=(np.array([1.0, 0, 0]), column))

    assert abs(stack.tilt_deg) == pytest.approx(18.5, abs=1e-6)
    assert not stack.is_regular
    with pytest.raises(GeometryError, match="tilted"):
        stack.grid()


def test_the_sign_of_the_tilt_changes_with_its_direction() -> None:
    positions = np.array([[0.0, 0, z] for z in range(0, 40, 4)])
    signs = []
    for degrees in (10, -10):
        angle = np.deg2rad(degrees)
        column = np.array([0, np.cos(angle), -np.sin(angle)])
        signs.append(_stack(positions, cosines=(np.array([1.0, 0, 0]), column)).tilt_deg)

    assert signs[0] == pytest.approx(-signs[1])


def test_rounded_positions_are_even_and_a_missing_slice_is_not() -> None:
    rounded = _stack(_straight([7.0, 6.958, 7.071, 7.0]))
    missing = _stack(_straight([5.0, 5.0, 10.0, 5.0]))

    assert rounded.is_regular
    assert not missing.is_even
    assert not missing.is_regular


def test_one_slice_is_regular_and_takes_the_thickness_it_is_given() -> None:
    stack = _stack(_straight([]))

    assert stack.tilt_deg == 0
    assert stack.is_regular
    assert stack.grid(single_slice_mm=5).spacing_ijk_mm[2] == 5
    np.testing.assert_array_equal(stack.slab_mm(), [1.0])


def test_nothing_without_millimetres_is_a_grid() -> None:
    assert not _stack(_straight([1, 1]), has_millimetres=False).is_regular


def test_slabs_of_uneven_slices_fill_the_whole_stack() -> None:
    stack = _stack(_straight([2.0, 4.0]))

    np.testing.assert_allclose(stack.slab_mm(), [2.0, 3.0, 4.0])


def test_a_point_goes_to_its_slice_and_back() -> None:
    stack = _stack(_straight([3.0, 3.0, 3.0]))
    point = stack.to_patient_mm(2, np.array([1.5, 2.0]))

    assert stack.nearest_slice_index(point) == 2
    np.testing.assert_allclose(point, [-10 + 1.5 * 0.5, 20 + 2 * 0.75, 6.0])
    np.testing.assert_allclose(stack.in_slice_ij(2, point), [1.5, 2.0])


@pytest.mark.parametrize(
    ("direction", "letters"),
    [
        # PS3.3 C.7.6.1.1.1: x to the left, y to posterior, z to the head.
        ([1, 0, 0], "L"),
        ([-1, 0, 0], "R"),
        ([0, 1, 0], "P"),
        ([0, -1, 0], "A"),
        ([0, 0, 1], "H"),
        ([0, 0, -1], "F"),
        ([0.8, 0.6, 0], "LP"),
        ([0, -0.5, 0.86], "HA"),
        ([0.99, 0.1, 0], "L"),
    ],
)
def test_letters_name_the_direction_dominant_first(direction: list[float], letters: str) -> None:
    assert orientation_letters(np.array(direction, float)) == letters


@pytest.mark.parametrize(
    ("normal", "name"),
    [
        ([0, 0, 1], "axial"),
        ([0, -0.3, 0.954], "axial"),
        ([1, 0, 0], "sagittal"),
        ([0, -1, 0], "coronal"),
        ([0.6, 0.6, 0.53], "oblique"),
    ],
)
def test_planes_carry_the_name_readers_use(normal: list[float], name: str) -> None:
    assert plane_name(np.array(normal, float)) == name


@pytest.mark.parametrize(
    ("gaps", "expected"),
    [
        ([2.0] * 5, Reformat.DIRECT),
        ([2.0, 3.0, 2.5, 2.0], Reformat.RESAMPLED),
        ([2.0, 2.0, 8.0, 2.0], Reformat.RESAMPLED),
        ([2.0], Reformat.NONE),
        ([], Reformat.NONE),
        ([0.0, 0.0, 0.0], Reformat.NONE),
        ([2.0, 0.0, 2.0], Reformat.NONE),
    ],
)
def test_a_stack_says_whether_other_planes_can_be_made(
    gaps: list[float], expected: Reformat
) -> None:
    geometry = _stack(_straight(gaps))

    assert geometry.reformat is expected
    assert bool(geometry.why_not_reformattable) == (expected is Reformat.NONE)


def test_a_stack_without_millimetres_or_places_is_not_reformattable() -> None:
    positions = _straight([1.0, 1.0])
    row, column = AXIAL[0].copy(), AXIAL[1].copy()
    unplaced = StackGeometry((3, 4, 5), row, column, (0.5, 0.75), positions.copy(), "", True, False)

    assert "spacing" in _stack(positions, has_millimetres=False).why_not_reformattable
    assert "where the slices are" in unplaced.why_not_reformattable


@pytest.mark.parametrize(
    ("gaps", "spacing_mm"),
    [([3.0, 3.0], 1e-6), ([3.0, 1e7], 0.5), ([0.02, 0.02], 1e5)],
)
def test_a_stack_of_absurd_size_is_not_reformattable(gaps: list[float], spacing_mm: float) -> None:
    row, column = AXIAL[0].copy(), AXIAL[1].copy()
    positions = _straight(gaps)
    geometry = StackGeometry((3, 400, 500), row, column, (spacing_mm, 0.5), positions, "1.2.3")

    assert "do not fit" in geometry.why_not_reformattable


def test_a_whole_body_in_fine_slices_is_reformattable() -> None:
    row, column = AXIAL[0].copy(), AXIAL[1].copy()
    positions = _straight([0.5] * 3999)
    whole = StackGeometry((4000, 1024, 1024), row, column, (0.4, 0.4), positions, "1.2.3")

    assert whole.why_not_reformattable == ""


def test_a_film_of_one_place_has_no_tilt_wherever_its_corners_lie() -> None:
    drift = np.column_stack([np.arange(4.0), 2 * np.arange(4.0), np.zeros(4)])

    assert _stack(drift).is_at_one_place
    assert _stack(drift).tilt_deg == 0.0


@pytest.mark.parametrize(
    ("gaps", "bridged"),
    [
        ([2.0, 2.0, 2.0], [True, True, True]),
        ([2.0, 2.0, 4.0, 2.0, 2.0], [True, True, False, True, True]),
        ([4.0, 5.5, 7.0, 3.1, 1.1], [True] * 5),
        ([2.0, 2.7, 2.3, 31.4, 2.0], [True, True, True, False, True]),
        ([], []),
    ],
)
def test_nothing_is_interpolated_across_missing_slices(
    gaps: list[float], bridged: list[bool]
) -> None:
    assert _stack(_straight(gaps)).is_bridged.tolist() == bridged
