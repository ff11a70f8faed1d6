"""The working grid: blocks keep their volume and their place, whatever the acquisition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.measure.working_grid import MOST_BLOCKS, WorkingGrid, working_grid
from tests.unit.measure import shapes
from workstation.core.geometry import StackGeometry

TILT = np.deg2rad(18.0)


def grid_of(voxels: shapes.Voxels, geometry: StackGeometry) -> WorkingGrid:
    return working_grid(voxels, geometry, padding=None, is_hu=True)


def tilted(distances_mm: tuple[float, ...], rows: int, columns: int) -> StackGeometry:
    """Return slices of a leaning gantry at these distances along the normal."""
    column = np.array([0.0, np.cos(TILT), -np.sin(TILT)])
    along_z = np.array(distances_mm) / np.cos(TILT)
    return StackGeometry(
        (len(distances_mm), rows, columns),
        np.array([1.0, 0.0, 0.0]),
        column,
        (1.0, 1.0),
        along_z[:, None] * np.array([0.0, 0.0, 1.0]),
        "1.2",
    )


@pytest.mark.parametrize("turn", [shapes.sagittal, shapes.coronal, shapes.feet_first])
def test_each_acquisition_of_one_patient_gives_the_same_blocks(turn: object) -> None:
    voxels, geometry = shapes.head((3.0, 3.0, 3.0), bleed_hu=70)
    expected = grid_of(voxels, geometry)

    turned = grid_of(*turn(voxels, geometry))  # type: ignore[operator]

    assert np.array_equal(turned.values, expected.values)
    corners = np.array([[0.0, 0.0, 0.0], [5.0, 7.0, 9.0]])
    assert np.allclose(turned.index_mm(corners), expected.index_mm(corners))


def test_a_block_keeps_the_place_of_its_voxels() -> None:
    page = shapes.canvas((64.0, 64.0, 40.0), (1.0, 1.0, 1.0))
    page.voxels[10:12, 20:22, 30:32] = 1000
    grid = grid_of(page.voxels, page.geometry)

    found = np.argwhere(grid.values > 900)
    place = grid.index_mm(found.astype(np.float64))[0]

    assert len(found) == 1
    assert np.allclose(place, (30.5 - 31.5, 20.5 - 31.5, 10.5 - 19.5))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(1.0, 8.0), min_size=8, max_size=14))
def test_a_box_in_uneven_tilted_slices_has_the_volume_of_its_slabs(gaps: list[float]) -> None:
    distances = tuple(float(d) for d in np.cumsum([0.0, *gaps]))
    geometry = tilted(distances, 30, 30)
    voxels = np.full(geometry.shape_kji, -1000, dtype=np.int16)
    voxels[2:6, 10:20, 8:24] = 40
    grid = grid_of(voxels, geometry)

    volume = grid.volume_ml(grid.values > -400)

    thickness = (distances[5] + distances[6] - distances[1] - distances[2]) / 2
    assert volume == pytest.approx(10 * 16 * thickness / 1000)


def test_padding_counts_as_air_and_as_not_scanned() -> None:
    page = shapes.canvas((40.0, 40.0, 24.0), (2.0, 2.0, 2.0))
    page.voxels[:] = 40
    page.voxels[:, :, :5] = 500

    grid = working_grid(page.voxels, page.geometry, padding=500.0, is_hu=True)

    assert (grid.values[:, :, :5] == -1024).all()
    assert not grid.is_scanned[:, :, :5].any()
    assert grid.is_scanned[:, :, 5:].all()


def test_a_huge_volume_is_made_coarser_rather_than_slower() -> None:
    shape = (700, 16, 16)
    positions = np.arange(700)[:, None] * np.array([0.0, 0.0, 0.1])
    geometry = StackGeometry(
        (700, 6000, 6000),
        np.array([1.0, 0.0, 0.0]),
        np.array([0.0, 1.0, 0.0]),
        (2.0, 2.0),
        positions,
        "1.2",
    )
    from inference.measure.working_grid import _fitting_layout

    blocks = _fitting_layout(geometry).blocks_kji

    counts = [-(-size // block) for size, block in zip((700, 6000, 6000), blocks, strict=True)]
    assert np.prod(counts) <= MOST_BLOCKS
    assert shape[0] == 700


def test_original_voxels_under_a_mask_are_found_again() -> None:
    voxels, geometry = shapes.chest((2.0, 4.0, 4.0))
    grid = grid_of(voxels, geometry)
    mask = grid.values < -800
    mask[:, :, : mask.shape[2] // 2] = False

    found = np.concatenate([values for _, values in grid.original_values(voxels, mask)])

    assert found.size == int(mask.sum()) * int(np.prod(grid.layout.blocks_kji))
    assert (found < -800).mean() > 0.95
