"""What leaves the window: asked for in a panel, done as a quiet job, anonymous unless asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from pydicom import dcmread
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.qt.shell.conftest import WAIT_MS
from tests.qt.shell.test_fusion_in_window import opened
from tests.support.canary import FAMILY
from tests.support.scene3d import needs_vtk
from tests.support.tools import run_tool
from workstation.core.picture import PictureLook
from workstation.settings import schema
from workstation.ui import output_controller
from workstation.ui.main_window import MainWindow
from workstation.ui.output_panel.panel import KINDS, SCOPES, OutputPanel
from workstation.ui.output_wish import OutputKind, Scope

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:pydicom")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "leaving"


def panel_of(window: MainWindow, kind: OutputKind, out: Path) -> OutputPanel:
    {
        OutputKind.PICTURES: window.output.show_pictures,
        OutputKind.MOVIE: window.output.show_movie,
        OutputKind.PRINT: window.output.show_print,
        OutputKind.MEDIA: window.output.show_media,
    }[kind]()
    panel = window.panels.output
    panel.folder.setText(str(out))
    return panel


def choose(panel: OutputPanel, scope: Scope) -> None:
    panel.scope.setCurrentIndex([one for one, _ in SCOPES].index(scope))


def written(qtbot: QtBot, panel: OutputPanel) -> str:
    qtbot.waitUntil(lambda: "Writing" not in panel.message.text(), timeout=WAIT_MS)
    return panel.message.text()


def test_all_slices_leave_as_pictures_without_a_name(
    qtbot: QtBot, reading: MainWindow, out: Path
) -> None:
    panel = panel_of(reading, OutputKind.PICTURES, out)
    choose(panel, Scope.SERIES)

    panel.go.click()

    assert "5 files" in written(qtbot, panel)
    files = sorted(out.iterdir())
    assert len(files) == 5
    for path in files:
        assert FAMILY.encode().lower() not in path.read_bytes().lower()
        with Image.open(path) as image:
            assert image.size[0] == 16


def test_only_some_slices_leave(qtbot: QtBot, reading: MainWindow, out: Path) -> None:
    panel = panel_of(reading, OutputKind.PICTURES, out)
    choose(panel, Scope.RANGE)
    panel.first.setValue(2)
    panel.last.setValue(3)

    panel.go.click()
    written(qtbot, panel)

    assert [path.stem[-3:] for path in sorted(out.iterdir())] == ["002", "003"]


def test_key_images_leave_where_some_are_marked(
    qtbot: QtBot, reading: MainWindow, out: Path
) -> None:
    panel = panel_of(reading, OutputKind.PICTURES, out)
    choose(panel, Scope.KEYS)
    panel.go.click()
    assert "No key image" in panel.message.text()

    reading.study_page.grid.active.go_to_slice(3)
    reading.objects.toggle_key_image()
    panel.go.click()
    written(qtbot, panel)

    (path,) = out.iterdir()
    assert path.stem.endswith("004")


def test_stored_values_leave_with_their_explanation(
    qtbot: QtBot, reading: MainWindow, out: Path
) -> None:
    panel = panel_of(reading, OutputKind.PICTURES, out)
    choose(panel, Scope.SLICE)
    panel.stored.setChecked(True)

    panel.go.click()
    written(qtbot, panel)

    assert sorted(path.suffix for path in out.iterdir()) == [".png", ".txt"]


def test_a_movie_runs_through_all_slices(qtbot: QtBot, reading: MainWindow, out: Path) -> None:
    panel = panel_of(reading, OutputKind.MOVIE, out)
    panel.codec.setCurrentIndex(2)

    panel.go.click()

    assert "5 pictures, 15 per second" in written(qtbot, panel)
    (path,) = out.iterdir()
    found = run_tool("ffprobe", "-v", "error", "-count_frames", "-show_entries",
                     "stream=nb_read_frames", "-of", "csv=p=0", path)  # fmt: skip
    assert found.text.strip() == "5"


def test_paper_names_the_patient_unless_told_not_to(
    qtbot: QtBot, reading: MainWindow, out: Path
) -> None:
    panel = panel_of(reading, OutputKind.PRINT, out)
    panel.go.click()
    written(qtbot, panel)
    panel.identity.setChecked(False)
    panel.go.click()
    written(qtbot, panel)

    named = run_tool("pdftotext", out / "images.pdf", "-").text
    unnamed = run_tool("pdftotext", out / "images-2.pdf", "-").text
    assert FAMILY in named
    assert "Dr. Reader" in named
    assert FAMILY not in unnamed
    assert "Anonymous" in unnamed


def test_the_pages_are_looked_at_before_they_are_printed(
    qtbot: QtBot, reading: MainWindow, out: Path
) -> None:
    panel = panel_of(reading, OutputKind.PRINT, out)
    choose(panel, Scope.SERIES)
    assert not panel.pages_shown.isVisible()

    panel.look_at.click()
    written(qtbot, panel)

    assert panel.pages_shown.isVisible()
    names = [label.accessibleName() for label in panel.pages_shown.findChildren(QLabel)]
    assert [name for name in names if name] == ["Page 1 of 2", "Page 2 of 2"]
    assert not out.exists()


def test_without_a_printer_the_panel_says_what_to_do(
    reading: MainWindow, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "No printer is set up on this machine."

    def no_printer(_window: QWidget, _wish: object) -> str:
        return words

    monkeypatch.setattr(output_controller, "ask_printer", no_printer)
    panel = panel_of(reading, OutputKind.PRINT, out)

    panel.paper_go.click()

    assert panel.message.text() == words


def test_the_study_leaves_as_a_dicom_folder_and_as_a_disc_image(
    qtbot: QtBot, reading: MainWindow, out: Path, study_folder: Path
) -> None:
    panel = panel_of(reading, OutputKind.MEDIA, out)

    panel.go.click()
    assert "5 of 5 files" in written(qtbot, panel)
    panel.iso.click()
    assert "5 of 5 files" in written(qtbot, panel)

    copied = sorted(path.read_bytes() for path in (out / "DICOM").rglob("IM*"))
    assert copied == sorted(path.read_bytes() for path in study_folder.iterdir())
    assert (out / "study.iso").stat().st_size > 32768


def test_pictures_with_burned_in_text_wait_for_a_yes(
    qtbot: QtBot, window: MainWindow, study_folder: Path, out: Path
) -> None:
    for path in study_folder.iterdir():
        header = dcmread(path)
        header.BurnedInAnnotation = "YES"
        header.save_as(path)
    window.library.open_paths((study_folder,))
    qtbot.waitUntil(lambda: window.study.active_series is not None, timeout=WAIT_MS)
    series = window.study.active_series
    assert series is not None
    qtbot.waitUntil(lambda: series.has_ended, timeout=WAIT_MS)
    QGuiApplication.clipboard().clear()
    window.output.copy_image()
    panel = panel_of(window, OutputKind.PICTURES, out)

    assert QGuiApplication.clipboard().image().isNull()
    assert panel.warning.isVisible()
    assert "burned into the pixels" in panel.warning.text()
    assert not panel.go.isEnabled()
    panel.accept.setChecked(True)
    assert panel.go.isEnabled()
    panel.go.click()
    written(qtbot, panel)
    assert len(list(out.iterdir())) == 1


def test_ctrl_c_in_the_images_copies_the_picture_without_a_name(
    qtbot: QtBot, reading: MainWindow
) -> None:
    QGuiApplication.clipboard().clear()
    canvas = reading.study_page.grid.active.canvas
    canvas.setFocus()

    qtbot.keyClick(canvas, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    copied = QGuiApplication.clipboard().image()
    assert copied.width() == round(canvas.size_canvas[0] * canvas.devicePixelRatioF())
    assert "without the patient's name" in reading.status_line.said.text()


def test_the_panel_is_reached_and_used_by_keys_alone(
    qtbot: QtBot, reading: MainWindow, out: Path
) -> None:
    canvas = reading.study_page.grid.active.canvas
    canvas.setFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    panel = reading.panels.output
    assert panel.kind.hasFocus()
    panel.folder.setText(str(out))

    for _ in range(40):
        focus = QGuiApplication.focusObject()
        if focus is panel.go:
            break
        assert isinstance(focus, QWidget)
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    qtbot.keyClick(panel.go, Qt.Key.Key_Space)
    written(qtbot, panel)

    assert len(list(out.iterdir())) == 1


def test_every_control_has_a_name_for_screen_readers(reading: MainWindow, out: Path) -> None:
    for kind, _words in KINDS:
        panel = panel_of(reading, kind, out)
        nameless = [
            child
            for child in panel.findChildren(QWidget)
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus
            and child.isVisible()
            and not child.accessibleName()
            and not child.objectName().startswith("qt_")
            and child.metaObject().className() in ("QPushButton", "QCheckBox", "QComboBox",
                                                   "QSpinBox", "QLineEdit")
        ]  # fmt: skip
        assert nameless == []


def test_nothing_leaves_without_a_study_and_the_folder_is_remembered(
    qtbot: QtBot, window: MainWindow, out: Path, study_folder: Path
) -> None:
    panel = panel_of(window, OutputKind.PICTURES, out)
    assert not panel.go.isEnabled()
    assert "Open a study first" in panel.message.text()

    window.library.open_paths((study_folder,))
    qtbot.waitUntil(lambda: window.study.active_series is not None, timeout=WAIT_MS)
    series = window.study.active_series
    assert series is not None
    qtbot.waitUntil(lambda: series.has_ended, timeout=WAIT_MS)
    panel = panel_of(window, OutputKind.PICTURES, out)
    panel.go.click()
    written(qtbot, panel)

    assert window.options.get(schema.OUTPUT_FOLDER) == str(out)


def test_the_view_along_a_line_leaves_when_it_has_the_keyboard_without_a_name(
    qtbot: QtBot, reading: MainWindow, out: Path
) -> None:
    pane = opened(qtbot, reading)
    pane.setFocus()
    panel = panel_of(reading, OutputKind.PICTURES, out)
    choose(panel, Scope.VIEW)

    panel.go.click()
    written(qtbot, panel)
    reading.output.copy_image()

    (path,) = out.iterdir()
    assert FAMILY.encode().lower() not in path.read_bytes().lower()
    with Image.open(path) as image:
        ratio = pane.devicePixelRatioF()
        assert image.size[0] == round(pane.width() * ratio)
        # Its notice stands under it.
        assert image.size[1] > round(pane.height() * ratio)
    assert QGuiApplication.clipboard().image().width() == round(pane.width() * ratio)
    seen = pane.seen(PictureLook(shows_texts=True))
    assert seen is not None
    assert any("CURVED" in notice for notice in seen.notices)


@needs_vtk
def test_the_3d_view_leaves_with_its_notice_and_without_a_name(
    qtbot: QtBot, reading: MainWindow, out: Path
) -> None:
    reading.study_page.grid.active.canvas.setFocus()
    reading.scene3d.toggle()
    stage = reading.scene3d.stage
    assert stage is not None
    qtbot.waitUntil(lambda: stage.viewport.model.status.value.is_full, timeout=60_000)
    QGuiApplication.clipboard().clear()

    reading.output.copy_image()
    panel = panel_of(reading, OutputKind.PICTURES, out)
    choose(panel, Scope.VIEW)
    panel.go.click()
    written(qtbot, panel)

    copied = QGuiApplication.clipboard().image()
    assert copied.width() == round(stage.viewport.width() * stage.viewport.devicePixelRatioF())
    assert len(list(out.iterdir())) == 1
    plain = stage.viewport.seen(((), ()), shows_texts=False)
    named = stage.viewport.seen(stage.viewport.identity, shows_texts=True)
    assert plain is not None
    assert named is not None
    assert plain[0] != named[0]
