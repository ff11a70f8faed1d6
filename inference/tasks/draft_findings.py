"""Request and result of drafting findings from a volume and its facts."""

from __future__ import annotations

from dataclasses import dataclass

from inference.tasks.measure import MeasureRequest, MeasureResult
from workstation.core.finding import Evidence, Fact
from workstation.core.provenance import Origin, PackRef


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """Draft the findings of one series; voxels travel beside the request.

    Attributes:
        pack_id: drafting pack; empty for the default of the modality.
        measure: the volume as the measurement engine needs it.
        indication: clinical question, free text; never leaves the machine.
    """

    pack_id: str
    measure: MeasureRequest
    indication: str = ""


@dataclass(frozen=True, slots=True)
class DraftStatement:
    """One drafted sentence or question.

    Attributes:
        statement_id: unique within the draft, e.g. ``s2``.
        section: ``technique``, ``findings`` or ``impression``.
        text: the sentence; a question ends with a question mark.
        origin: measured, model (with pack) or template.
        fact_ids: facts that support it; never empty for measured and model statements.
        evidence: where to look, most telling first.
        confidence: 0..1.
    """

    statement_id: str
    section: str
    text: str
    origin: Origin
    fact_ids: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class DraftResult:
    """A draft: facts, prose, and questions for what stayed under the threshold.

    Attributes:
        pack: the drafting pack used; None where no pack knows this region (then the draft
            holds technique and, at most, measured statements).
        measured: what the engine measured.
        facts: engine facts and finding heads' facts together.
        statements: prose, in reading order.
        questions: asked apart, never prose.
        seconds: time of the whole draft.
    """

    pack: PackRef | None
    measured: MeasureResult
    facts: tuple[Fact, ...]
    statements: tuple[DraftStatement, ...]
    questions: tuple[DraftStatement, ...]
    seconds: float
