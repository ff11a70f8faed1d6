"""A model's result over the stored pixels of a volume.

What is shown is ``original + strength * (enhanced - original)``. Measurements, probes and facts
never see it: they read the volume.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.core.provenance import PackRef


def _every_slice(_k: int) -> bool:
    return True


@dataclass(frozen=True, slots=True, eq=False)
class EnhancedOverlay:
    """Result slices of a model on the voxels of one volume.

    Attributes:
        voxels: ``[k, j, i]``, same shape and unit as the volume; read-only view of an array
            that the job may still be filling.
        pack: the pack that made them.
        strength: share of the model's change that is shown, 0..1.
        is_ready: tells whether slice k is in.
        sigma: noise standard deviation of the original, in the unit of the volume; 0 where it is
            not known yet.
    """

    voxels: NDArray[Any]
    pack: PackRef
    strength: float = 1.0
    is_ready: Callable[[int], bool] = _every_slice
    sigma: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.strength <= 1.0:
            raise ValueError("the strength of an enhancement is between 0 and 1")

    @property
    def percent(self) -> str:
        """The strength for people: ``60 %``."""
        return f"{round(100 * self.strength)} %"


def difference(
    original: NDArray[Any], enhanced: NDArray[Any], strength: float = 1.0
) -> NDArray[np.float32]:
    """Return what is shown minus the original, float32.

    Args:
        original: pixels as scanned.
        enhanced: pixels of the model at full strength.
        strength: share of the model's change that is shown, 0..1.
    """
    change = enhanced.astype(np.float32)
    change -= original.astype(np.float32)
    change *= np.float32(strength)
    return change
