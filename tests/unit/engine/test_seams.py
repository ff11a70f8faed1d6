"""A pack is refused where its tiles would show: its overlap is less than its model's reach."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.engine.golden import test_pack as run_golden
from inference.engine.seams import require_seamless, seam
from inference.engine.sessions import Feeds, Session, SessionCache
from inference.engine.slice_runs import infer, tiles_that_fit
from inference.ops.frame import gather
from inference.packs.manifest import TileSpec
from inference.packs.store import Pack, load_pack
from tests.support.model_packs import MANIFEST, mean_model, write_pack
from workstation.core.errors import PackRefusedError, WorkerOutOfMemoryError
from workstation.core.job import CancelToken


def pack_with_overlap(folder: Path, overlap_px: int) -> Pack:
    text = MANIFEST.replace("overlap_px = 8", f"overlap_px = {overlap_px}")
    return load_pack(write_pack(folder, mean_model(), bound=0.0, manifest=text))


@pytest.mark.parametrize("overlap_px", [1, 2, 8])
def test_an_overlap_as_wide_as_the_reach_leaves_no_seam(tmp_path: Path, overlap_px: int) -> None:
    pack = pack_with_overlap(tmp_path, overlap_px)

    assert seam(pack, SessionCache().get(pack)) == 0


def test_a_pack_whose_tiles_would_show_fails_its_test(tmp_path: Path) -> None:
    pack = pack_with_overlap(tmp_path, 0)

    with pytest.raises(PackRefusedError, match="leave seams"):
        require_seamless(pack, SessionCache().get(pack))
    with pytest.raises(PackRefusedError, match="overlap_px is smaller than the reach"):
        run_golden(pack, sessions=SessionCache(), cancel=CancelToken())


def test_slices_are_cut_only_where_a_whole_one_does_not_fit(tmp_path: Path) -> None:
    pack = pack_with_overlap(tmp_path, 8)
    manifest = replace(pack.manifest, memory=replace(pack.manifest.memory, base_bytes=1000))
    needed = manifest.memory.estimate_bytes(2000 * 1500)

    whole = tiles_that_fit(manifest, (2000, 1500), needed)
    unknown = tiles_that_fit(manifest, (2000, 1500), None)
    cut = tiles_that_fit(manifest, (2000, 1500), needed - 1)
    small = tiles_that_fit(manifest, (2000, 1500), 1000 + 100 * 200 * 200)

    assert whole.largest_px >= 2000
    assert unknown == whole
    assert cut == TileSpec(1024, 8)  # what the manifest says, where there is room for it
    assert small == TileSpec(200, 8)
    with pytest.raises(WorkerOutOfMemoryError):
        tiles_that_fit(manifest, (2000, 1500), 1000 + 100 * 60 * 60)


def test_a_model_sees_tiles_of_one_size(tmp_path: Path) -> None:
    pack = pack_with_overlap(tmp_path, 8)
    seen: list[tuple[int, ...]] = []

    class Watched(Session):
        def run(self, feeds: Feeds) -> NDArray[np.float32]:
            seen.append(feeds["slices"].shape)
            return feeds["slices"][:, 1:2]

    volume = np.random.default_rng(0).normal(0, 1, (3, 333, 251)).astype(np.float32)
    frame = gather(volume, 1, 3)

    result = infer(Watched(None, ("slices",), "x"), pack.manifest, frame, spec=TileSpec(100, 8))

    np.testing.assert_array_equal(result[0], volume[1])
    assert len(seen) > 6
    assert set(seen) == {(1, 3, 100, 100)}
