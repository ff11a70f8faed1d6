"""The UI thread of the program's window under a hand: nothing holds it, and who does is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.benchmarking import in_fresh_process
from tests.support.large_series import write_ct

pytestmark = pytest.mark.window

STEADY_MS, SELDOM_MS = 60.0, 150.0
"""Far above what is promised (8 ms, measured by the benchmark): on a machine that does other work
too, processor time doubles. What reads a file or works on a whole volume is above."""

SLICES = 40


def test_no_act_of_the_hand_holds_the_window(tmp_path: Path) -> None:
    write_ct(tmp_path / "ct", SLICES)

    found = in_fresh_process(
        "tests.benchmarks.latency", "desk", str(tmp_path / "ct"), QT_QPA_PLATFORM="offscreen"
    )

    assert len(found) > 20
    assert sum(act["is_steady"] for act in found.values()) > 15
    slow = [
        f"{name}: {act['worst']:.0f} ms in {act['culprit']}"
        for name, act in found.items()
        if act["worst"] > (STEADY_MS if act["is_steady"] else SELDOM_MS)
    ]
    assert not slow, "\n".join(slow)
