"""The main job by script: the contract of DESIGN section 4, run as a user's script runs it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workstation.__main__ import main

Command = Callable[..., tuple[int, Any]]

STATEMENT_KEYS = {
    *("id", "section", "text", "origin", "facts", "evidence", "confidence", "status"),
}
FACT_KEYS = {
    *("id", "finding", "anatomy", "side", "value", "unit", "confidence", "assessed", "reason"),
    "evidence",
}


@pytest.fixture
def prelim(capsys: pytest.CaptureFixture[str]) -> Command:
    """Run one command with --json; return its exit code and its answer."""

    def run(*arguments: str) -> tuple[int, Any]:
        capsys.readouterr()
        code = main([*arguments, "--json"])
        printed = capsys.readouterr().out
        return code, json.loads(printed) if printed.strip() else None

    return run


@pytest.fixture
def drafted(prelim: Command, chest_study: Path, tmp_path: Path) -> Path:
    """Return a folder with the draft of the chest study."""
    code, _ = prelim("draft", str(chest_study), "--out", str(tmp_path / "draft"))
    assert code == 0
    return tmp_path / "draft"


def _decide_all(draft: Path, decisions: Path, action: str = "accept") -> None:
    statements = json.loads((draft / "draft.json").read_text("utf-8"))["statements"]
    listed = [{"statement": each["id"], "action": action} for each in statements]
    added = [{"section": "impression", "text": "Read by a person."}]
    decisions.write_text(json.dumps({"decisions": listed, "add": added}), encoding="utf-8")


def test_inspect_answers_with_every_key_of_the_contract(prelim: Command, chest_study: Path) -> None:
    code, found = prelim("inspect", str(chest_study))

    (series,) = found["series"]
    assert code == 0
    assert (series["received"], series["shown"], series["slices"]) == (90, 90, 90)
    assert series["set_aside"] == []
    assert (series["rows"], series["columns"]) == (192, 192)
    assert series["spacing_mm"] == pytest.approx([2.0, 2.0, 5.0])
    assert series["spacing_k_mm"]["median"] == pytest.approx(5.0)
    assert (series["tilt_deg"], series["missing_positions"], series["duplicates"]) == (0, 0, 0)
    assert (series["unit"], series["orientation"], series["modality"]) == ("HU", "axial", "CT")
    assert {"uid", "description", "transfer_syntaxes", "warnings"} <= set(series)


def test_a_draft_holds_what_the_contract_says(drafted: Path) -> None:
    draft = json.loads((drafted / "draft.json").read_text("utf-8"))

    assert {"study_uid", "series_uid", "pack", "facts", "statements", "questions"} <= set(draft)
    assert set(draft["pack"]) == {"id", "version", "digest"}
    ids = {fact["id"] for fact in draft["facts"]}
    for fact in draft["facts"]:
        assert set(fact) >= FACT_KEYS
    for statement in (*draft["statements"], *draft["questions"]):
        assert set(statement) >= STATEMENT_KEYS
        assert set(statement["facts"]) <= ids
        assert statement["status"] == "proposed"
    sections = [statement["section"] for statement in draft["statements"]]
    assert "technique" in sections
    assert "findings" in sections
    assert (drafted / "report.dcm").is_file()
    assert (drafted / "report.txt").is_file()


def test_a_study_goes_in_and_a_signed_report_comes_out(
    prelim: Command, drafted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRELIM_PASSPHRASE", "a long enough passphrase")
    signed = tmp_path / "signed"
    refused, _ = prelim("sign", str(drafted), "--user", "Rita Reader", "--out", str(signed))
    _decide_all(drafted, tmp_path / "decisions.json")
    reviewed, review = prelim(
        *("review", str(drafted / "draft.json"), "--user", "Rita Reader"),
        *("--decisions", str(tmp_path / "decisions.json")),
    )
    checked, check = prelim("check", str(drafted))
    code, answer = prelim("sign", str(drafted), "--user", "Rita Reader", "--out", str(signed))
    files = [str(signed / name) for name in ("report.dcm", "report.pdf", "report.json")]
    holds, verdicts = prelim("verify", *files)

    assert refused == 4
    assert (reviewed, review["open"]) == (0, [])
    assert (checked, check["blocks"]) == (0, 0)
    assert code == 0
    assert answer["signer"] == "Rita Reader"
    assert holds == 0
    assert [each["holds"] for each in verdicts["files"]] == [True, True, True]


def test_a_tampered_file_does_not_verify(
    prelim: Command, drafted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRELIM_PASSPHRASE", "a long enough passphrase")
    _decide_all(drafted, tmp_path / "decisions.json")
    signed = tmp_path / "signed"
    prelim(
        *("review", str(drafted), "--user", "Rita Reader"),
        *("--decisions", str(tmp_path / "decisions.json")),
    )
    prelim("sign", str(drafted), "--user", "Rita Reader", "--out", str(signed))
    data = (signed / "report.dcm").read_bytes()
    changed = tmp_path / "changed.dcm"
    changed.write_bytes(data.replace(b"Read by a person", b"Read by a persom"))

    code, verdicts = prelim("verify", str(changed))

    assert code == 4
    assert verdicts["files"][0]["holds"] is False


def test_copies_of_an_unsigned_report_say_so(
    prelim: Command, drafted: Path, tmp_path: Path
) -> None:
    kinds = "sr,pdf,fhir,hl7,txt,json"

    code, answer = prelim("export", str(drafted), "--to", kinds, "--out", str(tmp_path / "copies"))

    assert (code, answer["signed"]) == (0, False)
    assert set(answer["files"]) == set(kinds.split(","))
    text = Path(answer["files"]["txt"]).read_text("utf-8")
    assert "PRELIMINARY - NOT SIGNED" in text


def test_measure_gives_facts_with_units_and_evidence(prelim: Command, chest_study: Path) -> None:
    code, found = prelim("measure", str(chest_study))

    volumes = [f for f in found["facts"] if f["finding"] == "lung volume" and f["assessed"]]
    assert (code, found["region"]) == (0, "chest CT")
    assert {fact["side"] for fact in volumes} == {"left", "right"}
    assert all(fact["unit"] == "ml" and fact["evidence"] for fact in volumes)


def test_enhance_writes_a_derived_series_beside_an_untouched_original(
    prelim: Command, head_study: Path, tmp_path: Path
) -> None:
    before = {path.name: path.read_bytes() for path in head_study.iterdir()}

    code, answer = prelim(
        *("enhance", str(head_study), "--task", "denoise", "--strength", "0.5"),
        *("--out", str(tmp_path / "derived")),
    )

    assert code == 0
    assert len(answer["files"]) == 20
    assert answer["strength"] == 0.5
    assert answer["slices_per_s"] > 0
    assert answer["largest_change"] <= answer["bound"] * 1.001
    assert {path.name: path.read_bytes() for path in head_study.iterdir()} == before


def test_a_derived_series_never_takes_the_place_of_an_original(
    prelim: Command, head_study: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "both"
    folder.mkdir()
    files = sorted(path for path in head_study.iterdir() if path.is_file())
    for number, path in enumerate(files, start=1):
        shutil.copy(path, folder / f"{number:05d}.dcm")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    code, answer = prelim(
        "enhance", str(folder), "--task", "denoise", "--out", str(folder), "--strength", "1"
    )

    assert code == 0
    assert {name: (folder / name).read_bytes() for name in before} == before
    assert len(list(folder.iterdir())) == len(before) + len(answer["files"])


def test_a_reviewed_report_is_not_drafted_over(
    prelim: Command, drafted: Path, chest_study: Path, tmp_path: Path
) -> None:
    _decide_all(drafted, tmp_path / "decisions.json")
    decisions = ("--decisions", str(tmp_path / "decisions.json"))
    prelim("review", str(drafted), "--user", "Rita Reader", *decisions)
    before = {path.name: path.read_bytes() for path in drafted.iterdir()}

    code, _ = prelim("draft", str(chest_study), "--out", str(drafted))

    assert code == 3
    assert {path.name: path.read_bytes() for path in drafted.iterdir()} == before


def test_every_pack_does_here_what_it_promises(prelim: Command) -> None:
    code, answer = prelim("models", "test")

    assert code == 0
    assert len(answer["results"]) >= 3
    assert all(result["has_passed"] for result in answer["results"])


def test_doctor_asks_no_network(prelim: Command) -> None:
    code, answer = prelim("doctor")

    assert code == 0
    assert answer["opens_connections"] is False
    assert answer["processors"] >= 1
    assert "CPUExecutionProvider" in answer["runtime"]["providers"]


@pytest.mark.parametrize("make", ["text", "empty", "missing", "truncated"])
def test_input_of_which_nothing_is_left_is_refused_with_what_why_and_what_to_do(
    prelim: Command, chest_study: Path, tmp_path: Path, make: str
) -> None:
    folder = tmp_path / "input"
    if make != "missing":
        folder.mkdir()
    if make == "text":
        (folder / "letter.txt").write_text("Dear colleague", encoding="utf-8")
    if make == "truncated":
        whole = next(path for path in chest_study.iterdir() if path.is_file())
        (folder / "a.dcm").write_bytes(whole.read_bytes()[:900])

    code, answer = prelim("inspect", str(folder))

    assert code == 3
    assert answer["error"]["what"]
    assert answer["error"]["todo"]


def test_one_bad_file_never_stops_the_rest(
    prelim: Command, chest_study: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "mixed"
    shutil.copytree(chest_study, folder)
    files = sorted(path for path in folder.iterdir() if path.is_file())
    files[3].write_bytes(files[3].read_bytes()[:2000])
    (folder / "notes.txt").write_text("not an image", encoding="utf-8")

    code, found = prelim("inspect", str(folder))

    (series,) = found["series"]
    everything = series["received"] + len(found["set_aside"])
    assert code == 0
    assert series["shown"] == 89
    assert everything == 91
    assert any("notes.txt" in aside["file"] for aside in found["set_aside"])


def test_a_wrong_option_is_a_question_of_usage(prelim: Command) -> None:
    assert prelim("inspect")[0] == 2
    assert prelim("paint", "x")[0] == 2


def test_the_headless_demo_runs_the_main_job(
    prelim: Command, head_study: Path, tmp_path: Path
) -> None:
    out = tmp_path / "demo"

    code, answer = prelim("demo", str(head_study), "--headless", "--out", str(out))

    assert code == 0
    assert answer["enhanced"]["done"]
    assert {"draft.json", "report.dcm", "report.pdf", "report.txt", "facts.json"} <= {
        path.name for path in out.iterdir()
    }
