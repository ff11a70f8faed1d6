"""Enhancement that hanging protocols wish for: behind the reading, never in front of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.qt.shell.conftest import WAIT_MS
from tests.support.doors import Doors
from tests.support.series import tiny_series, tiny_stack
from viewers.render.frame import Shown
from viewers.state.hanging import HangingProtocol
from workstation import app
from workstation.core.errors import InputRefusedError
from workstation.services.enhance_choices import EnhanceTask
from workstation.services.hanging_files import as_toml, read_text
from workstation.services.hanging_store import HangingStore, LoadedProtocols
from workstation.settings import schema
from workstation.ui.enhance_run import Stage
from workstation.ui.hanging_doors import HangingDoors
from workstation.ui.main_window import MainWindow
from workstation.ui.option_desk import OptionDesk
from workstation.ui.theme import DARK, apply_theme

TEXT = """
format = 1
id = "quiet"
title = "CT twice"
enhance = "denoise"

[layout]
name = "1x2"

[[study]]
of = "modality"
is = ["CT"]
required = true

[[cells]]
name = "Original"
needed = true

[[cells.series]]
of = "modality"
is = ["CT"]
required = true

[[cells]]
name = "Beside"
same_as = 1
"""

Opener = Callable[[str], MainWindow]


@pytest.fixture
def open_with(
    qtbot: QtBot, qapp: QApplication, doors: Doors, options: OptionDesk, tmp_path: Path
) -> Iterator[Opener]:
    """Open a CT in a window that knows one protocol."""
    apply_theme(qapp, DARK, 100)
    made: list[MainWindow] = []

    def opened(text: str) -> MainWindow:
        loaded = LoadedProtocols((protocol(text),))
        store = HangingStore(tmp_path / "ours", tmp_path / "own")
        hanging = HangingDoors(lambda: loaded, app._hanging_traits, store)
        window = MainWindow(replace(doors.use_cases(), hanging=hanging), options)
        qtbot.addWidget(window)
        window.resize(1366, 768)
        window.show()
        qtbot.waitExposed(window)
        made.append(window)
        tiny_series(tmp_path / "study", stack=tiny_stack(shape_kji=(9, 24, 20)))
        window.library.open_paths((tmp_path / "study",))
        qtbot.waitUntil(lambda: window.study.active_series is not None, timeout=WAIT_MS)
        qtbot.waitUntil(lambda: not window.hanging.filler.is_filling, timeout=WAIT_MS)
        return window

    yield opened
    doors.gate.set()
    for window in made:
        window.close()


def protocol(text: str) -> HangingProtocol:
    return read_text(text, "quiet.toml")


def stage(window: MainWindow) -> Stage | None:
    run = window.enhance.runs.of(0, EnhanceTask.LESS_NOISE)
    return None if run is None else run.stage


def shown(window: MainWindow) -> list[Shown]:
    frames = [one._model.frame() for one in window.study_page.desk.viewports]
    return [frame.shown for frame in frames if frame is not None]


def test_what_a_protocol_wishes_for_is_made_behind_and_nothing_on_screen_changes(
    qtbot: QtBot, open_with: Opener
) -> None:
    window = open_with(TEXT)

    qtbot.waitUntil(lambda: stage(window) is Stage.DONE, timeout=WAIT_MS)

    assert shown(window) == [Shown.ORIGINAL] * 2
    assert all("ENHANCED" not in v.notice_text() for v in window.study_page.desk.viewports)
    assert not window.panels.jobs.failures
    window.enhance.toggle("denoise")
    assert shown(window) == [Shown.ENHANCED] * 2, "E shows at once what was made"


def test_a_cell_that_says_so_shows_the_result_beside_the_original(
    qtbot: QtBot, open_with: Opener
) -> None:
    window = open_with(TEXT + "enhanced = true\n")

    qtbot.waitUntil(lambda: stage(window) is Stage.DONE, timeout=WAIT_MS)

    assert shown(window) == [Shown.ORIGINAL, Shown.ENHANCED]
    left, right = window.study_page.desk.viewports
    assert left.notice_text().startswith("ORIGINAL  beside")
    assert right.notice_text().startswith("ENHANCED")


def test_the_notice_is_there_before_the_first_slice(
    qtbot: QtBot, open_with: Opener, doors: Doors
) -> None:
    doors.gate.clear()

    window = open_with(TEXT + "enhanced = true\n")

    right = window.study_page.desk.viewports[1]
    qtbot.waitUntil(lambda: bool(right.notice_text()), timeout=WAIT_MS)
    far = 0 if right.state.value.slice_index else 1
    right.go_to_slice(far)
    assert right.notice_text().startswith("ORIGINAL  ct-chest-draft 1.0.0 is not ready")


def test_the_option_switches_it_off(qtbot: QtBot, open_with: Opener, options: OptionDesk) -> None:
    options.change(schema.ENHANCE_AUTOMATIC, False)

    window = open_with(TEXT)
    qtbot.wait(50)

    assert list(window.enhance.runs) == []


def test_a_series_that_is_refused_behind_the_reading_is_no_failure(
    qtbot: QtBot, open_with: Opener, doors: Doors
) -> None:
    doors.error = InputRefusedError("This series cannot be enhanced", why="it is a localizer")

    window = open_with(TEXT)
    qtbot.waitUntil(lambda: stage(window) is None, timeout=WAIT_MS)

    assert window.panels.jobs.failures == ()
    assert not window.study_page.enhance_bar.isVisible()


def test_what_the_reader_asks_for_goes_before_what_a_protocol_wished_for(
    qtbot: QtBot, open_with: Opener, doors: Doors
) -> None:
    doors.gate.clear()
    window = open_with(TEXT)
    qtbot.waitUntil(lambda: stage(window) is Stage.RUNNING, timeout=WAIT_MS)

    window.enhance.toggle("superres")
    behind = window.enhance.runs.of(0, EnhanceTask.LESS_NOISE)
    assert behind is not None
    assert behind.stage is Stage.QUEUED
    doors.gate.set()

    qtbot.waitUntil(lambda: stage(window) is Stage.DONE, timeout=WAIT_MS)
    asked = window.enhance.runs.of(0, EnhanceTask.THINNER)
    assert asked is not None
    assert asked.stage is Stage.DONE


def test_a_protocol_with_enhanced_cells_reads_back_as_it_was_written() -> None:
    made = protocol(TEXT + "enhanced = true\n")

    assert [cell.view.is_enhanced for cell in made.cells] == [False, True]
    assert read_text(as_toml(made), "quiet.toml") == made
