"""Turn the samples of one frame, as a file or a decoder gives them, into stored values.

Stored values are (rows, columns) integers, or (rows, columns, 3) uint8 red, green and blue.
Everything here is numpy on bytes whose number was checked; no decoder library is called.

Source: PS3.5 section 8.1 (native pixels), 8.2 (what code streams say), PS3.3 C.7.6.3.1.2 (colors).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workstation.dicom.code_streams import CodeStream
from workstation.dicom.codecs import DecodeError
from workstation.dicom.frames import PixelLayout

_FROM_YBR = np.array(
    [
        [1.0, 1.0, 1.0],
        [0.0, -0.114 * 1.772 / 0.587, 1.772],
        [1.402, -0.299 * 1.402 / 0.587, 0.0],
    ],
    dtype=np.float32,
)
"""From luminance and two differences to red, green and blue; columns are the results.

Source: ITU-T T.871 section 7.
"""


RLE = "1.2.840.10008.1.2.5"
"""RLE Lossless. Source: PS3.6 table A-1."""


class Stored(NamedTuple):
    """Stored values, and how many bits they may use.

    Attributes:
        values: (rows, columns) integers or (rows, columns, 3) uint8.
        bits: of a value; more than Bits Stored only where a code stream holds larger ones.
    """

    values: NDArray[Any]
    bits: int


def native_size(layout: PixelLayout, index: int) -> tuple[int, int]:
    """Return (first byte in the pixel element, bytes) of a native frame.

    Single bits of neighboring frames share a byte. Source: PS3.5 section 8.1.1.
    """
    if layout.bits_allocated != 1:
        return index * layout.frame_bytes, layout.frame_bytes
    bits = layout.rows * layout.columns * layout.samples
    first = index * bits // 8
    return first, -(-(index + 1) * bits // 8) - first


def from_native(memory: NDArray[np.uint8], layout: PixelLayout, index: int) -> Stored:
    """Return stored values of native pixels.

    Args:
        memory: the bytes of :func:`native_size`; may be changed, and is what values lie in.
        layout: how they are stored.
        index: which frame it is.

    Raises:
        DecodeError: the layout is one that is not read.
    """
    samples = _native_samples(memory, layout, index)
    if layout.photometric == "YBR_FULL_422" and layout.samples == 3:
        return Stored(_to_rgb(_full(samples, layout)), 8)
    shaped = _shaped(samples, layout, is_planar=layout.is_planar)
    clear_unused_bits(shaped, layout)
    if layout.samples == 1:
        return Stored(shaped, layout.bits_stored)
    is_ybr = layout.photometric.startswith("YBR")
    return Stored(_eight_bits(shaped, layout.bits_stored, is_ybr=is_ybr), 8)


def from_decoder(memory: NDArray[np.uint8], stream: CodeStream, layout: PixelLayout) -> Stored:
    """Return stored values of what a decoder library gave.

    Args:
        memory: its bytes, writable; values may lie in them.
        stream: what the code stream says.
        layout: what the header says.

    Raises:
        DecodeError: the number of bytes is not what the header says.
    """
    count = layout.rows * layout.columns * layout.samples
    if memory.size != count * stream.sample_bytes:
        raise DecodeError("its pixels decode to another size than the header says")
    samples = memory.view(f"<u{stream.sample_bytes}")
    shaped = _shaped(samples, layout, is_planar=stream.is_planar)
    if layout.samples == 1 and layout.transfer_syntax == RLE:
        # It codes whole words, with old overlays in the bits beside the samples; PS3.5 A.4.2.
        words = shaped.view(np.dtype(f"<{'i' if layout.is_signed else 'u'}{stream.sample_bytes}"))
        clear_unused_bits(words, layout)
        return Stored(words, layout.bits_stored)
    if layout.samples == 1:
        return _signed_as_stated(shaped, stream, layout)
    if stream.is_signed:
        # Colors are never signed (PS3.3 C.7.6.3.1.2); a stream that says so is mistaken.
        np.bitwise_and(shaped, _mask(stream.precision), out=shaped, casting="unsafe")
    is_ybr = layout.photometric in _LUMINANCE if stream.is_ybr is None else stream.is_ybr
    return Stored(_eight_bits(shaped, stream.precision, is_ybr=is_ybr), 8)


_LUMINANCE = frozenset({"YBR_FULL", "YBR_FULL_422"})
"""Colors that are left to the reader to turn into red, green and blue.

