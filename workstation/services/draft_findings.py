"""Draft the findings of one volume: hand its original voxels to the worker, get sentences back."""

from __future__ import annotations

from inference.tasks.draft_findings import DraftRequest, DraftResult, DraftStatement
from workstation.core.errors import InputRefusedError
from workstation.core.job import CancelToken
from workstation.core.provenance import PixelKind
from workstation.core.volume import Volume
from workstation.services.measure_study import measure_request
from workstation.services.ports import ModelWorkerPort, OnProgress
from workstation.services.require_study import require_study

_HEADINGS = (("technique", "Technique"), ("findings", "Findings"), ("impression", "Impression"))


def draft(
    volume: Volume,
    *,
    worker: ModelWorkerPort,
    pack_id: str = "",
    indication: str = "",
    on_progress: OnProgress | None = None,
    cancel: CancelToken | None = None,
) -> DraftResult:
    """Return facts, statements and questions about a volume. Any thread; blocks for seconds.

    Args:
        volume: of original pixels.
        worker: runs the drafting.
        pack_id: drafting pack; empty for the default of the modality.
        indication: clinical question; goes to the worker of this machine and nowhere else.
        on_progress: called with the done part, 0..1.
        cancel: stops the run.

    Raises:
        InputRefusedError: the voxels are not original ones, or the pack is refused.
        WorkerError: the worker failed; nothing else did.
        CancelledError: the token was set.
    """
    require_study(volume.series.study, "No report can be drafted from this file")
    if volume.provenance.kind is not PixelKind.ORIGINAL:
        raise InputRefusedError(
            "This series is not drafted",
            why="a model or a resampling made its pixels",
            todo="draft from the original series it was made from",
        )
    request = DraftRequest(pack_id, measure_request(volume), indication)
    result, _ = worker.run(request, volume.voxels, on_progress=on_progress, cancel=cancel)
    if not isinstance(result, DraftResult):
        raise TypeError("the worker answered a draft with something else")
    return result


def draft_words(result: DraftResult) -> str:
    """Return a draft as text for people: sections, then the questions apart."""
    lines: list[str] = []
    for section, heading in _HEADINGS:
        texts = [s.text for s in result.statements if s.section == section]
        if texts:
            lines += [heading, *(f"  {text}" for text in texts), ""]
    if result.questions:
        lines += ["Questions (no part of the report)"]
        lines += [f"  {question.text} {_place(question)}".rstrip() for question in result.questions]
        lines.append("")
    made_by = f"Drafted with {result.pack}" if result.pack else "No drafting pack was used"
    lines.append(f"{made_by}; every sentence is unreviewed.")
    return "\n".join(lines)


def _place(question: DraftStatement) -> str:
    """Return where to look: number of slices and the middle of the region in millimeters."""
    if not question.evidence:
        return ""
    evidence = question.evidence[0]
    x, y, z = evidence.region.center_mm
    return f"[{len(evidence.instance_uids)} slices around x {x:.0f}, y {y:.0f}, z {z:.0f} mm]"
