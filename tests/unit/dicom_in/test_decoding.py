"""Pixels: equal to pydicom's decoding and to the standard's arithmetic."""

from __future__ import annotations

import zlib
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.pixels import apply_color_lut, convert_color_space
from pydicom.uid import DeflatedExplicitVRLittleEndian, RLELossless

from tests.unit.dicom_in.factory import image, item, ramp, save
from workstation.core.intensity import IntensityUnit
from workstation.core.volume import Volume
from workstation.dicom.codecs import DecodeError
from workstation.dicom.decoding import Scratch, decode_slice
from workstation.dicom.display_sets import DisplaySet
from workstation.dicom.sources import SourceFile
from workstation.services.import_studies import import_paths
from workstation.services.open_series import load_series, open_series


def only_set(*datasets: Dataset, folder: Path) -> DisplaySet:
    for number, data in enumerate(datasets):
        save(data, folder / f"{number}.dcm")
    (series,) = import_paths([folder]).all_series
    found = series.display_sets[0]
    assert isinstance(found, DisplaySet)
    return found


def load(*datasets: Dataset, folder: Path) -> Volume:
    return load_series(only_set(*datasets, folder=folder))


def test_ct_is_int16_in_hounsfield_units(tmp_path: Path) -> None:
    volume = load(image(1), image(2), folder=tmp_path)

    assert volume.voxels.dtype == np.int16
    assert np.array_equal(volume.voxels[0], ramp(100) - 1000)
    assert np.array_equal(volume.voxels[1], ramp(200) - 1000)
    assert volume.intensity.unit is IntensityUnit.HU
    assert volume.intensity.is_trusted


def test_a_slope_per_slice_is_applied_to_its_own_slice(tmp_path: Path) -> None:
    slices = [image(n, Modality="PT", Units="BQML", RescaleSlope=n / 8) for n in (1, 2)]
    for one in slices:
        one.RescaleIntercept = 0

    volume = load(*slices, folder=tmp_path)

    assert volume.voxels.dtype == np.float32
    assert np.allclose(volume.voxels[0], ramp(100) / 8)
    assert np.allclose(volume.voxels[1], ramp(200) / 4)
    assert volume.intensity.unit is IntensityUnit.ACTIVITY


def test_a_tiny_slope_stays_a_number(tmp_path: Path) -> None:
    data = image(1, Modality="MR", RescaleSlope="1e-6", RescaleIntercept=0)

    volume = load(data, folder=tmp_path)

    assert np.allclose(volume.voxels[0], ramp(100) * 1e-6, rtol=1e-6)


def test_old_overlay_bits_beside_the_sample_are_dropped(tmp_path: Path) -> None:
    pixels = ramp(0).astype(np.uint16)
    data = image(1, pixels=pixels | 0xF000, RescaleIntercept=0)
    data.BitsStored, data.HighBit = 12, 11

    assert np.array_equal(load(data, folder=tmp_path).voxels[0], pixels)


def test_the_sign_of_a_12_bit_sample_is_extended(tmp_path: Path) -> None:
    wanted = ramp(-15)
    data = image(1, pixels=(wanted & 0x0FFF).astype(np.uint16), RescaleIntercept=0)
    data.BitsStored, data.HighBit, data.PixelRepresentation = 12, 11, 1

    assert np.array_equal(load(data, folder=tmp_path).voxels[0], wanted)


def test_a_sample_in_the_upper_bits_is_moved_down(tmp_path: Path) -> None:
    wanted = ramp(0).astype(np.uint16)
    data = image(1, pixels=(wanted << 4) | 0x5, RescaleIntercept=0)
    data.BitsStored, data.HighBit = 12, 15

    assert np.array_equal(load(data, folder=tmp_path).voxels[0], wanted)


def test_eight_bit_pixels_are_widened(tmp_path: Path) -> None:
    pixels = np.arange(30, dtype=np.uint8).reshape(6, 5) + 200

    volume = load(image(1, pixels=pixels, Modality="OT"), folder=tmp_path)

    assert np.array_equal(volume.voxels[0], pixels.astype(np.int16) - 1000)


def test_unsigned_16_bit_mr_keeps_every_value(tmp_path: Path) -> None:
    pixels = np.linspace(0, 65535, 30).astype(np.uint16).reshape(6, 5)

    volume = load(image(1, pixels=pixels, Modality="MR", RescaleIntercept=0), folder=tmp_path)

    assert volume.voxels.dtype == np.float32
    assert np.array_equal(volume.voxels[0], pixels)


