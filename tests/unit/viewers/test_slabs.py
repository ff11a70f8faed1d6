"""Slabs against SimpleITK's projections and against analytic truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import SimpleITK as sitk  # noqa: N813 - the name its own manual uses

from tests.unit.viewers.volumes import every_slice, noise, stack, volume
from viewers.render.frame import FrameRenderer
from viewers.render.projection import project, project_block
from viewers.render.slabs import why_no_slab
from viewers.render.source import SliceSource
from viewers.state.slab import Projection, Slab, next_projection, thickened
from viewers.state.view_state import Plane, ViewState
from workstation.core.intensity import IntensityUnit, Window

SHAPE = (30, 40, 36)
ITK = {
    Projection.MIP: sitk.MaximumProjection,
    Projection.MINIP: sitk.MinimumProjection,
    Projection.MEAN: sitk.MeanProjection,
}
PLANES = {Plane.ACQUIRED: 0, Plane.AXIAL: 0, Plane.CORONAL: 1, Plane.SAGITTAL: 2}


@pytest.mark.parametrize("projection", list(Projection))
@pytest.mark.parametrize("plane", list(PLANES))
def test_a_slab_equals_the_projection_of_simpleitk(projection: Projection, plane: Plane) -> None:
    voxels = noise(SHAPE)
    source = SliceSource(volume(voxels, stack(SHAPE, gap_mm=1.0)), every_slice)
    axis = PLANES[plane]
    part = np.take(voxels, range(7, 18), axis=axis)

    ours = source.pixels(plane, 12, slab=Slab(projection, 10.0))

    theirs = ITK[projection](sitk.GetImageFromArray(part), 2 - axis)
    expected = np.squeeze(sitk.GetArrayFromImage(theirs), axis=axis)
    if plane in (Plane.CORONAL, Plane.SAGITTAL):
        expected = expected[::-1]
    np.testing.assert_allclose(ours, expected, atol=1e-2)


def test_a_slab_is_as_thick_as_it_says_in_uneven_series() -> None:
    voxels = np.zeros((6, 4, 4), dtype=np.int16)
    voxels[:] = np.arange(6)[:, None, None]
    depths = np.array([0.0, 1.0, 3.0, 6.0, 10.0, 15.0])
    positions = np.zeros((6, 3))
    positions[:, 2] = depths
    uneven = volume(voxels, stack((6, 4, 4), positions_mm=positions))
    source = SliceSource(uneven, every_slice)

    assert source.pixels(Plane.ACQUIRED, 2, slab=Slab(Projection.MIP, 6.0)).max() == 3
    assert source.pixels(Plane.ACQUIRED, 2, slab=Slab(Projection.MINIP, 6.0)).min() == 0
    assert source.pixels(Plane.ACQUIRED, 5, slab=Slab(Projection.MINIP, 6.0)).min() == 5


@pytest.mark.parametrize("projection", list(Projection))
def test_padding_takes_no_part_in_a_slab(projection: Projection) -> None:
    voxels = np.full((3, 4, 5), -2000, dtype=np.int16)
    voxels[0, 1, 1] = -900
    voxels[1, 1, 1] = -700
    padded = volume(voxels, stack((3, 4, 5), gap_mm=1.0), padding=-2000)
    source = SliceSource(padded, every_slice)

    shown = source.pixels(Plane.ACQUIRED, 1, slab=Slab(projection, 4.0))

    truth = {Projection.MIP: -700, Projection.MINIP: -900, Projection.MEAN: -800}
    assert shown[1, 1] == truth[projection]
    assert shown[0, 0] == -2000


@pytest.mark.parametrize("projection", list(Projection))
def test_high_padding_never_wins_a_slab(projection: Projection) -> None:
    values = np.array([[[5, 9]], [[9, 9]], [[7, 9]]], dtype=np.int16)

    shown = project_block(values, 0, projection, fill=9, padding=9)

    truth = {Projection.MIP: 7, Projection.MINIP: 5, Projection.MEAN: 6}
    assert shown.tolist() == [[truth[projection], 9]]


def test_a_slab_of_floats_passes_over_what_is_no_number() -> None:
    sections = [np.array([[1.0, np.nan]], np.float32), np.array([[np.nan, np.nan]], np.float32)]

    for projection in Projection:
        assert project(sections, projection, fill=-5).tolist() == [[1.0, -5.0]]


def test_a_slab_of_a_tilted_series_projects_along_the_normal() -> None:
    shape = (11, 40, 20)
    lean_mm = 1.0
    positions = np.zeros((11, 3))
    positions[:, 2] = np.arange(11) * 2.0
    positions[:, 1] = np.arange(11) * lean_mm
    voxels = np.full(shape, -1000, dtype=np.int16)
    # A needle along the normal: at y = 20 mm in the patient in every slice.
    for k in range(11):
        voxels[k, 20 - k, 9] = 500
    tilted = volume(voxels, stack(shape, positions_mm=positions))
    source = SliceSource(tilted, every_slice)

    shown = source.pixels(Plane.ACQUIRED, 5, slab=Slab(Projection.MEAN, 40.0))

    rows, columns = np.nonzero(shown > -900)
    assert set(rows.tolist()) == {15}
    assert set(columns.tolist()) == {9}


def test_holes_stay_empty_in_the_slab_of_a_reformat() -> None:
    depths = np.array([0.0, 1, 2, 3, 4, 8, 9, 10, 11, 12])
    positions = np.zeros((10, 3))
    positions[:, 2] = depths
    holed = volume(
        np.full((10, 6, 7), 100, dtype=np.int16), stack((10, 6, 7), positions_mm=positions)
    )
    source = SliceSource(holed, every_slice)

    shown = source.pixels(Plane.CORONAL, 3, slab=Slab(Projection.MIP, 4.0))

    by_depth = shown[::-1, 0]
    assert by_depth.tolist() == [100.0] * 5 + [-1024.0] * 3 + [100.0] * 5


def test_padding_is_kept_out_of_slabs_of_resampled_series() -> None:
    positions = np.zeros((8, 3))
    positions[:, 2] = np.arange(8) * 1.0
    positions[:, 1] = np.arange(8) * 0.35
    voxels = np.full((8, 12, 10), 50, dtype=np.int16)
    voxels[:, :3] = -2000
    tilted = volume(voxels, stack((8, 12, 10), positions_mm=positions), padding=-2000)
    source = SliceSource(tilted, every_slice)

    shown = source.pixels(Plane.SAGITTAL, 5, slab=Slab(Projection.MINIP, 4.0))

    assert set(np.unique(shown).tolist()) == {-2000.0, 50.0}


def test_slices_that_are_not_in_take_no_part_and_are_told_of() -> None:
    voxels = np.zeros((9, 4, 4), dtype=np.int16)
    voxels[4] = 77
    voxels[5] = 900
    part = volume(voxels, stack((9, 4, 4), gap_mm=1.0))
    source = SliceSource(part, lambda k: k != 5)
    state = ViewState(Window(0, 100), slice_index=4, slab=Slab(Projection.MIP, 4.0))

    assert source.pixels(Plane.ACQUIRED, 4, slab=state.slab).max() == 77
    frame = FrameRenderer(source).render(state)
    assert not frame.is_loaded
    assert frame.projected == 5
    assert frame.pixels.max() > 0
    assert FrameRenderer(source).render(replace(state, slice_index=1)).is_loaded


def test_a_slab_is_refused_where_depth_means_nothing() -> None:
    one_place = stack((3, 4, 4), positions_mm=np.zeros((3, 3)))
    plain = np.zeros((3, 4, 4), dtype=np.int16)
    colored = np.zeros((3, 4, 4, 3), dtype=np.uint8)

    assert why_no_slab(volume(plain)) == ""
    assert "one place" in why_no_slab(volume(plain, one_place))
    assert "colors" in why_no_slab(volume(colored, unit=IntensityUnit.COLOR))
    assert "spacing" in why_no_slab(volume(plain, stack((3, 4, 4), has_millimetres=False)))


def test_the_thickness_grows_by_steps_and_ends_at_nothing() -> None:
    assert thickened(None, 1) == Slab(Projection.MIP, 2.0)
    assert thickened(Slab(Projection.MEAN, 11.0), 1) == Slab(Projection.MEAN, 12.0)
    assert thickened(Slab(Projection.MEAN, 11.0), -1) == Slab(Projection.MEAN, 10.0)
    assert thickened(Slab(Projection.MIP, 2.0), -1) is None
    assert thickened(Slab(Projection.MIP, 300.0), 2) == Slab(Projection.MIP, 300.0)


def test_projections_follow_each_other_and_keep_the_thickness() -> None:
    first = next_projection(None)
    assert first is not None
    second = next_projection(replace(first, thickness_mm=33.0))

    assert first.projection is Projection.MIP
    assert second == Slab(Projection.MINIP, 33.0)
    assert next_projection(Slab(Projection.MEAN, 5.0)) is None
