"""Work off the UI thread of which only the latest result is wanted."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from PySide6.QtCore import QObject, Signal

from workstation.core.errors import CancelledError

Work = Callable[[Callable[[], bool]], object]
"""Takes a function that says whether the result is still wanted; may run for seconds."""


class Latest(QObject):
    """Runs one piece of work after the other in a thread; a new one calls the last one off.

    UI thread, but for the work itself.

    Signals:
        came: the result of the latest work.
    """

    came = Signal(object)
    _done = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._threads: ThreadPoolExecutor | None = None
        self._number = 0
        self._shown = 0
        self._done.connect(self._take)

    @property
    def is_busy(self) -> bool:
        """Whether a result is still to come."""
        return self._shown != self._number

    def ask(self, work: Work) -> None:
        """Do a piece of work; its result comes with :attr:`came` unless another is asked for."""
        self._number += 1
        if self._threads is None:
            self._threads = ThreadPoolExecutor(1, thread_name_prefix="latest")
        self._threads.submit(self._run, work, self._number)

    def close(self) -> None:
        """Call everything off."""
        self._number += 1
        self._shown = self._number
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None

    def _run(self, work: Work, number: int) -> None:
        if number != self._number:
            return
        # Called off, or the widget went away meanwhile.
        with suppress(CancelledError, RuntimeError):
            self._done.emit(number, work(lambda: number == self._number))

    def _take(self, number: int, result: object) -> None:
        if number == self._number:
            self._shown = number
            self.came.emit(result)