def test_ct_values_beyond_int16_are_limited_and_counted(tmp_path: Path) -> None:
    pixels = np.full((6, 5), 1000, dtype=np.uint16)
    pixels[0, :3] = 65535
    data = image(1, pixels=pixels, RescaleIntercept=0)

    opened = open_series(only_set(data, folder=tmp_path))
    opened.wait()

    assert opened.volume.voxels.max() == 32767
    assert [doubt.code for doubt in opened.doubts] == ["values_limited"]
    assert opened.doubts[0].text.startswith("3 voxels")


def test_padding_below_int16_is_limited_without_a_doubt(tmp_path: Path) -> None:
    pixels = np.full((6, 5), 1024, dtype=np.int16)
    pixels[0] = -32768
    data = image(1, pixels=pixels, RescaleIntercept=-1024)
    data.add_new(0x00280120, "SS", -32768)

    opened = open_series(only_set(data, folder=tmp_path))
    opened.wait()

    assert opened.volume.intensity.padding == -32768
    assert opened.volume.voxels.min() == -32768
    assert opened.volume.voxels.max() == 0
    assert not opened.doubts


def test_integral_slopes_other_than_one_are_multiplied(tmp_path: Path) -> None:
    volume = load(image(1, RescaleSlope=2, RescaleIntercept=-7), folder=tmp_path)

    assert np.array_equal(volume.voxels[0], ramp(100) * 2 - 7)


@pytest.mark.parametrize("descriptor", [[4, 100, 16], [4, 100, 8]])
def test_a_modality_table_gives_the_values(descriptor: list[int], tmp_path: Path) -> None:
    entries = [5, 50, 100, 200]
    kind = np.uint16 if descriptor[2] == 16 else np.uint8
    table = item(LUTDescriptor=descriptor, ModalityLUTType="HU")
    table[0].add_new(0x00283006, "OW", np.array(entries, kind).tobytes())
    data = image(1, ModalityLUTSequence=table, RescaleSlope=None, RescaleIntercept=None)
    index = np.clip(ramp(100) - 100, 0, 3)

    volume = load(data, folder=tmp_path)

    assert np.array_equal(volume.voxels[0], np.array(entries)[index])
    assert volume.intensity.is_trusted


def test_an_incomplete_table_is_set_aside(tmp_path: Path) -> None:
    table = item(LUTDescriptor=[400, 0, 16], ModalityLUTType="HU")
    table[0].add_new(0x00283006, "OW", bytes(8))
    save(image(1, ModalityLUTSequence=table), tmp_path / "bad.dcm")
    save(image(2), tmp_path / "good.dcm")

    (series,) = import_paths([tmp_path]).all_series

    assert "table of values" in series.verdict.set_aside[0].reason


@pytest.mark.parametrize("is_planar", [False, True])
def test_rgb_is_kept_as_red_green_blue(is_planar: bool, tmp_path: Path) -> None:
    pixels = np.arange(90, dtype=np.uint8).reshape(6, 5, 3)
    data = image(1, pixels=pixels)
    if is_planar:
        data.PlanarConfiguration = 1
        data.PixelData = pixels.transpose(2, 0, 1).tobytes()

    volume = load(data, folder=tmp_path)

    assert volume.is_colour
    assert np.array_equal(volume.voxels[0], pixels)


def test_palette_color_is_pydicoms_color(tmp_path: Path) -> None:
    data = image(1, pixels=ramp(0).astype(np.uint8), PhotometricInterpretation="PALETTE COLOR")
    for offset, name in enumerate(("Red", "Green", "Blue")):
        setattr(data, f"{name}PaletteColorLookupTableDescriptor", [256, 0, 16])
        values = (np.arange(256, dtype=np.uint16) * (offset + 1)) << 6
        setattr(data, f"{name}PaletteColorLookupTableData", values.tobytes())
    truth = apply_color_lut(data.pixel_array, data) >> 8

    assert np.array_equal(load(data, folder=tmp_path).voxels[0], truth)


def compressed(data: Dataset) -> Dataset:
    data.compress(RLELossless)
    return data


def test_compressed_slices_equal_the_native_ones(tmp_path: Path) -> None:
    volume = load(compressed(image(1)), image(2), folder=tmp_path)

    assert np.array_equal(volume.voxels[0], ramp(100) - 1000)


def encapsulated(data: Dataset, syntax: str, *coded: bytes) -> Dataset:
    data.file_meta.TransferSyntaxUID = syntax
    data.PixelData = pydicom.encaps.encapsulate(list(coded))
    data["PixelData"].VR = "OB"
    data["PixelData"].is_undefined_length = True
    return data


