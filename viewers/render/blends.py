"""A model's voxels mixed with the stored ones where they are read, and nowhere else.

The largest (or smallest) value behind each other of a mixture is not the mixture of the largest
values: a slab has to mix before it projects. Only what a slab holds is ever mixed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class BlendedVoxels:
    """Stored voxels moved towards a model's by a share. Immutable; any thread.

    Attributes:
        stored: ``[k, j, i]``.
        model: the same of a model, in the same unit.
        strength: share of the model's change, 0..1.
    """

    stored: NDArray[Any]
    model: NDArray[Any]
    strength: float


Voxels = NDArray[Any] | BlendedVoxels
"""What a slab is made from."""


def blended(original: NDArray[Any], enhanced: NDArray[Any], strength: float) -> NDArray[np.float32]:
    """Return the original moved towards the enhanced by a share, float32."""
    # Types are brought together inside each step: large slabs would not fit the cache otherwise.
    change: NDArray[np.float32] = np.subtract(enhanced, original, dtype=np.float32)
    change *= np.float32(strength)
    change += original
    return change


def read(voxels: Voxels, sample: Callable[[NDArray[Any]], NDArray[Any]]) -> NDArray[Any]:
    """Return a sample of voxels; of both, mixed, where they are a mixture.

    Args:
        voxels: of the volume.
        sample: picks or interpolates linearly.
    """
    if isinstance(voxels, BlendedVoxels):
        return blended(sample(voxels.stored), sample(voxels.model), voxels.strength)
    return sample(voxels)


def part(voxels: Voxels, place: Any) -> Voxels:  # noqa: ANN401 - an index of numpy
    """Return a view of a part of the voxels."""
    if isinstance(voxels, BlendedVoxels):
        return BlendedVoxels(voxels.stored[place], voxels.model[place], voxels.strength)
    whole: NDArray[Any] = voxels[place]
    return whole


def stored_of(voxels: Voxels) -> NDArray[Any]:
    """Return the voxels as scanned where they are a mixture, else themselves."""
    return voxels.stored if isinstance(voxels, BlendedVoxels) else voxels
