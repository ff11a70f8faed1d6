"""What the recipe of the proposers hides, and what their network holds to whatever its weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference.engine.onnx_safety import require_self_contained
from inference.engine.providers import CPU
from inference.engine.sessions import open_session

torch = pytest.importorskip("torch", reason="training needs torch: install the extra vlm")

from inference.training.fill import (  # noqa: E402
    FillBatches,
    FillRecipe,
    hidden,
    train,
    weights_of,
)
from inference.training.fill_export import export_filler  # noqa: E402
from inference.training.fill_network import MARGIN, NEIGHBOURS, FillNet  # noqa: E402

pytestmark = pytest.mark.training

SIZE = 32


def wild(*, has_curve: bool = False) -> FillNet:
    torch.manual_seed(3)
    network = FillNet(has_curve=has_curve).eval()
    with torch.no_grad():
        for weight in network.parameters():
            weight.normal_(0, 0.3)
    return network


def slices(seed: int = 1) -> Any:  # noqa: ANN401 - torch is no dependency of the tests
    torch.manual_seed(seed)
    return torch.randn(2, NEIGHBOURS, SIZE, SIZE)


def missing(*places: int) -> Any:  # noqa: ANN401 - as above
    made = torch.zeros(2, NEIGHBOURS, SIZE, SIZE)
    made[:, list(places)] = 1
    return made


@pytest.mark.parametrize("has_curve", [False, True])
@pytest.mark.parametrize("places", [(2,), (2, 3), (1, 2), (0, 2), (2, 4)])
def test_whatever_the_weights_the_range_of_what_was_scanned_is_kept(
    places: tuple[int, ...], has_curve: bool
) -> None:
    given, lost = slices(), missing(*places)
    near = [max(k for k in (0, 1) if k not in places), min(k for k in (3, 4) if k not in places)]

    with torch.no_grad():
        result = wild(has_curve=has_curve)(given * (1 - lost), lost)

    sides = given[:, near]
    margin = MARGIN * (sides.amax() - sides.amin()) + 0.01
    assert float(result.max()) <= float(sides.amax() + margin)
    assert float(result.min()) >= float(sides.amin() - margin)


@pytest.mark.parametrize(("places", "share"), [((2,), 1 / 2), ((2, 3), 1 / 3), ((1, 2), 2 / 3)])
def test_a_network_that_learnt_nothing_interpolates_linearly(
    places: tuple[int, ...], share: float
) -> None:
    given, lost = slices(), missing(*places)
    lower = given[:, max(k for k in (0, 1) if k not in places)]
    upper = given[:, min(k for k in (3, 4) if k not in places)]

    with torch.no_grad():
        result = FillNet()(given * (1 - lost), lost)[:, 0]

    assert torch.allclose(result, lower + share * (upper - lower), atol=1e-4)


@pytest.mark.parametrize("places", [(2,), (2, 3), (1, 2)])
def test_the_curve_is_exact_on_a_parabola(places: tuple[int, ...]) -> None:
    at = torch.arange(NEIGHBOURS, dtype=torch.float32) - 2
    ramp = torch.linspace(-0.1, 0.1, SIZE)[None, None, None, :]
    given = (0.3 + 0.4 * at + 0.2 * at**2)[None, :, None, None] + ramp.expand(2, 1, SIZE, SIZE)
    lost = missing(*places)
    network = FillNet(has_curve=True)
    with torch.no_grad():
        network.head.bias[4:] = 1

        result = network(given * (1 - lost), lost)[:, 0]

    assert torch.allclose(result, given[:, 2], atol=2e-3)


def test_what_missing_voxels_hold_changes_nothing() -> None:
    given, lost = slices(), missing(2, 3)
    network = wild(has_curve=True)

    with torch.no_grad():
        zeros = network(given * (1 - lost), lost)
        again = network(slices(9) * lost * 0 + given * (1 - lost), lost)

    assert torch.equal(zeros, again)


def test_the_middle_is_always_hidden_and_never_all_of_one_side() -> None:
    random = np.random.default_rng(5)
    for _ in range(300):
        made = hidden(random, SIZE)
        assert made[2].any()
        lost = made[2] > 0
        below = (made[0] > 0) & (made[1] > 0) & lost
        above = (made[3] > 0) & (made[4] > 0) & lost
        assert not below.any()
        assert not above.any()


@pytest.mark.parametrize("has_curve", [False, True])
def test_three_steps_give_a_model_of_any_size_that_says_what_the_network_says(
    tmp_path: Path, has_curve: bool
) -> None:
    k, j, i = np.indices((24, 48, 48))
    tubes = (np.hypot(j - 24, i - 12 - k) < 7).astype(np.float32)
    batches, recipe = FillBatches([(tubes, (1,))], 2), FillRecipe(steps=3, seconds=60, seed=1)
    network = train(batches, recipe, has_curve=has_curve, count=2, size=SIZE)

    export_filler(network, tmp_path / "model.onnx")

    for name, weight in weights_of(tmp_path / "model.onnx").items():
        assert torch.equal(weight, network.state_dict()[name])
    model = (tmp_path / "model.onnx").read_bytes()
    require_self_contained(model)
    session = open_session(model, CPU)
    assert session.inputs == ("slices", "missing")
    given = torch.randn(1, NEIGHBOURS, 40, 52)
    lost = torch.zeros_like(given)
    lost[:, 2] = 1
    with torch.no_grad():
        expected = network(given * (1 - lost), lost).numpy()
    made = session.run({"slices": (given * (1 - lost)).numpy(), "missing": lost.numpy()})
    assert np.allclose(made, expected, atol=1e-4)


def test_draws_of_ct_are_the_scan_itself() -> None:
    stack = np.random.default_rng(1).random((9, SIZE, SIZE)).astype(np.float32)

    given, wanted, _ = FillBatches([(stack, (1,))], 1).draw(8, SIZE)

    assert torch.equal(given, wanted)
    assert float(given.max()) <= float(stack.max())


def test_draws_of_mr_have_their_noise_in_what_is_given_alone() -> None:
    still = np.full((12, 2 * SIZE, 2 * SIZE), 0.8, np.float32)
    still[:, :, SIZE:] = 0.2

    given, wanted, _ = FillBatches([(still, (1,))], 1, is_mr=True).draw(60, SIZE)

    spread = (given - wanted).std(dim=(1, 2, 3))
    assert 0.35 < float((spread > 0).float().mean()) < 0.75
    assert 0.03 < float(spread.max()) < 0.06
    parts = wanted.flatten(1)
    assert bool(((parts - 0.8).abs().amin(1) < 0.005).any())
    assert float(torch.minimum((parts - 0.8).abs(), (parts - 0.2).abs()).max()) < 0.02


def test_a_stack_of_few_slices_is_not_resampled() -> None:
    stack = np.random.default_rng(1).random((NEIGHBOURS, SIZE, SIZE)).astype(np.float32)

    given, wanted, _ = FillBatches([(stack, (1,))], 1, is_mr=True).draw(40, SIZE)

    assert given.shape == wanted.shape == (40, NEIGHBOURS, SIZE, SIZE)


def test_training_goes_on_from_weights_without_a_curve() -> None:
    torch.manual_seed(4)
    plain = FillNet()
    with torch.no_grad():
        plain.head.weight.normal_(0, 0.1)
    stack = np.random.default_rng(1).random((9, SIZE, SIZE)).astype(np.float32)

    started = train(
        FillBatches([(stack, (1,))], 1),
        FillRecipe(steps=0),
        has_curve=True,
        start=plain.state_dict(),
    )

    given, lost = slices(), missing(2)
    with torch.no_grad():
        assert torch.equal(started(given * (1 - lost), lost), plain(given * (1 - lost), lost))
