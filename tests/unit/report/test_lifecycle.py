"""The gates in front of a signature, and which states follow which."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.reports import AT, a_fact, draft_events, drafted, reviewed_events
from workstation.core.errors import InputRefusedError, SafetyGateError
from workstation.report.checks import check
from workstation.report.document import (
    Meaning,
    ReportStatus,
    Section,
    Signature,
    StatementStatus,
)
from workstation.report.events import (
    AddendumStarted,
    Event,
    ReportSigned,
    StatementAccepted,
    StatementAdded,
    StatementRejected,
    fold,
)
from workstation.report.lifecycle import (
    ObstacleKind,
    can_become,
    meanings_allowed,
    require_signable,
    signing_obstacles,
)


def signed(meaning: Meaning = Meaning.FINAL) -> tuple[Event, ...]:
    signature = Signature("Rita Reader", "", AT, meaning, "0" * 64)
    return (*reviewed_events(), Event(ReportSigned(signature), "Rita Reader", AT))


def kinds(events: tuple[Event, ...], meaning: Meaning = Meaning.FINAL) -> set[ObstacleKind]:
    document = fold(events)
    return {each.kind for each in signing_obstacles(document, meaning, check(document))}


def test_a_reviewed_report_may_be_signed_as_final_or_preliminary() -> None:
    assert kinds(reviewed_events()) == set()
    assert kinds(reviewed_events(), Meaning.PRELIMINARY) == set()


def test_an_open_statement_refuses_the_signature_with_exit_code_4() -> None:
    document = fold(draft_events(acts=(StatementAccepted("s1"),)))

    with pytest.raises(SafetyGateError) as refused:
        require_signable(document, Meaning.FINAL, check(document))

    assert refused.value.exit_code == 4
    assert "s2" in str(refused.value)


def test_a_block_of_the_checker_refuses_the_signature_with_exit_code_4() -> None:
    own = StatementAdded("h1", Section.FINDINGS, "The liver is [ ].")
    document = fold((*reviewed_events(), Event(own, "Rita", AT)))

    with pytest.raises(SafetyGateError) as refused:
        require_signable(document, Meaning.FINAL, check(document))

    assert refused.value.exit_code == 4
    assert "h1" in str(refused.value)
    assert "liver" not in str(refused.value)


def test_a_doubt_does_not_refuse_the_signature() -> None:
    document = fold(reviewed_events((Section.FINDINGS, "Tension pneumothorax.")))

    require_signable(document, Meaning.FINAL, check(document))

    assert any(finding.code == "critical-result" for finding in check(document))


def test_an_empty_report_is_refused() -> None:
    document = fold(draft_events((), facts=()))

    with pytest.raises(InputRefusedError, match="no words"):
        require_signable(document, Meaning.FINAL, check(document))


def test_a_report_whose_draft_was_all_rejected_is_empty() -> None:
    events = draft_events(acts=(StatementRejected("s1"), StatementRejected("s2")))

    assert kinds(events) == {ObstacleKind.EMPTY}


def test_a_signed_report_is_not_signed_again() -> None:
    document = fold(signed())

    with pytest.raises(SafetyGateError, match="already signed"):
        require_signable(document, Meaning.FINAL, check(document))


def test_an_addendum_needs_words_and_its_own_meaning() -> None:
    begun = (*signed(), Event(AddendumStarted(), "Rita", AT))
    more = Event(StatementAdded("h9", Section.ADDENDUM, "Older CT compared."), "Rita", AT)

    assert kinds(begun, Meaning.ADDENDUM) == {ObstacleKind.EMPTY}
    assert kinds((*begun, more), Meaning.FINAL) == {ObstacleKind.MEANING}
    assert kinds((*begun, more), Meaning.ADDENDUM) == set()


def test_a_new_report_cannot_be_signed_as_addendum() -> None:
    with pytest.raises(InputRefusedError):
        require_signable(fold(reviewed_events()), Meaning.ADDENDUM, ())


def test_the_meanings_follow_the_state() -> None:
    released = fold(signed(Meaning.PRELIMINARY))
    begun = fold((*signed(), Event(AddendumStarted(), "Rita", AT)))

    assert meanings_allowed(fold(reviewed_events())) == (Meaning.FINAL, Meaning.PRELIMINARY)
    assert meanings_allowed(released) == (Meaning.FINAL, Meaning.PRELIMINARY)
    assert meanings_allowed(fold(signed())) == ()
    assert meanings_allowed(begun) == (Meaning.ADDENDUM,)


def test_a_final_report_never_becomes_preliminary_again() -> None:
    assert not can_become(ReportStatus.FINAL, ReportStatus.PRELIMINARY)
    assert not can_become(ReportStatus.FINAL, ReportStatus.FINAL)
    assert can_become(ReportStatus.PRELIMINARY, ReportStatus.FINAL)
    assert can_become(ReportStatus.FINAL, ReportStatus.DRAFT)


def test_everything_that_stands_in_the_way_is_named_at_once() -> None:
    wrong = drafted(text="Left pleural effusion of 999 ml. [ ]")
    document = fold(draft_events((wrong,), facts=(a_fact(),)))

    obstacles = signing_obstacles(document, Meaning.ADDENDUM, check(document))

    assert {o.kind for o in obstacles} == {
        ObstacleKind.MEANING,
        ObstacleKind.OPEN,
        ObstacleKind.BLOCK,
    }
    assert sum(o.kind is ObstacleKind.BLOCK for o in obstacles) == 3
    with pytest.raises(SafetyGateError) as refused:
        require_signable(document, Meaning.ADDENDUM, check(document))
    assert all(word in refused.value.todo.lower() for word in ("accept", "check", "meaning"))


def test_a_statement_of_blanks_is_no_words() -> None:
    document = fold(draft_events((drafted(text=" "),), facts=()))
    status = StatementStatus.ACCEPTED
    accepted = replace(
        document, statements=tuple(replace(s, status=status) for s in document.statements)
    )

    assert [o.kind for o in signing_obstacles(accepted, Meaning.FINAL, ())] == [ObstacleKind.EMPTY]
