"""Original and result side by side: two viewports of one series that always show the same place.

The pair takes a layout of its own; the layout before comes back with all that was in it. The pair
is over as soon as one of the two shows something else.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from viewers.qt.desk import ViewportDesk
from viewers.qt.viewport import ViewportWidget
from viewers.state.layout import Layout
from viewers.state.view_state import Compare, ViewState
from workstation.ui.arrangement import Arrangement, ArrangementDesk


class SideBySide(QObject):
    """Owned by the UI thread.

    Signals:
        changed(): a pair came, or is over.
    """

    changed = Signal()

    def __init__(self, desk: ViewportDesk, arrangements: ArrangementDesk) -> None:
        """Begin without a pair.

        Args:
            desk: the viewports of all screens.
            arrangements: brings layouts back.
        """
        super().__init__(desk)
        self._desk, self._arrangements = desk, arrangements
        self._pair: tuple[ViewportWidget, ViewportWidget] | None = None
        self._before: Arrangement | None = None
        self._known: set[ViewportWidget] = set()
        self._check = QTimer(self)
        self._check.setSingleShot(True)
        self._check.timeout.connect(self._leave_broken)
        desk.viewports_changed.connect(self._check.start)

    @property
    def is_on(self) -> bool:
        """Whether a pair is on screen."""
        return self._pair is not None

    @property
    def viewports(self) -> tuple[ViewportWidget, ...]:
        """Original and result; empty without a pair."""
        return self._pair or ()

    def toggle(self) -> None:
        """Show the active series as a pair, or the layout before."""
        acts = self._desk.marks.acts
        before = self._before
        if self._pair is None:
            before = self._arrangements.now()
            if self._pair_up(before):
                acts.add_other(lambda: self._leave(before), lambda: self._pair_up(before))
        elif before is not None:
            self._leave(before)
            acts.add_other(lambda: self._pair_up(before), lambda: self._leave(before))

    def forget(self) -> None:
        """Let the pair go: another study is opened."""
        if self._pair is not None:
            self._end()

    def check(self) -> None:
        """End the pair where one of the two shows something else by now."""
        self._check.start()

    # Private

    def _leave(self, before: Arrangement) -> bool:
        self._end()
        self._arrangements.restore(before)
        return True

    def _pair_up(self, before: Arrangement) -> bool:
        grid = self._desk.active_grid
        source, state = grid.active.content, grid.active.state.value
        if source is None:
            return False
        grid.set_layout(Layout.ONE)
        left = grid.active
        if not grid.split_active(side_by_side=True):
            return False
        right = next(one for one in grid.viewports if one is not left)
        for viewport in (left, right):
            content = viewport.content
            if content is None or content.volume is not source.volume:
                viewport.show_volume(
                    source.volume, source.doubts, source.is_loaded, original=source.original
                )
            viewport.take_over(source)
            if viewport.state.value.plane is not state.plane:
                viewport.set_plane(state.plane)
            viewport.follow(_same_view(viewport.state.value, state))
        self._pair, self._before = (left, right), before
        for viewport in self._pair:
            self._follow(viewport)
        left.state.set(replace(left.state.value, compare=Compare.ORIGINAL))
        right.state.set(replace(right.state.value, compare=Compare.RESULT))
        grid.set_active(right)
        self.changed.emit()
        return True

    def _follow(self, viewport: ViewportWidget) -> None:
        if viewport not in self._known:
            self._known.add(viewport)
            viewport.state_changed.connect(lambda state: self._lead(viewport, state))

    def _lead(self, leader: ViewportWidget, state: ViewState) -> None:
        """Bring the other of the pair to where one of them is."""
        if self._pair is None or leader not in self._pair or leader.is_led:
            return
        other = self._pair[1] if leader is self._pair[0] else self._pair[0]
        if not self._is_whole():
            self._check.start()
            return
        if other.state.value.plane is not state.plane:
            other.set_plane(state.plane)
        wanted = _same_view(other.state.value, state)
        if wanted != other.state.value:
            other.follow(wanted)

    def _is_whole(self) -> bool:
        if self._pair is None:
            return False
        left, right = (one.content for one in self._pair)
        is_shown = all(one in self._desk.viewports for one in self._pair)
        return is_shown and left is not None and right is not None and left.volume is right.volume

    def _leave_broken(self) -> None:
        if self._pair is not None and not self._is_whole():
            self._end()

    def _end(self) -> None:
        self._pair, self._before = None, None
        self.changed.emit()


def _same_view(own: ViewState, leader: ViewState) -> ViewState:
    """Return a state that shows the same place in the same way; tool and comparison stay."""
    return replace(
        own,
        window=leader.window,
        slice_index=leader.slice_index,
        zoom=leader.zoom,
        pan_mm=leader.pan_mm,
        turn=leader.turn,
        is_inverted=leader.is_inverted,
        interpolation=leader.interpolation,
        slab=leader.slab,
        cut=leader.cut,
        is_moving=leader.is_moving,
    )
