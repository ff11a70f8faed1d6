"""Inherited headers: what a source lacked or broke does not get into a file of ours."""

from __future__ import annotations

import warnings

import pytest
from pydicom import Dataset
from pydicom.config import disable_value_validation

from workstation.dicom.derived_header import TYPE_2, mend


def mended(**attributes: object) -> Dataset:
    dataset = Dataset()
    with disable_value_validation(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for keyword, value in attributes.items():
            setattr(dataset, keyword, value)
        mend(dataset)
    return dataset


def test_what_must_be_there_is_there_even_if_empty() -> None:
    dataset = mended(PatientID="P1")

    assert dataset.PatientID == "P1"
    assert all(keyword in dataset for keyword in TYPE_2)
    assert dataset.PatientBirthDate == ""


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("SpecificCharacterSet", ""),
        ("InversionTime", None),
        ("ProcedureCodeSequence", []),
        ("PatientAge", "***"),
        ("SeriesDate", "unknown"),
    ],
)
def test_what_must_not_be_there_so_is_left_out(keyword: str, value: object) -> None:
    assert keyword not in mended(**{keyword: value})


def test_a_date_that_is_none_becomes_empty_where_one_is_required() -> None:
    assert mended(StudyDate="***").StudyDate == ""


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("StudyDate", "20250602"),
        ("StudyTime", "101500.25"),
        ("PatientAge", "056Y"),
        ("InversionTime", "900"),
    ],
)
def test_what_is_right_stays_as_it_is(keyword: str, value: str) -> None:
    assert str(mended(**{keyword: value})[keyword].value) == value


def test_a_window_without_width_goes_with_its_center() -> None:
    broken = mended(WindowCenter=40, WindowWidth=0)
    good = mended(WindowCenter=[40, 500], WindowWidth=[80, 2000])

    assert "WindowCenter" not in broken
    assert "WindowWidth" not in broken
    assert list(good.WindowWidth) == [80, 2000]


def test_removed_identity_names_a_method() -> None:
    assert mended(PatientIdentityRemoved="YES").DeidentificationMethod
    assert (
        mended(PatientIdentityRemoved="YES", DeidentificationMethod="A").DeidentificationMethod
        == "A"
    )
    assert "DeidentificationMethod" not in mended(PatientIdentityRemoved="NO")
