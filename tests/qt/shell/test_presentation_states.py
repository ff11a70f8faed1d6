"""Presentation states in the window: a view saved as one comes back as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.qt.shell.conftest import WAIT_MS
from tests.qt.shell.test_objects import opened, picture
from tests.support.tools import run_tool
from workstation.core.intensity import Window
from workstation.core.measurement import Measurement, MeasurementKind
from workstation.core.presentation import GraphicShape, PresentationState
from workstation.ui.main_window import MainWindow

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:pydicom")


def shown(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    window.library.open_paths((folder,))
    qtbot.waitUntil(lambda: window.study.active_series is not None, timeout=WAIT_MS)
    series = window.study.active_series
    assert series is not None
    qtbot.waitUntil(lambda: bool(series.flags.all()), timeout=WAIT_MS)


def a_mark(window: MainWindow, kind: MeasurementKind, *cr: tuple[float, float]) -> Measurement:
    viewport = window.study_page.desk.active
    mapping, content = viewport.canvas.mapping(), viewport.content
    assert mapping is not None
    assert content is not None
    points = mapping.stack.to_patient_mm(mapping.index, np.array(cr, dtype=float))
    return Measurement(
        f"m-{kind.value}", kind, content.volume.series.series_uid,
        content.volume.instance_uids[mapping.index],
        tuple((float(x), float(y), float(z)) for x, y, z in points), 12.34, "mm",
    )  # fmt: skip


def saved(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    window.objects.looks.save_to(path)
    qtbot.waitUntil(path.is_file, timeout=WAIT_MS)


def again(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    window.study.close_study()
    window.show_worklist()
    opened(qtbot, window, folder)


def look_row(window: MainWindow) -> int:
    rows = window.panels.objects.rows()
    held = [row.data(0, Qt.ItemDataRole.UserRole) for row in rows]
    return next(n for n, one in enumerate(held) if isinstance(one, PresentationState))


def test_a_saved_view_comes_back_with_window_turn_and_place(
    qtbot: QtBot, window: MainWindow, study_folder: Path
) -> None:
    shown(qtbot, window, study_folder)
    viewport = window.study_page.desk.active
    viewport.go_to_slice(2)
    viewport.set_window(Window(12.0, 345.0))
    viewport.rotate()
    viewport.flip()
    viewport.invert()
    viewport.zoom_by(2.0)
    view = viewport.state.value
    saved(qtbot, window, study_folder / "My view.dcm")

    again(qtbot, window, study_folder)
    panel = window.panels.objects
    row = panel.rows()[look_row(window)]
    panel.tree.setCurrentItem(row)
    panel.tree.itemActivated.emit(row, 0)

    now = window.study_page.desk.active.state.value
    assert (now.window.center, now.window.width) == (12.0, 345.0)
    assert now.turn.matrix == view.turn.matrix
    assert now.is_inverted is view.is_inverted
    assert now.zoom == pytest.approx(view.zoom, rel=0.15)  # whole pixels of a 16 x 12 slice
    assert "MY_VIEW" in window.study_page.desk.active.notice_text()


def test_marks_are_stored_as_figures_and_text_on_their_slice(
    qtbot: QtBot, window: MainWindow, study_folder: Path
) -> None:
    shown(qtbot, window, study_folder)
    window.study_page.desk.active.go_to_slice(1)
    length = a_mark(window, MeasurementKind.LENGTH, (2, 3), (7, 3))
    reformatted = replace(length, measurement_id="r", is_reformatted=True)
    window.study_page.desk.marks.change((length, reformatted))
    path = study_folder / "marks.dcm"
    said: list[str] = []
    window.objects.said.connect(said.append)
    saved(qtbot, window, path)
    qtbot.waitUntil(lambda: bool(said), timeout=WAIT_MS)

    stored = dcmread(path)

    (annotation,) = stored.GraphicAnnotationSequence
    (named,) = annotation.ReferencedImageSequence
    assert named.ReferencedSOPInstanceUID == length.instance_uid
    assert list(annotation.GraphicObjectSequence[0].GraphicData) == [2.5, 3.5, 7.5, 3.5]
    assert annotation.TextObjectSequence[0].UnformattedTextValue == "12.3 mm"
    assert "12.3 mm" in said[-1]
    judged = run_tool("dciodvfy", "-new", path).text
    assert "Error" not in judged


def test_what_a_state_draws_is_hidden_and_left_by_keys(
    qtbot: QtBot, window: MainWindow, study_folder: Path
) -> None:
    shown(qtbot, window, study_folder)
    window.study_page.desk.active.go_to_slice(1)
    window.study_page.desk.marks.change((a_mark(window, MeasurementKind.LENGTH, (2, 3), (7, 3)),))
    saved(qtbot, window, study_folder / "marks.dcm")
    window.study_page.desk.marks.change(())
    again(qtbot, window, study_folder)
    (look,) = window.objects.objects.presentations
    assert look.annotations[0].graphics[0].shape is GraphicShape.POLYLINE
    window.study_page.desk.marks.change(())
    viewport = window.study_page.desk.active
    viewport.go_to_slice(1)
    window.objects.looks.apply(look)
    drawn = picture(window)
    qtbot.keyClick(viewport.canvas, Qt.Key.Key_Y)
    hidden = picture(window)

    qtbot.keyClick(viewport.canvas, Qt.Key.Key_Y, Qt.KeyboardModifier.ShiftModifier)

    assert drawn != hidden
    assert window.study_page.desk.marks.stored_look.value is None
    assert "PRESENTATION" not in viewport.notice_text()


def test_measurements_are_saved_as_sr_and_listed_with_a_jump(
    qtbot: QtBot, window: MainWindow, study_folder: Path
) -> None:
    shown(qtbot, window, study_folder)
    qtbot.waitUntil(lambda: window.objects.kept._is_ready, timeout=WAIT_MS)
    window.study_page.desk.active.go_to_slice(1)
    window.study_page.desk.marks.change((a_mark(window, MeasurementKind.LENGTH, (2, 3), (7, 3)),))
    path = study_folder / "measured.dcm"
    window.objects.save_measurements_to(path)
    qtbot.waitUntil(path.is_file, timeout=WAIT_MS)
    again(qtbot, window, study_folder)
    window.study_page.desk.active.go_to_last()
    panel = window.panels.objects
    row = next(one for one in panel.rows() if one.text(0) == "Length 1: Length")

    panel.tree.setCurrentItem(row)
    panel.tree.itemActivated.emit(row, 0)

    assert row.text(1) == "12.34 mm"
    assert window.study_page.desk.active.state.value.slice_index == 1
    assert "slice 2" in panel.words.toPlainText()
