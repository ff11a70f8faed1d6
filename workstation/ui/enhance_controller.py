"""What keys, menus and the line below the images ask of enhancement; nothing is measured here.

It makes the parts and lets them speak to each other: the runs, the ways of comparing, the panel
with the figures, what protocols wish for, and how sure the model is.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from viewers.qt.viewport import ViewportWidget
from viewers.state.view_state import Compare
from workstation.core.identity import StudyIdentity
from workstation.services.enhance_choices import EnhanceTask, fitting
from workstation.ui.arrangement import ArrangementDesk
from workstation.ui.bridge import JobBridge
from workstation.ui.derived_original import DerivedOriginals
from workstation.ui.enhance_automatic import AutomaticDesk
from workstation.ui.enhance_bar import show_on_bar
from workstation.ui.enhance_commands import MARKED
from workstation.ui.enhance_layer import ResultLayer
from workstation.ui.enhance_menu import SeriesMenu
from workstation.ui.enhance_options import PackSection
from workstation.ui.enhance_packs import PackDesk
from workstation.ui.enhance_panel import EnhancePanel
from workstation.ui.enhance_run import Run, Stage
from workstation.ui.enhance_runs import EnhanceRuns
from workstation.ui.enhance_shown import ShownRuns
from workstation.ui.enhance_sure import SureDesk
from workstation.ui.enhance_tasks import STEP, Preset
from workstation.ui.enhance_views import CompareDesk
from workstation.ui.hanging_controller import HangingController
from workstation.ui.option_desk import OptionDesk
from workstation.ui.study_controller import StudyController
from workstation.ui.study_page import StudyPage
from workstation.ui.use_cases import UseCases
from workstation.ui.words import tr

NOTHING_SHOWN = "Show a series first, then enhance it."
"""Said where there is nothing to enhance."""

SHOWN_IS_MADE = "Enhance the original series: this one was made of it."
"""Said where the volume on show is a result itself."""

NOTHING_ENHANCED = "Enhance the series first: then it can be compared with the original."
"""Said where there is nothing to compare."""


class EnhanceController(QObject):
    """Owned by the UI thread.

    Signals:
        said(str): a sentence for the status line.
        panel_wanted(QWidget): the panel with the figures is to be shown.
    """

    said = Signal(str)
    panel_wanted = Signal(object)

    def __init__(
        self,
        page: StudyPage,
        study: StudyController,
        use_cases: UseCases,
        bridge: JobBridge,
        options: OptionDesk,
        hanging: HangingController,
    ) -> None:
        """Make every part.

        Args:
            page: the reading page.
            study: the open study.
            use_cases: the doors to models and packs.
            bridge: starts jobs.
            options: strengths and packs the reader prefers.
            hanging: protocols may wish for enhancement, which is made behind the reading.
        """
        super().__init__(page)
        self._page, self._study, self._desk = page, study, page.desk
        self.packs = PackDesk(use_cases.enhance_packs, bridge, options)
        self.runs = EnhanceRuns(page.desk, study, use_cases.enhance, bridge)
        self.layer = ResultLayer(page.desk, study)
        self.shown = ShownRuns(page.desk, study, self.runs, self.layer)
        self.compares = CompareDesk(page.desk, ArrangementDesk(page.desk, study))
        self.originals = DerivedOriginals(page.desk, study)
        self.sure = SureDesk(page.desk, use_cases.uncertainty, bridge, self.shown.laid_in)
        self.panel = EnhancePanel(self.runs.cancel, self.choose_pack)
        self._actions: dict[str, QAction] = {}
        self._refusals: dict[int, str] = {}
        self._connect()
        self.sections = ((tr("Model packs"), PackSection(self.packs)),)
        self.menu = SeriesMenu(page.rail, self.runs.of, self.toggle_row)
        self.automatic = AutomaticDesk(self, hanging, study, options)

    def take_actions(self, action: Callable[[str], QAction]) -> None:
        """Keep the check marks of the commands right."""
        self._actions = {name: action(name) for name in MARKED}
        rail = self._page.rail
        rail.addAction(action("enhance_chosen"))
        self._show_state()

    # What commands call

    def toggle(self, task: str) -> None:
        """Turn an enhancement of the active series on, or off again."""
        wanted = EnhanceTask(task)
        shown = self.shown.made()
        if shown is not None and shown.task is wanted:
            self._show_source(self._desk.active, shown)
            return
        row = self.shown.row()
        if row is None:
            self.said.emit(self._no_source())
            return
        self.toggle_row(row, wanted)

    def _no_source(self) -> str:
        """Return why what is shown is not enhanced: it was made, or there is nothing."""
        return tr(NOTHING_SHOWN if self.shown.made() is None else SHOWN_IS_MADE)

    def toggle_row(self, row: int, task: EnhanceTask = EnhanceTask.LESS_NOISE) -> None:
        """Turn an enhancement of a series of the rail on, or off again."""
        run = self.runs.of(row, task)
        is_shown_elsewhere = run is not None and run.is_on and task.is_laid_over
        if (
            is_shown_elsewhere
            and row == self.shown.row()
            and self.compares.unpin(self._desk.active)
        ):
            return
        if run is None:
            self._begin(row, task)
        elif run.is_automatic and not run.is_on:
            self._take_automatic(run)
        elif run.stage is not Stage.DONE and run.is_on:
            self.runs.cancel(run)
        elif run.task.is_laid_over:
            run.is_on = not run.is_on
            self._lay(run)
            if not run.is_on:
                self.compares.leave_difference()
        elif row == self.shown.row():
            self._show_made(self._desk.active, run)
        else:
            self.said.emit(tr("It is ready: show the series, then ask for it again."))
        self._say_behind(row, task)
        self._show_state()

    def _say_behind(self, row: int, task: EnhanceTask) -> None:
        """Say that a series which is not on show is being enhanced."""
        run = self.runs.of(row, task)
        if run is not None and run.stage is not Stage.DONE and row != self.shown.row():
            name = self._study.rows[row].name
            self.said.emit(tr("Enhancing in the background: {0}").format(name))

    def enhance_chosen(self) -> None:
        """Enhance the series that is chosen in the list, shown or not."""
        row = self._page.rail.currentIndex().row()
        if not 0 <= row < len(self._study.rows):
            self.said.emit(tr(NOTHING_SHOWN))
            return
        self.toggle_row(row)

    def hold(self, is_down: bool) -> None:
        """Show the stored pixels for as long as the key is held."""
        self._desk.compare_original(is_down)

    def compare(self, mode: str) -> None:
        """Compare by a curtain or as a difference, or show the result alone again."""
        wanted = Compare(mode)
        is_made = self.shown.made() is not None
        if self.compares.mode is not wanted:
            if self.shown.laid() is None and not (is_made or self.shown.is_derived):
                self.said.emit(tr(NOTHING_ENHANCED))
                self._show_state()
                return
            if is_made and wanted is Compare.DIFFERENCE:
                self.said.emit(tr("A difference needs the same slices: compare by the curtain."))
                self._show_state()
                return
            if self.shown.is_derived and wanted is Compare.DIFFERENCE:
                self.said.emit(tr("There is no difference of a stored result: use the curtain."))
                self._show_state()
                return
        self.compares.toggle(wanted)

    def toggle_pair(self) -> None:
        """Show original and result side by side, or the layout before."""
        is_made = self.shown.made() is not None or self.shown.is_derived
        has_result = is_made or self.shown.laid() is not None
        if not has_result and not self.compares.pair.is_on:
            self.said.emit(tr(NOTHING_ENHANCED))
            self._show_state()
            return
        self.compares.toggle_pair()

    def move_curtain(self, steps: int) -> None:
        """Move the curtain by keys."""
        self.compares.move_curtain(steps)

    def set_strength(self, strength: float) -> None:
        """Show less or more of the model's change; nothing is computed again."""
        run = self.shown.laid()
        if run is None:
            return
        run.strength = min(max(strength, 0.0), 1.0)
        self._lay(run)
        self._page.enhance_bar.show_strength(run.strength, run.standard)
        self.panel.show_strength(run)

    def choose_strength(self, preset: str) -> None:
        """Show a strength with a name."""
        run = self.shown.laid()
        if run is None:
            self.said.emit(tr(NOTHING_ENHANCED))
            return
        self.set_strength(Preset(preset).of(run.standard))

    def step_strength(self, steps: int) -> None:
        """Show a step more or less of the model's change."""
        run = self.shown.laid()
        if run is None:
            self.said.emit(tr(NOTHING_ENHANCED))
            return
        self.set_strength(round(run.strength + 2 * steps * STEP, 2))

    def next_pack(self) -> None:
        """Make the result of the active series anew with the next pack that does it."""
        row = self.shown.row()
        if row is None:
            self.said.emit(self._no_source())
            return
        run = self.runs.of(row, EnhanceTask.LESS_NOISE)
        found = self.packs.after(None if run is None else run.pack, self.shown.modality(row))
        if found is None:
            self.said.emit(tr("There is one model pack for this only."))
            return
        self.choose_pack(found.ref.pack_id)
        self.said.emit(tr("Model pack: {0}").format(f"{found.title} ({found.ref})"))

    def choose_pack(self, pack_id: str) -> None:
        """Make the result of the active series anew with a pack, from now on for its modality."""
        row = self.shown.row()
        if row is None:
            self.said.emit(self._no_source())
            return
        self.packs.prefer(self.shown.modality(row), pack_id)
        run = self.runs.of(row, EnhanceTask.LESS_NOISE)
        if run is not None:
            self.runs.cancel(run)
        self._begin(row, EnhanceTask.LESS_NOISE, pack_id)
        self._show_state()

    def toggle_uncertainty(self) -> None:
        """Show how sure the model is on the slice on show, or not."""
        if self.shown.laid() is None and not self.sure.is_on:
            self.said.emit(tr(NOTHING_ENHANCED))
        else:
            self.sure.toggle()
        self._show_state()

    def show_panel(self) -> None:
        """Show noise and bias."""
        self._show_state()
        self.panel_wanted.emit(self.panel)

    # Running

    def _begin(self, row: int, task: EnhanceTask, pack_id: str = "") -> None:
        self._refusals.pop(row, None)
        run = Run(row, task, pack_id)
        self.prepare(run)
        self.runs.start(run)
        self._lay(run)

    def prepare(self, run: Run) -> None:
        """Give an enhancement the pack and the strength the reader prefers, where known."""
        modality = self.shown.modality(run.row)
        found = self.packs.best(run.task, modality, run.pack_id)
        if found is None:
            return
        run.pack, run.pack_id, run.standard = found.ref, found.ref.pack_id, found.strength
        run.strength = self._first_strength(run)

    def _first_strength(self, run: Run) -> float:
        """Return how strong a result is shown first: as the reader prefers for its modality."""
        if not run.task.is_laid_over:
            return 1.0
        return self.packs.strength(run.standard, self.shown.modality(run.row))

    def _take_automatic(self, run: Run) -> None:
        """Show what was made, or is being made, behind: the reader asks for it now."""
        run.is_on = True
        if run.stage is Stage.QUEUED and not run.job_id:
            self.runs.drop(run)
            self._begin(run.row, run.task, run.pack_id)
            return
        self._lay(run)

    def _refused(self, run: Run, sentence: str) -> None:
        if not run.is_automatic:
            self._refusals[run.row] = sentence
        self._show_state()

    def _changed(self, run: Run) -> None:
        self._lay(run)
        is_made = run.stage is Stage.DONE and run.volume is not None
        if is_made and run.is_on and self.layer.shows_source(self._desk.active, run):
            self._show_made(self._desk.active, run)
        self._show_state()

    def _sliced(self, run: Run, k: int) -> None:
        series = self.layer.series(run)
        if run.is_on and series is not None:
            self._desk.refresh_enhanced(series.volume.series.series_uid, k)
        if run is self.shown.laid():
            self._page.enhance_bar.show_state(run.words())

    # Showing

    def _lay(self, run: Run) -> None:
        self.layer.lay(run)
        if run.has_result:
            self.runs.touch(run)
        self.compares.apply()

    def _show_made(self, viewport: ViewportWidget, run: Run) -> None:
        run.is_on = True
        if not self.layer.show_made(viewport, run):
            # Its original was given up for room: it is read again before it is compared with.
            self._study.show_row(run.row)
            return
        self.compares.apply()
        self._study.shown_changed.emit()

    def _show_source(self, viewport: ViewportWidget, run: Run) -> None:
        run.is_on = False
        if not self.layer.show_source(viewport, run):
            self._study.show_row(run.row)
            return
        self._study.shown_changed.emit()

    def _follow_shown(self) -> None:
        """Lay results again over series that came back on screen, and say what is shown."""
        for run in self.runs:
            if self.layer.is_missing(run):
                self._lay(run)
        self.compares.pair.check()
        self.compares.apply()
        self.sure.follow()
        self._show_state()

    # What is said

    def _show_state(self) -> None:
        row, run, made = self.shown.row(), self.shown.laid(), self.shown.made()
        here = () if row is None else tuple(one for one in self.runs if one.row == row)
        marked = {one.task for one in here if one.stage is not Stage.DONE and one.is_on}
        marked |= {one.task for one in (run, made) if one is not None}
        is_on = {
            **{task.value: task in marked for task in EnhanceTask},
            "curtain": self.compares.mode is Compare.CURTAIN,
            "difference": self.compares.mode is Compare.DIFFERENCE,
            "side_by_side": self.compares.pair.is_on,
            "uncertainty": self.sure.is_on,
        }
        for name, key in MARKED.items():
            if name in self._actions:
                self._actions[name].setChecked(is_on[key])
        under_way = (one for one in here if one.stage is not Stage.DONE and one.is_on)
        shown = run or made or next(under_way, None)
        refusal = "" if row is None or shown is not None else self._refusals.get(row, "")
        show_on_bar(self._page.enhance_bar, shown, refusal, self.shown.unit(shown))
        self._show_panel_state(row, shown, refusal)

    def _show_panel_state(self, row: int | None, shown: Run | None, refusal: str) -> None:
        names = {number: item.name for number, item in enumerate(self._study.rows)}
        self.panel.show_runs(tuple(self.runs), shown, names, refusal, self.shown.unit(shown))
        modality = "" if row is None else self.shown.modality(row)
        found = fitting(self.packs.packs, EnhanceTask.LESS_NOISE, modality)
        used = "" if shown is None or shown.pack is None else shown.pack.pack_id
        self.panel.show_packs(found, used or self.packs.preferred(modality))

    def _stop(self) -> None:
        row = self.shown.row()
        for run in self.runs:
            if run.row == row and run.stage is not Stage.DONE:
                self.runs.cancel(run)
        self._show_state()

    def _study_changed(self, identity: StudyIdentity | None) -> None:
        # A study is hung before it is told: what its protocol wished for stays.
        if identity is not None:
            self.packs.load()
            return
        self.runs.forget()
        self._refusals.clear()
        self.sure.forget()
        self.compares.new_study()
        self._show_state()

    def _connect(self) -> None:
        bar, study, runs = self._page.enhance_bar, self._study, self.runs
        bar.strength_moved.connect(self.set_strength)
        bar.preset_chosen.connect(lambda preset: self.choose_strength(preset.value))
        bar.stop_wanted.connect(self._stop)
        bar.figures_wanted.connect(self.show_panel)
        runs.first_strength = self._first_strength
        runs.chosen.connect(self._changed)
        runs.changed.connect(self._changed)
        runs.sliced.connect(self._sliced)
        runs.refused.connect(self._refused)
        self.compares.changed.connect(self._show_state)
        self.sure.changed.connect(self._show_state)
        self.packs.changed.connect(self._show_state)
        self.panel.uncertainty_wanted.connect(self.toggle_uncertainty)
        study.study_changed.connect(self._study_changed)
        study.shown_changed.connect(self._follow_shown)
        study.keeper.ready.connect(lambda _series, _wish: runs.relieve())
        for source in (runs, self.compares, self.sure, self.packs):
            source.said.connect(self.said)
