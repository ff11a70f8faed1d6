"""What to say and what to ask: facts measured and findings detected, sorted into points.

Prose comes from measured quantities, and from findings of the image model that a measurement
corroborates. A finding that only one of the two holds becomes a question. A negative is said only
for what the measurement engine assessed, in the words of a measurement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inference.vlm.grammar import Point, PointKind
from inference.vlm.lexicon import is_absent, side_word
from workstation.core.finding import Fact, Side

LEAST_EMPHYSEMA_PERCENT = 6.0
"""Low-attenuation area from which a measurement agrees with emphysema. Ours: lungs without it
hold a few percent below -950 HU, by noise and deep inspiration alone."""

LEAST_VENTRICLE_SHARE = 0.05
"""Ventricle share of the intracranial volume from which a measurement agrees with enlargement.
Ours: twice what most adults have, so that an atrophic brain alone does not reach it."""

LEAST_CALCIUM_ML = 0.3
"""Calcium volume from which a measurement agrees with calcification: below it noise, a valve or a
calcified node is as likely."""

LEAST_CONFIDENCE = 0.7
"""Confidence of the engine in its own measurement from which it is said or corroborates."""

NEAR_MM = 45.0
"""Distance up to which a detection and a measurement are the same nodule: two cells of the map."""

LUNG_VOLUME = "lung volume"
LOW_ATTENUATION = "low-attenuation area below -950 HU"
LUNG_DENSITY = "mean lung density"
EFFUSION = "pleural effusion"
NODULE = "lung nodule"
CALCIUM = "calcium volume above 130 HU"
INTRACRANIAL = "intracranial volume"
VENTRICLES = "ventricle volume"
HYPERDENSE = "hyperdense volume"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing to say.

    Attributes:
        point: kind and facts.
        section: ``findings`` or ``impression``.
        is_question: it goes to the side list.
        is_modelled: a finding of the image model is part of it.
    """

    point: Point
    section: str
    is_question: bool
    is_modelled: bool


