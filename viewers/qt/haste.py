"""Whether the hand moves so fast that a large picture is painted with less care for a moment."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal

MOVING_S = 0.15
"""Changes that follow each other within so long are one movement: a wheel that is turned slice by
slice gives each picture its full quality."""

REST_MS = 50
"""A hand that has not moved for so long rests: the fine picture then is there within 100 ms."""


class Haste(QObject):
    """Follows the changes of one view. UI thread.

    Signals:
        rested: the hand rests after a movement.
    """

    rested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._last_s = -MOVING_S
        self._is_moving = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._settle)

    @property
    def is_moving(self) -> bool:
        """Whether the view changed just now, and not for the first time."""
        return self._is_moving

    def moved(self) -> None:
        """Take note that the view changed."""
        now_s = time.monotonic()
        self._is_moving = now_s - self._last_s < MOVING_S
        self._last_s = now_s
        if self._is_moving:
            self._rest.start()

    def _settle(self) -> None:
        self._is_moving = False
        self.rested.emit()
