"""Reformats and regularized stacks against SimpleITK and against analytic truth."""

from __future__ import annotations

import numpy as np
import pytest
import SimpleITK as sitk  # noqa: N813 - the name its own manual uses
from numpy.typing import NDArray

from tests.unit.viewers.volumes import AXIAL, CORONAL, SAGITTAL, Cosines, every_slice, noise, stack
from tests.unit.viewers.volumes import volume as make_volume
from viewers.render.planes import PlaneStack
from viewers.render.regularize import regularize, stack_sampling
from viewers.render.source import SliceSource
from viewers.state.view_state import Interpolation, Plane
from workstation.core.geometry import GeometryError, StackGeometry
from workstation.core.intensity import IntensityUnit
from workstation.core.provenance import PixelKind
from workstation.core.volume import Volume

OBLIQUE: Cosines = ((0.96, 0.28, 0.0), (-0.28 * 0.8, 0.96 * 0.8, 0.6))
"""A grid turned by 16 degrees about z and leaning by 37: cosines are exact."""

PLANES = (Plane.AXIAL, Plane.CORONAL, Plane.SAGITTAL)


def by_simpleitk(volume: Volume, slices: PlaneStack, index: int) -> NDArray[np.float32]:
    """Return the same slice resampled by SimpleITK from the same positions."""
    grid = volume.geometry.grid()
    spacing = grid.spacing_ijk_mm
    image = sitk.GetImageFromArray(np.asarray(volume.voxels, dtype=np.float32))
    image.SetSpacing(spacing.tolist())
    image.SetOrigin(grid.index_to_patient_mm[:3, 3].tolist())
    image.SetDirection((grid.index_to_patient_mm[:3, :3] / spacing).ravel().tolist())
    rows, columns = slices.shape_rc
    axes = np.stack([slices.right_patient, slices.down_patient, slices.normal], axis=1)
    resample = sitk.ResampleImageFilter()
    resample.SetSize((columns, rows, 1))
    resample.SetOutputSpacing((slices.spacing_rc_mm[1], slices.spacing_rc_mm[0], 1.0))
    resample.SetOutputOrigin(slices.origins_mm[index].tolist())
    resample.SetOutputDirection(axes.ravel().tolist())
    resample.SetInterpolator(sitk.sitkLinear)
    resample.SetDefaultPixelValue(-5000)
    return np.asarray(sitk.GetArrayFromImage(resample.Execute(image))[0], dtype=np.float32)


