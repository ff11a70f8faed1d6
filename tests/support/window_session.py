"""A real window in this process, timed: from asking for a study to its first slice on screen."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from viewers.qt.canvas import CanvasWidget
from viewers.qt.content import Content
from viewers.render.frame import Frame, Shown
from workstation.app import build_window
from workstation.core.job import CancelToken
from workstation.core.volume import Volume
from workstation.settings import schema
from workstation.settings.home import Home

WAIT_MS = 60_000
SIZE = (1366, 768)


class WindowSession:
    """Opens studies in one window, one after the other. UI thread.

    The event loop runs as in the program: nothing polls, so that jobs get the processor.
    """

    def __init__(self) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="prelim-bench-home-")
        app = QApplication.instance() or QApplication(["prelim"])
        assert isinstance(app, QApplication)
        self.window, self._house = build_window(app, Home(Path(self._home.name)).prepared())
        self.window.options.change(schema.FIRST_RUN_DONE, True)
        self.window.resize(*SIZE)
        self.window.show()
        self.window.start((), is_demo=False)

    def rest(self, seconds: float) -> None:
        """Let the window be, as long as a person takes to choose a folder."""
        loop = QEventLoop()
        QTimer.singleShot(round(seconds * 1000), loop.quit)
        loop.exec()

    def open(self, folder: Path) -> float:
        """Open a folder; return the seconds until a slice was painted."""
        self.window.study.close_study()
        self.window.show_worklist()
        return self.shown_after(lambda: self.window.library.open_paths((folder,)))

    def shown_after(self, act: Callable[[], object]) -> float:
        """Act, and return the seconds until a stored slice that is in was painted.

        Raises:
            TimeoutError: none was.
        """
        return self._painted_after(act, lambda frame: frame.is_loaded)

    def _painted_after(
        self, act: Callable[[], object], is_awaited: Callable[[Frame], bool]
    ) -> float:
        loop, shown = QEventLoop(), list[float]()
        tell = CanvasWidget._tell_shown

        def painted(canvas: CanvasWidget, content: Content, frame: Frame) -> None:
            # At the end of a paint: the signal of the canvas comes only when the loop is free.
            if is_awaited(frame) and canvas.isVisible():
                shown.append(time.perf_counter())
                QTimer.singleShot(0, loop, loop.quit)
            tell(canvas, content, frame)

        CanvasWidget._tell_shown = painted  # type: ignore[assignment,method-assign]
        QTimer.singleShot(WAIT_MS, loop, loop.quit)
        begun = time.perf_counter()
        try:
            act()
            if not shown:
                loop.exec()
        finally:
            CanvasWidget._tell_shown = tell  # type: ignore[method-assign]
        if not shown:
            failures = "; ".join(self.window.panels.jobs.failures)
            raise TimeoutError(f"no slice came on screen: {failures or 'and nothing was said'}")
        return shown[0] - begun

    def prepare(self, volume: Volume) -> None:
        """Let the model for a series be ready, as it is when a reader has looked for a moment."""
        self._house.prepare_model(volume, CancelToken())

    def enhanced_after(self, act: Callable[[], object]) -> float:
        """Act, and return the seconds until a slice with a model's pixels was painted."""
        return self._painted_after(act, lambda frame: frame.shown is Shown.ENHANCED)

    def until_loaded(self) -> float:
        """Wait until the series on screen is whole; return the seconds."""
        begun = time.perf_counter()
        while (series := self.window.study.active_series) is None or not series.has_ended:
            self.rest(0.01)
        return time.perf_counter() - begun

    def close(self) -> None:
        """Close the window and what stands behind it."""
        self.window.close()
        self._house.close()
        self._home.cleanup()
