"""Noise measured in a series and drawn again is that of its scanner, known by a formula."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.engine.noise_profile import steady
from inference.gates.scanner import PIXEL_MM, SIZE_PX, SLICE_CORRELATION, Scanner
from inference.training.series_noise import MeasuredNoise, measure_noise

SIGMA = 20.0
COUNT = 24

SPECTRUM_TOLERANCE = 0.12
"""Of the highest ring: some hundred overlapping patches know a ring to a few percent, and the
rings are 0.04 per mm wide."""


def scanned(modality: str) -> NDArray[np.float64]:
    """Return water all over, or a signal of fifteen deviations, with the noise of the formula."""
    noise = Scanner(modality).noise(np.random.default_rng(4), COUNT)
    return SIGMA * noise + (20.0 if modality == "CT" else 15 * SIGMA)


def expected(modality: str, frequency: NDArray[np.float64]) -> NDArray[np.float64]:
    window = Scanner(modality).window(frequency) ** 2
    return window * frequency if modality == "CT" else window


@pytest.fixture(scope="module", params=["CT", "MR"])
def found(request: pytest.FixtureRequest) -> tuple[str, MeasuredNoise]:
    modality = str(request.param)
    measured = measure_noise(
        scanned(modality),
        steady(SIGMA),
        modality=modality,
        padding=None,
        spacing_ij_mm=(PIXEL_MM, PIXEL_MM),
    )
    assert measured is not None
    return modality, measured


def test_the_spectrum_is_that_of_the_scanner(found: tuple[str, MeasuredNoise]) -> None:
    modality, noise = found
    # The first ring of a patch is half what leaks into it from the next ones.
    inner = noise.frequencies_per_mm > 0.06

    truth = expected(modality, noise.frequencies_per_mm)[inner]
    power = noise.power[inner]

    scale = truth.sum() / power.sum()
    np.testing.assert_allclose(power * scale, truth, atol=SPECTRUM_TOLERANCE * truth.max())


def test_the_correlation_between_slices_is_that_of_the_scanner(
    found: tuple[str, MeasuredNoise],
) -> None:
    modality, noise = found

    assert noise.correlation[0] == pytest.approx(SLICE_CORRELATION[modality], abs=0.03)
    assert noise.correlation[1:] == pytest.approx((0.0, 0.0, 0.0), abs=0.03)


def test_noise_that_is_drawn_again_has_that_spectrum_and_unit_deviation(
    found: tuple[str, MeasuredNoise],
) -> None:
    modality, noise = found
    random = np.random.default_rng(1)
    fields = np.concatenate([noise.fields(random, (SIZE_PX, SIZE_PX + 1)) for _ in range(12)])

    square = fields[:, :, :SIZE_PX]
    power = (np.abs(np.fft.rfft2(square)) ** 2).mean(axis=0)
    radius = np.hypot(
        np.fft.fftfreq(SIZE_PX, PIXEL_MM)[:, None], np.fft.rfftfreq(SIZE_PX, PIXEL_MM)[None, :]
    )
    edges = np.arange(0.06, 0.64, 0.04)
    rings = [(radius >= low) & (radius < low + 0.04) for low in edges]
    drawn = np.array([power[ring].mean() for ring in rings])
    truth = np.array([expected(modality, radius[ring]).mean() for ring in rings])

    assert float(fields.std()) == pytest.approx(1.0, abs=0.02)
    np.testing.assert_allclose(
        drawn * truth.sum() / drawn.sum(), truth, atol=SPECTRUM_TOLERANCE * truth.max()
    )
    pairs = np.corrcoef(fields[:-1:5].ravel(), fields[1::5].ravel())[0, 1]
    assert pairs == pytest.approx(SLICE_CORRELATION[modality], abs=0.04)


def test_a_series_without_even_tissue_has_no_spectrum() -> None:
    steps = np.indices((COUNT, 96, 96)).sum(axis=0) % 7 * 300.0

    assert (
        measure_noise(steps, steady(SIGMA), modality="CT", padding=None, spacing_ij_mm=(0.8, 0.8))
        is None
    )


def test_where_even_tissue_is_narrow_smaller_patches_are_laid() -> None:
    steps = np.arange(SIZE_PX) // 24 % 2 * 30 * SIGMA
    voxels = scanned("MR") + steps[:, None] + steps[None, :]

    noise = measure_noise(
        voxels, steady(SIGMA), modality="MR", padding=None, spacing_ij_mm=(PIXEL_MM, PIXEL_MM)
    )

    assert noise is not None
    assert len(noise.frequencies_per_mm) == 9
    assert noise.correlation[0] == pytest.approx(0.0, abs=0.05)
    middle = (noise.frequencies_per_mm > 0.1) & (noise.frequencies_per_mm < 0.5)
    assert np.ptp(noise.power[middle]) < 0.3 * noise.power[middle].mean()