def test_a_damaged_code_stream_fails_alone_and_is_named(tmp_path: Path) -> None:
    bad = compressed(image(2))
    whole = pydicom.encaps.get_frame(bad.PixelData, 0, number_of_frames=1)
    bad.PixelData = pydicom.encaps.encapsulate([whole[:70]])

    opened = open_series(only_set(image(1), bad, image(3), folder=tmp_path))
    opened.wait()

    assert opened.loaded.tolist() == [True, False, True]
    assert not opened.is_complete
    assert opened.failed[0].file == "1.dcm"
    assert "damaged" in opened.failed[0].reason
    assert (opened.volume.voxels[1] == -1024).all()
    assert [doubt.code for doubt in opened.doubts] == ["slices_failed"]


def test_a_code_stream_of_another_size_is_not_decoded(tmp_path: Path) -> None:
    extent = (60000).to_bytes(4, "big") * 2 + bytes(8) + (60000).to_bytes(4, "big") * 2 + bytes(8)
    huge = b"\xff\x4f\xff\x51\x00\x29\x00\x00" + extent + b"\0\1\x0f\1\1" + bytes(30)
    bad = encapsulated(image(1), "1.2.840.10008.1.2.4.90", huge)

    opened = open_series(only_set(bad, image(2), folder=tmp_path))
    opened.wait()

    assert "another size" in opened.failed[0].reason


def test_padding_is_given_in_the_unit_of_the_volume(tmp_path: Path) -> None:
    data = image(1)
    data.add_new(0x00280120, "SS", -2000)

    assert load(data, folder=tmp_path).intensity.padding == -3000


def values(data: NDArray[Any]) -> list[int]:
    return [int(value) for value in np.unique(data)]


def test_monochrome1_keeps_its_numbers_and_says_so(tmp_path: Path) -> None:
    volume = load(image(1, PhotometricInterpretation="MONOCHROME1"), folder=tmp_path)

    assert volume.is_monochrome1
    assert values(volume.voxels) == values(ramp(100) - 1000)


def test_deflated_files_load_like_plain_ones(tmp_path: Path) -> None:
    data = image(1)
    data.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian

    assert np.array_equal(load(data, folder=tmp_path).voxels[0], ramp(100) - 1000)


def test_native_ybr_becomes_the_red_green_blue_of_pydicom(tmp_path: Path) -> None:
    pixels = np.arange(90, dtype=np.uint8).reshape(6, 5, 3)
    data = image(1, pixels=pixels, PhotometricInterpretation="YBR_FULL")

    volume = load(data, folder=tmp_path)

    assert np.array_equal(volume.voxels[0], convert_color_space(pixels, "YBR_FULL", "RGB"))


def test_deep_color_keeps_its_upper_bits_and_says_so(tmp_path: Path) -> None:
    pixels = (np.arange(90, dtype=np.uint16) * 700).reshape(6, 5, 3)
    display_set = only_set(image(1, pixels=pixels), folder=tmp_path)

    assert np.array_equal(load_series(display_set).voxels[0], pixels >> 8)
    assert "color_depth" in [doubt.code for doubt in display_set.doubts]


def test_a_padding_value_goes_through_the_modality_table(tmp_path: Path) -> None:
    table = item(LUTDescriptor=[4, 100, 16], ModalityLUTType="HU")
    table[0].add_new(0x00283006, "OW", np.array([5, 50, 100, 200], np.uint16).tobytes())
    data = image(1, ModalityLUTSequence=table)
    data.add_new(0x00280120, "SS", 101)

    assert load(data, folder=tmp_path).intensity.padding == 50


def test_padding_values_that_differ_by_slice_are_not_given_as_one(tmp_path: Path) -> None:
    slices = [image(n) for n in (1, 2)]
    for number, data in enumerate(slices):
        data.add_new(0x00280120, "SS", -2000 - number)

    assert load(*slices, folder=tmp_path).intensity.padding is None


def test_units_that_differ_by_slice_are_not_trusted(tmp_path: Path) -> None:
    slices = [image(1, RescaleType="HU"), image(2, RescaleType="US")]

    intensity = load(*slices, folder=tmp_path).intensity

    assert not intensity.is_trusted
    assert "do not share one unit" in intensity.reason


def test_an_unknown_modality_has_no_unit(tmp_path: Path) -> None:
    assert load(image(1, Modality="ZZ"), folder=tmp_path).intensity.unit is IntensityUnit.UNKNOWN


