"""What a reader does to a viewport and what it answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.unit.viewers.volumes import noise, stack, volume
from viewers.qt.palette import Palette
from viewers.qt.texts import corner_texts, person_name
from viewers.qt.viewport import ViewportWidget
from viewers.render.enhanced import EnhancedOverlay
from viewers.state.view_state import Plane, Tool
from workstation.core.finding import Evidence, Region, RegionKind
from workstation.core.intensity import IntensityUnit
from workstation.core.measurement import Measurement, MeasurementKind
from workstation.core.provenance import PackRef, PixelKind, Provenance
from workstation.core.verdict import Doubt
from workstation.core.volume import Volume, read_only

SHAPE = (9, 32, 32)
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
MIDDLE = Qt.MouseButton.MiddleButton
PACK = PackRef("ct-denoise", "1.0", "abc")


@pytest.fixture
def series() -> Volume:
    return volume(noise(SHAPE), stack(SHAPE, spacing_ij_mm=(2.0, 2.0)))


@pytest.fixture
def viewport(qtbot: QtBot, series: Volume) -> ViewportWidget:
    widget = ViewportWidget()
    qtbot.addWidget(widget)
    widget.resize(420, 440)
    widget.show_volume(series)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


class PaintCount(QObject):
    def __init__(self, painted: list[int], parent: QObject) -> None:
        super().__init__(parent)
        self._painted = painted

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint:
            self._painted.append(1)
        return False


def drag(qtbot: QtBot, widget: ViewportWidget, button: Qt.MouseButton, *path: QPoint) -> None:
    qtbot.mousePress(widget.canvas, button, pos=path[0])
    for point in path[1:]:
        qtbot.mouseMove(widget.canvas, point)
    qtbot.mouseRelease(widget.canvas, button, pos=path[-1])


def turn_wheel(widget: ViewportWidget, units: int, *, is_ctrl: bool = False) -> None:
    keys = Qt.KeyboardModifier.ControlModifier if is_ctrl else Qt.KeyboardModifier.NoModifier
    at = QPointF(150, 160)
    event = QWheelEvent(
        at, widget.canvas.mapToGlobal(at), QPoint(), QPoint(0, units),
        Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget.canvas, event)


def picture(widget: ViewportWidget) -> QImage:
    return widget.canvas.grab().toImage()


def holds_color(image: QImage, color: str) -> bool:
    wanted = QColor(color).rgb()
    return any(
        image.pixel(x, y) == wanted for y in range(image.height()) for x in range(image.width())
    )


def test_a_series_opens_at_its_middle_slice(viewport: ViewportWidget) -> None:
    assert viewport.state.value.slice_index == 4


def test_the_wheel_scrolls_towards_the_reader_to_later_slices(viewport: ViewportWidget) -> None:
    turn_wheel(viewport, -240)

    assert viewport.state.value.slice_index == 6


def test_half_notches_of_a_fine_wheel_add_up(viewport: ViewportWidget) -> None:
    for _ in range(4):
        turn_wheel(viewport, -60)

    assert viewport.state.value.slice_index == 6


def test_ctrl_and_the_wheel_zoom_around_the_pointer(viewport: ViewportWidget) -> None:
    at = np.array([150.0, 160.0])
    before = viewport.canvas.mapping()

    turn_wheel(viewport, 120, is_ctrl=True)

    after = viewport.canvas.mapping()
    assert before is not None
    assert after is not None
    assert after.px_per_mm == pytest.approx(before.px_per_mm * 1.15)
    np.testing.assert_allclose(after.canvas_to_patient(at), before.canvas_to_patient(at))
    assert viewport.state.value.slice_index == 4


def test_the_right_button_windows_and_the_middle_button_pans(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    before = viewport.state.value

    drag(qtbot, viewport, RIGHT, QPoint(100, 100), QPoint(160, 70))
    drag(qtbot, viewport, MIDDLE, QPoint(100, 100), QPoint(130, 100))

    after = viewport.state.value
    assert after.window.width > before.window.width
    assert after.window.center > before.window.center
    assert after.pan_mm[0] < 0
    assert after.slice_index == before.slice_index


def test_the_left_button_measures_a_length_in_millimetres(
    qtbot: QtBot, viewport: ViewportWidget, series: Volume
) -> None:
    viewport.apply_tool(Tool.LENGTH)
    mapping = viewport.canvas.mapping()
    assert mapping is not None

    with qtbot.waitSignal(viewport.measurement_made) as made:
        drag(qtbot, viewport, LEFT, QPoint(100, 100), QPoint(150, 150), QPoint(200, 100))

    measurement: Measurement = made.args[0]
    assert measurement.value == pytest.approx(100 / mapping.px_per_mm, rel=1e-6)
    assert measurement.instance_uid == series.instance_uids[4]
    assert viewport.marks.measurements.value == (measurement,)


def test_a_click_with_the_length_tool_measures_nothing(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    viewport.apply_tool(Tool.LENGTH)

    drag(qtbot, viewport, LEFT, QPoint(100, 100), QPoint(101, 101))

    assert viewport.marks.measurements.value == ()


def test_a_probe_reads_the_original_under_an_enhanced_picture(
    qtbot: QtBot, viewport: ViewportWidget, series: Volume
) -> None:
    viewport.set_enhanced(EnhancedOverlay(read_only(noise(SHAPE, 7)), PACK))
    viewport.apply_tool(Tool.PROBE)
    mapping = viewport.canvas.mapping()
    assert mapping is not None
    x, y = mapping.pixel_to_canvas(np.array([20.0, 11.0]))

    with qtbot.waitSignal(viewport.measurement_made) as made:
        drag(qtbot, viewport, LEFT, QPoint(round(x), round(y)))

    measurement: Measurement = made.args[0]
    assert measurement.kind is MeasurementKind.PROBE
    assert (measurement.value, measurement.unit) == (float(series.voxels[4, 11, 20]), "HU")


def test_a_double_click_takes_back_the_probe_of_its_first_click(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    viewport.apply_tool(Tool.PROBE)

    with qtbot.waitSignal(viewport.maximize_requested):
        qtbot.mouseClick(viewport.canvas, LEFT, pos=QPoint(200, 200))
        qtbot.mouseDClick(viewport.canvas, LEFT, pos=QPoint(200, 200))

    qtbot.wait(QApplication.doubleClickInterval() + 50)
    assert viewport.marks.measurements.value == ()


def test_the_pointer_tells_the_stored_value_and_nothing_beside_the_image(
    qtbot: QtBot, viewport: ViewportWidget, series: Volume
) -> None:
    readings: list[Any] = []
    viewport.pointer_value.connect(readings.append)
    mapping = viewport.canvas.mapping()
    assert mapping is not None
    x, y = mapping.pixel_to_canvas(np.array([5.0, 9.0]))

    qtbot.mouseMove(viewport.canvas, QPoint(round(x), round(y)))
    qtbot.mouseMove(viewport.canvas, QPoint(210, viewport.canvas.height() - 1))

    assert readings[-2].value == (float(series.voxels[4, 9, 5]),)
    assert readings[-1] is None


@pytest.mark.parametrize(
    ("key", "index"),
    [(Qt.Key.Key_Down, 5), (Qt.Key.Key_Up, 3), (Qt.Key.Key_PageDown, 8), (Qt.Key.Key_PageUp, 0)],
)
def test_arrow_and_page_keys_step_through_the_slices(
    qtbot: QtBot, viewport: ViewportWidget, key: Qt.Key, index: int
) -> None:
    qtbot.keyClick(viewport.canvas, key)

    assert viewport.state.value.slice_index == index


def test_the_actions_of_the_window_change_the_state(viewport: ViewportWidget) -> None:
    opened = viewport.state.value
    viewport.invert()
    viewport.flip()
    viewport.flip(is_vertical=True)
    viewport.rotate()
    viewport.zoom_by(2.0)
    viewport.apply_preset(2)
    changed = viewport.state.value

    viewport.reset()

    assert changed.is_inverted
    assert changed.turn.is_flipped_horizontally
    assert changed.turn.is_flipped_vertically
    assert changed.turn.rotation_deg == 90
    assert changed.window.name == "Lung"
    assert viewport.state.value == opened


def test_the_bar_jumps_to_a_slice_and_says_where_it_is(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    bar = viewport.slice_bar

    qtbot.mouseClick(bar, LEFT, pos=QPoint(4, bar.height() - 2))

    assert viewport.state.value.slice_index == 8
    assert bar.accessibleDescription() == "Slice 9 of 9"
    viewport.canvas.grab()
    assert viewport.canvas.accessibleDescription().startswith("Slice 9 of 9\n")


def test_a_stored_slice_is_told_once_it_has_been_on_screen(
    qtbot: QtBot, viewport: ViewportWidget, series: Volume
) -> None:
    with qtbot.waitSignal(viewport.slice_shown) as shown:
        viewport.step(1)

    assert shown.args == [series.series.series_uid, series.instance_uids[5]]


def test_a_slice_that_is_still_loading_is_not_told_as_seen(
    qtbot: QtBot, viewport: ViewportWidget, series: Volume
) -> None:
    loaded: set[int] = {4}
    viewport.show_volume(series, (), loaded.__contains__)
    told: list[str] = []
    viewport.slice_shown.connect(lambda _series, instance: told.append(instance))

    viewport.go_to_slice(7)
    qtbot.wait(50)
    before = tuple(told)
    loaded.add(7)
    with qtbot.waitSignal(viewport.slice_shown):
        viewport.refresh(7)

    assert series.instance_uids[7] not in before
    assert told[-1] == series.instance_uids[7]


def evidence(series: Volume, k: int) -> Evidence:
    at = series.geometry.to_patient_mm(k, np.array([16.0, 16.0]))
    center = (float(at[0]), float(at[1]), float(at[2]))
    region = Region(RegionKind.BOX, center, (20.0, 16.0, 2.0))
    return Evidence(series.series.series_uid, (series.instance_uids[k],), region)


def test_evidence_is_jumped_to_marked_and_told_as_seen(
    qtbot: QtBot, viewport: ViewportWidget, series: Volume
) -> None:
    wanted = evidence(series, 7)

    with qtbot.waitSignal(viewport.evidence_shown) as shown:
        assert viewport.show_evidence(wanted)

    assert shown.args == [wanted]
    assert viewport.state.value.slice_index == 7
    assert viewport.slice_bar.marks.evidence == (7,)
    assert holds_color(picture(viewport), Palette().evidence)


def test_evidence_of_another_series_moves_nothing(viewport: ViewportWidget, series: Volume) -> None:
    before = viewport.state.value

    assert not viewport.show_evidence(replace(evidence(series, 7), series_uid="9.9"))
    assert viewport.state.value == before
    assert viewport.marks.evidence.value == ()


def test_the_mark_is_gone_on_slices_that_do_not_show_the_evidence(
    viewport: ViewportWidget, series: Volume
) -> None:
    viewport.show_evidence(evidence(series, 7))

    viewport.go_to_slice(1)

    assert not holds_color(picture(viewport), Palette().evidence)


def test_an_enhanced_picture_always_says_so(viewport: ViewportWidget) -> None:
    viewport.set_compare_key("J")
    viewport.set_enhanced(EnhancedOverlay(read_only(noise(SHAPE, 7)), PACK, 0.6))
    viewport.show_texts(False)
    viewport.show_overlays(False)

    assert viewport.notice_text() == "ENHANCED  ct-denoise 1.0  60 %   hold J for the original"
    assert holds_color(picture(viewport), Palette().doubt)


def test_holding_the_key_shows_the_stored_pixels_and_says_so(viewport: ViewportWidget) -> None:
    plain = picture(viewport)
    viewport.set_enhanced(EnhancedOverlay(read_only(noise(SHAPE, 7)), PACK))
    enhanced = picture(viewport)

    viewport.compare_original(True)

    held = picture(viewport)
    band = round(viewport.canvas.band_height) + 1
    area = plain.rect().adjusted(0, 0, 0, -band)
    assert held.copy(area) == plain.copy(area)
    assert enhanced.copy(area) != plain.copy(area)
    assert viewport.notice_text() == "ORIGINAL  release H for ct-denoise 1.0"


def test_a_slice_the_model_has_not_reached_is_called_original(viewport: ViewportWidget) -> None:
    waiting = EnhancedOverlay(read_only(noise(SHAPE, 7)), PACK, is_ready=lambda k: k == 0)

    viewport.set_enhanced(waiting)

    assert viewport.notice_text() == "ORIGINAL  ct-denoise 1.0 is not ready for this slice"


def test_doubts_and_lossy_history_stand_in_the_band(
    viewport: ViewportWidget, series: Volume
) -> None:
    lossy = replace(series, provenance=Provenance(notes=("lossy JPEG 10:1",)))

    viewport.show_volume(lossy, (Doubt("missing", "2 slices are missing after slice 41."),))

    assert viewport.notice_text().splitlines() == [
        "NOTE  lossy JPEG 10:1",
        "DOUBT  2 slices are missing after slice 41.",
    ]


def test_a_reformat_of_uneven_slices_says_resampled(viewport: ViewportWidget) -> None:
    positions = np.zeros((9, 3))
    positions[:, 2] = [0, 1, 3, 6, 7, 9, 12, 15, 16]
    viewport.show_volume(volume(noise(SHAPE), stack(SHAPE, positions_mm=positions)))

    assert viewport.notice_text() == ""
    assert viewport.set_plane(Plane.CORONAL)
    assert viewport.notice_text().startswith("RESAMPLED")


def test_a_plane_that_cannot_be_had_is_refused_in_words_and_nothing_moves(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    viewport.show_volume(volume(noise(SHAPE), stack(SHAPE, has_millimetres=False)))
    before = viewport.state.value

    with qtbot.waitSignal(viewport.refused) as refused:
        assert not viewport.set_plane(Plane.SAGITTAL)

    assert "no trustworthy spacing" in refused.args[0]
    assert viewport.state.value == before


def test_a_reformat_stays_at_the_place_that_was_in_view(
    viewport: ViewportWidget, series: Volume
) -> None:
    viewport.go_to_slice(7)
    depth = series.geometry.positions_mm[7, 2]

    viewport.set_plane(Plane.CORONAL)
    viewport.set_plane(Plane.AXIAL)

    mapping = viewport.canvas.mapping()
    assert mapping is not None
    middle = mapping.stack.to_patient_mm(mapping.index, mapping.stack.center_cr)
    assert abs(middle[2] - depth) < 2.0 * 5  # the coronal view was centered on the whole height


def test_a_volume_a_model_made_is_compared_with_and_measured_on_its_original(
    qtbot: QtBot, viewport: ViewportWidget, series: Volume
) -> None:
    thin = stack((17, 32, 32), spacing_ij_mm=(2.0, 2.0), gap_mm=1.0)
    made = replace(
        volume(noise((17, 32, 32), 5), thin, series_uid="1.2.77"),
        provenance=Provenance(PixelKind.ENHANCED, series.series.series_uid, PACK),
    )
    viewport.show_volume(made, original=series)
    viewport.apply_tool(Tool.PROBE)
    viewport.go_to_slice(6)
    mapping = viewport.canvas.mapping()
    assert mapping is not None
    x, y = mapping.pixel_to_canvas(np.array([20.0, 11.0]))

    with qtbot.waitSignal(viewport.measurement_made) as signal:
        drag(qtbot, viewport, LEFT, QPoint(round(x), round(y)))
    said = viewport.notice_text()
    viewport.compare_original(True)

    # Thin slice 6 lies 6 mm above the first: on the original's slice 3.
    assert signal.args[0].value == float(series.voxels[3, 11, 20])
    assert signal.args[0].series_uid == series.series.series_uid
    assert said.startswith("ENHANCED  ct-denoise 1.0  100 %")
    assert viewport.notice_text().startswith("ORIGINAL")


def test_the_coarser_original_is_compared_at_the_same_size_and_place(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    # The original has a bright quarter; the model's volume shows the same on half the spacing.
    voxels = np.zeros(SHAPE, dtype=np.int16)
    voxels[:, 16:, 16:] = 1000
    fine = stack((9, 64, 64), spacing_ij_mm=(1.0, 1.0))
    half_a_voxel = np.array([-0.5, -0.5, 0.0])
    made = replace(
        volume(
            np.kron(voxels, np.ones((1, 2, 2), dtype=np.int16)),
            replace(fine, positions_mm=fine.positions_mm + half_a_voxel),
        ),
        provenance=Provenance(PixelKind.ENHANCED, "1.2.9", PACK),
    )
    viewport.show_volume(made, original=volume(voxels, stack(SHAPE, spacing_ij_mm=(2.0, 2.0))))
    viewport.show_texts(False)
    viewport.toggle_interpolation()
    viewport.zoom_by(1.7)
    enhanced = picture(viewport)

    viewport.compare_original(True)

    held = picture(viewport)
    area = enhanced.rect().adjusted(2, 2, -2, -round(viewport.canvas.band_height) - 3)
    assert held.copy(area) == enhanced.copy(area)


def test_evidence_of_the_original_is_found_in_the_thinner_slices(
    viewport: ViewportWidget, series: Volume
) -> None:
    thin = stack((17, 32, 32), spacing_ij_mm=(2.0, 2.0), gap_mm=1.0)
    made = replace(
        volume(noise((17, 32, 32), 5), thin, series_uid="1.2.77"),
        provenance=Provenance(PixelKind.ENHANCED, series.series.series_uid, PACK),
    )
    viewport.show_volume(made, original=series)

    assert viewport.show_evidence(evidence(series, 7))

    assert viewport.state.value.slice_index == 14
    assert viewport.slice_bar.marks.evidence == (14,)
    assert holds_color(picture(viewport), Palette().evidence)


def test_an_enhancement_of_another_volume_is_not_laid_over_this_one(
    viewport: ViewportWidget,
) -> None:
    with pytest.raises(ValueError, match="voxels of its volume"):
        viewport.set_enhanced(EnhancedOverlay(read_only(noise((9, 16, 16))), PACK))


def test_a_mirrored_picture_says_so(viewport: ViewportWidget) -> None:
    plain, content, frame = picture(viewport), viewport.content, viewport._model.frame()
    assert content is not None
    assert frame is not None

    viewport.flip()

    lines = corner_texts(content, viewport.state.value, frame, zoom=1.0).bottom_left
    assert "Zoom 100 %  mirrored" in lines
    assert picture(viewport) != plain


def test_a_model_volume_without_its_original_is_not_measured(
    qtbot: QtBot, viewport: ViewportWidget, series: Volume
) -> None:
    made = Provenance(PixelKind.ENHANCED, series.series.series_uid, PACK)
    viewport.show_volume(replace(series, provenance=made))
    viewport.apply_tool(Tool.LENGTH)

    with qtbot.waitSignal(viewport.refused):
        drag(qtbot, viewport, LEFT, QPoint(100, 100), QPoint(200, 100))

    assert viewport.marks.measurements.value == ()


def test_loading_shows_what_is_in_and_what_failed(
    qtbot: QtBot, viewport: ViewportWidget, series: Volume
) -> None:
    loaded: set[int] = {4}
    viewport.show_volume(series, (), loaded.__contains__)
    loaded |= {0, 1, 2, 5}
    viewport.refresh(5)
    qtbot.waitUntil(lambda: viewport.slice_bar.marks.loaded == ((0, 3), (4, 6)))

    fraction = viewport.loading_line.fraction
    viewport.finish_loading()

    assert fraction == pytest.approx(5 / 9)
    assert viewport.loading_line.fraction == 1.0


def test_slices_that_come_in_do_not_repaint_a_picture_they_are_not_in(
    qtbot: QtBot, viewport: ViewportWidget, series: Volume
) -> None:
    loaded: set[int] = {4}
    painted: list[int] = []
    viewport.canvas.installEventFilter(PaintCount(painted, viewport))
    viewport.show_volume(series, (), loaded.__contains__)
    qtbot.waitUntil(lambda: painted != [])
    painted.clear()

    for k in (0, 1, 2, 3, 5, 6, 7, 8):
        loaded.add(k)
        viewport.refresh(k)
    qtbot.waitUntil(lambda: viewport.loading_line.fraction == 1.0)

    assert painted == []


def test_a_series_that_has_no_window_yet_gets_one_with_its_first_slice(
    viewport: ViewportWidget,
) -> None:
    loaded: set[int] = set()
    bright = volume((noise(SHAPE) + 1000) * 5, unit=IntensityUnit.SIGNAL)
    viewport.show_volume(bright, (), loaded.__contains__)

    loaded.add(4)
    viewport.refresh(4)

    assert viewport.state.value.window.width > 10_000


def test_cine_plays_on_and_waits_for_slices_that_are_loading(
    qtbot: QtBot, viewport: ViewportWidget, series: Volume
) -> None:
    loaded = {4, 5}
    viewport.show_volume(series, (), loaded.__contains__)
    viewport.cine.set_fps(60)

    viewport.cine.toggle()
    qtbot.waitUntil(lambda: viewport.state.value.slice_index == 5)
    qtbot.wait(80)
    waited_at = viewport.state.value.slice_index
    loaded.add(6)
    qtbot.waitUntil(lambda: viewport.state.value.slice_index == 6)
    viewport.cine.toggle()

    assert waited_at == 5
    assert not viewport.cine.is_running


def test_the_patient_is_named_on_the_image_and_nowhere_else(viewport: ViewportWidget) -> None:
    assert person_name("Doe^Jane^M^^") == "Doe, Jane M"
    assert person_name("=山田^太郎") == "山田, 太郎"
    assert "Zyx" not in viewport.canvas.accessibleDescription()
    assert "Zyx" not in viewport.notice_text()


def test_an_empty_viewport_says_what_would_be_here(qtbot: QtBot) -> None:
    widget = ViewportWidget()
    qtbot.addWidget(widget)
    widget.resize(300, 300)

    widget.step(1)
    widget.fit()
    widget.invert()

    assert holds_color(widget.canvas.grab().toImage(), Palette().quiet)
    assert widget.content is None
