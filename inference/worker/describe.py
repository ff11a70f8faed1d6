"""What the model runtime of this machine can do, as JSON: ``python -m inference.worker.describe``.

A process of its own, so that the application can ask without loading the runtime. Each execution
provider beside the CPU is tried as it would be before a series, and how it went is told.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

import onnxruntime

from inference.engine.providers import CPU, PREFERRED, Trial
from inference.engine.sessions import read_model, reference_session, try_provider
from inference.packs.manifest import Task
from inference.packs.store import PackStore
from workstation.core.errors import PackRefusedError

TRIAL_SHAPE_JI = (512, 512)
"""Size of the trial: the slice of a CT."""


def main(arguments: list[str] | None = None) -> None:
    """Write version, usable execution providers and their trials to standard output."""
    parser = argparse.ArgumentParser(prog="prelim-describe")
    parser.add_argument("--packs", type=Path, action="append", default=[])
    folders = parser.parse_args(arguments).packs
    present = onnxruntime.get_available_providers()
    usable = [name for name in PREFERRED if name in present]
    told: dict[str, Any] = {"version": onnxruntime.__version__, "providers": usable}
    told["trials"] = [_told(trial) for trial in trials(usable, folders)]
    sys.stdout.write(json.dumps(told) + "\n")


def trials(usable: list[str], folders: list[Path]) -> list[Trial]:
    """Return how each provider beside the CPU does on the first denoising pack there is.

    Without folders nothing is tried, which takes a second less.
    """
    others = [name for name in usable if name != CPU]
    if not others or not folders:
        return []
    for pack in (pack for folder in folders for pack in PackStore(folder).packs()):
        if pack.manifest.task is Task.DENOISE:
            try:
                model = read_model(pack)
                reference = reference_session(pack, model)
            except PackRefusedError:
                continue
            return [try_provider(pack, model, reference, n, TRIAL_SHAPE_JI)[0] for n in others]
    return [Trial(name, is_used=False, reason="there is no pack to try it with") for name in others]


def _told(trial: Trial) -> dict[str, Any]:
    return {**dataclasses.asdict(trial), "sentence": trial.sentence}


if __name__ == "__main__":
    main()
