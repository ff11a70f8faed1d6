"""Job lanes: work off the UI thread, one thread per lane, told in plain sentences.

A request has captured all it needs: it holds no widget, no connection and no Observable. What
happens to it is told as values to one sink, on the thread of its lane; in the window the sink is
``workstation.ui.bridge``, which alone carries them to the UI thread.
"""

from __future__ import annotations

import itertools
import logging
import queue
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Generic, TypeAlias, TypeVar

from workstation.core.errors import CancelledError, WorkstationError
from workstation.core.job import CancelToken, JobState, JobStatus

T_co = TypeVar("T_co", covariant=True)

PROGRESS_STEP_S = 0.1
"""Progress is told at most ten times a second: more is not seen, and would crowd the UI thread."""

LANE_WIDTH = 4
"""Threads of the pixel lane: as many series as the largest layout shows may load side by side."""

JOIN_S = 5.0
"""How long closing waits for a lane: a cancelled job answers within its slice of work."""

logger = logging.getLogger(__name__)


class Lane(Enum):
    """Queues that never wait for each other.

    Jobs of a lane run in order; only PIXELS runs several at once, because a series that loads
    must not keep another one from the screen.
    """

    READ = "read"
    PIXELS = "pixels"
    MODEL = "model"
    DOCUMENT = "document"
    EXPORT = "export"
    SAVE = "save"


class JobContext:
    """What running work may say and ask. Used on the thread of its lane."""

    def __init__(
        self, status: JobStatus, tell: Callable[[JobEvent], None], *, is_saving: bool = False
    ) -> None:
        self.cancel = CancelToken()
        self.is_saving = is_saving
        self._status = status
        self._tell = tell
        self._told_at = 0.0

    def progress(self, fraction: float | None) -> None:
        """Tell the done part, 0..1; None where only life can be told.

        Raises:
            CancelledError: the stop was asked for.
        """
        self.cancel.raise_if_cancelled()
        now = time.monotonic()
        if now - self._told_at < PROGRESS_STEP_S:
            return
        self._told_at = now
        self._tell(JobMoved(replace(self._status, state=JobState.RUNNING, fraction=fraction)))

    def give(self, value: object) -> None:
        """Hand over a part of the result while the rest is still being made."""
        self._tell(JobGave(self._status.job_id, value))


@dataclass(frozen=True, slots=True)
class Request(Generic[T_co]):
    """Work for a lane.

    Attributes:
        lane: where it runs.
        text: what it does, for people; no Phi ("Denoising").
        work: the work; it returns the result.
        is_quiet: not shown among the jobs (saving, thumbnails).
    """

    lane: Lane
    text: str
    work: Callable[[JobContext], T_co]
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class JobMoved:
    """A job waits, runs, or got further."""

    status: JobStatus


@dataclass(frozen=True, slots=True)
class JobGave:
    """A job handed over a part of its result."""

    job_id: int
    value: object


@dataclass(frozen=True, slots=True)
class JobEnded:
    """A job is over.

    Attributes:
        status: done, failed (with its sentence) or cancelled.
        result: what the work returned; None unless done.
        error: why it failed; None unless failed.
    """

    status: JobStatus
    result: object = None
    error: WorkstationError | None = None


JobEvent: TypeAlias = JobMoved | JobGave | JobEnded


class JobLanes:
    """Runs requests. Any thread may submit, cancel and close."""

    def __init__(self, sink: Callable[[JobEvent], None]) -> None:
        self._sink = sink
        self._numbers = itertools.count(1)
        self._queues: dict[Lane, queue.SimpleQueue[_Queued | None]] = {}
        self._threads: list[threading.Thread] = []
        self._contexts: dict[int, JobContext] = {}
        self._lock = threading.Lock()
        self._is_closed = False

    def submit(self, request: Request[object]) -> int:
        """Queue a request; return its job id at once."""
        job_id = next(self._numbers)
        status = JobStatus(job_id, request.text)
        context = JobContext(status, self._sink, is_saving=request.lane is Lane.SAVE)
        with self._lock:
            if self._is_closed:
                raise RuntimeError("the job lanes are closed")
            self._contexts[job_id] = context
            lane = self._lane(request.lane)
        self._sink(JobMoved(status))
        lane.put(_Queued(request, status, context))
        return job_id

    def cancel(self, job_id: int) -> None:
        """Ask a job to stop, whether it waits or runs; an ended one is left alone."""
        with self._lock:
            context = self._contexts.get(job_id)
        if context is not None:
            context.cancel.cancel()

    def close(self) -> None:
        """Cancel everything except saving, which is waited for; then end the lanes."""
        with self._lock:
            self._is_closed = True
            contexts = tuple(self._contexts.values())
            lanes = dict(self._queues)
        for context in contexts:
            if not context.is_saving:
                context.cancel.cancel()
        for lane in lanes.values():
            for _ in range(LANE_WIDTH):
                lane.put(None)
        for thread in self._threads:
            thread.join(JOIN_S)

    def _lane(self, lane: Lane) -> queue.SimpleQueue[_Queued | None]:
        if lane not in self._queues:
            self._queues[lane] = queue.SimpleQueue()
            for _ in range(LANE_WIDTH if lane is Lane.PIXELS else 1):
                thread = threading.Thread(
                    target=self._serve, args=(self._queues[lane],), name=f"lane-{lane.value}"
                )
                thread.daemon = True
                thread.start()
                self._threads.append(thread)
        return self._queues[lane]

    def _serve(self, lane: queue.SimpleQueue[_Queued | None]) -> None:
        while (queued := lane.get()) is not None:
            ended = _run(queued, self._sink)
            with self._lock:
                self._contexts.pop(queued.status.job_id, None)
            self._sink(ended)
            # While the lane waits, nothing of the last job (its voxels) may stay alive here.
            del queued, ended


@dataclass(frozen=True, slots=True)
class _Queued:
    request: Request[object]
    status: JobStatus
    context: JobContext


def _run(queued: _Queued, sink: Callable[[JobEvent], None]) -> JobEnded:
    status = queued.status
    try:
        queued.context.cancel.raise_if_cancelled()
        sink(JobMoved(replace(status, state=JobState.RUNNING)))
        result = queued.request.work(queued.context)
    except CancelledError:
        return JobEnded(replace(status, state=JobState.CANCELLED))
    except WorkstationError as error:
        return _failed(status, error)
    except Exception as error:  # noqa: BLE001 the edge of a lane: nothing ends the thread
        return _failed(status, _as_ours(error))
    return JobEnded(replace(status, state=JobState.DONE, fraction=1.0), result=result)


def _failed(status: JobStatus, error: WorkstationError) -> JobEnded:
    failed = replace(status, state=JobState.FAILED, message=str(error))
    return JobEnded(failed, error=error)


def _as_ours(error: Exception) -> WorkstationError:
    if isinstance(error, MemoryError):
        return WorkstationError(
            "This machine has not enough free memory",
            todo="Close other programs or open a smaller series, then try again",
        )
    if isinstance(error, OSError):
        return WorkstationError(
            "A file or folder could not be used",
            why=error.strerror or type(error).__name__,
            todo="Check the disk, the free space and your permission, then try again",
        )
    # The text of a foreign error may hold a name or a path: only its kind and place are logged.
    frames = "".join(traceback.format_tb(error.__traceback__))
    logger.error("job failed: %s\n%s", type(error).__name__, frames)
    return WorkstationError(
        "This did not work because of a fault in Prelim",
        why=type(error).__name__,
        todo="Nothing was changed; try again, and report it if it happens again",
    )