class Planner:
    """Sorts the facts of one draft into points. One thread, one draft.

    Args:
        kinds: the points the pack's grammar has; a point it lacks is not said.
        measured: facts of the measurement engine.
        detected: facts of the finding heads, all at or above their threshold for asking.
        sayable: ids of the detected facts at or above their threshold for saying.
    """

    def __init__(
        self,
        kinds: Mapping[str, PointKind],
        measured: tuple[Fact, ...],
        detected: tuple[Fact, ...],
        sayable: frozenset[str],
    ) -> None:
        self._kinds = kinds
        self._measured = tuple(fact for fact in measured if fact.is_assessed)
        self._detected = detected
        self._sayable = sayable
        self._said: list[Said] = []

    def plan(self) -> tuple[Said, ...]:
        """Return everything to say and ask, in reading order; impression last."""
        self._pair(LUNG_VOLUME, "lung volume", "lung volumes")
        self._emphysema()
        self._pair(LUNG_DENSITY, "lung density", "lung density pair")
        self._nodules()
        self._effusion()
        self._calcium()
        self._quantity("trabecular attenuation", "spine attenuation")
        self._quantity(INTRACRANIAL, "intracranial volume")
        self._quantity("brain volume", "brain volume")
        self._ventricles()
        self._hyperdensity()
        for fact in self._found("white-matter hyperintensities"):
            self._ask("ask white matter", fact)
        order = {"findings": 0, "impression": 1}
        return tuple(sorted(self._said, key=lambda said: order[said.section]))

    def _emphysema(self) -> None:
        areas = self._values(LOW_ATTENUATION)
        found = self._found("emphysema")
        is_measured = len(areas) == 2 and all(
            fact.value is not None and fact.value >= LEAST_EMPHYSEMA_PERCENT for fact in areas
        )
        if found and is_measured and _is_sure(*areas) and found[0].fact_id in self._sayable:
            self._say("emphysema measured", found[0], *areas)
            self._sum_up("emphysema summary", found[0])
            return
        self._pair(LOW_ATTENUATION, "low attenuation", "low attenuation pair")
        for fact in found:
            self._ask("ask emphysema", fact)

    def _nodules(self) -> None:
        candidates = [fact for fact in self._values(NODULE) if not is_absent(fact)]
        for fact in self._found(NODULE):
            same = [c for c in candidates if c.side is fact.side and _is_near(c, fact)]
            if same and _is_sure(same[0]) and fact.fact_id in self._sayable:
                self._say("nodule measured", fact, same[0])
                self._sum_up("nodule summary", fact)
                candidates.remove(same[0])
            else:
                self._ask("ask nodule", fact)
        for fact in candidates:
            self._ask("ask nodule measured", fact)

    def _effusion(self) -> None:
        measured = [fact for fact in self._values(EFFUSION) if not is_absent(fact)]
        found = self._found(EFFUSION)
        sides = {fact.side for fact in measured}
        wanted = {Side.LEFT, Side.RIGHT} if found and found[0].side is Side.BOTH else set()
        wanted = wanted or {fact.side for fact in found}
        if found and sides == wanted and _is_sure(*measured) and found[0].fact_id in self._sayable:
            kind = "effusion pair measured" if len(measured) == 2 else "effusion measured"
            self._say(kind, found[0], *measured)
            self._sum_up("effusion summary", found[0])
            return
        for fact in found:
            self._ask("ask effusion", fact)
        asked = {fact.side for fact in found}
        for fact in measured:
            if fact.side not in asked and Side.BOTH not in asked:
                self._ask("ask effusion", fact)

    def _calcium(self) -> None:
        measured = [fact for fact in self._values(CALCIUM) if (fact.value or 0) >= LEAST_CALCIUM_ML]
        found = self._found("arterial calcification")
        if found and measured and _is_sure(measured[0]) and found[0].fact_id in self._sayable:
            self._say("calcium measured", found[0], measured[0])
            self._sum_up("calcium summary", found[0])
        elif found:
            self._ask("ask calcification", found[0])
        elif measured:
            self._ask("ask calcium", measured[0])

    def _ventricles(self) -> None:
        volumes, spaces = self._values(VENTRICLES), self._values(INTRACRANIAL)
        found = self._found("ventricular enlargement")
        if not volumes:
            for fact in found:
                self._ask("ask ventricles", fact)
            return
        is_large = bool(spaces) and _share(volumes[0], spaces[0]) >= LEAST_VENTRICLE_SHARE
        if is_large and _is_sure(volumes[0]) and found and found[0].fact_id in self._sayable:
            self._say("ventricles enlarged measured", found[0], volumes[0])
            self._sum_up("ventricles enlarged summary", found[0])
        elif is_large:
            self._ask("ask ventricle volume", volumes[0])
        else:
            self._quantity(VENTRICLES, "ventricle volume")
            for fact in found:
                self._ask("ask ventricles", fact)

    def _hyperdensity(self) -> None:
        found = self._found("intracranial hemorrhage")
        for fact in self._values(HYPERDENSE):
            is_sure = bool(found) and _is_sure(fact) and found[0].fact_id in self._sayable
            if is_sure and not is_absent(fact) and _may_be_same_side(found[0], fact):
                self._say("hyperdensity measured", found[0], fact)
                self._sum_up("hemorrhage summary", found[0])
                return
            if is_absent(fact) and not found and _is_sure(fact):
                self._add("hyperdensity absent", (fact,), is_modelled=False)
            elif not is_absent(fact):
                self._ask("ask hyperdensity", fact)
        for fact in found:
            self._ask("ask hemorrhage", fact)

    def _pair(self, finding: str, single: str, pair: str) -> None:
        facts = self._values(finding)
        if not _is_sure(*facts):
            return
        if len(facts) == 2:
            self._add(pair, tuple(facts), is_modelled=False)
        elif len(facts) == 1:
            self._add(single, tuple(facts), is_modelled=False)

    def _quantity(self, finding: str, kind: str) -> None:
        for fact in filter(_is_sure, self._values(finding)[:1]):
            self._add(kind, (fact,), is_modelled=False)

    def _say(self, kind: str, model: Fact, *measured: Fact) -> None:
        self._add(kind, (model, *measured), is_modelled=True)

    def _sum_up(self, kind: str, model: Fact) -> None:
        self._add(kind, (model,), is_modelled=True, section="impression")

    def _ask(self, kind: str, fact: Fact) -> None:
        self._add(kind, (fact,), is_modelled=bool(fact.origin_pack), is_question=True)

    def _add(
        self,
        kind: str,
        facts: tuple[Fact, ...],
        *,
        is_modelled: bool,
        section: str = "findings",
        is_question: bool = False,
    ) -> None:
        known = self._kinds.get(kind)
        if known is not None and len(known.roles) == len(facts):
            self._said.append(Said(Point(known, facts), section, is_question, is_modelled))

    def _values(self, finding: str) -> list[Fact]:
        """Return measured facts of a finding that hold a value, right before left."""
        facts = [f for f in self._measured if f.finding == finding and f.value is not None]
        return sorted(facts, key=lambda fact: fact.side is not Side.RIGHT)

    def _found(self, finding: str) -> list[Fact]:
        return [fact for fact in self._detected if fact.finding == finding]


def _is_sure(*facts: Fact) -> bool:
    """Whether the engine trusts its own measurements enough to be quoted."""
    return all(fact.confidence >= LEAST_CONFIDENCE for fact in facts)


def _share(part: Fact, whole: Fact) -> float:
    if part.value is None or not whole.value:
        return 0.0
    return part.value / whole.value


def _may_be_same_side(first: Fact, second: Fact) -> bool:
    """Whether two sides do not contradict each other: equal, or one of them has none."""
    return first.side is second.side or not side_word(first) or not side_word(second)


def _is_near(first: Fact, second: Fact) -> bool:
    if not first.evidence or not second.evidence:
        return False
    one, other = first.evidence[0].region.center_mm, second.evidence[0].region.center_mm
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) <= NEAR_MM**2
