"""A research volume, or a picture: what stands for a display set where there is no DICOM."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workstation.core.geometry import Reformat, StackGeometry
from workstation.core.identity import SeriesIdentity
from workstation.core.intensity import Intensity, Window
from workstation.core.provenance import Provenance
from workstation.core.verdict import Doubt
from workstation.exchange.research.header import ByteSource
from workstation.exchange.research.placement import ReadingGrid, sort_words
from workstation.exchange.research.reader import ReadRequest, VolumeReader
from workstation.exchange.research.recognize import Kind


@dataclass(frozen=True, slots=True, eq=False)
class ResearchVolume:
    """One volume or picture, described before a voxel is read. Immutable; any thread.

    It is a :class:`workstation.core.image_stack.ImageStack`; no DICOM identifier stands in it.

    Attributes:
        series: its key among all that is open, not a UID; see ``StudyIdentity.is_research``.
        name: "volume 3" where the file holds several; else empty.
        kind: what its file is.
        sources: the file with the header, then that with the voxels if it is another one.
        number: which volume of the file, from 0.
        grid: where its slices are, and how they are turned for reading.
        intensity: what the numbers mean.
        voxel_type: uint8 (color) or float32: the widest it can become; int16 where all fits,
            which is known when the voxels are read.
        stored_bytes: memory of the volume as it is stored.
        doubts: what is doubtful about it.
        reader: the process that makes its thumbnail.
    """

    series: SeriesIdentity
    name: str
    kind: Kind
    sources: tuple[ByteSource, ...]
    number: int
    grid: ReadingGrid
    intensity: Intensity
    voxel_type: type[np.generic]
    stored_bytes: int
    doubts: tuple[Doubt, ...]
    reader: VolumeReader

    @property
    def geometry(self) -> StackGeometry:
        """Where the slices are."""
        return self.grid.geometry

    @property
    def windows(self) -> tuple[Window, ...]:
        """No file of these states a window."""
        return ()

    @property
    def slice_count(self) -> int:
        """Number of slices."""
        return self.geometry.shape_kji[0]

    @property
    def rows(self) -> int:
        """Rows of each slice."""
        return self.geometry.shape_kji[1]

    @property
    def columns(self) -> int:
        """Columns of each slice."""
        return self.geometry.shape_kji[2]

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the voxels: (k, j, i), or (k, j, i, 3) for color."""
        return (*self.geometry.shape_kji, 3) if self.is_color else self.geometry.shape_kji

    @property
    def voxel_bytes(self) -> int:
        """Memory that the voxels will take at most, in bytes."""
        return int(np.prod(self.shape, dtype=np.int64)) * np.dtype(self.voxel_type).itemsize

    @property
    def is_color(self) -> bool:
        """Whether the voxels hold red, green and blue."""
        return self.voxel_type is np.uint8

    @property
    def is_monochrome1(self) -> bool:
        """Low values are dark in all of these formats."""
        return False

    @property
    def is_reformattable(self) -> bool:
        """Whether other planes can be made without resampling the slices first."""
        return self.geometry.reformat is Reformat.DIRECT

    @property
    def provenance(self) -> Provenance:
        """Nothing in these files says how their voxels came to be."""
        return Provenance()

    @property
    def missing(self) -> int:
        """A grid has no holes."""
        return 0

    @property
    def sort_key(self) -> str:
        """How the voxels were put in order, in words."""
        return "one picture" if self.kind is Kind.PICTURE else sort_words(self.grid)

    @property
    def files(self) -> tuple[Path, ...]:
        """No DICOM file stands behind it."""
        return ()

    def file_name(self, _k: int) -> str:
        """Return the name of the file, the same for each slice; never logged."""
        return self.sources[0].name

    @property
    def instance_uids(self) -> tuple[str, ...]:
        """No slice has an identifier."""
        return ("",) * self.slice_count

    @property
    def frame_numbers(self) -> tuple[int, ...]:
        """The place of each slice in its file, from 1."""
        return tuple(range(1, self.slice_count + 1))

    @property
    def frame_rate(self) -> float:
        """Nothing is said about how fast it is played."""
        return 0.0

    @property
    def thickness_mm(self) -> float:
        """No file of these states a thickness."""
        return 0.0

    @property
    def image_type(self) -> tuple[str, ...]:
        """No DICOM Image Type."""
        return ()

    @property
    def sop_class_uid(self) -> str:
        """No SOP class."""
        return ""

    def request(self, k: int | None = None, *, first_index: int = 0) -> ReadRequest:
        """Return the request that reads all slices, or only slice ``k``.

        Args:
            k: the one slice; None for all.
            first_index: slice that is given first, where all are read.
        """
        slices = None
        if k is not None:
            is_reversed = self.grid.reversed_kji[0]
            slices = (self.slice_count - 1 - k if is_reversed else k, 1)
        return ReadRequest(
            self.kind,
            self.sources,
            max(self.stored_bytes, self.voxel_bytes),
            volume=self.number,
            slices=slices,
            reversed_kji=self.grid.reversed_kji,
            first_index=first_index,
        )
