"""Work that runs off the UI thread: its state as a value, its cancellation as a token."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import Enum

from workstation.core.errors import CancelledError


class JobState(Enum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class JobStatus:
    """A job as the jobs panel shows it. ``text`` and ``message`` hold no Phi.

    Attributes:
        job_id: running number.
        text: what it does, for people ("Denoising").
        state: where it stands.
        fraction: done part, 0..1; None where it is not known.
        message: the sentence of a failure, else empty.
    """

    job_id: int
    text: str
    state: JobState = JobState.WAITING
    fraction: float | None = None
    message: str = ""


class CancelToken:
    """Asks running work to stop. Any thread."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask for the stop; returns at once."""
        self._event.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether the stop was asked for."""
        return self._event.is_set()

    def raise_if_cancelled(self) -> None:
        """Raise CancelledError if the stop was asked for."""
        if self.is_cancelled:
            raise CancelledError("Stopped as you asked")


class Focus:
    """The slice a reader looks at, for work that does the nearest slices first. Any thread.

    Args:
        index: where the reader looks now.
    """

    def __init__(self, index: int) -> None:
        self._index = index

    def move(self, index: int) -> None:
        """Tell that the reader looks at another slice."""
        self._index = index

    @property
    def index(self) -> int:
        """Where the reader looks."""
        return self._index
