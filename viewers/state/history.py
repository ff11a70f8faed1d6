"""What was done, so that it can be taken back and done again; an immutable value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

DEPTH = 200
"""Acts that are remembered: more than anybody takes back, few enough to hold no memory."""


@dataclass(frozen=True, slots=True)
class History(Generic[T]):
    """A present value, those before it and those that were taken back. Immutable; any thread.

    Attributes:
        present: the value now.
        past: values before it, oldest first.
        future: values that were taken back, the next to be done again last.
    """

    present: T
    past: tuple[T, ...] = ()
    future: tuple[T, ...] = ()

    @property
    def can_undo(self) -> bool:
        """Whether there is anything to take back."""
        return bool(self.past)

    @property
    def can_redo(self) -> bool:
        """Whether anything was taken back."""
        return bool(self.future)

    def then(self, value: T) -> History[T]:
        """Return the history after an act; what had been taken back is forgotten.

        An act that changes nothing is none.
        """
        if value == self.present:
            return self
        return History(value, (*self.past, self.present)[-DEPTH:])

    def undone(self) -> History[T]:
        """Return the history with the last act taken back; itself where there is none."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (*self.future, self.present))

    def redone(self) -> History[T]:
        """Return the history with the act taken back last done again."""
        if not self.future:
            return self
        return History(self.future[-1], (*self.past, self.present), self.future[:-1])
