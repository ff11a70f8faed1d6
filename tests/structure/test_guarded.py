"""The list of the files that guard a patient names files that are there."""

from __future__ import annotations

from tests.structure.guarded import guarded_files
from tests.support.data import REPOSITORY


def test_every_guarded_file_is_there_and_named_once() -> None:
    listed = guarded_files()

    assert [name for name in listed if not (REPOSITORY / name).is_file()] == []
    assert len(set(listed)) == len(listed) > 0
