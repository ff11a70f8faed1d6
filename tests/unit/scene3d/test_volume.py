"""Voxels go into shared memory as they are, or to a grid; percentiles leave the background out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from tests.unit.viewers.volumes import every_slice, stack, volume
from viewers.scene3d.reduction import Limits
from viewers.scene3d.volume import SceneVolume, scene_volume, subject_of
from workstation.core.errors import CancelledError, InputRefusedError
from workstation.core.intensity import IntensityUnit
from workstation.core.volume import Volume

PLENTY = Limits(1 << 40, is_software=True)


@contextmanager
def ready(source: Volume, limits: Limits = PLENTY) -> Iterator[SceneVolume]:
    made = scene_volume(source, limits, every_slice)
    try:
        yield made
    finally:
        made.block.close()


def test_a_regular_ct_is_copied_bit_by_bit() -> None:
    voxels = np.arange(5 * 12 * 10, dtype=np.int16).reshape(5, 12, 10) - 300

    with ready(volume(voxels, stack())) as made:
        assert np.array_equal(made.block.array, voxels)
        assert (made.load.scale, made.load.offset) == (1.0, 0.0)
        assert made.reduction.is_whole
        assert not made.is_resampled


def test_values_that_are_no_whole_numbers_keep_their_place_within_a_step() -> None:
    values = np.random.default_rng(1).random((4, 8, 8)).astype(np.float32) * 3 - 1
    values[0, 0, 0] = np.nan

    with ready(volume(values, stack((4, 8, 8)), unit=IntensityUnit.SIGNAL)) as made:
        back = made.block.array * made.load.scale + made.load.offset
        assert np.nanmax(np.abs(back - values)) <= made.load.scale


def test_thinned_out_voxels_are_where_they_were() -> None:
    geometry = stack((80, 100, 90), spacing_ij_mm=(0.5, 0.6), gap_mm=1.0)
    voxels = np.random.default_rng(2).integers(0, 99, (80, 100, 90)).astype(np.int16)

    with ready(volume(voxels, geometry), Limits(2_000_000, is_software=True)) as made:
        k, j, i = made.reduction.strides_kji
        assert made.reduction.one_of > 1
        assert np.array_equal(made.block.array, voxels[::k, ::j, ::i])
        matrix = np.array(made.load.matrix).reshape(4, 4)
        placed = matrix @ np.array([3, 5, 7, 1.0])
        truth = geometry.to_patient_mm(7 * k, np.array([3.0 * i, 5.0 * j]))
        assert placed[:3] == pytest.approx(truth)


def test_the_box_reaches_half_a_voxel_beyond_the_outer_centers() -> None:
    geometry = stack((5, 12, 10), spacing_ij_mm=(1.5, 2.0), gap_mm=3.0)

    with ready(volume(np.zeros((5, 12, 10), dtype=np.int16), geometry)) as made:
        assert made.box.low_mm == pytest.approx((-7 - 0.75, 11 - 1, 3 - 1.5))
        assert made.box.high_mm == pytest.approx((-7 + 9.75 * 1.5 - 0.375, 11 + 23, 3 + 13.5))


def test_percentiles_leave_the_air_around_a_head_out() -> None:
    voxels = np.random.default_rng(3).integers(0, 20, (20, 40, 40)).astype(np.int16)
    voxels[5:15, 10:30, 10:30] = 500

    with ready(volume(voxels, stack((20, 40, 40)), unit=IntensityUnit.SIGNAL)) as made:
        assert made.statistics.at(1) == 500


def test_padding_takes_no_part_in_percentiles() -> None:
    voxels = np.full((10, 20, 20), 3000, dtype=np.int16)
    voxels[:, 5:15, 5:15] = 100
    voxels[:, 8:12, 8:12] = 200

    source = volume(voxels, stack((10, 20, 20)), unit=IntensityUnit.SIGNAL, padding=3000)
    with ready(source) as made:
        assert made.statistics.at(100) == 200


def test_a_copy_is_given_up_when_another_series_is_asked_for() -> None:
    def stop() -> None:
        raise CancelledError("another one")

    source = volume(np.zeros((5, 12, 10), dtype=np.int16))
    with pytest.raises(CancelledError):
        scene_volume(source, PLENTY, every_slice, stop)


def test_slices_without_a_place_make_no_volume() -> None:
    unplaced = stack((5, 12, 10), is_placed=False)

    with pytest.raises(InputRefusedError, match="do not say where"):
        scene_volume(volume(np.zeros((5, 12, 10), dtype=np.int16), unplaced), PLENTY, every_slice)


def test_a_subject_holds_no_voxels() -> None:
    subject = subject_of(volume(np.zeros((5, 12, 10), dtype=np.int16)))

    assert (subject.modality, subject.is_hu, subject.frame_of_reference_uid) == (
        "CT",
        True,
        "1.2.3",
    )
