"""Makes the full picture of a turned slab beside the hand, and is called off when it moves on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from PySide6.QtCore import QObject, Signal

from viewers.render.turned_slabs import STEPS, SlabPixels, SlabRequest, slab_pixels
from workstation.core.errors import CancelledError


class Refiner(QObject):
    """Runs one request at a time in a thread of its own. UI thread, but for :meth:`_run`.

    Signals:
        made: SlabPixels, finer ones after coarser ones.
    """

    made = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._threads: ThreadPoolExecutor | None = None
        self._request: SlabRequest | None = None
        self._number = 0
        self._came.connect(self._take)

    _came = Signal(int, object)

    def want(
        self, request: SlabRequest | None, prepare: Callable[[int], None] | None = None
    ) -> None:
        """Make the pixels of a request, of none other; None calls everything off.

        Args:
            request: what is lacking on screen.
            prepare: called in the thread before pixels are handed over, with their coarseness: for
                what is laid over them.
        """
        if request is None and self._request is None:
            return
        if request is not None and self._request is not None and request.is_same(self._request):
            return
        self._number += 1
        self._request = request
        if request is None:
            return
        if self._threads is None:
            self._threads = ThreadPoolExecutor(1, thread_name_prefix="refine")
        self._threads.submit(self._run, request, self._number, prepare)

    @property
    def is_busy(self) -> bool:
        """Whether a picture is being made."""
        return self._request is not None

    def close(self) -> None:
        """Call everything off; nothing is told any more."""
        self.want(None)
        self._number += 1
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None

    def _run(
        self, request: SlabRequest, number: int, prepare: Callable[[int], None] | None
    ) -> None:
        def is_wanted() -> bool:
            return number == self._number

        # Called off, or the viewport went away while the last line was drawn.
        with suppress(CancelledError, RuntimeError):
            for coarse in STEPS:
                pixels = slab_pixels(request, coarse, is_wanted)
                if prepare is not None and is_wanted():
                    prepare(coarse)
                if is_wanted():
                    self._came.emit(number, pixels)

    def _take(self, number: int, pixels: SlabPixels) -> None:
        if number != self._number:
            return
        if pixels.coarse == 1:
            self._request = None
        self.made.emit(pixels)
