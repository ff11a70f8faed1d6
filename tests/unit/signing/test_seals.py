"""report.json proves by itself who signed which words, after which history."""

from __future__ import annotations

import errno
import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.support.reports import AT, every_script, reviewed_events
from tests.support.signed import PASSPHRASE, SIGNER, lend_identity
from workstation.core.errors import InputRefusedError, SafetyGateError
from workstation.report.canonical import document_sha256
from workstation.report.document import Meaning, Section
from workstation.report.events import (
    AddendumStarted,
    Event,
    EvidenceShown,
    ReportSigned,
    StatementAdded,
    StatementEdited,
    fold,
)
from workstation.report.signing import (
    SealVerdict,
    certificate_sha256,
    sealed_signature,
    verify_seals,
)
from workstation.services.report_files import report_file_bytes
from workstation.services.signing_identity import UnlockedIdentity, find_identity, unlock
from workstation.services.verify_signatures import require_all_hold, verify


@pytest.fixture
def reader(tmp_path: Path) -> UnlockedIdentity:
    lend_identity(tmp_path / "keys")
    found = find_identity(tmp_path / "keys", SIGNER)
    assert found is not None
    return unlock(found, PASSPHRASE)


def sealed(
    events: tuple[Event, ...], reader: UnlockedIdentity, meaning: Meaning = Meaning.FINAL
) -> tuple[Event, ...]:
    signature = sealed_signature(
        events,
        signer=SIGNER,
        organization="",
        signed_at=AT,
        meaning=meaning,
        certificate_pem=reader.identity.certificate_pem,
        sign=reader.sign,
    )
    return (*events, Event(ReportSigned(signature), SIGNER, AT))


def weak_certificate(kind: str) -> str:
    """Return a PEM certificate whose key no profile allows."""
    own = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 on purpose
    key = own if kind == "short" else ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, SIGNER)])
    now = datetime.fromisoformat(AT)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 7)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode("ascii")


def only(events: tuple[Event, ...]) -> SealVerdict:
    (verdict,) = verify_seals(events)
    return verdict


def test_a_seal_holds_and_names_the_digest_of_the_words(reader: UnlockedIdentity) -> None:
    events = sealed(every_script(), reader)

    verdict = only(events)

    assert verdict.holds
    assert verdict.signature.document_sha256 == document_sha256(fold(events))


def test_a_report_without_signatures_has_no_verdicts() -> None:
    assert verify_seals(reviewed_events()) == ()


def test_an_event_slipped_in_before_the_signature_breaks_it(reader: UnlockedIdentity) -> None:
    events = sealed(reviewed_events(), reader)
    slipped = Event(StatementEdited("s1", "Left effusion."), SIGNER, AT)

    verdict = only((*events[:-1], slipped, events[-1]))

    assert verdict.reason == "the words were changed after signing"


def test_another_author_in_the_history_breaks_it(reader: UnlockedIdentity) -> None:
    events = sealed(reviewed_events(), reader)
    changed = replace(events[2], by="Somebody Else")

    verdict = only((*events[:2], changed, *events[3:]))

    assert verdict.reason == "the history was changed after signing"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("signer", "Dr. Someone Else"),
        ("signed_at", "2020-01-01T00:00:00+00:00"),
        ("organization", "Elsewhere"),
        ("seal", "AAAA"),
        ("seal", "not base64!"),
        ("certificate", "no certificate"),
        ("meaning", Meaning.PRELIMINARY),
    ],
)
def test_any_part_of_the_signature_that_changes_breaks_it(
    reader: UnlockedIdentity, field: str, value: object
) -> None:
    events = sealed(reviewed_events(), reader)
    act = events[-1].act
    assert isinstance(act, ReportSigned)
    forged = replace(act.signature, **{field: value})  # type: ignore[arg-type]

    verdict = only((*events[:-1], replace(events[-1], act=ReportSigned(forged))))

    assert not verdict.holds
    assert verdict.reason


@pytest.mark.parametrize("kind", ["short", "elliptic"])
def test_a_key_that_is_not_long_enough_seals_nothing(reader: UnlockedIdentity, kind: str) -> None:
    events = sealed(reviewed_events(), reader)
    act = events[-1].act
    assert isinstance(act, ReportSigned)
    weak = replace(act.signature, certificate=weak_certificate(kind))

    verdict = only((*events[:-1], replace(events[-1], act=ReportSigned(weak))))

    assert verdict.reason == "the certificate has no RSA key of sufficient length"


