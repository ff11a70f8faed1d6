"""The model is got ready once for what is on screen, in silence; enhancing follows the reader."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tests.qt.shell.conftest import WAIT_MS
from tests.support.doors import Doors
from workstation.core.errors import PackRefusedError
from workstation.core.job import CancelToken
from workstation.core.volume import Volume
from workstation.services.enhance_choices import EnhanceTask
from workstation.ui import enhance_ready
from workstation.ui.enhance_ready import ReadyDesk
from workstation.ui.main_window import MainWindow


def test_the_model_is_got_ready_once_for_a_kind_of_series(
    qtbot: QtBot, reading: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enhance_ready, "REST_MS", 10)
    asked: list[Volume] = []
    ReadyDesk(reading.study, reading.bridge, lambda volume, _cancel: asked.append(volume))

    reading.study.shown_changed.emit()
    qtbot.waitUntil(lambda: len(asked) == 1, timeout=WAIT_MS)
    with qtbot.waitSignal(reading.study.shown_changed, timeout=WAIT_MS):
        reading.study.shown_changed.emit()
    qtbot.wait(60)

    assert len(asked) == 1
    series = reading.study.active_series
    assert series is not None
    assert series.is_of(asked[0])


def test_a_series_without_a_model_is_no_failure_to_be_shown(
    qtbot: QtBot, reading: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enhance_ready, "REST_MS", 10)
    asked: list[Volume] = []
    shown: list[object] = []
    reading.bridge.job_moved.connect(shown.append)

    def refuse(volume: Volume, _cancel: CancelToken) -> None:
        asked.append(volume)
        raise PackRefusedError("No model pack does this")

    ReadyDesk(reading.study, reading.bridge, refuse)
    reading.study.shown_changed.emit()
    qtbot.waitUntil(lambda: len(asked) == 1, timeout=WAIT_MS)
    qtbot.wait(60)

    assert shown == []


def test_scrolling_while_slices_are_made_moves_the_focus(
    qtbot: QtBot, reading: MainWindow, doors: Doors
) -> None:
    doors.gate.clear()
    reading.enhance.toggle("denoise")
    series = reading.study.active_series
    assert series is not None
    row = reading.study.rows.index(series.item)
    run = reading.enhance.runs.of(row, EnhanceTask.LESS_NOISE)
    assert run is not None
    qtbot.waitUntil(lambda: run.is_ready is not None and bool(run.is_ready.any()), timeout=WAIT_MS)
    first = run.focus.index
    viewport = reading.study_page.desk.active

    viewport.step(1)
    doors.gate.set()
    qtbot.waitUntil(lambda: run.is_ready is not None and bool(run.is_ready.all()), timeout=WAIT_MS)

    assert viewport.state.value.slice_index != first
    assert run.focus.index == viewport.state.value.slice_index