def test_a_deflated_file_that_vanished_fails_in_words(tmp_path: Path) -> None:
    data = image(1)
    data.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    display_set = only_set(data, image(2), folder=tmp_path)
    display_set.files[0].unlink()

    opened = open_series(display_set)
    opened.wait()

    assert "refused" in opened.failed[0].reason


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(13, "Permission denied"), "no permission"),
        (OSError(5, "Input/output error"), "cannot be read"),
        (MemoryError(), "more memory"),
    ],
)
def test_compressed_slices_that_cannot_be_read_fail_in_words(
    error: Exception, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    display_set = only_set(compressed(image(1)), folder=tmp_path)

    whole, opened_before = SourceFile.open, count()

    def refuse(file: SourceFile) -> object:
        # The first is the header that tells how the pixels came to be.
        if next(opened_before) == 0:
            return whole(file)
        raise error

    monkeypatch.setattr(SourceFile, "open", refuse)

    opened = open_series(display_set)
    opened.wait()

    assert words in opened.failed[0].reason


def test_a_slice_never_goes_into_a_place_of_another_size(tmp_path: Path) -> None:
    display_set = only_set(image(1), folder=tmp_path)

    with pytest.raises(DecodeError, match="another size"):
        decode_slice(display_set.frames[0], np.zeros((2, 2), np.int16), Scratch())


def test_one_slice_is_decoded_without_decoders_of_its_own(tmp_path: Path) -> None:
    display_set = only_set(compressed(image(1)), folder=tmp_path)
    out = np.zeros((6, 5), np.int16)

    decode_slice(display_set.frames[0], out, Scratch())

    assert np.array_equal(out, ramp(100) - 1000)


def _deflated(data: bytes) -> bytes:
    return zlib.compress(data, wbits=-15)


def fragmented(folder: Path, content: bytes, *, is_deflated: bool) -> DisplaySet:
    """Return a slice in a fragment; pydicom does not know the syntax of deflated frames yet."""
    path = save(encapsulated(image(1), "1.2.840.10008.1.2.1.98", content), folder / "0.dcm")
    if is_deflated:
        known, meant = b"1.2.840.10008.1.2.1.98", b"1.2.840.10008.1.2.8.1\0"
        path.write_bytes(path.read_bytes().replace(known, meant))
    (series,) = import_paths([folder]).all_series
    (found,) = series.display_sets
    assert isinstance(found, DisplaySet)
    return found


@pytest.mark.parametrize("is_deflated", [False, True])
def test_native_frames_in_fragments_are_read(is_deflated: bool, tmp_path: Path) -> None:
    pixels = ramp(100).tobytes()
    display_set = fragmented(
        tmp_path, _deflated(pixels) if is_deflated else pixels, is_deflated=is_deflated
    )

    assert np.array_equal(load_series(display_set).voxels[0], ramp(100) - 1000)


@pytest.mark.parametrize(
    ("is_deflated", "content", "words"),
    [
        (False, bytes(58), "cut"),
        (True, b"\x07" * 40, "refused"),
        (True, zlib.compress(bytes(1 << 20), wbits=-15), "far more"),
    ],
)
def test_fragments_that_hold_other_than_a_frame_are_refused(
    is_deflated: bool, content: bytes, words: str, tmp_path: Path
) -> None:
    opened = open_series(fragmented(tmp_path, content, is_deflated=is_deflated))
    opened.wait()

    assert words in opened.failed[0].reason


def test_eight_bits_in_big_endian_words_are_put_in_order(tmp_path: Path) -> None:
    frames = np.arange(54, dtype=np.uint8).reshape(2, 3, 3, 3)
    data = image(1, pixels=frames[0])
    data.NumberOfFrames, data.PixelData = 2, frames.reshape(-1, 2)[:, ::-1].tobytes()
    data["PixelData"].VR = "OW"
    data.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.2"

    assert np.array_equal(load(data, folder=tmp_path).voxels, frames)


def test_eight_bits_in_big_endian_bytes_stay_in_order(tmp_path: Path) -> None:
    pixels = np.arange(30, dtype=np.uint8).reshape(6, 5)
    data = image(1, pixels=pixels, RescaleIntercept=0)
    data.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.2"

    assert np.array_equal(load(data, folder=tmp_path).voxels[0], pixels)


def test_big_endian_samples_are_turned(tmp_path: Path) -> None:
    data = image(1, pixels=ramp(-15).astype(">i2"), RescaleIntercept=0)
    data.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.2"

    assert np.array_equal(load(data, folder=tmp_path).voxels[0], ramp(-15))
