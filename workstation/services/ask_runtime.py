"""Ask a process of its own for the model runtime; the application never loads one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from workstation.services.examine_machine import Runtime

RUNTIME_SECONDS = 60
"""The model runtime takes 0.3 s to load here; a slow disk at first start may need a minute."""


def ask_runtime(pack_folders: Sequence[Path] = ()) -> Runtime | None:
    """Ask a process of its own for the model runtime; None where it does not start.

    Args:
        pack_folders: packs to try other execution providers than the CPU with.
    """
    packs = [f"--packs={folder}" for folder in pack_folders]
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "inference.worker.describe", *packs],
            capture_output=True,
            text=True,
            timeout=RUNTIME_SECONDS,
            check=True,
        )
        found = json.loads(ended.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    trials = tuple(str(trial["sentence"]) for trial in found.get("trials", ()))
    return Runtime(found["version"], tuple(found["providers"]), trials)
