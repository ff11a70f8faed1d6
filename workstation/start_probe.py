"""Starts the program off the screen, says what the start took, and ends.

usage: python -m workstation.start_probe
A process of its own, started by ``prelim doctor`` and the benchmarks. Writes one line of JSON:
seconds for each part of the start, numbers of modules and fonts. Nothing of the user is touched:
the state lives in a folder for temporary files.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HEAVY = ("torch", "onnxruntime", "transformers", "SimpleITK", "highdicom", "pydicom", "sqlalchemy")
"""What takes long to import and must not be imported before the window can be used."""


def main() -> int:
    """Measure one start and write it."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    clock = time.perf_counter
    times = [("begin", clock())]

    from workstation.core.address_space import keep_address_space_small

    keep_address_space_small()
    from PySide6 import QtWidgets  # each import stands where its time begins

    times.append(("toolkit_s", clock()))
    from workstation.app import build_window
    from workstation.settings.home import Home

    times.append(("program_s", clock()))
    app = QtWidgets.QApplication(["prelim"])
    fonts = _font_count()
    times.append(("fonts_s", clock()))
    with tempfile.TemporaryDirectory(prefix="prelim-start-") as home:
        window, house = build_window(app, Home(Path(home)).prepared())
        window.show()
        app.processEvents()
        times.append(("window_s", clock()))
        modules = sorted(sys.modules)
        window.close()
        house.close()
    _write(times, modules, fonts)
    return 0


def _font_count() -> int:
    from PySide6.QtGui import QFontDatabase

    return len(QFontDatabase.families())


def _write(times: list[tuple[str, float]], modules: list[str], fonts: int) -> None:
    found: dict[str, Any] = {
        name: after - before for (_, before), (name, after) in itertools.pairwise(times)
    }
    found |= {"modules": len(modules), "fonts": fonts}
    found["heavy"] = [name for name in HEAVY if name in modules]
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
