"""A prior beside the study being read, in the window: by keys, marked, and never in the report."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.support.doors import Doors
from tests.support.series import tiny_series, tiny_stack
from viewers.qt.fusion_texts import OverlayLines
from viewers.qt.viewport import ViewportWidget
from viewers.tools.measure import measure_probe
from workstation.core.intensity import Window
from workstation.core.measurement import Measurement, MeasurementKind
from workstation.core.registration import FitFigures, FitJudgment, RigidRegistration
from workstation.services.import_studies import ImportResult
from workstation.ui.main_window import MainWindow
from workstation.ui.output_wish import MediaWish

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


def _length(viewport: ViewportWidget, number: int) -> Measurement:
    """Return a length on the first slice of what a viewport shows."""
    content = viewport.content
    assert content is not None
    return Measurement(
        f"m{number}",
        MeasurementKind.LENGTH,
        content.volume.series.series_uid,
        content.volume.instance_uids[0],
        ((0.0, 0.0, 0.0), (5.0, 0.0, 0.0)),
        5.0,
        "mm",
    )


@pytest.fixture
def compared(qtbot: QtBot, reading: MainWindow, tmp_path: Path) -> MainWindow:
    """The window with a prior beside the tiny study, compared by keys alone."""
    window = reading
    uid = _open_both(qtbot, window, _prior(tmp_path / "prior"))
    window.show_study()
    window.study_page.desk.active.set_window(Window(321.0, 123.0))
    qtbot.keyClick(window.study_page.desk.active.canvas, Qt.Key.Key_F8)
    shown = window.side.currentWidget()
    assert shown is not None
    assert shown.isAncestorOf(window.links.panel)
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
    marks = tuple(_length(viewport, n) for n, viewport in enumerate(desk.viewports))

    compared.links.telling(told.append)((), marks)

    assert [[one.measurement_id for one in marks] for marks in told] == [["m0"]]


def test_a_kept_mark_of_a_prior_stays_out_of_the_report_when_the_prior_is_not_there(
    qtbot: QtBot, compared: MainWindow
) -> None:
    desk, told = compared.study_page.desk, list[tuple[Measurement, ...]]()
    marks = tuple(_length(viewport, n) for n, viewport in enumerate(desk.viewports))
    imported = compared.study.imported
    assert imported is not None
    desk.marks.change(marks)
    compared.study.close_study()
    desk.marks.measurements.observe(compared.links.telling(told.append))

    compared.study.open_study(imported)
    qtbot.waitUntil(lambda: len(desk.marks.measurements.value) == 2, timeout=WAIT_MS)

    assert [one.measurement_id for one in told[-1]] == ["m0"]


def test_a_prior_asked_for_twice_is_listed_once(
    qtbot: QtBot, compared: MainWindow, tmp_path: Path
) -> None:
    study = next(study for study, _row in compared.links.priors._shown.values())
    rows = len(compared.study.rows)

    compared.links.priors._came(study.identity.study_uid, ImportResult((study,), ()))

    assert len(compared.study.rows) == rows


def test_a_fitted_prior_is_laid_over_with_its_date_and_adds_nothing_to_marks(
    qtbot: QtBot, compared: MainWindow
) -> None:
    desk = compared.study_page.desk
    now, then = (one.content for one in desk.viewports)
    assert now is not None
    assert then is not None
    desk.set_active(desk.viewports[0])
    said: list[str] = []
    compared.fusion.said.connect(said.append)
    compared.fusion.toggle()
    assert "Fit them to each other first" in said[0]
    frames = [c.volume.geometry.frame_of_reference_uid for c in (now, then)]
    fit = RigidRegistration(
        np.eye(4), frames[0], frames[1], "rigid", "mutual information",
        FitFigures(0.1, 0.9, 1.0, 0.1), FitJudgment.GOOD, datetime(2026, 11, 21, tzinfo=UTC),
    )  # fmt: skip
    links = compared.links.desk.state
    links.set(links.value.accepted(fit))

    compared.fusion.toggle()

    content = desk.active.content
    assert content is not None
    assert content.overlay is not None
    assert content.overlay.prior_date == PRIOR_DATE
    assert "PRIOR 2019-03-02 CT over CT, 50 %   by registration" in desk.active.notice_text()
    x, y, z = content.volume.geometry.positions_mm[2]
    there = np.array((x + 2, y + 2, z))
    probe = measure_probe(content.volume, there, measurement_id="m1")
    assert probe is not None
    assert OverlayLines().of(content.overlay, probe) == ()
    assert OverlayLines().of(replace(content.overlay, prior_date=None), probe) != ()
    links.set(links.value.without(*frames))
    assert "FUSED" not in desk.active.notice_text()


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


def test_the_series_of_a_prior_is_not_taken_for_one_of_the_study_on_a_disk(
    compared: MainWindow, tmp_path: Path
) -> None:
    desk = compared.study_page.desk
    desk.set_active(desk.viewports[1])

    compared.output.write_media(MediaWish(tmp_path / "disk", is_series_only=True))

    words = "Show a series of the study being read first, then save it."
    assert compared.output.panel.message.text() == words
    assert not (tmp_path / "disk").exists()


def test_an_image_of_a_prior_is_no_key_image_of_the_study_being_read(
    compared: MainWindow, tmp_path: Path
) -> None:
    desk, said = compared.study_page.desk, list[str]()
    compared.objects.said.connect(said.append)
    desk.set_active(desk.viewports[1])

    compared.objects.toggle_key_image()

    assert said == ["Key images are of the study being read: this is a prior."]
    content = desk.viewports[1].content
    assert content is not None
    assert content.key_slices == frozenset()
