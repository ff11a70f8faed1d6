"""Overlays in real viewports: what is painted, what the band says, what a probe adds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tests.unit.viewers.volumes import every_slice, noise, stack, volume
from viewers.qt.fusion_texts import OverlayLines
from viewers.qt.grid import ViewportGrid
from viewers.qt.viewport import ViewportWidget
from viewers.render.fusion import Overlay, overlay_on
from viewers.state.cuts import Cut
from viewers.state.fusion import Fusion, PaletteName
from viewers.state.layout import Layout
from viewers.state.slab import Projection, Slab
from viewers.state.view_state import Plane
from viewers.tools.measure import measure_probe
from workstation.core.intensity import IntensityUnit
from workstation.core.volume import Volume

SHAPE = (24, 40, 36)
FUSION = Fusion(0.0, 10.0, 1.0, PaletteName.HOT_IRON, 0.5)


def base() -> Volume:
    return volume(noise(SHAPE), stack(SHAPE, gap_mm=2.0))


def hot() -> Volume:
    """Return an SUV volume that holds 8 everywhere, on half of the rows of the base."""
    shape = (24, 20, 36)
    made = volume(
        np.full(shape, 8.0, dtype=np.float32),
        stack(shape, gap_mm=2.0),
        series_uid="1.2.77",
        unit=IntensityUnit.SUV,
    )
    return replace(made, series=replace(made.series, modality="PT"))


@pytest.fixture
def grid(qtbot: QtBot) -> ViewportGrid:
    widget = ViewportGrid()
    qtbot.addWidget(widget)
    widget.resize(900, 700)
    widget.show_volume(base())
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def lay(viewport: ViewportWidget, fusion: Fusion = FUSION) -> Overlay:
    content = viewport.content
    assert content is not None
    overlay = overlay_on(content.volume, hot(), every_slice)
    viewport.lay_over(overlay, fusion)
    return overlay


def colored(viewport: ViewportWidget) -> float:
    """Return which share of the painted canvas is in color."""
    image = QImage(viewport.canvas.size(), QImage.Format.Format_RGB32)
    viewport.canvas.render(image)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    spread = pixels[..., :3].max(axis=2).astype(int) - pixels[..., :3].min(axis=2)
    return float((spread > 60).mean())


def test_an_overlay_is_painted_and_the_band_says_what_over_what(grid: ViewportGrid) -> None:
    before = colored(grid.active)
    grid.active.set_hide_key("U")

    lay(grid.active)

    assert before < 0.01
    assert colored(grid.active) > 0.1
    assert "FUSED" in grid.active.notice_text()
    assert "PT over CT, 50 %" in grid.active.notice_text()
    assert "hold U" in grid.active.notice_text()


def test_bar_and_band_stay_when_texts_and_marks_are_hidden(grid: ViewportGrid) -> None:
    lay(grid.active, replace(FUSION, opacity=0.0))
    grid.active.show_texts(False)
    grid.active.show_overlays(False)

    # Nothing of the overlay is seen; what is in color is its bar and the word of the band.
    assert colored(grid.active) > 0.0005
    assert "FUSED" in grid.active.notice_text()


def test_holding_the_key_shows_the_base_alone(grid: ViewportGrid) -> None:
    lay(grid.active)

    grid.active.hide_fusion(True)
    held = colored(grid.active)
    grid.active.hide_fusion(False)

    assert held < 0.01
    assert colored(grid.active) > 0.1


def test_another_opacity_does_not_cut_the_base_again(grid: ViewportGrid) -> None:
    overlay = lay(grid.active)
    colored(grid.active)
    frame = grid.active._model._frame

    grid.active.lay_over(overlay, replace(FUSION, opacity=0.9))
    colored(grid.active)

    assert grid.active._model._frame is frame
    assert "90 %" in grid.active.notice_text()


def test_stored_pixels_and_measurements_of_the_base_stay_what_they_are(grid: ViewportGrid) -> None:
    content = grid.active.content
    assert content is not None
    before = content.volume.voxels.copy()
    point = content.volume.geometry.to_patient_mm(5, np.array([7.0, 8.0]))
    plain = measure_probe(content.volume, point, measurement_id="a")

    overlay = lay(grid.active)
    colored(grid.active)
    fused = grid.active.content
    assert fused is not None
    assert plain is not None

    assert np.array_equal(fused.volume.voxels, before)
    assert measure_probe(fused.measured or fused.volume, point, measurement_id="a") == plain
    assert OverlayLines().of(overlay, plain) == ("PT 8 SUV",)


def test_beside_the_overlay_a_mark_has_no_second_line(grid: ViewportGrid) -> None:
    content = grid.active.content
    assert content is not None
    point = content.volume.geometry.to_patient_mm(5, np.array([7.0, 35.0]))
    mark = measure_probe(content.volume, point, measurement_id="a")
    assert mark is not None

    assert OverlayLines().of(lay(grid.active), mark) == ()


def test_three_planes_show_the_overlay_too(grid: ViewportGrid) -> None:
    lay(grid.active)

    grid.set_layout(Layout.MPR)

    # The coronal slice through the middle lies behind the overlay, which ends there.
    assert [one.notice_text().count("PT over CT") for one in grid.viewports] == [1, 1, 1]
    assert [colored(one) > 0.05 for one in grid.viewports] == [True, False, True]


def test_a_slice_that_the_overlay_does_not_reach_says_so(grid: ViewportGrid) -> None:
    content = grid.active.content
    assert content is not None
    short = hot()
    shape = (3, 20, 36)
    part = replace(
        short,
        voxels=short.voxels[:3],
        geometry=stack(shape, gap_mm=2.0),
        instance_uids=short.instance_uids[:3],
    )
    grid.active.lay_over(overlay_on(content.volume, part, every_slice), FUSION)

    grid.active.go_to_slice(20)

    assert "does not reach this slice" in grid.active.notice_text()


def test_a_turned_slab_is_coarse_at_once_and_full_soon_after(
    qtbot: QtBot, grid: ViewportGrid
) -> None:
    viewport = grid.active
    lay(viewport)
    viewport.set_plane(Plane.AXIAL)
    cut = Cut((10.0, 30.0, 25.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
    cut = cut.rotated(np.array([1.0, 0.0, 0.0]), 0.4)
    viewport.state.set(replace(viewport.state.value, cut=cut, slab=Slab(Projection.MIP, 10.0)))

    first = viewport._model.frame()
    assert first is not None
    assert first.coarse == 4
    assert first.lacking is not None
    qtbot.waitUntil(lambda: _coarse(viewport) == 1, timeout=5000)

    full = viewport._model.frame()
    assert full is not None
    assert full.lacking is None
    alone = ViewportWidget()
    qtbot.addWidget(alone)
    alone._model.layers.refiner = None
    alone.show_volume(viewport.content.volume if viewport.content else base())
    alone.lay_over(*_laid(viewport))
    alone.state.set(viewport.state.value)
    at_once = alone._model.frame()
    assert at_once is not None
    assert np.array_equal(at_once.pixels, full.pixels)


def test_a_full_picture_that_is_not_wanted_any_more_is_called_off(
    qtbot: QtBot, grid: ViewportGrid
) -> None:
    viewport = grid.active
    viewport.set_plane(Plane.AXIAL)
    cut = Cut((10.0, 30.0, 25.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
    turned = cut.rotated(np.array([1.0, 0.0, 0.0]), 0.4)
    viewport.state.set(replace(viewport.state.value, cut=turned, slab=Slab(Projection.MEAN, 10.0)))
    viewport._model.frame()

    viewport.state.set(replace(viewport.state.value, slab=None))
    viewport._model.frame()

    assert not viewport._refiner.is_busy
    assert _coarse(viewport) == 1


def _coarse(viewport: ViewportWidget) -> int:
    frame = viewport._model.frame()
    assert frame is not None
    return frame.coarse


def _laid(viewport: ViewportWidget) -> tuple[Overlay, Fusion]:
    content = viewport.content
    assert content is not None
    assert content.overlay is not None
    assert content.fusion is not None
    return content.overlay, content.fusion
