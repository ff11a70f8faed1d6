"""Scores of whole drafts on phantoms nobody trained on, and of the decoder without its grammar.

Run as ``python -m inference.training.drafting_evaluation PACKS --count N``; no torch needed. A
claim of presence or absence in prose is held against the truth of the phantom; questions are
counted apart. Baselines: nothing is ever there; the engine's findings alone as prose.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from inference.packs.store import PackStore
from inference.phantoms.phantom import Phantom
from inference.tasks.draft_findings import DraftRequest, DraftResult
from inference.tasks.measure import MeasureRequest
from inference.training.drafting_language import made_up_point
from inference.training.findings_cache import UNSEEN_SEED
from inference.training.findings_recipes import RECIPES
from inference.training.findings_regions import RegionRecipe
from inference.vlm.decoder import END, UNKNOWN, fact_tokens
from inference.vlm.drafter import draft
from inference.vlm.grammar import Word, joined
from inference.vlm.lexicon import is_absent
from inference.vlm.numbers import number_text
from inference.vlm.parser import Reading, refusals
from inference.vlm.runtime import LoadedPack
from workstation.core.finding import Fact, Side
from workstation.core.intensity import Intensity, IntensityUnit
from workstation.core.provenance import OriginKind

log = logging.getLogger(__name__)

FRESH_SEED = UNSEEN_SEED + 50_000
"""Phantoms for whole drafts: neither trained on nor used to score the networks."""

LONGEST_SENTENCE = 40
"""Words after which a decoder without grammar is stopped."""


@dataclass(slots=True)
class Tally:
    """Counts over all drafts; owned by the call that evaluates."""

    drafts: int = 0
    known: int = 0
    prose: int = 0
    claims: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)


def evaluate_drafts(packs: PackStore, recipe: RegionRecipe, count: int) -> Tally:
    """Return what drafts of fresh phantoms said and asked, held against the truth."""
    tally = Tally()
    for seed in range(FRESH_SEED, FRESH_SEED + count):
        phantom = recipe.draw(seed, True)
        result = draft(phantom.voxels, _request(phantom), packs)
        tally.drafts += 1
        tally.known += result.pack is not None
        tally.seconds.append(result.seconds)
        _count(tally, result, recipe, phantom)
    return tally


def refused_without_grammar(loaded: LoadedPack, count: int, seed: int) -> float:
    """Return the share of sentences that the parser refuses when the decoder runs free."""
    decoder, vocabulary = loaded.decoder(), loaded.vocabulary
    tokens = {number: token for token, number in vocabulary.numbers.items()}
    rng = np.random.default_rng(seed)
    names, refused = sorted(loaded.kinds), 0
    for _ in range(count):
        kind = loaded.kinds[names[int(rng.integers(len(names)))]]
        point = made_up_point(kind, rng)
        state = decoder.initial_state()
        words: list[Word] = []
        scores = np.zeros(0, dtype=np.float32)
        for token in fact_tokens(point, "full"):
            scores, state = decoder.step(vocabulary.number(token), state)
        while len(words) < LONGEST_SENTENCE:
            best = int(scores.argmax())
            token = tokens.get(best, UNKNOWN)
            if token == END:
                break
            words.append((token, _shown(token, point.facts)))
            scores, state = decoder.step(best, state)
        text = joined(tuple(words))
        refused += bool(refusals(Reading(text, point.facts, kind.claim == "question")))
    return refused / count


def _count(tally: Tally, result: DraftResult, recipe: RegionRecipe, phantom: Phantom) -> None:
    facts = {fact.fact_id: fact for fact in result.facts}
    asked: set[str] = set()
    said: set[str] = set()
    for statement in result.statements:
        cited = [facts[each] for each in statement.fact_ids]
        if statement.origin.kind is OriginKind.TEMPLATE:
            continue
        tally.prose += 1
        if statement.section != "findings":
            continue
        for fact in cited:
            if fact.origin_pack:
                said.add(fact.finding)
                tally.claims["said right" if _is_true(fact, recipe, phantom) else "said wrong"] += 1
            elif is_absent(fact):
                there = _is_there("intracranial hemorrhage", recipe, phantom)
                tally.claims["denied wrong" if there else "denied right"] += 1
    for question in result.questions:
        for fact in (facts[each] for each in question.fact_ids):
            if fact.origin_pack:
                asked.add(fact.finding)
                is_true = _is_true(fact, recipe, phantom)
                tally.claims["asked right" if is_true else "asked wrong"] += 1
            else:
                tally.claims["asked about a measurement"] += 1
    for finding in recipe.findings:
        if _is_there(finding.finding, recipe, phantom):
            tally.claims["findings there"] += 1
            tally.claims["findings missed"] += finding.finding not in (said | asked)


def _is_true(fact: Fact, recipe: RegionRecipe, phantom: Phantom) -> bool:
    """Whether the phantom has a finding, on the side that is named."""
    finding = next(each for each in recipe.findings if each.finding == fact.finding)
    right, left = finding.amounts(phantom)
    if not finding.has_side:
        return finding.label(right + left) != 0
    sides = {Side.RIGHT: (right,), Side.LEFT: (left,), Side.BOTH: (right, left)}
    return all(finding.label(amount) != 0 for amount in sides.get(fact.side, (right + left,)))


def _is_there(name: str, recipe: RegionRecipe, phantom: Phantom) -> bool:
    found = [each for each in recipe.findings if each.finding == name]
    return bool(found) and found[0].label(sum(found[0].amounts(phantom))) == 1


def _request(phantom: Phantom) -> DraftRequest:
    unit = IntensityUnit.HU if phantom.modality == "CT" else IntensityUnit.SIGNAL
    uids = tuple(f"2.25.{k + 1}" for k in range(phantom.voxels.shape[0]))
    measure = MeasureRequest(
        phantom.modality,
        phantom.body_part,
        phantom.contrast,
        "2.25.9",
        uids,
        phantom.geometry,
        Intensity(unit),
    )
    return DraftRequest("", measure)


def _shown(token: str, facts: tuple[Fact, ...]) -> str:
    """Return the text of a free token: slots are filled, so that only the words are judged."""
    kind, _, place = token.strip("<>").partition(" ")
    if not token.startswith("<") or not place.isdigit() or int(place) >= len(facts):
        return token
    fact = facts[int(place)]
    if kind == "value":
        return number_text(fact) if fact.value is not None else "0"
    return fact.unit if kind == "unit" else token


def main() -> None:
    """Evaluate from the command line."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("inference.vlm").setLevel(logging.WARNING)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packs", type=Path)
    parser.add_argument("--count", type=int, default=20)
    arguments = parser.parse_args()
    packs = PackStore(arguments.packs)
    loaded = LoadedPack(packs.get("draft-embedded"))
    share = refused_without_grammar(loaded, 400, 7)
    log.info("refused without grammar: %.3f", share)
    for name, recipe in RECIPES.items():
        tally = evaluate_drafts(packs, recipe, arguments.count)
        shown = {"drafts": tally.drafts, "known": tally.known, "prose": tally.prose}
        shown |= dict(sorted(tally.claims.items()))
        median = float(np.median(tally.seconds))
        log.info("%s: %s, median %.2f s", name, json.dumps(shown), median)


if __name__ == "__main__":
    main()
