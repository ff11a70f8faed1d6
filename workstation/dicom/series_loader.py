"""Fill a volume in background threads, the slices nearest to the eye first.

Compressed slices are decoded in processes (:mod:`workstation.dicom.decode_pool`); one thread feeds
each of these and waits for it without holding the interpreter.
"""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.core.job import CancelToken
from workstation.core.verdict import SetAside
from workstation.dicom.codecs import DecodeError
from workstation.dicom.decode_pool import DecodePool
from workstation.dicom.decoding import Scratch, decode_slices, is_any_compressed
from workstation.dicom.display_sets import DisplaySet
from workstation.dicom.frames import Frame
from workstation.dicom.pixel_bytes import PixelBytes
from workstation.dicom.sources import SourceFile

logger = logging.getLogger(__name__)

MAX_THREADS = 2
"""Reading and rescaling release the interpreter; a third thread gained nothing on 2 cores."""


class SlicePlan:
    """Which slice comes next: always the nearest to where the reader looks. Any thread.

    Args:
        siblings: for each slice all that are decoded with it (the tiles of its mosaic).
        first_index: where the reader looks first.
    """

    def __init__(self, siblings: Sequence[tuple[int, ...]], first_index: int) -> None:
        self._lock = threading.Lock()
        self._siblings = siblings
        self._waiting = np.ones(len(siblings), dtype=bool)
        self._center = first_index

    def next_index(self) -> int | None:
        """Return a slice nobody has taken, and take it with its siblings; None when all are."""
        with self._lock:
            left = np.flatnonzero(self._waiting)
            if left.size == 0:
                return None
            index = int(left[np.abs(left - self._center).argmin()])
            self._waiting[list(self._siblings[index])] = False
            return index

    def look_at(self, index: int) -> None:
        """Continue around another slice."""
        with self._lock:
            self._center = index


