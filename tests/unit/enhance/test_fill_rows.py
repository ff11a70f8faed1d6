"""Lost rows and blocks are found; anatomy, air and padding are not taken for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.data import study
from tests.support.filled import COLUMNS, ROWS, body, scanned
from workstation.core.filled import FilledBox
from workstation.core.intensity import IntensityUnit
from workstation.services.fill_rows import boxes_text, find_lost_rows
from workstation.services.import_studies import import_paths
from workstation.services.open_series import open_series


def found(change: Callable[[NDArray[Any]], None], **keys: Any) -> tuple[FilledBox, ...]:  # noqa: ANN401
    voxels = body(20)
    change(voxels)
    return find_lost_rows(scanned(range(20), voxels=voxels, **keys))


def test_a_whole_series_has_no_lost_rows() -> None:
    assert found(lambda _voxels: None) == ()


@pytest.mark.parametrize("value", [0, -1024, -2000, 3000])
def test_a_band_of_one_value_is_found(value: int) -> None:
    def lose(voxels: NDArray[Any]) -> None:
        voxels[8, 15:22] = value

    assert found(lose) == (FilledBox(8, (15, 22), (0, COLUMNS)),)


def test_a_single_lost_row_is_found() -> None:
    def lose(voxels: NDArray[Any]) -> None:
        voxels[8, 20] = 0

    assert found(lose) == (FilledBox(8, (20, 21), (0, COLUMNS)),)


def test_rows_that_repeat_the_one_before_are_found() -> None:
    def lose(voxels: NDArray[Any]) -> None:
        voxels[8, 18:22] = voxels[8, 17]

    assert found(lose) == (FilledBox(8, (18, 22), (0, COLUMNS)),)


def test_a_slice_that_was_cut_short_is_found_down_to_its_last_row() -> None:
    def lose(voxels: NDArray[Any]) -> None:
        voxels[8, 20:] = 0

    assert found(lose) == (FilledBox(8, (20, ROWS), (0, COLUMNS)),)


def test_an_empty_slice_is_found_as_a_whole() -> None:
    def lose(voxels: NDArray[Any]) -> None:
        voxels[8] = 0

    assert found(lose, unit=IntensityUnit.HU) == (FilledBox(8, (0, ROWS), (0, COLUMNS)),)


def test_a_dark_block_in_the_body_is_found() -> None:
    def lose(voxels: NDArray[Any]) -> None:
        voxels[8, 16:25, 11:37] = -1024

    (box,) = found(lose)
    assert box.k == 8
    assert box.rows == (16, 25)
    assert box.columns[0] <= 11
    assert box.columns[1] >= 37


def test_constant_air_is_no_loss() -> None:
    def pad(voxels: NDArray[Any]) -> None:
        voxels[:, :3] = -1024
        voxels[:, -3:] = -1024
        voxels[9, :4] = -1024

    assert found(pad) == ()


def test_the_first_and_the_last_slice_are_not_judged() -> None:
    def lose(voxels: NDArray[Any]) -> None:
        voxels[0, 15:22] = 0
        voxels[19, 15:22] = 0

    assert found(lose) == ()


def test_what_is_in_many_slices_is_how_the_images_are() -> None:
    def lose(voxels: NDArray[Any]) -> None:
        voxels[2:18:2, 15:22] = 0

    assert found(lose) == ()


def test_a_map_of_labels_has_no_lost_rows() -> None:
    labels = np.zeros((20, ROWS, COLUMNS), dtype=np.int16)
    labels[:, 10:30, 10:40] = 1
    labels[9, 15:18] = 0

    assert find_lost_rows(scanned(range(20), voxels=labels, unit=IntensityUnit.SIGNAL)) == ()


def test_lost_parts_are_told_as_people_count() -> None:
    assert boxes_text([FilledBox(13, (119, 131), (0, 5))]) == "rows 120 to 131 of slice 14"


@pytest.mark.data
@pytest.mark.parametrize(
    "name",
    [
        "s02_ct_head_ge_tilt_varspacing",
        "s05_mr_cardiac_siemens_verio",
        "s06_mr_brain_pd_ge_signa",
        "s07_mr_enhanced_multiframe_siemens_xa30",
        "s09_mr_brain_t1_positions",
    ],
)
def test_real_series_raise_no_false_alarm(name: str) -> None:
    for series in import_paths([study(name)]).all_series:
        for stack in series.display_sets:
            opened = open_series(stack)
            opened.wait()
            assert find_lost_rows(opened.volume) == ()
