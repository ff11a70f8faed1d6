"""Statistics of regions, checked against a phantom whose truth is a formula.

The phantom is a function of the position in the patient: a ramp, a ball, a two-level disc. It is
written slice by slice as DICOM (oblique, pixels that are not square, centers between pixels,
slope and intercept, padding), opened through the services and measured with the viewer's tools.

Source: closed forms. Over a disc of radius R a ramp f(c) + g.x has the mean f(c), the standard
deviation |g| R / 2 and the extremes f(c) +- |g| R, with g in the plane of the disc; over a ball
the deviation is |g| R / sqrt(5); over an ellipse |g| R is the root of the sum of squares of the
rise along both half axes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pydicom
import pytest
import SimpleITK
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from tests.support.data import study
from tests.support.hostile import change, picture, write
from viewers.qt.content import Content
from viewers.qt.mark_texts import measurement_text
from viewers.qt.model import SharedMarks, ViewportModel
from viewers.qt.texts import corner_texts, reading_text
from viewers.qt.viewport import ViewportWidget
from viewers.render.enhanced import EnhancedOverlay
from viewers.state.view_state import Plane, Tool
from viewers.state.windows import auto_window
from viewers.tools.marking import Place, measure, why_not
from viewers.tools.measure import measure_length, measure_probe, nearest_voxel, probe
from workstation.core.geometry import StackGeometry
from workstation.core.measurement import Measurement, MeasurementKind, RegionStatistics
from workstation.core.provenance import PackRef
from workstation.core.volume import Volume, read_only
from workstation.services.import_studies import import_paths
from workstation.services.open_series import load_series

ROWS, COLUMNS, SLICES = 60, 80, 24
BETWEEN_ROWS_MM, BETWEEN_COLUMNS_MM, STEP_MM = 0.9, 0.7, 1.25
PADDING = -2000
Field = Callable[[NDArray[np.float64]], NDArray[np.float64]]


@dataclass(frozen=True)
class Box:
    """How the slices of the phantom lie in the patient; written out, not asked of our code."""

    row: NDArray[np.float64]
    column: NDArray[np.float64]
    first: NDArray[np.float64]

    @property
    def normal(self) -> NDArray[np.float64]:
        return np.cross(self.row, self.column)

    def points(self, k: int) -> NDArray[np.float64]:
        """Return the patient position of every pixel of a slice, (rows, columns, 3)."""
        j, i = np.indices((ROWS, COLUMNS))
        return (
            self.first
            + k * STEP_MM * self.normal
            + i[..., None] * BETWEEN_COLUMNS_MM * self.row
            + j[..., None] * BETWEEN_ROWS_MM * self.column
        )

    @property
    def center(self) -> NDArray[np.float64]:
        """Return a point near the middle that lies on no voxel center."""
        half = np.array([COLUMNS * BETWEEN_COLUMNS_MM, ROWS * BETWEEN_ROWS_MM]) / 2
        middle = self.first + (SLICES // 2) * STEP_MM * self.normal
        return middle + (half[0] + 0.23) * self.row + (half[1] - 0.31) * self.column


AXIAL = Box(np.array([1.0, 0, 0]), np.array([0, 1.0, 0]), np.array([-20.5, -33.25, 100]))


def _oblique() -> Box:
    turn = np.deg2rad(27), np.deg2rad(-19)
    a = np.array([[np.cos(turn[0]), -np.sin(turn[0]), 0], [np.sin(turn[0]), np.cos(turn[0]), 0]])
    tip = np.array([0, np.sin(turn[1]), np.cos(turn[1])])
    row = np.array([a[0, 0], a[1, 0], 0.0])
    column = np.cross(np.cross(row, tip), row)
    return Box(row, column / np.linalg.norm(column), np.array([12.5, -7.75, -60]))


BOXES = {"axial": AXIAL, "oblique": _oblique()}


def _phantom(
    folder: Path, box: Box, field: Field, *, slope: float = 1.0, **attributes: object
) -> Volume:
    """Write a field as DICOM and return it as the program opens it; intercept is -1024."""
    slices = []
    cosines = [f"{value:.12f}"[:16] for value in (*box.row, *box.column)]
    for k in range(SLICES):
        points = box.points(k)
        stored = np.rint((field(points) + 1024) / slope).astype(np.int16)
        place = [f"{value:.10f}"[:16] for value in points[0, 0]]
        one = picture(k + 1, stored=stored, ImageOrientationPatient=cosines)
        change(one, ImagePositionPatient=place, RescaleSlope=slope, RescaleIntercept=-1024)
        change(one, PixelSpacing=[BETWEEN_ROWS_MM, BETWEEN_COLUMNS_MM], SliceThickness=STEP_MM)
        slices.append(change(one, **attributes))
    (series,) = import_paths([write(folder, slices)]).all_series
    (only,) = series.display_sets
    return load_series(only)


def _in_disc(
    box: Box, k: int, center: NDArray[np.float64], radius_mm: float
) -> NDArray[np.float64]:
    points = box.points(k).reshape(-1, 3)
    flat = points - (points - center) @ box.normal[:, None] * box.normal
    return points[np.linalg.norm(flat - center, axis=1) <= radius_mm]


def _probed(volume: Volume, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what the probe reads at each point, which is what a reader would be told."""
    readings = [probe(volume, point) for point in points]
    assert all(reading is not None for reading in readings)
    return np.array([reading.value[0] for reading in readings if reading is not None])


