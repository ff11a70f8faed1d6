"""Job lanes: order, progress, cancellation, and failures as plain sentences."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from queue import Queue

import pytest

from tests.support.canary import CANARY
from workstation.core.errors import WorkerCrashedError
from workstation.core.job import JobState
from workstation.services.jobs import (
    JobContext,
    JobEnded,
    JobEvent,
    JobGave,
    JobLanes,
    JobMoved,
    Lane,
    Request,
)

WAIT_S = 10.0


class Lanes:
    """Lanes whose events can be waited for."""

    def __init__(self) -> None:
        self.events: Queue[JobEvent] = Queue()
        self.lanes = JobLanes(self.events.put)

    def ended(self) -> tuple[JobEnded, list[JobEvent]]:
        before: list[JobEvent] = []
        while not isinstance(event := self.events.get(timeout=WAIT_S), JobEnded):
            before.append(event)
        return event, before


@pytest.fixture
def lanes() -> Iterator[Lanes]:
    made = Lanes()
    yield made
    made.lanes.close()


def test_a_job_tells_that_it_waits_runs_gives_and_is_done(lanes: Lanes) -> None:
    def work(context: JobContext) -> str:
        context.progress(0.5)
        context.give("part")
        return "whole"

    job_id = lanes.lanes.submit(Request(Lane.READ, "Working", work))

    ended, before = lanes.ended()
    states = [event.status.state for event in before if isinstance(event, JobMoved)]
    assert states == [JobState.WAITING, JobState.RUNNING, JobState.RUNNING]
    assert JobGave(job_id, "part") in before
    assert (ended.status.state, ended.result) == (JobState.DONE, "whole")


def test_jobs_of_one_lane_run_in_order_and_another_lane_does_not_wait(lanes: Lanes) -> None:
    gate = threading.Event()
    lanes.lanes.submit(Request(Lane.MODEL, "Slow", lambda _c: gate.wait(WAIT_S)))
    second = lanes.lanes.submit(Request(Lane.MODEL, "Second", lambda _c: None))
    other = lanes.lanes.submit(Request(Lane.SAVE, "Other", lambda _c: None))

    first_over, _ = lanes.ended()
    gate.set()
    lanes.ended()
    last, _ = lanes.ended()

    assert first_over.status.job_id == other
    assert last.status.job_id == second


def test_series_load_side_by_side(lanes: Lanes) -> None:
    meeting = threading.Barrier(2, timeout=WAIT_S)

    for _ in range(2):
        lanes.lanes.submit(Request(Lane.PIXELS, "Loading", lambda _c: meeting.wait()))

    assert {lanes.ended()[0].status.state for _ in range(2)} == {JobState.DONE}


def test_a_running_job_stops_when_asked(lanes: Lanes) -> None:
    has_started = threading.Event()

    def work(context: JobContext) -> None:
        has_started.set()
        while True:
            context.progress(0.1)

    job_id = lanes.lanes.submit(Request(Lane.MODEL, "Endless", work))
    assert has_started.wait(WAIT_S)
    lanes.lanes.cancel(job_id)

    assert lanes.ended()[0].status.state is JobState.CANCELLED


def test_a_waiting_job_that_is_cancelled_never_starts(lanes: Lanes) -> None:
    gate = threading.Event()
    started: list[JobContext] = []
    lanes.lanes.submit(Request(Lane.MODEL, "Slow", lambda _c: gate.wait(WAIT_S)))
    waiting = lanes.lanes.submit(Request(Lane.MODEL, "Waiting", started.append))
    lanes.lanes.cancel(waiting)
    gate.set()
    lanes.ended()

    assert lanes.ended()[0].status.state is JobState.CANCELLED
    assert started == []


def test_a_crashed_worker_is_one_sentence_and_the_lane_goes_on(lanes: Lanes) -> None:
    def crash(_context: JobContext) -> None:
        raise WorkerCrashedError("The model worker ended", todo="Start the task again")

    lanes.lanes.submit(Request(Lane.MODEL, "Enhancing", crash))
    lanes.lanes.submit(Request(Lane.MODEL, "Next", lambda _c: "fine"))

    failed, _ = lanes.ended()
    after, _ = lanes.ended()
    assert failed.status.message == "The model worker ended. Start the task again."
    assert after.result == "fine"


def test_a_fault_is_said_and_logged_without_the_words_of_the_error(
    lanes: Lanes, expect_log: Callable[[str], None]
) -> None:
    expect_log("job failed: KeyError")

    def fault(_context: JobContext) -> None:
        raise KeyError(CANARY)

    lanes.lanes.submit(Request(Lane.READ, "Working", fault))

    ended, _ = lanes.ended()
    assert ended.status.state is JobState.FAILED
    assert "fault in Prelim" in ended.status.message
    assert CANARY not in ended.status.message


def test_a_full_disk_is_said_without_the_path(lanes: Lanes) -> None:
    def full(_context: JobContext) -> None:
        raise OSError(28, "No space left on device", f"/folder/{CANARY}")

    lanes.lanes.submit(Request(Lane.SAVE, "Saving", full))

    message = lanes.ended()[0].status.message
    assert "No space left on device" in message
    assert CANARY not in message


def test_closing_waits_for_what_is_being_saved() -> None:
    lanes, saved = Lanes(), []
    gate = threading.Event()

    def save(_context: JobContext) -> None:
        gate.wait(WAIT_S)
        saved.append("words")

    lanes.lanes.submit(Request(Lane.SAVE, "Saving", save))
    threading.Timer(0.1, gate.set).start()
    lanes.lanes.close()

    assert saved == ["words"]


def test_a_lane_that_waits_keeps_nothing_of_its_last_job_alive(lanes: Lanes) -> None:
    class Voxels:
        """Stands for a volume that the work has captured or returned."""

    captured, returned = Voxels(), Voxels()
    alive = [weakref.ref(captured), weakref.ref(returned)]

    def work(_context: JobContext, _kept: object = captured, made: object = returned) -> object:
        return made

    request: list[Request[object]] = [Request(Lane.MODEL, "Working", work)]
    del captured, returned, work
    lanes.lanes.submit(request.pop())
    lanes.ended()

    ended = time.monotonic() + WAIT_S
    while any(one() is not None for one in alive) and time.monotonic() < ended:
        gc.collect()
    assert [one() for one in alive] == [None, None]
