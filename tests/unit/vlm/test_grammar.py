from __future__ import annotations

import pytest

from inference.vlm.grammar import Point, automaton, joined, parse_grammar, parse_pattern, sentences
from inference.vlm.lexicon import FUNCTION_WORDS, NEGATIONS, QUESTION_WORDS, SIDE_WORDS, TERMS
from tests.unit.vlm.facts import detected, grammar, lung
from workstation.core.errors import PackRefusedError
from workstation.core.finding import Side


def pattern_file(text: str, *, claim: str = "quantity") -> bytes:
    return (
        f'[[point]]\nname = "p"\nclaim = "{claim}"\nroles = ["first"]\n'
        f'pattern = [{{ style = "full", text = "{text}" }}]\n'
    ).encode()


def all_words(content: bytes, point_side: Side = Side.RIGHT) -> set[str]:
    kind = parse_grammar(content)["p"]
    point = Point(kind, (lung(2350.0, point_side),))
    return {joined(words) for pattern in kind.patterns for words in sentences(point, pattern)}


def test_alternatives_and_options_give_every_combination() -> None:
    found = all_words(
        pattern_file("[The] {first.side} lung volume (is|measures) {first.value} {first.unit}.")
    )

    assert found == {
        "The right lung volume is 2350 ml.",
        "The right lung volume measures 2350 ml.",
        "Right lung volume is 2350 ml.",
        "Right lung volume measures 2350 ml.",
    }


@pytest.mark.parametrize(
    "text",
    [
        "The right lung volume is {first.value} {first.unit}.",
        "Lung volume {first.side} 42 ml.",
        "No lung volume on the {first.side}.",
        "Lung volume {second.value}.",
        "Lung volume (is {first.value}.",
    ],
)
def test_a_pattern_with_a_claim_of_its_own_refuses_the_pack(text: str) -> None:
    with pytest.raises(PackRefusedError):
        parse_grammar(pattern_file(text))


def test_a_negative_pattern_without_a_negation_refuses_the_pack() -> None:
    with pytest.raises(PackRefusedError):
        parse_grammar(pattern_file("Lung volume {first.side}.", claim="absent"))


@pytest.mark.parametrize(
    "content", [b"", b"[[point]]", b"\xff\xfe", b"point = 3", b"[[point]]\nname=1"]
)
def test_a_damaged_grammar_refuses_the_pack(content: bytes) -> None:
    with pytest.raises(PackRefusedError):
        parse_grammar(content)


def test_a_pattern_that_leaves_out_a_side_does_not_exist_for_a_sided_fact() -> None:
    assert all_words(pattern_file("Lung volume {first.value} {first.unit}.")) == set()
    assert all_words(pattern_file("Lung volume {first.value} {first.unit}."), Side.NONE) != set()


def test_a_slot_without_a_value_has_no_sentence() -> None:
    kind = parse_grammar(pattern_file("Pleural effusion {first.value} {first.unit} {first.side}."))[
        "p"
    ]

    point = Point(kind, (detected("pleural effusion", "pleural space", Side.RIGHT),))

    assert automaton(point).edges == {}


def test_brackets_must_match() -> None:
    with pytest.raises(ValueError, match="bracket"):
        parse_pattern("a (b|c")


def test_no_plain_word_of_the_lexicon_claims_a_side_a_negation_or_a_finding() -> None:
    terms = {word for entry in TERMS.values() for term in entry.terms for word in term.split()}
    harmless = {"volume", "area", "of", "the", "or", "mean"}

    assert not FUNCTION_WORDS & (SIDE_WORDS | NEGATIONS | QUESTION_WORDS)
    assert not FUNCTION_WORDS & (terms - harmless)


def test_no_word_of_degree_or_judgement_can_be_said() -> None:
    judgement = {"small", "large", "severe", "mild", "acute", "chronic", "normal", "unremarkable"}
    licensed = {word for entry in TERMS.values() for word in entry.words}

    assert not judgement & (licensed | FUNCTION_WORDS | QUESTION_WORDS)


def test_the_grammar_of_the_embedded_pack_is_accepted() -> None:
    assert len(grammar()) > 25
