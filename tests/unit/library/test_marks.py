"""Marks of readers come back from the library exactly as they were, and only to their study."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.canary import CANARY
from workstation.core.errors import InputRefusedError
from workstation.core.identity import PatientIdentity, StudyIdentity
from workstation.core.mark_record import MarkRecord
from workstation.core.measurement import Measurement, MeasurementKind, RegionStatistics
from workstation.core.phi import Phi
from workstation.core.study_objects import KeyImage
from workstation.library.database import open_database
from workstation.library.marks import LibraryMarks, keys_from_json, marks_from_json, marks_to_json
from workstation.services.mark_store import marks_key

KEY = bytes(range(32))


def record(number: int = 1, kind: MeasurementKind = MeasurementKind.LENGTH) -> MarkRecord:
    statistics = RegionStatistics(1.25, 0.5, -3, 7, 12, 1, 33.5, "mm²", (1, 2, 9))
    measurement = Measurement(
        f"m{number}", kind, "1.2", "1.2.3", ((0.1, 2.0, 3.0), (4.0, 5.0, -6.25)), 12.5, "mm",
        short_value=3.25, region=statistics, text="Läsion", frame_number=4, is_reformatted=True,
    )  # fmt: skip
    return MarkRecord(measurement, CANARY, "2026-11-21T15:00:00+01:00")


def study(name: str = CANARY, uid: str = "1.2.3") -> StudyIdentity:
    return StudyIdentity(uid, PatientIdentity(Phi(name), Phi("ZYX-1")))


def test_every_kind_of_mark_comes_back_as_it_was(tmp_path: Path) -> None:
    marks = LibraryMarks(open_database(tmp_path / "library.db", KEY))
    every = tuple(record(n, kind) for n, kind in enumerate(MeasurementKind))

    marks.save("k", every)

    again = LibraryMarks(open_database(tmp_path / "library.db", KEY))
    assert again.load("k") == every
    assert again.load("other") == ()


def test_saving_replaces_and_saving_none_forgets(tmp_path: Path) -> None:
    marks = LibraryMarks(open_database(tmp_path / "library.db", KEY))
    marks.save("k", (record(1), record(2)))
    marks.save("k", (record(2),))
    kept = marks.load("k")
    marks.save("k", ())

    assert kept == (record(2),)
    assert marks.load("k") == ()


def test_names_of_marks_are_not_readable_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    LibraryMarks(open_database(path, KEY)).save("k", (record(),))

    stored = b"".join(file.read_bytes() for file in tmp_path.glob("library.db*"))

    assert CANARY.split("^")[0].encode() not in stored


def test_two_patients_under_one_study_uid_share_no_marks() -> None:
    assert marks_key(study()) != marks_key(study("Quorra^Other"))
    assert marks_key(study()) == marks_key(study())
    assert marks_key(study(uid="")) == ""


@pytest.mark.parametrize("stored", ["{}", "[]", '{"form": 99, "marks": []}', "no json"])
def test_marks_that_cannot_be_read_are_refused_and_not_guessed(stored: str) -> None:
    with pytest.raises(InputRefusedError):
        marks_from_json(stored)


def test_marks_are_written_as_json_of_a_named_form() -> None:
    assert json.loads(marks_to_json((record(),)))["form"] == 1


def test_key_images_come_back_beside_the_marks_and_only_to_their_study(tmp_path: Path) -> None:
    marks = LibraryMarks(open_database(tmp_path / "library.db", KEY))
    keys = (KeyImage("1.2", "1.2.3"), KeyImage("1.2", "1.2.4", (2, 7)))
    marks.save("k", (record(),))

    marks.save_keys("k", keys)

    again = LibraryMarks(open_database(tmp_path / "library.db", KEY))
    assert (again.load_keys("k"), again.load_keys("other")) == (keys, ())
    assert again.load("k") == (record(),)
    again.save_keys("k", ())
    assert again.load_keys("k") == ()


@pytest.mark.parametrize(
    "stored", ["", "[]", '{"form": 1}', '{"form": 9}', '{"form": 1, "keys": 3}']
)
def test_damaged_key_images_are_refused_in_words(stored: str) -> None:
    with pytest.raises(InputRefusedError, match="cannot be shown"):
        keys_from_json(stored)
