"""Frames per gesture: how they are timed, and volumes to make them of."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from workstation.core.geometry import StackGeometry
from workstation.core.identity import SeriesIdentity, StudyIdentity
from workstation.core.intensity import Intensity, IntensityUnit
from workstation.core.volume import Volume, read_only

FRAMES = 120
"""Frames per row: the 95th percentile then rests on six frames."""

Measured = dict[str, Any]


def times_ms(
    frame: Callable[[int], None],
    clock: Callable[[], float] = time.perf_counter,
    *,
    frames: int = FRAMES,
) -> NDArray[np.float64]:
    """Return the milliseconds of each frame, after five that are not counted."""
    for n in range(5):
        frame(n)
    times = []
    for n in range(frames):
        start = clock()
        frame(n)
        times.append(clock() - start)
    return np.array(times) * 1000


def p95_ms(frame: Callable[[int], None], clock: Callable[[], float] = time.perf_counter) -> float:
    """Return the 95th percentile of the frames."""
    return float(np.percentile(times_ms(frame, clock), 95))


def laid_out(widget: QWidget) -> None:
    """Show a widget, so that what is in it has the size it will be painted in."""
    widget.show()
    QApplication.processEvents()


def image(size: QSize) -> QImage:
    """Return an image to paint a widget into."""
    return QImage(size, QImage.Format.Format_RGB32)


def volume(shape_kji: tuple[int, int, int]) -> Volume:
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


def row(name: str, value: float, budget: float | None) -> Measured:
    """Return one row of figures, in milliseconds."""
    met = None if budget is None else value <= budget
    return {"name": name, "value": round(value, 2), "unit": "ms", "budget": budget, "met": met}
