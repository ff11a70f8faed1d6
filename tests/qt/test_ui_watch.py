"""The watchdog over the UI thread sees who held it, and nobody else."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from tests.benchmarks._frames import volume
from tests.support.ui_watch import UiWatch
from viewers.qt.viewport import ViewportWidget
from viewers.render import frame as rendering


def _busy(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def test_a_quiet_loop_has_no_long_turn(qtbot: QtBot) -> None:
    with UiWatch(limit_ms=50.0) as watch:
        QTimer.singleShot(5, lambda: _busy(0.002))
        qtbot.wait(40)

    assert watch.turns_ms
    assert watch.long_turns == []


def test_waiting_is_not_work(qtbot: QtBot) -> None:
    with UiWatch(limit_ms=50.0) as watch:
        QTimer.singleShot(1, lambda: time.sleep(0.1))
        qtbot.wait(150)

    assert watch.long_turns == []


def test_who_works_too_long_is_named(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    viewport = ViewportWidget()
    qtbot.addWidget(viewport)
    viewport.resize(300, 300)
    viewport.show_volume(volume((5, 64, 64)))
    viewport.show()
    qtbot.waitExposed(viewport)
    real = rendering.FrameRenderer.render

    def slow(self: rendering.FrameRenderer, *args: object) -> object:
        _busy(0.12)
        return real(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(rendering.FrameRenderer, "render", slow)
    with UiWatch(limit_ms=100.0) as watch:
        viewport.go_to_slice(0)
        qtbot.wait(300)

    worst = watch.worst()
    assert worst is not None
    assert worst.cpu_ms >= 100.0
    assert "viewers/qt/made_frames.py" in worst.culprit
    assert any("paintEvent" in line for line in worst.path)
