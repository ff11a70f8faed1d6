"""Tiny NIfTI, NRRD and MetaImage files, written byte by byte, so that any lie can be told."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from struct import pack_into
from typing import Any

import numpy as np
from numpy.typing import NDArray

CODES = {"u1": 2, "i2": 4, "i4": 8, "f4": 16, "c8": 32, "f8": 64, "i1": 256, "u2": 512,
         "u4": 768, "i8": 1024, "u8": 1280}  # fmt: skip
RGB24, RGBA32 = 128, 2304


def ramp(shape_ijk: Sequence[int], kind: str = "<i2") -> NDArray[Any]:
    """Return voxels [.., k, j, i] that count up in the order in which they are stored."""
    return np.arange(int(np.prod(shape_ijk))).reshape(tuple(shape_ijk)[::-1]).astype(kind)


@dataclass(frozen=True)
class Nifti:
    """A NIfTI-1 or NIfTI-2 file; each field is what the header will say."""

    voxels: NDArray[Any] = field(default_factory=lambda: ramp((5, 4, 3)))
    qform: int = 1
    sform: int = 0
    quaternion: tuple[float, ...] = (0.0, 0.0, 0.0)
    shift: tuple[float, ...] = (10.0, 20.0, 30.0)
    rows: Sequence[Sequence[float]] = ((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0))
    pixdim: tuple[float, ...] = (1.0, 1.0, 2.0, 3.0)
    slope: float = 1.0
    intercept: float = 0.0
    units: int = 2
    intent: int = 0
    dims: tuple[int, ...] = ()
    code: int = 0
    order: str = "<"
    version: int = 1
    is_pair: bool = False
    offset: float | None = None

    def header(self) -> bytes:
        """Return the header as the file begins with."""
        shape = self.voxels.shape[::-1]
        dims = self.dims or (len(shape), *shape)
        dims = (*dims, *(1,) * (8 - len(dims)))
        pixdim = (*self.pixdim, *(1.0,) * (8 - len(self.pixdim)))
        code = self.code or CODES[self.voxels.dtype.str[1:]]
        return (self._one if self.version == 1 else self._two)(dims, pixdim, code)

    def content(self) -> bytes:
        """Return the whole file."""
        stored = self.voxels.astype(self.voxels.dtype.newbyteorder(self.order))  # type: ignore[arg-type]
        return self.header() + stored.tobytes()

    def write(self, path: Path) -> Path:
        """Write the file, compressed where its name ends so."""
        data = self.content()
        path.write_bytes(gzip.compress(data, 1) if path.suffix == ".gz" else data)
        return path

    def _one(self, dims: tuple[int, ...], pixdim: tuple[float, ...], code: int) -> bytes:
        head, o = bytearray(352), self.order
        pack_into(f"{o}i", head, 0, 348)
        pack_into(f"{o}8h", head, 40, *dims)
        pack_into(f"{o}hhh", head, 68, self.intent, code, 8 * self.voxels.dtype.itemsize)
        pack_into(f"{o}8f", head, 76, *pixdim)
        offset = (0 if self.is_pair else 352) if self.offset is None else self.offset
        pack_into(f"{o}3f", head, 108, offset, self.slope, self.intercept)
        head[123] = self.units
        pack_into(f"{o}hh", head, 252, self.qform, self.sform)
        pack_into(f"{o}6f", head, 256, *self.quaternion, *self.shift)
        pack_into(f"{o}12f", head, 280, *np.ravel(self.rows))
        head[344:348] = b"ni1\0" if self.is_pair else b"n+1\0"
        return bytes(head[:348] if self.is_pair else head)

    def _two(self, dims: tuple[int, ...], pixdim: tuple[float, ...], code: int) -> bytes:
        head, o = bytearray(544), self.order
        pack_into(f"{o}i", head, 0, 540)
        head[4:12] = b"n+2\0\r\n\x1a\n"
        pack_into(f"{o}hh", head, 12, code, 8 * self.voxels.dtype.itemsize)
        pack_into(f"{o}8q", head, 16, *dims)
        pack_into(f"{o}8d", head, 104, *pixdim)
        pack_into(f"{o}q2d", head, 168, 544, self.slope, self.intercept)
        pack_into(f"{o}ii", head, 344, self.qform, self.sform)
        pack_into(f"{o}6d", head, 352, *self.quaternion, *self.shift)
        pack_into(f"{o}12d", head, 400, *np.ravel(self.rows))
        pack_into(f"{o}ii", head, 500, self.units, self.intent)
        return bytes(head)


NRRD_FIELDS = {
    "type": "short",
    "dimension": "3",
    "space": "left-posterior-superior",
    "sizes": "5 4 3",
    "space directions": "(1,0,0) (0,2,0) (0,0,3)",
    "kinds": "domain domain domain",
    "endian": "little",
    "encoding": "raw",
    "space origin": "(10,20,30)",
}
"""Header of :func:`ramp` with 5 x 4 x 3 voxels."""


def nrrd_header(changes: Mapping[str, str | None] | None = None) -> bytes:
    """Return a header; a field set to None is left out."""
    fields = {**NRRD_FIELDS, **(changes or {})}
    lines = [f"{name}: {value}" for name, value in fields.items() if value is not None]
    return ("\n".join(["NRRD0004", "# a comment", *lines]) + "\n\n").encode()


def nrrd_bytes(
    changes: Mapping[str, str | None] | None = None, voxels: NDArray[Any] | None = None
) -> bytes:
    """Return an attached file; the voxels are written as its encoding says."""
    stored = (ramp((5, 4, 3)) if voxels is None else voxels).tobytes()
    encoding = {**NRRD_FIELDS, **(changes or {})}["encoding"]
    return nrrd_header(changes) + (gzip.compress(stored) if encoding == "gzip" else stored)


META_FIELDS = {
    "ObjectType": "Image",
    "NDims": "3",
    "BinaryData": "True",
    "BinaryDataByteOrderMSB": "False",
    "CompressedData": "False",
    "TransformMatrix": "1 0 0 0 1 0 0 0 1",
    "Offset": "10 20 30",
    "ElementSpacing": "1 2 3",
    "DimSize": "5 4 3",
    "ElementType": "MET_SHORT",
    "ElementDataFile": "LOCAL",
}
"""Header of :func:`ramp` with 5 x 4 x 3 voxels."""


def meta_header(changes: Mapping[str, str | None] | None = None) -> bytes:
    """Return a header; a field set to None is left out."""
    fields = {**META_FIELDS, **(changes or {})}
    last = fields.pop("ElementDataFile")
    lines = [f"{name} = {value}" for name, value in fields.items() if value is not None]
    return ("\n".join([*lines, f"ElementDataFile = {last}"]) + "\n").encode()


def meta_bytes(
    changes: Mapping[str, str | None] | None = None, voxels: NDArray[Any] | None = None
) -> bytes:
    """Return an attached file; the voxels are compressed where its header says so."""
    stored = (ramp((5, 4, 3)) if voxels is None else voxels).tobytes()
    is_packed = {**META_FIELDS, **(changes or {})}["CompressedData"] == "True"
    return meta_header(changes) + (zlib.compress(stored) if is_packed else stored)
