"""The observer sees what theory says it sees."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.gates.observer import (
    TEMPLATE_PX,
    channel_outputs,
    channel_templates,
    detectability,
    gain,
)

COUNT = 800


def responses(
    signal: NDArray[np.float64], sigma: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    noise = np.random.default_rng(7).normal(0, sigma, (COUNT, *signal.shape))
    place = [(signal.shape[0] // 2, signal.shape[1] // 2)]
    return channel_outputs(noise, place), channel_outputs(noise + signal, place)


@pytest.fixture
def blob() -> NDArray[np.float64]:
    axis = np.arange(64) - 32.0
    found: NDArray[np.float64] = 3 * np.exp(-(axis[:, None] ** 2 + axis[None, :] ** 2) / 18)
    return found


def test_in_white_noise_the_observer_is_the_matched_filter_of_its_channels(
    blob: NDArray[np.float64],
) -> None:
    half = TEMPLATE_PX // 2
    seen = blob[32 - half : 32 + half, 32 - half : 32 + half].ravel()
    templates = channel_templates()
    # For white noise: d'^2 is the energy of the signal inside the span of the channels.
    inside = templates.T @ np.linalg.solve(templates @ templates.T, templates @ seen)
    expected = np.linalg.norm(inside) / 10

    found = detectability(*responses(blob, 10.0))

    assert found == pytest.approx(expected, rel=0.06)
    assert expected > 0.9 * np.linalg.norm(seen) / 10


def test_twice_the_signal_in_the_same_noise_is_twice_as_detectable(
    blob: NDArray[np.float64],
) -> None:
    value, error = gain(responses(blob, 10.0), responses(2 * blob, 10.0), seed=1)

    assert value == pytest.approx(2, rel=1e-6)
    assert error < 0.01


def test_scaling_signal_and_noise_alike_changes_nothing(blob: NDArray[np.float64]) -> None:
    before = responses(blob, 10.0)

    value, error = gain(before, (0.4 * before[0], 0.4 * before[1]), seed=1)

    assert value == pytest.approx(1)
    assert error == pytest.approx(0, abs=1e-9)
