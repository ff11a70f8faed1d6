"""Choosing words: the language decoder walks the automaton of a sentence.

The decoder is a recurrent network that was shown the facts of the point first. At each step it
may only choose among the words the automaton allows, so it decides how a thing is said, never
what. Any weights, even random ones, give a sentence of the automaton.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from inference.vlm.grammar import Node, Point, Word, automaton, joined
from inference.vlm.lexicon import side_word
from workstation.core.finding import Fact

START, END, UNKNOWN = "<start>", "<end>", "<word>"
"""Tokens of every vocabulary: where the words begin, where they end, a word it does not hold."""


class LanguageStep(Protocol):
    """One step of a language model, from a token and a state to scores and the next state."""

    def initial_state(self) -> NDArray[np.float32]:
        """Return the state before any token; shape (layers, 1, width)."""
        ...

    def step(
        self, token: int, state: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the scores of the next token, shape (vocabulary,), and the next state."""
        ...


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The tokens of a decoder, by number."""

    numbers: Mapping[str, int]

    def number(self, token: str) -> int:
        """Return the number of a token; that of UNKNOWN where it is not held."""
        return self.numbers.get(token, self.numbers[UNKNOWN])


def fact_tokens(point: Point, style: str) -> tuple[str, ...]:
    """Return what the decoder is told before the first word: the point and its facts."""
    told = [f"<point {point.kind.name}>", f"<style {style}>"]
    for place, fact in enumerate(point.facts):
        told += [f"<fact {place}>", *_fact_tokens(fact)]
    return (*told, START)


def say(point: Point, step: LanguageStep, vocabulary: Vocabulary, *, style: str = "full") -> str:
    """Return one sentence for a point; empty where the grammar has no pattern that fits.

    Args:
        point: what to say.
        step: the language model; it only ranks words the automaton allows.
        vocabulary: tokens of the model.
        style: ``full`` sentences or ``terse`` ones.
    """
    node = automaton(point)
    if not node.edges:
        return ""
    state = step.initial_state()
    scores = np.zeros(0, dtype=np.float32)
    for token in fact_tokens(point, style):
        scores, state = step.step(vocabulary.number(token), state)
    path: list[Word] = []
    while True:
        word = _best(node, scores, vocabulary)
        if word is None:
            return joined(tuple(path))
        path.append(word)
        node = node.edges[word]
        if not node.edges:
            return joined(tuple(path))
        scores, state = step.step(vocabulary.number(word[0]), state)


def _best(node: Node, scores: NDArray[np.float32], vocabulary: Vocabulary) -> Word | None:
    """Return the allowed word with the best score; None to end the sentence here."""
    ranked: list[tuple[float, Word | None]] = [
        (_score(scores, vocabulary.number(word[0])), word) for word in node.edges
    ]
    if node.is_end:
        ranked.append((_score(scores, vocabulary.number(END)), None))
    return max(ranked, key=lambda pair: pair[0])[1]


def _score(scores: NDArray[np.float32], number: int) -> float:
    """Return a score that can be compared, whatever the network gave."""
    value = float(scores[number]) if number < scores.size else float("-inf")
    return value if np.isfinite(value) else float("-inf")


def _fact_tokens(fact: Fact) -> list[str]:
    presence = {True: "<present>", False: "<absent>", None: "<quantity>"}[fact.is_present]
    side = side_word(fact)
    tokens = [presence, *([side] if side else [])]
    if fact.value is not None:
        tokens.append("<has value>")
    return tokens
