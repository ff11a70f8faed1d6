"""How well a hanging protocol fits a study: a score, its reasons, and a series for each cell.

The score of a protocol is the sum of the weights of its study rules that hold, plus two points in
the share of its cells that find a series. Where a required rule
fails, a needed cell stays empty or too few cells find a series, the protocol does not fit. Equal
scores are told apart by who made the protocol (the reader's wins), then by how many cells are
filled, then by id: the same study always hangs the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from viewers.state.hanging import (
    YES,
    Attribute,
    HangingProtocol,
    HungCell,
    Operator,
    Rule,
    SeriesTraits,
)
from viewers.state.layout import FREE_NAME, Cell, Layout
from viewers.state.view_state import Plane

FILLED_POINTS = 2.0
"""What a protocol gets whose cells all find a series, in share where some stay empty: between two
that are for a study alike the one that fills its cells is the better one, however many it has."""


THREE = Layout(
    FREE_NAME, (Cell(0.0, 0.0, 0.6, 1.0), Cell(0.6, 0.0, 0.4, 0.5), Cell(0.6, 0.5, 0.4, 0.5))
)
"""Three images: the first large, two beside it. On a wide screen each is larger than in one row."""


class ReasonKind(Enum):
    """What a reason of a score is about."""

    RULE = "rule"
    FILLED = "filled"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a protocol has a part of its score.

    Attributes:
        kind: what it is about.
        points: the part of the score.
        attribute: what a rule looked at; None for cells.
        found: what was found there, as the rule names it; empty for cells.
        count, total: cells that find a series, and all cells; 0 for rules.
    """

    kind: ReasonKind
    points: float
    attribute: Attribute | None = None
    found: str = ""
    count: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """A protocol that fits a study.

    Attributes:
        protocol: it.
        score: the sum of the points of its reasons.
        reasons: where the score comes from, the largest part first.
        keys: for each cell of the protocol the key of its series; None for an empty cell.
    """

    protocol: HangingProtocol
    score: float
    reasons: tuple[Reason, ...]
    keys: tuple[int | None, ...]

    @property
    def filled(self) -> int:
        """How many cells find a series."""
        return sum(key is not None for key in self.keys)


@dataclass(frozen=True, slots=True)
class Hung:
    """A match as it is laid out: empty cells have closed up, where the protocol lets them.

    Attributes:
        layout: places.
        cells: one per place.
        keys: the series of each; None for an empty one.
    """

    layout: Layout
    cells: tuple[HungCell, ...]
    keys: tuple[int | None, ...]


class Matcher:
    """Scores protocols against one study. One thread.

    Answers to equal rules are kept: protocols of one kind ask the same things of every series.
    """

    def __init__(self, series: Sequence[SeriesTraits]) -> None:
        """Take the display sets of a study and of its priors; the key of each is its place."""
        self._series = tuple(series)
        self._current = tuple(one for one in series if not one.is_yes(Attribute.PRIOR))
        self._scouts = {one.key for one in series if one.is_yes(Attribute.LOCALIZER)}
        count = len({one.series or one.key for one in self._current if one.key not in self._scouts})
        self._whole = SeriesTraits(-1, "", numbers={Attribute.SERIES: float(count)})
        self._answers: dict[tuple[int, int], bool] = {}
        self._kept: list[object] = []
        self._fitting: dict[tuple[int, bool], list[tuple[float, SeriesTraits]]] = {}

    def match(self, protocol: HangingProtocol) -> Match | None:
        """Return how a protocol fits; None where it does not."""
        self._kept.append(protocol)
        reasons = []
        for rule in protocol.rules:
            found = self._found_in_study(rule)
            if found is None:
                if rule.is_required:
                    return None
            elif rule.weight:
                reasons.append(Reason(ReasonKind.RULE, rule.weight, rule.attribute, found))
        keys = self.fill(protocol.cells)
        is_lacking = any(
            cell.is_needed and key is None for cell, key in zip(protocol.cells, keys, strict=True)
        )
        own = len({key for key in keys if key is not None})
        if is_lacking or own < protocol.fewest:
            return None
        reasons.append(_filled(protocol.cells, keys))
        reasons.sort(key=lambda reason: -reason.points)
        score = sum(reason.points for reason in reasons)
        return Match(protocol, score, tuple(reasons), keys)

    def matches(self, protocols: Iterable[HangingProtocol]) -> tuple[Match, ...]:
        """Return every protocol that fits, the best first."""
        found = [match for one in protocols if (match := self.match(one)) is not None]
        return tuple(sorted(found, key=_rank))

    def fill(self, cells: Sequence[HungCell]) -> tuple[int | None, ...]:
        """Return the key of the series each cell takes; None where none fits."""
        keys: list[int | None] = []
        taken: set[int] = set()
        for cell in cells:
            key = None if cell.same_as >= 0 and not cell.rules else self._choice(cell, taken)
            if key is not None:
                taken.add(key)
            elif cell.same_as >= 0 and self._can_show(cell, keys[cell.same_as]):
                key = keys[cell.same_as]
            keys.append(key)
        return tuple(keys)

    def _choice(self, cell: HungCell, taken: set[int]) -> int | None:
        """Return the best series for a cell that is in no other one.

        Among equals, one of a series that is not on screen yet goes before another stack of one
        that is.
        """
        on_screen = {self._series[key].series for key in taken}
        free = [pair for pair in self.fitting(cell) if pair[1].key not in taken]
        best = [
            one for score, one in free if (one.is_made, score) == (free[0][1].is_made, free[0][0])
        ]
        fresh = next((one for one in best if one.series not in on_screen), None)
        first = fresh or next(iter(best), None)
        return None if first is None else first.key

    def _can_show(self, cell: HungCell, key: int | None) -> bool:
        """Whether the series of a key can be shown as a cell wants it: reformats need a volume."""
        if key is None or cell.view.plane is Plane.ACQUIRED:
            return key is not None
        return self._series[key].is_yes(Attribute.VOLUME)

    def fitting(self, cell: HungCell) -> Sequence[tuple[float, SeriesTraits]]:
        """Return the series that fit a cell, each with its score, the best first.

        Localizers and priors are taken only by cells that ask for them. What a model made comes
        after everything that was scanned. Among equals the one with more slices comes first, then
        the one that stands first in the study.
        """
        place = (id(cell.rules), cell.view.plane is not Plane.ACQUIRED)
        known = self._fitting.get(place)
        if known is not None:
            return known
        asked = {rule.attribute for rule in cell.rules}
        takes_priors = not asked.isdisjoint({Attribute.PRIOR, Attribute.AGE_DAYS})
        takes_scouts = Attribute.LOCALIZER in asked
        found = []
        for one in self._series if takes_priors else self._current:
            if one.key in self._scouts and not takes_scouts:
                continue
            score = self._score(cell.rules, one)
            if score is not None and self._can_show(cell, one.key):
                found.append((score, one))
        found.sort(key=lambda pair: (pair[1].is_made, -pair[0], -pair[1].slices, pair[1].key))
        self._fitting[place] = found
        self._kept.append(cell.rules)
        return found

    def _score(self, rules: Sequence[Rule], one: SeriesTraits) -> float | None:
        score, answers, key = 0.0, self._answers, one.key
        for rule in rules:
            # By identity, as hashing rules is slow; what was asked is kept, so no id comes twice.
            answer = answers.get((id(rule), key))
            if self._holds(rule, one) if answer is None else answer:
                score += rule.weight
            elif rule.is_required:
                return None
        return score

    def _found_in_study(self, rule: Rule) -> str | None:
        """Return what makes a study rule hold; None where it does not hold."""
        if rule.attribute is Attribute.SERIES:
            return _found(rule, self._whole) if holds(rule, self._whole) else None
        is_of_priors = rule.attribute in (Attribute.PRIOR, Attribute.AGE_DAYS)
        asked = self._series if is_of_priors else self._current
        if rule.operator is Operator.LACKS or rule.operand is False:
            return _found(rule, None) if all(self._holds(rule, one) for one in asked) else None
        first = next((one for one in asked if self._holds(rule, one)), None)
        return None if first is None else _found(rule, first)

    def _holds(self, rule: Rule, one: SeriesTraits) -> bool:
        place = (id(rule), one.key)
        answer = self._answers.get(place)
        if answer is None:
            answer = self._answers[place] = holds(rule, one)
        return answer


