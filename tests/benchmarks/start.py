"""Start of the window: time until it takes input, and what was imported for it.

The peer is a bare Qt window of the same toolkit, started the same way in the same run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from typing import Any

from workstation.services.machine_speed import measure_start

RUNS = 5
"""Starts per program; the median is reported, so that one disturbed start does not count."""

BUDGET_S = 1.5
"""DESIGN section 6: window interactive after start."""

UNWANTED = ("torch", "onnxruntime", "transformers", "SimpleITK", "highdicom")

OURS = """
from pathlib import Path
from PySide6.QtWidgets import QApplication
from workstation.app import build_window
from workstation.settings.home import Home
app = QApplication([])
window, house = build_window(app, Home(Path(sys.argv[2])).prepared())
window.show()
window.start((), is_demo=False)
"""

BARE = """
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
window = QWidget()
window.show()
"""

FRAME = """
import json, sys, time
{body}
from PySide6.QtCore import QTimer
def ready():
    taken = time.monotonic() - float(sys.argv[1])
    print(json.dumps({{"s": taken, "modules": sorted({{m.split(".")[0] for m in sys.modules}})}}))
    app.quit()
QTimer.singleShot(0, ready)
app.exec()
sys.stdout.flush()
import os
os._exit(0)
"""


def run() -> dict[str, Any]:
    """Return the rows of the start and their ratio to the peer."""
    ours = sorted((_start(OURS) for _ in range(RUNS)), key=lambda found: float(found["s"]))
    bare = sorted((_start(BARE) for _ in range(RUNS)), key=lambda found: float(found["s"]))
    taken, peer = ours[RUNS // 2]["s"], bare[RUNS // 2]["s"]
    unwanted = [name for name in UNWANTED if name in ours[0]["modules"]]
    return {
        "rows": [
            _row("window interactive after start", taken, "s", BUDGET_S),
            _row("bare Qt window, the peer", peer, "s", None),
            _row("model runtimes imported at start", len(unwanted), "modules", 0),
            *_imports(),
        ],
        "ratios": {"start_vs_bare_qt_window": taken / peer},
    }


def _imports() -> list[dict[str, Any]]:
    """Return what the slowest packages take to import, by Python's own clock."""
    times, slowest = measure_start(with_imports=True)
    rows = [_row(f"start.import_{name}", value, "ms", None) for name, value in slowest]
    return rows + ([_row("start.modules", times.modules, "modules", None)] if times else [])


def _start(body: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PRELIM_HOME": home}
        begun = time.monotonic()
        ended = subprocess.run(
            [sys.executable, "-c", FRAME.format(body=body), str(begun), home],
            capture_output=True,
            text=True,
            check=True,
            env=environment,
        )
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


def _row(name: str, value: float, unit: str, budget: float | None) -> dict[str, Any]:
    met = None if budget is None else value <= budget
    return {"name": name, "value": value, "unit": unit, "budget": budget, "met": met}
