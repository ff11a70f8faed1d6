"""What ``prelim enhance`` tells of a result, whatever files it was written into."""

from __future__ import annotations

from pathlib import Path

from inference.packs.store import PackStore
from tests.support.model_packs import shift_model, write_pack
from tests.unit.enhance.test_enhance_series import run, volume
from workstation.cli.reading import _enhanced_json


def test_slices_are_counted_and_not_the_files_they_were_written_into(tmp_path: Path) -> None:
    write_pack(tmp_path, shift_model(0))
    enhanced = run(volume(), PackStore(tmp_path))

    told = _enhanced_json(enhanced, 0.6, (Path("multi-frame.dcm"),))

    assert told["slices"] == len(enhanced.source.voxels) == 4
    assert told["files"] == ["multi-frame.dcm"]
