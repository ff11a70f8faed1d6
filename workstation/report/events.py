"""How a report changes: one small immutable event per act, folded into a document.

Events are append-only. :func:`apply` is the only way a document comes to be, so the history of
every word can be told: who or what proposed it, who took it over, when.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from typing import TypeAlias, assert_never

from workstation.core.errors import SafetyGateError
from workstation.core.finding import Fact
from workstation.core.identity import StudyIdentity
from workstation.core.provenance import Origin, OriginKind, PackRef
from workstation.report.document import (
    Answer,
    Meaning,
    Question,
    ReadSeries,
    ReportDocument,
    ReportStatus,
    Section,
    Signature,
    Statement,
    StatementStatus,
)


@dataclass(frozen=True, slots=True)
class ReportStarted:
    """A report was opened for a study."""

    report_id: str
    study: StudyIdentity
    series: tuple[ReadSeries, ...]
    language: str = "en"


@dataclass(frozen=True, slots=True)
class DraftProposed:
    """A draft arrived: facts, proposed statements and questions, and the packs that took part."""

    packs: tuple[PackRef, ...]
    facts: tuple[Fact, ...]
    statements: tuple[Statement, ...]
    questions: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class EvidenceShown:
    """The evidence of a statement has been on screen."""

    statement_id: str


@dataclass(frozen=True, slots=True)
class StatementAccepted:
    """A person took a proposed statement over, word for word."""

    statement_id: str


@dataclass(frozen=True, slots=True)
class StatementEdited:
    """A person changed the words of a statement, and thereby took it over."""

    statement_id: str
    text: str


@dataclass(frozen=True, slots=True)
class StatementRejected:
    """A person refused a statement; it stays in the history, not in the report."""

    statement_id: str


@dataclass(frozen=True, slots=True)
class StatementReopened:
    """A person took a decision back; the statement stands as first proposed."""

    statement_id: str


@dataclass(frozen=True, slots=True)
class StatementAdded:
    """A person wrote a sentence of their own."""

    statement_id: str
    section: Section
    text: str


@dataclass(frozen=True, slots=True)
class QuestionAnswered:
    """A person answered a question; None takes the answer back."""

    statement_id: str
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class ReportSigned:
    """A person signed; checks were made before (services.sign_report)."""

    signature: Signature


@dataclass(frozen=True, slots=True)
class AddendumStarted:
    """A person began an addendum to a final report."""


Act: TypeAlias = (
    ReportStarted
    | DraftProposed
    | EvidenceShown
    | StatementAccepted
    | StatementEdited
    | StatementRejected
    | StatementReopened
    | StatementAdded
    | QuestionAnswered
    | ReportSigned
    | AddendumStarted
)


@dataclass(frozen=True, slots=True)
class Event:
    """An act, with who did it and when.

    Attributes:
        act: what happened.
        by: name of the person, or of the program's part ("prelim") for a draft.
        at: ISO 8601 with UTC offset.
    """

    act: Act
    by: str
    at: str


def fold(events: tuple[Event, ...]) -> ReportDocument:
    """Return the document that the events make.

    Raises:
        ValueError: the first event is not ReportStarted, or an id is not known.
        SafetyGateError: an event that no rule allows (a final report changed).
    """
    if not events or not isinstance(events[0].act, ReportStarted):
        raise ValueError("a report begins with ReportStarted")
    start = events[0].act
    document = ReportDocument(start.report_id, start.study, start.series, start.language)
    return reduce(lambda folded, event: apply(folded, event.act), events[1:], document)


def apply(document: ReportDocument, act: Act) -> ReportDocument:  # noqa: PLR0911, PLR0912 one branch per act
    """Return the document after one act.

    Raises:
        ValueError: a second ReportStarted, or a statement that does not exist.
        SafetyGateError: the act would change a signed report, or sign an unreviewed one.
    """
    if document.is_signed and not isinstance(act, AddendumStarted | EvidenceShown):
        raise SafetyGateError(
            "This report is signed and cannot be changed",
            todo="Start an addendum to add to it",
        )
    match act:
        case ReportStarted():
            raise ValueError("a report is started once")
        case DraftProposed():
            return _with_draft(document, act)
        case EvidenceShown(statement_id):
            return replace(document, evidence_seen=document.evidence_seen | {statement_id})
        case StatementAccepted(statement_id):
            return _changed(document, statement_id, status=StatementStatus.ACCEPTED)
        case StatementEdited(statement_id, text):
            return _edited(document, statement_id, text)
        case StatementRejected(statement_id):
            return _changed(document, statement_id, status=StatementStatus.REJECTED)
        case StatementReopened(statement_id):
            return _reopened(document, statement_id)
        case StatementAdded(statement_id, section, text):
            return _with_statement(document, _own_words(statement_id, section, text))
        case QuestionAnswered(statement_id, answer):
            return _answered(document, statement_id, answer)
        case ReportSigned(signature):
            return _signed(document, signature)
        case AddendumStarted():
            return _with_addendum(document)
        case _:
            assert_never(act)


def _own_words(statement_id: str, section: Section, text: str) -> Statement:
    status = StatementStatus.ACCEPTED
    return Statement(statement_id, section, text, Origin(OriginKind.HUMAN), status)


def _with_statement(document: ReportDocument, statement: Statement) -> ReportDocument:
    if document.signed_ids and statement.section is not Section.ADDENDUM:
        raise SafetyGateError(
            "The signed words of this report cannot be changed",
            todo="Write what is to be added in the addendum section",
        )
    if any(s.statement_id == statement.statement_id for s in document.statements):
        raise ValueError(f"there is already a statement {statement.statement_id}")
    return replace(document, statements=(*document.statements, statement))


def _with_draft(document: ReportDocument, draft: DraftProposed) -> ReportDocument:
    for statement in draft.statements:
        if not statement.is_open:
            raise ValueError("a draft only proposes: its statements are not decided yet")
        document = _with_statement(document, replace(statement, drafted_text=statement.text))
    return replace(
        document,
        facts=(*document.facts, *draft.facts),
        questions=(*document.questions, *(Question(q) for q in draft.questions)),
        packs=tuple(dict.fromkeys((*document.packs, *draft.packs))),
    )


def _changed(
    document: ReportDocument,
    statement_id: str,
    *,
    status: StatementStatus,
    text: str | None = None,
) -> ReportDocument:
    old = _existing(document, statement_id)
    if statement_id in document.signed_ids:
        raise SafetyGateError(
            "The signed words of this report cannot be changed",
            todo="Write what is to be added in the addendum section",
        )
    new = replace(old, status=status, text=old.text if text is None else text)
    statements = tuple(new if s is old else s for s in document.statements)
    return replace(document, statements=statements)


def _edited(document: ReportDocument, statement_id: str, text: str) -> ReportDocument:
    if not text.strip():
        raise ValueError("an edited statement has words; reject it to remove it")
    is_own = not _existing(document, statement_id).is_drafted
    status = StatementStatus.ACCEPTED if is_own else StatementStatus.EDITED
    return _changed(document, statement_id, status=status, text=text)


def _reopened(document: ReportDocument, statement_id: str) -> ReportDocument:
    old = _existing(document, statement_id)
    if not old.is_drafted:
        return _changed(document, statement_id, status=StatementStatus.ACCEPTED)
    return _changed(document, statement_id, status=StatementStatus.PROPOSED, text=old.drafted_text)


def _existing(document: ReportDocument, statement_id: str) -> Statement:
    try:
        return document.statement(statement_id)
    except KeyError as error:
        raise ValueError(f"there is no statement {statement_id}") from error


def _answered(document: ReportDocument, statement_id: str, answer: Answer | None) -> ReportDocument:
    if not any(q.statement.statement_id == statement_id for q in document.questions):
        raise ValueError(f"there is no question {statement_id}")
    questions = tuple(
        replace(q, answer=answer) if q.statement.statement_id == statement_id else q
        for q in document.questions
    )
    return replace(document, questions=questions)


def _signed(document: ReportDocument, signature: Signature) -> ReportDocument:
    if document.open_statements:
        raise SafetyGateError(
            "The report cannot be signed",
            why=f"{len(document.open_statements)} statements have not been reviewed",
            todo="Accept, edit or reject each of them",
        )
    status = {
        Meaning.FINAL: ReportStatus.FINAL,
        Meaning.PRELIMINARY: ReportStatus.PRELIMINARY,
        Meaning.ADDENDUM: ReportStatus.ADDENDUM,
    }[signature.meaning]
    signatures = (*document.signatures, signature)
    signed = replace(document, status=status, signatures=signatures)
    if not signed.is_signed:
        return signed
    return replace(signed, signed_ids=frozenset(s.statement_id for s in signed.statements))


def _with_addendum(document: ReportDocument) -> ReportDocument:
    if not document.is_signed:
        raise SafetyGateError(
            "There is nothing to add an addendum to",
            why="the report is not signed yet",
            todo="Edit the report itself",
        )
    return replace(document, status=ReportStatus.DRAFT)
