"""A series that was opened: its voxels, which may be given up and read again, and how it looked."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from viewers.state.view_state import ViewState
from workstation.core.verdict import Doubt
from workstation.core.volume import Volume
from workstation.ui.series_browser.rail import RailItem

if TYPE_CHECKING:  # it brings the DICOM toolkit
    from workstation.services.open_series import OpenedSeries


@dataclass(slots=True, eq=False)
class LoadedSeries:
    """A display set that was opened, and which of its slices are in. Owned by the UI thread.

    Its voxels may have been given up for others while it was not on screen; they are read again
    when it is shown. ``opened`` and ``volume`` are there only while ``is_open``.

    Attributes:
        item: its place in the rail.
        flags: which slices are in, (k,).
        is_new: it has not been on screen yet.
        has_ended: no more slices will come: one that is not in could not be read.
        view: how it looked when it was last on screen; None before.
        job_id: of its loading.
    """

    item: RailItem
    flags: NDArray[np.bool_] = field(init=False)
    is_new: bool = True
    has_ended: bool = False
    view: ViewState | None = None
    job_id: int = 0
    _opened: OpenedSeries | None = None
    _given_up: Callable[[], OpenedSeries | None] = field(default=lambda: None)

    def __post_init__(self) -> None:
        self.flags = np.zeros(self.item.display_set.slice_count, dtype=bool)

    @property
    def is_open(self) -> bool:
        """Whether its voxels are in memory, or on their way."""
        return self._opened is not None

    @property
    def opened(self) -> OpenedSeries:
        """What loading gave.

        Raises:
            LookupError: its voxels were given up.
        """
        if self._opened is None:
            raise LookupError("the voxels of this series were given up")
        return self._opened

    @property
    def volume(self) -> Volume:
        """Its volume; it may still be filling. Raises as :attr:`opened` does."""
        return self.opened.volume

    @property
    def size_bytes(self) -> int:
        """What its voxels take."""
        return self.item.display_set.voxel_bytes

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """What its headers and its loading leave in doubt, each once."""
        found = (*self.item.verdict.warnings, *self.opened.doubts)
        return tuple({doubt.text: doubt for doubt in found}.values())

    def is_loaded(self, k: int) -> bool:
        """Whether slice k is in."""
        return bool(self.flags[k])

    def is_of(self, volume: Volume | None) -> bool:
        """Whether a volume is the one of this series."""
        return self._opened is not None and self._opened.volume is volume

    def take(self, opened: OpenedSeries) -> None:
        """Keep what loading gives."""
        self._opened = opened
        self.flags = opened.loaded.copy()
        self.has_ended = False

    def give_up(self) -> None:
        """Let the voxels go; a job that still reads them keeps them alive until it ends."""
        if self._opened is not None and self.has_ended:
            self._given_up = weakref.ref(self._opened)
        self._opened = None

    def revive(self) -> bool:
        """Take the voxels back if a job kept them alive; else they have to be read again."""
        alive = self._given_up()
        if alive is None:
            return False
        self.take(alive)
        self.has_ended = True
        return True
