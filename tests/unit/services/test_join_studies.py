"""What came of one study in several steps is one study, and less never replaces more."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.support.series import tiny_series
from workstation.services.import_studies import ImportedStudy, import_paths
from workstation.services.join_studies import joined


def _study(*paths: Path) -> ImportedStudy:
    return import_paths(list(paths)).studies[0]


def test_one_file_of_a_series_known_whole_does_not_replace_it(tmp_path: Path) -> None:
    files = tiny_series(tmp_path / "whole")
    one = tmp_path / "alone" / files[2].name
    one.parent.mkdir()
    shutil.copy(files[2], one)

    both = joined(_study(*files), _study(one))

    assert [series.verdict.received for series in both.series] == [len(files)]


def test_more_of_a_series_replaces_less_and_other_series_stand_beside(tmp_path: Path) -> None:
    files = tiny_series(tmp_path / "whole")

    both = joined(_study(files[0]), _study(*files))

    assert [series.verdict.received for series in both.series] == [len(files)]
