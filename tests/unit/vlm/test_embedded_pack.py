"""The pack that comes with the program is whole, small, and gives its golden numbers here."""

from __future__ import annotations

from inference.packs.store import PackStore, verify_pack
from inference.vlm.decoder import say
from inference.vlm.golden import test_pack as run_golden
from inference.vlm.grammar import Point
from inference.vlm.parser import Reading, refusals
from inference.vlm.runtime import LoadedPack
from tests.unit.vlm.facts import PACK_FOLDER, lung
from workstation.core.finding import Side
from workstation.core.job import CancelToken

LARGEST_BYTES = 10_000_000
"""What an embedded pack may weigh in git."""

PACK = PackStore(PACK_FOLDER.parent).get("draft-embedded")


def test_every_file_is_the_one_of_the_manifest() -> None:
    verify_pack(PACK)

    assert sum(file.size_bytes for file in PACK.manifest.files) < LARGEST_BYTES


def test_its_golden_case_passes_on_this_machine() -> None:
    result = run_golden(PACK, cancel=CancelToken())

    assert result.has_passed
    assert result.pack == PACK.ref


def test_its_decoder_words_a_point_in_whole_sentences() -> None:
    loaded = LoadedPack(PACK)
    facts = (lung(2350.0, Side.RIGHT), lung(1980.0, Side.LEFT))
    point = Point(loaded.kinds["lung volumes"], facts)

    text = say(point, loaded.decoder(), loaded.vocabulary)

    assert text.endswith(".")
    assert refusals(Reading(text, facts)) == ()


def test_its_card_tells_losses_and_the_domain_gap() -> None:
    card = (PACK_FOLDER / "CARD.md").read_text(encoding="utf-8")

    assert "domain gap" in card
    assert "Losses" in card
    assert "Not a medical device" in card
