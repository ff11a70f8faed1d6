"""Nasty pixels: each value that reaches a volume is computed here again from what was written.

Source: DESIGN section 5, traps 9 to 16, 20, 22, 25, 28, 30, 31; PS3.3 C.7.6.3, C.11.1,
C.8.9.1; PS3.5 section 8.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pydicom
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
    PositronEmissionTomographyImageStorage,
    RLELossless,
)

from tests.support.hostile import (
    change,
    codes,
    field,
    group,
    picture,
    refusal_of,
    series_of,
    store,
    told,
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


# Objects that are no picture


@pytest.mark.parametrize(
    ("sop_class", "word"),
    [
        ("1.2.840.10008.5.1.4.1.1.66.4", "segmentation"),
        ("1.2.840.10008.5.1.4.1.1.481.3", "structure"),
        ("1.2.840.10008.5.1.4.1.1.481.5", "plan"),
        ("1.2.840.10008.5.1.4.1.1.88.33", "report"),
        ("1.2.840.10008.5.1.4.1.1.88.59", "key"),
        ("1.2.840.10008.5.1.4.1.1.11.1", "presentation"),
        ("1.2.840.10008.5.1.4.1.1.104.1", "PDF"),
        ("1.2.840.10008.5.1.4.1.1.66.1", "registration"),
    ],
)
def test_an_object_that_is_no_picture_is_set_aside_by_its_kind(
    tmp_path: Path, sop_class: str, word: str
) -> None:
    other = picture(1, SeriesInstanceUID="2.25.70", SOPClassUID=sop_class, Modality="OT")
    if word != "segmentation":
        del other.PixelData
    slices = [picture(n, 2.0 * n) for n in range(3)]

    answer = told(write(tmp_path, [*slices, other]))

    reasons = [aside["reason"] for one in answer["series"] for aside in one["set_aside"]]
    assert len(reasons) == 1
    assert word.lower() in reasons[0].lower()


@pytest.mark.parametrize(
    ("keyword", "kind"), [("FloatPixelData", "<f4"), ("DoubleFloatPixelData", "<f8")]
)
def test_floating_point_pixels_are_shown_or_refused_in_words(
    tmp_path: Path, keyword: str, kind: str
) -> None:
    values = field().astype(kind) / 7
    one = picture(1, Modality="MR", SOPClassUID=MRImageStorage)
    del one.PixelData
    change(one, BitsAllocated=32 if kind == "<f4" else 64, BitsStored=None, HighBit=None)
    change(one, RescaleSlope=None, RescaleIntercept=None)
    setattr(one, keyword, values.tobytes())
    write(tmp_path, [one])

    refusal = refusal_of(tmp_path)

    if refusal is not None:
        assert "floating point" in refusal.why
    else:
        assert np.allclose(volume_of(tmp_path).voxels[0], values, rtol=1e-6)


def test_a_video_is_refused_as_one(tmp_path: Path) -> None:
    one = picture(1)
    one.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.4.103"
    one.PixelData = (
        b"\xfe\xff\x00\xe0\0\0\0\0\xfe\xff\x00\xe0\x04\0\0\0abcd\xfe\xff\xdd\xe0\0\0\0\0"
    )
    one["PixelData"].is_undefined_length = True

    refusal = refusal_of(write(tmp_path, [one]))

    assert refusal is not None
    assert "video" in refusal.why


def test_one_bit_pixels_of_a_capture_are_shown_or_refused_in_words(tmp_path: Path) -> None:
    bits = (field(rows=16, columns=16) % 2).astype(np.uint8)
    one = picture(1, SOPClassUID="1.2.840.10008.5.1.4.1.1.7.1", stored=bits, RescaleIntercept=0)
    change(one, BitsAllocated=1, BitsStored=1, HighBit=0, NumberOfFrames=1)
    one.PixelData = np.packbits(bits.ravel(), bitorder="little").tobytes()
    write(tmp_path, [one])

    refusal = refusal_of(tmp_path)

    if refusal is not None:
        assert refusal.why
    else:
        assert np.array_equal(volume_of(tmp_path).voxels[0], bits)


# Units


PET = {
    "Modality": "PT",
    "SOPClassUID": PositronEmissionTomographyImageStorage,
    "RescaleIntercept": 0,
}


def test_pet_slices_keep_their_slope_and_are_called_becquerel(tmp_path: Path) -> None:
    stored = [field(seed=n) for n in range(3)]
    slices = _stack(stored, Units="BQML", **PET)
    for n, one in enumerate(slices):
        one.RescaleSlope = 0.5 + 1.7 * n

    volume = volume_of(write(tmp_path, slices))

    assert volume.intensity.unit.value == "Bq/ml"
    for k in range(3):
        assert np.allclose(volume.voxels[k], stored[k] * (0.5 + 1.7 * k), rtol=1e-6)


@pytest.mark.parametrize("units", ["CNTS", "PROPCNTS", "", None, "XYZ", "1CM"])
def test_counts_are_never_called_an_uptake(tmp_path: Path, units: object) -> None:
    verdict = verdict_of(write(tmp_path, _stack([field()], Units=units, **PET)))

    assert verdict["unit"] not in {"SUV", "Bq/ml"}
    assert "unit_untrusted" in codes(verdict)


def test_activity_without_weight_dose_and_decay_is_no_uptake(tmp_path: Path) -> None:
    slices = _stack([field(seed=n) for n in range(3)], Units="BQML", CorrectedImage=["ATTN"], **PET)

    assert verdict_of(write(tmp_path, slices))["unit"] == "Bq/ml"


def test_a_localizer_has_no_hounsfield_units(tmp_path: Path) -> None:
    one = picture(1, ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"])

    verdict = verdict_of(write(tmp_path, [one]))

    assert verdict["unit"] == "unknown"
    assert "localizer" in codes(verdict)


# What a header forgets


@pytest.mark.parametrize(
    "keyword",
    [
        "Modality",
        "PhotometricInterpretation",
        "SamplesPerPixel",
        "BitsStored",
        "HighBit",
        "PixelRepresentation",
        "SOPInstanceUID",
        "SOPClassUID",
        "StudyInstanceUID",
        "SeriesInstanceUID",
        "InstanceNumber",
        "FrameOfReferenceUID",
        "PatientID",
        "PatientName",
        "ImageType",
        "SliceThickness",
    ],
)
def test_a_header_without_a_required_attribute_is_shown_or_refused_in_words(
    tmp_path: Path, keyword: str
) -> None:
    folder = write(tmp_path / "study", [picture(n, 2.0 * n) for n in range(3)])
    for path in sorted(folder.iterdir()):
        data = pydicom.dcmread(path)
        delattr(data, keyword)
        data.save_as(path, enforce_file_format=False)

    refusal = refusal_of(folder)

    if refusal is not None:
        assert refusal.why
        assert len(refusal.set_aside) == 3
    else:
        answer = told(folder)
        received = sum(one["received"] for one in answer["series"])
        assert received + len(answer["set_aside"]) == 3


@pytest.mark.parametrize("keyword", ["Rows", "Columns", "PixelData"])
def test_a_header_without_a_size_is_refused_in_words(tmp_path: Path, keyword: str) -> None:
    one = picture(1)
    delattr(one, keyword)

    refusal = refusal_of(write(tmp_path, [one]))

    assert refusal is not None
    assert refusal.why


# Claims


@pytest.mark.parametrize(
    "lie",
    [
        {"Rows": 65535, "Columns": 65535},
        {"NumberOfFrames": 2_000_000_000},
        {"NumberOfFrames": -5},
        {"BitsAllocated": 64},
        {"BitsAllocated": 24},
        {"BitsStored": 17},
        {"HighBit": 40},
        {"SamplesPerPixel": 0},
        {"SamplesPerPixel": 5},
        {"Rows": 0},
    ],
)
def test_a_size_that_cannot_be_is_refused_in_words(tmp_path: Path, lie: dict[str, int]) -> None:
    refusal = refusal_of(write(tmp_path, [change(picture(1), **lie)]))

    # A negative count of frames may be taken for one frame; nothing else may be shown.
    assert refusal is not None or lie == {"NumberOfFrames": -5}
    assert refusal is None or refusal.why


def test_lossy_history_is_told_with_its_ratio(tmp_path: Path) -> None:
    slices = [
        picture(n, 2.0 * n, LossyImageCompression="01", LossyImageCompressionRatio=12.5)
        for n in range(3)
    ]

    verdict = verdict_of(write(tmp_path, slices))

    (text,) = [w["text"] for w in verdict["warnings"] if w["code"] == "lossy"]
    assert "12.5" in text


def test_loss_in_one_slice_of_many_is_told(tmp_path: Path) -> None:
    slices = [picture(n, 2.0 * n) for n in range(6)]
    slices[4].LossyImageCompression = "01"

    assert "lossy" in codes(verdict_of(write(tmp_path, slices)))


def test_burned_in_text_in_one_slice_is_told(tmp_path: Path) -> None:
    slices = [picture(n, 2.0 * n) for n in range(6)]
    slices[2].BurnedInAnnotation = "YES"

    assert "burned_in" in codes(verdict_of(write(tmp_path, slices)))


def test_real_world_values_of_philips_are_not_mixed_with_the_rescale(tmp_path: Path) -> None:
    """Philips: displayed value is stored x slope + intercept; the private scale is another."""
    stored = [field(seed=n) for n in range(3)]
    slices = _mr(stored, RescaleSlope=2.5, RescaleIntercept=-10, RescaleType="normalized")
    for one in slices:
        block = one.private_block(0x2005, "Philips MR Imaging DD 001", create=True)
        block.add_new(0x0E, "FL", 0.0123)
        one.RealWorldValueMappingSequence = group(
            RealWorldValueSlope=7.0, RealWorldValueIntercept=3.0, LUTLabel="x"
        )

    volume = volume_of(write(tmp_path, slices))

    assert np.allclose(volume.voxels[0], stored[0] * 2.5 - 10)
