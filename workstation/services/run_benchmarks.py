"""Run the benchmarks of the source checkout (tests/benchmarks) in a process of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from workstation.core.errors import InputRefusedError, WorkstationError

BENCHMARKS = Path(__file__).resolve().parents[2] / "tests" / "benchmarks"


def benchmark_names() -> tuple[str, ...]:
    """Return the names of the benchmarks that are here, as ``prelim bench`` takes them."""
    modules = sorted(path.stem for path in BENCHMARKS.glob("*.py"))
    return tuple(name.replace("_", "-") for name in modules if not name.startswith("_"))


def require_known(names: tuple[str, ...]) -> None:
    """Refuse names that no benchmark has.

    Raises:
        InputRefusedError: one of them is not known; the sentence lists those that are.
    """
    known = benchmark_names()
    if known and set(names) - set(known):
        raise InputRefusedError(
            "There is no benchmark of that name", todo=f"Name one of {', '.join(known)}"
        )


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
    require_known(names)
    command = [sys.executable, "-m", "tests.benchmarks", *names]
    ended = subprocess.run(
        command, cwd=BENCHMARKS.parents[1], stdout=subprocess.PIPE, text=True, check=False
    )
    if ended.returncode != 0:
        raise WorkstationError("A benchmark failed", todo="Its words stand above")
    found: dict[str, Any] = json.loads(ended.stdout)
    return found
