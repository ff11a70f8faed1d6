"""Make the files of a drafted report: draft.json, its text, and an unverified preliminary SR."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from inference.tasks.draft_findings import DraftResult
from workstation.core.clock import Clock
from workstation.core.errors import InputRefusedError
from workstation.core.volume import Volume
from workstation.report.document import Section
from workstation.report.events import DraftProposed, Event, StatementAdded
from workstation.services.compare_prior import Comparison, compare_prior
from workstation.services.export_report import ExportKind, export
from workstation.services.ports import ReportPrinter
from workstation.services.report_files import report_json, save_report, start_report
from workstation.services.sign_report import JSON_NAME

DRAFT_NAME = "draft.json"


@dataclass(frozen=True, slots=True)
class DraftFiles:
    """A drafted report on disk.

    Attributes:
        events: the report's first events.
        json: what draft.json holds.
        files: draft.json, text and SR.
    """

    events: tuple[Event, ...]
    json: dict[str, Any]
    files: tuple[Path, ...]


def draft_files(  # noqa: PLR0913 what is known when a draft is written
    result: DraftResult,
    volume: Volume,
    *,
    sop_class_uid: str = "",
    out: Path,
    indication: str = "",
    prior: Path | None = None,
    clock: Clock,
    printer: ReportPrinter,
) -> DraftFiles:
    """Start a report with a draft and write its files.

    Args:
        result: of the drafting.
        volume: what was drafted from.
        sop_class_uid: of its instances, where known.
        out: folder for the files; made where absent.
        indication: clinical question as the person typed it; may be empty.
        prior: an earlier report; its measurements are set beside those of the draft.
        clock: says when.
        printer: for copies that need pages.

    Raises:
        InputRefusedError: the prior report cannot be used, or the folder cannot be written.
    """
    _require_no_reviewed(out)
    study = volume.series.study
    compared = Comparison((), ())
    if prior is not None:
        patient_id = study.patient.patient_id.reveal()
        compared = compare_prior(result.facts, prior, patient_id=patient_id)
    events = start_report(result, volume, study, clock)
    events = _with_comparison(events, compared)
    events = _with_indication(events, indication)
    copies = export(events, (ExportKind.SR, ExportKind.TEXT), out=out, clock=clock, printer=printer)
    save_report(out / DRAFT_NAME, events)  # last: where no SR can be made there is no draft either
    files = (out / DRAFT_NAME, *(path for _, path in copies.files))
    return DraftFiles(events, report_json(events), files)


def _require_no_reviewed(out: Path) -> None:
    """Refuse to draft over a report that somebody reviewed or signed."""
    if (out / JSON_NAME).exists():
        raise InputRefusedError(
            "The draft cannot be written to this folder",
            why=f"it holds a report that was reviewed or signed ({JSON_NAME})",
            todo="Choose another folder",
        )


def _with_comparison(events: tuple[Event, ...], compared: Comparison) -> tuple[Event, ...]:
    started, proposed = events
    act = proposed.act
    if not isinstance(act, DraftProposed):
        raise TypeError("a report starts with its draft")
    more = replace(
        act,
        facts=(*act.facts, *compared.facts),
        statements=(*act.statements, *compared.statements),
    )
    return started, replace(proposed, act=more)


def _with_indication(events: tuple[Event, ...], indication: str) -> tuple[Event, ...]:
    if not indication.strip():
        return events
    words = StatementAdded("indication", Section.INDICATION, indication.strip())
    return *events, Event(words, events[0].by, events[0].at)
