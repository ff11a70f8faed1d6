"""Whatever the weights of the decoder: only supported sentences (truth: the promise itself)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inference.training.drafting_language import FINDINGS_BY_ROLE, made_up_point
from inference.vlm.decoder import END, START, UNKNOWN, Vocabulary, fact_tokens, say
from inference.vlm.grammar import Node, Point, Word, automaton, joined
from inference.vlm.numbers import number_text
from inference.vlm.parser import Reading, refusals
from tests.unit.vlm.facts import grammar, lung
from workstation.core.finding import Side

KINDS = grammar()
WORDS = [START, END, UNKNOWN, "<value 0>", "<unit 0>", "right", "left", "no", ".", "lung", "is"]
VOCABULARY = Vocabulary({token: number for number, token in enumerate(WORDS)})


@dataclass
class WildDecoder:
    """Scores without sense: noise, infinities, no numbers at all."""

    rng: np.random.Generator
    spoil: float | None = None
    state: NDArray[np.float32] = field(default_factory=lambda: np.zeros((1, 1, 1), np.float32))

    def initial_state(self) -> NDArray[np.float32]:
        return self.state

    def step(
        self, token: int, state: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        scores = self.rng.normal(0, 100, len(WORDS)).astype(np.float32)
        if self.spoil is not None:
            scores[self.rng.integers(len(WORDS))] = self.spoil
        return scores, state


def digits_backed(text: str, point: Point) -> bool:
    """Whether each number in a text is the text of a value or a threshold of its facts."""
    allowed = {number_text(f) for f in point.facts if f.value is not None} | {"-950", "130"}
    return set(re.findall(r"-?\d+(?:\.\d+)?", text)) <= allowed


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(sorted(KINDS)),
    seed=st.integers(0, 2**32 - 1),
    spoil=st.sampled_from([None, float("nan"), float("inf"), -float("inf")]),
)
def test_any_decoder_says_only_what_the_facts_support(
    name: str, seed: int, spoil: float | None
) -> None:
    rng = np.random.default_rng(seed)
    point = made_up_point(KINDS[name], rng)

    text = say(point, WildDecoder(rng, spoil), VOCABULARY)

    assert text
    assert refusals(Reading(text, point.facts, KINDS[name].claim == "question")) == ()
    assert digits_backed(text, point)
    assert text.endswith("?") == (KINDS[name].claim == "question")


@settings(max_examples=60, deadline=None)
@given(
    right=st.floats(0.01, 9999, allow_nan=False),
    left=st.floats(0.01, 9999, allow_nan=False),
    seed=st.integers(0, 2**32 - 1),
)
def test_no_decoder_can_swap_the_numbers_of_two_sides(right: float, left: float, seed: int) -> None:
    facts = (lung(right, Side.RIGHT), lung(left, Side.LEFT))
    point = Point(KINDS["lung volumes"], facts)

    text = say(point, WildDecoder(np.random.default_rng(seed)), VOCABULARY)

    said = re.findall(r"(right|left)[^\d]*?(\d+(?:\.\d+)?)", text)
    assert said == [("right", number_text(facts[0])), ("left", number_text(facts[1]))]


def test_a_network_that_gives_too_few_scores_still_yields_a_sentence() -> None:
    class Short(WildDecoder):
        def step(
            self, token: int, state: NDArray[np.float32]
        ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
            return np.zeros(1, np.float32), state

    point = Point(KINDS["lung volume"], (lung(2350.0, Side.RIGHT),))

    text = say(point, Short(np.random.default_rng(0)), VOCABULARY)

    assert refusals(Reading(text, point.facts)) == ()


def test_a_point_that_no_pattern_fits_is_not_said() -> None:
    point = Point(KINDS["lung volume"], (lung(2350.0, Side.BOTH),))

    assert automaton(point).edges == {}
    assert say(point, WildDecoder(np.random.default_rng(0)), VOCABULARY) == ""


def test_the_decoder_is_told_the_facts_but_never_their_numbers() -> None:
    point = Point(KINDS["lung volume"], (lung(2350.0, Side.RIGHT),))

    told = fact_tokens(point, "full")

    assert "right" in told
    assert "<has value>" in told
    assert not any("2350" in token for token in told)


@pytest.mark.parametrize("name", sorted(FINDINGS_BY_ROLE))
def test_every_sentence_of_the_grammar_passes_the_parser(name: str) -> None:
    rng = np.random.default_rng(1)
    point = made_up_point(KINDS[name], rng)
    stack: list[tuple[tuple[Word, ...], Node]] = [((), automaton(point))]
    texts: list[tuple[Word, ...]] = []
    while stack:
        words, node = stack.pop()
        if node.is_end:
            texts.append(words)
        stack += [((*words, word), following) for word, following in node.edges.items()]

    is_question = KINDS[name].claim == "question"
    assert texts
    for words in texts:
        assert refusals(Reading(joined(words), point.facts, is_question)) == ()
