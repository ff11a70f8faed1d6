"""DICOM digital signatures of structured reports, made and verified without a native tool.

The signature is over every element of the main dataset, patient and study included: a report
that was moved to another patient must not verify. A PACS that rewrites identity on the way in
therefore breaks it, and the report must be signed after such identity is known.

Source: PS3.15 C.1 (MAC calculation), C.4 (Structured Report RSA Digital Signature Profile);
PS3.3 C.12.1.1.3.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from pydicom import DataElement, Dataset, dcmread
from pydicom.charset import convert_encodings
from pydicom.config import disable_value_validation
from pydicom.dataset import FileMetaDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_data_element
from pydicom.tag import BaseTag, Tag
from pydicom.uid import (
    PYDICOM_IMPLEMENTATION_UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)
from pydicom.valuerep import DT

from workstation.core.errors import InputRefusedError

VERIFICATION = ("5", "Verification Signature")
AUTHOR = ("1", "Author's Signature")
"""Purposes of ASTM E1762: C.4 wants 5 where the document is VERIFIED, an author's before."""

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "SHA256": hashes.SHA256(),
    "SHA384": hashes.SHA384(),
    "SHA512": hashes.SHA512(),
}
"""MAC algorithms that still hold; older ones (RIPEMD160, MD5, SHA1) are told as not trusted."""

_NOT_IN_ITEM = frozenset(
    Tag(each)
    for each in (
        0x04000115,  # Certificate of Signer
        0x04000120,  # Signature
        0x04000305,  # Certified Timestamp Type
        0x04000310,  # Certified Timestamp
    )
)
"""Elements of the signature item itself that its MAC leaves out; PS3.15 C.1.2."""

_MUST_COVER = frozenset(
    Tag(each)
    for each in (
        0x00080016,  # SOP Class UID
        0x00080018,  # SOP Instance UID
        0x0020000D,  # Study Instance UID
        0x0020000E,  # Series Instance UID
        0x0040A043,  # Concept Name Code Sequence
        0x0040A073,  # Verifying Observer Sequence
        0x0040A360,  # Predecessor Documents Sequence
        0x0040A491,  # Completion Flag
        0x0040A493,  # Verification Flag
        0x0040A496,  # Preliminary Flag
        0x0040A730,  # Content Sequence
    )
)
"""Elements that a signature of a report must cover where the file has them; PS3.15 C.4."""

MIN_KEY_BITS = 2048
"""Shortest RSA key a signature may come from; NIST SP 800-131A Rev. 2."""

_WRITERS = frozenset((PYDICOM_IMPLEMENTATION_UID, "1.2.826.0.1.3680043.9.7433.1.1"))
"""Implementation Class UIDs of files written here: pydicom's and highdicom's."""

_NAMES = ("pydicom", "highdicom")
"""How their Implementation Version Names begin."""

_OTHER_SYNTAXES = frozenset(
    (ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian)
)
"""Transfer syntaxes that a report is not written in here: another program encoded it anew."""

_META_KEPT = ("TransferSyntaxUID", "ImplementationClassUID", "ImplementationVersionName")
"""File meta elements that the data set itself does not determine."""

CHANGED = "the file was changed after signing"
"""Reason of a signature whose file is not as it was."""

MAX_DEPTH = 50
"""Sequences nested deeper are no report but an attack; TID 2000 needs four levels."""


@dataclass(frozen=True, slots=True)
class DicomSignature:
    """One signature of a file and whether it holds.

    Attributes:
        signer: common name in the certificate.
        signed_at: ISO 8601 with UTC offset.
        purpose: code meaning, e.g. ``Verification Signature``.
        holds: the MAC agrees with the file, and it covers the words.
        reason: why it does not hold; empty where it holds.
        certificate_sha256: hex fingerprint of the signer's certificate.
    """

    signer: str
    signed_at: str
    purpose: str
    holds: bool
    reason: str = ""
    certificate_sha256: str = ""


