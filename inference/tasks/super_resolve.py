"""Request of doubling the number of slices of a volume (through-plane x2)."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.core.intensity import Padding


@dataclass(frozen=True, slots=True)
class SuperResolveRequest:
    """Halve the slice spacing of one regular volume.

    Slice k of the input becomes slices 2k and 2k + 1 of the result, whose mean is slice k
    (box slice profile). The result is an EnhanceResult of tasks.denoise.

    Attributes:
        pack_id: which pack.
        modality: CT or MR.
        spacing_ijk_mm: voxel spacing of the input.
        padding: voxel value, or range of values, outside the scanned field; None if there is none.
    """

    pack_id: str
    modality: str
    spacing_ijk_mm: tuple[float, float, float]
    padding: Padding = None
