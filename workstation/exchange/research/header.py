"""What the header of a research volume says: size, type, place and where its voxels lie.

Headers are read by us, without any library, so that nothing is allocated and no other file is
opened before the claims were checked against the bytes that are there.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

import numpy as np

from workstation.core.verdict import Doubt
from workstation.exchange.research.placement import Placement

MIB = 1 << 20

MAX_HEADER_BYTES = 1 * MIB
"""Longest header text taken; those of scanners and of Slicer stay below 20 KiB."""

MAX_AXIS = 65_535
"""Most voxels along one axis; digital pathology has more, and is no volume."""

MAX_SKIPPED_BYTES = 1 << 31
"""Most bytes that a header may skip before its voxels."""

MAX_VOLUMES = 10_000
"""Most volumes in one file; an hour of functional MR has 3,600."""

MAX_CLAIMED_BYTES = 16 * 1024 * MIB
"""Largest volume looked at; DICOM series have the same limit."""

DEFLATE_RATIO = 1032
"""Largest expansion that deflate can reach. Source: zlib's technical notes, "maximum compression".

bzip2 packs zeros further; it is held to the same figure, which no image comes near."""

VECTOR = "each of its voxels holds several numbers (a vector field), which is not an image"
COMPLEX = "its voxels are complex numbers; save their magnitude as a volume to see it"


class VolumeRefusedError(Exception):
    """The file cannot be opened; the text is a clause for people without names."""


class ByteSource(Protocol):
    """A file that was received: plain, or inside a zip."""

    @property
    def path(self) -> Path:
        """The file; for a member of a zip, the archive."""
        ...

    @property
    def name(self) -> str:
        """Its name relative to what the person opened; may identify a patient, never logged."""
        ...

    @property
    def is_plain(self) -> bool:
        """Whether :attr:`path` is the file itself."""
        ...

    def open(self) -> AbstractContextManager[BinaryIO]:
        """Open the bytes for reading.

        Raises:
            OSError: the file cannot be read.
        """
        ...


class LocalFile(NamedTuple):
    """A file by its path, or the bytes of one."""

    path: Path
    name: str
    data: bytes | None = None

    @property
    def is_plain(self) -> bool:
        """Whether the path is the file itself."""
        return self.data is None

    def open(self) -> BinaryIO:
        """Open the bytes for reading."""
        return BytesIO(self.data) if self.data is not None else self.path.open("rb")


FindSibling = Callable[[str], ByteSource | None]
"""Returns the file of that name in the folder of a header; None where there is none."""


class Format(Enum):
    """File formats; the value is the name for people."""

    NIFTI = "NIfTI"
    NRRD = "NRRD"
    META_IMAGE = "MetaImage"
    PICTURE = "picture"


class Coding(Enum):
    """How the voxels are written."""

    RAW = "raw"
    GZIP = "gzip"
    ZLIB = "zlib"
    BZIP2 = "bzip2"
    TEXT = "text"
    HEX = "hex"


@dataclass(frozen=True, slots=True, eq=False)
class VolumeHeader:
    """What a header says, checked.

    Attributes:
        format: which format.
        variant: its name and version for people ("NIfTI-1").
        shape_ijk: voxels along each axis, the fastest first; 1 where there is no third axis.
        volumes: how many volumes of that shape there are (time, directions).
        samples: 1, or 3 or 4 for color.
        element: numpy type of one sample as stored, with byte order.
        slope, intercept: from stored numbers to those meant; 1 and 0 where there is no rescale.
        data_name: name of the file with the voxels, beside the header; empty where it is the same.
        start: first byte of what is written in ``coding``; -1: the voxels end the file.
        skip: bytes before the first voxel after inflation.
        coding: how the bytes from ``start`` on are written.
        placement: where they are.
        is_interleaved: whether the volumes of one voxel stand side by side, as colors do.
        unit: unit that the file itself names ("HU"); empty where it names none.
        is_label_map: whether the file says that its numbers are labels.
        doubts: what else is doubtful.
    """

    format: Format
    variant: str
    shape_ijk: tuple[int, int, int]
    volumes: int
    samples: int
    element: str
    data_name: str
    start: int
    skip: int
    coding: Coding
    placement: Placement
    slope: float = 1.0
    intercept: float = 0.0
    is_interleaved: bool = False
    unit: str = ""
    is_label_map: bool = False
    doubts: tuple[Doubt, ...] = ()

    def __post_init__(self) -> None:
        if min(self.shape_ijk) < 1 or self.volumes < 1:
            raise VolumeRefusedError("its header names an axis without voxels")
        if max(self.shape_ijk) > MAX_AXIS or self.volumes > MAX_VOLUMES:
            raise VolumeRefusedError("its header claims more voxels than an image can have")
        if self.claimed_bytes > MAX_CLAIMED_BYTES:
            raise VolumeRefusedError(f"it claims {self.claimed_bytes // MIB} MiB of voxels")

    @property
    def is_color(self) -> bool:
        """Whether its voxels hold red, green and blue."""
        return self.samples > 1

    @property
    def volume_bytes(self) -> int:
        """Bytes of one volume as stored, before any compression."""
        i, j, k = self.shape_ijk
        return i * j * k * self.samples * np.dtype(self.element).itemsize

    @property
    def claimed_bytes(self) -> int:
        """Bytes of all volumes as stored, before any compression."""
        return self.volume_bytes * self.volumes


def decode_text(data: bytes) -> str:
    """Return the text of a header.

    Raises:
        VolumeRefusedError: it is too long.
    """
    if len(data) > MAX_HEADER_BYTES:
        raise VolumeRefusedError("its header is absurdly long")
    return data.decode("utf-8", "replace")


def local_name(name: str) -> str:
    """Return the name of a data file that a header names, if it lies in the same folder.

    Raises:
        VolumeRefusedError: the name leads elsewhere, or means several files.
    """
    plain = name.strip().removeprefix("./")
    if not plain or plain.startswith("LIST") or "%" in plain:
        raise VolumeRefusedError("its voxels are spread over several files; save it as one file")
    if plain in (".", "..") or set("/\\:\0") & set(plain):
        raise VolumeRefusedError(
            "its header names a data file in another folder, which was not opened"
        )
    return plain


def whole_numbers(text: str) -> tuple[int, ...]:
    """Return the whole numbers of a header line.

    Raises:
        VolumeRefusedError: there are others.
    """
    try:
        return tuple(int(part) for part in text.split()[:16])
    except ValueError as error:
        raise VolumeRefusedError("its header is damaged: a size is no whole number") from error


def numbers(text: str) -> tuple[float, ...]:
    """Return the numbers of a header line; those of no meaning as NaN."""
    return tuple(map(number, text.split()[:64]))


def number(text: str) -> float:
    """Return a number of a header; NaN where it is none."""
    try:
        return float(text)
    except ValueError:
        return float("nan")
