"""dcmsign (DCMTK) judges our DICOM signatures, and we judge those of dcmsign."""

from __future__ import annotations

from pathlib import Path

import pydicom
import pytest

from tests.support.reports import every_script, reviewed_events
from tests.support.signed import PASSPHRASE, SIGNER, sign_here
from tests.support.tools import run_tool
from workstation.core.errors import InputRefusedError
from workstation.report.document import Meaning
from workstation.services.sign_report import SignedReport
from workstation.services.signing_identity import find_identity, unlock
from workstation.services.verify_signatures import verify

pytestmark = pytest.mark.usefixtures("qapp")


def dcmsign(signed: SignedReport, path: Path | None = None) -> int:
    certificate = signed.certificate
    said = run_tool("dcmsign", "--verify", "+rs", "+cf", certificate, path or signed.report_dcm)
    return said.code


def changed(signed: SignedReport, tag: str, value: str, folder: Path) -> Path:
    path = folder / "changed.dcm"
    path.write_bytes(signed.report_dcm.read_bytes())
    said = run_tool("dcmodify", "-nb", "-nrc", "-m", f"{tag}={value}", path)
    assert said.code == 0, said.text
    return path


@pytest.mark.parametrize("meaning", [Meaning.FINAL, Meaning.PRELIMINARY])
def test_dcmsign_accepts_the_signature(tmp_path: Path, meaning: Meaning) -> None:
    signed = sign_here(every_script(), tmp_path, meaning=meaning)

    assert dcmsign(signed) == 0


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        ("(0040,A730)[2].(0040,A730)[0].(0040,A160)", "Left pleural effusion of 120 ml."),
        ("(0010,0020)", "SOMEONE-ELSE"),
        ("(0040,A493)", "UNVERIFIED"),
    ],
)
def test_dcmsign_and_we_refuse_one_changed_value(tmp_path: Path, tag: str, value: str) -> None:
    signed = sign_here(reviewed_events(), tmp_path)
    place = tag.replace("[2]", f"[{_findings_index(signed.report_dcm)}]")

    path = changed(signed, place, value, tmp_path)

    (verdict,) = verify([path])
    assert dcmsign(signed, path) == 101
    assert verdict.is_signed
    assert not verdict.holds


def test_one_changed_letter_breaks_the_signature(tmp_path: Path) -> None:
    signed = sign_here(reviewed_events(), tmp_path)
    data = signed.report_dcm.read_bytes()
    path = tmp_path / "letter.dcm"
    path.write_bytes(data.replace(b"Right pleural effusion of", b"Right pleural effusiom of", 1))

    (verdict,) = verify([path])

    assert path.read_bytes() != data
    assert dcmsign(signed, path) == 101
    assert not verdict.holds
    assert verdict.reason == "the file was changed after signing"


def test_the_signature_survives_another_transfer_syntax(tmp_path: Path) -> None:
    signed = sign_here(every_script(), tmp_path)
    path = tmp_path / "implicit.dcm"
    run_tool("dcmdump", signed.report_dcm)
    found = pydicom.dcmread(signed.report_dcm)
    found.file_meta.TransferSyntaxUID = pydicom.uid.ImplicitVRLittleEndian
    found.save_as(path, implicit_vr=True, little_endian=True, enforce_file_format=True)

    (verdict,) = verify([path])

    assert dcmsign(signed, path) == 0
    assert verdict.holds


def test_a_signature_made_by_dcmsign_holds_for_us(tmp_path: Path) -> None:
    signed = sign_here(reviewed_events(), tmp_path)
    bare = pydicom.dcmread(signed.report_dcm)
    del bare.DigitalSignaturesSequence, bare.MACParametersSequence
    bare.save_as(tmp_path / "bare.dcm", enforce_file_format=True)
    identity = find_identity(tmp_path / "keys", SIGNER)
    assert identity is not None
    key = tmp_path / "key.pem"
    key.write_bytes(_pem(unlock(identity, PASSPHRASE).key))
    other = tmp_path / "other.dcm"

    said = run_tool(
        "dcmsign",
        "+s",
        key,
        signed.certificate,
        "+pv",
        "+m2",
        "+sp",
        "5",
        tmp_path / "bare.dcm",
        other,
    )

    (verdict,) = verify([other])
    assert said.code == 0, said.text
    assert verdict.holds
    assert verdict.signer == SIGNER


def test_a_report_without_its_signature_is_told_as_not_signed(tmp_path: Path) -> None:
    signed = sign_here(reviewed_events(), tmp_path)
    bare = pydicom.dcmread(signed.report_dcm)
    del bare.DigitalSignaturesSequence, bare.MACParametersSequence
    path = tmp_path / "bare.dcm"
    bare.save_as(path, enforce_file_format=True)

    (verdict,) = verify([path])

    assert (verdict.is_signed, verdict.holds, verdict.reason) == (False, False, "not signed")


def test_a_file_cut_in_half_does_not_hold(tmp_path: Path) -> None:
    signed = sign_here(reviewed_events(), tmp_path)
    data = signed.report_dcm.read_bytes()
    path = tmp_path / "half.dcm"
    path.write_bytes(data[: len(data) // 2])

    (verdict,) = verify([path])

    assert not verdict.holds


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefusedError):
        verify([tmp_path / "none.dcm"])


def _findings_index(path: Path) -> int:
    found = pydicom.dcmread(path)
    titles = [item.ConceptNameCodeSequence[0].CodeMeaning for item in found.ContentSequence]
    return titles.index("Findings")


def _pem(key: object) -> bytes:
    from cryptography.hazmat.primitives import serialization as s

    return key.private_bytes(  # type: ignore[attr-defined]
        s.Encoding.PEM, s.PrivateFormat.TraditionalOpenSSL, s.NoEncryption()
    )
