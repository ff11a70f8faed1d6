"""Walks a window as a reader would: opens studies, shows series, waits until they are in."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from workstation.ui.main_window import MainWindow

WAIT_S = 300.0


class WindowWalk:
    """Drives one window. UI thread."""

    def __init__(self, app: QApplication, window: MainWindow) -> None:
        self._app, self._window = app, window

    def open(self, path: Path) -> None:
        """Take a path in and show its first study, whatever is on screen."""
        window = self._window
        before = window.study.imported
        seen = window.worklist.model.rowCount()
        window.library.open_paths((path,))
        self.until(
            lambda: window.study.imported is not before or window.worklist.model.rowCount() > seen
        )
        if window.study.imported is before:
            window.worklist.list.activated.emit(window.worklist.model.index(0))
        self.until(lambda: bool(window.study.items))

    def show_row(self, row: int) -> None:
        """Show a display set and wait until nothing more comes of it."""
        window = self._window
        window.study.show_row(row)
        item = window.study.items[row]

        def is_there() -> bool:
            series = window.study.active_series
            return series is not None and series.item is item and series.has_ended

        self.until(is_there)

    def until(self, is_there: Callable[[], bool]) -> None:
        """Wait for something; raise TimeoutError where it does not come."""
        end = time.monotonic() + WAIT_S
        while not is_there():
            if time.monotonic() > end:
                raise TimeoutError("the window did not get there")
            self.rest(0.02)

    def rest(self, seconds: float) -> None:
        """Let the window work for some time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._app.processEvents()
            time.sleep(0.005)
