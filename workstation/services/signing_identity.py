"""The signing identity of a reader: an RSA key and a certificate, locked by a passphrase.

Made at first run. The private key (PKCS #8) is encrypted with a random file key (AES-256-GCM);
that file key is wrapped twice: under the passphrase and under a recovery key to print (slots, as
LUKS has them), each stretched with Argon2id. The file is readable by its owner only.

Source: PS3.15 C.4 (RSA, SHA-256), RFC 9106 (Argon2id), RFC 9336 (document signing key purpose).
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import tempfile
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from workstation.core.clock import Clock
from workstation.core.errors import InputRefusedError, SafetyGateError

SCHEMA = "prelim-identity/1"
KEY_BITS = 3072
"""128 bits of security, NIST SP 800-57 Part 1; PS3.15 C.4 allows 1024 and up."""

BACKDATED = timedelta(minutes=5)
"""notBefore lies this far back: verifiers refuse one made in the second of the signature."""

VALID_FOR = timedelta(days=3653)
"""Ten years: records must verify as long as they are kept; a reader makes a new one at will."""

MIN_PASSPHRASE = 8
"""Shortest passphrase; NIST SP 800-63B section 5.1.1."""

ARGON2_MEMORY_KIB, ARGON2_PASSES, ARGON2_LANES = 65536, 3, 4
"""RFC 9106 section 4, second recommended option: about 0.1 s on a small machine."""

MAX_MEMORY_KIB = 1024 * 1024
"""A key file that asks for more than 1 GiB is an attack on the machine, not a key file."""

DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""id-kp-documentSigning, RFC 9336."""

RECOVERY_GROUPS = 8
"""Groups of five letters in a recovery key: 8 x 5 x 5 bits = 200 bits."""


@dataclass(frozen=True, slots=True)
class SigningIdentity:
    """What is known of an identity without its passphrase."""

    user: str
    organization: str
    certificate_pem: str
    path: Path

    @property
    def certificate_path(self) -> Path:
        """The certificate as a PEM file, for ``dcmsign +cf`` and the like."""
        return self.path.with_suffix(".pem")


