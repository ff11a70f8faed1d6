"""Pictures of enhancement on real studies: ``tests.support.screens enhancement DIR [NAME...]``.

One window per study; every way of enhancing and comparing is shown in it one after the other and
kept at the sizes a reader's screen has. They show real images, so they are looked at and never
committed. Without names every study that is here is walked through.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pydicom
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QScrollArea

from tests.support.data import find_study
from tests.support.reading_screens import BRAIN, CHEST_CT, GERMAN, HEAD_CT, MPRAGE, Stage
from tests.support.window_walk import WindowWalk
from viewers.state.slab import Projection, Slab
from viewers.state.view_state import Plane
from workstation.app import build_window
from workstation.settings import schema
from workstation.settings.home import Home
from workstation.settings.schema import Option
from workstation.ui.enhance_options import PackSection
from workstation.ui.enhance_run import Stage as RunStage

THICK_MR = "s06_mr_brain_pd_ge_signa"

SIZES = ((1366, 768), (1920, 1080))
"""What a reader's screen has, in pixels."""

LEFT_OUT = (60, 61)
"""Files of the chest that are left out, so that two slices are missing."""


class EnhanceStage(Stage):
    """A window that keeps pictures of its states. UI thread."""

    def __init__(self, stage: Stage, name: Path) -> None:
        super().__init__(stage.window, stage.walk, stage.work)
        self._name = name

    def one(self, row: int = 0) -> None:
        """Show one series alone."""
        self.window.layouts.choose("1x1")
        self.rest()
        self.walk.show_row(row)
        self.rest()

    def picture(self, name: str, at: tuple[float, float] | None = None) -> None:
        """Keep the window as it is, at every size; with the pointer at a part of the canvas."""
        for width, height in SIZES:
            self.window.resize(width, height)
            self.rest(0.7)
            if at is not None:
                self.point(*at)
            self.window.grab().save(f"{self._name}-{name}-{width}.png")
        self.rest(0.2)

    def ended(self) -> None:
        """Wait until nothing is being made any more."""
        self.walk.until(lambda: all(run.stage is RunStage.DONE for run in self.window.enhance.runs))
        self.rest(0.8)

    def point(self, x: float, y: float) -> None:
        """Move the pointer to a part of the active canvas."""
        canvas = self.window.study_page.desk.active.canvas
        at = QPoint(round(x * canvas.width()), round(y * canvas.height()))
        QTest.mouseMove(canvas, QPoint(at.x() - 9, at.y()))
        self.rest(0.1)
        QTest.mouseMove(canvas, at)
        self.rest(0.3)


@dataclass(frozen=True, slots=True)
class Walk:
    """What is shown of one study.

    Attributes:
        name: begins the names of its pictures.
        study: the data set.
        act: walks through it.
        options: options before the window is made.
        prepare: writes what is opened into a folder, in place of the set.
    """

    name: str
    study: str
    act: Callable[[EnhanceStage], object]
    options: tuple[tuple[Option[str] | Option[int], str | int], ...] = ()
    prepare: Callable[[Path, Path], Path] | None = None


# What is walked through


def _denoised(stage: EnhanceStage) -> None:
    """Less noise: while it runs, done, and every way of comparing."""
    enhance = stage.window.enhance
    enhance.toggle("denoise")
    stage.walk.until(lambda: any(run.has_result for run in enhance.runs))
    stage.picture("running")
    stage.ended()
    stage.picture("enhanced")
    for mode in ("curtain", "difference"):
        enhance.compare(mode)
        stage.picture(mode)
        enhance.compare(mode)
    enhance.toggle_pair()
    stage.rest(1.0)
    stage.picture("side-by-side")
    enhance.toggle_pair()
    stage.rest()


def _figures(stage: EnhanceStage) -> None:
    """The panel at the standard strength and at full, and how sure the model is."""
    enhance, window = stage.window.enhance, stage.window
    enhance.show_panel()
    stage.picture("panel")
    enhance.set_strength(1.0)
    stage.rest()
    stage.picture("panel-full")
    _scroll_down(enhance.panel.findChild(QScrollArea))
    stage.picture("panel-below")
    enhance.choose_strength("standard")
    window.close_panel()
    _unsure(stage)