def sign_dataset(
    dataset: Dataset,
    *,
    certificate: x509.Certificate,
    sign: Callable[[bytes], bytes],
    signed_at: datetime,
    signature_uid: str,
) -> None:
    """Add a signature over every signable element of a dataset, in place; the last change to it.

    Args:
        dataset: an SR document, complete.
        certificate: of the signer.
        sign: RSA PKCS #1 v1.5 with SHA-256 over bytes.
        signed_at: aware.
        signature_uid: Digital Signature UID.
    """
    tags = [tag for tag in sorted(dataset.keys()) if _is_signable(tag)]
    number = 1 + max((m.MACIDNumber for m in dataset.get("MACParametersSequence", [])), default=-1)
    item = _signature_item(dataset, certificate, signed_at, signature_uid)
    item.MACIDNumber = number
    item.Signature = _even(sign(_mac_bytes(dataset, tags, item)))
    parameters = Dataset()
    parameters.MACIDNumber = number
    parameters.MACCalculationTransferSyntaxUID = ExplicitVRLittleEndian
    parameters.MACAlgorithm = "SHA256"
    parameters.DataElementsSigned = tags
    dataset.MACParametersSequence = [*dataset.get("MACParametersSequence", []), parameters]
    dataset.DigitalSignaturesSequence = [*dataset.get("DigitalSignaturesSequence", []), item]


def verify_file(path: Path) -> tuple[DicomSignature, ...]:
    """Return every signature of a DICOM file; empty where there is none.

    Raises:
        InputRefusedError: it is not a DICOM file that can be read.
    """
    try:
        # bytes, not the path: pydicom's warnings repeat the path, which may name a patient
        data = path.read_bytes()
        found = verify_dataset(dcmread(BytesIO(data)))
        is_changed = bool(found) and not _is_as_written(data)
    except InputRefusedError:
        raise
    except Exception as error:
        raise _unreadable(error) from error
    if not is_changed:
        return found
    return tuple(replace(each, holds=False, reason=each.reason or CHANGED) for each in found)


def _is_as_written(data: bytes) -> bool:
    """Whether a file that this program's library wrote is still so, byte by byte.

    What no signature covers (preamble, lengths, bytes after the end) is seen here. An archive
    that encodes a file anew puts its own Implementation Class UID; such a file is not held to it.
    """
    dataset = dcmread(BytesIO(data))
    there = dataset.file_meta
    writer = there.get("ImplementationClassUID")
    name = str(there.get("ImplementationVersionName", ""))
    is_ours = (writer in _WRITERS, name.casefold().startswith(_NAMES))
    if writer is not None and not any(is_ours):  # each writer names itself: PS3.10 7.1
        return True
    if there.get("TransferSyntaxUID") in _OTHER_SYNTAXES:
        return True
    if not all(is_ours) or there.get("TransferSyntaxUID") != ExplicitVRLittleEndian:
        return False
    return _rewritten(dataset) == data and all(
        _is_self_signed(x509.load_der_x509_certificate(_der(item.CertificateOfSigner)))
        for item in dataset.DigitalSignaturesSequence
    )


def _rewritten(dataset: Dataset) -> bytes:
    there = dataset.file_meta
    dataset.file_meta = FileMetaDataset()
    for keyword in _META_KEPT:
        setattr(dataset.file_meta, keyword, there.get(keyword))
    dataset.preamble = bytes(128)
    for _ in dataset.iterall():  # else sequences are written as they were read
        pass
    again = BytesIO()
    with disable_value_validation():
        dataset.save_as(again, enforce_file_format=True)
    return again.getvalue()


def verify_dataset(dataset: Dataset) -> tuple[DicomSignature, ...]:
    """Return every signature of a dataset, in order."""
    macs = {m.MACIDNumber: m for m in dataset.get("MACParametersSequence", [])}
    return tuple(
        _verified(dataset, item, macs.get(item.MACIDNumber))
        for item in dataset.get("DigitalSignaturesSequence", [])
    )


def _signature_item(
    dataset: Dataset, certificate: x509.Certificate, signed_at: datetime, uid: str
) -> Dataset:
    value, meaning = VERIFICATION if dataset.get("VerificationFlag") == "VERIFIED" else AUTHOR
    purpose = Dataset()
    purpose.CodeValue, purpose.CodeMeaning = value, meaning
    purpose.CodingSchemeDesignator = "ASTM-sigpurpose"
    item = Dataset()
    item.DigitalSignatureUID = uid
    item.DigitalSignatureDateTime = signed_at.strftime("%Y%m%d%H%M%S.%f%z")
    item.CertificateType = "X509_1993_SIG"
    item.CertificateOfSigner = _even(certificate.public_bytes(serialization.Encoding.DER))
    item.DigitalSignaturePurposeCodeSequence = [purpose]
    return item


