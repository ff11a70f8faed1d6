"""The tree of errors that the world causes; each says what failed, why, and what to do.

    WorkstationError
    ├── InputRefusedError      the input cannot be used                       exit 3
    ├── SafetyGateError        a safety rule refuses the act                  exit 4
    ├── PeerFailedError        a peer (PACS, server) failed; work is queued   exit 5
    ├── WorkerError            the model worker failed; the application lives exit 70
    │   ├── WorkerCrashedError
    │   └── WorkerOutOfMemoryError
    ├── PackRefusedError       a model pack is damaged, unsafe or unfit       exit 3
    └── CancelledError         the person asked to stop

A programmer's mistake is a ValueError or TypeError, never one of these.
"""

from __future__ import annotations


class WorkstationError(Exception):
    """An error of the world. ``str(error)`` holds no Phi and is safe to log.

    Args:
        what: what failed, one short clause ("The file cannot be read").
        why: the cause, as far as known.
        todo: what the person can do about it.
    """

    exit_code = 70

    def __init__(self, what: str, *, why: str = "", todo: str = "") -> None:
        super().__init__(what, why, todo)
        self.what = what
        self.why = why
        self.todo = todo

    def __str__(self) -> str:
        parts = [part.rstrip(".") for part in (self.what, self.why, self.todo) if part]
        return ". ".join(part[:1].upper() + part[1:] for part in parts) + "."


class InputRefusedError(WorkstationError):
    """The input given cannot be used at all; nothing usable is left of it."""

    exit_code = 3


class PackRefusedError(InputRefusedError):
    """A model pack is damaged, unsafe, or does not fit the task."""


class SafetyGateError(WorkstationError):
    """A safety rule refuses the act, e.g. signing with an unreviewed statement."""

    exit_code = 4


class PeerFailedError(WorkstationError):
    """A peer did not take what was sent; it stays queued."""

    exit_code = 5


class WorkerError(WorkstationError):
    """The model worker failed; the application goes on without its result."""


class WorkerCrashedError(WorkerError):
    """The worker process ended before it answered."""


class WorkerOutOfMemoryError(WorkerError):
    """The worker needed more memory than this machine gives."""


class CancelledError(WorkstationError):
    """The person asked to stop; what was made so far is discarded."""
