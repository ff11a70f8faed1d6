"""Nasty pixels: each value that reaches a volume is computed here again from what was written.

Source: DESIGN section 5, traps 9 to 16, 20, 22, 25, 28, 30, 31; PS3.3 C.7.6.3, C.11.1,
C.8.9.1; PS3.5 section 8.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    MRImageStorage,
    RLELossless,
)

from tests.support.hostile import (
    change,
    codes,
    field,
    picture,
    series_of,
    store,
    verdict_of,
    volume_of,
    write,
)
from viewers.state.windows import auto_window, default_window
from workstation.services.open_series import open_series


def _stack(stored: list[NDArray[Any]], **attributes: object) -> list[Dataset]:
    return [picture(n, 2.0 * n, one, **attributes) for n, one in enumerate(stored)]


def _mr(stored: list[NDArray[Any]], **attributes: object) -> list[Dataset]:
    return _stack(stored, Modality="MR", SOPClassUID=MRImageStorage, **attributes)


# Rescale


@pytest.mark.parametrize(
    ("slope", "intercept"),
    [
        (1, -1024),
        (-1, 500),
        (2, -3),
        (0.5, 0),
        (0.1, -0.05),
        (1e-6, 0),
        (3.25e-9, 1e-7),
        (1, 0.5),
        (1, 40000),
        (100, -100000),
        (-0.0013, 7.25),
    ],
)
def test_every_rescale_gives_the_values_of_the_standard(
    tmp_path: Path, slope: float, intercept: float
) -> None:
    stored = [field(seed=n) for n in range(3)]

    volume = volume_of(write(tmp_path, _mr(stored, RescaleSlope=slope, RescaleIntercept=intercept)))

    wanted = np.stack(stored).astype(np.float64) * slope + intercept
    assert np.allclose(volume.voxels, wanted, rtol=1e-6, atol=abs(slope) * 1e-3)
    assert len(np.unique(volume.voxels[0])) == len(np.unique(stored[0]))


def test_each_slice_keeps_its_own_slope(tmp_path: Path) -> None:
    stored = [field(seed=n) for n in range(4)]
    slices = _mr(stored)
    slopes = [0.37, 1.0, 12.5, 0.002]
    for one, slope in zip(slices, slopes, strict=True):
        change(one, RescaleSlope=slope, RescaleIntercept=0)

    volume = volume_of(write(tmp_path, slices))

    for k, slope in enumerate(slopes):
        assert np.allclose(volume.voxels[k], stored[k] * slope, rtol=1e-6)


def test_a_ct_with_one_fractional_slice_is_not_cut_to_whole_numbers(tmp_path: Path) -> None:
    stored = [field(seed=n) for n in range(3)]
    slices = _stack(stored)
    change(slices[1], RescaleSlope=0.25, RescaleIntercept=-1000.5)

    volume = volume_of(write(tmp_path, slices))

    assert np.allclose(volume.voxels[1], stored[1] * 0.25 - 1000.5, atol=1e-3)
    assert np.array_equal(volume.voxels[0], stored[0].astype(np.int32) - 1024)


def test_ct_values_beyond_sixteen_bits_are_kept_or_told(tmp_path: Path) -> None:
    stored = field()
    stored[0, 0] = 65535
    (one,) = series_of(write(tmp_path, [picture(1, stored=stored)])).display_sets

    opened = open_series(one)
    opened.wait()

    is_kept = float(opened.volume.voxels[0, 0, 0]) == 65535 - 1024
    is_told = "values_limited" in {doubt.code for doubt in opened.doubts}
    assert is_kept != is_told


@pytest.mark.parametrize("slope", [0, "", None])
def test_a_slope_of_nothing_is_no_hounsfield(tmp_path: Path, slope: object) -> None:
    verdict = verdict_of(
        write(tmp_path, _stack([field(seed=n) for n in range(3)], RescaleSlope=slope))
    )

    assert verdict["unit"] == "unknown"
    assert "unit_untrusted" in codes(verdict)


def test_units_that_change_between_slices_are_not_trusted(tmp_path: Path) -> None:
    slices = _stack([field(seed=n) for n in range(4)], RescaleType="HU")
    slices[2].RescaleType = "US"

    verdict = verdict_of(write(tmp_path, slices))

    assert verdict["shown"] == 4
    assert "unit_untrusted" in codes(verdict)


# Bits


def test_signed_padding_stays_out_of_the_automatic_window(tmp_path: Path) -> None:
    stored = field().astype(np.int16) % 200
    stored[: len(stored) // 2] = -2000
    slices = _mr([stored] * 3, PixelPaddingValue=-2000, RescaleSlope=None, RescaleIntercept=None)

    volume = volume_of(write(tmp_path, slices))
    window = auto_window(volume, lambda _k: True)

    assert window.center - window.width / 2 >= -1
    assert window.center + window.width / 2 <= 200


def test_twelve_signed_bits_at_the_top_of_sixteen(tmp_path: Path) -> None:
    truth = (field().astype(np.int16) - 2048).astype(np.int16)
    one = picture(1, stored=(truth << 4).astype(np.int16), RescaleIntercept=0)
    change(one, BitsStored=12, HighBit=15)

    volume = volume_of(write(tmp_path, [one]))

    assert np.array_equal(volume.voxels[0], truth)


def test_twelve_signed_bits_whose_sign_was_not_extended(tmp_path: Path) -> None:
    truth = (field().astype(np.int16) - 2048).astype(np.int16)
    one = picture(1, stored=(truth & 0x0FFF).astype(np.int16), RescaleIntercept=0)
    change(one, BitsStored=12, HighBit=11)

    assert np.array_equal(volume_of(write(tmp_path, [one])).voxels[0], truth)


def test_an_overlay_in_the_unused_bits_is_not_part_of_the_values(tmp_path: Path) -> None:
    truth = field()
    marks = (np.arange(truth.size).reshape(truth.shape) % 5 == 0).astype(np.uint16)
    one = picture(1, stored=truth | (marks << 12), RescaleIntercept=-1024)
    change(one, BitsStored=12, HighBit=11)
    for tag, value in ((0x60000010, one.Rows), (0x60000011, one.Columns), (0x60000102, 12)):
        one.add_new(tag, "US", value)

    volume = volume_of(write(tmp_path, [one]))

    assert np.array_equal(volume.voxels[0], truth.astype(int) - 1024)


def test_eight_bit_ct_and_thirty_two_bit_numbers(tmp_path: Path) -> None:
    small = (field() // 16).astype(np.uint8)
    large = field().astype(np.uint32) * 100_000

    eight = volume_of(write(tmp_path / "8", [picture(1, stored=small)]))
    wide = volume_of(write(tmp_path / "32", _mr([large], RescaleSlope=None, RescaleIntercept=None)))

    assert np.array_equal(eight.voxels[0], small.astype(int) - 1024)
    assert np.allclose(wide.voxels[0], large, rtol=1e-6)


def test_an_odd_number_of_bytes_and_rows_of_odd_length(tmp_path: Path) -> None:
    small = (field(rows=7, columns=9) // 16).astype(np.uint8)

    volume = volume_of(write(tmp_path, [picture(1, stored=small, RescaleIntercept=0)]))

    assert np.array_equal(volume.voxels[0], small)


# Syntaxes


@pytest.mark.parametrize(
    "syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian]
)
@pytest.mark.parametrize("kind", [np.uint16, np.int16, np.uint8])
def test_uncompressed_syntaxes_keep_every_value(
    tmp_path: Path, syntax: str, kind: type[np.generic]
) -> None:
    truth = (field() // (16 if kind == np.uint8 else 1)).astype(kind)
    if kind == np.int16:
        truth = (truth.astype(np.int32) - 2048).astype(np.int16)
    one = picture(1, stored=truth, RescaleIntercept=0)
    one.file_meta.TransferSyntaxUID = syntax
    if syntax == ExplicitVRBigEndian:
        one.PixelData = truth.astype(truth.dtype.newbyteorder(">")).tobytes()

    volume = volume_of(write(tmp_path, [one]))

    assert np.array_equal(volume.voxels[0], truth)


@pytest.mark.parametrize("syntax", [RLELossless, JPEGLSLossless, JPEG2000Lossless])
@pytest.mark.parametrize("bits", [16, 12])
@pytest.mark.parametrize("is_signed", [True, False])
def test_lossless_syntaxes_keep_every_value_and_sign(
    tmp_path: Path, syntax: str, bits: int, is_signed: bool
) -> None:
    rng = np.random.default_rng(5)
    low = -(1 << (bits - 1)) if is_signed else 0
    truth = rng.integers(low, low + (1 << bits), (40, 48))
    kind = np.int16 if is_signed else np.uint16
    slices = []
    for number in range(3):
        one = picture(number, 2.0 * number)
        store(one, (truth + 0).astype(kind), bits_stored=bits)
        change(one, Modality="MR", SOPClassUID=MRImageStorage, RescaleIntercept=0)
        one.compress(syntax, generate_instance_uid=False)
        slices.append(one)

    volume = volume_of(write(tmp_path, slices))

    for k in range(3):
        assert np.array_equal(volume.voxels[k], truth)


# Color


def _rgb() -> NDArray[np.uint8]:
    return np.random.default_rng(3).integers(0, 256, (10, 14, 3)).astype(np.uint8)


def _color(kind: str, raw: bytes, *, planar: int = 0) -> Dataset:
    one = picture(1, stored=np.zeros((10, 14), np.uint8))
    change(one, SamplesPerPixel=3, PhotometricInterpretation=kind, PlanarConfiguration=planar)
    one.PixelData = raw
    return one


@pytest.mark.parametrize("planar", [0, 1])
def test_planar_and_interleaved_colors_are_the_same_picture(tmp_path: Path, planar: int) -> None:
    rgb = _rgb()
    raw = (rgb.transpose(2, 0, 1) if planar else rgb).tobytes()

    volume = volume_of(write(tmp_path, [_color("RGB", raw, planar=planar)]))

    assert np.array_equal(volume.voxels[0], rgb)


@pytest.mark.parametrize("kind", ["YBR_FULL", "YBR_FULL_422"])
def test_native_luminance_and_chrominance_become_red_green_blue(tmp_path: Path, kind: str) -> None:
    """The equations of PS3.3 C.7.6.3.1.2, computed here."""
    ybr = _rgb()
    if kind == "YBR_FULL_422":
        ybr[:, 1::2, 1:] = ybr[:, ::2, 1:]
        pairs = ybr.reshape(10, 7, 2, 3)
        raw = np.stack(
            [pairs[:, :, 0, 0], pairs[:, :, 1, 0], pairs[:, :, 0, 1], pairs[:, :, 0, 2]], -1
        ).tobytes()
    else:
        raw = ybr.tobytes()
    y, b, r = (ybr[..., n].astype(float) for n in range(3))
    wanted = np.stack(
        [
            y + 1.402 * (r - 128),
            y - 0.344136 * (b - 128) - 0.714136 * (r - 128),
            y + 1.772 * (b - 128),
        ],
        -1,
    )

    volume = volume_of(write(tmp_path, [_color(kind, raw)]))

    assert np.abs(volume.voxels[0] - np.clip(wanted, 0, 255)).max() <= 1.01


def test_a_palette_of_sixteen_bits_gives_its_colors(tmp_path: Path) -> None:
    index = (field() % 256).astype(np.uint8)
    tables = np.random.default_rng(1).integers(0, 256, (3, 256)).astype(np.uint16) * 257
    one = picture(1, stored=index, PhotometricInterpretation="PALETTE COLOR")
    for color, table in zip(("Red", "Green", "Blue"), tables, strict=True):
        setattr(one, f"{color}PaletteColorLookupTableDescriptor", [256, 0, 16])
        setattr(one, f"{color}PaletteColorLookupTableData", table.astype("<u2").tobytes())

    volume = volume_of(write(tmp_path, [one]))

    assert np.array_equal(
        volume.voxels[0], (tables >> 8).astype(np.uint8)[:, index].transpose(1, 2, 0)
    )


def test_a_palette_whose_first_entry_is_not_zero(tmp_path: Path) -> None:
    index = (field() % 300).astype(np.uint16)
    tables = np.random.default_rng(1).integers(0, 256, (3, 100)).astype(np.uint8)
    one = picture(1, stored=index, PhotometricInterpretation="PALETTE COLOR")
    for color, table in zip(("Red", "Green", "Blue"), tables, strict=True):
        setattr(one, f"{color}PaletteColorLookupTableDescriptor", [100, 50, 8])
        setattr(one, f"{color}PaletteColorLookupTableData", table.tobytes())

    volume = volume_of(write(tmp_path, [one]))

    place = np.clip(index.astype(int) - 50, 0, 99)
    assert np.array_equal(volume.voxels[0], tables[:, place].transpose(1, 2, 0))


# Tables


def test_a_modality_table_with_a_negative_first_value(tmp_path: Path) -> None:
    stored = (field() % 400).astype(np.int16) - 200
    entries = np.arange(300, dtype=np.uint16) * 7
    one = picture(1, stored=stored, RescaleSlope=None, RescaleIntercept=None)
    item = Dataset()
    item.add_new(0x00283002, "SS", [300, -150, 16])
    item.ModalityLUTType = "HU"
    item.add_new(0x00283006, "OW", entries.tobytes())
    one.ModalityLUTSequence = [item]

    volume = volume_of(write(tmp_path, [one]))

    wanted = entries[np.clip(stored.astype(int) + 150, 0, 299)]
    assert np.array_equal(volume.voxels[0], wanted)


def test_a_modality_table_of_65536_entries(tmp_path: Path) -> None:
    stored = field() * 16
    entries = (np.arange(65536) // 4).astype(np.uint16)
    one = picture(1, stored=stored, RescaleSlope=None, RescaleIntercept=None)
    item = Dataset()
    item.add_new(0x00283002, "US", [0, 0, 16])
    item.ModalityLUTType = "US"
    item.add_new(0x00283006, "OW", entries.tobytes())
    one.ModalityLUTSequence = [item]

    volume = volume_of(write(tmp_path, [one]))

    assert np.array_equal(volume.voxels[0], entries[stored])


def test_monochrome1_changes_the_picture_and_not_the_values(tmp_path: Path) -> None:
    stored = [field(seed=n) for n in range(3)]

    one = volume_of(write(tmp_path, _stack(stored, PhotometricInterpretation="MONOCHROME1")))

    assert one.is_monochrome1
    assert np.array_equal(one.voxels[0], stored[0].astype(int) - 1024)


@pytest.mark.parametrize(
    ("center", "width"), [(40, 0), (40, -400), ("abc", "def"), ([40, 50], 400), (None, 400)]
)
def test_a_window_that_is_none_gives_way(tmp_path: Path, center: object, width: object) -> None:
    one = picture(1)
    for tag, value in ((0x00281050, center), (0x00281051, width)):
        if value is not None:
            many = value if isinstance(value, list) else [value]
            one.add_new(tag, "LO", "\\".join(map(str, many)))

    volume = volume_of(write(tmp_path, [one]))
    window = default_window(volume, lambda _k: True)

    assert window.width > 0
