"""What a hand does in the window, act by act, for those who watch the UI thread meanwhile.

Wheel, mouse and keys enter through Qt's window system interface, as those of a screen do; what has
a command is done by its command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from tests.support.window_session import WindowSession
from viewers.state.view_state import Tool

NONE = Qt.KeyboardModifier.NoModifier
MOVES = 30
PANELS = ("preferences", "help", "jobs", "news", "verdict", "objects", "print", "export_pictures")


def _nothing() -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class Act:
    """One kind of work.

    Attributes:
        name: for the row.
        do: does it.
        prepare: brings the window where it can be done; not watched.
        undo: brings it back; not watched.
        rest_s: what follows by itself is watched so long.
        is_steady: it is done all day, so that nothing of it may be made for the first time.
        is_first: it is watched the first time.
    """

    name: str
    do: Callable[[], object]
    prepare: Callable[[], object] = field(default=_nothing)
    undo: Callable[[], object] = field(default=_nothing)
    rest_s: float = 0.4
    is_steady: bool = True
    is_first: bool = False


class Hand:
    """Wheel and mouse over the active viewport of a window.

    Args:
        session: the window.
        slices: of the series on show: the wheel turns round before its end.
    """

    def __init__(self, session: WindowSession, slices: int) -> None:
        self._session = session
        self._slices = slices

    def wheel(self, n: int) -> None:
        """Turn the wheel by one notch, to and fro through the slices."""
        canvas = self._session.window.study_page.grid.active.canvas
        middle = QPointF(canvas.mapTo(self._session.window, canvas.rect().center()))
        down = QPoint(0, -120 if n // (self._slices - 2) % 2 == 0 else 120)
        QTest.wheelEvent(self._session.window.windowHandle(), middle, down)

    def drag_right(self, n: int) -> None:
        """Go on with a drag of the right button; 0 begins it."""
        self._drag(Qt.MouseButton.RightButton, n)

    def drag_left(self, n: int) -> None:
        """Go on with a drag of the left button; 0 begins it."""
        self._drag(Qt.MouseButton.LeftButton, n)

    def let_go(self) -> None:
        """Let all buttons go."""
        handle, at = self._session.window.windowHandle(), self._place(0)
        for button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            QTest.mouseRelease(handle, button, NONE, at)

    def moves(self, act: Callable[[int], None]) -> None:
        """Do one thing many times, as a hand does: the loop waits in between."""
        for n in range(MOVES):
            act(n)
            self._session.rest(0.015)
        self.let_go()

    def _drag(self, button: Qt.MouseButton, n: int) -> None:
        handle, at = self._session.window.windowHandle(), self._place(n)
        if n == 0:
            QTest.mouseRelease(handle, button, NONE, at)
            QTest.mousePress(handle, button, NONE, at)
        QTest.mouseMove(handle, at + QPoint(4, 4))

    def _place(self, n: int) -> QPoint:
        canvas = self._session.window.study_page.grid.active.canvas
        middle = canvas.mapTo(self._session.window, canvas.rect().center())
        return middle + QPoint(3 * (n % 40), 2 * (n % 25))


def acts_of(session: WindowSession) -> Iterator[Act]:
    """Yield the acts, in an order in which each finds what it needs."""
    window, slices = session.window, session.window.study.active_series
    assert slices is not None
    study, hand = window.study, Hand(session, len(slices.flags))

    def tool(which: Tool) -> Callable[[], None]:
        return lambda: study.set_tool(which.value)

    def into_planes() -> None:
        study.toggle_reformat()
        study.set_tool(Tool.CROSSHAIR.value)

    def out_of_planes() -> None:
        study.toggle_reformat()
        study.set_tool(Tool.SCROLL.value)

    def command(name: str) -> Callable[[], None]:
        return window.actions_set.action(name).trigger

    yield Act("scroll", lambda: hand.moves(hand.wheel))
    yield Act("window", lambda: hand.moves(hand.drag_right))
    yield Act("pan", lambda: hand.moves(hand.drag_left), tool(Tool.PAN), tool(Tool.SCROLL))
    yield Act("invert", study.invert)
    yield Act("flip", lambda: study.flip("h"))
    yield Act("slab", study.next_projection)
    yield Act("slab_scroll", lambda: hand.moves(hand.wheel), undo=study.reset)
    for which in (Tool.LENGTH, Tool.ELLIPSE, Tool.FREEHAND):
        yield Act(which.value, lambda: hand.moves(hand.drag_left), tool(which), command("undo"))
    yield Act("reformat", study.toggle_reformat, undo=study.toggle_reformat, rest_s=1.0)
    yield Act(
        "crosshair",
        lambda: hand.moves(hand.drag_left),
        prepare=into_planes,
    )
    yield Act("oblique_turn", lambda: hand.moves(lambda _n: study.turn_planes(1)))
    yield Act("oblique_slab", study.next_projection, rest_s=1.5)
    yield Act("oblique_slab_scroll", lambda: hand.moves(hand.wheel), undo=study.reset)
    yield Act(
        "freehand_on_reformat",
        lambda: hand.moves(hand.drag_left),
        tool(Tool.FREEHAND),
        out_of_planes,
    )
    one = command("layout_1")
    for name in ("layout_4", "layout_9"):
        yield Act(name, command(name), undo=one)
    yield Act("fill", window.layouts.fill, command("layout_4"), one, is_steady=False)
    yield Act("hanging", lambda: window.hanging.step(1), undo=one, is_steady=False)
    for name in PANELS:
        yield Act(f"panel_{name}", command(name), undo=window.close_panel, is_steady=False)
