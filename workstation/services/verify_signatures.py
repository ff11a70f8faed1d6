"""Say whether the signatures of files hold, and by whom: SR, PDF and report.json.

A file without a signature does not pass: it is told as not signed. Trust is told apart: a
certificate made on this station is known here, another one is only named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workstation.core.errors import InputRefusedError, SafetyGateError
from workstation.report.signing import certificate_sha256, verify_seals
from workstation.services.report_files import is_as_written, load_report
from workstation.services.signing_identity import list_identities

NOT_SIGNED = "not signed"
CHANGED = "the file was changed after signing"


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """Whether the signatures of one file hold.

    Attributes:
        path: the file.
        kind: ``sr``, ``pdf``, ``json`` or ``unknown``.
        is_signed: whether there is any signature.
        holds: there is one, and each of them holds.
        signer: who signed last; empty where nobody did.
        signed_at: ISO 8601 with UTC offset.
        meaning: what the last signature says, as the file has it.
        reason: why it does not hold; empty where it holds.
        certificate_sha256: fingerprint of the last signer's certificate.
        is_known: whether that certificate belongs to an identity of this station; None where
            no folder of identities was given.
    """

    path: Path
    kind: str
    is_signed: bool
    holds: bool
    signer: str = ""
    signed_at: str = ""
    meaning: str = ""
    reason: str = ""
    certificate_sha256: str = ""
    is_known: bool | None = None


@dataclass(frozen=True, slots=True)
class _Signature:
    signer: str
    signed_at: str
    meaning: str
    reason: str
    certificate_sha256: str


def verify(
    paths: Sequence[Path], *, identity_folder: Path | None = None
) -> tuple[FileVerdict, ...]:
    """Return the verdict on each file, in order.

    Args:
        paths: files; a folder stands for the signed files in it.
        identity_folder: identities of this station, to say whether a signer is known.

    Raises:
        InputRefusedError: a path does not exist or cannot be opened.
    """
    known = _known_certificates(identity_folder)
    return tuple(_verdict(file, known) for path in paths for file in _files(path))


def require_all_hold(verdicts: Sequence[FileVerdict]) -> None:
    """Do nothing where every file is signed and every signature holds.

    Raises:
        SafetyGateError: one is tampered with or not signed.
    """
    failed = [verdict for verdict in verdicts if not verdict.holds]
    if failed:
        reasons = "; ".join(dict.fromkeys(f"{each.kind}: {each.reason}" for each in failed))
        raise SafetyGateError(
            f"{len(failed)} of {len(verdicts)} files did not pass",
            why=reasons,
            todo="Use the copy that was made at signing, or ask the signer",
        )


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        found = [path / f"report.{suffix}" for suffix in ("dcm", "pdf", "json")]
        found = [file for file in found if file.is_file()]
        if found:
            return found
    if path.is_file():
        return [path]
    why = "the file does not exist"
    if path.is_dir():
        why = "the folder holds no report.dcm, report.pdf or report.json"
    raise InputRefusedError("There is nothing to verify", why=why, todo="Check its name")


def _verdict(path: Path, known: frozenset[str] | None) -> FileVerdict:
    kind = _kind(path)
    try:
        signatures = _READERS[kind](path) if kind in _READERS else []
    except InputRefusedError as error:
        reason = f"{error.what[:1].lower()}{error.what[1:]} ({error.why or 'damaged'})"
        return FileVerdict(path, kind, is_signed=False, holds=False, reason=reason)
    if not signatures:
        reason = NOT_SIGNED if kind in _READERS else "it is no SR, PDF or report of Prelim"
        return FileVerdict(path, kind, is_signed=False, holds=False, reason=reason)
    last = signatures[-1]
    reason = next((each.reason for each in signatures if each.reason), "")
    return FileVerdict(
        path=path,
        kind=kind,
        is_signed=True,
        holds=not reason,
        signer=last.signer,
        signed_at=last.signed_at,
        meaning=last.meaning,
        reason=reason,
        certificate_sha256=last.certificate_sha256,
        is_known=None if known is None else last.certificate_sha256 in known,
    )


def _kind(path: Path) -> str:
    try:
        with path.open("rb") as file:
            head = file.read(1024)
    except OSError as error:
        raise InputRefusedError(
            "A file cannot be opened", why=error.strerror or type(error).__name__
        ) from error
    if head[128:132] == b"DICM":
        return "sr"
    if b"%PDF-" in head:
        return "pdf"
    return "json" if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else "unknown"


def _sr(path: Path) -> list[_Signature]:
    # pydicom is not needed before a file is verified, and takes a while to import
    from workstation.dicom.digital_signature import verify_file

    return [
        _Signature(s.signer, s.signed_at, s.purpose, s.reason, s.certificate_sha256)
        for s in verify_file(path)
    ]


def _pdf(path: Path) -> list[_Signature]:
    # pyHanko takes half a second to import
    from workstation.printing.pdf_signature import verify_pdf

    return [
        _Signature(s.signer, s.signed_at, s.reason_given, s.reason, s.certificate_sha256)
        for s in verify_pdf(path)
    ]


def _json(path: Path) -> list[_Signature]:
    found = verify_seals(load_report(path))
    changed = "" if not found or is_as_written(path) else CHANGED
    return [
        _Signature(
            signer=v.signature.signer,
            signed_at=v.signature.signed_at,
            meaning=v.signature.meaning.value,
            reason=v.reason or changed,
            certificate_sha256=certificate_sha256(v.signature.certificate),
        )
        for v in found
    ]


_READERS = {"sr": _sr, "pdf": _pdf, "json": _json}


def _known_certificates(folder: Path | None) -> frozenset[str] | None:
    if folder is None:
        return None
    return frozenset(certificate_sha256(each.certificate_pem) for each in list_identities(folder))
