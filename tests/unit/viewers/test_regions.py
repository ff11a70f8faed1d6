"""Statistics of regions against closed forms and SimpleITK."""

from __future__ import annotations

import numpy as np
import pytest
import SimpleITK
from numpy.typing import NDArray

from tests.unit.viewers.volumes import AXIAL, CORONAL, Cosines, noise, stack, volume
from viewers.render.planes import acquired_stack
from viewers.render.source import SliceSource
from viewers.state.view_state import Plane
from viewers.tools.marking import (
    Place,
    angle_deg,
    cobb_deg,
    measure,
    region_window,
    why_not,
)
from viewers.tools.regions import Slab, inside_ellipse, inside_polygon, inside_raster, outline_area
from workstation.core.intensity import IntensityUnit
from workstation.core.measurement import Measurement, MeasurementKind, RegionStatistics

SHAPE = (7, 90, 110)
STAR = np.array([(60.3, 20.7), (75.2, 60.4), (30.6, 38.1), (88.9, 36.2), (42.8, 66.6)])
DENT = np.array([(20.2, 15.3), (80.7, 18.9), (50.1, 40.2), (77.4, 70.8), (22.6, 66.1)])


def corners(center: tuple[float, float], half: tuple[float, float]) -> NDArray[np.float64]:
    signs = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
    return np.array(center) + signs * np.array(half)


def region_of(made: Measurement | None) -> RegionStatistics:
    assert made is not None
    assert made.region is not None
    return made.region


@pytest.mark.parametrize("cosines", [AXIAL, CORONAL])
@pytest.mark.parametrize(
    ("kind", "ij"),
    [
        (MeasurementKind.ELLIPSE, corners((50.3, 40.6), (30.2, 17.9))),
        (MeasurementKind.RECTANGLE, corners((50.3, 40.6), (30.2, 17.9))),
        (MeasurementKind.POLYGON, DENT),
        (MeasurementKind.FREEHAND, STAR),
    ],
)
def test_statistics_agree_with_simpleitk_over_the_same_centers(
    cosines: Cosines, kind: MeasurementKind, ij: NDArray[np.float64]
) -> None:
    geometry = stack(SHAPE, cosines=cosines, spacing_ij_mm=(0.7, 1.3))
    series = volume(noise(SHAPE), geometry)
    label = brute_mask(kind, ij)
    truth = SimpleITK.LabelStatisticsImageFilter()
    truth.Execute(
        SimpleITK.GetImageFromArray(series.voxels[3].astype(np.float64)),
        SimpleITK.GetImageFromArray(label.astype(np.uint8)),
    )

    made = measure(series, kind, geometry.to_patient_mm(3, ij), Place(at=3), measurement_id="1")

    region = region_of(made)
    assert region.voxels == truth.GetCount(1) == int(label.sum())
    assert region.mean == pytest.approx(truth.GetMean(1))
    assert region.sd == pytest.approx(truth.GetSigma(1))
    assert (region.low, region.high) == (truth.GetMinimum(1), truth.GetMaximum(1))
    assert sum(region.histogram) == region.voxels
    assert made is not None
    assert (made.unit, made.instance_uid) == ("HU", series.instance_uids[3])


