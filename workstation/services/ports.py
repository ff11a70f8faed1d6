"""The doors of the services: to the model worker, the stores and the printer.

Adapters live in their rooms; ``workstation.app`` wires them. Tests have fakes of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from numpy.typing import NDArray

from workstation.core.job import CancelToken
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
    ) -> tuple[Any, Any]:
        """Run one request of inference.tasks; return its result and voxels, if it makes any."""
        ...
