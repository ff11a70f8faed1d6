"""Keys of commands as they are stored: one text per command, several keys in it.

The form is Qt's own for a list of shortcuts (``QKeySequence.listToString``): keys in portable words
with "; " between them. A file of an earlier version holds one key, which is the same text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType

from workstation.core.errors import InputRefusedError

SEPARATOR = "; "
"""Between two keys; the key ";" itself has no blank behind it."""

FORMAT = "prelim-keys-1"
"""Names the form of a file of keys; a later form gets another name."""

LONGEST_FILE_BYTES = 1 << 20
"""No keyboard needs more; what is larger is another kind of file."""


def split_keys(text: str) -> tuple[str, ...]:
    """Return the keys of a stored text, in order; empty for none."""
    return tuple(key.strip() for key in text.split(SEPARATOR) if key.strip())


def join_keys(keys: tuple[str, ...]) -> str:
    """Return the text that is stored for some keys."""
    return SEPARATOR.join(keys)


def keys_as_file(keys: Mapping[str, str]) -> str:
    """Return the text of a file that carries changed keys to another machine."""
    return json.dumps({"format": FORMAT, "keys": dict(keys)}, indent=1, ensure_ascii=False) + "\n"


def keys_of_file(text: str) -> Mapping[str, str]:
    """Return the changed keys of a file, by command id.

    Raises:
        InputRefusedError: it is no file of keys.
    """
    refused = InputRefusedError(
        "The keys were not read",
        why="This is no file of keys that this program saved",
        todo="Save the keys on the other machine again",
    )
    try:
        read = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise refused from error
    keys = read.get("keys") if isinstance(read, dict) else None
    if not isinstance(keys, dict) or read.get("format") != FORMAT:
        raise refused
    if not all(isinstance(one, str) for one in keys.values()):
        raise refused
    return MappingProxyType({str(name): str(value) for name, value in keys.items()})
