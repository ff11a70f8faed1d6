"""PAdES signatures of printed reports, made and verified with pyHanko; no Qt here.

The signature certifies the document and allows no later change. Its visible part is the block the
printer drew (name, time with zone, meaning); the signature field lies over it.

Source: ETSI EN 319 142-1 (PAdES B-B), ISO 32000-2 12.8.
"""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate, load_der_x509_certificate
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext

from workstation.core.errors import InputRefusedError
from workstation.report.page import SignatureBox

FIELD = "ReportSignature"

MAX_PDF_BYTES = 256 * 1024 * 1024
"""A report of some pages takes about 100 kB; what is far larger is not one."""


@dataclass(frozen=True, slots=True)
class PdfSignature:
    """One signature of a PDF and whether it holds.

    Attributes:
        signer: common name in the certificate.
        signed_at: ISO 8601 with UTC offset; empty where the signature tells no time.
        reason_given: the meaning the signer gave.
        holds: the bytes are as signed, and nothing was added.
        reason: why it does not hold; empty where it holds.
        certificate_sha256: hex fingerprint of the signer's certificate.
    """

    signer: str
    signed_at: str
    reason_given: str
    holds: bool
    reason: str = ""
    certificate_sha256: str = ""


def sign_pdf(  # noqa: PLR0913 what a signature dictionary holds
    data: bytes,
    *,
    certificate: Certificate,
    sign: Callable[[bytes], bytes],
    signer_name: str,
    organization: str,
    meaning: str,
    signed_at: datetime,
    box: SignatureBox | None,
) -> bytes:
    """Return a PDF with a certifying PAdES signature.

    Args:
        data: the PDF.
        certificate: of the signer.
        sign: RSA PKCS #1 v1.5 with SHA-256 over bytes.
        signer_name: printed name.
        organization: becomes the location; may be empty.
        meaning: becomes the reason.
        signed_at: aware; the time that is printed too.
        box: where the field lies; None for an invisible one.
    """
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        name=signer_name,
        reason=meaning,
        location=organization or None,
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    signer = _PdfSigner(
        metadata,
        signer=_Signer(certificate, sign),
        stamp_style=StaticStampStyle(border_width=0),
        new_field_spec=_field(box),
    )
    signer.signed_at = signed_at
    out = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    asyncio.run(signer.async_sign_pdf(writer, output=out))
    return out.getvalue()


def verify_pdf(path: Path) -> tuple[PdfSignature, ...]:
    """Return every signature of a PDF; empty where there is none.

    Trust in the signer's certificate is not judged: the signer is told by name.

    Raises:
        InputRefusedError: it is not a PDF that can be read.
    """
    if path.is_file() and path.stat().st_size > MAX_PDF_BYTES:
        raise InputRefusedError("The PDF is far too large to be a report")
    try:
        data = path.read_bytes()
        reader = PdfFileReader(io.BytesIO(data))
        return tuple(_verified(embedded, data) for embedded in reader.embedded_regular_signatures)
    except Exception as error:
        raise InputRefusedError(
            "The PDF cannot be read",
            why=type(error).__name__,
            todo="Take the copy that was made at signing",
        ) from error


class _Signer(signers.Signer):
    """Signs through a callable, so that the private key stays where it was unlocked."""

    def __init__(self, certificate: Certificate, sign: Callable[[bytes], bytes]) -> None:
        der = certificate.public_bytes(Encoding.DER)
        super().__init__(signing_cert=x509.Certificate.load(der))
        self._sign = sign

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,
        dry_run: bool = False,
    ) -> bytes:
        if digest_algorithm != "sha256":
            raise SigningError("only SHA-256 is signed")
        return self._sign(data)


class _PdfSigner(signers.PdfSigner):
    """Signs at the printed time instead of a second reading of the machine's clock."""

    signed_at: datetime

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 pyHanko's
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.signed_at
        return session


def _field(box: SignatureBox | None) -> Any:  # noqa: ANN401 pyHanko ships no types here
    if box is None:
        return fields.SigFieldSpec(FIELD)
    corners = (box.left_pt, box.bottom_pt, box.right_pt, box.top_pt)
    return fields.SigFieldSpec(FIELD, on_page=box.page, box=tuple(round(each) for each in corners))


def _verified(embedded: Any, data: bytes) -> PdfSignature:  # noqa: ANN401
    certificate = embedded.signer_cert
    context = ValidationContext(trust_roots=[certificate], allow_fetching=False)
    status = asyncio.run(async_validate_pdf_signature(embedded, context))
    fault = ""
    if not status.intact or not _is_envelope_whole(embedded, data):
        fault = "the file was changed after signing"
    elif not status.valid:
        fault = "the signature does not belong to its certificate"
    elif not _is_untouched(status):
        fault = "something was added to the file after signing"
    moment = status.signer_reported_dt
    return PdfSignature(
        signer=_common_name(certificate),
        signed_at=moment.isoformat(timespec="seconds") if moment else "",
        reason_given=str(embedded.sig_object.get("/Reason", "")),
        holds=not fault,
        reason=fault,
        certificate_sha256=certificate.sha256.hex(),
    )


def _is_envelope_whole(embedded: Any, data: bytes) -> bool:  # noqa: ANN401
    """Whether the part of the file that holds the signature, which it cannot cover, is as made.

    Hexadecimal digits of one case, the signature itself, then zeros; and a certificate that was
    signed with its own key still bears that signature.
    """
    start, end = int(embedded.byte_range[1]), int(embedded.byte_range[2])
    digits = data[start + 1 : end - 1]
    if not re.fullmatch(rb"[0-9a-f]+|[0-9A-F]+", digits):
        return False
    raw = bytes.fromhex(digits.decode("ascii"))
    if any(raw[_der_bytes(raw) :]):
        return False
    certificate = load_der_x509_certificate(embedded.signer_cert.dump())
    if certificate.issuer != certificate.subject:
        return True  # of an authority, which is not judged here
    try:
        certificate.verify_directly_issued_by(certificate)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _der_bytes(raw: bytes) -> int:
    """Return how long the DER object at the start is; ITU-T X.690 8.1.3."""
    if raw[1] < 0x80:
        return 2 + raw[1]
    width = raw[1] & 0x7F
    return 2 + width + int.from_bytes(raw[2 : 2 + width])


def _is_untouched(status: Any) -> bool:  # noqa: ANN401
    return bool(status.coverage == SignatureCoverageLevel.ENTIRE_FILE and status.docmdp_ok)


def _common_name(certificate: Any) -> str:  # noqa: ANN401
    name = certificate.subject.native.get("common_name", "")
    return name if isinstance(name, str) else ", ".join(name)