def _unsure(stage: EnhanceStage) -> None:
    """How sure the model is, with the probe on the picture."""
    enhance = stage.window.enhance
    stage.window.study.set_tool("probe")
    enhance.toggle_uncertainty()
    stage.rest(2.5)
    stage.picture("uncertainty", at=(0.45, 0.55))
    enhance.toggle_uncertainty()
    stage.window.study.set_tool("scroll")
    stage.rest()


def _scroll_down(area: QScrollArea | None) -> None:
    if area is not None:
        area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())


def _all_planes(stage: EnhanceStage) -> None:
    enhance, window = stage.window.enhance, stage.window
    window.study.toggle_reformat()
    stage.rest(1.5)
    stage.picture("three-planes")
    enhance.compare("curtain")
    stage.rest()
    stage.picture("three-planes-curtain")
    enhance.compare("curtain")
    window.study.toggle_reformat()
    stage.rest()


def _slab(stage: EnhanceStage) -> None:
    viewport = stage.window.study_page.desk.active
    viewport.set_plane(Plane.CORONAL)
    viewport.set_slab(Slab(Projection.MIP, 20.0))
    stage.rest(1.0)
    stage.picture("slab")
    viewport.set_slab(None)
    viewport.set_plane(Plane.ACQUIRED)
    stage.rest()


def _resolved(stage: EnhanceStage, task: str, plane: Plane) -> None:
    """Finer voxels, alone and by the curtain; then the stored series again."""
    enhance = stage.window.enhance
    enhance.toggle(task)
    stage.rest(0.5)
    stage.ended()
    desk = stage.window.study_page.desk
    desk.active.set_plane(plane)
    stage.rest(1.0)
    stage.picture(task)
    enhance.compare("curtain")
    stage.rest()
    stage.picture(f"{task}-curtain")
    enhance.compare("curtain")
    enhance.show_panel()
    stage.picture(f"{task}-panel")
    stage.window.close_panel()
    desk.active.set_plane(Plane.ACQUIRED)
    stage.rest()
    enhance.toggle(task)
    stage.rest()


def _chest(stage: EnhanceStage) -> None:
    stage.one()
    _denoised(stage)
    _figures(stage)
    _all_planes(stage)
    _slab(stage)


def _finer(stage: EnhanceStage) -> None:
    stage.one()
    _resolved(stage, "superres", Plane.CORONAL)
    _resolved(stage, "superres-plane", Plane.ACQUIRED)


def _brain(stage: EnhanceStage) -> None:
    stage.one()
    _denoised(stage)
    _figures(stage)


def _thick(stage: EnhanceStage) -> None:
    stage.one()
    stage.window.enhance.toggle("denoise")
    stage.rest()
    stage.ended()
    stage.picture("enhanced")
    stage.window.enhance.show_panel()
    stage.picture("panel")
    stage.window.close_panel()
    _unsure(stage)
    _resolved(stage, "superres", Plane.SAGITTAL)
    _resolved(stage, "superres-plane", Plane.ACQUIRED)


def _refused(stage: EnhanceStage) -> None:
    stage.one()
    enhance = stage.window.enhance
    enhance.toggle("superres")
    stage.walk.until(lambda: not any(enhance.runs))
    stage.rest(1.0)
    stage.picture("asked")
    stage.window.enhance.show_panel()
    stage.picture("panel")


def _filled(stage: EnhanceStage) -> None:
    stage.one()
    window = stage.window
    window.fill.toggle()
    viewport = window.study_page.desk.active
    stage.walk.until(
        lambda: viewport.content is not None and viewport.content.volume.filled is not None
    )
    stage.rest(0.8)
    stage.picture("slice")
    viewport.set_plane(Plane.CORONAL)
    stage.rest(1.0)
    stage.picture("coronal")


def _derived(stage: EnhanceStage) -> None:
    stage.one(len(stage.window.study.rows) - 1)
    stage.picture("opened")
    stage.window.enhance.toggle("denoise")
    stage.rest()
    stage.ended()
    stage.rest(1.0)
    stage.picture("asked-again")


def _packs(stage: EnhanceStage) -> None:
    window = stage.window
    window.show_preferences()
    stage.rest()
    preferences = window.panels.preferences
    area, section = preferences.findChild(QScrollArea), preferences.findChild(PackSection)
    assert area is not None
    assert section is not None
    area.ensureWidgetVisible(section.findChildren(QComboBox)[-1])
    stage.picture("preferences")


