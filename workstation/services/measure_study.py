"""Measure one volume: hand its original voxels to the worker, get facts back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inference.tasks.measure import MeasureRequest, MeasureResult
from workstation.core.errors import InputRefusedError
from workstation.core.finding import Fact
from workstation.core.job import CancelToken
from workstation.core.provenance import PixelKind
from workstation.core.volume import Volume
from workstation.exchange.contract_report import fact_to_contract
from workstation.services.ports import ModelWorkerPort, OnProgress


def measure_request(volume: Volume) -> MeasureRequest:
    """Return what the measurement engine needs of a volume; no name, no date."""
    return MeasureRequest(
        modality=volume.series.modality,
        body_part=volume.series.body_part,
        description=volume.series.description,
        series_uid=volume.series.series_uid,
        instance_uids=volume.instance_uids,
        geometry=volume.geometry,
        intensity=volume.intensity,
    )


def measure(
    volume: Volume,
    worker: ModelWorkerPort,
    *,
    on_progress: OnProgress | None = None,
    cancel: CancelToken | None = None,
) -> MeasureResult:
    """Return the facts of a volume of original pixels. Any thread; blocks for seconds.

    Raises:
        InputRefusedError: the voxels are not original ones.
        WorkerError: the worker failed; nothing else did.
        CancelledError: the token was set.
    """
    if volume.provenance.kind is not PixelKind.ORIGINAL:
        raise InputRefusedError(
            "This series is not measured",
            why="a model or a resampling made its pixels",
            todo="measure the original series it was made from",
        )
    result, _ = worker.run(
        measure_request(volume), volume.voxels, on_progress=on_progress, cancel=cancel
    )
    if not isinstance(result, MeasureResult):
        raise TypeError("the worker answered a measurement with something else")
    return result


def facts_json(facts: Sequence[Fact]) -> list[dict[str, Any]]:
    """Return facts as the JSON of the contract (DESIGN section 4)."""
    return [fact_to_contract(fact) for fact in facts]


def result_json(result: MeasureResult) -> dict[str, Any]:
    """Return what ``prelim measure --json`` prints for one series."""
    return {
        "region": result.region,
        "region_reason": result.region_reason,
        "facts": facts_json(result.facts),
        "seconds": round(result.seconds, 3),
    }
