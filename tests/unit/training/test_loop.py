"""A training that is broken off and goes on from its checkpoint ends with the same weights."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from torch import Tensor

torch = pytest.importorskip("torch", reason="training needs torch: install the extra vlm")

from inference.training.loop import (  # noqa: E402 - needs torch
    Progress,
    Rate,
    Training,
    average_into,
)

pytestmark = pytest.mark.training

STEPS = 6
RATE = Rate(0.1, warm_steps=4, least=0.01)


def begun(checkpoint: Path | None) -> Training:
    torch.manual_seed(1)
    network, average = torch.nn.Linear(3, 2), torch.nn.Linear(3, 2)
    average.load_state_dict(network.state_dict())
    return Training(network, average, torch.optim.AdamW(network.parameters()), checkpoint)


def run(training: Training, stop: int) -> Tensor:
    for step in range(training.resume().step, stop):
        RATE.set(training.optimizer, step, step / STEPS)
        given = torch.randn(4, 3, generator=torch.Generator().manual_seed(step))
        training.optimizer.zero_grad()
        training.network(given).square().mean().backward()
        training.optimizer.step()
        average_into(training.average, training.network, step)
    training.keep(Progress(stop, 2.5))
    return torch.cat([weights.detach().flatten() for weights in training.average.parameters()])


def test_a_training_that_was_broken_off_ends_with_the_weights_of_one_that_was_not(
    tmp_path: Path,
) -> None:
    whole = run(begun(None), STEPS)
    half = run(begun(tmp_path / "kept.pt"), STEPS // 2)

    assert torch.equal(run(begun(tmp_path / "kept.pt"), STEPS), whole)
    assert not torch.equal(half, whole)


def test_a_checkpoint_tells_the_steps_and_the_time_they_took(tmp_path: Path) -> None:
    begun(tmp_path / "kept.pt").keep(Progress(7, 12.5))

    assert begun(tmp_path / "kept.pt").resume() == Progress(7, 12.5)
    assert [path.name for path in tmp_path.glob("kept*")] == ["kept.pt"]


def test_the_rate_rises_in_a_line_and_ends_at_its_least() -> None:
    optimizer = begun(None).optimizer
    rates = []
    for step, done in ((0, 0.0), (1, 0.0), (3, 0.0), (9, 0.5), (9, 1.0)):
        RATE.set(optimizer, step, done)
        rates.append(optimizer.param_groups[0]["lr"])

    assert rates == pytest.approx([0.02525, 0.0505, 0.101, 0.051, 0.001])
