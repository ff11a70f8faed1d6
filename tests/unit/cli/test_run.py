"""The edge of the command line: exit codes, one JSON value, words for people, no worker."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.canary import CANARY
from tests.support.series import tiny_series
from workstation import cli
from workstation.__main__ import main
from workstation.cli import reading

Run = Callable[..., tuple[int, str, str]]

COMMANDS = (
    *("open", "inspect", "enhance", "measure", "draft", "review", "check", "sign", "verify"),
    *("export", "doctor", "bench", "demo", "models", "picture", "movie", "media"),
)


@pytest.fixture
def prelim(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command; return its exit code and what it wrote to both streams."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        written = capsys.readouterr()
        return code, written.out, written.err

    return run


def one_value(out: str) -> dict[str, Any]:
    value = json.loads(out)  # fails where there is more than one value
    assert isinstance(value, dict)
    return value


def test_help_names_every_command_and_every_exit_code(prelim: Run) -> None:
    code, out, _ = prelim("--help")

    assert code == 0
    assert all(name in out for name in COMMANDS)
    assert "70" in out
    assert "PRELIM_PASSPHRASE" in out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(prelim: Run, command: str) -> None:
    code, out, err = prelim(command, "--help")

    assert (code, err) == (0, "")
    assert f"prelim {command}" in out


def test_the_version_is_said(prelim: Run) -> None:
    code, out, _ = prelim("--version")

    assert code == 0
    assert out.startswith("prelim ")


@pytest.mark.parametrize(
    "arguments",
    [
        ["inspect"],
        ["paint"],
        ["inspect", "a", "b"],
        ["inspect", "a", "--colour"],
        ["enhance", "a", "--task", "sharpen", "--out", "b"],
        ["enhance", "a", "--task", "denoise", "--out", "b", "--strength", "2"],
        ["enhance", "a", "--task", "denoise", "--out", "b", "--factor", "2"],
        ["enhance", "a", "--task", "superres", "--out", "b", "--factor", "3"],
        ["enhance", "a", "--task", "superres", "--out", "b", "--direction", "sideways"],
        ["enhance", "a", "--task", "superres", "--out", "b", "--profile", "sinc"],
        ["models", "paint"],
        ["sign", "a", "--out", "b"],
    ],
)
def test_wrong_usage_is_exit_2_in_words_and_in_one_value(prelim: Run, arguments: list[str]) -> None:
    code, out, err = prelim(*arguments)
    json_code, json_out, _ = prelim(*arguments, "--json")

    assert (code, out, json_code) == (2, "", 2)
    assert "prelim --help" in err
    assert one_value(json_out)["error"]["what"]


def test_what_was_typed_too_much_is_not_repeated(prelim: Run) -> None:
    _, out, err = prelim("inspect", "study", CANARY, "--json")

    assert CANARY not in out + err


def test_refused_input_is_exit_3_with_what_why_and_what_to_do(prelim: Run, tmp_path: Path) -> None:
    code, out, err = prelim("inspect", str(tmp_path / "gone"), "--json")

    error = one_value(out)["error"]
    assert code == 3
    assert error["what"]
    assert error["todo"]
    assert "not there" in err


def test_a_series_is_inspected_in_words_and_in_one_value(prelim: Run, tmp_path: Path) -> None:
    tiny_series(tmp_path / "study")

    code, words, err = prelim("inspect", str(tmp_path / "study"))
    _, out, _ = prelim("inspect", str(tmp_path / "study"), "--json")

    assert (code, err) == (0, "")
    assert "5 received, 5 shown" in words
    assert one_value(out)["series"][0]["shown"] == 5


def test_a_fault_of_ours_is_exit_70_without_its_text(
    prelim: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr(reading, "import_paths", fail)

    code, out, err = prelim("inspect", "study", "--json")

    assert code == cli.FAULT_OF_OURS
    assert "RuntimeError" in one_value(out)["error"]["what"]
    assert CANARY not in out + err


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
def test_a_full_disk_or_a_lost_right_is_no_fault_of_ours(
    prelim: Run, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fail(*_arguments: object) -> None:
        raise OSError(number, os.strerror(number), CANARY)

    monkeypatch.setattr(reading, "import_paths", fail)

    code, out, err = prelim("inspect", "study", "--json")

    assert code == 3
    assert one_value(out)["error"]["why"] == os.strerror(number)
    assert CANARY not in out + err


def test_the_list_of_packs_says_of_each_whether_its_gates_are_known(prelim: Run) -> None:
    code, out, _ = prelim("models", "list", "--json")

    assert code == 0
    assert {pack["gates"] for pack in one_value(out)["packs"]} == {"passed"}


def test_a_home_that_cannot_be_made_is_refused_in_words(
    prelim: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("PRELIM_HOME", str(tmp_path / "file" / "home"))

    code, _, err = prelim("models", "add", "nothing")

    assert code == 3
    assert "PRELIM_HOME" in err


def test_the_place_of_a_fault_is_shown_when_asked(
    prelim: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr(reading, "import_paths", fail)
    monkeypatch.setenv("PRELIM_DEBUG", "1")

    _, _, err = prelim("inspect", "study")

    assert "test_run.py" in err
    assert CANARY not in err


def test_stopping_it_is_exit_130(prelim: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(reading, "import_paths", stop)

    code, out, _ = prelim("inspect", "study", "--json")

    assert code == cli.INTERRUPTED
    assert one_value(out)["error"]["what"] == "Stopped"


@pytest.mark.parametrize("arguments", [[], ["open", "study"], ["demo"]])
def test_without_a_screen_there_is_a_sentence_and_no_crash(
    prelim: Run, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")

    code, _, err = prelim(*arguments)

    assert code == 3
    assert "no screen" in err
