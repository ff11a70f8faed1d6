"""Frames per gesture: scroll, window, reformat and three linked planes, beside SimpleITK.

Frames are painted off screen by the real widgets into an image: everything but the copy to the
screen is in the figure. A row's value is the 95th percentile of its frames. The rows named ``cpu``
are the processor time of the same frames, all threads together: it tells a busy machine, where
frames wait for their turn, from a slow program.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import SimpleITK
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from viewers.qt.grid import ViewportGrid
from viewers.qt.viewport import ViewportWidget
from viewers.render.source import SliceSource
from viewers.render.windowing import to_grey, window_lut
from viewers.state.layout import Layout
from viewers.state.view_state import Plane
from workstation.core.geometry import StackGeometry
from workstation.core.identity import SeriesIdentity, StudyIdentity
from workstation.core.intensity import Intensity, IntensityUnit, Window
from workstation.core.volume import Volume, read_only

FRAMES = 120
"""Frames per row: the 95th percentile then rests on six frames."""

BUDGETS_MS = {1024: 8.0, 2048: 16.0}
REFORMAT_BUDGET_MS = 20.0
THREE_PLANES_BUDGET_MS = 33.0
"""Source: DESIGN section 6."""

Measured = dict[str, Any]


def run() -> Measured:
    """Return the rows ``{name, value, unit, budget, met}`` and the ratios."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # Held here: the application object must outlive the widgets.
    application = QApplication.instance() or QApplication([])
    rows = [row for size in BUDGETS_MS for row in _slices(size)]
    cube = _volume((512, 512, 512))
    reformat_rows, ratios = _reformats(cube)
    rows += reformat_rows + _planes(cube)
    ratios["window_vs_simpleitk"] = _window_ratio()
    del application
    return {"rows": rows, "ratios": ratios}


def _slices(size: int) -> list[Measured]:
    """Scroll and window a viewport of size x size pixels over slices of size x size."""
    viewport = ViewportWidget()
    viewport.resize(size + viewport.slice_bar.sizeHint().width(), size)
    viewport.show_volume(_volume((12, size, size)))
    image = _image(viewport.canvas.size())
    window = viewport.state.value.window

    def scrolled(n: int) -> None:
        viewport.go_to_slice(n % 12)
        viewport.canvas.render(image)

    def windowed(n: int) -> None:
        viewport.set_window(replace(window, center=window.center + n))
        viewport.canvas.render(image)

    budget = BUDGETS_MS[size]
    found = [
        _row(f"view.scroll_{size}_p95", _p95_ms(scrolled), budget),
        _row(f"view.scroll_{size}_cpu_p95", _p95_ms(scrolled, time.process_time), None),
        _row(f"view.window_{size}_p95", _p95_ms(windowed), budget),
        _row(f"view.window_{size}_cpu_p95", _p95_ms(windowed, time.process_time), None),
    ]
    viewport.close()
    return found


def _reformats(cube: Volume) -> tuple[list[Measured], dict[str, float]]:
    """Reformat a 512 cube beside SimpleITK's resampling of the same slice."""
    source = SliceSource(cube, lambda _k: True)
    planes = (Plane.CORONAL, Plane.SAGITTAL)
    slices = {plane: source.stack(plane) for plane in planes}

    def reformatted(plane: Plane) -> Callable[[int], None]:
        def frame(n: int) -> None:
            source.pixels(plane, 4 * n)

        return frame

    ours = {plane: _p95_ms(reformatted(plane)) for plane in planes}
    image = SimpleITK.GetImageFromArray(np.asarray(cube.voxels))
    image.SetSpacing((0.8, 0.8, 1.0))
    rows, columns = slices[Plane.CORONAL].shape_rc

    def resliced(n: int) -> None:
        cut = SimpleITK.Resample(
            image, (columns, rows, 1), SimpleITK.Transform(), SimpleITK.sitkLinear,
            (0.0, 0.8 * 4 * n, 511.0), (0.8, 0.8, 0.8), (1, 0, 0, 0, 0, 1, 0, -1, 0),
        )  # fmt: skip
        SimpleITK.GetArrayViewFromImage(cut)

    theirs = _p95_ms(resliced)
    found = [
        _row(f"view.reformat_{plane.value}_p95", value, REFORMAT_BUDGET_MS)
        for plane, value in ours.items()
    ]
    found.append(_row("view.simpleitk_reslice_p95", theirs, None))
    return found, {"reslice_vs_simpleitk": round(ours[Plane.CORONAL] / theirs, 3)}


