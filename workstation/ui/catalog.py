"""Says English texts in another language: whole, from their template, or sentence by sentence.

The rooms below the window say what they found in English, and much of that reaches the window as
plain text: through a signal of Qt, out of a stored file, from another process. So a text that is
not in the catalog as it stands is looked for among the templates (``The file holds {0} images``),
and what it holds in their places is said in its turn; and what an error tells (what failed, why,
what to do) is said sentence by sentence. What nobody wrote stays English: names, numbers, and what
the system says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

PLACE = re.compile(r"\{(\d+)\}")
"""Where a value goes in a template."""

FEWEST_LETTERS = 5
"""A template with fewer letters of its own would be found in almost any text."""

REMEMBERED = 2048
"""Texts that are said again and again while images are painted are worked out once."""

LONGEST = 1500
"""Letters of a text that is looked for among templates or sentence by sentence: our longest has
500. A longer one is a document of somebody and stays as it is; looking would hold the window up."""

MOST_SENTENCES = 40
"""Sentences of a text that are said one by one; more of them are a document as well."""

_SENTENCE_END = re.compile(r"(?<=[.!?]) (?=\S)")


class Catalog:
    """Translations of one language. Immutable but for what it remembers.

    Args:
        texts: translations by English text or template.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        templates = [text for text in texts if PLACE.search(text) and _letters(text)]
        # The template with most words of its own is the one that was meant.
        self._templates = [
            (_pattern(text), texts[text]) for text in sorted(templates, key=_letters, reverse=True)
        ]
        self._most_together = max((len(_SENTENCE_END.split(text)) for text in texts), default=1)
        self.say = lru_cache(REMEMBERED)(self._say)

    def __bool__(self) -> bool:
        return bool(self._texts)

    def _say(self, text: str) -> str | None:
        """Return a text in the language; None where nothing of it is known."""
        known = self._known(text)
        if known or len(text) > LONGEST:
            return known
        return self._from_template(text) or self._in_sentences(text)

    def _known(self, text: str) -> str | None:
        """Return a text that is there, or is but for its first letter and the stop at its end."""
        if text in self._texts:
            return self._texts[text]
        stop = "." if text.endswith(".") else ""
        for shape in _shapes(text.removesuffix(".")):
            if shape in self._texts:
                return _as_sentence(self._texts[shape], text, stop)
        return None

    def _from_template(self, text: str) -> str | None:
        stop = "." if text.endswith(".") else ""
        for shape in (text, *_shapes(text.removesuffix("."))):
            for pattern, said in self._templates:
                if found := pattern.fullmatch(shape):
                    values = {name: self.say(value) or value for name, value in _values(found)}
                    made = PLACE.sub(lambda place: values.get(place[1], ""), said)  # noqa: B023
                    return made if shape == text else _as_sentence(made, text, stop)
        return None

    def _in_sentences(self, text: str) -> str | None:
        """Return a text of several sentences, said one by one; None where none is known."""
        sentences = _SENTENCE_END.split(text)
        if len(sentences) > MOST_SENTENCES:
            return None
        said, place, has_known = [], 0, False
        while place < len(sentences) and len(sentences) > 1:
            known, taken = self._next(sentences[place:], is_all=place == 0)
            has_known |= known is not None
            said.append(known or sentences[place])
            place += taken
        return " ".join(said) if has_known else None

    def _next(self, sentences: list[str], *, is_all: bool) -> tuple[str | None, int]:
        """Return what the next sentences say together, and how many they are."""
        most = min(len(sentences) - is_all, self._most_together)
        for count in range(most, 0, -1):
            if known := self._known(" ".join(sentences[:count])):
                return known, count
        for count in range(1, most + 1):
            if known := self._from_template(" ".join(sentences[:count])):
                return known, count
        return None, 1


def _letters(template: str) -> int:
    """Return how many letters a template has of its own; 0 for too few to be found by."""
    count = sum(map(str.isalpha, PLACE.sub("", template)))
    return count if count >= FEWEST_LETTERS else 0


def _pattern(template: str) -> re.Pattern[str]:
    parts, seen = [], set()
    for number, part in enumerate(PLACE.split(template)):
        if number % 2 == 0:
            parts.append(re.escape(part))
        elif part in seen:
            parts.append(f"(?P=v{part})")
        else:
            seen.add(part)
            parts.append(f"(?P<v{part}>.*?)")
    return re.compile("".join(parts), re.DOTALL)


def _values(found: re.Match[str]) -> Iterator[tuple[str, str]]:
    for name, value in found.groupdict().items():
        yield name.removeprefix("v"), value


def _shapes(text: str) -> Iterator[str]:
    """Yield a text without its stop, as it may stand in the catalog.

    What one sentence adds to another begins with a blank there.
    """
    yield text
    yield f"{text}."
    yield f" {text}."
    changed = text[:1].lower() + text[1:]
    yield changed if changed != text else text[:1].upper() + text[1:]


def _as_sentence(said: str, text: str, stop: str) -> str:
    """Return what is said with the first letter and the stop of the text it stands for."""
    said = said.lstrip()
    first = said[:1].upper() if text[:1].isupper() else said[:1]
    return f"{first}{said[1:].removesuffix('.')}{stop}"
