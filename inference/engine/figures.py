"""What an enhancement did to a series, gathered slice by slice while it runs."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from inference.engine.noise import local_statistics

TISSUES_HU = MappingProxyType(
    {
        "lung": (-950.0, -600.0),
        "fat": (-130.0, -60.0),
        "soft tissue": (0.0, 100.0),
        "bone": (250.0, 1500.0),
    }
)
"""Tissue classes by local mean; between them are partial volumes that belong to none."""

BODY_HU = -300.0
"""Local mean over which a voxel belongs to the body."""

WINDOW_PX = 15
"""Window of the local mean. Classes by few noisy voxels show a bias that is not there: in water of
0 HU, the end of a class, those that noise lifted are chosen, and the model lowers them. With five
pixels and a noise of 20 HU that was 3 HU; with fifteen it is under 0.1."""

LEAST_VOXELS = 200
"""Voxels of a tissue without which no bias of it is told."""


class FigureCounter:
    """Adds up differences of result and input. Owned by one run."""

    def __init__(self, modality: str) -> None:
        self._is_ct = modality == "CT"
        self._sum: dict[str, float] = dict.fromkeys(("body", *TISSUES_HU), 0.0)
        self._count: dict[str, int] = dict.fromkeys(self._sum, 0)
        self.largest_change = 0.0

    def add_change(self, largest: float) -> None:
        """Take the largest |result - input| of a slice."""
        self.largest_change = max(self.largest_change, largest)

    def add_slice(self, original: NDArray[np.float32], result: NDArray[np.float32]) -> None:
        """Take the differences of one slice, by tissue."""
        if min(original.shape) < WINDOW_PX:
            return
        mean, _ = local_statistics(original.astype(np.float64), WINDOW_PX)
        edge = WINDOW_PX // 2
        inner = slice(edge, -edge)
        difference = (result - original)[inner, inner]
        body = mean > (BODY_HU if self._is_ct else float(original.mean()))
        self._add("body", difference[body])
        if self._is_ct:
            for tissue, (low, high) in TISSUES_HU.items():
                self._add(tissue, difference[(mean > low) & (mean < high)])

    @property
    def bias(self) -> float:
        """Mean difference over the body; 0 if there was none."""
        return self._mean("body")

    @property
    def bias_by_tissue(self) -> tuple[tuple[str, float], ...]:
        """Mean difference of each tissue of which enough was seen."""
        seen = [tissue for tissue in TISSUES_HU if self._count[tissue] >= LEAST_VOXELS]
        return tuple((tissue, self._mean(tissue)) for tissue in seen)

    def _add(self, name: str, difference: NDArray[np.float32]) -> None:
        self._sum[name] += float(difference.sum(dtype=np.float64))
        self._count[name] += difference.size

    def _mean(self, name: str) -> float:
        return self._sum[name] / self._count[name] if self._count[name] else 0.0
