"""A series of several stacks: each is enhanced as if it were alone, and nothing else is touched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.engine.enhance import enhance
from inference.engine.sessions import SessionCache
from inference.packs.store import Pack, load_pack
from inference.tasks.denoise import DenoiseRequest, EnhancementFigures
from inference.worker.codec import decode, encode
from tests.support.data import REPOSITORY
from tests.support.model_packs import noisy_water, shift_model, write_pack
from workstation.core.errors import InputRefusedError
from workstation.core.even_runs import Runs
from workstation.core.job import CancelToken

SIZE = 64


def run(
    pack: Pack, voxels: NDArray[Any], runs: Runs = ()
) -> tuple[EnhancementFigures, NDArray[Any]]:
    request = DenoiseRequest("x", pack.manifest.modalities[0], (0.8, 0.8, 3.0), runs=runs)
    result = np.zeros_like(voxels)
    done = enhance(
        pack,
        request,
        voxels,
        result,
        sessions=SessionCache(),
        report=lambda _part, _slices: None,
        cancel=CancelToken(),
    )
    return done.figures, result


def two_stacks() -> NDArray[np.int16]:
    """Return four slices with noise of 20 HU over five with half of it."""
    return np.concatenate(
        [noisy_water(count=4, size=SIZE), noisy_water(count=9, size=SIZE)[4:] // 2]
    ).astype(np.int16)


@pytest.mark.parametrize("name", ["ct-denoise", "mr-denoise"])
def test_each_stack_is_made_as_if_it_were_alone_bit_for_bit(name: str) -> None:
    pack = load_pack(REPOSITORY / "resources/model_packs" / name)
    voxels = two_stacks()
    if name == "mr-denoise":
        voxels = (np.abs(voxels) + 400).astype(np.int16)

    _, result = run(pack, voxels, ((0, 4), (4, 9)))

    lower, upper = run(pack, voxels[:4])[1], run(pack, voxels[4:])[1]
    np.testing.assert_array_equal(result, np.concatenate([lower, upper]))
    assert (result != voxels).any(axis=(1, 2)).all()
    assert (result != run(pack, voxels)[1]).any()


def test_each_stack_has_the_noise_of_its_own_slices(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path, shift_model(0.5)))
    voxels = two_stacks()

    figures, result = run(pack, voxels, ((0, 4), (4, 9)))

    moved = (result.astype(int) - voxels).mean(axis=(1, 2))
    assert moved[:4] == pytest.approx(10, rel=0.1)
    assert moved[4:] == pytest.approx(5, rel=0.12)
    assert figures.sigma_before == pytest.approx(np.sqrt((4 * 400 + 5 * 100) / 9), rel=0.1)
    assert figures.change is not None
    assert figures.change.sigma_at(3) == pytest.approx(20, rel=0.1)
    assert figures.change.sigma_at(4) == pytest.approx(10, rel=0.12)


def test_slices_outside_all_stacks_stay_as_scanned_and_are_counted(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path, shift_model(0.5)))
    voxels = noisy_water(count=9, size=SIZE)

    figures, result = run(pack, voxels, ((0, 4), (5, 9)))

    np.testing.assert_array_equal(result[4], voxels[4])
    assert (result[[3, 5]] != voxels[[3, 5]]).any(axis=(1, 2)).all()
    assert (figures.slices_left_original, figures.slices_not_tried) == (1, 1)


def test_a_small_stack_without_tissue_stays_as_scanned_and_a_large_one_refuses_the_series(
    tmp_path: Path,
) -> None:
    pack = load_pack(write_pack(tmp_path, shift_model(0.5)))
    voxels = noisy_water(count=33, size=SIZE)
    voxels[30:] = -1000

    figures, result = run(pack, voxels, ((0, 30), (30, 33)))

    np.testing.assert_array_equal(result[30:], voxels[30:])
    assert figures.slices_not_tried == 3
    with pytest.raises(InputRefusedError, match="noise cannot be told"):
        run(pack, voxels[20:], ((0, 10), (10, 13)))


def test_noise_a_little_outside_the_trained_range_is_counted(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path, shift_model(0)))
    quiet = (noisy_water(count=4, size=SIZE).astype(np.float32) * 3.7 / 20).astype(np.float32)

    assert run(pack, quiet)[0].slices_noise_outside == 4
    assert run(pack, noisy_water(count=4, size=SIZE))[0].slices_noise_outside == 0
    with pytest.raises(InputRefusedError, match="4 to 80 HU"):
        run(pack, quiet * 0.9)


@pytest.mark.parametrize("runs", [((4, 9), (0, 4)), ((0, 5), (4, 9)), ((3, 3),)])
def test_runs_that_overlap_or_hold_nothing_are_a_mistake(runs: Runs) -> None:
    with pytest.raises(ValueError, match="ascending"):
        DenoiseRequest("x", "CT", (1.0, 1.0, 1.0), runs=runs)


def test_runs_past_the_end_are_a_mistake(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path, shift_model(0)))

    with pytest.raises(ValueError, match="inside the volume"):
        run(pack, noisy_water(count=4, size=SIZE), ((0, 5),))


def test_runs_reach_the_worker_as_they_were() -> None:
    request = DenoiseRequest("x", "CT", (1.0, 1.0, 1.0), runs=((0, 4), (5, 9)))

    assert decode(encode(request)) == request
