"""Series out of sight give up their voxels when they must, and come back as they were."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from pytestqt.qtbot import QtBot

from tests.qt.shell.conftest import WAIT_MS
from tests.support.doors import Doors
from tests.support.series import ramp_voxels, tiny_series, tiny_stack
from viewers.qt.viewport import ViewportWidget
from viewers.state.layout import Layout
from workstation.core.job import CancelToken
from workstation.core.memory import MIB, SPARE_BYTES, Memory
from workstation.dicom.display_sets import DisplaySet
from workstation.services.open_series import OpenedSeries
from workstation.services.series_shelf import SeriesShelf
from workstation.ui.loaded_series import LoadedSeries
from workstation.ui.main_window import MainWindow

SERIES = 3
SHAPE = (9, 24, 20)
SERIES_BYTES = 9 * 24 * 20 * 2
MANY_BYTES = 1 << 50


class Machine:
    """Memory that a test fills: how many series it has room for beside those that are loaded."""

    def __init__(self, window: MainWindow) -> None:
        self._keeper = window.study.keeper
        self.series = 1000
        self._keeper.shelf = SeriesShelf(self.memory)

    def memory(self) -> Memory:
        left = self.series * SERIES_BYTES - self._keeper.shelf.held_bytes
        return Memory(MANY_BYTES, MANY_BYTES, left + SPARE_BYTES)


@pytest.fixture
def machine(window: MainWindow) -> Machine:
    return Machine(window)


@pytest.fixture
def three_series(tmp_path: Path, qtbot: QtBot, window: MainWindow, machine: Machine) -> MainWindow:
    """The window with a study of three series open, the first on screen."""
    for number in range(SERIES):
        tiny_series(
            tmp_path / "study" / str(number),
            stack=tiny_stack(shape_kji=SHAPE),
            voxels=(ramp_voxels(SHAPE) + number).astype(np.int16),
            seed=number + 1,
        )
    folders = sorted((tmp_path / "study").iterdir())
    for folder in folders:
        _same_study(folder)
    window.library.open_paths((tmp_path / "study",))
    qtbot.waitUntil(lambda: len(window.study.items) == SERIES, timeout=WAIT_MS)
    show(qtbot, window, 0)
    return window


def _same_study(folder: Path) -> None:
    """Put the series of a folder into one study; its writer makes one for each seed."""
    import pydicom

    for file in folder.iterdir():
        data = pydicom.dcmread(file)
        data.StudyInstanceUID = "2.25.7"
        data.save_as(file)


def show(qtbot: QtBot, window: MainWindow, row: int) -> LoadedSeries:
    window.study.show_row(row)
    qtbot.waitUntil(lambda: is_whole(window, row), timeout=WAIT_MS)
    return window.study.keeper.loaded[row]


def is_whole(window: MainWindow, row: int) -> bool:
    series = window.study.active_series
    return (
        series is not None
        and series is window.study.keeper.loaded.get(row)
        and series.has_ended
        and bool(series.flags.all())
    )


def picture(window: MainWindow) -> bytes:
    """Return what the active viewport shows, as pixels."""
    canvas = window.study_page.grid.active.canvas
    image = canvas.grab(QRect(0, 0, canvas.width(), canvas.height())).toImage()
    return bytes(image.constBits())


def alive(series: LoadedSeries) -> Callable[[], object]:
    return weakref.ref(series.volume.voxels.base)


def test_with_room_enough_every_series_stays_in_memory(
    qtbot: QtBot, three_series: MainWindow
) -> None:
    for row in (1, 2):
        show(qtbot, three_series, row)

    assert [three_series.study.keeper.loaded[row].is_open for row in range(3)] == [True] * 3


def test_the_series_longest_out_of_sight_is_freed_for_the_next_one(
    qtbot: QtBot, three_series: MainWindow, machine: Machine
) -> None:
    first = alive(three_series.study.keeper.loaded[0])
    show(qtbot, three_series, 1)
    machine.series = 2
    show(qtbot, three_series, 2)

    gc.collect()
    loaded = three_series.study.keeper.loaded
    assert [loaded[row].is_open for row in range(3)] == [False, True, True]
    assert first() is None


def test_a_series_that_was_freed_comes_back_as_it_was(
    qtbot: QtBot, three_series: MainWindow, machine: Machine
) -> None:
    viewport = three_series.study_page.grid.active
    viewport.go_to_slice(7)
    viewport.invert()
    viewport.set_window(replace(viewport.state.value.window, center=55.0, width=333.0))
    viewport.zoom_by(1.7)
    before, state = picture(three_series), viewport.state.value
    machine.series = 1
    show(qtbot, three_series, 1)
    assert not three_series.study.keeper.loaded[0].is_open

    series = show(qtbot, three_series, 0)

    assert viewport.state.value == state
    assert picture(three_series) == before
    assert np.array_equal(series.volume.voxels, ramp_voxels(SHAPE))


def test_a_series_that_stayed_in_memory_comes_back_as_it_was_too(
    qtbot: QtBot, three_series: MainWindow
) -> None:
    viewport = three_series.study_page.grid.active
    viewport.go_to_slice(2)
    show(qtbot, three_series, 1)

    show(qtbot, three_series, 0)

    assert viewport.state.value.slice_index == 2


def test_while_it_is_read_again_the_line_grows_and_the_slice_in_view_comes_first(
    qtbot: QtBot,
    three_series: MainWindow,
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keeper, viewport = three_series.study.keeper, three_series.study_page.grid.active
    viewport.go_to_slice(8)
    machine.series = 1
    show(qtbot, three_series, 1)
    gate, arrived, real = threading.Event(), list[int](), keeper._open_series

    def slow(
        display_set: DisplaySet,
        *,
        first_index: int | None,
        on_slice: Callable[[int], None],
        cancel: CancelToken,
    ) -> OpenedSeries:
        def held_back(k: int) -> None:
            arrived.append(k)
            on_slice(k)
            gate.wait(WAIT_MS / 1000)

        return real(display_set, first_index=first_index, on_slice=held_back, cancel=cancel)

    monkeypatch.setattr(keeper, "_open_series", slow)

    three_series.study.show_row(0)
    qtbot.waitUntil(lambda: 0.0 < viewport.loading_line.fraction < 1.0, timeout=WAIT_MS)
    assert viewport.state.value.slice_index == 8
    gate.set()
    qtbot.waitUntil(lambda: is_whole(three_series, 0), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: viewport.loading_line.fraction == 1.0, timeout=WAIT_MS)
    # Several threads read: the slice in view is begun first and may end beside its neighbors.
    assert 8 in arrived[:3]


def test_what_is_on_screen_is_never_freed(
    qtbot: QtBot, three_series: MainWindow, machine: Machine
) -> None:
    grid = three_series.study_page.grid
    grid.set_layout(Layout.TWO)
    machine.series = 1
    grid.set_active(grid.viewports[1])
    show(qtbot, three_series, 1)

    loaded = three_series.study.keeper.loaded
    assert [loaded[row].is_open for row in (0, 1)] == [True, True]


def test_a_viewport_that_comes_back_with_its_layout_shows_its_freed_series_again(
    qtbot: QtBot, three_series: MainWindow, machine: Machine
) -> None:
    grid = three_series.study_page.grid
    grid.set_layout(Layout.TWO)
    grid.set_active(grid.viewports[1])
    show(qtbot, three_series, 1)
    grid.viewports[1].go_to_slice(6)
    second = alive(three_series.study.keeper.loaded[1])
    grid.set_active(grid.viewports[0])
    grid.set_layout(Layout.ONE)
    machine.series = 2
    show(qtbot, three_series, 2)
    machine.series = 1000
    gc.collect()
    assert second() is None, "a viewport that is not in the layout does not hold its series"

    grid.set_layout(Layout.TWO)

    series = three_series.study.keeper.loaded[1]
    qtbot.waitUntil(lambda: series.is_open and bool(series.flags.all()), timeout=WAIT_MS)
    assert series.is_of(grid.viewports[1].content.volume if grid.viewports[1].content else None)
    assert grid.viewports[1].state.value.slice_index == 6
    assert grid.active is grid.viewports[0]


def test_a_series_that_a_job_reads_is_not_freed_until_it_ends(
    qtbot: QtBot, three_series: MainWindow, machine: Machine, doors: Doors
) -> None:
    qtbot.waitUntil(lambda: three_series.report.document is not None, timeout=WAIT_MS)
    doors.gate.clear()
    three_series.report.measure()
    machine.series = 1
    show(qtbot, three_series, 1)
    loaded = three_series.study.keeper.loaded
    assert loaded[0].is_open
    assert three_series.study.keeper.shelf.hold_count(0) == 1

    doors.gate.set()
    qtbot.waitUntil(lambda: not three_series.study.keeper.shelf.hold_count(0), timeout=WAIT_MS)
    show(qtbot, three_series, 2)
    assert not loaded[0].is_open


def test_an_enhancement_is_laid_again_over_a_series_that_was_freed(
    qtbot: QtBot, three_series: MainWindow, machine: Machine
) -> None:
    viewport = three_series.study_page.grid.active
    three_series.enhance.toggle("denoise")
    bar = three_series.study_page.enhance_bar
    qtbot.waitUntil(lambda: "→" in bar.state.text(), timeout=WAIT_MS)
    before, notice = picture(three_series), viewport.notice_text()
    machine.series = 1
    show(qtbot, three_series, 1)
    assert viewport.content is not None
    assert viewport.content.enhanced is None
    assert not three_series.study.keeper.loaded[0].is_open

    show(qtbot, three_series, 0)

    assert viewport.content.enhanced is not None
    assert picture(three_series) == before
    assert viewport.notice_text() == notice


def test_closing_a_study_frees_every_voxel(qtbot: QtBot, three_series: MainWindow) -> None:
    grid = three_series.study_page.grid
    grid.set_layout(Layout.TWO)
    grid.set_active(grid.viewports[1])
    show(qtbot, three_series, 1)
    grid.set_active(grid.viewports[0])
    grid.set_layout(Layout.ONE)
    three_series.enhance.toggle("denoise")
    bar = three_series.study_page.enhance_bar
    qtbot.waitUntil(lambda: "→" in bar.state.text(), timeout=WAIT_MS)
    arrays = [alive(three_series.study.keeper.loaded[row]) for row in (0, 1)]
    content = grid.active.content
    assert content is not None
    assert content.enhanced is not None
    arrays.append(weakref.ref(content.enhanced.voxels.base))
    del content

    three_series.study.close_study()

    def all_gone() -> bool:
        gc.collect()
        return all(array() is None for array in arrays)

    qtbot.waitUntil(all_gone, timeout=WAIT_MS)


def test_choosing_a_series_twice_while_it_loads_reads_it_once(
    qtbot: QtBot, three_series: MainWindow
) -> None:
    opened: list[LoadedSeries] = []
    three_series.study.series_opened.connect(opened.append)

    three_series.study.show_row(1)
    three_series.study.show_row(1)
    qtbot.waitUntil(lambda: is_whole(three_series, 1), timeout=WAIT_MS)

    assert len(opened) == 1
    assert three_series.study.keeper.shelf.held_bytes == 2 * SERIES_BYTES


def test_a_series_without_room_is_refused_in_words_and_what_is_shown_stays(
    qtbot: QtBot,
    three_series: MainWindow,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from workstation.services import open_series

    monkeypatch.setattr(open_series, "read_memory", lambda: Memory(MIB, MIB, 0))

    three_series.study.show_row(1)
    qtbot.waitUntil(lambda: bool(three_series.panels.jobs.failures), timeout=WAIT_MS)

    assert "not enough free memory" in three_series.panels.jobs.failures[-1]
    assert three_series.study.active_series is three_series.study.keeper.loaded[0]
    assert three_series.study.keeper.shelf.held_bytes == SERIES_BYTES


def test_a_result_is_shown_while_it_is_made_without_a_second_copy(
    qtbot: QtBot, three_series: MainWindow, doors: Doors
) -> None:
    viewport = three_series.study_page.grid.active
    doors.gate.clear()
    three_series.enhance.toggle("denoise")
    qtbot.waitUntil(lambda: enhanced_voxels(viewport) is not None, timeout=WAIT_MS)
    early = enhanced_voxels(viewport)
    assert early is not None

    doors.gate.set()
    bar = three_series.study_page.enhance_bar
    qtbot.waitUntil(lambda: "→" in bar.state.text(), timeout=WAIT_MS)
    late = enhanced_voxels(viewport)

    assert late is not None
    assert np.shares_memory(early, late)
    assert np.array_equal(late, ramp_voxels(SHAPE) + 100)


def enhanced_voxels(viewport: ViewportWidget) -> NDArray[Any] | None:
    content = viewport.content
    return content.enhanced.voxels if content is not None and content.enhanced else None


def test_voxels_that_somebody_still_reads_are_taken_back_and_not_read_twice(
    qtbot: QtBot, three_series: MainWindow, machine: Machine
) -> None:
    series = three_series.study.keeper.loaded[0]
    reader = series.opened
    machine.series = 1
    show(qtbot, three_series, 1)
    assert not series.is_open

    three_series.study.show_row(0)

    assert series.is_open
    assert series.opened is reader
    assert bool(series.flags.all())
    assert three_series.study.active_series is series


def test_in_three_planes_another_series_takes_the_place_of_the_one_on_show(
    qtbot: QtBot, three_series: MainWindow, machine: Machine
) -> None:
    three_series.study.toggle_reformat()
    machine.series = 1

    series = show(qtbot, three_series, 1)

    grid = three_series.study_page.grid
    shown = [viewport.content for viewport in grid.viewports]
    assert [series.is_of(one.volume) for one in shown if one is not None] == [True] * 3
    assert not three_series.study.keeper.loaded[0].is_open


def test_a_series_wanted_in_two_places_while_it_loads_comes_into_both(
    qtbot: QtBot, three_series: MainWindow
) -> None:
    desk = three_series.study_page.desk
    desk.set_layout(Layout.TWO)
    left, right = desk.viewports

    desk.series_dropped.emit(1, left)
    desk.series_dropped.emit(1, right)
    assert 1 not in (row_in(three_series, left), row_in(three_series, right))
    qtbot.waitUntil(lambda: is_whole(three_series, 1), timeout=WAIT_MS)

    assert [row_in(three_series, one) for one in (left, right)] == [1, 1]
    assert desk.active is right


def test_a_place_that_wants_another_series_by_now_is_not_given_the_one_before(
    qtbot: QtBot, three_series: MainWindow
) -> None:
    shown: list[int] = []
    viewport = three_series.study_page.desk.active
    three_series.study.shown_changed.connect(lambda: shown.append(row_in(three_series, viewport)))

    three_series.study.show_row(1)
    three_series.study.show_row(2)
    qtbot.waitUntil(lambda: is_whole(three_series, 2), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: three_series.study.keeper.loaded[1].has_ended, timeout=WAIT_MS)

    assert row_in(three_series, viewport) == 2
    assert 1 not in shown


def row_in(window: MainWindow, viewport: ViewportWidget) -> int:
    content = viewport.content
    series = None if content is None else window.study.loaded_of(content.volume)
    return -1 if series is None else window.study.rows.index(series.item)
