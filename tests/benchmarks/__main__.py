"""Runs the benchmarks and writes ``{"rows", "ratios", "machine"}`` to standard output.

usage: python -m tests.benchmarks [NAME...]
Each benchmark is a module of this folder with ``run() -> Measured``; ``first-image`` is the module
``first_image``. Nothing here is a unit test.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import Any

from workstation.services.examine_machine import processors
from workstation.services.run_benchmarks import benchmark_names

UNKNOWN_NAME = 3

BUSY_LOAD = 0.5
"""Programs that want a processor, on average over a minute, above which times are too long."""


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all, and write their figures."""
    known = benchmark_names()
    if set(names) - set(known):
        sys.stderr.write(f"There are: {', '.join(known)}\n")
        return UNKNOWN_NAME
    machine = _machine()
    rows: list[dict[str, Any]] = []
    ratios: dict[str, float] = {}
    for name in names or known:
        sys.stderr.write(f"measuring: {name}\n")
        module = importlib.import_module(f"tests.benchmarks.{name.replace('-', '_')}")
        found = module.run()
        rows += found["rows"]
        ratios |= found["ratios"]
    json.dump({"rows": rows, "ratios": ratios, "machine": machine}, sys.stdout, indent=1)
    sys.stdout.write("\n")
    return 0


def _machine() -> dict[str, Any]:
    """Return how many processors there are, and how many programs wanted them before we began."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return {"processors": processors(), "load": round(load, 1), "is_busy": load > BUSY_LOAD}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
