"""Training batches of a user's own series by added noise; needs the extra ``vlm``.

``y = x + n`` is the series as scanned: an unknown clean image and noise of known deviation and
color. With more noise ``e`` of the same color, ``a`` times as strong, ``z = y + e`` is given to the
network and ``y - e / a^2`` is what it should say: of ``z`` alone, nobody can tell ``n`` from ``e``,
so that the mean of that target, given ``z``, is the mean of ``x``. Source: Moran et al. 2020
(Noisier2Noise, doi:10.1109/CVPR42600.2020.01208), solved for the clean image.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inference.engine.noise_profile import NoiseProfile
from inference.ops.frame import Frame
from inference.ops.steps import prepare
from inference.packs.manifest import Step
from inference.training import simulate
from inference.training.banks import PATCH_PX, SLICES
from inference.training.batches import (
    SIGMA_JITTER,
    STRONG_SHARE,
    STRONG_TIMES,
    Batch,
)
from inference.training.networks import DenoiseNet
from inference.training.series_noise import MeasuredNoise
from workstation.core.intensity import Padding, is_padding

ADDED_TIMES = (0.7, 1.6)
"""Added noise over that of the series: with less the target is more noise than image, with more
the network is trained for another noise than it will see."""

AIR_HU = -980.0
"""CT under this is air, where scanners cut the noise off; MR is dark under DARK_SIGMAS."""

DARK_SIGMAS = 5.0
"""Signal in noise deviations from which the noise of a magnitude image is plain enough."""

SEEN_SHARE = 0.3
"""Part of a patch that must be more than air; other places are tried TRIES times."""

TRIES = 12


@dataclass(frozen=True, slots=True, eq=False)
class OwnSeries:
    """A series to be trained on.

    Attributes:
        voxels: ``[k, j, i]`` as scanned.
        padding: voxel value or range outside the scanned field.
        modality: CT or MR.
        steps: of the pack, bound to this volume; they give what the network sees.
        profile: noise of each slice, unit of the volume.
        noise: its color.
    """

    voxels: NDArray[Any]
    padding: Padding
    modality: str
    steps: tuple[Step, ...]
    profile: NoiseProfile
    noise: MeasuredNoise

    def prepared(self, k: int, rows: slice, columns: slice) -> tuple[NDArray[np.float32], float]:
        """Return SLICES slices around k in the network's unit, and their noise in it."""
        half = SLICES // 2
        part = self.voxels[k - half : k + half + 1, rows, columns].astype(np.float32)
        outside = None if self.padding is None else is_padding(part, self.padding)
        frame = prepare(Frame(part, part[half], outside), self.steps)
        return np.ascontiguousarray(frame.slices), self.profile.at(k) * frame.scale

    def is_seen(self, plane: Tensor, sigma: float) -> Tensor:
        """Return where a slice is more than air or darkness."""
        return plane > (AIR_HU if self.modality == "CT" else DARK_SIGMAS * sigma)


def seen_through(series: OwnSeries, clean: Tensor, noise: Tensor) -> Tensor:
    """Return slices with added noise (2, k, j, i), of which CT takes the first."""
    return clean + noise[0] if series.modality == "CT" else torch.hypot(clean + noise[0], noise[1])


class SeriesBatches:
    """Draws batches from the parts of a series that are trained on. Owned by the training loop.

    Args:
        series: what is trained on.
        middles: slices around which patches may lie.
        lesions: see ``banks.lesions``.
        teacher: the network as it was; it says what air and darkness should become.
        seed: of every draw.
    """

    def __init__(
        self,
        series: OwnSeries,
        middles: tuple[int, ...],
        *,
        lesions: Tensor,
        teacher: DenoiseNet,
        seed: int,
    ) -> None:
        self._series = series
        self._middles = middles
        self._lesions = lesions
        self._teacher = teacher.eval()
        self._seed = seed

    def draw(self, step: int, count: int) -> Batch:
        """Return the batch of a step."""
        random = np.random.default_rng((self._seed, step, 1))
        parts = [self._patch(random) for _ in range(count)]
        return Batch(*(torch.stack(items) for items in zip(*parts, strict=True)))

    def _patch(self, random: np.random.Generator) -> tuple[Tensor, ...]:
        given, floor = self._place(random)
        times = float(np.exp(random.uniform(*np.log(ADDED_TIMES))))
        level, total = times * floor, floor * float(np.hypot(1.0, times))
        drawn = [self._series.noise.fields(random, (PATCH_PX, PATCH_PX)) for _ in range(2)]
        added = level * torch.from_numpy(np.stack(drawn))
        lesion = self._lesion(random) * total
        middle = slice(SLICES // 2, SLICES // 2 + 1)
        is_seen = self._series.is_seen(given[middle], total)
        if self._series.modality != "CT":
            lesion = lesion * (given > 2 * total)
        noisy = seen_through(self._series, given, added)
        marked = seen_through(self._series, given + lesion, added)
        told = torch.full((1, PATCH_PX, PATCH_PX), total)
        with torch.no_grad():
            known = self._teacher(noisy[None], told[None])[0]
        target = torch.where(is_seen, given[middle] - added[0, middle] / times**2, known)
        told = told * float(np.exp(random.normal(0, SIGMA_JITTER)))
        return noisy, marked, told, target, lesion[middle], torch.tensor(data=False)

    def _lesion(self, random: np.random.Generator) -> Tensor:
        lesion = self._lesions[random.integers(len(self._lesions))].float()
        if random.random() < STRONG_SHARE:
            lesion = lesion * float(np.exp(random.uniform(0, np.log(STRONG_TIMES))))
        return simulate.orient(lesion, int(random.integers(8)))

    def _place(self, random: np.random.Generator) -> tuple[Tensor, float]:
        """Return a patch, turned at random, and its noise; the fullest of a few places."""
        rows, columns = self._series.voxels.shape[1:]
        for _ in range(TRIES):
            k = int(random.choice(self._middles))
            row, column = (int(random.integers(0, n - PATCH_PX + 1)) for n in (rows, columns))
            place = slice(row, row + PATCH_PX), slice(column, column + PATCH_PX)
            slices, sigma = self._series.prepared(k, *place)
            patch = torch.from_numpy(slices)
            if float(self._series.is_seen(patch, sigma).float().mean()) >= SEEN_SHARE:
                break
        patch = patch.flip(0) if random.random() < 0.5 else patch
        return simulate.orient(patch, int(random.integers(8))), sigma
