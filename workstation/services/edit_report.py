"""The editing session of one report: what a reader may do, undo, and what is not saved yet.

Every act becomes an event; undo is a further event that takes the act back, so the history stays
append-only. Saving is the caller's: it takes :meth:`unsaved` to the store and tells what it stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from workstation.core.clock import Clock
from workstation.core.errors import SafetyGateError
from workstation.core.identity import StudyIdentity
from workstation.core.observable import Observable
from workstation.report.document import (
    Answer,
    Question,
    ReadSeries,
    ReportDocument,
    Section,
    Statement,
    StatementStatus,
)
from workstation.report.events import (
    Act,
    AddendumStarted,
    DraftProposed,
    Event,
    EvidenceShown,
    QuestionAnswered,
    ReportStarted,
    StatementAccepted,
    StatementAdded,
    StatementEdited,
    StatementRejected,
    StatementReopened,
    apply,
    fold,
)


def start_events(
    study: StudyIdentity, series: tuple[ReadSeries, ...], *, by: str, clock: Clock
) -> tuple[Event, ...]:
    """Return the first event of a new report on a study."""
    started = ReportStarted(str(uuid4()), study, series)
    return (Event(started, by, _stamp(clock)),)


def own_id() -> str:
    """Return a fresh id for a sentence of the reader's own."""
    return f"h{uuid4().hex[:12]}"


def needs_evidence_first(document: ReportDocument, statement: Statement) -> bool:
    """Whether a drafted statement cannot be accepted before its evidence has been on screen."""
    is_unseen = statement.statement_id not in document.evidence_seen
    return statement.is_drafted and bool(statement.evidence) and is_unseen


