"""Whole drafts on phantoms and on what is no patient at all; truth comes from the phantom."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.packs.store import PackStore
from inference.phantoms.grids import axial_grid
from inference.phantoms.head_ct import BleedSpec, HeadSpec, make_head
from inference.phantoms.phantom import Phantom
from inference.phantoms.scanner import Kernel, ScannerSpec
from inference.tasks.draft_findings import DraftRequest, DraftResult
from inference.tasks.measure import MeasureRequest
from inference.vlm.drafter import draft
from inference.vlm.golden import test_pack as run_golden
from inference.vlm.numbers import number_text
from inference.vlm.parser import Reading, refusals
from inference.vlm.templates import UNKNOWN_REGION
from tests.unit.vlm.packs import Wanted, make_store
from workstation.core.errors import CancelledError, PackRefusedError
from workstation.core.finding import Side
from workstation.core.intensity import Intensity, IntensityUnit
from workstation.core.job import CancelToken
from workstation.core.provenance import OriginKind

BLED = HeadSpec(bleed=BleedSpec(Side.RIGHT, 30.0), scanner=ScannerSpec(Kernel.SMOOTH, noise_hu=2.0))


@pytest.fixture(scope="module")
def head() -> Phantom:
    grid = axial_grid((50, 108, 96), (2.0, 2.0, 4.0), (0.0, 0.0, 0.0))
    return make_head(BLED, grid, seed=5)


@pytest.fixture
def store(tmp_path: Path) -> PackStore:
    return make_store(tmp_path / "packs", Wanted())


def request_for(phantom: Phantom, *, modality: str = "CT", description: str = "") -> DraftRequest:
    unit = IntensityUnit.HU if modality == "CT" else IntensityUnit.SIGNAL
    uids = tuple(f"1.2.{k}" for k in range(phantom.voxels.shape[0]))
    measure = MeasureRequest(
        modality, "", description, "1.2", uids, phantom.geometry, Intensity(unit)
    )
    return DraftRequest("", measure)


def said_more_than_measured(result: DraftResult) -> list[str]:
    """Return every sentence that holds a number no fact of it holds, or fails the parser."""
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


@pytest.mark.parametrize("seed", range(2))
def test_a_decoder_with_random_weights_says_only_what_is_measured(
    head: Phantom, tmp_path: Path, seed: int
) -> None:
    packs = make_store(tmp_path / "packs", Wanted(), decoder_seed=seed)

    result = draft(head.voxels, request_for(head), packs)

    assert result.measured.region == "head CT"
    assert any(s.origin.kind is OriginKind.MEASURED for s in result.statements)
    assert said_more_than_measured(result) == []


def test_a_bleed_that_is_measured_and_seen_is_said_with_its_side_and_volume(
    head: Phantom, store: PackStore
) -> None:
    result = draft(head.voxels, request_for(head), store)

    said = [
        s for s in result.statements if "hemorrhage" in s.text.lower() and s.section == "findings"
    ]
    assert len(said) == 1
    assert "right" in said[0].text
    # The phantom was drawn with 30 ml; the engine reports it within a fifth.
    volume = float(re.findall(r"(\d+) ml", said[0].text)[0])
    assert volume == pytest.approx(30, rel=0.2)
    assert said[0].origin.kind is OriginKind.MODEL
    assert any(s.section == "impression" and "right" in s.text for s in result.statements)


def test_a_bleed_that_only_the_engine_measures_is_asked(head: Phantom, tmp_path: Path) -> None:
    packs = make_store(tmp_path / "packs", Wanted(6.0, -6.0, -6.0, -6.0))

    result = draft(head.voxels, request_for(head), packs)

    assert not any("hemorrhage" in statement.text.lower() for statement in result.statements)
    assert any("hemorrhage" in question.text.lower() for question in result.questions)


def test_a_model_that_sees_everything_is_asked_and_not_believed(
    head: Phantom, store: PackStore
) -> None:
    result = draft(head.voxels, request_for(head), store)

    stated = {
        result_fact.finding
        for statement in result.statements
        for result_fact in result.facts
        if result_fact.fact_id in statement.fact_ids and result_fact.is_present
    }
    assert "ventricular enlargement" not in stated
    assert any("ventric" in question.text.lower() for question in result.questions)


def test_every_question_asks_and_shows_slices(head: Phantom, store: PackStore) -> None:
    questions = draft(head.voxels, request_for(head), store).questions

    assert questions
    for question in questions:
        assert question.text.endswith("?")
        assert question.evidence[0].instance_uids
        assert question.origin.pack is not None


def test_a_network_that_does_not_know_the_cube_drafts_technique_only(
    head: Phantom, tmp_path: Path
) -> None:
    packs = make_store(tmp_path / "packs", Wanted(known=-6.0))

    assert_technique_only(draft(head.voxels, request_for(head), packs))


def test_networks_that_give_no_numbers_find_nothing(head: Phantom, tmp_path: Path) -> None:
    bad = float("nan")
    packs = make_store(tmp_path / "packs", Wanted(6.0, bad, bad, bad))

    result = draft(head.voxels, request_for(head), packs)

    assert not any(fact.origin_pack for fact in result.facts)
    said = (*result.statements, *result.questions)
    assert all(statement.origin.kind is not OriginKind.MODEL for statement in said)


def noise(shape: tuple[int, ...]) -> NDArray[np.int16]:
    return np.random.default_rng(0).integers(-1000, 1000, shape).astype(np.int16)


def boxes(shape: tuple[int, ...]) -> NDArray[np.int16]:
    voxels = np.full(shape, -1000, dtype=np.int16)
    voxels[5:40, 20:80, 20:60] = 40
    voxels[20:30, 40:60, 62:90] = 300
    return voxels


def empty(shape: tuple[int, ...]) -> NDArray[np.int16]:
    return np.full(shape, -1000, dtype=np.int16)


@pytest.mark.parametrize(
    ("make", "modality"),
    [(noise, "CT"), (boxes, "CT"), (empty, "CT"), (boxes, "MR"), (noise, "PT"), (empty, "")],
)
def test_what_is_no_patient_gets_technique_only(
    head: Phantom,
    store: PackStore,
    make: Callable[[tuple[int, ...]], NDArray[np.int16]],
    modality: str,
) -> None:
    if modality == "MR":
        store = PackStore(store.folders[0] / "none")
    voxels = make(head.voxels.shape)

    assert_technique_only(draft(voxels, request_for(head, modality=modality), store))


def test_a_chest_turned_upside_down_in_its_headers_is_still_drafted_by_its_anatomy(
    head: Phantom, store: PackStore
) -> None:
    """The same patient, slices listed from the head down: nothing of the draft may change."""
    turned = replace(
        head.geometry,
        positions_mm=head.geometry.positions_mm[::-1].copy(),
        row_cosines=head.geometry.row_cosines.copy(),
        column_cosines=head.geometry.column_cosines.copy(),
    )
    phantom = replace(head, voxels=head.voxels[::-1].copy(), geometry=turned)

    result = draft(phantom.voxels, request_for(phantom), store)

    assert said_more_than_measured(result) == []


def test_without_millimeters_nothing_is_drafted(head: Phantom, store: PackStore) -> None:
    geometry = replace(
        head.geometry,
        has_millimetres=False,
        positions_mm=head.geometry.positions_mm.copy(),
        row_cosines=head.geometry.row_cosines.copy(),
        column_cosines=head.geometry.column_cosines.copy(),
    )
    phantom = replace(head, geometry=geometry)

    assert_technique_only(draft(phantom.voxels, request_for(phantom), store))


def test_without_a_pack_nothing_is_drafted(head: Phantom, tmp_path: Path) -> None:
    result = draft(head.voxels, request_for(head), PackStore(tmp_path))

    assert_technique_only(result)


def test_a_pack_that_is_not_there_is_refused(head: Phantom, store: PackStore) -> None:
    request = replace(request_for(head), pack_id="no-such-pack")

    with pytest.raises(PackRefusedError):
        draft(head.voxels, request, store)


@pytest.mark.parametrize("name", ["decoder.onnx", "grammar.toml", "head_ct.onnx"])
def test_a_file_changed_after_packing_refuses_the_pack(
    head: Phantom, store: PackStore, name: str
) -> None:
    path = store.folders[0] / "draft-embedded" / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))

    with pytest.raises(PackRefusedError):
        draft(head.voxels, request_for(head), store)


def test_drafting_stops_when_asked(head: Phantom, store: PackStore) -> None:
    token = CancelToken()
    token.cancel()

    with pytest.raises(CancelledError):
        draft(head.voxels, request_for(head), store, token)


def test_progress_grows_to_the_end(head: Phantom, store: PackStore) -> None:
    shares: list[float] = []

    draft(head.voxels, request_for(head), store, None, shares.append)

    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_no_sentence_is_ever_logged(
    head: Phantom, store: PackStore, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        result = draft(head.voxels, request_for(head), store)

    texts = [s.text for s in (*result.statements, *result.questions)]
    assert not any(text in record.getMessage() for record in caplog.records for text in texts)


def test_the_golden_case_of_a_pack_passes_and_a_wrong_one_does_not(tmp_path: Path) -> None:
    pack = make_store(tmp_path / "packs", Wanted()).packs()[0]

    assert run_golden(pack, cancel=CancelToken()).has_passed


def assert_technique_only(result: DraftResult) -> None:
    assert [statement.section for statement in result.statements] == ["technique", "findings"]
    assert result.statements[1].text == UNKNOWN_REGION
    assert result.questions == ()
    assert result.pack is None
