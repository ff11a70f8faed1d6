"""Strict reading of one table of a hanging protocol: what is wrong is said with its place.

Every refusal names the file, the key, what is wrong with it and what to write instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workstation.core.errors import InputRefusedError

MAX_TEXT = 200
"""Longest text of a protocol, in characters: a title or a word; a longer one is no title."""

LARGEST = 1e9
"""Largest number, either way: no value, length or count of images comes near it."""

MAX_ENTRIES = 100
"""Longest list: words of a rule, rules of a cell."""


class HangingFileError(InputRefusedError):
    """A file holds no hanging protocol that can be used.

    Attributes:
        file: its name without the folder.
        key: the key that is wrong; empty for the file as a whole.
    """

    def __init__(self, file: str, key: str, why: str, todo: str) -> None:
        place = f'In "{file}", "{key}" {why}' if key else f'"{file}" {why}'
        super().__init__("A hanging protocol is left out", why=place, todo=todo)
        self.file, self.key = file, key


class ProtocolTable:
    """One table while it is read; each reader takes its key out, and none may be left over.

    Args:
        raw: the table as tomllib gives it.
        file: name of the file.
        place: where it is in the file; empty for the top.
    """

    def __init__(self, raw: Mapping[str, object], file: str, place: str = "") -> None:
        self._left = dict(raw)
        self._file, self._place = file, place

    def has(self, key: str) -> bool:
        """Whether the key is there and not read yet."""
        return key in self._left

    def close(self, known: Sequence[str]) -> None:
        """Refuse a key that was never asked for.

        Args:
            known: what could stand here, for the sentence.
        """
        if self._left:
            names = ", ".join(known)
            raise self.refused(min(self._left), "is not known here", f"Write one of: {names}")

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text that is not empty; the default where the key is absent."""
        value = self._take(key, default)
        if value is default and default is not None:
            return default
        if not isinstance(value, str) or not value.strip() or len(value) > MAX_TEXT:
            todo = f'Write it between quotation marks, up to {MAX_TEXT} letters: {key} = "…"'
            raise self.refused(key, "is not a text", todo)
        return value.strip()

    def choice(self, key: str, choices: Sequence[str], default: str | None = None) -> str:
        """Return a text that is one of the choices."""
        value = self.text(key, default)
        if value not in choices and value != default:
            raise self.refused(key, f'is "{value}"', f"Write one of: {', '.join(choices)}")
        return value

    def texts(self, key: str, *, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Return a list of texts; a single text is a list of one."""
        value = self._take(key, default)
        if value is default and default is not None:
            return default
        found = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        if not 0 < len(found) <= MAX_ENTRIES or not all(map(_is_word, found)):
            todo = f'Write words between brackets: {key} = ["chest", "thorax"]'
            raise self.refused(key, "is not a list of words", todo)
        return tuple(str(one).strip() for one in found)

    def number(self, key: str, default: float | None = None, *, least: float = -1e9) -> float:
        """Return a finite number, at least so large."""
        value = finite(self._take(key, default))
        if value is None or value < least:
            why = "is not a number" if value is None else f"is below {least:g}"
            raise self.refused(key, why, f"Write a number, e.g. {key} = {max(least, 1):g}")
        return value

    def whole(self, key: str, default: int, *, least: int, most: int) -> int:
        """Return a whole number within limits."""
        value = self._take(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            todo = f"Write a whole number from {least} to {most}"
            raise self.refused(key, "is not one of the numbers that are possible", todo)
        return value

    def pair(self, key: str) -> tuple[float, float]:
        """Return two numbers."""
        value = self._take(key)
        found = [finite(one) for one in value] if isinstance(value, list) else []
        numbers = [one for one in found if one is not None]
        if len(found) != 2 or len(numbers) != 2:
            raise self.refused(
                key, "is not a pair of numbers", f"Write two numbers: {key} = [40, 400]"
            )
        return numbers[0], numbers[1]

    def truth(self, key: str, *, default: bool = False) -> bool:
        """Return true or false."""
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self.refused(key, "is neither true nor false", f"Write {key} = true, or false")
        return value

    def table(self, key: str) -> ProtocolTable:
        """Return the table under the key."""
        value = self._take(key)
        if not isinstance(value, dict):
            raise self.refused(key, "is not a table", f"Write [{key}] and its keys below it")
        return ProtocolTable(value, self._file, self._at(key))

    def tables(self, key: str) -> tuple[ProtocolTable, ...]:
        """Return the tables under the key; none where it is absent."""
        value = self._take(key, [])
        is_list = isinstance(value, list) and all(isinstance(one, dict) for one in value)
        if not is_list or not isinstance(value, list) or len(value) > MAX_ENTRIES:
            raise self.refused(key, "is not a list of tables", f"Write [[{key}]] before each")
        return tuple(
            ProtocolTable(one, self._file, f"{self._at(key)}[{number}]")
            for number, one in enumerate(value, start=1)
        )

    def free(self, key: str) -> object:
        """Return what stands under the key as it is."""
        return self._take(key)

    def refused(self, key: str, why: str, todo: str) -> HangingFileError:
        """Return the refusal of a key."""
        return HangingFileError(self._file, self._at(key), why, todo)

    def _take(self, key: str, default: object = None) -> object:
        if key not in self._left:
            if default is None:
                raise self.refused(key, "is missing", f"Add a line {key} = …")
            return default
        return self._left.pop(key)

    def _at(self, key: str) -> str:
        return f"{self._place}.{key}" if self._place else key


def _is_word(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= MAX_TEXT


def finite(value: object) -> float | None:
    """Return a number; None for what is none, is infinite, or is larger than can be counted."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if -LARGEST <= value <= LARGEST else None
