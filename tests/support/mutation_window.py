"""A real main window, offscreen, that spoiled studies are opened in one after the other."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from tests.support.canary import FAMILY
from tests.support.doors import Doors
from tests.support.mutation_case import Listener
from workstation.core.observable import Observable
from workstation.settings import schema
from workstation.settings.schema import Settings
from workstation.settings.store import SettingsStore
from workstation.ui.main_window import MainWindow
from workstation.ui.option_desk import OptionDesk
from workstation.ui.theme import DARK, apply_theme

WAIT_S = 20.0
HARMLESS = ("propagateSizeHints", "QFontDatabase", "font")
"""What the offscreen platform says of every window."""


class WindowRig:
    """One window for many cases. Owned by the main thread.

    Args:
        home: a folder for its settings.
    """

    def __init__(self, home: Path) -> None:
        app = QApplication.instance() or QApplication(["prelim"])
        if not isinstance(app, QApplication):
            raise TypeError("there is a Qt application without widgets already")
        self._app = app
        apply_theme(app, DARK, 100)
        settings = Settings().having(schema.READER_NAME, "Dr. Reader")
        settings = settings.having(schema.FIRST_RUN_DONE, True)
        options = OptionDesk(Observable(settings), SettingsStore(home / "settings.toml"))
        self.problems: list[str] = []
        self.studies = 0
        self._seen = 0
        self._watch()
        self._window = MainWindow(Doors(names=["Dr. Reader"]).use_cases(), options)
        self._window.resize(1366, 768)
        self._window.show()
        self._window.start((), is_demo=False)

    def open(self, folder: Path) -> list[str]:
        """Open a folder as a reader does, look at every series and plane; return what went wrong.

        Job failures are no problem as such: they are sentences on screen.
        """
        self.problems.clear()
        self.studies = 0
        window = self._window
        window.show_worklist()
        window.library.open_paths((folder,))
        self._until(self._is_idle, "reading the files did not end")
        entries = [
            window.worklist.model.index(row) for row in range(window.worklist.model.rowCount())
        ]
        if window.study.imported is None and entries:
            window.worklist.list.activated.emit(entries[0])
        self._until(self._is_idle, "opening did not end")
        if window.study.imported is not None:
            self.studies += 1
            for row in range(min(len(window.study.items), 4)):
                window.study.show_row(row)
                self._until(self._is_idle, "a series did not end loading")
                window.show_verdict()
                window.close_panel()
                window.study.toggle_reformat()
                self._rest(0.02)
                window.grab()
                window.study.toggle_reformat()
                window.study.first_slice()
                window.study.last_slice()
            window.study.close_study()
        self._check_sentences()
        return list(self.problems)

    def close(self) -> None:
        """Close the window."""
        self._window.close()

    def _check_sentences(self) -> None:
        failures = self._window.panels.jobs.failures
        for text in failures[self._seen :]:
            if "fault in Prelim" in text:
                self.problems.append(f"a job failed: {text}")
            if FAMILY.lower() in text.lower():
                self.problems.append(f"the patient's name is in a sentence: {text}")
        self._seen = len(failures)

    def _is_idle(self) -> bool:
        return not self._window.bridge._replies

    def _until(self, is_there: Callable[[], bool], otherwise: str) -> None:
        end = time.monotonic() + WAIT_S
        while not is_there():
            if time.monotonic() > end:
                self.problems.append(otherwise)
                return
            self._rest(0.005)

    def _rest(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        self._app.processEvents()
        while time.monotonic() < end:
            self._app.processEvents()
            time.sleep(0.001)

    def _watch(self) -> None:
        """Keep what Qt says and what nobody caught."""
        problems = self.problems

        def message(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
            if kind is not QtMsgType.QtDebugMsg and not any(word in text for word in HARMLESS):
                problems.append(f"Qt: {text}")

        def hook(kind: type[BaseException], error: BaseException, _t: TracebackType | None) -> None:
            problems.append(f"nobody caught {kind.__name__}: {error}")

        def in_thread(arguments: threading.ExceptHookArgs) -> None:
            problems.append(f"nobody caught {arguments.exc_type.__name__} in a thread")

        qInstallMessageHandler(message)
        sys.excepthook = hook
        threading.excepthook = in_thread


def watched(rig: WindowRig, folder: Path) -> list[str]:
    """Open a folder in the window; return what went wrong, on screen or in the log."""
    listener, root = Listener(), logging.getLogger()
    root.addHandler(listener)
    try:
        return rig.open(folder) + listener.problems
    finally:
        root.removeHandler(listener)
