"""Marks survive the closing of a study, are saved within a second and belong to their study."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.qt.shell.conftest import WAIT_MS
from tests.qt.shell.test_presentation_states import a_mark, shown
from tests.support.doors import Doors
from workstation.core.errors import InputRefusedError
from workstation.core.mark_record import MarkRecord
from workstation.core.measurement import MeasurementKind
from workstation.ui.main_window import MainWindow

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:pydicom")


def kept(doors: Doors) -> list[str]:
    return [one.measurement.measurement_id for each in doors.marks.kept.values() for one in each]


def ready(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.objects.kept._is_ready, timeout=WAIT_MS)


def reopened(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    window.study.close_study()
    window.show_worklist()
    shown(qtbot, window, folder)
    ready(qtbot, window)


def test_a_mark_is_kept_within_a_second_and_shown_again(
    qtbot: QtBot, window: MainWindow, study_folder: Path, doors: Doors
) -> None:
    shown(qtbot, window, study_folder)
    ready(qtbot, window)
    mark = a_mark(window, MeasurementKind.LENGTH, (2, 3), (7, 3))
    begun = time.monotonic()
    window.study_page.desk.marks.change((mark,))
    qtbot.waitUntil(lambda: kept(doors) == ["m-length"], timeout=WAIT_MS)
    taken_s = time.monotonic() - begun

    reopened(qtbot, window, study_folder)

    assert taken_s < 1.0
    assert window.study_page.desk.marks.measurements.value == (mark,)
    (record,) = window.objects.kept.records
    assert record.made_at
    rows = [row.text(0) for row in window.panels.objects.rows()]
    assert "Your marks" in rows


def test_a_deleted_mark_stays_deleted_and_undo_works_on(
    qtbot: QtBot, window: MainWindow, study_folder: Path, doors: Doors
) -> None:
    shown(qtbot, window, study_folder)
    ready(qtbot, window)
    mark = a_mark(window, MeasurementKind.LENGTH, (2, 3), (7, 3))
    marks = window.study_page.desk.marks
    marks.change((mark,))
    reopened(qtbot, window, study_folder)

    marks.change(())
    qtbot.waitUntil(lambda: kept(doors) == [], timeout=WAIT_MS)
    marks.undo()
    qtbot.waitUntil(lambda: kept(doors) == ["m-length"], timeout=WAIT_MS)

    assert marks.measurements.value == (mark,)
    marks.undo()
    assert marks.measurements.value == (mark,)


def test_closing_a_study_right_after_a_mark_loses_nothing(
    qtbot: QtBot, window: MainWindow, study_folder: Path, doors: Doors
) -> None:
    shown(qtbot, window, study_folder)
    ready(qtbot, window)
    window.study_page.desk.marks.change((a_mark(window, MeasurementKind.PROBE, (2, 3)),))

    window.study.close_study()

    qtbot.waitUntil(lambda: kept(doors) == ["m-probe"], timeout=WAIT_MS)


def test_closing_the_window_right_after_a_mark_loses_nothing(
    qtbot: QtBot, window: MainWindow, study_folder: Path, doors: Doors
) -> None:
    shown(qtbot, window, study_folder)
    ready(qtbot, window)
    window.study_page.desk.marks.change((a_mark(window, MeasurementKind.PROBE, (2, 3)),))

    window.close()

    assert kept(doors) == ["m-probe"]


def test_marks_that_cannot_be_saved_are_said_and_tried_again(
    qtbot: QtBot, window: MainWindow, study_folder: Path, doors: Doors,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("workstation.ui.mark_keeper.RETRY_MS", 50)
    shown(qtbot, window, study_folder)
    ready(qtbot, window)
    said: list[str] = []
    window.objects.said.connect(said.append)
    doors.marks.error = InputRefusedError("The disk is full")
    window.study_page.desk.marks.change((a_mark(window, MeasurementKind.PROBE, (2, 3)),))
    qtbot.waitUntil(lambda: any("not saved" in words for words in said), timeout=WAIT_MS)

    doors.marks.error = None

    qtbot.waitUntil(lambda: kept(doors) == ["m-probe"], timeout=WAIT_MS)


def test_marks_that_were_not_saved_yet_are_there_when_their_study_is_opened_again(
    qtbot: QtBot, window: MainWindow, study_folder: Path, doors: Doors
) -> None:
    shown(qtbot, window, study_folder)
    ready(qtbot, window)
    marks, said = window.study_page.desk.marks, list[str]()
    window.objects.said.connect(said.append)
    mark = a_mark(window, MeasurementKind.PROBE, (2, 3))
    doors.marks.error = InputRefusedError("The disk is full")
    marks.change((mark,))
    qtbot.waitUntil(lambda: any("not saved" in words for words in said), timeout=WAIT_MS)

    reopened(qtbot, window, study_folder)

    assert marks.measurements.value == (mark,)


def test_it_is_said_that_marks_are_not_kept_where_those_of_before_cannot_be_read(
    qtbot: QtBot, window: MainWindow, study_folder: Path, doors: Doors,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def unreadable(_key: str) -> tuple[MarkRecord, ...]:
        raise InputRefusedError("The kept marks of this study cannot be shown")

    monkeypatch.setattr(doors.marks, "load", unreadable)
    said: list[str] = []
    window.objects.said.connect(said.append)

    shown(qtbot, window, study_folder)

    qtbot.waitUntil(lambda: bool(said), timeout=WAIT_MS)
    assert said[-1].endswith("Marks made in this study now are not kept.")


def test_key_images_are_there_when_their_study_is_opened_again(
    qtbot: QtBot, window: MainWindow, study_folder: Path
) -> None:
    shown(qtbot, window, study_folder)
    qtbot.waitUntil(lambda: window.objects._keys._is_ready, timeout=WAIT_MS)
    window.objects.toggle_key_image()
    before = window.study_page.desk.active.content
    assert before is not None

    reopened(qtbot, window, study_folder)

    qtbot.waitUntil(lambda: bool(window.objects._own), timeout=WAIT_MS)
    again = window.study_page.desk.active.content
    assert again is not None
    assert len(again.key_slices) == 1
    assert again.key_slices == before.key_slices


def test_key_images_that_cannot_be_saved_are_said_and_tried_again(
    qtbot: QtBot, window: MainWindow, study_folder: Path, doors: Doors,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("workstation.ui.key_image_keeper.RETRY_MS", 50)
    shown(qtbot, window, study_folder)
    qtbot.waitUntil(lambda: window.objects._keys._is_ready, timeout=WAIT_MS)
    said: list[str] = []
    window.objects.said.connect(said.append)
    doors.marks.error = InputRefusedError("The disk is full")
    window.objects.toggle_key_image()
    qtbot.waitUntil(lambda: any("not saved" in words for words in said), timeout=WAIT_MS)

    doors.marks.error = None

    qtbot.waitUntil(lambda: [len(one) for one in doors.marks.keys.values()] == [1], timeout=WAIT_MS)
