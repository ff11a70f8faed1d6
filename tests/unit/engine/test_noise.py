"""The noise estimate is right on noise whose size is known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.engine.noise import estimate_sigma, local_statistics


def colored(sigma: float, shape: tuple[int, int, int], *, width: int) -> NDArray[np.float64]:
    """Return noise smoothed by a box, of a known deviation."""
    noise = np.random.default_rng(3).normal(0, 1, shape)
    for axis in (1, 2):
        noise = np.sum([np.roll(noise, shift, axis) for shift in range(width)], axis=0)
    scaled: NDArray[np.float64] = noise * (sigma / noise.std())
    return scaled


@pytest.mark.parametrize("sigma", [5.0, 20.0, 60.0])
@pytest.mark.parametrize("width", [1, 2])
def test_white_and_colored_noise_is_estimated_within_a_tenth(sigma: float, width: int) -> None:
    voxels = 40 + colored(sigma, (6, 160, 160), width=width)

    found = estimate_sigma(voxels.astype(np.float32), modality="CT", padding=None)

    assert found == pytest.approx(sigma, rel=0.1)


def test_edges_and_other_tissues_do_not_count() -> None:
    voxels = 40 + colored(15, (6, 160, 160), width=1)
    voxels[:, :60] = -900
    voxels[:, 60:70, ::7] = 800
    voxels[:, 120:] = -2000

    found = estimate_sigma(voxels.astype(np.float32), modality="CT", padding=-2000)

    assert found == pytest.approx(15, rel=0.1)


def test_nothing_is_estimated_where_there_is_no_soft_tissue() -> None:
    assert (
        estimate_sigma(np.full((3, 40, 40), -1000, np.int16), modality="CT", padding=None) is None
    )
    assert estimate_sigma(np.zeros((3, 4, 4), np.int16), modality="CT", padding=None) is None


def test_the_noise_of_a_signal_is_that_of_its_bright_part() -> None:
    voxels = np.abs(np.random.default_rng(2).normal(0, 5, (4, 128, 128)))
    voxels[:, 20:110, 20:110] = 500 + colored(12, (4, 90, 90), width=1)

    found = estimate_sigma(voxels.astype(np.float32), modality="MR", padding=None)

    assert found == pytest.approx(12, rel=0.1)


def test_local_statistics_are_those_of_each_window() -> None:
    image = np.random.default_rng(1).normal(100, 3, (12, 10))

    mean, deviation = local_statistics(image, 5)

    assert mean.shape == (8, 6)
    assert mean[3, 2] == pytest.approx(image[3:8, 2:7].mean())
    assert deviation[3, 2] == pytest.approx(image[3:8, 2:7].std(ddof=1))


@pytest.mark.parametrize(("pixel_mm", "cutoff_per_mm"), [(0.45, 0.5), (0.5, 0.66), (0.8, 0.4)])
def test_the_grain_of_body_kernels_is_seen_whole_whatever_the_pixel(
    pixel_mm: float, cutoff_per_mm: float
) -> None:
    # Noise of filtered backprojection: its power is f A(f)^2, A a Hann window.
    frequency = np.fft.fftfreq(192, pixel_mm)
    radius = np.hypot(frequency[:, None], frequency[None, :])
    window = np.where(radius < cutoff_per_mm, 0.5 * (1 + np.cos(np.pi * radius / cutoff_per_mm)), 0)
    white = np.random.default_rng(5).standard_normal((6, 192, 192))
    noise = np.fft.ifft2(np.fft.fft2(white) * window * np.sqrt(radius)).real
    voxels = 40 + 20 * noise / noise.std()

    found = estimate_sigma(
        voxels.astype(np.float32), modality="CT", padding=None, pixel_mm=pixel_mm
    )

    assert found == pytest.approx(20, rel=0.1)


def test_the_pattern_of_gray_and_white_matter_is_not_noise() -> None:
    axis = np.arange(160)
    folds = 500 + 100 * np.sign(np.sin(axis[:, None] / 4) + np.sin(axis[None, :] / 5))
    noise = np.random.default_rng(8).normal(0, 12, (2, 4, 160, 160))
    voxels = np.hypot(folds + noise[0], noise[1])

    found = estimate_sigma(voxels.astype(np.float32), modality="MR", padding=None)

    assert found == pytest.approx(12, rel=0.2)