def test_a_name_without_a_seal_is_only_a_name(reader: UnlockedIdentity) -> None:
    events = sealed(reviewed_events(), reader)
    act = events[-1].act
    assert isinstance(act, ReportSigned)
    bare = replace(act.signature, seal="")

    verdict = only((*events[:-1], replace(events[-1], act=ReportSigned(bare))))

    assert "without a seal" in verdict.reason


def test_the_first_signature_still_holds_under_an_addendum(reader: UnlockedIdentity) -> None:
    first = sealed(reviewed_events(), reader)
    more = (
        Event(AddendumStarted(), SIGNER, AT),
        Event(StatementAdded("h9", Section.ADDENDUM, "More."), SIGNER, AT),
    )

    verdicts = verify_seals(sealed((*first, *more), reader, Meaning.ADDENDUM))

    assert [verdict.holds for verdict in verdicts] == [True, True]


def test_looking_at_evidence_after_signing_changes_nothing(reader: UnlockedIdentity) -> None:
    events = sealed(reviewed_events(), reader)

    assert only((*events, Event(EvidenceShown("s1"), SIGNER, AT))).holds


def test_a_certificate_that_cannot_be_read_has_no_fingerprint(reader: UnlockedIdentity) -> None:
    assert certificate_sha256("nothing") == ""
    assert len(certificate_sha256(reader.identity.certificate_pem)) == 64


def test_a_changed_letter_in_report_json_does_not_verify(
    tmp_path: Path, reader: UnlockedIdentity
) -> None:
    path = tmp_path / "report.json"
    data = report_file_bytes(sealed(reviewed_events(), reader))
    path.write_bytes(data.replace(b"Right pleural effusion of", b"Light pleural effusion of"))

    (verdict,) = verify([path])

    assert verdict.kind == "json"
    assert not verdict.holds
    with pytest.raises(SafetyGateError) as refused:
        require_all_hold([verdict])
    assert refused.value.exit_code == 4


def test_words_changed_only_in_the_plain_keys_do_not_verify(
    tmp_path: Path, reader: UnlockedIdentity
) -> None:
    path = tmp_path / "report.json"
    stored = json.loads(report_file_bytes(sealed(reviewed_events(), reader)))
    stored["statements"][0]["text"] = "Left effusion."
    path.write_text(json.dumps(stored), encoding="utf-8")

    (verdict,) = verify([path])

    assert not verdict.holds


def test_a_signer_of_this_station_is_known_and_another_is_not(
    tmp_path: Path, reader: UnlockedIdentity
) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(report_file_bytes(sealed(reviewed_events(), reader)))
    (tmp_path / "others").mkdir()

    (here,) = verify([path], identity_folder=tmp_path / "keys")
    (there,) = verify([path], identity_folder=tmp_path / "others")

    assert (here.holds, here.is_known) == (True, True)
    assert (there.holds, there.is_known) == (True, False)


def test_an_unsigned_report_does_not_pass(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(report_file_bytes(reviewed_events()))

    (verdict,) = verify([path])

    assert (verdict.is_signed, verdict.holds, verdict.reason) == (False, False, "not signed")


def test_a_file_of_another_kind_does_not_pass(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("signed, honestly", encoding="utf-8")

    (verdict,) = verify([path])

    assert (verdict.kind, verdict.holds) == ("unknown", False)


def test_a_folder_without_a_report_is_nothing_to_verify(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("signed, honestly", encoding="utf-8")

    with pytest.raises(InputRefusedError, match="folder holds no report"):
        verify([tmp_path])


def test_a_file_that_is_not_there_is_nothing_to_verify(tmp_path: Path) -> None:
    with pytest.raises(InputRefusedError, match="does not exist"):
        verify([tmp_path / "report.pdf"])


def test_a_file_that_may_not_be_opened_is_refused_and_its_name_is_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(report_file_bytes(reviewed_events()))

    def locked(*_: Any, **__: Any) -> None:  # noqa: ANN401 as the system's own
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", locked)

    with pytest.raises(InputRefusedError, match=r"cannot be opened\. Permission denied") as refused:
        verify([path])
    assert path.name not in str(refused.value)
