"""From the hand to the painted frame in a real window, and who holds the UI thread meanwhile.

The window is the program's own, on a screen of Xvfb (the benchmark starts one where the machine has
none). Wheel and mouse events enter through Qt's window system interface, as those of the X server
do. A frame counts as painted when the turn of the event loop that painted it is over, so that the
copy to the screen is in the figure. The rows of the UI thread are the processor time of its turns;
the row's culprit is said on standard error.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.benchmarking import Measured, in_fresh_process, row

LATENCY_BUDGET_MS = 16.0
UI_BUDGET_MS = 8.0
"""Source: the issue of the reading room."""

SIDE = 2048
SLICES = 12
FRAMES = 120
REST_S = 0.3
SCREEN = "2700x2300x24"
SCREEN_TRIES = range(90, 130)


def run() -> Measured:
    """Return the rows."""
    if shutil.which("Xvfb") is None:
        raise RuntimeError("the latency is measured in a real window: install xvfb")
    from tests.support.large_series import write_ct

    with tempfile.TemporaryDirectory(prefix="prelim-bench-") as folder:
        large, usual = Path(folder) / "large", Path(folder) / "usual"
        write_ct(large, SLICES, size=SIDE)
        write_ct(usual, 120)
        server, display = _screen()
        try:
            on_screen = {"QT_QPA_PLATFORM": "xcb", "DISPLAY": display, "QT_SCALE_FACTOR": "1"}
            hand = in_fresh_process(__name__, "hand", str(large), **on_screen)
            desk = in_fresh_process(__name__, "desk", str(usual), **on_screen)
        finally:
            server.terminate()
            server.wait()
    rows = [
        row(f"latency.{name}_{SIDE}_p95", found["p95"], "ms", LATENCY_BUDGET_MS)
        for name, found in hand.items()
    ]
    rows += [
        row(f"latency.{name}_{SIDE}_median", found["median"], "ms") for name, found in hand.items()
    ]
    for name, found in desk.items():
        rows.append(row(f"latency.ui_thread_{name}_worst", found["worst"], "ms", UI_BUDGET_MS))
        if found["culprit"]:
            print(f"{name}: {found['worst']:.1f} ms in {found['culprit']}", file=sys.stderr)  # noqa: T201
    return {"rows": rows, "ratios": {}}


def _screen() -> tuple[subprocess.Popen[bytes], str]:
    """Start a screen of our own; return its process and its name."""
    for number in SCREEN_TRIES:
        if Path(f"/tmp/.X{number}-lock").exists():  # noqa: S108 where the X server keeps it
            continue
        server = subprocess.Popen(
            ["Xvfb", f":{number}", "-screen", "0", SCREEN, "-nolisten", "tcp"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(1.0)
        if server.poll() is None:
            return server, f":{number}"
    raise RuntimeError("no screen could be started")


def hand(folder: str) -> dict[str, dict[str, float]]:
    """Return the latency of wheel and window drags at SIDE x SIDE, milliseconds."""
    from tests.support.hand_acts import Hand  # brings Qt

    session = _session(Path(folder))
    session.window.fold_rail()
    session.window.fold_report()
    viewport = session.window.study_page.grid.active
    extra = session.window.size() - viewport.canvas.size()
    session.window.resize(extra.width() + SIDE, extra.height() + SIDE)
    session.rest(0.5)
    if min(viewport.canvas.width(), viewport.canvas.height()) < SIDE:
        raise RuntimeError("the viewport is smaller than it should be")
    viewport.go_to_first()
    session.rest(0.3)
    found = {
        "wheel": _latencies(session, Hand(session, SLICES).wheel),
        "window_drag": _latencies(session, Hand(session, SLICES).drag_right),
    }
    session.close()
    return {
        name: {"p95": statistics.quantiles(times, n=20)[-1], "median": statistics.median(times)}
        for name, times in found.items()
    }


def desk(folder: str) -> dict[str, dict[str, Any]]:
    """Return the longest turn of the UI thread in each kind of work, and who held it."""
    from tests.support.hand_acts import acts_of  # brings Qt
    from tests.support.ui_watch import UiWatch

    session, found = _session(Path(folder)), {}
    for act in acts_of(session):
        act.prepare()
        session.rest(REST_S)
        if not act.is_first:
            act.do()  # once unwatched: imports, caches, widgets that are made once
            session.rest(act.rest_s)
            act.undo()
            session.rest(REST_S)
        with UiWatch() as watch:
            act.do()
            session.rest(act.rest_s)
        worst = watch.worst()
        found[act.name] = {
            "worst": max(watch.turns_ms, default=0.0),
            "culprit": worst.culprit if worst else "",
            "is_steady": act.is_steady,
        }
        act.undo()
    session.close()
    return found


def _session(folder: Path) -> Any:  # noqa: ANN401 a WindowSession: its module brings Qt
    from tests.support.window_session import WindowSession

    session = WindowSession()
    session.rest(1.0)
    session.open(folder)
    session.until_loaded()
    session.rest(1.0)
    return session


def _latencies(session: Any, act: Callable[[int], None]) -> list[float]:  # noqa: ANN401
    _frame(session, act, 0)
    for n in range(1, 10):
        _frame(session, act, n)
    return [_frame(session, act, n) for n in range(10, 10 + FRAMES)]


def _frame(session: Any, act: Callable[[int], None], n: int) -> float:  # noqa: ANN401
    """Return the milliseconds from an event to the end of the turn that painted its frame."""
    begun = time.perf_counter()
    session.shown_after(lambda: act(n))
    # It returns in the turn after the painted one: the frame has gone to the screen.
    return (time.perf_counter() - begun) * 1e3
