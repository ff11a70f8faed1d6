"""Decode one slice into its place in a volume.

Native pixels are read straight from the file, in place; rarer layouts and compressed pixels go
through :mod:`workstation.dicom.stored_pixels`, the compressed ones after a decoder process gave
their samples. No decoder library runs in this process.

Source: PS3.5 section 8.1 (pixel encoding), PS3.3 C.11.1.1.2 (rescale).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.core.job import CancelToken
from workstation.dicom.code_streams import checked, mended
from workstation.dicom.codecs import (
    CODECS,
    DEFLATED_FRAMES,
    ENCAPSULATED_NATIVE,
    DecodeError,
)
from workstation.dicom.decode_pool import DecodePool
from workstation.dicom.decoder import DecodeJob
from workstation.dicom.frames import Frame, Imaging, LookupTable, PixelLayout
from workstation.dicom.intensities import INT16
from workstation.dicom.limits import LimitError, inflate
from workstation.dicom.palettes import colored
from workstation.dicom.pixel_bytes import PixelBytes
from workstation.dicom.stored_pixels import Stored, from_decoder, from_native, native_size


class Scratch:
    """What one thread uses again for each slice it decodes.

    Args:
        pool: decoder processes; None: one is started for each compressed slice.
        source: reads the files; threads of one load share it.
        cancel: ends the decoding of a slice soon.
    """

    def __init__(
        self,
        pool: DecodePool | None = None,
        source: PixelBytes | None = None,
        cancel: CancelToken | None = None,
    ) -> None:
        self.source = source or PixelBytes()
        self.cancel = cancel or CancelToken()
        self._pool = pool
        self._memory = np.empty(0, dtype=np.uint8)

    def take(self, count: int) -> NDArray[np.uint8]:
        """Return ``count`` bytes; valid until the next call."""
        if self._memory.size < count:
            self._memory = np.empty(count, dtype=np.uint8)
        return self._memory[:count]

    @contextmanager
    def pool(self) -> Iterator[DecodePool]:
        """Give the decoder processes."""
        if self._pool is not None:
            yield self._pool
            return
        with DecodePool(size=1) as own:
            yield own


def is_any_compressed(frames: Sequence[Frame]) -> bool:
    """Whether pixels of any frame go through a decoder process."""
    return any(frame.imaging.layout.transfer_syntax in CODECS for frame in frames)


def decode_slice(frame: Frame, out: NDArray[Any], scratch: Scratch) -> int:
    """Fill ``out`` with the values of one slice; see :func:`decode_slices`."""
    return decode_slices((frame,), (out,), scratch)


def decode_slices(frames: Sequence[Frame], outs: Sequence[NDArray[Any]], scratch: Scratch) -> int:
    """Fill each of ``outs`` with the values of a slice.

    Args:
        frames: slices that are parts of one stored frame (the tiles of a mosaic), or just one.
        outs: (rows, columns) int16 or float32, or (rows, columns, 3) uint8, for each; C order.
        scratch: what this thread uses again.

    Returns:
        How many values did not fit int16 and were limited to its range (padding not counted).

    Raises:
        DecodeError: the pixels cannot be read; the text is a sentence for people.
    """
    with _stored(frames[0], scratch) as stored:
        return sum(
            _place(Stored(_tile(stored.values, frame), stored.bits), frame, out)
            for frame, out in zip(frames, outs, strict=True)
        )


@contextmanager
def _stored(frame: Frame, scratch: Scratch) -> Iterator[Stored]:
    """Give the stored values of a frame; they lie in memory that is used again after the block."""
    layout = frame.imaging.layout
    codec = CODECS.get(layout.transfer_syntax)
    if codec is None:
        yield _native(frame, layout, scratch)
        return
    coded = mended(scratch.source.coded(frame), codec)
    stream = checked(coded, codec, layout)
    pixels = layout.rows * layout.columns
    size = pixels * layout.samples * stream.sample_bytes
    job = DecodeJob(codec, coded, pixels, layout.bits_allocated, size)
    with scratch.pool() as pool, pool.decoded(job, scratch.cancel) as samples:
        yield from_decoder(samples, stream, layout)
        del samples


def _native(frame: Frame, layout: PixelLayout, scratch: Scratch) -> Stored:
    start, size = native_size(layout, frame.index)
    if layout.transfer_syntax in ENCAPSULATED_NATIVE:
        start, size = 0, native_size(layout, 0)[1]
        return from_native(_unwrapped(frame, layout, scratch, size), layout, 0)
    if _is_swapped(frame, layout, scratch):
        return from_native(_swapped(frame, scratch, start, size), layout, frame.index)
    memory = scratch.take(size)
    scratch.source.native(frame, memory, start)
    return from_native(memory, layout, frame.index)


def _unwrapped(frame: Frame, layout: PixelLayout, scratch: Scratch, size: int) -> NDArray[np.uint8]:
    """Return native pixels that lie in fragments, deflated or as they are."""
    data = scratch.source.coded(frame)
    if layout.transfer_syntax == DEFLATED_FRAMES:
        try:
            data = inflate((data,), len(data), size + 1)
        except LimitError as error:
            raise DecodeError(f"the file was refused: {error}") from error
    if len(data) < size:
        raise DecodeError("the file is cut: it ends inside its pixels")
    memory = scratch.take(size)
    memory[:] = np.frombuffer(data, dtype=np.uint8, count=size)
    return memory


def _is_swapped(frame: Frame, layout: PixelLayout, scratch: Scratch) -> bool:
    """Whether 8-bit samples lie in big endian words: then their representation is OW.

    Source: PS3.5 section 8.1.2 and annex A.3. Before the value stand representation, two reserved
    bytes and four of length.
    """
    if layout.is_little or layout.bits_allocated != 8:
        return False
    return scratch.source.before_pixels(frame, 8)[:2] == b"OW"


def _swapped(frame: Frame, scratch: Scratch, start: int, size: int) -> NDArray[np.uint8]:
    """Return bytes out of big endian words; a frame may begin and end inside a word."""
    first = start // 2 * 2
    memory = scratch.take(-(-(start + size) // 2) * 2 - first)
    scratch.source.native(frame, memory, first)
    return memory.reshape(-1, 2)[:, ::-1].reshape(-1)[start - first :][:size]


def _tile(stored: NDArray[Any], frame: Frame) -> NDArray[Any]:
    tile = frame.tile
    if tile is None:
        return stored
    return stored[tile.row : tile.row + tile.rows, tile.column : tile.column + tile.columns]


def _place(stored: Stored, frame: Frame, out: NDArray[Any]) -> int:
    values = stored.values
    if frame.imaging.palette is not None:
        values = colored(values, frame.imaging.palette)
    if values.shape != out.shape:
        raise DecodeError("its pixels decode to another size than the header says")
    if frame.imaging.layout.is_color:
        out[...] = values
        return 0
    return _rescaled(stored, frame.imaging, out)


def _rescaled(stored: Stored, imaging: Imaging, out: NDArray[Any]) -> int:
    rescale, padding, values = imaging.rescale, imaging.padding, stored.values
    if rescale.table is not None:
        out[...] = _looked_up(values, rescale.table)
        return 0
    if out.dtype != np.int16:
        out[...] = values * np.float64(rescale.slope) + rescale.intercept
        return 0
    slope, intercept = int(rescale.slope), int(rescale.intercept)
    if slope == 1 and _sum_fits(stored, intercept):
        as_signed = values.view(np.int16) if values.dtype == np.uint16 else values
        np.add(as_signed, np.int16(intercept), out=out, casting="unsafe")
        return 0
    wide = values.astype(np.int64) * slope + intercept
    beyond = (wide < INT16.min) | (wide > INT16.max)
    if padding is not None:
        beyond &= values != padding
    np.clip(wide, INT16.min, INT16.max, out=wide)
    out[...] = wide
    return int(np.count_nonzero(beyond))


def _sum_fits(stored: Stored, intercept: int) -> bool:
    """Whether stored values plus intercept are all int16; looked up only where bits do not tell."""
    values, span = stored.values, 1 << stored.bits
    low, high = (-span // 2, span // 2 - 1) if values.dtype.kind == "i" else (0, span - 1)
    if INT16.min <= low + intercept and high + intercept <= INT16.max:
        return True
    return bool(
        INT16.min <= int(values.min()) + intercept and int(values.max()) + intercept <= INT16.max
    )


def _looked_up(stored: NDArray[Any], table: LookupTable) -> NDArray[np.int64]:
    """Return the Modality LUT's values; PS3.3 C.11.1.1."""
    entries = np.array(table.entries, dtype=np.int64)
    index = np.clip(stored.astype(np.int64) - table.first, 0, entries.size - 1)
    return entries[index]
