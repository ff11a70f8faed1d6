"""Plays the slices of one viewport: no slice is left out, and the speed that is reached is shown.

A slice is followed by the next one only after it was painted: on a slow machine the film gets
slower, and never hides anatomy. The counter of slices in the corner goes on as in scrolling.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget

from viewers.qt.palette import Palette
from viewers.qt.words import tr

CINE_FPS = 15.0
"""Pictures per second at first; a reader can follow anatomy at this speed."""

SPEEDS_FPS = (1.0, 2.0, 3.0, 5.0, 8.0, 10.0, 12.0, 15.0, 20.0, 25.0, 30.0, 40.0, 60.0)
"""Speeds that keys step through; above 60 a screen shows no more."""

MEASURED_S = 1.0
"""Time over which the speed that is reached is counted."""


@dataclass(frozen=True, slots=True)
class Reel:
    """What is played, asked of the viewport at each step.

    Attributes:
        place: gives (slice on show, number of slices); None where nothing is shown.
        may_show: tells whether a slice can be shown yet.
        go: shows a slice.
    """

    place: Callable[[], tuple[int, int] | None]
    may_show: Callable[[int], bool]
    go: Callable[[int], None]


class Cine(QObject):
    """The player of one viewport. UI thread."""

    def __init__(self, canvas: QWidget, reel: Reel, palette: Palette) -> None:
        """Make a player that stands still.

        Args:
            canvas: shows the slices; its paints are counted.
            reel: what is played.
            palette: the colors.
        """
        super().__init__(canvas)
        self._canvas, self._reel = canvas, reel
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)
        self._fps, self._own_fps, self._direction = CINE_FPS, CINE_FPS, 1
        self._is_bouncing = False
        self._is_painted = True
        self._painted_s: deque[float] = deque(maxlen=240)
        self.words = QLabel(canvas)
        self.words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setStyleSheet(
            f"color: {palette.text}; background: {palette.panel}; padding: 2px 6px;"
        )
        self.words.hide()
        canvas.installEventFilter(self)

    @property
    def is_running(self) -> bool:
        """Whether the slices play."""
        return self._timer.isActive()

    @property
    def fps(self) -> float:
        """The speed that is wanted, pictures per second."""
        return self._fps

    @property
    def is_bouncing(self) -> bool:
        """Whether it turns at the ends, and does not begin again at the first slice."""
        return self._is_bouncing

    @property
    def reached_fps(self) -> float:
        """Pictures painted per second, over the last second."""
        since = time.perf_counter() - MEASURED_S
        return sum(1 for at in self._painted_s if at >= since) / MEASURED_S

    def toggle(self) -> None:
        """Play, or stop."""
        if self.is_running:
            self.stop()
        elif self._reel.place() is not None:
            self._is_painted = True
            self._painted_s.clear()
            self._timer.start(round(1000 / self._fps))
            self._say()

    def stop(self) -> None:
        """Stand still."""
        self._timer.stop()
        self.words.hide()

    def set_fps(self, fps: float) -> None:
        """Set the speed, 1 to 60 pictures per second."""
        self._fps = self._own_fps = _limited(fps)
        if self.is_running:
            self._timer.setInterval(round(1000 / self._fps))
            self._say()

    def open_at(self, rate: float) -> None:
        """Take the speed of what is shown from now on, and stand still.

        Args:
            rate: pictures per second the headers ask for; 0 for the speed of the reader.
        """
        self.stop()
        self._fps = _limited(rate) if rate > 0 else self._own_fps

    def step_speed(self, steps: int) -> None:
        """Go some speeds up or down."""
        nearest = min(range(len(SPEEDS_FPS)), key=lambda n: abs(SPEEDS_FPS[n] - self._fps))
        self.set_fps(SPEEDS_FPS[min(max(nearest + steps, 0), len(SPEEDS_FPS) - 1)])

    def toggle_bounce(self) -> None:
        """Turn at the ends, or begin again at the first slice."""
        self._is_bouncing, self._direction = not self._is_bouncing, 1
        self._say()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count the paints of the canvas."""
        if event.type() == QEvent.Type.Paint and self.is_running and not self._is_painted:
            self._is_painted = True
            self._painted_s.append(time.perf_counter())
        return super().eventFilter(watched, event)

    def _on_tick(self) -> None:
        place = self._reel.place()
        if place is None:
            self.stop()
            return
        # What nobody can see needs no waiting: a hidden viewport is not painted.
        if not self._is_painted and self._canvas.isVisible():
            return
        following = self._following(*place)
        # A slice that is still loading is waited for, not skipped: skipping hides anatomy.
        if self._reel.may_show(following):
            self._is_painted = following == place[0]
            self._reel.go(following)
        self._say()

    def _following(self, index: int, count: int) -> int:
        if count < 2:
            return index
        if not self._is_bouncing:
            return (index + 1) % count
        if not 0 <= index + self._direction < count:
            self._direction = -self._direction
        return index + self._direction

    def _say(self) -> None:
        if not self.is_running:
            self.words.hide()
            return
        way = tr("to and fro") if self._is_bouncing else tr("around")
        text = tr("Cine {0} per second, {1} reached, {2}")
        wanted, reached = f"{self._fps:.0f}", f"{self.reached_fps:.0f}"
        self.words.setText(text.format(wanted, reached, way))
        self.words.adjustSize()
        if self.words.width() > self._canvas.width() / 2:
            self.words.setText(tr("{0}/s, {1} reached").format(wanted, reached))
            self.words.adjustSize()
        # Below the letter at the top edge; nothing covers the middle of the image.
        left = max((self._canvas.width() - self.words.width()) // 2, 0)
        self.words.move(left, 2 * self._canvas.fontMetrics().height())
        self.words.show()


def _limited(fps: float) -> float:
    return min(max(fps, SPEEDS_FPS[0]), SPEEDS_FPS[-1])
