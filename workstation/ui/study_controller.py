"""The open study: which series is loaded, which is shown, and what keys do to the images."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from viewers.qt.viewport import ViewportWidget
from viewers.state.layout import Layout
from viewers.state.view_state import Plane, Tool, ViewState
from viewers.tools.navigate import WHEEL_ZOOM
from workstation.core.finding import Evidence
from workstation.core.provenance import PixelKind
from workstation.core.volume import Volume
from workstation.services.jobs import JobContext, Lane, Request
from workstation.ui.bridge import JobBridge, Replies
from workstation.ui.loaded_series import LoadedSeries
from workstation.ui.series_browser.rail import THUMB_STEPS, RailItem
from workstation.ui.series_browser.seen import SeenDesk
from workstation.ui.series_keeper import SeriesKeeper, Wish
from workstation.ui.study_page import StudyPage
from workstation.ui.theme import step_px
from workstation.ui.use_cases import UseCases
from workstation.ui.words import tr

if TYPE_CHECKING:  # these bring the DICOM toolkit
    from workstation.core.image_stack import ImageStack
    from workstation.services.import_studies import ImportedSeries, ImportedStudy

PAN_SHARE = 0.1
"""Share of the viewport that a key moves the picture by: ten steps go across it."""

_WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}

THUMB_PX = 144
"""Least side of a thumbnail in pixels: twice the rail's 72, for a window that moves to a dense
screen."""


@dataclass(slots=True)
class _Study:
    imported: ImportedStudy | None = None
    items: tuple[RailItem, ...] = ()
    priors: tuple[RailItem, ...] = ()
    jobs: list[int] = field(default_factory=list)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)


class StudyController(QObject):
    """Shows one study. Owned by the UI thread.

    Signals:
        study_changed(StudyIdentity | None): another study is on screen, or none.
        series_opened(LoadedSeries): a series got its volume; pixels follow.
        shown_changed(): another volume is in the active viewport.
        said(str): a sentence for the status line.
        prior_listed(ImportedStudy): a prior is in the rail now, behind the open study.
    """

    study_changed = Signal(object)
    series_opened = Signal(object)
    shown_changed = Signal()
    said = Signal(str)
    prior_listed = Signal(object)

    def __init__(self, page: StudyPage, use_cases: UseCases, bridge: JobBridge) -> None:
        super().__init__(page)
        self._page = page
        self._grid = page.desk
        self._use_cases = use_cases
        self._bridge = bridge
        self._study = _Study()
        self._keeper = SeriesKeeper(page.desk, bridge, use_cases.open_series)
        self._keeper.ready.connect(self._show)
        self._keeper.slice_came.connect(self._take_slice)
        self._keeper.loading_ended.connect(self._loading_ended)
        self._shows_texts = True
        self._seen = SeenDesk(self, page.desk, page.rail.rail_model)
        self.first_layout: Callable[[ImportedStudy], Layout] = lambda _study: Layout.ONE
        self.hang: Callable[[ImportedStudy], bool] = lambda _study: False
        self.arrange: Callable[[Callable[[], None]], None] = lambda do: do()
        page.rail.series_chosen.connect(self.show_row)
        self._grid.state_changed.connect(self._follow_state)
        self._grid.active_changed.connect(lambda _viewport: self._tell_shown())
        self._grid.layout_changed.connect(lambda _layout: self._tell_shown())
        self._grid.refused.connect(self.said)

    # The study

    @property
    def imported(self) -> ImportedStudy | None:
        """The open study; None for none."""
        return self._study.imported

    @property
    def items(self) -> tuple[RailItem, ...]:
        """Display sets of the open study; those of priors beside it are not among them."""
        return self._study.items

    @property
    def rows(self) -> tuple[RailItem, ...]:
        """Display sets in the order of the rail: of the open study, then of priors."""
        return (*self._study.items, *self._study.priors)

    def add_prior(self, study: ImportedStudy, mark: str) -> int:
        """List the series of a prior study behind those of the open one; return their first row.

        Args:
            study: of the same patient.
            mark: says everywhere that it is a prior, with its date.
        """
        from workstation.services.prior_images import set_apart  # brings the DICOM toolkit

        first, current = len(self.rows), self._study.imported
        added = tuple(replace(item, prior=mark) for item in _items(study))
        if current is not None:
            added = tuple(
                replace(item, display_set=set_apart(item.display_set, current.identity))
                for item in added
            )
        self._study.priors = (*self._study.priors, *added)
        self._page.rail.rail_model.add_items(added)
        self._start_thumbnails(added, first)
        self.prior_listed.emit(study)
        return first

    def open_study(self, study: ImportedStudy) -> None:
        """Show another study; everything of the one before goes first."""
        self.close_study()
        items = tuple(_items(study))
        self._study = _Study(study, items)
        self._page.rail.rail_model.show_items(items)
        # Before anything else: its first slices are read while the window changes.
        is_hung = bool(items) and self.hang(study)
        if not is_hung:
            self._grid.main.set_layout(self.first_layout(study))
            self._grid.set_active(self._grid.main.viewports[0])
        if items and not is_hung:
            self.show_row(max(range(len(items)), key=lambda row: _worth_showing(items[row])))
        self.study_changed.emit(study.identity)
        self._start_thumbnails(items)

    def close_study(self) -> None:
        """Show nothing; what runs for the study is stopped."""
        for job_id in self._study.jobs:
            self._bridge.cancel(job_id)
        self._keeper.close()
        self._study = _Study()
        self._grid.clear()
        self._page.rail.rail_model.show_items(())
        self.study_changed.emit(None)
        self._tell_shown()

    @property
    def active_series(self) -> LoadedSeries | None:
        """The series in the active viewport; None for none, for a derived one and for a prior.

        What is measured, drafted and enhanced of it belongs to the open study.
        """
        series = self.shown_series
        return None if series is None or series.item.prior else series

    @property
    def shown_series(self) -> LoadedSeries | None:
        """The series in the active viewport, also of a prior; None for none or a derived one."""
        content = self._grid.active.content
        return self.loaded_of(content.volume) if content is not None else None

    def loaded_of(self, volume: Volume) -> LoadedSeries | None:
        """Return the open series a volume belongs to."""
        return self._keeper.of(volume)

    @property
    def keeper(self) -> SeriesKeeper:
        """What keeps the series that were opened."""
        return self._keeper

    def hold(self, series: LoadedSeries) -> Callable[[], None]:
        """Keep the voxels of a series while a job reads them; return what lets them go."""
        return self._keeper.hold(series)

    # Series

    def show_row(self, row: int, evidence: Evidence | None = None) -> None:
        """Show a display set in the active viewport, and a piece of evidence in it."""
        if not 0 <= row < len(self.rows):
            return
        self._page.rail.mark_shown(row)
        self._keeper.show(row, self.rows[row], Wish(self._grid.active, evidence))

    def show_in(self, viewport: ViewportWidget, row: int) -> None:
        """Show a display set in a viewport, in the plane of its cell; the active one stays."""
        if 0 <= row < len(self.rows):
            self._keeper.keep_view(viewport)
            self._keeper.show(row, self.rows[row], Wish(viewport, is_return=True))

    def next_series(self) -> None:
        """Show the next series."""
        self._step_series(1)

    def previous_series(self) -> None:
        """Show the series before."""
        self._step_series(-1)

    def place_of(self, evidence: Evidence) -> str:
        """Return where a piece of evidence is ("slice 87"); empty where it is not here."""
        found = self._find(evidence)
        return "" if found is None else f"{tr('slice')} {found[1] + 1}"

    def show_evidence(self, evidence: Evidence) -> bool:
        """Bring evidence on screen and mark it; False where it is not in the open study."""
        if self._grid.show_evidence(evidence):
            return True
        found = self._find(evidence)
        if found is None:
            self.said.emit(tr("The images of this sentence are not in the open study."))
            return False
        self.show_row(found[0], evidence)
        return True

    def show_fact(self, evidence: Evidence) -> None:
        """Bring the evidence of a fact on screen."""
        self.show_evidence(evidence)

    # What keys do

    def first_slice(self) -> None:
        """Go to the first slice."""
        self._grid.active.go_to_first()

    def last_slice(self) -> None:
        """Go to the last slice."""
        self._grid.active.go_to_last()

    def zoom(self, notches: int) -> None:
        """Zoom as so many notches of the wheel do, around the middle."""
        self._grid.active.zoom_by(WHEEL_ZOOM**notches)

    def pan(self, way: str) -> None:
        """Move the picture a step; ``left``, ``right``, ``up`` or ``down``."""
        right, down = _WAYS[way]
        self._grid.active.pan_by(right * PAN_SHARE, down * PAN_SHARE)

    def fit(self) -> None:
        """Fit the slice into the viewport."""
        self._grid.active.fit()

    def reset(self) -> None:
        """Show the slice as the series opened."""
        self._grid.active.reset()

    def invert(self) -> None:
        """Invert the gray scale."""
        self._grid.active.invert()

    def flip(self, axis: str) -> None:
        """Flip; ``h`` exchanges left and right, ``v`` top and bottom."""
        self._grid.active.flip(is_vertical=axis == "v")

    def rotate(self) -> None:
        """Turn clockwise by a quarter."""
        self._grid.active.rotate()

    def toggle_cine(self) -> None:
        """Play the slices of the active viewport, or stop."""
        self._grid.active.cine.toggle()

    def step_cine(self, steps: int) -> None:
        """Play faster or slower."""
        cine = self._grid.active.cine
        cine.step_speed(steps)
        if not cine.is_running:
            self.said.emit(tr("Cine: {0} pictures per second.").format(f"{cine.fps:.0f}"))

    def toggle_bounce(self) -> None:
        """Let the cine turn at the ends, or begin again at the first slice."""
        cine = self._grid.active.cine
        cine.toggle_bounce()
        if not cine.is_running:
            to_and_fro, around = tr("Cine goes to and fro."), tr("Cine goes around.")
            self.said.emit(to_and_fro if cine.is_bouncing else around)

    def toggle_texts(self) -> None:
        """Show or hide the corner texts; the notice band stays."""
        self._shows_texts = not self._shows_texts
        self._grid.show_texts(self._shows_texts)

    def next_projection(self) -> None:
        """Go on from single slices to slabs of MIP, MinIP, mean and back."""
        self._grid.active.next_projection()

    def thicken_slab(self, steps: int) -> None:
        """Make the slab some steps thicker or thinner."""
        self._grid.active.thicken_slab(steps)

    def turn_planes(self, degrees: int) -> None:
        """Turn the two other planes about the one on show, clockwise."""
        self._grid.active.turn_planes(degrees)

    def set_preset(self, number: int) -> None:
        """Apply a window preset, 0-based."""
        presets = self._grid.active.presets()
        if number < len(presets):
            self._grid.active.set_window(presets[number])

    def set_tool(self, name: str) -> None:
        """Choose what the left button does."""
        self._grid.apply_tool(Tool(name))
        self._mark_tool(Tool(name))

    def toggle_reformat(self) -> None:
        """Show the three planes, or the layout before."""
        self.arrange(self._grid.active_grid.toggle_planes)

    def show_first_state(self) -> None:
        """Mark the tool and the layout in force."""
        self._mark_tool(Tool.SCROLL)
        self._grid.layout_changed.emit(self._grid.layout_shown)

    # Private

    def _show(self, series: LoadedSeries, wish: Wish) -> None:
        if wish.is_quiet:
            return
        viewport = wish.viewport if wish.viewport in self._grid.viewports else self._grid.active
        if wish.is_return:
            grid = self._grid.grid_of(viewport)
            grid.show_in(viewport, series.volume, series.doubts, series.is_loaded)
        else:
            self._keeper.keep_view(viewport)
            self._grid.set_active(viewport)
            self._grid.show_volume(series.volume, series.doubts, series.is_loaded)
        self._restore_view(series, viewport)
        if series.has_ended:
            self._finish(series)
        if wish.evidence is not None:
            self._grid.show_evidence(wish.evidence)
        self._note_shown(series, viewport)

    def note_hung(self, series: LoadedSeries, viewports: Sequence[ViewportWidget]) -> None:
        """Take note that a series was hung in viewports; the first of them is painted now."""
        if series.has_ended:
            self._finish(series)
        self._note_shown(series, viewports[0])

    def _note_shown(self, series: LoadedSeries, viewport: ViewportWidget) -> None:
        # The reader sees the slice now; report, rail and tool bar follow.
        viewport.canvas.repaint()
        if series.is_new:
            series.is_new = False
            self._remember_places(self.rows.index(series.item), series.item.display_set)
            if not series.item.prior:
                self.series_opened.emit(series)
        self._tell_shown()

    def _restore_view(self, series: LoadedSeries, viewport: ViewportWidget) -> None:
        """Show a series as it was when it left the screen; the tools are those of now."""
        now = viewport.state.value
        if series.view is None or series.view.plane is not now.plane:
            return
        viewport.state.set(
            replace(
                series.view,
                tool=now.tool,
                interpolation=now.interpolation,
                shows_overlays=now.shows_overlays,
                shows_texts=now.shows_texts,
                is_comparing=False,
                compare=now.compare,
                curtain=now.curtain,
            )
        )

    def _take_slice(self, series: LoadedSeries, k: int) -> None:
        self._grid.refresh(series.volume.series.series_uid, k)

    def _loading_ended(self, series: LoadedSeries) -> None:
        for viewport in self._finish(series):
            if series.opened.doubts:
                viewport.set_doubts(series.doubts)
        self._tell_shown()

    def _finish(self, series: LoadedSeries) -> list[ViewportWidget]:
        """Tell the viewports of a series that no more slices will come; return them."""
        shown = [
            viewport
            for viewport in self._grid.viewports
            if viewport.content is not None and viewport.content.volume is series.volume
        ]
        for viewport in shown:
            viewport.finish_loading(series.opened.why_unread)
        return shown

    def _step_series(self, step: int) -> None:
        row, own = self._page.rail.currentIndex().row(), len(self._study.items)
        # Walking through the study being read never leads into a prior, nor back by surprise.
        first, end = (0, own) if row < own else (own, len(self.rows))
        if first < end:
            self.show_row(first + (row - first + step) % (end - first))

    def _follow_state(self, _state: ViewState) -> None:
        # Linked viewports report their states too; rail and tool bar tell of the active one.
        series, state = self.shown_series, self._grid.active.state.value
        if series is not None and state.plane is Plane.ACQUIRED and not series.flags.all():
            series.opened.look_at(state.slice_index)
        self._page.tool_bar.show_window(state.window, self._grid.active.presets())

    def _tell_shown(self) -> None:
        series = self.shown_series
        if series is not None:
            self._page.rail.mark_shown(self.rows.index(series.item))
        viewport = self._grid.active
        presets = viewport.presets() if viewport.content is not None else ()
        self._page.tool_bar.show_presets(presets)
        self._page.tool_bar.show_window(viewport.state.value.window, presets)
        self._keeper.hold_shown()
        self.shown_changed.emit()

    def _mark_tool(self, tool: Tool) -> None:
        names = [f"tool_{name.value}" for name in Tool]
        self._page.tool_bar.mark(names, f"tool_{tool.value}")

    def _remember_places(self, row: int, display_set: ImageStack) -> None:
        for k, uid in enumerate(display_set.instance_uids):
            self._study.places.setdefault(uid, (row, k))

    def _find(self, evidence: Evidence) -> tuple[int, int] | None:
        """Return (row, k) of a piece of evidence; the region decides inside a multi-frame file."""
        for row, item in enumerate(self._study.items):
            is_series = item.verdict.series_uid == evidence.series_uid
            if is_series:
                self._remember_places(row, item.display_set)
        for uid in evidence.instance_uids:
            found = self._study.places.get(uid)
            if found is None:
                continue
            display_set = self.rows[found[0]].display_set
            if display_set.frame_numbers[found[1]]:
                center = np.array(evidence.region.center_mm)
                return found[0], display_set.geometry.nearest_slice_index(center)
            return found
        return None

    def _start_thumbnails(self, items: tuple[RailItem, ...], first_row: int = 0) -> None:
        study, thumbnail = self._study, self._use_cases.thumbnail
        side_px = thumb_px(self._page.devicePixelRatioF())

        def work(context: JobContext) -> None:
            for row, item in enumerate(items, first_row):
                context.cancel.raise_if_cancelled()
                context.give((row, thumbnail(item.display_set, side_px)))

        def gave(value: Any) -> None:  # noqa: ANN401 a row and its picture
            if self._study is study:
                row, gray = value
                self._page.rail.rail_model.set_thumbnail(row, gray_image(gray))

        request = Request(Lane.READ, "Making thumbnails", work, is_quiet=True)
        study.jobs.append(self._bridge.start(request, Replies(gave=gave)))


def thumb_px(pixel_ratio: float) -> int:
    """Return the side of a thumbnail in pixels of a screen with so many for one of the layout."""
    return max(THUMB_PX, math.ceil(step_px(THUMB_STEPS) * pixel_ratio))


def gray_image(gray: NDArray[Any]) -> QImage:
    """Return an image that owns a copy of gray levels (rows, columns) uint8."""
    rows, columns = gray.shape
    data = np.ascontiguousarray(gray, dtype=np.uint8)
    return QImage(data.data, columns, rows, columns, QImage.Format.Format_Grayscale8).copy()


def _items(study: ImportedStudy) -> list[RailItem]:
    return [
        RailItem(display_set, series.verdict, _name(series, display_set), display_set.slice_count)
        for series in study.series
        for display_set in series.display_sets
    ]


def _worth_showing(item: RailItem) -> tuple[bool, int]:
    """Return what the first series shown has most of: pixels as scanned, then slices."""
    is_made = item.display_set.provenance.kind is PixelKind.ENHANCED
    return not is_made, item.slices


def _name(series: ImportedSeries, display_set: ImageStack) -> str:
    identity = series.identity
    name = identity.description or f"{identity.modality} {tr('series')} {identity.number}".strip()
    return f"{name}, {display_set.name}" if display_set.name else name
