"""The encrypted file that holds the library, and the key to it.

SQLCipher encrypts every page; the key is 32 random bytes, kept in the key ring of the desktop, or,
where there is none (a server, a clinic's bare Linux), in a file only the user may read. Writing
is durable when a call returns (synchronous = FULL).

Thread: any; connections are handed out per call.
"""

from __future__ import annotations

import logging
import os
import secrets
from pathlib import Path
from typing import Any, TypeAlias

import keyring
import keyring.errors
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool
from sqlcipher3 import dbapi2

from workstation.core.errors import InputRefusedError

Database: TypeAlias = Engine
"""An open library, for those who only hold it and close it."""

KEY_BYTES = 32
"""Raw key of SQLCipher: 256 bits, so no derivation is needed (Zetetic, "PRAGMA key")."""

KEY_RING_SERVICE = "prelim-library"

logger = logging.getLogger(__name__)


def open_database(path: Path, key: bytes) -> Database:
    """Return an engine on the encrypted file, with the schema brought up to date.

    Args:
        path: the file; made where it is absent, its folder must exist.
        key: 32 bytes.

    Raises:
        InputRefusedError: the key does not fit the file, or the file is damaged.
    """
    engine = create_engine(
        "sqlite://", module=dbapi2, creator=lambda: _connect(path, key), poolclass=NullPool
    )
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT count(*) FROM sqlite_master"))
    except DatabaseError as error:
        raise InputRefusedError(
            "The study library cannot be opened",
            why="its key does not fit, or the file is damaged",
            todo="Restore the key or the library from your backup",
        ) from error
    _migrate(engine)
    return engine


def library_key(keys_folder: Path) -> bytes:
    """Return the key of the library, making it at first use.

    The file slot wins where it exists; else the key ring; else a new key is put into the key
    ring or, where there is none, into a file with mode 0600.

    Args:
        keys_folder: folder of the file slot; made private to the user.
    """
    slot = keys_folder / "library.key"
    if slot.is_file():
        return bytes.fromhex(slot.read_text("ascii").strip())
    account = str(keys_folder)
    stored = _from_key_ring(account)
    if stored:
        return bytes.fromhex(stored)
    key = secrets.token_bytes(KEY_BYTES)
    if not _to_key_ring(account, key.hex()):
        _write_private(slot, key.hex())
        logger.info("library key kept in a file: no key ring on this machine")
    return key


def _connect(path: Path, key: bytes) -> Any:  # noqa: ANN401 the driver has no types
    connection = dbapi2.connect(str(path), check_same_thread=False, timeout=30)
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _migrate(engine: Engine) -> None:
    # Alembic takes 0.1 s to import: only a process that opens the library pays for it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "schema"))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _from_key_ring(account: str) -> str | None:
    try:
        return keyring.get_password(KEY_RING_SERVICE, account)
    except keyring.errors.KeyringError:
        return None


def _to_key_ring(account: str, key_hex: str) -> bool:
    try:
        keyring.set_password(KEY_RING_SERVICE, account, key_hex)
        return keyring.get_password(KEY_RING_SERVICE, account) == key_hex
    except keyring.errors.KeyringError:
        return False


def _write_private(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
