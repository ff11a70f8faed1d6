"""What is proposed lies between what was scanned around it; what was scanned stays as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.engine import memory
from inference.engine.fill import MARGIN, fill
from inference.engine.sessions import SessionCache
from inference.engine.tiles import tiles
from inference.packs.store import load_pack
from inference.tasks.fill import FillRequest, FillResult
from tests.support.fake_providers import CPU, Card, install
from tests.support.fill_packs import between_model, broken_model, constant_model, write_filler
from workstation.core.errors import CancelledError
from workstation.core.filled import FilledBox, whole_slice
from workstation.core.job import CancelToken

SHAPE = (7, 16, 20)
SPACING = (0.8, 0.8, 3.0)


def slope() -> NDArray[np.int16]:
    """A volume whose values grow by 40 per slice, 3 per row and 2 per column."""
    k, j, i = np.indices(SHAPE)
    return (40 * k + 3 * j + 2 * i - 100).astype(np.int16)


def run(
    folder: Path,
    model: bytes,
    voxels: NDArray[Any],
    *boxes: FilledBox,
    cancel: CancelToken | None = None,
    **asked: Any,  # noqa: ANN401 - of the request
) -> tuple[FillResult, NDArray[Any], list[int]]:
    pack = load_pack(write_filler(folder, model))
    given, result = voxels.copy(), np.full_like(voxels, -5)
    told: list[int] = []
    for box in boxes:
        given[box.k, slice(*box.rows), slice(*box.columns)] = 3000
    done = fill(
        pack,
        FillRequest("fill-test", "CT", SPACING, boxes, **asked),
        given,
        result,
        sessions=SessionCache(),
        report=lambda _part, slices: told.extend(slices),
        cancel=cancel or CancelToken(),
    )
    return done, result, told


def test_a_missing_slice_of_a_slope_comes_back(tmp_path: Path) -> None:
    voxels = slope()

    done, result, told = run(tmp_path, between_model(), voxels, whole_slice(3, SHAPE))

    assert np.array_equal(result[3], voxels[3])
    assert told == [3]
    assert (done.figures.slices, done.figures.voxels) == (1, SHAPE[1] * SHAPE[2])
    assert done.figures.voxels_held == done.figures.slices_interpolated == 0


def test_what_a_missing_voxel_holds_is_never_looked_at(tmp_path: Path) -> None:
    voxels = slope()
    box = FilledBox(3, (4, 9), (0, 20))

    _, result, _ = run(tmp_path, between_model(), voxels, box)

    assert np.array_equal(result[3, 4:9], voxels[3, 4:9])


def test_scanned_voxels_of_a_slice_with_lost_rows_stay_bit_for_bit(tmp_path: Path) -> None:
    voxels = slope()
    box = FilledBox(2, (5, 8), (3, 11))

    _, result, _ = run(tmp_path, constant_model(30.0), voxels, box)

    inside = np.zeros(SHAPE[1:], dtype=bool)
    inside[5:8, 3:11] = True
    assert np.array_equal(result[2][~inside], voxels[2][~inside])
    assert not np.array_equal(result[2][inside], voxels[2][inside])


@pytest.mark.parametrize("wild", [9000.0, -9000.0])
def test_a_wild_model_is_held_in_the_range_of_what_was_scanned_around(
    tmp_path: Path, wild: float
) -> None:
    voxels = slope()

    done, result, _ = run(tmp_path, constant_model(wild), voxels, whole_slice(3, SHAPE))

    around = voxels[[2, 4]]
    margin = MARGIN * (float(around.max()) - float(around.min())) + 1
    assert around.min() - margin <= result[3].min()
    assert result[3].max() <= around.max() + margin
    assert done.figures.voxels_held == SHAPE[1] * SHAPE[2]


def test_the_range_is_that_of_the_neighborhood_and_not_of_the_slice(tmp_path: Path) -> None:
    voxels = np.zeros(SHAPE, dtype=np.int16)
    voxels[:, :, 15:] = 1000

    _, result, _ = run(tmp_path, constant_model(500.0), voxels, whole_slice(3, SHAPE))

    assert (result[3, :, :11] == 0).all()
    assert (result[3, :, 13:17] == 500).all()


def test_a_model_without_numbers_is_replaced_by_linear_interpolation(tmp_path: Path) -> None:
    voxels = slope()

    done, result, _ = run(tmp_path, broken_model(), voxels, whole_slice(3, SHAPE))

    assert np.array_equal(result[3], voxels[3])
    assert done.figures.slices_interpolated == 1


def test_two_in_a_row_are_interpolated_by_their_distances(tmp_path: Path) -> None:
    voxels = slope()

    _, result, told = run(
        tmp_path, broken_model(), voxels, whole_slice(3, SHAPE), whole_slice(4, SHAPE)
    )

    assert np.abs(result[3] - voxels[3]).max() <= 1
    assert np.abs(result[4] - voxels[4]).max() <= 1
    assert sorted(told) == [3, 4]


def test_padding_on_both_sides_stays_padding(tmp_path: Path) -> None:
    voxels = slope()
    voxels[:, :, :5] = -2000

    _, result, _ = run(
        tmp_path, constant_model(30.0), voxels, whole_slice(3, SHAPE), padding=-2000.0
    )

    assert (result[3, :, :5] == -2000).all()
    assert (result[3, :, 9:] > -500).all()


def test_the_slice_on_screen_comes_first(tmp_path: Path) -> None:
    boxes = [whole_slice(k, SHAPE) for k in (1, 3, 5)]

    _, _, told = run(tmp_path, between_model(), slope(), *boxes, first_index=5)

    assert told == [5, 3, 1]


def test_a_cancelled_filling_stops(tmp_path: Path) -> None:
    token = CancelToken()
    token.cancel()

    with pytest.raises(CancelledError):
        run(tmp_path, between_model(), slope(), whole_slice(3, SHAPE), cancel=token)


def test_floats_come_back_as_floats(tmp_path: Path) -> None:
    voxels = slope().astype(np.float32) / 7

    _, result, _ = run(tmp_path, between_model(), voxels, whole_slice(3, SHAPE))

    assert result.dtype == np.float32
    assert np.allclose(result[3], voxels[3], atol=1e-3)


def test_less_memory_gives_the_same_voxels_in_tiles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    voxels = np.random.default_rng(2).normal(40, 30, (7, 300, 200)).astype(np.int16)
    box = whole_slice(3, voxels.shape)
    model, shapes = between_model(), []
    _, whole, _ = run(tmp_path / "whole", model, voxels, box)
    manifest = load_pack(write_filler(tmp_path / "told", model)).manifest

    def counted(*args: Any) -> Any:  # noqa: ANN401
        cuts = tuple(tiles(*args))
        shapes.append(len(cuts))
        return cuts

    monkeypatch.setattr("inference.engine.slice_runs.tiles", counted)
    monkeypatch.setattr(memory, "available", lambda: manifest.memory.estimate_bytes(128 * 128))

    _, tiled, _ = run(tmp_path / "tiled", model, voxels, box)

    assert shapes[0] > 1
    np.testing.assert_array_equal(tiled, whole)


def test_a_provider_that_fails_is_told_and_the_processor_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    voxels = slope()
    box = whole_slice(3, SHAPE)
    _, expected, _ = run(tmp_path / "alone", between_model(), voxels, box)
    install(monkeypatch, Card(fails_from=0))

    done, result, _ = run(tmp_path / "card", between_model(), voxels, box)

    assert done.figures.provider == CPU
    assert done.figures.provider_note == "CUDA is not used: it failed (RuntimeError)"
    np.testing.assert_array_equal(result, expected)
