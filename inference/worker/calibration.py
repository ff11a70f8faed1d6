"""The application's side of a calibration: starts its process, hands it the voxels, follows it.

The process gets voxels, spacing, folders and technical names of the scanner; nothing of a patient
and no environment variable of ours. It ends with the call, however that ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from inference.tasks.calibrate import MODULE, CalibrationFigures, CalibrationOrder
from inference.worker.client import KEPT_ENVIRONMENT
from workstation.core.errors import CancelledError, InputRefusedError, WorkerCrashedError
from workstation.core.job import CancelToken

NEEDED = ("torch", "onnx")
"""Packages of the extra ``vlm`` that training needs."""

LEAVE_SECONDS = 6.0
"""How long the process may take to leave when it is stopped; it ends itself after three."""


def can_calibrate() -> bool:
    """Return whether this installation can train; imports nothing."""
    return all(find_spec(name) is not None for name in NEEDED)


def run_calibration(
    order: CalibrationOrder,
    voxels: NDArray[Any],
    *,
    on_progress: Callable[[str, float], None],
    cancel: CancelToken,
    command: Sequence[str] = (sys.executable, "-m", MODULE),
) -> CalibrationFigures:
    """Let the process write a pack into the folder of the order, and return its figures.

    Args:
        order: what is asked for.
        voxels: ``[k, j, i]``, as the order says.
        on_progress: called twice a second with the stage and the part done, 0..1.
        cancel: looked at as often.
        command: how the process is started.

    Raises:
        InputRefusedError: nothing can be learnt from this series.
        WorkerCrashedError: the process ended before it answered.
        CancelledError: it was cancelled.
    """
    with _started(command) as process:
        stdin, stdout = _pipes(process)
        with contextlib.suppress(BrokenPipeError):  # said by what it answers, or does not
            stdin.write(order.to_line())
            stdin.write(np.ascontiguousarray(voxels).data.cast("B"))
            stdin.flush()
        for line in stdout:
            message = json.loads(line)
            match message["kind"]:
                case "progress":
                    cancel.raise_if_cancelled()
                    on_progress(message["stage"], message["fraction"])
                case "done":
                    return CalibrationFigures(**message["figures"])
                case "refused":
                    raise InputRefusedError(
                        message["what"], why=message["why"], todo=message["todo"]
                    )
                case _:
                    raise CancelledError("Stopped as you asked")
    raise WorkerCrashedError(
        "The calibration ended before it was done",
        why=f"its process ended with code {process.returncode}",
        todo="Close other programs to free memory, or give it fewer slices",
    )


@contextmanager
def _started(command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        list(command),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0)
        | getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
    )
    try:
        yield process
    finally:
        _end(process)


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise ValueError("the process was started without pipes")
    return process.stdin, process.stdout


def _end(process: subprocess.Popen[bytes]) -> None:
    """Close what the process reads: it removes what it wrote, and leaves."""
    stdin, stdout = _pipes(process)
    with contextlib.suppress(OSError):
        stdin.close()
    try:
        process.wait(LEAVE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    stdout.close()


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    return kept | {"OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