@pytest.mark.parametrize("cosines", [AXIAL, CORONAL, SAGITTAL, OBLIQUE])
@pytest.mark.parametrize("plane", PLANES)
def test_reformats_equal_simpleitk(cosines: Cosines, plane: Plane) -> None:
    shape = (7, 14, 11)
    geometry = stack(shape, cosines=cosines, spacing_ij_mm=(0.7, 0.9), gap_mm=2.3)
    volume = make_volume(noise(shape), geometry)
    source = SliceSource(volume, every_slice)
    slices = source.stack(plane)

    for index in (0, slices.count // 2, slices.count - 1):
        ours = source.pixels(plane, index).astype(np.float32)

        theirs = by_simpleitk(volume, slices, index)
        # SimpleITK calls a point a rounding error outside of the last voxel center outside.
        inside = theirs > -5000
        assert inside.mean() > 0.7
        np.testing.assert_allclose(ours[inside], theirs[inside], atol=0.05)


@pytest.mark.parametrize("plane", PLANES)
def test_each_reformatted_pixel_holds_the_voxel_at_its_place(plane: Plane) -> None:
    shape = (6, 9, 8)
    geometry = stack(shape, cosines=SAGITTAL, gap_mm=1.0)
    volume = make_volume(noise(shape), geometry)
    source = SliceSource(volume, every_slice)
    slices = source.stack(plane)
    rows, columns = slices.shape_rc
    row, column = np.mgrid[:rows, :columns]

    for index in range(slices.count):
        cr = np.stack([column, row], axis=-1).astype(float)
        at = np.rint(geometry.grid().to_index(slices.to_patient_mm(index, cr))).astype(int)
        expected = volume.voxels[at[..., 2], at[..., 1], at[..., 0]]
        assert np.array_equal(source.pixels(plane, index), expected)


def test_reformats_hang_as_radiologists_hang_them() -> None:
    # A prone patient scanned feet first: the reformat still has the front at the top and the
    # patient's left at the right of the screen.
    geometry = stack((4, 6, 6), cosines=((-1.0, 0.0, 0.0), (0.0, -1.0, 0.0)))
    source = SliceSource(make_volume(noise((4, 6, 6)), geometry), every_slice)

    axial, coronal = source.stack(Plane.AXIAL), source.stack(Plane.CORONAL)

    np.testing.assert_allclose([axial.right_patient, axial.down_patient], [[1, 0, 0], [0, 1, 0]])
    np.testing.assert_allclose(coronal.down_patient, [0, 0, -1])


def test_nearest_interpolation_invents_no_value() -> None:
    volume = make_volume(noise((5, 8, 8)), stack((5, 8, 8), gap_mm=3.1))

    pixels = SliceSource(volume, every_slice).pixels(Plane.CORONAL, 3, Interpolation.NEAREST)

    assert pixels.dtype == np.int16
    assert np.isin(pixels, volume.voxels[:, 3]).all()


def test_a_series_without_millimetres_is_not_reformatted() -> None:
    volume = make_volume(noise((5, 8, 8)), stack((5, 8, 8), has_millimetres=False))

    with pytest.raises(GeometryError, match="no trustworthy spacing"):
        SliceSource(volume, every_slice).stack(Plane.CORONAL)


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        (stack((1, 4, 4)), "only one slice"),
        (stack((2, 4, 4)), "only two slices"),
        (stack((3, 4, 4), positions_mm=np.zeros((3, 3))), "at one place"),
        (
            stack((3, 4, 4), positions_mm=np.array([[0.0, 0, 0], [0, 0, 0], [0, 0, 5]])),
            "same position",
        ),
        (stack((3, 4, 4), is_placed=False), "do not say where"),
    ],
)
def test_stacks_without_a_third_dimension_are_refused(geometry: StackGeometry, reason: str) -> None:
    with pytest.raises(GeometryError, match=reason):
        stack_sampling(geometry)


def tilted(
    shape_kji: tuple[int, int, int], tilt_deg: float, distances_mm: NDArray[np.float64]
) -> StackGeometry:
    """Return slices that lean back by a gantry tilt while the table moves along z."""
    tilt = np.deg2rad(tilt_deg)
    column = (0.0, float(np.cos(tilt)), float(-np.sin(tilt)))
    positions = np.zeros((shape_kji[0], 3))
    positions[:, 2] = distances_mm / np.cos(tilt)
    return stack(
        shape_kji,
        cosines=((1.0, 0.0, 0.0), column),
        spacing_ij_mm=(1.0, 0.8),
        positions_mm=positions,
    )


UNEVEN_MM = np.array([0.0, 1.1, 3.0, 6.5, 8.0, 12.0, 13.3, 17.0, 20.0, 21.0])


def positions_of(geometry: StackGeometry) -> NDArray[np.float64]:
    """Return the patient position of each voxel, (k, j, i, 3)."""
    count, rows, columns = geometry.shape_kji
    row, column = np.mgrid[:rows, :columns]
    ij = np.stack([column, row], axis=-1).astype(float)
    return np.stack([geometry.to_patient_mm(k, ij) for k in range(count)])


