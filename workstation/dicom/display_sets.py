"""A display set: slices that belong in one stack, described before a pixel is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from workstation.core.drawings import Shutter
from workstation.core.geometry import Reformat, StackGeometry
from workstation.core.identity import SeriesIdentity
from workstation.core.intensity import Intensity, Window
from workstation.core.provenance import Provenance
from workstation.core.verdict import Doubt, MissingSlices
from workstation.dicom.frames import Frame


@dataclass(frozen=True, slots=True, eq=False)
class DisplaySet:
    """Slices that are read as one stack. Immutable; any thread.

    Attributes:
        series: the series it belongs to.
        name: names the set inside its series where the series was split ("b=1000"), else empty.
        frames: the slices in order of k; opaque outside ``workstation.dicom``.
        geometry: where the slices are.
        intensity: what the numbers mean.
        windows: VOI windows of the headers; may be empty.
        voxel_type: uint8 (color), int16 or float32.
        holes: which slices seem to be missing.
        sort_key: how the order was found, in words.
        doubts: what is doubtful about this set.
        provenance: how the pixels came to be, by the headers; without notes.
    """

    series: SeriesIdentity
    name: str
    frames: tuple[Frame, ...]
    geometry: StackGeometry
    intensity: Intensity
    windows: tuple[Window, ...]
    voxel_type: type[np.generic]
    holes: tuple[MissingSlices, ...]
    sort_key: str
    doubts: tuple[Doubt, ...]
    provenance: Provenance = field(default_factory=Provenance)

    @property
    def slice_count(self) -> int:
        """Number of slices."""
        return len(self.frames)

    @property
    def rows(self) -> int:
        """Rows of each slice."""
        return self.geometry.shape_kji[1]

    @property
    def columns(self) -> int:
        """Columns of each slice."""
        return self.geometry.shape_kji[2]

    @property
    def is_color(self) -> bool:
        """Whether the voxels will hold red, green and blue."""
        return self.frames[0].imaging.layout.is_color

    @property
    def is_monochrome1(self) -> bool:
        """Whether low values are to be shown bright; the inversion comes last."""
        return self.frames[0].imaging.is_low_bright

    @property
    def shutter(self) -> Shutter | None:
        """The part of the images that is meant to be seen; None where slices disagree on it."""
        shutters = {frame.imaging.shutter for frame in self.frames}
        return shutters.pop() if len(shutters) == 1 else None

    @property
    def has_overlays(self) -> bool:
        """Whether files carry drawn overlays that can be shown; see :mod:`.overlays`."""
        return any(frame.imaging.has_overlays and frame.tile is None for frame in self.frames)

    @property
    def is_reformattable(self) -> bool:
        """Whether other planes can be made from it without resampling the slices first."""
        return self.geometry.reformat is Reformat.DIRECT

    @property
    def missing(self) -> int:
        """How many slices seem to be missing."""
        return sum(hole.count for hole in self.holes)

    @property
    def files(self) -> tuple[Path, ...]:
        """File of each slice (the same one repeated for frames), for ``read_reference_header``."""
        return tuple(frame.file.reference for frame in self.frames)

    def file_name(self, k: int) -> str:
        """Return the name of the file of slice k; may identify a patient, never logged."""
        return self.frames[k].file.name

    @property
    def instance_uids(self) -> tuple[str, ...]:
        """SOP Instance UID of each slice."""
        return tuple(frame.instance_uid for frame in self.frames)

    @property
    def frame_numbers(self) -> tuple[int, ...]:
        """Frame number of each slice, from 1; 0 for single-frame instances."""
        return tuple(frame.frame_number for frame in self.frames)

    @property
    def thickness_mm(self) -> float:
        """Slice Thickness for display only; 0 where absent."""
        return self.frames[0].imaging.thickness_mm

    @property
    def frame_rate(self) -> float:
        """Pictures per second the headers ask for; 0 where they ask for none."""
        return self.frames[0].imaging.frame_rate

    @property
    def image_type(self) -> tuple[str, ...]:
        """Image Type of the first slice; empty where absent."""
        return self.frames[0].imaging.contrast.image_type

    @property
    def sop_class_uid(self) -> str:
        """SOP class of the first slice."""
        return self.frames[0].imaging.sop_class_uid

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the voxels: (k, j, i), or (k, j, i, 3) for color."""
        return (*self.geometry.shape_kji, 3) if self.is_color else self.geometry.shape_kji

    @property
    def voxel_bytes(self) -> int:
        """Memory that the voxels will take, in bytes."""
        return int(np.prod(self.shape, dtype=np.int64)) * np.dtype(self.voxel_type).itemsize
