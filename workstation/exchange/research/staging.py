"""Hand checked voxels to the library that reads them, under a header of ours.

Runs in the reading process. What is compressed or written as text is unpacked and counted first.
The library never sees the header of the file: it reads a cut file as if it were whole, turns what
is no number into 0 (NIfTI), rescales by 32-bit arithmetic, invents distances and follows any path
that a header names. It gets a plain MetaImage header that says what was checked.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workstation.exchange.research.header import (
    MIB,
    ByteSource,
    Coding,
    VolumeHeader,
    VolumeRefusedError,
)
from workstation.exchange.research.payload import CUT, voxel_bytes

HEADER_NAME, VOXELS_NAME = "volume.mhd", "volume.raw"

LONGEST_TEXT_BYTES = 256 * MIB
"""Longest voxels written as text that are taken; they need ten times their size for a moment."""

_TYPES = {
    "i1": "MET_CHAR", "u1": "MET_UCHAR", "i2": "MET_SHORT", "u2": "MET_USHORT",
    "i4": "MET_INT", "u4": "MET_UINT", "i8": "MET_LONG_LONG", "u8": "MET_ULONG_LONG",
    "f4": "MET_FLOAT", "f8": "MET_DOUBLE",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Staged:
    """A volume as the library gets it.

    Attributes:
        path: the header to open.
        descriptor: what keeps its voxels in memory; -1 where they lie in a file.
    """

    path: Path
    descriptor: int

    def close(self) -> None:
        """Let go of the voxels; the names are left."""
        if self.descriptor >= 0:
            os.close(self.descriptor)


def stage(header: VolumeHeader, data: ByteSource, folder: Path) -> Staged:
    """Return the volumes of a file as the library is to open them.

    Args:
        header: what the file says, checked.
        data: the file with the voxels.
        folder: an empty folder of ours.

    Raises:
        VolumeRefusedError: the voxels are cut or damaged.
        OSError: a file cannot be read.
    """
    descriptor = -1
    if header.coding is Coding.RAW and data.is_plain:
        name, skipped = _linked(data.path.absolute(), folder), header.start
    else:
        (name, descriptor), skipped = _kept(_chunks(header, data), folder), 0
    path = folder / HEADER_NAME
    path.write_text(_header_text(header, name, skipped), encoding="utf-8")
    return Staged(path, descriptor)


def _header_text(header: VolumeHeader, name: str, skipped: int) -> str:
    sizes = list(header.shape_ijk)
    channels = header.samples
    if header.is_interleaved and not header.is_color:
        channels = header.volumes
    elif header.volumes > 1:
        sizes.append(header.volumes)
    is_big = header.element.startswith(">")
    lines = (
        "ObjectType = Image",
        f"NDims = {len(sizes)}",
        "BinaryData = True",
        f"BinaryDataByteOrderMSB = {is_big}",
        "CompressedData = False",
        f"DimSize = {' '.join(map(str, sizes))}",
        f"ElementNumberOfChannels = {channels}",
        f"ElementType = {_TYPES[header.element[1:]]}",
        f"HeaderSize = {skipped}",
        f"ElementDataFile = {name}",
    )
    return "\n".join(lines) + "\n"


def _linked(path: Path, folder: Path) -> str:
    """Return a name for a file in our folder; its path where links cannot be made (Windows)."""
    link = folder / VOXELS_NAME
    try:
        link.symlink_to(path)
    except OSError:
        return str(path)
    return VOXELS_NAME


def _kept(chunks: Iterator[bytes], folder: Path) -> tuple[str, int]:
    """Keep bytes in memory, or in a file of our folder where that cannot be."""
    if not hasattr(os, "memfd_create"):
        with (folder / VOXELS_NAME).open("wb") as file:
            file.writelines(chunks)
        return VOXELS_NAME, -1
    descriptor = os.memfd_create("voxels")
    try:
        with open(descriptor, "wb", closefd=False) as file:
            file.writelines(chunks)
    except BaseException:
        os.close(descriptor)
        raise
    return _linked(Path(f"/proc/self/fd/{descriptor}"), folder), descriptor


def _chunks(header: VolumeHeader, data: ByteSource) -> Iterator[bytes]:
    with data.open() as stream:
        if header.coding not in (Coding.TEXT, Coding.HEX):
            yield from voxel_bytes(header, stream)
            return
        stream.seek(header.start)
        text = stream.read(LONGEST_TEXT_BYTES + 1)
    if len(text) > LONGEST_TEXT_BYTES:
        raise VolumeRefusedError("its voxels are written as text, which is too long to be read")
    yield _from_text(text, header)


def _from_text(text: bytes, header: VolumeHeader) -> bytes:
    """Return voxels that are written as text as the bytes they mean."""
    if header.coding is Coding.HEX:
        voxels = bytes.fromhex(text.decode("ascii"))
    else:
        voxels = np.array(text.replace(b",", b" ").split()).astype(header.element).tobytes()
    if len(voxels) < header.claimed_bytes:
        raise VolumeRefusedError(CUT)
    return voxels[: header.claimed_bytes]
