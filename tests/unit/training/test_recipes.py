"""Three steps of each recipe on invented data give a pack model that keeps its promise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inference.engine.onnx_safety import require_self_contained
from inference.engine.sessions import CPU, open_session

torch = pytest.importorskip("torch", reason="training needs torch: install the extra vlm")

from inference.training import denoise, export, simulate, superres  # noqa: E402 - they need torch

pytestmark = pytest.mark.training

SIZE = 48


@pytest.fixture(scope="module")
def pool() -> simulate.NoisePool:
    torch.manual_seed(1)
    body = simulate.water_disc(96, pixel_mm=2.0, radius_mm=80)
    return simulate.noise_pool([body], pixel_mm=2.0, each=8)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory, pool: simulate.NoisePool) -> bytes:
    reference = np.random.default_rng(2).normal(40, 5, (6, 64, 64)).astype(np.float32)
    batches = denoise.DenoiseBatches([reference], pool, seed=3)
    recipe = denoise.DenoiseRecipe(steps=3, width=8)
    network = denoise.train(batches, recipe, pairs=2, size=SIZE)
    # A network that was trained for long could want any change: three steps stand for it tenfold.
    with torch.no_grad():
        network.head.weight.add_(torch.randn_like(network.head.weight))
    path = tmp_path_factory.mktemp("export") / "model.onnx"
    export.export_denoiser(network, path)
    return path.read_bytes()


@pytest.mark.parametrize("shape", [(64, 64), (50, 82)])
def test_no_voxel_changes_by_more_than_three_sigma(model: bytes, shape: tuple[int, int]) -> None:
    require_self_contained(model)
    session = open_session(model, CPU)
    random = np.random.default_rng(5)
    slices = random.normal(0, 400, (1, 3, *shape)).astype(np.float32)

    result = session.run({"slices": slices, "sigma": np.full((1, 1, *shape), 10, np.float32)})

    change = np.abs(result - slices[:, 1:2])
    assert change.max() <= 30 * (1 + 1e-4)
    assert change.max() > 15


def test_the_same_seed_gives_the_same_weights(pool: simulate.NoisePool) -> None:
    recipe = denoise.DenoiseRecipe(steps=2, width=8)
    reference = np.full((5, 64, 64), 30, np.float32)

    first, second = (
        denoise.train(denoise.DenoiseBatches([reference], pool, 3), recipe, pairs=2, size=SIZE)
        for _ in range(2)
    )

    for one, other in zip(first.parameters(), second.parameters(), strict=True):
        assert torch.equal(one, other)


def test_a_super_resolved_pair_always_averages_to_its_slice(tmp_path: Path) -> None:
    stack = np.random.default_rng(1).random((20, 64, 64)).astype(np.float32)
    batches = superres.SuperResolveBatches([stack], seed=2)
    network = superres.train(
        batches, superres.SuperResolveRecipe(steps=3, width=8), count=2, size=32
    )
    with torch.no_grad():
        network.head.weight.add_(torch.randn_like(network.head.weight))
    export.export_super_resolver(network, tmp_path / "model.onnx")
    session = open_session((tmp_path / "model.onnx").read_bytes(), CPU)
    slices = np.random.default_rng(3).random((1, 5, 33, 47)).astype(np.float32)

    pair = session.run({"slices": slices})

    np.testing.assert_allclose(pair.mean(axis=1), slices[:, 2], atol=1e-5)
    assert np.abs(pair[:, 0] - pair[:, 1]).max() > 0.1


def test_simulated_noise_is_that_of_a_scanner(pool: simulate.NoisePool) -> None:
    noise = pool.fields.float().numpy()
    window = np.outer(np.hanning(64), np.hanning(64))
    power = np.mean([np.abs(np.fft.fft2(n[16:80, 16:80] * window)) ** 2 for n in noise], axis=0)
    radius = np.hypot(*np.meshgrid(np.fft.fftfreq(64), np.fft.fftfreq(64)))

    low = power[(radius > 0) & (radius < 0.05)].mean()
    middle = power[(radius > 0.1) & (radius < 0.2)].mean()

    # Ramp-filtered: little at low frequencies (white noise would have as much as in the middle).
    assert low < 0.5 * middle
    assert noise[:, 36:60, 36:60].std() == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("amount", [0.2, 1.0])
def test_correlated_slices_keep_their_noise_level(amount: float) -> None:
    torch.manual_seed(4)
    noise = torch.randn(3, 200, 200)

    mixed = simulate.correlate_slices(noise, amount)

    assert mixed.std(dim=(1, 2)).numpy() == pytest.approx(1, abs=0.02)
    assert float((mixed[0] * mixed[1]).mean()) > 0.15