def _planes(cube: Volume) -> list[Measured]:
    """Move the crosshair through three linked planes."""
    grid = ViewportGrid()
    grid.resize(1440, 960)
    grid.set_layout(Layout.MPR)
    grid.show_volume(cube)
    images = [(viewport, _image(viewport.canvas.size())) for viewport in grid.viewports]

    def moved(n: int) -> None:
        crosshair = grid.marks.crosshair.value
        if crosshair is not None:
            point = (20.0 + n, 30.0 + n, 40.0 + n)
            grid.marks.crosshair.set(replace(crosshair, point_mm=point))
        for viewport, image in images:
            viewport.canvas.render(image)

    value = _p95_ms(moved)
    grid.close()
    return [_row("view.three_planes_p95", value, THREE_PLANES_BUDGET_MS)]


def _window_ratio() -> float:
    """Return the time of one windowed 1024 slice, table included, over SimpleITK's."""
    pixels = _volume((1, 1024, 1024)).voxels[0]
    image = SimpleITK.GetImageFromArray(pixels)

    def ours(n: int) -> None:
        window = Window(40.0 + n, 400.0)
        to_grey(pixels, window, is_inverted=False, lut=window_lut(window, is_inverted=False))

    def theirs(n: int) -> None:
        grey = SimpleITK.IntensityWindowing(image, -160.0 + n, 240.0 + n, 0, 255)
        SimpleITK.GetArrayFromImage(SimpleITK.Cast(grey, SimpleITK.sitkUInt8))

    return round(_p95_ms(ours) / _p95_ms(theirs), 3)


def _p95_ms(frame: Callable[[int], None], clock: Callable[[], float] = time.perf_counter) -> float:
    for n in range(5):
        frame(n)
    times = []
    for n in range(FRAMES):
        start = clock()
        frame(n)
        times.append(clock() - start)
    return float(np.percentile(times, 95)) * 1000


def _image(size: QSize) -> QImage:
    return QImage(size, QImage.Format.Format_RGB32)


def _volume(shape_kji: tuple[int, int, int]) -> Volume:
    """Return a noisy CT volume of 0.8 x 0.8 x 1 mm voxels."""
    noise = np.random.default_rng(0).integers(-1000, 1500, shape_kji[1:], dtype=np.int16)
    voxels: NDArray[np.int16] = np.empty(shape_kji, dtype=np.int16)
    for k in range(shape_kji[0]):
        voxels[k] = np.roll(noise, k, axis=0)
    positions = np.zeros((shape_kji[0], 3))
    positions[:, 2] = np.arange(shape_kji[0])
    geometry = StackGeometry(
        shape_kji, np.array([1.0, 0, 0]), np.array([0, 1.0, 0]), (0.8, 0.8), positions, "1.2"
    )
    series = SeriesIdentity("1.2.3", StudyIdentity("1.2"), "CT")
    uids = tuple(f"1.2.3.{k}" for k in range(shape_kji[0]))
    return Volume(read_only(voxels), geometry, Intensity(IntensityUnit.HU), series, uids)


def _row(name: str, value: float, budget: float | None) -> Measured:
    met = None if budget is None else value <= budget
    return {"name": name, "value": round(value, 2), "unit": "ms", "budget": budget, "met": met}
