"""A prior beside the study being read, in the window: by keys, marked, and never in the report."""

from __future__ import annotations

from pathlib import Path

import pydicom
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.support.doors import Doors
from tests.support.series import tiny_series, tiny_stack
from workstation.core.intensity import Window
from workstation.core.measurement import Measurement, MeasurementKind
from workstation.ui.main_window import MainWindow

WAIT_MS = 10_000
PRIOR_DATE = "20190302"


def _prior(folder: Path, *, name: str = "", patient_id: str = "", born: str = "") -> Path:
    """Write a study of 2019 of the canary patient, in a frame of reference of its own."""
    for path in tiny_series(folder, stack=tiny_stack(shape_kji=(9, 12, 16)), seed=77):
        dataset = pydicom.dcmread(path)
        dataset.StudyDate = PRIOR_DATE
        dataset.PatientName = name or dataset.PatientName
        dataset.PatientID = patient_id or dataset.PatientID
        dataset.PatientBirthDate = born or dataset.PatientBirthDate
        dataset.save_as(path)
    return folder


def _open_both(qtbot: QtBot, window: MainWindow, prior: Path) -> str:
    """Open the prior as a study that came here earlier; return its UID."""
    known = len(window.worklist.model.entries)
    window.library.open_paths((prior,))
    qtbot.waitUntil(lambda: len(window.worklist.model.entries) > known, timeout=WAIT_MS)
    return window.worklist.model.entries[0].study_uid


@pytest.fixture
def compared(qtbot: QtBot, reading: MainWindow, tmp_path: Path) -> MainWindow:
    """The window with a prior beside the tiny study, compared by keys alone."""
    window = reading
    uid = _open_both(qtbot, window, _prior(tmp_path / "prior"))
    window.show_study()
    window.study_page.desk.active.set_window(Window(321.0, 123.0))
    qtbot.keyClick(window.study_page.desk.active.canvas, Qt.Key.Key_F8)
    assert window.side.currentWidget().isAncestorOf(window.links.panel)
    qtbot.keyClick(window.links.panel.buttons[uid], Qt.Key.Key_Space)
    desk = window.study_page.desk
    qtbot.waitUntil(lambda: len(desk.viewports) == 2, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: desk.viewports[1].content is not None, timeout=WAIT_MS)
    qtbot.waitUntil(
        lambda: all(one.has_ended for one in window.study.keeper.loaded.values()), timeout=WAIT_MS
    )
    return window


def test_a_prior_is_marked_in_rail_corner_and_band(compared: MainWindow) -> None:
    rail = compared.study_page.rail.rail_model
    prior = compared.study_page.desk.viewports[1]

    assert rail.items[-1].prior == "PRIOR 2019-03-02"
    assert str(rail.data(rail.index(1))).startswith("PRIOR 2019-03-02")
    assert prior.content is not None
    assert prior.content.prior_date == PRIOR_DATE
    assert prior.notice_text().startswith("PRIOR 2019-03-02")
    assert "PRIOR" not in compared.study_page.desk.viewports[0].notice_text()


def test_a_prior_is_not_measured_for_the_report(compared: MainWindow) -> None:
    desk = compared.study_page.desk
    said: list[str] = []
    compared.report.said.connect(said.append)

    desk.set_active(desk.viewports[1])
    compared.report.measure()

    assert compared.study.active_series is None
    assert compared.study.shown_series is not None
    assert said == ["Show a series first, then measure it."]


def test_a_prior_opens_in_the_window_of_the_study_being_read(compared: MainWindow) -> None:
    one, other = (viewport.state.value for viewport in compared.study_page.desk.viewports)

    assert (one.window, one.is_inverted) == (other.window, other.is_inverted)


def test_walking_through_the_series_does_not_lead_into_a_prior(
    qtbot: QtBot, compared: MainWindow
) -> None:
    desk = compared.study_page.desk
    desk.set_active(desk.viewports[0])
    compared.show_study()

    qtbot.keyClick(desk.active.canvas, Qt.Key.Key_Space)

    content = desk.viewports[0].content
    assert content is not None
    assert content.prior_date is None


