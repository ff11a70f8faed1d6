"""Proposed pixels are hatched wherever they are drawn, named, and never measured."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from tests.unit.viewers.volumes import noise, stack, volume
from viewers.qt.picture_maker import PictureMaker, SeenView
from viewers.qt.viewport import ViewportWidget
from viewers.render.frame import Frame
from viewers.state.slab import Projection, Slab
from viewers.state.view_state import Plane, Tool
from workstation.core.filled import Filled, FilledBox, whole_slice
from workstation.core.measurement import Measurement, MeasurementKind
from workstation.core.picture import PictureLook
from workstation.core.provenance import PackRef, PixelKind, Provenance
from workstation.core.volume import Volume, read_only

SHAPE = (9, 64, 64)
HOLE, HURT = 4, 6
BOX = FilledBox(HURT, (20, 40), (0, 64))
LEFT = Qt.MouseButton.LeftButton
REFUSED = "Not measured: these pixels were proposed by a model and not scanned."
AMBER = np.array([217, 164, 65])
TOOLS = [
    Tool.LENGTH,
    Tool.ELLIPSE,
    Tool.RECTANGLE,
    Tool.ARROW,
]


def scanned() -> Volume:
    """Slice 4 is not there; rows 20 to 39 of what is slice 6 of the whole were lost."""
    geometry = stack(SHAPE, spacing_ij_mm=(1.5, 1.5))
    kept = [k for k in range(SHAPE[0]) if k != HOLE]
    return replace(
        volume(noise(SHAPE), geometry),
        voxels=read_only(noise(SHAPE)[kept]),
        geometry=replace(
            geometry,
            shape_kji=(8, *SHAPE[1:]),
            positions_mm=geometry.positions_mm[kept].copy(),
        ),
        instance_uids=tuple(f"1.2.{k}" for k in kept),
    )


def proposed(source: Volume) -> Volume:
    geometry = stack(SHAPE, spacing_ij_mm=(1.5, 1.5))
    uids = [f"1.2.{k}" if k != HOLE else "" for k in range(SHAPE[0])]
    return replace(
        source,
        voxels=read_only(noise(SHAPE)),
        geometry=geometry,
        instance_uids=tuple(uids),
        provenance=Provenance(PixelKind.FILLED, pack=PackRef("fill-ct", "1.0.0", "ab")),
        filled=Filled(SHAPE, (whole_slice(HOLE, SHAPE), BOX)),
    )


@pytest.fixture
def viewport(qtbot: QtBot) -> ViewportWidget:
    source = scanned()
    widget = ViewportWidget()
    qtbot.addWidget(widget)
    widget.resize(520, 560)
    widget.show_volume(proposed(source), original=source)
    with qtbot.waitExposed(widget):
        widget.show()
    go_to(widget, HOLE)
    return widget


def go_to(viewport: ViewportWidget, index: int) -> None:
    viewport.state.set(replace(viewport.state.value, slice_index=index))


def at(viewport: ViewportWidget, column: float, row: float) -> QPoint:
    mapping = viewport.canvas.mapping()
    assert mapping is not None
    x, y = mapping.pixel_to_canvas(np.array([column, row]))
    return QPoint(round(x), round(y))


def drag(
    qtbot: QtBot, viewport: ViewportWidget, start: tuple[float, float], end: tuple[float, float]
) -> None:
    points = [at(viewport, *place) for place in (start, end)]
    qtbot.mousePress(viewport.canvas, LEFT, pos=points[0])
    qtbot.mouseMove(viewport.canvas, points[1])
    qtbot.mouseRelease(viewport.canvas, LEFT, pos=points[1])


def shown(viewport: ViewportWidget) -> Frame:
    frame = viewport._model.frame()
    assert frame is not None
    return frame


def words(viewport: ViewportWidget) -> str:
    return viewport.notice_text()


def amber(viewport: ViewportWidget, rows: slice, columns: slice = slice(0, 64)) -> float:
    """Share of hatching among the canvas pixels of a part of the slice."""
    image = (
        viewport.canvas.grab()
        .toImage()
        .convertToFormat(viewport.canvas.grab().toImage().Format.Format_RGB32)
    )
    raw = np.frombuffer(image.constBits(), dtype=np.uint8)
    pixels = raw.reshape(image.height(), -1, 4)[..., 2::-1].astype(int)
    ratio = image.devicePixelRatio()
    first, last = (
        at(viewport, columns.start, rows.start),
        at(viewport, columns.stop - 1, rows.stop - 1),
    )
    part = pixels[
        round(first.y() * ratio) : round(last.y() * ratio),
        round(first.x() * ratio) : round(last.x() * ratio),
    ]
    return float(_is_amber(part).mean())


def _is_amber(pixels: NDArray[np.int_]) -> NDArray[np.bool_]:
    """Gray has no color; the hatching is redder than it is blue."""
    found: NDArray[np.bool_] = pixels[..., 0] - pixels[..., 2] > 40
    return found


def test_a_proposed_slice_is_hatched_on_screen_and_a_scanned_one_is_not(
    viewport: ViewportWidget,
) -> None:
    assert amber(viewport, slice(8, 56)) > 0.05

    go_to(viewport, 3)

    assert amber(viewport, slice(8, 56)) == 0


def test_the_slice_bar_marks_what_was_proposed_and_says_so(viewport: ViewportWidget) -> None:
    assert viewport.slice_bar.marks.proposed == (HOLE, HURT)
    assert "2 slices were proposed, not scanned" in viewport.slice_bar.accessibleDescription()


def test_only_the_lost_rows_of_a_slice_are_hatched(viewport: ViewportWidget) -> None:
    go_to(viewport, HURT)

    assert amber(viewport, slice(22, 38)) > 0.05
    assert amber(viewport, slice(44, 60)) == 0


def test_no_setting_of_the_view_takes_the_hatching_away(viewport: ViewportWidget) -> None:
    state = viewport.state.value
    viewport.state.set(replace(state, shows_overlays=False, shows_texts=False, is_inverted=True))

    assert amber(viewport, slice(8, 56)) > 0.05
    assert "FILLED" in words(viewport)


def test_the_band_says_how_much_was_proposed(viewport: ViewportWidget) -> None:
    said = words(viewport)

    assert "FILLED" in said
    assert "1 slice and rows of 1 slice proposed, not scanned" in said
    assert "this slice was not scanned" in said
    assert "fill-ct 1.0.0" in said


def test_held_the_key_shows_that_nothing_was_scanned(viewport: ViewportWidget) -> None:
    viewport.compare_original(True)

    frame = shown(viewport)
    assert not frame.pixels.any()
    assert frame.filled
    assert "SCANNED" in words(viewport)

    go_to(viewport, 5)
    frame = shown(viewport)
    assert frame.pixels.any()


@pytest.mark.parametrize("tool", TOOLS)
def test_no_mark_is_made_on_a_proposed_slice(
    qtbot: QtBot, viewport: ViewportWidget, tool: Tool
) -> None:
    said: list[str] = []
    viewport.refused.connect(said.append)
    viewport.apply_tool(tool)

    drag(qtbot, viewport, (12, 12), (30, 30))

    assert viewport.marks.measurements.value == ()
    assert said[-1] == REFUSED


@pytest.mark.parametrize("tool", [Tool.LENGTH, Tool.ELLIPSE, Tool.RECTANGLE])
def test_no_number_is_taken_from_lost_rows(
    qtbot: QtBot, viewport: ViewportWidget, tool: Tool
) -> None:
    go_to(viewport, HURT)
    said: list[str] = []
    viewport.refused.connect(said.append)
    viewport.apply_tool(tool)

    drag(qtbot, viewport, (12, 6), (30, 30))

    assert viewport.marks.measurements.value == ()
    assert said[-1] == REFUSED


def test_beside_the_lost_rows_the_scanned_pixels_are_measured(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    go_to(viewport, HURT)
    viewport.apply_tool(Tool.RECTANGLE)

    drag(qtbot, viewport, (10, 44), (30, 58))

    viewport.marks.settle()
    (made,) = viewport.marks.measurements.value
    assert made.instance_uid == f"1.2.{HURT}"
    assert made.region is not None
    points = np.array(made.points_mm)
    geometry = stack(SHAPE, spacing_ij_mm=(1.5, 1.5))
    ij = np.array([geometry.in_slice_ij(HURT, point) for point in points])
    left, top = np.ceil(ij.min(axis=0)).astype(int)
    right, bottom = np.floor(ij.max(axis=0)).astype(int)
    truth = noise(SHAPE)[HURT, top : bottom + 1, left : right + 1]
    assert made.region.mean == pytest.approx(float(truth.mean()))


def test_the_probe_says_nothing_over_proposed_pixels(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    told: list[object] = []
    said: list[str] = []
    viewport.pointer_value.connect(told.append)
    viewport.refused.connect(said.append)
    go_to(viewport, HURT)
    viewport.apply_tool(Tool.PROBE)

    qtbot.mouseMove(viewport.canvas, at(viewport, 20, 30))
    assert told[-1] is None

    qtbot.mouseMove(viewport.canvas, at(viewport, 20, 50))
    assert told[-1] is not None

    qtbot.mouseClick(viewport.canvas, LEFT, pos=at(viewport, 20, 30))
    assert viewport.marks.measurements.value == ()
    assert said[-1] == REFUSED


def test_a_length_through_a_proposed_slice_of_a_reformat_is_refused(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    said: list[str] = []
    viewport.refused.connect(said.append)
    viewport.set_plane(Plane.CORONAL)
    viewport.apply_tool(Tool.LENGTH)
    frame = shown(viewport)
    rows = frame.stack.shape_rc[0]

    drag(qtbot, viewport, (30, 1), (30, rows - 2))
    assert said[-1] == REFUSED
    assert viewport.marks.measurements.value == ()

    drag(qtbot, viewport, (10, 1), (40, 1))
    assert len(viewport.marks.measurements.value) == 1


def test_an_older_mark_over_lost_rows_loses_its_number(viewport: ViewportWidget) -> None:
    geometry = stack(SHAPE, spacing_ij_mm=(1.5, 1.5))
    ends = geometry.to_patient_mm(HURT, np.array([[10.0, 25.0], [40.0, 35.0]]))
    old = Measurement(
        "m1",
        MeasurementKind.LENGTH,
        viewport.content.volume.series.series_uid if viewport.content else "",
        f"1.2.{HURT}",
        tuple(tuple(map(float, point)) for point in ends),  # type: ignore[misc]
        47.4,
        "mm",
    )
    viewport.marks.measurements.set((old,))
    go_to(viewport, HURT)

    painter = viewport.canvas._picture
    frame = shown(viewport)
    assert painter._lines_of(old, frame) == ("no number: not scanned",)


@pytest.mark.parametrize("projection", list(Projection))
def test_pictures_that_leave_are_hatched_in_slabs_too(projection: Projection) -> None:
    source = scanned()
    widget = ViewportWidget()
    widget.show_volume(proposed(source), original=source)
    content = widget.content
    assert content is not None
    step = float(content.volume.geometry.gaps_mm[0])
    state = replace(widget.state.value, slice_index=5, slab=Slab(projection, 2.2 * step))

    picture = PictureMaker(SeenView(content, state), PictureLook()).draw(5)

    assert _is_amber(picture.pixels.astype(int)).mean() > 0.03
    assert any("FILLED" in word for word in picture.notices)
    widget.deleteLater()


@pytest.mark.parametrize("plane", [Plane.ACQUIRED, Plane.CORONAL, Plane.SAGITTAL])
def test_pictures_without_marks_and_words_are_hatched_all_the_same(plane: Plane) -> None:
    source = scanned()
    widget = ViewportWidget()
    widget.show_volume(proposed(source), original=source, plane=plane)
    content = widget.content
    assert content is not None
    index = HOLE if plane is Plane.ACQUIRED else 30
    bare = PictureLook(shows_marks=False, shows_texts=False)

    picture = PictureMaker(SeenView(content, widget.state.value), bare).draw(index)

    assert _is_amber(picture.pixels.astype(int)).any()
    widget.deleteLater()


def test_a_filled_volume_that_stands_alone_is_not_measured_at_all() -> None:
    widget = ViewportWidget()
    widget.show_volume(proposed(scanned()))

    assert widget.content is not None
    assert widget.content.measured is None
    widget.deleteLater()
