"""``prelim enhance --task fill``: from a folder with losses to images that say what they are."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pydicom
import pytest

from tests.support.canary import CANARY
from tests.support.filled import body, without
from tests.support.series import moved_slices, tiny_series, tiny_stack
from workstation.__main__ import main
from workstation.core.provenance import PixelKind
from workstation.services.import_studies import import_paths
from workstation.services.open_series import open_series

COUNT = 20


def series(folder: Path, *missing: int, lost: slice | None = None) -> Path:
    kept = without(*missing, count=COUNT)
    voxels = body(COUNT)
    if lost is not None:
        voxels[10, lost] = 0
    stack = tiny_stack(shape_kji=(COUNT, 40, 48))
    tiny_series(folder, stack=moved_slices(stack, kept), voxels=voxels[kept])
    return folder


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command; return its exit code and what it said."""

    def command(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([*arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRELIM_HOME", str(tmp_path / "home"))


def test_only_the_proposed_slices_are_written_and_each_says_what_it_is(
    tmp_path: Path, run: Run
) -> None:
    source = series(tmp_path / "study", 6, lost=slice(15, 22))

    code, out, _ = run(
        "enhance", str(source), "--task", "fill", "--out", str(tmp_path / "out"), "--json"
    )

    assert code == 0
    answer = json.loads(out)
    assert answer["pack"]["id"] == "fill-ct"
    assert [one["place"] for one in answer["proposed"]] == [7, 11]
    assert [one["whole"] for one in answer["proposed"]] == [True, False]
    files = [pydicom.dcmread(path) for path in answer["files"]]
    assert len(files) == 2
    assert len(list((tmp_path / "out").iterdir())) == 2
    for file in files:
        assert "FILLED" in file.ImageType
        assert file.ImageType[:2] == ["DERIVED", "SECONDARY"]
        assert "not scanned" in file.SeriesDescription
        assert "fill-ct" in file.DerivationDescription
    assert files[0].ImageComments.startswith("This whole image was proposed")
    assert "rows 16 to 22, columns 1 to 48" in files[1].ImageComments
    scanned = {pydicom.dcmread(p).SeriesInstanceUID for p in source.iterdir()}
    assert {file.SeriesInstanceUID for file in files}.isdisjoint(scanned)


def test_a_proposed_slice_lies_where_one_is_missing(tmp_path: Path, run: Run) -> None:
    source = series(tmp_path / "study", 6)

    _, out, _ = run(
        "enhance", str(source), "--task", "fill", "--out", str(tmp_path / "out"), "--json"
    )

    expected = tiny_stack(shape_kji=(COUNT, 40, 48)).positions_mm[6]
    (one,) = json.loads(out)["proposed"]
    assert np.allclose(one["position_mm"], expected, atol=1e-3)
    written = pydicom.dcmread(one["file"])
    assert np.allclose(np.array(written.ImagePositionPatient, dtype=float), expected, atol=1e-3)


def test_read_back_they_are_hatched_and_never_measured(tmp_path: Path, run: Run) -> None:
    source = series(tmp_path / "study", 6)
    run("enhance", str(source), "--task", "fill", "--out", str(tmp_path / "out"))

    (read,) = import_paths([tmp_path / "out"]).all_series
    opened = open_series(read.display_sets[0])
    opened.wait()

    assert opened.volume.provenance.kind is PixelKind.FILLED
    assert opened.volume.filled is not None
    assert opened.volume.filled.whole_slices == (0,)
    assert run("measure", str(tmp_path / "out"))[0] == 3


def test_a_whole_series_is_refused_and_nothing_is_written(tmp_path: Path, run: Run) -> None:
    source = series(tmp_path / "study")

    code, _, error = run("enhance", str(source), "--task", "fill", "--out", str(tmp_path / "out"))

    assert code == 3
    assert "No slice is missing" in error
    assert CANARY not in error
    assert not (tmp_path / "out").exists()


def test_options_of_other_tasks_are_refused(tmp_path: Path, run: Run) -> None:
    source = series(tmp_path / "study", 6)

    code, _, error = run(
        "enhance",
        str(source),
        "--task",
        "fill",
        "--out",
        str(tmp_path / "out"),
        "--strength",
        "0.5",
    )

    assert code == 2
    assert "--strength" in error