@dataclass(frozen=True, slots=True)
class UnlockedIdentity:
    """An identity that can sign; keep it only as long as one signing takes."""

    identity: SigningIdentity
    key: rsa.RSAPrivateKey

    def sign(self, data: bytes) -> bytes:
        """Return the RSA PKCS #1 v1.5 signature with SHA-256 over bytes."""
        return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate of the key."""
        return x509.load_pem_x509_certificate(self.identity.certificate_pem.encode("ascii"))

    def __repr__(self) -> str:
        return "UnlockedIdentity(***)"


@dataclass(frozen=True, slots=True)
class NewIdentity:
    """A fresh identity and its recovery key, which is shown once and stored nowhere."""

    identity: SigningIdentity
    recovery_key: str

    def __repr__(self) -> str:
        return "NewIdentity(***)"


def create_identity(
    folder: Path, *, user: str, organization: str, passphrase: str, clock: Clock
) -> NewIdentity:
    """Make the identity of a reader and store it locked.

    Args:
        folder: where identities are kept (PRELIM_HOME/keys); made where absent.
        user: printed name of the reader.
        organization: of the reader; may be empty.
        passphrase: at least MIN_PASSPHRASE characters.
        clock: for the dates of the certificate.

    Raises:
        InputRefusedError: the name is empty, or the passphrase too short.
        SafetyGateError: the reader has an identity already; it is never overwritten.
    """
    if not user.strip():
        raise InputRefusedError("A signing identity needs a name", todo="Say who you are")
    if len(passphrase) < MIN_PASSPHRASE:
        raise InputRefusedError(
            "The passphrase is too short",
            why=f"it has fewer than {MIN_PASSPHRASE} characters",
            todo="Choose a longer one; a few words with spaces are good",
        )
    path = identity_path(folder, user)
    if path.exists():
        raise SafetyGateError(
            "This reader already has a signing identity",
            todo="Sign with its passphrase, or unlock it with the recovery key",
        )
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    pem = _certificate(key, user, organization, clock.now())
    identity = SigningIdentity(user, organization, pem, path)
    recovery = _new_recovery_key()
    _store(identity, _locked(identity, key, passphrase, recovery))
    return NewIdentity(identity, recovery)


def identity_path(folder: Path, user: str) -> Path:
    """Return where the identity of a reader is or will be; the name itself is not in it."""
    name = unicodedata.normalize("NFC", " ".join(user.split())).casefold()
    return folder / f"identity-{hashlib.sha256(name.encode()).hexdigest()[:16]}.json"


def list_identities(folder: Path) -> tuple[SigningIdentity, ...]:
    """Return the identities of a folder, by name; a damaged file raises InputRefusedError."""
    found = [load_identity(path) for path in sorted(folder.glob("identity-*.json"))]
    return tuple(sorted(found, key=lambda identity: identity.user))


def find_identity(folder: Path, user: str) -> SigningIdentity | None:
    """Return the identity of a reader; None where there is none yet."""
    path = identity_path(folder, user)
    return load_identity(path) if path.exists() else None


def load_identity(path: Path) -> SigningIdentity:
    """Return an identity, still locked.

    Raises:
        InputRefusedError: the file cannot be read or is damaged.
    """
    stored = _read(path)
    return SigningIdentity(stored["user"], stored["organization"], stored["certificate"], path)


def unlock(identity: SigningIdentity, passphrase: str) -> UnlockedIdentity:
    """Return the identity ready to sign.

    Args:
        identity: locked.
        passphrase: of the reader, or the recovery key as printed.

    Raises:
        SafetyGateError: neither the passphrase nor the recovery key fits.
        InputRefusedError: the file is damaged.
    """
    stored = _read(identity.path)
    file_key = _file_key(stored, passphrase, identity.path)
    return UnlockedIdentity(identity, _private_key(stored, file_key))


def change_passphrase(identity: SigningIdentity, *, old: str, new: str) -> None:
    """Give an identity a new passphrase; the recovery key stays.

    Args:
        identity: locked.
        old: the passphrase so far, or the recovery key.
        new: at least MIN_PASSPHRASE characters.

    Raises:
        SafetyGateError: ``old`` does not fit.
        InputRefusedError: the new one is too short.
    """
    if len(new) < MIN_PASSPHRASE:
        raise InputRefusedError("The new passphrase is too short", todo="Choose a longer one")
    stored = _read(identity.path)
    file_key = _file_key(stored, old, identity.path)
    others = [slot for slot in stored["slots"] if slot["kind"] != "passphrase"]
    slots = [_slot("passphrase", _normal(new), file_key, stored["certificate"]), *others]
    _store(identity, {**stored, "slots": slots})


def _certificate(key: rsa.RSAPrivateKey, user: str, organization: str, now: datetime) -> str:
    names = [x509.NameAttribute(NameOID.COMMON_NAME, user[:64])]
    if organization:
        names.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization[:64]))
    name = x509.Name(names)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]),
            critical=False,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    certificate = builder.sign(key, hashes.SHA256())
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def _key_usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _locked(
    identity: SigningIdentity, key: rsa.RSAPrivateKey, passphrase: str, recovery: str
) -> dict[str, Any]:
    file_key = secrets.token_bytes(32)
    der = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    nonce = secrets.token_bytes(12)
    bound = identity.certificate_pem
    return {
        "schema": SCHEMA,
        "user": identity.user,
        "organization": identity.organization,
        "certificate": bound,
        "key": {
            "nonce": _text(nonce),
            "sealed": _text(AESGCM(file_key).encrypt(nonce, der, bound.encode())),
        },
        "slots": [
            _slot("passphrase", _normal(passphrase), file_key, bound),
            _slot("recovery", _recovery_letters(recovery), file_key, bound),
        ],
    }


def _slot(kind: str, secret: str, file_key: bytes, bound: str) -> dict[str, Any]:
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    costs = {"memory_kib": ARGON2_MEMORY_KIB, "passes": ARGON2_PASSES, "lanes": ARGON2_LANES}
    wrapped = AESGCM(_stretched(secret, salt, costs)).encrypt(nonce, file_key, bound.encode())
    return {
        "kind": kind,
        "kdf": {"name": "argon2id", "salt": _text(salt), **costs},
        "nonce": _text(nonce),
        "wrapped": _text(wrapped),
    }


def _stretched(secret: str, salt: bytes, costs: dict[str, Any]) -> bytes:
    memory = int(costs["memory_kib"])
    if memory > MAX_MEMORY_KIB:
        raise ValueError("the key file asks for too much memory")
    kdf = Argon2id(
        salt=salt,
        length=32,
        iterations=int(costs["passes"]),
        lanes=int(costs["lanes"]),
        memory_cost=memory,
    )
    return kdf.derive(secret.encode("utf-8"))


def _file_key(stored: dict[str, Any], passphrase: str, path: Path) -> bytes:
    secrets_by_kind = {"passphrase": _normal, "recovery": _recovery_letters}
    for slot in stored["slots"]:
        try:
            secret = secrets_by_kind[slot["kind"]](passphrase)
            key = _stretched(secret, _bytes(slot["kdf"]["salt"]), slot["kdf"])
            nonce, wrapped = _bytes(slot["nonce"]), _bytes(slot["wrapped"])
            return AESGCM(key).decrypt(nonce, wrapped, stored["certificate"].encode())
        except InvalidTag:
            continue
        except (KeyError, TypeError, ValueError) as error:
            raise _damaged() from error
    raise SafetyGateError(
        "The signing identity stays locked",
        why="the passphrase is wrong",
        todo="Type it again, or use the recovery key that was printed at first run",
    )


def _private_key(stored: dict[str, Any], file_key: bytes) -> rsa.RSAPrivateKey:
    try:
        nonce, sealed = _bytes(stored["key"]["nonce"]), _bytes(stored["key"]["sealed"])
        der = AESGCM(file_key).decrypt(nonce, sealed, stored["certificate"].encode())
        key = serialization.load_der_private_key(der, None)
    except (InvalidTag, KeyError, TypeError, ValueError) as error:
        raise _damaged() from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise _damaged()
    return key


def _new_recovery_key() -> str:
    letters = base64.b32encode(secrets.token_bytes(5 * RECOVERY_GROUPS * 5 // 8)).decode("ascii")
    return "-".join(letters[i : i + 5] for i in range(0, 5 * RECOVERY_GROUPS, 5))


def _recovery_letters(typed: str) -> str:
    return "".join(c for c in typed.upper() if c.isalnum())


def _normal(passphrase: str) -> str:
    """Return a passphrase as it is stretched: two keyboards may compose one letter differently."""
    return unicodedata.normalize("NFKC", passphrase)


def _read(path: Path) -> dict[str, Any]:
    try:
        stored = json.loads(path.read_bytes())
    except OSError as error:
        raise InputRefusedError(
            "The signing identity cannot be read",
            why=type(error).__name__,
            todo="Check the folder keys and its permissions",
        ) from error
    except ValueError as error:
        raise _damaged() from error
    texts = ("user", "organization", "certificate")
    if not isinstance(stored, dict) or stored.get("schema") != SCHEMA:
        raise _damaged()
    if not all(isinstance(stored.get(name), str) for name in texts):
        raise _damaged()
    if not isinstance(stored.get("slots"), list):
        raise _damaged()
    return stored


def _damaged() -> InputRefusedError:
    return InputRefusedError(
        "The signing identity is damaged",
        why="its file is not as Prelim wrote it",
        todo="Restore it from a backup, or make a new identity",
    )


def _store(identity: SigningIdentity, stored: dict[str, Any]) -> None:
    folder = identity.path.parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write_private(identity.path, json.dumps(stored, indent=1).encode("ascii"))
    _write_private(identity.certificate_path, identity.certificate_pem.encode("ascii"))


def _write_private(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".identity-", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:  # mkstemp made it readable by its owner only
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
