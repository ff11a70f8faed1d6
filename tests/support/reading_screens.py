"""Pictures of the reading room on real studies: ``tests.support.screens reading DIR [NAME...]``.

One picture per function of the viewer, at the sizes a reader's screen has; the dense screen once
at scale 1 and, in a process of its own, once at scale 2. They show real images, so they are looked
at and never committed. Without names every scene is taken whose study is here.
"""

from __future__ import annotations

import copy
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pydicom
from pydicom.uid import generate_uid
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from tests.support.canary import CANARY
from tests.support.data import find_study
from tests.support.window_walk import WindowWalk
from viewers.state.slab import Projection, Slab
from viewers.state.view_state import Plane, Tool
from workstation.app import build_window
from workstation.settings import schema
from workstation.settings.home import Home
from workstation.settings.schema import Option
from workstation.ui.main_window import MainWindow

HEAD_CT = "s02_ct_head_ge_tilt_varspacing"
CHEST_CT = "s01_ct_chest_abdomen_philips"
BRAIN = "s07_mr_enhanced_multiframe_siemens_xa30"
MPRAGE = "s03_mr_brain_t1_mprage_siemens_skyra"
DTI = "s10_mr_dti_canon"
LIVER = "s14_ct_liver_seg_dcmqi"
TUMOR = "s15_sts_petctmr_rtstruct"

SIZES = ((1366, 768), (1920, 1080), (3840, 2160))
"""What a reader's screen has, in pixels; the dense one at scale 1."""

DENSE_SIZES = ((1920, 1080),)
"""The dense screen at scale 2, in the units of the window."""

SCALE = "PRELIM_SCREEN_SCALE"
"""Says to a process that its pictures are those at scale 2."""

PRIOR_SHIFT_MM = (9.0, -6.0, 14.0)
"""The patient lay otherwise the year before, so that there is something to fit."""


class Stage:
    """One window with a study in it, and what the scenes do to it. UI thread."""

    def __init__(self, window: MainWindow, walk: WindowWalk, work: Path) -> None:
        self.window, self.walk, self.work = window, walk, work
        self.pictured: QWidget = window

    def rest(self, seconds: float = 0.4) -> None:
        """Let the window work."""
        self.walk.rest(seconds)

    def rows(self, *modalities: str) -> list[int]:
        """Return the rows of some modalities, in their order."""
        items = self.window.study.items
        return [
            row
            for wanted in modalities
            for row, item in enumerate(items)
            if item.display_set.series.modality == wanted
        ]

    def hang(self, layout: str, rows: list[int], planes: tuple[Plane, ...] = ()) -> None:
        """Show rows beside each other, each in its plane."""
        window, desk = self.window, self.window.study_page.desk
        window.layouts.choose(layout)
        self.rest()
        for viewport, row in zip(desk.viewports, rows, strict=False):
            window.study.show_in(viewport, row)
            self.loaded()
        for viewport, plane in zip(desk.viewports, planes, strict=False):
            viewport.set_plane(plane)
        self.rest()

    def loaded(self) -> None:
        """Wait until what was asked for is in."""
        self.rest()
        window = self.window
        self.walk.until(
            lambda: (
                window.study.active_series is not None
                and all(one.has_ended for one in window.study.keeper.loaded.values())
            )
        )
        self.rest()

    def draw(self, tool: Tool, *points: tuple[float, float]) -> None:
        """Draw a mark by clicks, at parts of the active canvas."""
        canvas = self.window.study_page.desk.active.canvas
        self.window.study.set_tool(tool.value)
        for x, y in points:
            at = QPoint(round(x * canvas.width()), round(y * canvas.height()))
            QTest.mouseMove(canvas, at)
            QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
            self.rest(0.05)
        if tool in (Tool.POLYGON, Tool.CURVE):
            QTest.keyClick(canvas, Qt.Key.Key_Return)
        self.rest(0.1)


