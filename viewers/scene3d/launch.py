"""Starts and ends the scene process and reads what it says; what follows is the client's matter."""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import os
import queue
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import viewers
from viewers.scene3d import protocol
from viewers.scene3d.blocks import Block
from viewers.scene3d.protocol import Message, Ready, Trouble
from workstation.core.errors import WorkerError, WorkstationError

LOG = logging.getLogger(__name__)

START_SECONDS = 60.0
"""Longest wait for the process to say it is up; a second is usual, a cold laptop needs twenty."""

STOP_SECONDS = 1.0
"""How long an idle process may take to leave when its pipe closes."""

NO_VTK = "VTK, the part that draws volumes, is not installed"
HOW_TO_GET_VTK = "Install it with: pip install 'prelim[scene3d]'"

KEPT_ENVIRONMENT = (
    "PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV",
    "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "TEMP", "TMP", "TMPDIR", "LANG", "LIBGL_ALWAYS_SOFTWARE",
    "__EGL_VENDOR_LIBRARY_FILENAMES",
)  # fmt: skip
"""Variables handed on; all others (passphrases, homes, user names) stay here."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of a process, by its id; None at the end of its pipe."""

    process_id: int
    message: Message | WorkstationError | None


@dataclass(slots=True, eq=False)
class Side:
    """A running process, what it said of itself, and where its pictures are."""

    process: subprocess.Popen[bytes]
    ready: Ready
    slots: Block

    def end(self) -> None:
        """End the process, by force if it does not leave."""
        _end(self.process)
        self.slots.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Close its pipe, and end it by force if it does not leave."""
    with contextlib.suppress(OSError):
        if process.stdin is not None:
            process.stdin.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def has_vtk() -> bool:
    """Whether VTK is installed; it is looked for, not imported."""
    return importlib.util.find_spec("vtkmodules") is not None


def started(command: list[str], put: Callable[[Heard], None], slots: Block) -> Side:
    """Start the process and wait until it says that it is up.

    Raises:
        WorkerError: it does not start, or cannot draw.
    """
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise failed(error.strerror or type(error).__name__) from error
    first: queue.SimpleQueue[Message | WorkstationError | None] = queue.SimpleQueue()
    threading.Thread(
        target=_read, args=(process, first.put, put), name="scene3d-reader", daemon=True
    ).start()
    try:
        message = first.get(timeout=START_SECONDS)
    except queue.Empty:
        message = None
    if isinstance(message, Ready):
        return Side(process, message, slots)
    process.kill()
    _end(process)
    raise failed(message.why if isinstance(message, Trouble) else "its process did not start")


def _read(
    process: subprocess.Popen[bytes],
    first: Callable[[Message | WorkstationError | None], None],
    put: Callable[[Heard], None],
) -> None:
    """Read the pipe of the process to its end; runs in its own thread."""
    stream = process.stdout
    if stream is None:
        return
    is_first = True
    last: WorkstationError | None = None
    try:
        with stream:
            while (message := protocol.receive(stream)) is not None:
                if is_first:
                    first(message)
                else:
                    put(Heard(process.pid, message))
                is_first = False
    except WorkstationError as error:
        last = error
    except (OSError, ValueError):
        LOG.debug("the pipe of the scene process broke")
    if is_first:
        first(last)
    put(Heard(process.pid, last))


def _environment() -> dict[str, str]:
    """Return what the process is told: it imports from the program, never from where it is run."""
    kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    roots = [str(Path(viewers.__file__).parents[1]), kept.get("PYTHONPATH", "")]
    return kept | {"PYTHONSAFEPATH": "1", "PYTHONPATH": os.pathsep.join(filter(None, roots))}


def failed(why: str) -> WorkerError:
    """Return the error of a view that cannot be drawn; ``why`` is a clause for people."""
    return WorkerError(
        "The 3D view cannot be drawn", why=why, todo="Reading and reporting go on without it"
    )
