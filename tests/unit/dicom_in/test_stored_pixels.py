"""Stored values out of samples: rare layouts, signs and colors as standard and pydicom have it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.pixels import convert_color_space
from pydicom.pixels.utils import pack_bits

from workstation.dicom.code_streams import CodeStream
from workstation.dicom.codecs import DecodeError
from workstation.dicom.frames import PixelLayout
from workstation.dicom.stored_pixels import from_decoder, from_native, native_size

GRAY = PixelLayout(
    rows=4,
    columns=6,
    samples=1,
    photometric="MONOCHROME2",
    bits_allocated=16,
    bits_stored=12,
    high_bit=11,
    is_signed=False,
    is_planar=False,
    transfer_syntax="1.2.840.10008.1.2.1",
    is_little=True,
)
COLOR = replace(GRAY, samples=3, photometric="RGB", bits_allocated=8, bits_stored=8, high_bit=7)
SIGNED = replace(GRAY, is_signed=True)


def raw(values: NDArray[Any]) -> NDArray[np.uint8]:
    return np.frombuffer(bytearray(values.tobytes()), np.uint8)


def decoded(values: NDArray[Any], stream: CodeStream, layout: PixelLayout) -> NDArray[Any]:
    return from_decoder(raw(values), stream, layout).values


def stream(precision: int, components: int = 1, **marks: bool) -> CodeStream:
    return CodeStream(4, 6, components, precision, **marks)


def wanted(low: int, high: int) -> NDArray[np.int64]:
    return np.linspace(low, high, 24).astype(np.int64).reshape(4, 6)


def test_unsigned_samples_are_taken_as_they_are() -> None:
    values = wanted(0, 4095)

    assert np.array_equal(decoded(values.astype("<u2"), stream(12), GRAY), values)


@pytest.mark.parametrize("precision", [12, 13, 16])
def test_a_stream_without_a_sign_gets_that_of_the_header(precision: int) -> None:
    values = wanted(-2048, 2047)

    found = decoded((values & 0xFFF).astype("<u2"), stream(precision), SIGNED)

    assert np.array_equal(found, values)
    assert found.dtype.kind == "i"


def test_samples_deeper_than_bits_stored_keep_their_value_and_say_so() -> None:
    values = wanted(-30000, 30000)

    found = from_decoder(raw((values & 0xFFFF).astype("<u2")), stream(16), SIGNED)

    assert np.array_equal(found.values, values)
    assert found.bits == 16


def test_a_stream_with_a_sign_that_the_header_has_too_is_taken_as_it_is() -> None:
    values = wanted(-2048, 2047)

    assert np.array_equal(decoded(values.astype("<i2"), stream(12, is_signed=True), SIGNED), values)


def test_a_stream_with_a_sign_that_the_header_denies_loses_it() -> None:
    values = wanted(0, 4095)
    extended = ((values << 4).astype(np.int16) >> 4).astype("<i2")

    assert np.array_equal(decoded(extended, stream(12, is_signed=True), GRAY), values)


def test_eight_bit_streams_of_wider_headers_are_read() -> None:
    values = wanted(0, 255)

    assert np.array_equal(decoded(values.astype("u1"), stream(8), GRAY), values)


def test_colors_are_never_signed_whatever_the_stream_says() -> None:
    colors = np.arange(72, dtype=np.uint8).reshape(4, 6, 3) * 3
    layout = replace(COLOR, is_signed=True)

    found = decoded(colors, stream(8, 3, is_signed=True), layout)

    assert np.array_equal(found, colors)
    assert found.dtype == np.uint8


def test_colors_that_come_plane_by_plane_are_joined() -> None:
    colors = np.arange(72, dtype=np.uint8).reshape(4, 6, 3)

    found = decoded(np.moveaxis(colors, -1, 0), stream(8, 3, is_planar=True), COLOR)

    assert np.array_equal(found, colors)


@pytest.mark.parametrize(
    ("photometric", "said", "is_converted"),
    [
        ("RGB", None, False),
        ("RGB", True, True),
        ("RGB", False, False),
        ("YBR_FULL", None, True),
        ("YBR_FULL_422", None, True),
        ("YBR_FULL", False, False),
        ("YBR_RCT", None, False),
        ("YBR_ICT", None, False),
    ],
)
def test_luminance_becomes_red_green_blue_where_the_decoder_left_it(
    photometric: str, *, said: bool | None, is_converted: bool
) -> None:
    colors = np.random.default_rng(1).integers(0, 256, (4, 6, 3), np.uint8)
    code = CodeStream(4, 6, 3, 8, is_ybr=said)

    found = decoded(colors, code, replace(COLOR, photometric=photometric))

    truth = convert_color_space(colors, "YBR_FULL", "RGB") if is_converted else colors
    assert np.array_equal(found, truth)


def test_deep_colors_keep_their_upper_bits() -> None:
    colors = (np.arange(72, dtype=np.uint16) * 50).reshape(4, 6, 3)
    layout = replace(COLOR, bits_allocated=16, bits_stored=12, high_bit=11)

    assert np.array_equal(decoded(colors, stream(12, 3), layout), colors >> 4)


@pytest.mark.parametrize("size", [47, 49, 96])
def test_another_number_of_bytes_is_refused(size: int) -> None:
    with pytest.raises(DecodeError, match="another size"):
        from_decoder(np.zeros(size, np.uint8), stream(12), GRAY)


@pytest.mark.parametrize("index", range(5))
def test_single_bits_are_found_though_frames_share_bytes(index: int) -> None:
    layout = replace(GRAY, rows=3, columns=5, bits_allocated=1, bits_stored=1, high_bit=0)
    bits = np.random.default_rng(2).integers(0, 2, (5, 3, 5), np.uint8)
    packed = np.frombuffer(pack_bits(bits), np.uint8)
    start, size = native_size(layout, index)

    found = from_native(packed[start : start + size].copy(), layout, index)

    assert np.array_equal(found.values, bits[index])
    assert start + size <= packed.size


@pytest.mark.parametrize("bits", [16, 32, 64])
@pytest.mark.parametrize("is_signed", [False, True])
def test_big_endian_samples_of_any_width_are_turned(bits: int, *, is_signed: bool) -> None:
    layout = replace(
        GRAY,
        bits_allocated=bits,
        bits_stored=bits,
        high_bit=bits - 1,
        is_signed=is_signed,
        is_little=False,
    )
    kind = f"{'i' if is_signed else 'u'}{bits // 8}"
    values = wanted(-9 if is_signed else 0, 30000).astype(kind)

    found = from_native(raw(values.astype(values.dtype.newbyteorder(">"))), layout, 0)

    assert np.array_equal(found.values, values)
    assert found.values.dtype == np.dtype(kind)


def test_pairs_that_share_their_color_are_unfolded() -> None:
    layout = replace(COLOR, photometric="YBR_FULL_422")
    full = np.random.default_rng(3).integers(0, 256, (4, 6, 3), np.uint8)
    full[:, 1::2, 1:] = full[:, 0::2, 1:]
    pairs = np.stack([full[:, 0::2, 0], full[:, 1::2, 0], full[:, 0::2, 1], full[:, 0::2, 2]], -1)

    found = from_native(raw(pairs), layout, 0)

    assert np.array_equal(found.values, convert_color_space(full, "YBR_FULL", "RGB"))


def test_the_opacity_of_a_fourth_channel_is_left_out() -> None:
    layout = replace(COLOR, samples=4, photometric="ARGB")
    values = np.arange(96, dtype=np.uint8).reshape(4, 6, 4)

    assert np.array_equal(from_native(raw(values), layout, 0).values, values[..., 1:])


@pytest.mark.parametrize(
    ("layout", "words"),
    [
        (replace(GRAY, bits_allocated=12), "12 bits"),
        (replace(COLOR, photometric="YBR_FULL_422", columns=5), "standard does not allow"),
        (replace(COLOR, photometric="YBR_FULL_422", bits_allocated=16), "standard does not allow"),
    ],
)
def test_layouts_that_are_not_read_are_named(layout: PixelLayout, words: str) -> None:
    memory = np.zeros(native_size(layout, 0)[1], np.uint8)

    with pytest.raises(DecodeError, match=words):
        from_native(memory, layout, 0)