def brute_mask(kind: MeasurementKind, ij: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return the mask center by center, from the equation or the crossing number of a ray."""
    mask = np.zeros(SHAPE[1:], dtype=np.bool_)
    middle, half = ij.mean(axis=0), (ij.max(axis=0) - ij.min(axis=0)) / 2
    for row in range(SHAPE[1]):
        for column in range(SHAPE[2]):
            x, y = (column - middle[0]) / half[0], (row - middle[1]) / half[1]
            if kind is MeasurementKind.ELLIPSE:
                mask[row, column] = x * x + y * y <= 1
            elif kind is MeasurementKind.RECTANGLE:
                mask[row, column] = abs(x) <= 1 and abs(y) <= 1
            else:
                mask[row, column] = crossings(ij, column, row) % 2 == 1
    return mask


def crossings(ij: NDArray[np.float64], x: float, y: float) -> int:
    """Return how many edges a ray upwards from a point crosses; our code casts it sideways."""
    count = 0
    for (x1, y1), (x2, y2) in zip(ij, np.roll(ij, 1, axis=0), strict=True):
        if (x1 > x) != (x2 > x) and y1 + (x - x1) * (y2 - y1) / (x2 - x1) > y:
            count += 1
    return count


def test_a_ramp_over_a_disc_has_the_mean_of_its_center_and_half_the_slope_as_deviation() -> None:
    # Over a disc of radius R a ramp f + g.x has mean f(center), sd |g| R / 2, extremes +- |g| R.
    shape, spacing = (1, 300, 300), 0.25
    geometry = stack(shape, spacing_ij_mm=(spacing, spacing))
    rows, columns = np.indices(shape[1:]) * spacing
    ramp = (100 + 3.0 * columns - 2.0 * rows).astype(np.float32)[None]
    center, radius = np.array([37.11, 36.93]), 30.0
    ij = corners(tuple(center / spacing), (radius / spacing, radius / spacing))

    made = measure(
        volume(ramp, geometry), MeasurementKind.ELLIPSE, geometry.to_patient_mm(0, ij),
        Place(at=0), measurement_id="1",
    )  # fmt: skip

    region, slope = region_of(made), float(np.hypot(3, 2))
    mean = 100 + 3 * center[0] - 2 * center[1]
    assert region.mean == pytest.approx(mean, abs=slope * spacing / 10)
    assert region.sd == pytest.approx(slope * radius / 2, rel=2e-3)
    assert region.low == pytest.approx(mean - slope * radius, abs=slope * spacing)
    assert region.high == pytest.approx(mean + slope * radius, abs=slope * spacing)
    assert region.size == pytest.approx(np.pi * radius**2)
    assert region.size_unit == "mm²"
    assert region.voxels * spacing**2 == pytest.approx(region.size, rel=2e-3)


def test_two_polygons_that_share_an_edge_share_no_center_and_miss_none() -> None:
    whole = np.array([(5.0, 5.0), (20.0, 5.0), (20.0, 20.0), (5.0, 20.0)])
    upper, lower = whole[[0, 1, 2]], whole[[0, 2, 3]]
    first, second, both = (
        inside_raster(MeasurementKind.POLYGON, ij, (40, 40)) for ij in (upper, lower, whole)
    )

    assert not (first & second).any()
    assert np.array_equal(first | second, both)
    assert int(both.sum()) == 15 * 15


def test_the_two_ways_to_fill_a_polygon_agree() -> None:
    rows, columns = np.indices(SHAPE[1:])
    at = np.stack([columns.ravel(), rows.ravel()], axis=1).astype(float)

    for ij in (STAR, DENT, np.round(DENT)):
        raster = inside_raster(MeasurementKind.POLYGON, ij, SHAPE[1:])
        assert np.array_equal(inside_polygon(ij, at).reshape(SHAPE[1:]), raster)


def test_a_region_that_reaches_beyond_the_image_counts_what_is_in_it() -> None:
    mask = inside_raster(MeasurementKind.RECTANGLE, corners((0.0, 0.0), (3.5, 2.5)), (10, 10))

    assert int(mask.sum()) == 4 * 3
    assert not inside_raster(MeasurementKind.POLYGON, STAR + 500, (10, 10)).any()


def test_padding_is_counted_apart_and_in_no_figure() -> None:
    voxels = np.full((1, 10, 10), 50, dtype=np.int16)
    voxels[0, :, :5] = -2000
    geometry = stack((1, 10, 10))
    ij = corners((4.5, 4.5), (4.6, 4.6))

    made = measure(
        volume(voxels, geometry, padding=-2000), MeasurementKind.RECTANGLE,
        geometry.to_patient_mm(0, ij), Place(at=0), measurement_id="1",
    )  # fmt: skip

    region = region_of(made)
    assert (region.voxels, region.padding_voxels) == (50, 50)
    assert (region.mean, region.sd, region.low, region.high) == (50, 0, 50, 50)


def test_without_millimetres_the_area_is_in_pixels_and_an_untrusted_unit_is_said() -> None:
    geometry = stack(SHAPE, has_millimetres=False)
    series = volume(noise(SHAPE), geometry, unit=IntensityUnit.SIGNAL)
    points = geometry.to_patient_mm(2, corners((50.0, 40.0), (10.0, 5.0)))

    made = measure(series, MeasurementKind.RECTANGLE, points, Place(at=2), measurement_id="1")

    assert made is not None
    assert region_of(made).size == pytest.approx(200)
    assert (region_of(made).size_unit, made.unit) == ("px²", "")


def test_of_color_only_the_area_is_measured() -> None:
    rgb = np.zeros((*SHAPE, 3), dtype=np.uint8)
    geometry = stack(SHAPE)
    points = geometry.to_patient_mm(2, corners((50.0, 40.0), (10.0, 5.0)))

    made = measure(
        volume(rgb, geometry, unit=IntensityUnit.COLOR), MeasurementKind.RECTANGLE, points,
        Place(at=2), measurement_id="1",
    )  # fmt: skip

    assert made is not None
    assert made.region is None
    assert made.value == pytest.approx(200)
    assert made.unit == "mm²"


def test_between_the_centers_there_is_nothing_to_measure() -> None:
    geometry = stack(SHAPE)
    points = geometry.to_patient_mm(2, corners((50.5, 40.5), (0.3, 0.3)))

    made = measure(
        volume(noise(SHAPE), geometry), MeasurementKind.ELLIPSE, points, Place(at=2),
        measurement_id="1",
    )  # fmt: skip

    assert made is None


def test_a_region_on_a_reformat_reads_the_stored_voxels_of_that_plane() -> None:
    shape = (20, 40, 50)
    geometry = stack(shape, spacing_ij_mm=(0.8, 0.8), gap_mm=2.0)
    series = volume(noise(shape), geometry)
    planes = SliceSource(series, lambda _k: True).stack(Plane.CORONAL)
    row = 17
    at_row = geometry.to_patient_mm(0, np.array([0.0, row]))
    slab = Slab(planes.right_patient, planes.down_patient, planes.reach_mm(row))
    ends = np.array([(8.4, 3), (30.6, 3), (30.6, 14), (8.4, 14)])  # column, then slice
    points = np.stack(
        [
            at_row + i * 0.8 * geometry.row_cosines + (k + 0.3) * 2.0 * geometry.normal
            for i, k in ends
        ]
    )

    made = measure(series, MeasurementKind.RECTANGLE, points, Place(slab=slab), measurement_id="1")

    # Slices 4 to 14 and columns 9 to 30 have their centers inside.
    held = series.voxels[4:15, row, 9:31]
    region = region_of(made)
    assert region.voxels == held.size
    assert region.mean == pytest.approx(float(held.mean()))
    assert region.size == pytest.approx(22.2 * 0.8 * 22)
    assert made is not None
    assert made.is_reformatted


def test_a_sphere_holds_the_voxels_within_its_radius() -> None:
    shape, radius = (40, 60, 60), 9.0
    geometry = stack(shape, spacing_ij_mm=(0.5, 0.5), gap_mm=0.75)
    series = volume(noise(shape), geometry)
    center = geometry.to_patient_mm(20, np.array([30.2, 29.7]))
    k, j, i = np.indices(shape)
    away = np.stack([(i - 30.2) * 0.5, (j - 29.7) * 0.5, (k - 20) * 0.75])
    held = series.voxels[(away**2).sum(axis=0) <= radius**2]

    made = measure(
        series, MeasurementKind.SPHERE, np.stack([center, center + np.array([0, radius, 0])]),
        Place(at=20), measurement_id="1",
    )  # fmt: skip

    region = region_of(made)
    assert region.voxels == len(held)
    assert region.mean == pytest.approx(float(held.mean()))
    assert region.size == pytest.approx(4 / 3 * np.pi * radius**3)
    assert region.size_unit == "mm³"


def test_a_sphere_is_refused_in_words_where_there_is_no_volume_to_measure() -> None:
    kind = MeasurementKind.SPHERE

    assert "millimeters" in why_not(volume(noise(SHAPE), stack(SHAPE, has_millimetres=False)), kind)
    flat = stack(SHAPE, positions_mm=np.zeros((7, 3)))
    assert "beside each other" in why_not(volume(noise(SHAPE), flat), kind)
    gaps = np.array([0, 1, 2, 5, 6, 7, 8.0])[:, None] * [0, 0, 1]
    assert "missing" in why_not(volume(noise(SHAPE), stack(SHAPE, positions_mm=gaps)), kind)
    assert why_not(volume(noise(SHAPE)), kind) == ""


@pytest.mark.parametrize("deg", [0.0, 12.5, 90.0, 137.0, 180.0])
def test_an_angle_is_that_of_its_legs_anywhere_in_space(deg: float) -> None:
    first, second = np.array([0.6, 0.0, 0.8]), np.array([0.0, 1.0, 0.0])
    turned = np.cos(np.radians(deg)) * first + np.sin(np.radians(deg)) * second

    assert angle_deg(5 * first, 3 * turned) == pytest.approx(deg, abs=1e-6)
    lines = np.stack([np.zeros(3), first, np.ones(3), np.ones(3) + turned])
    assert cobb_deg(lines) == pytest.approx(min(deg, 180 - deg), abs=1e-6)


def test_the_area_of_an_outline_is_that_of_the_textbook() -> None:
    # The regular hexagon of side s has the area 3 sqrt(3) / 2 s^2.
    turn = np.arange(6) * np.pi / 3
    hexagon = 4 * np.stack([np.cos(turn), np.sin(turn), 0 * turn], axis=1)

    area = outline_area(MeasurementKind.POLYGON, hexagon)

    assert area == pytest.approx(1.5 * np.sqrt(3) * 16)


def test_the_window_of_a_region_shows_its_tissue_and_not_its_one_bright_spot() -> None:
    region = RegionStatistics(40, 10, 12, 900, 500, 0, 1.0, "mm²")

    assert region_window(region) == (40, 40)
    flat = RegionStatistics(7, 0, 7, 7, 4, 0, 1.0, "mm²")
    assert region_window(flat)[1] > 0


def test_two_diameters_are_named_by_length_and_lie_on_the_slice() -> None:
    geometry = stack(SHAPE)
    planes = acquired_stack(geometry)
    ij = np.array([(10.0, 10.0), (20.0, 10.0), (15.0, 4.0), (15.0, 24.0)])

    made = measure(
        volume(noise(SHAPE), geometry), MeasurementKind.BIDIRECTIONAL,
        geometry.to_patient_mm(1, ij), Place(at=1), measurement_id="1",
    )  # fmt: skip

    assert made is not None
    assert made.value == pytest.approx(20)
    assert made.short_value == pytest.approx(10)
    assert made.unit == "mm"
    np.testing.assert_allclose(planes.to_pixel_cr(1, np.array(made.points_mm)), ij, atol=1e-9)


def test_an_ellipse_dragged_along_a_line_has_no_inside() -> None:
    corners = np.array([(1.0, 2.0), (5.0, 2.0), (5.0, 2.0), (1.0, 2.0)])
    grid = np.stack(np.meshgrid(np.arange(8.0), np.arange(8.0)), axis=-1)

    assert not inside_ellipse(corners, grid).any()
