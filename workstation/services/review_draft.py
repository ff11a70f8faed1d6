"""Apply a reader's decisions to a draft: accept, edit or reject per statement, and add words.

All or nothing: every problem of a list of decisions is named at once, and then none is applied.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workstation.core.clock import Clock
from workstation.core.errors import InputRefusedError
from workstation.report.document import Answer, ReportDocument, Section, Statement
from workstation.report.events import (
    Act,
    AddendumStarted,
    Event,
    QuestionAnswered,
    StatementAccepted,
    StatementAdded,
    StatementEdited,
    StatementRejected,
    fold,
)

ACTIONS = ("accept", "edit", "reject")
"""Actions of the contract; for a question they mean yes, yes with these words, and no."""


@dataclass(frozen=True, slots=True)
class ReviewOutcome:
    """A report after a review.

    Attributes:
        events: all events, the old ones first.
        document: what they make.
        decided: ids of statements and questions that were decided now.
        added: ids of sentences that were added now.
        open_statements: what still waits for a decision.
        open_questions: ids of questions without an answer.
    """

    events: tuple[Event, ...]
    document: ReportDocument
    decided: tuple[str, ...]
    added: tuple[str, ...]
    open_statements: tuple[Statement, ...]
    open_questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Decision:
    target: str
    action: str
    text: str


def review(
    events: tuple[Event, ...], decisions: Mapping[str, Any], *, user: str, clock: Clock
) -> ReviewOutcome:
    """Return the report with the decisions applied.

    Words added to the addendum of a signed report begin that addendum.

    Args:
        events: the report so far.
        decisions: ``{"decisions": [{"statement", "action", "text"}],
            "add": [{"section", "text"}]}``.
        user: who decided; printed name.
        clock: says when.

    Raises:
        InputRefusedError: anything in the decisions is not known, not whole, or would change
            signed words; all is named.
    """
    document = fold(events)
    if not user.strip():
        raise InputRefusedError("A review needs the name of who reviewed", todo="Give --user NAME")
    if not _is_writable(user):
        raise InputRefusedError("This name cannot be written", todo="Give --user NAME as text")
    decided, added = _read(document, decisions)
    acts, numbers = _acts(document, decided, added)
    if document.is_signed and acts:
        acts = (AddendumStarted(), *acts)
    at = clock.now().isoformat(timespec="seconds")
    changed = (*events, *(Event(act, user, at) for act in acts))
    after = fold(changed)
    return ReviewOutcome(
        events=changed,
        document=after,
        decided=tuple(d.target for d in decided),
        added=numbers,
        open_statements=after.open_statements,
        open_questions=tuple(q.statement.statement_id for q in after.questions if not q.answer),
    )


def _read(
    document: ReportDocument, plain: Mapping[str, Any]
) -> tuple[tuple[_Decision, ...], tuple[tuple[Section, str], ...]]:
    problems: list[str] = []
    if not isinstance(plain, Mapping):
        raise _refused(["the file is not a JSON object"])
    problems += [
        f"the key {key!r} is not known" for key in plain if key not in ("decisions", "add")
    ]
    decided = [
        decision
        for number, each in enumerate(_list(plain, "decisions", problems), start=1)
        if (decision := _decision(document, each, number, problems))
    ]
    problems += _twice(decided)
    added = [
        words
        for number, each in enumerate(_list(plain, "add", problems), start=1)
        if (words := _added(document, each, number, problems))
    ]
    if problems:
        raise _refused(problems)
    return tuple(decided), tuple(added)


def _list(plain: Mapping[str, Any], key: str, problems: list[str]) -> list[Any]:
    value = plain.get(key, [])
    if isinstance(value, list):
        return value
    problems.append(f"{key!r} is not a list")
    return []


def _decision(
    document: ReportDocument, plain: object, number: int, problems: list[str]
) -> _Decision | None:
    where = f"decision {number}"
    if not isinstance(plain, dict):
        problems.append(f"{where} is not a JSON object")
        return None
    before = len(problems)
    target, action, text = plain.get("statement"), plain.get("action"), plain.get("text") or ""
    questions = {q.statement.statement_id for q in document.questions}
    known = questions | {s.statement_id for s in document.statements}
    if not isinstance(target, str) or target not in known:
        problems.append(f"{where}: there is no statement {target!r}")
    elif target in document.signed_ids:
        problems.append(f"{where}: statement {target} is signed and cannot be changed")
    if action not in ACTIONS:
        problems.append(f"{where}: the action {action!r} is not one of {', '.join(ACTIONS)}")
    if not isinstance(text, str):
        problems.append(f"{where}: its text is not text")
    elif action == "edit" and not text.strip():
        problems.append(f"{where}: an edit needs its text")
    elif not _is_writable(text):
        problems.append(f"{where}: {_NOT_WRITABLE}")
    if len(problems) > before:
        return None
    return _Decision(str(target), str(action), str(text))


def _twice(decided: list[_Decision]) -> list[str]:
    seen: set[str] = set()
    twice = [d.target for d in decided if d.target in seen or seen.add(d.target)]  # type: ignore[func-returns-value]
    return [f"statement {target} is decided more than once" for target in dict.fromkeys(twice)]


def _added(
    document: ReportDocument, plain: object, number: int, problems: list[str]
) -> tuple[Section, str] | None:
    where = f"addition {number}"
    if not isinstance(plain, dict):
        problems.append(f"{where} is not a JSON object")
        return None
    section, text = plain.get("section"), plain.get("text")
    sections = {each.value: each for each in Section}
    before = len(problems)
    if not isinstance(section, str) or section not in sections:
        problems.append(f"{where}: the section {section!r} is not one of {', '.join(sections)}")
    elif document.signed_ids and section != Section.ADDENDUM.value:
        problems.append(f"{where}: a signed report takes words only in the addendum")
    if not isinstance(text, str) or not text.strip():
        problems.append(f"{where}: it has no text")
    elif not _is_writable(text):
        problems.append(f"{where}: {_NOT_WRITABLE}")
    if len(problems) > before:
        return None
    return sections[str(section)], str(text)


def _is_writable(text: str) -> bool:
    """Whether every format can hold a text: no half characters, no control characters."""
    return all(unicodedata.category(c) not in ("Cc", "Cs") or c in "\n\r\t" for c in text)


_NOT_WRITABLE = "its text holds control characters or halves of characters"


def _acts(
    document: ReportDocument,
    decided: tuple[_Decision, ...],
    added: tuple[tuple[Section, str], ...],
) -> tuple[tuple[Act, ...], tuple[str, ...]]:
    fresh = _FreshIds(document)
    questions = {q.statement.statement_id: q.statement for q in document.questions}
    acts: list[Act] = []
    for decision in decided:
        if decision.target in questions:
            acts += _answer(decision, questions[decision.target], fresh)
        else:
            acts.append(_act(decision))
    numbers = []
    for section, text in added:
        numbers.append(fresh.next())
        acts.append(StatementAdded(numbers[-1], section, text.strip()))
    return tuple(acts), tuple(numbers)


def _act(decision: _Decision) -> Act:
    if decision.action == "accept":
        return StatementAccepted(decision.target)
    if decision.action == "reject":
        return StatementRejected(decision.target)
    return StatementEdited(decision.target, decision.text.strip())


def _answer(decision: _Decision, question: Statement, fresh: _FreshIds) -> list[Act]:
    answer = Answer.NO if decision.action == "reject" else Answer.YES
    acts: list[Act] = [QuestionAnswered(decision.target, answer)]
    if decision.action == "edit":
        acts.append(StatementAdded(fresh.next(), question.section, decision.text.strip()))
    return acts


class _FreshIds:
    """Gives ids for a reader's own sentences that no statement has yet."""

    def __init__(self, document: ReportDocument) -> None:
        self._taken = {s.statement_id for s in document.statements}
        self._taken |= {q.statement.statement_id for q in document.questions}
        self._number = 0

    def next(self) -> str:
        """Return the next free id: h1, h2 ..."""
        while True:
            self._number += 1
            if (name := f"h{self._number}") not in self._taken:
                return name


def _refused(problems: list[str]) -> InputRefusedError:
    return InputRefusedError(
        "The decisions were not applied",
        why="; ".join(problems),
        todo="Correct the file of decisions; nothing of it has been taken over",
    )
