"""Oblique slices against SimpleITK and against fields known in closed form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import SimpleITK as sitk  # noqa: N813 - the name its own manual uses
from numpy.typing import NDArray

from tests.unit.viewers.volumes import SAGITTAL, every_slice, noise, stack, volume
from viewers.render import bands
from viewers.render.frame import FrameRenderer
from viewers.render.labels import edge_letters
from viewers.render.mapping import canvas_map
from viewers.render.oblique import MOST_PX, lattice_of, oblique_stack, raster_of, sample
from viewers.render.planes import PlaneStack
from viewers.render.source import SliceSource
from viewers.state.cuts import Cut, TurnedPlanes, rotation, vector
from viewers.state.slab import Projection, Slab
from viewers.state.view_state import Plane, Turn, ViewState
from viewers.tools.turn_planes import cross_lines, takes_handle, turned_by_drag
from workstation.core.geometry import GeometryError, StackGeometry
from workstation.core.intensity import Window
from workstation.core.volume import Volume

SHAPE = (24, 30, 28)
STRAIGHT = Cut((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
CORONAL = Cut((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, -1.0))
SAGITTAL_CUT = Cut((0.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, -1.0))
SLOPE = np.array([3.0, -2.0, 5.0])
"""Gradient of a linear field per mm: trilinear interpolation gives it exactly."""


def random_cut(seed: int, center_mm: NDArray[np.float64]) -> Cut:
    """Return a cut of any direction through a point."""
    turn = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))[0]
    return Cut(vector(center_mm), vector(turn[:, 0]), vector(turn[:, 1]))


def middle_mm(geometry: StackGeometry) -> NDArray[np.float64]:
    """Return the middle of a stack."""
    rows, columns = geometry.shape_kji[1:]
    ends = np.array([[0.0, 0.0], [columns - 1.0, rows - 1.0]])
    first, last = (geometry.to_patient_mm(k, ends) for k in (0, geometry.shape_kji[0] - 1))
    return np.mean(np.concatenate([first, last]), axis=0)


def by_simpleitk(one: Volume, slices: PlaneStack, index: int) -> NDArray[np.float32]:
    """Return the same slice resampled by SimpleITK."""
    grid = one.geometry.grid()
    spacing = grid.spacing_ijk_mm
    image = sitk.GetImageFromArray(np.asarray(one.voxels, dtype=np.float32))
    image.SetSpacing(spacing.tolist())
    image.SetOrigin(grid.index_to_patient_mm[:3, 3].tolist())
    image.SetDirection((grid.index_to_patient_mm[:3, :3] / spacing).ravel().tolist())
    rows, columns = slices.shape_rc
    axes = np.stack([slices.right_patient, slices.down_patient, slices.normal], axis=1)
    cut = sitk.Resample(
        image, (columns, rows, 1), sitk.Transform(), sitk.sitkLinear,
        slices.origins_mm[index].tolist(), (*slices.spacing_rc_mm[::-1], 1.0),
        axes.ravel().tolist(), -5000.0,
    )  # fmt: skip
    return np.asarray(sitk.GetArrayFromImage(cut)[0])


@pytest.mark.parametrize("seed", range(6))
def test_obliques_equal_simpleitk(seed: int) -> None:
    cosines = SAGITTAL if seed % 2 else ((0.96, 0.28, 0.0), (-0.224, 0.768, 0.6))
    geometry = stack(SHAPE, cosines=cosines, spacing_ij_mm=(0.7, 0.9), gap_mm=1.3)
    one = volume(noise(SHAPE), geometry)
    source = SliceSource(one, every_slice)
    slices = source.stack(Plane.AXIAL, random_cut(seed, middle_mm(geometry)))

    for index in (slices.count // 3, slices.count // 2):
        ours = source.oblique_pixels(slices, index)

        theirs = by_simpleitk(one, slices, index)
        inside = theirs > -5000
        assert inside.mean() > 0.2
        assert ours.dtype == np.int16
        # Whole numbers are shown: half a unit, and what float32 of SimpleITK loses.
        np.testing.assert_allclose(ours[inside], theirs[inside], atol=0.75)
        assert (ours[~inside] == -1024).mean() > 0.99


@pytest.mark.parametrize(
    "positions",
    [
        pytest.param([(0.0, 0.9 * n, 2.0 * n) for n in range(12)], id="tilted"),
        pytest.param([(0.0, 0.0, n + 0.1 * n * n) for n in range(12)], id="uneven"),
        pytest.param([(0.2 * n, -0.4 * n, n + 0.1 * n * n) for n in range(12)], id="both"),
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_obliques_of_tilted_and_uneven_stacks_hold_the_patients_values(
    positions: list[tuple[float, float, float]], seed: int
) -> None:
    shape = (12, 30, 28)
    geometry = stack(shape, positions_mm=np.array(positions))
    places = np.stack(
        [
            geometry.to_patient_mm(k, np.stack(np.meshgrid(np.arange(28.0), np.arange(30.0)), -1))
            for k in range(12)
        ]
    )
    one = volume((places @ SLOPE).astype(np.float32), geometry)
    source = SliceSource(one, every_slice)
    slices = source.stack(Plane.CORONAL, random_cut(seed, middle_mm(geometry)))
    index = slices.count // 2

    ours = source.oblique_pixels(slices, index)

    rows, columns = slices.shape_rc
    cr = np.stack(np.meshgrid(np.arange(float(columns)), np.arange(float(rows))), -1)
    truth = slices.to_patient_mm(index, cr) @ SLOPE
    shown = ours != -1024
    assert shown.mean() > 0.15
    # Half a voxel beyond the outermost centers the last value is held: 5 per mm.
    off = np.abs(ours - truth)[shown]
    assert np.percentile(off, 80) < 0.01
    assert off.max() < 12
    assert slices.is_resampled


def test_a_ball_cut_off_its_center_is_a_disc_of_pythagoras() -> None:
    shape = (60, 60, 60)
    k, j, i = np.mgrid[:60, :60, :60]
    ball = (np.hypot(np.hypot(k - 30, j - 30), i - 30) <= 20).astype(np.int16) * 1000
    geometry = stack(shape, gap_mm=1.0)
    one = volume(ball, geometry)
    source = SliceSource(one, every_slice)
    center = geometry.to_patient_mm(30, np.array([30.0, 30.0]))
    cut = random_cut(3, center)
    away = 12.0
    slices = source.stack(Plane.AXIAL, cut.through(vector(center + away * cut.normal)))
    index = slices.nearest_index(center + away * cut.normal)

    pixels = source.oblique_pixels(slices, index)

    area_mm2 = float((pixels > 500).sum()) * slices.spacing_rc_mm[0] ** 2
    assert area_mm2 == pytest.approx(np.pi * (20.0**2 - away**2), rel=0.02)
    at = slices.to_pixel_cr(index, center)
    rows, columns = np.nonzero(pixels > 500)
    assert np.abs([columns.mean() - at[0], rows.mean() - at[1]]).max() < 0.3


def test_holes_stay_empty_in_obliques() -> None:
    depths = np.array([0.0, 1, 2, 3, 4, 8, 9, 10, 11, 12])
    positions = np.zeros((10, 3))
    positions[:, 2] = depths
    geometry = stack((10, 20, 20), positions_mm=positions)
    one = volume(np.full((10, 20, 20), 100, dtype=np.int16), geometry)
    source = SliceSource(one, every_slice)
    cut = CORONAL.rotated(np.array([0.0, 0.0, 1.0]), 0.4).through((10.0, 10.0, 6.0))
    slices = source.stack(Plane.CORONAL, cut)
    index = slices.nearest_index(np.array([10.0, 10.0, 6.0]))

    pixels = source.oblique_pixels(slices, index)

    depth = 12 - np.arange(slices.shape_rc[0]) * slices.spacing_rc_mm[0]
    is_hole = (depth > 4.01) & (depth < 7.99)
    assert (pixels[is_hole] == -1024).all()
    assert (pixels[~is_hole] == 100).any(axis=1).all()


def test_the_slab_of_an_oblique_keeps_padding_and_the_outside_out() -> None:
    voxels = np.full((20, 20, 20), 60, dtype=np.int16)
    voxels[:, :, :6] = -2000
    one = volume(voxels, stack((20, 20, 20), gap_mm=1.0), padding=-2000)
    source = SliceSource(one, every_slice)
    cut = random_cut(2, middle_mm(one.geometry))
    slices = source.stack(Plane.AXIAL, cut)

    shown = source.oblique_pixels(slices, slices.count // 2, slab=Slab(Projection.MINIP, 8.0))

    np.testing.assert_allclose(np.unique(shown), [-2000.0, 60.0])


def test_the_middle_slice_passes_through_the_center_of_the_cut() -> None:
    geometry = stack(SHAPE)
    center = middle_mm(geometry) + np.array([0.37, -1.21, 2.03])
    slices = oblique_stack(geometry, random_cut(4, center), Plane.AXIAL)

    away = slices.distances_mm - center @ slices.normal

    assert np.abs(away).min() < 1e-9


def test_a_huge_volume_has_slices_of_bounded_size() -> None:
    geometry = stack((400, 2000, 2000), gap_mm=1.0)

    slices = oblique_stack(geometry, random_cut(1, middle_mm(geometry)), Plane.AXIAL)

    assert max(slices.shape_rc) == MOST_PX
    corner = slices.to_patient_mm(0, np.array([slices.shape_rc[1] - 1.0, 0.0]))
    far = (corner - slices.origins_mm[0]) @ slices.right_patient
    assert far <= np.hypot(np.hypot(2000, 2000), 400)


def test_a_coarse_picture_lies_where_the_fine_one_does() -> None:
    geometry = stack(SHAPE, gap_mm=1.0)
    k, j, i = np.mgrid[:24, :30, :28].astype(float)
    one = volume((3 * k + 2 * j - i).astype(np.float32), geometry)
    slices = oblique_stack(geometry, random_cut(5, middle_mm(geometry)), Plane.AXIAL)
    lattice, index = lattice_of(geometry), slices.count // 2
    fine = sample(one.voxels, lattice, raster_of(slices, index), fill=np.nan)

    coarse = sample(one.voxels, lattice, raster_of(slices, index, 2), fill=np.nan)

    rows, columns = (size // 2 * 2 for size in fine.shape)
    blocks = fine[:rows, :columns].reshape(rows // 2, 2, columns // 2, 2).mean(axis=(1, 3))
    off = np.abs(blocks - coarse[: rows // 2, : columns // 2])
    assert np.nanpercentile(off, 80) < 1e-3


def test_colors_and_views_of_arrays_are_cut_too() -> None:
    geometry = stack(SHAPE)
    wide = noise((24, 30, 56))
    lattice = lattice_of(geometry)
    slices = oblique_stack(geometry, random_cut(6, middle_mm(geometry)), Plane.AXIAL)
    raster = raster_of(slices, slices.count // 2)
    view = wide[:, :, ::2]

    by_view = sample(view, lattice, raster, fill=0)
    rgb = sample(np.stack([view] * 3, axis=-1), lattice, raster, fill=0)

    assert np.array_equal(by_view, sample(view.copy(), lattice, raster, fill=0))
    assert np.array_equal(rgb[..., 1], by_view)


def test_the_answer_does_not_depend_on_the_number_of_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    geometry = stack(SHAPE)
    lattice, voxels = lattice_of(geometry), noise(SHAPE)
    slices = oblique_stack(geometry, random_cut(7, middle_mm(geometry)), Plane.AXIAL)
    raster = raster_of(slices, slices.count // 2)
    many = sample(voxels, lattice, raster, fill=0)

    monkeypatch.setattr(bands, "MOST_THREADS", 1)

    assert np.array_equal(many, sample(voxels, lattice, raster, fill=0))


def test_letters_of_an_oblique_name_both_directions() -> None:
    geometry = stack(SHAPE)
    # Turned by 30 degrees about the long axis of the body: right of the screen is left and back.
    cut = STRAIGHT.rotated(np.array([0.0, 0.0, 1.0]), np.pi / 6)
    letters = edge_letters(oblique_stack(geometry, cut, Plane.AXIAL), Turn())

    assert (letters.right, letters.left) == ("LP", "RA")
    assert (letters.bottom, letters.top) == ("PR", "AL")


def test_a_series_without_other_planes_has_no_obliques() -> None:
    film = volume(np.zeros((3, 4, 4), np.int16), stack((3, 4, 4), positions_mm=np.zeros((3, 3))))

    with pytest.raises(GeometryError):
        SliceSource(film, every_slice).stack(Plane.AXIAL, STRAIGHT)


def test_what_is_not_loaded_stays_black_in_an_oblique() -> None:
    one = volume(np.full(SHAPE, 500, dtype=np.int16), stack(SHAPE, gap_mm=1.0))
    source = SliceSource(one, lambda k: k < 12)
    cut = CORONAL.rotated(np.array([0.0, 0.0, 1.0]), 0.3)
    cut = cut.through(vector(middle_mm(one.geometry)))
    slices = source.stack(Plane.CORONAL, cut)
    index = slices.nearest_index(middle_mm(one.geometry))
    state = ViewState(Window(0, 100), plane=Plane.CORONAL, slice_index=index, cut=cut)

    frame = FrameRenderer(source).render(state)
    coarse = FrameRenderer(source).render(replace(state, is_moving=True))

    assert not frame.is_loaded
    middle = frame.pixels[:, frame.pixels.shape[1] // 2]
    assert middle[:10].max() == 0
    assert middle[-10:].min() == 255
    assert coarse.pixels.shape == frame.pixels.shape


def test_turning_about_one_plane_keeps_it_and_the_right_angles() -> None:
    planes = TurnedPlanes(STRAIGHT, CORONAL, SAGITTAL_CUT)

    turned = planes.turned(0, 0.3).turned(1, -0.7).turned(2, 1.1)

    normals = np.array([cut.normal for cut in turned.cuts])
    np.testing.assert_allclose(np.abs(normals @ normals.T), np.eye(3), atol=1e-9)
    assert planes.turned(1, 0.4).coronal == CORONAL


def test_a_thousand_turns_do_not_wear_the_planes_out() -> None:
    planes = TurnedPlanes(STRAIGHT, CORONAL, SAGITTAL_CUT)
    for n in range(1000):
        planes = planes.turned(n % 3, 0.01)

    normals = np.array([cut.normal for cut in planes.cuts])

    np.testing.assert_allclose(np.abs(normals @ normals.T), np.eye(3), atol=1e-6)


def test_a_rotation_is_right_handed() -> None:
    quarter = rotation(np.array([0.0, 0.0, 1.0]), np.pi / 2)

    np.testing.assert_allclose(quarter @ np.array([1.0, 0, 0]), [0, 1, 0], atol=1e-12)


@pytest.mark.parametrize("turn", [Turn(), Turn(90), Turn(0, is_flipped_horizontally=True)])
def test_a_line_follows_the_handle_that_is_dragged(turn: Turn) -> None:
    geometry = stack((40, 40, 40), gap_mm=1.0)
    source = SliceSource(volume(noise((40, 40, 40)), geometry), every_slice)
    planes = TurnedPlanes(STRAIGHT, CORONAL, SAGITTAL_CUT)
    slices = source.stack(Plane.AXIAL)
    state = ViewState(Window(0, 100), plane=Plane.AXIAL, slice_index=20, turn=turn)
    size = (400.0, 400.0)
    mapping = canvas_map(slices, state, size)
    crosshair = slices.to_patient_mm(20, slices.center_cr)
    lines = cross_lines(planes, Plane.AXIAL, crosshair, mapping, size)
    start = lines[0].handles_canvas[0]
    here = np.array(lines[0].at_canvas)
    angle = np.deg2rad(25)
    swing = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    end = here + swing @ (np.array(start) - here)

    turned = turned_by_drag(
        planes, Plane.AXIAL, crosshair,
        mapping.canvas_to_patient(np.array(start)), mapping.canvas_to_patient(end),
    )  # fmt: skip

    assert takes_handle(lines, start)
    assert not takes_handle(lines, lines[0].at_canvas)
    after = cross_lines(turned, Plane.AXIAL, crosshair, mapping, size)
    found = min(float(np.linalg.norm(end - np.array(h))) for h in after[0].handles_canvas)
    assert found < 1e-6
    assert turned.axial == planes.axial


def test_a_cut_needs_unit_directions_at_right_angles() -> None:
    with pytest.raises(ValueError, match="right angles"):
        Cut((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.6, 0.8, 0.0))
