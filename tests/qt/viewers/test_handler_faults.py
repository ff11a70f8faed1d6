"""A fault in what a canvas does with an event is told, and never ends the process."""

from __future__ import annotations

import subprocess
import sys

from tests.support.data import REPOSITORY

PROGRAM = """
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from viewers.qt.viewport import ViewportWidget

app = QApplication(["prelim"])
viewport = ViewportWidget()
viewport.show()
canvas = viewport.canvas
canvas._hand.move = lambda *_a: [][6]
canvas.view = lambda: object()
at, none = QPointF(9, 9), Qt.MouseButton.NoButton
move = QMouseEvent(QEvent.Type.MouseMove, at, at, none, none, Qt.KeyboardModifier.NoModifier)
QTimer.singleShot(0, lambda: QApplication.postEvent(canvas, move))
QTimer.singleShot(200, app.quit)
app.exec()
print("alive")
"""


def test_a_fault_in_a_mouse_handler_leaves_the_program_running() -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=REPOSITORY,
        env={"QT_QPA_PLATFORM": "offscreen", "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (run.returncode, run.stdout.strip()) == (0, "alive")
    assert "IndexError" in run.stderr


FAULTY_PAINT = """
from PySide6.QtWidgets import QApplication
from tests.benchmarks._frames import volume
from viewers.qt.viewport import ViewportWidget

app = QApplication(["prelim"])
viewport = ViewportWidget()
viewport.resize(400, 300)
viewport.show_volume(volume((3, 64, 64)))
viewport.show()
app.processEvents()
viewport.canvas._picture.paint = lambda *_a: [][6]
viewport.canvas.repaint()
print(viewport.canvas.accessibleDescription())
"""


def test_a_fault_in_a_forced_repaint_is_told_and_stands_on_the_canvas() -> None:
    run = subprocess.run(
        [sys.executable, "-c", FAULTY_PAINT],
        cwd=REPOSITORY,
        env={"QT_QPA_PLATFORM": "offscreen", "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert run.returncode == 0
    assert "could not be drawn" in run.stdout
    assert "IndexError" in run.stderr
