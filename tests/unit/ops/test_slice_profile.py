"""The weights of a slice's cells are the integrals of its profile."""

from __future__ import annotations

import math

import numpy as np
import pytest

from inference.ops.slice_profile import cell_weights


def integrated(ratio: float, shape: float, cells: int, count: int) -> list[float]:
    """Return the part of the profile in each of ``count`` cells by the sum over fine points."""
    fine = 4_000
    sigma = ratio / 2.354820045
    total = []
    for cell in range(count):
        z = (cell - count // 2 + (np.arange(fine) + 0.5) / fine) / cells
        box = (np.abs(z) < ratio / 2) / ratio
        bell = np.exp(-0.5 * (z / sigma) ** 2) / (sigma * math.sqrt(2 * math.pi))
        total.append(float(((1 - shape) * box + shape * bell).mean() / cells))
    return total


@pytest.mark.parametrize("cells", [2, 8])
@pytest.mark.parametrize("shape", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("ratio", [0.3, 0.5, 0.7, 1.0, 1.3, 1.5, 2.0])
def test_weights_are_the_integrals_of_the_profile(ratio: float, shape: float, cells: int) -> None:
    weights = cell_weights(ratio, shape, cells)

    # What lies beyond three deviations is shared out: 0.3 % of all weights.
    expected = integrated(ratio, shape, cells, len(weights))
    assert weights == pytest.approx(expected, abs=0.0028)
    assert weights.sum() == pytest.approx(1)
    assert np.array_equal(weights, weights[::-1])
    assert len(weights) % 2 == 0


@pytest.mark.parametrize("ratio", [0.2, 0.5, 0.999, 1.0])
def test_a_box_without_overlap_is_the_mean_of_two_cells(ratio: float) -> None:
    assert cell_weights(ratio, 0.0) == pytest.approx([0.5, 0.5])


def test_a_box_of_one_and_a_half_spacings_reaches_into_the_next_slices() -> None:
    assert cell_weights(1.5, 0.0) == pytest.approx([1 / 6, 1 / 3, 1 / 3, 1 / 6])


def test_a_gaussian_falls_to_half_at_half_its_width() -> None:
    weights = cell_weights(1.0, 1.0, 200)

    middle = len(weights) // 2
    # The cell that begins half a spacing from the middle.
    assert weights[middle + 100] / weights[middle] == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    ("ratio", "shape", "cells"),
    [(0, 0, 2), (-1, 0, 2), (math.nan, 0, 2), (math.inf, 1, 2), (1, 2, 2), (1, 0, 3), (1, 0, 0)],
)
def test_what_is_no_profile_is_refused(ratio: float, shape: float, cells: int) -> None:
    with pytest.raises(ValueError, match=r"profile|cells"):
        cell_weights(ratio, shape, cells)
