"""Palettes; truth: pydicom's apply_color_lut on the same file, and segments unfolded by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.pixels import apply_color_lut
from pydicom.uid import ExplicitVRBigEndian

from tests.unit.dicom_in.factory import image, save
from workstation.core.errors import InputRefusedError
from workstation.services.import_studies import import_paths
from workstation.services.open_series import load_series

RED = np.array([0, 10, 20, 255, 7, 77], dtype=np.uint16)
GREEN = np.array([1, 0, 99, 128, 8, 88], dtype=np.uint16)
BLUE = np.array([255, 3, 5, 0, 9, 99], dtype=np.uint16)
STORED = np.array([[0, 1, 2], [3, 4, 5], [98, 99, 255]], dtype=np.uint8)


def palette_image(
    channels: tuple[NDArray[np.uint16], ...] = (RED, GREEN, BLUE),
    *,
    bits: int = 16,
    first: int = 1,
    stored: NDArray[np.generic] = STORED,
) -> Dataset:
    data = image(1, pixels=stored, Modality="US", PhotometricInterpretation="PALETTE COLOR")
    del data.RescaleSlope, data.RescaleIntercept
    for name, channel in zip(("Red", "Green", "Blue"), channels, strict=True):
        keyword = f"{name}PaletteColorLookupTable"
        vr = "SS" if data.PixelRepresentation else "US"
        data.add_new(f"{keyword}Descriptor", vr, [len(channel), first, bits])
        words = channel.astype("<u2" if bits > 8 else "u1").tobytes()
        data.add_new(f"{keyword}Data", "OW", words + b"\0" * (len(words) % 2))
    return data


def segmented(words: list[int], count: int, bits: int) -> Dataset:
    data = palette_image(stored=np.arange(count, dtype=np.uint8).reshape(1, count), first=0)
    dtype = "<u2" if bits > 8 else "u1"
    for name in ("Red", "Green", "Blue"):
        del data[f"{name}PaletteColorLookupTableData"]
        data[f"{name}PaletteColorLookupTableDescriptor"].value = [count, 0, bits]
        raw = np.array(words, dtype=dtype).tobytes()
        raw += b"\0" * (len(raw) % 2)
        data.add_new(f"Segmented{name}PaletteColorLookupTableData", "OW", raw)
    return data


def colors(data: Dataset, folder: Path) -> NDArray[np.uint8]:
    save(data, folder / "a.dcm")
    (series,) = import_paths([folder]).all_series
    assert series.verdict.shown == 1, series.verdict.set_aside
    pixels: NDArray[np.uint8] = load_series(series.display_sets[0]).voxels[0]
    return pixels


def test_8_bit_palettes_are_those_of_pydicom(tmp_path: Path) -> None:
    data = palette_image(bits=8)

    expected = apply_color_lut(data.pixel_array, data)

    assert np.array_equal(colors(data, tmp_path), expected)


@pytest.mark.parametrize("first", [0, 1, 98])
def test_16_bit_palettes_are_the_upper_bits_of_those_of_pydicom(first: int, tmp_path: Path) -> None:
    deep = tuple(channel * 257 for channel in (RED, GREEN, BLUE))
    data = palette_image(deep, first=first)

    expected = apply_color_lut(data.pixel_array, data) >> 8

    assert np.array_equal(colors(data, tmp_path), expected)


def test_a_signed_image_begins_its_palette_below_zero(tmp_path: Path) -> None:
    stored = np.array([[-128, -2, -1, 0, 127]], dtype=np.int8)
    data = palette_image(bits=8, first=-2, stored=stored)

    assert colors(data, tmp_path)[0, :, 0].tolist() == [0, 0, 10, 20, 77]


def test_8_bit_entries_that_claim_16_are_not_black(tmp_path: Path) -> None:
    assert colors(palette_image(bits=16), tmp_path)[1, 1].tolist() == [255, 128, 0]


def test_big_endian_words_are_read(tmp_path: Path) -> None:
    deep = tuple(channel * 257 for channel in (RED, GREEN, BLUE))
    data = palette_image(deep, stored=STORED.astype(np.uint16))
    expected = colors(data, tmp_path / "little")
    data.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    for element in data:
        if element.VR == "OW":
            element.value = np.frombuffer(element.value, "<u2").astype(">u2").tobytes()

    assert np.array_equal(colors(data, tmp_path / "big"), expected)


def test_discrete_and_linear_segments_unfold_as_pydicom_does(tmp_path: Path) -> None:
    words = [0, 2, 0, 1000, 1, 4, 65000, 0, 1, 7]
    data = segmented(words, 7, 16)

    expected = apply_color_lut(data.pixel_array, data) >> 8

    assert np.array_equal(colors(data, tmp_path), expected)


@pytest.mark.parametrize("bits", [8, 16])
def test_an_indirect_segment_repeats_others(bits: int, tmp_path: Path) -> None:
    # PS3.3 C.7.9.2.3: number of segments, then the offset in bytes, low part first.
    offset = [0, 0, 0, 0] if bits == 8 else [0, 0]
    words = [0, 2, 10, 20, 1, 2, 40, 2, 2, *offset]
    data = segmented(words, 8, bits)

    made = colors(data, tmp_path)[0, :, 0].tolist()

    # 10 20, linear to 40 in two steps, and the same again, starting from the second 20.
    assert made == [10, 20, 30, 40, 10, 20, 30, 40]


def test_segments_of_bytes_unfold_as_pydicom_does(tmp_path: Path) -> None:
    words = [0, 2, 10, 20, 1, 3, 50, 2, 1, 0, 0, 0, 0]
    data = segmented(words, 7, 8)

    expected = apply_color_lut(data.pixel_array, data)

    assert np.array_equal(colors(data, tmp_path), expected)


@pytest.mark.parametrize(
    "words",
    [[1, 4, 9], [3, 1, 1, 1], [0, 2, 1], [2, 1, 0], [0, 1, 5, 1, 0, 9], [0, 1, 5, 2, 1, 6, 0]],
)
def test_segments_that_break_the_rules_are_refused_in_words(
    words: list[int], tmp_path: Path
) -> None:
    save(segmented(words, 40, 16), tmp_path / "a.dcm")

    with pytest.raises(InputRefusedError, match="table of colors cannot be used"):
        import_paths([tmp_path])


def test_a_missing_channel_is_refused_in_words(tmp_path: Path) -> None:
    data = palette_image()
    del data.BluePaletteColorLookupTableData
    save(data, tmp_path / "a.dcm")

    with pytest.raises(InputRefusedError, match="one of its three parts is missing"):
        import_paths([tmp_path])
