"""SUV by body weight; truth: the formula written out with the figures of each case.

SUVbw = Bq/ml x weight in g / (dose in Bq x 2^(-t / half-life)). Source: QIBA's vendor-neutral
pseudo-code; half-life of F-18 6586.2 s.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import PositronEmissionTomographyImageStorage

from tests.unit.dicom_in.factory import edit, image, ramp, save_all
from workstation.core.image_stack import ImageStack
from workstation.core.intensity import IntensityUnit
from workstation.services.import_studies import import_paths
from workstation.services.open_series import load_series

HALF_LIFE_S = 6586.2
DOSE_BQ = 3.7e8
WEIGHT_KG = 70.0
SLOPES = (0.5, 2.0, 7.25)


def injection(**changes: object) -> Sequence:
    data = Dataset()
    data.RadiopharmaceuticalStartTime = "101500.00"
    data.RadionuclideTotalDose = DOSE_BQ
    data.RadionuclideHalfLife = HALF_LIFE_S
    for keyword, value in changes.items():
        if value is None:
            delattr(data, keyword)
        else:
            setattr(data, keyword, value)
    return Sequence([data])


def pet(**changes: object) -> list[Dataset]:
    """Return three slices whose slopes differ, injected at 10:15 and scanned at 11:15."""
    attributes: dict[str, object] = {
        "Modality": "PT",
        "SOPClassUID": PositronEmissionTomographyImageStorage,
        "Units": "BQML",
        "CorrectedImage": ["ATTN", "SCAT", "DECY"],
        "DecayCorrection": "START",
        "PatientWeight": WEIGHT_KG,
        "SeriesDate": "20261120",
        "SeriesTime": "111500",
        "AcquisitionDate": "20261120",
        "AcquisitionTime": "111500",
        "RescaleIntercept": 0,
        "RadiopharmaceuticalInformationSequence": injection(),
    } | changes
    taken = {keyword: value for keyword, value in attributes.items() if value is not None}
    return [
        edit(image(number, RescaleSlope=slope), **taken)
        for number, slope in enumerate(SLOPES, start=1)
    ]


def opened(slices: list[Dataset], folder: Path) -> ImageStack:
    (series,) = import_paths([save_all(slices, folder)]).all_series
    return series.display_sets[0]


def assert_suv(display_set: ImageStack, factor: float) -> None:
    voxels = load_series(display_set).voxels

    assert display_set.intensity.unit is IntensityUnit.SUV
    assert display_set.intensity.is_trusted
    for k, slope in enumerate(SLOPES):
        expected = ramp(100 * (k + 1)) * slope * factor
        assert np.allclose(voxels[k], expected, rtol=1e-6)


def why_not(display_set: ImageStack) -> str:
    doubts = {doubt.code: doubt.text for doubt in display_set.doubts}
    assert "suv_computed" not in doubts
    return doubts["suv_not_computed"]


def test_suv_is_weight_over_the_dose_that_was_left(tmp_path: Path) -> None:
    display_set = opened(pet(), tmp_path)

    # One hour: 3.7e8 x 2^(-3600 / 6586.2) = 2.5331e8 Bq were left.
    left_bq = 3.7e8 * 0.5 ** (3600 / 6586.2)
    assert left_bq == pytest.approx(2.5331e8, rel=1e-4)
    assert_suv(display_set, 70_000 / left_bq)


def test_a_body_that_took_up_the_dose_evenly_has_an_suv_of_one(tmp_path: Path) -> None:
    # An analytic phantom: 70 kg of water that hold 370 MBq, imaged at the moment of injection.
    even = DOSE_BQ / (WEIGHT_KG * 1000)
    slices = pet(DecayCorrection="ADMIN")
    for data in slices:
        data.RescaleSlope = f"{even / 1000:.10g}"
        data.PixelData = np.full((6, 5), 1000, dtype="<i2").tobytes()

    voxels = load_series(opened(slices, tmp_path)).voxels

    assert np.allclose(voxels, 1.0, rtol=1e-6)


def test_correction_to_the_injection_needs_no_times(tmp_path: Path) -> None:
    changes: dict[str, object] = {
        "DecayCorrection": "ADMIN",
        "SeriesTime": None,
        "RadiopharmaceuticalInformationSequence": injection(RadionuclideHalfLife=None),
    }

    assert_suv(opened(pet(**changes), tmp_path), 70_000 / 3.7e8)


def test_an_injection_before_midnight_is_of_the_day_before(tmp_path: Path) -> None:
    changes: dict[str, object] = {
        "SeriesTime": "003000",
        "AcquisitionTime": "003000",
        "RadiopharmaceuticalInformationSequence": injection(RadiopharmaceuticalStartTime="233000"),
    }

    assert_suv(opened(pet(**changes), tmp_path), 70_000 / (3.7e8 * 0.5 ** (3600 / 6586.2)))


def test_the_full_date_and_time_of_the_injection_is_preferred(tmp_path: Path) -> None:
    given = injection(RadiopharmaceuticalStartDateTime="20261120094500.00")

    display_set = opened(pet(RadiopharmaceuticalInformationSequence=given), tmp_path)

    assert_suv(display_set, 70_000 / (3.7e8 * 0.5 ** (5400 / 6586.2)))


@pytest.mark.parametrize(
    ("stated", "zone", "seconds"),
    [
        ("20261120101500-0500", "-0500", 3600),
        ("20261120161500+0100", "-0500", 3600),
        ("20261120151500.00+0000", "-0500", 3600),
        ("20261120101500", "-0500", 3600),
    ],
)
def test_time_zones_are_reckoned_with(
    stated: str, zone: str, seconds: float, tmp_path: Path
) -> None:
    given = injection(RadiopharmaceuticalStartDateTime=stated)

    display_set = opened(
        pet(RadiopharmaceuticalInformationSequence=given, TimezoneOffsetFromUTC=zone), tmp_path
    )

    assert_suv(display_set, 70_000 / (3.7e8 * 0.5 ** (seconds / 6586.2)))


def test_later_beds_are_corrected_to_the_start_of_the_series(tmp_path: Path) -> None:
    slices = pet()
    for data, at in zip(slices, ("111500", "112000", "112500"), strict=True):
        data.AcquisitionTime = at

    assert_suv(opened(slices, tmp_path), 70_000 / (3.7e8 * 0.5 ** (3600 / 6586.2)))


def test_of_ge_the_true_scan_time_is_taken_where_the_series_was_made_over(tmp_path: Path) -> None:
    slices = pet(SeriesTime="150000")
    for data in slices:
        block = data.private_block(0x0009, "GEMS_PETD_01", create=True)
        block.add_new(0x0D, "DT", "20261120111500.00")

    assert_suv(opened(slices, tmp_path), 70_000 / (3.7e8 * 0.5 ** (3600 / 6586.2)))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"PatientWeight": None}, "weight"),
        ({"PatientWeight": 0}, "weight"),
        ({"CorrectedImage": ["DECY"]}, "attenuation"),
        ({"CorrectedImage": ["ATTN"]}, "corrected for decay"),
        ({"CorrectedImage": None}, "attenuation"),
        ({"DecayCorrection": "NONE"}, "which moment"),
        ({"DecayCorrection": None}, "which moment"),
        ({"RadiopharmaceuticalInformationSequence": None}, "nothing about the injection"),
        ({"SeriesTime": None}, "when the scan began"),
        ({"SeriesTime": "150000"}, "later than the acquisition"),
        ({"SeriesDate": "20261121"}, "later than the acquisition"),
        ({"AcquisitionTime": None}, "when the scan began"),
    ],
)
def test_each_missing_condition_keeps_activity_and_is_said(
    changes: dict[str, object], words: str, tmp_path: Path
) -> None:
    display_set = opened(pet(**changes), tmp_path)

    assert display_set.intensity.unit is IntensityUnit.ACTIVITY
    assert display_set.intensity.is_trusted
    assert words in why_not(display_set)
    assert why_not(display_set).startswith("The numbers are Bq/ml, not SUV")
    assert np.allclose(load_series(display_set).voxels[1], ramp(200) * 2.0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"RadionuclideTotalDose": None}, "injected dose"),
        ({"RadionuclideTotalDose": 0}, "injected dose"),
        ({"RadionuclideTotalDose": 370}, "not stated in Bq"),
        ({"RadionuclideHalfLife": None}, "half-life"),
        ({"RadionuclideHalfLife": 0}, "half-life"),
        ({"RadiopharmaceuticalStartTime": None}, "when the dose was given"),
        ({"RadiopharmaceuticalStartDateTime": "20261120114500"}, "later than the scan"),
        ({"RadiopharmaceuticalStartDateTime": "20261118101500"}, "too long before"),
        ({"RadiopharmaceuticalStartDateTime": "20261120101500+0100"}, "time zone"),
        ({"RadionuclideHalfLife": 78.4 * 3600}, "the day on which"),
    ],
)
def test_what_is_wrong_about_the_injection_is_said(
    changes: dict[str, object], words: str, tmp_path: Path
) -> None:
    given = injection(**changes)

    display_set = opened(pet(RadiopharmaceuticalInformationSequence=given), tmp_path)

    assert words in why_not(display_set)
    assert display_set.intensity.unit is IntensityUnit.ACTIVITY


@pytest.mark.parametrize(
    ("good", "bad", "words"),
    [
        ("111507", "1115xx", "when the scan began"),
        ("111507", "266000", "when the scan began"),
        ("20261119", "20261399", "when the scan began"),
        ("20261120101508", "20269920101508", "cannot be read"),
        ("20261120101508", "202611201015yy", "cannot be read"),
        ("101508+0107", "101508+0z07", "cannot be read"),
        ("\xff+0107", "\xff+9907", "time zone"),
    ],
)
def test_times_that_are_none_are_missing(good: str, bad: str, words: str, tmp_path: Path) -> None:
    given = injection(RadiopharmaceuticalStartDateTime="20261120101508+0107")
    slices = pet(
        SeriesDate="20261119",
        SeriesTime="111507",
        TimezoneOffsetFromUTC="+0107",
        RadiopharmaceuticalInformationSequence=given,
    )
    # The time zone stands right after its length of six bytes, the other texts are one of a kind.
    find, put = (text.replace("\xff", "SH\x06\0").encode() for text in (good, bad))
    folder = save_all(slices, tmp_path / "pet")
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes().replace(find, put))

    (series,) = import_paths([folder]).all_series

    assert words in why_not(series.display_sets[0])


def test_two_injections_are_too_many(tmp_path: Path) -> None:
    both = Sequence([injection()[0], injection()[0]])

    display_set = opened(pet(RadiopharmaceuticalInformationSequence=both), tmp_path)

    assert "more than one injection" in why_not(display_set)


def test_one_slice_without_a_condition_keeps_all_in_activity(tmp_path: Path) -> None:
    slices = pet()
    del slices[1].PatientWeight

    display_set = opened(slices, tmp_path)

    assert display_set.intensity.unit is IntensityUnit.ACTIVITY
    assert "weight" in why_not(display_set)
    assert np.allclose(load_series(display_set).voxels[2], ramp(300) * 7.25)


def test_windows_follow_the_numbers_into_suv(tmp_path: Path) -> None:
    display_set = opened(
        pet(DecayCorrection="ADMIN", WindowCenter=10_000, WindowWidth=20_000), tmp_path
    )

    factor = 70_000 / 3.7e8
    assert display_set.windows[0].center == pytest.approx(10_000 * factor)
    assert display_set.windows[0].width == pytest.approx(20_000 * factor)


def test_values_in_grams_per_ml_are_suv_as_they_are(tmp_path: Path) -> None:
    assert_suv(opened(pet(Units="GML", PatientWeight=None), tmp_path), 1.0)


def test_suv_by_lean_body_mass_says_so(tmp_path: Path) -> None:
    display_set = opened(pet(Units="GML", SUVType="LBM"), tmp_path)

    assert "lean body mass" in {one.code: one.text for one in display_set.doubts}["suv_kind"]


def test_counts_of_philips_take_its_own_factor(tmp_path: Path) -> None:
    slices = pet(Units="CNTS", PatientWeight=None)
    for data in slices:
        block = data.private_block(0x7053, "Philips PET Private Group", create=True)
        block.add_new(0x00, "DS", "0.000250")

    assert_suv(opened(slices, tmp_path), 0.00025)


def test_counts_of_philips_go_by_way_of_activity_where_its_factor_is_zero(tmp_path: Path) -> None:
    slices = pet(Units="CNTS")
    for data in slices:
        block = data.private_block(0x7053, "Philips PET Private Group", create=True)
        block.add_new(0x00, "DS", "0")
        block.add_new(0x09, "DS", "1.5")

    assert_suv(opened(slices, tmp_path), 1.5 * 70_000 / (3.7e8 * 0.5 ** (3600 / 6586.2)))


def test_counts_without_a_factor_are_no_measure(tmp_path: Path) -> None:
    display_set = opened(pet(Units="CNTS"), tmp_path)

    assert display_set.intensity.unit is IntensityUnit.UNKNOWN
    assert not display_set.intensity.is_trusted
    assert "no factor from counts to activity" in why_not(display_set)
