"""The editing session: gates, undo over an append-only history, what is not saved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.reports import PACK, StillClock, a_series, a_study, evidence
from workstation.core.errors import SafetyGateError
from workstation.core.provenance import Origin, OriginKind
from workstation.report.document import Answer, Section, Statement, StatementStatus
from workstation.report.events import DraftProposed, fold
from workstation.services.edit_report import EditingSession, needs_evidence_first, start_events

MODEL = Origin(OriginKind.MODEL, PACK)


def a_session() -> EditingSession:
    study, clock = a_study(), StillClock()
    events = start_events(study, (a_series(study),), by="Reader", clock=clock)
    session = EditingSession(events, by="Reader", clock=clock, saved=0)
    found = Statement("s1", Section.FINDINGS, "Effusion.", MODEL, evidence=(evidence(),))
    plain = Statement("s2", Section.TECHNIQUE, "CT.", Origin(OriginKind.TEMPLATE))
    asked = Statement("q1", Section.FINDINGS, "A nodule?", MODEL, evidence=(evidence(),))
    session.propose(DraftProposed((PACK,), (), (found, plain), (asked,)))
    return session


def status(session: EditingSession, statement_id: str) -> StatementStatus:
    return session.document.value.statement(statement_id).status


def test_a_statement_cannot_be_accepted_before_its_evidence_was_on_screen() -> None:
    session = a_session()

    with pytest.raises(SafetyGateError, match="evidence"):
        session.accept("s1")

    assert status(session, "s1") is StatementStatus.PROPOSED


def test_a_statement_is_accepted_after_its_evidence_was_on_screen() -> None:
    session = a_session()
    session.show_evidence("s1")

    session.accept("s1")

    assert status(session, "s1") is StatementStatus.ACCEPTED


def test_a_statement_without_evidence_needs_none() -> None:
    document = a_session().document.value

    assert not needs_evidence_first(document, document.statement("s2"))


def test_opening_a_sentence_and_changing_nothing_decides_nothing() -> None:
    session = a_session()

    session.edit("s1", "Effusion.")

    assert status(session, "s1") is StatementStatus.PROPOSED


def test_a_sentence_typed_back_to_what_was_proposed_is_open_again() -> None:
    session = a_session()
    session.edit("s1", "Effusion, small.")

    session.edit("s1", "Effusion.")

    assert status(session, "s1") is StatementStatus.PROPOSED


def test_typing_is_one_step_of_undo() -> None:
    session = a_session()
    for words in ("Small", "Small effusion", "Small effusion on the right."):
        session.edit("s1", words)
    session.close_step()

    session.undo()

    assert session.document.value.statement("s1").text == "Effusion."
    assert status(session, "s1") is StatementStatus.PROPOSED


def test_undo_and_redo_of_a_sentence_of_ones_own() -> None:
    session = a_session()
    own = session.add(Section.IMPRESSION, "No acute finding.")

    session.undo()
    assert status(session, own) is StatementStatus.REJECTED

    session.redo()
    assert status(session, own) is StatementStatus.ACCEPTED
    assert session.document.value.statement(own).text == "No acute finding."


def test_undo_of_an_answer() -> None:
    session = a_session()
    session.answer("q1", Answer.NO)

    session.undo()
    assert session.document.value.questions[0].answer is None

    session.redo()
    assert session.document.value.questions[0].answer is Answer.NO


def test_what_is_not_saved_yet_is_what_came_after_the_last_saving() -> None:
    session = a_session()
    session.mark_saved(len(session.unsaved))

    session.reject("s2")

    assert len(session.unsaved) == 1
    assert fold(session.events) == session.document.value


def test_a_signed_report_that_changed_meanwhile_is_not_taken_over() -> None:
    session = a_session()
    before = session.events
    session.reject("s2")

    with pytest.raises(SafetyGateError, match="changed while"):
        session.take_signed(before)


ACTS = st.sampled_from(["accept", "edit", "reject", "reopen", "answer"])


@given(st.lists(ACTS, max_size=8))
def test_undoing_everything_leads_back_and_redoing_leads_forth(acts: list[str]) -> None:
    session = a_session()
    session.show_evidence("s1")
    start = session.document.value
    for number, act in enumerate(acts):
        session.close_step()
        match act:
            case "accept":
                session.accept("s1")
            case "edit":
                session.edit("s1", f"Words {number}.")
            case "reject":
                session.reject("s1")
            case "reopen":
                session.reopen("s1")
            case _:
                session.answer("q1", list(Answer)[number % 3])
    end = session.document.value

    while session.can_undo:
        session.undo()
    assert session.document.value == start

    while session.can_redo:
        session.redo()
    assert session.document.value == end
