"""How a measured number is written in a sentence, and how it is found there again."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from workstation.core.finding import Fact

_NUMBER = re.compile(r"(?<![\w.])[-−]?[0-9]+(?:\.[0-9]+)?(?![\d.]*\d)\s*([^\s,;:.?()\d]*)")


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number as a sentence holds it.

    Attributes:
        value: the number.
        decimals: digits after the point.
        unit: the word that follows it; may be no unit at all.
        start: offset in the sentence.
    """

    value: float
    decimals: int
    unit: str
    start: int

    def is_rounding_of(self, value: float) -> bool:
        """Whether a value, rounded to the digits written here, gives this number."""
        half_step = 0.5 * 10.0**-self.decimals
        return math.isfinite(value) and abs(self.value - value) <= half_step * (1 + 1e-9) + 1e-12


def number_text(fact: Fact) -> str:
    """Return the value of a fact as a sentence shows it; no more digits than it deserves.

    Ratios and parts of a milliliter keep two decimals, values below 10 one, the rest none.

    Raises:
        ValueError: the fact has no finite value.
    """
    if fact.value is None or not math.isfinite(fact.value):
        raise ValueError("only a finite value can be written")
    decimals = _decimals(fact.value, fact.unit)
    text = f"{fact.value:.{decimals}f}"
    return text.lstrip("-") if float(text) == 0 else text


def unit_text(unit: str) -> str:
    """Return a unit as a sentence shows it."""
    return unit


def written_numbers(text: str) -> tuple[WrittenNumber, ...]:
    """Return every number of a sentence, in order."""
    found = []
    for match in _NUMBER.finditer(text):
        digits = re.match(r"[-−]?[0-9.]+", match.group())
        if digits is None:
            continue
        plain = digits.group().replace("−", "-").rstrip(".")
        decimals = len(plain.partition(".")[2])
        found.append(WrittenNumber(float(plain), decimals, match.group(1), match.start()))
    return tuple(found)


def digits_outside(text: str, numbers: tuple[WrittenNumber, ...]) -> bool:
    """Whether a sentence holds a digit that is part of none of its numbers."""
    count = sum(character.isdigit() for character in text)
    held = 0
    for number in numbers:
        written = f"{number.value:.{number.decimals}f}"
        held += sum(character.isdigit() for character in written)
    return count != held


def _decimals(value: float, unit: str) -> int:
    if not unit or (unit == "ml" and abs(value) < 1):
        return 2
    return 0 if abs(value) >= 10 or unit == "HU" else 1
