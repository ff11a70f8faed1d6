"""What the numbers of a file mean: bits, padding, tables, units; truth by hand and by pydicom."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.pixels import apply_modality_lut
from pydicom.sequence import Sequence

from inference.measure.working_grid import working_grid
from inference.ops.frame import gather
from tests.unit.dicom_in.factory import edit, enhanced, image, item, ramp, save, save_all, stack
from viewers.state.windows import auto_window
from viewers.tools.measure import measure_probe, probe
from workstation.core.image_stack import ImageStack
from workstation.core.intensity import IntensityUnit
from workstation.core.volume import Volume
from workstation.services.import_studies import import_paths
from workstation.services.open_series import load_series

PADDING_VALUE, PADDING_LIMIT = 0x00280120, 0x00280121


def opened(data: Dataset, folder: Path) -> tuple[ImageStack, Volume]:
    save(data, folder / "a.dcm")
    (series,) = import_paths([folder]).all_series
    display_set = series.display_sets[0]
    return display_set, load_series(display_set)


def padded(
    value: int,
    limit: int | None = None,
    *,
    pixels: NDArray[np.generic] | None = None,
    **attributes: object,
) -> Dataset:
    data = edit(image(1, pixels=pixels), **attributes)
    vr = "SS" if data.PixelRepresentation else "US"
    data.add_new(PADDING_VALUE, vr, value)
    if limit is not None:
        data.add_new(PADDING_LIMIT, vr, limit)
    return data


def codes(display_set: ImageStack) -> set[str]:
    return {doubt.code for doubt in display_set.doubts}


def modality_table(entries: list[int], first: int = 0) -> Sequence:
    data = Dataset()
    data.add_new("LUTDescriptor", "US" if first >= 0 else "SS", [len(entries), first, 16])
    data.ModalityLUTType = "US"
    data.add_new("LUTData", "OW", np.array(entries, dtype="<u2").tobytes())
    return Sequence([data])


@pytest.mark.parametrize(
    ("value", "limit", "slope", "intercept", "outside"),
    [
        (-2000, None, 1, -1024, -3024),
        (-2000, -1990, 1, -1024, (-3024, -3014)),
        # PS3.3 C.7.5.1.1.2: the limit may lie on either side of the value.
        (-1990, -2000, 1, -1024, (-3024, -3014)),
        (-2000, -2000, 1, -1024, -3024),
        (10, 20, -2, 5, (-35, -15)),
        (-32768, -32760, 1, -1024, -32768),
    ],
)
def test_padding_is_a_range_in_the_unit_of_the_volume(
    value: int, limit: int | None, slope: int, intercept: int, outside: object, tmp_path: Path
) -> None:
    data = padded(value, limit, RescaleSlope=slope, RescaleIntercept=intercept)

    assert opened(data, tmp_path)[0].intensity.outside == outside


def test_unsigned_padding_is_unsigned(tmp_path: Path) -> None:
    stored = ramp(100).astype(np.uint16)
    data = padded(63536, 65535, pixels=stored, Modality="MR", RescaleIntercept=0)

    assert opened(data, tmp_path)[0].intensity.outside == (63536, 65535)


def test_padding_of_a_fractional_slope_is_found_in_the_voxels(tmp_path: Path) -> None:
    data = padded(100, 102, RescaleSlope="0.1", RescaleIntercept="0.3", Modality="MR")

    display_set, volume = opened(data, tmp_path)

    low, high = display_set.intensity.padding_range or (0, 0)
    marked = (volume.voxels >= np.float32(low)) & (volume.voxels <= np.float32(high))
    assert np.argwhere(marked[0].ravel()).ravel().tolist() == [0, 1, 2]


def test_padding_behind_a_table_is_looked_up(tmp_path: Path) -> None:
    stored = np.array([[0, 1, 2, 3]], dtype=np.uint16)
    table = modality_table([7000, 7001, 100, 200])
    data = padded(0, 1, pixels=stored, ModalityLUTSequence=table, Modality="DX", BitsStored=2)
    data.HighBit = 1

    display_set, volume = opened(data, tmp_path)

    assert volume.voxels.ravel().tolist() == [7000, 7001, 100, 200]
    assert display_set.intensity.outside == (7000, 7001)


def test_padding_that_a_table_mixes_with_values_is_not_guessed(tmp_path: Path) -> None:
    stored = np.array([[0, 1, 2, 3]], dtype=np.uint16)
    table = modality_table([100, 150, 100, 200])
    data = padded(0, pixels=stored, ModalityLUTSequence=table, Modality="DX", BitsStored=2)
    data.HighBit = 1

    display_set, _ = opened(data, tmp_path)

    assert display_set.intensity.outside is None
    assert "padding_unclear" in codes(display_set)


def test_padding_that_differs_between_slices_is_not_guessed(tmp_path: Path) -> None:
    slices = stack(3)
    for number, data in enumerate(slices):
        data.add_new(PADDING_VALUE, "SS", number)
    (series,) = import_paths([save_all(slices, tmp_path)]).all_series

    assert series.display_sets[0].intensity.outside is None
    assert "padding_unclear" in codes(series.display_sets[0])


def field_of_view(folder: Path) -> tuple[Volume, NDArray[np.bool_]]:
    """Return a CT of 48 x 48 with a ring of padding, two values of it, around water and bone."""
    stored = np.full((48, 48), 1000, dtype=np.int16)
    stored[20:28, 20:28] = 2000
    outside = np.zeros((48, 48), dtype=bool)
    outside[:9] = outside[39:] = outside[:, :9] = outside[:, 39:] = True
    stored[outside] = -2000
    stored[0] = -1996
    volume = opened(padded(-2000, -1990, pixels=stored, RescaleIntercept=-1000), folder)[1]
    return volume, outside


def test_the_automatic_window_sees_only_what_was_scanned(tmp_path: Path) -> None:
    volume, _ = field_of_view(tmp_path)

    window = auto_window(volume, lambda _k: True)

    # Water 0 and bone 1000; with -3000 outside it would begin there.
    assert window.center - window.width / 2 >= 0
    assert window.center + window.width / 2 <= 1000


def test_a_probe_outside_the_scanned_field_gives_no_value(tmp_path: Path) -> None:
    volume, outside = field_of_view(tmp_path)

    for row, column in ((0, 5), (47, 47), (24, 24)):
        point = volume.geometry.to_patient_mm(0, np.array([[column, row]], dtype=float))[0]
        reading = probe(volume, point)
        made = measure_probe(volume, point, measurement_id="1")
        assert reading is not None
        assert reading.is_trusted is not bool(outside[row, column])
        assert (made is None) is bool(outside[row, column])


def test_models_and_measures_are_told_what_lies_outside(tmp_path: Path) -> None:
    volume, outside = field_of_view(tmp_path)

    frame = gather(volume.voxels, 0, 1, padding=volume.intensity.outside)
    grid = working_grid(
        volume.voxels, volume.geometry, padding=volume.intensity.outside, is_hu=True
    )

    assert frame.is_padding is not None
    assert np.array_equal(frame.is_padding[0], outside)
    assert float(grid.values[grid.is_scanned].min()) >= -1024


@pytest.mark.parametrize(
    ("stored_bits", "high_bit", "is_signed", "raw", "expected"),
    [
        (12, 11, 0, 0xF123, 0x123),
        (12, 15, 0, 0x123F, 0x123),
        (12, 13, 0, 0xC48F, 0x123),
        (12, 11, 1, 0x0FFF, -1),
        (12, 11, 1, 0xF7FF, 2047),
        (12, 15, 1, 0xFFF0, -1),
        (12, 13, 1, 0x3FFC, -1),
        (16, 15, 1, 0xFFFE, -2),
    ],
)
def test_samples_are_taken_out_of_their_word_with_their_sign(
    stored_bits: int, high_bit: int, is_signed: int, raw: int, expected: int, tmp_path: Path
) -> None:
    # PS3.5 8.1.1: the sample ends at High Bit and has Bits Stored bits.
    data = image(1, pixels=np.array([[raw]], dtype=np.uint16), RescaleIntercept=0)
    data.BitsStored, data.HighBit, data.PixelRepresentation = stored_bits, high_bit, is_signed

    assert opened(data, tmp_path)[1].voxels.item() == expected


@pytest.mark.parametrize(
    "absent",
    [
        ("BitsStored",),
        ("HighBit",),
        ("BitsStored", "HighBit", "PixelRepresentation"),
        ("BitsAllocated", "BitsStored", "HighBit"),
        ("SamplesPerPixel", "PhotometricInterpretation"),
    ],
)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_what_a_header_lacks_is_taken_as_usual_and_said(
    absent: tuple[str, ...], dtype: type, tmp_path: Path
) -> None:
    stored: NDArray[np.generic] = (ramp(3) % 200).astype(dtype)
    data = image(1, pixels=stored, Modality="MR", RescaleIntercept=0)
    for keyword in absent:
        delattr(data, keyword)

    display_set, volume = opened(data, tmp_path)

    assert np.array_equal(volume.voxels[0], stored)
    (text,) = [one.text for one in display_set.doubts if one.code == "header_incomplete"]
    assert text.count(",") == len(absent) - 1


def test_single_bits_are_unpacked_from_the_lowest(tmp_path: Path) -> None:
    bits = np.random.default_rng(1).integers(0, 2, (3, 7), dtype=np.uint8)
    data = image(1, pixels=bits, Modality="OT", RescaleIntercept=0)
    data.BitsAllocated = data.BitsStored = 1
    data.HighBit = 0
    data.PixelData = np.packbits(bits.ravel(), bitorder="little").tobytes() + b"\0"

    assert np.array_equal(opened(data, tmp_path)[1].voxels[0], bits)


def test_32_bit_values_keep_their_size(tmp_path: Path) -> None:
    stored = np.array([[0, 70_000], [-70_000, 16_777_215]], dtype=np.int32)
    data = image(1, pixels=stored, RescaleIntercept=-1000)

    assert opened(data, tmp_path)[1].voxels[0].tolist() == (stored - 1000).tolist()


def test_tiny_slopes_stay_float(tmp_path: Path) -> None:
    data = image(1, Modality="MR", RescaleSlope="1e-06", RescaleIntercept=0)

    volume = opened(data, tmp_path)[1]

    assert volume.voxels.dtype == np.float32
    assert np.allclose(volume.voxels[0], ramp(100) * 1e-6, rtol=1e-6)


@pytest.mark.parametrize("first", [0, -3, 102])
def test_a_table_of_values_is_pydicoms(first: int, tmp_path: Path) -> None:
    entries = [(7 * number) % 5000 for number in range(60)]
    data = image(1, ModalityLUTSequence=modality_table(entries, first), Modality="CR")
    del data.RescaleSlope, data.RescaleIntercept
    expected = apply_modality_lut(data.pixel_array, data)

    assert np.array_equal(opened(data, tmp_path)[1].voxels[0], expected)


@pytest.mark.parametrize(
    ("attributes", "unit", "words"),
    [
        ({"RescaleType": "HU"}, "HU", ""),
        ({"RescaleType": "MGML"}, "unknown", "mg/ml"),
        ({"RescaleType": "Z_EFF"}, "unknown", "effective atomic numbers"),
        ({"RescaleType": "US"}, "unknown", "without a stated unit"),
        ({"RescaleType": "OWN WORDS"}, "unknown", "not Hounsfield units"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.7"}, "unknown", "shades of gray"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.7.2"}, "unknown", "shades of gray"),
        ({"Modality": "MR"}, "signal", ""),
        ({"Modality": "MR", "RescaleType": "10^-6 mm2/s"}, "µm²/s", ""),
        ({"Modality": "DX"}, "gray", ""),
    ],
)
def test_the_unit_is_what_the_header_says(
    attributes: dict[str, object], unit: str, words: str, tmp_path: Path
) -> None:
    display_set, _ = opened(edit(image(1), **attributes), tmp_path)

    assert display_set.intensity.unit.value == unit
    assert words in display_set.intensity.reason
    assert display_set.intensity.is_trusted is (not words)


def mapping(slope: float | None, intercept: float | None, unit: str) -> Sequence:
    data = Dataset()
    data.LUTLabel, data.LUTExplanation = "ADC", "ADC"
    if slope is not None:
        data.RealWorldValueSlope, data.RealWorldValueIntercept = slope, intercept
    data.RealWorldValueFirstValueMapped, data.RealWorldValueLastValueMapped = 0, 4095
    data.MeasurementUnitsCodeSequence = item(
        CodeValue=unit, CodingSchemeDesignator="UCUM", CodeMeaning=unit
    )
    return Sequence([data])


@pytest.mark.parametrize(
    ("slope", "intercept", "unit", "words", "is_diffusivity"),
    [
        (2.0, 10.0, "um2/s", "the numbers are um2/s.", True),
        (2e-6, 1e-5, "mm2/s", "the numbers times 1e-06 are mm2/s.", True),
        (1.0, 0.0, "mm2/s", "the numbers times 0.5 plus -5 are mm2/s.", False),
        (2.0, 10.0, "{score}", "the numbers are {score}.", False),
        (None, None, "mm2/s", "by a table", False),
    ],
)
@pytest.mark.parametrize("is_enhanced", [False, True])
def test_real_world_values_are_told_and_do_not_replace_the_numbers(
    slope: float | None,
    intercept: float | None,
    unit: str,
    words: str,
    is_diffusivity: bool,
    is_enhanced: bool,
    tmp_path: Path,
) -> None:
    # The stored values are rescaled by 2 x + 10.
    rwv = mapping(slope, intercept, unit)
    if is_enhanced:
        data = enhanced(1)
        group = data.PerFrameFunctionalGroupsSequence[0]
        group.RealWorldValueMappingSequence = rwv
        group.PixelValueTransformationSequence = item(
            RescaleSlope=2, RescaleIntercept=10, RescaleType="US"
        )
        data.PixelData = ramp(100).tobytes()
    else:
        data = image(1, Modality="MR", RescaleSlope=2, RescaleIntercept=10)
        data.RealWorldValueMappingSequence = rwv

    display_set, volume = opened(data, tmp_path)

    assert words in {one.code: one.text for one in display_set.doubts}["real_world_values"]
    is_unit = display_set.intensity.unit is IntensityUnit.DIFFUSIVITY
    assert is_unit is is_diffusivity
    assert np.array_equal(volume.voxels[0], ramp(100) * 2 + 10)


def test_philips_values_are_displayed_values_with_the_way_to_floating_ones(tmp_path: Path) -> None:
    # doi:10.1593/tlo.13811: DV = PV x RS + RI, FP = DV / (RS x SS): here divided by 4 x 0.005.
    data = image(1, Modality="MR", RescaleSlope=4, RescaleIntercept=0)
    block = data.private_block(0x2005, "Philips MR Imaging DD 001", create=True)
    block.add_new(0x0E, "FL", 0.005)
    block.add_new(0x0D, "FL", 0.0)

    display_set, volume = opened(data, tmp_path)

    assert np.array_equal(volume.voxels[0], ramp(100) * 4)
    text = {one.code: one.text for one in display_set.doubts}["philips_scaling"]
    assert "divided by 0.02 " in text


def test_each_slice_keeps_its_own_rescale(tmp_path: Path) -> None:
    slices = [
        image(number, RescaleSlope=slope, RescaleIntercept=number, Modality="MR")
        for number, slope in enumerate((1, 0.5, 3.25), start=1)
    ]
    (series,) = import_paths([save_all(slices, tmp_path)]).all_series

    voxels = load_series(series.display_sets[0]).voxels

    for k, data in enumerate(slices):
        assert np.array_equal(voxels[k], apply_modality_lut(data.pixel_array, data))


def test_colors_beside_the_gray_are_told_where_they_are_left_out(tmp_path: Path) -> None:
    data = image(1, Modality="MR", PixelPresentation="COLOR")
    data.RedPaletteColorLookupTableDescriptor = [256, 0, 16]

    assert "supplemental_palette" in codes(opened(data, tmp_path)[0])


def test_argb_shows_its_colors_and_leaves_its_opacity_out(tmp_path: Path) -> None:
    rgb = np.random.default_rng(2).integers(0, 256, (4, 5, 3), dtype=np.uint8)
    data = image(1, pixels=rgb, Modality="OT")
    argb = np.concatenate([np.full((4, 5, 1), 9, dtype=np.uint8), rgb], axis=-1)
    data.SamplesPerPixel, data.PhotometricInterpretation = 4, "ARGB"
    data.PixelData = argb.tobytes()

    assert np.array_equal(opened(data, tmp_path)[1].voxels[0], rgb)
