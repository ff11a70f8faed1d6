"""PSNR, SSIM, RMSE, bias and noise spectrum against values worked out by hand or another way."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from workstation.services import evaluate_figures as figures
from workstation.services.evaluate_noise import noisy_copy

Image = NDArray[np.float64]

ABDOMEN = figures.scale_of(np.zeros((1, 1, 1)), anatomy="abdomen", pixel_mm=0.5)


def test_a_constant_offset_has_the_psnr_of_its_share_of_the_window() -> None:
    reference = np.full((20, 20), 50.0)

    psnr = figures.psnr_db(reference + 4, reference, ABDOMEN)

    # A width of 400 maps 399 steps onto 0..1 (PS3.3 C.11.2.1.2.1).
    assert psnr == pytest.approx(20 * np.log10(399 / 4))


def test_what_lies_outside_the_window_is_not_seen_by_psnr_and_ssim() -> None:
    reference = np.full((20, 20), -800.0)

    assert figures.psnr_db(reference - 100, reference, ABDOMEN) == figures.LARGEST_PSNR_DB
    assert figures.ssim(reference - 100, reference, ABDOMEN) == pytest.approx(1.0)


def test_rmse_holds_both_pictures_between_air_and_dense_bone() -> None:
    reference = np.full((10, 10), 1900.0)

    assert figures.rmse(reference + 500, reference, ABDOMEN) == 0
    assert figures.rmse(reference - 3, reference, ABDOMEN) == pytest.approx(3.0)


def test_ssim_is_that_of_its_formula_window_by_window() -> None:
    random = np.random.default_rng(1)
    reference = random.uniform(-100, 200, (12, 15))
    image = reference + random.normal(0, 30, reference.shape)
    x, y = ((np.clip(one, -150, 249) + 150) / 399 for one in (image, reference))
    values = []
    for row in range(12 - 6):
        for column in range(15 - 6):
            a, b = (one[row : row + 7, column : column + 7].ravel() for one in (x, y))
            cov = np.cov(a, b)
            above = (2 * a.mean() * b.mean() + 1e-4) * (2 * cov[0, 1] + 9e-4)
            below = (a.mean() ** 2 + b.mean() ** 2 + 1e-4) * (cov[0, 0] + cov[1, 1] + 9e-4)
            values.append(above / below)

    assert figures.ssim(image, reference, ABDOMEN) == pytest.approx(np.mean(values))


def test_tissues_are_told_by_the_local_mean_and_never_at_the_rim() -> None:
    reference = np.full((40, 40), -100.0)
    reference[:, 20:] = 50.0
    reference[10, 10] = 60.0

    masks = figures.tissue_masks(reference, ABDOMEN)

    assert masks["fat"][10, 10]
    assert masks["soft tissue"][20, 30]
    assert not masks["fat"][0, 5]
    assert not (masks["fat"] & masks["soft tissue"]).any()


def test_a_wave_has_its_own_mean_frequency() -> None:
    column = np.arange(64)
    wave = np.tile(np.cos(2 * np.pi * column / 4), (64, 1))

    power, patches = figures.residual_spectrum(wave, np.ones((64, 64), bool))

    # A period of 4 pixels of 0.5 mm; the Hann window spreads it to the next rings.
    assert patches == 4
    assert figures.mean_frequency(power, 0.5) == pytest.approx(0.5, rel=0.03)


@pytest.mark.parametrize("modality", ["CT", "MR"])
def test_noise_that_is_added_has_the_deviation_asked_for(modality: str) -> None:
    clean = np.full((4, 96, 97), 1000, np.int16)

    noisy = noisy_copy(clean, sigma=20.0, modality=modality)

    assert noisy.dtype == np.int16
    assert noisy.std() == pytest.approx(20, rel=0.04)


def test_ct_noise_is_shared_with_the_next_slice_and_mr_noise_is_not() -> None:
    clean = np.full((12, 96, 96), 1000.0, np.float32)

    shared = {}
    for modality in ("CT", "MR"):
        noise = noisy_copy(clean, sigma=20.0, modality=modality) - clean
        shared[modality] = np.mean(
            [np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in pairwise(noise)]
        )

    assert shared["CT"] == pytest.approx(0.25, abs=0.03)
    assert shared["MR"] == pytest.approx(0, abs=0.02)


def test_magnitude_noise_lifts_nothing_to_its_rayleigh_mean() -> None:
    empty = np.zeros((3, 64, 64), np.float32)

    noisy = noisy_copy(empty, sigma=10.0, modality="MR")

    assert noisy.mean() == pytest.approx(10 * np.sqrt(np.pi / 2), rel=0.02)