@pytest.mark.parametrize("name", BOXES)
@pytest.mark.parametrize("slope", [1.0, 0.25, 2.0])
def test_a_ramp_in_a_disc_has_the_statistics_of_its_formula(
    tmp_path: Path, name: str, slope: float
) -> None:
    box, radius_mm = BOXES[name], 14.0
    gradient = 3.0 * box.row - 4.0 * box.column + 2.0 * box.normal
    center = box.center
    volume = _phantom(tmp_path, box, lambda x: 40 + (x - center) @ gradient, slope=slope)

    values = _probed(volume, _in_disc(box, SLICES // 2, center, radius_mm))

    # |g| in the plane is 5 per mm: one pixel (0.9 mm) is at most 4.5, the slope rounds by half.
    assert values.mean() == pytest.approx(40, abs=0.6 + slope / 2)
    assert values.std() == pytest.approx(5 * radius_mm / 2, rel=0.01)
    assert values.min() == pytest.approx(40 - 5 * radius_mm, abs=4.5)
    assert values.max() == pytest.approx(40 + 5 * radius_mm, abs=4.5)


@pytest.mark.parametrize("name", BOXES)
def test_a_ball_has_the_area_and_volume_of_its_radius(tmp_path: Path, name: str) -> None:
    box, radius_mm = BOXES[name], 11.0
    volume = _phantom(
        tmp_path,
        box,
        lambda x: np.where(np.linalg.norm(x - box.center, axis=-1) <= radius_mm, 100.0, -50.0),
    )
    geometry = volume.geometry

    pixel_mm2 = geometry.spacing_ij_mm[0] * geometry.spacing_ij_mm[1]
    areas_mm2 = (volume.voxels == 100).sum(axis=(1, 2)) * pixel_mm2
    volume_mm3 = float(areas_mm2 @ geometry.slab_mm())

    middle = SLICES // 2
    assert areas_mm2[middle] == pytest.approx(np.pi * radius_mm**2, rel=0.02)
    assert volume_mm3 == pytest.approx(4 / 3 * np.pi * radius_mm**3, rel=0.01)


def test_a_disc_of_two_halves_has_their_mean_and_half_their_difference(tmp_path: Path) -> None:
    box = BOXES["oblique"]
    volume = _phantom(
        tmp_path, box, lambda x: np.where((x - box.center) @ box.row > 0, 300.0, -100.0)
    )

    values = _probed(volume, _in_disc(box, SLICES // 2, box.center, 12.0))

    assert set(values) == {300.0, -100.0}
    assert values.mean() == pytest.approx(100, abs=10)
    assert values.std() == pytest.approx(200, rel=0.01)


@pytest.mark.parametrize("name", BOXES)
@pytest.mark.parametrize(("across_mm", "down_mm"), [(20, 0), (0, 20), (12, 16), (-7.5, 18.1)])
def test_a_length_is_that_of_the_formula_however_the_slices_lie(
    tmp_path: Path, name: str, across_mm: float, down_mm: float
) -> None:
    box = BOXES[name]
    volume = _phantom(tmp_path, box, lambda x: np.zeros(x.shape[:-1]))
    end = box.center + across_mm * box.row + down_mm * box.column

    made = measure_length(volume, box.center, end, measurement_id="m")

    assert made.value == pytest.approx(np.hypot(across_mm, down_mm), abs=1e-6)
    assert made.unit == "mm"
    assert made.instance_uid == volume.instance_uids[SLICES // 2]


@pytest.mark.parametrize("name", BOXES)
def test_the_probe_reads_the_voxel_whose_center_is_nearest(tmp_path: Path, name: str) -> None:
    box = BOXES[name]
    gradient = 3.0 * box.row - 5.0 * box.column + 7.0 * box.normal
    volume = _phantom(tmp_path, box, lambda x: (x - box.center) @ gradient)
    every = np.stack([box.points(k) for k in range(SLICES)])
    rng = np.random.default_rng(4)

    for _ in range(200):
        k, j, i = (int(rng.integers(0, count)) for count in (SLICES, ROWS, COLUMNS))
        off = rng.uniform(-0.45, 0.45, 3) * (BETWEEN_COLUMNS_MM, BETWEEN_ROWS_MM, STEP_MM)
        point = every[k, j, i] + off @ np.array([box.row, box.column, box.normal])
        measured = measure_probe(volume, point, measurement_id="m")

        assert measured is not None
        assert nearest_voxel(volume, point) == (k, j, i)
        assert measured.value == np.rint((every[k, j, i] - box.center) @ gradient)
        assert measured.unit == "HU"


# Regions: what a reader draws, with its closed form


def _ramp(tmp_path: Path, name: str, slope: float) -> tuple[Box, NDArray[np.float64], Volume]:
    box = BOXES[name]
    gradient = 3.0 * box.row - 4.0 * box.column + 2.0 * box.normal
    field = partial(_value, gradient=gradient, center=box.center)
    return box, gradient, _phantom(tmp_path, box, field, slope=slope)


def _value(
    x: NDArray[np.float64], gradient: NDArray[np.float64], center: NDArray[np.float64]
) -> NDArray[np.float64]:
    values: NDArray[np.float64] = 40 + (x - center) @ gradient
    return values


def _region(volume: Volume, kind: MeasurementKind, points: NDArray[np.float64]) -> RegionStatistics:
    made = measure(volume, kind, points, Place(at=SLICES // 2), measurement_id="m")
    assert made is not None
    assert made.region is not None
    assert made.value == made.region.mean
    assert made.unit == "HU"
    return made.region


def _corners(
    center: NDArray[np.float64], first: NDArray[np.float64], second: NDArray[np.float64]
) -> NDArray[np.float64]:
    return center + np.array([-first - second, first - second, first + second, second - first])


def _agrees(
    found: RegionStatistics, *, mean: float, sd: float, reach: float, size: float, unit: str
) -> None:
    """Hold statistics against a formula.

    A voxel is at most 0.9 mm wide where the ramp rises by 5 in the plane, 5.4 in space. Whether a
    row of centers at a straight edge is in or out changes the deviation by 1 in 2 x 16 rows.
    """
    assert found.mean == pytest.approx(mean, abs=1.2)
    assert found.sd == pytest.approx(sd, rel=1 / 32)
    assert found.low == pytest.approx(mean - reach, abs=6)
    assert found.high == pytest.approx(mean + reach, abs=6)
    assert found.size == pytest.approx(size)
    assert found.size_unit == unit
    assert found.padding_voxels == 0


@pytest.mark.parametrize("name", BOXES)
@pytest.mark.parametrize("slope", [1.0, 0.25])
def test_an_ellipse_has_the_statistics_of_its_formula(
    tmp_path: Path, name: str, slope: float
) -> None:
    box, gradient, volume = _ramp(tmp_path, name, slope)
    turn = np.deg2rad(33)
    first = 15 * (np.cos(turn) * box.row + np.sin(turn) * box.column)
    second = 8 * (np.cos(turn) * box.column - np.sin(turn) * box.row)

    found = _region(volume, MeasurementKind.ELLIPSE, _corners(box.center, first, second))

    reach = float(np.hypot(first @ gradient, second @ gradient))
    _agrees(found, mean=40, sd=reach / 2, reach=reach, size=np.pi * 15 * 8, unit="mm²")


@pytest.mark.parametrize("name", BOXES)
def test_a_rectangle_and_a_triangle_have_the_statistics_of_their_formulas(
    tmp_path: Path, name: str
) -> None:
    """Variance over a box: sum of squared edges of the ramp / 12; over a triangle: see below."""
    box, gradient, volume = _ramp(tmp_path, name, 1.0)
    first, second = 11 * box.row, 7 * box.column
    triangle = box.center + np.array(
        [-14 * box.row, 12 * box.row - 9 * box.column, 13 * box.column]
    )

    oblong = _region(volume, MeasurementKind.RECTANGLE, _corners(box.center, first, second))
    corner = _region(volume, MeasurementKind.POLYGON, triangle)

    edges = np.array([2 * first @ gradient, 2 * second @ gradient])
    reach = float(np.abs(edges).sum() / 2)
    sd = float(np.sqrt((edges**2).sum() / 12))
    _agrees(oblong, mean=40, sd=sd, reach=reach, size=4 * 11 * 7, unit="mm²")
    at = _value(triangle, gradient, box.center)
    pairs = at[0] * at[1] + at[1] * at[2] + at[0] * at[2]
    assert corner.mean == pytest.approx(at.mean(), abs=1.2)
    assert corner.sd == pytest.approx(np.sqrt(((at**2).sum() - pairs) / 18), rel=0.02)
    cross = np.cross(triangle[1] - triangle[0], triangle[2] - triangle[0])
    assert corner.size == pytest.approx(np.linalg.norm(cross) / 2)


@pytest.mark.parametrize("name", BOXES)
def test_a_sphere_has_the_statistics_of_its_formula(tmp_path: Path, name: str) -> None:
    box, gradient, volume = _ramp(tmp_path, name, 1.0)
    edge = box.center + 12 * box.column

    found = _region(volume, MeasurementKind.SPHERE, np.array([box.center, edge]))

    reach = 12 * float(np.linalg.norm(gradient))
    size = 4 / 3 * np.pi * 12**3
    _agrees(found, mean=40, sd=reach / np.sqrt(5), reach=reach, size=size, unit="mm³")


def test_a_region_half_in_padding_counts_the_other_half(tmp_path: Path) -> None:
    box = AXIAL

    def field(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where((x - box.center)[..., 0] > 0, PADDING - 1024.0, 70.0)

    volume = _phantom(tmp_path, box, field, PixelPaddingValue=PADDING)
    corners = _corners(box.center, 10 * box.row, 10 * box.column)

    found = _region(volume, MeasurementKind.ELLIPSE, corners)

    assert (found.mean, found.sd, found.low, found.high) == (70, 0, 70, 70)
    assert found.padding_voxels == pytest.approx(found.voxels, rel=0.1)


def test_a_region_without_millimetres_has_an_area_in_pixels(tmp_path: Path) -> None:
    volume = _phantom(tmp_path, AXIAL, lambda x: x[..., 0], PixelSpacing=None, SliceThickness=None)
    points = volume.geometry.to_patient_mm(
        SLICES // 2, np.array([[9.0, 9], [29, 9], [29, 19], [9, 19]])
    )

    found = _region(volume, MeasurementKind.RECTANGLE, points)

    assert found.size == pytest.approx(200)
    assert found.size_unit == "px²"
    assert why_not(volume, MeasurementKind.SPHERE)


def test_padding_is_no_value_of_the_patient(tmp_path: Path) -> None:
    box = AXIAL

    def field(x: NDArray[np.float64]) -> NDArray[np.float64]:
        is_out = np.linalg.norm((x - box.center)[..., :2], axis=-1) > 15
        return np.where(is_out, PADDING - 1024.0, 40 + (x - box.center)[..., 0])

    volume = _phantom(tmp_path, box, field, PixelPaddingValue=PADDING, Modality="MR")
    window = auto_window(volume, lambda _k: True)

    assert volume.intensity.padding == PADDING - 1024
    assert window.center == pytest.approx(40, abs=2)
    assert window.width <= 31


def test_a_series_without_millimetres_never_shows_one(tmp_path: Path) -> None:
    volume = _phantom(tmp_path, AXIAL, lambda x: x[..., 0], PixelSpacing=None, SliceThickness=None)
    start, end = volume.geometry.to_patient_mm(3, np.array([[10.0, 10.0], [13.0, 14.0]]))
    model = ViewportModel(SharedMarks())
    content = Content(volume)
    model.show(content, Plane.ACQUIRED)
    frame = model.frame()
    assert frame is not None

    made = measure_length(volume, start, end, measurement_id="m")
    reading = probe(volume, start)
    assert reading is not None
    texts = corner_texts(content, model.state.value, frame, zoom=1.0, reading=reading)

    assert made.value == pytest.approx(5.0)
    assert made.unit == "px"
    said = [measurement_text(made), reading_text(reading), *texts.bottom_left, *texts.top_right]
    assert not [text for text in said if " mm" in text]


def test_the_hand_measures_the_original_under_an_enhanced_picture(
    tmp_path: Path, qtbot: QtBot
) -> None:
    box = BOXES["oblique"]
    gradient = 3.0 * box.row - 5.0 * box.column
    volume = _phantom(tmp_path, box, lambda x: 40 + (x - box.center) @ gradient)
    viewport = ViewportWidget()
    qtbot.addWidget(viewport)
    viewport.resize(500, 500)
    viewport.show_volume(volume)
    with qtbot.waitExposed(viewport):
        viewport.show()
    made = read_only((volume.voxels + 500).astype(volume.voxels.dtype))
    viewport.set_enhanced(EnhancedOverlay(made, PackRef("ct-denoise", "1.0", "0")))
    viewport.apply_tool(Tool.PROBE)
    mapping = viewport.canvas.mapping()
    assert mapping is not None
    readings: list[Measurement] = []
    viewport.measurement_made.connect(readings.append)

    for offset in (0, 40, -60):
        x, y = mapping.patient_to_canvas(box.center) + offset
        with qtbot.waitSignal(viewport.measurement_made, timeout=5000):
            qtbot.mouseClick(viewport.canvas, Qt.MouseButton.LeftButton, pos=QPoint(int(x), int(y)))

    assert len(readings) == 3
    for reading in readings:
        exact = 40 + (np.array(reading.points_mm[0]) - box.center) @ gradient
        # Half a pixel along rows and columns is 0.35 x 3 and 0.45 x 5; the picture is 500 higher.
        assert reading.value == pytest.approx(exact, abs=0.35 * 3 + 0.45 * 5 + 0.5)


@pytest.mark.data
@pytest.mark.parametrize(
    "name",
    [
        "s01_ct_chest_abdomen_philips",
        "s06_mr_brain_pd_ge_signa",
        "s03_mr_brain_t1_mprage_siemens_skyra",
    ],
)
def test_random_regions_have_the_statistics_that_a_second_reader_finds(name: str) -> None:
    """The same ellipses in the pixels of SimpleITK, and by plain numpy on pydicom's."""
    (series, *_rest) = import_paths([study(name)]).all_series
    only = series.display_sets[0]
    volume = load_series(only)
    rng = np.random.default_rng(11)

    for _ in range(12):
        k = int(rng.integers(0, only.slice_count))
        ellipse = _ellipse(volume.geometry, rng)
        ours = volume.voxels[k][ellipse].astype(np.float64)
        image = SimpleITK.ReadImage(str(only.files[k]))
        label = SimpleITK.GetImageFromArray(ellipse[None].astype(np.uint8))
        label.CopyInformation(image)
        theirs = SimpleITK.LabelStatisticsImageFilter()
        theirs.Execute(image, label)
        data = pydicom.dcmread(only.files[k])
        slope, intercept = (
            float(data.get(word, default))
            for word, default in (("RescaleSlope", 1), ("RescaleIntercept", 0))
        )
        third = data.pixel_array[ellipse].astype(np.float64) * slope + intercept

        assert ours.mean() == pytest.approx(theirs.GetMean(1), rel=1e-5, abs=1e-6)
        assert ours.std(ddof=1) == pytest.approx(theirs.GetSigma(1), rel=1e-5, abs=1e-6)
        assert (ours.min(), ours.max()) == pytest.approx(
            (theirs.GetMinimum(1), theirs.GetMaximum(1)), rel=1e-5
        )
        assert np.allclose(ours, third, rtol=1e-5)


def _ellipse(geometry: StackGeometry, rng: np.random.Generator) -> NDArray[np.bool_]:
    rows, columns = geometry.shape_kji[1:]
    j, i = np.indices((rows, columns))
    center = rng.uniform(0.2, 0.8, 2) * (rows, columns)
    radii = rng.uniform(0.03, 0.15, 2) * (rows, columns)
    return ((j - center[0]) / radii[0]) ** 2 + ((i - center[1]) / radii[1]) ** 2 <= 1
