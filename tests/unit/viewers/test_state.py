"""Opening windows, presets, links and layouts."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.viewers.volumes import every_slice, noise, volume
from viewers.state.crosshair import Crosshair
from viewers.state.layout import Layout
from viewers.state.view_state import Plane
from viewers.state.windows import auto_window, default_window, window_presets
from workstation.core.intensity import CT_WINDOWS, IntensityUnit, Window

SHAPE = (4, 64, 64)


def test_the_automatic_window_spans_the_data_without_the_padding() -> None:
    voxels = np.random.default_rng(0).integers(100, 600, SHAPE, dtype=np.int16)
    voxels[:, :, :40] = -2000
    series = volume(voxels, unit=IntensityUnit.SIGNAL, padding=-2000.0)

    window = auto_window(series, every_slice)

    assert window.center - window.width / 2 == pytest.approx(105, abs=3)
    assert window.center + window.width / 2 == pytest.approx(597, abs=3)


def test_the_automatic_window_reads_only_what_is_loaded() -> None:
    voxels = np.zeros(SHAPE, dtype=np.int16)
    voxels[1] = np.arange(4096).reshape(64, 64)
    series = volume(voxels, unit=IntensityUnit.SIGNAL)

    assert auto_window(series, lambda k: k == 1).width > 3800
    assert auto_window(series, lambda _k: False).width > 0


def test_an_even_picture_still_has_a_window() -> None:
    series = volume(np.full(SHAPE, 7, dtype=np.int16), unit=IntensityUnit.SIGNAL)

    assert auto_window(series, every_slice).width > 0


def test_ct_opens_with_the_window_of_its_header_or_soft_tissue() -> None:
    header = Window(-450, 2000)

    assert default_window(volume(noise(SHAPE), windows=(header,)), every_slice) == header
    assert default_window(volume(noise(SHAPE)), every_slice) == CT_WINDOWS[0]


def test_mr_does_not_open_with_the_window_of_an_empty_slice() -> None:
    # s03: the first slice is air; its header says 11/22 while the brain reaches 460.
    voxels = np.random.default_rng(0).integers(0, 460, SHAPE, dtype=np.int16)
    empty, fitting = Window(11, 22), Window(230, 400)

    opened = default_window(
        volume(voxels, unit=IntensityUnit.SIGNAL, windows=(empty,)), every_slice
    )
    kept = default_window(
        volume(voxels, unit=IntensityUnit.SIGNAL, windows=(fitting,)), every_slice
    )

    assert opened.width > 400
    assert kept == fitting


def test_presets_of_ct_stand_on_their_keys_and_those_of_mr_come_from_the_data() -> None:
    ct = window_presets(volume(noise(SHAPE), windows=(Window(1, 2),)), every_slice)
    mr = window_presets(volume(noise(SHAPE), unit=IntensityUnit.SIGNAL), every_slice)

    assert ct[:9] == CT_WINDOWS
    assert ct[9].name == "Scanner 1"
    assert [window.name for window in mr] == ["Auto", "Auto, narrow", "Auto, wide"]


def test_color_has_no_window() -> None:
    rgb = np.zeros((*SHAPE, 3), dtype=np.uint8)

    assert window_presets(volume(rgb, unit=IntensityUnit.COLOR), every_slice) == ()


@pytest.mark.parametrize(
    ("frame", "series", "is_reached"),
    [("1.1", "b", True), ("1.2", "b", False), ("1.2", "a", True)],
)
def test_a_crosshair_reaches_only_its_own_frame_of_reference(
    frame: str, series: str, is_reached: bool
) -> None:
    crosshair = Crosshair("1.1", "a", (0.0, 0.0, 0.0))

    assert crosshair.reaches(frame_of_reference_uid=frame, series_uid=series) == is_reached


def test_two_series_without_a_frame_of_reference_are_not_linked() -> None:
    crosshair = Crosshair("", "a", (0.0, 0.0, 0.0))

    assert not crosshair.reaches(frame_of_reference_uid="", series_uid="b")


@pytest.mark.parametrize(("layout", "count"), [("1x1", 1), ("1x2", 2), ("2x2", 4), ("mpr", 3)])
def test_layouts_have_a_plane_for_each_cell(layout: str, count: int) -> None:
    chosen = Layout.named(layout)

    assert len(chosen.cells) == len(chosen.planes) == count


def test_three_planes_are_three_different_ones() -> None:
    assert set(Layout.MPR.planes) == {Plane.AXIAL, Plane.CORONAL, Plane.SAGITTAL}
