"""Rules about numbers: each must have a measurement behind it, in the unit that is written.

Source: DESIGN section 1, promise 3: a drafted number with no measurement behind it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workstation.core.finding import Fact
from workstation.core.provenance import OriginKind
from workstation.report.check_finding import CheckFinding, Severity, finding_at
from workstation.report.check_words import Span
from workstation.report.document import ReportDocument, Section, Statement

ROUNDING_SHARE = 0.02
"""A number that ends in zeros may be rounded by this share of its value: 4990 for 4987, never
5000 for 4600."""

JUDGED_SECTIONS = frozenset({Section.FINDINGS, Section.IMPRESSION, Section.ADDENDUM})
"""Where a reader's own number is looked at; doses and slice thickness stand elsewhere."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: what it measures, and how many base units it is."""

    dimension: str
    factor: float


_UNITS: dict[str, Unit] = {
    **dict.fromkeys(("mm", "millimeter", "millimeters", "millimetre"), Unit("length", 1.0)),
    **dict.fromkeys(("cm", "centimeter", "centimeters", "centimetre"), Unit("length", 10.0)),
    **dict.fromkeys(("mm2", "mm²"), Unit("area", 1.0)),
    **dict.fromkeys(("cm2", "cm²"), Unit("area", 100.0)),
    **dict.fromkeys(("mm3", "mm³"), Unit("volume", 0.001)),
    **dict.fromkeys(("ml", "cc", "cm3", "cm³", "milliliter", "milliliters"), Unit("volume", 1.0)),
    **dict.fromkeys(("l", "liter", "liters", "litre", "litres"), Unit("volume", 1000.0)),
    **dict.fromkeys(("hu", "hounsfield units", "hounsfield"), Unit("density", 1.0)),
    **dict.fromkeys(("%", "percent"), Unit("share", 1.0)),
    **dict.fromkeys(("°", "deg", "degrees"), Unit("angle", 1.0)),
    "mg": Unit("mass", 1.0),
    "g": Unit("mass", 1000.0),
}

