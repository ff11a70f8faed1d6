"""The window on a real X server with two monitors, one of which comes and goes.

Run as a process of its own (its platform plugin is X11, that of the tests is none):
``python -m tests.support.two_monitors STUDY HOME``, with DISPLAY set. It prints JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from workstation.app import build_window
from workstation.settings import schema
from workstation.settings.home import Home
from workstation.ui.main_window import MainWindow

WIDTH, HEIGHT = 1300, 900
LEFT, RIGHT = "LEFT", "RIGHT"
WAIT_MS, STEP_MS = 20_000, 50


def split_screen() -> None:
    """Make two monitors of the one screen of the X server."""
    _xrandr("--setmonitor", LEFT, f"{WIDTH}/340x{HEIGHT}/240+0+0", "screen")
    plug_in()


def plug_in() -> None:
    """Connect the right monitor."""
    _xrandr("--setmonitor", RIGHT, f"{WIDTH}/340x{HEIGHT}/240+{WIDTH}+0", "none")


def unplug() -> None:
    """Take the right monitor away."""
    _xrandr("--delmonitor", RIGHT)


def _xrandr(*words: str) -> None:
    subprocess.run(["xrandr", *words], check=True, capture_output=True)


class Session:
    """One run of the program, from start to its end."""

    def __init__(self, app: QApplication, home: Path, study: Path) -> None:
        self.app = app
        self.window, self._house = build_window(app, Home(home).prepared())
        self.window.options.change(schema.FIRST_RUN_DONE, True)
        self.window.setGeometry(100, 100, 1000, 700)
        self.window.show()
        self.window.start((), is_demo=False)
        self.window.library.open_paths((study,))
        self.until(lambda: self.window.study.active_series is not None)

    def until(self, is_so: Any) -> bool:  # noqa: ANN401 a question without arguments
        """Wait until something is so; say whether it became so."""
        loop, ticks, left = QEventLoop(), QTimer(), [WAIT_MS // STEP_MS]

        def look() -> None:
            left[0] -= 1
            if is_so() or left[0] < 0:
                loop.quit()

        ticks.timeout.connect(look)
        ticks.start(STEP_MS)
        loop.exec()
        return bool(is_so())

    def seen(self) -> dict[str, Any]:
        """Return where the windows of viewports are, and what the reader has in hand."""
        return {
            "screens": sorted(one.name() for one in self.app.screens()),
            "windows": [_place(one) for one in self.window.screens.windows],
            "grids": len(self.window.study_page.desk.grids),
            "main": self.window.screen().name(),
            "page": type(self.window._page()).__name__,
            "said": self.window.status_line.said.toolTip(),
        }

    def close(self) -> None:
        """End it."""
        self.window.close()
        self._house.close()


def _place(one: Any) -> dict[str, Any]:  # noqa: ANN401 a window with viewports
    area = one.frameGeometry()
    return {
        "screen": one.screen().name(),
        "left": area.left(),
        "right": area.right(),
        "is_active": one.isActiveWindow(),
        "viewports": len(one.grid.viewports),
    }


def _has(window: MainWindow, count: int) -> bool:
    return len(window.screens.windows) == count


def main(study: Path, home: Path) -> None:
    """Open a window on the right monitor, take that away and bring it back, and start again."""
    split_screen()
    app = QApplication(["prelim"])
    session, found = Session(app, home, study), {}
    found["begun"] = session.seen()
    session.window.screens.open()
    session.until(lambda: _has(session.window, 1))
    session.window.screens.windows[0].grid.split_active(side_by_side=True)
    found["opened"] = session.seen()
    unplug()
    session.until(lambda: len(app.screens()) == 1 and _has(session.window, 0))
    found["unplugged"] = session.seen()
    plug_in()
    session.until(lambda: len(app.screens()) == 2 and _has(session.window, 1))
    found["back"] = session.seen()
    session.close()
    again = Session(app, home, study)
    again.until(lambda: _has(again.window, 1))
    found["started again"] = again.seen()
    again.close()
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
