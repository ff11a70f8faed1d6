"""draft.json and report.json: the contract's keys, the whole history, and never half a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.tasks.draft_findings import DraftResult, DraftStatement
from inference.tasks.measure import MeasureResult
from tests.support.reports import (
    INSTANCE_UIDS,
    PACK,
    SERIES_UID,
    STUDY_UID,
    StillClock,
    a_fact,
    a_series,
    a_study,
    draft_events,
    drafted,
    every_script,
    evidence,
    reviewed_events,
)
from workstation.core.errors import InputRefusedError
from workstation.core.provenance import Origin, OriginKind
from workstation.report.document import Section, StatementStatus
from workstation.report.events import fold
from workstation.services import report_files
from workstation.services.report_files import load_report, save_report, start_report

CONTRACT_KEYS = {"study_uid", "series_uid", "pack", "facts", "statements", "questions"}
FACT_KEYS = {"id", "finding", "anatomy", "side", "value", "unit", "confidence", "assessed"}
STATEMENT_KEYS = {"id", "section", "text", "origin", "facts", "evidence", "confidence", "status"}


def a_result() -> DraftResult:
    origin = Origin(OriginKind.MODEL, PACK)
    facts = (a_fact(),)
    sentence = DraftStatement("s1", "findings", "Right effusion.", origin, ("f1",), (evidence(),))
    question = DraftStatement("q1", "findings", "Is there a nodule?", origin, ("f1",))
    measured = MeasureResult("chest CT", "", facts, 0.5)
    return DraftResult(PACK, measured, facts, (sentence,), (question,), 1.0)


def plain(path: Path) -> dict[str, object]:
    loaded = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def test_a_file_holds_the_contract_and_the_history(tmp_path: Path) -> None:
    path = tmp_path / "draft.json"

    save_report(path, draft_events(questions=(drafted("q1", "A nodule?"),)))

    stored = plain(path)
    assert set(stored) == {*CONTRACT_KEYS, "notice", "report", "sha256"}
    assert stored["notice"] == "PRELIMINARY - NOT SIGNED"
    assert stored["study_uid"] == STUDY_UID
    assert stored["series_uid"] == SERIES_UID
    assert stored["pack"] == {"id": PACK.pack_id, "version": PACK.version, "digest": PACK.digest}
    assert set(stored["facts"][0]) >= FACT_KEYS  # type: ignore[index]
    assert set(stored["statements"][0]) == STATEMENT_KEYS  # type: ignore[index]
    assert stored["statements"][0]["evidence"][0]["instance_uids"] == list(INSTANCE_UIDS[5:12])  # type: ignore[index]


def test_events_come_back_as_they_were_saved(tmp_path: Path) -> None:
    events = every_script()

    save_report(tmp_path / "report.json", events)

    assert load_report(tmp_path / "report.json") == events


def test_the_plain_keys_follow_the_review(tmp_path: Path) -> None:
    save_report(tmp_path / "draft.json", reviewed_events((Section.FINDINGS, "More.")))

    statements = plain(tmp_path / "draft.json")["statements"]

    assert [s["status"] for s in statements] == ["accepted"] * 3  # type: ignore[attr-defined]


def test_a_folder_means_its_report_else_its_draft(tmp_path: Path) -> None:
    save_report(tmp_path / "draft.json", draft_events())
    from_draft = load_report(tmp_path)
    save_report(tmp_path / "report.json", reviewed_events())

    assert from_draft == draft_events()
    assert load_report(tmp_path) == reviewed_events()


def test_a_folder_without_a_report_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefusedError, match="no report"):
        load_report(tmp_path)


def test_starting_a_report_keeps_everything_of_the_draft() -> None:
    study = a_study()

    events = start_report(a_result(), a_series(study), study, StillClock())

    document = fold(events)
    assert document.packs == (PACK,)
    assert [s.status for s in document.statements] == [StatementStatus.PROPOSED]
    assert document.statements[0].drafted_text == "Right effusion."
    assert [q.statement.statement_id for q in document.questions] == ["q1"]
    assert events[0].at == "2025-03-01T14:05:33+01:00"


def test_a_draft_without_history_is_taken_with_all_of_it_open(tmp_path: Path) -> None:
    path = tmp_path / "draft.json"
    save_report(path, reviewed_events())
    stored = plain(path)
    del stored["report"]
    path.write_text(json.dumps(stored), encoding="utf-8")

    document = fold(load_report(path))

    assert document.study.study_uid == STUDY_UID
    assert [s.status for s in document.statements] == [StatementStatus.PROPOSED] * 2
    assert document.facts[0].value == pytest.approx(120.4)
    assert document.series[0].instance_uids == INSTANCE_UIDS[5:12]


def test_a_rejection_in_a_draft_without_history_stands(tmp_path: Path) -> None:
    path = tmp_path / "draft.json"
    save_report(path, draft_events())
    stored = plain(path)
    del stored["report"]
    stored["statements"][0]["status"] = "rejected"  # type: ignore[index]
    path.write_text(json.dumps(stored), encoding="utf-8")

    document = fold(load_report(path))

    assert [s.statement_id for s in document.open_statements] == ["s2"]


def test_plain_keys_changed_by_hand_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "draft.json"
    save_report(path, draft_events())
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"status": "proposed"', '"status": "accepted"', 1), "utf-8")

    with pytest.raises(InputRefusedError, match="changed outside"):
        load_report(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b'{"study_uid": 7}',
        b'{"study_uid": "1.2", "series_uid": "1.3", "facts": 3, "statements": []}',
        b'{"study_uid": "1.2", "series_uid": "1.3", "facts": [], "statements": [{}]}',
        b'{"report": {"schema": "other/9", "events": []}}',
        b'{"report": {"schema": "prelim-report/1", "events": []}}',
        b'{"report": {"schema": "prelim-report/1", "events": [{"act": {"is": "Event"}}]}}',
        b'{"report": 5}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
    ],
)
def test_what_is_no_report_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(content)

    with pytest.raises(InputRefusedError) as refused:
        load_report(path)

    assert refused.value.why
    assert refused.value.todo


@given(st.data())
def test_a_file_with_any_one_byte_changed_loads_the_same_or_is_refused(data: st.DataObject) -> None:
    original = report_files.report_file_bytes(draft_events())
    place = data.draw(st.integers(0, len(original) - 1))
    value = data.draw(st.integers(0, 255))

    changed = original[:place] + bytes([value]) + original[place + 1 :]

    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.json"
        path.write_bytes(changed)
        try:
            events = load_report(path)
        except InputRefusedError:
            return
    assert fold(events).study.study_uid


def test_a_full_disk_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.json"
    save_report(path, draft_events())
    before = path.read_bytes()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("workstation.services.report_files.os.fsync", full)
    with pytest.raises(InputRefusedError, match="No space left"):
        save_report(path, reviewed_events())

    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".part"] == []


def test_no_machine_path_or_name_stands_in_the_error_of_an_unreadable_file(tmp_path: Path) -> None:
    with pytest.raises(InputRefusedError) as refused:
        load_report(tmp_path / "Zyxcanary.json")

    assert "No such file" in str(refused.value)
