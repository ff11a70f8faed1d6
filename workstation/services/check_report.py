"""Run the checker on a report and give its findings in the form of the contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workstation.report.check_finding import CheckFinding, Severity
from workstation.report.checks import check
from workstation.report.document import Meaning
from workstation.report.events import Event, fold
from workstation.report.lifecycle import Obstacle, meanings_allowed, signing_obstacles


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What the checker says about a report.

    Attributes:
        findings: in reading order, blocks before doubts at one place.
        obstacles: what stands before a signature now; empty where it may be signed.
    """

    findings: tuple[CheckFinding, ...]
    obstacles: tuple[Obstacle, ...]

    @property
    def blocks(self) -> int:
        """How many findings stop signing."""
        return sum(f.severity is Severity.BLOCK for f in self.findings)

    @property
    def doubts(self) -> int:
        """How many findings ask for a second look."""
        return sum(f.severity is Severity.DOUBT for f in self.findings)


def check_report(events: tuple[Event, ...]) -> CheckResult:
    """Return what the checker says about a report as it stands now."""
    document = fold(events)
    findings = check(document)
    meaning = next(iter(meanings_allowed(document)), Meaning.FINAL)
    return CheckResult(findings, signing_obstacles(document, meaning, findings))


def finding_to_json(finding: CheckFinding) -> dict[str, Any]:
    """Return one finding as ``prelim check --json`` prints it."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "statement": finding.statement_id or None,
        "section": finding.section.value if finding.section else None,
        "start": finding.start,
        "end": finding.end,
        "text": finding.text,
        "mend": finding.mend,
        "replacement": finding.replacement,
    }


def result_to_json(result: CheckResult) -> dict[str, Any]:
    """Return the whole result as ``prelim check --json`` prints it."""
    return {
        "findings": [finding_to_json(finding) for finding in result.findings],
        "blocks": result.blocks,
        "doubts": result.doubts,
        "can_sign": not result.obstacles,
        "obstacles": [
            {"kind": o.kind.value, "statement": o.statement_id or None, "text": o.text}
            for o in result.obstacles
        ],
    }
