"""What an enhancement changed in a series, in figures that hold at any strength.

What is shown at strength a is ``original + a x change``. So its variance is that of the original,
plus ``2 a`` times what original and change share, plus ``a^2`` times that of the change; and a mean
change is ``a`` times that at full strength. Nothing is measured again when the strength is moved.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class NoiseParts:
    """Variance of noise in even tissue, in its three parts; unit of the volume, squared.

    Attributes:
        before: of the original.
        shared: covariance of original and change; under 0 where noise is taken out.
        change: of result - original at full strength.
    """

    before: float
    shared: float
    change: float

    def sigma(self, strength: float) -> float:
        """Return the noise standard deviation of what is shown at a strength, 0..1."""
        return math.sqrt(max(_mixed(self.before, self.shared, self.change, strength), 0.0))


@dataclass(frozen=True, slots=True)
class NoiseSpectrum:
    """Radial noise power spectrum of even tissue, in its three parts.

    Each value is a mean over a ring of frequencies, in the unit of the volume squared times mm^2
    (HU^2 mm^2): its integral over the frequency plane is the variance.

    Attributes:
        frequencies_per_mm: middle of each ring, ascending.
        before: of the original.
        shared: real part of the cross spectrum of original and change.
        change: of result - original at full strength.
        patches: patches of even tissue behind it.
    """

    frequencies_per_mm: tuple[float, ...]
    before: tuple[float, ...]
    shared: tuple[float, ...]
    change: tuple[float, ...]
    patches: int

    def at(self, strength: float) -> tuple[float, ...]:
        """Return the spectrum of what is shown at a strength, 0..1."""
        parts = zip(self.before, self.shared, self.change, strict=True)
        return tuple(max(_mixed(*part, strength), 0.0) for part in parts)

    def mean_frequency_per_mm(self, strength: float) -> float:
        """Return the mean frequency of that spectrum, each ring counted once; 0 without noise."""
        power = self.at(strength)
        moment = sum(f * p for f, p in zip(self.frequencies_per_mm, power, strict=True))
        return moment / sum(power) if sum(power) > 0 else 0.0

    def shift(self, strength: float) -> float:
        """Return the change of the mean frequency as a share of that of the original."""
        before = self.mean_frequency_per_mm(0.0)
        return self.mean_frequency_per_mm(strength) / before - 1 if before > 0 else 0.0


@dataclass(frozen=True, slots=True)
class BlockShift:
    """Mean change of small blocks of the body, at full strength, in the unit of the volume.

    Attributes:
        worst: largest |mean change| of a block.
        noise: deviation of that mean in even tissue, where it is noise alone.
        beyond_noise: what one block in a thousand exceeds after what noise alone gives to one in a
            thousand is taken off its |mean change|; 0 if that is not over it.
        blocks: how many were looked at.
    """

    worst: float
    noise: float
    beyond_noise: float
    blocks: int


@dataclass(frozen=True, slots=True)
class StructureFigures:
    """How much of the change is anatomy rather than noise. None of it depends on the strength.

    Attributes:
        correlation: of |local mean change| and the gradient of the picture, over the body, -1..1.
        share: share of the body where the local mean change is over three deviations of what
            it is in even tissue; about 0.003 where the change is noise alone.
    """

    correlation: float
    share: float


@dataclass(frozen=True, slots=True)
class ChangeFigures:
    """What was measured on this very series; a part is None where there was too little tissue.

    Attributes:
        noise: noise before and after.
        spectrum: its color before and after.
        blocks: shifts of small blocks.
        structure: anatomy in the change.
        slice_indices: slices whose noise was taken, ascending.
        slice_sigmas: their noise as the model was told it, unit of the volume; one entry where it
            is the same everywhere.
    """

    noise: NoiseParts | None = None
    spectrum: NoiseSpectrum | None = None
    blocks: BlockShift | None = None
    structure: StructureFigures | None = None
    slice_indices: tuple[int, ...] = ()
    slice_sigmas: tuple[float, ...] = ()

    def sigma_at(self, k: int) -> float:
        """Return the noise of slice k as the model was told it; 0 where it is not known."""
        if not self.slice_sigmas:
            return 0.0
        return float(np.interp(k, self.slice_indices, self.slice_sigmas))


def _mixed(before: float, shared: float, change: float, strength: float) -> float:
    return before + 2 * strength * shared + strength**2 * change
