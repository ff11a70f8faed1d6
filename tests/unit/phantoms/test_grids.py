"""Scan grids and the way from coarse points to pixels, against geometry computed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from inference.phantoms.grids import (
    axial_grid,
    coarse_grid,
    cubic_weights,
    sagittal_grid,
    stack_of,
    tilted_stack,
)
from workstation.core.geometry import plane_name


def test_an_axial_grid_is_centered_where_it_was_asked() -> None:
    grid = axial_grid((5, 7, 9), (2.0, 3.0, 4.0), (10.0, 20.0, 30.0))

    middle = grid.to_patient_mm(np.array([4.0, 3.0, 2.0]))

    assert middle == pytest.approx([10.0, 20.0, 30.0])


def test_a_grid_and_its_stack_place_a_voxel_alike() -> None:
    grid = sagittal_grid((4, 5, 6), (1.0, 2.0, 3.0), (1.0, 2.0, 3.0))
    stack = stack_of(grid)

    place = stack.to_patient_mm(3, np.array([5.0, 2.0]))

    assert place == pytest.approx(grid.to_patient_mm(np.array([5.0, 2.0, 3.0])))
    assert plane_name(stack.normal) == "sagittal"
    assert (stack.gaps_mm > 0).all()


@pytest.mark.parametrize("tilt", [-20.0, 12.5])
def test_a_tilted_stack_reports_its_tilt_and_gap(tilt: float) -> None:
    stack = tilted_stack((9, 8, 8), (0.5, 0.5, 4.0), tilt_deg=tilt)

    assert stack.tilt_deg == pytest.approx(tilt, abs=1e-6)
    assert stack.gaps_mm == pytest.approx(4.0 * np.cos(np.deg2rad(tilt)))


def test_interpolation_keeps_straight_lines_and_parabolas_straight() -> None:
    nodes = np.linspace(0, 10, 11, dtype=np.float32)
    wanted = np.linspace(1, 9, 57, dtype=np.float32)

    weights = cubic_weights(wanted, nodes)

    assert weights @ nodes == pytest.approx(wanted, abs=1e-5)
    assert weights @ nodes**2 == pytest.approx(wanted**2, abs=1e-4)
    assert weights.sum(axis=1) == pytest.approx(1.0, abs=1e-6)


def test_coarse_points_of_a_tilted_stack_lie_on_its_slices() -> None:
    stack = tilted_stack((12, 40, 40), (1.0, 1.0, 5.0), tilt_deg=15)

    grid = coarse_grid(stack, 6.0)

    x, y, z = grid.points_xyz_mm()
    corner = np.array([x[-1, 0, 0], y[-1, 0, 0], z[-1, 0, 0]])
    assert corner == pytest.approx(stack.positions_mm[-1], abs=1e-3)
    far = np.array([x[0, -1, -1], y[0, -1, -1], z[0, -1, -1]])
    assert far == pytest.approx(stack.to_patient_mm(0, np.array([39.0, 39.0])), abs=1e-3)
