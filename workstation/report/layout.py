"""A report as blocks of words in reading order: PDF, plain text, FHIR and HL7 all say these.

One document gives one layout, so every readable form carries the same sentences, marks, AI share
and signatures. Identity stays wrapped (Phi) until a form prints it.

Source: 21 CFR 11.50 (printed name, date and time, meaning, in every readable form).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from workstation.core.phi import Phi
from workstation.core.provenance import OriginKind, PackRef
from workstation.report.canonical import document_sha256
from workstation.report.document import (
    Meaning,
    ReportDocument,
    Section,
    Signature,
    Statement,
    StatementStatus,
)

TITLE = "Diagnostic Imaging Report"
"""Code meaning of (18748-4, LN) in PS3.16 CID 7000."""

NOT_SIGNED = "PRELIMINARY - NOT SIGNED"
"""Stands on every page of every copy whose words no valid signature covers."""

RELEASED_PRELIMINARY = "PRELIMINARY REPORT"
"""Stands on a copy that was signed as preliminary; a final one is still to come."""

INTENDED_USE = "Prelim is not a cleared medical device; for research and evaluation."
"""Printed at the foot of each page; DESIGN section 1 and the README say the same."""

UNREVIEWED = "AI draft, not reviewed"
"""Mark of a drafted sentence that no person has taken over."""

DIGEST_LETTERS = 12
"""Letters of a pack digest that are printed: 48 bits tell packs apart; the SR holds all of it."""


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the head: a label and a value that identifies the patient or study."""

    label: str
    value: Phi[str]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One statement as it is printed.

    Attributes:
        statement_id: of the statement.
        text: its words, unchanged.
        mark: what a reader must know about it (not reviewed); empty for words taken over.
    """

    statement_id: str
    text: str
    mark: str = ""

    @property
    def marked(self) -> str:
        """The words with their mark in square brackets."""
        return f"{self.text} [{self.mark}]" if self.mark else self.text


@dataclass(frozen=True, slots=True)
class SectionBlock:
    """A heading and its sentences in order."""

    section: Section
    sentences: tuple[Sentence, ...]

    @property
    def title(self) -> str:
        """The heading a person reads."""
        return self.section.title


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """A signature in words: who, when with zone, what it means."""

    signer: str
    organization: str
    signed_at: str
    meaning: Meaning
    is_current: bool

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines that are printed."""
        who = f"{self.signer}, {self.organization}" if self.organization else self.signer
        lines = (
            f"Electronically signed by: {who}",
            f"Date and time: {self.signed_at}",
            f"Meaning of signature: {self.meaning.value}",
        )
        return lines if self.is_current else (*lines, "Later words are not covered by it")


@dataclass(frozen=True, slots=True)
class ReportLayout:
    """Everything a readable form prints, in order.

    Attributes:
        title: of the document.
        notice: what stands on each page of a copy that is not final; else empty.
        fields: identity of patient and study; empty ones are left out.
        sections: headings with sentences; empty ones are left out.
        ai_share: lines that say which packs took part and what became of their sentences.
        signatures: oldest first.
        report_id: of ours.
    """

    title: str
    notice: str
    fields: tuple[Field, ...]
    sections: tuple[SectionBlock, ...]
    ai_share: tuple[str, ...]
    signatures: tuple[SignatureBlock, ...]
    report_id: str

    @property
    def current_signature(self) -> SignatureBlock | None:
        """The last signature, where it covers the words as they stand; else None."""
        last = self.signatures[-1] if self.signatures else None
        return last if last is not None and last.is_current else None

    @property
    def earlier_signatures(self) -> tuple[SignatureBlock, ...]:
        """Every signature but the current one, oldest first."""
        return self.signatures[:-1] if self.current_signature else self.signatures

    def sentences(self) -> Iterator[Sentence]:
        """Give each sentence in reading order."""
        for block in self.sections:
            yield from block.sentences


def layout(document: ReportDocument) -> ReportLayout:
    """Return the blocks of a document. A copy that is not signed also shows what is proposed."""
    current = current_signature(document)
    return ReportLayout(
        title=TITLE,
        notice=_notice(current),
        fields=_fields(document),
        sections=_sections(document),
        ai_share=_ai_share(document, current),
        signatures=tuple(
            SignatureBlock(
                s.signer,
                s.organization,
                readable_time(s.signed_at),
                s.meaning,
                _covers(document, s),
            )
            for s in document.signatures
        ),
        report_id=document.report_id,
    )


def current_signature(document: ReportDocument) -> Signature | None:
    """Return the signature that covers the words as they stand now; None where none does."""
    if not document.signatures:
        return None
    last = document.signatures[-1]
    return last if last.document_sha256 == document_sha256(document) else None


