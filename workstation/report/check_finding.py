"""What the checker says about a report: a value with the exact place of the words it means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from workstation.report.document import Section, Statement


class Severity(Enum):
    """How grave a finding is: a block stops signing, a doubt asks for a second look."""

    BLOCK = "block"
    DOUBT = "doubt"


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """One finding of the checker.

    Attributes:
        code: stable name of the rule, e.g. ``side-contradiction``.
        severity: block or doubt.
        statement_id: of the statement or question; empty where the whole report is meant.
        section: where; None where the whole report is meant.
        start, end: the words meant, as offsets into the statement's text in code points.
        text: what is wrong, a sentence for people. It may quote the report: show it, never log it.
        mend: what can be done, a sentence for people.
        replacement: words that would mend ``start:end`` where there is one right answer; else None.
    """

    code: str
    severity: Severity
    statement_id: str
    section: Section | None
    start: int
    end: int
    text: str
    mend: str
    replacement: str | None = None


def finding_at(
    code: str,
    severity: Severity,
    statement: Statement,
    place: tuple[int, int],
    *,
    text: str,
    mend: str,
    replacement: str | None = None,
) -> CheckFinding:
    """Return a finding about words of a statement; ``place`` is their start and end."""
    return CheckFinding(
        code=code,
        severity=severity,
        statement_id=statement.statement_id,
        section=statement.section,
        start=place[0],
        end=place[1],
        text=text,
        mend=mend,
        replacement=replacement,
    )
