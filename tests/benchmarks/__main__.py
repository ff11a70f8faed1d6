"""Runs the benchmarks and writes ``{"rows": [...], "ratios": {...}}`` to standard output.

usage: python -m tests.benchmarks [NAME...]
Each benchmark is a module of this folder with ``run() -> Measured``; ``first-image`` is the module
``first_image``. Nothing here is a unit test.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

from workstation.services.run_benchmarks import benchmark_names

UNKNOWN_NAME = 3


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all, and write their figures."""
    known = benchmark_names()
    if set(names) - set(known):
        sys.stderr.write(f"There are: {', '.join(known)}\n")
        return UNKNOWN_NAME
    rows: list[dict[str, Any]] = []
    ratios: dict[str, float] = {}
    for name in names or known:
        sys.stderr.write(f"measuring: {name}\n")
        module = importlib.import_module(f"tests.benchmarks.{name.replace('-', '_')}")
        found = module.run()
        rows += found["rows"]
        ratios |= found["ratios"]
    json.dump({"rows": rows, "ratios": ratios}, sys.stdout, indent=1)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
