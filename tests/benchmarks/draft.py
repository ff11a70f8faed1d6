"""Facts and first draft of a chest CT of about 300 slices, through the worker as a user has it."""

from __future__ import annotations

import time
from typing import Any

from inference.worker.client import ModelWorker
from tests.support.data import find_study
from workstation.core.volume import Volume
from workstation.services.choose_series import choose_series
from workstation.services.draft_findings import draft
from workstation.services.import_studies import import_paths
from workstation.services.measure_study import measure
from workstation.services.open_series import load_series
from workstation.settings.home import home
from workstation.settings.resources import resource

FACTS_BUDGET_S = 5.0
DRAFT_BUDGET_S = 10.0
"""DESIGN section 6: facts and first draft, 300 slices; with the embedded language model."""


def run() -> dict[str, Any]:
    """Return the rows of measuring and drafting; none where the real study is absent."""
    folder = find_study("s01_ct_chest_abdomen_philips")
    if folder is None:
        return {"rows": [], "ratios": {}}
    volume = load_series(choose_series(import_paths([folder])).display_set)
    worker = ModelWorker(pack_folders=(resource("model_packs"), home().packs))
    try:
        worker.start()
        return _measured(volume, worker)
    finally:
        worker.stop()


def _measured(volume: Volume, worker: ModelWorker) -> dict[str, Any]:
    begun = time.perf_counter()
    measure(volume, worker)
    facts = time.perf_counter() - begun
    begun = time.perf_counter()
    draft(volume, worker=worker)
    drafted = time.perf_counter() - begun
    scale = 300 / volume.geometry.shape_kji[0]
    return {
        "rows": [
            _row("facts, 300 slices (scaled from 275)", facts * scale, FACTS_BUDGET_S),
            _row("first draft, 300 slices (scaled from 275)", drafted * scale, DRAFT_BUDGET_S),
        ],
        "ratios": {"draft_vs_facts": drafted / facts},
    }


def _row(name: str, value: float, budget: float) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": "s", "budget": budget, "met": value <= budget}
