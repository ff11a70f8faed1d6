"""How the viewports are arranged: layouts, splits, which one is active; kept per modality."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal

from viewers.qt.viewport import ViewportWidget
from viewers.state.layout import MAX_CELLS, Layout, LayoutError
from workstation.settings import schema
from workstation.ui.arrangement import ArrangementDesk
from workstation.ui.layout_picker import LayoutPicker
from workstation.ui.option_desk import OptionDesk
from workstation.ui.study_controller import StudyController
from workstation.ui.study_page import StudyPage
from workstation.ui.words import tr

if TYPE_CHECKING:  # it brings the DICOM toolkit
    from workstation.services.import_studies import ImportedStudy

STEP_SHARE = 0.05
"""Share of the grid by which a key moves a divider: twenty presses from side to side."""

GROWTH = {"wider": (1, 0), "narrower": (-1, 0), "taller": (0, 1), "lower": (0, -1)}
"""What a key does to the active viewport, as (right, down)."""

BUTTONS = {
    "1x1": "layout_1",
    "1x2": "layout_2",
    "2x2": "layout_4",
    "3x3": "layout_9",
    "mpr": "reformat",
}
"""Commands of the layouts that have a key, by the name of the layout."""

MOST_MODALITIES = 20
"""Layouts kept at most; more kinds of images one reader does not see."""


class LayoutController(QObject):
    """Arranges the viewports as the reader asks. Owned by the UI thread.

    Signals:
        said(str): a sentence for the status line.
    """

    said = Signal(str)

    def __init__(self, page: StudyPage, study: StudyController, options: OptionDesk) -> None:
        """Take the widgets.

        Args:
            page: viewports, rail and tool bar.
            study: the open study; it asks here for its first layout.
            options: keep the layouts.
        """
        super().__init__(page)
        self._page, self._study, self._options = page, study, options
        self._desk = page.desk
        self._picker = LayoutPicker(page)
        self._picker.picked.connect(self.choose)
        self._desk.layout_changed.connect(self._show_layout)
        self._desk.layout_dragged.connect(self._keep)
        self._desk.series_dropped.connect(self._drop)
        study.first_layout = self.first_layout
        self.arrangements = ArrangementDesk(page.desk, study)
        study.arrange = self.arrangements.act

    # Commands

    def choose(self, name: str) -> None:
        """Give the active screen the layout of a name ("2x3": two rows of three)."""
        self.arrangements.act(lambda: self._set(Layout.named(name)))

    def pick(self) -> None:
        """Open the small panel in which all layouts from 1 x 1 to 4 x 4 can be chosen."""
        grid = self._desk.active_grid
        button = self._page.tool_bar.control("layout_pick")
        below = button if button is not None and grid is self._desk.main else None
        window = grid.window()
        at = QPoint(0, below.height()) if below is not None else QPoint(0, 0)
        place = (grid if below is None else below).mapTo(window, at)
        name = self._desk.layout_shown.name
        rows, columns = map(int, name.split("x")) if "x" in name else (1, 1)
        self._picker.ask(window, place, rows, columns)

    def split(self, way: str) -> None:
        """Make two of the active viewport, ``beside`` each other or one ``below`` the other."""

        def split() -> None:
            if self._desk.active_grid.split_active(side_by_side=way == "beside"):
                self._keep(self._desk.layout_shown)

        self.arrangements.act(split)

    def close_viewport(self) -> None:
        """Take the active viewport out of the layout."""

        def close() -> None:
            if self._desk.active_grid.close_active():
                self._keep(self._desk.layout_shown)

        self.arrangements.act(close)

    def maximize(self) -> None:
        """Show the active viewport alone, or all again."""
        self._desk.active_grid.toggle_maximized(self._desk.active)

    def step(self, steps: int) -> None:
        """Let the keys act on the next viewport, or the one before, over all screens."""
        self._desk.step_active(steps)

    def grow(self, way: str) -> None:
        """Move a divider beside the active viewport."""
        right, down = GROWTH[way]
        grid = self._desk.active_grid
        if not grid.grow_active(right=right * STEP_SHARE, down=down * STEP_SHARE):
            self.said.emit(tr("No divider beside this viewport can move that way."))

    def fill(self) -> None:
        """Show the series of the study in order, from the active one on, one in each viewport."""
        if self._desk.layout_shown.is_mpr:
            self.said.emit(tr("Three planes show one series. Choose another layout to fill it."))
            return
        count = len(self._study.items)
        places = [
            one
            for grid in self._desk.grids
            if not grid.layout_shown.is_mpr
            for one in grid.viewports
        ]

        def show() -> None:
            for row, viewport in zip(range(min(count, len(places))), places, strict=False):
                self._study.show_in(viewport, row)

        self.arrangements.act(show, fills=True)
        if count > len(places):
            words = tr("{0} of {1} series are shown; Space shows the next one.")
            self.said.emit(words.format(len(places), count))

    # Kept

    def first_layout(self, study: ImportedStudy) -> Layout:
        """Return the layout a study opens with: the reader's last one for its modality."""
        return self._kept().get(modality_of(study), Layout.ONE)

    def _set(self, layout: Layout) -> None:
        self._desk.set_layout(layout)
        self._keep(layout)

    def _keep(self, layout: Layout) -> None:
        """Remember a layout that the reader made, for studies of this modality."""
        study = self._study.imported
        is_main = self._desk.active_grid is self._desk.main
        if study is None or layout.is_mpr or not is_main:
            return
        kept = {**self._kept(), modality_of(study): layout}
        last = dict(list(kept.items())[-MOST_MODALITIES:])
        data = {modality: one.to_data() for modality, one in last.items()}
        self._options.change(schema.LAYOUTS, json.dumps(data))

    def _kept(self) -> dict[str, Layout]:
        return layouts_of(self._options.get(schema.LAYOUTS))

    # Private

    def _drop(self, row: int, viewport: ViewportWidget) -> None:
        self._desk.set_active(viewport)
        self._study.show_row(row)

    def _show_layout(self, layout: Layout) -> None:
        self._page.tool_bar.mark(list(BUTTONS.values()), BUTTONS.get(layout.name, ""))


def modality_of(study: ImportedStudy) -> str:
    """Return the modality that most slices of a study have; empty where none says so."""
    counts: Counter[str] = Counter()
    for series in study.series:
        slices = sum(display_set.slice_count for display_set in series.display_sets)
        counts[series.identity.modality] += slices
    return max(counts, key=lambda one: counts[one], default="")


def layouts_of(text: str) -> dict[str, Layout]:
    """Return the layouts that were kept, by modality; what cannot be read is left out."""
    try:
        data = json.loads(text or "{}")
    except ValueError:
        return {}
    found: dict[str, Layout] = {}
    for modality, one in data.items() if isinstance(data, dict) else ():
        try:
            layout = Layout.from_data(one)
        except LayoutError:
            continue
        if len(layout.cells) <= MAX_CELLS and not layout.is_mpr:
            found[modality] = layout
    return found
