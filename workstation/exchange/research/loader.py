"""Fill the array of a research volume from the reading process, slice after slice."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.core.errors import CancelledError, InputRefusedError
from workstation.core.job import CancelToken
from workstation.core.verdict import SetAside
from workstation.exchange.research.findings import doubts_of, label_windows
from workstation.exchange.research.header import VolumeRefusedError
from workstation.exchange.research.reader import Answer, VolumeReader
from workstation.exchange.research.volume import ResearchVolume
from workstation.exchange.research.voxels import nearest_first

logger = logging.getLogger(__name__)


class ResearchLoader:
    """Reads one research volume in a process of its own.

    Made on any thread but that of the window: it returns when the process has read the file and
    says what is in it. :meth:`start` takes the slices; ``on_slice`` is called on its thread.

    Attributes:
        voxels: the array being filled; hand out only a read-only view of it.
        doubts: what the voxels themselves show.
        windows: a window for the labels of a segmentation; empty for an image.
    """

    def __init__(
        self,
        volume: ResearchVolume,
        *,
        first_index: int,
        on_slice: Callable[[int], None] | None,
        cancel: CancelToken,
        reader: VolumeReader | None = None,
    ) -> None:
        """Read the file.

        Raises:
            InputRefusedError: the file cannot be read.
            CancelledError: it was cancelled.
        """
        self._volume = volume
        self._order = nearest_first(volume.slice_count, first_index)
        self._on_slice = on_slice
        self._cancel = cancel
        self._lock = threading.Lock()
        self._loaded = np.zeros(volume.slice_count, dtype=bool)
        self._failed: list[SetAside] = []
        self._thread: threading.Thread | None = None
        self._open = ExitStack()
        try:
            self._answer = self._ask(reader or VolumeReader(), cancel)
        except BaseException:
            self._open.close()
            raise
        self.voxels: NDArray[Any] = np.zeros(volume.shape, dtype=self._answer.voxel_type)
        self.doubts = doubts_of(self._answer)
        self.windows = label_windows(self._answer)

    def start(self) -> None:
        """Begin to take slices in the background."""
        self._thread = threading.Thread(target=self.run, name="load-research", daemon=True)
        self._thread.start()

    def run(self) -> None:
        """Take slices until all are in or the work is cancelled; on the calling thread."""
        for place, k in enumerate(self._order):
            try:
                self._answer.fill(self.voxels[k])
            except CancelledError:
                break
            except VolumeRefusedError as error:
                self._fail(self._order[place:], str(error))
                break
            with self._lock:
                self._loaded[k] = True
            self._tell(k)
        self._close()

    def look_at(self, index: int) -> None:
        """Do nothing: all slices come at once."""

    def wait(self, timeout_s: float | None = None) -> None:
        """Return when the slices have been taken."""
        if self._thread is not None:
            self._thread.join(timeout_s)

    @property
    def loaded(self) -> NDArray[np.bool_]:
        """A copy of which slices are in; failed ones count as not loaded."""
        with self._lock:
            return self._loaded.copy()

    @property
    def failed(self) -> tuple[SetAside, ...]:
        """The slices that did not come, and why."""
        with self._lock:
            return tuple(self._failed)

    @property
    def limited_count(self) -> int:
        """No number is ever limited: what int16 does not hold is kept as float32."""
        return 0

    @property
    def is_running(self) -> bool:
        """Whether slices are still being taken."""
        return self._thread is not None and self._thread.is_alive()

    def _ask(self, reader: VolumeReader, cancel: CancelToken) -> Answer:
        process = self._open.enter_context(reader)
        request = self._volume.request(first_index=self._order[0])
        try:
            answer = self._open.enter_context(process.ask(request, cancel))
        except VolumeRefusedError as error:
            raise _refused(str(error)) from error
        if answer.shape != self._volume.shape:
            raise _refused("its header is read in two ways")
        return answer

    def _fail(self, indices: Sequence[int], reason: str) -> None:
        name = self._volume.sources[0].name
        with self._lock:
            self._failed += [SetAside(name, reason)] * len(indices)
        logger.info("%d slices of a research volume did not come: %s", len(indices), reason)
        for k in indices:
            self._tell(k)

    def _tell(self, k: int) -> None:
        """Tell the listener; its faults must not leave slices unread."""
        if self._on_slice is None:
            return
        try:
            self._on_slice(k)
        except Exception as error:  # noqa: BLE001 the listener is not ours to trust
            logger.error("a listener to loaded slices failed: %s", type(error).__name__)  # noqa: TRY400

    def _close(self) -> None:
        try:
            self._open.close()
        except (VolumeRefusedError, CancelledError):
            logger.info("the reading process ended before its answer")


def _refused(reason: str) -> InputRefusedError:
    return InputRefusedError(
        "The file cannot be opened", why=reason, todo="copy it again from its source"
    )
