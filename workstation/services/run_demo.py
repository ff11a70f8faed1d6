"""The main job without a screen: load, enhance, measure, draft, preliminary export."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference.packs.store import PackStore
from workstation.core.clock import Clock
from workstation.core.errors import InputRefusedError
from workstation.services.choose_series import choose_series
from workstation.services.draft_findings import draft
from workstation.services.draft_study import draft_files
from workstation.services.enhance_series import enhance, write_derived
from workstation.services.export_report import ExportKind, export
from workstation.services.import_studies import import_paths
from workstation.services.inspect_series import verdict_json
from workstation.services.measure_study import result_json
from workstation.services.open_series import ReadableSeries, load_readable
from workstation.services.ports import ModelWorkerPort, ReportPrinter
from workstation.services.report_files import write_atomically
from workstation.services.sign_report import program_version


@dataclass(frozen=True, slots=True)
class DemoParts:
    """What a demo run needs from outside."""

    worker: ModelWorkerPort
    packs: PackStore
    clock: Clock
    printer: ReportPrinter
    note: Callable[[str], None]


def run_demo(study: Path, out: Path, parts: DemoParts) -> dict[str, Any]:
    """Run the main job on a study and return what was done, JSON-ready.

    A series that no pack may enhance is not enhanced, and the answer says why; the rest goes on.

    Args:
        study: files of the study.
        out: folder for all results; made where absent.
        parts: worker, packs, clock, printer, and where to say what goes on.

    Raises:
        InputRefusedError: nothing in the study can be read, or ``out`` cannot be written.
    """
    times = _Times(parts.note)
    chosen = choose_series(import_paths([study]))
    loaded = load_readable(chosen.display_set)
    times.lap("load")
    enhanced = _enhanced(loaded, out / "enhanced", parts)
    times.lap("enhance")
    result = draft(loaded.volume, worker=parts.worker)
    times.lap("measure and draft")
    sop_class = loaded.display_set.sop_class_uid
    drafted = draft_files(
        result,
        loaded.volume,
        sop_class_uid=sop_class,
        out=out,
        clock=parts.clock,
        printer=parts.printer,
    )
    pages = (ExportKind.PDF,)
    export(drafted.events, pages, out=out, clock=parts.clock, printer=parts.printer)
    verdict = verdict_json(chosen.series.verdict)
    _write_json(out / "facts.json", result_json(result.measured))
    _write_json(out / "verdict.json", verdict)
    times.lap("preliminary export")
    return {
        "series": verdict,
        "enhanced": enhanced,
        "region": result.measured.region,
        "facts": len(result.facts),
        "statements": len(result.statements),
        "questions": len(result.questions),
        "seconds": times.seconds,
        "total_seconds": round(sum(times.seconds.values()), 2),
        "files": sorted(path.name for path in out.iterdir()),
    }


def _enhanced(loaded: ReadableSeries, folder: Path, parts: DemoParts) -> dict[str, Any]:
    try:
        enhanced = enhance(
            loaded.volume,
            task="denoise",
            worker=parts.worker,
            packs=parts.packs,
            image_type=loaded.display_set.image_type,
        )
    except InputRefusedError as error:
        parts.note(f"Not enhanced: {error}")
        return {"done": False, "why": str(error)}
    program = f"Prelim {program_version()}"
    files = write_derived(
        enhanced,
        files=loaded.display_set.files,
        folder=folder,
        program=program,
        now=parts.clock.now(),
    )
    return {"done": True, "pack": str(enhanced.result.pack), "slices": len(files)}


def _write_json(path: Path, value: dict[str, Any]) -> None:
    write_atomically(path, json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8"))


class _Times:
    """Seconds of each step, in order, said as they pass."""

    def __init__(self, note: Callable[[str], None]) -> None:
        self.seconds: dict[str, float] = {}
        self._note = note
        self._last = time.perf_counter()

    def lap(self, step: str) -> None:
        """End a step."""
        now = time.perf_counter()
        self.seconds[step] = round(now - self._last, 2)
        self._note(f"{step}: {self.seconds[step]:.1f} s")
        self._last = now
