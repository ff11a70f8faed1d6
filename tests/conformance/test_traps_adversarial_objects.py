"""Nasty objects: no pictures, no units, forgotten attributes, identities that lie, absurd claims.

Source: DESIGN section 5, traps 7, 10, 16, 21, 22, 25, 28, 31; PS3.3 C.7.1.1, C.7.5.1.1.2, C.8.9.1.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import MRImageStorage, PositronEmissionTomographyImageStorage

from tests.support.hostile import (
    change,
    codes,
    field,
    group,
    picture,
    refusal_of,
    taken,
    told,
    verdict_of,
    volume_of,
    write,
    write_one,
)


def _stack(stored: list[NDArray[Any]], **attributes: object) -> list[Dataset]:
    return [picture(n, 2.0 * n, one, **attributes) for n, one in enumerate(stored)]


# Identities


def test_one_instance_uid_in_two_series_hides_no_image(tmp_path: Path) -> None:
    one = [picture(n, 2.0 * n) for n in range(3)]
    two = [
        picture(n, 2.0 * n, SeriesInstanceUID="2.25.9", SOPInstanceUID=one[n].SOPInstanceUID)
        for n in range(3)
    ]

    answer = told(write(tmp_path, [*one, *two]))

    assert [series["shown"] for series in answer["series"]] == [3, 3]


def test_an_id_padded_with_a_blank_or_a_zero_is_one_patient(tmp_path: Path) -> None:
    write(tmp_path, [picture(n, 2.0 * n, PatientID="ABC") for n in range(4)])
    path = tmp_path / "IM0001"
    path.write_bytes(path.read_bytes().replace(b"LO\x04\x00ABC ", b"LO\x04\x00ABC\x00"))

    assert verdict_of(tmp_path)["shown"] == 4


def test_two_patients_without_an_id_are_told_apart_by_name(tmp_path: Path) -> None:
    one = [picture(n, 2.0 * n, PatientID="", PatientName="Zyxcanary^Anna") for n in range(4)]
    two = [picture(n, 2.0 * n, PatientID="", PatientName="Zyxcanary^Bert") for n in range(4)]

    result = taken(write(tmp_path, [*one, *two]))

    names = {study.identity.patient.name.reveal() for study in result.studies}
    assert names == {"Zyxcanary^Anna", "Zyxcanary^Bert"}


def test_the_same_instance_with_other_pixels_is_not_passed_over_as_a_copy(tmp_path: Path) -> None:
    slices = [picture(n, 2.0 * n) for n in range(4)]
    write(tmp_path, slices)
    other = picture(2, 4.0, stored=field(seed=99), SOPInstanceUID=slices[2].SOPInstanceUID)
    write_one(tmp_path / "zz_altered", other)

    verdict = verdict_of(tmp_path)

    words = " ".join(
        [w["text"] for w in verdict["warnings"]] + [a["reason"] for a in verdict["set_aside"]]
    )
    assert verdict["received"] == 5
    assert verdict["duplicates"] == 1
    assert "differ" in words or "other pixels" in words


def test_unsigned_sixteen_bit_ct_with_padding_above_the_signed_range(tmp_path: Path) -> None:
    stored = field()
    stored[:3] = 63536
    slices = [
        picture(n, 2.0 * n, stored, PixelPaddingValue=63536, RescaleIntercept=-1024)
        for n in range(3)
    ]

    volume = volume_of(write(tmp_path, slices))
    padding = volume.intensity.padding

    assert padding is not None
    assert np.all(volume.voxels[:, :3] == padding)
    assert np.array_equal(volume.voxels[0, 3:], stored[3:].astype(int) - 1024)
    assert not np.any(volume.voxels[:, 3:] == padding)


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
    slices = _stack(
        stored,
        Modality="MR",
        SOPClassUID=MRImageStorage,
        RescaleSlope=2.5,
        RescaleIntercept=-10,
        RescaleType="normalized",
    )
    for one in slices:
        block = one.private_block(0x2005, "Philips MR Imaging DD 001", create=True)
        block.add_new(0x0E, "FL", 0.0123)
        one.RealWorldValueMappingSequence = group(
            RealWorldValueSlope=7.0, RealWorldValueIntercept=3.0, LUTLabel="x"
        )

    volume = volume_of(write(tmp_path, slices))

    assert np.allclose(volume.voxels[0], stored[0] * 2.5 - 10)
