"""Objects that come with images, in the window: listed, shown where they were drawn, left alone."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import highdicom as hd
import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.qt.shell.conftest import WAIT_MS
from tests.support.measurement_report import key_objects, measurement_report
from tests.support.tools import run_tool
from tests.unit.objects.test_reading import described
from workstation.services.import_studies import import_paths
from workstation.services.read_objects import read_objects
from workstation.ui.main_window import MainWindow
from workstation.ui.objects_panel.panel import FIRST_OPACITY

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:pydicom")


def sources(folder: Path) -> list[Dataset]:
    every = [dcmread(path) for path in sorted(folder.rglob("*")) if path.is_file()]
    for one in every:
        for keyword in ("StudyTime", "AccessionNumber", "StudyID", "ReferringPhysicianName"):
            if keyword not in one:
                setattr(one, keyword, "")
        for keyword in ("StudyDate", "PatientBirthDate", "PatientSex"):
            if keyword not in one:
                setattr(one, keyword, "")
    return sorted(every, key=lambda one: float(one.ImagePositionPatient[2]))


def add_segmentation(folder: Path, *, frame_uid: str = "") -> None:
    slices = sources(folder)
    pixels = np.zeros((len(slices), slices[0].Rows, slices[0].Columns, 1), dtype=np.uint8)
    pixels[1, 2:5, 3:7, 0] = 1
    made = hd.seg.Segmentation(
        slices, pixels, "BINARY", [described(1)], hd.UID(), 7, hd.UID(), 1, "Maker", "Model", "1",
        "0",
    )  # fmt: skip
    if frame_uid:
        made.FrameOfReferenceUID = frame_uid
    made.save_as(folder / "segmentation.dcm")


def opened(qtbot: QtBot, window: MainWindow, folder: Path) -> MainWindow:
    window.library.open_paths((folder,))
    qtbot.waitUntil(lambda: not window.objects.objects.is_empty, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: window.study.active_series is not None, timeout=WAIT_MS)
    series = window.study.active_series
    assert series is not None
    qtbot.waitUntil(lambda: bool(series.flags.all()), timeout=WAIT_MS)
    return window


def picture(window: MainWindow) -> bytes:
    canvas = window.study_page.grid.active.canvas
    return bytes(canvas.grab().toImage().constBits())


def test_regions_are_hidden_until_the_reader_asks_for_them(
    qtbot: QtBot, window: MainWindow, study_folder: Path
) -> None:
    add_segmentation(study_folder)
    opened(qtbot, window, study_folder)
    window.study_page.grid.active.go_to_slice(1)
    before = picture(window)

    assert window.study_page.grid.marks.regions.value == ()
    window.objects.toggle_regions()
    during = picture(window)
    window.objects.toggle_regions()

    assert during != before
    assert picture(window) == before


def test_going_to_a_region_shows_its_slice(
    qtbot: QtBot, window: MainWindow, study_folder: Path
) -> None:
    add_segmentation(study_folder)
    opened(qtbot, window, study_folder)
    panel = window.panels.objects
    window.show_objects()
    row = panel._region_items()[0]
    window.study_page.grid.active.go_to_last()

    panel.tree.setCurrentItem(row)
    panel.tree.itemActivated.emit(row, 0)

    assert window.study_page.grid.active.state.value.slice_index == 1
    assert row.checkState(0) is Qt.CheckState.Checked
    assert "ml" in panel.words.toPlainText()


def test_color_and_opacity_are_those_the_reader_chose(
    qtbot: QtBot, window: MainWindow, study_folder: Path
) -> None:
    add_segmentation(study_folder)
    opened(qtbot, window, study_folder)
    panel = window.panels.objects
    panel.tree.setCurrentItem(panel._region_items()[0])
    panel.toggle_all()

    panel.opacity.setValue(60)
    panel.colors.setCurrentIndex(3)
    panel.colors.activated.emit(3)

    (shown,) = window.study_page.grid.marks.regions.value
    assert shown.opacity == pytest.approx(0.6)
    assert shown.color_rgb == panel.colors.itemData(3)


def test_a_region_of_another_frame_of_reference_is_refused_in_words(
    qtbot: QtBot, window: MainWindow, study_folder: Path
) -> None:
    add_segmentation(study_folder, frame_uid="2.25.99")
    opened(qtbot, window, study_folder)
    panel = window.panels.objects

    is_on = panel.toggle_all()
    panel.tree.setCurrentItem(panel._region_items()[0])

    assert not is_on
    assert panel.shown == ()
    assert "frame of reference" in panel.words.toPlainText()


def test_a_measurement_report_is_read_in_the_panel(
    qtbot: QtBot, window: MainWindow, study_folder: Path
) -> None:
    measurement_report(sources(study_folder), value=12.5).save_as(study_folder / "report.dcm")
    opened(qtbot, window, study_folder)
    panel = window.panels.objects

    window.show_objects()

    assert panel.isVisible()
    assert "Length: 12.5 mm" in panel.words.toPlainText()


def test_key_images_are_marked_and_reached(
    qtbot: QtBot, window: MainWindow, study_folder: Path
) -> None:
    slices = sources(study_folder)
    key_objects([slices[3]]).save_as(study_folder / "keys.dcm")
    opened(qtbot, window, study_folder)
    panel, viewport = window.panels.objects, window.study_page.grid.active
    row = panel.rows()[1]

    panel.tree.itemActivated.emit(row, 0)

    assert viewport.content is not None
    (k,) = viewport.content.key_slices
    assert viewport.state.value.slice_index == k
    assert viewport.content.volume.instance_uids[k] == slices[3].SOPInstanceUID


def test_k_marks_the_slice_and_k_again_takes_the_mark_away(
    qtbot: QtBot, reading: MainWindow
) -> None:
    viewport = reading.study_page.grid.active
    viewport.go_to_slice(2)
    assert viewport.content is not None
    qtbot.keyClick(viewport.canvas, Qt.Key.Key_K)
    marked = viewport.content.key_slices

    qtbot.keyClick(viewport.canvas, Qt.Key.Key_K)

    assert marked == {2}
    assert viewport.content.key_slices == set()


def test_marked_images_are_saved_and_read_back_as_key_images(
    qtbot: QtBot, reading: MainWindow, study_folder: Path
) -> None:
    viewport = reading.study_page.grid.active
    for k in (1, 3):
        viewport.go_to_slice(k)
        reading.objects.toggle_key_image()
    assert viewport.content is not None
    uids = viewport.content.volume.instance_uids
    path = study_folder / "keys.dcm"

    reading.objects.save_key_images_to(path)

    qtbot.waitUntil(path.is_file, timeout=WAIT_MS)
    (study,) = import_paths([study_folder]).studies
    (document,) = read_objects(study).documents
    assert [one.instance_uid for one in document.key_images] == [uids[1], uids[3]]
    judged = run_tool("dciodvfy", "-new", path)
    assert not [line for line in judged.text.splitlines() if line.startswith("Error")]


def test_areas_of_several_sets_together_are_as_light_as_one_alone(
    qtbot: QtBot, window: MainWindow, study_folder: Path
) -> None:
    add_segmentation(study_folder)
    opened(qtbot, window, study_folder)
    (alone,) = window.objects.objects.region_objects
    panel = window.panels.objects

    panel.show_objects(
        replace(window.objects.objects, region_objects=(alone, deepcopy(alone), deepcopy(alone)))
    )
    panel.toggle_all()

    shown = window.study_page.grid.marks.regions.value
    assert [one.opacity for one in shown] == [pytest.approx(FIRST_OPACITY / 3)] * 3
