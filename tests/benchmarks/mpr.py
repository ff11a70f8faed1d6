"""Reformats: orthogonal, oblique, slabs, three linked planes and 2,000 slices, beside a peer.

The peer is VTK's reslice where VTK is installed, else SimpleITK's, in the same run and on the same
voxels. Rows named ``best`` are the fastest frame: on a machine that does other work too they tell
what the program needs, the 95th percentile what a reader gets.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import SimpleITK
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from tests.benchmarks._frames import Measured, image, laid_out, p95_ms, row, times_ms, volume
from viewers.qt.grid import ViewportGrid
from viewers.render.oblique import Raster, lattice_of, sample
from viewers.render.source import SliceSource
from viewers.state.cuts import Cut, TurnedPlanes
from viewers.state.layout import Layout
from viewers.state.slab import Projection, Slab
from viewers.state.view_state import Plane
from workstation.core.volume import Volume

SLICE_BUDGET_MS = 20.0
SLAB_BUDGET_MS = 60.0
THREE_PLANES_BUDGET_MS = 33.0
READY_BUDGET_MS = 3000.0
"""Source: DESIGN section 6."""

RETURN_BUDGET_MS = 100.0
"""Source: the issue of the reading room."""

RETURNS = 9

SIDE = 1024
"""Rows and columns of an oblique slice and of a slice of the slab."""


def run() -> Measured:
    """Return the rows ``{name, value, unit, budget, met}`` and the ratios."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # Held here: the application object must outlive the widgets.
    application = QApplication.instance() or QApplication([])
    cube = volume((512, 512, 512))
    rows = _orthogonal(cube)
    oblique, ratios = _obliques(cube)
    rows += oblique + _planes(cube)
    slab, ratio = _slabs()
    rows += [*slab, _ready()]
    del application
    return {"rows": rows, "ratios": ratios | ratio}


def _orthogonal(cube: Volume) -> list[Measured]:
    source = SliceSource(cube, lambda _k: True)

    found = []
    for plane in (Plane.CORONAL, Plane.SAGITTAL):
        source.stack(plane)
        name = f"mpr.{plane.value}_p95"
        found.append(row(name, p95_ms(_quiet(source.pixels, plane)), SLICE_BUDGET_MS))
    return found


def _quiet(pixels: Callable[..., Any], plane: Plane) -> Callable[[int], None]:
    def frame(n: int) -> None:
        pixels(plane, 4 * n % 500)

    return frame


