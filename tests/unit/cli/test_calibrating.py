"""``prelim models calibrate``: what it says where it cannot train, and of a pack it threw away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference.tasks.calibrate import CalibrationFigures
from tests.support.canary import FAMILY
from tests.support.series import tiny_series, tiny_stack
from workstation.__main__ import main
from workstation.cli import calibrating
from workstation.core.volume import Volume
from workstation.services import calibrate_pack as service
from workstation.services.calibrate_pack import Calibrated, CalibrationWish

FIGURES = CalibrationFigures(
    20.0, 0.3, 0.2, 90, 40, 8, 9, 3.0, 0.6, 0.5, 0.6, 0.5, 0.4, 0.3, 0.9, 0.9, -0.1, 0.02
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRELIM_HOME", str(tmp_path / "home"))


@pytest.fixture
def study(tmp_path: Path) -> Path:
    stack = tiny_stack(shape_kji=(6, 24, 24))
    tiny_series(tmp_path / "study", stack=stack, voxels=np.zeros((6, 24, 24), np.int16))
    return tmp_path / "study"


def test_without_torch_it_is_refused_in_words_before_a_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(service, "can_calibrate", lambda: False)

    code = main(
        ["models", "calibrate", str(tmp_path / "none"), "--base", "ct-denoise", "--id", "own"]
    )

    assert code == 3
    assert "extra vlm" in capsys.readouterr().err


def test_a_pack_that_was_thrown_away_is_answered_with_its_figures_and_why(
    study: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[CalibrationWish] = []

    def thrown_away(_volume: Volume, wish: CalibrationWish, **_: Any) -> Calibrated:  # noqa: ANN401
        asked.append(wish)
        return Calibrated(None, FIGURES, None, ("bias of water",), ())

    monkeypatch.setattr(service, "can_calibrate", lambda: True)
    monkeypatch.setattr(calibrating, "calibrate_pack", thrown_away)

    options = ["--base", "ct-denoise", "--id", "own", "--minutes", "3", "--json"]
    code = main(["models", "calibrate", str(study), *options])

    said = capsys.readouterr()
    assert code == 4
    assert "thrown away" in said.err
    assert "bias of water" in said.err
    answer = json.loads(said.out)
    assert answer["installed"] is False
    assert answer["failed"] == ["bias of water"]
    assert answer["figures"]["new_error"] == 0.5
    assert asked[0].minutes == 3
    assert asked[0].kernel
    assert FAMILY not in said.out + said.err
