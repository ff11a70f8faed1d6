"""Time as a port, so that a test can say what time it is."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Gives the present moment."""

    def now(self) -> datetime:
        """Return the present moment, aware, in the local time zone."""
        ...


class SystemClock:
    """The clock of the machine. Immutable; any thread."""

    def now(self) -> datetime:
        """Return the present moment, aware, in the local time zone."""
        return datetime.now().astimezone()
