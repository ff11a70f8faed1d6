"""A sentence is its English text and remembers what it was made of."""

from __future__ import annotations

import json
import pickle

from workstation.core.sentence import Sentence


def test_it_is_its_text_for_everything_that_takes_text() -> None:
    said = Sentence("{0} slices are missing between {1} and {2}", 3, 41, 45)

    assert said == "3 slices are missing between 41 and 45"
    assert json.dumps({"text": said}) == '{"text": "3 slices are missing between 41 and 45"}'
    assert f"{said}." == "3 slices are missing between 41 and 45."


def test_it_remembers_template_and_values_in_another_process_too() -> None:
    inner = Sentence("slice {0}", 7)
    said = pickle.loads(pickle.dumps(Sentence("See {0}", inner)))  # noqa: S301 our own bytes

    assert said == "See slice 7"
    assert (said.template, said.values) == ("See {0}", (inner,))
    assert said.values[0].template == "slice {0}"


def test_braces_without_values_are_words() -> None:
    assert Sentence("{not a value}") == "{not a value}"
