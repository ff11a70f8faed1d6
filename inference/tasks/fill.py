"""Request and result of proposing voxels where slices or rows are missing."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.core.filled import FilledBox
from workstation.core.intensity import Padding
from workstation.core.provenance import PackRef


@dataclass(frozen=True, slots=True)
class FillRequest:
    """Propose the voxels of some boxes from the slices around them.

    The voxels travel beside the request; what they hold inside the boxes is not looked at.

    Attributes:
        pack_id: which pack.
        modality: CT or MR.
        spacing_ijk_mm: voxel spacing, along k that between neighboring places.
        boxes: what is missing; around each voxel there is one that was scanned on both sides.
        padding: voxel value, or range of values, outside the scanned field; None if there is none.
        first_index: slice to do first.
    """

    pack_id: str
    modality: str
    spacing_ijk_mm: tuple[float, float, float]
    boxes: tuple[FilledBox, ...]
    padding: Padding = None
    first_index: int = 0


@dataclass(frozen=True, slots=True)
class FillFigures:
    """What a filling did.

    Attributes:
        slices: slices with proposed voxels.
        voxels: proposed voxels.
        voxels_held: of those, how many the model put outside the range of what was scanned around
            them, so that they were moved to its border.
        slices_interpolated: slices that the model gave no usable numbers for; they are plain
            linear interpolation.
        seconds: time of the run.
        provider: ONNX Runtime execution provider used.
        provider_note: why another provider of this machine was not used, or not to the end; empty
            where there was none.
    """

    slices: int
    voxels: int
    voxels_held: int
    slices_interpolated: int
    seconds: float
    provider: str
    provider_note: str = ""


@dataclass(frozen=True, slots=True)
class FillResult:
    """What the worker says when a filling is complete; voxels travel beside it."""

    pack: PackRef
    figures: FillFigures
