"""The service around the engine: what leaves for the worker, what comes back as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.measure.engine import measure as measure_here
from inference.tasks.measure import MeasureRequest, MeasureResult
from tests.support.canary import CANARY
from tests.unit.measure import shapes
from workstation.core.errors import InputRefusedError
from workstation.core.finding import Fact
from workstation.core.identity import PatientIdentity, SeriesIdentity, StudyIdentity
from workstation.core.intensity import Intensity, IntensityUnit
from workstation.core.phi import Phi
from workstation.core.provenance import PixelKind, Provenance
from workstation.core.volume import Volume, read_only
from workstation.exchange.contract_report import fact_to_contract, facts_from_contract
from workstation.services.measure_study import measure, result_json

KEYS = {
    "id", "finding", "anatomy", "side", "value", "unit", "confidence", "assessed", "reason",
    "evidence",
}  # fmt: skip
"""FACT of DESIGN section 4."""


class FakeWorker:
    """Measures in this process and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def run(
        self,
        request: Any,  # noqa: ANN401 as the port has it
        voxels: NDArray[Any] | None,
        **_: object,
    ) -> tuple[Any, Any]:
        assert isinstance(request, MeasureRequest)
        assert voxels is not None
        self.asked.append(request)
        return measure_here(voxels, request), None


def volume() -> Volume:
    voxels, geometry = shapes.head(bleed_hu=70)
    patient = PatientIdentity(name=Phi(CANARY))
    return Volume(
        voxels=read_only(voxels),
        geometry=geometry,
        intensity=Intensity(IntensityUnit.HU),
        series=SeriesIdentity("1.9", StudyIdentity("1.8", patient), modality="CT"),
        instance_uids=tuple(f"1.9.{k}" for k in range(voxels.shape[0])),
    )


@pytest.fixture(scope="module")
def result() -> MeasureResult:
    return measure(volume(), FakeWorker())


def test_the_worker_is_told_nothing_about_the_patient() -> None:
    worker = FakeWorker()

    measure(volume(), worker)

    assert CANARY not in repr(worker.asked[0])
    assert not any(isinstance(value, Phi) for value in vars_of(worker.asked[0]))


def vars_of(request: object) -> list[object]:
    assert isinstance(request, MeasureRequest)
    return [getattr(request, name) for name in MeasureRequest.__slots__]


def test_enhanced_pixels_are_refused() -> None:
    enhanced = replace(volume(), provenance=Provenance(PixelKind.ENHANCED))

    with pytest.raises(InputRefusedError, match="original series"):
        measure(enhanced, FakeWorker())


def test_facts_are_json_as_the_contract_says(result: MeasureResult) -> None:
    written = json.loads(json.dumps(result_json(result)))

    assert written["region"] == "head CT"
    for fact in written["facts"]:
        assert set(fact) >= KEYS
        assert isinstance(fact["assessed"], bool)
        for evidence in fact["evidence"]:
            assert set(evidence) == {"series_uid", "instance_uids", "region"}
            assert set(evidence["region"]) == {"kind", "center_mm", "size_mm"}
            assert evidence["series_uid"] == "1.9"
            assert all(uid.startswith("1.9.") for uid in evidence["instance_uids"])


def test_a_fact_comes_back_from_json_as_it_was(result: MeasureResult) -> None:
    def plain(fact: Fact) -> Fact:
        return replace(fact, evidence=())

    for fact in result.facts:
        (again,) = facts_from_contract({"facts": [json.loads(json.dumps(fact_to_contract(fact)))]})
        assert plain(again) == plain(fact)
        for one, other in zip(again.evidence, fact.evidence, strict=True):
            assert one.instance_uids == other.instance_uids
            assert np.allclose(one.region.center_mm, other.region.center_mm)


def test_a_fact_with_a_field_missing_is_refused(result: MeasureResult) -> None:
    broken = fact_to_contract(result.facts[0])
    del broken["finding"]

    with pytest.raises(InputRefusedError):
        facts_from_contract({"facts": [broken]})
