"""What makes a machine slow is said with its figure, and only where it does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from workstation.services.machine_speed import (
    GIB,
    Speed,
    StartTimes,
    _slowest,
    measure_speed,
    slownesses,
)

FAST_START = StartTimes(0.1, 0.4, 0.02, 0.3, modules=600, fonts=200, heavy=())
SLOW_START = StartTimes(0.5, 2.0, 0.6, 1.0, modules=600, fonts=3000, heavy=())
FAST = Speed(500.0, 0.02, 1.0, FAST_START, FAST_START, (("PySide6", 90.0), ("numpy", 70.0)))


def codes_of(
    speed: Speed, *, processors: int = 8, memory: int = 16 * GIB, physical: int = 16 * GIB
) -> dict[str, str]:
    found = slownesses(speed, processors=processors, memory_bytes=memory, physical_bytes=physical)
    return {each.code: each.text for each in found}


def test_a_fast_machine_has_nothing_that_makes_it_slow() -> None:
    assert codes_of(FAST) == {}


def test_a_disk_whose_speed_is_not_known_is_not_blamed() -> None:
    assert codes_of(replace(FAST, disk_read_mb_s=None)) == {}


@pytest.mark.parametrize(
    ("speed", "code", "words"),
    [
        (replace(FAST, disk_read_mb_s=20.0), "slow_disk", ("20 MB", "8 s")),
        (replace(FAST, file_open_ms=5.0), "slow_file_opens", ("5.0 ms", "1.5 s", "virus scanner")),
        (replace(FAST, picture_ms=12.0), "slow_pictures", ("12.0 ms",)),
        (replace(FAST, first_start=SLOW_START), "cold_start", ("4.1 s", "0.8 s")),
        (
            replace(FAST, first_start=SLOW_START, next_start=SLOW_START),
            "slow_start",
            ("4.1 s", "PySide6 90 ms"),
        ),
        (replace(FAST, next_start=SLOW_START), "many_fonts", ("3000 fonts", "0.6 s")),
    ],
)
def test_each_cause_is_named_with_its_figure(
    speed: Speed, code: str, words: tuple[str, ...]
) -> None:
    text = codes_of(speed)[code]

    assert all(word in text for word in words), text


def test_few_processors_and_little_memory_are_named() -> None:
    found = codes_of(FAST, processors=2, memory=2 * GIB)

    assert "2 processor cores" in found["few_processors"]
    assert "2.0 GiB" in found["low_memory"]
    assert "16.0 GiB" in found["memory_limit"]


def test_the_slowest_packages_are_summed_from_what_python_writes() -> None:
    written = (
        "import time: self [us] | cumulative | imported package\n"
        "import time:      1000 |       1000 |   numpy.core\n"
        "import time:      2500 |       3500 | numpy\n"
        "import time:      1500 |       1500 | PySide6.QtCore\n"
    )

    assert _slowest(written) == (("numpy", 3.5), ("PySide6", 1.5))


def test_a_real_machine_is_measured_and_nothing_is_left_behind(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir()

    speed = measure_speed(folder)

    assert speed.file_open_ms > 0
    assert speed.picture_ms > 0
    assert speed.next_start is not None
    assert speed.next_start.modules > 100
    assert speed.next_start.total_s > 0
    assert speed.next_start.heavy == (), "what takes long to import waits until it is needed"
    assert {name for name, _ in speed.slowest_imports} & {"workstation", "PySide6", "numpy"}
    assert list(folder.iterdir()) == []
