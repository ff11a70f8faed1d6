"""What the window asks of the house about hanging protocols."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from viewers.state.hanging import SeriesTraits
from workstation.services.hanging_store import HangingStore, LoadedProtocols

if TYPE_CHECKING:  # it brings the DICOM toolkit
    from workstation.services.import_studies import ImportedStudy


@dataclass(frozen=True, slots=True)
class HangingDoors:
    """Hanging protocols of this machine.

    Attributes:
        loaded: what was read of them before the first study came in; UI thread, at once.
        traits: what rules can ask about each display set of a study and of priors listed beside
            it, in the order of the rail; UI thread, under a millisecond.
        store: reads and writes them; on a job lane.
    """

    loaded: Callable[[], LoadedProtocols]
    traits: Callable[[ImportedStudy, tuple[ImportedStudy, ...]], tuple[SeriesTraits, ...]]
    store: HangingStore
