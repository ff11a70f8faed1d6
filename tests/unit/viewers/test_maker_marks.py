"""What the maker draws and hides: on the screen only, under one key, in the acquired plane only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.viewers.volumes import every_slice, noise, volume
from viewers.render.frame import FrameRenderer
from viewers.render.maker_marks import HALO_DIVISOR, marked
from viewers.render.source import SliceSource
from viewers.state.view_state import Plane, ViewState
from viewers.state.windows import default_window, window_presets
from viewers.tools.gesture import Drag
from viewers.tools.grey import drag_window
from workstation.core.drawings import Drawing, DrawingKind, Shutter
from workstation.core.intensity import GrayTable, IntensityUnit, Window, table_window
from workstation.core.volume import Volume

SHAPE = (3, 9, 9)
WINDOW = Window(300, 3000)
VOXELS = noise(SHAPE, 4)


def lines() -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    mask = np.zeros(SHAPE[1:], dtype=bool)
    mask[4, 2:7] = True
    return mask


def marked_volume(*drawings: Drawing, shutter: Shutter | None = None) -> Volume:
    return replace(volume(VOXELS), drawings=lambda k: drawings if k == 1 else (), shutter=shutter)


def picture(one: Volume, state: ViewState) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return FrameRenderer(SliceSource(one, every_slice)).render(state).pixels


def test_lines_are_white_with_a_darker_edge_and_nothing_else_changes() -> None:
    plain = picture(volume(VOXELS), ViewState(WINDOW, slice_index=1))
    drawn = picture(
        marked_volume(Drawing(lines(), DrawingKind.GRAPHICS)), ViewState(WINDOW, slice_index=1)
    )

    around = np.zeros(SHAPE[1:], dtype=bool)
    around[3:6, 1:8] = True
    around &= ~lines()
    assert (drawn[lines()] == 255).all()
    assert np.array_equal(drawn[around], plain[around] // HALO_DIVISOR)
    assert np.array_equal(drawn[~around & ~lines()], plain[~around & ~lines()])


def test_of_an_area_only_the_outline_is_drawn() -> None:
    area = np.zeros(SHAPE[1:], dtype=bool)
    area[2:7, 2:7] = True
    flat = np.full(SHAPE[1:], 90, dtype=np.uint8)

    drawn = marked(flat, marked_volume(Drawing(area, DrawingKind.ROI)), 1)

    assert drawn[2, 2:7].tolist() == [255] * 5
    assert drawn[4, 4] == 90
    assert (flat == 90).all()


def test_a_shutter_covers_and_lines_lie_over_it() -> None:
    shutter = Shutter(rectangle=(4, 6, 1, 9), level=7)
    one = marked_volume(Drawing(lines(), DrawingKind.GRAPHICS), shutter=shutter)

    drawn = picture(one, ViewState(WINDOW, slice_index=1))

    assert drawn[0].tolist()[:3] == [7, 7, 7]
    assert drawn[4, 2] == 255


@pytest.mark.parametrize(
    "state",
    [
        ViewState(WINDOW, slice_index=1, shows_overlays=False),
        ViewState(WINDOW, slice_index=0),
        ViewState(WINDOW, plane=Plane.CORONAL, slice_index=1),
    ],
)
def test_the_key_other_slices_and_other_planes_show_the_bare_picture(state: ViewState) -> None:
    one = marked_volume(Drawing(lines(), DrawingKind.GRAPHICS))

    assert np.array_equal(picture(one, state), picture(volume(VOXELS), state))


def test_the_shutter_opens_with_the_key() -> None:
    one = marked_volume(shutter=Shutter(circle=(5, 5, 2)))
    state = ViewState(WINDOW, slice_index=1, shows_overlays=False)

    assert np.array_equal(picture(one, state), picture(volume(VOXELS), state))


def test_colors_are_drawn_on_as_well() -> None:
    rgb = np.full((*SHAPE[1:], 3), 90, dtype=np.uint8)

    drawn = marked(rgb, marked_volume(Drawing(lines(), DrawingKind.GRAPHICS)), 1)

    assert drawn[4, 4].tolist() == [255, 255, 255]
    assert drawn[3, 4].tolist() == [30, 30, 30]


def test_a_drawing_of_another_size_is_not_drawn() -> None:
    small = Drawing(np.ones((2, 2), dtype=bool), DrawingKind.GRAPHICS)
    flat = np.full(SHAPE[1:], 90, dtype=np.uint8)

    assert marked(flat, marked_volume(small), 1) is flat


TABLE = table_window(
    GrayTable(0, np.arange(4096, dtype=np.uint16).tobytes(), 12), "Scanner table 1"
)


def test_a_table_opens_the_series_and_stands_beside_the_windows() -> None:
    one = volume(VOXELS, unit=IntensityUnit.GRAY, windows=(TABLE, Window(100, 200)))

    names = [window.name for window in window_presets(one, every_slice)]

    assert default_window(one, every_slice) is TABLE
    assert names == ["Scanner table 1", "Scanner 2", "Auto", "Auto, narrow", "Auto, wide"]


def test_a_table_that_lies_beside_the_data_does_not_open_the_series() -> None:
    far = table_window(GrayTable(30_000, b"\0\0\1\0", 8), "Scanner table 1")
    one = volume(VOXELS, unit=IntensityUnit.GRAY, windows=(far,))

    assert default_window(one, every_slice).name == "Auto"


def test_dragging_stretches_the_table_and_takes_its_name_away() -> None:
    dragged = drag_window(ViewState(TABLE), Drag((0.0, 0.0), (250.0, 0.0))).window

    assert dragged.table is TABLE.table
    assert dragged.width == pytest.approx(4095 * np.e, abs=1)
    assert dragged.name == ""
