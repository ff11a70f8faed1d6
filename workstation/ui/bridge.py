"""The one place where results of other threads come to the UI thread.

A job lane tells its events on its own thread; the signal carries them over. What is to happen
with a result is kept here, by job id, and called on the UI thread.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from workstation.core.errors import WorkstationError
from workstation.core.job import JobState, JobStatus
from workstation.services.jobs import JobEnded, JobEvent, JobGave, JobLanes, JobMoved, Request

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Replies:
    """What to call on the UI thread as a job goes on; each may be left out.

    Attributes:
        done: takes the result.
        gave: takes each part handed over while the job runs.
        failed: takes the error; the sentence is shown by the jobs panel either way.
        over: called last, whatever the outcome.
    """

    done: Callable[[Any], None] | None = None
    gave: Callable[[Any], None] | None = None
    failed: Callable[[WorkstationError], None] | None = None
    over: Callable[[], None] | None = None


class JobBridge(QObject):
    """Starts jobs and brings back what they say. Owned by the UI thread.

    Signals:
        job_moved(JobStatus): a job that is shown to people changed.
    """

    job_moved = Signal(object)
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._replies: dict[int, Replies] = {}
        self._quiet: set[int] = set()
        self._is_closed = False
        self._arrived.connect(self._receive, Qt.ConnectionType.QueuedConnection)
        self._lanes = JobLanes(self._arrived.emit)

    def start(self, request: Request[Any], replies: Replies | None = None) -> int:
        """Queue a request; its replies are called on this thread.

        Returns:
            The job id; 0 where the window has closed and nothing starts any more.
        """
        if self._is_closed:
            return 0
        job_id = self._lanes.submit(request)
        self._replies[job_id] = replies or Replies()
        if request.is_quiet:
            self._quiet.add(job_id)
        return job_id

    def cancel(self, job_id: int) -> None:
        """Ask a job to stop."""
        self._lanes.cancel(job_id)

    def is_running(self, job_id: int) -> bool:
        """Whether a job has not ended yet."""
        return job_id in self._replies

    def close(self) -> None:
        """Stop all jobs; saving is waited for. No reply is called afterwards."""
        self._is_closed = True
        self._lanes.close()
        self._replies.clear()

    @Slot(object)
    def _receive(self, event: JobEvent) -> None:
        match event:
            case JobMoved(status):
                self._show(status)
            case JobGave(job_id, value):
                replies = self._replies.get(job_id)
                if replies and replies.gave:
                    self._call(replies.gave, value)
            case JobEnded(status, result, error):
                self._end(status, result, error)

    def _end(self, status: JobStatus, result: object, error: WorkstationError | None) -> None:
        replies = self._replies.pop(status.job_id, None)
        if status.state is JobState.FAILED:
            # A failure is always shown, even of a job that runs quietly.
            self._quiet.discard(status.job_id)
        self._show(status)
        self._quiet.discard(status.job_id)
        if replies is None:
            return
        if status.state is JobState.DONE and replies.done:
            self._call(replies.done, result)
        if error is not None and replies.failed:
            self._call(replies.failed, error)
        if replies.over:
            self._call(lambda _: replies.over and replies.over(), None)

    def _show(self, status: JobStatus) -> None:
        if status.job_id not in self._quiet:
            self.job_moved.emit(status)

    def _call(self, reply: Callable[[Any], object], value: object) -> None:
        try:
            reply(value)
        except Exception as error:  # noqa: BLE001 the edge: one reply must not stop the others
            frames = "".join(traceback.format_tb(error.__traceback__))
            # logging.exception would add the error's text, which may hold a name or a path.
            logger.error("reply failed: %s\n%s", type(error).__name__, frames)  # noqa: TRY400
            name = type(error).__name__
            sentence = f"A result could not be shown because of a fault in Prelim ({name})."
            self.job_moved.emit(JobStatus(0, "Showing a result", JobState.FAILED, None, sentence))
