"""Tell by their first bytes what files without DICOM are, and read the headers of volumes."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from enum import Enum

import numpy as np

from workstation.exchange.research import metaimage, nifti, nrrd
from workstation.exchange.research.header import (
    MAX_HEADER_BYTES,
    ByteSource,
    Coding,
    FindSibling,
    Format,
    VolumeHeader,
    VolumeRefusedError,
)
from workstation.exchange.research.payload import inflated

SNIFF_BYTES = 4096
"""Bytes that tell every format; the longest header of fixed size has 540."""

ANALYZE = (
    "this is an Analyze image, which does not say which side is left; "
    "save it as NIfTI where its orientation is known"
)

_GZIP = b"\x1f\x8b"
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*")
_BITMAP_HEADERS = frozenset({12, 40, 52, 56, 64, 108, 124})
"""Sizes of the second header of a BMP. Source: Microsoft, "Bitmap Header Types"."""


class Kind(Enum):
    """What a file is by its first bytes."""

    NIFTI = "nifti"
    PACKED_NIFTI = "packed nifti"
    ANALYZE = "analyze"
    NRRD = "nrrd"
    META_IMAGE = "metaimage"
    PICTURE = "picture"


def kind_of(source: ByteSource) -> Kind | None:
    """Return what a file is; None for none of these.

    Raises:
        OSError: the file cannot be read.
    """
    with source.open() as stream:
        data = stream.read(SNIFF_BYTES)
        size = stream.seek(0, 2)
        if metaimage.begins(data) and metaimage.LAST_KEY not in data:
            stream.seek(0)
            data = stream.read(MAX_HEADER_BYTES)
    return _kind(data, size)


def read_volume_header(kind: Kind, source: ByteSource) -> VolumeHeader:
    """Return what the header of a volume says.

    Raises:
        VolumeRefusedError: it is damaged, or holds what cannot be shown.
        OSError: the file cannot be read.
    """
    try:
        with np.errstate(all="ignore"):  # numbers of untrusted headers; what is none is checked
            return _read(kind, source)
    except (struct.error, ValueError, OverflowError, IndexError, KeyError) as error:
        raise VolumeRefusedError("its header is damaged") from error


def data_source(header: VolumeHeader, source: ByteSource, find: FindSibling) -> ByteSource:
    """Return the file that holds the voxels of a header.

    Raises:
        VolumeRefusedError: it is not there.
    """
    if not header.data_name:
        return source
    found = find(header.data_name)
    if found is None and header.format is Format.NIFTI:
        found = find(f"{header.data_name}.gz")
    if found is None:
        raise VolumeRefusedError("the file with its voxels is not beside it")
    return found


def with_packed_image(header: VolumeHeader, data: ByteSource) -> VolumeHeader:
    """Return the header of a NIfTI pair whose image file is compressed."""
    if header.format is not Format.NIFTI or not header.data_name:
        return header
    with data.open() as stream:
        if stream.read(2) != _GZIP:
            return header
    return replace(header, start=0, skip=max(header.start, 0), coding=Coding.GZIP)


def unpacked_head(data: bytes) -> bytes:
    """Return the first bytes of a gzip file unpacked; empty where it is none."""
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(data, nifti.SIZE_1 + 4)
    except zlib.error:
        return b""


def _kind(data: bytes, size: int) -> Kind | None:
    if data.startswith(_GZIP):
        return Kind.PACKED_NIFTI if nifti.is_nifti(unpacked_head(data)) else None
    rules = (
        (nifti.is_nifti(data), Kind.NIFTI),
        (nifti.is_analyze(data, size), Kind.ANALYZE),
        (data.startswith(nrrd.MAGIC), Kind.NRRD),
        (metaimage.is_metaimage(data), Kind.META_IMAGE),
        (data.startswith(_PICTURES) or _is_bitmap(data), Kind.PICTURE),
    )
    return next((kind for is_so, kind in rules if is_so), None)


def _is_bitmap(data: bytes) -> bool:
    if data[:2] != b"BM" or len(data) < 30:
        return False
    return int.from_bytes(data[14:18], "little") in _BITMAP_HEADERS


def _read(kind: Kind, source: ByteSource) -> VolumeHeader:
    with source.open() as stream:
        if kind is Kind.PACKED_NIFTI:
            head = b"".join(inflated(stream, Coding.GZIP, nifti.HEADER_BYTES))
            return nifti.read_nifti(head, coding=Coding.GZIP, image_name=_image_name(source))
        if kind is Kind.NIFTI:
            head = stream.read(nifti.HEADER_BYTES)
            return nifti.read_nifti(head, coding=Coding.RAW, image_name=_image_name(source))
        data = stream.read(MAX_HEADER_BYTES)
    if kind is Kind.NRRD:
        return nrrd.read_nrrd(data)
    if kind is Kind.META_IMAGE:
        return metaimage.read_metaimage(data)
    raise VolumeRefusedError(ANALYZE)


def _image_name(source: ByteSource) -> str:
    """Return the name of the image file of a NIfTI header that stands alone."""
    name = source.name.rpartition("/")[2]
    stem = name.removesuffix(".gz").rpartition(".")[0]
    return f"{stem or name}.img"
