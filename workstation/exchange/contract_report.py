"""The JSON of DESIGN section 4: facts, statements and questions of a report, there and back.

These keys are a contract with scripts. The history of a report travels beside them (canonical
events), so this form alone is enough to read a report, not to prove it.
"""

from __future__ import annotations

from typing import Any

from workstation.core.errors import InputRefusedError
from workstation.core.finding import Evidence, Fact, Region, RegionKind, Side
from workstation.core.provenance import Origin, OriginKind, PackRef
from workstation.report.document import ReportDocument, Section, Statement, StatementStatus


def report_to_contract(document: ReportDocument) -> dict[str, Any]:
    """Return the contract form of a report as it stands now."""
    series = document.series[0].identity.series_uid if document.series else ""
    return {
        "study_uid": document.study.study_uid,
        "series_uid": series,
        "pack": pack_to_contract(document.packs[0] if document.packs else None),
        "facts": [fact_to_contract(fact) for fact in document.facts],
        "statements": [statement_to_contract(s) for s in document.statements],
        "questions": [statement_to_contract(q.statement) for q in document.questions],
    }


def pack_to_contract(pack: PackRef | None) -> dict[str, Any]:
    """Return a pack as ``{"id", "version", "digest"}``, each null where there is none."""
    if pack is None:
        return {"id": None, "version": None, "digest": None}
    return {"id": pack.pack_id, "version": pack.version, "digest": pack.digest}


def fact_to_contract(fact: Fact) -> dict[str, Any]:
    """Return one FACT; value and unit are null for a presence, reason null where assessed."""
    return {
        "id": fact.fact_id,
        "finding": fact.finding,
        "anatomy": fact.anatomy,
        "side": fact.side.value,
        "value": fact.value,
        "unit": fact.unit or None,
        "present": fact.is_present,
        "uncertainty": fact.uncertainty,
        "confidence": fact.confidence,
        "assessed": fact.is_assessed,
        "reason": fact.reason or None,
        "evidence": [evidence_to_contract(each) for each in fact.evidence],
    }


def statement_to_contract(statement: Statement) -> dict[str, Any]:
    """Return one STATEMENT with its words and status as they stand now."""
    pack = statement.origin.pack
    return {
        "id": statement.statement_id,
        "section": statement.section.value,
        "text": statement.text,
        "origin": {
            "kind": statement.origin.kind.value,
            "pack": f"{pack.pack_id} {pack.version}" if pack else None,
            "digest": pack.digest if pack else None,
        },
        "facts": list(statement.fact_ids),
        "evidence": [evidence_to_contract(each) for each in statement.evidence],
        "confidence": statement.confidence,
        "status": statement.status.value,
    }


def evidence_to_contract(evidence: Evidence) -> dict[str, Any]:
    """Return one EVIDENCE; positions are LPS millimetres."""
    return {
        "series_uid": evidence.series_uid,
        "instance_uids": list(evidence.instance_uids),
        "region": {
            "kind": evidence.region.kind.value,
            "center_mm": list(evidence.region.center_mm),
            "size_mm": list(evidence.region.size_mm),
        },
    }


def facts_from_contract(stored: dict[str, Any]) -> tuple[Fact, ...]:
    """Return the facts of a contract file.

    Raises:
        InputRefusedError: a fact is not as the contract says.
    """
    try:
        return tuple(_fact(each) for each in stored["facts"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _refused("a fact", error) from error


def statements_from_contract(stored: dict[str, Any], key: str) -> tuple[Statement, ...]:
    """Return the statements under ``statements`` or ``questions`` of a contract file.

    Raises:
        InputRefusedError: one is not as the contract says.
    """
    try:
        return tuple(_statement(each) for each in stored.get(key, []))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _refused("a statement", error) from error


def pack_from_contract(stored: dict[str, Any]) -> PackRef | None:
    """Return the pack of a contract file; None where it names none.

    Raises:
        InputRefusedError: it is not as the contract says.
    """
    pack = stored.get("pack")
    if not pack:
        return None
    try:
        if pack["id"] is None:
            return None
        return PackRef(str(pack["id"]), str(pack["version"]), str(pack["digest"]))
    except (KeyError, TypeError) as error:
        raise _refused("the pack", error) from error


def _fact(stored: dict[str, Any]) -> Fact:
    value = stored.get("value")
    present = stored.get("present")
    uncertainty = stored.get("uncertainty")
    return Fact(
        fact_id=_text(stored["id"]),
        finding=_text(stored["finding"]),
        anatomy=_text(stored["anatomy"]),
        side=Side(stored.get("side") or ""),
        value=None if value is None else float(value),
        unit=stored.get("unit") or "",
        confidence=float(stored.get("confidence", 1.0)),
        is_assessed=bool(stored.get("assessed", True)),
        reason=stored.get("reason") or "",
        evidence=tuple(_evidence(each) for each in stored.get("evidence", [])),
        is_present=None if present is None else bool(present),
        uncertainty=None if uncertainty is None else float(uncertainty),
    )


def _statement(stored: dict[str, Any]) -> Statement:
    origin = stored["origin"]
    return Statement(
        statement_id=_text(stored["id"]),
        section=Section(stored["section"]),
        text=_text(stored["text"]),
        origin=Origin(OriginKind(origin["kind"]), _pack_of(origin)),
        status=StatementStatus(stored.get("status", "proposed")),
        fact_ids=tuple(_text(each) for each in stored.get("facts", [])),
        evidence=tuple(_evidence(each) for each in stored.get("evidence", [])),
        confidence=float(stored.get("confidence", 1.0)),
    )


def _pack_of(origin: dict[str, Any]) -> PackRef | None:
    if not origin.get("pack"):
        return None
    pack_id, _, version = _text(origin["pack"]).partition(" ")
    return PackRef(pack_id, version, origin.get("digest") or "")


def _evidence(stored: dict[str, Any]) -> Evidence:
    region = stored["region"]
    x, y, z = (float(each) for each in region["center_mm"])
    i, j, k = (float(each) for each in region.get("size_mm", (0, 0, 0)))
    return Evidence(
        series_uid=_text(stored["series_uid"]),
        instance_uids=tuple(_text(each) for each in stored["instance_uids"]),
        region=Region(RegionKind(region["kind"]), (x, y, z), (i, j, k)),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("expected text")
    return value


def _refused(what: str, error: Exception) -> InputRefusedError:
    return InputRefusedError(
        "This is not a draft that Prelim can read",
        why=f"{what} is not as the contract says ({type(error).__name__})",
        todo="Use the draft.json that prelim draft wrote",
    )
