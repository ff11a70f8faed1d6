"""What is told of an enhancement is what it did, also where the truth is known to be nothing."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.engine.figures import FigureCounter

SIZE = 160


def smoothed(image: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    """Return the mean of width x width pixels around each, at the edges around the other side."""
    shifts = range(-(width // 2), width // 2 + 1)
    rolled = [np.roll(image, (j, i), axis=(0, 1)) for j in shifts for i in shifts]
    return np.stack(rolled).mean(axis=0, dtype=np.float64).astype(np.float32)


@pytest.mark.parametrize(("level", "tissue"), [(0, "soft tissue"), (-60, "fat"), (-130, "fat")])
def test_uniform_water_at_the_end_of_a_class_is_told_to_have_no_bias(
    level: float, tissue: str
) -> None:
    rng = np.random.default_rng(3)
    counter = FigureCounter("CT")

    for _ in range(4):
        white = rng.normal(0, 60, (SIZE, SIZE)).astype(np.float32)
        # The noise of CT: hardly any of it is coarse, as filtered back projection leaves it.
        grain = smoothed(white, 3) - smoothed(white, 9)
        counter.add_slice(level + grain, level + smoothed(grain, 5))

    told = dict(counter.bias_by_tissue)
    assert abs(told[tissue]) <= 0.5
    assert abs(counter.bias) <= 0.1


def test_a_shift_of_a_tissue_is_told_whole() -> None:
    original = np.random.default_rng(4).normal(40, 20, (SIZE, SIZE)).astype(np.float32)
    counter = FigureCounter("CT")

    counter.add_slice(original, original - 2)

    assert dict(counter.bias_by_tissue) == {"soft tissue": pytest.approx(-2, abs=1e-3)}
