"""The verdict panel and the rail: what a reader sees of what was received."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom.uid import RLELossless
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.qt.shell.conftest import WAIT_MS
from tests.support.canary import CANARY
from tests.support.series import moved_slices, ramp_voxels, tiny_series, tiny_stack
from tests.support.verdicts import a_stack, a_verdict
from workstation.core.verdict import Doubt, SetAside
from workstation.services.import_studies import import_paths
from workstation.ui.main_window import MainWindow
from workstation.ui.series_browser.account import account_of, study_account_of
from workstation.ui.series_browser.desk import with_failures
from workstation.ui.series_browser.parts import NAMES_SHOWN, FactsTable, Fold, SumOfFiles
from workstation.ui.series_browser.rail import two_lines
from workstation.ui.series_browser.verdict_panel import VerdictPanel
from workstation.ui.theme import DARK, apply_theme


@pytest.fixture
def panel(qtbot: QtBot, qapp: QApplication) -> VerdictPanel:
    apply_theme(qapp, DARK, 100)
    made = VerdictPanel()
    qtbot.addWidget(made)
    made.resize(360, 600)
    with qtbot.waitExposed(made):
        made.show()
    return made


def words(widget: QWidget) -> list[str]:
    """Return the words a reader sees on a widget; new ones are shown in the next turn of Qt."""
    return [one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget)]


def sum_of(panel: VerdictPanel) -> SumOfFiles:
    return panel.findChildren(SumOfFiles)[0]


def folds(widget: QWidget) -> dict[str, Fold]:
    return {fold.title.text(): fold for fold in widget.findChildren(Fold)}


def test_the_sum_stands_in_large_figures_and_is_said_to_screen_readers(
    panel: VerdictPanel,
) -> None:
    panel.show_account(account_of(a_verdict(aside=(SetAside("a", "the file is empty"),))), None)

    total = sum_of(panel)
    assert [figure.text() for figure in total.figures] == ["276", "=", "275", "+", "1"]
    assert total.accessibleName() == "276 received, 275 shown, 1 set aside"
    assert total.figures[0].property("role") == "figure"
    assert panel.accessibleDescription().startswith("276 received, 275 shown, 1 set aside")


def test_figures_shrink_rather_than_being_cut(
    qtbot: QtBot, panel: VerdictPanel, qapp: QApplication
) -> None:
    apply_theme(qapp, DARK, 200)
    panel.resize(480, 600)
    stack = a_stack(slices=123_456)

    panel.show_account(account_of(a_verdict(stack)), None)

    total = sum_of(panel)
    qtbot.waitUntil(lambda: total.figures[0].property("role") != "figure")
    assert total.minimumSizeHint().width() <= total.width()
    apply_theme(qapp, DARK, 100)


def test_where_nothing_is_doubtful_no_color_is_on_the_panel(
    qtbot: QtBot, panel: VerdictPanel
) -> None:
    panel.show_account(account_of(a_verdict()), study_account_of((a_verdict(),), ()))

    roles = {one.property("role") for one in panel.findChildren(QLabel)}
    assert not roles & {"doubt", "doubted", "blocked"}
    qtbot.waitUntil(lambda: "Nothing is in doubt." in words(panel))
    assert panel.findChildren(Fold) == []


def test_doubts_are_amber_and_what_blocks_is_red(panel: VerdictPanel) -> None:
    stack = a_stack(unit="unknown", is_unit_trusted=False, spacing_ij_mm=None)
    doubt = Doubt("unit_untrusted", "No number is reported: there is no rescale.")

    panel.show_account(account_of(a_verdict(stack, warnings=(doubt,))), None)

    by_role = {one.property("role"): one for one in panel.findChildren(QLabel)}
    assert by_role["doubted"].text() == doubt.text
    assert by_role["doubted"].accessibleName() == f"Doubt: {doubt.text}"
    assert by_role["blocked"].accessibleName().startswith("Blocked: Nothing is measured")


def test_files_set_aside_unfold_by_reason_and_their_names_are_copied(
    panel: VerdictPanel,
) -> None:
    aside = tuple(SetAside(f"file {n}", "the file is empty") for n in range(NAMES_SHOWN + 5))
    panel.show_account(account_of(a_verdict(aside=aside)), None)
    fold = folds(panel)["205 files: The file is empty"]
    assert not any("file 3" in text for text in words(fold))

    QTest.keyClick(fold.switch, Qt.Key.Key_Space)

    assert any("file 3" in text for text in words(fold))
    assert "and 5 more" in words(fold)
    copy = next(b for b in fold.findChildren(QWidget) if b.accessibleName() == "Copy the names")
    QTest.mouseClick(copy, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text().splitlines()
    assert copied == [one.file for one in aside]


def test_a_press_on_its_words_opens_a_fold_too(panel: VerdictPanel) -> None:
    panel.show_account(account_of(a_verdict(aside=(SetAside("a", "the file is empty"),))), None)
    fold = folds(panel)["1 file: The file is empty"]

    QTest.mouseClick(fold.title, Qt.MouseButton.LeftButton)

    assert fold.switch.isChecked()
    assert "a" in words(fold)


def test_the_study_tells_its_sum_and_what_belongs_to_no_series(panel: VerdictPanel) -> None:
    verdict = a_verdict(aside=(SetAside("a", "the file is empty"),))
    homeless = (SetAside("note.txt", "this is not a DICOM file"),)

    panel.show_account(account_of(verdict), study_account_of((verdict,), homeless))

    titles = folds(panel)
    assert "Study: 276 received, 275 shown, 1 set aside" in titles
    titles["1 more file belongs to no series"].switch.toggle()
    assert "1 file: This is not a DICOM file" in folds(panel)


def test_copy_puts_the_account_on_the_clipboard_without_names(
    qtbot: QtBot, panel: VerdictPanel
) -> None:
    aside = (SetAside(f"{CANARY}.dcm", "the file is empty"),)
    panel.show_account(account_of(a_verdict(aside=aside, description=CANARY)), None)

    panel.copy()

    copied = QGuiApplication.clipboard().text()
    assert "276 received, 275 shown, 1 set aside" in copied
    assert CANARY not in copied
    qtbot.waitUntil(lambda: "Copied, without names" in words(panel))


def test_an_account_that_did_not_change_stays_as_the_reader_left_it(
    panel: VerdictPanel,
) -> None:
    verdict = a_verdict(aside=(SetAside("a", "the file is empty"),))
    panel.show_account(account_of(verdict), None)
    fold = folds(panel)["1 file: The file is empty"]
    fold.switch.toggle()

    panel.show_account(account_of(verdict), None)

    assert folds(panel)["1 file: The file is empty"] is fold


@pytest.mark.parametrize(("width", "is_stacked"), [(420, False), (200, True)])
def test_values_go_below_their_names_where_it_is_narrow(
    qtbot: QtBot, width: int, is_stacked: bool
) -> None:
    table = FactsTable((("Order", "position along the slice normal"), ("Unit", "HU")))
    qtbot.addWidget(table)
    table.resize(width, 200)
    with qtbot.waitExposed(table):
        table.show()

    name, value = table._rows[0]
    assert (value.y() > name.y()) is is_stacked


def test_nothing_in_the_panel_is_green(panel: VerdictPanel) -> None:
    panel.show_account(account_of(a_verdict()), None)
    image = panel.grab().toImage()

    step = 3
    pixels = [
        image.pixelColor(x, y)
        for y in range(0, image.height(), step)
        for x in range(0, image.width(), step)
    ]

    assert not [p for p in pixels if p.green() > p.red() + 24 and p.green() > p.blue() + 24]


def test_names_break_where_words_end_and_never_vanish() -> None:
    assert two_lines("IBSI_1_STS_002_CT", len, 12) == ["IBSI_1_STS_", "002_CT"]
    assert two_lines("gre field mapping", len, 12) == ["gre field", "mapping"]
    assert two_lines("anatomicalseries", len, 10) == ["anatomical", "series"]
    assert two_lines("short", len, 10) == ["short"]
    assert two_lines("ab", lambda _text: 99, 10) == ["a", "b"]


# In the window


def test_the_rail_tells_files_shown_of_received_and_a_hole_without_hover(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    whole = tiny_stack(shape_kji=(12, 12, 16))
    kept = [0, 1, 2, 3, 6, 7, 8, 9, 10, 11]
    tiny_series(
        tmp_path / "holed", stack=moved_slices(whole, kept), voxels=ramp_voxels((10, 12, 16))
    )
    (tmp_path / "holed" / "empty.dcm").write_bytes(b"")

    window.library.open_paths((tmp_path / "holed",))

    qtbot.waitUntil(lambda: bool(window.study.items), timeout=WAIT_MS)
    item = window.study_page.rail.rail_model.items[0]
    assert item.counts == "10 of 10"
    assert item.doubts == "2 missing"
    window.show_verdict()
    account = window.panels.verdict.account
    assert account is not None
    assert dict(account.facts)["Missing"].startswith("2 slices are missing between 4 and ")
    assert "1 more file belongs to no series" in folds(window.panels.verdict)


def test_a_slice_that_cannot_be_decoded_is_not_counted_as_shown_and_says_why(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    files = tiny_series(tmp_path / "cut")
    _spoil_compressed_pixels(files[3])

    window.library.open_paths((tmp_path / "cut",))

    rail = window.study_page.rail.rail_model
    qtbot.waitUntil(lambda: bool(rail.items) and rail.items[0].verdict.shown == 4, timeout=WAIT_MS)
    window.show_verdict()
    account = window.panels.verdict.account
    assert account is not None
    assert account.sum_text == "5 received, 4 shown, 1 set aside"
    assert rail.items[0].counts == "4 of 5"
    lost = window.study_page.grid.active
    lost.go_to_slice(3)
    lost.canvas.grab()
    assert "Slice 4 could not be read: " in lost.canvas.accessibleDescription()
    # Shown again later it is still known to be lost, and not called loading.
    window.layouts.choose("1x2")
    window.study_page.grid.set_active(window.study_page.grid.viewports[1])
    window.study.show_row(0)
    qtbot.waitUntil(
        lambda: window.study_page.grid.viewports[1].slice_bar.marks.unread == (3,), timeout=WAIT_MS
    )


def test_the_panel_follows_the_series_on_screen(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    tiny_series(tmp_path / "two" / "a", seed=1)
    tiny_series(
        tmp_path / "two" / "b", seed=1, modality="MR", stack=tiny_stack(shape_kji=(3, 8, 8))
    )
    window.library.open_paths((tmp_path / "two",))
    qtbot.waitUntil(lambda: len(window.study.items) == 2, timeout=WAIT_MS)
    window.show_verdict()

    for row, item in enumerate(window.study.items):
        window.study.show_row(row)
        _wait_for_received(qtbot, window, item.verdict.received)


def test_what_loading_found_is_counted_once_however_often_it_is_told(tmp_path: Path) -> None:
    tiny_series(tmp_path / "five")
    series = import_paths((tmp_path / "five",)).all_series[0]
    failed = (SetAside("3.dcm", "its pixels end early"),)
    doubts = (Doubt("slices_failed", "1 slice could not be decoded and is blank."),)

    once = with_failures(series.verdict, series.display_sets[0], failed, doubts)
    twice = with_failures(once, series.display_sets[0], failed, doubts)

    assert (once.received, once.shown, once.set_aside) == (5, 4, failed)
    assert once.warnings[-1:] == doubts
    assert twice == once


def test_a_frame_that_failed_does_not_set_its_whole_file_aside(tmp_path: Path) -> None:
    tiny_series(tmp_path / "five")
    series = import_paths((tmp_path / "five",)).all_series[0]
    part: Any = series.display_sets[0]
    frames = replace(part, frames=(part.frames[0],) * 5)
    doubts = (Doubt("slices_failed", "1 slice could not be decoded and is blank."),)

    found = with_failures(series.verdict, frames, (SetAside("3.dcm", "it is cut"),), doubts)

    assert found.shown == series.verdict.shown
    assert found.set_aside == ()
    assert found.warnings[-1:] == doubts


def _wait_for_received(qtbot: QtBot, window: MainWindow, count: int) -> None:
    def is_told() -> bool:
        account = window.panels.verdict.account
        return account is not None and account.received == count

    qtbot.waitUntil(is_told, timeout=WAIT_MS)


def _spoil_compressed_pixels(path: Path) -> None:
    """Compress a file and make nonsense of the code stream: headers tell nothing of it."""
    dataset = pydicom.dcmread(path)
    dataset.compress(RLELossless, encoding_plugin="pydicom")
    # The number of segments, PS3.5 G.5, becomes one that no image has.
    stream = bytearray(dataset.PixelData)
    at = bytes(stream).index(b"\xfe\xff\x00\xe0", 8) + 8
    stream[at : at + 4] = (99).to_bytes(4, "little")
    dataset.PixelData = bytes(stream)
    dataset.save_as(path)