def holds(rule: Rule, one: SeriesTraits) -> bool:
    """Whether a rule holds for a series."""
    attribute, operand = rule.attribute, rule.operand
    if rule.is_on_number:
        number = one.numbers.get(attribute)
        if rule.operator is Operator.EXISTS:
            return (number is not None) is operand
        low, high = operand if isinstance(operand, tuple) else (0.0, 0.0)
        return number is not None and float(low) <= number <= float(high)
    text = one.texts.get(attribute, "")
    match rule.operator:
        case Operator.IS:
            return text in rule.texts
        case Operator.EXISTS:
            return bool(text) is operand
        case Operator.LACKS:
            return rule.pattern.search(text) is None
        case _:
            return rule.pattern.search(text) is not None


def hung(match: Match) -> Hung:
    """Return a match as it is laid out."""
    protocol = match.protocol
    kept = [n for n, key in enumerate(match.keys) if key is not None]
    if protocol.keeps_empty or len(kept) == len(protocol.cells) or not kept:
        return Hung(protocol.layout, protocol.cells, match.keys)
    layout = closed_up(protocol.layout, kept)
    cells = tuple(protocol.cells[n] for n in kept)
    return Hung(layout, cells, tuple(match.keys[n] for n in kept))


def closed_up(layout: Layout, kept: Sequence[int]) -> Layout:
    """Return the layout of the cells kept: those beside a gone one grow; grids stay even grids."""
    if layout.is_mpr or "x" in layout.name:
        if len(kept) == len(THREE.cells):
            return THREE
        rows, columns = _even_grid(len(kept))
        if rows * columns == len(kept):
            return Layout.grid(rows, columns)
    made = layout
    for index in reversed(range(len(layout.cells))):
        if index not in kept:
            made = made.without(index)
    return made


def _even_grid(count: int) -> tuple[int, int]:
    """Return rows and columns for a count of cells: wide rather than high, as screens are."""
    rows = 1 if count <= 2 else 2 if count <= 8 else 3 if count <= 12 else 4
    return rows, -(-count // rows)


def _filled(cells: Sequence[HungCell], keys: Sequence[int | None]) -> Reason:
    found = [cell.weight for cell, key in zip(cells, keys, strict=True) if key is not None]
    whole = sum(cell.weight for cell in cells)
    points = FILLED_POINTS * sum(found) / whole if whole > 0 else 0.0
    return Reason(ReasonKind.FILLED, points, count=len(found), total=len(cells))


def _rank(match: Match) -> tuple[float, bool, int, str]:
    protocol = match.protocol
    return (-match.score, not protocol.is_own, -match.filled, protocol.protocol_id)


def _found(rule: Rule, one: SeriesTraits | None) -> str:
    """Return what a rule found, in its own words where it has words."""
    if one is None or rule.operator is Operator.EXISTS:
        return ""
    number = one.numbers.get(rule.attribute)
    if number is not None:
        return f"{number:g}"
    text = one.texts.get(rule.attribute, "")
    if rule.operator is Operator.HAS:
        found = rule.pattern.search(text)
        return found[0] if found else ""
    return text if text != YES else ""
