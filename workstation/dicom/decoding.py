"""Decode one slice into its place in a volume.

Native pixels are read straight from the file; compressed ones, colors and the rarer layouts go
through :mod:`workstation.dicom.codecs`. Everything passes :func:`decode_slice`, so that decoding
can move to another process without a change elsewhere.

Source: PS3.5 section 8.1 (pixel encoding), PS3.3 C.11.1.1.2 (rescale).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from workstation.dicom.codecs import DecodeError, decode_stored
from workstation.dicom.frames import Frame, Imaging, LookupTable, PixelLayout
from workstation.dicom.headers import DEFLATED, HeaderError, dataset_bytes
from workstation.dicom.intensities import INT16, stored_range
from workstation.dicom.limits import LimitError

_NATIVE_LITTLE = frozenset({"1.2.840.10008.1.2", "1.2.840.10008.1.2.1", DEFLATED})
"""Implicit, explicit and deflated little endian: pixels as they are."""


class Scratch:
    """Memory that one thread uses again for each slice it decodes."""

    def __init__(self) -> None:
        self._memory = np.empty(0, dtype=np.uint8)

    def take(self, count: int) -> NDArray[np.uint8]:
        """Return ``count`` bytes; valid until the next call."""
        if self._memory.size < count:
            self._memory = np.empty(count, dtype=np.uint8)
        return self._memory[:count]


def decode_slice(frame: Frame, out: NDArray[Any], scratch: Scratch) -> int:
    """Fill ``out`` with the values of one slice; see :func:`decode_slices`."""
    return decode_slices((frame,), (out,), scratch)


def decode_slices(frames: Sequence[Frame], outs: Sequence[NDArray[Any]], scratch: Scratch) -> int:
    """Fill each of ``outs`` with the values of a slice.

    Args:
        frames: slices that are parts of one stored frame (the tiles of a mosaic), or just one.
        outs: (rows, columns) int16 or float32, or (rows, columns, 3) uint8, for each; C order.
        scratch: memory of this thread.

    Returns:
        How many values did not fit int16 and were limited to its range (padding not counted).

    Raises:
        DecodeError: the pixels cannot be read; the text is a sentence for people.
    """
    first = frames[0]
    layout = first.imaging.layout
    if _is_simple(layout):
        stored: NDArray[Any] = _native(first, layout, scratch)
    else:
        stored = decode_stored(first)
    return sum(
        _place(_tile(stored, frame), frame, out) for frame, out in zip(frames, outs, strict=True)
    )


def _tile(stored: NDArray[Any], frame: Frame) -> NDArray[Any]:
    tile = frame.tile
    if tile is None:
        return stored
    return stored[tile.row : tile.row + tile.rows, tile.column : tile.column + tile.columns]


def _place(stored: NDArray[Any], frame: Frame, out: NDArray[Any]) -> int:
    if stored.shape != out.shape:
        raise DecodeError("its pixels decode to another size than the header says")
    if frame.imaging.layout.is_color:
        out[...] = stored
        return 0
    return _rescaled(stored, frame.imaging, out)


def _is_simple(layout: PixelLayout) -> bool:
    return (
        layout.transfer_syntax in _NATIVE_LITTLE
        and layout.photometric != "PALETTE COLOR"
        and (_is_gray(layout) or _is_rgb(layout))
    )


def _is_gray(layout: PixelLayout) -> bool:
    return layout.samples == 1 and layout.bits_allocated in (8, 16)


def _is_rgb(layout: PixelLayout) -> bool:
    return layout.samples == 3 and layout.bits_allocated == 8 and layout.photometric == "RGB"


def _native(frame: Frame, layout: PixelLayout, scratch: Scratch) -> NDArray[Any]:
    """Return the stored values as they lie in the scratch: (rows, columns) or (..., 3)."""
    memory = scratch.take(layout.frame_bytes)
    offset = frame.pixel_offset + frame.index * layout.frame_bytes
    try:
        if layout.transfer_syntax == DEFLATED:
            data = dataset_bytes(frame.file)
            memory[:] = np.frombuffer(data, np.uint8, layout.frame_bytes, offset)
        else:
            with frame.file.open() as opened:
                opened.seek(offset)
                _fill(opened, memory)
    except PermissionError as error:
        raise DecodeError("you have no permission to read this file") from error
    except OSError as error:
        raise DecodeError(f"the file cannot be read ({error.strerror or 'error'})") from error
    except (LimitError, HeaderError, ValueError) as error:
        raise DecodeError(f"the file was refused: {error}") from error
    kind = "i" if layout.is_signed else "u"
    stored = memory.view(f"<{kind}{layout.bits_allocated // 8}")
    _clear_unused_bits(stored, layout)
    if layout.samples == 1:
        return stored.reshape(layout.rows, layout.columns)
    if layout.is_planar:
        return stored.reshape(3, layout.rows, layout.columns).transpose(1, 2, 0)
    return stored.reshape(layout.rows, layout.columns, 3)


def _fill(opened: BinaryIO, memory: NDArray[np.uint8]) -> None:
    view = memory.data
    done = 0
    while done < len(view):
        count = opened.readinto(view[done:])  # type: ignore[attr-defined]
        if not count:
            raise DecodeError("the file is cut: it ends inside its pixels")
        done += count


def _clear_unused_bits(stored: NDArray[Any], layout: PixelLayout) -> None:
    """Drop the bits beside the sample (old overlays) and extend the sign; in place."""
    unused = layout.bits_allocated - layout.bits_stored
    if not unused:
        return
    below = layout.high_bit + 1 - layout.bits_stored
    if not layout.is_signed and not below:
        np.bitwise_and(stored, (1 << layout.bits_stored) - 1, out=stored)
        return
    np.left_shift(stored, unused - below, out=stored)
    np.right_shift(stored, unused, out=stored)


def _rescaled(stored: NDArray[Any], imaging: Imaging, out: NDArray[Any]) -> int:
    rescale, padding, layout = imaging.rescale, imaging.padding, imaging.layout
    if rescale.table is not None:
        out[...] = _looked_up(stored, rescale.table)
        return 0
    if out.dtype != np.int16:
        out[...] = stored * np.float64(rescale.slope) + rescale.intercept
        return 0
    slope, intercept = int(rescale.slope), int(rescale.intercept)
    if slope == 1 and _sum_fits(stored, intercept, layout):
        as_signed = stored.view(np.int16) if stored.dtype == np.uint16 else stored
        np.add(as_signed, np.int16(intercept), out=out, casting="unsafe")
        return 0
    wide = stored.astype(np.int64) * slope + intercept
    beyond = (wide < INT16.min) | (wide > INT16.max)
    if padding is not None:
        beyond &= stored != padding
    np.clip(wide, INT16.min, INT16.max, out=wide)
    out[...] = wide
    return int(np.count_nonzero(beyond))


def _sum_fits(stored: NDArray[Any], intercept: int, layout: PixelLayout) -> bool:
    """Whether stored values plus intercept are all int16; looked up only where bits do not tell."""
    low, high = stored_range(layout)
    if INT16.min <= low + intercept and high + intercept <= INT16.max:
        return True
    return bool(
        INT16.min <= int(stored.min()) + intercept and int(stored.max()) + intercept <= INT16.max
    )


def _looked_up(stored: NDArray[Any], table: LookupTable) -> NDArray[np.int64]:
    """Return the Modality LUT's values; PS3.3 C.11.1.1."""
    entries = np.array(table.entries, dtype=np.int64)
    index = np.clip(stored.astype(np.int64) - table.first, 0, entries.size - 1)
    return entries[index]
