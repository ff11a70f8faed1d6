"""What a signature of a report covers, and whether it still holds.

A signature is about the canonical bytes of the document (document_sha256) and about every event
before it (history_sha256). The seal is an RSA signature (PKCS #1 v1.5, SHA-256, the algorithm of
PS3.15 C.4) over both digests, the printed name, time and meaning, and the certificate, so that
report.json alone proves who signed what.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from workstation.report.canonical import document_sha256, to_plain
from workstation.report.document import Meaning, Signature
from workstation.report.events import Event, ReportSigned, fold

MIN_KEY_BITS = 2048
"""Shortest RSA key a seal may come from; NIST SP 800-131A Rev. 2."""

SignBytes = Callable[[bytes], bytes]
"""Signs bytes with the reader's private key; RSA PKCS #1 v1.5 with SHA-256."""


@dataclass(frozen=True, slots=True)
class SealVerdict:
    """Whether one signature of a report holds.

    Attributes:
        signature: as stored.
        holds: the words, the history and the seal all agree.
        reason: why it does not hold, for people; empty where it holds.
    """

    signature: Signature
    holds: bool
    reason: str = ""


def history_sha256(events: tuple[Event, ...]) -> str:
    """Return the hex sha256 of events: who did what and when, in order."""
    return hashlib.sha256(_dump([to_plain(event) for event in events])).hexdigest()


def sealed_signature(
    events: tuple[Event, ...],
    *,
    signer: str,
    organization: str,
    signed_at: str,
    meaning: Meaning,
    certificate_pem: str,
    sign: SignBytes,
) -> Signature:
    """Return a signature over what the events make, sealed with the key behind the certificate.

    Args:
        events: all events so far; the signature is to follow them.
        signer: printed name.
        organization: of the signer; may be empty.
        signed_at: ISO 8601 with seconds and UTC offset.
        meaning: what the signature says.
        certificate_pem: of the signer.
        sign: signs bytes with the key of that certificate.
    """
    bare = Signature(
        signer=signer,
        organization=organization,
        signed_at=signed_at,
        meaning=meaning,
        document_sha256=document_sha256(fold(events)),
        history_sha256=history_sha256(events),
        certificate=certificate_pem,
    )
    return replace(bare, seal=base64.b64encode(sign(sealed_bytes(bare))).decode("ascii"))


def sealed_bytes(signature: Signature) -> bytes:
    """Return the bytes a seal is over: every field of the signature except the seal."""
    plain = to_plain(signature)
    del plain["seal"]
    return _dump({"schema": "prelim-signature/1", "signature": plain})


def certificate_sha256(certificate_pem: str) -> str:
    """Return the hex fingerprint of a PEM certificate; empty where it cannot be read."""
    try:
        certificate = x509.load_pem_x509_certificate(certificate_pem.encode("ascii"))
    except (ValueError, x509.InvalidVersion):
        return ""
    return certificate.fingerprint(hashes.SHA256()).hex()


def verify_seals(events: tuple[Event, ...]) -> tuple[SealVerdict, ...]:
    """Return the verdict on each signature among the events, oldest first.

    Raises:
        SafetyGateError, ValueError: the events are no history that the rules allow.
    """
    fold(events)
    return tuple(
        _verdict(events[:position], event.act.signature)
        for position, event in enumerate(events)
        if isinstance(event.act, ReportSigned)
    )


def _verdict(before: tuple[Event, ...], signature: Signature) -> SealVerdict:
    if document_sha256(fold(before)) != signature.document_sha256:
        return SealVerdict(signature, holds=False, reason="the words were changed after signing")
    if not signature.seal:
        return SealVerdict(signature, holds=False, reason="it is a printed name without a seal")
    if history_sha256(before) != signature.history_sha256:
        return SealVerdict(signature, holds=False, reason="the history was changed after signing")
    reason = _seal_fault(signature)
    return SealVerdict(signature, holds=not reason, reason=reason)


def _seal_fault(signature: Signature) -> str:
    try:
        certificate = x509.load_pem_x509_certificate(signature.certificate.encode("ascii"))
        seal = base64.b64decode(signature.seal, validate=True)
        key = certificate.public_key()
    except (ValueError, binascii.Error, x509.InvalidVersion, UnsupportedAlgorithm):
        return "the certificate or the seal is damaged"
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < MIN_KEY_BITS:
        return "the certificate has no RSA key of sufficient length"
    try:
        key.verify(seal, sealed_bytes(signature), padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return "the seal does not belong to these words"
    return ""


def _dump(plain: object) -> bytes:
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8")
