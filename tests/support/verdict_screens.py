"""Pictures of the verdict panel on the real studies: ``tests.support.screens verdict DIR``.

They show real images, so they are looked at and never committed. Run it in a real window:
``xvfb-run -s "-screen 0 1920x1080x24" env QT_QPA_PLATFORM=xcb PRELIM_DATA=... python -m ...``.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.support.data import find_study
from tests.support.window_walk import WindowWalk
from workstation.app import build_window
from workstation.settings import schema
from workstation.settings.home import Home
from workstation.ui.series_browser.parts import Fold


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture to take.

    Attributes:
        name: of its file.
        study: the data set.
        below: folder or file inside it; empty for all of it.
        row: of the rail.
        opens_folds: whether everything is unfolded.
    """

    name: str
    study: str
    below: str = ""
    row: int = 0
    opens_folds: bool = False


SHOTS = (
    Shot("s02-tilt", "s02_ct_head_ge_tilt_varspacing"),
    Shot("s07-calm", "s07_mr_enhanced_multiframe_siemens_xa30"),
    Shot("s07-two-echoes", "s07_mr_enhanced_multiframe_siemens_xa30", row=1, opens_folds=True),
    Shot("s08-mosaic", "s08_mr_mosaic_siemens", opens_folds=True),
    Shot("s10-stacks", "s10_mr_dti_canon", opens_folds=True),
    Shot("s13-odd", "s13_odd_files", opens_folds=True),
    Shot("s15-pet", "s15_sts_petctmr_rtstruct", row=1),
)
SIZES = ((1920, 1080, 100), (1366, 768, 100), (1920, 1080, 150), (1366, 768, 200))
"""Width, height and text size in percent."""


def take_verdict_screens(folder: Path) -> None:
    """Take every picture whose study is here, at every size."""
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication(["prelim"])
    assert isinstance(app, QApplication)
    for shot in SHOTS:
        source = find_study(shot.study)
        if source is None:
            continue
        with tempfile.TemporaryDirectory(prefix="prelim-screens-") as home:
            _take(app, Home(Path(home)), source / shot.below, shot, folder)


def _take(app: QApplication, home: Home, source: Path, shot: Shot, folder: Path) -> None:
    window, house = build_window(app, home)
    window.options.change(schema.FIRST_RUN_DONE, True)
    window.resize(1920, 1080)
    window.show()
    walk = WindowWalk(app, window)
    walk.open(source)
    walk.show_row(min(shot.row, len(window.study.items) - 1))
    window.show_verdict()
    for width, height, scale in SIZES:
        window.options.change(schema.TEXT_SCALE, scale)
        window.resize(width, height)
        walk.rest(0.3)
        if shot.opens_folds:
            for fold in window.panels.verdict.findChildren(Fold):
                fold.switch.setChecked(True)
        walk.rest(0.3)
        window.grab().save(str(folder / f"{shot.name}-{width}-{scale}.png"))

    window.close()
    house.close()
