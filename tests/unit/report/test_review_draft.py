"""A review applies all of its decisions or none, and names every problem at once."""

from __future__ import annotations

import pytest

from tests.support.reports import AT, StillClock, draft_events, drafted, reviewed_events
from workstation.core.errors import InputRefusedError
from workstation.report.document import Answer, Meaning, Section, Signature, StatementStatus
from workstation.report.events import Event, ReportSigned, fold
from workstation.services.review_draft import ReviewOutcome, review

QUESTION = drafted("q1", "Is there a nodule in the left upper lobe?", facts=())


def reviewed(decisions: object, events: tuple[Event, ...] | None = None) -> ReviewOutcome:
    base = draft_events(questions=(QUESTION,)) if events is None else events
    return review(
        base,
        decisions,  # type: ignore[arg-type]  # what a file may hold
        user="Rita Reader",
        clock=StillClock(),
    )


def test_each_action_does_what_it_says() -> None:
    outcome = reviewed(
        {
            "decisions": [
                {"statement": "s1", "action": "edit", "text": "Small right effusion."},
                {"statement": "s2", "action": "reject"},
            ],
            "add": [{"section": "impression", "text": "Effusion, likely cardiac."}],
        }
    )

    first, second, third = outcome.document.statements
    assert (first.status, first.text) == (StatementStatus.EDITED, "Small right effusion.")
    assert second.status is StatementStatus.REJECTED
    assert (third.section, third.status) == (Section.IMPRESSION, StatementStatus.ACCEPTED)
    assert outcome.open_statements == ()
    assert outcome.open_questions == ("q1",)
    assert {event.by for event in outcome.events[2:]} == {"Rita Reader"}


def test_what_is_not_decided_stays_open() -> None:
    outcome = reviewed({"decisions": [{"statement": "s2", "action": "accept"}]})

    assert [s.statement_id for s in outcome.open_statements] == ["s1"]
    assert outcome.decided == ("s2",)


@pytest.mark.parametrize(
    ("action", "answer"), [("accept", Answer.YES), ("reject", Answer.NO), ("edit", Answer.YES)]
)
def test_a_question_is_answered(action: str, answer: Answer) -> None:
    text = {"text": "Nodule of the left upper lobe."} if action == "edit" else {}

    outcome = reviewed({"decisions": [{"statement": "q1", "action": action, **text}]})

    own = [s for s in outcome.document.statements if not s.is_drafted]
    assert outcome.document.questions[0].answer is answer
    assert [s.text for s in own] == list(text.values())
    assert outcome.open_questions == ()


def test_every_problem_is_named_and_nothing_is_applied() -> None:
    decisions = {
        "decisions": [
            {"statement": "s1", "action": "accept"},
            {"statement": "s99", "action": "accept"},
            {"statement": "s2", "action": "approve"},
            {"statement": "s2", "action": "edit", "text": "  "},
            "s1",
        ],
        "add": [{"section": "summary", "text": "x"}, {"section": "findings"}],
        "extra": 1,
    }
    events = draft_events(questions=(QUESTION,))

    with pytest.raises(InputRefusedError) as refused:
        reviewed(decisions, events)

    for part in ("s99", "approve", "an edit needs its text", "decision 5", "summary", "addition 2"):
        assert part in refused.value.why
    assert "'extra' is not known" in refused.value.why
    assert fold(events).open_statements == fold(draft_events()).open_statements


@pytest.mark.parametrize(
    "decisions",
    [
        [],
        {"decisions": {}},
        {"add": "text"},
        {"decisions": [{}]},
        {"decisions": [{"statement": "s1", "action": "accept", "text": 5}]},
        {"decisions": [{"statement": "s1", "action": "accept"}] * 2},
        {"add": [5]},
    ],
)
def test_what_is_no_list_of_decisions_is_refused(decisions: object) -> None:
    with pytest.raises(InputRefusedError):
        reviewed(decisions)


@pytest.mark.parametrize("text", ["half \ud800", "bell \x07", "end \x00"])
def test_words_that_no_file_can_hold_are_refused(text: str) -> None:
    edit = {"decisions": [{"statement": "s1", "action": "edit", "text": text}]}
    add = {"add": [{"section": "findings", "text": text}]}

    for decisions in (edit, add):
        with pytest.raises(InputRefusedError, match="control characters"):
            reviewed(decisions)


def test_a_section_that_is_no_word_is_named() -> None:
    with pytest.raises(InputRefusedError, match="is not one of"):
        reviewed({"add": [{"section": ["findings"], "text": "x"}]})


def test_no_decisions_change_nothing() -> None:
    events = draft_events()

    assert reviewed({}, events).events == events


def test_a_review_without_a_name_is_refused() -> None:
    with pytest.raises(InputRefusedError, match="name"):
        review(draft_events(), {}, user=" ", clock=StillClock())


def test_a_reviewer_whose_name_no_file_can_hold_is_refused() -> None:
    with pytest.raises(InputRefusedError, match="name cannot be written"):
        review(draft_events(), {}, user="Rita\x07Reader", clock=StillClock())


def test_a_second_review_may_change_a_decision() -> None:
    first = reviewed({"decisions": [{"statement": "s1", "action": "reject"}]})

    second = reviewed({"decisions": [{"statement": "s1", "action": "accept"}]}, first.events)

    assert second.document.statement("s1").status is StatementStatus.ACCEPTED


def test_ids_of_added_sentences_are_new() -> None:
    add = {
        "add": [{"section": "findings", "text": "One."}, {"section": "findings", "text": "Two."}]
    }

    first = reviewed(add)
    second = reviewed(add, first.events)

    assert len({*first.added, *second.added}) == 4


def signed() -> tuple[Event, ...]:
    signature = Signature("Rita Reader", "", AT, Meaning.FINAL, "0" * 64)
    return (*reviewed_events(), Event(ReportSigned(signature), "Rita Reader", AT))


def test_signed_words_cannot_be_decided_again() -> None:
    with pytest.raises(InputRefusedError, match="signed"):
        reviewed({"decisions": [{"statement": "s1", "action": "reject"}]}, signed())


def test_words_added_to_a_signed_report_begin_an_addendum() -> None:
    outcome = reviewed({"add": [{"section": "addendum", "text": "Older CT compared."}]}, signed())

    assert not outcome.document.is_signed
    assert outcome.document.in_section(Section.ADDENDUM)[0].text == "Older CT compared."


def test_a_signed_report_takes_words_only_in_the_addendum() -> None:
    with pytest.raises(InputRefusedError, match="addendum"):
        reviewed({"add": [{"section": "findings", "text": "More."}]}, signed())
