"""The gates' scanner draws what its formulas say."""

from __future__ import annotations

import numpy as np
import pytest

from inference.gates.scanner import PIXEL_MM, SIZE_PX, Disc, Scanner, bessel_j1, slice_root


def test_bessel_values_are_those_of_the_tables() -> None:
    # Abramowitz and Stegun, table 9.1; the last one by mpmath.
    argument = np.array([0.0, 1.0, 3.8317059702, 10.0, 60.0])

    found = bessel_j1(argument)

    assert found == pytest.approx([0, 0.4400505857, 0, 0.0434727462, 0.0465983838], abs=1e-8)


def test_a_disc_holds_its_area_and_reaches_its_value() -> None:
    image = Scanner("CT").objects((Disc(140, 150, 30.0, 100.0),))

    assert image.sum() * PIXEL_MM**2 == pytest.approx(100 * np.pi * 15**2, rel=1e-6)
    assert image[140, 150] == pytest.approx(100, abs=0.1)
    assert abs(image[140, 20]) < 0.1


def test_a_small_disc_loses_contrast_to_the_kernel_but_no_signal() -> None:
    image = Scanner("CT").objects((Disc(140, 150, 1.5, 100.0),))

    assert image.max() < 60
    assert image.sum() * PIXEL_MM**2 == pytest.approx(100 * np.pi * 0.75**2, rel=1e-6)


@pytest.mark.parametrize("modality", ["CT", "MR"])
def test_noise_has_unit_deviation(modality: str) -> None:
    noise = Scanner(modality).noise(np.random.default_rng(1), 3)

    assert noise.std() == pytest.approx(1, abs=0.01)


def test_ct_noise_has_a_ramp_at_low_frequencies() -> None:
    noise = Scanner("CT").noise(np.random.default_rng(2), 24)
    power = (np.abs(np.fft.fft2(noise)) ** 2).mean(axis=0)
    axis = np.fft.fftfreq(SIZE_PX, PIXEL_MM)
    radius = np.hypot(axis[:, None], axis[None, :])

    def ring(low: float, high: float) -> float:
        return float(power[(radius > low) & (radius < high)].mean())

    # Far below the window's end the power is proportional to the frequency.
    assert ring(0.05, 0.07) / ring(0.025, 0.035) == pytest.approx(2, rel=0.12)
    assert ring(0.64, 0.66) < 0.001 * ring(0.2, 0.25)


def test_neighbouring_slices_share_a_quarter_of_their_noise() -> None:
    noise = Scanner("CT").noise(np.random.default_rng(3), 5)

    assert (noise[0] * noise[1]).mean() == pytest.approx(0.25, abs=0.02)
    assert (noise[0] * noise[2]).mean() == pytest.approx(0, abs=0.02)
    np.testing.assert_allclose(np.diag(slice_root(4, 0.25) @ slice_root(4, 0.25).T), 1)


def test_mr_magnitude_of_air_is_rayleigh_noise() -> None:
    scanner = Scanner("MR")

    image = scanner.scan(np.zeros((SIZE_PX, SIZE_PX)), np.random.default_rng(4), 10.0, 2)

    assert image.mean() == pytest.approx(10 * np.sqrt(np.pi / 2), rel=0.01)
    assert image.std() == pytest.approx(10 * np.sqrt(2 - np.pi / 2), rel=0.02)


def test_ct_writes_nothing_below_its_floor() -> None:
    scanner = Scanner("CT")

    image = scanner.scan(np.full((SIZE_PX, SIZE_PX), -1000.0), np.random.default_rng(5), 30.0, 1)

    assert image.min() == -1024
