"""Hand a checked file to the library that reads it, under a name that it knows.

Runs in the reading process. What is compressed is unpacked and counted first; what the library
would rescale wrongly is given to it without a rescale. The folder holds links and no voxels where
the system can keep bytes in memory under a name.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from workstation.exchange.research import metaimage, nifti, nrrd
from workstation.exchange.research.header import (
    MAX_HEADER_BYTES,
    ByteSource,
    Coding,
    Format,
    VolumeHeader,
)
from workstation.exchange.research.payload import CHUNK_BYTES, voxel_bytes
from workstation.exchange.research.recognize import SNIFF_BYTES, unpacked_head

_SUFFIX = {Format.NIFTI: ".nii", Format.NRRD: ".nrrd", Format.META_IMAGE: ".mha"}
_SUFFIX_ALONE = {Format.NRRD: ".nhdr", Format.META_IMAGE: ".mhd"}


@dataclass(frozen=True, slots=True)
class Staged:
    """A file as the library gets it.

    Attributes:
        path: the file to open.
        descriptors: what keeps its bytes in memory.
    """

    path: Path
    descriptors: tuple[int, ...]

    def close(self) -> None:
        """Let go of the bytes; the names are left."""
        for descriptor in self.descriptors:
            os.close(descriptor)


def stage(header: VolumeHeader, head: ByteSource, data: ByteSource, folder: Path) -> Staged:
    """Return the file that the library is to open.

    Args:
        header: what the file says.
        head: the file with the header.
        data: the file with the voxels; the same one unless the header stands alone.
        folder: an empty folder of ours.

    Raises:
        VolumeRefusedError: the voxels are cut or damaged.
        OSError: a file cannot be read.
    """
    if plain := _rewritten_header(header, head):
        path = folder / f"volume{_SUFFIX[header.format]}"
        return Staged(path, _keep(path, _with_voxels(plain, header, data)))
    suffixes = _SUFFIX_ALONE if header.data_name else _SUFFIX
    path = folder / f"volume{suffixes[header.format]}"
    descriptors = _name(path, head)
    if header.data_name:
        descriptors += _name(folder / header.data_name, data)
    return Staged(path, descriptors)


def _rewritten_header(header: VolumeHeader, head: ByteSource) -> bytes:
    """Return the header of one plain file; empty where the file may be read as it is."""
    is_packed = header.coding in (Coding.GZIP, Coding.ZLIB, Coding.BZIP2)
    with head.open() as stream:
        if header.format is Format.NIFTI:
            first = stream.read(SNIFF_BYTES)
            first = unpacked_head(first) if first[:2] == b"\x1f\x8b" else first
            is_changed = is_packed or bool(header.data_name) or not nifti.has_no_rescale(first)
            return nifti.as_plain(first) if is_changed else b""
        if not is_packed:
            return b""
        text = stream.read(MAX_HEADER_BYTES)
    return nrrd.as_raw(text) if header.format is Format.NRRD else metaimage.as_raw(text)


def _with_voxels(plain: bytes, header: VolumeHeader, data: ByteSource) -> Iterator[bytes]:
    yield plain
    with data.open() as stream:
        yield from voxel_bytes(header, stream)


def _name(path: Path, source: ByteSource) -> tuple[int, ...]:
    """Give a file a name that the library knows; without a copy where it is a plain file."""
    if source.is_plain:
        try:
            path.symlink_to(source.path.absolute())
        except OSError:  # Windows asks for a right that few have
            return _keep(path, _chunks(source))
        return ()
    return _keep(path, _chunks(source))


def _chunks(source: ByteSource) -> Iterator[bytes]:
    with source.open() as stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk


def _keep(path: Path, chunks: Iterable[bytes]) -> tuple[int, ...]:
    """Keep bytes in memory under a name, or in a file of our folder where that cannot be."""
    if not hasattr(os, "memfd_create"):
        with path.open("wb") as file:
            file.writelines(chunks)
        return ()
    descriptor = os.memfd_create("volume")
    with open(descriptor, "wb", closefd=False) as file:
        file.writelines(chunks)
    path.symlink_to(f"/proc/self/fd/{descriptor}")
    return (descriptor,)
