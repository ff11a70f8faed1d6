"""Missing slices and damaged parts in the window: proposed, looked at, taken away, refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from inference.packs.store import PackStore
from tests.qt.shell.conftest import WAIT_MS
from tests.support.fill_packs import FillWorker, between_model, write_filler
from tests.support.filled import body, without
from tests.support.series import moved_slices, tiny_series, tiny_stack
from viewers.state.view_state import Plane
from viewers.tools.marking import Place, measure
from workstation.core.filled import Filled, FilledBox
from workstation.core.job import CancelToken
from workstation.core.measurement import MeasurementKind
from workstation.core.volume import Volume
from workstation.services.fill_gaps import FilledSeries, fill_gaps, plan_filling
from workstation.services.fill_rows import find_lost_rows
from workstation.ui.main_window import MainWindow

ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
COUNT = 20


def press_g(window: MainWindow, modifier: Qt.KeyboardModifier) -> None:
    canvas = window.study_page.desk.active.canvas
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_G, modifier)


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> Callable[..., MainWindow]:
    """Opens a series of the body without some slices, and gives the window a model for them."""
    write_filler(tmp_path / "packs", between_model())
    packs = PackStore(tmp_path / "packs", None)

    def fill(
        volume: Volume,
        rows: tuple[FilledBox, ...],
        *,
        on_progress: Callable[[float], None],
        cancel: CancelToken,
    ) -> FilledSeries:
        plan = plan_filling(volume, (*rows, *find_lost_rows(volume)))
        worker = FillWorker(packs)
        return fill_gaps(plan, worker=worker, packs=packs, on_progress=on_progress, cancel=cancel)

    window.fill._fill = fill

    def open_(*missing: int) -> MainWindow:
        kept = without(*missing, count=COUNT)
        stack = tiny_stack(shape_kji=(COUNT, 40, 48))
        folder = tmp_path / "study"
        tiny_series(folder, stack=moved_slices(stack, kept), voxels=body(COUNT)[kept])
        window.library.open_paths((folder,))
        qtbot.waitUntil(lambda: window.study.active_series is not None, timeout=WAIT_MS)
        series = window.study.active_series
        assert series is not None
        qtbot.waitUntil(lambda: series.has_ended, timeout=WAIT_MS)
        return window

    return open_


def filled(window: MainWindow) -> Filled | None:
    content = window.study_page.desk.active.content
    return None if content is None else content.volume.filled


def index(window: MainWindow) -> int:
    return window.study_page.desk.active.state.value.slice_index


@pytest.mark.window
def test_a_key_proposes_what_is_missing_goes_there_and_takes_it_away_again(
    qtbot: QtBot, opened: Callable[..., MainWindow]
) -> None:
    window = opened(6)

    press_g(window, ALT)
    qtbot.waitUntil(lambda: filled(window) is not None, timeout=WAIT_MS)

    made = filled(window)
    assert made is not None
    assert made.whole_slices == (6,)
    assert index(window) == 6
    assert window.actions_set.action("fill_gaps").isChecked()
    assert "FILLED" in window.study_page.desk.active.notice_text()

    press_g(window, ALT)

    assert filled(window) is None
    assert index(window) in (5, 6)
    assert not window.actions_set.action("fill_gaps").isChecked()
    assert window.study.active_series is not None


@pytest.mark.window
def test_what_was_proposed_once_is_there_at_once_the_next_time(
    qtbot: QtBot, opened: Callable[..., MainWindow]
) -> None:
    window = opened(6)
    press_g(window, ALT)
    qtbot.waitUntil(lambda: filled(window) is not None, timeout=WAIT_MS)
    press_g(window, ALT)

    press_g(window, ALT)

    assert filled(window) is not None


@pytest.mark.window
def test_the_account_offers_it_where_slices_are_missing(
    qtbot: QtBot, opened: Callable[..., MainWindow]
) -> None:
    window = opened(6)
    window.show_verdict()
    (offer,) = [
        one
        for one in window.panels.verdict.findChildren(QPushButton)
        if one.text() == "Propose missing slices"
    ]

    offer.click()

    qtbot.waitUntil(lambda: filled(window) is not None, timeout=WAIT_MS)


@pytest.mark.window
def test_a_whole_series_is_refused_with_the_reason_and_offers_nothing(
    qtbot: QtBot, opened: Callable[..., MainWindow]
) -> None:
    window = opened()
    said: list[str] = []
    window.fill.said.connect(said.append)
    window.show_verdict()

    press_g(window, ALT)
    qtbot.waitUntil(lambda: bool(said), timeout=WAIT_MS)

    assert said == ["Nothing can be proposed for this series: no slice is missing."]
    assert filled(window) is None
    offers = [one.text() for one in window.panels.verdict.findChildren(QPushButton)]
    assert "Propose missing slices" not in offers


@pytest.mark.window
def test_the_part_under_the_chosen_rectangle_is_proposed(
    qtbot: QtBot, opened: Callable[..., MainWindow]
) -> None:
    window = opened()
    series = window.study.active_series
    assert series is not None
    volume, marks = series.volume, window.study_page.desk.marks
    ij = np.array([[9.6, 14.6], [30.4, 14.6], [30.4, 21.4], [9.6, 21.4]])
    points = volume.geometry.to_patient_mm(8, ij)
    kind = MeasurementKind.RECTANGLE
    mark = measure(volume, kind, points, Place(at=8), measurement_id=uuid4().hex)
    assert mark is not None
    marks.change((mark,), selected=mark.measurement_id)

    press_g(window, ALT | SHIFT)
    qtbot.waitUntil(lambda: filled(window) is not None, timeout=WAIT_MS)

    made = filled(window)
    assert made is not None
    assert made.boxes == (FilledBox(8, (15, 22), (10, 31)),)


@pytest.mark.window
def test_without_a_rectangle_the_reader_is_told_what_to_do(
    opened: Callable[..., MainWindow],
) -> None:
    window = opened()
    said: list[str] = []
    window.fill.said.connect(said.append)

    press_g(window, ALT | SHIFT)

    assert said == ["Draw a rectangle over the damaged part of a slice and choose it, then again."]


@pytest.mark.window
def test_measuring_and_drafting_keep_to_what_was_scanned(
    qtbot: QtBot, opened: Callable[..., MainWindow]
) -> None:
    window = opened(6)
    press_g(window, ALT)
    qtbot.waitUntil(lambda: filled(window) is not None, timeout=WAIT_MS)

    # What the report, the models and the 3D view work on is the series that is active.
    content = window.study_page.desk.active.content
    assert content is not None
    assert window.study.active_series is None
    assert content.stored.filled is None
    assert content.measured is content.stored


@pytest.mark.window
def test_other_planes_show_what_was_proposed_too(
    qtbot: QtBot, opened: Callable[..., MainWindow]
) -> None:
    window = opened(6)
    press_g(window, ALT)
    qtbot.waitUntil(lambda: filled(window) is not None, timeout=WAIT_MS)
    viewport = window.study_page.desk.active

    viewport.set_plane(Plane.SAGITTAL)

    frame = viewport._model.frame()
    assert frame is not None
    assert frame.filled
    assert "FILLED" in viewport.notice_text()
