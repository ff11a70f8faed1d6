"""Voxels are shared whatever the system offers, and no view of them loses its memory."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

import numpy as np
import pytest

from inference.worker.shared_volume import attached, created
from workstation.core.errors import WorkerOutOfMemoryError

SHAPE = (5, 7, 3)


@pytest.fixture(params=["linux", "elsewhere"], autouse=True)
def platform(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "elsewhere":
        monkeypatch.setattr("inference.worker.shared_volume.sys.platform", "darwin")
    return str(request.param)


@pytest.mark.parametrize("dtype", ["int16", "float32", "uint16", "uint8"])
def test_what_one_side_writes_the_other_reads(dtype: str) -> None:
    values = np.random.default_rng(1).integers(0, 200, SHAPE).astype(dtype)

    with created(SHAPE, dtype) as (shared, mine):
        mine[:] = values
        with attached(shared, is_writable=True) as theirs:
            assert theirs is not None
            np.testing.assert_array_equal(theirs, values)
            theirs[1] = 7
            del theirs

        assert (mine[1] == 7).all()
        del mine


def test_a_view_outlives_the_block_and_then_the_memory_goes(platform: str) -> None:
    with created(SHAPE, np.int16) as (_, mine):
        mine[:] = 5
        plane = mine[2]
        del mine

    assert (plane == 5).all()
    assert plane.base is not None
    assert plane.base.shape == SHAPE
    del plane
    gc.collect()
    if sys.platform == "linux" and platform == "linux":
        assert "/memfd:voxels" not in Path("/proc/self/maps").read_text(encoding="utf-8")


def test_what_is_only_to_be_read_cannot_be_written() -> None:
    with created(SHAPE, np.int16) as (shared, mine):
        with attached(shared, is_writable=False) as theirs:
            assert theirs is not None
            with pytest.raises(ValueError, match="read-only"):
                theirs[0] = 1
            del theirs
        del mine


def test_the_worker_cannot_attach_afterwards() -> None:
    with created(SHAPE, np.int16) as (shared, mine):
        del mine

    with pytest.raises(FileNotFoundError), attached(shared, is_writable=False):
        pass


def test_a_volume_without_voxels_is_shared_like_any_other() -> None:
    empty = (0, 4, 4)

    with created(empty, np.int16) as (shared, mine), attached(shared, is_writable=True) as theirs:
        assert theirs is not None
        assert theirs.shape == mine.shape == empty


def test_more_than_the_machine_can_give_is_a_sentence() -> None:
    huge = (2**20, 2**20, 2**20)

    with (
        pytest.raises(WorkerOutOfMemoryError, match="no shared memory left"),
        created(huge, np.int16),
    ):
        pass
