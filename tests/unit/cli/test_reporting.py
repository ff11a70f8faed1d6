"""Reports by command: the gates and their order, decisions that are no decisions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.reports import draft_events, reviewed_events
from workstation.__main__ import main
from workstation.services.report_files import save_report


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """Return a folder with a draft nobody reviewed."""
    save_report(tmp_path / "report" / "draft.json", draft_events())
    return tmp_path / "report"


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    code = main([*arguments, "--json"])
    value: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, value


def test_an_open_statement_is_told_before_a_passphrase_is_asked(
    capsys: pytest.CaptureFixture[str], draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PRELIM_PASSPHRASE", raising=False)

    code, value = asked(capsys, "sign", str(draft), "--user", "R", "--out", str(draft / "out"))

    assert code == 4
    assert "not been reviewed" in value["error"]["why"]
    assert not (draft / "out").exists()


def test_signing_without_a_passphrase_is_refused_in_words(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PRELIM_PASSPHRASE", raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    save_report(tmp_path / "report.json", reviewed_events())

    code, value = asked(capsys, "sign", str(tmp_path), "--user", "R", "--out", str(tmp_path / "o"))

    assert code == 3
    assert "PRELIM_PASSPHRASE" in value["error"]["todo"]


@pytest.mark.parametrize("words", ['{"decisions": [', "[]", "[" * 100_000, "\x00"])
def test_decisions_that_are_none_change_nothing(
    capsys: pytest.CaptureFixture[str], draft: Path, words: str
) -> None:
    before = (draft / "draft.json").read_bytes()
    (draft / "decisions.json").write_text(words, encoding="utf-8")

    code, value = asked(
        capsys,
        *("review", str(draft), "--user", "R", "--decisions", str(draft / "decisions.json")),
    )

    assert code == 3
    assert value["error"]["what"] == "The decisions cannot be read"
    assert (draft / "draft.json").read_bytes() == before
    assert not (draft / "report.json").exists()


def test_an_unknown_format_is_a_question_of_usage(
    capsys: pytest.CaptureFixture[str], draft: Path
) -> None:
    code, value = asked(capsys, "export", str(draft), "--to", "docx", "--out", str(draft / "out"))

    assert code == 2
    assert "docx" in value["error"]["what"]


def test_a_file_without_a_signature_does_not_pass(
    capsys: pytest.CaptureFixture[str], draft: Path
) -> None:
    code, value = asked(capsys, "verify", str(draft / "draft.json"))

    (verdict,) = value["files"]
    assert code == 4
    assert (verdict["holds"], verdict["reason"]) == (False, "not signed")
