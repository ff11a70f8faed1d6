"""The noise of each slice is found where it changes, and is one number where it does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.engine.noise_profile import NoiseProfile, estimate_profile, steady, within

PIXEL_MM = 0.8
SLICES = 36
SIGMA = 20.0


def body_noise(random: np.random.Generator, size: int) -> NDArray[np.float64]:
    """Return unit noise whose power is f A(f)^2 with a Hann window A, as of a body kernel."""
    rows = np.fft.fftfreq(size, PIXEL_MM)[:, None]
    columns = np.fft.rfftfreq(size, PIXEL_MM)[None, :]
    radius = np.hypot(rows, columns)
    window = np.where(radius < 0.6, 0.5 * (1 + np.cos(np.pi * radius / 0.6)), 0.0)
    white = random.standard_normal((size, size))
    noise = np.fft.irfft2(np.fft.rfft2(white) * window * np.sqrt(radius), (size, size))
    return noise / noise.std()


def body(factors: NDArray[np.float64], size: int = 160) -> NDArray[np.int16]:
    """Return a body with vessels and air around it, its noise scaled slice by slice."""
    random = np.random.default_rng(4)
    axis = np.arange(size) - size / 2
    distance = np.hypot(axis[:, None], axis[None, :])
    voxels = np.empty((len(factors), size, size), np.int16)
    for k, factor in enumerate(factors):
        # The body grows along the stack, so that slices have different cells.
        image = np.where(distance < 50 + 25 * k / len(factors), 45.0, -1000.0)
        image[60:64, ::9] += np.where(image[60:64, ::9] > 0, 150.0, 0.0)
        voxels[k] = np.rint(image + SIGMA * factor * body_noise(random, size))
    return voxels


def profile(voxels: NDArray[np.int16], modality: str = "CT") -> NoiseProfile:
    return estimate_profile(voxels, modality=modality, padding=None, sigma=SIGMA, pixel_mm=PIXEL_MM)


def test_noise_that_doubles_along_the_slices_is_followed_within_a_tenth() -> None:
    factors = np.interp(np.arange(SLICES), [0, 12, 35], [0.8, 0.8, 1.6])

    found = profile(body(factors))

    sigmas = np.array([found.at(k) for k in range(SLICES)])
    assert not found.is_flat
    np.testing.assert_allclose(sigmas, SIGMA * factors, rtol=0.12)


def test_steady_noise_is_one_number() -> None:
    found = profile(body(np.ones(SLICES)))

    assert found == steady(SIGMA)
    assert found.at(0) == found.at(35) == SIGMA


def test_a_profile_stays_between_half_and_twice_the_usual_noise() -> None:
    found = profile(body(np.geomspace(0.2, 5, SLICES)))

    assert min(found.sigmas) == pytest.approx(SIGMA / 2)
    assert max(found.sigmas) == pytest.approx(SIGMA * 2)


@pytest.mark.parametrize("count", [3, 7])
def test_a_short_stack_has_one_number(count: int) -> None:
    assert profile(body(np.linspace(0.5, 2, count))).is_flat


def test_air_and_signal_have_one_number() -> None:
    empty = np.full((SLICES, 64, 64), -1000, np.int16)
    tiny = np.zeros((SLICES, 5, 5), np.int16)

    assert profile(empty).is_flat
    assert profile(tiny).is_flat
    assert profile(body(np.linspace(0.8, 1.6, SLICES)), modality="MR").is_flat


def test_a_profile_is_held_inside_what_a_model_was_trained_on() -> None:
    varied = NoiseProfile((0, 10), (2.0, 30.0))

    assert within(varied, 4.0, 25.0) == replace(varied, sigmas=(4.0, 25.0))
    assert varied.at(5) == pytest.approx(16.0)
