"""How the command line answers: JSON on standard output when asked, else words for people.

Logs and errors go to standard error. With ``--json`` an error is JSON on standard output, too, so
that a script always finds one JSON value there. JSON is UTF-8 on every system.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import typer

from workstation.core.errors import WorkstationError

_SHOWN_AS_TEXT = dict.fromkeys(
    (*range(9), *range(11, 32), *range(127, 160)), "\N{REPLACEMENT CHARACTER}"
)
"""Control characters but tab and line feed: a header or a file name must not steer the terminal."""


def answer(value: dict[str, Any], words: str, *, as_json: bool) -> None:
    """Write one answer.

    Args:
        value: the answer as JSON-ready values.
        words: the same for people.
        as_json: which of both to write.
    """
    if as_json:
        words = json.dumps(value, ensure_ascii=False, indent=2)
    else:
        words = words.translate(_SHOWN_AS_TEXT)
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def refuse(error: WorkstationError, *, as_json: bool) -> None:
    """Write an error: what, why, what to do."""
    if as_json:
        answer(error_json(error), "", as_json=True)
    sys.stderr.write(f"{error}\n")


@contextmanager
def refused_after_answer() -> Iterator[None]:
    """End a command whose answer is written already and holds the reason of the refusal."""
    try:
        yield
    except WorkstationError as error:
        note(str(error))
        raise typer.Exit(error.exit_code) from error


@contextmanager
def removed_if_empty(folder: Path) -> Iterator[None]:
    """Take away the folders that a command made for its files where it wrote none into them.

    Args:
        folder: of the files; it and the folders above it that are not there yet may be made.
    """
    absent = [one for one in (folder, *folder.parents) if not os.path.lexists(one)]
    try:
        yield
    finally:
        with suppress(OSError):  # it holds files, or was never made
            for one in absent:
                one.rmdir()


def error_json(error: WorkstationError) -> dict[str, Any]:
    """Return an error as the answer of a command that has no other."""
    return {"error": {"what": error.what, "why": error.why, "todo": error.todo}}


def prepare_streams() -> None:
    """Make both streams take every character: the ones of a C locale or of Windows do not."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def note(text: str) -> None:
    """Write a sentence about what goes on to standard error; it never holds patient data."""
    sys.stderr.write(text + "\n")
