"""One display set as one array in the patient."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from workstation.core.drawings import Shutter, SliceDrawings
from workstation.core.filled import Filled
from workstation.core.geometry import StackGeometry
from workstation.core.identity import SeriesIdentity
from workstation.core.intensity import Intensity, Window
from workstation.core.provenance import Provenance

Voxel = TypeVar("Voxel", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class Volume:
    """Voxels of one display set, in the unit its intensity says. Immutable; any thread.

    The array is a read-only view. While a series loads, the loader still fills slices through
    its own writable reference and tells which are in.

    Attributes:
        voxels: ``[k, j, i]``, int16 where the rescale is integral, else float32; or
            ``[k, j, i, 3]`` uint8 for colour.
        geometry: where each slice is.
        intensity: unit of the voxels and whether it can be trusted.
        series: identity of the series.
        instance_uids: SOP Instance UID per slice (the same one repeated for frames).
        frame_numbers: 1-based frame per slice; all 0 for single-frame instances.
        windows: VOI windows of the headers, first is the default; may be empty.
        is_monochrome1: low values are to be shown bright; inversion is the last step.
        provenance: how the voxels came to be.
        thickness_mm: Slice Thickness (0018,0050) for display only; 0 where absent.
        drawings: gives what the headers draw over each slice (overlays); None for nothing. Never
            part of the voxels.
        shutter: the part of each slice that is meant to be seen; None for all of it.
        frame_rate: pictures per second the headers ask for; 0 where they ask for none.
        display_set: names this set inside its series where the series was split ("echo 2",
            "b=1000"); empty where the series is one set.
        filled: voxels that a model proposed where nothing was scanned; they are shown hatched and
            never measured. None where every voxel was scanned.
    """

    voxels: NDArray[Any]
    geometry: StackGeometry
    intensity: Intensity
    series: SeriesIdentity
    instance_uids: tuple[str, ...]
    frame_numbers: tuple[int, ...] = ()
    windows: tuple[Window, ...] = ()
    is_monochrome1: bool = False
    provenance: Provenance = field(default_factory=Provenance)
    thickness_mm: float = 0.0
    display_set: str = ""
    drawings: SliceDrawings | None = None
    shutter: Shutter | None = None
    frame_rate: float = 0.0
    filled: Filled | None = None

    def __post_init__(self) -> None:
        if self.voxels.shape[:3] != self.geometry.shape_kji:
            raise ValueError("the array and the geometry have different shapes")
        if self.voxels.flags.writeable:
            raise ValueError("a volume takes a read-only array: use read_only()")
        if len(self.instance_uids) != self.geometry.shape_kji[0]:
            raise ValueError("a volume needs one instance UID per slice")
        if self.filled is not None and self.filled.shape_kji != self.geometry.shape_kji:
            raise ValueError("what was filled and the geometry have different shapes")

    @property
    def is_colour(self) -> bool:
        """Whether voxels hold red, green, blue."""
        return self.voxels.ndim == 4


def read_only(array: NDArray[Voxel]) -> NDArray[Voxel]:
    """Return a read-only view of an array; the original stays as writable as it was."""
    view = array.view()
    view.setflags(write=False)
    return view
