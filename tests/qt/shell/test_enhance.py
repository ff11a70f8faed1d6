"""Enhancement in the window: strengths, ways of comparing, the list, queue, refusals, memory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inference.tasks.denoise import EnhancementFigures
from tests.qt.shell.conftest import WAIT_MS
from tests.support.doors import Doors
from tests.support.series import ramp_voxels, tiny_series, tiny_stack
from viewers.qt.viewport import ViewportWidget
from viewers.render.frame import Shown
from viewers.render.uncertainty import Uncertainty
from viewers.state.view_state import Compare, Tool
from workstation.core.errors import InputRefusedError
from workstation.core.intensity import Window
from workstation.core.job import CancelToken
from workstation.core.memory import Memory
from workstation.core.provenance import PackRef, PixelKind, Provenance
from workstation.core.volume import Volume
from workstation.dicom.display_sets import DisplaySet
from workstation.services.enhance_choices import EnhanceTask, PackChoice
from workstation.settings import schema
from workstation.ui.enhance_run import Stage
from workstation.ui.main_window import MainWindow
from workstation.ui.option_desk import OptionDesk

SHAPE = (9, 24, 20)
ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
FAST = PackChoice(PackRef("ct-fast", "1.0.0", "a"), "CT fast", "denoise", ("CT",), 0.6)
FINE = PackChoice(PackRef("ct-fine", "1.0.0", "b"), "CT fine", "denoise", ("CT",), 0.9)


def press(window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    canvas = window.study_page.desk.active.canvas
    canvas.setFocus()
    QTest.keyClick(canvas, key, modifier or Qt.KeyboardModifier.NoModifier)


def enhanced(qtbot: QtBot, window: MainWindow) -> ViewportWidget:
    """Enhance the series on show and wait until it is done."""
    window.enhance.toggle("denoise")
    qtbot.waitUntil(lambda: is_done(window), timeout=WAIT_MS)
    return window.study_page.desk.active


def is_done(window: MainWindow) -> bool:
    runs = list(window.enhance.runs)
    return bool(runs) and all(run.stage is Stage.DONE for run in runs)


def shown(viewport: ViewportWidget) -> Shown:
    frame = viewport._model.frame()
    assert frame is not None
    return frame.shown


def compared(viewport: ViewportWidget) -> Compare:
    return viewport.state.value.compare


def strength(viewport: ViewportWidget) -> float:
    assert viewport.content is not None
    assert viewport.content.enhanced is not None
    return viewport.content.enhanced.strength


@pytest.fixture
def two_series(tmp_path: Path, qtbot: QtBot, window: MainWindow) -> MainWindow:
    """The window with a study of two series open, the first on screen."""
    for number in range(2):
        folder = tmp_path / "study" / str(number)
        voxels = (ramp_voxels(SHAPE) + number).astype(np.int16)
        tiny_series(folder, stack=tiny_stack(shape_kji=SHAPE), voxels=voxels, seed=number + 1)
        for file in folder.iterdir():
            data = pydicom.dcmread(file)
            data.StudyInstanceUID = "2.25.7"
            data.save_as(file)
    window.library.open_paths((tmp_path / "study",))
    qtbot.waitUntil(lambda: len(window.study.items) == 2, timeout=WAIT_MS)
    show(qtbot, window, 0)
    return window


def show(qtbot: QtBot, window: MainWindow, row: int) -> None:
    window.study.show_row(row)

    def is_whole() -> bool:
        series = window.study.active_series
        return series is window.study.keeper.loaded.get(row) and bool(series and series.has_ended)

    qtbot.waitUntil(is_whole, timeout=WAIT_MS)


# Strength


@pytest.mark.parametrize(
    ("key", "percent"),
    [(Qt.Key.Key_1, 35), (Qt.Key.Key_2, 50), (Qt.Key.Key_3, 80)],
)
@pytest.mark.window
def test_a_strength_with_a_name_is_a_key_away(
    qtbot: QtBot, reading: MainWindow, key: Qt.Key, percent: int
) -> None:
    viewport = enhanced(qtbot, reading)
    reading.enhance.set_strength(0.11)

    press(reading, key, ALT)

    assert strength(viewport) == pytest.approx(percent / 100)
    assert reading.study_page.enhance_bar.percent.text() == f"{percent} %"
    assert f"{percent} %" in viewport.notice_text()


def test_keys_make_it_stronger_and_weaker_within_its_limits(
    qtbot: QtBot, reading: MainWindow
) -> None:
    viewport = enhanced(qtbot, reading)

    reading.enhance.step_strength(1)
    assert strength(viewport) == pytest.approx(0.6)
    for _ in range(20):
        reading.enhance.step_strength(-1)
    assert strength(viewport) == 0.0


def test_the_strength_a_reader_prefers_is_shown_first(
    qtbot: QtBot, reading: MainWindow, options: OptionDesk
) -> None:
    options.change(schema.ENHANCE_STRENGTH_CT, "strong")

    viewport = enhanced(qtbot, reading)

    assert strength(viewport) == pytest.approx(0.8)


# Comparing


@pytest.mark.window
def test_curtain_and_difference_are_keys_and_can_be_taken_back(
    qtbot: QtBot, reading: MainWindow
) -> None:
    viewport = enhanced(qtbot, reading)

    press(reading, Qt.Key.Key_D, SHIFT)
    assert compared(viewport) is Compare.CURTAIN
    assert reading.actions_set.action("curtain").isChecked()
    press(reading, Qt.Key.Key_D)
    assert compared(viewport) is Compare.DIFFERENCE
    assert not reading.actions_set.action("curtain").isChecked()

    reading.marks.undo()
    assert compared(viewport) is Compare.CURTAIN
    reading.marks.undo()
    assert compared(viewport) is Compare.RESULT
    reading.marks.redo()
    assert compared(viewport) is Compare.CURTAIN


@pytest.mark.parametrize("mode", ["curtain", "difference"])
def test_without_a_result_there_is_nothing_to_compare_and_it_says_so(
    reading: MainWindow, mode: str
) -> None:
    reading.enhance.compare(mode)

    assert reading.study_page.desk.active.state.value.compare is Compare.RESULT
    assert "Enhance the series first" in reading.status_line.said.toolTip()
    assert not reading.actions_set.action(mode).isChecked()


def test_keys_move_the_curtain(qtbot: QtBot, reading: MainWindow) -> None:
    viewport = enhanced(qtbot, reading)
    reading.enhance.compare("curtain")

    reading.enhance.move_curtain(-2)

    assert viewport.state.value.curtain == pytest.approx(0.4)


def test_the_curtain_comes_along_into_other_layouts_and_planes(
    qtbot: QtBot, reading: MainWindow
) -> None:
    enhanced(qtbot, reading)
    reading.enhance.compare("curtain")

    reading.study.toggle_reformat()

    desk = reading.study_page.desk
    qtbot.waitUntil(lambda: len(desk.viewports) == 3, timeout=WAIT_MS)
    qtbot.waitUntil(
        lambda: all(v.state.value.compare is Compare.CURTAIN for v in desk.viewports),
        timeout=WAIT_MS,
    )
    assert all("% right of the line" in v.notice_text() for v in desk.viewports)


def test_side_by_side_shows_both_at_the_same_place_in_the_same_way(
    qtbot: QtBot, reading: MainWindow
) -> None:
    enhanced(qtbot, reading)
    desk = reading.study_page.desk

    reading.enhance.toggle_pair()

    left, right = desk.viewports
    assert (shown(left), shown(right)) == (Shown.ORIGINAL, Shown.ENHANCED)
    assert left.notice_text().startswith("ORIGINAL  beside ct-chest-draft")
    assert right.notice_text().startswith("ENHANCED  ct-chest-draft")
    right.go_to_slice(2)
    right.zoom_by(2.0)
    right.set_window(Window(10, 20))
    right.flip()
    for name in ("slice_index", "zoom", "window", "turn"):
        assert getattr(left.state.value, name) == getattr(right.state.value, name), name
    left.go_to_slice(4)
    assert right.state.value.slice_index == 4


def test_side_by_side_goes_as_it_came_and_can_be_taken_back(
    qtbot: QtBot, two_series: MainWindow
) -> None:
    desk = two_series.study_page.desk
    two_series.layouts.choose("1x2")
    two_series.study.show_in(desk.viewports[1], 1)
    qtbot.waitUntil(lambda: desk.viewports[1].content is not None, timeout=WAIT_MS)
    before = [content.volume for v in desk.viewports if (content := v.content) is not None]
    enhanced(qtbot, two_series)

    two_series.enhance.toggle_pair()
    assert two_series.actions_set.action("side_by_side").isChecked()
    two_series.enhance.toggle_pair()

    qtbot.waitUntil(lambda: len(desk.viewports) == 2, timeout=WAIT_MS)
    after = [content.volume for v in desk.viewports if (content := v.content) is not None]
    assert all(one is other for one, other in zip(before, after, strict=True))
    assert [v.state.value.compare for v in desk.viewports] == [Compare.RESULT] * 2
    two_series.marks.undo()
    assert [shown(v) for v in desk.viewports] == [Shown.ORIGINAL, Shown.ENHANCED]
    two_series.marks.undo()
    assert not two_series.enhance.compares.pair.is_on


def test_another_series_in_one_of_the_two_ends_the_pair(
    qtbot: QtBot, two_series: MainWindow
) -> None:
    enhanced(qtbot, two_series)
    two_series.enhance.toggle_pair()
    left = two_series.study_page.desk.viewports[0]

    two_series.study.show_in(left, 1)

    qtbot.waitUntil(lambda: not two_series.enhance.compares.pair.is_on, timeout=WAIT_MS)
    assert left.state.value.compare is Compare.RESULT


def test_a_measurement_beside_the_result_is_of_the_original_in_both(
    qtbot: QtBot, reading: MainWindow
) -> None:
    enhanced(qtbot, reading)
    reading.enhance.toggle_pair()
    left, right = reading.study_page.desk.viewports
    for viewport, across in ((left, -60), (right, 60)):
        content, mapping = viewport.content, viewport.canvas.mapping()
        assert content is not None
        assert mapping is not None
        at = viewport.canvas.rect().center() + QPoint(across, -20)
        column, row = np.rint(mapping.canvas_to_pixel(np.array([at.x(), at.y()]))).astype(int)
        viewport.apply_tool(Tool.PROBE)

        with qtbot.waitSignal(viewport.measurement_made, timeout=WAIT_MS) as made:
            QTest.mouseClick(viewport.canvas, Qt.MouseButton.LeftButton, pos=at)

        stored = content.volume.voxels[viewport.state.value.slice_index, row, column]
        assert made.args[0].value == float(stored)


def test_no_setting_hides_the_notice(qtbot: QtBot, reading: MainWindow) -> None:
    viewport = enhanced(qtbot, reading)

    reading.study.toggle_texts()
    viewport.show_overlays(False)
    reading.toggle_full_screen()

    assert viewport.notice_text().startswith("ENHANCED  ct-chest-draft")
    band = viewport.canvas.grab().toImage()
    rows = range(band.height() - round(viewport.canvas.band_height) + 2, band.height() - 2)
    inks = {band.pixelColor(x, y).name() for x in range(8, 120) for y in rows}
    assert "#d9a441" in inks, "the word of the notice is in the band"


def test_the_difference_is_left_with_the_study(
    qtbot: QtBot, reading: MainWindow, study_folder: Path
) -> None:
    enhanced(qtbot, reading)
    reading.enhance.compare("difference")

    reading.study.close_study()
    reading.library.open_paths((study_folder,))
    qtbot.waitUntil(lambda: reading.study.active_series is not None, timeout=WAIT_MS)
    viewport = enhanced(qtbot, reading)

    assert shown(viewport) is Shown.ENHANCED


# Thinner slices


@pytest.mark.parametrize("task", ["superres", "superres-x4", "superres-plane"])
def test_a_result_with_voxels_of_its_own_is_shown_and_left(
    qtbot: QtBot, reading: MainWindow, task: str
) -> None:
    viewport = reading.study_page.desk.active
    source = viewport.content
    assert source is not None

    reading.enhance.toggle(task)
    qtbot.waitUntil(lambda: "ENHANCED" in viewport.notice_text(), timeout=WAIT_MS)

    assert viewport.content is not None
    assert viewport.content.original is source.volume
    reading.enhance.compare("difference")
    assert viewport.state.value.compare is Compare.RESULT
    assert "compare by the curtain" in reading.status_line.said.toolTip()

    other = "superres" if task != "superres" else "superres-x4"
    reading.enhance.toggle(other)
    assert "Enhance the original series" in reading.status_line.said.toolTip()
    reading.enhance.toggle(task)
    assert viewport.content.volume is source.volume
    assert "ENHANCED" not in viewport.notice_text()


# The list of series, the queue


def test_a_series_of_the_list_is_enhanced_without_being_shown(
    qtbot: QtBot, two_series: MainWindow
) -> None:
    desk = two_series.study_page.desk
    before = desk.active.content

    two_series.study_page.rail.setCurrentIndex(two_series.study_page.rail.rail_model.index(1))
    two_series.enhance.enhance_chosen()
    qtbot.waitUntil(lambda: is_done(two_series), timeout=WAIT_MS)

    assert desk.active.content is before
    assert "ENHANCED" not in desk.active.notice_text()
    show(qtbot, two_series, 1)
    assert desk.active.notice_text().startswith("ENHANCED  ct-chest-draft")


def test_the_menu_of_a_series_tells_what_runs(
    qtbot: QtBot, two_series: MainWindow, doors: Doors
) -> None:
    doors.gate.clear()
    two_series.enhance.toggle_row(1)
    qtbot.waitUntil(lambda: two_series.enhance.runs.of(1, EnhanceTask.LESS_NOISE) is not None)

    entry = two_series.enhance.menu.menu(1).actions()[0]
    other = two_series.enhance.menu.menu(0).actions()[0]

    assert entry.isChecked()
    assert entry.text().startswith("Enhance: less noise (")
    assert not other.isChecked()


def test_several_wait_in_a_queue_and_each_can_be_stopped(
    qtbot: QtBot, two_series: MainWindow, doors: Doors
) -> None:
    doors.gate.clear()
    for row in (0, 1):
        two_series.enhance.toggle_row(row)
    waiting = "waits for its turn"
    qtbot.waitUntil(
        lambda: [run.words() == waiting for run in two_series.enhance.runs] == [False, True],
        timeout=WAIT_MS,
    )

    two_series.enhance.toggle_row(1)
    doors.gate.set()
    qtbot.waitUntil(lambda: is_done(two_series), timeout=WAIT_MS)

    assert [run.row for run in two_series.enhance.runs] == [0]


def test_closing_the_study_stops_and_frees_everything(
    qtbot: QtBot, two_series: MainWindow, doors: Doors
) -> None:
    doors.gate.clear()
    for row in (0, 1):
        two_series.enhance.toggle_row(row)
    qtbot.waitUntil(lambda: len(list(two_series.enhance.runs)) == 2, timeout=WAIT_MS)

    two_series.study.close_study()

    assert list(two_series.enhance.runs) == []
    assert not two_series.study_page.enhance_bar.isVisible()


def test_a_refusal_is_a_sentence_below_the_images_and_in_the_panel(
    qtbot: QtBot, reading: MainWindow, doors: Doors
) -> None:
    doors.error = InputRefusedError(
        "This series cannot be enhanced", why="it is a localizer", todo="Read the original"
    )
    reading.enhance.toggle("denoise")
    bar, panel = reading.study_page.enhance_bar, reading.panels.enhance
    qtbot.waitUntil(lambda: "localizer" in bar.state.text(), timeout=WAIT_MS)
    reading.enhance.show_panel()

    assert "It is a localizer" in panel.refusal.text()
    assert not reading.actions_set.action("enhance").isChecked()
    doors.error = None
    enhanced(qtbot, reading)
    assert not panel.refusal.isVisible()


def test_a_series_of_the_list_that_a_model_made_says_so_on_its_picture(
    reading: MainWindow,
) -> None:
    item = reading.study.items[0]
    made = Provenance(PixelKind.ENHANCED, "1.2.3", FAST.ref)
    assert isinstance(item.display_set, DisplaySet)
    derived = replace(item, display_set=replace(item.display_set, provenance=made))
    rail = reading.study_page.rail

    rail.rail_model.show_items((derived,))

    index = rail.rail_model.index(0)
    assert rail.rail_model.data(index).startswith("ENHANCED, ")  # type: ignore[attr-defined]
    image = rail.grab().toImage()
    inks = {image.pixelColor(x, y).name() for x in range(80) for y in range(40)}
    assert "#d9a441" in inks


# Memory


def test_where_memory_is_short_the_result_longest_out_of_sight_goes_with_a_word(
    qtbot: QtBot, two_series: MainWindow
) -> None:
    enhanced(qtbot, two_series)
    show(qtbot, two_series, 1)
    enhanced(qtbot, two_series)
    runs = two_series.enhance.runs
    result = 2 * int(np.prod(SHAPE))
    room = 1 << 40
    held = two_series.study.keeper.shelf.held_bytes

    runs._memory = lambda: SmallMemory(room, held + result)
    runs.relieve()

    assert [run.row for run in runs] == [1]
    assert "were dropped to make room" in two_series.status_line.said.toolTip()
    assert "ENHANCED" in two_series.study_page.desk.active.notice_text()


class SmallMemory(Memory):
    """A machine that lets voxels take a number of bytes."""

    def __init__(self, room: int, budget: int) -> None:
        super().__init__(room, room, room)
        object.__setattr__(self, "_budget", budget)

    __slots__ = ("_budget",)

    @property
    def budget_bytes(self) -> int:
        """What voxels may take."""
        return int(self._budget)  # type: ignore[attr-defined]


# Packs


def test_the_next_pack_makes_the_result_anew_and_is_kept_for_its_modality(
    qtbot: QtBot, reading: MainWindow, options: OptionDesk
) -> None:
    reading.enhance.packs.packs = (FAST, FINE)
    viewport = enhanced(qtbot, reading)

    reading.enhance.next_pack()

    qtbot.waitUntil(lambda: is_done(reading), timeout=WAIT_MS)
    assert options.get(schema.ENHANCE_PACK_CT) == "ct-fast"
    assert strength(viewport) == pytest.approx(0.6), "that of the pack that was chosen"
    reading.enhance.next_pack()
    assert options.get(schema.ENHANCE_PACK_CT) == "ct-fine"


def test_the_next_pack_is_none_that_failed_or_was_not_measured_and_choices_say_so(
    qtbot: QtBot, reading: MainWindow, options: OptionDesk
) -> None:
    own = replace(FINE, is_measured=False)
    bad = PackChoice(PackRef("ct-bad", "1.0.0", "c"), "CT bad", "denoise", ("CT",), 0.6, ("bias",))
    packs = reading.enhance.packs
    packs.packs = (bad, own, FAST)
    packs.changed.emit()
    enhanced(qtbot, reading)

    for _ in range(3):
        reading.enhance.next_pack()
        qtbot.waitUntil(lambda: is_done(reading), timeout=WAIT_MS)
        assert options.get(schema.ENHANCE_PACK_CT) == "ct-fast"

    shown = [reading.enhance.panel.packs.itemText(at) for at in range(3)]
    assert [text.rpartition(": ")[2] for text in shown[1:]] == [
        "not measured on this machine",
        "failed a check on this machine",
    ]
    assert "machine" not in shown[0]


# Uncertainty


def test_how_sure_the_model_is_is_shown_only_when_asked(qtbot: QtBot, reading: MainWindow) -> None:
    viewport = enhanced(qtbot, reading)
    asked: list[int] = []

    def door(
        volume: Volume,
        enhanced: NDArray[Any],
        pack: PackRef,
        k: int,
        *,
        figures: EnhancementFigures,
        cancel: CancelToken,
    ) -> Uncertainty:
        cancel.raise_if_cancelled()
        assert figures.sigma_before == 20.0
        assert pack.version == "1.0.0"
        asked.append(k)
        half = np.full(volume.voxels.shape[1:], 6.0, dtype=np.float32)
        return Uncertainty(k, half, enhanced[k])

    reading.enhance.sure._door = door
    assert viewport.content is not None
    assert viewport.content.uncertainty is None

    reading.enhance.toggle_uncertainty()
    qtbot.waitUntil(lambda: uncertain_slice(viewport) is not None, timeout=WAIT_MS)
    assert uncertain_slice(viewport) == viewport.state.value.slice_index
    viewport.go_to_slice(1)
    qtbot.waitUntil(lambda: uncertain_slice(viewport) == 1, timeout=WAIT_MS)

    reading.enhance.toggle_uncertainty()
    assert uncertain_slice(viewport) is None
    assert asked[-1] == 1


def uncertain_slice(viewport: ViewportWidget) -> int | None:
    content = viewport.content
    return content.uncertainty.k if content is not None and content.uncertainty else None
