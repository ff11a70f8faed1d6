"""One layout for every readable form: sentences, marks, AI share, signatures, identity."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.canary import FAMILY
from tests.support.reports import AT, PACK, draft_events, drafted, reviewed_events
from workstation.core.provenance import OriginKind
from workstation.report.canonical import document_sha256
from workstation.report.document import Meaning, Section, Signature
from workstation.report.events import (
    AddendumStarted,
    Event,
    ReportSigned,
    StatementAdded,
    StatementEdited,
    StatementRejected,
    fold,
)
from workstation.report.layout import (
    NOT_SIGNED,
    RELEASED_PRELIMINARY,
    UNREVIEWED,
    layout,
    readable_date,
    readable_name,
    readable_time,
)


def signed(events: tuple[Event, ...], meaning: Meaning = Meaning.FINAL) -> tuple[Event, ...]:
    sha = document_sha256(fold(events))
    act = ReportSigned(Signature("Rita Reader", "Clinic", AT, meaning, sha))
    return (*events, Event(act, "Rita Reader", AT))


def test_a_draft_shows_what_is_proposed_marked_as_not_reviewed() -> None:
    blocks = layout(fold(draft_events()))

    assert blocks.notice == NOT_SIGNED
    assert [s.mark for s in blocks.sentences()] == [UNREVIEWED, UNREVIEWED]
    assert all(UNREVIEWED in s.marked for s in blocks.sentences())


def test_a_rejected_sentence_is_nowhere() -> None:
    blocks = layout(fold(draft_events(acts=(StatementRejected("s1"),))))

    assert [s.statement_id for s in blocks.sentences()] == ["s2"]


def test_a_final_report_has_no_notice_and_names_its_signer() -> None:
    blocks = layout(fold(signed(reviewed_events())))

    (block,) = blocks.signatures
    assert blocks.notice == ""
    assert block.lines == (
        "Electronically signed by: Rita Reader, Clinic",
        "Date and time: 2025-03-01 14:05:33 UTC+01:00",
        "Meaning of signature: Approved as final report",
    )


def test_a_preliminary_release_says_that_it_is_preliminary() -> None:
    blocks = layout(fold(signed(reviewed_events(), Meaning.PRELIMINARY)))

    assert blocks.notice == RELEASED_PRELIMINARY


def test_words_changed_after_a_preliminary_signature_are_not_signed() -> None:
    released = signed(reviewed_events(), Meaning.PRELIMINARY)
    edit = Event(StatementEdited("s1", "Right effusion, larger."), "Rita Reader", AT)

    blocks = layout(fold((*released, edit)))

    assert blocks.notice == NOT_SIGNED
    assert blocks.signatures[0].lines[-1] == "Later words are not covered by it"


def test_an_addendum_under_way_is_not_signed() -> None:
    more = (
        Event(AddendumStarted(), "Rita", AT),
        Event(StatementAdded("h9", Section.ADDENDUM, "More."), "Rita", AT),
    )

    blocks = layout(fold((*signed(reviewed_events()), *more)))

    assert blocks.notice == NOT_SIGNED
    assert blocks.sections[-1].title == "Addendum"


def test_the_ai_share_names_packs_and_what_became_of_their_sentences() -> None:
    acts = (StatementEdited("s1", "Right effusion."), StatementRejected("s2"))
    own = StatementAdded("h1", Section.IMPRESSION, "Effusion.")
    events = draft_events(acts=(*acts, own))

    share = " ".join(layout(fold(signed(events))).ai_share)

    assert f"{PACK.pack_id} {PACK.version} (sha256 {PACK.digest[:12]})" in share
    assert "Drafted sentences: 2 (0 taken over as drafted, 1 edited, 1 rejected)" in share
    assert "1 written by the reader" in share
    assert "Reviewed and edited by Rita Reader." in share


def test_a_report_without_any_draft_has_no_ai_share() -> None:
    own = drafted("h1", "Words.", facts=(), kind=OriginKind.HUMAN)
    document = replace(fold(draft_events(())), packs=(), facts=(), statements=(own,))

    assert layout(document).ai_share == ()


def test_identity_stays_wrapped_until_it_is_printed() -> None:
    blocks = layout(fold(draft_events()))

    assert FAMILY not in repr(blocks)
    assert blocks.fields[0].value.reveal() == "Zyxcanary, Quorra"


def test_a_tampered_document_is_shown_as_not_signed() -> None:
    document = fold(signed(reviewed_events()))
    other = replace(document.statements[0], text="Left effusion.")
    tampered = replace(document, statements=(other, *document.statements[1:]))

    assert layout(tampered).notice == NOT_SIGNED


@pytest.mark.parametrize(
    ("dicom", "readable"),
    [
        ("Müller^Anna", "Müller, Anna"),
        ("Müller^Anna^Maria^Dr^MD", "Müller, Dr Anna Maria, MD"),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", "Yamada, Tarou (山田, 太郎)"),
        ("=山田^太郎", "山田, 太郎"),
        ("Müller", "Müller"),
        ("", ""),
        ("^^^^", ""),
    ],
)
def test_a_dicom_name_reads_as_people_write_it(dicom: str, readable: str) -> None:
    assert readable_name(dicom) == readable


def test_dates_and_times_are_iso_with_seconds_and_zone() -> None:
    assert readable_date("20250301") == "2025-03-01"
    assert readable_date("unknown") == "unknown"
    assert readable_time("2025-03-01T14:05:33+05:30") == "2025-03-01 14:05:33 UTC+05:30"
    assert readable_time("2025-03-01T14:05:33-03:00") == "2025-03-01 14:05:33 UTC-03:00"
