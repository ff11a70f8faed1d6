"""The model worker: ``python -m inference.worker --packs FOLDER...``; started by the application.

Speaks the protocol on standard input and output. What a library prints goes to standard error, so
that it cannot break a message.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import sys
from pathlib import Path
from typing import BinaryIO

from inference.worker.handlers import Handlers
from inference.worker.serving import Server

BACKGROUND_NICENESS = 10
"""Niceness beside a window: a tenth of the weight of an ordinary program (sched(7))."""

BELOW_NORMAL_PRIORITY_CLASS = 0x4000
"""Priority class of processapi.h; what the window needs, it gets first."""


def main(arguments: list[str] | None = None) -> None:
    """Serve until the application closes our standard input."""
    parser = argparse.ArgumentParser(prog="prelim-worker", description="Runs models for Prelim.")
    parser.add_argument("--packs", type=Path, action="append", default=[])
    parser.add_argument("--memory-limit-bytes", type=int)
    parser.add_argument("--background", action="store_true")
    asked = parser.parse_args(arguments)
    if asked.memory_limit_bytes is not None:
        limit_memory(asked.memory_limit_bytes)
    if asked.background:
        step_back()
    answers = _claim_output()
    Server(sys.stdin.buffer, answers, Handlers(asked.packs).handle).serve()


def limit_memory(limit_bytes: int) -> None:
    """Let this process use no more address space than that; does nothing on Windows."""
    if sys.platform != "win32":
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))


def step_back() -> None:
    """Let the window of the reader go first whenever both want a processor.

    The model still has all of them while nobody needs one, which a fixed share would not give.
    """
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(BACKGROUND_NICENESS)


def _claim_output() -> BinaryIO:
    """Return the pipe to the application and send all other output to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


if __name__ == "__main__":
    main()
