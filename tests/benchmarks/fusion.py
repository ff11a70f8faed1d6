"""Fused frames: scroll a CT with a PET over it, change its opacity, beside SimpleITK's resampling.

Frames are painted off screen by the real widgets. The peer resamples the same overlay onto the
grid of the slice, which is the part of a fused frame that every viewer needs.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import SimpleITK
from PySide6.QtWidgets import QApplication

from tests.benchmarks._frames import Measured, image, p95_ms, row, times_ms, volume
from viewers.qt.viewport import ViewportWidget
from viewers.render.fusion import Overlay, overlay_on, sampled
from viewers.render.oblique import raster_of
from viewers.render.planes import PlaneStack, acquired_stack
from viewers.state.fusion import Fusion
from workstation.core.geometry import StackGeometry
from workstation.core.volume import Volume, read_only

FRAME_BUDGET_MS = 16.0
"""A fused slice of 512 x 512 on a canvas of 1024 x 1024: as much as a plain one of 2048 x 2048."""

CANVAS = 1024
SLICES = 60


def run() -> Measured:
    """Return the rows ``{name, value, unit, budget, met}`` and the ratios."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # Held here: the application object must outlive the widgets.
    application = QApplication.instance() or QApplication([])
    base = volume((SLICES, 512, 512))
    overlay = overlay_on(base, _pet(), lambda _k: True)
    rows = _frames(base, overlay)
    sampling, ratio = _sampling(base, overlay)
    del application
    return {"rows": rows + sampling, "ratios": {"fusion_vs_simpleitk": ratio}}


def _pet() -> Volume:
    """Return an overlay of 2.1 x 2.1 x 3 mm voxels over the same place."""
    shape = (SLICES // 3 + 1, 200, 200)
    plain = volume(shape)
    positions = np.zeros((shape[0], 3))
    positions[:, 2] = np.arange(shape[0]) * 3.0
    geometry = StackGeometry(
        shape, np.array([1.0, 0, 0]), np.array([0, 1.0, 0]), (2.1, 2.1), positions, "1.2"
    )
    values = np.abs(np.asarray(plain.voxels, dtype=np.float32)) / 150
    series = replace(plain.series, series_uid="1.2.4", modality="PT")
    return replace(plain, voxels=read_only(values), geometry=geometry, series=series)


def _frames(base: Volume, overlay: Overlay) -> list[Measured]:
    viewport = ViewportWidget()
    viewport.resize(CANVAS + viewport.slice_bar.sizeHint().width(), CANVAS)
    viewport.show_volume(base)
    fusion = Fusion(0.0, 7.0, 0.7)
    viewport.lay_over(overlay, fusion)
    screen = image(viewport.canvas.size())

    def scrolled(n: int) -> None:
        viewport.go_to_slice(n % SLICES)
        viewport.canvas.render(screen)

    def faded(n: int) -> None:
        viewport.lay_over(overlay, replace(fusion, opacity=n % 100 / 100))
        viewport.canvas.render(screen)

    found = [
        row("fusion.scroll_512_p95", p95_ms(scrolled), FRAME_BUDGET_MS),
        row("fusion.scroll_512_cpu_p95", p95_ms(scrolled, time.process_time), None),
        row("fusion.opacity_512_p95", p95_ms(faded), FRAME_BUDGET_MS),
    ]
    viewport.close()
    return found


def _sampling(base: Volume, overlay: Overlay) -> tuple[list[Measured], float]:
    slices = acquired_stack(base.geometry)

    def ours(n: int) -> None:
        sampled(overlay, raster_of(slices, n % SLICES))

    mine, theirs = times_ms(ours), times_ms(_peer(overlay, slices))
    found = [
        row("fusion.sample_512_p95", float(np.percentile(mine, 95)), None),
        row("fusion.simpleitk_sample_512_p95", float(np.percentile(theirs, 95)), None),
    ]
    return found, round(float(np.median(mine) / np.median(theirs)), 3)


def _peer(overlay: Overlay, slices: PlaneStack) -> Callable[[int], None]:
    stored = SimpleITK.GetImageFromArray(np.asarray(overlay.volume.voxels))
    stored.SetSpacing((2.1, 2.1, 3.0))

    def frame(n: int) -> None:
        rows, columns = slices.shape_rc
        made = SimpleITK.Resample(
            stored, (columns, rows, 1), SimpleITK.Transform(), SimpleITK.sitkLinear,
            slices.origins_mm[n % SLICES].tolist(),
            (slices.spacing_rc_mm[1], slices.spacing_rc_mm[0], 1.0),
            (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0), float("nan"),
        )  # fmt: skip
        SimpleITK.GetArrayViewFromImage(made)

    return frame
