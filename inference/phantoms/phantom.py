"""What a phantom is: voxels, where they are, and the exact truth about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.core.finding import Side
from workstation.core.geometry import StackGeometry


@dataclass(frozen=True, slots=True)
class Truth:
    """One true statement about a phantom, in the words of :class:`workstation.core.finding.Fact`.

    It comes from the shape that was drawn, before noise; it is never measured on the image.

    Attributes:
        finding: what, e.g. ``lung volume``, ``nodule``, ``intraparenchymal bleed``.
        anatomy: where, e.g. ``lung``, ``right upper lobe``.
        side: side of the patient.
        value: the quantity; None for a mere presence.
        unit: ``ml``, ``mm``, ``HU``, ``%`` or "" without a value.
        position_mm: LPS centre of it; None where it has no one place.
        is_present: True/False for a presence claim, None for a plain quantity.
    """

    finding: str
    anatomy: str
    side: Side = Side.NONE
    value: float | None = None
    unit: str = ""
    position_mm: tuple[float, float, float] | None = None
    is_present: bool | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PhantomTruth:
    """All that is known about a phantom.

    Attributes:
        quantities: every true quantity and presence (also the absences: ``is_present=False``).
        masks: name -> bool [k, j, i], a voxel is in where its centre is in the drawn shape.
    """

    quantities: tuple[Truth, ...]
    masks: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)

    def of(self, finding: str, side: Side | None = None) -> tuple[Truth, ...]:
        """Return the truths of one finding, of one side if a side is given."""
        return tuple(
            truth
            for truth in self.quantities
            if truth.finding == finding and (side is None or truth.side is side)
        )

    def value(self, finding: str, side: Side | None = None) -> float:
        """Return the one value of a finding.

        Raises:
            KeyError: there is not exactly one such truth with a value.
        """
        values = [truth.value for truth in self.of(finding, side) if truth.value is not None]
        if len(values) != 1:
            raise KeyError(f"{finding}: {len(values)} values")
        return values[0]


@dataclass(frozen=True, slots=True, eq=False)
class Phantom:
    """A scan of procedural anatomy.

    Attributes:
        voxels: [k, j, i]; int16 HU for CT, int16 signal for MR.
        geometry: where each slice is; tilted where the gantry was.
        modality: ``CT`` or ``MR``.
        truth: what was drawn.
        body_part: Body Part Examined, PS3.16 Annex L: ``CHEST``, ``HEAD``, ``BRAIN``.
        contrast: for MR ``T1``, ``T2`` or ``FLAIR``; for CT the kernel (``smooth`` ...).
        thickness_mm: slice thickness that was averaged over.
    """

    voxels: NDArray[Any]
    geometry: StackGeometry
    modality: str
    truth: PhantomTruth
    body_part: str = ""
    contrast: str = ""
    thickness_mm: float = 0.0

    def __post_init__(self) -> None:
        if self.voxels.shape != self.geometry.shape_kji:
            raise ValueError("the array and the geometry have different shapes")
