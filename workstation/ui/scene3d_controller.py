"""The 3D view in the window: when it is there, which series it shows, what it follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from viewers.qt.texts import identity_lines, series_lines
from viewers.scene3d.launch import HOW_TO_GET_VTK, NO_VTK, has_vtk
from viewers.scene3d.model import Phase, SceneModel
from viewers.scene3d.presets import load_presets
from viewers.scene3d.viewport import SceneViewport
from viewers.state.crosshair import Crosshair
from workstation.core.errors import WorkerError
from workstation.settings.resources import resource
from workstation.ui.loaded_series import LoadedSeries
from workstation.ui.scene3d_controls import SceneControls
from workstation.ui.study_controller import StudyController
from workstation.ui.study_page import StudyPage
from workstation.ui.theme import step_px
from workstation.ui.widgets import line
from workstation.ui.words import tr

if TYPE_CHECKING:
    from workstation.core.volume import Volume

CONTROLS_FROM_STEPS = 150
"""Below a width of 600 pixels the picture needs all of it; the keys do what the controls do."""

QUARTER_CONTROLS_FROM_STEPS = 225
"""As one of four pictures it is compared with the others: they and it are about equally wide."""


class SceneStage(QWidget):
    """The view and its controls. Owned by the UI thread."""

    def __init__(self, model: SceneModel, *, toggle_planes: Callable[[], None]) -> None:
        super().__init__()
        self.viewport = SceneViewport(model)
        self.controls = SceneControls(self.viewport, toggle_planes=toggle_planes)
        self._is_quarter = False
        inside = line(self, gap=0)
        inside.addWidget(self.viewport, 1)
        inside.addWidget(self.controls)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the picture the room of the controls where there is little."""
        super().resizeEvent(event)
        self._fit_controls()

    def set_quarter(self, *, is_quarter: bool) -> None:
        """Be one of four pictures, which leaves less room for controls, or one of two."""
        self._is_quarter = is_quarter
        self._fit_controls()

    def _fit_controls(self) -> None:
        steps = QUARTER_CONTROLS_FROM_STEPS if self._is_quarter else CONTROLS_FROM_STEPS
        self.controls.setVisible(self.width() >= step_px(steps))