@pytest.mark.parametrize("tilt_deg", [18.5, -18.5, 27.0])
@pytest.mark.parametrize("plane", PLANES)
def test_a_linear_field_survives_tilt_and_uneven_gaps_exactly(
    plane: Plane, tilt_deg: float
) -> None:
    # Linear interpolation reproduces a linear function of position wherever it interpolates.
    geometry = tilted((10, 24, 16), tilt_deg, UNEVEN_MM)
    assert geometry.tilt_deg == pytest.approx(tilt_deg)
    slope = np.array([3.0, -5.0, 7.0])
    values = (positions_of(geometry) @ slope + 40).astype(np.float32)
    source = SliceSource(
        make_volume(values, geometry, unit=IntensityUnit.SIGNAL, padding=-9999.0), every_slice
    )
    slices = source.stack(plane)
    rows, columns = slices.shape_rc
    row, column = np.mgrid[:rows, :columns]

    index = slices.count // 2
    pixels = source.pixels(plane, index)

    cr = np.stack([column, row], axis=-1).astype(float)
    truth = slices.to_patient_mm(index, cr) @ slope + 40
    inside = _well_inside(geometry, slices.to_patient_mm(index, cr))
    assert inside.mean() > 0.25
    np.testing.assert_allclose(pixels[inside], truth[inside], atol=0.01)
    assert slices.is_resampled


@pytest.mark.parametrize("tilt_deg", [18.5, -18.5])
def test_a_ball_keeps_its_place_and_size_in_a_tilted_uneven_scan(tilt_deg: float) -> None:
    # A smooth ball as a function of position; slices every 1 to 2.5 mm as a scanner may make them.
    gaps = np.tile([1.0, 2.5, 1.5, 2.0], 10)
    geometry = tilted((41, 90, 60), tilt_deg, np.concatenate([[0.0], np.cumsum(gaps)]))
    center, radius_mm = positions_of(geometry)[20, 45, 30] + [1.3, -2.1, 0.4], 14.0

    def density(at: NDArray[np.float64]) -> NDArray[np.float64]:
        away = np.linalg.norm(at - center, axis=-1)
        return 1000 * np.clip((radius_mm + 3 - away) / 6, 0, 1)

    values = np.rint(density(positions_of(geometry))).astype(np.int16)

    regular = regularize(make_volume(values, geometry, padding=0.0))

    found = np.asarray(regular.voxels, dtype=np.float64)
    at = positions_of(regular.geometry)
    mass = found.sum()
    np.testing.assert_allclose(
        np.einsum("kji,kjix->x", found, at) / mass, center, atol=0.05
    )  # a twentieth of a voxel
    # 6 mm of soft edge: linear interpolation over 2.5 mm errs most at its two corners.
    assert np.abs(found - density(at)).max() < 110
    volume_mm3 = (found >= 500).sum() * regular.geometry.grid().voxel_mm3
    assert volume_mm3 == pytest.approx(4 / 3 * np.pi * radius_mm**3, rel=0.02)


