"""Run the benchmarks of the source checkout (tests/benchmarks) in a process of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from workstation.core.errors import InputRefusedError, WorkstationError

BENCHMARKS = Path(__file__).resolve().parents[2] / "tests" / "benchmarks"


def run_benchmarks(names: tuple[str, ...]) -> dict[str, Any]:
    """Return ``{"rows": [...], "ratios": {...}}`` as DESIGN section 4 says.

    Args:
        names: which ones; empty for all.

    Raises:
        InputRefusedError: the benchmarks are not here, or a name is not known.
        WorkstationError: a benchmark failed.
    """
    if not (BENCHMARKS / "__main__.py").is_file():
        raise InputRefusedError(
            "The benchmarks are not part of this installation",
            why="they come with the source checkout, beside their peers",
            todo="Run prelim bench from a checkout of the repository",
        )
    command = [sys.executable, "-m", "tests.benchmarks", *names]
    ended = subprocess.run(
        command, cwd=BENCHMARKS.parents[1], stdout=subprocess.PIPE, text=True, check=False
    )
    if ended.returncode == InputRefusedError.exit_code:
        raise InputRefusedError(
            "There is no benchmark of that name",
            todo="Name one of load, view, enhance, draft, start",
        )
    if ended.returncode != 0:
        raise WorkstationError("A benchmark failed", todo="Its words stand above")
    found: dict[str, Any] = json.loads(ended.stdout)
    return found
