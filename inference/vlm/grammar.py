"""What may be said: sentence patterns of a pack, and the automaton of one sentence.

A pattern is a line such as ``The {lung.side} lung (measures|has a volume of) {lung.value}
{lung.unit} [in total].`` with alternatives in round brackets, options in square brackets and
slots in braces. A slot is filled from a fact and from nothing else; a pattern whose slot has no
fact behind it does not exist for that sentence. Sides, negations and digits are refused as plain
words of a pattern, so that a pack cannot carry a claim of its own.

The automaton of a sentence is a tree of words: whatever chooses the path, a language model or
chance, every path says what the facts say.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from inference.vlm.lexicon import NEGATIONS, SIDE_WORDS, THRESHOLDS, anatomy_words, side_word
from inference.vlm.numbers import number_text, unit_text
from workstation.core.errors import PackRefusedError
from workstation.core.finding import Fact, Side

LARGEST_TREE = 6000
"""Most sentences of one automaton; a pattern beyond it is a mistake, not a paraphrase."""

_SLOT = re.compile(r"\{([a-z ]+)\.(side|sides|value|unit|anatomy|threshold)\}")
_TOKEN = re.compile(r"\{[^}]*\}|[()|\[\]]|[.,;:?]|[^\s()|\[\]{}.,;:?]+")

Word = tuple[str, str]
"""A token of the vocabulary and the text it stands for."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to say a point.

    Attributes:
        style: ``full`` or ``terse``.
        weight: how often the training corpus takes it, relative to its siblings.
        text: the pattern.
    """

    style: str
    weight: float
    text: str


@dataclass(frozen=True, slots=True)
class PointKind:
    """A kind of thing to say.

    Attributes:
        name: e.g. ``lung volume``.
        roles: names the patterns use for its facts, in order.
        claim: ``quantity``, ``present``, ``absent`` or ``question``.
        patterns: the ways to say it.
    """

    name: str
    roles: tuple[str, ...]
    claim: str
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to say now: a kind, and the facts that fill its roles."""

    kind: PointKind
    facts: tuple[Fact, ...]

    def fact(self, role: str) -> Fact:
        """Return the fact of a role."""
        return self.facts[self.kind.roles.index(role)]


@dataclass(slots=True)
class Node:
    """A place in the automaton: the words allowed next, and whether the sentence may end."""

    edges: dict[Word, Node] = field(default_factory=dict)
    is_end: bool = False


def parse_grammar(content: bytes) -> dict[str, PointKind]:
    """Return the sentence patterns of a pack by the names of their points.

    Raises:
        PackRefusedError: the file is damaged, or a pattern carries a claim of its own.
    """
    try:
        table = tomllib.loads(content.decode("utf-8"))
        kinds = [_kind(entry) for entry in table["point"]]
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise _refused(type(error).__name__) from error
    except ValueError as error:
        raise _refused(str(error)) from error
    return {kind.name: kind for kind in kinds}


def automaton(point: Point) -> Node:
    """Return the tree of all sentences that a point allows; empty where no pattern fits."""
    root = Node()
    for pattern in point.kind.patterns:
        for words in sentences(point, pattern):
            node = root
            for word in words:
                node = node.edges.setdefault(word, Node())
            node.is_end = True
    return root


def sentences(point: Point, pattern: Pattern) -> Iterator[tuple[Word, ...]]:
    """Yield every sentence of one pattern, as words; none where a slot has no fact."""
    slots = _SLOT.findall(pattern.text)
    if not all(_is_filled(point, slot) for slot in slots) or not _names_all_sides(point, slots):
        return
    tree = parse_pattern(pattern.text)
    for count, path in enumerate(_paths(tree)):
        if count >= LARGEST_TREE:
            raise PackRefusedError(
                "A sentence pattern of the drafting pack allows too many sentences"
            )
        yield tuple(word for token in path for word in fill(point, token))


def fill(point: Point, token: str) -> tuple[Word, ...]:
    """Return the words that one token of a pattern becomes with the facts of a point."""
    slot = _SLOT.fullmatch(token)
    if slot is None:
        return ((token.lower(), token),)
    role, what = slot.groups()
    fact = point.fact(role)
    place = point.kind.roles.index(role)
    match what:
        case "side" | "sides":
            word = side_word(fact)
            return ((word, word),)
        case "value":
            return ((f"<value {place}>", number_text(fact)),)
        case "unit":
            return ((f"<unit {place}>", unit_text(fact.unit)),)
        case "threshold":
            return ((f"<threshold {place}>", THRESHOLDS[fact.finding]),)
    return tuple((word, word) for word in anatomy_words(fact))


