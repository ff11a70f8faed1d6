"""Pictures of the window for the README and for looking at: ``python -m tests.support.screens``.

They are made from the demo study only, which is computed: no patient is in them. Each picture is
one state of the main job, at the sizes a reader's screen has.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from tests.support.data import REPOSITORY
from tests.support.enhancement_screens import take_enhancement_screens
from tests.support.reading_screens import take_reading_screens
from tests.support.verdict_screens import take_verdict_screens
from workstation.app import build_window
from workstation.settings import schema
from workstation.settings.home import Home
from workstation.ui.main_window import MainWindow

SCREENS = REPOSITORY / "resources" / "help" / "screens"
SIZES = {"small": (1366, 768), "usual": (1920, 1080), "dense": (3840, 2160)}
README_SIZE = "usual"
VERDICT = "verdict"
READING = "reading"
ENHANCEMENT = "enhancement"
WAIT_S = 300.0
READER = "Dr. Ada Reader"


def main(arguments: list[str]) -> int:
    """Make every picture at one size (``small``, ``usual``, ``dense``) into a folder.

    Args:
        arguments: size and folder; by default what the README shows. ``verdict`` and a folder
            make the pictures of the verdict panel on the real studies instead; ``reading``, a
            folder and names those of the reading room; ``enhancement`` likewise those of
            enhancement.
    """
    if arguments[:1] == [ENHANCEMENT]:
        take_enhancement_screens(Path(arguments[1]), tuple(arguments[2:]))
        return 0
    if arguments[:1] == [READING]:
        take_reading_screens(Path(arguments[1]), tuple(arguments[2:]))
        return 0
    if arguments[:1] == [VERDICT]:
        take_verdict_screens(Path(arguments[1]))
        return 0
    size = arguments[0] if arguments else README_SIZE
    folder = Path(arguments[1]) if len(arguments) > 1 else SCREENS
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="prelim-screens-") as home:
        app = QApplication.instance() or QApplication(["prelim"])
        if not isinstance(app, QApplication):
            return 2
        window, house = build_window(app, Home(Path(home)))
        window.options.change(schema.READER_NAME, READER)
        window.options.change(schema.FIRST_RUN_DONE, True)
        window.options.change(schema.SHOW_HINTS, False)
        window.resize(*SIZES[size])
        window.show()
        Photographer(app, window, folder).take_all()
        window.close()
        house.close()
    return 0


class Photographer:
    """Walks through the main job and keeps a picture of each state."""

    def __init__(self, app: QApplication, window: MainWindow, folder: Path) -> None:
        self._app, self._window, self._folder = app, window, folder

    def take_all(self) -> None:
        window = self._window
        self.take("worklist-empty")
        window.start((), is_demo=True)
        self.until(lambda: window.study.active_series is not None)
        series = window.study.active_series
        assert series is not None
        self.until(lambda: bool(series.flags.all()) and window.report.document is not None)
        window.report.draft()
        self.until(lambda: bool(window.panels.report.body.rows))
        self.show_first_evidence()
        self.take("reading")
        window.enhance.toggle("denoise")
        self.until(lambda: "→" in window.study_page.enhance_bar.state.text())
        self.take("enhanced")
        window.enhance.toggle("denoise")
        window.study.toggle_reformat()
        self.rest(2.0)
        self.take("three-planes")
        window.study.toggle_reformat()
        window.show_verdict()
        self.take("received")
        window.close_panel()
        window.show_sign()
        self.rest(4.0)
        self.take("sign")
        window.close_panel()
        window.show_worklist()
        self.take("worklist")

    def show_first_evidence(self) -> None:
        document = self._window.report.document
        assert document is not None
        seen = [statement for statement in document.statements if statement.evidence]
        if seen:
            self._window.panels.report.body.go_to(seen[0].statement_id)
            self._window.report.show_evidence(seen[0].statement_id)
            self.rest(1.0)

    def take(self, name: str) -> None:
        self.rest(0.5)
        self._window.grab().save(str(self._folder / f"{name}.png"))

    def until(self, is_there: Callable[[], bool]) -> None:
        end = time.monotonic() + WAIT_S
        while not is_there():
            if time.monotonic() > end or self._window.panels.jobs.failures:
                sentences = "; ".join(self._window.panels.jobs.failures)
                raise TimeoutError(f"the window did not get there: {sentences}")
            self.rest(0.02)

    def rest(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._app.processEvents()
            time.sleep(0.01)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
