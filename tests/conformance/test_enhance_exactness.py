"""The embedded packs give the same bits however a series is cut, run and ordered."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.engine import sessions
from inference.engine.enhance import enhance
from inference.engine.sessions import SessionCache, probe_feeds
from inference.engine.slice_runs import infer
from inference.engine.tiles import tiles
from inference.ops.frame import Frame
from inference.packs.manifest import Task, TileSpec
from inference.packs.store import Pack, PackStore, load_pack
from inference.tasks.denoise import DenoiseRequest
from tests.support.data import REPOSITORY
from workstation.core.job import CancelToken

FOLDER = REPOSITORY / "resources" / "model_packs"
IMAGE_PACKS = [
    pack.manifest.pack_id
    for pack in PackStore(FOLDER).packs()
    if pack.manifest.task is not Task.DRAFT_FINDINGS
]
SIZES = [(512, 512), (333, 411), (769, 1030)]


def pack_named(name: str) -> Pack:
    return load_pack(FOLDER / name)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", IMAGE_PACKS)
def test_tiles_are_bit_for_bit_the_whole_slice(name: str, size: tuple[int, int]) -> None:
    pack = pack_named(name)
    manifest, session = pack.manifest, SessionCache().get(pack)
    feeds = probe_feeds(pack, size)
    holes = np.random.default_rng(2).random(feeds["missing"].shape[1:]) < 0.05
    maps = {"sigma": feeds["sigma"][0], "missing": holes.astype(np.float32)}
    frame = Frame(feeds["slices"][0], feeds["slices"][0, manifest.input.neighbours // 2])
    small = TileSpec(2 * manifest.tiles.overlap_px + 140, manifest.tiles.overlap_px)
    uncut = TileSpec(2000, manifest.tiles.overlap_px)

    def made(spec: TileSpec) -> NDArray[np.float32]:
        values = {"profile": feeds["profile"]}
        return infer(session, manifest, frame, maps=maps, values=values, spec=spec)

    assert len(list(tiles(size, small, manifest.input.size_multiple))) >= 4
    np.testing.assert_array_equal(made(small), made(uncut))


@pytest.mark.parametrize("name", IMAGE_PACKS)
def test_the_number_of_threads_changes_no_bit(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = pack_named(name)
    feeds = probe_feeds(pack, (204, 300))
    results = []
    for count in (1, 2, 3):
        monkeypatch.setattr(sessions, "threads", lambda count=count: count)
        results.append(SessionCache().get(pack).run(feeds))

    np.testing.assert_array_equal(results[1], results[0])
    np.testing.assert_array_equal(results[2], results[0])


@pytest.mark.parametrize(
    "name", [name for name in IMAGE_PACKS if pack_named(name).manifest.task is Task.DENOISE]
)
def test_the_order_of_the_slices_changes_no_bit(name: str) -> None:
    pack = pack_named(name)
    modality = pack.manifest.modalities[0]
    level, sigma = (40, 20) if modality == "CT" else (400, 25)
    noise = np.random.default_rng(5).normal(level, sigma, (7, 96, 100))
    voxels = noise.astype(np.int16)

    def made(first_index: int) -> NDArray[np.int16]:
        result = np.zeros_like(voxels)
        enhance(
            pack,
            DenoiseRequest(name, modality, (0.8, 0.8, 3.0), None, first_index),
            voxels,
            result,
            sessions=SessionCache(),
            report=lambda _part, _slices: None,
            cancel=CancelToken(),
        )
        return result

    np.testing.assert_array_equal(made(6), made(0))
    assert (made(0) != voxels).any()


def test_every_embedded_pack_is_asked() -> None:
    assert set(IMAGE_PACKS) >= {"ct-denoise", "ct-denoise-fine", "mr-denoise", "superres-ct"}
