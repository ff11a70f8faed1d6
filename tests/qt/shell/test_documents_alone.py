"""A folder that holds reports and stored looks but no image opens, and shows them."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.qt.shell.conftest import WAIT_MS
from tests.qt.shell.test_objects import sources
from tests.support.measurement_report import key_objects, measurement_report
from workstation.ui.main_window import MainWindow

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:pydicom")


def test_documents_without_images_are_listed_and_readable(
    qtbot: QtBot, window: MainWindow, study_folder: Path, tmp_path: Path
) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    slices = sources(study_folder)
    measurement_report(slices, value=12.5).save_as(alone / "sr.dcm")
    key_objects(slices).save_as(alone / "ko.dcm")

    window.library.open_paths((alone,))
    qtbot.waitUntil(lambda: not window.objects.objects.is_empty, timeout=WAIT_MS)

    panel = window.panels.objects
    assert panel.isVisible()
    titles = [row.text(0) for row in panel.rows()]
    assert "Imaging Measurement Report" in titles
    row = next(row for row in panel.rows() if "Length" in row.text(0))
    panel.tree.setCurrentItem(row)
    assert row.text(1) == "12.5 mm"
    assert "not in this study" in panel.words.toPlainText()
    window.study_page.desk.active.canvas.grab()
    window.study.next_series()
    window.study.toggle_reformat()