@pytest.mark.parametrize("tilt_deg", [0.0, 15.0])
def test_nothing_is_invented_where_slices_are_missing(tilt_deg: float) -> None:
    distances = np.array([0.0, 2, 4, 6, 14, 16, 18, 20])
    geometry = tilted((8, 40, 20), tilt_deg, distances)
    values = np.full((8, 40, 20), 500, dtype=np.int16)
    volume = make_volume(values, geometry, unit=IntensityUnit.SIGNAL)

    regular = regularize(volume)

    step = regular.geometry.distances_mm - regular.geometry.distances_mm[0]
    is_gap = (step > 6.01) & (step < 13.99)
    assert is_gap.any()
    assert not regular.voxels[is_gap].any()
    assert all((one == 500).mean() > 0.3 for one in regular.voxels[~is_gap])
    for plane in (Plane.CORONAL, Plane.SAGITTAL):
        source = SliceSource(volume, every_slice)
        section = source.pixels(plane, source.stack(plane).count // 2, Interpolation.NEAREST)
        assert (section == 0).any()


def test_a_tilted_box_stands_upright_after_regularizing() -> None:
    geometry = tilted((30, 60, 40), 20.0, np.arange(30, dtype=np.float64) * 1.5)
    at = positions_of(geometry)
    center, half = np.array([19.0, 14.0, 24.0]), np.array([9.5, 8.0, 7.0])
    box = (np.abs(at - center) <= half).all(axis=-1)
    volume = make_volume(np.where(box, 1000, 0).astype(np.int16), geometry, padding=0.0)

    regular = regularize(volume)

    grid = regular.geometry.grid()
    share = np.asarray(regular.voxels, dtype=float) / 1000
    k, j, i = np.nonzero(share > 0.5)
    inside = grid.to_patient_mm(np.stack([i, j, k], axis=-1).astype(float))
    np.testing.assert_allclose(inside.mean(axis=0), center, atol=0.3)
    np.testing.assert_allclose(np.ptp(inside, axis=0) / 2, half, atol=1.3)
    assert share.sum() * grid.voxel_mm3 == pytest.approx(np.prod(2 * half), rel=0.03)
    assert regular.provenance.kind is PixelKind.RESAMPLED
    assert regular.provenance.source_series_uid == volume.series.series_uid


def test_an_even_tilt_equals_simpleitk_with_a_shear() -> None:
    shape, tilt = (8, 20, 12), 15.0
    geometry = tilted(shape, tilt, np.arange(8, dtype=np.float64) * 2.0)
    volume = make_volume(noise(shape), geometry, padding=0.0)

    regular = regularize(volume)

    # In indices: grid (i, j, k) reads the acquired voxel (i, j - shift * k + offset, k).
    shift = geometry.positions_mm[1] @ geometry.column_cosines / 0.8
    first = np.floor(min(shift * 7, 0.0))
    transform = sitk.AffineTransform(3)
    transform.SetMatrix((1, 0, 0, 0, 1, -shift, 0, 0, 1))
    transform.SetTranslation((0.0, float(first), 0.0))
    image = sitk.GetImageFromArray(np.asarray(volume.voxels, dtype=np.float32))
    size = regular.voxels.shape[::-1]
    theirs = sitk.GetArrayFromImage(
        sitk.Resample(image, size, transform, sitk.sitkLinear, (0, 0, 0), (1, 1, 1),
                      (1, 0, 0, 0, 1, 0, 0, 0, 1), -5000)
    )  # fmt: skip
    inside = theirs > -5000
    assert inside.mean() > 0.4
    np.testing.assert_allclose(regular.voxels[inside], theirs[inside], atol=0.51)


def test_a_slice_of_the_regularized_volume_is_the_slice_of_the_view() -> None:
    geometry = tilted((10, 24, 16), -12.0, UNEVEN_MM)
    volume = make_volume(noise((10, 24, 16)), geometry)
    regular, source = regularize(volume), SliceSource(volume, every_slice)

    for index in (0, 7, source.stack(Plane.CORONAL).count - 1):
        viewed = source.pixels(Plane.CORONAL, index, Interpolation.NEAREST)
        stored = SliceSource(regular, every_slice).pixels(
            Plane.CORONAL, index, Interpolation.NEAREST
        )
        np.testing.assert_allclose(viewed, stored, atol=0.51)


def test_regularizing_can_be_stopped() -> None:
    volume = make_volume(noise((10, 24, 16)), tilted((10, 24, 16), 10.0, UNEVEN_MM))
    asked = []

    def stop() -> None:
        asked.append(1)
        if len(asked) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        regularize(volume, stop)


def test_a_regular_volume_is_not_copied() -> None:
    volume = make_volume(noise((4, 6, 6)))

    assert regularize(volume) is volume


def _well_inside(geometry: StackGeometry, at: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which positions lie between the outer voxel centers of every slice near them."""
    distances = geometry.distances_mm
    depth = at @ geometry.normal
    inside = (depth >= distances[0]) & (depth <= distances[-1])
    above = np.clip(np.searchsorted(distances, depth), 1, len(distances) - 1)
    for k in np.clip(above + np.arange(-2, 2).reshape(-1, 1, 1), 0, len(distances) - 1):
        offset = at - geometry.positions_mm[k]
        i = offset @ geometry.row_cosines / geometry.spacing_ij_mm[0]
        j = offset @ geometry.column_cosines / geometry.spacing_ij_mm[1]
        rows, columns = geometry.shape_kji[1:]
        inside &= (i >= 0) & (i <= columns - 1) & (j >= 0.5) & (j <= rows - 1.5)
    return inside
