"""A pack runs over a volume and its promises hold, or the original stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.engine import memory
from inference.engine.enhance import enhance
from inference.engine.golden import test_pack as run_golden
from inference.engine.sessions import SessionCache
from inference.engine.slice_runs import nearest_first
from inference.packs.store import Pack, load_pack
from inference.tasks.denoise import DenoiseRequest, EnhanceResult
from tests.support.model_packs import (
    MANIFEST,
    mean_model,
    noisy_water,
    shift_model,
    write_pack,
)
from workstation.core.errors import (
    CancelledError,
    InputRefusedError,
    PackRefusedError,
    WorkerOutOfMemoryError,
)
from workstation.core.job import CancelToken

SPACING = (0.8, 0.8, 3.0)
SIZE = 64


def run(
    pack: Pack,
    voxels: NDArray[Any],
    *,
    first_index: int = 0,
    padding: float | None = None,
    seen: list[tuple[float, tuple[int, ...]]] | None = None,
    cancel: CancelToken | None = None,
) -> tuple[EnhanceResult, NDArray[Any]]:
    request = DenoiseRequest("x", "CT", SPACING, padding, first_index)
    result = np.zeros_like(voxels)
    notes = seen if seen is not None else []
    done = enhance(
        pack,
        request,
        voxels,
        result,
        sessions=SessionCache(),
        report=lambda part, slices: notes.append((part, slices)),
        cancel=cancel or CancelToken(),
    )
    return done, result


def test_a_model_within_its_bound_changes_every_slice(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path, shift_model(0.5)))
    voxels = noisy_water(count=4, size=SIZE)

    done, result = run(pack, voxels)

    figures = done.figures
    assert figures.sigma_before == pytest.approx(20, rel=0.1)
    assert np.abs(result - voxels - figures.sigma_before / 2).max() <= 0.5
    assert figures.bias == pytest.approx(figures.sigma_before / 2, abs=0.6)
    assert dict(figures.bias_by_tissue)["soft tissue"] == pytest.approx(figures.bias, abs=0.6)
    assert figures.bound == pytest.approx(3 * figures.sigma_before)
    assert figures.slices_left_original == 0
    assert figures.provider == "CPUExecutionProvider"
    assert done.pack == pack.ref


def test_a_result_beyond_three_sigma_is_thrown_away_and_told(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path, shift_model(3.5)))
    voxels = noisy_water(count=4, size=SIZE)

    done, result = run(pack, voxels)

    np.testing.assert_array_equal(result, voxels)
    assert done.figures.slices_left_original == 4
    assert done.figures.largest_change == 0


def test_values_beyond_what_the_model_knows_change_as_much_as_others(tmp_path: Path) -> None:
    clips = MANIFEST + '\n[[before]]\nop = "clip"\nlow = -1024\nhigh = 3071\n'
    pack = load_pack(write_pack(tmp_path, shift_model(0.5), manifest=clips))
    voxels = noisy_water(count=4, size=SIZE)
    voxels[:, :8] = -2000  # padding that no header tells of
    voxels[:, -8:, :8] = 8000  # metal of a scanner with an extended range
    voxels[:, -8:, -8:] = -1500
    told_as_padding = -1500

    done, result = run(pack, voxels, padding=told_as_padding)

    change, half = result.astype(float) - voxels, done.figures.sigma_before / 2
    assert done.figures.slices_left_original == 0
    assert np.abs(change[voxels != told_as_padding] - half).max() <= 0.5
    assert not change[voxels == told_as_padding].any()


def test_noise_goes_down_and_is_measured(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path, mean_model(), bound=0.0))

    done, _ = run(pack, noisy_water(count=4, size=SIZE))

    # The mean of nine white values has a third of their deviation; what is left is colored, so
    # that nine-pixel windows see a little less of it.
    assert done.figures.sigma_after == pytest.approx(20 / 3, rel=0.15)


def test_the_visible_slice_comes_first(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path, shift_model(0)))
    seen: list[tuple[float, tuple[int, ...]]] = []

    run(pack, noisy_water(count=5, size=SIZE), first_index=3, seen=seen)

    assert [slices for _, slices in seen] == [(3,), (4,), (2,), (1,), (0,)]
    assert [part for part, _ in seen] == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])
    assert nearest_first(3, 99) == [2, 1, 0]


@pytest.mark.parametrize("size", [(129, 95), (200, 64)])
def test_tiles_and_odd_sizes_give_what_one_run_gives(tmp_path: Path, size: tuple[int, int]) -> None:
    voxels = noisy_water(count=3, size=200)[:, : size[0], : size[1]].astype(np.float32)
    whole = load_pack(write_pack(tmp_path, mean_model(), pack_id="whole", bound=0.0))
    tiled = load_pack(write_pack(tmp_path, mean_model(), pack_id="tiled", bound=0.0, largest_px=64))

    _, one = run(whole, voxels)
    _, many = run(tiled, voxels)

    np.testing.assert_allclose(many, one, atol=1e-4)


def test_padding_stays_and_is_not_seen_by_the_model(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path, shift_model(0.5)))
    voxels = noisy_water(count=3, size=SIZE)
    voxels[:, :10] = -2000

    _, result = run(pack, voxels, padding=-2000)

    assert (result[:, :10] == -2000).all()
    assert (result[:, 10:] != voxels[:, 10:]).all()


@pytest.mark.parametrize(("sigma", "words"), [(1.0, "4 to 80 HU"), (120.0, "4 to 80 HU")])
def test_noise_outside_the_trained_range_is_refused(
    tmp_path: Path, sigma: float, words: str
) -> None:
    pack = load_pack(write_pack(tmp_path, shift_model(0)))

    with pytest.raises(InputRefusedError, match=words):
        run(pack, noisy_water(count=3, size=SIZE, sigma=sigma))


def test_a_series_without_soft_tissue_is_refused(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path, shift_model(0)))

    with pytest.raises(InputRefusedError, match="noise cannot be told"):
        run(pack, np.full((3, SIZE, SIZE), -1000, np.int16))


def test_a_cancelled_run_stops_before_the_next_slice(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path, shift_model(0)))
    token = CancelToken()
    token.cancel()
    seen: list[tuple[float, tuple[int, ...]]] = []

    with pytest.raises(CancelledError):
        run(pack, noisy_water(count=3, size=SIZE), seen=seen, cancel=token)

    assert seen == []


def test_a_run_that_would_not_fit_is_refused_before_it_starts(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path, shift_model(0), base_bytes=10**15))

    with pytest.raises(WorkerOutOfMemoryError, match="1000000000 MB"):
        run(pack, noisy_water(count=3, size=SIZE))


def test_an_unknown_amount_of_memory_is_taken_as_enough() -> None:
    memory.require(10**18, None)
    with pytest.raises(WorkerOutOfMemoryError):
        memory.require(101, 100)


def test_weights_that_were_changed_are_not_loaded(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path, shift_model(0)))
    path = pack.path("model.onnx")
    path.write_bytes(path.read_bytes()[:-1] + b"\0")

    with pytest.raises(PackRefusedError, match="digest"):
        run(pack, noisy_water(count=3, size=SIZE))


def test_the_golden_case_passes_where_the_numbers_agree_and_fails_where_not(tmp_path: Path) -> None:
    good = load_pack(write_pack(tmp_path, shift_model(0), pack_id="good"))
    bad = load_pack(write_pack(tmp_path, shift_model(0.2), pack_id="bad"))

    passed = run_golden(good, sessions=SessionCache(), cancel=CancelToken())
    failed = run_golden(bad, sessions=SessionCache(), cancel=CancelToken())

    assert passed.has_passed
    assert passed.largest_difference == 0
    assert not failed.has_passed
    assert failed.largest_difference > failed.tolerance


def test_a_golden_case_with_pickled_objects_is_refused(tmp_path: Path) -> None:
    objects = np.array([{"a": 1}], dtype=object)
    pack = load_pack(write_pack(tmp_path, shift_model(0), expected=objects))

    with pytest.raises(PackRefusedError, match="plain array"):
        run_golden(pack, sessions=SessionCache(), cancel=CancelToken())


def test_the_model_is_told_the_noise_of_each_slice_and_bound_by_it(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path, shift_model(0.5)))
    quiet = noisy_water(count=12, size=128, sigma=10.0)
    loud = noisy_water(count=12, size=128, sigma=17.0, seed=2)
    voxels = np.concatenate([quiet, loud]).astype(np.float32)

    done, result = run(pack, voxels)

    # The model adds half of the noise that it is told.
    told = 2 * (result - voxels).mean(axis=(1, 2))
    assert told[2] == pytest.approx(10, rel=0.15)
    assert told[21] == pytest.approx(17, rel=0.15)
    assert done.figures.bound == pytest.approx(3 * told.max(), rel=0.01)
    assert done.figures.slices_left_original == 0
    assert done.figures.change is not None
    assert done.figures.change.sigma_at(2) == pytest.approx(told[2], rel=0.01)
