"""The doors of the services: to the model worker, the stores and the printer.

Adapters live in their rooms; ``workstation.app`` wires them. Tests have fakes of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from workstation.core.job import CancelToken, Focus
from workstation.core.volume import Volume
from workstation.report.document import ReportDocument
from workstation.report.events import Event
from workstation.report.page import PrintedReport

OnProgress = Callable[[float], None]
OnSlice = Callable[[int, NDArray[Any]], None]


class ReportStore(Protocol):
    """Keeps the events of reports; append-only. Any thread."""

    def append(self, report_id: str, study_uid: str, events: tuple[Event, ...]) -> None:
        """Store further events durably; returns when they are on disk."""
        ...

    def load(self, report_id: str) -> tuple[Event, ...]:
        """Return all events of a report, oldest first; empty if there is none."""
        ...

    def reports_of_study(self, study_uid: str) -> tuple[str, ...]:
        """Return the report ids of a study, newest first."""
        ...


class ReportPrinter(Protocol):
    """Makes the PDF of a report."""

    def print_pdf(self, document: ReportDocument, path: Path) -> PrintedReport:
        """Write the report as a PDF; marked PRELIMINARY - NOT SIGNED unless signed."""
        ...


class ModelWorkerPort(Protocol):
    """Runs model tasks in another process. Any thread; one run at a time."""

    def run(
        self,
        request: Any,  # noqa: ANN401 one of inference.tasks
        voxels: NDArray[Any] | None,
        *,
        on_progress: OnProgress | None = None,
        on_slice: OnSlice | None = None,
        cancel: CancelToken | None = None,
        focus: Focus | None = None,
    ) -> tuple[Any, Any]:
        """Run one request of inference.tasks; return its result and voxels, if it makes any.

        A denoising goes on with the slices nearest to the focus.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class RigidFit:
    """What a rigid search found. Mutual information is in nats.

    Attributes:
        moving_to_fixed: (4, 4) float64, points in mm, LPS.
        similarity_before: mutual information where the headers put the two volumes.
        similarity_after: mutual information after the fit.
        overlap: share of the smaller scanned box inside the other, 0..1.
        spread_mm: how far the fit ends from itself after it was pushed away, the largest distance.
    """

    moving_to_fixed: NDArray[np.float64]
    similarity_before: float
    similarity_after: float
    overlap: float
    spread_mm: float


class Registrar(Protocol):
    """Fits one volume rigidly to another. A job lane calls it."""

    def __call__(
        self, fixed: Volume, moving: Volume, *, on_progress: OnProgress, cancel: CancelToken
    ) -> RigidFit:
        """Return the fit; raises RegistrationError or CancelledError."""
        ...
