"""Three steps of each recipe on invented data give a pack model that keeps its promise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inference.engine.onnx_safety import require_self_contained
from inference.engine.providers import CPU
from inference.engine.sessions import open_session

torch = pytest.importorskip("torch", reason="training needs torch: install the extra vlm")

from inference.training import (  # noqa: E402 - they need torch
    banks,
    batches,
    clean,
    denoise,
    export,
    networks,
    simulate,
)

pytestmark = pytest.mark.training

SIZE = banks.PATCH_PX
SMALL = networks.DenoiseShape(width=8, deep_width=8, before=1, deep=1, after=1)
LEVEL = networks.DenoiseShape(
    width=8, deep_width=8, before=1, deep=1, after=1, has_level=True, has_transform=True
)


@pytest.fixture(scope="module")
def pool() -> simulate.NoisePool:
    # More threads than free cores wait for each other.
    torch.set_num_threads(1)
    torch.manual_seed(1)
    body = simulate.water_disc(128, pixel_mm=1.6, radius_mm=80)
    return simulate.noise_pool([body], pixel_mm=1.6, each=8)


def made(modality: str, pool: simulate.NoisePool | None) -> batches.DenoiseBatches:
    """Return batches over one flat reference and one phantom."""
    random = np.random.default_rng(2)
    value = 40.0 if modality == "CT" else 0.5
    return batches.DenoiseBatches(
        modality,
        references=[batches.Reference(torch.full((7, 120, 120), value), 0.0)],
        phantoms=[np.full((7, 120, 120), value / 2, np.float32)],
        anatomy=torch.stack([simulate.invented_anatomy(random, SIZE) for _ in range(3)]),
        lesions=torch.stack([simulate.faint_lesions(random, SIZE) for _ in range(3)]),
        pool=pool,
        seed=3,
    )


def recipe(modality: str) -> denoise.DenoiseRecipe:
    return denoise.DenoiseRecipe(modality, SMALL if modality == "CT" else LEVEL, steps=3)


@pytest.fixture(scope="module", params=["CT", "MR"])
def network(request: pytest.FixtureRequest, pool: simulate.NoisePool) -> networks.DenoiseNet:
    modality = str(request.param)
    source = made(modality, pool if modality == "CT" else None)
    trained = denoise.train(source, recipe(modality), patches=4)
    # A network that was trained for long could want any change: three steps stand for it tenfold.
    with torch.no_grad():
        trained.head.weight.add_(torch.randn_like(trained.head.weight))
    return trained


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory, network: networks.DenoiseNet) -> bytes:
    path = tmp_path_factory.mktemp("export") / "model.onnx"
    export.export_denoiser(network, path)
    return path.read_bytes()


@pytest.mark.parametrize("shape", [(64, 64), (48, 84)])
def test_no_voxel_changes_by_more_than_three_sigma(model: bytes, shape: tuple[int, int]) -> None:
    require_self_contained(model)
    session = open_session(model, CPU)
    random = np.random.default_rng(5)
    slices = random.normal(0, 400, (1, 5, *shape)).astype(np.float32)

    result = session.run({"slices": slices, "sigma": np.full((1, 1, *shape), 10, np.float32)})

    change = np.abs(result - slices[:, 2:3])
    assert change.max() <= 30 * (1 + 1e-4)
    assert change.max() > 15


def test_a_ct_denoiser_knows_no_zero_and_no_unit(pool: simulate.NoisePool) -> None:
    torch.manual_seed(6)
    network = networks.DenoiseNet(SMALL).eval()
    torch.nn.init.normal_(network.head.weight)
    slices, sigma = torch.randn(1, 5, 32, 32) * 30, torch.full((1, 1, 32, 32), 20.0)

    with torch.no_grad():
        plain = network(slices, sigma)
        shifted = network(slices + 500, sigma)
        scaled = network(slices * 3, sigma * 3)

    assert (plain - slices[:, 2:3]).abs().max() > 10
    assert torch.allclose(shifted, plain + 500, atol=0.05)
    assert torch.allclose(scaled, plain * 3, atol=0.05)


def test_the_same_seed_gives_the_same_weights(pool: simulate.NoisePool) -> None:
    first, second = (denoise.train(made("CT", pool), recipe("CT"), patches=2) for _ in range(2))

    for one, other in zip(first.parameters(), second.parameters(), strict=True):
        assert torch.equal(one, other)


def test_training_that_was_broken_off_goes_on_where_it_was(
    pool: simulate.NoisePool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(denoise, "KEPT_EVERY", 1)
    whole = denoise.train(made("CT", pool), recipe("CT"), patches=2)

    class Stopped(made("CT", pool).__class__):  # type: ignore[misc]
        def draw(self, step: int, count: int) -> batches.Batch:
            if step == 2:
                raise KeyboardInterrupt
            return super().draw(step, count)

    stopped = made("CT", pool)
    stopped.__class__ = Stopped
    with pytest.raises(KeyboardInterrupt):
        denoise.train(stopped, recipe("CT"), patches=2, checkpoint=tmp_path / "kept.pt")
    resumed = denoise.train(
        made("CT", pool), recipe("CT"), patches=2, checkpoint=tmp_path / "kept.pt"
    )

    for one, other in zip(whole.parameters(), resumed.parameters(), strict=True):
        assert torch.equal(one, other)


def test_each_batch_holds_lesions_that_were_added_to_the_same_noise(
    pool: simulate.NoisePool,
) -> None:
    batch = made("CT", pool).draw(0, 4)

    added = (batch.marked - batch.noisy)[:, 2:3]
    assert torch.allclose(added, batch.lesion, atol=0.01)
    assert bool(batch.is_uniform[0])
    assert float(batch.clean[0].max()) == float(batch.clean[0].min())


def test_the_magnitude_of_nothing_is_lifted_by_the_noise() -> None:
    random = np.random.default_rng(1)
    noise = simulate.complex_noise(random, (2, 200, 200))

    image = simulate.magnitude(torch.zeros(2, 200, 200), noise, torch.tensor(10.0))

    # Rayleigh: mean sigma sqrt(pi / 2).
    assert float(image.mean()) == pytest.approx(10 * np.sqrt(np.pi / 2), rel=0.02)


def test_simulated_noise_is_that_of_a_scanner(pool: simulate.NoisePool) -> None:
    noise = pool.fields[0].float().numpy()
    window = np.outer(np.hanning(64), np.hanning(64))
    power = np.mean([np.abs(np.fft.fft2(n[32:96, 32:96] * window)) ** 2 for n in noise], axis=0)
    radius = np.hypot(*np.meshgrid(np.fft.fftfreq(64), np.fft.fftfreq(64)))

    low = power[(radius > 0) & (radius < 0.05)].mean()
    middle = power[(radius > 0.1) & (radius < 0.2)].mean()

    # Ramp-filtered: little at low frequencies (white noise would have as much as in the middle).
    assert low < 0.5 * middle
    assert noise[:, 48:80, 48:80].std() == pytest.approx(1, abs=0.1)


def test_mixed_fields_are_as_strong_as_those_they_were_mixed_from() -> None:
    random = np.random.default_rng(4)

    roots = [simulate.slice_correlation(random, 5) for _ in range(50)]

    for root in roots:
        covariance = root @ root.T
        np.testing.assert_allclose(np.diag(covariance), 1, atol=1e-6)
        assert (covariance > -1e-9).all()
    assert max((root @ root.T)[0, 1] for root in roots) > 0.3
    mixture = simulate.orthonormal(random, 5, 8)
    np.testing.assert_allclose(mixture @ mixture.T, np.eye(5), atol=1e-9)


def test_blocks_without_a_threshold_give_the_middle_slice_back() -> None:
    blocks = networks.BlockShrinkage(5)
    torch.nn.init.zeros_(blocks.threshold)
    slices = torch.randn(2, 5, 32, 44)

    with torch.no_grad():
        result = blocks(slices)

    assert torch.allclose(result, slices[:, 2:3], atol=1e-4)


def test_shrunken_blocks_take_most_noise_and_keep_the_mean() -> None:
    torch.manual_seed(4)
    noise = torch.randn(1, 5, 64, 64)

    with torch.no_grad():
        result = networks.BlockShrinkage(5)(noise + 500)

    assert float(result.std()) < 0.3 * float(noise.std())
    assert float(result.mean()) == pytest.approx(500, abs=0.1)


def test_a_cleaned_reference_is_nearer_to_the_truth_and_keeps_its_edges() -> None:
    torch.manual_seed(5)
    truth = torch.full((6, 64, 64), 0.5)
    truth[:, 20:40, 20:40] = 1.0
    noisy = truth + 0.05 * torch.randn_like(truth)

    result = clean.cleaned(noisy, clean.high_frequency_sigma(noisy, floor=0.1))

    assert float((result - truth).std()) < 0.35 * float((noisy - truth).std())
    assert float((result[:, 30, 21] - result[:, 30, 18]).mean()) == pytest.approx(0.5, abs=0.05)
