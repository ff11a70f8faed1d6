"""Canonical bytes: the same report gives the same bytes, and events come back as they were."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.reports import AT, a_fact, draft_events, drafted, every_script, reviewed_events
from workstation.core.errors import InputRefusedError
from workstation.core.finding import Fact, Side
from workstation.report.canonical import (
    canonical_bytes,
    document_sha256,
    events_from_json,
    events_to_json,
    from_plain,
)
from workstation.report.document import Answer, Meaning, Section, Signature
from workstation.report.events import (
    AddendumStarted,
    Event,
    EvidenceShown,
    QuestionAnswered,
    ReportSigned,
    StatementAccepted,
    StatementAdded,
    StatementEdited,
    StatementRejected,
    StatementReopened,
    fold,
)

TEXTS = st.text(max_size=40).map(lambda text: unicodedata.normalize("NFC", text))
ACTS = st.one_of(
    st.builds(EvidenceShown, st.just("s1")),
    st.builds(StatementAccepted, st.sampled_from(["s1", "s2"])),
    st.builds(StatementRejected, st.sampled_from(["s1", "s2"])),
    st.builds(StatementReopened, st.just("s1")),
    st.builds(StatementEdited, st.just("s2"), TEXTS),
    st.builds(StatementAdded, TEXTS, st.sampled_from(Section), TEXTS),
    st.builds(QuestionAnswered, st.just("q1"), st.sampled_from([*Answer, None])),
    st.builds(
        ReportSigned, st.builds(Signature, TEXTS, TEXTS, TEXTS, st.sampled_from(Meaning), TEXTS)
    ),
    st.just(AddendumStarted()),
)


@given(st.lists(st.builds(Event, ACTS, TEXTS, TEXTS), max_size=8))
def test_events_survive_the_way_through_json(more: list[Event]) -> None:
    events = (*draft_events(questions=(drafted("q1", "?"),)), *more)

    stored = json.loads(json.dumps(events_to_json(events)))

    assert events_from_json(stored) == events


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(Side))
def test_every_number_of_a_fact_comes_back_exactly(value: float, side: Side) -> None:
    events = draft_events(facts=(a_fact(value=value, side=side, uncertainty=None),))

    stored = json.loads(json.dumps(events_to_json(events)))

    assert fold(events_from_json(stored)).facts[0].value == value


def test_the_bytes_are_utf_8_json_with_sorted_keys_and_no_blanks() -> None:
    data = canonical_bytes(fold(every_script()))

    plain = json.loads(data.decode("utf-8"))
    again = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert again.encode("utf-8") == data


def test_composed_and_decomposed_letters_are_the_same_report() -> None:
    composed = fold(reviewed_events((Section.FINDINGS, "Erguß, größer")))
    decomposed = fold(
        reviewed_events((Section.FINDINGS, unicodedata.normalize("NFD", "Erguß, größer")))
    )

    assert document_sha256(composed) == document_sha256(decomposed)


def test_a_signature_and_what_was_looked_at_do_not_change_the_bytes() -> None:
    events = reviewed_events()
    signed = ReportSigned(Signature("R", "", AT, Meaning.FINAL, "0" * 64))
    looked = (*events, Event(EvidenceShown("s1"), "R", AT), Event(signed, "R", AT))

    assert canonical_bytes(fold(looked)) == canonical_bytes(fold(events))


@given(st.integers(0, 1))
def test_one_changed_word_changes_the_digest(which: int) -> None:
    document = fold(reviewed_events())
    statements = list(document.statements)
    statements[which] = replace(statements[which], text=statements[which].text + " ")

    assert document_sha256(replace(document, statements=tuple(statements))) != document_sha256(
        document
    )


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"schema": "prelim-report/2", "events": []},
        {"schema": "prelim-report/1"},
        {"schema": "prelim-report/1", "events": [[]]},
        {"schema": "prelim-report/1", "events": [{"act": {"is": "Nonsense"}, "by": "", "at": ""}]},
        {"schema": "prelim-report/1", "events": [{"act": None, "by": "", "at": ""}]},
        {"schema": "prelim-report/1", "events": [{"by": "", "at": ""}]},
    ],
)
def test_what_is_no_history_is_refused(stored: dict[str, object]) -> None:
    with pytest.raises(InputRefusedError):
        events_from_json(stored)


def test_a_value_of_the_wrong_type_is_refused() -> None:
    with pytest.raises(TypeError):
        from_plain(Fact, {"fact_id": 5, "finding": "x", "anatomy": "y"})
    with pytest.raises(TypeError):
        from_plain(Fact, "text")


def test_a_key_of_a_later_version_is_passed_over() -> None:
    fact = from_plain(Fact, {"fact_id": "f", "finding": "x", "anatomy": "y", "value": 5, "new": 1})

    assert fact == Fact("f", "x", "y", value=5.0)