class EditingSession:
    """One report under a reader's hands. Owned by the UI thread."""

    def __init__(
        self, events: Sequence[Event], *, by: str, clock: Clock, saved: int | None = None
    ) -> None:
        """Open a report.

        Args:
            events: its events so far, the first is ReportStarted.
            by: name of the reader, written beside each act.
            clock: gives the time of each act.
            saved: how many of the events are in the store; None for all.
        """
        self._events = list(events)
        self._saved = len(self._events) if saved is None else saved
        self._by = by
        self._clock = clock
        self._undo: list[_Step] = []
        self._redo: list[_Step] = []
        self.document = Observable(fold(tuple(events)))

    @property
    def report_id(self) -> str:
        """Id of the report."""
        return self.document.value.report_id

    @property
    def study_uid(self) -> str:
        """Study the report is about."""
        return self.document.value.study.study_uid

    @property
    def events(self) -> tuple[Event, ...]:
        """All events, oldest first."""
        return tuple(self._events)

    @property
    def unsaved(self) -> tuple[Event, ...]:
        """Events that the store does not hold yet."""
        return tuple(self._events[self._saved :])

    def mark_saved(self, count: int) -> None:
        """Note that the store took the next ``count`` events."""
        self._saved = min(self._saved + count, len(self._events))

    @property
    def can_undo(self) -> bool:
        """Whether there is an act of the reader to take back."""
        return bool(self._undo) and not self.document.value.is_signed

    @property
    def can_redo(self) -> bool:
        """Whether there is an undone act to do again."""
        return bool(self._redo) and not self.document.value.is_signed

    def propose(self, draft: DraftProposed, *, by: str = "prelim") -> None:
        """Take in a draft; its statements are proposed, none is taken over."""
        self._record(draft, by=by)

    def show_evidence(self, statement_id: str) -> None:
        """Note that the evidence of a statement has been on screen."""
        if statement_id not in self.document.value.evidence_seen:
            self._record(EvidenceShown(statement_id))

    def accept(self, statement_id: str) -> None:
        """Take a proposed statement over, word for word; one that is decided stays as it is.

        Raises:
            SafetyGateError: its evidence has not been on screen, or the report is signed.
        """
        document = self.document.value
        statement = document.statement(statement_id)
        if not statement.is_open:
            return
        if needs_evidence_first(document, statement):
            raise SafetyGateError(
                "This statement cannot be accepted yet",
                why="its evidence has not been on screen",
                todo="Press Enter to show the evidence first",
            )
        self._act(StatementAccepted(statement_id), statement_id)

    def edit(self, statement_id: str, text: str) -> None:
        """Replace the words of a statement; further typing joins one step of undo.

        Words left as they are decide nothing; a drafted sentence typed back to what was
        proposed is open again.
        """
        words = text.strip()
        old = self.document.value.statement(statement_id)
        if not words or words == old.text:
            return
        if old.is_drafted and words == old.drafted_text:
            self._act(StatementReopened(statement_id), statement_id, joins=True)
            return
        self._act(StatementEdited(statement_id, words), statement_id, joins=True)

    def reject(self, statement_id: str) -> None:
        """Refuse a statement; it stays in the history, not in the report."""
        self._act(StatementRejected(statement_id), statement_id)

    def reopen(self, statement_id: str) -> None:
        """Take the decision on a statement back."""
        self._act(StatementReopened(statement_id), statement_id)

    def add(self, section: Section, text: str, statement_id: str = "") -> str:
        """Write a sentence of one's own; return its id.

        Args:
            section: where.
            text: the words.
            statement_id: of :func:`own_id`; empty for a fresh one.
        """
        statement_id = statement_id or own_id()
        self._act(StatementAdded(statement_id, section, text.strip()), statement_id)
        return statement_id

    def answer(self, statement_id: str, answer: Answer | None) -> None:
        """Answer a question; None takes the answer back."""
        before = self._question(statement_id).answer
        self._record(QuestionAnswered(statement_id, answer))
        self._undo.append(_Step(statement_id, before, answer))
        self._redo.clear()

    def take_signed(self, events: Sequence[Event]) -> None:
        """Take the events back from services.sign_report, the signature last.

        Raises:
            SafetyGateError: the report changed while it was being signed.
        """
        if list(events[: len(self._events)]) != self._events:
            raise SafetyGateError(
                "The signature was not taken over",
                why="the report changed while it was being signed",
                todo="Sign it again",
            )
        document = fold(tuple(events))
        self._events = list(events)
        self._undo.clear()
        self._redo.clear()
        self.document.set(document)

    def start_addendum(self) -> None:
        """Begin an addendum to a final report."""
        self._record(AddendumStarted())

    def close_step(self) -> None:
        """End the joining of typing: the next edit is a step of undo of its own."""
        if self._undo:
            self._undo[-1].is_open = False

    def undo(self) -> str:
        """Take the last act of the reader back; return the statement it was about."""
        step = self._undo.pop()
        self._return_to(step.statement_id, step.before)
        self._redo.append(step)
        return step.statement_id

    def redo(self) -> str:
        """Do the last undone act again; return the statement it is about."""
        step = self._redo.pop()
        self._return_to(step.statement_id, step.after)
        step.is_open = False
        self._undo.append(step)
        return step.statement_id

    def _act(self, act: Act, statement_id: str, *, joins: bool = False) -> None:
        before = _found(self.document.value, statement_id)
        self._record(act)
        after = _found(self.document.value, statement_id)
        last = self._undo[-1] if self._undo else None
        if joins and last and last.is_open and last.statement_id == statement_id:
            last.after = after
        else:
            self.close_step()
            self._undo.append(_Step(statement_id, before, after, is_open=joins or before is None))
        self._redo.clear()

    def _record(self, act: Act, *, by: str = "") -> None:
        document = apply(self.document.value, act)
        self._events.append(Event(act, by or self._by, _stamp(self._clock)))
        self.document.set(document)

    def _question(self, statement_id: str) -> Question:
        for question in self.document.value.questions:
            if question.statement.statement_id == statement_id:
                return question
        raise KeyError(statement_id)

    def _return_to(self, statement_id: str, state: Statement | Answer | None) -> None:
        if any(q.statement.statement_id == statement_id for q in self.document.value.questions):
            answer = state if isinstance(state, Answer) else None
            self._record(QuestionAnswered(statement_id, answer))
            return
        for act in _acts_to(statement_id, state if isinstance(state, Statement) else None):
            self._record(act)


class _Step:
    """One step of undo: a statement (or the answer to a question) before and after it."""

    __slots__ = ("after", "before", "is_open", "statement_id")

    def __init__(
        self,
        statement_id: str,
        before: Statement | Answer | None,
        after: Statement | Answer | None,
        *,
        is_open: bool = False,
    ) -> None:
        self.statement_id = statement_id
        self.before = before
        self.after = after
        self.is_open = is_open


def _acts_to(statement_id: str, state: Statement | None) -> tuple[Act, ...]:
    """Return the acts that bring a statement to an earlier state; None takes it out."""
    if state is None:
        return (StatementRejected(statement_id),)
    match state.status:
        case StatementStatus.PROPOSED:
            return (StatementReopened(statement_id),)
        case StatementStatus.REJECTED:
            return (*_words(statement_id, state), StatementRejected(statement_id))
        case StatementStatus.EDITED:
            return (StatementEdited(statement_id, state.text),)
        case StatementStatus.ACCEPTED:
            if state.is_drafted:
                return (StatementReopened(statement_id), StatementAccepted(statement_id))
            return (StatementEdited(statement_id, state.text),)


def _words(statement_id: str, state: Statement) -> tuple[Act, ...]:
    if state.is_drafted and state.text == state.drafted_text:
        return (StatementReopened(statement_id),)
    return (StatementEdited(statement_id, state.text),)


def _found(document: ReportDocument, statement_id: str) -> Statement | None:
    try:
        return document.statement(statement_id)
    except KeyError:
        return None


def _stamp(clock: Clock) -> str:
    return clock.now().isoformat(timespec="seconds")
