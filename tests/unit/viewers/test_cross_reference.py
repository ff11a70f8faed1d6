"""Lines of other slices lie where the planes cross, and end where the pictures end."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.support.data import study
from tests.unit.viewers.volumes import AXIAL, CORONAL, SAGITTAL, Cosines, stack
from viewers.render.cross_reference import (
    LEAST_ANGLE_DEG,
    LineKind,
    Patch,
    Vector,
    corners_of,
    reference_line,
)
from viewers.render.planes import PlaneStack, acquired_stack
from viewers.state.cuts import rotation
from workstation.services.import_studies import import_paths


def _stack(cosines: Cosines, center: NDArray[np.float64], size: int = 100) -> PlaneStack:
    """Return one square slice of 1 mm pixels around a center."""
    row, column = (np.array(direction) for direction in cosines)
    origin = center - (size - 1) / 2 * (row + column)
    return acquired_stack(stack((1, size, size), cosines=cosines, positions_mm=origin[None, :]))


def _patch(of: PlaneStack, index: int = 0) -> Patch:
    one, two, three, four = (tuple(corner) for corner in corners_of(of, index).tolist())
    return Patch((one, two, three, four))


def test_an_axial_slice_is_a_level_line_on_a_coronal_one() -> None:
    coronal = _stack(CORONAL, np.zeros(3))
    axial = _stack(AXIAL, np.array([0.0, 0.0, 12.0]), size=60)

    line = reference_line(coronal, 0, _patch(axial))

    # 12 mm to the head is 12 rows up from the middle; 60 pixels wide, edge to edge.
    assert line is not None
    ends = np.array(sorted([line.start_cr, line.end_cr]))
    np.testing.assert_allclose(ends, [(19.5, 37.5), (79.5, 37.5)], atol=1e-9)


def test_a_line_ends_at_the_edge_of_the_picture_it_is_drawn_on() -> None:
    coronal = _stack(CORONAL, np.zeros(3), size=40)
    axial = _stack(AXIAL, np.array([0.0, 0.0, 0.0]), size=200)

    line = reference_line(coronal, 0, _patch(axial))

    assert line is not None
    assert sorted([line.start_cr[0], line.end_cr[0]]) == pytest.approx([-0.5, 39.5])


@pytest.mark.parametrize("z", [51.0, -51.0, 400.0])
def test_a_slice_beyond_the_picture_has_no_line(z: float) -> None:
    coronal = _stack(CORONAL, np.zeros(3))

    assert reference_line(coronal, 0, _patch(_stack(AXIAL, np.array([0.0, 0.0, z])))) is None


def test_a_slice_whose_plane_crosses_but_whose_picture_does_not_has_no_line() -> None:
    coronal = _stack(CORONAL, np.zeros(3))
    aside = _stack(AXIAL, np.array([0.0, 300.0, 0.0]))

    assert reference_line(coronal, 0, _patch(aside)) is None


@pytest.mark.parametrize(
    ("degrees", "has_line"), [(LEAST_ANGLE_DEG - 0.5, False), (LEAST_ANGLE_DEG + 0.5, True)]
)
def test_nearly_parallel_slices_have_no_line(degrees: float, has_line: bool) -> None:
    turn = rotation(np.array([1.0, 0.0, 0.0]), float(np.deg2rad(degrees)))
    row, column = (turn @ np.array(direction) for direction in AXIAL)
    leaning = _stack((tuple(row.tolist()), tuple(column.tolist())), np.zeros(3))

    assert (reference_line(leaning, 0, _patch(_stack(AXIAL, np.zeros(3)))) is not None) is has_line


angles = st.floats(-60.0, 60.0)


@given(a=angles, b=angles, c=angles, shift=st.tuples(*[st.floats(-15.0, 15.0)] * 3))
def test_the_ends_of_a_line_lie_in_both_planes_and_in_both_pictures(
    a: float, b: float, c: float, shift: Vector
) -> None:
    turn = np.eye(3)
    for axis, degrees in zip(np.eye(3), (a, b, c), strict=True):
        turn = rotation(axis, float(np.deg2rad(degrees))) @ turn
    row, column = (turn @ np.array(direction) for direction in AXIAL)
    cosines: Cosines = (tuple(row.tolist()), tuple(column.tolist()))
    oblique, sagittal = _stack(cosines, np.array(shift), size=80), _stack(SAGITTAL, np.zeros(3))

    line = reference_line(sagittal, 0, _patch(oblique))

    if line is None:
        return
    ends = sagittal.to_patient_mm(0, np.array([line.start_cr, line.end_cr]))
    # The analytic truth: both planes hold both ends, and so do both rectangles.
    np.testing.assert_allclose(ends @ sagittal.normal, 0.0, atol=1e-6)
    np.testing.assert_allclose((ends - np.array(shift)) @ oblique.normal, 0.0, atol=1e-6)
    for one in (sagittal, oblique):
        inside = one.to_pixel_cr(0, ends)
        assert inside.min() >= -0.5 - 1e-6
        assert inside.max() <= one.shape_rc[0] - 0.5 + 1e-6
    along = np.cross(sagittal.normal, oblique.normal)
    direction = (ends[1] - ends[0]) / np.linalg.norm(ends[1] - ends[0])
    assert abs(float(direction @ along)) == pytest.approx(float(np.linalg.norm(along)), abs=1e-6)


def test_a_line_says_which_slice_it_stands_for() -> None:
    coronal, axial = _stack(CORONAL, np.zeros(3)), _stack(AXIAL, np.zeros(3))
    corners = _patch(axial).corners_mm

    line = reference_line(coronal, 0, Patch(corners, LineKind.END, is_active=True))

    assert line is not None
    assert (line.kind, line.is_active) == (LineKind.END, True)


@pytest.mark.data
def test_slices_of_a_real_oblique_study_cross_where_their_headers_say() -> None:
    """s03: sagittal slices turned about two axes; an axial plane through the middle of the head."""
    folder = study("s03_mr_brain_t1_mprage_siemens_skyra")
    (series,) = import_paths([folder]).all_series
    geometry = series.display_sets[0].geometry
    real = acquired_stack(geometry)
    middle = len(real.origins_mm) // 2
    center = real.to_patient_mm(middle, real.center_cr)

    line = reference_line(real, middle, _patch(_stack(AXIAL, center, size=400)))

    # By the headers alone: the points of the slice whose height is that of its middle.
    assert line is not None
    i, j = geometry.spacing_ij_mm
    heights = [
        geometry.positions_mm[middle]
        + column * i * geometry.row_cosines
        + row * j * geometry.column_cosines
        for column, row in (line.start_cr, line.end_cr)
    ]
    np.testing.assert_allclose([point[2] for point in heights], center[2], atol=1e-3)
    assert {round(line.start_cr[0], 1), round(line.end_cr[0], 1)} == {-0.5, 255.5}