def readable_name(name: str) -> str:
    """Return a DICOM person name as a person reads it; PS3.5 6.2.1.

    ``family^given^middle^prefix^suffix`` becomes ``Family, Prefix Given Middle, Suffix``; an
    ideographic group follows in parentheses.
    """
    groups = [_readable_group(group) for group in name.split("=")[:2]]
    latin, other = groups[0], groups[1] if len(groups) > 1 else ""
    if latin and other:
        return f"{latin} ({other})"
    return latin or other


def readable_date(date: str) -> str:
    """Return a DICOM date (YYYYMMDD) as ISO 8601; other text as it is."""
    if len(date) == 8 and date.isdigit():
        return f"{date[:4]}-{date[4:6]}-{date[6:]}"
    return date


def readable_time(moment: str) -> str:
    """Return an ISO 8601 moment as ``2026-03-01 14:05:33 +01:00``; seconds and zone always show."""
    parsed = datetime.fromisoformat(moment)
    zone = parsed.strftime("%z") or "+0000"
    return f"{parsed:%Y-%m-%d %H:%M:%S} UTC{zone[:3]}:{zone[3:5]}"


def pack_words(pack: PackRef) -> str:
    """Return a pack as it is printed: id, version and the first letters of its digest."""
    return f"{pack.pack_id} {pack.version} (sha256 {pack.digest[:DIGEST_LETTERS]})"


def _readable_group(group: str) -> str:
    family, given, middle, prefix, suffix = [*group.split("^"), "", "", "", "", ""][:5]
    rest = " ".join(filter(None, (prefix.strip(), given.strip(), middle.strip())))
    return ", ".join(filter(None, (family.strip(), rest, suffix.strip())))


def _notice(current: Signature | None) -> str:
    if current is None:
        return NOT_SIGNED
    return RELEASED_PRELIMINARY if current.meaning is Meaning.PRELIMINARY else ""


def _covers(document: ReportDocument, signature: Signature) -> bool:
    return document.is_signed or signature is current_signature(document)


def _fields(document: ReportDocument) -> tuple[Field, ...]:
    study, patient = document.study, document.study.patient
    sex = {"M": "male", "F": "female", "O": "other"}.get(patient.sex, patient.sex)
    read = ", ".join(
        dict.fromkeys(
            " ".join(filter(None, (s.identity.modality, s.identity.description)))
            for s in document.series
        )
    )
    values = (
        ("Patient", readable_name(patient.name.reveal())),
        ("Patient ID", patient.patient_id.reveal()),
        ("Birth date", readable_date(patient.birth_date.reveal())),
        ("Sex", sex),
        ("Accession number", study.accession_number.reveal()),
        ("Study date", readable_date(study.study_date)),
        ("Study", study.description),
        ("Series read", read),
        ("Referred by", readable_name(study.referring_physician.reveal())),
    )
    return tuple(Field(label, Phi(value)) for label, value in values if value.strip())


def _sections(document: ReportDocument) -> tuple[SectionBlock, ...]:
    blocks = []
    for section in Section:
        sentences = tuple(
            _sentence(s) for s in document.in_section(section) if s.is_in_report or s.is_open
        )
        if sentences:
            blocks.append(SectionBlock(section, sentences))
    return tuple(blocks)


def _sentence(statement: Statement) -> Sentence:
    mark = UNREVIEWED if statement.is_open else ""
    return Sentence(statement.statement_id, statement.text, mark)


def _ai_share(document: ReportDocument, current: Signature | None) -> tuple[str, ...]:
    drafted = [s for s in document.statements if s.origin.kind is not OriginKind.HUMAN]
    if not document.packs and not drafted:
        return ()
    lines = []
    if document.packs:
        lines.append("AI-assisted draft: " + ", ".join(pack_words(p) for p in document.packs) + ".")
    lines.append(_tally(document, drafted))
    signer = document.signatures[-1].signer if current else ""
    lines.append(f"Reviewed and edited by {signer}." if signer else "Not yet reviewed and signed.")
    return tuple(lines)


def _tally(document: ReportDocument, drafted: list[Statement]) -> str:
    def count(status: StatementStatus) -> int:
        return sum(s.status is status for s in drafted)

    parts = [
        f"{count(StatementStatus.ACCEPTED)} taken over as drafted",
        f"{count(StatementStatus.EDITED)} edited",
        f"{count(StatementStatus.REJECTED)} rejected",
    ]
    if count(StatementStatus.PROPOSED):
        parts.append(f"{count(StatementStatus.PROPOSED)} not reviewed")
    written = len(document.statements) - len(drafted)
    parts.append(f"{written} written by the reader")
    return f"Drafted sentences: {len(drafted)} ({', '.join(parts[:-1])}); {parts[-1]}."
