"""Arrangements of the viewports that can be taken back: layouts, splits, fills, hanging protocols.

What a viewport showed comes back with the arrangement as it looked, also when its place was filled
with another series meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from viewers.qt.content import Content
from viewers.qt.desk import ViewportDesk
from viewers.qt.grid import ViewportGrid
from viewers.qt.viewport import ViewportWidget
from viewers.state.layout import Layout
from viewers.state.view_state import ViewState
from workstation.ui.study_controller import StudyController

EMPTY, DERIVED = -1, -2
"""Rows of a viewport that shows nothing, and of one that shows what is in no row of the rail."""


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """A viewport, and what was in it."""

    viewport: ViewportWidget
    row: int
    state: ViewState
    content: Content | None


@dataclass(frozen=True, slots=True, eq=False)
class _Arranged:
    """One grid as it was.

    Attributes:
        grid: it.
        layout: on show.
        plain: the layout, or the one behind three planes.
        places: the viewports of the plain layout.
        planes: of three planes; empty where there are none.
        active: place of the active viewport among those on show.
    """

    grid: ViewportGrid
    layout: Layout
    plain: Layout
    places: tuple[_Place, ...]
    planes: tuple[_Place, ...]
    active: int


Arrangement: TypeAlias = tuple[_Arranged, ...]
"""The viewports of all screens as they were."""


class ArrangementDesk:
    """Notes arrangements among the acts on the images. Owned by the UI thread."""

    def __init__(self, desk: ViewportDesk, study: StudyController) -> None:
        """Take the viewports of all screens, and the study whose series come back into them."""
        self._desk, self._study = desk, study

    def act(self, do: Callable[[], None], *, fills: bool = False) -> None:
        """Let something arrange the viewports, as one act that can be taken back.

        Args:
            do: arranges.
            fills: it puts series into viewports, now or a little later.
        """
        before = self.now()
        do()
        if fills or _differ(before, self.now()):
            self._note(before)

    def now(self) -> Arrangement:
        """Return how the viewports are arranged now, for :meth:`restore`."""
        return tuple(self._arranged(grid) for grid in self._desk.grids)

    def restore(self, wanted: Arrangement) -> None:
        """Arrange the viewports of all screens as they were; what they showed comes back."""
        for one in wanted:
            if one.grid in self._desk.grids:
                self._restore(one)

    # Private

    def _note(self, before: Arrangement) -> None:
        kept = [before]

        def change() -> bool:
            wanted, kept[0] = kept[0], self.now()
            self.restore(wanted)
            return True

        self._desk.marks.acts.add_other(change, change)

    def _arranged(self, grid: ViewportGrid) -> _Arranged:
        layout, plain = grid.layout_shown, grid.plain_layout
        ordered = grid.hidden_viewports if layout.is_mpr else grid.viewports
        return _Arranged(
            grid,
            layout,
            plain,
            tuple(map(self._place, ordered[: len(plain.cells)])),
            tuple(map(self._place, grid.viewports)) if layout.is_mpr else (),
            grid.viewports.index(grid.active),
        )

    def _place(self, viewport: ViewportWidget) -> _Place:
        content = viewport.content
        return _Place(viewport, self._row(content), viewport.state.value, content)

    def _row(self, content: Content | None) -> int:
        series = None if content is None else self._study.loaded_of(content.volume)
        if content is None:
            return EMPTY
        return DERIVED if series is None else self._study.rows.index(series.item)

    def _restore(self, one: _Arranged) -> None:
        grid = one.grid
        viewports = [place.viewport for place in one.places]
        shown = 0 if one.planes else one.active
        grid.put_in_order(viewports, one.plain, viewports[shown])
        for place in one.places:
            self._fill(place)
        if one.planes:
            source = next((p.viewport for p in one.places if p.row == one.planes[0].row), None)
            grid.set_active(source or viewports[0])
            grid.set_layout(one.layout)
            for place in one.planes:
                _look_so(place)

    def _fill(self, place: _Place) -> None:
        """Show what was there, where something else is now."""
        now = self._row(place.viewport.content)
        if place.row == EMPTY and now != EMPTY:
            place.viewport.clear()
        elif place.row >= 0 and now != place.row:
            series = self._study.keeper.loaded.get(place.row)
            if series is not None:
                series.view = place.state
            self._study.show_in(place.viewport, place.row)
        _look_so(place)


def _look_so(place: _Place) -> None:
    """Let a viewport look as it did, where it shows the same volume."""
    here, viewport = place.viewport.content, place.viewport
    if here is None or place.content is None or here.volume is not place.content.volume:
        return
    if viewport.state.value.plane is not place.state.plane:
        viewport.set_plane(place.state.plane)
    viewport.state.set(place.state)


def _differ(one: Arrangement, other: Arrangement) -> bool:
    return [_outline(each) for each in one] != [_outline(each) for each in other]


def _outline(one: _Arranged) -> tuple[ViewportGrid, Layout, list[ViewportWidget]]:
    return one.grid, one.layout, [place.viewport for place in one.places]
