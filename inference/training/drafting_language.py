"""Training text for the language decoder: sentences of our own report grammar.

A sample is a point with made-up facts, a style, and one sentence drawn by the weights of the
patterns; an option is taken three times in five, earlier branches of a choice more often than
later ones. The decoder sees the facts' tokens, then the words. No report of anybody was read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from inference.vlm.decoder import END, START, UNKNOWN, fact_tokens
from inference.vlm.grammar import Pattern, Point, PointKind, Tree, Word, fill, parse_pattern
from inference.vlm.grammar import sentences as all_sentences
from workstation.core.finding import Fact, Side

STYLES = ("full", "terse")

OPTION_SHARE = 0.4
"""How often an option is left out: heard often enough to be learned, missed often enough too."""

BRANCH_FALLOFF = 0.6
"""Each later branch of a choice is taken this much less often: the first is the usual word."""

PADDING = "<padding>"

FINDINGS_BY_ROLE: Mapping[str, tuple[tuple[str, str, str, float], ...]] = {
    "lung volume": (("lung volume", "lung", "ml", 2500.0),),
    "lung volumes": (("lung volume", "lung", "ml", 2500.0),),
    "low attenuation": (("low-attenuation area below -950 HU", "lung", "%", 8.0),),
    "low attenuation pair": (("low-attenuation area below -950 HU", "lung", "%", 8.0),),
    "lung density": (("mean lung density", "lung", "HU", -820.0),),
    "lung density pair": (("mean lung density", "lung", "HU", -820.0),),
    "emphysema measured": (
        ("emphysema", "lung", "", 0.0),
        ("low-attenuation area below -950 HU", "lung", "%", 12.0),
    ),
    "emphysema summary": (("emphysema", "lung", "", 0.0),),
    "effusion measured": (
        ("pleural effusion", "pleural space", "", 0.0),
        ("pleural effusion", "pleural space", "ml", 300.0),
    ),
    "effusion pair measured": (
        ("pleural effusion", "pleural space", "", 0.0),
        ("pleural effusion", "pleural space", "ml", 300.0),
    ),
    "effusion summary": (("pleural effusion", "pleural space", "", 0.0),),
    "nodule measured": (("lung nodule", "lung", "", 0.0), ("lung nodule", "lung", "mm", 18.0)),
    "nodule summary": (("lung nodule", "lung", "", 0.0),),
    "calcium measured": (
        ("arterial calcification", "aorta and coronary arteries", "", 0.0),
        ("calcium volume above 130 HU", "aorta and coronary arteries", "ml", 1.5),
    ),
    "calcium summary": (("arterial calcification", "aorta and coronary arteries", "", 0.0),),
    "spine attenuation": (("trabecular attenuation", "vertebral body", "HU", 150.0),),
    "intracranial volume": (("intracranial volume", "intracranial space", "ml", 1400.0),),
    "brain volume": (("brain volume", "brain", "ml", 1200.0),),
    "ventricle volume": (("ventricle volume", "cerebral ventricles", "ml", 25.0),),
    "ventricles enlarged measured": (
        ("ventricular enlargement", "cerebral ventricles", "", 0.0),
        ("ventricle volume", "cerebral ventricles", "ml", 90.0),
    ),
    "ventricles enlarged summary": (("ventricular enlargement", "cerebral ventricles", "", 0.0),),
    "hyperdensity measured": (
        ("intracranial hemorrhage", "intracranial space", "", 0.0),
        ("hyperdense volume", "intracranial space", "ml", 25.0),
    ),
    "hyperdensity absent": (("hyperdense volume", "intracranial space", "ml", 0.0),),
    "hemorrhage summary": (("intracranial hemorrhage", "intracranial space", "", 0.0),),
    "ask nodule": (("lung nodule", "lung", "", 0.0),),
    "ask nodule measured": (("lung nodule", "lung", "mm", 18.0),),
    "ask emphysema": (("emphysema", "lung", "", 0.0),),
    "ask effusion": (("pleural effusion", "pleural space", "", 0.0),),
    "ask calcification": (("arterial calcification", "aorta and coronary arteries", "", 0.0),),
    "ask hemorrhage": (("intracranial hemorrhage", "intracranial space", "", 0.0),),
    "ask hyperdensity": (("hyperdense volume", "intracranial space", "ml", 25.0),),
    "ask calcium": (("calcium volume above 130 HU", "aorta and coronary arteries", "ml", 1.5),),
    "ask ventricle volume": (("ventricle volume", "cerebral ventricles", "ml", 90.0),),
    "ask ventricles": (("ventricular enlargement", "cerebral ventricles", "", 0.0),),
    "ask white matter": (("white-matter hyperintensities", "cerebral white matter", "", 0.0),),
}
"""Behind each point: finding, anatomy, unit, usual value; the last one fills further roles."""

_SIDED = ("lung", "pleural space")
_SOMETIMES_SIDED = ("intracranial space", "cerebral white matter")


@dataclass(frozen=True, slots=True)
class Sample:
    """One training line: the tokens told, and the tokens to be said (without START, with END)."""

    told: tuple[str, ...]
    said: tuple[str, ...]


def made_up_point(kind: PointKind, rng: np.random.Generator) -> Point:
    """Return a point with facts that nobody has: plausible numbers and sides."""
    listed = FINDINGS_BY_ROLE[kind.name]
    sides = [Side.RIGHT, Side.LEFT]
    if rng.random() < 0.5:
        sides.reverse()
    one_side = sides[0]
    facts, measured = [], 0
    for place, role in enumerate(kind.roles):
        finding, anatomy, unit, usual = listed[min(place, len(listed) - 1)]
        is_model = role == "model"
        side = Side.NONE
        if anatomy in _SIDED or (anatomy in _SOMETIMES_SIDED and is_model and rng.random() < 0.7):
            side = _side(kind, is_model, rng, one_side, sides[measured % 2])
        value = None if is_model else usual * float(rng.uniform(0.3, 2.0))
        is_present = True if is_model else None
        facts.append(Fact(f"f{place}", finding, anatomy, side, value, unit, is_present=is_present))
        measured += not is_model
    return Point(kind, tuple(facts))


def draw(point: Point, pattern: Pattern, rng: np.random.Generator) -> tuple[Word, ...]:
    """Return one sentence of a pattern, drawn by its weights."""
    tokens = _draw_tree(parse_pattern(pattern.text), rng)
    return tuple(word for token in tokens for word in fill(point, token))


def samples(
    kinds: Mapping[str, PointKind], rng: np.random.Generator, count: int
) -> Iterator[Sample]:
    """Yield training lines over all kinds of points, equally often."""
    names = sorted(kinds)
    while count > 0:
        point = made_up_point(kinds[names[int(rng.integers(len(names)))]], rng)
        style = STYLES[int(rng.integers(len(STYLES)))]
        fitting = [
            pattern
            for pattern in point.kind.patterns
            if pattern.style == style and next(all_sentences(point, pattern), None) is not None
        ]
        if not fitting:
            continue
        weights = np.array([pattern.weight for pattern in fitting])
        pattern = fitting[int(rng.choice(len(fitting), p=weights / weights.sum()))]
        words = draw(point, pattern, rng)
        count -= 1
        yield Sample(fact_tokens(point, style), (*(word[0] for word in words), END))


def vocabulary(lines: list[Sample]) -> dict[str, int]:
    """Return the numbers of all tokens of a corpus, the special ones first."""
    special = (PADDING, START, END, UNKNOWN)
    seen = sorted({token for line in lines for token in (*line.told, *line.said)} - set(special))
    return {token: number for number, token in enumerate((*special, *seen))}


def _side(
    kind: PointKind, is_model: bool, rng: np.random.Generator, one: Side, alternating: Side
) -> Side:
    if not is_model:
        return alternating
    text = " ".join(pattern.text for pattern in kind.patterns)
    takes_both, takes_one = ".sides}" in text, "model.side}" in text
    has_pair = "second" in kind.roles
    if has_pair or (takes_both and (not takes_one or rng.random() < 0.5)):
        return Side.BOTH
    return one


def _draw_tree(tree: Tree, rng: np.random.Generator) -> list[str]:
    tokens: list[str] = []
    for part in tree:
        if isinstance(part, str):
            tokens.append(part)
            continue
        is_option = part.branches[-1] == ()
        branches = part.branches[:-1] if is_option else part.branches
        if is_option and rng.random() < OPTION_SHARE:
            continue
        weights = BRANCH_FALLOFF ** np.arange(len(branches))
        chosen = branches[int(rng.choice(len(branches), p=weights / weights.sum()))]
        tokens += _draw_tree(chosen, rng)
    return tokens
