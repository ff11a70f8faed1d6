"""Strict reading of one TOML table: each key is asked for by kind, and none may be left over."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from workstation.core.errors import PackRefusedError

MAX_TEXT = 4000
"""Longest text of a manifest, in characters; a limit sentence is a few hundred."""


class Table:
    """One table of a manifest while it is parsed; each reader takes its key out.

    Args:
        raw: the table as tomllib gives it.
        name: where it is, for the sentences of refusals; empty for the top.
    """

    def __init__(self, raw: Mapping[str, object], name: str) -> None:
        self._left = dict(raw)
        self._name = name

    def has(self, key: str) -> bool:
        """Return whether the key is there and not read yet."""
        return key in self._left

    def close(self) -> None:
        """Refuse the pack if a key was never asked for."""
        if self._left:
            raise self.refused(sorted(self._left)[0], "is not a key of the schema")

    def text(self, key: str, *, pattern: re.Pattern[str] | None = None) -> str:
        """Return a text that is not empty and fits the pattern."""
        value = self._take(key)
        if not isinstance(value, str) or not value.strip() or len(value) > MAX_TEXT:
            raise self.refused(key, "is not a text")
        if pattern is not None and not pattern.fullmatch(value):
            raise self.refused(key, "is not written as it must be")
        return value

    def texts(self, key: str, *, least: int = 0) -> tuple[str, ...]:
        """Return an array of texts with at least so many entries."""
        value = self._take(key)
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise self.refused(key, "is not an array of texts")
        if len(value) < least:
            raise self.refused(key, "is empty")
        return tuple(value)

    def choice(self, key: str, choices: Sequence[str]) -> str:
        """Return a text that is one of the choices."""
        value = self.text(key)
        if value not in choices:
            raise self.refused(key, f"is none of {', '.join(choices)}")
        return value

    def integer(self, key: str, *, least: int) -> int:
        """Return a whole number, at least so large."""
        value = self._take(key)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise self.refused(key, f"is not a whole number of at least {least}")
        return value

    def number(self, key: str, *, least: float = -math.inf) -> float:
        """Return a finite number, at least so large."""
        number = _number(self._take(key))
        if number is None or number < least:
            raise self.refused(key, "is not a number in its range")
        return number

    def numbers(self, key: str, *, count: int) -> tuple[float, ...]:
        """Return an array of exactly so many finite numbers."""
        value = self._take(key)
        found = [_number(item) for item in value] if isinstance(value, list) else []
        numbers = tuple(number for number in found if number is not None)
        if len(numbers) != count or len(found) != count:
            raise self.refused(key, f"is not an array of {count} numbers")
        return numbers

    def table(self, key: str) -> Table:
        """Return the table under the key."""
        value = self._take(key)
        if not isinstance(value, dict):
            raise self.refused(key, "is not a table")
        return Table(value, self._at(key))

    def tables(self, key: str) -> tuple[Table, ...]:
        """Return the array of tables under the key; none if the key is absent."""
        value = self._left.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.refused(key, "is not an array of tables")
        return tuple(Table(item, self._at(key)) for item in value)

    def free(self, key: str) -> Mapping[str, object]:
        """Return the table under the key as it is; empty if the key is absent."""
        value = self._left.pop(key, {})
        if not isinstance(value, dict):
            raise self.refused(key, "is not a table")
        return value

    def _take(self, key: str) -> object:
        if key not in self._left:
            raise self.refused(key, "is missing")
        return self._left.pop(key)

    def _at(self, key: str) -> str:
        return f"{self._name}.{key}" if self._name else key

    def refused(self, key: str, why: str) -> PackRefusedError:
        """Return the error that refuses the pack for what is under a key."""
        return PackRefusedError(
            "The model pack is refused",
            why=f'"{self._at(key)}" of its manifest {why}',
            todo="Get the pack again from its maker",
        )


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None
