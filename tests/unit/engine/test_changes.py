"""What an enhancement changed is measured as it is: noise taken out, shifts, lost anatomy."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.engine.changes import measure_change
from inference.engine.noise_profile import steady
from inference.tasks.change_figures import ChangeFigures

SIGMA = 20.0
SIZE = 192


def scene(*, has_vessels: bool = True) -> NDArray[np.float64]:
    """Return 12 slices of an even body with vessels and air, without noise."""
    axis = np.arange(SIZE) - SIZE / 2
    distance = np.hypot(axis[:, None], axis[None, :])
    image = np.where(distance < 85, 50.0, -1000.0)
    if has_vessels:
        vessels = (np.arange(SIZE) % 24 < 3)[:, None] & (axis > 0)[None, :] & (distance < 80)
        image[vessels] = 250.0
    return np.repeat(image[None], 12, axis=0)


def noise(seed: int = 1) -> NDArray[np.float64]:
    return np.random.default_rng(seed).normal(0, SIGMA, (12, SIZE, SIZE))


def measured(before: NDArray[np.float64], after: NDArray[np.float64]) -> ChangeFigures:
    return measure_change(
        before,
        after,
        modality="CT",
        padding=None,
        sigma=SIGMA,
        noise=steady(SIGMA),
        spacing_ij_mm=(0.8, 0.8),
    )


def test_noise_at_any_strength_is_that_of_the_blend() -> None:
    clean, drawn = scene(), noise()

    found = measured(clean + drawn, clean + 0.4 * drawn).noise

    # What is shown at strength a holds 1 - 0.6 a of the noise.
    assert found is not None
    for strength in (0.0, 0.5, 1.0):
        assert found.sigma(strength) == pytest.approx(SIGMA * (1 - 0.6 * strength), rel=0.01)


def test_a_change_that_is_noise_alone_raises_no_alarm() -> None:
    clean, drawn = scene(), noise()

    found = measured(clean + drawn, clean + 0.4 * drawn)

    assert found.structure is not None
    assert found.blocks is not None
    assert abs(found.structure.correlation) < 0.1
    assert found.structure.share < 0.01
    assert found.blocks.noise == pytest.approx(0.6 * SIGMA / 8, rel=0.15)
    assert found.blocks.beyond_noise < 1.0


def test_smoothed_vessels_raise_the_alarm() -> None:
    clean, drawn = scene(), noise()
    blurred = clean + drawn
    for axis in (1, 2):
        rolled = [np.roll(blurred, shift, axis) for shift in (-2, -1, 0, 1, 2)]
        blurred = np.mean(rolled, axis=0)

    found = measured(clean + drawn, blurred)

    assert found.structure is not None
    assert found.blocks is not None
    assert found.structure.correlation > 0.3
    assert found.structure.share > 0.1
    assert found.blocks.beyond_noise > 10


def test_a_spot_that_was_moved_is_the_worst_block() -> None:
    clean, drawn = scene(has_vessels=False), noise()
    after = clean + 0.5 * drawn
    after[:, 96:104, 96:104] += 12

    found = measured(clean + drawn, after).blocks

    assert found is not None
    assert found.worst == pytest.approx(12, abs=4 * found.noise)
    # The spot is one block of some three hundred and fifty of a slice: one in a thousand is in it.
    assert found.beyond_noise > 5


def test_nothing_is_told_where_there_is_nothing() -> None:
    air = np.full((12, 64, 64), -1000.0)

    found = measured(air, air)

    assert (found.noise, found.spectrum, found.blocks, found.structure) == (None, None, None, None)
    assert found.sigma_at(5) == SIGMA


@pytest.mark.parametrize("shape", [(1, 4, 4), (3, 7, 30), (2, 1, 200)])
def test_tiny_images_are_measured_without_a_fault(shape: tuple[int, int, int]) -> None:
    image = np.full(shape, 40.0)

    assert measured(image, image + 1).spectrum is None


def test_signal_is_measured_without_tissues() -> None:
    drawn = np.random.default_rng(3).normal(0, 1, (12, SIZE, SIZE))
    clean = np.maximum(scene(has_vessels=False), 0) * 10
    before, after = np.abs(clean + 12 * drawn), np.abs(clean + 6 * drawn)

    found = measure_change(
        before,
        after,
        modality="MR",
        padding=None,
        sigma=12.0,
        noise=steady(12.0),
        spacing_ij_mm=(0.9, 0.9),
    )

    assert found.noise is not None
    assert found.noise.sigma(1.0) == pytest.approx(6, rel=0.05)
