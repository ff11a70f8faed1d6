"""What a super-resolution makes averages to what was scanned, or the scanned slice stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.engine.sessions import SessionCache
from inference.engine.super_resolve import super_resolve
from inference.packs.store import Pack, load_pack
from inference.tasks.denoise import EnhanceResult
from inference.tasks.super_resolve import SuperResolveRequest
from tests.support.model_packs import noisy_water, pair_model, write_pack
from workstation.core.job import CancelToken

SPACING = (0.8, 0.8, 3.0)
SIZE = 64


def run(pack: Pack, voxels: NDArray[Any]) -> tuple[EnhanceResult, NDArray[Any]]:
    result = np.zeros(pack.manifest.output.result_shape(voxels.shape), voxels.dtype)
    done = super_resolve(
        pack,
        SuperResolveRequest("pair", "CT", SPACING),
        voxels,
        result,
        sessions=SessionCache(),
        report=lambda _part, _slices: None,
        cancel=CancelToken(),
    )
    return done, result


def pair_pack(folder: Path, model: bytes) -> Pack:
    return load_pack(
        write_pack(
            folder,
            model,
            pack_id="pair",
            task="super_resolve",
            kind="slice_pair",
            bound=0.0,
            consistency=0.01,
        )
    )


@pytest.mark.parametrize("dtype", [np.int16, np.float32])
def test_a_pair_keeps_the_mean_of_its_slice(tmp_path: Path, dtype: type[np.generic]) -> None:
    pack = pair_pack(tmp_path, pair_model(7.3))
    voxels = noisy_water(count=4, size=SIZE).astype(dtype)

    done, result = run(pack, voxels)

    pairs = result.reshape(4, 2, SIZE, SIZE).astype(np.float64)
    np.testing.assert_allclose(pairs.mean(axis=1), voxels, atol=1e-5)
    assert (pairs[:, 0] > pairs[:, 1]).all()
    assert done.figures.consistency <= 1e-5
    assert done.figures.slices_left_original == 0


def test_a_pair_of_whole_numbers_at_the_end_of_their_range_keeps_its_mean(tmp_path: Path) -> None:
    pack = pair_pack(tmp_path, pair_model(50.0))
    voxels = noisy_water(count=3, size=SIZE)
    voxels[:, :8] = 32760

    _, result = run(pack, voxels)

    pairs = result.reshape(3, 2, SIZE, SIZE).astype(np.int64)
    np.testing.assert_array_equal(pairs.sum(axis=1), 2 * voxels.astype(np.int64))


def test_a_pair_that_moves_the_mean_is_thrown_away_and_told(tmp_path: Path) -> None:
    pack = pair_pack(tmp_path, pair_model(7, offset=2))
    voxels = noisy_water(count=3, size=SIZE).astype(np.float32)

    done, result = run(pack, voxels)

    np.testing.assert_array_equal(result, np.repeat(voxels, 2, axis=0))
    assert done.figures.slices_left_original == 3
