"""The report as one immutable value; screen, PDF, SR and FHIR are functions of it.

No Qt, no DICOM, no SQL here. A document is made only by folding events (report.events).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from workstation.core.finding import Evidence, Fact
from workstation.core.identity import SeriesIdentity, StudyIdentity
from workstation.core.provenance import Origin, OriginKind, PackRef


class Section(Enum):
    """Sections in reading order; the values are those of the contract (DESIGN section 4)."""

    INDICATION = "indication"
    TECHNIQUE = "technique"
    COMPARISON = "comparison"
    FINDINGS = "findings"
    IMPRESSION = "impression"
    ADDENDUM = "addendum"

    @property
    def title(self) -> str:
        """The heading a person reads."""
        return self.value.capitalize()


class StatementStatus(Enum):
    """Whether a person has taken a statement over."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    EDITED = "edited"
    REJECTED = "rejected"


class ReportStatus(Enum):
    """Lifecycle of a report; final is immutable, what comes later is an addendum."""

    DRAFT = "draft"
    PRELIMINARY = "preliminary"
    FINAL = "final"
    ADDENDUM = "addendum"


class Answer(Enum):
    """A reader's answer to a question of the draft."""

    YES = "yes"
    NO = "no"
    CANNOT_TELL = "cannot tell"


class Meaning(Enum):
    """Meaning of a signature, printed with it (21 CFR 11.50)."""

    FINAL = "Approved as final report"
    PRELIMINARY = "Released as preliminary report"
    ADDENDUM = "Approved as addendum"


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of the report, with who wrote it and what supports it.

    Attributes:
        statement_id: unique within the report.
        section: where it stands.
        text: the words as they stand now.
        origin: who or what wrote the first words; an edit does not change it.
        status: proposed until a person decides. A person's own sentence is accepted at once.
        fact_ids: facts that support it.
        evidence: where to look.
        confidence: 0..1 as drafted; 1 for a person's own.
        drafted_text: the words first proposed, kept through edits; "" for a person's own.
    """

    statement_id: str
    section: Section
    text: str
    origin: Origin
    status: StatementStatus = StatementStatus.PROPOSED
    fact_ids: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    confidence: float = 1.0
    drafted_text: str = ""

    @property
    def is_open(self) -> bool:
        """Whether a person still has to accept, edit or reject it."""
        return self.status is StatementStatus.PROPOSED

    @property
    def is_in_report(self) -> bool:
        """Whether its words are part of the report: taken over by a person."""
        return self.status in (StatementStatus.ACCEPTED, StatementStatus.EDITED)

    @property
    def is_drafted(self) -> bool:
        """Whether something other than a person wrote its first words."""
        return self.origin.kind is not OriginKind.HUMAN


@dataclass(frozen=True, slots=True)
class Question:
    """A finding under the threshold, asked apart from the prose."""

    statement: Statement
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class ReadSeries:
    """A series the report is about, as far as documents must cite it.

    Attributes:
        identity: who and what.
        sop_class_uid: SOP Class of its instances.
        instance_uids: its instances, in slice order, each once.
    """

    identity: SeriesIdentity
    sop_class_uid: str
    instance_uids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature as every readable form prints it.

    Attributes:
        signer: printed name.
        organization: of the signer; may be empty.
        signed_at: ISO 8601 with seconds and UTC offset.
        meaning: what the signature says.
        document_sha256: hex digest of the canonical bytes of the document before signing.
        history_sha256: hex digest of every event before the signature; "" where not kept.
        certificate: of the signer, PEM; "" where the signature is only printed.
        seal: RSA signature (base64) over all of the above; report.signing says how.
    """

    signer: str
    organization: str
    signed_at: str
    meaning: Meaning
    document_sha256: str
    history_sha256: str = ""
    certificate: str = ""
    seal: str = ""


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """The whole report at one moment.

    Attributes:
        report_id: a UUID of ours.
        study: patient and study.
        series: series the report is about, first the one drafted from.
        language: BCP 47 tag of the report's words.
        status: lifecycle.
        facts: what was measured or detected; statements point at them.
        statements: in the order they were proposed or written; rejected ones stay.
        questions: apart from the prose.
        packs: packs whose words or facts took part.
        evidence_seen: statement ids whose evidence has been on screen.
        signatures: all, oldest first.
        signed_ids: statements signed as final or addendum; none of them can change any more.
    """

    report_id: str
    study: StudyIdentity
    series: tuple[ReadSeries, ...] = ()
    language: str = "en"
    status: ReportStatus = ReportStatus.DRAFT
    facts: tuple[Fact, ...] = ()
    statements: tuple[Statement, ...] = ()
    questions: tuple[Question, ...] = ()
    packs: tuple[PackRef, ...] = ()
    evidence_seen: frozenset[str] = field(default_factory=frozenset)
    signatures: tuple[Signature, ...] = ()
    signed_ids: frozenset[str] = field(default_factory=frozenset)

    @property
    def open_statements(self) -> tuple[Statement, ...]:
        """Statements a person has not decided on."""
        return tuple(s for s in self.statements if s.is_open)

    @property
    def is_signed(self) -> bool:
        """Whether the present words are signed (final or addendum)."""
        return self.status in (ReportStatus.FINAL, ReportStatus.ADDENDUM)

    def statement(self, statement_id: str) -> Statement:
        """Return one statement by id.

        Raises:
            KeyError: there is none.
        """
        for statement in self.statements:
            if statement.statement_id == statement_id:
                return statement
        raise KeyError(statement_id)

    def in_section(self, section: Section) -> tuple[Statement, ...]:
        """Return the statements of a section, rejected ones included, in order."""
        return tuple(s for s in self.statements if s.section is section)
