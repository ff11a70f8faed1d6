"""The bytes of voxels: unpacked within limits, and counted before anyone relies on them.

Libraries read a cut file as if it were whole (the rest is zeros), so the count is ours.
"""

from __future__ import annotations

import bz2
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from workstation.core.job import CancelToken
from workstation.core.verdict import Doubt
from workstation.exchange.research.header import (
    DEFLATE_RATIO,
    MIB,
    ByteSource,
    Coding,
    VolumeHeader,
    VolumeRefusedError,
)

CHUNK_BYTES = 1 * MIB
"""Unpacked at once; between two chunks the work can be cancelled."""

CHECKED_BYTES = {Coding.GZIP: 512 * MIB, Coding.ZLIB: 512 * MIB, Coding.BZIP2: 32 * MIB}
"""Largest payload that is unpacked at import to see whether it is whole: about 2 seconds. Larger
ones are checked when they are opened."""

SPARE_BYTES = 64 * 1024
"""Read past the voxels so that the check sum at the end of a stream is seen."""

CUT = "the file is cut: it ends inside its voxels"
DAMAGED = "the file is damaged: its voxels do not unpack"

_GZIP_BITS, _ZLIB_BITS = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS
_NEXT_MEMBER = (b"\x1f\x8b", b"BZh")
"""How a further part of a stream begins; what else follows is no part of it."""


def check_payload(
    header: VolumeHeader, source: ByteSource, cancel: CancelToken
) -> tuple[Doubt, ...]:
    """Check that the voxels a header claims are there; return what is doubtful.

    Args:
        header: of the volume.
        source: the file that holds the voxels.
        cancel: stops the check.

    Raises:
        VolumeRefusedError: they are not, or the file is damaged.
        OSError: the file cannot be read.
        CancelledError: it was cancelled.
    """
    with source.open() as stream:
        size = stream.seek(0, 2)
        present = max(size - max(header.start, 0), 0)
        if present < _least_bytes(header):
            raise VolumeRefusedError(CUT)
        if header.coding is Coding.RAW:
            return _left_over(present - header.skip - header.claimed_bytes, header)
        if header.claimed_bytes > CHECKED_BYTES.get(header.coding, 0):
            return ()
        for _chunk in voxel_bytes(header, stream):
            cancel.raise_if_cancelled()
    return ()


def voxel_bytes(header: VolumeHeader, stream: BinaryIO) -> Iterator[bytes]:
    """Yield the bytes of all volumes of a file, exactly as many as its header claims.

    Not for voxels written as text.

    Raises:
        VolumeRefusedError: there are fewer, or the stream is damaged.
        OSError: the file cannot be read.
    """
    if header.start < 0:
        stream.seek(-header.claimed_bytes, 2)
    else:
        stream.seek(header.start)
    skipped, left = header.skip, header.claimed_bytes
    for chunk in inflated(stream, header.coding, skipped + left + SPARE_BYTES):
        part = memoryview(chunk)[skipped:]
        skipped = max(skipped - len(chunk), 0)
        if left and part:
            yield bytes(part[:left])
            left -= min(left, len(part))
    if left:
        raise VolumeRefusedError(CUT)


def inflated(stream: BinaryIO, coding: Coding, limit_bytes: int) -> Iterator[bytes]:
    """Yield the unpacked bytes of a stream, never more than ``limit_bytes``.

    Raises:
        VolumeRefusedError: the stream is damaged or cut.
        OSError: the file cannot be read.
    """
    engine, given = _engine(coding), 0
    while given < limit_bytes:
        packed = stream.read(CHUNK_BYTES) if engine.is_hungry else b""
        part = engine.unpack(packed, min(CHUNK_BYTES, limit_bytes - given))
        given += len(part)
        if part:
            yield part
        if engine.is_done:
            after = engine.left_over or stream.read(CHUNK_BYTES)
            if not after.startswith(_NEXT_MEMBER):
                return
            engine = _engine(coding, after)
        elif not packed and not part:
            if coding is Coding.RAW:
                return
            raise VolumeRefusedError(CUT)


def _least_bytes(header: VolumeHeader) -> int:
    """Return how many bytes must be there for the claim to be possible."""
    count = header.claimed_bytes
    match header.coding:
        case Coding.RAW:
            return count + header.skip
        case Coding.TEXT:
            item = header.volume_bytes * header.volumes // _item_bytes(header)
            return 2 * item - 1  # a digit and a space for each number
        case Coding.HEX:
            return 2 * count
        case Coding.GZIP | Coding.ZLIB | Coding.BZIP2:
            return count // DEFLATE_RATIO


def _item_bytes(header: VolumeHeader) -> int:
    return int(header.element[-1])


def _left_over(count: int, header: VolumeHeader) -> tuple[Doubt, ...]:
    if count <= 0 or header.start < 0:
        return ()
    text = f"The file holds {count} bytes more than its header explains."
    return (Doubt("bytes_left", text),)


class _Engine(Protocol):
    """Unpacks a stream piece by piece."""

    @property
    def is_hungry(self) -> bool: ...
    @property
    def is_done(self) -> bool: ...
    @property
    def left_over(self) -> bytes: ...
    def unpack(self, packed: bytes, limit: int) -> bytes: ...


class _Plain:
    """Nothing is packed; the chunks pass."""

    is_hungry, is_done, left_over = True, False, b""

    def unpack(self, packed: bytes, limit: int) -> bytes:
        return packed[:limit]


class _Deflate:
    """zlib and gzip streams."""

    def __init__(self, bits: int, first: bytes) -> None:
        self._engine = zlib.decompressobj(bits)
        self._waiting = first

    @property
    def is_hungry(self) -> bool:
        return not self._waiting

    @property
    def is_done(self) -> bool:
        return self._engine.eof

    @property
    def left_over(self) -> bytes:
        return self._engine.unused_data

    def unpack(self, packed: bytes, limit: int) -> bytes:
        try:
            part = self._engine.decompress(self._waiting + packed, limit)
        except zlib.error as error:
            raise VolumeRefusedError(DAMAGED) from error
        self._waiting = self._engine.unconsumed_tail
        return part


class _Bzip2:
    """bzip2 streams; the engine itself keeps what it has not used."""

    def __init__(self, first: bytes) -> None:
        self._engine = bz2.BZ2Decompressor()
        self._first = first

    @property
    def is_hungry(self) -> bool:
        return self._engine.needs_input and not self._first

    @property
    def is_done(self) -> bool:
        return self._engine.eof

    @property
    def left_over(self) -> bytes:
        return self._engine.unused_data

    def unpack(self, packed: bytes, limit: int) -> bytes:
        packed, self._first = self._first + packed, b""
        try:
            return self._engine.decompress(packed, limit)
        except (OSError, ValueError, EOFError) as error:
            raise VolumeRefusedError(DAMAGED) from error


def _engine(coding: Coding, first: bytes = b"") -> _Engine:
    match coding:
        case Coding.GZIP:
            return _Deflate(_GZIP_BITS, first)
        case Coding.ZLIB:
            return _Deflate(_ZLIB_BITS, first)
        case Coding.BZIP2:
            return _Bzip2(first)
        case Coding.RAW | Coding.TEXT | Coding.HEX:
            return _Plain()