class SeriesLoader:
    """Decodes every slice of a display set into one array.

    Made on any thread; :meth:`start` begins; ``on_slice`` is called on the loader's threads.

    Args:
        display_set: what to load.
        first_index: slice to load first, the nearest follow.
        on_slice: called with k after each slice, also a failed one.
        cancel: stops the loading; a slice being decoded is given up, too.
        pool: decoder processes for compressed slices; None: some of its own, for this load.

    Attributes:
        voxels: the array being filled; hand out only a read-only view of it.
    """

    def __init__(
        self,
        display_set: DisplaySet,
        *,
        first_index: int,
        on_slice: Callable[[int], None] | None,
        cancel: CancelToken,
        pool: DecodePool | None = None,
    ) -> None:
        self.voxels: NDArray[Any] = np.zeros(display_set.shape, dtype=display_set.voxel_type)
        self._set = display_set
        self._siblings = siblings(display_set.frames)
        self._plan = SlicePlan(self._siblings, first_index)
        self._on_slice = on_slice
        self._cancel = cancel
        self._lock = threading.Lock()
        self._loaded = np.zeros(display_set.slice_count, dtype=bool)
        self._failed: list[SetAside] = []
        self._limited = 0
        self._threads: list[threading.Thread] = []
        self._source = PixelBytes()
        self._pool = pool
        self._own_pool: DecodePool | None = None
        self._working = 0

    def start(self) -> None:
        """Begin to load in the background."""
        count = min(self._thread_count(), self._set.slice_count)
        self._working = count
        self._threads = [
            threading.Thread(target=self._run, name=f"load-{number}", daemon=True)
            for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def _thread_count(self) -> int:
        """Return how many threads to load with; starts decoders where the slices need them."""
        if not is_any_compressed(self._set.frames):
            return MAX_THREADS
        if self._pool is None:
            self._pool = self._own_pool = DecodePool()
        self._pool.warm(self._set.slice_count)
        return self._pool.size

    def _run(self) -> None:
        """Decode slices until none is left or the work is cancelled."""
        scratch = Scratch(self._pool, self._source, self._cancel)
        try:
            while not self._cancel.is_cancelled and (index := self._plan.next_index()) is not None:
                self._load(index, scratch)
                self._tell(self._siblings[index])
        finally:
            self._end()

    def _end(self) -> None:
        """Give up what only loading needs, when its last thread ends."""
        with self._lock:
            self._working -= 1
            if self._working:
                return
        self._source = PixelBytes()  # the old one may hold an unpacked file
        if self._own_pool is not None:
            self._own_pool.close()

    def look_at(self, index: int) -> None:
        """Load the slices around this one next."""
        self._plan.look_at(index)

    def wait(self, timeout_s: float | None = None) -> None:
        """Return when all threads have ended."""
        for thread in self._threads:
            thread.join(timeout_s)

    @property
    def loaded(self) -> NDArray[np.bool_]:
        """A copy of which slices are in; failed ones count as not loaded."""
        with self._lock:
            return self._loaded.copy()

    @property
    def failed(self) -> tuple[SetAside, ...]:
        """The slices that could not be decoded so far, and why."""
        with self._lock:
            return tuple(self._failed)

    @property
    def limited_count(self) -> int:
        """How many voxels were beyond the range of the array and set to its end."""
        with self._lock:
            return self._limited

    @property
    def is_running(self) -> bool:
        """Whether slices are still being loaded."""
        return any(thread.is_alive() for thread in self._threads)

    def _load(self, index: int, scratch: Scratch) -> None:
        members = self._siblings[index]
        frames = [self._set.frames[member] for member in members]
        try:
            limited = decode_slices(frames, [self.voxels[member] for member in members], scratch)
        except DecodeError as error:
            if not self._cancel.is_cancelled:
                self._fail(members, str(error))
        except Exception as error:  # noqa: BLE001 a fault in one slice stops nothing else
            _log_fault("decoding a slice failed by a fault of ours", error)
            self._fail(members, "it could not be decoded because of a fault in this program")
        else:
            with self._lock:
                self._loaded[list(members)] = True
                self._limited += limited

    def _tell(self, indices: Sequence[int]) -> None:
        """Tell the listener; its faults must not leave slices unread."""
        if self._on_slice is None:
            return
        try:
            for index in indices:
                self._on_slice(index)
        except Exception as error:  # noqa: BLE001 the listener is not ours to trust
            _log_fault("a listener to loaded slices failed", error)

    def _fail(self, members: tuple[int, ...], reason: str) -> None:
        for member in members:
            self.voxels[member] = _blank(self._set)
        names = [self._set.frames[member].file.name for member in members]
        with self._lock:
            self._failed += [SetAside(name, reason) for name in names]
        logger.info("%d slices could not be decoded: %s", len(members), reason)


def _log_fault(what: str, error: Exception) -> None:
    """Log where a fault was, not its text: that may quote a path or a header (rule 27)."""
    lines = "".join(traceback.format_tb(error.__traceback__))
    logger.error("%s: %s\n%s", what, type(error).__name__, lines)


def siblings(frames: Sequence[Frame]) -> tuple[tuple[int, ...], ...]:
    """Return for each slice all slices that are cut out of the same stored frame, itself too."""
    members: dict[tuple[SourceFile, int], list[int]] = {}
    for number, frame in enumerate(frames):
        members.setdefault((frame.file, frame.index), []).append(number)
    groups = {key: tuple(numbers) for key, numbers in members.items()}
    return tuple(groups[frame.file, frame.index] for frame in frames)


def _blank(display_set: DisplaySet) -> float:
    """Return the value of a slice that could not be decoded: padding, air, or black."""
    if display_set.intensity.padding is not None:
        return display_set.intensity.padding
    return _AIR_HU if display_set.series.modality == "CT" and not display_set.is_color else 0


_AIR_HU = -1024
"""What scanners write outside the scanned field."""
