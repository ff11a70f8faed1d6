"""Opens the series of a study, and gives up the voxels of those long out of sight when it must.

What was given up is read again when it is shown; the reader sees the loading line and nothing else.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from viewers.qt.desk import ViewportDesk
from viewers.qt.viewport import ViewportWidget
from viewers.state.view_state import Plane, ViewState
from workstation.core.errors import CancelledError
from workstation.core.finding import Evidence
from workstation.core.volume import Volume
from workstation.services.jobs import JobContext, Lane, Request
from workstation.services.series_shelf import SeriesShelf
from workstation.ui.bridge import JobBridge, Replies
from workstation.ui.loaded_series import LoadedSeries
from workstation.ui.series_browser.rail import RailItem
from workstation.ui.use_cases import Open

if TYPE_CHECKING:  # it brings the DICOM toolkit
    from workstation.services.open_series import OpenedSeries


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """Where a series is to be shown once its volume is there.

    Attributes:
        viewport: the place.
        evidence: what to show in it; None for the view it had, or the middle.
        is_return: the viewport came back with the layout; the active one stays active.
        is_quiet: it is not shown there: it is laid over what is, or fitted to it.
    """

    viewport: ViewportWidget
    evidence: Evidence | None = None
    is_return: bool = False
    is_quiet: bool = False


class SeriesKeeper(QObject):
    """Keeps the open series of one study. Owned by the UI thread.

    Signals:
        ready(LoadedSeries, Wish): a series has its volume and can be shown; pixels may follow.
        slice_came(LoadedSeries, int): a slice is in.
        loading_ended(LoadedSeries): no more slices will come.
        refused(int): the series of this row could not be opened, or was stopped before.
    """

    ready = Signal(object, object)
    slice_came = Signal(object, int)
    loading_ended = Signal(object)
    refused = Signal(int)

    def __init__(
        self,
        grid: ViewportDesk,
        bridge: JobBridge,
        open_series: Open,
        shelf: SeriesShelf[int] | None = None,
    ) -> None:
        """Make an empty keeper.

        Args:
            grid: what is on screen is never given up.
            bridge: starts jobs.
            open_series: the door that opens one.
            shelf: counts the voxels.
        """
        super().__init__(grid)
        self._grid, self._bridge, self._open_series = grid, bridge, open_series
        self.shelf: SeriesShelf[int] = shelf or SeriesShelf()
        self._loaded: dict[int, LoadedSeries] = {}
        self._wishes: dict[int, list[Wish]] = {}
        self._away: dict[ViewportWidget, tuple[int, ViewState]] = {}
        self._numbers = itertools.count()
        grid.viewports_changed.connect(self._fill_returned)

    @property
    def loaded(self) -> Mapping[int, LoadedSeries]:
        """Series that were opened, by their row; their voxels may have been given up."""
        return self._loaded

    def of(self, volume: Volume | None) -> LoadedSeries | None:
        """Return the series a volume belongs to."""
        return next((s for s in self._loaded.values() if s.is_of(volume)), None)

    def show(self, row: int, item: RailItem, wish: Wish) -> None:
        """Answer with ``ready`` for a series: at once where its voxels are in memory.

        Each place that wants a series on its way gets it. A place that wants another one by now
        is not given the one before.
        """
        self._leave_to(wish, row)
        series = self._loaded.get(row)
        if series is None:
            series = self._loaded[row] = LoadedSeries(item)
        if series.is_open:
            self.shelf.touch(row)
            self.ready.emit(series, wish)
        elif row in self._wishes:
            self._wishes[row] = _joined(self._wishes[row], wish)
        elif series.revive():
            self.shelf.put(row, series.size_bytes)
            self.ready.emit(series, wish)
        else:
            self._start(row, series, wish)

    def keep_view(self, viewport: ViewportWidget) -> None:
        """Remember how a viewport shows its series, which leaves it now."""
        content = viewport.content
        series = self.of(content.volume) if content is not None else None
        if series is not None:
            series.view = viewport.state.value
            self.shelf.touch(self._row(series))

    def hold_shown(self) -> None:
        """Hold what each viewport shows now, and nothing else for viewports."""
        for viewport in self._grid.viewports:
            self.shelf.hold(viewport, self._rows_in(viewport, is_visible=True))
        for viewport in self._grid.hidden_viewports:
            self.shelf.hold(viewport, self._rows_in(viewport, is_visible=False))

    def hold(self, series: LoadedSeries) -> Callable[[], None]:
        """Keep the voxels of a series while a job reads them; return what lets them go."""
        holder = ("job", next(self._numbers))
        self.shelf.hold(holder, (self._row(series),))
        return lambda: self.shelf.hold(holder, ())

    def close(self) -> None:
        """Stop loading and let everything go."""
        for series in self._loaded.values():
            self._bridge.cancel(series.job_id)
            series.give_up()
        self._loaded, self._wishes, self._away = {}, {}, {}
        self.shelf.clear()

    # Loading

    def _start(self, row: int, series: LoadedSeries, wish: Wish) -> None:
        self._make_room(series.size_bytes, wish)
        self.shelf.put(row, series.size_bytes)
        self.shelf.hold(("wish", row), (row,))
        self._wishes[row] = [wish]
        loaded = self._loaded
        came: list[OpenedSeries] = []

        def gave(value: Any) -> None:  # noqa: ANN401 a slice number, or the open series
            if self._loaded is not loaded:
                return
            if not isinstance(value, int):
                came.append(value)
                self._opened(row, series, value)
            elif came and series.is_of(came[0].volume):
                # Slices that came before their volume are in its flags already.
                series.flags[value] = bool(came[0].loaded[value])
                self.slice_came.emit(series, value)

        def over() -> None:
            if self._loaded is loaded:
                self._over(row, series, came[0] if came else None)

        view = series.view
        first = view.slice_index if view is not None and view.plane is Plane.ACQUIRED else None
        work = partial(_load, self._open_series, series.item, first)
        request = Request(Lane.PIXELS, "Loading a series", work)
        series.job_id = self._bridge.start(request, Replies(gave=gave, over=over))

    def _opened(self, row: int, series: LoadedSeries, opened: OpenedSeries) -> None:
        series.take(opened)
        for wish in self._wishes.pop(row):
            self.ready.emit(series, wish)
        self.shelf.hold(("wish", row), ())

    def _leave_to(self, wish: Wish, row: int) -> None:
        """Take back what was wanted before in the place of a wish."""
        if wish.is_quiet:
            return
        for other, wishes in self._wishes.items():
            if other != row:
                self._wishes[other] = [
                    replace(one, is_quiet=True) if one.viewport is wish.viewport else one
                    for one in wishes
                ]

    def _over(self, row: int, series: LoadedSeries, opened: OpenedSeries | None) -> None:
        if opened is None:  # refused, or stopped before there was a volume
            self._wishes.pop(row, None)
            self.shelf.hold(("wish", row), ())
            self.shelf.remove(row)
            self.refused.emit(row)
        elif series.is_of(opened.volume):
            series.flags[:] = opened.loaded
            series.has_ended = True
            self.loading_ended.emit(series)

    def _row(self, series: LoadedSeries) -> int:
        return next((row for row, one in self._loaded.items() if one is series), -1)

    # Giving up

    def _make_room(self, needed_bytes: int, wish: Wish) -> None:
        self.hold_shown()
        self._give_up(needed_bytes)
        self._leave(needed_bytes, wish)

    def _leave(self, needed_bytes: int, wish: Wish) -> None:
        """Empty the place of the wish where what is on show there is all that is in the way."""
        if wish.is_quiet:
            return
        lacking = self.shelf.lacking_bytes(needed_bytes)
        content = wish.viewport.content
        series = self.of(content.volume) if content is not None else None
        if lacking <= 0 or series is None or series.size_bytes < lacking:
            return
        grid = self._grid.grid_of(wish.viewport)
        left = grid.viewports if grid.layout_shown.is_mpr else (wish.viewport,)
        row = self._row(series)
        if self.shelf.hold_count(row) > len(left):
            return
        self.keep_view(wish.viewport)
        for viewport in left:
            viewport.clear()
            self.shelf.hold(viewport, ())
        self._give_up(needed_bytes)

    def _rows_in(self, viewport: ViewportWidget, *, is_visible: bool) -> Iterator[int]:
        """Yield the series a viewport needs; of a hidden one, what a model's volume rests on."""
        content = viewport.content
        if content is None:
            return
        for volume in (content.volume if is_visible else None, content.original):
            series = self.of(volume)
            if series is not None:
                yield self._row(series)

    def _give_up(self, needed_bytes: int) -> None:
        for row in self.shelf.to_give_up(needed_bytes):
            series = self._loaded[row]
            self._empty_hidden(row, series)
            if not series.has_ended:
                self._bridge.cancel(series.job_id)
            series.give_up()
            self.shelf.remove(row)

    def _empty_hidden(self, row: int, series: LoadedSeries) -> None:
        for viewport in self._grid.hidden_viewports:
            content = viewport.content
            if content is not None and series.is_of(content.volume):
                self._away[viewport] = (row, viewport.state.value)
                viewport.clear()

    def _fill_returned(self) -> None:
        """Show again what a viewport held when its layout went away."""
        shown = [grid for grid in self._grid.grids if not grid.layout_shown.is_mpr]
        for viewport in [one for grid in shown for one in grid.viewports]:
            row, view = self._away.pop(viewport, (-1, None))
            series = self._loaded.get(row)
            if series is not None and viewport.content is None:
                series.view = view
                self.show(row, series.item, Wish(viewport, is_return=True))


def _load(open_series: Open, item: RailItem, first_index: int | None, context: JobContext) -> None:
    """Open a display set and wait until it is full; runs on the pixel lane."""
    counted = itertools.count(1)

    def on_slice(k: int) -> None:
        context.give(k)
        # A cancelled job tells nothing more; the loader's own threads must not see the error.
        with contextlib.suppress(CancelledError):
            context.progress(next(counted) / item.slices)

    opened = open_series(
        item.display_set, first_index=first_index, on_slice=on_slice, cancel=context.cancel
    )
    context.give(opened)
    opened.wait()
    context.cancel.raise_if_cancelled()


def _joined(wishes: list[Wish], new: Wish) -> list[Wish]:
    """Return the wishes for one series with another one; a place is named once, the newest last.

    The viewport asked for last becomes the active one; those before are filled beside it.
    """
    if new.is_quiet:
        return wishes
    rest = [one for one in wishes if not one.is_quiet and one.viewport is not new.viewport]
    beside = rest if new.is_return else [replace(one, is_return=True) for one in rest]
    return [*beside, new]
