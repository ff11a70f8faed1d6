"""Reads a study in the real window as a person would, and says what it took.

usage: python -m tests.support.read_in_window FOLDER
Run in a process of its own, under whatever limits the caller sets. Writes one line of JSON: slices,
which of them are in, gray levels on screen in each of three planes, in their slabs and in a turned
plane, a check sum of the voxels, and the peak of address space and memory in bytes. Needs
PRELIM_HOME and a Qt platform.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from viewers.qt.grid import ViewportGrid
from viewers.qt.viewport import ViewportWidget
from viewers.state.slab import Projection, Slab
from workstation.__main__ import main as program

WAIT_S = 120.0
TURN_MS = 5
TURNS_AT_REST = 40
SLAB_MM = 20.0
NOT_READ = 1


class NotReadError(Exception):
    """The window did not get there; the text is what it said to the reader."""


def main(arguments: list[str]) -> int:
    """Open a folder through the program's own entry and read it; return its exit code."""
    app = QApplication.instance() or QApplication(["prelim"])
    reading = _reading()
    timer = QTimer()
    timer.setInterval(TURN_MS)

    def go_on() -> None:
        try:
            next(reading)
        except StopIteration:
            timer.stop()
        except NotReadError as error:
            timer.stop()
            sys.stderr.write(f"{error}\n")
            QApplication.exit(NOT_READ)

    timer.timeout.connect(go_on)
    timer.start()
    code = program(["open", arguments[0]])
    del app
    return code


def _reading() -> Iterator[None]:
    """Go on by one step in each turn of the event loop."""
    from workstation.ui.main_window import MainWindow  # after the program has set its limits

    began, windows = time.monotonic(), list[MainWindow]()
    while not windows or windows[0].study.active_series is None:
        windows = [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow)]
        _require(began, windows)
        yield
    window = windows[0]
    series, grid = window.study.active_series, window.study_page.grid
    assert series is not None
    while not series.has_ended:
        _require(began, windows)
        yield
    found: dict[str, Any] = {"slices": len(series.flags), "loaded": int(series.flags.sum())}
    found["sum"] = int(series.volume.voxels.sum(dtype="int64"))
    for index in range(0, len(series.flags), 5):
        grid.active.go_to_slice(index)
        yield
    window.study.toggle_reformat()
    found["planes"] = [viewport.state.value.plane.value for viewport in grid.viewports]
    for viewport in grid.viewports:
        viewport.go_to_first()
        for _ in range(20):
            viewport.step(8)
            viewport.canvas.repaint()
            yield
    for viewport in grid.viewports:
        _to_middle(viewport)
    found["levels"] = [_levels(viewport.canvas.grab().toImage()) for viewport in grid.viewports]
    for viewport in grid.viewports:
        viewport.set_slab(Slab(Projection.MIP, SLAB_MM))
        yield
    found["slab_levels"] = [
        _levels(viewport.canvas.grab().toImage()) for viewport in grid.viewports
    ]
    yield from _turned(grid)
    found["turned_levels"] = _levels(grid.viewports[1].canvas.grab().toImage())
    found |= _peaks()
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
    window.close()


def _to_middle(viewport: ViewportWidget) -> None:
    viewport.go_to_last()
    viewport.go_to_slice(viewport.state.value.slice_index // 2)


def _turned(grid: ViewportGrid) -> Iterator[None]:
    """Turn two planes with their slabs, and wait until the fine picture is there."""
    for viewport in grid.viewports:
        viewport.set_slab(None)
    grid.viewports[0].turn_planes(10)
    for _ in range(TURNS_AT_REST):
        yield


def _require(began: float, windows: list[Any]) -> None:
    failures = [text for window in windows for text in window.panels.jobs.failures]
    if failures or time.monotonic() - began > WAIT_S:
        raise NotReadError("; ".join(failures) or "nothing came in time")


def _levels(image: QImage) -> int:
    """Return how many gray levels are in a picture: a blank one has few."""
    gray = image.convertToFormat(QImage.Format.Format_Grayscale8)
    return len(set(bytes(gray.constBits())))


def _peaks() -> dict[str, int]:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    fields = {line.split(":")[0]: line.split()[1] for line in lines if "kB" in line}
    return {
        "peak_address_bytes": int(fields["VmPeak"]) * 1024,
        "peak_memory_bytes": int(fields["VmHWM"]) * 1024,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
