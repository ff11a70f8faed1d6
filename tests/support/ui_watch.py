"""A watchdog over the UI thread: it times each turn of the event loop and names who held it.

A turn is what the UI thread does between two waits for events. Its length is the processor time of
that thread, so that a busy machine, where the thread waits for its turn, is not taken for a slow
program; time the thread spends blocked in a lock or in a file is not in it, and is given beside.
"""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from PySide6.QtCore import QAbstractEventDispatcher, QCoreApplication, QEvent, QObject

LIMIT_MS = 8.0
"""No work over so much on the UI thread. Source: the issue of the reading room."""

SAMPLE_S = 0.001
HOUSE = ("workstation", "viewers")
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class LongTurn:
    """A turn of the event loop that was over the limit.

    Attributes:
        cpu_ms: processor time of the UI thread.
        wall_ms: time until the thread waited for events again.
        culprit: the innermost line of the house that was seen most often, as "file:line function".
        path: the lines of the house from the outermost in, as seen when that line ran.
    """

    cpu_ms: float
    wall_ms: float
    culprit: str
    path: tuple[str, ...] = field(default=())


class _FirstEvent(QObject):
    """Tells of events; those of timers come after the loop said that it would wait."""

    def __init__(self, tell: Callable[[], None]) -> None:
        super().__init__()
        self._tell = tell

    def eventFilter(self, _watched: QObject, _event: QEvent) -> bool:  # noqa: N802 Qt's name
        self._tell()
        return False


class UiWatch:
    """Watches the UI thread of this process while it is entered. Made and entered on that thread.

    Args:
        limit_ms: turns that take longer are kept.

    Attributes:
        turns_ms: processor time of every turn.
        long_turns: those over the limit, in order.
    """

    def __init__(self, limit_ms: float = LIMIT_MS) -> None:
        self._limit_ms = limit_ms
        self.turns_ms: list[float] = []
        self.long_turns: list[LongTurn] = []
        self._thread_id = threading.get_ident()
        self._is_over = threading.Event()
        self._is_busy = False
        self._begun = (0.0, 0.0)
        self._seen: list[tuple[str, ...]] = []

    def __enter__(self) -> Self:
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is None:
            raise RuntimeError("the watchdog needs an event loop")
        self._dispatcher = dispatcher
        self._filter = _FirstEvent(self._begin)
        application = QCoreApplication.instance()
        if application is not None:
            application.installEventFilter(self._filter)
        dispatcher.awake.connect(self._begin)
        dispatcher.aboutToBlock.connect(self._end)
        self._sampler = threading.Thread(target=self._sample, daemon=True)
        self._sampler.start()
        self._begin()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()
        self._is_over.set()
        self._sampler.join()
        application = QCoreApplication.instance()
        if application is not None:
            application.removeEventFilter(self._filter)
        self._dispatcher.awake.disconnect(self._begin)
        self._dispatcher.aboutToBlock.disconnect(self._end)

    def worst(self) -> LongTurn | None:
        """Return the longest turn over the limit; None for none."""
        return max(self.long_turns, key=lambda turn: turn.cpu_ms, default=None)

    def _begin(self) -> None:
        if not self._is_busy:
            self._seen = []
            self._begun = (time.thread_time(), time.perf_counter())
            self._is_busy = True

    def _end(self) -> None:
        if not self._is_busy:
            return
        self._is_busy = False
        cpu_ms = (time.thread_time() - self._begun[0]) * 1e3
        wall_ms = (time.perf_counter() - self._begun[1]) * 1e3
        self.turns_ms.append(cpu_ms)
        if cpu_ms > self._limit_ms:
            path = _commonest(self._seen)
            culprit = path[-1] if path else "outside the house: Qt or the toolkit under it"
            self.long_turns.append(LongTurn(cpu_ms, wall_ms, culprit, path))

    def _sample(self) -> None:
        while not self._is_over.wait(SAMPLE_S):
            frame = sys._current_frames().get(self._thread_id) if self._is_busy else None
            if frame is not None and (path := _house_path(frame)):
                self._seen.append(path)


def _commonest(seen: list[tuple[str, ...]]) -> tuple[str, ...]:
    if not seen:
        return ()
    innermost, _ = Counter(path[-1] for path in seen).most_common(1)[0]
    return next(path for path in seen if path[-1] == innermost)


def _house_path(frame: FrameType) -> tuple[str, ...]:
    """Return the lines of the program on a stack, the outermost first."""
    found = []
    for one in traceback.extract_stack(frame):
        path = Path(one.filename)
        if path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in HOUSE:
            found.append(f"{path.relative_to(ROOT)}:{one.lineno} {one.name}")
    return tuple(found)
