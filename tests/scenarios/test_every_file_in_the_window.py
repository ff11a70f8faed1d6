"""Every odd file and every series of all sets, one after the other in one window of one process.

A reader scrolls, changes the window, asks for other planes, looks at what was received, and goes
on. Nothing may fail by a fault of ours, no dialog may open, and memory must not pile up.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.support.data import find_study, study
from tests.support.doors import Doors
from viewers.state.layout import Layout
from workstation.core.observable import Observable
from workstation.services.import_studies import NothingToShowError, import_paths
from workstation.settings import schema
from workstation.settings.schema import Settings
from workstation.settings.store import SettingsStore
from workstation.ui.main_window import MainWindow
from workstation.ui.option_desk import OptionDesk
from workstation.ui.theme import DARK, apply_theme

pytestmark = pytest.mark.data

WAIT_MS = 30_000
ALL_S = 60.0
"""Processor time that the walk over one set may take: a loaded machine must not fail it."""

GROWTH_MIB = 64
"""Memory may grow by this much in a second walk over the same files: allocators keep some."""

SETS = (
    "s02_ct_head_ge_tilt_varspacing",
    "s03_mr_brain_t1_mprage_siemens_skyra",
    "s05_mr_cardiac_siemens_verio",
    "s06_mr_brain_pd_ge_signa",
    "s07_mr_enhanced_multiframe_siemens_xa30",
    "s08_mr_mosaic_siemens",
    "s09_mr_brain_t1_positions",
    "s10_mr_dti_canon",
    "s11_mr_dti_philips",
    "s12_mr_dti_uih_saveby_slice",
    "s14_ct_liver_seg_dcmqi",
    "s15_sts_petctmr_rtstruct",
)


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[MainWindow]:
    apply_theme(qapp, DARK, 100)
    settings = Settings().having(schema.READER_NAME, "Dr. Reader")
    options = OptionDesk(
        Observable(settings.having(schema.FIRST_RUN_DONE, True)),
        SettingsStore(tmp_path / "settings.toml"),
    )
    made = MainWindow(Doors(names=["Dr. Reader"]).use_cases(), options)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


def test_each_odd_file_alone_is_shown_or_refused_in_words(qtbot: QtBot, window: MainWindow) -> None:
    files = sorted(path for path in study("s13_odd_files").rglob("*") if path.is_file())
    assert len(files) == 186
    begun = time.process_time()

    shown = {file for file in files if _open(qtbot, window, file)}

    assert time.process_time() - begun < ALL_S
    assert shown == set(filter(_holds_images, files))
    _nothing_failed(window)


def test_memory_does_not_pile_up_over_odd_files(qtbot: QtBot, window: MainWindow) -> None:
    files = sorted(path for path in study("s13_odd_files").rglob("*.dcm"))[:30]
    process = psutil.Process()

    for file in files:
        _open(qtbot, window, file)
    before = process.memory_info().rss
    for file in files:
        _open(qtbot, window, file)

    grown_mib = (process.memory_info().rss - before) / 2**20
    assert grown_mib < GROWTH_MIB


@pytest.mark.parametrize("name", SETS)
def test_each_series_of_a_set_is_scrolled_windowed_and_asked_for_planes(
    qtbot: QtBot, window: MainWindow, name: str
) -> None:
    folder = study(name)
    begun = time.process_time()

    _open(qtbot, window, folder)
    for row in range(window.worklist.model.rowCount()):
        window.worklist.list.activated.emit(window.worklist.model.index(row))
        _wait_until_idle(qtbot, window)
        _walk_series(qtbot, window)

    assert time.process_time() - begun < ALL_S
    _nothing_failed(window)


def _open(qtbot: QtBot, window: MainWindow, path: Path) -> bool:
    """Open a path, look at its first study; return whether anything is shown."""
    window.study.close_study()
    window.show_worklist()
    window.worklist.say("")
    window.status_line.say("")
    window.library.open_paths((path,))
    _wait_until_idle(qtbot, window)
    if window.status_line.said.toolTip().endswith("Choose one under Studies."):
        # The index of a disk brings several studies, and the reader chooses.
        window.worklist.list.activated.emit(window.worklist.model.index(0))
        _wait_until_idle(qtbot, window)
    if window.study.imported is None:
        said = window.worklist.notice.text() or window.status_line.said.toolTip()
        assert said, f"nothing is said about {path.name}"
        assert "fault in Prelim" not in said
        return False
    if not window.study.items:
        # Documents without images: the objects panel lists them.
        return False
    _read(qtbot, window)
    return True


def _holds_images(file: Path) -> bool:
    """Whether the command line would show something of a file."""
    try:
        result = import_paths((file,))
    except NothingToShowError:
        return False
    return bool(result.all_series)


def _walk_series(qtbot: QtBot, window: MainWindow) -> None:
    seen: set[str] = set()
    for row, item in enumerate(window.study.items):
        # Of a series of many stacks the first is read; the others differ by a b-value.
        if item.verdict.series_uid in seen:
            continue
        seen.add(item.verdict.series_uid)
        window.study.show_row(row)
        _wait_for_picture(qtbot, window)
        _read(qtbot, window)


def _read(qtbot: QtBot, window: MainWindow) -> None:
    """Do with the series on screen what a reader does."""
    _wait_for_picture(qtbot, window)
    grid = window.study_page.grid
    for act in (window.study.first_slice, window.study.last_slice, window.study.invert):
        act()
        grid.active.canvas.grab()
    window.study.set_preset(1)
    window.study.toggle_reformat()
    for viewport in grid.viewports:
        viewport.canvas.grab()
    if grid.layout_shown is Layout.ONE:
        assert "Scrolling the slices is right" in window.status_line.said.toolTip()
    else:
        window.study.toggle_reformat()
    window.show_verdict()
    account = window.panels.verdict.account
    assert account is not None
    assert account.received == account.shown + account.aside
    window.close_panel()
    assert QApplication.activeModalWidget() is None


def _wait_for_picture(qtbot: QtBot, window: MainWindow) -> None:
    def is_there() -> bool:
        series = window.study.active_series
        return series is not None and (series.has_ended or bool(series.flags.any()))

    qtbot.waitUntil(is_there, timeout=WAIT_MS)


def _wait_until_idle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.bridge._replies, timeout=WAIT_MS)


def _nothing_failed(window: MainWindow) -> None:
    # A fault that was only logged fails the test by itself: see the conftest.
    faults = [text for text in window.panels.jobs.failures if "fault in Prelim" in text]
    assert faults == []


def test_the_sets_of_the_walk_are_named_as_they_are() -> None:
    here = [name for name in SETS if find_study(name) is not None]

    assert here in ([], list(SETS))
