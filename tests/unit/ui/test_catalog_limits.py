"""A text that nobody here wrote never holds the window up while it is looked for in a catalog."""

from __future__ import annotations

import time

import pytest

from workstation.settings.resources import resource
from workstation.ui.catalog import Catalog
from workstation.ui.language import read_catalog

SLOW_S = 1.0
"""Ten times what it takes; unbounded it took 6 s for 80 sentences and minutes for a report."""


@pytest.mark.parametrize(
    "text",
    ["a. " * 80 + "b", "word " * 20_000, "x" * 100_000, "{" * 1000],
    ids=["sentences", "words", "letters", "braces"],
)
def test_a_long_text_of_somebody_else_is_given_up_at_once(text: str) -> None:
    catalog = Catalog(read_catalog(resource("i18n") / "de.ts"))

    begun = time.perf_counter()
    said = catalog.say(text)

    assert time.perf_counter() - begun < SLOW_S
    assert said is None


def test_what_an_error_tells_is_still_said_sentence_by_sentence() -> None:
    catalog = Catalog({"Free space.": "Platz.", "It is full.": "Voll.", "Two. Parts.": "Zwei."})

    assert catalog.say("It is full. Unknown. Two. Parts. Free space.") == (
        "Voll. Unknown. Zwei. Platz."
    )
