"""The line through the patient that viewports share, and the place looked at along it."""

from __future__ import annotations

from viewers.qt.acts import ActLog
from viewers.state.curve import Curve, CurvedLook
from workstation.core.observable import Observable


class CurveBoard:
    """Holds one line; what is done to it is taken back in one order with marks and views.

    Owned by the UI thread.

    Args:
        acts: the acts on the images.

    Attributes:
        curve: the line; None where none is drawn.
        look: how the picture straightened along it is looked at.
        at_mm: LPS position of the cross-section on the line; None while no picture is shown.
    """

    def __init__(self, acts: ActLog) -> None:
        self.curve: Observable[Curve | None] = Observable(None)
        self.look: Observable[CurvedLook] = Observable(CurvedLook())
        self.at_mm: Observable[tuple[float, float, float] | None] = Observable(None)
        self._acts = acts

    def change(self, curve: Curve | None) -> None:
        """Take another line as one act of the reader."""
        before = self.curve.value
        if curve == before:
            return
        self.curve.set(curve)

        def undo() -> bool:
            return self._swap(curve, before)

        def redo() -> bool:
            return self._swap(before, curve)

        self._acts.add_other(undo, redo)

    def drag(self, curve: Curve) -> None:
        """Show the line as it is in the hand; no act yet."""
        self.curve.set(curve)

    def drop(self, before: Curve) -> None:
        """Let the line go as it is in the hand, as one act.

        Args:
            before: as it was when it was taken.
        """
        now = self.curve.value
        self.curve.set(before)
        self.change(now)

    def forget(self) -> None:
        """Let everything go: another study is opened."""
        self.curve.set(None)
        self.look.set(CurvedLook())
        self.at_mm.set(None)

    def _swap(self, expected: Curve | None, other: Curve | None) -> bool:
        # Another study, another line: what was done to the old one cannot be taken back.
        if self.curve.value != expected:
            return False
        self.curve.set(other)
        return True
