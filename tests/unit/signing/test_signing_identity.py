"""The identity of a reader: locked, backdated, fit for documents, and never lost by a typo."""

from __future__ import annotations

import base64
import errno
import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.support.reports import StillClock
from tests.support.signed import ORGANIZATION, PASSPHRASE, SIGNER, lend_identity
from workstation.core.errors import InputRefusedError, SafetyGateError
from workstation.services import signing_identity as identities
from workstation.services.signing_identity import (
    SigningIdentity,
    change_passphrase,
    create_identity,
    find_identity,
    identity_path,
    list_identities,
    unlock,
)


@pytest.fixture(autouse=True)
def _light_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A light lock: how heavy it is in earnest is looked at in a test of its own."""
    monkeypatch.setattr(identities, "ARGON2_MEMORY_KIB", 64)


HEAVY = identities.ARGON2_MEMORY_KIB, identities.ARGON2_PASSES


@pytest.fixture
def lent(tmp_path: Path) -> SigningIdentity:
    lend_identity(tmp_path / "keys")
    found = find_identity(tmp_path / "keys", SIGNER)
    assert found is not None
    return found


def test_the_key_signs_and_its_certificate_verifies(lent: SigningIdentity) -> None:
    opened = unlock(lent, PASSPHRASE)

    signature = opened.sign(b"words")

    key = opened.certificate.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(signature, b"words", padding.PKCS1v15(), hashes.SHA256())
    assert key.key_size == 3072


def test_a_wrong_passphrase_is_a_safety_gate(lent: SigningIdentity) -> None:
    with pytest.raises(SafetyGateError) as refused:
        unlock(lent, PASSPHRASE + "x")

    assert refused.value.exit_code == 4
    assert PASSPHRASE not in str(refused.value)


def test_the_certificate_is_backdated_and_made_for_documents(lent: SigningIdentity) -> None:
    certificate = unlock(lent, PASSPHRASE).certificate

    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    begins = StillClock().now() - certificate.not_valid_before_utc
    assert begins == timedelta(minutes=5)
    assert usage.digital_signature
    assert usage.content_commitment
    assert not usage.key_cert_sign
    assert identities.DOCUMENT_SIGNING in list(purposes)
    assert ORGANIZATION in certificate.subject.rfc4514_string()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way")
def test_only_the_owner_can_read_the_file(tmp_path: Path) -> None:
    made = create_identity(
        tmp_path / "keys", user="A", organization="", passphrase=PASSPHRASE, clock=StillClock()
    )

    assert made.identity.path.stat().st_mode & 0o777 == 0o600
    assert made.identity.path.parent.stat().st_mode & 0o777 == 0o700


def test_the_recovery_key_unlocks_however_it_is_typed(tmp_path: Path) -> None:
    made = create_identity(
        tmp_path, user="A", organization="", passphrase=PASSPHRASE, clock=StillClock()
    )
    typed = made.recovery_key.lower().replace("-", " ")

    opened = unlock(made.identity, typed)

    assert opened.sign(b"x") == unlock(made.identity, PASSPHRASE).sign(b"x")
    assert len(made.recovery_key.replace("-", "")) == 40


def test_a_forgotten_passphrase_is_replaced_with_the_recovery_key(tmp_path: Path) -> None:
    made = create_identity(
        tmp_path, user="A", organization="", passphrase=PASSPHRASE, clock=StillClock()
    )

    change_passphrase(made.identity, old=made.recovery_key, new="another long one")

    assert unlock(made.identity, "another long one")
    assert unlock(made.identity, made.recovery_key)
    with pytest.raises(SafetyGateError):
        unlock(made.identity, PASSPHRASE)
    with pytest.raises(InputRefusedError):
        change_passphrase(made.identity, old=made.recovery_key, new="short")


def test_no_secret_stands_in_the_file_or_in_a_repr(tmp_path: Path) -> None:
    made = create_identity(
        tmp_path, user="A", organization="", passphrase=PASSPHRASE, clock=StillClock()
    )
    stored = made.identity.path.read_text(encoding="utf-8")

    assert PASSPHRASE not in stored
    assert made.recovery_key not in stored
    assert "PRIVATE KEY" not in stored
    assert made.recovery_key not in repr(made)
    assert "key=" not in repr(unlock(made.identity, PASSPHRASE))


def test_an_identity_is_never_overwritten(lent: SigningIdentity) -> None:
    with pytest.raises(SafetyGateError, match="already"):
        create_identity(
            lent.path.parent,
            user=f"  {SIGNER.upper()} ",
            organization="",
            passphrase=PASSPHRASE,
            clock=StillClock(),
        )


def test_the_name_of_the_reader_is_not_in_the_name_of_the_file(tmp_path: Path) -> None:
    assert "Rita" not in identity_path(tmp_path, SIGNER).name
    assert identity_path(tmp_path, "Zoë") == identity_path(tmp_path, "Zoe\u0308")


@pytest.mark.parametrize(("user", "passphrase"), [("", PASSPHRASE), ("A", "short")])
def test_no_name_or_a_short_passphrase_is_refused(
    tmp_path: Path, user: str, passphrase: str
) -> None:
    with pytest.raises(InputRefusedError):
        create_identity(
            tmp_path, user=user, organization="", passphrase=passphrase, clock=StillClock()
        )

    assert list(tmp_path.glob("identity-*")) == []


def test_identities_are_listed_and_an_absent_one_is_none(lent: SigningIdentity) -> None:
    assert [each.user for each in list_identities(lent.path.parent)] == [SIGNER]
    assert find_identity(lent.path.parent, "Nobody") is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("schema", "other"),
        ("certificate", 5),
        ("slots", {}),
        ("slots", [{"kind": "passphrase"}]),
        ("key", {}),
    ],
)
def test_a_damaged_file_is_refused_in_words(lent: SigningIdentity, key: str, value: object) -> None:
    stored = json.loads(lent.path.read_text(encoding="utf-8"))
    lent.path.write_text(json.dumps({**stored, key: value}), encoding="utf-8")

    with pytest.raises(InputRefusedError, match="damaged"):
        unlock(lent, PASSPHRASE)


def test_a_certificate_exchanged_for_another_does_not_unlock(lent: SigningIdentity) -> None:
    stored = json.loads(lent.path.read_text(encoding="utf-8"))
    stored["certificate"] = stored["certificate"].replace("A", "B", 1)
    lent.path.write_text(json.dumps(stored), encoding="utf-8")

    with pytest.raises(SafetyGateError):
        unlock(lent, PASSPHRASE)


def test_what_is_not_json_is_refused(lent: SigningIdentity) -> None:
    lent.path.write_text("{", encoding="utf-8")

    with pytest.raises(InputRefusedError):
        unlock(lent, PASSPHRASE)


def test_a_file_that_cannot_be_opened_is_refused_in_words(lent: SigningIdentity) -> None:
    lent.path.unlink()

    with pytest.raises(InputRefusedError, match=r"cannot be read\. FileNotFoundError") as refused:
        unlock(lent, PASSPHRASE)
    assert lent.path.name not in str(refused.value)


def test_a_file_that_asks_for_all_memory_is_damaged(lent: SigningIdentity) -> None:
    stored = json.loads(lent.path.read_text(encoding="utf-8"))
    stored["slots"][0]["kdf"]["memory_kib"] = 2**21
    lent.path.write_text(json.dumps(stored), encoding="utf-8")

    with pytest.raises(InputRefusedError, match="damaged"):
        unlock(lent, PASSPHRASE)


@pytest.mark.parametrize("kind", ["rsa", "elliptic"])
def test_only_an_rsa_key_comes_out_of_the_lock(lent: SigningIdentity, kind: str) -> None:
    own = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    key = own if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())
    lent.path.write_text(json.dumps(locked_by_hand(lent, key)), encoding="utf-8")

    if kind == "rsa":
        assert unlock(lent, PASSPHRASE).key.private_numbers() == own.private_numbers()
    else:
        with pytest.raises(InputRefusedError, match="damaged"):
            unlock(lent, PASSPHRASE)


def locked_by_hand(
    identity: SigningIdentity, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
) -> dict[str, Any]:
    """Return an identity file with another key, by the recipe in the module's docstring."""
    file_key, nonce, salt = bytes(32), bytes(12), bytes(16)
    costs = {"memory_kib": 64, "passes": 1, "lanes": 1}
    lock = Argon2id(salt=salt, length=32, iterations=1, lanes=1, memory_cost=64)
    wrapping = AESGCM(lock.derive(PASSPHRASE.encode()))
    bound = identity.certificate_pem.encode()
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    parts = {
        "salt": salt,
        "nonce": nonce,
        "wrapped": wrapping.encrypt(nonce, file_key, bound),
        "sealed": AESGCM(file_key).encrypt(nonce, der, bound),
    }
    text = {name: base64.b64encode(part).decode() for name, part in parts.items()}
    slot = {"kdf": {"name": "argon2id", "salt": text["salt"], **costs}, "wrapped": text["wrapped"]}
    stored: dict[str, Any] = json.loads(identity.path.read_text(encoding="utf-8"))
    return {
        **stored,
        "key": {"nonce": text["nonce"], "sealed": text["sealed"]},
        "slots": [{"kind": "passphrase", "nonce": text["nonce"], **slot}],
    }


def test_a_disk_that_fills_up_leaves_the_old_passphrase_and_no_other_file(
    lent: SigningIdentity, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path: path.read_bytes() for path in lent.path.parent.iterdir()}

    def fills_up(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fills_up)
    with pytest.raises(OSError, match="No space"):
        change_passphrase(lent, old=PASSPHRASE, new="another long one")

    assert {path: path.read_bytes() for path in lent.path.parent.iterdir()} == before
    assert unlock(lent, PASSPHRASE)


def test_the_lock_is_as_heavy_as_rfc_9106_recommends() -> None:
    memory_kib, passes = HEAVY

    assert memory_kib == 64 * 1024
    assert passes == 3
