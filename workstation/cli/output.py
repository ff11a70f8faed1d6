"""How the command line answers: JSON on standard output when asked, else words for people.

Logs and errors go to standard error. With ``--json`` an error is JSON on standard output, too, so
that a script always finds one JSON value there.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from workstation.core.errors import WorkstationError


def answer(value: dict[str, Any], words: str, *, as_json: bool) -> None:
    """Write one answer.

    Args:
        value: the answer as JSON-ready values.
        words: the same for people.
        as_json: which of both to write.
    """
    text = json.dumps(value, ensure_ascii=False, indent=2) if as_json else words
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def refuse(error: WorkstationError, *, as_json: bool) -> None:
    """Write an error: what, why, what to do."""
    if as_json:
        parts = {"what": error.what, "why": error.why, "todo": error.todo}
        sys.stdout.write(json.dumps({"error": parts}, ensure_ascii=False, indent=2) + "\n")
    sys.stderr.write(f"{error}\n")


def note(text: str) -> None:
    """Write a sentence about what goes on to standard error; it never holds patient data."""
    sys.stderr.write(text + "\n")