@dataclass(frozen=True, slots=True)
class Scene:
    """One function of the viewer.

    Attributes:
        name: of its pictures.
        study: the data set; empty for none.
        act: brings the window there.
        below: folder inside the set.
        options: options before the window is made.
        prepare: writes the study to open into a folder, in place of the set.
    """

    name: str
    study: str
    act: Callable[[Stage], object]
    below: str = ""
    options: tuple[tuple[Option[str] | Option[int], str | int], ...] = ()
    prepare: Callable[[Path, Path], tuple[Path, ...]] | None = field(default=None)


# What the scenes do


def _as_it_opens(stage: Stage) -> None:
    stage.rest(1.0)


def _one(stage: Stage) -> None:
    stage.window.layouts.choose("1x1")
    stage.rest()


def _brain_linked(stage: Stage) -> None:
    rows = stage.rows("MR")
    stage.hang("2x2", [rows[0]] * 2 + rows[1:3], (Plane.ACQUIRED, Plane.SAGITTAL))


def _sixteen(stage: Stage) -> None:
    rows = stage.rows("MR")
    stage.hang("4x4", (rows * 16)[:16])
    desk = stage.window.study_page.desk
    for number, viewport in enumerate(desk.viewports):
        viewport.go_to_slice(2 * number)


def _free_split(stage: Stage) -> None:
    layouts = stage.window.layouts
    layouts.choose("1x1")
    layouts.split("beside")
    layouts.step(1)
    layouts.split("below")
    stage.rest()
    for viewport in stage.window.study_page.desk.viewports:
        stage.window.study.show_in(viewport, 0)
    stage.loaded()


def _fused(stage: Stage) -> None:
    window = stage.window
    window.hanging.reset()
    window.layouts.choose("1x1")
    stage.walk.show_row(stage.rows("CT")[0])
    window.fusion.toggle()
    stage.rest(3.0)
    window.study.toggle_reformat()
    stage.rest(1.5)


def _planes(stage: Stage) -> None:
    window = stage.window
    window.layouts.choose("1x1")
    window.study.toggle_reformat()
    stage.rest(1.0)
    window.study.set_tool("crosshair")
    stage.window.study.turn_planes(20)
    stage.rest(1.0)


def _slab(stage: Stage) -> None:
    stage.window.layouts.choose("1x1")
    viewport = stage.window.study_page.desk.active
    viewport.set_plane(Plane.CORONAL)
    viewport.set_slab(Slab(Projection.MIP, 40.0))
    stage.rest(1.5)


def _curved(stage: Stage) -> None:
    window = stage.window
    window.layouts.choose("1x1")
    viewport = window.study_page.desk.active
    content = viewport.content
    assert content is not None
    count = content.volume.geometry.shape_kji[0]
    window.curved.toggle()
    canvas = viewport.canvas
    for part, x in ((0.25, 0.5), (0.4, 0.51), (0.5, 0.52), (0.6, 0.5), (0.75, 0.49)):
        viewport.go_to_slice(int(count * part))
        stage.rest(0.1)
        at = QPoint(round(canvas.width() * x), round(canvas.height() * 0.55))
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    stage.rest(1.5)


def _scene3d(preset: str) -> Callable[[Stage], None]:
    def act(stage: Stage) -> None:
        window = stage.window
        window.layouts.choose("1x1")
        window.scene3d.toggle()
        found = window.scene3d.stage
        assert found is not None
        model = found.viewport.model
        stage.walk.until(lambda: model.picture is not None or bool(model.status.value.sentence))
        model.choose_preset(preset)
        stage.rest(3.0)

    return act


def _scene3d_regions(stage: Stage) -> None:
    window = stage.window
    stage.walk.show_row(stage.rows("CT")[0])
    stage.walk.until(lambda: bool(window.objects.objects.region_objects))
    window.objects.toggle_regions()
    _scene3d("ct-bone")(stage)
    window.scene3d.toggle_planes()
    stage.rest(2.0)


