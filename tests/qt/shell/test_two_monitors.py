"""A second monitor on a real X server: its window opens there, goes with it, and comes back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.data import REPOSITORY
from tests.support.series import tiny_series
from tests.support.tools import PACKAGES, tool
from tests.support.two_monitors import HEIGHT, WIDTH

pytestmark = pytest.mark.window


@pytest.fixture
def display() -> Iterator[str]:
    """An X server with one screen that is as wide as two monitors."""
    for name in ("Xvfb", "xrandr"):
        tool(name)
    taking, giving = os.pipe()
    # Without -noreset the server forgets its monitors as soon as nobody is connected.
    size = f"{2 * WIDTH}x{HEIGHT}x24"
    words = ["Xvfb", "-displayfd", str(giving), "-screen", "0", size, "-noreset"]
    with subprocess.Popen([*words, "-nolisten", "tcp"], pass_fds=[giving]) as server:
        os.close(giving)
        try:
            with os.fdopen(taking) as numbers:
                yield f":{numbers.readline().strip()}"
        finally:
            server.terminate()


@pytest.fixture
def seen(display: str, tmp_path: Path) -> dict[str, Any]:
    """What the program saw while a monitor came and went."""
    tiny_series(tmp_path / "study")
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.two_monitors", tmp_path / "study", tmp_path / "own"],
        cwd=REPOSITORY,
        env=os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_window_of_a_second_monitor_opens_goes_and_comes_back_with_it(
    seen: dict[str, Any],
) -> None:
    assert seen["begun"]["screens"] == ["LEFT", "RIGHT"]
    assert seen["begun"]["windows"] == []

    for moment in ("opened", "back", "started again"):
        (window,) = seen[moment]["windows"]
        assert window["screen"] == "RIGHT", moment
        assert WIDTH <= window["left"] < window["right"] <= 2 * WIDTH, moment
        assert window["viewports"] == 2, moment
        assert not window["is_active"], moment
        assert seen[moment]["grids"] == 2, moment

    gone = seen["unplugged"]
    assert gone["screens"] == ["LEFT"]
    assert gone["windows"] == []
    assert gone["grids"] == 1
    assert gone["main"] == "LEFT"
    assert gone["page"] == "StudyPage"
    assert gone["said"] == seen["opened"]["said"]


def test_the_tools_of_this_test_are_installed_for_developers() -> None:
    setup = (REPOSITORY / "installers" / "linux" / "setup.sh").read_text("utf-8")

    assert all(PACKAGES[name] in setup for name in ("Xvfb", "xrandr"))