YBR_ICT and YBR_RCT are undone by the decoder of JPEG 2000. Source: PS3.5 section 8.2.4.
"""


def clear_unused_bits(stored: NDArray[Any], layout: PixelLayout) -> None:
    """Drop the bits beside the sample (old overlays) and extend the sign; in place."""
    unused = layout.bits_allocated - layout.bits_stored
    if not unused:
        return
    below = layout.high_bit + 1 - layout.bits_stored
    if not layout.is_signed and not below:
        np.bitwise_and(stored, _mask(layout.bits_stored), out=stored, casting="unsafe")
        return
    np.left_shift(stored, unused - below, out=stored)
    np.right_shift(stored, unused, out=stored)


def _native_samples(memory: NDArray[np.uint8], layout: PixelLayout, index: int) -> NDArray[Any]:
    bits = layout.bits_allocated
    if bits == 1:
        count = layout.rows * layout.columns * layout.samples
        offset = index * count % 8
        return np.unpackbits(memory, bitorder="little")[offset : offset + count]
    if bits not in (8, 16, 32, 64):
        raise DecodeError(f"its pixels are packed into {bits} bits each, which is not read here")
    order = "<" if layout.is_little else ">"
    samples = memory.view(f"{order}{'i' if layout.is_signed else 'u'}{bits // 8}")
    return samples if layout.is_little else samples.astype(samples.dtype.newbyteorder("="))


def _shaped(samples: NDArray[Any], layout: PixelLayout, *, is_planar: bool) -> NDArray[Any]:
    rows, columns, count = layout.rows, layout.columns, layout.samples
    if count == 1:
        return samples.reshape(rows, columns)
    if is_planar:
        shaped = samples.reshape(count, rows, columns).transpose(1, 2, 0)
    else:
        shaped = samples.reshape(rows, columns, count)
    return shaped[..., count - 3 :]  # the fourth of ARGB (retired) is an opacity and comes first


def _full(samples: NDArray[Any], layout: PixelLayout) -> NDArray[Any]:
    """Return YBR_FULL of YBR_FULL_422: two luminances share their differences.

    Source: PS3.3 C.7.6.3.1.2.
    """
    if layout.columns % 2 or layout.bits_allocated != 8:
        raise DecodeError("its colors are stored in a way that the standard does not allow")
    pairs = samples.reshape(layout.rows, layout.columns // 2, 4)
    full = np.empty((layout.rows, layout.columns, 3), dtype=np.uint8)
    full[:, 0::2, 0], full[:, 1::2, 0] = pairs[..., 0], pairs[..., 1]
    for color in (1, 2):
        full[:, 0::2, color] = full[:, 1::2, color] = pairs[..., color + 1]
    return full


def _signed_as_stated(samples: NDArray[Any], stream: CodeStream, layout: PixelLayout) -> Stored:
    """Return gray values with the sign that Pixel Representation states.

    JPEG and JPEG-LS know no sign, JPEG 2000 may state another one than the header. A stream deeper
    than Bits Stored may still hold samples of Bits Stored, with nothing above them. Changes
    ``samples``. Source: PS3.5 section 8.2.3, 8.2.4.
    """
    bits = stream.precision
    if bits > layout.bits_stored and int(samples.max()) < 1 << layout.bits_stored:
        bits = layout.bits_stored
    if not layout.is_signed:
        if stream.is_signed:
            np.bitwise_and(samples, _mask(bits), out=samples, casting="unsafe")
        return Stored(samples, bits)
    signed = samples.view(samples.dtype.str.replace("u", "i"))
    unused = 8 * samples.dtype.itemsize - bits
    if unused and not (stream.is_signed and bits == stream.precision):
        np.left_shift(signed, unused, out=signed)
        np.right_shift(signed, unused, out=signed)
    return Stored(signed, bits)


def _eight_bits(colors: NDArray[Any], bits: int, *, is_ybr: bool) -> NDArray[np.uint8]:
    """Return colors as uint8 red, green, blue; deeper ones lose their lowest bits."""
    if colors.dtype.itemsize > 1:
        colors = (colors >> max(bits - 8, 0)).astype(np.uint8)
    colors = colors.view(np.uint8)
    return _to_rgb(colors) if is_ybr else colors


def _to_rgb(ybr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    values = ybr.astype(np.float32)
    values[..., 1:] -= 128
    rgb: NDArray[np.float32] = values @ _FROM_YBR
    np.floor(rgb + np.float32(0.5), out=rgb)
    return np.clip(rgb, 0, 255, out=rgb).astype(np.uint8)


def _mask(bits: int) -> int:
    return (1 << bits) - 1
