"""What a super-resolution makes averages to what was scanned, or the scanned slice stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.engine import memory
from inference.engine.sessions import SessionCache
from inference.engine.super_resolve import super_resolve
from inference.engine.told import Told
from inference.packs.store import Pack, load_pack
from inference.tasks.denoise import EnhanceResult
from inference.tasks.super_resolve import Direction, SuperResolveRequest
from tests.support.model_packs import (
    noisy_water,
    pair_model,
    profile_model,
    ramp_model,
    write_resolver,
)
from workstation.core.errors import CancelledError, InputRefusedError, WorkerOutOfMemoryError
from workstation.core.job import CancelToken

SPACING = (0.8, 0.8, 3.0)
SIZE = 32
PROFILES = [(1.0, 0.0), (0.6, 0.0), (1.2, 0.0), (1.5, 0.0), (0.7, 1.0), (1.2, 1.0)]
LAYERS = 420
"""Layers per slice spacing by which averages are summed up here; whole for every factor."""


def run(
    pack: Pack,
    voxels: NDArray[Any],
    *,
    seen: list[int] | None = None,
    cancel: CancelToken | None = None,
    **asked: Any,  # noqa: ANN401 - of the request
) -> tuple[EnhanceResult, NDArray[Any]]:
    direction = pack.manifest.input.direction or Direction.THROUGH_PLANE
    request = SuperResolveRequest("x", "CT", SPACING, direction=direction, **asked)
    result = np.zeros(request.result_shape(voxels.shape), voxels.dtype)

    def report(_part: float, slices: tuple[int, ...]) -> None:
        if seen is not None:
            seen.extend(slices)

    done = super_resolve(
        pack,
        request,
        voxels,
        result,
        sessions=SessionCache(),
        report=report,
        cancel=cancel or CancelToken(),
    )
    return done, result


def pair_pack(folder: Path, model: bytes, **keys: Any) -> Pack:  # noqa: ANN401 - as write_pack
    return load_pack(write_resolver(folder, model, **keys))


def plane_pack(folder: Path) -> Pack:
    return load_pack(write_resolver(folder, ramp_model(is_in_plane=True), is_in_plane=True))


def scanned(fine: NDArray[Any], count: int, ratio: float, shape: float) -> NDArray[np.float64]:
    """Return what a scanner with a profile sees of a result, summed up layer by layer.

    Beyond the ends the outermost slice goes on. A box has even weight over its thickness; the
    Gaussian ends at three deviations, as its pack says.
    """
    layers = np.repeat(fine.astype(np.float64), LAYERS * count // len(fine), axis=0)
    sigma = ratio / (2 * np.sqrt(2 * np.log(2)))
    half = ratio / 2 if shape == 0 else np.ceil(3 * sigma * len(fine) / count) * count / len(fine)
    at = (np.arange(-3 * LAYERS, 3 * LAYERS) + 0.5) / LAYERS
    weights = (np.abs(at) < half) * (1.0 if shape == 0 else np.exp(-0.5 * (at / sigma) ** 2))
    weights /= weights.sum()
    rows = []
    for k in range(count):
        places = np.floor((k + 0.5 + at) * LAYERS).astype(int)
        column = np.clip(places, 0, len(layers) - 1)
        rows.append(np.tensordot(weights, layers[column], 1))
    return np.stack(rows)


def squares(fine: NDArray[Any], factor: int) -> NDArray[np.float64]:
    k, j, i = fine.shape
    parts = fine.reshape(k, j // factor, factor, i // factor, factor)
    return parts.mean(axis=(2, 4), dtype=np.float64)


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


@pytest.mark.parametrize("factor", [2, 4])
@pytest.mark.parametrize("profile", PROFILES)
def test_a_slope_through_the_slices_is_found_where_it_lies_in_millimetres(
    tmp_path: Path, profile: tuple[float, float], factor: int
) -> None:
    pack = pair_pack(tmp_path, ramp_model(is_in_plane=False))
    at = np.arange(61)[:, None, None] * SPACING[2]
    voxels = np.broadcast_to(10 * at, (61, 6, 5)).astype(np.float32)

    _, result = run(pack, voxels, factor=factor, profile_ratio=profile[0], profile_shape=profile[1])

    step = SPACING[2] / factor
    places = (np.arange(61 * factor) - (factor - 1) / 2) * step
    inner = slice(factor * 28, factor * 33)
    # The model sees zeros around the picture, and the ends of the stack no slope.
    np.testing.assert_allclose(result[inner, 3, 3], 10 * places[inner], atol=0.02)


@pytest.mark.parametrize("factor", [2, 4])
def test_a_slope_in_the_planes_is_found_where_it_lies_in_millimetres(
    tmp_path: Path, factor: int
) -> None:
    pack = plane_pack(tmp_path)
    i_mm, j_mm = np.arange(21) * SPACING[0], np.arange(17)[:, None] * SPACING[1]
    voxels = np.broadcast_to(30 * i_mm + 70 * j_mm, (3, 17, 21)).astype(np.float32)

    done, result = run(pack, voxels, factor=factor)

    def finer(count: int) -> NDArray[np.float64]:
        # The first new pixel lies before the first old one by half of what it is narrower.
        return (np.arange(count * factor) - (factor - 1) / 2) * SPACING[0] / factor

    inner = slice(3 * factor, 14 * factor)
    truth = 30 * finer(21) + 70 * finer(17)[:, None]
    np.testing.assert_allclose(result[1, inner, inner], truth[inner, inner], rtol=1e-5)
    assert done.figures.slices_left_original == 0


@pytest.mark.parametrize("factor", [2, 4])
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("dtype", [np.int16, np.float32])
def test_the_result_averaged_as_the_scanner_averaged_gives_every_scanned_value_back(
    tmp_path: Path, profile: tuple[float, float], factor: int, dtype: type[np.generic]
) -> None:
    pack = pair_pack(tmp_path, ramp_model(is_in_plane=False))
    voxels = np.random.default_rng(3).integers(-1000, 3000, (30, 7, 9)).astype(dtype)

    done, result = run(
        pack, voxels, factor=factor, profile_ratio=profile[0], profile_shape=profile[1]
    )

    off = np.abs(scanned(result, 30, *profile) - voxels).max()
    # Sums of layers miss the edge of a box by part of a layer: up to 1 / 420 of 4,000 HU's noise.
    fineness = 0.0 if float(profile[0] * LAYERS).is_integer() and profile[1] == 0 else 0.02
    assert off < 0.5 + fineness
    assert done.figures.consistency == pytest.approx(off, abs=0.02)
    assert done.figures.slices_left_original == 0
    assert np.abs(np.diff(result.astype(float), axis=0)).max() > 100


@pytest.mark.parametrize("factor", [2, 4])
@pytest.mark.parametrize("size", [(1, 1), (3, 1), (5, 7), (2, 33)])
def test_squares_of_pixels_average_to_the_scanned_pixel(
    tmp_path: Path, factor: int, size: tuple[int, int]
) -> None:
    pack = plane_pack(tmp_path)
    voxels = np.random.default_rng(4).integers(-1000, 3000, (3, *size)).astype(np.int16)

    done, result = run(pack, voxels, factor=factor)

    np.testing.assert_array_equal(squares(result, factor), voxels)
    assert done.figures.consistency == 0
    assert done.figures.slices_left_original == 0


@pytest.mark.parametrize("profile", PROFILES[::2])
@pytest.mark.parametrize("size", [(1, 1), (1, 6)])
def test_the_smallest_stacks_are_taken_apart_too(
    tmp_path: Path, profile: tuple[float, float], size: tuple[int, int]
) -> None:
    pack = pair_pack(tmp_path, ramp_model(is_in_plane=False))
    voxels = np.random.default_rng(5).integers(0, 900, (3, *size)).astype(np.int16)

    done, result = run(pack, voxels, factor=4, profile_ratio=profile[0], profile_shape=profile[1])

    assert done.figures.consistency < 0.5
    assert result.shape == (12, *size)


@pytest.mark.parametrize("profile", PROFILES[1::2])
@pytest.mark.parametrize("value", [-1024, 17, 32767])
def test_an_even_image_stays_even(tmp_path: Path, profile: tuple[float, float], value: int) -> None:
    pack = pair_pack(tmp_path, pair_model(0.0))
    voxels = np.full((9, 12, 12), value, np.int16)

    done, result = run(pack, voxels, profile_ratio=profile[0], profile_shape=profile[1])

    assert (result == value).all()
    assert done.figures.consistency < 1e-9


def test_a_pair_of_whole_numbers_at_the_end_of_their_range_keeps_its_mean(tmp_path: Path) -> None:
    pack = pair_pack(tmp_path, pair_model(50.0))
    voxels = noisy_water(count=3, size=SIZE)
    voxels[:, :8] = 32760

    _, result = run(pack, voxels)

    pairs = result.reshape(3, 2, SIZE, SIZE).astype(np.int64)
    np.testing.assert_array_equal(pairs.sum(axis=1), 2 * voxels.astype(np.int64))


def test_nothing_is_darker_than_air(tmp_path: Path) -> None:
    pack = pair_pack(tmp_path, pair_model(300.0))
    voxels = np.full((4, 8, 8), -1000, np.int16)

    _, result = run(pack, voxels)

    assert result.min() == -1024
    np.testing.assert_array_equal(result[0::2] + result[1::2], 2 * voxels)


def test_a_pair_that_moves_the_mean_is_thrown_away_and_told(tmp_path: Path) -> None:
    pack = pair_pack(tmp_path, pair_model(7, offset=2))
    voxels = noisy_water(count=3, size=SIZE).astype(np.float32)

    done, result = run(pack, voxels)

    np.testing.assert_array_equal(result, np.repeat(voxels, 2, axis=0))
    assert done.figures.slices_left_original == 3


def test_a_slice_that_cannot_be_made_to_average_is_the_scanned_one_and_told(
    tmp_path: Path,
) -> None:
    pack = pair_pack(tmp_path, pair_model(0.0))
    # Bright and dark slices in turn would have to come from values that int16 cannot hold.
    voxels = np.full((9, 4, 4), -32768, np.int16)
    voxels[::2] = 32767

    done, result = run(pack, voxels, profile_ratio=1.5)

    assert done.figures.slices_left_original == 9
    np.testing.assert_array_equal(result, np.repeat(voxels, 2, axis=0))
    assert done.figures.consistency == 0


def test_the_model_is_told_the_profile(tmp_path: Path) -> None:
    pack = pair_pack(tmp_path, profile_model())
    voxels = np.full((5, 8, 8), 40.0, np.float32)

    _, result = run(pack, voxels, profile_ratio=0.75)

    np.testing.assert_allclose(result[0::2] - result[1::2], 2 * 0.75, atol=1e-4)


def test_outside_the_scanned_field_nothing_is_made(tmp_path: Path) -> None:
    pack = pair_pack(tmp_path, pair_model(20.0))
    voxels = noisy_water(count=6, size=SIZE)
    voxels[:, :9] = -2000
    voxels[3, 9:12] = -2000

    done, result = run(pack, voxels, padding=-2000, profile_ratio=1.2)

    assert (result[:, :9] == -2000).all()
    assert (result[6:8, 9:12] == -2000).all()
    assert (result[:, 12:] > -500).all()
    assert done.figures.consistency < 0.5
    assert done.figures.slices_left_original == 0


@pytest.mark.parametrize("ratio", [1.0, 1.2])
def test_the_visible_slice_comes_first_and_every_slice_once(tmp_path: Path, ratio: float) -> None:
    pack = pair_pack(tmp_path, pair_model(1.0))
    seen: list[int] = []

    run(pack, noisy_water(count=20, size=16), first_index=13, profile_ratio=ratio, seen=seen)

    near = sorted(seen[:6])
    assert near == list(range(near[0], near[0] + 6))
    assert {26, 27} <= set(near)
    assert sorted(seen) == list(range(40))


@pytest.mark.parametrize("profile", [(1.0, 0.0), (1.2, 1.0)])
def test_when_the_reader_looks_elsewhere_the_work_goes_there_and_gives_the_same(
    tmp_path: Path, profile: tuple[float, float]
) -> None:
    pack = pair_pack(tmp_path, ramp_model(is_in_plane=False))
    voxels = np.random.default_rng(6).integers(-1000, 3000, (70, 4, 4)).astype(np.int16)
    told, seen = Told(), list[int]()

    def report(_part: float, slices: tuple[int, ...]) -> None:
        seen.extend(slices)
        told.look_at({6: 60, 20: 33}.get(len(seen), told.focus or 2))

    request = SuperResolveRequest(
        "x", "CT", SPACING, profile_ratio=profile[0], profile_shape=profile[1]
    )
    result = np.zeros((140, 4, 4), np.int16)
    super_resolve(
        pack,
        request,
        voxels,
        result,
        sessions=SessionCache(),
        report=report,
        cancel=CancelToken(),
        told=told,
    )

    straight = run(pack, voxels, profile_ratio=profile[0], profile_shape=profile[1])[1]
    np.testing.assert_array_equal(result, straight)
    assert set(range(112, 128)) & set(seen[6:24])
    assert sorted(seen) == list(range(140))


def test_a_cancelled_run_stops_within_a_slice(tmp_path: Path) -> None:
    pack = pair_pack(tmp_path, pair_model(1.0))
    token, started = CancelToken(), []

    def report(_part: float, _slices: tuple[int, ...]) -> None:
        started.append(1)
        token.cancel()

    voxels = noisy_water(count=20, size=16)
    with pytest.raises(CancelledError):
        super_resolve(
            pack,
            SuperResolveRequest("x", "CT", SPACING, profile_ratio=1.4),
            voxels,
            np.zeros((40, 16, 16), np.int16),
            sessions=SessionCache(),
            report=report,
            cancel=token,
        )

    assert len(started) == 1


def test_slices_that_overlap_too_much_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefusedError, match="2\\.00 times as thick"):
        run(pair_pack(tmp_path, pair_model(1.0)), noisy_water(count=3, size=16), profile_ratio=2.0)


def test_a_pack_for_the_other_direction_is_refused(tmp_path: Path) -> None:
    voxels = noisy_water(count=3, size=16)

    with pytest.raises(InputRefusedError, match="another direction"):
        super_resolve(
            plane_pack(tmp_path),
            SuperResolveRequest("x", "CT", SPACING),
            voxels,
            np.zeros((6, 16, 16), np.int16),
            sessions=SessionCache(),
            report=lambda _part, _slices: None,
            cancel=CancelToken(),
        )


def test_a_run_whose_neighbours_would_not_fit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = pair_pack(tmp_path, pair_model(1.0))
    voxels = noisy_water(count=9, size=64)
    monkeypatch.setattr(memory, "available", lambda: 2_000_000)

    run(pack, voxels)
    with pytest.raises(WorkerOutOfMemoryError):
        run(pack, voxels, profile_ratio=1.5)
