"""Propose a hanging protocol from what is on screen: for which studies, and which series where.

A word is proposed for a series where it tells that series from the others of the study: a word
that all of them have says nothing. The reader takes words away or adds others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from viewers.state.hanging import (
    Attribute,
    CellView,
    HangingProtocol,
    HungCell,
    Operator,
    Rule,
    SeriesTraits,
    plain,
)
from viewers.state.layout import Layout

MOST_WORDS = 3
"""Words proposed for a series: more of them only make the rule fit one scanner."""

LEAST_LETTERS = 2
"""A single letter of a description is no word."""

STUDY_WEIGHT = 4.0
"""Points of the words of a study: as many as those of the protocols that come with the program."""

_B_TOLERANCE = 0.2
"""A b-value of the same protocol differs by less: 1000 and 900 are one, 500 is another."""

_STOP_WORDS = frozenset(
    {
        *("and", "the", "with", "without", "of", "for", "und", "mit", "ohne", "der", "die", "das"),
        *("et", "de", "du", "la", "le", "les", "con", "sin", "el", "los", "wo", "iv", "km"),
        *("ct", "mr", "mri", "mrt", "irm", "tac", "rm", "pet", "study", "exam", "scan"),
        *("series", "protocol", "contrast", "contraste", "kontrast", "kontrastmittel"),
        *("native", "nativ", "routine", "standard"),
    }
)
"""Words that say nothing of the part of the body: one word of a study is enough for its protocol,
so each of them must mean these studies and no others."""


@dataclass(frozen=True, slots=True)
class ShownCell:
    """What a viewport shows.

    Attributes:
        key: of its series; None where it shows none that belongs to the study.
        view: how.
        screen: on which screen.
    """

    key: int | None
    view: CellView
    screen: int = 0


def study_words(series: Sequence[SeriesTraits]) -> tuple[str, ...]:
    """Return the words that say which studies are meant: body part first, then the description."""
    found: dict[str, None] = {}
    for attribute in (Attribute.BODY_PART, Attribute.STUDY_DESCRIPTION):
        for one in series:
            for word in _words(one.texts.get(attribute, "")):
                found.setdefault(word)
    return tuple(found)[:8]


def proposal(
    layout: Layout,
    shown: Sequence[ShownCell],
    series: Sequence[SeriesTraits],
    *,
    protocol_id: str,
    title: str,
) -> HangingProtocol:
    """Return a protocol that hangs this study as it is on screen.

    Args:
        layout: places; one for each of ``shown``.
        shown: what each viewport shows.
        series: traits of the study; their keys are their places.
        protocol_id: its name among the others.
        title: its words for people.
    """
    current = [one for one in series if one.texts.get(Attribute.PRIOR) != "yes"]
    keys = [one.key for one in shown]
    cells = tuple(_cell(place, number, keys, series) for number, place in enumerate(shown))
    modalities = _modalities(keys, series) or _modalities([one.key for one in current], series)
    rules = (
        *(_modality_rule(one) for one in modalities),
        *words_rules(study_words(current)),
    )
    return HangingProtocol(protocol_id, title, rules, layout, cells, is_own=True)


def words_rules(words: Iterable[str]) -> tuple[Rule, ...]:
    """Return the study rule of some words, one of which must be there; none without words."""
    kept = tuple(word for word in words if plain(word))
    if not kept:
        return ()
    return (Rule(Attribute.ANATOMY, Operator.HAS, kept, STUDY_WEIGHT, is_required=True),)


def words_of(rules: Iterable[Rule], attribute: Attribute) -> tuple[str, ...]:
    """Return the words that the first rule of words on an attribute asks for."""
    for rule in rules:
        is_words = rule.attribute is attribute and rule.operator is Operator.HAS
        if is_words and isinstance(rule.operand, tuple):
            return tuple(str(word) for word in rule.operand)
    return ()


def with_study_words(protocol: HangingProtocol, words: Iterable[str]) -> HangingProtocol:
    """Return the protocol for studies with other words; its other rules stay."""
    first = next(
        (
            rule
            for rule in protocol.rules
            if rule.attribute is Attribute.ANATOMY and rule.operator is Operator.HAS
        ),
        None,
    )
    rest = tuple(rule for rule in protocol.rules if rule is not first)
    made = words_rules(words)
    if first is not None:
        made = tuple(
            replace(rule, weight=first.weight, is_required=first.is_required) for rule in made
        )
    return replace(protocol, rules=(*rest, *made))


def with_cell(protocol: HangingProtocol, number: int, cell: HungCell) -> HangingProtocol:
    """Return the protocol with one cell changed."""
    cells = (*protocol.cells[:number], cell, *protocol.cells[number + 1 :])
    return replace(protocol, cells=cells)


def with_cell_words(cell: HungCell, words: Iterable[str]) -> HungCell:
    """Return a cell whose series has one of some words; its other rules stay."""
    asked_before = [
        rule
        for rule in cell.rules
        if rule.attribute is Attribute.WORDS and rule.operator is Operator.HAS
    ]
    rest = tuple(rule for rule in cell.rules if rule not in asked_before)
    kept = tuple(word for word in words if plain(word))
    if not kept:
        return replace(cell, rules=rest)
    asked = Rule(Attribute.WORDS, Operator.HAS, kept, 2.0, is_required=True)
    if asked_before:
        asked = replace(asked_before[0], operand=kept)
    return replace(cell, rules=(*rest, asked))


def telling_words(one: SeriesTraits, others: Iterable[SeriesTraits]) -> tuple[str, ...]:
    """Return the words of a series that the fewest others have, in their order.

    Args:
        one: the series.
        others: the other series of the study.
    """
    mine = list(dict.fromkeys(_words(one.texts.get(Attribute.SERIES_DESCRIPTION, ""))))
    counts: Counter[str] = Counter()
    for other in others:
        if other.series != one.series:
            counts.update(set(_words(other.texts.get(Attribute.SERIES_DESCRIPTION, ""))))
    if not mine:
        return ()
    fewest = min(counts[word] for word in mine)
    return tuple(word for word in mine if counts[word] == fewest)[:MOST_WORDS]


def _cell(
    place: ShownCell, number: int, keys: Sequence[int | None], series: Sequence[SeriesTraits]
) -> HungCell:
    if place.key is None:
        return HungCell(str(number + 1), view=place.view, screen=place.screen)
    one = series[place.key]
    first = keys.index(place.key)
    if first < number:
        return HungCell(_name(one, place), view=place.view, same_as=first, screen=place.screen)
    return HungCell(
        _name(one, place),
        rules=_series_rules(one, series),
        view=place.view,
        is_needed=number == 0,
        screen=place.screen,
    )


def _series_rules(one: SeriesTraits, series: Sequence[SeriesTraits]) -> tuple[Rule, ...]:
    rules = []
    if modality := one.texts.get(Attribute.MODALITY):
        rules.append(_modality_rule(modality, weight=1.0))
    if one.texts.get(Attribute.PRIOR) == "yes":
        rules.append(Rule(Attribute.PRIOR, Operator.IS, ("yes",), 1.0, is_required=True))
    if words := telling_words(one, series):
        rules.append(Rule(Attribute.WORDS, Operator.HAS, words, 2.0, is_required=True))
    plane = one.texts.get(Attribute.PLANE, "")
    if plane in _PLANES:
        rules.append(Rule(Attribute.PLANE, Operator.IS, (plane,), 2.0))
    b_value = one.numbers.get(Attribute.B_VALUE)
    if b_value is not None:
        low, high = b_value * (1 - _B_TOLERANCE), max(b_value * (1 + _B_TOLERANCE), 50.0)
        rules.append(Rule(Attribute.B_VALUE, Operator.BETWEEN, (round(low), round(high)), 2.0))
    return tuple(rules)


_PLANES = frozenset({"axial", "coronal", "sagittal"})


def _modality_rule(modality: str, *, weight: float = 1.0) -> Rule:
    return Rule(Attribute.MODALITY, Operator.IS, (modality.upper(),), weight, is_required=True)


def _modalities(keys: Iterable[int | None], series: Sequence[SeriesTraits]) -> tuple[str, ...]:
    shown = (series[key].texts.get(Attribute.MODALITY, "") for key in keys if key is not None)
    return tuple(dict.fromkeys(one for one in shown if one))


def _name(one: SeriesTraits, place: ShownCell) -> str:
    window = place.view.window
    plane = place.view.plane.value
    parts = (
        one.name[:40] or plane,
        window if isinstance(window, str) else "",
        "" if plane == "acquired" else plane,
    )
    return ", ".join(part for part in parts if part)


def _words(text: str) -> list[str]:
    found = re.findall(r"[^\W_]+", plain(text))
    return [
        word
        for word in found
        if len(word) >= LEAST_LETTERS and not word.isdigit() and word not in _STOP_WORDS
    ]
