"""Add a model pack to this machine: only one whose model runs here and gives numbers stays."""

from __future__ import annotations

import math
from pathlib import Path

from inference.packs.store import Pack, PackStore
from inference.tasks.golden import GoldenRequest, GoldenResult
from workstation.core.errors import PackRefusedError
from workstation.services.ports import ModelWorkerPort


def add_pack(source: Path, *, store: PackStore, worker: ModelWorkerPort) -> Pack:
    """Add a pack from a folder or zip file, run its golden case, and return it.

    How close the numbers come is told by ``prelim models test``; here they have to be numbers.

    Raises:
        PackRefusedError: it is not a valid pack, or its model does not run; nothing was added.
        WorkerError: the worker failed; nothing was added.
    """

    def check(pack: Pack) -> None:
        result = worker.run(GoldenRequest(pack.manifest.pack_id), None)[0]
        if not isinstance(result, GoldenResult) or not math.isfinite(result.largest_difference):
            raise PackRefusedError(
                "This model pack is refused",
                why="its model gives values that are no numbers on its own golden case",
                todo="Get a whole copy from its source",
            )

    return store.add(source, check)