_NUMBER = r"(?:\d{1,3}(?:[,\u202f\u00a0']\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)"
_JOIN = r"\s*(?:x|×|by|to|bis|±|\+/-|[-–])\s*"
_UNIT = "|".join(sorted((re.escape(name) for name in _UNITS), key=len, reverse=True))
_WITH_UNIT = re.compile(
    rf"(?<![\w.,])(?P<numbers>[-−–]?{_NUMBER}(?:{_JOIN}{_NUMBER})*)"
    rf"[\s\-\u2010\u2011]*(?P<unit>{_UNIT})(?![\w²³^])",
    re.IGNORECASE,
)
_BARE = re.compile(rf"(?<![\w.,/\-–]){_NUMBER}(?![\w/%°]|[.,]\d)")
_PLAIN_CONTEXT = re.compile(
    r"(?:series|image|slice|segment|grade|stage|type|level|rib|number|no|version|zone|page|"
    r"category|class|score|on|in|of|dated|since|from)\.?\s*$",
    re.IGNORECASE,
)
"""Words before a number that make it a name or a date, not a quantity."""


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number as it stands in a text.

    Attributes:
        value: in the written unit.
        decimals: digits behind the point.
        zeros: zeros at the end of a whole number.
        place: of the number alone.
        unit_text: as written; empty for a bare number.
        whole: of the number and its unit.
    """

    value: float
    decimals: int
    zeros: int
    place: Span
    unit_text: str
    whole: Span

    @property
    def tolerance(self) -> float:
        """How far a true value may lie from the written one by rounding."""
        if self.decimals:
            return 0.5 * 10.0**-self.decimals + 1e-9
        coarse = min(10.0**self.zeros / 2, ROUNDING_SHARE * abs(self.value)) if self.zeros else 0.0
        return max(0.5, coarse) + 1e-9


def numbers_with_units(text: str) -> Iterator[WrittenNumber]:
    """Give each number that has a unit; in "12 x 14 mm" both have it."""
    for found in _WITH_UNIT.finditer(text):
        base = found.start("numbers")
        inner = list(re.finditer(_NUMBER, found["numbers"]))
        for position, number in enumerate(inner):
            place = Span(base + number.start(), base + number.end())
            is_first_signed = position == 0 and number.start() == 1
            if is_first_signed:
                place = Span(base, place.end)
            whole = Span(place.start, found.end() if number is inner[-1] else place.end)
            sign = -1.0 if is_first_signed else 1.0
            yield _written(number[0], sign, place, found["unit"], whole)


def bare_numbers(text: str) -> Iterator[WrittenNumber]:
    """Give each number without a unit that is no name, level or date."""
    taken = [range(m.start(), m.end()) for m in _WITH_UNIT.finditer(text)]
    for found in _BARE.finditer(text):
        if any(found.start() in place for place in taken):
            continue
        if _PLAIN_CONTEXT.search(text[: found.start()]):
            continue
        place = Span(*found.span())
        yield _written(found[0], 1.0, place, "", place)


def check_numbers(document: ReportDocument, statement: Statement) -> Iterator[CheckFinding]:
    """Give the findings about the numbers of one statement."""
    if not statement.is_drafted:
        if statement.section in JUDGED_SECTIONS:
            yield from _judged(statement, document.facts, Severity.DOUBT)
        return
    if _is_deterministic(statement):
        return
    cited = tuple(fact for fact in document.facts if fact.fact_id in statement.fact_ids)
    kept = _template_numbers(statement)
    yield from _judged(statement, cited, Severity.BLOCK, kept)
    for number in bare_numbers(statement.text):
        if _figure(number) not in kept and not _is_backed(number, cited):
            yield finding_at(
                "bare-number",
                Severity.DOUBT,
                statement,
                (number.whole.start, number.whole.end),
                text=f'The number "{_words(statement, number.whole)}" is in no fact it cites.',
                mend="Check the number, or write the sentence without it.",
            )


def _is_deterministic(statement: Statement) -> bool:
    """Whether they are the words of a template or prior report, unchanged: no model's words."""
    return _is_from_template(statement) and statement.text == statement.drafted_text


def _is_from_template(statement: Statement) -> bool:
    return statement.origin.kind in (OriginKind.TEMPLATE, OriginKind.PRIOR)


def _template_numbers(statement: Statement) -> frozenset[tuple[float, str]]:
    """Return the figures a template or prior report wrote itself: an edit may keep them."""
    if not _is_from_template(statement):
        return frozenset()
    drafted = statement.drafted_text
    return frozenset(map(_figure, (*numbers_with_units(drafted), *bare_numbers(drafted))))


def _figure(number: WrittenNumber) -> tuple[float, str]:
    return number.value, number.unit_text.casefold()


def _judged(
    statement: Statement,
    facts: tuple[Fact, ...],
    severity: Severity,
    kept: frozenset[tuple[float, str]] = frozenset(),
) -> Iterator[CheckFinding]:
    for number in numbers_with_units(statement.text):
        if _figure(number) in kept or _is_backed(number, facts):
            continue
        alike = next((fact for fact in facts if _is_same_figure(number, fact)), None)
        if alike is not None:
            yield _unit_mismatch(statement, number, alike, severity)
        else:
            yield _unbacked(statement, number, facts, severity)


def _unit_mismatch(
    statement: Statement, number: WrittenNumber, fact: Fact, severity: Severity
) -> CheckFinding:
    unit = Span(number.whole.end - len(number.unit_text), number.whole.end)
    has_unit = number.whole.end > number.place.end
    place = unit if has_unit else number.whole
    return finding_at(
        "unit-mismatch",
        severity,
        statement,
        (number.whole.start, number.whole.end),
        text=f'"{_words(statement, number.whole)}" was measured in {fact.unit}.',
        mend=f"Write {fact.unit} as the fact {fact.fact_id} has it.",
        replacement=statement.text[number.whole.start : place.start] + fact.unit
        if has_unit
        else None,
    )


