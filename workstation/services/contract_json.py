"""The JSON of single facts and evidences under short names, for services and the command line.

The one home of the contract's keys is ``workstation.exchange.contract_report``; this hands on
to it, so that a fact reads the same in ``prelim measure``, ``draft.json`` and a report.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workstation.core.finding import Evidence, Fact
from workstation.exchange.contract_report import (
    evidence_to_contract,
    fact_to_contract,
    facts_from_contract,
)


def fact_to_json(fact: Fact) -> dict[str, Any]:
    """Return FACT of DESIGN section 4; ``value`` and ``unit`` are null for a presence."""
    return fact_to_contract(fact)


def facts_to_json(facts: Sequence[Fact]) -> list[dict[str, Any]]:
    """Return facts as a list of FACT."""
    return [fact_to_contract(fact) for fact in facts]


def fact_from_json(value: Mapping[str, Any]) -> Fact:
    """Return the fact of one FACT.

    Raises:
        InputRefusedError: it is not as the contract says.
    """
    return facts_from_contract({"facts": [dict(value)]})[0]


def evidence_to_json(evidence: Evidence) -> dict[str, Any]:
    """Return EVIDENCE of DESIGN section 4; positions are LPS millimeters."""
    return evidence_to_contract(evidence)