def _verified(dataset: Dataset, item: Dataset, parameters: Dataset | None) -> DicomSignature:
    certificate = x509.load_der_x509_certificate(_der(item.CertificateOfSigner))
    purposes = item.get("DigitalSignaturePurposeCodeSequence", [])
    reason = "its MAC parameters are missing"
    if parameters is not None:
        reason = _fault(dataset, item, parameters, certificate)
    return DicomSignature(
        signer=_common_name(certificate),
        signed_at=_iso(str(item.DigitalSignatureDateTime)),
        purpose=str(purposes[0].CodeMeaning) if purposes else "",
        holds=not reason,
        reason=reason,
        certificate_sha256=certificate.fingerprint(hashes.SHA256()).hex(),
    )


def _fault(
    dataset: Dataset, item: Dataset, parameters: Dataset, certificate: x509.Certificate
) -> str:
    algorithm = _HASHES.get(str(parameters.MACAlgorithm))
    key = certificate.public_key()
    if algorithm is None:
        return f"its MAC algorithm {parameters.MACAlgorithm} is not trusted"
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < MIN_KEY_BITS:
        return "its certificate has no RSA key of sufficient length"
    tags = _signed_tags(parameters)
    if any(tag in dataset and tag not in tags for tag in _MUST_COVER):
        return "it does not cover the whole report"
    if any(tag not in dataset for tag in tags):
        return "signed elements are missing from the file"
    try:
        data = _mac_bytes(dataset, tags, item)
        key.verify(item.Signature[: key.key_size // 8], data, padding.PKCS1v15(), algorithm)
    except InvalidSignature:
        return CHANGED
    return ""


def _is_self_signed(certificate: x509.Certificate) -> bool:
    """Whether a certificate is signed with its own key, as those made by Prelim are."""
    try:
        certificate.verify_directly_issued_by(certificate)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _signed_tags(parameters: Dataset) -> set[BaseTag]:
    value = parameters.DataElementsSigned
    return {Tag(each) for each in ([value] if isinstance(value, int) else value)}


def _mac_bytes(dataset: Dataset, tags: Iterable[BaseTag], item: Dataset) -> bytes:
    """Return what the MAC is over: the signed elements in tag order, then the signature item."""
    encodings = convert_encodings(dataset.get("SpecificCharacterSet", "ISO_IR 6"))
    signed = [dataset[tag] for tag in sorted(tags) if tag in dataset]
    own = [e for e in item if _is_signable(e.tag) and e.tag not in _NOT_IN_ITEM]
    return b"".join(_encoded(element, encodings, 0) for element in [*signed, *own])


def _is_signable(tag: BaseTag) -> bool:
    """Whether a signature may cover an element; PS3.15 C.1.1."""
    number = Tag(tag)
    is_signature_part = number.group == 0xFFFA or number == 0x4FFE0001
    is_length = number.element == 0 or number == 0x00080001
    return not (number.group < 8 or is_length or is_signature_part or number == 0xFFFCFFFC)


def _encoded(element: DataElement, encodings: list[str], depth: int) -> bytes:
    """Return an element as the MAC reads it: Explicit VR LE, sequences without lengths."""
    if depth > MAX_DEPTH:
        raise InputRefusedError("The file cannot be verified", why="it is nested too deeply")
    if element.VR != "SQ":
        buffer = DicomBytesIO()
        buffer.is_little_endian, buffer.is_implicit_VR = True, False
        write_data_element(buffer, element, encodings)
        return bytes(buffer.getvalue())
    parts = [struct.pack("<HH", element.tag.group, element.tag.element), b"SQ\0\0"]
    for item in element.value:
        inner = encodings
        if "SpecificCharacterSet" in item:
            inner = convert_encodings(item.SpecificCharacterSet)
        parts.append(b"\xfe\xff\x00\xe0")
        parts += [_encoded(e, inner, depth + 1) for e in item if _is_signable(e.tag)]
    return b"".join([*parts, b"\xfe\xff\xdd\xe0"])


def _even(data: bytes) -> bytes:
    return data + b"\0" * (len(data) % 2)


def _der(padded: bytes) -> bytes:
    """Return a DER certificate without the byte that made its length even."""
    length = 4 + int.from_bytes(padded[2:4])
    return padded[:length] if padded[1] == 0x82 else padded


def _common_name(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


def _iso(moment: str) -> str:
    """Return a DICOM DT as ISO 8601; what is not one stays as it is."""
    try:
        return DT(moment).isoformat(timespec="seconds")
    except ValueError:
        return moment


def _unreadable(error: Exception) -> InputRefusedError:
    return InputRefusedError(
        "The DICOM file cannot be read",
        why=type(error).__name__,
        todo="Take the copy that was made at signing",
    )
