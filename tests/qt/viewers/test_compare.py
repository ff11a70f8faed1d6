"""A model's result beside its original: curtain, difference, original alone, uncertainty."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.unit.viewers.volumes import stack, volume
from viewers.qt.canvas import CanvasWidget
from viewers.qt.model import SharedMarks
from viewers.qt.picture_maker import PictureMaker
from viewers.qt.seen_view import seen_view
from viewers.qt.texts import corner_texts
from viewers.qt.viewport import ViewportWidget
from viewers.render.enhanced import EnhancedOverlay
from viewers.render.frame import Shown
from viewers.render.uncertainty import Uncertainty, rounded_up
from viewers.state.slab import Projection, Slab
from viewers.state.view_state import Compare, Plane, Tool
from workstation.core.intensity import Window
from workstation.core.picture import PictureLook
from workstation.core.provenance import PackRef, PixelKind, Provenance
from workstation.core.volume import Volume, read_only

SHAPE = (9, 32, 32)
LEFT = Qt.MouseButton.LeftButton
PACK = PackRef("ct-denoise", "1.0", "abc")
DARK, BRIGHT = 0, 100
"""The original is dark, the result bright: each pixel of the screen tells which one it shows."""


@pytest.fixture
def series() -> Volume:
    original = np.full(SHAPE, DARK, dtype=np.int16)
    return volume(original, stack(SHAPE, spacing_ij_mm=(2.0, 2.0)))


@pytest.fixture
def viewport(qtbot: QtBot, series: Volume) -> ViewportWidget:
    widget = ViewportWidget()
    qtbot.addWidget(widget)
    widget.resize(420, 440)
    widget.show_volume(series)
    widget.set_window(Window(50, 200))
    widget.show_texts(False)
    widget.set_enhanced(result())
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def result(strength: float = 1.0, sigma: float = 0.0) -> EnhancedOverlay:
    voxels = np.full(SHAPE, BRIGHT, dtype=np.int16)
    return EnhancedOverlay(read_only(voxels), PACK, strength, sigma=sigma)


def picture(widget: ViewportWidget) -> QImage:
    return widget.canvas.grab().toImage()


def gray(image: QImage, x: float, y: float) -> int:
    return image.pixelColor(round(x * image.width()), round(y * image.height())).red()


def shade(value: float) -> int:
    """Return the gray of a value in the window of the viewport: 200 wide around 50."""
    return round(255 * (value + 50) / 200)


def at_share(canvas: CanvasWidget, x: float, y: float) -> QPoint:
    return QPoint(round(x * canvas.width()), round(y * canvas.height()))


# The curtain


def test_a_curtain_has_the_original_at_its_left_and_the_result_at_its_right(
    viewport: ViewportWidget,
) -> None:
    viewport.compare_by(Compare.CURTAIN)

    image = picture(viewport)

    assert abs(gray(image, 0.3, 0.7) - shade(DARK)) <= 1
    assert abs(gray(image, 0.7, 0.7) - shade(BRIGHT)) <= 1
    assert viewport.notice_text() == (
        "ENHANCED  ct-denoise 1.0  100 % right of the line   hold H for the original"
    )


def test_the_line_is_dragged_and_the_drag_is_one_act(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    viewport.compare_by(Compare.CURTAIN)
    canvas = viewport.canvas
    index = viewport.state.value.slice_index

    qtbot.mousePress(canvas, LEFT, pos=at_share(canvas, 0.5, 0.4))
    for x in (0.4, 0.3, 0.2):
        qtbot.mouseMove(canvas, at_share(canvas, x, 0.45))
    qtbot.mouseRelease(canvas, LEFT, pos=at_share(canvas, 0.2, 0.45))

    assert viewport.state.value.curtain == pytest.approx(0.2, abs=0.01)
    assert viewport.state.value.slice_index == index, "the drag did not scroll"
    assert abs(gray(picture(viewport), 0.3, 0.7) - shade(BRIGHT)) <= 1
    viewport.marks.undo()
    assert viewport.state.value.curtain == 0.5


def test_a_drag_beside_the_line_is_the_tools(qtbot: QtBot, viewport: ViewportWidget) -> None:
    viewport.compare_by(Compare.CURTAIN)
    canvas = viewport.canvas

    qtbot.mousePress(canvas, LEFT, pos=at_share(canvas, 0.7, 0.4))
    qtbot.mouseMove(canvas, at_share(canvas, 0.7, 0.6))
    qtbot.mouseRelease(canvas, LEFT, pos=at_share(canvas, 0.7, 0.6))

    assert viewport.state.value.curtain == 0.5
    assert viewport.state.value.slice_index != 4


def test_holding_the_key_shows_the_original_on_both_sides(viewport: ViewportWidget) -> None:
    viewport.compare_by(Compare.CURTAIN)

    viewport.compare_original(True)

    image = picture(viewport)
    assert abs(gray(image, 0.7, 0.7) - shade(DARK)) <= 1
    assert viewport.notice_text() == "ORIGINAL  release H for ct-denoise 1.0"


@pytest.mark.parametrize("plane", [Plane.AXIAL, Plane.CORONAL, Plane.SAGITTAL])
@pytest.mark.parametrize("slab", [None, Slab(Projection.MIP, 8.0), Slab(Projection.MEAN, 8.0)])
def test_a_curtain_stands_in_reformats_and_slabs_too(
    viewport: ViewportWidget, plane: Plane, slab: Slab | None
) -> None:
    assert viewport.set_plane(plane)
    assert viewport.set_slab(slab)
    viewport.compare_by(Compare.CURTAIN)

    frame = viewport._model.frame()

    assert frame is not None
    assert frame.original is not None
    assert frame.shown is Shown.ENHANCED
    rows, columns = frame.pixels.shape
    here = (rows // 2, columns // 2)
    assert abs(int(frame.original.pixels[here]) - shade(DARK)) <= 1
    assert abs(int(frame.pixels[here]) - shade(BRIGHT)) <= 1


def test_a_volume_a_model_made_stands_right_of_the_curtain(
    viewport: ViewportWidget, series: Volume
) -> None:
    thin = stack((17, 32, 32), spacing_ij_mm=(2.0, 2.0), gap_mm=1.0)
    made = replace(
        volume(np.full((17, 32, 32), BRIGHT, dtype=np.int16), thin),
        provenance=Provenance(PixelKind.ENHANCED, series.series.series_uid, PACK),
    )
    viewport.show_volume(made, original=series)
    viewport.set_window(Window(50, 200))
    viewport.compare_by(Compare.CURTAIN)

    image = picture(viewport)

    assert abs(gray(image, 0.3, 0.7) - shade(DARK)) <= 1
    assert abs(gray(image, 0.7, 0.7) - shade(BRIGHT)) <= 1
    assert viewport.notice_text().startswith("ENHANCED  ct-denoise 1.0  100 % right of the line")


@pytest.mark.parametrize("index", [6, 12])
def test_a_mark_is_taken_where_it_is_seen_while_the_original_stands_before_thinner_slices(
    qtbot: QtBot, viewport: ViewportWidget, series: Volume, index: int
) -> None:
    thin = stack((17, 32, 32), spacing_ij_mm=(2.0, 2.0), gap_mm=1.0)
    made = replace(
        volume(np.full((17, 32, 32), BRIGHT, dtype=np.int16), thin, series_uid="1.2.77"),
        provenance=Provenance(PixelKind.ENHANCED, series.series.series_uid, PACK),
    )
    viewport.show_volume(made, original=series)
    viewport.apply_tool(Tool.PROBE)
    viewport.go_to_slice(index)
    mapping = viewport.canvas.mapping()
    assert mapping is not None
    x, y = mapping.pixel_to_canvas(np.array([20.0, 11.0]))
    at = QPoint(round(x), round(y))
    with qtbot.waitSignal(viewport.measurement_made) as signal:
        QTest.mouseClick(viewport.canvas, LEFT, pos=at)
    viewport.compare_by(Compare.ORIGINAL)

    with qtbot.assertNotEmitted(viewport.measurement_made):
        QTest.mouseClick(viewport.canvas, LEFT, pos=at)

    assert viewport.marks.selected.value == signal.args[0].measurement_id


def test_a_picture_that_leaves_has_the_curtain_and_its_notice(viewport: ViewportWidget) -> None:
    viewport.compare_by(Compare.CURTAIN)
    seen = seen_view(viewport)
    assert seen is not None

    made = PictureMaker(seen, PictureLook(shows_marks=False, shows_texts=False)).draw(4)

    rows, columns = made.pixels.shape[:2]
    row = made.pixels[round(rows * 0.7), :, 0] if made.pixels.ndim == 3 else made.pixels[rows // 2]
    assert abs(int(row[round(columns * 0.3)]) - shade(DARK)) <= 1
    assert abs(int(row[round(columns * 0.7)]) - shade(BRIGHT)) <= 1
    assert made.notices[0].startswith("ENHANCED  ct-denoise 1.0  100 % right of the line")


# The difference


def test_the_difference_is_in_three_sigmas_with_gray_for_no_change(
    viewport: ViewportWidget,
) -> None:
    viewport.set_enhanced(result(strength=0.3, sigma=20.0))

    viewport.compare_by(Compare.DIFFERENCE)

    # At 30 % the result is 30 HU above the original: half of the way to white at 3 x 20 HU.
    image = picture(viewport)
    assert abs(gray(image, 0.4, 0.6) - 255 * 0.75) <= 1
    assert viewport.notice_text() == (
        "DIFFERENCE  ct-denoise 1.0 30 % minus original: "
        "gray is 0, white +60 HU, black \N{MINUS SIGN}60 HU"
    )


def test_while_the_noise_is_not_known_the_difference_is_in_shares_of_the_window(
    viewport: ViewportWidget,
) -> None:
    viewport.set_window(Window(40, 400))

    viewport.compare_by(Compare.DIFFERENCE)

    assert viewport.notice_text() == (
        "DIFFERENCE  ct-denoise 1.0 100 % minus original: "
        "gray is 0, white +50 HU, black \N{MINUS SIGN}50 HU"
    )


def test_an_inverted_difference_says_so(viewport: ViewportWidget) -> None:
    viewport.set_enhanced(result(strength=0.3, sigma=20.0))
    viewport.compare_by(Compare.DIFFERENCE)

    viewport.invert()

    assert abs(gray(picture(viewport), 0.4, 0.6) - 255 * 0.25) <= 1
    assert "white \N{MINUS SIGN}60 HU, black +60 HU" in viewport.notice_text()


# Measuring


@pytest.mark.parametrize("compare", list(Compare))
@pytest.mark.parametrize("tool", [Tool.PROBE, Tool.ELLIPSE])
def test_every_way_of_comparing_measures_the_original(
    qtbot: QtBot, viewport: ViewportWidget, compare: Compare, tool: Tool
) -> None:
    viewport.compare_by(compare)
    viewport.apply_tool(tool)
    canvas = viewport.canvas
    begin, end = at_share(canvas, 0.6, 0.6), at_share(canvas, 0.8, 0.8)

    with qtbot.waitSignal(viewport.measurement_made) as made:
        qtbot.mousePress(canvas, LEFT, pos=begin)
        qtbot.mouseMove(canvas, end)
        qtbot.mouseRelease(canvas, LEFT, pos=end)

    assert made.args[0].value == DARK, "the stored value, not the one of the model"
    assert made.args[0].unit == "HU"


# The original alone, for two viewports side by side


def test_a_viewport_of_the_original_says_what_it_stands_beside(viewport: ViewportWidget) -> None:
    viewport.compare_by(Compare.ORIGINAL)

    assert abs(gray(picture(viewport), 0.6, 0.6) - shade(DARK)) <= 1
    assert viewport.notice_text() == "ORIGINAL  beside ct-denoise 1.0  100 %"


# Uncertainty


def unsure(k: int = 4) -> Uncertainty:
    half = np.zeros(SHAPE[1:], dtype=np.float32)
    half[:, 16:] = 6.0
    return Uncertainty(k, half, np.full(SHAPE[1:], BRIGHT, dtype=np.float32))


def test_uncertainty_colors_the_slice_it_is_of_and_no_other(viewport: ViewportWidget) -> None:
    plain = picture(viewport)

    viewport.show_uncertainty(unsure())

    colored = picture(viewport)
    assert colored.pixelColor(300, 300) != plain.pixelColor(300, 300)
    assert colored.pixelColor(100, 300) == plain.pixelColor(100, 300), "nothing is unsure here"
    viewport.go_to_slice(5)
    assert picture(viewport).pixelColor(300, 300) == plain.pixelColor(300, 300)


def test_uncertainty_lies_over_no_original(viewport: ViewportWidget) -> None:
    viewport.compare_original(True)
    plain = picture(viewport)
    viewport.compare_original(False)

    viewport.show_uncertainty(unsure())
    viewport.compare_original(True)

    assert picture(viewport).copy(50, 150, 250, 200) == plain.copy(50, 150, 250, 200)


def test_the_probe_reads_the_original_and_the_result_with_its_interval(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    viewport.show_texts(True)
    viewport.show_uncertainty(unsure())
    viewport.apply_tool(Tool.PROBE)

    qtbot.mouseMove(viewport.canvas, QPoint(300, 250))

    lines = said_in_the_corner(viewport)
    assert lines[0] == "0 HU"
    assert lines[1] == "Likely 100 \N{PLUS-MINUS SIGN} 6 HU (90 %)"


def said_in_the_corner(viewport: ViewportWidget) -> tuple[str, ...]:
    frame = viewport._model.frame()
    content, reading = viewport.content, viewport.canvas._hand.reading
    assert frame is not None
    assert content is not None
    texts = corner_texts(content, viewport.state.value, frame, zoom=1.0, reading=reading)
    return texts.bottom_left


@pytest.mark.parametrize(
    ("value", "end"), [(0.0, 1.0), (4.3, 5.0), (5.0, 5.0), (17.0, 20.0), (0.021, 0.05)]
)
def test_a_scale_ends_at_a_number_people_say(value: float, end: float) -> None:
    assert rounded_up(value) == pytest.approx(end)


def test_shared_marks_stand_in_both_halves(viewport: ViewportWidget) -> None:
    assert isinstance(viewport.marks, SharedMarks)
    viewport.compare_by(Compare.CURTAIN)
    viewport.show_overlays(True)
    before = picture(viewport)

    viewport.apply_tool(Tool.LENGTH)
    canvas = viewport.canvas
    for x in (0.3, 0.7):
        QTest.mouseClick(canvas, LEFT, Qt.KeyboardModifier.NoModifier, at_share(canvas, x, 0.3))

    after = picture(viewport)
    assert len(viewport.marks.measurements.value) == 1
    for x in (0.35, 0.65):
        place = at_share(canvas, x, 0.3)
        area = (place.x() - 2, place.y() - 3, 4, 6)
        assert after.copy(*area) != before.copy(*area)
