"""Large regions: drawn at once, counted beside, and a mark of the reader only with their values."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tests.qt.viewers.test_marks import at, drag
from tests.unit.viewers.volumes import noise, stack, volume
from viewers.qt.viewport import ViewportWidget
from viewers.state.view_state import Plane, Tool
from workstation.core.measurement import Measurement
from workstation.core.volume import Volume

SHAPE = (6, 200, 200)
LEFT = Qt.MouseButton.LeftButton
WAIT_MS = 10_000


@pytest.fixture
def series() -> Volume:
    return volume(noise(SHAPE), stack(SHAPE))


@pytest.fixture
def viewport(qtbot: QtBot, series: Volume) -> ViewportWidget:
    widget = ViewportWidget()
    qtbot.addWidget(widget)
    widget.resize(620, 640)
    widget.show_volume(series)
    widget.go_to_slice(2)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def marks(viewport: ViewportWidget) -> tuple[Measurement, ...]:
    return viewport.marks.measurements.value


def paint(viewport: ViewportWidget) -> None:
    viewport.canvas.render(QImage(viewport.canvas.size(), QImage.Format.Format_RGB32))


def draw(qtbot: QtBot, viewport: ViewportWidget, tool: Tool = Tool.RECTANGLE) -> None:
    """Draw a region of 120 x 120 voxels."""
    viewport.apply_tool(tool)
    drag(qtbot, viewport, (39.5, 39.5), (100, 100), (159.5, 159.5))


def test_a_large_region_is_a_mark_without_values_first_and_a_measurement_when_counted(
    qtbot: QtBot, viewport: ViewportWidget, series: Volume
) -> None:
    draw(qtbot, viewport)

    (waiting,) = viewport.canvas.marker.open_marks()
    assert marks(viewport) == ()
    paint(viewport)
    qtbot.waitUntil(lambda: len(marks(viewport)) == 1, timeout=WAIT_MS)
    (made,) = marks(viewport)
    assert viewport.canvas.marker.open_marks() == ()
    assert made.measurement_id == waiting.mark_id
    assert made.region is not None
    # What was clicked lies within a canvas pixel of the edges of the voxels.
    assert made.region.voxels == pytest.approx(120 * 120, rel=0.02)
    truth = series.voxels[2, 40:160, 40:160].astype(float)
    assert made.region.mean == pytest.approx(truth.mean(), rel=0.02, abs=1.0)


def test_a_small_region_has_its_values_at_once(qtbot: QtBot, viewport: ViewportWidget) -> None:
    viewport.apply_tool(Tool.RECTANGLE)

    drag(qtbot, viewport, (40, 40), (50, 50), (60, 60))

    assert [one.region is not None for one in marks(viewport)] == [True]


def test_an_open_mark_stays_on_its_slice(qtbot: QtBot, viewport: ViewportWidget) -> None:
    draw(qtbot, viewport)

    viewport.go_to_slice(4)
    elsewhere = viewport.canvas.marker.open_marks()
    viewport.go_to_slice(2)

    assert elsewhere == ()
    viewport.marks.settle()
    assert [one.instance_uid for one in marks(viewport)] == ["1.2.9.2"]


def test_taking_back_takes_the_region_that_is_being_counted(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    draw(qtbot, viewport)

    viewport.marks.undo()
    taken_back = marks(viewport)
    viewport.marks.redo()

    assert taken_back == ()
    assert len(marks(viewport)) == 1
    assert viewport.canvas.marker.open_marks() == ()


def test_nothing_of_a_study_that_is_closed_comes_into_the_next(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    draw(qtbot, viewport)

    viewport.marks.forget()
    viewport.marks.settle()

    assert marks(viewport) == ()
    assert viewport.canvas.marker.open_marks() == ()


def test_a_region_pulled_larger_keeps_its_name_and_gets_the_values_of_its_last_place(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    draw(qtbot, viewport)
    viewport.marks.settle()
    (before,) = marks(viewport)

    drag(qtbot, viewport, (159.5, 159.5), (150, 150), (180, 180), (189.5, 189.5))
    assert [one.mark_id for one in viewport.canvas.marker.open_marks()] in (
        [before.measurement_id],
        [],
    )
    viewport.marks.settle()

    (after,) = marks(viewport)
    assert after.measurement_id == before.measurement_id
    assert after.region is not None
    assert after.region.voxels == pytest.approx(150 * 150, rel=0.02)
    assert len(viewport.marks.history.past) == 2


def test_what_is_being_drawn_shows_the_values_of_where_the_hand_rests(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    viewport.apply_tool(Tool.RECTANGLE)
    first, last = at(viewport, 39.5, 39.5), at(viewport, 159.5, 159.5)
    qtbot.mousePress(viewport.canvas, LEFT, pos=first)
    for share in (0.5, 0.8, 1.0):
        there = first + QPoint(*(round(part * share) for part in (last - first).toTuple()))
        qtbot.mouseMove(viewport.canvas, there)

    qtbot.waitUntil(lambda: viewport.canvas.marker.pending() is not None, timeout=WAIT_MS)

    pending = viewport.canvas.marker.pending()
    assert pending is not None
    assert pending.region is not None
    assert pending.region.voxels == pytest.approx(120 * 120, rel=0.02)
    qtbot.mouseRelease(viewport.canvas, LEFT, pos=last)


def test_a_region_on_another_plane_is_counted_beside_too(
    qtbot: QtBot, series: Volume, viewport: ViewportWidget
) -> None:
    wide = volume(noise((120, 130, 140)), stack((120, 130, 140), gap_mm=1.0))
    viewport.show_volume(wide, plane=Plane.CORONAL)
    viewport.apply_tool(Tool.ELLIPSE)

    drag(qtbot, viewport, (15, 15), (60, 60), (115, 105))

    assert len(viewport.canvas.marker.open_marks()) == 1
    viewport.marks.settle()
    (made,) = marks(viewport)
    assert made.is_reformatted
    assert made.region is not None
    assert made.region.voxels == pytest.approx(np.pi / 4 * 100 * 90, rel=0.05)