Tree = tuple["str | Choice", ...]
"""A parsed pattern: words, slots and choices in order."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A bracket: the branches, of which one is taken; an option has an empty last branch."""

    branches: tuple[Tree, ...]


def parse_pattern(text: str) -> Tree:
    """Return the tree of a pattern.

    Raises:
        ValueError: brackets do not match.
    """
    tokens = _TOKEN.findall(text)
    tree, place = _parse(tokens, 0, "")
    if place != len(tokens):
        raise ValueError(f"brackets do not match in the pattern: {text}")
    return tree


def joined(words: tuple[Word, ...]) -> str:
    """Return the sentence of a path: spaces between words, none before punctuation."""
    text = ""
    for _, shown in words:
        text += shown if not text or shown in ".,;:?" else f" {shown}"
    return text[:1].upper() + text[1:]


def _parse(marks: list[str], place: int, closing: str) -> tuple[Tree, int]:
    branches: list[Tree] = []
    current: list[str | Choice] = []
    while place < len(marks) and marks[place] not in (")", "]"):
        mark = marks[place]
        place += 1
        if mark == "|":
            branches.append(tuple(current))
            current = []
        elif mark in ("(", "["):
            inner, place = _parse(marks, place, ")" if mark == "(" else "]")
            options = _branches(inner)
            current.append(Choice((*options, ()) if mark == "[" else options))
            if place >= len(marks):
                raise ValueError("a bracket is not closed")
            place += 1
        else:
            current.append(mark)
    if closing and (place >= len(marks) or marks[place] != closing):
        raise ValueError("a bracket is not closed")
    if branches:
        return (Choice((*branches, tuple(current))),), place
    return tuple(current), place


def _branches(tree: Tree) -> tuple[Tree, ...]:
    """Return the branches of a bracket's content; one where it holds no bar."""
    if len(tree) == 1 and isinstance(tree[0], Choice):
        return tree[0].branches
    return (tree,)


def _paths(tree: Tree) -> Iterator[tuple[str, ...]]:
    if not tree:
        yield ()
        return
    head, rest = tree[0], tree[1:]
    heads = [(head,)] if isinstance(head, str) else [p for b in head.branches for p in _paths(b)]
    for first in heads:
        for following in _paths(rest):
            yield (*first, *following)


def _is_filled(point: Point, slot: tuple[str, str]) -> bool:
    role, what = slot
    fact = point.fact(role)
    match what:
        case "side":
            return fact.side in (Side.LEFT, Side.RIGHT)
        case "sides":
            return fact.side is Side.BOTH
        case "value" | "unit":
            return fact.value is not None and fact.is_assessed
        case "threshold":
            return fact.finding in THRESHOLDS
    return fact.anatomy != ""


def _names_all_sides(point: Point, slots: list[tuple[str, str]]) -> bool:
    """Whether a pattern says the side of every one-sided fact; a side is never left out."""
    said = {side_word(point.fact(role)) for role, what in slots if what in ("side", "sides")}
    held = {side_word(fact) for fact in point.facts} - {""}
    return held <= said


def _refused(why: str) -> PackRefusedError:
    return PackRefusedError(
        "The sentence patterns of the drafting pack cannot be used",
        why=why,
        todo="Install the pack again",
    )


def _kind(entry: Mapping[str, object]) -> PointKind:
    name, claim, roles = str(entry["name"]), str(entry["claim"]), entry["roles"]
    listed = entry["pattern"]
    if not isinstance(roles, list) or not isinstance(listed, list):
        raise TypeError(name)
    patterns = tuple(
        Pattern(str(row["style"]), float(row.get("weight", 1.0)), str(row["text"]))
        for row in listed
    )
    kind = PointKind(name, tuple(str(role) for role in roles), claim, patterns)
    for pattern in patterns:
        _refuse_own_claims(kind, pattern.text)
    return kind


def _refuse_own_claims(kind: PointKind, text: str) -> None:
    """Refuse sides, numbers and, outside negatives, negations as plain words of a pattern."""
    for role, _ in _SLOT.findall(text):
        if role not in kind.roles:
            raise ValueError(f"the point {kind.name} has no role {role}")
    plain = _SLOT.sub(" ", text).lower()
    words = set(re.findall(r"[^\W\d_]+", plain))
    if re.search(r"\d", plain):
        raise ValueError(f"a pattern of {kind.name} holds a number of its own")
    if words & SIDE_WORDS:
        raise ValueError(f"a pattern of {kind.name} holds a side of its own")
    if kind.claim != "absent" and words & NEGATIONS:
        raise ValueError(f"a pattern of {kind.name} holds a negation of its own")
    if kind.claim == "absent" and not words & NEGATIONS:
        raise ValueError(f"a negative pattern of {kind.name} holds no negation")
    parse_pattern(text)
