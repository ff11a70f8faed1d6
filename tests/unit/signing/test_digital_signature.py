"""DICOM signatures: what is covered, and every way in which one does not hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pydicom import Dataset, dcmread, dcmwrite
from pydicom.uid import UID, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from tests.support.reports import AT, draft_events, every_script
from workstation.core.errors import InputRefusedError
from workstation.dicom.digital_signature import (
    DicomSignature,
    sign_dataset,
    verify_dataset,
    verify_file,
)
from workstation.dicom.structured_report import SoftwareIdentity, build_report_sr, to_bytes
from workstation.report.events import fold

MOMENT = datetime.fromisoformat(AT)


@cache
def key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def certificate(owner: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Rita Reader")])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(owner.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .sign(owner, hashes.SHA256())
    )


def signed(owner: rsa.RSAPrivateKey | None = None) -> Dataset:
    made = build_report_sr(fold(every_script()), made_at=MOMENT, software=SoftwareIdentity("0.1.0"))
    owner = owner or key()
    sign_dataset(
        made,
        certificate=certificate(owner),
        sign=lambda data: owner.sign(data, padding.PKCS1v15(), hashes.SHA256()),
        signed_at=MOMENT,
        signature_uid="2.25.99",
    )
    return dcmread(BytesIO(to_bytes(made)))


def only(dataset: Dataset) -> DicomSignature:
    (verdict,) = verify_dataset(dataset)
    return verdict


def test_an_author_signs_what_is_not_verified() -> None:
    verdict = only(signed())

    assert verdict.holds
    assert verdict.signer == "Rita Reader"
    assert verdict.signed_at == "2025-03-01T14:05:33+01:00"
    assert verdict.purpose == "Author's Signature"


def test_a_second_signature_stands_beside_the_first() -> None:
    dataset = signed()

    sign_dataset(
        dataset,
        certificate=certificate(key()),
        sign=lambda data: key().sign(data, padding.PKCS1v15(), hashes.SHA256()),
        signed_at=MOMENT,
        signature_uid="2.25.100",
    )

    assert [verdict.holds for verdict in verify_dataset(dataset)] == [True, True]
    assert [m.MACIDNumber for m in dataset.MACParametersSequence] == [0, 1]


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("PatientName", "Somebody^Else"),
        ("PatientID", "OTHER"),
        ("StudyInstanceUID", "1.2.3"),
        ("ContentTime", "000000"),
        ("PreliminaryFlag", "FINAL"),
    ],
)
def test_any_changed_element_breaks_it(keyword: str, value: str) -> None:
    dataset = signed()
    setattr(dataset, keyword, value)

    assert only(dataset).reason == "the file was changed after signing"


def test_a_changed_letter_deep_in_the_tree_breaks_it() -> None:
    dataset = signed()
    sentence = dataset.ContentSequence[-1].ContentSequence[0]
    sentence.TextValue = sentence.TextValue.swapcase()

    assert not only(dataset).holds


def test_a_removed_element_breaks_it() -> None:
    dataset = signed()
    del dataset.PatientName

    assert only(dataset).reason == "signed elements are missing from the file"


def test_what_an_archive_adds_beside_the_report_does_not_break_it() -> None:
    dataset = signed()
    dataset.InstanceAvailability = "ONLINE"

    assert only(dataset).holds


def test_a_verifying_observer_slipped_in_later_does_not_pass() -> None:
    dataset = signed()
    observer = Dataset()
    observer.VerifyingObserverName = "Chief^Reader"
    dataset.VerifyingObserverSequence = [observer]

    assert only(dataset).reason == "it does not cover the whole report"


def test_the_time_in_the_signature_itself_is_covered() -> None:
    dataset = signed()
    dataset.DigitalSignaturesSequence[0].DigitalSignatureDateTime = "20200101000000+0000"

    assert not only(dataset).holds


def test_a_broken_algorithm_is_not_trusted() -> None:
    dataset = signed()
    dataset.MACParametersSequence[0].MACAlgorithm = "RIPEMD160"

    assert "RIPEMD160" in only(dataset).reason


def test_missing_parameters_do_not_pass() -> None:
    dataset = signed()
    del dataset.MACParametersSequence

    assert only(dataset).reason == "its MAC parameters are missing"


@pytest.mark.parametrize("kind", ["short", "elliptic"])
def test_a_key_that_the_profile_does_not_allow_does_not_pass(kind: str) -> None:
    dataset = signed()
    other = key(1024) if kind == "short" else ec.generate_private_key(ec.SECP256R1())
    from cryptography.hazmat.primitives.serialization import Encoding

    der = certificate(other).public_bytes(Encoding.DER)
    dataset.DigitalSignaturesSequence[0].CertificateOfSigner = der + b"\0" * (len(der) % 2)

    assert "sufficient length" in only(dataset).reason


def test_a_time_that_is_none_is_told_as_it_stands() -> None:
    dataset = signed()
    item = dataset.DigitalSignaturesSequence[0]
    item["DigitalSignatureDateTime"]._value = "yesterday"
    del item.DigitalSignaturePurposeCodeSequence

    verdict = only(dataset)

    assert (verdict.signed_at, verdict.purpose, verdict.holds) == ("yesterday", "", False)


def test_a_file_nested_without_end_is_refused_not_followed(tmp_path: Path) -> None:
    dataset = signed()
    inner = dataset.ContentSequence[-1]
    for _ in range(60):
        child = Dataset()
        child.ValueType = "CONTAINER"
        inner.ContentSequence = [child]
        inner = child
    path = tmp_path / "deep.dcm"
    path.write_bytes(to_bytes(dataset))

    with pytest.raises(InputRefusedError):
        verify_file(path)


def test_an_item_with_a_character_set_of_its_own_is_encoded_in_it() -> None:
    made = build_report_sr(fold(draft_events()), made_at=MOMENT, software=SoftwareIdentity("0.1.0"))
    made.ContentSequence[-1].SpecificCharacterSet = "ISO_IR 100"
    made.ContentSequence[-1].ContentSequence[0].TextValue = "Größe"
    sign_dataset(
        made,
        certificate=certificate(key()),
        sign=lambda data: key().sign(data, padding.PKCS1v15(), hashes.SHA256()),
        signed_at=MOMENT,
        signature_uid="2.25.99",
    )

    assert only(dcmread(BytesIO(to_bytes(made)))).holds


def rewritten(folder: Path, syntax: UID, **meta: str) -> DicomSignature:
    """Return the verdict on a signed file that was written anew with another file meta."""
    dataset = signed()
    for keyword, value in meta.items():
        setattr(dataset.file_meta, keyword, value)
    dataset.file_meta.TransferSyntaxUID = syntax
    path = folder / "again.dcm"
    dcmwrite(path, dataset, enforce_file_format=True)
    (verdict,) = verify_file(path)
    return verdict


def test_a_signature_holds_in_a_file_that_an_archive_encoded_anew(tmp_path: Path) -> None:
    archive = {"ImplementationClassUID": "1.2.3.4.5", "ImplementationVersionName": "ARCHIVE_1"}

    assert rewritten(tmp_path, ExplicitVRLittleEndian, **archive).holds


def test_a_signature_holds_in_a_syntax_that_no_report_is_written_in(tmp_path: Path) -> None:
    assert rewritten(tmp_path, ImplicitVRLittleEndian).holds


def test_a_file_that_half_names_this_programs_library_is_held_to_every_byte(
    tmp_path: Path,
) -> None:
    verdict = rewritten(tmp_path, ExplicitVRLittleEndian, ImplementationVersionName="ARCHIVE_1")

    assert (verdict.holds, verdict.reason) == (False, "the file was changed after signing")


@pytest.mark.parametrize("content", [b"", b"no dicom at all", b"\0" * 128 + b"DICM" + b"\xff" * 64])
def test_what_is_no_dicom_is_refused_in_words(
    tmp_path: Path, content: bytes, expect_log: Callable[[str], None]
) -> None:
    expect_log("End of file reached")
    path = tmp_path / "x.dcm"
    path.write_bytes(content)

    with pytest.raises(InputRefusedError, match="cannot be read"):
        verify_file(path)
