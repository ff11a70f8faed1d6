"""Set the measurements of a draft beside those of a prior report: numbers only, no words of it.

What changed is said only where both reports hold the same quantity, measured, with the same unit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from workstation.core.errors import InputRefusedError
from workstation.core.finding import Fact
from workstation.core.provenance import Origin, OriginKind
from workstation.report.document import ReportDocument, Section, Statement
from workstation.report.events import fold
from workstation.services.report_files import load_report

PRIOR_PREFIX = "prior-"
"""Fact ids of a prior report are kept apart from those of the draft by this prefix."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Statements of the comparison section and the prior's facts that they cite."""

    statements: tuple[Statement, ...]
    facts: tuple[Fact, ...]


def compare_prior(facts: tuple[Fact, ...], prior: Path, *, patient_id: str = "") -> Comparison:
    """Return what the draft says about a prior report.

    Args:
        facts: of the draft.
        prior: report.json, draft.json, or a folder that holds one; or any text file.
        patient_id: Patient ID of the draft, revealed; empty where there is none.

    Raises:
        InputRefusedError: the file cannot be read, or it is about another patient.
    """
    if prior.is_file() and prior.suffix.lower() != ".json":
        return _words_only()
    document = fold(load_report(prior))
    before = document.study.patient.patient_id.reveal()
    if patient_id and before and patient_id != before:
        raise InputRefusedError(
            "The prior report is about another patient",
            why="its patient ID differs from that of the study",
            todo="Choose a prior report of this patient, or leave it out",
        )
    return _compared(facts, document)


def _words_only() -> Comparison:
    text = "A prior report was provided as text; no measurement was compared with it."
    return Comparison((_statement("c1", text, ()),), ())


def _compared(facts: tuple[Fact, ...], prior: ReportDocument) -> Comparison:
    pairs = [
        (now, replace(before, fact_id=PRIOR_PREFIX + before.fact_id, evidence=()))
        for now in facts
        for before in prior.facts
        if _is_same_quantity(now, before)
    ]
    when = f"prior report, study of {prior.study.study_date}" if prior.study.study_date else "prior"
    statements = tuple(
        _statement(f"c{number}", _sentence(now, before, when), (now.fact_id, before.fact_id))
        for number, (now, before) in enumerate(pairs, start=1)
    )
    if not statements:
        text = "A prior report was provided; it holds no measurement to compare with."
        statements = (_statement("c1", text, ()),)
    return Comparison(statements, tuple(before for _, before in pairs))


def _is_same_quantity(now: Fact, before: Fact) -> bool:
    is_measured = all(f.is_assessed and f.value is not None and f.unit for f in (now, before))
    same = (now.finding, now.anatomy, now.side, now.unit)
    return is_measured and same == (before.finding, before.anatomy, before.side, before.unit)


def _sentence(now: Fact, before: Fact, when: str) -> str:
    side = f"{now.side.value} " if now.side.value else ""
    name = f"{side}{now.finding}"
    return (
        f"{name[:1].upper()}{name[1:]}: {now.value:.4g} {now.unit}; "
        f"{before.value:.4g} {before.unit} in the {when}."
    )


def _statement(statement_id: str, text: str, fact_ids: tuple[str, ...]) -> Statement:
    return Statement(
        statement_id, Section.COMPARISON, text, Origin(OriginKind.PRIOR), fact_ids=fact_ids
    )