def _rasters(cube: Volume) -> list[Raster]:
    """Return slices of 1024 x 1024 pixels through the middle, in directions that go round."""
    geometry = cube.geometry
    rows, columns = geometry.shape_kji[1:]
    last = geometry.to_patient_mm(geometry.shape_kji[0] - 1, np.array([columns - 1.0, rows - 1.0]))
    middle = (geometry.positions_mm[0] + last) / 2
    pixel_mm = 512.0 / SIDE
    found = []
    for n in range(12):
        cut = Cut((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
        cut = cut.rotated(np.array([1.0, 0.0, 0.0]), 0.1 + n / 8)
        cut = cut.rotated(np.array([0.0, 0.0, 1.0]), 0.2 + n / 5)
        right, down = np.array(cut.right) * pixel_mm, np.array(cut.down) * pixel_mm
        found.append(Raster((SIDE, SIDE), middle - (SIDE - 1) / 2 * (right + down), right, down))
    return found


def _obliques(cube: Volume) -> tuple[list[Measured], dict[str, float]]:
    rasters, lattice = _rasters(cube), lattice_of(cube.geometry)
    coarse = [
        Raster((SIDE // 2, SIDE // 2), one.origin_mm, 2 * one.step_right_mm, 2 * one.step_down_mm)
        for one in rasters
    ]

    def cut(slices: list[Raster]) -> Callable[[int], None]:
        def frame(n: int) -> None:
            sample(cube.voxels, lattice, slices[n % len(slices)], fill=-1024)

        return frame

    fine, moving = times_ms(cut(rasters)), times_ms(cut(coarse))
    peer, name = _peer(cube, rasters)
    theirs = times_ms(peer)
    found = [
        row("mpr.oblique_1024_p95", float(np.percentile(fine, 95)), SLICE_BUDGET_MS),
        row("mpr.oblique_1024_best", float(fine.min()), None),
        row("mpr.oblique_moving_p95", float(np.percentile(moving, 95)), SLICE_BUDGET_MS),
        row(f"mpr.{name}_oblique_1024_p95", float(np.percentile(theirs, 95)), None),
        row(f"mpr.{name}_oblique_1024_best", float(theirs.min()), None),
    ]
    ratio = float(np.median(fine) / np.median(theirs))
    return found, {f"oblique_vs_{name}": round(ratio, 3)}


def _peer(cube: Volume, rasters: list[Raster]) -> tuple[Callable[[int], None], str]:
    if importlib.util.find_spec("vtkmodules") is not None:
        return _by_vtk(cube, rasters), "vtk"
    return _by_simpleitk(cube, rasters), "simpleitk"


def _by_simpleitk(cube: Volume, rasters: list[Raster]) -> Callable[[int], None]:
    stored = SimpleITK.GetImageFromArray(np.asarray(cube.voxels))
    stored.SetSpacing((0.8, 0.8, 1.0))

    def frame(n: int) -> None:
        one = rasters[n % len(rasters)]
        pixel_mm = float(np.linalg.norm(one.step_right_mm))
        right, down = one.step_right_mm / pixel_mm, one.step_down_mm / pixel_mm
        axes = np.stack([right, down, np.cross(right, down)], axis=1)
        cut = SimpleITK.Resample(
            stored, (SIDE, SIDE, 1), SimpleITK.Transform(), SimpleITK.sitkLinear,
            one.origin_mm.tolist(), (pixel_mm, pixel_mm, 1.0), axes.ravel().tolist(), -1024.0,
        )  # fmt: skip
        SimpleITK.GetArrayViewFromImage(cut)

    return frame


def _by_vtk(cube: Volume, rasters: list[Raster]) -> Callable[[int], None]:
    """Return VTK's reslice of the same slices, on the same memory."""
    core = importlib.import_module("vtkmodules.vtkCommonCore")
    model = importlib.import_module("vtkmodules.vtkCommonDataModel")
    maths = importlib.import_module("vtkmodules.vtkCommonMath")
    imaging = importlib.import_module("vtkmodules.vtkImagingCore")
    scalars = core.vtkShortArray()
    scalars.SetVoidArray(cube.voxels, cube.voxels.size, 1)
    stored = model.vtkImageData()
    stored.SetDimensions(*cube.geometry.shape_kji[::-1])
    stored.SetSpacing(0.8, 0.8, 1.0)
    stored.GetPointData().SetScalars(scalars)
    reslice = imaging.vtkImageReslice()
    reslice.SetInputData(stored)
    reslice.SetInterpolationModeToLinear()
    reslice.SetOutputDimensionality(2)
    reslice.SetBackgroundLevel(-1024)
    reslice.SetOutputExtent(0, SIDE - 1, 0, SIDE - 1, 0, 0)
    reslice.SetOutputOrigin(0, 0, 0)
    reslice.SetOutputSpacing(1, 1, 1)

    def frame(n: int) -> None:
        one = rasters[n % len(rasters)]
        normal = np.cross(one.step_right_mm, one.step_down_mm)
        axes = maths.vtkMatrix4x4()
        columns = (one.step_right_mm, one.step_down_mm, normal, one.origin_mm)
        for column, values in enumerate(columns):
            for line in range(3):
                axes.SetElement(line, column, float(values[line]))
        reslice.SetResliceAxes(axes)
        reslice.Update()

    return frame


def _planes(cube: Volume) -> list[Measured]:
    """Move the crosshair through three linked planes, then turn two of them by the third."""
    grid = ViewportGrid()
    grid.resize(1440, 960)
    grid.set_layout(Layout.MPR)
    grid.show_volume(cube)
    laid_out(grid)
    if min(viewport.canvas.width() for viewport in grid.viewports) < 400:
        raise RuntimeError("the viewports are smaller than they should be")
    screens = [(viewport, image(viewport.canvas.size())) for viewport in grid.viewports]

    def painted() -> None:
        for viewport, screen in screens:
            viewport.canvas.render(screen)

    def moved(n: int) -> None:
        crosshair = grid.marks.crosshair.value
        if crosshair is not None:
            point = (20.0 + n, 30.0 + n, 40.0 + n)
            grid.marks.crosshair.set(replace(crosshair, point_mm=point))
        painted()

    straight = TurnedPlanes(
        Cut((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)),
        Cut((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, -1.0)),
        Cut((0.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, -1.0)),
    )

    def turned(n: int) -> None:
        grid.marks.turned.set(straight.turned(0, 0.01 * (n + 1)))
        painted()

    found = [row("mpr.three_planes_p95", p95_ms(moved), THREE_PLANES_BUDGET_MS)]
    found.append(row("mpr.three_planes_turning_p95", p95_ms(turned), THREE_PLANES_BUDGET_MS))
    found.append(row("mpr.quality_returns", _returned_ms(grid, turned), RETURN_BUDGET_MS))
    grid.close()
    return found


def _returned_ms(grid: ViewportGrid, turned: Callable[[int], None]) -> float:
    """Return how long after a turn of the planes the full picture of the last one is painted."""
    times = []
    for n in range(RETURNS):
        turned(200 + n)
        start = time.perf_counter()
        while any(viewport.state.value.is_moving for viewport in grid.viewports):
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        for viewport in grid.viewports:
            viewport.canvas.repaint()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def _slabs() -> tuple[list[Measured], dict[str, float]]:
    """Project 20 slices of 1024 x 1024."""
    source = SliceSource(volume((40, SIDE, SIDE)), lambda _k: True)
    slab = Slab(Projection.MIP, 19.0)
    stored = SimpleITK.GetImageFromArray(np.asarray(source.volume.voxels[:20]))

    def ours(n: int) -> None:
        source.pixels(Plane.ACQUIRED, 10 + n % 20, slab=slab)

    def theirs(_n: int) -> None:
        SimpleITK.GetArrayViewFromImage(SimpleITK.MaximumProjection(stored, 2))

    own, peer = times_ms(ours, frames=60), times_ms(theirs, frames=30)
    found = [
        row("mpr.slab_mip_20_p95", float(np.percentile(own, 95)), SLAB_BUDGET_MS),
        row("mpr.slab_mip_20_best", float(own.min()), None),
        row("mpr.simpleitk_slab_mip_20_p95", float(np.percentile(peer, 95)), None),
    ]
    return found, {"slab_vs_simpleitk": round(float(np.median(own) / np.median(peer)), 3)}


def _ready() -> Measured:
    """From 2,000 slices of 512 x 512 to the first picture of each of the three planes."""
    many = volume((2000, 512, 512))
    start = time.perf_counter()
    source = SliceSource(many, lambda _k: True)
    for plane in (Plane.AXIAL, Plane.CORONAL, Plane.SAGITTAL):
        source.pixels(plane, source.stack(plane).count // 2)
    value = (time.perf_counter() - start) * 1000
    return row("mpr.ready_2000_slices", value, READY_BUDGET_MS)
