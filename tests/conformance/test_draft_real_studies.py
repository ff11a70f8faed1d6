"""Drafts of the real studies, held against what was read by hand in their images.

Truth: the images themselves, slice by slice, and MANIFEST.md. s01: fluid at the right base and a
mass at the right hilum and apex, none on the left, no calcified aorta. s02: no bleed, a low left
temporo-occipital area. In the other sets the pack may draft no findings.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from inference.packs.store import PackStore
from inference.tasks.draft_findings import DraftRequest, DraftResult
from inference.vlm.drafter import draft
from inference.vlm.numbers import number_text
from inference.vlm.parser import Reading, refusals
from tests.support.data import study
from workstation.core.finding import Side
from workstation.core.provenance import OriginKind
from workstation.core.volume import Volume
from workstation.services.import_studies import import_paths
from workstation.services.measure_study import measure_request
from workstation.services.open_series import load_series

pytestmark = pytest.mark.data

PACKS = PackStore(Path(__file__).resolve().parents[2] / "resources" / "model_packs")

CHEST = "s01_ct_chest_abdomen_philips"
HEAD = "s02_ct_head_ge_tilt_varspacing"
BRAIN = "s03_mr_brain_t1_mprage_siemens_skyra"
STRANGE = (
    BRAIN,
    "s05_mr_cardiac_siemens_verio",
    "s06_mr_brain_pd_ge_signa",
    "s10_mr_dti_canon",
    "s15_sts_petctmr_rtstruct",
)

MOST_SETS = 6
"""Display sets drafted per study: the sarcoma set alone holds more than a dozen alike."""


def volumes(name: str) -> list[Volume]:
    series = import_paths([study(name)]).all_series
    sets = [display_set for each in series for display_set in each.display_sets]
    return [load_series(each) for each in sets[:MOST_SETS]]


def drafted(volume: Volume) -> DraftResult:
    return draft(volume.voxels, DraftRequest("", measure_request(volume)), PACKS)


def unsupported(result: DraftResult) -> list[str]:
    """Return the sentences whose numbers, sides or words their facts do not hold."""
    facts = {fact.fact_id: fact for fact in result.facts}
    wrong = []
    for statement in (*result.statements, *result.questions):
        if statement.origin.kind is OriginKind.TEMPLATE:
            continue
        cited = tuple(facts[each] for each in statement.fact_ids)
        numbers = set(re.findall(r"-?\d+(?:\.\d+)?", statement.text))
        allowed = {number_text(f) for f in cited if f.value is not None} | {"-950", "130"}
        is_question = statement in result.questions
        if numbers - allowed or refusals(Reading(statement.text, cited, is_question)):
            wrong.append(statement.text)
    return wrong


def test_the_chest_is_drafted_and_its_prose_is_measured_only() -> None:
    result = drafted(volumes(CHEST)[0])

    texts = [statement.text for statement in result.statements]
    assert result.pack is not None
    assert texts[0] == "CT: 275 axial slices, 1.0 mm apart, pixel size 0.78 x 0.78 mm."
    assert unsupported(result) == []
    assert not any("left" in q.text and "right" not in q.text for q in result.questions)
    findings = {fact.finding for fact in result.facts if fact.is_present}
    stated = " ".join(texts).lower()
    assert "lung volume" in stated
    assert not {"emphysema", "hemorrhage"} & findings
    assert not re.search(r"\bno (pleural|lung|nodule|mass|calcium)", stated)
    assert "calcification" not in stated


def test_the_mass_and_the_fluid_of_the_chest_are_asked_about_on_the_right() -> None:
    result = drafted(volumes(CHEST)[0])

    found = {fact.finding: fact for fact in result.facts if fact.origin_pack}
    for name in ("lung nodule", "pleural effusion"):
        assert found[name].side is Side.RIGHT
        # The patient's right is where x is negative (LPS); the spine stands at about x = -10.
        assert found[name].evidence[0].region.center_mm[0] < -10


def test_the_head_is_drafted_without_a_claim_that_its_images_do_not_show() -> None:
    result = drafted(volumes(HEAD)[0])

    texts = " ".join(statement.text for statement in result.statements)
    assert "gantry tilt 18.5 degrees" in texts
    assert "1.1 to 7.0 mm apart" in texts
    assert unsupported(result) == []
    assert not any(statement.origin.kind is OriginKind.MODEL for statement in result.statements)


@pytest.mark.parametrize("name", STRANGE)
def test_what_the_pack_may_not_draft_gets_no_findings(name: str) -> None:
    for volume in volumes(name):
        if volume.voxels.ndim != 3:
            continue

        result = drafted(volume)

        kinds = {statement.origin.kind for statement in result.statements}
        assert kinds == {OriginKind.TEMPLATE}
        assert [s.section for s in result.statements] == ["technique", "findings"]
        assert result.questions == ()
