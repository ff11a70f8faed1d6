"""Sign a report: the gates, the seal, and the files that leave (SR, PDF, JSON).

Everything is made in memory first; then the files are written whole, report.json last. Nothing
is signed while a statement is open or the checker blocks.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path

from workstation.core.clock import Clock
from workstation.core.errors import InputRefusedError
from workstation.report.checks import check
from workstation.report.document import Meaning, ReportDocument, Signature
from workstation.report.events import Event, ReportSigned, fold
from workstation.report.lifecycle import require_signable
from workstation.report.page import PrintedReport
from workstation.report.signing import sealed_signature
from workstation.services.ports import ReportPrinter
from workstation.services.report_files import (
    load_report,
    report_file_bytes,
    write_all,
)
from workstation.services.signing_identity import (
    NewIdentity,
    UnlockedIdentity,
    create_identity,
    find_identity,
    unlock,
)

SR_NAME, PDF_NAME, JSON_NAME = "report.dcm", "report.pdf", "report.json"


@dataclass(frozen=True, slots=True)
class SignedReport:
    """A signed report and its files.

    Attributes:
        report_dcm, report_pdf, report_json: the files.
        sha256: hex digest of the canonical bytes of the document.
        signature: as it stands in the report.
        events: all events, the signature last.
        certificate: PEM file of the signer, e.g. for ``dcmsign --verify +cf``.
        new_identity: the identity made on this occasion, with its recovery key to show once.
    """

    report_dcm: Path
    report_pdf: Path
    report_json: Path
    sha256: str
    signature: Signature
    events: tuple[Event, ...]
    certificate: Path
    new_identity: NewIdentity | None = None


def sign(  # noqa: PLR0913 who, what, where and the ports of one use case
    events: tuple[Event, ...],
    *,
    user: str,
    organization: str = "",
    passphrase: str,
    identity_folder: Path,
    out: Path,
    meaning: Meaning,
    clock: Clock,
    printer: ReportPrinter,
) -> SignedReport:
    """Sign a report and write report.dcm, report.pdf and report.json.

    A reader without an identity gets one now, locked with this passphrase.

    Args:
        events: the report so far.
        user: printed name of the signer.
        organization: of the signer; may be empty.
        passphrase: of the signer, or the recovery key.
        identity_folder: where identities are kept.
        out: folder for the files; made where absent.
        meaning: what the signature says.
        clock: says when, with the zone.
        printer: makes the PDF.

    Raises:
        SafetyGateError: a statement is open, the checker blocks, it is signed already, or the
            passphrase is wrong.
        InputRefusedError: the report is empty, the meaning does not fit, the folder holds
            another report, or it cannot be written.
    """
    require_ready(events, meaning)
    document = fold(events)
    _require_own_folder(out, document)
    identity, new = _unlocked(
        identity_folder, user=user, organization=organization, passphrase=passphrase, clock=clock
    )
    at = clock.now().isoformat(timespec="seconds")
    signed = _sealed(events, identity, organization=organization, at=at, meaning=meaning)
    document = fold(signed)
    files = {
        SR_NAME: _signed_sr(document, identity),
        PDF_NAME: _signed_pdf(document, identity, printer),
        JSON_NAME: report_file_bytes(signed),
    }
    _keep_earlier(out, document)
    write_all({out / name: data for name, data in files.items()})
    return SignedReport(
        report_dcm=out / SR_NAME,
        report_pdf=out / PDF_NAME,
        report_json=out / JSON_NAME,
        sha256=document.signatures[-1].document_sha256,
        signature=document.signatures[-1],
        events=signed,
        certificate=identity.identity.certificate_path,
        new_identity=new,
    )


def require_ready(events: tuple[Event, ...], meaning: Meaning) -> None:
    """Do nothing where a report may be signed: asked before anybody types a passphrase.

    Raises:
        SafetyGateError: a statement is open, the checker blocks, or it is signed already.
        InputRefusedError: the report is empty, or the meaning does not fit.
    """
    document = fold(events)
    require_signable(document, meaning, check(document))


def program_version() -> str:
    """Return the version of the installed program."""
    try:
        return metadata.version("prelim")
    except metadata.PackageNotFoundError:  # run from a source tree that was never installed
        return "unknown"


def _sealed(
    events: tuple[Event, ...],
    identity: UnlockedIdentity,
    *,
    organization: str,
    at: str,
    meaning: Meaning,
) -> tuple[Event, ...]:
    signature = sealed_signature(
        events,
        signer=identity.identity.user,
        organization=organization or identity.identity.organization,
        signed_at=at,
        meaning=meaning,
        certificate_pem=identity.identity.certificate_pem,
        sign=identity.sign,
    )
    return (*events, Event(ReportSigned(signature), identity.identity.user, at))


def _unlocked(
    folder: Path, *, user: str, organization: str, passphrase: str, clock: Clock
) -> tuple[UnlockedIdentity, NewIdentity | None]:
    identity = find_identity(folder, user)
    if identity is not None:
        return unlock(identity, passphrase), None
    new = create_identity(
        folder, user=user, organization=organization, passphrase=passphrase, clock=clock
    )
    return unlock(new.identity, passphrase), new


def _signed_sr(document: ReportDocument, identity: UnlockedIdentity) -> bytes:
    # highdicom takes most of a second to import and only signing and export need it
    from workstation.dicom.digital_signature import sign_dataset
    from workstation.dicom.structured_report import (
        SoftwareIdentity,
        build_report_sr,
        derived_uid,
        to_bytes,
    )

    signature = document.signatures[-1]
    signed_at = datetime.fromisoformat(signature.signed_at)
    software = SoftwareIdentity(program_version())
    dataset = build_report_sr(document, made_at=signed_at, software=software)
    sign_dataset(
        dataset,
        certificate=identity.certificate,
        sign=identity.sign,
        signed_at=signed_at,
        signature_uid=derived_uid("signature", document.report_id, signature.seal),
    )
    return to_bytes(dataset)


def _signed_pdf(
    document: ReportDocument, identity: UnlockedIdentity, printer: ReportPrinter
) -> bytes:
    # pyHanko takes half a second to import and only signing needs it
    from workstation.printing.pdf_signature import sign_pdf

    signature = document.signatures[-1]
    data, printed = _printed(document, printer)
    return sign_pdf(
        data,
        certificate=identity.certificate,
        sign=identity.sign,
        signer_name=signature.signer,
        organization=signature.organization,
        meaning=signature.meaning.value,
        signed_at=datetime.fromisoformat(signature.signed_at),
        box=printed.signature_box,
    )


def _printed(document: ReportDocument, printer: ReportPrinter) -> tuple[bytes, PrintedReport]:
    with tempfile.TemporaryDirectory(prefix="prelim-") as folder:
        path = Path(folder) / PDF_NAME
        printed = printer.print_pdf(document, path)
        return path.read_bytes(), printed


def _require_own_folder(out: Path, document: ReportDocument) -> None:
    if not (out / JSON_NAME).exists():
        return
    if fold(load_report(out / JSON_NAME)).report_id != document.report_id:
        raise InputRefusedError(
            "The report cannot be written to this folder",
            why="it holds another report",
            todo="Choose another folder",
        )


def _keep_earlier(out: Path, document: ReportDocument) -> None:
    """Move the files of an earlier signature aside: a signed report is never overwritten."""
    if not (out / JSON_NAME).exists():
        return
    earlier = fold(load_report(out / JSON_NAME))
    if not earlier.signatures:
        return
    for name in (SR_NAME, PDF_NAME, JSON_NAME):
        path = out / name
        if path.exists():
            path.rename(out / f"{path.stem}-{len(earlier.signatures)}{path.suffix}")
