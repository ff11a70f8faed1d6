"""How a result is compared with its original, in all viewports at once.

A way of comparing is one act that can be taken back. Curtain and its place are remembered for the
session; the difference has to be asked for in each study, since it is no picture to read.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from viewers.qt.curtain import moved_to
from viewers.qt.desk import ViewportDesk
from viewers.qt.viewport import ViewportWidget
from viewers.state.view_state import Compare, ViewState
from workstation.ui.arrangement import ArrangementDesk
from workstation.ui.enhance_pair import SideBySide
from workstation.ui.words import tr

CURTAIN_STEP = 0.05
"""Share of the canvas that a key moves the curtain by: twenty steps go across it."""


class CompareDesk(QObject):
    """Owned by the UI thread.

    Signals:
        changed(): another way of comparing is on.
        said(str): a sentence for the status line.
    """

    changed = Signal()
    said = Signal(str)

    def __init__(self, desk: ViewportDesk, arrangements: ArrangementDesk) -> None:
        """Begin with results alone.

        Args:
            desk: the viewports of all screens.
            arrangements: brings layouts back.
        """
        super().__init__(desk)
        self._desk = desk
        self.mode = Compare.RESULT
        self._curtain = 0.5
        self._pinned: dict[ViewportWidget, int] = {}
        self.pair = SideBySide(desk, arrangements)
        self.pair.changed.connect(self._pair_changed)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.apply)
        desk.state_changed.connect(self._take_state)
        desk.viewports_changed.connect(self._later.start)

    def toggle(self, mode: Compare) -> None:
        """Compare in one way, or show the result alone again; it can be taken back."""
        if self.pair.is_on:
            self.toggle_pair()
        wanted = Compare.RESULT if self.mode is mode else mode
        before = self.mode
        self._desk.marks.acts.add_other(lambda: self._take(before), lambda: self._take(wanted))
        self._take(wanted)

    def toggle_pair(self) -> None:
        """Show original and result side by side, or the layout before; it can be taken back."""
        self.pair.toggle()

    def move_curtain(self, steps: int) -> None:
        """Move the curtain by keys."""
        if self.mode is not Compare.CURTAIN:
            self.said.emit(tr("Draw the curtain first."))
            return
        viewport = self._desk.active
        state = viewport.state.value
        viewport.propose(moved_to(state, state.curtain + steps * CURTAIN_STEP))

    def pin_original(self, viewport: ViewportWidget) -> None:
        """Let a viewport show the original for as long as it shows its series."""
        self._pinned[viewport] = viewport.shown_number
        self.apply()

    def unpin(self, viewport: ViewportWidget) -> bool:
        """Let a viewport compare like all others; False where it does already."""
        was_pinned = self._pinned.pop(viewport, None) == viewport.shown_number
        self.apply()
        return was_pinned

    def leave_difference(self) -> None:
        """Show results again: what was compared is off, and a difference is no picture to read."""
        if self.mode is Compare.DIFFERENCE:
            self._take(Compare.RESULT)

    def new_study(self) -> None:
        """Show results again: another study is opened."""
        self._pinned.clear()
        self.pair.forget()
        self.leave_difference()

    def apply(self) -> None:
        """Let every viewport compare as it should; those that came back too."""
        for viewport in self._desk.viewports:
            wanted = self._wanted(viewport)
            state = viewport.state.value
            if state.compare is not wanted:
                viewport.state.set(replace(state, compare=wanted, curtain=self._curtain))

    # Private

    def _wanted(self, viewport: ViewportWidget) -> Compare:
        if self.pair.is_on and viewport in self.pair.viewports:
            is_left = viewport is self.pair.viewports[0]
            return Compare.ORIGINAL if is_left else Compare.RESULT
        if self._pinned.get(viewport) == viewport.shown_number:
            return Compare.ORIGINAL
        return self.mode

    def _take(self, mode: Compare) -> bool:
        self.mode = mode
        self.apply()
        self.changed.emit()
        return True

    def _take_state(self, state: ViewState) -> None:
        if state.compare is Compare.CURTAIN:
            self._curtain = state.curtain

    def _pair_changed(self) -> None:
        self.apply()
        self.changed.emit()
