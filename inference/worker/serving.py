"""The worker's loop: one call at a time, cancellation read beside it, failures as sentences."""

from __future__ import annotations

import os
import threading
import traceback
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, BinaryIO

from numpy.typing import NDArray

from inference.engine.told import Told
from inference.worker import pipe, protocol, shared_volume
from inference.worker.protocol import Call, Failure, FailureKind, Progress, Request, Result
from workstation.core.errors import (
    CancelledError,
    InputRefusedError,
    PackRefusedError,
    WorkerOutOfMemoryError,
    WorkstationError,
)
from workstation.core.job import CancelToken

Report = Callable[[float, tuple[int, ...]], None]
Handler = Callable[
    [Request, NDArray[Any] | None, NDArray[Any] | None, Report, CancelToken, Told], Result
]

MEMORY_WORDS = (
    "bad alloc",
    "bad_alloc",
    "failed to allocate",
    "out of memory",
    "cannot allocate",
    "failed to map segment",
)
"""What the runtimes write when memory is short; they have no error type of their own for it."""


KINDS: tuple[tuple[type[WorkstationError], FailureKind], ...] = (
    (CancelledError, FailureKind.CANCELLED),
    (PackRefusedError, FailureKind.PACK),
    (InputRefusedError, FailureKind.REFUSED),
    (WorkerOutOfMemoryError, FailureKind.MEMORY),
)
"""How our errors are told, the special ones before the general; any other is a fault."""


class Server:
    """Serves the calls that come through a pipe. Owned by the worker's main thread.

    Args:
        requests: messages of the application.
        answers: where ours go.
        handle: does the work.
    """

    def __init__(self, requests: BinaryIO, answers: BinaryIO, handle: Handler) -> None:
        self._requests = requests
        self._answers = answers
        self._handle = handle
        self._calls: SimpleQueue[Call] = SimpleQueue()
        self._token = CancelToken()
        self._told = Told()
        self._lock = threading.Lock()

    def serve(self) -> None:
        """Serve until the application closes the pipe; then the process ends."""
        threading.Thread(target=self._listen, name="requests", daemon=True).start()
        self._send(protocol.Ready(os.getpid()))
        while True:
            call = self._calls.get()
            self._send(self._answer(call))

    def _listen(self) -> None:
        """Take calls and cancellations while the main thread works; leave with the application."""
        while (message := pipe.receive(self._requests)) is not None:
            match message:
                case Call():
                    self._token = CancelToken()
                    self._told = Told(_missing(message))
                    self._calls.put(message)
                case protocol.Cancel():
                    self._token.cancel()
                case protocol.LookAt(index):
                    self._told.look_at(index)
                case protocol.Arrived(slices):
                    self._told.arrive(slices)
                case _:
                    pass
        # The application is gone or wants us gone: nobody reads an answer, so work in hand is void.
        os._exit(0)

    def _answer(self, call: Call) -> protocol.Answer | Failure:
        token, told = self._token, self._told
        try:
            with (
                shared_volume.attached(call.source, is_writable=False) as source,
                shared_volume.attached(call.target, is_writable=True) as target,
            ):
                return protocol.Answer(
                    self._handle(call.request, source, target, self._report, token, told)
                )
        except Exception as error:  # noqa: BLE001 - the worker loop is one of the three edges
            return _failure(error)

    def _report(self, fraction: float, slices: tuple[int, ...]) -> None:
        self._send(Progress(fraction, slices))

    def _send(self, message: protocol.Message) -> None:
        with self._lock:
            pipe.send(self._answers, message)


def _missing(call: Call) -> range:
    """Return the slices of a call that are still to come."""
    return range(call.source.shape[0] if call.is_filling and call.source is not None else 0)


def _failure(error: Exception) -> Failure:
    trace = "".join(traceback.format_exception(error))
    if isinstance(error, WorkstationError):
        kind = next((kind for cls, kind in KINDS if isinstance(error, cls)), FailureKind.FAULT)
        is_ours = kind is FailureKind.FAULT
        return Failure(kind, error.what, error.why, error.todo, trace if is_ours else "")
    if _is_memory(error):
        todo = "Close other studies or programs, or use a smaller series"
        return Failure(FailureKind.MEMORY, "The model ran out of memory", todo=todo)
    why, todo = type(error).__name__, "Run the task again"
    return Failure(FailureKind.FAULT, "The model worker failed", why, todo, trace)


def _is_memory(error: Exception) -> bool:
    words = str(error).lower()
    return isinstance(error, MemoryError) or any(word in words for word in MEMORY_WORDS)
