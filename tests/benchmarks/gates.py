"""The gates of every pack that denoises or doubles voxels, ours and the user's.

The same figures as ``prelim models test``: what a physicist would measure before a pack is used.
"""

from __future__ import annotations

from inference.packs.manifest import Task
from inference.packs.store import PackStore
from inference.tasks.gates import GateFigure, GatesRequest
from inference.worker.client import ModelWorker
from tests.support.benchmarking import Measured, Row
from workstation.settings.resources import resource


def run() -> Measured:
    """Return a row per gate and pack; a row is met where the gate was passed."""
    store = PackStore(resource("model_packs"))
    worker = ModelWorker(pack_folders=store.folders)
    rows: list[Row] = []
    try:
        for pack in store.packs():
            if pack.manifest.task in (Task.DENOISE, Task.SUPER_RESOLVE):
                result, _ = worker.run(GatesRequest(pack.manifest.pack_id), None)
                rows += [_row(pack.manifest.pack_id, gate) for gate in result.gates]
    finally:
        worker.stop()
    return {"rows": rows, "ratios": {}}


def _row(pack_id: str, gate: GateFigure) -> Row:
    return {
        "name": f"{pack_id}: {gate.name}",
        "value": gate.value,
        "unit": gate.unit,
        "budget": gate.high if gate.high is not None else gate.low,
        "met": gate.has_passed,
    }
