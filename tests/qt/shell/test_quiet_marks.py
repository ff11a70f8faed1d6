"""What happens during a read is marked quietly: no focus, no view, no geometry changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.qt.shell.conftest import WAIT_MS
from tests.support.series import tiny_series
from workstation.core.job import JobState, JobStatus
from workstation.services.jobs import JobContext, Lane, Request
from workstation.ui.main_window import MainWindow
from workstation.ui.news_desk import NewsDesk, NewsMark
from workstation.ui.news_panel.panel import NewsPanel

A, B = QPoint(200, 200), QPoint(230, 170)
NO_KEY = Qt.KeyboardModifier.NoModifier


def picture(window: MainWindow) -> tuple[Any, ...]:
    """What must not change under the hands: focus, views, places of everything around them."""
    viewports = window.study_page.desk.viewports
    return (
        QApplication.focusWidget(),
        QApplication.activeWindow(),
        window._page(),
        tuple(one.state.value for one in viewports),
        tuple((one.mapToGlobal(QPoint(0, 0)), one.size()) for one in viewports),
        window.side.geometry(),
        window.status_line.geometry(),
        window.status_line.said.geometry(),
        window.status_line.news.geometry(),
        window.header.geometry(),
    )


@pytest.fixture
def dragging(reading: MainWindow, qtbot: QtBot) -> MainWindow:
    """The window with a viewport that has the focus and a drag that is going on."""
    canvas = reading.study_page.grid.active.canvas
    canvas.setFocus()
    QTest.mousePress(canvas, Qt.MouseButton.RightButton, NO_KEY, A)
    QTest.mouseMove(canvas, B)
    qtbot.waitUntil(canvas.hasFocus)
    return reading


def test_a_study_that_arrives_during_a_drag_is_only_counted(
    qtbot: QtBot, dragging: MainWindow, tmp_path: Path
) -> None:
    tiny_series(tmp_path / "other", seed=2)
    before = picture(dragging)

    dragging.library.open_paths((tmp_path / "other",))

    qtbot.waitUntil(lambda: dragging.news.unseen == 1, timeout=WAIT_MS)
    assert picture(dragging) == before
    assert "1" in dragging.status_line.news.text()
    canvas = dragging.study_page.grid.active.canvas
    QTest.mouseMove(canvas, B + QPoint(20, 0))
    QTest.mouseRelease(canvas, Qt.MouseButton.RightButton, NO_KEY, B + QPoint(20, 0))
    assert dragging.study_page.grid.active.state.value.window.width != before[3][0].window.width


@pytest.mark.parametrize("ends_well", [True, False])
def test_a_job_that_ends_during_a_drag_changes_nothing_under_the_hand(
    qtbot: QtBot,
    dragging: MainWindow,
    expect_log: Callable[[str], None],
    *,
    ends_well: bool,
) -> None:
    expect_log("job")
    before, ended = picture(dragging), list[JobStatus]()
    dragging.bridge.job_moved.connect(ended.append)

    def work(context: JobContext) -> None:
        context.progress(0.5)
        if not ends_well:
            raise OSError

    dragging.bridge.start(Request(Lane.READ, "A job with quite a long name of its own", work))

    over = JobState.DONE if ends_well else JobState.FAILED
    qtbot.waitUntil(lambda: bool(ended) and ended[-1].state is over, timeout=WAIT_MS)
    assert picture(dragging) == before
    assert dragging.news.unseen == (0 if ends_well else 1)


def test_the_list_opens_by_key_and_the_count_goes(qtbot: QtBot, reading: MainWindow) -> None:
    reading.news.take_arrival("1 study. It is under Studies.")

    QTest.keyClick(reading.study_page.grid.active.canvas, Qt.Key.Key_F12)

    qtbot.waitUntil(reading.panels.news.isVisible, timeout=WAIT_MS)
    words = [one.text() for one in reading.panels.news.findChildren(QLabel)]
    assert "1 study. It is under Studies." in words
    assert reading.news.unseen == 0


def test_the_mark_is_as_wide_with_ninety_nine_news_as_with_none(qtbot: QtBot) -> None:
    mark = NewsMark(lambda: None)
    qtbot.addWidget(mark)
    empty = mark.width()

    for count in (1, 9, 10, 99, 1000):
        mark.show_count(count)
        assert mark.width() == empty
    assert mark.fontMetrics().horizontalAdvance(mark.text()) <= mark.width() - 8


def test_only_jobs_that_nobody_waited_for_are_news(qtbot: QtBot) -> None:
    mark, panel = NewsMark(lambda: None), NewsPanel(lambda: None, lambda: None)
    qtbot.addWidget(mark)
    qtbot.addWidget(panel)
    now_s = [0.0]
    moment = datetime(2026, 1, 1, 8, tzinfo=UTC)
    desk = NewsDesk(mark, panel, now=lambda: moment, clock=lambda: now_s[0])
    first = JobStatus(1, "Loading", JobState.RUNNING)
    second = replace(first, job_id=2, text="Less noise")
    for one in (first, second):
        desk.take_job(one)

    now_s[0] = 1.0
    desk.take_job(replace(first, state=JobState.DONE))
    now_s[0] = 60.0
    desk.take_job(replace(second, state=JobState.DONE))

    assert desk.unseen == 1
    words = [one.text() for one in panel.findChildren(QLabel)]
    assert "Done: Less noise." in words
