"""Request of doubling the voxels of a volume, through its planes or in them, once or twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from workstation.core.intensity import Padding

FACTORS = (2, 4)
"""How many voxels one becomes along the direction; four are made in two passes of two."""

BOX = 0.0
"""Shape of a profile that counts everything alike within the slice thickness."""

SHAPES: Mapping[str, float] = MappingProxyType({"box": BOX, "gaussian": 1.0})
"""Shapes of slice profiles by name, as the models are told them; between them lie blends."""


class Direction(Enum):
    """Along what voxels are doubled: slices, or rows and columns of each slice."""

    THROUGH_PLANE = "through_plane"
    IN_PLANE = "in_plane"


@dataclass(frozen=True, slots=True)
class SuperResolveRequest:
    """Make smaller voxels of one regular volume, nearest to the visible slice first.

    Through the planes slice k becomes ``factor`` slices of spacing / factor that together fill the
    place of slice k; averaged under the slice profile they give the scanned slices back. In the
    planes a pixel becomes factor x factor pixels whose mean it is. The result is an EnhanceResult
    of tasks.denoise.

    Attributes:
        pack_id: which pack.
        modality: CT or MR.
        spacing_ijk_mm: voxel spacing of the input.
        padding: voxel value, or range of values, outside the scanned field; None if there is none.
        first_index: slice of the input to do first.
        direction: through the planes or in them.
        factor: 2 or 4.
        profile_ratio: slice thickness over slice spacing; under 1 there are gaps between the
            slices, over 1 they overlap. Of no meaning in the planes.
        profile_shape: 0 for a box, 1 for a Gaussian whose full width at half maximum is the
            thickness.
    """

    pack_id: str
    modality: str
    spacing_ijk_mm: tuple[float, float, float]
    padding: Padding = None
    first_index: int = 0
    direction: Direction = Direction.THROUGH_PLANE
    factor: int = 2
    profile_ratio: float = 1.0
    profile_shape: float = BOX

    def __post_init__(self) -> None:
        if self.factor not in FACTORS:
            raise ValueError("voxels are made two or four")

    def result_shape(self, shape_kji: tuple[int, ...]) -> tuple[int, int, int]:
        """Return the shape of the result for a volume of the given shape."""
        k, j, i = shape_kji
        if self.direction is Direction.THROUGH_PLANE:
            return self.factor * k, j, i
        return k, self.factor * j, self.factor * i