def _small_german(stage: EnhanceStage) -> None:
    stage.one()
    enhance = stage.window.enhance
    enhance.toggle("denoise")
    stage.rest()
    stage.ended()
    stage.picture("enhanced")
    enhance.compare("difference")
    stage.picture("difference")
    enhance.compare("difference")
    enhance.show_panel()
    stage.picture("panel")
    _unsure(stage)
    _packs(stage)


# What has to be made first


def _with_a_hole(source: Path, work: Path) -> Path:
    """Return the series without two of its slices."""
    made = work / "study"
    made.mkdir()
    for number, file in enumerate(_in_order(source)):
        if number not in LEFT_OUT:
            shutil.copy(file, made)
    return made


def _thirty(source: Path, work: Path) -> Path:
    """Return the middle of a series: finer voxels of all of it would take minutes."""
    made, files = work / "study", _in_order(source)
    made.mkdir()
    for file in sorted(files, key=_depth)[100:130]:
        shutil.copy(file, made)
    return made


def _depth(file: Path) -> float:
    found = pydicom.dcmread(file, stop_before_pixels=True, specific_tags=["ImagePositionPatient"])
    return float(found.ImagePositionPatient[2])


def _in_order(source: Path) -> list[Path]:
    return sorted(source.rglob("*.dcm"))


def _with_derived(source: Path, work: Path) -> Path:
    """Return the series, and what the command line makes of it, in one folder."""
    made = work / "study"
    shutil.copytree(source, made)
    asked = ["enhance", str(made), "--task", "denoise", "--out", str(made / "derived")]
    command = [sys.executable, "-m", "workstation", *asked]
    env = {**os.environ, "PRELIM_HOME": str(work / "home")}
    subprocess.run(command, check=True, env=env, stdout=subprocess.DEVNULL)
    return made


LARGER = (schema.TEXT_SCALE, 150)

WALKS = (
    Walk("ct", CHEST_CT, _chest),
    Walk("finer", CHEST_CT, _finer, prepare=_thirty),
    Walk("mr", MPRAGE, _brain),
    Walk("thick", THICK_MR, _thick),
    Walk("refused", HEAD_CT, _refused),
    Walk("filled", CHEST_CT, _filled, prepare=_with_a_hole),
    Walk("derived", THICK_MR, _derived, prepare=_with_derived),
    Walk("packs", THICK_MR, _packs),
    Walk("multiframe", BRAIN, _thick),
    Walk("german", CHEST_CT, _small_german, options=(GERMAN, LARGER)),
    Walk("german-thick", THICK_MR, _small_german, options=(GERMAN, LARGER)),
)


def take_enhancement_screens(folder: Path, names: tuple[str, ...] = ()) -> None:
    """Walk through every study that is here.

    Args:
        folder: where the pictures go.
        names: of the walks; empty for all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for walk in WALKS:
        source = find_study(walk.study)
        if source is None or (names and walk.name not in names):
            continue
        with tempfile.TemporaryDirectory(
            prefix="prelim-screens-", ignore_cleanup_errors=True
        ) as work:
            _take(walk, source, Path(work), folder)


def _take(walk: Walk, source: Path, work: Path, folder: Path) -> None:
    app = QApplication.instance() or QApplication(["prelim"])
    assert isinstance(app, QApplication)
    home = Home(work / "home").prepared()
    opened = source if walk.prepare is None else walk.prepare(source, work)
    window, house = build_window(app, home)
    window.options.change(schema.READER_NAME, "Dr. Ada Reader")
    window.options.change(schema.FIRST_RUN_DONE, True)
    window.options.change(schema.SHOW_HINTS, False)
    for option, value in walk.options:
        window.options.change(option, value)
    if walk.options:  # the language holds from the next start
        window.close()
        house.close()
        window, house = build_window(app, home)
    window.resize(*SIZES[-1])
    window.show()
    window.start((), is_demo=False)
    steps = WindowWalk(app, window)
    stage = EnhanceStage(Stage(window, steps, work), folder / walk.name)
    steps.open(opened)
    stage.loaded()
    walk.act(stage)
    window.close()
    house.close()
