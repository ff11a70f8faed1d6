"""The parser that refuses: a drafted sentence is read again and held against its facts.

It knows nothing of the grammar or the model that wrote the sentence. It takes the text and the
facts the sentence cites, and passes the sentence only if every word is plain English of the
lexicon or licensed by a cited fact, every number is the rounded value of a cited fact with its
unit and on its side, every side is the side of a cited fact, and the polarity is theirs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from inference.vlm.lexicon import (
    FUNCTION_WORDS,
    NEGATIONS,
    QUESTION_WORDS,
    SIDE_WORDS,
    THRESHOLDS,
    TermEntry,
    anatomy_words,
    is_absent,
    side_word,
    terms_of,
)
from inference.vlm.numbers import digits_outside, unit_text, written_numbers
from workstation.core.finding import Fact


class Refusal(Enum):
    """Why a sentence is dropped; the value is what is logged (never the text)."""

    NO_FACT = "no fact is cited"
    NOT_ASSESSED = "a fact that was not assessed is stated"
    UNKNOWN_FINDING = "the lexicon does not know the finding"
    NOT_NAMED = "a cited finding is not named"
    UNKNOWN_WORD = "a word is neither plain nor licensed by a fact"
    NUMBER = "a number has no measurement behind it"
    UNIT = "a number stands without its unit"
    SIDE = "a side has no fact behind it"
    SIDE_MISSING = "a one-sided finding is stated without its side"
    NEGATION = "a negation contradicts the facts"
    QUESTION = "a question mark is missing or out of place"


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence and what it may rest on.

    Attributes:
        text: the sentence.
        facts: the facts it cites.
        is_question: it goes to the side list; it must ask.
    """

    text: str
    facts: tuple[Fact, ...]
    is_question: bool = False


def refusals(reading: Reading) -> tuple[Refusal, ...]:
    """Return every reason to drop a sentence; empty where it says only what its facts say."""
    if not reading.facts:
        return (Refusal.NO_FACT,)
    entries = [terms_of(fact.finding) for fact in reading.facts]
    known = tuple(entry for entry in entries if entry is not None)
    found: list[Refusal] = []
    if len(known) < len(entries):
        found.append(Refusal.UNKNOWN_FINDING)
    if any(not fact.is_assessed for fact in reading.facts):
        found.append(Refusal.NOT_ASSESSED)
    plain = _without_licensed_constants(reading)
    found += _number_refusals(plain, reading.facts)
    found += _side_refusals(plain, reading)
    found += _polarity_refusals(plain, reading)
    found += _word_refusals(plain, reading, known)
    if reading.text.endswith("?") != reading.is_question or "?" in reading.text[:-1]:
        found.append(Refusal.QUESTION)
    return tuple(found)


def _without_licensed_constants(reading: Reading) -> str:
    """Return the text without thresholds and anatomy names that the cited facts own."""
    text = reading.text
    for fact in reading.facts:
        threshold = THRESHOLDS.get(fact.finding)
        if threshold:
            text = re.sub(rf"(?<![\w.-]){re.escape(threshold)}(?![\w])", " ", text)
        if re.search(r"\d", fact.anatomy):
            text = re.sub(rf"\b{re.escape(fact.anatomy)}\b", " ", text, flags=re.IGNORECASE)
    return text


def _number_refusals(text: str, facts: tuple[Fact, ...]) -> list[Refusal]:
    """Each number: the rounded value of a cited fact, with its unit, on its side."""
    numbers = written_numbers(text)
    if digits_outside(text, numbers):
        return [Refusal.NUMBER]
    found: list[Refusal] = []
    for number in numbers:
        side = _last_side(text[: number.start])
        backing = [
            fact
            for fact in facts
            if fact.value is not None
            and fact.is_assessed
            and number.is_rounding_of(fact.value)
            and side in ("", side_word(fact))
        ]
        if not backing:
            found.append(Refusal.NUMBER)
        elif not any(_has_unit(number.unit, fact) for fact in backing):
            found.append(Refusal.UNIT)
    return found


def _has_unit(written: str, fact: Fact) -> bool:
    """Whether the word after a number is the unit of a fact; any word will do for a ratio."""
    return not fact.unit or written == unit_text(fact.unit)


def _side_refusals(text: str, reading: Reading) -> list[Refusal]:
    held = {side_word(fact) for fact in reading.facts} - {""}
    said = set(_words(text)) & SIDE_WORDS
    found = [Refusal.SIDE] if said - held else []
    if held - said:
        found.append(Refusal.SIDE_MISSING)
    return found


def _polarity_refusals(text: str, reading: Reading) -> list[Refusal]:
    """A negation needs facts that are all absent; absent facts need a negation."""
    is_negated = bool(set(_words(text)) & NEGATIONS)
    absent = [is_absent(fact) for fact in reading.facts]
    if reading.is_question:
        return [Refusal.NEGATION] if is_negated else []
    return [Refusal.NEGATION] if is_negated != all(absent) or any(absent) != all(absent) else []


def _word_refusals(text: str, reading: Reading, known: tuple[TermEntry, ...]) -> list[Refusal]:
    """Every word is plain or licensed; every cited finding is named by one of its terms."""
    facts = reading.facts
    licensed = {word for fact in facts for word in anatomy_words(fact)}
    licensed |= {word for entry in known for word in entry.words}
    licensed |= {word.lower() for fact in facts for word in _words(unit_text(fact.unit))}
    allowed = licensed | FUNCTION_WORDS | SIDE_WORDS | NEGATIONS
    if reading.is_question:
        allowed |= QUESTION_WORDS
    found = [Refusal.UNKNOWN_WORD] if set(_words(text)) - allowed else []
    lowered = " ".join(_words(text))
    return found + [Refusal.NOT_NAMED for entry in known if not _is_named(entry, lowered)]


def _is_named(entry: TermEntry, lowered: str) -> bool:
    return any(re.search(rf"\b{re.escape(term)}\b", lowered) for term in entry.terms)


def _last_side(text: str) -> str:
    """Return the last side word of a text, or an empty string."""
    said = [word for word in _words(text) if word in SIDE_WORDS]
    return said[-1] if said else ""


def _words(text: str) -> list[str]:
    """Return the words of a text in lower case; a hyphen joins, digits are no words."""
    return [word.strip("-").lower() for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text)]
