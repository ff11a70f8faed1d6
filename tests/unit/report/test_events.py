"""A report is a fold of events: what each does, and what no rule allows."""

from __future__ import annotations

import pytest

from tests.support.reports import AT, PACK, a_fact, draft_events, drafted, reviewed_events
from workstation.core.errors import SafetyGateError
from workstation.report.document import (
    Answer,
    Meaning,
    ReportStatus,
    Section,
    Signature,
    StatementStatus,
)
from workstation.report.events import (
    Act,
    AddendumStarted,
    DraftProposed,
    Event,
    EvidenceShown,
    QuestionAnswered,
    ReportSigned,
    StatementAccepted,
    StatementAdded,
    StatementEdited,
    StatementRejected,
    StatementReopened,
    apply,
    fold,
)

QUESTION = drafted("q1", "Is there a nodule?", facts=())


def signature(meaning: Meaning = Meaning.FINAL) -> ReportSigned:
    return ReportSigned(Signature("Rita Reader", "", AT, meaning, "0" * 64))


def after(*acts: Act, start: tuple[Event, ...] | None = None) -> tuple[Event, ...]:
    first = draft_events(questions=(QUESTION,)) if start is None else start
    return (*first, *(Event(act, "Rita Reader", AT) for act in acts))


def test_a_report_begins_with_its_start() -> None:
    with pytest.raises(ValueError, match="begins"):
        fold(())
    with pytest.raises(ValueError, match="begins"):
        fold(draft_events()[1:])


def test_a_report_is_started_once() -> None:
    events = draft_events()

    with pytest.raises(ValueError, match="once"):
        fold((*events, events[0]))


def test_each_decision_is_seen_in_the_document() -> None:
    document = fold(after(StatementEdited("s1", "New."), StatementRejected("s2")))

    assert document.statement("s1").status is StatementStatus.EDITED
    assert document.statement("s1").drafted_text == "Right pleural effusion of 120 ml."
    assert document.statement("s2").status is StatementStatus.REJECTED
    assert document.open_statements == ()


def test_a_decision_can_be_taken_back_to_the_drafted_words() -> None:
    document = fold(after(StatementEdited("s1", "New."), StatementReopened("s1")))

    assert document.statement("s1").text == "Right pleural effusion of 120 ml."
    assert document.statement("s1").is_open


def test_a_readers_own_sentence_is_accepted_at_once_and_stays_so() -> None:
    added = StatementAdded("h1", Section.FINDINGS, "Own.")
    changed = StatementEdited("h1", "Own words.")

    document = fold(after(added, changed, StatementRejected("h1"), StatementReopened("h1")))

    assert document.statement("h1").status is StatementStatus.ACCEPTED
    assert document.statement("h1").text == "Own words."
    assert not document.statement("h1").is_drafted


@pytest.mark.parametrize(
    "act",
    [
        StatementAccepted("nope"),
        StatementReopened("nope"),
        StatementEdited("nope", "x"),
        StatementEdited("s1", "  "),
        QuestionAnswered("nope", Answer.YES),
        StatementAdded("s1", Section.FINDINGS, "x"),
        DraftProposed((), (), (drafted("s1"),), ()),
    ],
)
def test_an_act_that_makes_no_sense_is_a_programmers_mistake(act: Act) -> None:
    with pytest.raises(ValueError, match=r"no statement|no question|already|has words"):
        fold(after(act))


def test_a_draft_that_decides_is_refused() -> None:
    from dataclasses import replace

    decided = replace(drafted("s9"), status=StatementStatus.ACCEPTED)

    with pytest.raises(ValueError, match="only proposes"):
        fold(after(DraftProposed((), (), (decided,), ())))


def test_a_second_draft_adds_facts_statements_and_packs_once() -> None:
    more = DraftProposed((PACK,), (a_fact("f9"),), (drafted("s9"),), (drafted("q9"),))

    document = fold(after(more))

    assert document.packs == (PACK,)
    assert [f.fact_id for f in document.facts] == ["f1", "f9"]
    assert [s.statement_id for s in document.statements] == ["s1", "s2", "s9"]
    assert [q.statement.statement_id for q in document.questions] == ["q1", "q9"]


def test_an_answer_is_kept_and_can_be_taken_back() -> None:
    answered = fold(after(QuestionAnswered("q1", Answer.NO)))
    other = drafted("q2", "And here?", facts=())
    taken_back = fold(
        after(
            QuestionAnswered("q1", Answer.NO),
            QuestionAnswered("q1", None),
            start=draft_events(questions=(QUESTION, other)),
        )
    )

    assert answered.questions[0].answer is Answer.NO
    assert [q.answer for q in taken_back.questions] == [None, None]


def test_evidence_that_was_shown_is_remembered() -> None:
    assert fold(after(EvidenceShown("s1"))).evidence_seen == {"s1"}


def test_signing_with_an_open_statement_is_a_safety_gate() -> None:
    with pytest.raises(SafetyGateError, match="not been reviewed"):
        fold(after(signature()))


@pytest.mark.parametrize(
    ("meaning", "status"),
    [(Meaning.FINAL, ReportStatus.FINAL), (Meaning.PRELIMINARY, ReportStatus.PRELIMINARY)],
)
def test_a_signature_sets_the_status(meaning: Meaning, status: ReportStatus) -> None:
    document = fold(after(signature(meaning), start=reviewed_events()))

    assert document.status is status
    assert document.is_signed == (meaning is Meaning.FINAL)


@pytest.mark.parametrize(
    "act",
    [
        StatementEdited("s1", "Changed."),
        StatementRejected("s1"),
        StatementReopened("s1"),
        StatementAdded("h1", Section.FINDINGS, "More."),
        DraftProposed((), (), (drafted("s9"),), ()),
        signature(),
    ],
)
def test_a_final_report_cannot_be_changed(act: Act) -> None:
    document = fold(after(signature(), start=reviewed_events()))

    with pytest.raises(SafetyGateError, match="signed"):
        apply(document, act)


@pytest.mark.parametrize(
    "act",
    [
        StatementEdited("s1", "Changed."),
        StatementRejected("s1"),
        StatementReopened("s1"),
        StatementAdded("h1", Section.FINDINGS, "More."),
        DraftProposed((), (), (drafted("s9"),), ()),
    ],
)
def test_signed_words_stay_as_they_are_during_an_addendum(act: Act) -> None:
    events = after(signature(), AddendumStarted(), start=reviewed_events())

    with pytest.raises(SafetyGateError, match="signed words"):
        apply(fold(events), act)


def test_an_addendum_adds_words_and_is_signed_in_turn() -> None:
    words = StatementAdded("h1", Section.ADDENDUM, "More.")
    acts = (signature(), AddendumStarted(), words, signature(Meaning.ADDENDUM))

    document = fold(after(*acts, start=reviewed_events()))

    assert document.status is ReportStatus.ADDENDUM
    assert "h1" in document.signed_ids
    assert len(document.signatures) == 2


def test_there_is_no_addendum_to_what_is_not_signed() -> None:
    with pytest.raises(SafetyGateError, match="nothing to add"):
        fold(after(AddendumStarted()))


def test_a_statement_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(KeyError):
        fold(draft_events()).statement("nope")


def test_an_act_of_no_known_kind_is_never_passed_over_in_silence() -> None:
    with pytest.raises(AssertionError, match="unreachable"):
        apply(fold(draft_events()), object())  # type: ignore[arg-type]  # of a later version
