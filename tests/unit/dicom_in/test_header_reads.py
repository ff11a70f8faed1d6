"""How little of each file is read for its header: what counts on a slow disk."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.unit.dicom_in.factory import image, ramp, save_all
from workstation.dicom.sources import SourceFile
from workstation.services.import_studies import import_paths

READ_BYTES = 8192


class Counted(io.FileIO):
    """A file that notes each read."""

    reads: list[tuple[str, int]]

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size) or b""
        self.reads.append((str(self.name), len(data)))
        return data


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Every read of every file that is opened: its path and how many bytes."""
    found: list[tuple[str, int]] = []

    def opened(self: SourceFile) -> Counted:
        file = Counted(self.path, "r")
        file.reads = found
        return file

    monkeypatch.setattr(SourceFile, "open", opened)
    return found


def test_the_header_of_a_slice_takes_one_small_read(
    tmp_path: Path, reads: list[tuple[str, int]]
) -> None:
    slices = [image(n, pixels=ramp(rows=256, columns=256)) for n in range(1, 6)]

    import_paths([save_all(slices, tmp_path)])

    assert [count for _, count in reads] == [READ_BYTES] * 5


def test_after_the_first_long_header_its_neighbors_are_read_at_once(
    tmp_path: Path, reads: list[tuple[str, int]]
) -> None:
    slices = [image(n, pixels=ramp(rows=256, columns=256)) for n in range(1, 6)]
    for data in slices:
        data.add_new(0x00091001, "OB", b"\0" * 60_000)

    import_paths([save_all(slices, tmp_path)])

    per_file: dict[str, list[int]] = {}
    for name, count in reads:
        per_file.setdefault(name, []).append(count)
    first, *others = per_file.values()
    assert len(first) > 1
    assert [len(counts) for counts in others] == [1] * 4
    assert max(sum(counts) for counts in others) < 100_000
