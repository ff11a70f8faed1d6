"""The settings file: TOML in the user's home, written whole, read with care.

A damaged file or value never keeps the program from starting: it is put aside or passed over,
and the reader is told.
"""

from __future__ import annotations

import json
import logging
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from workstation.settings.schema import OPTIONS, Settings, Stored

KEYS_GROUP = "keys"
"""Table of the file that holds changed keyboard shortcuts."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """Settings as read, and what had to be passed over, in words."""

    settings: Settings
    warnings: tuple[str, ...] = ()


class SettingsStore:
    """Reads and writes one settings file. UI thread; the file is a few hundred bytes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> LoadedSettings:
        """Return the stored settings; defaults where there is no file or it is damaged."""
        try:
            tables = tomllib.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return LoadedSettings(Settings())
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
            return self._without_file(type(error).__name__)
        return _from_tables(tables)

    def save(self, settings: Settings) -> None:
        """Write all changed options; the old file stays until the new one is complete.

        Raises:
            OSError: the folder cannot be written.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            file.write(_as_toml(settings))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)

    def _without_file(self, error_name: str) -> LoadedSettings:
        logger.warning("settings file not readable: %s", error_name)
        try:
            self._path.replace(self._path.with_suffix(".damaged"))
        except OSError:
            logger.warning("damaged settings file could not be put aside")
        warning = "Your settings could not be read and were reset. The old file was kept beside."
        return LoadedSettings(Settings(), (warning,))


def _from_tables(tables: dict[str, Any]) -> LoadedSettings:
    values: dict[str, Stored] = {}
    warnings = []
    for option in OPTIONS:
        table = tables.get(option.group)
        stored = table.get(option.name) if isinstance(table, dict) else None
        if stored is None:
            continue
        if option.accepts(stored):
            values[option.key] = stored
        else:
            warnings.append(f"The setting '{option.title}' was not understood and was reset.")
    keys = tables.get(KEYS_GROUP)
    texts = keys if isinstance(keys, dict) else {}
    changed = {str(name): text for name, text in texts.items() if isinstance(text, str)}
    settings = Settings(MappingProxyType(values), MappingProxyType(changed))
    return LoadedSettings(settings, tuple(warnings))


def _as_toml(settings: Settings) -> str:
    groups: dict[str, list[str]] = {}
    for option in OPTIONS:
        if option.key in settings.values:
            line = f"{option.name} = {_literal(settings.values[option.key])}"
            groups.setdefault(option.group, []).append(line)
    if settings.keys:
        lines = [f"{_literal(name)} = {_literal(text)}" for name, text in settings.keys.items()]
        groups[KEYS_GROUP] = lines
    blocks = ["\n".join((f"[{group}]", *lines)) for group, lines in groups.items()]
    return "\n\n".join(blocks) + "\n"


def _literal(value: Stored) -> str:
    # A JSON string is a TOML basic string, as long as DEL is escaped too (TOML 1.0, "String").
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
