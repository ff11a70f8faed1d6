"""Whose images may stand beside whose, and which series belong together."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.canary import CANARY
from tests.support.series import tiny_series, tiny_stack
from workstation.core.identity import PatientIdentity, StudyIdentity
from workstation.core.image_stack import ImageStack
from workstation.core.phi import Phi
from workstation.services.import_studies import import_paths
from workstation.services.prior_images import (
    matching_series,
    name_likeness,
    prior_studies,
    same_patient,
    set_apart,
)


def _patient(
    name: str = CANARY, patient_id: str = "ZYX-1", born: str = "19700101", sex: str = "F"
) -> PatientIdentity:
    return PatientIdentity(Phi(name), Phi(patient_id), Phi(born), sex)


def test_the_same_patient_is_compared_without_a_word() -> None:
    same = same_patient(_patient(), _patient())

    assert (same.why_not, same.doubts) == ("", ())


@pytest.mark.parametrize("other", ["ZYX-2", "", "zyx-1 "])
def test_another_patient_id_is_refused_with_what_to_do(other: str) -> None:
    same = same_patient(_patient(), _patient(patient_id=other))

    assert "Not compared" in same.why_not
    assert "ID" in same.why_not


def test_another_name_under_the_same_id_is_refused() -> None:
    same = same_patient(_patient(), _patient("Wholly^Different"))

    assert "the names differ" in same.why_not


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zyxcanary^Quorra", "Zyxcannary^Quorra"),
        ("Zyxcanary^Quorra", "Zyxcanary^Quorra Maria"),
        ("Zyxcanary^Quorra", "Zyxcanary"),
    ],
)
def test_a_name_spelled_otherwise_is_compared_with_a_doubt(one: str, other: str) -> None:
    same = same_patient(_patient(one), _patient(other))

    assert same.why_not == ""
    if "^" in other:
        assert same.doubts == ("The name is spelled otherwise in the prior.",)


@pytest.mark.parametrize(
    ("one", "other"), [("ZYXCANARY^QUORRA", "zyxcanary^quorra"), ("Müller^Zoë", "MULLER^ZOE")]
)
def test_case_and_accents_do_not_make_another_name(one: str, other: str) -> None:
    assert name_likeness(one, other) == 1.0


def test_members_of_one_family_are_not_one_patient() -> None:
    assert name_likeness("Zyxcanary^Quorra", "Zyxcanary^Ingo") < 0.7


def test_another_birth_date_and_sex_are_doubts() -> None:
    same = same_patient(_patient(), _patient(born="19701001", sex="M"))

    assert same.why_not == ""
    assert len(same.doubts) == 2


def test_a_birth_date_that_is_not_stated_is_no_doubt() -> None:
    assert same_patient(_patient(), _patient(born="")).doubts == ()


def _study(uid: str, date: str, patient: PatientIdentity) -> StudyIdentity:
    return StudyIdentity(uid, patient, study_date=date)


def test_priors_are_listed_newest_first_and_strangers_not_at_all() -> None:
    current = _study("1", "20260101", _patient())
    known = [
        current,
        _study("2", "20190101", _patient()),
        _study("3", "20240101", _patient()),
        _study("4", "20250101", _patient("Someone^Else", "Q-9")),
    ]

    found = prior_studies(current, known)

    assert [study.study_uid for study, _same in found] == ["3", "2"]


def test_a_study_later_than_the_one_being_read_is_told_to_be_later() -> None:
    current = _study("1", "20200101", _patient())

    ((_study_found, same),) = prior_studies(current, [_study("2", "20240101", _patient())])

    assert same.doubts == ("This study is later than the one being read.",)


def test_the_same_name_and_birth_date_under_another_id_is_listed_with_its_refusal() -> None:
    current = _study("1", "20260101", _patient())

    ((study, same),) = prior_studies(current, [_study("5", "20200101", _patient(patient_id="A"))])

    assert study.study_uid == "5"
    assert "the patient IDs differ" in same.why_not


def _stacks(folder: Path) -> dict[str, ImageStack]:
    thin = tiny_stack(shape_kji=(20, 12, 16), spacing_ijk_mm=(0.8, 0.8, 1.0))
    tiny_series(folder / "thin", stack=thin, seed=1)
    tiny_series(folder / "thick", stack=tiny_stack(spacing_ijk_mm=(0.8, 0.8, 5.0)), seed=2)
    tiny_series(folder / "mr", modality="MR", seed=3)
    return {
        name: import_paths([folder / name]).all_series[0].display_sets[0]
        for name in ("thin", "thick", "mr")
    }


def test_the_series_of_the_same_modality_and_thickness_is_matched(tmp_path: Path) -> None:
    stacks = _stacks(tmp_path)
    order = ("mr", "thick", "thin")
    priors = [stacks[name] for name in order]

    for name in order:
        index = matching_series(stacks[name], priors)
        assert index is not None
        assert order[index] == name


def test_no_series_of_another_modality_is_matched(tmp_path: Path) -> None:
    stacks = _stacks(tmp_path)

    assert matching_series(stacks["mr"], [stacks["thin"], stacks["thick"]]) is None


def test_a_frame_of_another_day_is_not_that_of_today(tmp_path: Path) -> None:
    (stack,) = import_paths(tiny_series(tmp_path)).studies[0].series[0].display_sets
    study, frame = stack.series.study, stack.geometry.frame_of_reference_uid
    assert frame
    assert study.study_date

    today = set_apart(stack, StudyIdentity("1.2.3", study_date="20991231"))
    same_day = set_apart(stack, StudyIdentity("1.2.3", study_date=study.study_date))

    assert today.geometry.frame_of_reference_uid != frame
    assert (today.geometry.positions_mm == stack.geometry.positions_mm).all()
    assert today.instance_uids == stack.instance_uids
    assert same_day is stack
