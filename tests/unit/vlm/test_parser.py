from __future__ import annotations

from dataclasses import replace

import pytest

from inference.vlm.parser import Reading, Refusal, refusals
from tests.unit.vlm.facts import detected, hyperdense, low_area, lung, ventricles
from workstation.core.finding import Fact, Side

RIGHT, LEFT = lung(2350.4, Side.RIGHT), lung(1980.0, Side.LEFT)
EFFUSION = detected("pleural effusion", "pleural space", Side.RIGHT)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("The right lung volume is 2350 ml.", (RIGHT,)),
        ("Lung volume: right 2350 ml, left 1980 ml.", (RIGHT, LEFT)),
        ("Low-attenuation area below -950 HU, right: 3.2 %.", (low_area(3.2, Side.RIGHT),)),
        ("The measured volume of the cerebral ventricles is 25 ml.", (ventricles(25.3),)),
        ("No hyperdense volume is measured in the intracranial space.", (hyperdense(0.0),)),
        ("Pleural effusion on the right side.", (EFFUSION,)),
    ],
)
def test_a_sentence_that_says_what_its_facts_say_passes(text: str, facts: tuple[Fact, ...]) -> None:
    assert refusals(Reading(text, facts)) == ()


@pytest.mark.parametrize(
    ("text", "facts", "reason"),
    [
        ("The right lung volume is 2351 ml.", (RIGHT,), Refusal.NUMBER),
        ("The right lung volume is 2350.5 ml.", (RIGHT,), Refusal.NUMBER),
        ("The right lung volume is 1980 ml.", (RIGHT, LEFT), Refusal.NUMBER),
        ("Lung volume: right 1980 ml, left 2350 ml.", (RIGHT, LEFT), Refusal.NUMBER),
        ("The right lung volume is 2350 HU.", (RIGHT,), Refusal.UNIT),
        ("The right lung volume is 2350.", (RIGHT,), Refusal.UNIT),
        ("The left lung volume is 2350 ml.", (RIGHT,), Refusal.SIDE),
        ("The lung volume is 2350 ml.", (RIGHT,), Refusal.SIDE_MISSING),
        ("Pleural effusion on both sides.", (EFFUSION,), Refusal.SIDE),
        ("No pleural effusion on the right side.", (EFFUSION,), Refusal.NEGATION),
        (
            "There is a hyperdense volume in the intracranial space.",
            (hyperdense(0.0),),
            Refusal.NEGATION,
        ),
        ("No hyperdense volume is seen.", (hyperdense(12.0),), Refusal.NEGATION),
        ("Pleural effusion and pneumothorax on the right side.", (EFFUSION,), Refusal.UNKNOWN_WORD),
        ("Large pleural effusion on the right side.", (EFFUSION,), Refusal.UNKNOWN_WORD),
        ("Pleural effusion on the right side, grade 3.", (EFFUSION,), Refusal.NUMBER),
        ("Pleural effusion of 2 l on the right side.", (EFFUSION,), Refusal.NUMBER),
        ("The volume on the right side is seen.", (EFFUSION,), Refusal.NOT_NAMED),
        ("Pleural effusion on the right side?", (EFFUSION,), Refusal.QUESTION),
        (
            "Low-attenuation area below -910 HU, right: 3.2 %.",
            (low_area(3.2, Side.RIGHT),),
            Refusal.NUMBER,
        ),
        ("Lung volume right 2350 ml in T1.", (RIGHT,), Refusal.NUMBER),
        ("Pleural effusion on the right side.", (), Refusal.NO_FACT),
    ],
)
def test_a_sentence_that_says_more_than_its_facts_is_refused(
    text: str, facts: tuple[Fact, ...], reason: Refusal
) -> None:
    assert reason in refusals(Reading(text, facts))


def test_a_fact_that_was_not_assessed_supports_no_sentence() -> None:
    fact = replace(RIGHT, is_assessed=False, value=None)

    assert Refusal.NOT_ASSESSED in refusals(Reading("The right lung volume is 2350 ml.", (fact,)))


def test_a_finding_that_the_lexicon_does_not_know_supports_no_sentence() -> None:
    fact = detected("pneumothorax", "pleural space", Side.RIGHT)

    assert Refusal.UNKNOWN_FINDING in refusals(Reading("Pneumothorax, right.", (fact,)))


@pytest.mark.parametrize("word", ["Possible", "Suspected"])
def test_words_of_doubt_stand_in_questions_only(word: str) -> None:
    prose = Reading(f"{word} pleural effusion on the right side.", (EFFUSION,))
    question = Reading(f"{word} pleural effusion on the right side?", (EFFUSION,), is_question=True)

    assert refusals(prose) == (Refusal.UNKNOWN_WORD,)
    assert refusals(question) == ()


def test_a_question_that_does_not_ask_is_refused() -> None:
    reading = Reading("Pleural effusion on the right side.", (EFFUSION,), is_question=True)

    assert refusals(reading) == (Refusal.QUESTION,)


@pytest.mark.parametrize("number", ["2350\u00b9", "\u0662\u0663", "2350.4.1", "2,350", "23 50"])
def test_digits_in_disguise_are_numbers_without_a_measurement(number: str) -> None:
    found = refusals(Reading(f"The right lung volume is {number} ml.", (RIGHT,)))

    assert Refusal.NUMBER in found or Refusal.UNIT in found


@pytest.mark.parametrize(
    ("segment", "found"), [("S6", ()), ("S7", (Refusal.NUMBER, Refusal.UNKNOWN_WORD))]
)
def test_a_digit_in_the_name_of_a_place_is_licensed_by_the_fact_of_that_place_alone(
    segment: str, found: tuple[Refusal, ...]
) -> None:
    fact = detected("pleural effusion", "segment S6", Side.RIGHT)
    sentence = f"Pleural effusion in segment {segment} on the right side."

    assert refusals(Reading(sentence, (fact,))) == found
