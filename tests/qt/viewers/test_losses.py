"""What a viewport says of slices that are lost, and of numbers that have no unit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tests.unit.viewers.volumes import noise, stack, volume
from viewers.qt.palette import Palette
from viewers.qt.viewport import ViewportWidget
from viewers.state.view_state import Plane, Tool
from workstation.core.intensity import Intensity, IntensityUnit
from workstation.core.measurement import Measurement, MeasurementKind
from workstation.core.verdict import Doubt
from workstation.core.volume import Volume

SHAPE = (9, 32, 32)
LOST = 4
LEFT = Qt.MouseButton.LeftButton
MIDDLE = QPoint(200, 200)


def is_in(k: int) -> bool:
    return k != LOST


def why(k: int) -> str:
    return "its pixels end early" if k == LOST else ""


@pytest.fixture
def viewport(qtbot: QtBot) -> ViewportWidget:
    widget = ViewportWidget()
    qtbot.addWidget(widget)
    widget.resize(420, 440)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


@pytest.fixture
def broken(viewport: ViewportWidget) -> ViewportWidget:
    """A viewport on slice 5 of 9, which could not be read."""
    viewport.show_volume(volume(noise(SHAPE), stack(SHAPE)), (), is_in)
    viewport.finish_loading(why)
    return viewport


def untrusted(has_millimetres: bool = True) -> Volume:
    plain = volume(noise(SHAPE), stack(SHAPE, has_millimetres=has_millimetres))
    doubtful = Intensity(IntensityUnit.HU, is_trusted=False, reason="there is no rescale")
    return replace(plain, intensity=doubtful)


def measured(qtbot: QtBot, viewport: ViewportWidget, tool: Tool) -> Measurement:
    viewport.apply_tool(tool)
    with qtbot.waitSignal(viewport.measurement_made) as made:
        qtbot.mousePress(viewport.canvas, LEFT, pos=MIDDLE)
        qtbot.mouseMove(viewport.canvas, MIDDLE + QPoint(20, 0))
        end = MIDDLE + QPoint(40, 0) if tool is Tool.LENGTH else MIDDLE
        qtbot.mouseMove(viewport.canvas, end)
        qtbot.mouseRelease(viewport.canvas, LEFT, pos=end)
    measurement: Measurement = made.args[0]
    return measurement


def grays(image: QImage, y: int) -> list[int]:
    return [image.pixelColor(x, y).red() for x in range(20, image.width() - 20)]


def test_a_slice_that_could_not_be_read_is_hatched_and_says_why(
    broken: ViewportWidget,
) -> None:
    image = broken.canvas.grab().toImage()

    said = broken.canvas.accessibleDescription()
    assert "Slice 5 could not be read: its pixels end early." in said
    hatched = grays(image, 80)
    # Thin lines on black: neither air (all black) nor anatomy (all gray).
    assert 0 in hatched
    assert 0 < max(hatched) <= 0x34


def test_a_slice_that_is_still_loading_is_not_called_unreadable(
    viewport: ViewportWidget,
) -> None:
    viewport.show_volume(volume(noise(SHAPE), stack(SHAPE)), (), is_in)

    viewport.canvas.grab()

    assert "could not be read" not in viewport.canvas.accessibleDescription()
    assert viewport.slice_bar.marks.unread == ()


def test_the_slice_bar_marks_what_could_not_be_read(broken: ViewportWidget) -> None:
    image = broken.slice_bar.grab().toImage()

    assert broken.slice_bar.marks.unread == (LOST,)
    assert "Slice 5 could not be read" in broken.slice_bar.toolTip()
    broken.go_to_slice(0)
    image = broken.slice_bar.grab().toImage()
    middle = round(image.height() * (LOST + 0.5) / SHAPE[0])
    assert image.pixelColor(2, middle).name() == Palette().doubt


def test_a_hole_in_the_series_breaks_the_slice_bar_where_it_is(
    viewport: ViewportWidget,
) -> None:
    positions = np.zeros((9, 3))
    positions[:, 2] = [0, 2, 4, 6, 14, 16, 18, 20, 22]

    viewport.show_volume(volume(noise(SHAPE), stack(SHAPE, positions_mm=positions)))
    viewport.go_to_slice(8)

    assert viewport.slice_bar.marks.missing == ((3, 3),)
    said = "3 slices are missing after slice 4 of 9"
    assert viewport.slice_bar.toolTip() == said
    assert said in viewport.slice_bar.accessibleDescription()
    image = viewport.slice_bar.grab().toImage()
    break_at = round(image.height() * 4 / SHAPE[0])
    column = [image.pixelColor(2, y).name() for y in range(break_at - 4, break_at + 4)]
    assert Palette().doubt in column
    assert Palette().canvas in column


def test_uneven_slices_are_not_called_missing(viewport: ViewportWidget) -> None:
    positions = np.zeros((9, 3))
    positions[:, 2] = [0, 1, 3, 6, 7, 9, 12, 15, 16]

    viewport.show_volume(volume(noise(SHAPE), stack(SHAPE, positions_mm=positions)))

    assert viewport.slice_bar.marks.missing == ()


@pytest.mark.parametrize("tool", [Tool.LENGTH, Tool.PROBE])
def test_nothing_is_measured_on_a_slice_that_could_not_be_read(
    qtbot: QtBot, broken: ViewportWidget, tool: Tool
) -> None:
    broken.apply_tool(tool)

    with qtbot.waitSignal(broken.refused) as refused:
        qtbot.mouseClick(broken.canvas, LEFT, pos=MIDDLE)

    assert refused.args[0] == "This slice could not be read: nothing is measured on it."
    assert broken.marks.measurements.value == ()


def test_cine_shows_a_lost_slice_as_lost_and_goes_on(qtbot: QtBot, broken: ViewportWidget) -> None:
    broken.go_to_slice(LOST - 1)
    broken.cine.set_fps(60)
    seen: list[int] = []
    broken.state_changed.connect(lambda state: seen.append(state.slice_index))

    broken.cine.toggle()

    qtbot.waitUntil(lambda: LOST + 1 in seen)
    broken.cine.toggle()
    assert LOST in seen


def test_a_value_without_a_trusted_unit_has_none(qtbot: QtBot, viewport: ViewportWidget) -> None:
    viewport.show_volume(untrusted())

    probe = measured(qtbot, viewport, Tool.PROBE)

    assert probe.kind is MeasurementKind.PROBE
    assert probe.unit == "no unit"


def test_a_length_without_millimeters_is_in_pixels(qtbot: QtBot, viewport: ViewportWidget) -> None:
    viewport.show_volume(untrusted(has_millimetres=False))
    mapping = viewport.canvas.mapping()
    assert mapping is not None

    length = measured(qtbot, viewport, Tool.LENGTH)

    assert length.unit == "px"
    pixel = float(np.linalg.norm(mapping.linear[:, 0]))
    assert length.value == pytest.approx(40 / pixel)


@pytest.mark.parametrize("tool", list(Tool))
def test_no_tool_speaks_of_millimeters_where_there_are_none(
    qtbot: QtBot, viewport: ViewportWidget, tool: Tool
) -> None:
    viewport.show_volume(untrusted(has_millimetres=False))
    viewport.apply_tool(tool)
    qtbot.mousePress(viewport.canvas, LEFT, pos=MIDDLE)
    qtbot.mouseMove(viewport.canvas, MIDDLE + QPoint(30, 10))
    qtbot.mouseRelease(viewport.canvas, LEFT, pos=MIDDLE + QPoint(30, 10))

    viewport.canvas.grab()

    assert all(one.unit != "mm" for one in viewport.marks.measurements.value)


def test_a_crosshair_is_refused_where_the_headers_give_no_place(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    viewport.show_volume(volume(noise(SHAPE), stack(SHAPE, is_placed=False)))
    viewport.apply_tool(Tool.CROSSHAIR)

    with qtbot.waitSignal(viewport.refused) as refused:
        qtbot.mouseClick(viewport.canvas, LEFT, pos=MIDDLE)

    assert "do not say where" in refused.args[0]
    assert viewport.marks.crosshair.value is None


def test_the_split_of_a_series_is_not_cried_out_as_a_doubt(viewport: ViewportWidget) -> None:
    split = Doubt("split", "The series holds 13 stacks of images.")

    viewport.show_volume(volume(noise(SHAPE), stack(SHAPE)), (split,))

    assert viewport.notice_text() == ""


def test_other_planes_of_a_broken_series_say_that_it_is_incomplete(
    broken: ViewportWidget,
) -> None:
    assert broken.set_plane(Plane.CORONAL)

    said = "INCOMPLETE  only 8 of 9 slices could be read; the others are black"
    assert said in broken.notice_text().splitlines()