def _prior(stage: Stage) -> None:
    window = stage.window
    window.links.show_priors()
    stage.rest()
    next(iter(window.links.panel.buttons.values())).click()
    stage.rest(2.0)
    stage.loaded()
    window.links.fit()
    stage.walk.until(lambda: window.links.fits.fit_found is not None)
    stage.rest()


def _prior_accepted(stage: Stage) -> None:
    _prior(stage)
    stage.window.links.fits.accept()
    stage.rest(1.0)


def _segments(stage: Stage) -> None:
    window = stage.window
    stage.walk.until(lambda: bool(window.objects.objects.region_objects))
    window.objects.toggle_regions()
    window.show_objects()
    stage.rest(1.0)


def _marks(stage: Stage) -> None:
    _one(stage)
    stage.draw(Tool.LENGTH, (0.30, 0.20), (0.44, 0.24))
    stage.draw(Tool.BIDIRECTIONAL, (0.56, 0.20), (0.70, 0.22), (0.62, 0.15), (0.64, 0.27))
    stage.draw(Tool.ANGLE, (0.32, 0.36), (0.38, 0.44), (0.46, 0.38))
    stage.draw(Tool.COBB, (0.54, 0.36), (0.66, 0.34), (0.54, 0.42), (0.66, 0.46))
    stage.draw(Tool.ELLIPSE, (0.32, 0.54), (0.42, 0.62))
    stage.draw(Tool.RECTANGLE, (0.54, 0.54), (0.64, 0.62))
    stage.draw(Tool.POLYGON, (0.36, 0.72), (0.46, 0.72), (0.44, 0.80), (0.36, 0.80))
    stage.draw(Tool.SPHERE, (0.58, 0.74), (0.61, 0.74))
    stage.draw(Tool.PROBE, (0.50, 0.50))
    stage.draw(Tool.ARROW, (0.24, 0.44), (0.30, 0.48))


def _magnifier(stage: Stage) -> None:
    _one(stage)
    stage.window.habits.toggle_lens()
    canvas = stage.window.study_page.desk.active.canvas
    canvas.setFocus()
    QTest.mouseMove(canvas, canvas.rect().center())
    stage.rest()


def _presentation(stage: Stage) -> None:
    window = stage.window
    _one(stage)
    stage.draw(Tool.LENGTH, (0.35, 0.4), (0.6, 0.45))
    stage.draw(Tool.ELLIPSE, (0.4, 0.55), (0.52, 0.65))
    window.study_page.desk.active.zoom_by(1.5)
    stored = stage.work / "study" / "Reading view.dcm"
    window.objects.looks.save_to(stored)
    stage.walk.until(stored.is_file)
    stage.rest(1.0)
    window.study_page.desk.marks.change(())
    window.study.close_study()
    window.show_worklist()
    stage.walk.open(stage.work / "study")
    stage.loaded()
    stage.walk.until(lambda: bool(window.objects.objects.presentations))
    window.show_objects()
    stage.rest()
    window.objects.looks.apply(window.objects.objects.presentations[0])
    stage.rest()


def _hanging_list(stage: Stage) -> None:
    stage.window.hanging.show_panel()
    stage.rest()


def _hanging_editor(stage: Stage) -> None:
    stage.window.hanging.save_as()
    stage.rest()


def _output(stage: Stage) -> None:
    stage.window.output.show_print()
    stage.rest(1.5)


def _pictures(stage: Stage) -> None:
    stage.window.output.show_pictures()
    stage.rest()


def _preferences(stage: Stage) -> None:
    stage.window.show_preferences()
    stage.rest()
    area = stage.window.panels.preferences.findChild(QScrollArea)
    if area is not None:
        area.ensureWidgetVisible(stage.window.habits.keys)


def _help(stage: Stage) -> None:
    stage.window.show_help()
    stage.rest()


