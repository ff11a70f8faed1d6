"""The application's side of the model worker: starts it, calls it, and survives it.

Imports no model runtime. The worker gets voxels, spacing and pack folders; no name, no DICOM object
and no environment variable of ours.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

import inference
from inference.tasks.denoise import DenoiseRequest, EnhanceResult
from inference.tasks.draft_findings import DraftRequest, DraftResult
from inference.tasks.fill import FillRequest, FillResult
from inference.tasks.gates import GatesRequest, GatesResult
from inference.tasks.golden import GoldenRequest, GoldenResult
from inference.tasks.measure import MeasureRequest, MeasureResult
from inference.tasks.prepare import PrepareRequest, PrepareResult
from inference.tasks.super_resolve import SuperResolveRequest
from inference.worker import pipe, protocol, shared_volume
from inference.worker.filling import Filler
from inference.worker.protocol import FailureKind, Message, Request, Result
from workstation.core.errors import (
    CancelledError,
    InputRefusedError,
    PackRefusedError,
    WorkerCrashedError,
    WorkerError,
    WorkerOutOfMemoryError,
    WorkstationError,
)
from workstation.core.job import CancelToken, Focus

LOG = logging.getLogger(__name__)

START_SECONDS = 60.0
"""Longest wait for the worker to say it is up; half a second is usual, a cold laptop needs ten."""

POLL_SECONDS = 0.05
"""How often a running call looks at its cancel token; well under what a person notices."""

CANCEL_SECONDS = 3.0
"""How long a cancelled worker may take to stop by itself before it is ended; a slice needs 0.1."""

STOP_SECONDS = 2.0
"""How long an idle worker may take to leave when its pipe closes."""

KEPT_ENVIRONMENT = (
    "PATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "PYTHONPATH",
    "PYTHONHOME",
    "VIRTUAL_ENV",
    "SYSTEMROOT",
    "SYSTEMDRIVE",
    "WINDIR",
    "TEMP",
    "TMP",
    "TMPDIR",
    "LANG",
    "CUDA_PATH",
    "CUDA_VISIBLE_DEVICES",
)
"""Variables handed on; all others (passphrases, homes, user names) stay here."""

OnProgress = Callable[[float], None]
OnSlice = Callable[[int, NDArray[Any]], None]


class ModelWorker:
    """The worker process as one object. ``run`` may be called from any thread, one at a time.

    Args:
        pack_folders: folders of model packs, as PackStore.folders gives them.
        memory_limit_bytes: address space the worker may use; None for no limit. POSIX only.
        command: how the worker is started; a frozen program gives its own.
        is_background: a person works beside it: the worker lets everything else go first.
    """

    def __init__(
        self,
        *,
        pack_folders: Sequence[Path],
        memory_limit_bytes: int | None = None,
        command: Sequence[str] | None = None,
        is_background: bool = False,
    ) -> None:
        self._command = list(command or (sys.executable, "-m", "inference.worker"))
        self._arguments = [f"--packs={folder}" for folder in pack_folders]
        if memory_limit_bytes is not None:
            self._arguments.append(f"--memory-limit-bytes={memory_limit_bytes}")
        if is_background:
            self._arguments.append("--background")
        self._lock = threading.Lock()
        self._pipe_lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._messages: queue.Queue[Message | WorkstationError | None] = queue.Queue()

    @property
    def process_id(self) -> int | None:
        """Process id of the running worker; None if there is none."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def start(self) -> None:
        """Start the worker if it does not run; ``run`` does so by itself.

        Raises:
            WorkerError: it does not start.
        """
        with self._lock:
            self._start()

    def stop(self) -> None:
        """End the worker; a later ``run`` starts it again. Waits for a call in progress."""
        with self._lock:
            self._end()

    @overload
    def run(
        self,
        request: DenoiseRequest | SuperResolveRequest,
        voxels: NDArray[Any] | None,
        *,
        on_progress: OnProgress | None = None,
        on_slice: OnSlice | None = None,
        cancel: CancelToken | None = None,
        focus: Focus | None = None,
    ) -> tuple[EnhanceResult, NDArray[Any]]: ...
    @overload
    def run(
        self,
        request: FillRequest,
        voxels: NDArray[Any] | None,
        *,
        on_progress: OnProgress | None = None,
        on_slice: OnSlice | None = None,
        cancel: CancelToken | None = None,
    ) -> tuple[FillResult, NDArray[Any]]: ...
    @overload
    def run(
        self,
        request: MeasureRequest,
        voxels: NDArray[Any] | None,
        *,
        on_progress: OnProgress | None = None,
        on_slice: OnSlice | None = None,
        cancel: CancelToken | None = None,
    ) -> tuple[MeasureResult, None]: ...
    @overload
    def run(
        self,
        request: DraftRequest,
        voxels: NDArray[Any] | None,
        *,
        on_progress: OnProgress | None = None,
        on_slice: OnSlice | None = None,
        cancel: CancelToken | None = None,
    ) -> tuple[DraftResult, None]: ...
    @overload
    def run(
        self,
        request: GoldenRequest,
        voxels: NDArray[Any] | None,
        *,
        on_progress: OnProgress | None = None,
        on_slice: OnSlice | None = None,
        cancel: CancelToken | None = None,
    ) -> tuple[GoldenResult, None]: ...
    @overload
    def run(
        self,
        request: GatesRequest,
        voxels: NDArray[Any] | None,
        *,
        on_progress: OnProgress | None = None,
        on_slice: OnSlice | None = None,
        cancel: CancelToken | None = None,
    ) -> tuple[GatesResult, None]: ...
    @overload
    def run(
        self,
        request: PrepareRequest,
        voxels: NDArray[Any] | None,
        *,
        on_progress: OnProgress | None = None,
        on_slice: OnSlice | None = None,
        cancel: CancelToken | None = None,
    ) -> tuple[PrepareResult, None]: ...
    def run(
        self,
        request: Request,
        voxels: NDArray[Any] | None,
        *,
        on_progress: OnProgress | None = None,
        on_slice: OnSlice | None = None,
        cancel: CancelToken | None = None,
        focus: Focus | None = None,
    ) -> tuple[Any, NDArray[Any] | None]:
        """Run one task and return its result and, for an enhancement, the new voxels.

        Args:
            request: what to do.
            voxels: ``[k, j, i]``; None for a golden case, for gates and for getting ready.
            on_progress: called with the part done, 0..1.
            on_slice: called with k and a view of each finished slice of the result. Both are called
                in this thread.
            cancel: stops the run within about one slice.
            focus: where the reader looks; an enhancement goes on with the slices nearest to it.

        Raises:
            CancelledError: it was cancelled.
            InputRefusedError, PackRefusedError: the input or the pack cannot be used.
            WorkerCrashedError, WorkerOutOfMemoryError, WorkerError: the worker failed; the next
                run starts a new one.
        """
        token = cancel or CancelToken()
        with self._lock, ExitStack() as blocks:
            token.raise_if_cancelled()
            source = target = shared = filler = None
            if voxels is not None:
                source, block = blocks.enter_context(
                    shared_volume.created(voxels.shape, voxels.dtype)
                )
                filler = _filler(request, voxels, block)
                del block
            if voxels is not None and (shape := result_shape(request, voxels.shape)) is not None:
                target, shared = blocks.enter_context(shared_volume.created(shape, voxels.dtype))
            taker = _Taker(shared, on_progress, on_slice)
            del shared
            try:
                self._start()
                self._send(protocol.Call(request, source, target, filler is not None))
                if filler is not None:
                    filler.start(self._write)
                return self._wait(taker, token, focus), taker.result
            except WorkerError:
                self._end()
                raise
            finally:
                if filler is not None:
                    filler.stop()

    def _start(self) -> None:
        if self.process_id is not None:
            return
        self._end()
        try:
            self._process = subprocess.Popen(
                [*self._command, *self._arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise _not_started(error.strerror or type(error).__name__) from error
        self._messages = queue.Queue()
        reader = threading.Thread(
            target=_read, args=(self._process, self._messages), name="model-worker", daemon=True
        )
        reader.start()
        self._await_ready()

    def _await_ready(self) -> None:
        try:
            message = self._messages.get(timeout=START_SECONDS)
        except queue.Empty:
            message = None
        if not isinstance(message, protocol.Ready):
            code = self._end()
            raise _not_started(
                f"the process ended with code {code}" if code else "it did not answer"
            )

    def _send(self, message: Message) -> None:
        try:
            self._write(message)
        except OSError as error:
            raise self._crashed() from error

    def _write(self, message: Message) -> None:
        """Write to the worker; the thread that fills its memory writes beside the one that asks.

        Raises:
            OSError: the worker is gone.
        """
        process = self._process
        with self._pipe_lock:
            if process is None or process.stdin is None or process.stdin.closed:
                raise BrokenPipeError("the model worker is not running")
            pipe.send(process.stdin, message)

    def _wait(self, taker: _Taker, token: CancelToken, focus: Focus | None) -> Result:
        """Return the result; hand on what comes before it, pass on a stop and where one looks."""
        cancelled_at: float | None = None
        looked_at = None if focus is None else focus.index
        while True:
            if focus is not None and focus.index != looked_at:
                looked_at = focus.index
                self._send(protocol.LookAt(looked_at))
            if token.is_cancelled and cancelled_at is None:
                cancelled_at = time.monotonic()
                self._send(protocol.Cancel())
            if cancelled_at is not None and time.monotonic() - cancelled_at > CANCEL_SECONDS:
                self._end()
                raise CancelledError("Stopped as you asked")
            try:
                message = self._messages.get(timeout=POLL_SECONDS)
            except queue.Empty:
                continue
            match message:
                case protocol.Progress() if cancelled_at is None:
                    taker.take(message)
                case protocol.Answer(result):
                    token.raise_if_cancelled()
                    return result
                case protocol.Failure():
                    raise _error(message)
                case WorkstationError():
                    raise message
                case None:
                    token.raise_if_cancelled()
                    raise self._crashed()
                case _:
                    pass

    def _crashed(self) -> WorkerError:
        code = self._end()
        todo = "Run the task again; the worker restarts by itself"
        if code == -getattr(signal, "SIGKILL", 9):
            return WorkerOutOfMemoryError(
                "The model worker was ended by the system",
                why="most likely this machine ran out of memory",
                todo="Close other studies or programs and run the task again",
            )
        return WorkerCrashedError("The model worker crashed", why=f"exit code {code}", todo=todo)

    def _end(self) -> int | None:
        """End the process; return its exit code, None if there was none or it had to be killed."""
        process, self._process = self._process, None
        if process is None:
            return None
        self._close_pipe(process)
        try:
            return process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return None

    def _close_pipe(self, process: subprocess.Popen[bytes]) -> None:
        """Let the worker see its end; one that does not even read any more is ended at once."""
        if process.stdin is None:
            return
        if not self._pipe_lock.acquire(timeout=STOP_SECONDS):
            process.kill()
            self._pipe_lock.acquire()
        try:
            with contextlib.suppress(OSError):
                process.stdin.close()
        finally:
            self._pipe_lock.release()


class _Taker:
    """Takes finished slices out of shared memory while a call runs. Owned by that call.

    The result is the shared memory itself: a second copy of a series would be 150 MB for nothing.
    """

    def __init__(
        self,
        result: NDArray[Any] | None,
        on_progress: OnProgress | None,
        on_slice: OnSlice | None,
    ) -> None:
        self.result = result
        self._on_progress = on_progress
        self._on_slice = on_slice

    def take(self, progress: protocol.Progress) -> None:
        for k in progress.slices:
            if self.result is not None and self._on_slice is not None:
                self._on_slice(k, self.result[k])
        if self._on_progress is not None:
            self._on_progress(progress.fraction)


def _filler(request: Request, voxels: NDArray[Any], block: NDArray[Any]) -> Filler | None:
    """Return what hands the voxels over while the worker works; else hand them over now."""
    if isinstance(request, DenoiseRequest) and len(voxels) > 1:
        return Filler(voxels, block, request.first_index)
    np.copyto(block, voxels)
    return None


def result_shape(request: Request, shape_kji: tuple[int, ...]) -> tuple[int, ...] | None:
    """Return the shape of the voxels a request makes; None if it makes none."""
    match request:
        case DenoiseRequest() | FillRequest():
            return shape_kji
        case SuperResolveRequest():
            return request.result_shape(shape_kji)
        case _:
            return None


def _environment() -> dict[str, str]:
    """Return what the worker is told: it imports from the program, never from where it is run."""
    kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    roots = [str(Path(inference.__file__).parents[1]), kept.get("PYTHONPATH", "")]
    return kept | {"PYTHONSAFEPATH": "1", "PYTHONPATH": os.pathsep.join(filter(None, roots))}


def _read(process: subprocess.Popen[bytes], messages: queue.Queue[Any]) -> None:
    """Read the worker's pipe to its end; runs in its own thread."""
    stream = process.stdout
    if stream is None:
        return
    try:
        with stream:
            while (message := pipe.receive(stream)) is not None:
                messages.put(message)
    except WorkstationError as error:
        messages.put(error)
    except (OSError, ValueError):
        LOG.debug("the pipe of the model worker broke")
    messages.put(None)


def _error(failure: protocol.Failure) -> WorkstationError:
    if failure.trace:
        LOG.error("the model worker failed: %s", failure.trace)
    kinds: dict[FailureKind, type[WorkstationError]] = {
        FailureKind.REFUSED: InputRefusedError,
        FailureKind.PACK: PackRefusedError,
        FailureKind.CANCELLED: CancelledError,
        FailureKind.MEMORY: WorkerOutOfMemoryError,
        FailureKind.FAULT: WorkerError,
    }
    return kinds[failure.kind](failure.what, why=failure.why, todo=failure.todo)


def _not_started(why: str) -> WorkerError:
    return WorkerError(
        "The model worker did not start",
        why=why,
        todo="Reading, measuring by hand and reporting go on without it; see: prelim doctor",
    )
