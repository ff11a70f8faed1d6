"""What the application tells while a run goes on: where the reader looks, which slices are there.

The voxels of a series of a thousand slices take longer to hand over than a reader waits for the
first result, so a run starts when the slices it needs first have come.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable

from workstation.core.job import CancelToken

POLL_SECONDS = 0.02
"""How often a run that waits for a slice looks at its cancel token; copying one takes 1 ms."""


class Told:
    """Told by the thread that listens, asked by the one that works.

    Args:
        missing: slices that are still to come.
    """

    def __init__(self, missing: Iterable[int] = ()) -> None:
        self._missing = set(missing)
        self._changed = threading.Condition()
        self._focus: int | None = None

    @property
    def focus(self) -> int | None:
        """Slice the reader looks at; None as long as the one of the request holds."""
        return self._focus

    def look_at(self, index: int) -> None:
        """Take where the reader looks now."""
        self._focus = index

    def arrive(self, slices: Iterable[int]) -> None:
        """Take which slices have come."""
        with self._changed:
            self._missing.difference_update(slices)
            self._changed.notify_all()

    def wait(self, cancel: CancelToken, slices: Iterable[int] | None = None) -> None:
        """Return when these slices have come; without any given, when all have.

        Raises:
            CancelledError: it was cancelled first.
        """
        if not self._missing:
            return
        needed = None if slices is None else set(slices)
        with self._changed:
            while self._missing if needed is None else needed & self._missing:
                cancel.raise_if_cancelled()
                self._changed.wait(POLL_SECONDS)
