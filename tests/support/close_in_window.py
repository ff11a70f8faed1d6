"""Opens and closes a study again and again in the real window, and says what stays in memory.

usage: python -m tests.support.close_in_window FOLDER TIMES
Run in a process of its own, off the screen. Writes one line of JSON: the resident bytes after each
closing, once what a first time needs (imports, fonts, pictures) is there.
"""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path

from tests.support.benchmarking import status_bytes
from tests.support.window_session import WindowSession

WARM = 3
"""Times that are not counted."""


def main(arguments: list[str]) -> int:
    """Open and close a folder; return the exit code."""
    session, folder = WindowSession(), Path(arguments[0])
    resident = []
    for number in range(WARM + int(arguments[1])):
        session.open(folder)
        session.until_loaded()
        session.window.study.toggle_reformat()
        session.rest(0.05)
        session.window.study.close_study()
        session.rest(0.05)
        gc.collect()
        if number >= WARM:
            resident.append(status_bytes("VmRSS"))
    sys.stdout.write(json.dumps(resident) + "\n")
    sys.stdout.flush()
    session.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
