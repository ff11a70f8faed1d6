"""The commands of hanging protocols: what scripts read, and what happens to damaged files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.series import moved_slices, tiny_series, tiny_stack
from workstation.__main__ import main


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the program an empty home."""
    monkeypatch.setenv("PRELIM_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    code = main(["hanging", *arguments, "--json"])
    value: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, value


def chest(folder: Path, slices: int) -> Path:
    tiny_series(folder, stack=tiny_stack(shape_kji=(slices, 12, 16)))
    return folder


def test_the_list_names_every_protocol_and_what_it_is_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, value = asked(capsys, "list")

    found = {one["id"]: one for one in value["protocols"]}
    assert code == 0
    assert value["left_out"] == []
    assert found["ct-chest"]["cells"] == ["Lung", "Mediastinum"]
    assert "modality is CT" in found["ct-chest"]["for"]
    assert len(found) >= 16


def test_a_chest_ct_is_hung_in_two_windows_of_one_series(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, value = asked(capsys, "match", str(chest(tmp_path / "ct", 24)))

    assert code == 0
    assert value["protocol"] == "ct-chest"
    assert [cell["window"] for cell in value["cells"]] == ["Lung", "Mediastinum"]
    assert len({cell["series_uid"] for cell in value["cells"]}) == 1
    assert "CT" in value["reasons"]
    assert [other["protocol"] for other in value["others"]] == ["one-series"]


def test_a_few_slices_of_a_chest_are_shown_plainly(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _, value = asked(capsys, "match", str(chest(tmp_path / "ct", 5)))

    assert (value["protocol"], value["layout"]) == ("one-series", "1x1")


def test_a_damaged_file_of_the_reader_is_told_and_the_rest_goes_on(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    (home / "hanging_protocols").mkdir(parents=True)
    (home / "hanging_protocols" / "mine.toml").write_text("format = 1\n", "utf-8")

    code = main(["hanging", "list", "--json"])
    printed = capsys.readouterr()
    value = json.loads(printed.out)

    assert code == 0
    assert value["left_out"][0]["file"] == "mine.toml"
    assert value["left_out"][0]["key"] == "id"
    assert "mine.toml" in printed.err
    assert len(value["protocols"]) >= 16


def test_a_folder_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, value = asked(capsys, "match", "nowhere-at-all")

    assert code == 3
    assert value["error"]["todo"]


def test_nothing_of_the_patient_is_in_the_answer(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    kept = moved_slices(tiny_stack(shape_kji=(30, 12, 16)), range(24))
    tiny_series(tmp_path / "ct", stack=kept)

    main(["hanging", "match", str(tmp_path / "ct")])
    printed = capsys.readouterr()

    assert "zyxcanary" not in (printed.out + printed.err).lower()
