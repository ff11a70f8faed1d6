"""Images and what was made of them, opened together or one after the other, are one study."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import SimpleITK
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.qt.shell.conftest import WAIT_MS
from tests.qt.shell.test_objects import add_segmentation, opened
from tests.support.data import study
from tests.support.series import tiny_series
from viewers.render.region_marks import region_trace
from viewers.state.layout import Layout
from workstation.ui.main_window import MainWindow

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:pydicom")


@pytest.fixture
def apart(study_folder: Path) -> tuple[Path, Path]:
    """A folder with images, and one with a segmentation of them."""
    add_segmentation(study_folder)
    beside = study_folder.parent / "segmentation"
    beside.mkdir()
    shutil.move(study_folder / "segmentation.dcm", beside)
    return study_folder, beside


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_segmentation_from_another_folder_joins_its_images_in_either_order(
    qtbot: QtBot, window: MainWindow, apart: tuple[Path, Path], order: tuple[int, int]
) -> None:
    window.library.open_paths((apart[order[0]],))
    qtbot.waitUntil(lambda: window.study.imported is not None, timeout=WAIT_MS)
    window.show_worklist()
    opened(qtbot, window, apart[order[1]])

    window.objects.toggle_regions()

    assert len(window.study.items) == 1
    assert len(window.study_page.grid.marks.regions.value) == 1
    (entry,) = window.worklist.model.entries
    assert set(entry.sources) == set(apart)
    assert "1 beside the images" in entry.verdict


def test_a_folder_opened_again_is_what_is_in_it_now(
    qtbot: QtBot, window: MainWindow, study_folder: Path
) -> None:
    add_segmentation(study_folder)
    opened(qtbot, window, study_folder)
    (study_folder / "segmentation.dcm").unlink()
    window.show_worklist()

    window.library.open_paths((study_folder,))
    before = window.study.imported
    qtbot.waitUntil(lambda: window.study.imported is not before, timeout=WAIT_MS)

    assert window.study.imported is not None
    assert not window.study.imported.documents


def test_of_several_studies_in_a_folder_enter_opens_the_first(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    tiny_series(tmp_path / "both" / "one")
    tiny_series(tmp_path / "both" / "other", seed=2)

    window.library.open_paths((tmp_path / "both",))
    qtbot.waitUntil(lambda: window.worklist.model.rowCount() == 2, timeout=WAIT_MS)

    assert window.worklist.list.hasFocus()
    assert "2 studies" in window.worklist.notice.text()
    QTest.keyClick(window.worklist.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.study.active_series is not None, timeout=WAIT_MS)


@pytest.mark.data
def test_the_liver_of_a_real_ct_lies_where_its_mask_lies_on_slices_and_planes(
    qtbot: QtBot, window: MainWindow
) -> None:
    folder = study("s14_ct_liver_seg_dcmqi")
    window.library.open_paths((folder,))
    qtbot.waitUntil(lambda: window.worklist.model.rowCount() > 1, timeout=WAIT_MS)
    ct = next(one for one in window.worklist.model.entries if one.modalities == "CT")
    window.library.open_entry(ct)
    qtbot.waitUntil(lambda: not window.objects.objects.is_empty, timeout=WAIT_MS)
    window.objects.toggle_regions()
    liver = window.study_page.grid.marks.regions.value[0].region
    truth = SimpleITK.ReadImage(str(folder / "liver_seg.nrrd"))

    for layout in (Layout.ONE, Layout.MPR):
        window.study_page.grid.set_layout(layout)
        for viewport in window.study_page.grid.viewports:
            mapping = viewport.canvas.mapping()
            assert mapping is not None
            trace = region_trace(liver, mapping.stack, mapping.index)
            assert trace is not None
            rows, columns = np.nonzero(trace.mask)
            places = np.stack((columns + trace.corner_cr[0], rows + trace.corner_cr[1]), axis=1)
            inside = [
                _value(truth, mapping.stack.to_patient_mm(mapping.index, one)) for one in places
            ]
            # A voxel at the edge may be taken or not where a plane runs between two of them.
            assert len(inside) > 100
            assert np.mean(inside) > 0.98


def _value(image: SimpleITK.Image, point_mm: np.ndarray) -> bool:
    index = image.TransformPhysicalPointToIndex([float(part) for part in point_mm])
    return bool(image[index])