class Scene3dController(QObject):
    """Owned by the UI thread. Nothing of it is made before the view is asked for.

    Signals:
        said(str): a sentence for the status line.
    """

    said = Signal(str)

    def __init__(self, page: StudyPage, study: StudyController) -> None:
        """Follow a study.

        Args:
            page: where the view has its place, beside or instead of the images.
            study: the open study.
        """
        super().__init__(page)
        self._page, self._study = page, study
        self._stage: SceneStage | None = None
        self._series: LoadedSeries | None = None
        self._release: Callable[[], None] | None = None
        self._action: QAction | None = None
        self._is_shown = self._are_beside = False
        page.grid.layout_changed.connect(lambda _layout: self._place())
        study.shown_changed.connect(self._follow)
        study.study_changed.connect(lambda _study: self.hide())
        study.keeper.slice_came.connect(lambda series, _k: self._on_slices(series))
        study.keeper.loading_ended.connect(self._on_slices)
        marks = page.desk.marks
        marks.crosshair.observe(lambda _old, new: self._take_crosshair(new))
        marks.regions.observe(lambda _old, new: self._with(lambda m: m.set_regions(new)))

    @property
    def stage(self) -> SceneStage | None:
        """The view and its controls; None before it was asked for."""
        return self._stage

    @property
    def series(self) -> LoadedSeries | None:
        """The series that is shown; None for none."""
        return self._series if self._is_shown else None

    @property
    def is_shown(self) -> bool:
        """Whether the view is on screen."""
        return self._is_shown

    def take_action(self, action: QAction) -> None:
        """Take the command, whose mark says whether the view is shown."""
        self._action = action

    def toggle(self) -> None:
        """Show the series of the active viewport in 3D, or the images again."""
        if self._is_shown:
            self.hide()
        else:
            self._show()
        self._mark()

    def hide(self) -> None:
        """Show the images again; the process that draws ends."""
        stage = self._stage
        if stage is None or not self._is_shown:
            return
        self._is_shown = False
        self._let_go()
        self._series = None
        stage.viewport.model.clear()
        self._page.grid.take_guest(None)
        stage.hide()
        self._page.show_images(are_shown=True)
        self._page.desk.active.setFocus()
        self._mark()

    def toggle_planes(self) -> None:
        """Show the images beside the view, or the view alone."""
        self._set_beside(are_beside=not self._are_beside)

    def close(self) -> None:
        """End the process for good."""
        self._let_go()
        if self._stage is not None:
            self._stage.viewport.model.close()

    # Private

    def _show(self) -> None:
        if self._study.imported is None:
            self.said.emit(tr("Open a series to see it in 3D."))
            return
        if not has_vtk():
            error = WorkerError(tr("There is no 3D view"), why=tr(NO_VTK), todo=HOW_TO_GET_VTK)
            self.said.emit(tr(str(error)))
            return
        if self._stage is None:
            self._stage = self._made()
        self._is_shown = True
        self._set_beside(are_beside=self._page.desk.main.layout_shown.is_mpr)
        self._stage.viewport.setFocus()
        self._follow()

    def _made(self) -> SceneStage:
        model = SceneModel(load_presets(resource("volume_presets")), parent=self)
        model.said.connect(self.said)
        model.status.observe(lambda _old, _new: self._release_when_copied())
        stage = SceneStage(model, toggle_planes=self.toggle_planes)
        stage.viewport.left.connect(self.hide)
        stage.viewport.refused.connect(self.said)
        stage.viewport.maximize_requested.connect(self.toggle_planes)
        self._page.destroyed.connect(model.close)
        return stage

    def _set_beside(self, *, are_beside: bool) -> None:
        self._are_beside = are_beside
        self._place()

    def _place(self) -> None:
        """Put the view where it belongs: alone, beside the images, or the fourth beside planes."""
        stage, grid = self._stage, self._page.grid
        if stage is None or not self._is_shown:
            return
        had_focus = stage.isAncestorOf(QApplication.focusWidget() or self._page)
        is_quarter = self._are_beside and grid.layout_shown.is_mpr
        grid.take_guest(stage if is_quarter else None)
        if not is_quarter:
            self._page.add_beside_images(stage)
            stage.show()
        self._page.show_images(are_shown=self._are_beside)
        stage.set_quarter(is_quarter=is_quarter)
        stage.controls.show_planes(are_beside=self._are_beside)
        if had_focus:
            stage.viewport.setFocus()

    def _mark(self) -> None:
        if self._action is not None:
            self._action.setChecked(self._is_shown)

    def _with(self, act: Callable[[SceneModel], None]) -> None:
        if self._stage is not None and self._is_shown:
            act(self._stage.viewport.model)

    # The series

    def _follow(self) -> None:
        """Show the series of the active viewport; of a model's volume, what it was made of."""
        content = self._page.desk.active.content
        if not self._is_shown or content is None:
            return
        series = self._study.loaded_of(content.stored)
        if series is None:
            self.said.emit(tr("The 3D view shows series of the scanner only."))
        elif series is not self._series:
            self._let_go()
            self._series = series
            self._take(series)

    def _take(self, series: LoadedSeries) -> None:
        stage = self._stage
        if stage is None or not series.is_open:
            return
        volume, model = series.volume, stage.viewport.model
        stage.viewport.identity = (identity_lines(volume), series_lines(volume))
        if not series.has_ended:
            model.wait_for(volume, float(series.flags.mean()))
            return
        # Its voxels stay until they are copied; then others may have their place.
        self._release = self._study.hold(series)
        self._give(model, series, volume)

    def _give(self, model: SceneModel, series: LoadedSeries, volume: Volume) -> None:
        flags = series.flags.copy()
        model.set_regions(self._page.desk.marks.regions.value)
        model.show(volume, lambda k: bool(flags[k]))
        self._take_crosshair(self._page.desk.marks.crosshair.value)

    def _on_slices(self, series: LoadedSeries) -> None:
        stage = self._stage
        if stage is None or series is not self._series or not self._is_shown:
            return
        if stage.viewport.model.status.value.phase is Phase.LOADING:
            self._take(series)

    def _release_when_copied(self) -> None:
        stage = self._stage
        if stage is not None and stage.viewport.model.status.value.phase is not Phase.STARTING:
            self._let_go()

    def _let_go(self) -> None:
        release, self._release = self._release, None
        if release is not None:
            release()

    def _take_crosshair(self, crosshair: Crosshair | None) -> None:
        series = self._series
        if crosshair is None or series is None or not series.is_open:
            self._with(lambda model: model.set_crosshair(None))
            return
        geometry = series.volume.geometry
        is_here = geometry.is_placed and crosshair.reaches(
            frame_of_reference_uid=geometry.frame_of_reference_uid,
            series_uid=series.volume.series.series_uid,
        )
        point = crosshair.point_mm if is_here else None
        self._with(lambda model: model.set_crosshair(point))
