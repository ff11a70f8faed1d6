"""Runs the benchmarks and writes ``{"rows": [...], "ratios": {...}}`` to standard output.

usage: python -m tests.benchmarks [NAME...]
Each benchmark is a module of this folder with ``run() -> Measured``. Nothing here is a unit test.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

NAMES = ("load", "view", "enhance", "draft", "start")
"""Rows of DESIGN section 6 that are measured so far; their modules bear these names."""

UNKNOWN_NAME = 3


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all, and write their figures."""
    if set(names) - set(NAMES):
        sys.stderr.write(f"There are: {', '.join(NAMES)}\n")
        return UNKNOWN_NAME
    rows: list[dict[str, Any]] = []
    ratios: dict[str, float] = {}
    for name in names or NAMES:
        sys.stderr.write(f"measuring: {name}\n")
        found = importlib.import_module(f"tests.benchmarks.{name}").run()
        rows += found["rows"]
        ratios |= found["ratios"]
    json.dump({"rows": rows, "ratios": ratios}, sys.stdout, indent=1)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