def _priors_panel(stage: Stage) -> None:
    stage.window.links.show_priors()
    stage.rest()


def _menu(number: int) -> Callable[[Stage], None]:
    def act(stage: Stage) -> None:
        made = stage.window.menuBar().actions()[number].menu()
        assert isinstance(made, QWidget)
        stage.pictured = made

    return act


def _second_screen(stage: Stage) -> None:
    window = stage.window
    window.screens.open()
    beside = window.screens.windows[0]
    desk = window.study_page.desk
    desk.set_active(beside.grid.active)
    window.layouts.choose("1x2")
    for viewport in beside.grid.viewports:
        window.study.show_in(viewport, 0)
    stage.loaded()
    stage.pictured = beside


# What has to be made first


def _copied(source: Path, work: Path) -> tuple[Path, ...]:
    """The study alone in a folder to write into, with a name, for what writes beside it."""
    shutil.copytree(source, work / "study")
    return (work / "study",)


def _with_segments(source: Path, work: Path) -> tuple[Path, ...]:
    """The slices and the segmentation of them, without the other study of the set."""
    shutil.copytree(source / "ct-3slice", work / "study")
    shutil.copy(source / "liver.dcm", work / "study")
    return (work / "study",)


def _with_prior(source: Path, work: Path) -> tuple[Path, ...]:
    """The study, and the same one a year before, placed otherwise."""
    found = [pydicom.dcmread(file) for file in sorted(source.rglob("*.dcm"))]
    shift = np.array(PRIOR_SHIFT_MM)
    for name, date, moved in (("old", "20251018", shift), ("new", "20261120", shift * 0)):
        (work / name).mkdir()
        study, series, frame = generate_uid(), generate_uid(), generate_uid()
        for number, one in enumerate(found):
            made = copy.deepcopy(one)
            made.StudyInstanceUID, made.SeriesInstanceUID = study, series
            made.FrameOfReferenceUID, made.SOPInstanceUID = frame, generate_uid()
            made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
            made.PatientName, made.PatientID, made.PatientBirthDate = CANARY, "ZYX-1", "20190101"
            made.StudyDate = made.SeriesDate = date
            made.StudyDescription = "MR brain"
            made.ImagePositionPatient = list(np.array(one.ImagePositionPatient, float) + moved)
            made.save_as(work / name / f"{number:04d}.dcm")
    return (work / "old", work / "new")


GERMAN = (schema.LANGUAGE, "de")
LIGHT = (schema.THEME, "light")
LARGE = (schema.TEXT_SCALE, 200)

SCENES = (
    Scene("head-ct", HEAD_CT, _as_it_opens),
    Scene("chest-ct", CHEST_CT, _as_it_opens),
    Scene("brain-linked", BRAIN, _brain_linked),
    Scene("sixteen", BRAIN, _sixteen),
    Scene("free-split", HEAD_CT, _free_split),
    Scene("tumor-hung", TUMOR, _as_it_opens, below="STS_002"),
    Scene("fusion-planes", TUMOR, _fused, below="STS_002"),
    Scene("dti", DTI, _as_it_opens),
    Scene("planes-turned", CHEST_CT, _planes),
    Scene("slab", CHEST_CT, _slab),
    Scene("curved", CHEST_CT, _curved),
    Scene("3d-bone", CHEST_CT, _scene3d("ct-bone")),
    Scene("3d-lung", CHEST_CT, _scene3d("ct-lung")),
    Scene("3d-vessels", CHEST_CT, _scene3d("ct-vessels")),
    Scene("3d-regions", TUMOR, _scene3d_regions, below="STS_002"),
    Scene("prior-fit", MPRAGE, _prior, prepare=_with_prior),
    Scene("prior-accepted", MPRAGE, _prior_accepted, prepare=_with_prior),
    Scene("seg", LIVER, _segments, prepare=_with_segments),
    Scene("rtstruct", TUMOR, _segments, below="STS_002"),
    Scene("marks", HEAD_CT, _marks),
    Scene("magnifier", HEAD_CT, _magnifier),
    Scene("presentation", HEAD_CT, _presentation, prepare=_copied),
    Scene("hanging-list", CHEST_CT, _hanging_list),
    Scene("hanging-editor", CHEST_CT, _hanging_editor),
    Scene("print", HEAD_CT, _output),
    Scene("pictures", HEAD_CT, _pictures),
    Scene("preferences", HEAD_CT, _preferences),
    Scene("help", HEAD_CT, _help),
    Scene("menu-view", HEAD_CT, _menu(2)),
    Scene("menu-tools", HEAD_CT, _menu(3)),
    Scene("second-screen", HEAD_CT, _second_screen),
    Scene("light", CHEST_CT, _as_it_opens, options=(LIGHT,)),
    Scene("light-marks", HEAD_CT, _marks, options=(LIGHT,)),
    Scene("german", HEAD_CT, _marks, options=(GERMAN,)),
    Scene("german-preferences", HEAD_CT, _preferences, options=(GERMAN,)),
    Scene("large-text", HEAD_CT, _one, options=(LARGE,)),
    Scene("large-text-objects", LIVER, _segments, options=(LARGE,), prepare=_with_segments),
)