def test_a_measurement_on_a_prior_is_not_listed_for_the_report(compared: MainWindow) -> None:
    desk = compared.study_page.desk
    told: list[tuple[Measurement, ...]] = []
    contents = [viewport.content for viewport in desk.viewports]
    assert contents[0] is not None
    assert contents[1] is not None
    marks = tuple(
        Measurement(
            f"m{n}",
            MeasurementKind.LENGTH,
            content.volume.series.series_uid,
            content.volume.instance_uids[0],
            ((0.0, 0.0, 0.0), (5.0, 0.0, 0.0)),
            5.0,
            "mm",
        )
        for n, content in enumerate(contents)
        if content is not None
    )

    compared.links.telling(told.append)((), marks)

    assert [[one.measurement_id for one in marks] for marks in told] == [["m0"]]


def test_another_patient_is_refused_with_a_sentence(
    qtbot: QtBot, reading: MainWindow, tmp_path: Path
) -> None:
    uid = _open_both(qtbot, reading, _prior(tmp_path / "other", patient_id="ZYX-2"))

    reading.links.show_priors()

    assert uid not in reading.links.panel.buttons
    assert any("the patient IDs differ" in text for text in _texts(reading))


def test_another_birth_date_is_a_doubt_on_screen(
    qtbot: QtBot, reading: MainWindow, tmp_path: Path
) -> None:
    uid = _open_both(qtbot, reading, _prior(tmp_path / "other", born="19711231"))

    reading.links.show_priors()

    assert uid in reading.links.panel.buttons
    assert "The birth date is another one in the prior." in _texts(reading)


def test_a_prior_of_an_earlier_day_is_read_again_from_its_place(
    qtbot: QtBot, reading: MainWindow, doors: Doors, tmp_path: Path
) -> None:
    uid = _open_both(qtbot, reading, _prior(tmp_path / "prior"))
    qtbot.waitUntil(lambda: any(row.study.study_uid == uid for row in doors.rows), timeout=WAIT_MS)
    model = reading.worklist.model
    from workstation.ui.worklist.entry import entry_of_row

    row = next(row for row in doors.rows if row.study.study_uid == uid)
    model._all = [e for e in model._all if e.study_uid != uid] + [entry_of_row(row)]
    reading.show_study()

    reading.links.show_priors()
    reading.links.panel.buttons[uid].click()

    desk = reading.study_page.desk
    qtbot.waitUntil(
        lambda: len(desk.viewports) == 2 and desk.viewports[1].content is not None, timeout=WAIT_MS
    )
    content = desk.viewports[1].content
    assert content is not None
    assert content.prior_date == PRIOR_DATE


def test_keys_turn_links_and_lines_on_and_off(qtbot: QtBot, reading: MainWindow) -> None:
    canvas = reading.study_page.desk.active.canvas
    state = reading.links.desk.state
    action = reading.actions_set.action
    assert action("link_scroll").isChecked()

    alt = Qt.KeyboardModifier.AltModifier
    qtbot.keyClick(canvas, Qt.Key.Key_S, alt)
    qtbot.keyClick(canvas, Qt.Key.Key_L, alt)
    qtbot.keyClick(canvas, Qt.Key.Key_Z, alt)

    assert not action("link_scroll").isChecked()
    assert not state.value.shows_lines
    assert {kind.value for kind in state.value.kinds} == {"zoom"}


def test_a_study_opened_next_begins_without_the_prior(
    qtbot: QtBot, compared: MainWindow, study_folder: Path
) -> None:
    compared.study.close_study()

    assert compared.study_page.rail.rail_model.items == ()
    assert compared.links.desk.state.value.registrations == ()
    assert compared.study.rows == ()


def _texts(window: MainWindow) -> list[str]:
    from PySide6.QtWidgets import QLabel

    return [label.text() for label in window.links.panel.findChildren(QLabel)]
