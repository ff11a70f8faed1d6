"""Overlays against SimpleITK's resampling, and a hot sphere at a known place of the patient."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
import SimpleITK as sitk  # noqa: N813 - the name its own manual uses
from numpy.typing import NDArray

from tests.unit.viewers.volumes import CORONAL, every_slice, noise, stack, volume
from viewers.render.frame import FrameRenderer, Shown
from viewers.render.fusion import (
    FusionError,
    Overlay,
    levels,
    mixed_picture,
    mixing_table,
    opening_fusion,
    overlay_on,
    sampled,
)
from viewers.render.fusion_sampler import Fuser, OverlaySampler, sample_slice
from viewers.render.oblique import raster_of
from viewers.render.palettes import palette_rgb
from viewers.render.planes import PlaneStack
from viewers.render.source import SliceSource
from viewers.state.cuts import Cut, rotation, vector
from viewers.state.fusion import Blend, Fusion, PaletteName
from viewers.state.slab import Projection, Slab
from viewers.state.view_state import Plane, ViewState
from viewers.tools.fused_values import overlay_value
from viewers.tools.marking import Place, measure
from workstation.core.intensity import Intensity, IntensityUnit, Window
from workstation.core.measurement import Measurement, MeasurementKind
from workstation.core.registration import FitFigures, FitJudgment, RigidRegistration
from workstation.core.volume import Volume, read_only

CT_SHAPE, PT_SHAPE = (20, 40, 36), (12, 24, 22)
CENTER_MM = np.array([6.0, 18.0, 20.0])


def ct(*, frame: str = "1.2.3", shape: tuple[int, int, int] = CT_SHAPE) -> Volume:
    """Return noise of 1 x 1.25 x 2 mm voxels."""
    geometry = stack(shape, spacing_ij_mm=(1.0, 1.25), gap_mm=2.0, frame=frame)
    return volume(noise(shape), geometry)


def pt(
    values: NDArray[np.float32] | None = None,
    *,
    frame: str = "1.2.3",
    positions_mm: NDArray[np.float64] | None = None,
) -> Volume:
    """Return an SUV volume of 2.1 x 2.3 x 3.4 mm voxels."""
    if values is None:
        values = np.random.default_rng(5).random(PT_SHAPE, dtype=np.float32) * 10
    shape = (values.shape[0], values.shape[1], values.shape[2])
    if positions_mm is None:
        start = np.array([-9.0, 8.0, 1.0])
        positions_mm = start + np.arange(shape[0])[:, None] * np.array([0.0, 0.0, 3.4])
    geometry = stack(shape, spacing_ij_mm=(2.1, 2.3), positions_mm=positions_mm, frame=frame)
    made = volume(values, geometry, series_uid="1.2.10", unit=IntensityUnit.SUV)
    return replace(made, series=replace(made.series, modality="PT"))


def fit(*, angle_rad: float = 0.2) -> RigidRegistration:
    """Return a fit of the frame 9.9 (moving) to 1.2.3 (fixed): turned, then moved."""
    matrix = np.eye(4)
    matrix[:3, :3] = rotation(np.array([0.0, 0.6, 0.8]), angle_rad)
    matrix[:3, 3] = (4.0, -3.0, 7.0)
    figures = FitFigures(0.2, 0.9, 0.8, 0.3)
    when = datetime(2026, 11, 21, tzinfo=UTC)
    return RigidRegistration(
        matrix, "1.2.3", "9.9", "rigid", "mutual information", figures, FitJudgment.GOOD, when
    )


def by_simpleitk(
    over: Volume, slices: PlaneStack, index: int, carried: NDArray[np.float64] | None = None
) -> NDArray[np.float32]:
    """Return an overlay on a slice of the base, resampled by SimpleITK; NaN outside."""
    grid = over.geometry.grid()
    spacing = grid.spacing_ijk_mm
    image = sitk.GetImageFromArray(np.asarray(over.voxels, dtype=np.float32))
    image.SetSpacing(spacing.tolist())
    image.SetOrigin(grid.index_to_patient_mm[:3, 3].tolist())
    image.SetDirection((grid.index_to_patient_mm[:3, :3] / spacing).ravel().tolist())
    move = sitk.AffineTransform(3)
    if carried is not None:
        move.SetMatrix(carried[:3, :3].ravel().tolist())
        move.SetTranslation(carried[:3, 3].tolist())
    rows, columns = slices.shape_rc
    axes = np.stack([slices.right_patient, slices.down_patient, slices.normal], axis=1)
    made = sitk.Resample(
        image,
        (columns, rows, 1),
        move,
        sitk.sitkLinear,
        slices.origins_mm[index].tolist(),
        (slices.spacing_rc_mm[1], slices.spacing_rc_mm[0], 1.0),
        axes.ravel().tolist(),
        float("nan"),
    )
    found: NDArray[np.float32] = sitk.GetArrayFromImage(made)[0]
    return found


def planes(base: Volume) -> list[tuple[PlaneStack, int]]:
    """Return a slice of every plane through the middle, and one of a turned plane."""
    source = SliceSource(base, every_slice)
    cut = Cut(vector(CENTER_MM), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
    cut = cut.rotated(np.array([0.0, 1.0, 0.0]), 0.5).rotated(np.array([1.0, 0.0, 0.0]), 0.3)
    stacks = [source.stack(plane) for plane in Plane] + [source.stack(Plane.AXIAL, cut)]
    return [(one, one.nearest_index(CENTER_MM)) for one in stacks]


def assert_same(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> None:
    # SimpleITK ends half a voxel beyond the centers as we do; its rounding differs at that edge.
    both = np.isfinite(ours) & np.isfinite(theirs)
    assert both.sum() > 100
    assert np.abs(ours[both] - theirs[both]).max() < 2e-3
    assert (np.isfinite(ours) != np.isfinite(theirs)).sum() <= 0.02 * ours.size


@pytest.mark.parametrize("number", range(5))
def test_an_overlay_lies_where_simpleitk_puts_it(number: int) -> None:
    base, over = ct(), pt()
    slices, index = planes(base)[number]

    ours = sampled(overlay_on(base, over, every_slice), raster_of(slices, index))

    assert_same(ours, by_simpleitk(over, slices, index))


@pytest.mark.parametrize("number", range(5))
def test_an_accepted_fit_carries_positions_as_simpleitk_does(number: int) -> None:
    base, over = ct(), pt(frame="9.9")
    slices, index = planes(base)[number]

    ours = sampled(overlay_on(base, over, every_slice, fit()), raster_of(slices, index))

    assert_same(ours, by_simpleitk(over, slices, index, fit().fixed_to_moving))


def test_an_overlay_of_other_directions_is_read_in_its_own() -> None:
    base = ct()
    shape = (30, 26, 28)
    values = np.random.default_rng(1).random(shape, dtype=np.float32)
    positions = np.array([-7.0, 12.0, 40.0]) + np.arange(30)[:, None] * np.array([0.0, 1.5, 0.0])
    geometry = stack(
        shape, cosines=CORONAL, spacing_ij_mm=(1.3, 1.6), positions_mm=positions, frame="1.2.3"
    )
    over = volume(values, geometry)
    slices, index = planes(base)[0]

    ours = sampled(overlay_on(base, over, every_slice), raster_of(slices, index))

    assert_same(ours, by_simpleitk(over, slices, index))


@pytest.mark.parametrize("registration", [None, fit()])
@pytest.mark.parametrize("plane", list(Plane))
def test_a_hot_sphere_is_seen_at_its_place_in_every_plane(
    plane: Plane, registration: RigidRegistration | None
) -> None:
    base = ct()
    there = CENTER_MM if registration is None else registration.to_moving_mm(CENTER_MM)
    cold = pt(
        np.zeros((18, 30, 28), dtype=np.float32), frame="1.2.3" if not registration else "9.9"
    )
    geometry = cold.geometry
    k, j, i = np.indices(geometry.shape_kji)
    xyz = (
        geometry.positions_mm[k]
        + i[..., None] * 2.1 * geometry.row_cosines
        + j[..., None] * 2.3 * geometry.column_cosines
    )
    # A smooth ball, 4 mm to its half: its center of mass is its center in any sampling.
    hot = np.exp(-((xyz - there) ** 2).sum(axis=-1) / (2 * 3.4**2)).astype(np.float32) * 20
    over = replace(cold, voxels=read_only(hot))
    renderer = FrameRenderer(SliceSource(base, every_slice))
    slices = renderer.source.stack(plane)
    index = slices.nearest_index(CENTER_MM)
    state = ViewState(Window(40, 400), plane, index)
    fusion = Fusion(0.0, 20.0, 4.0, PaletteName.HOT_IRON, 1.0)

    overlay = overlay_on(base, over, every_slice, registration)
    frame = Fuser().fused(renderer.render(state), overlay, fusion, None)

    weight = sample_slice(overlay, slices, index, None)
    colored = (frame.pixels != renderer.render(state).pixels[..., None]).any(axis=-1)
    rows, columns = np.nonzero(colored)
    expected = slices.to_pixel_cr(index, CENTER_MM)
    seen = np.array([columns.mean(), rows.mean()])
    heavy = np.nan_to_num(weight)
    r, c = np.indices(heavy.shape)
    mass = np.array([(c * heavy).sum(), (r * heavy).sum()]) / heavy.sum()
    assert np.abs(mass - expected).max() < 0.35
    assert np.abs(seen - expected).max() < 1.0


def test_without_a_common_frame_of_reference_nothing_is_laid_over() -> None:
    with pytest.raises(FusionError, match="no common frame of reference"):
        overlay_on(ct(), pt(frame="9.9"), every_slice)


def test_two_series_without_a_frame_of_reference_have_none_in_common() -> None:
    with pytest.raises(FusionError, match="no common frame of reference"):
        overlay_on(ct(frame=""), pt(frame=""), every_slice)


def test_a_fit_of_other_series_does_not_help() -> None:
    with pytest.raises(FusionError, match="no common frame of reference"):
        overlay_on(ct(), pt(frame="8.8"), every_slice, fit())


def test_nothing_is_laid_over_where_slices_are_missing() -> None:
    steps = np.array([0, 1, 2, 3, 6, 7, 8, 9, 10, 11, 12, 13])[:, None]
    positions = np.array([-9.0, 8.0, 1.0]) + steps * np.array([0.0, 0.0, 3.4])
    overlay = overlay_on(ct(), pt(positions_mm=positions), every_slice)
    slices = SliceSource(ct(), every_slice).stack(Plane.ACQUIRED)

    # The hole is from z = 1 + 3 * 3.4 to 1 + 6 * 3.4; base slices lie at z = 3 + 2 k.
    is_laid = [np.isfinite(sample_slice(overlay, slices, k, None)).any() for k in range(10)]

    assert overlay.has_holes
    assert is_laid == [not 11.2 < 3 + 2 * k < 21.4 for k in range(10)]


def test_slices_that_are_not_loaded_are_transparent() -> None:
    overlay = overlay_on(ct(), pt(), lambda k: k < 4)
    straight = SliceSource(ct(), every_slice).stack(Plane.ACQUIRED)
    sagittal, middle = planes(ct())[3]

    z = np.array([3 + 2 * k for k in range(10)])
    is_laid = [np.isfinite(sample_slice(overlay, straight, k, None)).any() for k in range(10)]
    across = sample_slice(overlay, sagittal, middle, None)

    assert is_laid == (z <= 1 + 3 * 3.4).tolist()
    rows_z = sagittal.to_patient_mm(middle, np.array([[0.0, r] for r in range(across.shape[0])]))
    laid_z = rows_z[np.isfinite(across).any(axis=1), 2]
    assert laid_z.max() <= 1 + 3 * 3.4 + 1e-6
    assert laid_z.min() < 3.0 + sagittal.spacing_rc_mm[0]


def test_padding_of_the_overlay_never_gets_into_a_value() -> None:
    values = np.full(PT_SHAPE, 5.0, dtype=np.float32)
    values[:, :, 10:] = -1000.0
    padded = pt(values)
    padded = replace(padded, intensity=Intensity(IntensityUnit.SUV, padding=-1000.0))

    found = sampled(overlay_on(ct(), padded, every_slice), raster_of(*planes(ct())[0]))

    assert np.nanmin(found) == np.nanmax(found) == 5.0
    assert np.isnan(found[:, -5:]).all()


def test_a_slab_projects_the_overlay_over_the_same_thickness() -> None:
    base, over = ct(), pt()
    slices, index = planes(base)[1]
    overlay = overlay_on(base, over, every_slice)

    made = sample_slice(overlay, slices, index, Slab(Projection.MIP, 8.0))

    near = [index - 2, index - 1, index, index + 1, index + 2]
    theirs = np.fmax.reduce([by_simpleitk(over, slices, n) for n in near])
    assert_same(made, theirs)


def test_colors_are_mixed_by_the_opacity() -> None:
    fusion = Fusion(2.0, 12.0, 3.0, PaletteName.HOT_METAL_BLUE, 0.3)
    values = np.array([[2.5, 3.0, 7.0, 12.0, 99.0, np.nan, -5.0]], dtype=np.float32)
    gray = np.array([[10, 200, 100, 0, 255, 77, 78]], dtype=np.uint8)

    picture = mixed_picture(gray, levels(values, fusion), mixing_table(fusion))

    table = palette_rgb(PaletteName.HOT_METAL_BLUE).astype(float)
    expected = np.repeat(gray[0][:, None].astype(float), 3, axis=1)
    for n in (1, 2, 3, 4):
        at = round(min((float(values[0, n]) - 2.0) / 10.0, 1.0) * 255)
        expected[n] = 0.7 * gray[0, n] + 0.3 * table[at]
    # One of 255 levels stands for a value: two steps of the palette at most.
    assert np.abs(picture[0] - expected).max() <= 3
    assert picture[0, [0, 5, 6]].tolist() == [[10] * 3, [77] * 3, [78] * 3]
    assert picture.flags.c_contiguous


def test_opacity_by_value_leaves_faint_uptake_faint() -> None:
    fusion = Fusion(0.0, 10.0, 0.0, PaletteName.GRAY_INVERSE, 1.0, Blend.BY_VALUE)
    gray = np.full((1, 2), 100, dtype=np.uint8)

    picture = mixed_picture(
        gray, levels(np.array([[0.0, 10.0]], dtype=np.float32), fusion), mixing_table(fusion)
    )

    assert picture[0, 0].tolist() == [100, 100, 100]
    assert picture[0, 1].tolist() == [0, 0, 0]


def test_a_difference_picture_and_a_color_picture_take_no_overlay() -> None:
    base = ct()
    frame = FrameRenderer(SliceSource(base, every_slice)).render(ViewState(Window(40, 400)))
    overlay, fusion = overlay_on(base, pt(), every_slice), Fusion(0, 1, 0)

    changed = Fuser().fused(replace(frame, shown=Shown.DIFFERENCE), overlay, fusion, None)
    colored = replace(frame, picture=np.zeros((*frame.pixels.shape, 3), dtype=np.uint8))

    assert changed.fused is None
    assert Fuser().fused(colored, overlay, fusion, None).fused is None


def test_a_sampled_slice_is_kept_and_neighbors_are_made_ahead() -> None:
    sampler = OverlaySampler(overlay_on(ct(), pt(), every_slice))
    slices = SliceSource(ct(), every_slice).stack(Plane.ACQUIRED)

    first = sampler.values(slices, 4)
    sampler.look_ahead(slices, 4)
    sampler.look_ahead(slices, 5)
    assert sampler._ahead is not None
    sampler._ahead.shutdown(wait=True)

    assert sampler.values(slices, 4) is first
    ahead = [sampler._kept[(id(slices), n, None, 1)].values for n in (6, 7, 8)]
    again = [sample_slice(sampler.overlay, slices, n, None) for n in (6, 7, 8)]
    assert all(
        np.array_equal(one, other, equal_nan=True) for one, other in zip(ahead, again, strict=True)
    )


def test_nothing_is_kept_of_an_overlay_that_is_still_loading() -> None:
    loaded = {0, 1, 2}
    sampler = OverlaySampler(overlay_on(ct(), pt(), loaded.__contains__))
    slices = SliceSource(ct(), every_slice).stack(Plane.ACQUIRED)

    before = sampler.values(slices, 9)
    loaded.update(range(12))

    assert np.isnan(before).all()
    assert np.isfinite(sampler.values(slices, 9)).any()


def test_an_suv_overlay_opens_with_a_fixed_window_and_others_with_their_own() -> None:
    doubtful = replace(pt(), intensity=Intensity(IntensityUnit.ACTIVITY))

    assert (opening_fusion(pt(), every_slice).low, opening_fusion(pt(), every_slice).high) == (0, 7)
    own = opening_fusion(doubtful, every_slice)
    assert own.low >= 0
    assert 8.0 < own.high < 11.0


def test_stepping_the_opacity_stays_between_nothing_and_all() -> None:
    fusion = Fusion(0, 1, 0)

    assert fusion.more_opaque(2).opacity == pytest.approx(0.7)
    assert fusion.more_opaque(99).opacity == 1.0
    assert fusion.more_opaque(-99).opacity == 0.0


def region(kind: MeasurementKind, points: NDArray[np.float64], base: Volume) -> Measurement:
    made = measure(base, kind, points, Place(at=4), measurement_id="m")
    assert made is not None
    return made


def test_a_probe_shows_the_stored_voxel_of_the_overlay() -> None:
    base, over = ct(), pt()
    overlay = overlay_on(base, over, every_slice)
    kji = (3, 7, 6)
    at = over.geometry.to_patient_mm(3, np.array([6.2, 6.9]))

    found = overlay_value(overlay, region(MeasurementKind.PROBE, at[None], base))

    assert found is not None
    assert found.mean == pytest.approx(float(over.voxels[kji]))
    assert found.unit == "SUV"


def test_a_region_counts_stored_voxels_of_the_overlay_slice_it_lies_on() -> None:
    base, over = ct(), pt()
    overlay = overlay_on(base, over, every_slice)
    # Base slice 4 is at z = 11; overlay slice 3 at z = 11.2.
    corners = np.array([[0.0, 15.0], [10.0, 15.0], [10.0, 27.0], [0.0, 27.0]])
    points = np.column_stack([corners, np.full(4, 11.0)])

    found = overlay_value(overlay, region(MeasurementKind.RECTANGLE, points, base))

    x, y = -9.0 + 2.1 * np.arange(22), 8.0 + 2.3 * np.arange(24)
    inside = np.ix_((y > 15) & (y < 27), (x > 0) & (x < 10))
    stored = over.voxels[3][inside]
    assert found is not None
    assert found.voxels == stored.size
    assert found.mean == pytest.approx(float(stored.mean()), rel=1e-6)
    assert found.high == pytest.approx(float(stored.max()))


def test_an_overlay_without_a_trusted_unit_says_so() -> None:
    base = ct()
    over = replace(
        pt(), intensity=Intensity(IntensityUnit.ACTIVITY, is_trusted=False, reason="no calibration")
    )
    overlay: Overlay = overlay_on(base, over, every_slice)

    found = overlay_value(overlay, region(MeasurementKind.PROBE, CENTER_MM[None], base))

    assert found is not None
    assert found.unit == "no unit"
