"""What runs beside a test, so that it can be told that nothing was left behind."""

from __future__ import annotations

import time
from pathlib import Path

PATIENCE_S = 10.0


def is_running(process_id: int) -> bool:
    """Whether a process runs; a zombie does not. Linux only."""
    try:
        stat = Path(f"/proc/{process_id}/stat").read_text("ascii")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def children(process_id: int) -> frozenset[int]:
    """Return the ids of the processes that a process started and that run. Linux only."""
    found = set()
    for task in Path(f"/proc/{process_id}/task").iterdir():
        try:
            found |= {int(one) for one in (task / "children").read_text("ascii").split()}
        except (FileNotFoundError, ProcessLookupError):
            continue
    return frozenset(one for one in found if is_running(one))


def all_end(process_ids: frozenset[int] | tuple[int, ...]) -> bool:
    """Whether all processes have ended within the time a test waits."""
    limit = time.monotonic() + PATIENCE_S
    while time.monotonic() < limit:
        if not any(map(is_running, process_ids)):
            return True
        time.sleep(0.01)
    return False
