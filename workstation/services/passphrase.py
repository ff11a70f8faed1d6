"""A passphrase that the person put into the key ring of this desktop, for unattended signing.

Prelim never puts one there: signing asks each time. A person who wants it stores it with
``keyring set prelim-passphrase "Their Name"``.
"""

from __future__ import annotations

import keyring
import keyring.errors

KEY_RING_SERVICE = "prelim-passphrase"


def stored_passphrase(user: str) -> str | None:
    """Return the passphrase a person stored for a signer; None where there is none."""
    try:
        stored: str | None = keyring.get_password(KEY_RING_SERVICE, user)
    except keyring.errors.KeyringError:
        return None
    return stored
