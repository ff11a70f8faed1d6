"""Several viewports: layouts, linked planes, which one is active."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tests.unit.viewers.volumes import SAGITTAL, noise, stack, volume
from viewers.qt.grid import ViewportGrid
from viewers.qt.palette import Palette
from viewers.render.enhanced import EnhancedOverlay
from viewers.state.layout import Layout
from viewers.state.view_state import Plane, Tool
from workstation.core.finding import Evidence, Region, RegionKind
from workstation.core.intensity import Window
from workstation.core.provenance import PackRef
from workstation.core.volume import read_only

SHAPE = (20, 24, 28)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def grid(qtbot: QtBot) -> ViewportGrid:
    widget = ViewportGrid()
    qtbot.addWidget(widget)
    widget.resize(800, 620)
    widget.show_volume(volume(noise(SHAPE)))
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


@pytest.mark.parametrize(
    ("layout", "count"), [(Layout.ONE, 1), (Layout.TWO, 2), (Layout.FOUR, 4), (Layout.MPR, 3)]
)
def test_each_layout_shows_its_viewports(grid: ViewportGrid, layout: Layout, count: int) -> None:
    grid.set_layout(layout)

    assert sum(viewport.isVisible() for viewport in grid.viewports) == count
    assert grid.layout_shown is layout


def test_three_planes_show_the_active_series_around_one_crosshair(grid: ViewportGrid) -> None:
    grid.set_layout(Layout.MPR)

    planes = [viewport.state.value.plane for viewport in grid.viewports]
    assert planes == [Plane.AXIAL, Plane.CORONAL, Plane.SAGITTAL]
    assert grid.marks.crosshair.value is not None


def test_a_click_with_the_crosshair_moves_the_other_planes_there(
    qtbot: QtBot, grid: ViewportGrid
) -> None:
    grid.set_layout(Layout.MPR)
    grid.apply_tool(Tool.CROSSHAIR)
    axial, coronal, sagittal = grid.viewports
    mapping = axial.canvas.mapping()
    assert mapping is not None
    x, y = mapping.pixel_to_canvas(np.array([5.0, 19.0]))

    qtbot.mouseClick(axial.canvas, LEFT, pos=QPoint(round(x), round(y)))

    assert coronal.state.value.slice_index == 19
    assert sagittal.state.value.slice_index == 5


def test_scrolling_a_plane_takes_the_crosshair_along(grid: ViewportGrid) -> None:
    grid.set_layout(Layout.MPR)
    axial = grid.viewports[0]
    before = grid.marks.crosshair.value

    axial.step(3)

    after = grid.marks.crosshair.value
    assert before is not None
    assert after is not None
    np.testing.assert_allclose(np.subtract(after.point_mm, before.point_mm), [0, 0, 6.0])


def test_three_planes_have_one_window(grid: ViewportGrid) -> None:
    grid.set_layout(Layout.MPR)

    grid.viewports[1].set_window(Window(1, 99))

    assert [viewport.state.value.window for viewport in grid.viewports] == [Window(1, 99)] * 3


def test_leaving_the_planes_brings_the_acquired_slices_back(grid: ViewportGrid) -> None:
    grid.set_layout(Layout.MPR)
    grid.set_active(grid.viewports[2])

    grid.set_layout(Layout.ONE)

    assert grid.active.content is not None
    assert grid.active.state.value.plane is Plane.ACQUIRED
    assert grid.marks.crosshair.value is None


def test_a_series_that_cannot_be_reformatted_keeps_its_layout(
    qtbot: QtBot, grid: ViewportGrid
) -> None:
    grid.show_volume(volume(noise(SHAPE), stack(SHAPE, is_placed=False)))

    with qtbot.waitSignal(grid.refused) as refused:
        grid.set_layout(Layout.MPR)

    assert grid.layout_shown is Layout.ONE
    assert grid.active.state.value.plane is Plane.ACQUIRED
    assert refused.args[0] == (
        "Other planes are not offered because the headers do not say where the slices are. "
        "Scrolling the slices is right."
    )


def test_a_refused_layout_tells_which_one_stays_in_force(qtbot: QtBot, grid: ViewportGrid) -> None:
    grid.show_volume(volume(noise(SHAPE), stack(SHAPE, is_placed=False)))

    with qtbot.waitSignal(grid.layout_changed) as told:
        grid.set_layout(Layout.MPR)

    assert told.args == [Layout.ONE]


def test_planes_give_way_to_a_series_that_has_none(qtbot: QtBot, grid: ViewportGrid) -> None:
    grid.set_layout(Layout.MPR)
    flat = volume(noise(SHAPE), stack(SHAPE, is_placed=False), series_uid="1.2.10")

    with qtbot.waitSignal(grid.refused) as refused:
        assert grid.show_volume(flat)

    assert grid.layout_shown is Layout.ONE
    assert grid.active.content is not None
    assert grid.active.content.volume is flat
    assert grid.active.state.value.plane is Plane.ACQUIRED
    assert "Scrolling the slices is right" in refused.args[0]


@pytest.mark.parametrize(("frame", "index"), [("1.2.3", 6), ("9.9", 10)])
def test_series_are_linked_only_inside_one_frame_of_reference(
    grid: ViewportGrid, frame: str, index: int
) -> None:
    grid.set_layout(Layout.TWO)
    left, right = grid.viewports
    positions = np.array([12.0, 11.0, 30.0]) + np.arange(20)[:, None] * np.array([-1.0, 0, 0])
    sagittal = stack((20, 24, 24), cosines=SAGITTAL, positions_mm=positions, frame=frame)
    grid.set_active(right)
    grid.show_volume(volume(noise((20, 24, 24)), sagittal, series_uid="1.2.10"))
    crosshair = left._model.own_crosshair()
    assert crosshair is not None

    # The sagittal slices run from x = 12 mm to the right: x = 6 mm is the seventh.
    grid.marks.crosshair.set(replace(crosshair, point_mm=(6.0, 15.0, 20.0)))

    assert right.state.value.slice_index == index


def test_pressing_a_viewport_makes_it_the_one_that_keys_act_on(
    qtbot: QtBot, grid: ViewportGrid
) -> None:
    grid.set_layout(Layout.TWO)

    with qtbot.waitSignal(grid.active_changed):
        qtbot.mouseClick(grid.viewports[1].canvas, LEFT, pos=QPoint(50, 50))

    assert grid.active is grid.viewports[1]


def test_a_double_click_shows_one_alone_and_another_all_again(
    qtbot: QtBot, grid: ViewportGrid
) -> None:
    grid.set_layout(Layout.FOUR)
    second = grid.viewports[1]

    qtbot.mouseDClick(second.canvas, LEFT, pos=QPoint(50, 50))
    alone = [viewport.isVisible() for viewport in grid.viewports]
    qtbot.mouseDClick(second.canvas, LEFT, pos=QPoint(50, 50))

    assert alone == [False, True, False, False]
    assert all(viewport.isVisible() for viewport in grid.viewports)


def test_enhancement_reaches_every_viewport_of_its_series(grid: ViewportGrid) -> None:
    grid.set_layout(Layout.MPR)
    pack = PackRef("ct-denoise", "1.0", "abc")

    shown = grid.active.content
    assert shown is not None

    grid.set_enhanced(shown.volume, EnhancedOverlay(read_only(noise(SHAPE, 3)), pack))
    grid.compare_original(True)

    assert all(v.notice_text().startswith("ORIGINAL") for v in grid.viewports)
    grid.compare_original(False)
    assert all(v.notice_text().startswith("ENHANCED") for v in grid.viewports)


def test_evidence_is_shown_wherever_its_series_is(grid: ViewportGrid) -> None:
    grid.set_layout(Layout.MPR)
    shown = grid.viewports[0].content
    assert shown is not None
    at = shown.volume.geometry.to_patient_mm(15, np.array([4.0, 20.0]))
    center = (float(at[0]), float(at[1]), float(at[2]))
    evidence = Evidence(
        "1.2.9", (shown.volume.instance_uids[15],), Region(RegionKind.BOX, center, (4, 4, 4))
    )

    assert grid.show_evidence(evidence)

    assert [viewport.state.value.slice_index for viewport in grid.viewports] == [15, 20, 4]


def test_clearing_leaves_neither_image_nor_mark(grid: ViewportGrid) -> None:
    grid.set_layout(Layout.MPR)

    grid.clear()

    assert all(viewport.content is None for viewport in grid.viewports)
    assert grid.marks.crosshair.value is None
    assert grid.marks.measurements.value == ()


def test_the_space_between_images_is_never_bright(grid: ViewportGrid) -> None:
    grid.set_layout(Layout.FOUR)

    image = grid.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)

    assert image.pixelColor(image.width() // 2, 5).lightness() < 100
    assert Palette().line == "#34383c"
