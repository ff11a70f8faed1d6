"""Leads viewports by each other: scroll, window, zoom; lines of other slices; the 3D cursor.

The viewport under the hand is painted first; followers come after it, one per turn of the event
loop and only for its newest place, so that they never hold the hand back. What a viewport does
because it follows leads no other one: there are no circles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from viewers.qt.desk import ViewportDesk
from viewers.qt.link_moves import (
    changed_kinds,
    holds,
    led,
    led_to_point,
    line_patches,
    subject_of,
)
from viewers.qt.link_show import LinkShow
from viewers.qt.viewport import ViewportWidget
from viewers.qt.words import tr
from viewers.state.linking import (
    BondKind,
    LinkKind,
    LinkState,
    Subject,
    bond,
    lock_by_hand,
    marks_of,
)
from workstation.core.observable import Observable
from workstation.core.registration import RigidRegistration


@dataclass(slots=True)
class _Round:
    """Followers that have not followed yet. A point is followed, or else the leader's place."""

    leader: ViewportWidget
    kinds: frozenset[LinkKind]
    waiting: list[ViewportWidget]
    point_mm: NDArray[np.float64] | None = None


class LinkDesk(QObject):
    """Links the viewports of all screens. UI thread.

    Args:
        desk: the viewports.

    Signals:
        said: a sentence for the status line.
    """

    said = Signal(str)

    def __init__(self, desk: ViewportDesk) -> None:
        super().__init__(desk)
        self._desk = desk
        self.state: Observable[LinkState] = Observable(LinkState())
        self._numbers: dict[ViewportWidget, int] = {}
        self._subjects: dict[ViewportWidget, Subject] = {}
        self._settling: set[ViewportWidget] = set()
        self._outside: set[ViewportWidget] = set()
        self._round: _Round | None = None
        self._cursor: tuple[ViewportWidget, NDArray[np.float64]] | None = None
        self._is_pinned = False
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._next_turn)
        self._drawing = QTimer(self)
        self._drawing.setSingleShot(True)
        self._drawing.timeout.connect(self._draw)
        self.state.observe(lambda _old, _new: self._redraw())
        desk.viewports_changed.connect(self._take_all)
        desk.layout_changed.connect(lambda _layout: self._take_all())
        desk.active_changed.connect(lambda _viewport: self._redraw())
        self._take_all()

    # What commands call

    def toggle(self, kind: str) -> None:
        """Let viewports follow each other in one kind, or not; the active one leads at once."""
        which = LinkKind(kind)
        self.state.set(self.state.value.toggled(which))
        if which in self.state.value.kinds:
            self._lead(self._desk.active, frozenset({which}))

    def toggle_lines(self) -> None:
        """Show where other slices cross this one, or not."""
        state = self.state.value
        self.state.set(replace(state, shows_lines=not state.shows_lines))

    def toggle_ends(self) -> None:
        """Show where the first and last slices of others cross this one, or not."""
        state = self.state.value
        self.state.set(replace(state, shows_ends=not state.shows_ends, shows_lines=True))

    def lock_here(self) -> None:
        """Link series without a common frame as they lie now; a second time unlinks them."""
        active = subject_of(self._desk.active)
        others = [viewport for viewport in self._filled() if viewport is not self._desk.active]
        if active is None or not others:
            self.said.emit(tr("Show two series side by side first: then they can be linked."))
            return
        state, is_locked, was_unlocked = self.state.value, False, False
        for subject in filter(None, map(subject_of, others)):
            through = bond(active, subject, state)
            if through is not None and through.kind is BondKind.HAND:
                state = state.unlocked(active.series_uid, subject.series_uid)
                was_unlocked = True
            elif through is None and (lock := lock_by_hand(active, subject)) is not None:
                state = state.locked(lock)
                is_locked = True
        if is_locked:
            state = replace(state, kinds=state.kinds | {LinkKind.SCROLL})
        self.state.set(state)
        self.said.emit(self._lock_words(is_locked=is_locked, was_unlocked=was_unlocked))

    def localize(self) -> None:
        """Show the point in question in every other viewport; a second time takes the cross away.

        The point is that of the crosshair, else of the selected mark, else the middle of the
        slice on show.
        """
        if self._is_pinned:
            self.clear_cursor()
            return
        viewport = self._desk.active
        point = self._point_of(viewport)
        if point is None:
            self.said.emit(tr("The headers do not say where these slices are: no point."))
            return
        self._is_pinned = True
        self.point_at(viewport, point)

    def point_at(self, viewport: ViewportWidget, point_mm: NDArray[np.float64]) -> None:
        """Show a point of one viewport in all others that know where it is."""
        self._cursor = (viewport, point_mm)
        self._start(_Round(viewport, frozenset(), self._others(viewport), point_mm))

    def clear_cursor(self) -> None:
        """Take the small cross away everywhere; the slices stay."""
        self._is_pinned = False
        if self._cursor is not None:
            self._cursor = None
            self._redraw()

    def accept(self, fit: RigidRegistration) -> None:
        """Carry positions through a fit that the reader accepted."""
        self.state.set(self.state.value.accepted(fit))
        self._lead(self._desk.active, self.state.value.kinds)

    def discard(self, one_uid: str, other_uid: str) -> None:
        """Carry no positions between two frames of reference any more."""
        self.state.set(self.state.value.without(one_uid, other_uid))

    def forget(self) -> None:
        """Let go of fits, locks and the cursor: another study is opened."""
        self._round = None
        self.clear_cursor()
        self._outside.clear()
        self.state.set(replace(self.state.value, locks=(), registrations=()))

    def lead(self, viewport: ViewportWidget) -> None:
        """Bring all viewports that follow one to where it is."""
        self._lead(viewport, self.state.value.kinds)

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the pointer while Shift is held and no button is; nothing is swallowed."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
            self._pointer_moved(watched, event)
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyRelease:
            if event.key() == Qt.Key.Key_Shift and not self._is_pinned:
                self.clear_cursor()
        elif event.type() == QEvent.Type.Leave and not self._is_pinned:
            self.clear_cursor()
        return False

    def _pointer_moved(self, watched: QObject, event: QMouseEvent) -> None:
        has_shift = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        if not has_shift or event.buttons() != Qt.MouseButton.NoButton:
            if not self._is_pinned:
                self.clear_cursor()
            return
        viewport = next((one for one in self._numbers if one.canvas is watched), None)
        mapping = viewport.canvas.mapping() if viewport is not None else None
        if viewport is None or mapping is None or not mapping.stack.is_placed:
            return
        at = event.position()
        point = mapping.canvas_to_patient(np.array([at.x(), at.y()]))
        self._is_pinned = False
        self.point_at(viewport, point)

    # Leading

    def _lead(self, leader: ViewportWidget, kinds: frozenset[LinkKind]) -> None:
        wanted = kinds & self.state.value.kinds
        if not wanted or leader.content is None:
            return
        running = self._round
        if running is not None and running.leader is leader and running.point_mm is None:
            wanted |= running.kinds
        self._start(_Round(leader, wanted, self._others(leader)))

    def _start(self, following: _Round) -> None:
        self._round = following
        if not self._turn.isActive():
            # After the paint of the leader, which is posted already.
            self._turn.start(0)

    def _next_turn(self) -> None:
        following = self._round
        if following is None or not following.waiting:
            self._round = None
            self._redraw()
            return
        viewport = following.waiting.pop(0)
        if viewport in self._numbers:
            if following.point_mm is None:
                self._follow(following.leader, viewport, following.kinds)
            else:
                led_to_point(following.leader, viewport, following.point_mm, self.state.value)
        self._turn.start(0)

    def _follow(
        self, leader: ViewportWidget, viewport: ViewportWidget, kinds: frozenset[LinkKind]
    ) -> None:
        found = led(leader, viewport, kinds, self.state.value)
        if found.is_outside:
            self._outside.add(viewport)
        elif LinkKind.SCROLL in kinds:
            self._outside.discard(viewport)
        if found.state is not None:
            viewport.follow(found.state)

    # What changes

    def _take_all(self) -> None:
        for viewport in self._desk.viewports:
            if viewport not in self._numbers:
                self._take(viewport)
        self._redraw()

    def _take(self, viewport: ViewportWidget) -> None:
        self._numbers[viewport] = viewport.shown_number
        viewport.canvas.installEventFilter(self)
        stop = viewport.state.observe(lambda old, new: self._moved(viewport, old, new))
        viewport.destroyed.connect(lambda: self._lose(viewport, stop))

    def _lose(self, viewport: ViewportWidget, stop: Callable[[], None]) -> None:
        stop()
        self._numbers.pop(viewport, None)
        self._subjects.pop(viewport, None)
        self._outside.discard(viewport)
        if self._round is not None and self._round.leader is viewport:
            self._round = None
        if self._cursor is not None and self._cursor[0] is viewport:
            self._cursor = None

    def _moved(self, viewport: ViewportWidget, old: object, new: object) -> None:
        self._redraw()
        if viewport.shown_number != self._numbers.get(viewport):
            self._settle(viewport)
        if viewport.is_led or viewport in self._settling:
            return
        kinds = changed_kinds(old, new)
        if LinkKind.SCROLL in kinds:
            self._outside.discard(viewport)
        self._lead(viewport, kinds)

    def _settle(self, viewport: ViewportWidget) -> None:
        """Let a series that just came on screen find its place without moving the others."""
        self._numbers[viewport] = viewport.shown_number
        self._settling.add(viewport)
        self._outside.discard(viewport)
        QTimer.singleShot(0, self, lambda: self._settling.discard(viewport))

    # What is drawn

    def _redraw(self) -> None:
        if not self._drawing.isActive():
            self._drawing.start(0)

    def _draw(self) -> None:
        state, active = self.state.value, self._desk.active
        subjects = self._subjects = self._known()
        marks = dict(zip(subjects, marks_of(subjects.values(), state), strict=True))
        for viewport in subjects:
            mark = marks[viewport]
            if viewport in self._outside and mark.kinds:
                mark = replace(mark, is_outside=True)
            patches = line_patches(viewport, subjects, state, active=active)
            viewport.show_links(LinkShow(mark, patches, self._cursor_in(viewport)))

    def _known(self) -> dict[ViewportWidget, Subject]:
        """Return what the rules know of each viewport that shows something."""
        found = ((one, subject_of(one, self._subjects.get(one))) for one in self._filled())
        return {one: subject for one, subject in found if subject is not None}

    def _cursor_in(self, viewport: ViewportWidget) -> tuple[float, float, float] | None:
        if self._cursor is None:
            return None
        source, point = self._cursor
        if viewport is source:
            x, y, z = (float(value) for value in point)
            return (x, y, z) if self._is_pinned else None
        here, there = self._subjects.get(source), self._subjects.get(viewport)
        through = bond(here, there, self.state.value) if here and there else None
        if through is None:
            return None
        carried = through.carry(point)
        x, y, z = (float(value) for value in carried)
        return (x, y, z) if holds(viewport, carried) else None

    # Small things

    def _filled(self) -> list[ViewportWidget]:
        return [one for one in self._desk.viewports if one.content is not None]

    def _others(self, viewport: ViewportWidget) -> list[ViewportWidget]:
        return [one for one in self._filled() if one is not viewport and one.isVisible()]

    def _point_of(self, viewport: ViewportWidget) -> NDArray[np.float64] | None:
        subject = subject_of(viewport)
        if subject is None or not subject.is_placed:
            return None
        marks = self._desk.marks
        crosshair = marks.crosshair.value
        if crosshair is not None and viewport.is_reached_by(crosshair):
            return np.array(crosshair.point_mm)
        for one in marks.measurements.value:
            is_here = one.series_uid == subject.series_uid
            if is_here and one.measurement_id == marks.selected.value:
                return np.asarray(np.mean(np.array(one.points_mm), axis=0), dtype=np.float64)
        return subject.center_mm

    def _lock_words(self, *, is_locked: bool, was_unlocked: bool) -> str:
        if is_locked:
            return tr("Linked by hand from these slices on. The same key unlinks them.")
        if was_unlocked:
            return tr("The link by hand is taken away.")
        return tr(
            "Nothing to link by hand: the others follow already, or their slices lie another way."
        )
