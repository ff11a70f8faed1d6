"""Ask a process of its own for the model runtime; the application never loads one."""

from __future__ import annotations

import json
import subprocess
import sys

from workstation.services.examine_machine import Runtime

RUNTIME_SECONDS = 60
"""The model runtime takes 0.3 s to load here; a slow disk at first start may need a minute."""


def ask_runtime() -> Runtime | None:
    """Ask a process of its own for the model runtime; None where it does not start."""
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "inference.worker.describe"],
            capture_output=True,
            text=True,
            timeout=RUNTIME_SECONDS,
            check=True,
        )
        found = json.loads(ended.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return Runtime(found["version"], tuple(found["providers"]))
