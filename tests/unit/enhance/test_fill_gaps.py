"""What may be proposed for a series with losses, and what stays as it was scanned."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.packs.store import PackStore
from tests.support.canary import CANARY
from tests.support.data import study
from tests.support.fill_packs import FillWorker, between_model, write_filler
from tests.support.filled import COLUMNS, ROWS, body, filled_series, scanned, without
from workstation.core.errors import InputRefusedError, WorkerError
from workstation.core.filled import FilledBox
from workstation.core.geometry import Reformat
from workstation.core.intensity import IntensityUnit
from workstation.core.provenance import PixelKind, Provenance
from workstation.core.volume import Volume
from workstation.services.fill_gaps import fill_gaps, plan_filling
from workstation.services.import_studies import import_paths
from workstation.services.open_series import open_series


def refusal(volume: Volume, *rows: FilledBox) -> str:
    with pytest.raises(InputRefusedError) as caught:
        plan_filling(volume, rows)
    assert CANARY not in str(caught.value)
    return caught.value.why


def test_missing_slices_stand_at_the_places_where_they_are_missing(tmp_path: Path) -> None:
    volume = scanned(without(6, 12, 13))

    made = filled_series(tmp_path, volume)

    whole = scanned(range(20))
    assert made.volume.filled is not None
    assert made.volume.filled.whole_slices == (6, 12, 13)
    assert np.allclose(made.volume.geometry.positions_mm, whole.geometry.positions_mm)
    assert made.volume.geometry.reformat is Reformat.DIRECT
    assert [n for n, k in enumerate(made.source_index) if k is None] == [6, 12, 13]


def test_scanned_slices_are_bit_for_bit_those_of_the_source(tmp_path: Path) -> None:
    volume = scanned(without(6, 12, 13))

    made = filled_series(tmp_path, volume)

    for k, origin in enumerate(made.source_index):
        if origin is not None:
            assert np.array_equal(made.volume.voxels[k], volume.voxels[origin])
            assert made.volume.instance_uids[k] == volume.instance_uids[origin]
        else:
            assert made.volume.instance_uids[k] == ""
    assert np.array_equal(volume.voxels, body(20)[without(6, 12, 13)])


def test_a_proposed_slice_is_near_the_one_that_was_left_out(tmp_path: Path) -> None:
    truth = body(20)[6]

    made = filled_series(tmp_path, scanned(without(6)))

    inside = truth > -500
    error = made.volume.voxels[6].astype(float) - truth
    assert abs(float(error[inside].mean())) < 15


def test_the_volume_says_that_it_was_filled_and_by_what(tmp_path: Path) -> None:
    volume = scanned(without(6))

    made = filled_series(tmp_path, volume)

    provenance = made.volume.provenance
    assert provenance.kind is PixelKind.FILLED
    assert str(provenance.pack) == "fill-test 1.2.3"
    assert provenance.source_series_uid == volume.series.series_uid
    assert volume.provenance.kind is PixelKind.ORIGINAL


def test_lost_rows_are_filled_and_the_rest_of_the_slice_stays(tmp_path: Path) -> None:
    voxels = body(20)
    voxels[8, 15:22] = 0
    volume = scanned(range(20), voxels=voxels)
    box = FilledBox(8, (15, 22), (0, COLUMNS))

    made = filled_series(tmp_path, volume, box)

    assert made.volume.filled is not None
    assert made.volume.filled.partial_slices == (8,)
    kept = np.ones(ROWS, dtype=bool)
    kept[15:22] = False
    assert np.array_equal(made.volume.voxels[8, kept], voxels[8, kept])
    assert not (made.volume.voxels[8, 15:22] == 0).all()


def test_rows_after_a_hole_move_with_their_slice(tmp_path: Path) -> None:
    volume = scanned(without(6))

    made = filled_series(tmp_path, volume, FilledBox(10, (15, 22), (0, COLUMNS)))

    assert made.volume.filled is not None
    assert made.volume.filled.whole_slices == (6,)
    assert made.volume.filled.partial_slices == (11,)


def test_a_tilted_series_is_filled_along_its_lean(tmp_path: Path) -> None:
    volume = scanned(without(6), tilt_deg=15.0)

    made = filled_series(tmp_path, volume)

    expected = scanned(range(20), tilt_deg=15.0).geometry.positions_mm
    assert np.allclose(made.volume.geometry.positions_mm, expected)


def test_a_worker_that_changes_what_was_scanned_is_thrown_away(tmp_path: Path) -> None:
    write_filler(tmp_path, between_model())
    packs = PackStore(tmp_path, None)

    def spoil(voxels: NDArray[Any]) -> None:
        voxels[8, 0, 0] += 1

    plan = plan_filling(scanned(range(20)), (FilledBox(8, (15, 22), (0, COLUMNS)),))
    with pytest.raises(WorkerError, match="thrown away"):
        fill_gaps(plan, worker=FillWorker(packs, spoil), packs=packs)


def test_three_in_a_row_are_left_and_told_while_others_are_proposed() -> None:
    plan = plan_filling(scanned(without(3, 10, 11, 12)))

    assert [count for _, count in plan.holes] == [1]
    assert plan.left == (
        "3 slices are missing in a row after slice 9: more than 2 are not proposed.",
    )


def test_where_nothing_but_too_wide_a_gap_is_missing_it_is_refused() -> None:
    assert "more than 2 are not proposed" in refusal(scanned(without(10, 11, 12)))


def test_nothing_is_proposed_at_the_ends_of_a_series() -> None:
    whole = scanned(range(20))

    for k in (0, 19):
        assert "at the end of the series" in refusal(whole, FilledBox(k, (4, 9), (0, COLUMNS)))


def test_rows_lost_through_three_slices_are_left() -> None:
    boxes = [FilledBox(k, (10, 20), (0, COLUMNS)) for k in (7, 8, 9)]

    assert "Too much is missing around slice 8" in refusal(scanned(range(20)), *boxes)


def test_rows_beside_a_hole_of_two_are_left() -> None:
    volume = scanned(without(6, 7))

    plan = plan_filling(volume, (FilledBox(5, (10, 20), (0, COLUMNS)),))

    assert plan.rows == ()
    assert plan.left == ("Too much is missing around slice 6: nothing is proposed in it.",)


def test_more_than_a_fifth_of_the_slices_is_never_proposed() -> None:
    boxes = [FilledBox(k, (10, 20), (0, COLUMNS)) for k in (2, 5, 8, 11, 14)]

    assert "25% of its slices" in refusal(scanned(range(20)), *boxes)


def test_a_whole_series_has_nothing_to_propose() -> None:
    assert refusal(scanned(range(20))) == "no slice is missing"


def test_unevenly_spaced_slices_are_not_said_to_be_missing() -> None:
    uneven = scanned([0, 1, 2, 4, 5, 7, 8, 9, 12, 13, 15, 17, 18])

    assert "unevenly spaced" in refusal(uneven)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"unit": IntensityUnit.SUV}, "neither HU nor MR signal"),
        ({"provenance": Provenance(PixelKind.ENHANCED)}, "computed from other pixels"),
        ({"provenance": Provenance(image_type=("ORIGINAL", "PRIMARY", "LOCALIZER"))}, "localizer"),
    ],
)
def test_series_of_other_kinds_are_refused_with_the_reason(
    changed: dict[str, Any], why: str
) -> None:
    assert why in refusal(scanned(without(6), **changed))


def test_untrusted_values_are_refused() -> None:
    volume = scanned(without(6))
    intensity = replace(volume.intensity, is_trusted=False, reason="its rescale is absent")

    assert refusal(replace(volume, intensity=intensity)) == "its rescale is absent"


def test_a_spacing_the_pack_was_not_trained_on_is_refused(tmp_path: Path) -> None:
    volume = scanned(without(6), spacing_ijk_mm=(0.8, 0.8, 12.0))

    with pytest.raises(InputRefusedError, match=r"slice spacing is 12\.00 mm"):
        filled_series(tmp_path, volume)


def test_a_pack_for_another_modality_is_refused(tmp_path: Path) -> None:
    write_filler(tmp_path, between_model())
    packs = PackStore(tmp_path, None)
    plan = plan_filling(scanned(without(6), modality="MR", unit=IntensityUnit.SIGNAL))

    with pytest.raises(InputRefusedError, match="for CT, not MR"):
        fill_gaps(plan, worker=FillWorker(packs), packs=packs, pack_id="fill-test")


def test_the_worker_never_sees_what_lost_voxels_hold(tmp_path: Path) -> None:
    voxels = body(20)
    voxels[8, 15:22] = 3000
    write_filler(tmp_path, between_model())
    packs, seen = PackStore(tmp_path, None), []

    class Watching(FillWorker):
        def run(self, request: Any, voxels: Any, **rest: Any) -> Any:  # noqa: ANN401
            seen.append(voxels.copy())
            return super().run(request, voxels, **rest)

    plan = plan_filling(scanned(range(20), voxels=voxels), (FilledBox(8, (15, 22), (0, COLUMNS)),))
    fill_gaps(plan, worker=Watching(packs), packs=packs)

    assert (seen[0][8, 15:22] == -1024).all()


@pytest.mark.data
def test_the_unevenly_spaced_head_of_s02_is_refused() -> None:
    series = import_paths([study("s02_ct_head_ge_tilt_varspacing")]).all_series[0]
    opened = open_series(series.display_sets[0])
    opened.wait()

    assert "unevenly spaced" in refusal(opened.volume)


@pytest.mark.data
def test_no_odd_file_of_s13_gets_a_proposal() -> None:
    """One of them has four slices with 161 missing between them."""
    stacks = [
        stack
        for series in import_paths([study("s13_odd_files")]).all_series
        for stack in series.display_sets
        if stack.slice_count >= 3
    ]
    assert stacks
    for stack in stacks:
        opened = open_series(stack)
        opened.wait()
        assert refusal(opened.volume)