def _unbacked(
    statement: Statement, number: WrittenNumber, facts: tuple[Fact, ...], severity: Severity
) -> CheckFinding:
    fact = _only_candidate(number, facts) if severity is Severity.BLOCK else None
    words = _words(statement, number.whole)
    if fact is None:
        mend = "Take the number out, or reject the sentence and write it in your own words."
        if severity is Severity.DOUBT:
            mend = "Check the number against the images; nothing measured says it."
        replacement = None
    else:
        replacement = _as_written(number, fact)
        mend = f"The measured value is {replacement}."
    return finding_at(
        "unbacked-number",
        severity,
        statement,
        (number.whole.start, number.whole.end),
        text=f'"{words}" is in no measurement behind this sentence.',
        mend=mend,
        replacement=replacement,
    )


def _only_candidate(number: WrittenNumber, facts: tuple[Fact, ...]) -> Fact | None:
    """Return the one cited quantity the number can only have meant."""
    unit = _UNITS[number.unit_text.casefold()]
    same = [f for f in facts if f.value is not None and f.is_assessed]
    same = [f for f in same if _unit_of(f) and _unit_of(f) == (unit.dimension)]
    is_joined = number.whole.end == number.place.end
    return same[0] if len(same) == 1 and not is_joined else None


def _unit_of(fact: Fact) -> str:
    unit = _UNITS.get(fact.unit.casefold())
    return unit.dimension if unit else ""


def _as_written(number: WrittenNumber, fact: Fact) -> str:
    value = _converted(fact, number.unit_text)
    return f"{value:.{number.decimals}f} {number.unit_text}"


def _is_backed(number: WrittenNumber, facts: tuple[Fact, ...]) -> bool:
    return any(_backs(fact, number) for fact in facts)


def _backs(fact: Fact, number: WrittenNumber) -> bool:
    for value in (fact.value, fact.uncertainty):
        if value is None or not fact.is_assessed:
            continue
        true = _converted(fact, number.unit_text, value)
        if true is not None and abs(true - number.value) <= number.tolerance:
            return True
    names = f"{fact.finding} {fact.anatomy} {fact.reason}"
    return any(
        abs(named.value - number.value) <= named.tolerance
        and named.unit_text.casefold() == number.unit_text.casefold()
        for named in (*numbers_with_units(names), *bare_numbers(names))
    )


def _converted(fact: Fact, unit_text: str, value: float | None = None) -> float | None:
    """Return a fact's value in a written unit; None where it measures something else."""
    value = fact.value if value is None else value
    if value is None:
        return None
    if not unit_text:
        return value
    have, want = _UNITS.get(fact.unit.casefold()), _UNITS[unit_text.casefold()]
    if have is None or have.dimension != want.dimension:
        return None
    return value * have.factor / want.factor


def _is_same_figure(number: WrittenNumber, fact: Fact) -> bool:
    """Whether only the unit is wrong: the digits are those of the fact."""
    if fact.value is None or not fact.is_assessed or not fact.unit:
        return False
    is_other = _UNITS.get(fact.unit.casefold()) != _UNITS[number.unit_text.casefold()]
    return is_other and abs(fact.value - number.value) <= number.tolerance


def _written(digits: str, sign: float, place: Span, unit_text: str, whole: Span) -> WrittenNumber:
    plain = re.sub(r"[\u202f\u00a0']", "", digits)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain):
        plain = plain.replace(",", "")
    plain = plain.replace(",", ".")
    decimals = len(plain.partition(".")[2])
    zeros = 0 if decimals else len(plain) - len(plain.rstrip("0"))
    return WrittenNumber(sign * float(plain), decimals, zeros, place, unit_text, whole)


def _words(statement: Statement, place: Span) -> str:
    return statement.text[place.start : place.end]
