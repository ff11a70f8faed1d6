"""The drafting service over a fake worker, and its JSON (DESIGN section 4)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.tasks.draft_findings import DraftRequest, DraftResult, DraftStatement
from inference.tasks.measure import MeasureResult
from tests.support.canary import CANARY, FAMILY
from tests.support.reports import StillClock
from workstation.core.errors import InputRefusedError
from workstation.core.finding import Evidence, Fact, Region, RegionKind, Side
from workstation.core.geometry import StackGeometry
from workstation.core.identity import PatientIdentity, SeriesIdentity, StudyIdentity
from workstation.core.intensity import Intensity, IntensityUnit
from workstation.core.job import CancelToken
from workstation.core.phi import Phi
from workstation.core.provenance import Origin, OriginKind, PackRef, PixelKind, Provenance
from workstation.core.volume import Volume, read_only
from workstation.services.draft_findings import draft, draft_words
from workstation.services.report_files import report_json, start_report

PACK = PackRef("draft-embedded", "1.0.0", "ab" * 32)
PLACE = Evidence(
    "1.2.3", ("1.2.3.4", "1.2.3.5"), Region(RegionKind.BOX, (1.0, 2.0, 3.0), (4.0, 5.0, 6.0))
)
MEASURED = Fact("f1", "lung volume", "lung", Side.RIGHT, 2350.0, "ml", evidence=(PLACE,))
CUT = Fact(
    "f2", "mean lung density", "lung", Side.RIGHT, confidence=0.0, is_assessed=False, reason="cut"
)
SEEN = Fact(
    "f3", "pleural effusion", "pleural space", Side.LEFT, confidence=0.62, evidence=(PLACE,),
    origin_pack=f"{PACK} {PACK.digest}", is_present=True,
)  # fmt: skip
RESULT = DraftResult(
    pack=PACK,
    measured=MeasureResult("chest CT", "two lungs", (MEASURED, CUT), 1.0),
    facts=(MEASURED, CUT, SEEN),
    statements=(
        DraftStatement("s1", "technique", "CT: 3 axial slices.", Origin(OriginKind.TEMPLATE)),
        DraftStatement(
            "s2", "findings", "The right lung volume is 2350 ml.",
            Origin(OriginKind.MEASURED, PACK), ("f1",), (PLACE,),
        ),
    ),
    questions=(
        DraftStatement(
            "q1", "findings", "Is there a left pleural effusion?", Origin(OriginKind.MODEL, PACK),
            ("f3",), (PLACE,), 0.62,
        ),
    ),
    seconds=2.0,
)  # fmt: skip


@dataclass
class FakeWorker:
    """Answers every draft with RESULT and keeps what it was asked."""

    answer: object = RESULT
    requests: list[object] = field(default_factory=list)

    def run(
        self,
        request: object,
        voxels: NDArray[Any] | None,
        *,
        on_progress: object = None,
        on_slice: object = None,
        cancel: CancelToken | None = None,
        focus: object = None,
    ) -> tuple[Any, Any]:
        self.requests.append(request)
        return self.answer, None


def volume() -> Volume:
    positions = np.array([[0.0, 0, 0], [0, 0, 1], [0, 0, 2]])
    geometry = StackGeometry(
        (3, 4, 4), np.array([1.0, 0, 0]), np.array([0, 1.0, 0]), (1.0, 1.0), positions, "1.9"
    )
    patient = PatientIdentity(name=Phi(CANARY))
    series = SeriesIdentity("1.2.3", StudyIdentity("1.2", patient), "CT")
    return Volume(
        read_only(np.zeros((3, 4, 4), np.int16)),
        geometry,
        Intensity(IntensityUnit.HU),
        series,
        ("1.2.3.4", "1.2.3.5", "1.2.3.6"),
    )


def test_the_worker_gets_the_geometry_and_no_name() -> None:
    worker = FakeWorker()

    result = draft(volume(), worker=worker, pack_id="p", indication="cough")

    request = worker.requests[0]
    assert result is RESULT
    assert isinstance(request, DraftRequest)
    assert (request.pack_id, request.indication) == ("p", "cough")
    assert request.measure.instance_uids == ("1.2.3.4", "1.2.3.5", "1.2.3.6")
    assert FAMILY not in repr(request)


@pytest.mark.parametrize("kind", [PixelKind.ENHANCED, PixelKind.RESAMPLED])
def test_pixels_that_are_not_original_are_not_drafted(kind: PixelKind) -> None:
    made = replace(volume(), provenance=Provenance(kind))

    with pytest.raises(InputRefusedError, match="not drafted"):
        draft(made, worker=FakeWorker())


def test_an_answer_of_another_kind_is_a_fault_of_ours() -> None:
    with pytest.raises(TypeError):
        draft(volume(), worker=FakeWorker(answer=RESULT.measured))


def stored(result: DraftResult) -> dict[str, Any]:
    """Return what draft.json holds of a draft, as a reader of the file gets it."""
    events = start_report(result, volume(), volume().series.study, StillClock())
    made: dict[str, Any] = json.loads(json.dumps(report_json(events), allow_nan=False))
    return made


def test_draft_json_has_the_keys_of_the_contract() -> None:
    made = stored(RESULT)

    assert set(made) >= {"study_uid", "series_uid", "pack", "facts", "statements", "questions"}
    assert made["study_uid"] == "1.2"
    assert made["series_uid"] == "1.2.3"
    assert made["pack"] == {"id": "draft-embedded", "version": "1.0.0", "digest": "ab" * 32}
    fact, cut, seen = made["facts"]
    contract = {
        "id", "finding", "anatomy", "side", "value", "unit", "confidence", "assessed", "reason",
        "evidence",
    }  # fmt: skip
    assert contract <= set(fact)
    assert (fact["value"], fact["unit"], fact["side"]) == (2350.0, "ml", "right")
    assert (cut["assessed"], cut["reason"], cut["value"]) == (False, "cut", None)
    assert (seen["value"], seen["unit"]) == (None, None)
    statement = made["statements"][1]
    assert statement["origin"] == {
        "kind": "measured",
        "pack": "draft-embedded 1.0.0",
        "digest": "ab" * 32,
    }
    assert statement["facts"] == ["f1"]
    assert statement["status"] == "proposed"
    assert statement["evidence"][0] == {
        "series_uid": "1.2.3",
        "instance_uids": ["1.2.3.4", "1.2.3.5"],
        "region": {"kind": "box", "center_mm": [1.0, 2.0, 3.0], "size_mm": [4.0, 5.0, 6.0]},
    }
    assert made["questions"][0]["text"].endswith("?")


def test_without_a_pack_the_json_says_so() -> None:
    made = stored(replace(RESULT, pack=None, statements=(), questions=()))

    assert made["pack"] == {"id": None, "version": None, "digest": None}


def test_questions_stand_apart_in_the_words_for_people() -> None:
    words = draft_words(RESULT)

    body, _, apart = words.partition("Questions")
    assert "The right lung volume is 2350 ml." in body
    assert "effusion" not in body
    assert "Is there a left pleural effusion?" in apart
    assert "every sentence is unreviewed" in apart
