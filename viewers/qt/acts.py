"""What a reader did to the images, in order: changes of a view and of marks, to be taken back.

Scrolling is no act: one scrolls back. A drag is one act however many steps it had, and so are
turns of the wheel that follow one another at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from viewers.state.history import DEPTH
from viewers.state.slab import Slab
from viewers.state.view_state import Interpolation, Turn, ViewState
from workstation.core.intensity import Window

TOGETHER_S = 0.7
"""Changes of the same kind within so short a time are one act: notches of a wheel, key repeats."""


@dataclass(frozen=True, slots=True)
class Look:
    """The part of a view state that can be taken back."""

    window: Window
    zoom: float | None
    pan_mm: tuple[float, float]
    turn: Turn
    is_inverted: bool
    interpolation: Interpolation
    slab: Slab | None
    curtain: float = 0.5

    def on(self, state: ViewState) -> ViewState:
        """Return a state with this look."""
        return replace(
            state,
            window=self.window,
            zoom=self.zoom,
            pan_mm=self.pan_mm,
            turn=self.turn,
            is_inverted=self.is_inverted,
            interpolation=self.interpolation,
            slab=self.slab,
            curtain=self.curtain,
        )


def look_of(state: ViewState) -> Look:
    """Return the part of a state that can be taken back."""
    return Look(
        state.window,
        state.zoom,
        state.pan_mm,
        state.turn,
        state.is_inverted,
        state.interpolation,
        state.slab,
        state.curtain,
    )


class Viewed(Protocol):
    """A viewport whose look can be taken back."""

    @property
    def shown_number(self) -> int:
        """Counts what it has shown; another number is another picture."""

    def take_look(self, look: Look) -> None:
        """Look so; it is no new act."""


@dataclass(frozen=True, slots=True, eq=False)
class ViewAct:
    """One change of a view."""

    viewed: Viewed
    shown_number: int
    before: Look
    after: Look

    @property
    def is_possible(self) -> bool:
        """Whether the picture it changed is still shown there."""
        return self.viewed.shown_number == self.shown_number


@dataclass(frozen=True, slots=True)
class MarkAct:
    """One change of the marks; what it was stands in their own history."""


@dataclass(frozen=True, slots=True, eq=False)
class OtherAct:
    """A change of something else on the images, which knows how it is taken back.

    Attributes:
        undo, redo: do it; False where that cannot be done any more.
    """

    undo: Callable[[], bool]
    redo: Callable[[], bool]


Act: TypeAlias = ViewAct | MarkAct | OtherAct


class ActLog:
    """The acts on the images, in order. Owned by the UI thread.

    Args:
        clock: seconds that only go forward.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._past: list[Act] = []
        self._future: list[Act] = []
        self._last_s = float("-inf")
        self._is_dragging = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was done, and nothing taken back."""
        return not (self._past or self._future)

    def begin_drag(self) -> None:
        """Take what follows as one act, until :meth:`end_drag`."""
        self._last_s = float("-inf")
        self._is_dragging = True

    def end_drag(self) -> None:
        """End the act of a drag."""
        self._last_s = float("-inf")
        self._is_dragging = False

    def add_marks(self) -> None:
        """Note that the marks were changed."""
        self._add(MarkAct())

    def add_other(self, undo: Callable[[], bool], redo: Callable[[], bool]) -> None:
        """Note a change of something else, and how it is taken back and done again."""
        self._add(OtherAct(undo, redo))

    def add_view(self, viewed: Viewed, before: Look, after: Look) -> None:
        """Note that a view was changed; joined with the change just before where it goes on."""
        if before == after:
            return
        now_s = self._clock()
        last = self._past[-1] if self._past else None
        is_near = now_s - self._last_s <= TOGETHER_S or (
            self._is_dragging and self._last_s > float("-inf")
        )
        self._last_s = now_s
        if is_near and isinstance(last, ViewAct) and _goes_on(last, viewed, before, after):
            self._past[-1] = replace(last, after=after)
            self._future.clear()
            return
        self._add(ViewAct(viewed, viewed.shown_number, before, after))

    def undo(self, marks: Callable[[], bool]) -> bool:
        """Take the last act back; False where there is none.

        Args:
            marks: takes the last change of the marks back; False where it cannot.
        """
        return self._move(self._past, self._future, marks, is_undo=True)

    def redo(self, marks: Callable[[], bool]) -> bool:
        """Do the act taken back last again; False where there is none.

        Args:
            marks: does the change of the marks taken back last again; False where it cannot.
        """
        return self._move(self._future, self._past, marks, is_undo=False)

    def forget(self) -> None:
        """Let everything go: another study is opened."""
        self._past.clear()
        self._future.clear()
        self.end_drag()

    def _add(self, act: Act) -> None:
        self._past.append(act)
        del self._past[:-DEPTH]
        self._future.clear()

    def _move(
        self,
        source: list[Act],
        target: list[Act],
        marks: Callable[[], bool],
        *,
        is_undo: bool,
    ) -> bool:
        self.end_drag()
        while source:
            act = source.pop()
            if isinstance(act, MarkAct):
                is_done = marks()
            elif isinstance(act, OtherAct):
                is_done = act.undo() if is_undo else act.redo()
            else:
                is_done = act.is_possible
                if is_done:
                    act.viewed.take_look(act.before if is_undo else act.after)
            if is_done:
                target.append(act)
                return True
        return False


def _goes_on(last: ViewAct, viewed: Viewed, before: Look, after: Look) -> bool:
    """Whether a change goes on with the one before: same picture, same kind of change."""
    is_same = last.viewed is viewed and last.is_possible and last.after == before
    return is_same and _kind(before, after) == _kind(last.before, last.after)


def _kind(before: Look, after: Look) -> tuple[bool, ...]:
    # Zoom and position change together: a wheel zooms around the pointer.
    return (
        before.window != after.window,
        (before.zoom, before.pan_mm) != (after.zoom, after.pan_mm),
        before.turn != after.turn,
        before.is_inverted != after.is_inverted,
        before.interpolation is not after.interpolation,
        before.slab != after.slab,
        before.curtain != after.curtain,
    )
