"""The library keeps reports and studies, encrypted."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.canary import CANARY, CANARY_ID, FAMILY
from workstation.core.errors import InputRefusedError
from workstation.core.identity import PatientIdentity, StudyIdentity
from workstation.core.phi import Phi
from workstation.library.database import library_key, open_database
from workstation.library.reports import LibraryReports
from workstation.library.studies import LibraryStudies, StudyRow
from workstation.report.document import Section
from workstation.report.events import Event, ReportStarted, StatementAdded, fold

KEY = bytes(range(32))
STUDY = StudyIdentity(
    "1.2.3",
    PatientIdentity(Phi(CANARY), Phi(CANARY_ID), Phi("19700101"), "F"),
    accession_number=Phi("889"),
    study_date="20261120",
    description="CT chest",
)


def _events() -> tuple[Event, ...]:
    started = Event(ReportStarted("r1", STUDY, ()), "prelim", "2026-11-21T09:00:00+00:00")
    added = StatementAdded("h1", Section.FINDINGS, "Größe unverändert. बिना बदलाव।")
    return started, Event(added, "Reader", "2026-11-21T09:01:00+00:00")


def test_events_come_back_as_they_were_appended(tmp_path: Path) -> None:
    first, second = _events()
    store = LibraryReports(open_database(tmp_path / "library.db", KEY))
    store.append("r1", "1.2.3", (first,))
    store.append("r1", "1.2.3", (second,))

    again = LibraryReports(open_database(tmp_path / "library.db", KEY))

    assert again.load("r1") == (first, second)
    assert fold(again.load("r1")).study.patient.name.reveal() == CANARY
    assert again.reports_of_study("1.2.3") == ("r1",)
    assert again.load("nothing") == ()


def test_the_newest_report_of_a_study_comes_first(tmp_path: Path) -> None:
    store = LibraryReports(open_database(tmp_path / "library.db", KEY))
    for report_id in ("old", "new"):
        store.append(report_id, "1.2.3", _events()[:1])

    assert store.reports_of_study("1.2.3") == ("new", "old")


def test_no_word_of_a_patient_can_be_read_in_the_file(tmp_path: Path) -> None:
    store = LibraryReports(open_database(tmp_path / "library.db", KEY))
    store.append("r1", "1.2.3", _events())

    stored = b"".join(file.read_bytes() for file in tmp_path.glob("library.db*"))

    assert FAMILY.encode() not in stored
    assert not stored.startswith(b"SQLite format 3")


def test_a_wrong_key_is_refused_in_a_sentence(tmp_path: Path) -> None:
    open_database(tmp_path / "library.db", KEY)

    with pytest.raises(InputRefusedError, match="key does not fit"):
        open_database(tmp_path / "library.db", bytes(32))


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    first = library_key(tmp_path / "keys")

    assert library_key(tmp_path / "keys") == first
    assert len(first) == 32
    slot = tmp_path / "keys" / "library.key"
    if slot.exists():
        assert slot.stat().st_mode & 0o077 == 0


def test_the_worklist_remembers_a_study_once_and_can_forget_it(tmp_path: Path) -> None:
    studies = LibraryStudies(open_database(tmp_path / "library.db", KEY))
    row = StudyRow(STUDY, ("CT",), 12, (tmp_path / "ä",), datetime(2026, 11, 21, tzinfo=UTC))
    studies.remember(row)
    later = StudyRow(STUDY, ("CT", "SR"), 13, (tmp_path,), datetime(2026, 11, 22, tzinfo=UTC))
    studies.remember(later)

    assert studies.recent() == (later,)
    studies.forget("1.2.3")
    assert studies.recent() == ()
