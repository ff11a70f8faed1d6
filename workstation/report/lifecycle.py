"""Which acts a report allows at a moment, and the gates in front of a signature.

Source: DESIGN section 1 (no model sentence is signed unread) and section 3 (lifecycle: draft,
preliminary, final, addendum; final is immutable).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from workstation.core.errors import InputRefusedError, SafetyGateError
from workstation.report.check_finding import CheckFinding, Severity
from workstation.report.document import Meaning, ReportDocument, ReportStatus, Section

_NEXT: dict[ReportStatus, frozenset[ReportStatus]] = {
    ReportStatus.DRAFT: frozenset(
        {ReportStatus.PRELIMINARY, ReportStatus.FINAL, ReportStatus.ADDENDUM}
    ),
    ReportStatus.PRELIMINARY: frozenset({ReportStatus.PRELIMINARY, ReportStatus.FINAL}),
    ReportStatus.FINAL: frozenset({ReportStatus.DRAFT}),
    ReportStatus.ADDENDUM: frozenset({ReportStatus.DRAFT}),
}
"""From a final report the way leads only to the draft of an addendum (AddendumStarted)."""


class ObstacleKind(Enum):
    """Why a report cannot be signed now."""

    SIGNED = "signed"
    MEANING = "meaning"
    EMPTY = "empty"
    OPEN = "open"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that stands before a signature, in words for people."""

    kind: ObstacleKind
    text: str
    statement_id: str = ""


def can_become(now: ReportStatus, later: ReportStatus) -> bool:
    """Whether a report in one status may pass to another."""
    return later in _NEXT[now]


def meanings_allowed(document: ReportDocument) -> tuple[Meaning, ...]:
    """Return what a signature may mean now; none while the present words are signed."""
    if document.is_signed:
        return ()
    if document.signed_ids:
        return (Meaning.ADDENDUM,)
    return (Meaning.FINAL, Meaning.PRELIMINARY)


def signing_obstacles(
    document: ReportDocument, meaning: Meaning, findings: Iterable[CheckFinding]
) -> tuple[Obstacle, ...]:
    """Return everything that stands before a signature with this meaning; empty: it may be signed.

    Args:
        document: the report as it stands.
        meaning: what the signature would say.
        findings: of the checker, for this very document.
    """
    if document.is_signed:
        return (Obstacle(ObstacleKind.SIGNED, "The report is already signed"),)
    obstacles = [*_meaning_obstacles(document, meaning), *_empty_obstacles(document)]
    obstacles += [
        Obstacle(
            ObstacleKind.OPEN, f"Statement {s.statement_id} has not been reviewed", s.statement_id
        )
        for s in document.open_statements
    ]
    obstacles += [
        Obstacle(ObstacleKind.BLOCK, f"{f.statement_id or 'report'}: {f.text}", f.statement_id)
        for f in findings
        if f.severity is Severity.BLOCK and f.code not in _SAID_ALREADY
    ]
    return tuple(obstacles)


_SAID_ALREADY = frozenset({"unreviewed", "empty-report"})
"""Findings of the checker that are obstacles of their own here; each is said once."""


def require_signable(
    document: ReportDocument, meaning: Meaning, findings: Iterable[CheckFinding]
) -> None:
    """Do nothing where the report may be signed.

    Raises:
        InputRefusedError: the report is empty, or the meaning does not fit.
        SafetyGateError: statements are open, the checker blocks, or it is already signed.
    """
    obstacles = signing_obstacles(document, meaning, findings)
    if not obstacles:
        return
    kinds = {obstacle.kind for obstacle in obstacles}
    why = "; ".join(obstacle.text for obstacle in obstacles if obstacle.kind is not _BLOCK)
    blocks = [o for o in obstacles if o.kind is _BLOCK]
    if blocks:
        named = ", ".join(sorted({o.statement_id or "the report" for o in blocks}))
        why = "; ".join(filter(None, (why, f"the checker blocks {len(blocks)} places: {named}")))
    if kinds <= {ObstacleKind.EMPTY, ObstacleKind.MEANING}:
        raise InputRefusedError("The report cannot be signed", why=why, todo=_todo(kinds))
    raise SafetyGateError("The report cannot be signed", why=why, todo=_todo(kinds))


_BLOCK = ObstacleKind.BLOCK
"""The words of these obstacles quote the report, so they are counted, not repeated, in errors."""


def _meaning_obstacles(document: ReportDocument, meaning: Meaning) -> tuple[Obstacle, ...]:
    allowed = meanings_allowed(document)
    if meaning in allowed:
        return ()
    words = " or ".join(f'"{each.value}"' for each in allowed)
    return (Obstacle(ObstacleKind.MEANING, f"Here a signature can only mean {words}"),)


def _empty_obstacles(document: ReportDocument) -> tuple[Obstacle, ...]:
    new = [
        s
        for s in document.statements
        if s.is_in_report and s.text.strip() and s.statement_id not in document.signed_ids
    ]
    if new or document.open_statements:
        return ()
    part = "addendum" if document.signed_ids else "report"
    return (Obstacle(ObstacleKind.EMPTY, f"The {part} holds no words"),)


def _todo(kinds: set[ObstacleKind]) -> str:
    if ObstacleKind.SIGNED in kinds:
        return "Start an addendum to add to it"
    steps = {
        ObstacleKind.OPEN: "accept, edit or reject each open statement",
        ObstacleKind.BLOCK: "run the check and mend what it blocks",
        ObstacleKind.EMPTY: f"write at least one sentence under {Section.FINDINGS.title}",
        ObstacleKind.MEANING: "choose a meaning that fits",
    }
    text = "; ".join(words for kind, words in steps.items() if kind in kinds)
    return text[:1].upper() + text[1:]
