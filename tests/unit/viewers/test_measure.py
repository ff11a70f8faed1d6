"""Length and probe read stored voxels, with units, or not at all."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.viewers.volumes import AXIAL, noise, stack, volume
from viewers.render.planes import acquired_stack
from viewers.tools.measure import measure_length, measure_probe, nearest_voxel, probe
from workstation.core.intensity import IntensityUnit
from workstation.core.measurement import MeasurementKind

SHAPE = (5, 12, 10)


def test_a_length_across_pixels_that_are_not_square_is_in_millimetres() -> None:
    geometry = stack(SHAPE, spacing_ij_mm=(0.5, 2.0))
    series = volume(noise(SHAPE), geometry)
    start, end = geometry.to_patient_mm(2, np.array([[1.0, 1.0], [7.0, 5.0]]))

    made = measure_length(series, start, end, measurement_id="m1")

    # 6 columns of 0.5 mm and 4 rows of 2 mm: sqrt(3^2 + 8^2).
    assert made.value == pytest.approx(np.sqrt(73))
    assert (made.unit, made.kind) == ("mm", MeasurementKind.LENGTH)
    assert made.instance_uid == series.instance_uids[2]


def test_a_length_without_millimetres_is_in_pixels() -> None:
    geometry = stack(SHAPE, has_millimetres=False)
    series = volume(noise(SHAPE), geometry)
    start, end = geometry.to_patient_mm(0, np.array([[1.0, 1.0], [4.0, 5.0]]))

    made = measure_length(series, start, end, measurement_id="m1")

    assert made.value == pytest.approx(5.0)
    assert made.unit == "px"


@pytest.mark.parametrize("kji", [(0, 0, 0), (4, 11, 9), (2, 5, 3)])
def test_the_probe_reads_the_voxel_whose_square_holds_the_point(kji: tuple[int, int, int]) -> None:
    geometry = stack(SHAPE, spacing_ij_mm=(0.5, 2.0))
    series = volume(noise(SHAPE), geometry)
    k, j, i = kji

    reading = probe(series, geometry.to_patient_mm(k, np.array([i + 0.49, j - 0.49])))

    assert reading is not None
    assert reading.voxel_kji == kji
    assert reading.value == (float(series.voxels[kji]),)
    assert reading.unit == "HU"


@pytest.mark.parametrize("ij", [(-0.6, 3.0), (9.6, 3.0), (3.0, -0.6), (3.0, 11.6)])
def test_there_is_nothing_to_probe_beside_the_slice(ij: tuple[float, float]) -> None:
    geometry = stack(SHAPE)

    assert probe(volume(noise(SHAPE), geometry), geometry.to_patient_mm(2, np.array(ij))) is None


def test_there_is_nothing_to_probe_beyond_the_last_slice() -> None:
    geometry = stack(SHAPE, gap_mm=2.0)
    series = volume(noise(SHAPE), geometry)
    last = geometry.to_patient_mm(4, np.array([3.0, 3.0]))

    assert nearest_voxel(series, last + 0.9 * geometry.normal) == (4, 3, 3)
    assert nearest_voxel(series, last + 1.1 * geometry.normal) is None


def test_signal_has_no_unit_and_no_invented_one() -> None:
    series = volume(noise(SHAPE), unit=IntensityUnit.SIGNAL)
    point = series.geometry.to_patient_mm(1, np.array([2.0, 2.0]))

    made = measure_probe(series, point, measurement_id="m1")

    assert made is not None
    assert (made.unit, made.value) == ("", float(series.voxels[1, 2, 2]))


def test_color_is_read_but_not_measured() -> None:
    rgb = np.random.default_rng(0).integers(0, 255, (*SHAPE, 3), dtype=np.uint8)
    series = volume(rgb, stack(SHAPE, cosines=AXIAL), unit=IntensityUnit.COLOR)
    point = series.geometry.to_patient_mm(1, np.array([2.0, 2.0]))

    reading = probe(series, point)

    assert reading is not None
    assert reading.value == tuple(float(part) for part in rgb[1, 2, 2])
    assert measure_probe(series, point, measurement_id="m1") is None


@pytest.mark.parametrize("is_placed", [True, False])
def test_a_value_is_of_the_image_on_show_where_all_lie_at_one_place(is_placed: bool) -> None:
    # Thirty phases of one slice, or images that name no place: each holds its own number.
    shape = (30, 4, 4)
    values = np.broadcast_to(np.arange(30, dtype=np.int16)[:, None, None] * 10, shape).copy()
    positions = np.zeros((30, 3)) if is_placed else np.arange(30.0)[:, None] * [0, 0, 1]
    film = volume(values, stack(shape, positions_mm=positions, is_placed=is_placed))

    for k in (0, 12, 29):
        point = film.geometry.to_patient_mm(k, np.array([1.0, 2.0]))
        reading = probe(film, point, at=k)
        kept = measure_probe(film, point, measurement_id="1", at=k)
        length = measure_length(film, point, point + 1, measurement_id="2", at=k)

        assert reading is not None
        assert kept is not None
        assert (reading.value, reading.voxel_kji[0]) == ((10.0 * k,), k)
        assert kept.instance_uid == length.instance_uid == film.instance_uids[k]


def test_a_crosshair_does_not_turn_a_film_back_to_its_first_phase() -> None:
    film = stack((30, 4, 4), positions_mm=np.zeros((30, 3)))

    assert film.nearest_slice_index(np.zeros(3), at=12) == 12
    assert acquired_stack(film).nearest_index(np.zeros(3), at=12) == 12
    assert stack((5, 4, 4)).nearest_slice_index(np.array([0.0, 0, 100]), at=1) == 4
