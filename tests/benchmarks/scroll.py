"""Frames per gesture: scroll and window, beside SimpleITK's windowing.

Frames are painted off screen by the real widgets into an image: everything but the copy to the
screen is in the figure. A row's value is the 95th percentile of its frames. The rows named ``cpu``
are the processor time of the same frames, all threads together: it tells a busy machine, where
frames wait for their turn, from a slow program.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace

import SimpleITK
from PySide6.QtWidgets import QApplication

from tests.benchmarks._frames import Measured, image, laid_out, p95_ms, row, volume
from viewers.qt.viewport import ViewportWidget
from viewers.render.windowing import to_grey, window_lut
from workstation.core.intensity import Window

BUDGETS_MS = {1024: 8.0, 2048: 16.0}
"""Source: DESIGN section 6."""


def run() -> Measured:
    """Return the rows ``{name, value, unit, budget, met}`` and the ratios."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # Held here: the application object must outlive the widgets.
    application = QApplication.instance() or QApplication([])
    rows = [one for size in BUDGETS_MS for one in _slices(size)]
    ratio = _window_ratio()
    del application
    return {"rows": rows, "ratios": {"window_vs_simpleitk": ratio}}


def _slices(size: int) -> list[Measured]:
    """Scroll and window a viewport of size x size pixels over slices of size x size."""
    viewport = ViewportWidget()
    viewport.resize(size + viewport.slice_bar.sizeHint().width(), size)
    viewport.show_volume(volume((12, size, size)))
    laid_out(viewport)
    if min(viewport.canvas.width(), viewport.canvas.height()) < size - 16:
        raise RuntimeError("the viewport is smaller than it should be")
    screen = image(viewport.canvas.size())
    window = viewport.state.value.window

    def scrolled(n: int) -> None:
        viewport.go_to_slice(n % 12)
        viewport.canvas.render(screen)

    def windowed(n: int) -> None:
        viewport.set_window(replace(window, center=window.center + n))
        viewport.canvas.render(screen)

    budget = BUDGETS_MS[size]
    found = [
        row(f"scroll.scroll_{size}_p95", p95_ms(scrolled), budget),
        row(f"scroll.scroll_{size}_cpu_p95", p95_ms(scrolled, time.process_time), None),
        row(f"scroll.window_{size}_p95", p95_ms(windowed), budget),
        row(f"scroll.window_{size}_cpu_p95", p95_ms(windowed, time.process_time), None),
    ]
    viewport.close()
    return found


def _window_ratio() -> float:
    """Return the time of one windowed 1024 slice, table included, over SimpleITK's."""
    pixels = volume((1, 1024, 1024)).voxels[0]
    stored = SimpleITK.GetImageFromArray(pixels)

    def ours(n: int) -> None:
        window = Window(40.0 + n, 400.0)
        to_grey(pixels, window, is_inverted=False, lut=window_lut(window, is_inverted=False))

    def theirs(n: int) -> None:
        grey = SimpleITK.IntensityWindowing(stored, -160.0 + n, 240.0 + n, 0, 255)
        SimpleITK.GetArrayFromImage(SimpleITK.Cast(grey, SimpleITK.sitkUInt8))

    return round(p95_ms(ours) / p95_ms(theirs), 3)
