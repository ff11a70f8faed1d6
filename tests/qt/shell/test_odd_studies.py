"""Studies that are none, and planes that a series cannot give: what the window says and forbids."""

from __future__ import annotations

from pathlib import Path

import pytest
import SimpleITK
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.qt.shell.conftest import WAIT_MS
from tests.support.canary import CANARY
from tests.support.series import ramp_voxels, tiny_series, tiny_stack
from viewers.state.layout import Layout
from viewers.state.view_state import Plane
from workstation.ui.main_window import MainWindow
from workstation.ui.words import NO_PATIENT, NO_REPORT


@pytest.fixture
def research_file(tmp_path: Path) -> Path:
    """A volume as researchers keep it: no header names a patient."""
    path = tmp_path / "volume.nii.gz"
    image = SimpleITK.GetImageFromArray(ramp_voxels((6, 16, 20)))
    image.SetSpacing((0.8, 0.8, 3.0))
    SimpleITK.WriteImage(image, str(path))
    return path


@pytest.fixture
def research(qtbot: QtBot, window: MainWindow, research_file: Path) -> MainWindow:
    """A window on research data, opened by a drop."""
    drop(window, research_file)
    qtbot.waitUntil(lambda: window.study.active_series is not None, timeout=WAIT_MS)
    return window


def drop(window: MainWindow, *paths: Path) -> None:
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    action = Qt.DropAction.CopyAction
    entering = QDragEnterEvent(QPointF(5, 5).toPoint(), action, dropped, buttons, keys)
    window.dragEnterEvent(entering)
    assert entering.isAccepted()
    window.dropEvent(QDropEvent(QPointF(5, 5), action, dropped, buttons, keys))


def words(window: MainWindow) -> list[str]:
    labels = window.panels.report.findChildren(QLabel)
    return [label.text() for label in labels if label.isVisibleTo(window.panels.report)]


def test_research_data_is_marked_where_the_patient_stands(research: MainWindow) -> None:
    assert research.header.name.text() == NO_PATIENT
    assert research.header.name.property("role") == "no-patient"
    image = research.study_page.grid.active.content
    assert image is not None
    entry = research.worklist.model.index(0).data()
    assert entry.startswith(NO_PATIENT)


def test_no_report_is_made_of_research_data_and_the_panel_says_why(
    qtbot: QtBot, research: MainWindow
) -> None:
    panel = research.panels.report

    qtbot.waitUntil(lambda: NO_REPORT in words(research), timeout=WAIT_MS)
    assert research.report.document is None
    assert not panel.sign_button.isEnabled()
    assert not panel.check_button.isEnabled()
    assert not panel.draft_button.isVisible()


@pytest.mark.parametrize("command", ["draft", "sign", "export"])
def test_drafting_signing_and_export_say_why_they_do_not_happen(
    research: MainWindow, command: str
) -> None:
    acts = {
        "draft": research.report.draft,
        "sign": research.show_sign,
        "export": research.show_export,
    }

    acts[command]()

    assert research.status_line.said.toolTip() == NO_REPORT
    assert research._page() is research.study_page
    assert not research.panels.sign.isVisible()
    assert not research.panels.export.isVisible()


def test_a_study_with_a_patient_is_named_again_after_research_data(
    qtbot: QtBot, reading: MainWindow, research_file: Path
) -> None:
    study = reading.study.imported
    assert study is not None
    reading.show_worklist()

    drop(reading, research_file)
    qtbot.waitUntil(lambda: reading.header.name.text() == NO_PATIENT, timeout=WAIT_MS)
    reading.open_study(study)

    assert reading.header.name.text() == "Zyxcanary, Quorra"
    assert reading.header.name.property("role") == "strong"
    qtbot.waitUntil(lambda: reading.report.document is not None, timeout=WAIT_MS)
    assert CANARY.split("^")[0] in reading.header.name.text()


def test_m_on_a_series_without_planes_says_why_and_stays_in_its_slices(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    tiny_series(tmp_path / "two", stack=tiny_stack(shape_kji=(2, 12, 16)))
    window.library.open_paths((tmp_path / "two",))
    qtbot.waitUntil(lambda: window.study.active_series is not None, timeout=WAIT_MS)
    action = window.actions_set.action("reformat")

    action.trigger()

    said = window.status_line.said.toolTip()
    assert said.startswith("Other planes are not offered because there are only two slices.")
    assert said.endswith("Scrolling the slices is right.")
    assert window.study_page.grid.layout_shown is Layout.ONE
    assert window.study_page.grid.active.state.value.plane is Plane.ACQUIRED
    assert not action.isChecked()
    assert QApplication.activeModalWidget() is None
    window.show_verdict()
    account = window.panels.verdict.account
    assert account is not None
    assert "there are only two slices" in dict(account.facts)["Other planes"]


def test_a_tilted_series_is_reformatted_and_the_band_says_resampled(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    tiny_series(tmp_path / "tilted", stack=tiny_stack(shape_kji=(9, 24, 24), tilt_deg=18.5))
    window.library.open_paths((tmp_path / "tilted",))
    qtbot.waitUntil(lambda: window.study.active_series is not None, timeout=WAIT_MS)

    window.study.toggle_reformat()

    grid = window.study_page.grid
    assert grid.layout_shown is Layout.MPR
    assert all(one.notice_text().startswith("RESAMPLED") for one in grid.viewports)


def test_a_dropped_zip_is_opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    import zipfile

    tiny_series(tmp_path / "study")
    packed = tmp_path / "study.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for file in (tmp_path / "study").iterdir():
            archive.write(file, file.name)

    drop(window, packed)

    qtbot.waitUntil(lambda: window.study.active_series is not None, timeout=WAIT_MS)
    assert window.study.items[0].counts == "5 of 5"


def test_a_long_sentence_does_not_make_the_window_wider(window: MainWindow) -> None:
    before = window.minimumSizeHint().width()

    window.status_line.say("A very long sentence. " * 40)

    assert window.minimumSizeHint().width() == before


def test_a_dropped_picture_has_no_patient_no_millimeters_and_no_planes(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    picture = QImage(320, 240, QImage.Format.Format_RGB32)
    picture.fill(QColor("#804020"))
    assert picture.save(str(tmp_path / "capture.png"))

    drop(window, tmp_path / "capture.png")

    qtbot.waitUntil(lambda: window.study.active_series is not None, timeout=WAIT_MS)
    assert window.header.name.text() == NO_PATIENT
    window.study.toggle_reformat()
    assert "Scrolling the slices is right." in window.status_line.said.toolTip()
    window.show_verdict()
    account = window.panels.verdict.account
    assert account is not None
    assert account.blocked.startswith("Nothing is measured on this series")
    assert dict(account.facts)["Pixels"] == "no millimeters"