def take_reading_screens(folder: Path, names: tuple[str, ...] = ()) -> None:
    """Take every picture whose study is here.

    Args:
        folder: where they go.
        names: of the scenes; empty for all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    chosen = [scene for scene in SCENES if not names or scene.name in names]
    for scene in chosen:
        source = find_study(scene.study)
        if source is not None:
            with tempfile.TemporaryDirectory(
                prefix="prelim-screens-", ignore_cleanup_errors=True
            ) as work:
                _take(scene, source / scene.below, Path(work), folder)
    if SCALE not in os.environ:
        _take_dense(folder, names)


def _take_dense(folder: Path, names: tuple[str, ...]) -> None:
    """Take the pictures at scale 2: Qt takes the scale of a process once."""
    command = [sys.executable, "-m", "tests.support.screens", "reading", str(folder), *names]
    subprocess.run(command, check=True, env={**os.environ, SCALE: "2", "QT_SCALE_FACTOR": "2"})


def _take(scene: Scene, source: Path, work: Path, folder: Path) -> None:
    app = QApplication.instance() or QApplication(["prelim"])
    assert isinstance(app, QApplication)
    home = Home(work / "home").prepared()
    sources = (source,) if scene.prepare is None else scene.prepare(source, work)
    window, house = build_window(app, home)
    window.options.change(schema.READER_NAME, "Dr. Ada Reader")
    window.options.change(schema.FIRST_RUN_DONE, True)
    window.options.change(schema.SHOW_HINTS, False)
    for option, value in scene.options:
        window.options.change(option, value)
    if scene.options:  # the language holds from the next start
        window.close()
        house.close()
        window, house = build_window(app, home)
    sizes = DENSE_SIZES if SCALE in os.environ else SIZES
    window.resize(1920, 1080)
    window.show()
    window.start((), is_demo=False)
    walk = WindowWalk(app, window)
    stage = Stage(window, walk, work)
    for one in sources:
        window.study.close_study()
        window.show_worklist()
        walk.open(one)
        stage.loaded()
    scene.act(stage)
    for width, height in sizes:
        if stage.pictured is window or stage.pictured.isWindow():
            _picture(stage, (width, height), folder / scene.name)
    window.close()
    house.close()


def _picture(stage: Stage, size: tuple[int, int], name: Path) -> None:
    pictured = stage.pictured
    if not pictured.inherits("QMenu"):
        pictured.resize(*size)
    stage.rest(0.8)
    shown = pictured.grab()
    dense = "@2x" if SCALE in os.environ else ""
    shown.save(f"{name}-{size[0]}{dense}.png")
