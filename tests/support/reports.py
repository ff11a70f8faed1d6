"""Factories of reports: one chest CT with a draft, its decisions, and a clock that stands still."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from tests.support.canary import CANARY, CANARY_ID
from workstation.core.finding import Evidence, Fact, Region, RegionKind, Side
from workstation.core.identity import PatientIdentity, SeriesIdentity, StudyIdentity
from workstation.core.phi import Phi
from workstation.core.provenance import Origin, OriginKind, PackRef
from workstation.report.document import ReadSeries, Section, Statement
from workstation.report.events import (
    Act,
    DraftProposed,
    Event,
    ReportStarted,
    StatementAccepted,
    StatementAdded,
)

STUDY_UID = "1.2.826.0.1.3680043.8.498.1"
SERIES_UID = STUDY_UID + ".2"
CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2"
INSTANCE_UIDS = tuple(f"{SERIES_UID}.{number}" for number in range(1, 31))
PACK = PackRef("ct-chest-draft", "1.0.0", "c0ffee" * 10 + "c0ff")
AT = "2025-03-01T14:05:33+01:00"

UMLAUTS = "Kleiner Pleuraerguß rechts, größer als im Vorbefund – Übergröße."
HINDI = "दाहिने फेफड़े में थोड़ा तरल पदार्थ है।"
ARABIC = "انصباب جنبي أيمن صغير."


@dataclass
class StillClock:
    """A clock that shows one moment."""

    moment: datetime = datetime(2025, 3, 1, 14, 5, 33, tzinfo=timezone(timedelta(hours=1)))

    def now(self) -> datetime:
        return self.moment


def a_study(**changes: object) -> StudyIdentity:
    """Return the identity of the canary's chest CT; ``sex``, ``birth_date``, ``age`` may change."""
    patient = PatientIdentity(
        name=Phi(CANARY),
        patient_id=Phi(CANARY_ID),
        birth_date=Phi(str(changes.get("birth_date", "19700315"))),
        sex=str(changes.get("sex", "F")),
        age=str(changes.get("age", "")),
    )
    return StudyIdentity(
        study_uid=STUDY_UID,
        patient=patient,
        accession_number=Phi("ACC77"),
        study_id=Phi("S1"),
        study_date="20250301",
        study_time="101010",
        description="CT chest with contrast",
        referring_physician=Phi("Referrer^Rolf"),
    )


def a_series(study: StudyIdentity) -> ReadSeries:
    """Return the one series of that study."""
    identity = SeriesIdentity(SERIES_UID, study, "CT", "Lung 1.0")
    return ReadSeries(identity, CT_IMAGE_STORAGE, INSTANCE_UIDS)


def evidence(first: int = 5, last: int = 12) -> Evidence:
    """Return evidence on some slices."""
    region = Region(RegionKind.MASK, (12.5, -30.0, 104.0), (60.0, 40.0, 35.0))
    return Evidence(SERIES_UID, INSTANCE_UIDS[first:last], region)


def a_fact(fact_id: str = "f1", **changes: object) -> Fact:
    """Return a fact: a right pleural effusion of 120.4 ml, unless changed."""
    base = Fact(
        fact_id,
        "pleural effusion",
        "pleural space",
        Side.RIGHT,
        value=120.4,
        unit="ml",
        evidence=(evidence(),),
        is_present=True,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def drafted(
    statement_id: str = "s1",
    text: str = "Right pleural effusion of 120 ml.",
    *,
    section: Section = Section.FINDINGS,
    facts: tuple[str, ...] = ("f1",),
    kind: OriginKind = OriginKind.MODEL,
) -> Statement:
    """Return a proposed statement of a draft."""
    pack = PACK if kind is OriginKind.MODEL else None
    return Statement(
        statement_id,
        section,
        text,
        Origin(kind, pack),
        fact_ids=facts,
        evidence=(evidence(),) if facts else (),
        confidence=0.9,
        drafted_text=text,
    )


def draft_events(
    statements: tuple[Statement, ...] | None = None,
    *,
    facts: tuple[Fact, ...] | None = None,
    questions: tuple[Statement, ...] = (),
    study: StudyIdentity | None = None,
    acts: tuple[Act, ...] = (),
) -> tuple[Event, ...]:
    """Return a report with a draft; by default one finding and one impression, both open."""
    study = study or a_study()
    if statements is None:
        impression = drafted("s2", "Right pleural effusion.", section=Section.IMPRESSION)
        statements = (drafted(), impression)
    proposed = DraftProposed(
        (PACK,), (a_fact(),) if facts is None else facts, statements, questions
    )
    started = ReportStarted("6f9619ff-8b86-d011-b42d-00cf4fc964ff", study, (a_series(study),))
    return tuple(Event(act, "prelim", AT) for act in (started, proposed, *acts))


def reviewed_events(*own: tuple[Section, str]) -> tuple[Event, ...]:
    """Return the default draft with all accepted, and sentences of the reader's own behind it."""
    acts: list[Act] = [StatementAccepted("s1"), StatementAccepted("s2")]
    acts += [StatementAdded(f"h{n}", section, text) for n, (section, text) in enumerate(own)]
    return (*draft_events(), *(Event(act, "Rita Reader", AT) for act in acts))


def every_script() -> tuple[Event, ...]:
    """Return a reviewed report with umlauts, Hindi and Arabic."""
    return reviewed_events(
        (Section.FINDINGS, UMLAUTS), (Section.FINDINGS, HINDI), (Section.IMPRESSION, ARABIC)
    )
