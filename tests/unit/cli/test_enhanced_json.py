"""What ``prelim enhance`` tells of a result, whatever files it was written into."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inference.packs.store import PackStore
from tests.support.model_packs import shift_model, write_pack
from tests.support.series import tiny_series, tiny_stack
from tests.unit.enhance.test_enhance_series import run, volume
from workstation.__main__ import main
from workstation.cli.output import removed_if_empty
from workstation.cli.reading import _enhanced_json, _enhanced_words
from workstation.core.errors import InputRefusedError


def test_slices_are_counted_and_not_the_files_they_were_written_into(tmp_path: Path) -> None:
    write_pack(tmp_path, shift_model(0))
    enhanced = run(volume(), PackStore(tmp_path))

    told = _enhanced_json(enhanced, 0.6, (Path("multi-frame.dcm"),))

    assert told["slices"] == len(enhanced.source.voxels) == 4
    assert told["files"] == ["multi-frame.dcm"]


def test_a_noise_that_cannot_be_told_is_null_and_not_none_at_all(tmp_path: Path) -> None:
    write_pack(tmp_path, shift_model(0))
    enhanced = run(volume(), PackStore(tmp_path))
    assert enhanced.result.figures.sigma_before == 20
    assert enhanced.result.figures.sigma_after == 0

    noise = _enhanced_json(enhanced, 0.6, ())["noise"]

    assert noise == {"before": 20, "after": None, "unit": "HU"}
    assert "Noise cannot be told" in _enhanced_words(enhanced, 0.6, ())


@pytest.mark.parametrize(
    ("was_there", "is_written"), [(False, False), (False, True), (True, False)]
)
def test_a_command_leaves_no_empty_folder_that_it_made(
    tmp_path: Path, was_there: bool, is_written: bool
) -> None:
    out = tmp_path / "new" / "out"
    if was_there:
        out.mkdir(parents=True)

    def refused() -> None:
        with removed_if_empty(out):
            out.mkdir(parents=True, exist_ok=True)
            if is_written:
                (out / "one.dcm").write_bytes(b"1")
            raise InputRefusedError("This series cannot be enhanced")

    with pytest.raises(InputRefusedError):
        refused()

    assert out.exists() is (was_there or is_written)
    assert out.parent.exists() is (was_there or is_written)
    assert tmp_path.exists()


def test_a_refused_enhancement_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = tiny_stack(shape_kji=(6, 24, 24))
    tiny_series(tmp_path / "study", stack=stack, voxels=np.zeros((6, 24, 24), np.int16))
    monkeypatch.setenv("PRELIM_HOME", str(tmp_path / "home"))

    def refuse(*_all: object, **_named: object) -> None:
        assert (tmp_path / "out").is_dir(), "it is made before the model runs"
        raise InputRefusedError("This series cannot be enhanced")

    monkeypatch.setattr("workstation.cli.reading.enhance", refuse)

    code = main(
        ["enhance", str(tmp_path / "study"), "--task", "denoise", "--out", str(tmp_path / "out")]
    )

    assert code == InputRefusedError.exit_code
    assert not (tmp_path / "out").exists()
