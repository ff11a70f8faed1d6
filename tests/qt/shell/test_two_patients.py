"""Two patients whose studies have one Study Instance UID are never shown, kept or sent as one."""

from __future__ import annotations

from pathlib import Path

import pydicom
import pytest
from pytestqt.qtbot import QtBot

from tests.support.doors import Doors
from tests.support.series import tiny_series
from workstation.core.identity import StudyIdentity
from workstation.ui.main_window import MainWindow
from workstation.ui.output_wish import MediaWish

WAIT_MS = 10_000
OTHER_ID = "ZYX-2"


@pytest.fixture
def two_patients(tmp_path: Path) -> Path:
    """A folder with a study of each, under one UID, as a cloned phantom or a bad export makes."""
    folder = tmp_path / "two"
    first = pydicom.dcmread(tiny_series(folder / "one", seed=1)[0])
    for path in tiny_series(folder / "other", seed=2):
        dataset = pydicom.dcmread(path)
        dataset.StudyInstanceUID = first.StudyInstanceUID
        dataset.PatientID = OTHER_ID
        dataset.save_as(path)
    return folder


@pytest.fixture
def listed(qtbot: QtBot, window: MainWindow, two_patients: Path) -> MainWindow:
    window.library.open_paths((two_patients,))
    qtbot.waitUntil(lambda: len(window.worklist.model.entries) == 2, timeout=WAIT_MS)
    return window


def _open(qtbot: QtBot, window: MainWindow, patient_id: str) -> StudyIdentity:
    entry = next(
        one
        for one in window.worklist.model.entries
        if one.study.patient.patient_id.reveal() == patient_id
    )
    window.library.open_entry(entry)
    qtbot.waitUntil(lambda: window.study.active_series is not None, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: window.report.document is not None, timeout=WAIT_MS)
    return entry.study


def test_each_patient_has_a_line_of_the_worklist(listed: MainWindow) -> None:
    ids = {one.study.patient.patient_id.reveal() for one in listed.worklist.model.entries}

    assert ids == {"ZYX-1", OTHER_ID}


def test_the_report_of_one_is_not_continued_for_the_other(
    qtbot: QtBot, listed: MainWindow, doors: Doors
) -> None:
    _open(qtbot, listed, "ZYX-1")
    listed.report.draft()
    qtbot.waitUntil(lambda: bool(listed.panels.report.body.rows), timeout=WAIT_MS)
    listed.report.hand_over()
    qtbot.waitUntil(lambda: bool(doors.reports.events), timeout=WAIT_MS)
    said: list[str] = []
    listed.report.said.connect(said.append)

    _open(qtbot, listed, OTHER_ID)

    document = listed.report.document
    assert document is not None
    assert document.study.patient.patient_id.reveal() == OTHER_ID
    assert document.statements == ()
    assert said == ["A report under this study's UID names another patient: not shown."]


def test_only_the_images_of_the_patient_go_onto_a_disk(
    qtbot: QtBot, listed: MainWindow, tmp_path: Path
) -> None:
    _open(qtbot, listed, "ZYX-1")

    listed.output.write_media(MediaWish(tmp_path / "disk"))

    qtbot.waitUntil(lambda: "with an index" in listed.output.panel.message.text(), timeout=WAIT_MS)
    written = [path for path in (tmp_path / "disk" / "DICOM").rglob("*") if path.is_file()]
    assert {pydicom.dcmread(path).PatientID for path in written} == {"ZYX-1"}
