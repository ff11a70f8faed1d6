"""Fusion in the whole window, by keys and by its line of controls."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.support.data import study
from tests.support.series import tiny_series, tiny_stack
from tests.unit.viewers.test_fusion import by_simpleitk
from viewers.qt.curved_pane import CurvedPane
from viewers.qt.viewport import ViewportWidget
from viewers.render.fusion_sampler import sample_slice
from viewers.state.fusion import PaletteName
from workstation.core.intensity import IntensityUnit
from workstation.core.registration import FitFigures, FitJudgment, RigidRegistration
from workstation.ui.main_window import MainWindow

WAIT_MS = 20_000
NONE, SHIFT, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


def key(pressed: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, pressed, modifier)


@pytest.fixture
def pair(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    """The window with a CT and an MR of one frame of reference; the CT is on show."""
    return with_pair(qtbot, window, tmp_path / "pair")


def with_pair(
    qtbot: QtBot, window: MainWindow, folder: Path, *, is_burned_in: bool = False
) -> MainWindow:
    tiny_series(folder / "ct", seed=1)
    for path in tiny_series(folder / "mr", stack=tiny_stack(), modality="MR", seed=1):
        header = dcmread(path)
        header.BurnedInAnnotation = "YES" if is_burned_in else "NO"
        header.save_as(path)
    window.library.open_paths((folder,))
    qtbot.waitUntil(lambda: len(window.study.items) == 2, timeout=WAIT_MS)
    rows = [n for n, i in enumerate(window.study.items) if i.display_set.series.modality == "CT"]
    window.study.show_row(rows[0])
    qtbot.waitUntil(lambda: is_read(window), timeout=WAIT_MS)
    window.study_page.desk.active.canvas.setFocus()
    return window


def is_read(window: MainWindow, modality: str = "CT") -> bool:
    series = window.study.active_series
    is_it = series is not None and series.item.display_set.series.modality == modality
    return is_it and series is not None and series.has_ended


def active(window: MainWindow) -> ViewportWidget:
    return window.study_page.desk.active


def is_fused(window: MainWindow) -> bool:
    content = active(window).content
    return content is not None and content.overlay is not None and content.overlay.is_complete


def test_one_key_lays_the_other_series_over_and_takes_it_away(
    qtbot: QtBot, pair: MainWindow
) -> None:
    key(Qt.Key.Key_J)
    qtbot.waitUntil(lambda: is_fused(pair), timeout=WAIT_MS)

    assert "MR over CT" in active(pair).notice_text()
    assert pair.fusion.bar.isVisible()
    key(Qt.Key.Key_J)
    assert not is_fused(pair)
    assert not pair.fusion.bar.isVisible()


def test_keys_change_palette_and_opacity_and_hide_the_overlay(
    qtbot: QtBot, pair: MainWindow
) -> None:
    key(Qt.Key.Key_J)
    qtbot.waitUntil(lambda: is_fused(pair), timeout=WAIT_MS)

    key(Qt.Key.Key_J, SHIFT)
    key(Qt.Key.Key_Up, ALT)
    key(Qt.Key.Key_Up, ALT)
    key(Qt.Key.Key_Down, ALT)

    content = active(pair).content
    assert content is not None
    assert content.fusion is not None
    assert content.fusion.palette is PaletteName.PET
    assert content.fusion.opacity == pytest.approx(0.6)
    QTest.keyPress(active(pair).canvas, Qt.Key.Key_U)
    assert active(pair).state.value.hides_fusion
    QTest.keyRelease(active(pair).canvas, Qt.Key.Key_U)
    assert not active(pair).state.value.hides_fusion


def test_the_line_of_controls_changes_what_is_drawn(qtbot: QtBot, pair: MainWindow) -> None:
    key(Qt.Key.Key_J)
    qtbot.waitUntil(lambda: is_fused(pair), timeout=WAIT_MS)
    bar = pair.fusion.bar

    bar.slider.setValue(80)
    bar.low.setValue(100.0)
    bar.high.setValue(900.0)
    bar.by_value.setChecked(True)

    content = active(pair).content
    assert content is not None
    assert content.fusion is not None
    assert content.fusion.opacity == pytest.approx(0.8)
    assert (content.fusion.low, content.fusion.high) == (100.0, 900.0)
    assert "more where the value is higher" in active(pair).notice_text()


def test_the_overlay_comes_back_with_the_series_it_lay_on(qtbot: QtBot, pair: MainWindow) -> None:
    key(Qt.Key.Key_J)
    qtbot.waitUntil(lambda: is_fused(pair), timeout=WAIT_MS)
    key(Qt.Key.Key_J, SHIFT)
    base = pair.study.active_series
    assert base is not None

    pair.study.next_series()
    qtbot.waitUntil(lambda: is_read(pair, "MR"), timeout=WAIT_MS)
    assert not is_fused(pair)
    pair.study.next_series()
    qtbot.waitUntil(lambda: is_read(pair) and is_fused(pair), timeout=WAIT_MS)

    content = active(pair).content
    assert content is not None
    assert content.fusion is not None
    assert content.fusion.palette is PaletteName.PET
    key(Qt.Key.Key_J)
    pair.study.next_series()
    pair.study.next_series()
    qtbot.waitUntil(lambda: is_read(pair), timeout=WAIT_MS)
    assert not is_fused(pair)


def test_another_study_leaves_nothing_of_the_overlay(
    qtbot: QtBot, pair: MainWindow, study_folder: Path
) -> None:
    key(Qt.Key.Key_J)
    qtbot.waitUntil(lambda: is_fused(pair), timeout=WAIT_MS)

    pair.study.close_study()

    assert not pair.fusion.bar.isVisible()
    assert active(pair).content is None


def test_a_single_series_has_nothing_to_lay_over_and_the_window_says_so(
    reading: MainWindow,
) -> None:
    said: list[str] = []
    reading.fusion.said.connect(said.append)

    reading.fusion.toggle()

    assert said == ["There is no other series in this study to lay over this one."]


def test_a_discarded_fit_takes_its_overlay_away(qtbot: QtBot, pair: MainWindow) -> None:
    key(Qt.Key.Key_J)
    qtbot.waitUntil(lambda: is_fused(pair), timeout=WAIT_MS)
    content = active(pair).content
    assert content is not None
    assert content.overlay is not None
    fit = RigidRegistration(
        np.eye(4), "1.2", "1.3", "rigid", "mutual information",
        FitFigures(0.1, 0.9, 1.0, 0.1), FitJudgment.GOOD, datetime(2026, 11, 21, tzinfo=UTC),
    )  # fmt: skip
    links = pair.links.desk.state
    links.set(links.value.accepted(fit))
    active(pair).lay_over(replace(content.overlay, registration=fit), content.fusion)

    links.set(links.value.without("1.2", "1.3"))

    assert not is_fused(pair)


def test_text_burned_into_what_is_laid_over_does_not_leave_unasked(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    pair = with_pair(qtbot, window, tmp_path / "pair", is_burned_in=True)
    key(Qt.Key.Key_J)
    qtbot.waitUntil(lambda: is_fused(pair), timeout=WAIT_MS)
    clipboard = QApplication.clipboard()
    clipboard.clear()

    pair.output.copy_image()

    assert clipboard.image().isNull()
    pair.fusion.stop()
    pair.output.copy_image()
    assert not clipboard.image().isNull()


def test_the_line_of_controls_never_makes_the_window_wider(qtbot: QtBot, pair: MainWindow) -> None:
    key(Qt.Key.Key_J)
    qtbot.waitUntil(lambda: is_fused(pair), timeout=WAIT_MS)

    pair.resize(1366, 768)
    QApplication.processEvents()

    assert pair.width() == 1366
    assert pair.fusion.bar.palettes.isVisible()
    assert pair.fusion.bar.high.isVisible()


def test_every_control_of_the_line_has_a_name(pair: MainWindow) -> None:
    bar = pair.fusion.bar
    controls = (
        bar.palettes, bar.slider, bar.low, bar.high, bar.threshold, bar.by_value, bar.other,
        bar.stop,
    )  # fmt: skip

    assert all(control.accessibleName() for control in controls)


@pytest.mark.data
def test_a_real_pet_is_proposed_for_its_ct_with_suv(qtbot: QtBot, window: MainWindow) -> None:
    window.library.open_paths((study("s15_sts_petctmr_rtstruct") / "STS_002",))
    qtbot.waitUntil(lambda: len(window.study.items) == 3, timeout=WAIT_MS)
    rows = {i.display_set.series.modality: n for n, i in enumerate(window.study.items)}
    window.study.show_row(rows["CT"])
    qtbot.waitUntil(lambda: is_read(window, "CT"), timeout=WAIT_MS)

    window.fusion.toggle()
    qtbot.waitUntil(lambda: is_fused(window), timeout=WAIT_MS)

    content = active(window).content
    assert content is not None
    assert content.overlay is not None
    assert content.overlay.volume.intensity.unit is IntensityUnit.SUV
    assert "PT over CT" in active(window).notice_text()
    frame = active(window)._model.frame()
    assert frame is not None
    laid = sample_slice(content.overlay, frame.stack, frame.index, None)
    theirs = by_simpleitk(content.overlay.volume, frame.stack, frame.index)
    both = np.isfinite(laid) & np.isfinite(theirs)
    assert both.mean() > 0.9
    assert np.abs(laid[both] - theirs[both]).max() < 1e-3 * np.nanmax(theirs)


@pytest.mark.data
def test_from_the_pet_the_key_shows_the_ct_under_it(qtbot: QtBot, window: MainWindow) -> None:
    window.library.open_paths((study("s15_sts_petctmr_rtstruct") / "STS_002",))
    qtbot.waitUntil(lambda: len(window.study.items) == 3, timeout=WAIT_MS)
    rows = {i.display_set.series.modality: n for n, i in enumerate(window.study.items)}
    window.study.show_row(rows["PT"])
    qtbot.waitUntil(lambda: is_read(window, "PT"), timeout=WAIT_MS)

    window.fusion.toggle()
    qtbot.waitUntil(lambda: is_fused(window), timeout=WAIT_MS)

    content = active(window).content
    assert content is not None
    assert content.volume.series.modality == "CT"


def test_a_line_is_drawn_over_slices_and_its_picture_opens_beside(
    qtbot: QtBot, reading: MainWindow
) -> None:
    viewport = active(reading)
    viewport.canvas.setFocus()
    key(Qt.Key.Key_L, SHIFT)
    for index, share in ((0, 0.3), (2, 0.5), (4, 0.7)):
        viewport.go_to_slice(index)
        click(viewport, share)

    curve = reading.study_page.desk.marks.curves.curve.value
    assert curve is not None
    assert len(curve.points_mm) == 3
    key(Qt.Key.Key_Return)

    pane = reading.curved.pane
    assert pane is not None
    qtbot.waitUntil(lambda: pane.scene is not None and not pane.is_busy, timeout=WAIT_MS)
    assert len(reading.study_page.desk.main.viewports) == 2
    scene = pane.scene
    assert scene is not None
    chords = np.linalg.norm(np.diff(np.array(curve.points_mm), axis=0), axis=1).sum()
    assert scene.picture.line.length_mm == pytest.approx(chords, rel=0.02)


def test_a_line_is_drawn_by_keys_alone_and_taken_back(reading: MainWindow) -> None:
    viewport = active(reading)
    viewport.canvas.setFocus()
    curves = reading.study_page.desk.marks.curves
    viewport.go_to_slice(0)
    key(Qt.Key.Key_L, SHIFT)
    key(Qt.Key.Key_Return)  # the cursor
    key(Qt.Key.Key_Return)  # a point
    key(Qt.Key.Key_PageDown)
    key(Qt.Key.Key_Right)
    key(Qt.Key.Key_Return)  # another, a slice on
    key(Qt.Key.Key_PageDown)
    key(Qt.Key.Key_Return)

    assert curves.curve.value is not None
    assert len({z for _, _, z in curves.curve.value.points_mm}) == 3
    key(Qt.Key.Key_Backspace)
    assert len(curves.curve.value.points_mm) == 2
    key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(curves.curve.value.points_mm) == 3
    key(Qt.Key.Key_Return)  # again at the same place: the end
    assert curves.curve.value.is_ended
    assert reading.curved.pane is not None


def test_points_are_dragged_and_put_back(reading: MainWindow) -> None:
    viewport = active(reading)
    viewport.canvas.setFocus()
    curves = reading.study_page.desk.marks.curves
    viewport.go_to_slice(2)
    key(Qt.Key.Key_L, SHIFT)
    first = click(viewport, 0.4)
    click(viewport, 0.7)
    before = curves.curve.value
    there = first + QPoint(30, 12)

    QTest.mousePress(viewport.canvas, Qt.MouseButton.LeftButton, NONE, first)
    QTest.mouseMove(viewport.canvas, there)
    QTest.mouseRelease(viewport.canvas, Qt.MouseButton.LeftButton, NONE, there)

    mapping = viewport.canvas.mapping()
    moved = curves.curve.value
    assert mapping is not None
    assert moved is not None
    assert before is not None
    at = mapping.patient_to_canvas(np.array(moved.points_mm[0]))
    assert np.abs(at - [there.x(), there.y()]).max() < 1.0
    key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert curves.curve.value == before


def test_the_pane_is_walked_turned_and_left_by_keys(qtbot: QtBot, reading: MainWindow) -> None:
    pane = opened(qtbot, reading)
    look = reading.study_page.desk.marks.curves.look
    pane.setFocus()

    for pressed in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Z, Qt.Key.Key_Minus):
        QTest.keyClick(pane, pressed)

    assert look.value.at_mm == pytest.approx(1.0)
    assert look.value.rotation_deg == 5.0
    assert look.value.slab is not None
    assert look.value.width_mm == 40.0
    QTest.keyClick(pane, Qt.Key.Key_Escape)
    assert reading.curved.pane is None
    assert len(reading.study_page.desk.main.viewports) == 1


def test_lengths_in_the_pane_run_along_the_line_or_straight_across(
    qtbot: QtBot, reading: MainWindow
) -> None:
    pane = opened(qtbot, reading)
    said: list[str] = []
    reading.curved.said.connect(said.append)
    middle = QPoint(pane.width() // 4, pane.height() // 2)

    reading.study.set_tool("angle")
    QTest.mousePress(pane, Qt.MouseButton.LeftButton, NONE, middle)
    QTest.mouseRelease(pane, Qt.MouseButton.LeftButton, NONE, middle)
    reading.study.set_tool("length")
    QTest.mousePress(pane, Qt.MouseButton.LeftButton, NONE, middle)
    QTest.mouseMove(pane, middle + QPoint(3, 60))
    QTest.mouseRelease(pane, Qt.MouseButton.LeftButton, NONE, middle + QPoint(3, 60))

    assert said == ["In a picture along a line only lengths along it or straight across are right."]
    scene = pane.scene
    assert scene is not None
    assert scene.length is not None
    assert scene.length.is_along
    rows = abs(scene.length.end_rc[0] - scene.length.start_rc[0])
    assert scene.length.mm == pytest.approx(rows * scene.picture.line.step_mm)
    assert not reading.study_page.desk.marks.measurements.value


def click(viewport: ViewportWidget, share: float) -> QPoint:
    mapping = viewport.canvas.mapping()
    assert mapping is not None
    rows, columns = mapping.stack.shape_rc
    x, y = mapping.pixel_to_canvas(np.array([columns * share, rows * 0.5]))
    at = QPoint(round(float(x)), round(float(y)))
    QTest.mouseClick(viewport.canvas, Qt.MouseButton.LeftButton, NONE, at)
    return at


def opened(qtbot: QtBot, window: MainWindow) -> CurvedPane:
    viewport = active(window)
    window.curved.toggle()
    for index, share in ((0, 0.3), (4, 0.7)):
        viewport.go_to_slice(index)
        click(viewport, share)
    window.curved.toggle()
    pane = window.curved.pane
    assert pane is not None
    qtbot.waitUntil(lambda: pane.scene is not None and not pane.is_busy, timeout=WAIT_MS)
    return pane
