"""The inside of evenly spaced voxels: what a linear function says, however a slice lies."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.viewers.volumes import stack
from viewers.render.oblique import Raster, lattice_of, sample
from viewers.render.trilinear import inside_columns, inside_values

SHAPE = (40, 50, 60)
SLOPE = np.array([3.0, -2.0, 5.0])
"""Value per voxel along k, j and i: trilinear interpolation gives a linear function back."""


def ramp() -> np.ndarray:
    k, j, i = np.meshgrid(*map(np.arange, SHAPE), indexing="ij")
    values = SLOPE[0] * k + SLOPE[1] * j + SLOPE[2] * i
    return np.ascontiguousarray(values.astype(np.float32))


def random_raster(seed: int) -> Raster:
    rng = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    right, down = turn[0] * rng.uniform(0.2, 1.5), turn[1] * rng.uniform(0.2, 1.5)
    middle = np.array([30.0, 25.0, 20.0]) + rng.uniform(-8, 8, 3)
    return Raster((150, 170), middle - 75 * down - 85 * right, right, down)


@pytest.mark.parametrize("seed", range(20))
def test_a_turned_slice_through_a_ramp_has_its_values_and_nothing_beside_it(seed: int) -> None:
    geometry = stack(SHAPE, spacing_ij_mm=(1.0, 1.0), gap_mm=1.0)
    raster = random_raster(seed)

    found = sample(ramp(), lattice_of(geometry), raster, fill=-999.0)

    rows, columns = np.arange(150.0)[:, None, None], np.arange(170.0)[None, :, None]
    xyz = raster.origin_mm + columns * raster.step_right_mm + rows * raster.step_down_mm
    ijk = xyz - geometry.positions_mm[0]
    top = np.array(SHAPE[::-1]) - 1.0
    held = np.clip(ijk, 0, top) @ SLOPE[::-1]
    is_inside = ((ijk > -0.499) & (ijk < top + 0.499)).all(axis=-1)
    is_outside = ((ijk < -0.501) | (ijk > top + 0.501)).any(axis=-1)
    assert is_inside.sum() > 1000
    assert np.abs(found - held)[is_inside].max() < 1e-3
    assert (found[is_outside] == -999.0).all()


@pytest.mark.parametrize("seed", range(20))
def test_the_columns_called_inside_are_inside_in_each_row(seed: int) -> None:
    rng = np.random.default_rng(seed)
    steps = tuple(rng.uniform(-0.4, 0.4, 3).tolist())
    middle = rng.uniform(5, 30, 3)
    down = rng.uniform(-0.2, 0.2, 3)
    starts = tuple(middle[n] + np.arange(16) * down[n] - 40 * steps[n] for n in range(3))

    columns = inside_columns(starts, steps, SHAPE)

    numbers = np.arange(columns.start, columns.stop)
    for start, step, size in zip(starts, steps, SHAPE, strict=True):
        positions = start[:, None] + step * numbers
        assert positions.size == 0 or (positions.min() >= 0 and positions.max() <= size - 1)


def test_a_start_far_outside_does_no_harm_where_the_columns_are_inside() -> None:
    starts = tuple(np.array([value]) for value in (20.0, 25.0, -60_000.0))
    steps = (0.0, 0.0, 0.5)
    columns = inside_columns(starts, steps, SHAPE)

    found = inside_values(ramp(), starts, steps, columns)

    i = -60_000.0 + 0.5 * np.arange(columns.start, columns.stop)
    assert columns.stop - columns.start > 100
    assert np.abs(found[0] - (60.0 - 50.0 + 5.0 * i)).max() < 1e-3


def test_a_slice_beside_the_voxels_has_no_inside() -> None:
    starts = tuple(np.array([value]) for value in (20.0, 70.0, 10.0))

    columns = inside_columns(starts, (0.0, 0.0, 0.5), SHAPE)

    assert columns.stop - columns.start <= 0
