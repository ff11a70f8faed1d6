"""Give a report away in other people's formats; copies that are not signed say so.

The signed SR and PDF are made once, at signing, and are handed on as they are: another object
with the same identity but without its signature must never exist. Text, FHIR, HL7 and JSON are
made anew from the same layout, so all say the same.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

from workstation.core.clock import Clock
from workstation.core.errors import InputRefusedError, SafetyGateError
from workstation.exchange.fhir import report_fhir
from workstation.exchange.hl7v2 import report_hl7
from workstation.exchange.text import report_text
from workstation.report.document import ReportDocument
from workstation.report.events import Event, fold
from workstation.report.layout import current_signature, layout
from workstation.services.ports import ReportPrinter
from workstation.services.report_files import load_report, report_file_bytes, write_all
from workstation.services.sign_report import JSON_NAME, PDF_NAME, SR_NAME, program_version
from workstation.services.verify_signatures import require_all_hold, verify


class ExportKind(Enum):
    """Formats of a report; the values are those of the command line."""

    SR = "sr"
    PDF = "pdf"
    FHIR = "fhir"
    HL7 = "hl7"
    TEXT = "txt"
    JSON = "json"
    PDF_IN_DICOM = "pdf-dicom"


NAMES: dict[ExportKind, str] = {
    ExportKind.SR: SR_NAME,
    ExportKind.PDF: PDF_NAME,
    ExportKind.FHIR: "report.fhir.json",
    ExportKind.HL7: "report.hl7",
    ExportKind.TEXT: "report.txt",
    ExportKind.JSON: JSON_NAME,
    ExportKind.PDF_IN_DICOM: "report.pdf.dcm",
}
"""File name per format."""


@dataclass(frozen=True, slots=True)
class ExportedReport:
    """What an export wrote.

    Attributes:
        files: path per format, in the order asked for.
        is_signed: whether a signature covers the words that were exported.
    """

    files: tuple[tuple[ExportKind, Path], ...]
    is_signed: bool


def parse_kinds(text: str) -> tuple[ExportKind, ...]:
    """Return the formats of a list as ``sr,pdf,txt``.

    Raises:
        InputRefusedError: one is not known, or there is none.
    """
    names = [name.strip().casefold() for name in text.split(",") if name.strip()]
    known = {kind.value: kind for kind in ExportKind}
    wrong = [name for name in names if name not in known]
    if wrong or not names:
        raise InputRefusedError(
            "The report cannot be exported so",
            why=f"not known: {', '.join(wrong)}" if wrong else "no format was named",
            todo=f"Choose from {', '.join(known)}",
        )
    return tuple(dict.fromkeys(known[name] for name in names))


def export(
    events: tuple[Event, ...],
    kinds: Iterable[ExportKind],
    *,
    out: Path,
    clock: Clock,
    printer: ReportPrinter,
    originals: Path | None = None,
) -> ExportedReport:
    """Write a report in each format asked for.

    Args:
        events: the report.
        kinds: formats.
        out: folder; made where absent.
        clock: says when the copies were made.
        printer: makes the PDF of an unsigned copy.
        originals: folder in which signing left report.dcm and report.pdf; needed for the SR
            and PDF of a signed report.

    Raises:
        InputRefusedError: the folder cannot be written, or the signed originals are missing.
        SafetyGateError: a signed original does not verify, or a signed report would be
            overwritten by an unsigned copy.
    """
    document = fold(events)
    _require_no_signed(out, document)
    copies = _Copies(document, events, clock.now(), printer, originals)
    made = [(kind, copies.bytes_of(kind)) for kind in dict.fromkeys(kinds)]
    write_all({out / NAMES[kind]: data for kind, data in made})
    files = tuple((kind, out / NAMES[kind]) for kind, _ in made)
    return ExportedReport(files, is_signed=current_signature(document) is not None)


@dataclass(frozen=True, slots=True)
class _Copies:
    """The bytes of a report in each format."""

    document: ReportDocument
    events: tuple[Event, ...]
    made_at: datetime
    printer: ReportPrinter
    originals: Path | None

    def bytes_of(self, kind: ExportKind) -> bytes:  # noqa: PLR0911 one branch per format
        """Return one format."""
        match kind:
            case ExportKind.SR:
                return self._original(SR_NAME) if self._is_signed else self._sr()
            case ExportKind.PDF:
                return self._pdf()
            case ExportKind.FHIR:
                return report_fhir(self.document, made_at=self.made_at).encode("utf-8")
            case ExportKind.HL7:
                return report_hl7(self.document, made_at=self.made_at).encode("utf-8")
            case ExportKind.TEXT:
                return report_text(layout(self.document)).encode("utf-8")
            case ExportKind.JSON:
                return report_file_bytes(self.events)
            case ExportKind.PDF_IN_DICOM:
                return self._pdf_in_dicom()

    @property
    def _is_signed(self) -> bool:
        return current_signature(self.document) is not None

    def _sr(self) -> bytes:
        # highdicom takes most of a second to import and only signing and export need it
        from workstation.dicom.structured_report import (
            SoftwareIdentity,
            build_report_sr,
            to_bytes,
        )

        software = SoftwareIdentity(program_version())
        return to_bytes(build_report_sr(self.document, made_at=self.made_at, software=software))

    def _pdf(self) -> bytes:
        if self._is_signed:
            return self._original(PDF_NAME)
        with tempfile.TemporaryDirectory(prefix="prelim-") as folder:
            path = Path(folder) / PDF_NAME
            self.printer.print_pdf(self.document, path)
            return path.read_bytes()

    def _pdf_in_dicom(self) -> bytes:
        # as for the SR: highdicom is imported only here
        from workstation.dicom.encapsulated_pdf import build_encapsulated_pdf
        from workstation.dicom.structured_report import SoftwareIdentity, to_bytes

        software = SoftwareIdentity(program_version())
        made = build_encapsulated_pdf(
            self.document, self._pdf(), made_at=self.made_at, software=software
        )
        return to_bytes(made)

    def _original(self, name: str) -> bytes:
        """Return a file as signing made it, after looking at its signature and its report."""
        path = (self.originals or Path()) / name
        signed = self.originals and self.originals / JSON_NAME
        if self.originals is None or not path.is_file() or not signed or not signed.is_file():
            raise InputRefusedError(
                "The signed document is not here",
                why=f"{name} is made once, at signing, and cannot be made again",
                todo="Name the folder that prelim sign wrote",
            )
        if fold(load_report(signed)).signatures != self.document.signatures:
            raise SafetyGateError(
                "The signed documents in this folder are not of this report",
                todo="Name the folder that signing this report wrote",
            )
        require_all_hold(verify([path]))
        return path.read_bytes()


def _require_no_signed(out: Path, document: ReportDocument) -> None:
    """Refuse to write over the files of a signature that this copy does not carry."""
    if not (out / JSON_NAME).is_file():
        return
    there = fold(load_report(out / JSON_NAME))
    if there.signatures and there.signatures != document.signatures:
        raise SafetyGateError(
            "The report cannot be exported to this folder",
            why="it holds a signed report, which is never overwritten",
            todo="Choose another folder",
        )
