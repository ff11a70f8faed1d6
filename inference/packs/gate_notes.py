"""Which packs passed their gates on this machine: a small file beside the user's packs.

A pack that failed is never chosen by itself; it can still be asked for by name. The file holds
digests, so that a pack that was changed counts as not measured.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

NOTES_NAME = ".gates.json"
"""Hidden, so that it is not taken for a pack."""

MAX_NOTES_BYTES = 1_000_000


def read_notes(folder: Path | None) -> dict[str, tuple[str, ...]]:
    """Return, by pack digest, the gates that were failed; empty for a pack that passed.

    A file that cannot be read counts as none: the packs are then not measured.
    """
    path = None if folder is None else folder / NOTES_NAME
    if path is None or path.is_symlink() or not path.is_file():
        return {}
    try:
        if path.stat().st_size > MAX_NOTES_BYTES:
            return {}
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(raw, dict):
        return {}
    return {
        digest: tuple(str(name) for name in failed)
        for digest, failed in raw.items()
        if isinstance(failed, list)
    }


def write_note(folder: Path, digest: str, failed: tuple[str, ...]) -> None:
    """Keep what the gates said about a pack; the file is replaced as a whole."""
    notes = read_notes(folder) | {digest: failed}
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".gates-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({key: list(value) for key, value in sorted(notes.items())}, file, indent=1)
    Path(name).replace(folder / NOTES_NAME)
