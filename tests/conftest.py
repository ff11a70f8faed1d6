"""What every test gets: a screen that is none, a home of its own, and the hunt for leaks.

Each synthetic patient carries the canary name (tests.support.canary). It must never be seen in a
log record, in the text of an error of ours, in the name of a temporary file, or in a file left in
the system's temporary folder. A log record at WARNING fails a test that did not expect it.
"""

from __future__ import annotations

import logging
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.support.canary import CANARY_ID, FAMILY
from workstation.core.errors import WorkstationError

if "PRELIM_REAL_WINDOW" not in os.environ:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

# CI tries the same examples each time, so that a red run is the change's; people get new ones.
settings.register_profile("ci", derandomize=True)
if "CI" in os.environ:
    settings.load_profile("ci")

CANARIES = re.compile(f"{FAMILY}|{CANARY_ID}", re.IGNORECASE)


class _Listener(logging.Handler):
    """Keeps each record as the text a log file would hold."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[tuple[int, str]] = []
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append((record.levelno, self.format(record)))


@pytest.fixture
def expect_log() -> Callable[[str], None]:
    """Let a test say which warnings it expects: ``expect_log("worker ended")``."""
    return _EXPECTED.append


_EXPECTED: list[str] = []


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    temporary = tmp_path / "system-temporary"
    temporary.mkdir()
    monkeypatch.setenv("PRELIM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    yield
    names = [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")]
    leaked = [name for name in names if CANARIES.search(name)]
    assert not leaked, f"a patient's name became a file name: {leaked}"
    kept = [path for path in temporary.rglob("*") if path.is_file() and _holds_canary(path)]
    assert not kept, f"a file with a patient's name was left behind: {kept}"


@pytest.fixture(autouse=True)
def _no_leak(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    listener = _Listener()
    root = logging.getLogger()
    level = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    errors = _errors_of_ours(monkeypatch)
    _EXPECTED.clear()
    yield
    root.removeHandler(listener)
    root.setLevel(level)
    leaked = [line for _, line in listener.lines if CANARIES.search(line)]
    leaked += [text for text in errors if CANARIES.search(text)]
    assert not leaked, f"a patient's name leaked: {leaked}"
    loud = [line for severity, line in listener.lines if severity >= logging.WARNING]
    unexpected = [line for line in loud if not any(re.search(p, line) for p in _EXPECTED)]
    assert not unexpected, f"warnings were logged: {unexpected}"


def _errors_of_ours(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    texts: list[str] = []
    original = WorkstationError.__init__

    def recording(self: WorkstationError, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        original(self, *args, **kwargs)
        texts.append(str(self))

    monkeypatch.setattr(WorkstationError, "__init__", recording)
    return texts


def _holds_canary(path: Path) -> bool:
    return FAMILY.encode() in path.read_bytes()
