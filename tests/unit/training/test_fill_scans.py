"""The noise and the resampling that MR stacks are learnt with, against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs torch: install the extra vlm")

from inference.training.fill_scans import (
    NOISE_SD,
    noisy,
    resampling,
    spline_weights,
)

pytestmark = pytest.mark.training


@pytest.mark.parametrize("signal", [0.0, 0.5])
def test_noise_does_not_move_the_mean_of_what_is_to_be_given_back(signal: float) -> None:
    random = np.random.default_rng(3)
    for _ in range(5):
        planes = np.full((4, 96, 96), signal, np.float32)

        given, expected = noisy(random, planes)

        assert float(given.mean()) == pytest.approx(float(expected.mean()), abs=0.001)
        assert float(expected.std()) == pytest.approx(0.0, abs=1e-6)
        if signal:
            assert NOISE_SD[0] * 0.9 < float(given.std()) < NOISE_SD[1] * 1.1


def test_a_spline_through_even_places_gives_a_straight_line_back() -> None:
    weights = spline_weights([0, 1, 2, 5, 6], [2.5, 3.0, 4.9])

    assert weights.sum(axis=1) == pytest.approx(1.0)
    assert weights @ np.array([0, 1, 2, 5, 6]) == pytest.approx([2.5, 3.0, 4.9])


def test_a_natural_spline_through_three_slices_is_that_of_the_textbook() -> None:
    """Through (0, 0), (1, 1), (2, 0) it is 1.5 x - 0.5 x^3 on the first half."""
    weights = spline_weights([0, 1, 2], [0.5, 1.0, 1.5])

    assert weights @ np.array([0.0, 1.0, 0.0]) == pytest.approx([0.6875, 1.0, 0.6875])


def test_resampled_slices_lie_between_those_they_come_from() -> None:
    random = np.random.default_rng(4)
    for _ in range(100):
        weights = resampling(random, 5)
        places = weights @ np.arange(weights.shape[1])
        steps = np.diff(places)

        assert weights.sum(axis=1) == pytest.approx(1.0)
        assert steps == pytest.approx(steps[0])
        assert 0.3 <= steps[0] <= 0.9
        assert places[0] >= 1.0
        assert places[-1] <= weights.shape[1] - 2
