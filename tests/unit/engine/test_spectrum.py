"""The noise power spectrum is right on noise whose spectrum is a formula."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.engine import spectrum
from inference.tasks.change_figures import NoiseSpectrum

PIXEL_MM = 0.75
SIZE = 384
CUTOFF = 0.6


@dataclass(frozen=True)
class Formula:
    """Noise of filtered backprojection: NPS = c f A(f)^2, A a Hann window, variance sigma^2."""

    sigma: float = 20.0

    def density(self, frequency: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the NPS before it is scaled."""
        inside = frequency < CUTOFF
        hann = 0.5 * (1 + np.cos(np.pi * frequency / CUTOFF))
        return np.where(inside, frequency * hann**2, 0.0)

    def power(self, frequency: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the NPS in HU^2 mm^2: its integral over the plane is the variance."""
        fine = np.linspace(0, CUTOFF, 20_001)
        whole = np.trapezoid(2 * np.pi * fine * self.density(fine), fine)
        return self.density(frequency) * self.sigma**2 / whole

    @property
    def mean_frequency(self) -> float:
        """Return the mean frequency of the radial curve."""
        fine = np.linspace(0, CUTOFF, 20_001)
        return float(np.trapezoid(fine * self.density(fine)) / np.trapezoid(self.density(fine)))

    def draw(self, count: int, seed: int = 1) -> NDArray[np.float64]:
        """Return (count, SIZE, SIZE) noise with this spectrum."""
        axis = np.fft.fftfreq(SIZE, PIXEL_MM)
        amplitude = np.sqrt(self.power(np.hypot(axis[:, None], axis[None, :]))) / PIXEL_MM
        white = np.random.default_rng(seed).standard_normal((count, SIZE, SIZE))
        return np.fft.ifft2(np.fft.fft2(white) * amplitude).real


def cut(images: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return all patches of some images, less their trend."""
    spacing = (PIXEL_MM, PIXEL_MM)
    blocks = (SIZE // spectrum.BLOCK_PX, SIZE // spectrum.BLOCK_PX)
    places = spectrum.even_patches(np.ones(blocks, bool), spacing)
    return spectrum.without_trend(np.stack([image[at] for image in images for at in places]))


def measured(
    before: NDArray[np.float64], change: NDArray[np.float64] | None = None
) -> NoiseSpectrum:
    other = np.zeros_like(before) if change is None else change
    found = spectrum.radial_spectrum(cut(before), cut(other), (PIXEL_MM, PIXEL_MM))
    assert found is not None
    return found


def test_the_spectrum_of_a_formula_is_found_in_its_unit() -> None:
    truth = Formula()

    found = measured(truth.draw(3))

    frequency = np.array(found.frequencies_per_mm)
    expected = truth.power(frequency)
    band = (frequency > 0.1) & (frequency < 0.5)
    # A patch of 24 mm leaks a little of the peak to where the kernel passes next to nothing.
    leak = 0.02 * expected.max()
    np.testing.assert_allclose(np.array(found.before)[band], expected[band], rtol=0.1, atol=leak)
    assert found.mean_frequency_per_mm(0) == pytest.approx(truth.mean_frequency, rel=0.05)


def test_its_integral_over_the_plane_is_the_variance() -> None:
    found = measured(Formula(30.0).draw(3))

    rings = np.array(found.frequencies_per_mm)
    inside = np.trapezoid(2 * np.pi * rings * np.array(found.before), rings)
    assert inside == pytest.approx(30.0**2, rel=0.08)


def test_white_noise_has_a_flat_spectrum_of_variance_times_the_pixel_area() -> None:
    white = np.random.default_rng(2).normal(0, 10, (2, SIZE, SIZE))

    found = measured(white)

    # The second-order trend takes some of the innermost rings.
    expected = np.full(len(found.before) - 3, 10.0**2 * PIXEL_MM**2)
    np.testing.assert_allclose(found.before[3:], expected, rtol=0.1)


def test_the_spectrum_at_a_strength_is_that_of_the_blend() -> None:
    before = Formula().draw(1)
    rolled = [np.roll(before, shift, axis) for shift in (-1, 0, 1) for axis in (1, 2)]
    smooth = np.mean(rolled, axis=0)
    change = smooth - before

    found = measured(before, change)

    blend = measured(before + 0.4 * change)
    np.testing.assert_allclose(found.at(0.4), blend.before, rtol=1e-9, atol=1e-9)
    assert found.shift(0.0) == 0.0
    assert found.shift(1.0) == pytest.approx(
        measured(smooth).mean_frequency_per_mm(0) / found.mean_frequency_per_mm(0) - 1
    )
    assert found.shift(1.0) < -0.05


def test_pixels_that_are_not_square_keep_their_frequencies() -> None:
    axis = np.arange(64)
    wave = 10 * np.cos(2 * np.pi * axis[None, :] * 8 / 64) * np.ones((64, 1))
    given = np.repeat(wave[None], 12, axis=0)

    found = spectrum.radial_spectrum(given, given * 0, (0.5, 1.0))

    assert found is not None
    # Eight waves along 64 columns of 0.5 mm are 0.25 per mm.
    peak = found.frequencies_per_mm[int(np.argmax(found.before))]
    assert peak == pytest.approx(0.25, abs=0.02)


def test_few_patches_tell_no_spectrum() -> None:
    few = np.zeros((spectrum.LEAST_PATCHES - 1, 32, 32))

    assert spectrum.radial_spectrum(few, few, (1.0, 1.0)) is None
    assert spectrum.even_patches(np.ones((1, 1), bool), (1.0, 1.0)) == []


def test_a_patch_with_an_edge_is_not_even() -> None:
    noise = np.random.default_rng(3).normal(0, 10, (8, 32, 32))
    edge = noise.copy()
    edge[:, :, 20:] += 60

    flat = spectrum.is_even(spectrum.without_trend(noise), 10.0)
    assert flat.all()
    assert not spectrum.is_even(spectrum.without_trend(edge), 10.0).any()
