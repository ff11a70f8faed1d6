"""The window over tests.support.doors, with a tiny study of the canary patient."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.support.doors import Doors
from tests.support.series import tiny_series
from workstation.core.observable import Observable
from workstation.settings import schema
from workstation.settings.schema import Settings
from workstation.settings.store import SettingsStore
from workstation.ui.main_window import MainWindow
from workstation.ui.option_desk import OptionDesk
from workstation.ui.theme import DARK, apply_theme

WAIT_MS = 10_000
READER = "Dr. Reader"


@pytest.fixture
def study_folder(tmp_path: Path) -> Path:
    tiny_series(tmp_path / "study")
    return tmp_path / "study"


@pytest.fixture
def doors(tmp_path: Path) -> Doors:
    return Doors(names=[READER], signed=tmp_path / "signed")


@pytest.fixture
def options(tmp_path: Path) -> OptionDesk:
    settings = Settings().having(schema.READER_NAME, READER).having(schema.FIRST_RUN_DONE, True)
    return OptionDesk(Observable(settings), SettingsStore(tmp_path / "settings.toml"))


@pytest.fixture
def window(
    qtbot: QtBot, qapp: QApplication, doors: Doors, options: OptionDesk
) -> Iterator[MainWindow]:
    apply_theme(qapp, DARK, 100)
    made = MainWindow(doors.use_cases(), options)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow, timeout=WAIT_MS)
    made.start((), is_demo=False)
    yield made
    doors.gate.set()
    made.close()


@pytest.fixture
def reading(qtbot: QtBot, window: MainWindow, study_folder: Path) -> MainWindow:
    """The window with the tiny study open and its report begun."""
    window.library.open_paths((study_folder,))
    qtbot.waitUntil(lambda: window.report.document is not None, timeout=WAIT_MS)
    series = window.study.active_series
    assert series is not None
    qtbot.waitUntil(lambda: bool(series.flags.all()), timeout=WAIT_MS)
    return window


@pytest.fixture
def drafted(qtbot: QtBot, reading: MainWindow) -> MainWindow:
    """The window with a draft of three sentences and a question."""
    reading.report.draft()
    qtbot.waitUntil(lambda: bool(reading.panels.report.body.rows), timeout=WAIT_MS)
    return reading


@pytest.fixture
def seen(qtbot: QtBot, drafted: MainWindow) -> Callable[[str], None]:
    """Bring the evidence of a statement on screen and wait until it was painted."""

    def show(statement_id: str) -> None:
        drafted.report.show_evidence(statement_id)
        document = drafted.report.document
        assert document is not None
        qtbot.waitUntil(lambda: _is_seen(drafted, statement_id), timeout=WAIT_MS)

    return show


def _is_seen(window: MainWindow, statement_id: str) -> bool:
    document = window.report.document
    return document is not None and statement_id in document.evidence_seen
