"""The noise power spectrum of even patches of a series, radially averaged.

``NPS(u, v) = dx dy / (Nx Ny) |DFT(patch - trend)|^2``, the mean over patches, in squared units of
the volume times mm^2; the trend is a polynomial of second order. Source: AAPM TG-233 (2019,
doi:10.37206/186), ICRU report 87 section 4. Its integral over the frequency plane is the variance.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inference.tasks.change_figures import NoiseSpectrum

PATCH_MM = 22.0
"""Edge of a patch: rings of 0.045 per mm, and still room for it inside a liver or a muscle."""

FEWEST_PX, MOST_PX = 16, 64
"""Edge in pixels: under 16 there are too few rings for a mean frequency."""

BLOCK_PX = 8
"""Patches are made of blocks of this edge, whose evenness is known before."""

EVEN_SHARE = 0.6
"""Share of a patch's blocks that must be even; of noise alone eight in ten are."""

LEAST_PATCHES = 12
"""Patches without which no spectrum is told: one ring of few patches is off by a third."""

EVEN = 0.25
"""Largest part by which the deviation of a patch less its trend may differ from the noise: what is
over it holds an edge or a vessel, what is under it lies in air or outside the field."""

Patches = NDArray[np.float64]


def patch_blocks(spacing_ij_mm: tuple[float, float]) -> int:
    """Return the edge of a patch in blocks of BLOCK_PX."""
    wanted = round(PATCH_MM / max(spacing_ij_mm) / BLOCK_PX)
    return int(np.clip(wanted, FEWEST_PX // BLOCK_PX, MOST_PX // BLOCK_PX))


def even_patches(
    even: NDArray[np.bool_], spacing_ij_mm: tuple[float, float]
) -> list[tuple[slice, slice]]:
    """Return where patches lie whose blocks are mostly even; they overlap by a half at most.

    Args:
        even: (rows, columns) which blocks of BLOCK_PX hold noise and nothing else.
        spacing_ij_mm: pixel spacing along i and j.
    """
    edge = patch_blocks(spacing_ij_mm)
    if min(even.shape) < edge:
        return []
    windows = np.lib.stride_tricks.sliding_window_view(even, (edge, edge))
    step = max(edge // 2, 1)
    share = windows[::step, ::step].mean(axis=(2, 3))
    return [
        (slice(j, j + edge * BLOCK_PX), slice(i, i + edge * BLOCK_PX))
        for j, i in np.argwhere(share >= EVEN_SHARE) * step * BLOCK_PX
    ]


def without_trend(given: Patches) -> Patches:
    """Return (n, edge, edge) patches less the polynomial of second order that fits each best."""
    edge = given.shape[-1]
    axis = np.linspace(-1, 1, edge)
    rows, columns = (part.ravel() for part in np.meshgrid(axis, axis, indexing="ij"))
    terms = np.stack([np.ones(edge**2), rows, columns, rows**2, rows * columns, columns**2], axis=1)
    basis, _ = np.linalg.qr(terms)
    flat = given.reshape(len(given), edge**2)
    left: Patches = (flat - (flat @ basis) @ basis.T).reshape(given.shape)
    return left


def is_even(flattened: Patches, sigma: float) -> NDArray[np.bool_]:
    """Return which patches without trend hold noise of about this deviation and nothing else."""
    quarters = _quarters(flattened)
    spread = quarters.max(axis=1) / np.maximum(quarters.min(axis=1), 1e-9)
    deviation = flattened.std(axis=(1, 2))
    near: NDArray[np.bool_] = (np.abs(deviation - sigma) < EVEN * sigma) & (spread < 1 + 2 * EVEN)
    return near


def radial_spectrum(
    before: Patches, change: Patches, spacing_ij_mm: tuple[float, float]
) -> NoiseSpectrum | None:
    """Return the spectrum of patches of the original and of what was changed in them.

    Args:
        before: (n, edge, edge) of the original, without trend.
        change: (n, edge, edge) result - original, without trend.
        spacing_ij_mm: pixel spacing along i and j.
    """
    if len(before) < LEAST_PATCHES:
        return None
    edge = before.shape[-1]
    i_mm, j_mm = spacing_ij_mm
    one, other = np.fft.fft2(before), np.fft.fft2(change)
    scale = i_mm * j_mm / edge**2
    powers = [
        scale * (np.abs(one) ** 2).mean(axis=0),
        scale * (one.conj() * other).real.mean(axis=0),
        scale * (np.abs(other) ** 2).mean(axis=0),
    ]
    radius = np.hypot(np.fft.fftfreq(edge, j_mm)[:, None], np.fft.fftfreq(edge, i_mm)[None, :])
    step = 1 / (edge * max(spacing_ij_mm))
    rings = np.rint(radius / step).astype(int).ravel()
    count = edge // 2 + 1
    sizes = np.bincount(rings, minlength=count)[:count]
    curves = [np.bincount(rings, power.ravel(), count)[:count] / sizes for power in powers]
    # The mean frequency of a ring, not its middle: the innermost rings hold few points.
    middles = np.bincount(rings, radius.ravel(), count)[:count] / sizes
    frequencies, *parts = (tuple(float(value) for value in curve) for curve in (middles, *curves))
    return NoiseSpectrum(frequencies, parts[0], parts[1], parts[2], len(before))


def _quarters(flattened: Patches) -> NDArray[np.float64]:
    """Return (n, 4) deviations of the quarters of each patch; an edge is in one of them more."""
    half = flattened.shape[-1] // 2
    parts = flattened[:, : 2 * half, : 2 * half].reshape(-1, 2, half, 2, half)
    found: NDArray[np.float64] = np.sqrt((parts**2).mean(axis=(2, 4))).reshape(-1, 4)
    return found
