"""Rules about what a sentence claims: its side, its denials, and what was never assessed.

Source: DESIGN section 1, promise 4: a negative is a claim, written only for anatomy that was
imaged and assessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from workstation.core.finding import Fact, Side
from workstation.report.check_finding import CheckFinding, Severity, finding_at
from workstation.report.check_words import (
    FINDING_NOUNS,
    NEGATIONS,
    NORMAL_WORDS,
    NOT_ASSESSED,
    Span,
    find_words,
    is_negated,
    mention,
    sentences,
    side_words,
    words_pattern,
)
from workstation.report.document import (
    Answer,
    ReportDocument,
    Section,
    Statement,
    StatementStatus,
)

_SIDES: dict[Side, frozenset[Side]] = {
    Side.LEFT: frozenset({Side.LEFT}),
    Side.RIGHT: frozenset({Side.RIGHT}),
    Side.BOTH: frozenset({Side.LEFT, Side.RIGHT}),
}


def check_side_of_facts(document: ReportDocument, statement: Statement) -> Iterator[CheckFinding]:
    """Give each side a statement names that none of its facts has."""
    facts = [fact for fact in document.facts if fact.fact_id in statement.fact_ids]
    known = _sides_of(facts)
    if not known:
        return
    for sentence in sentences(statement.text):
        for place, side in side_words(statement.text, sentence):
            if _SIDES[side] <= known or _denied_clause(statement.text, sentence, place):
                continue
            right_one = next(iter(known)) if len(known) == 1 and side is not Side.BOTH else None
            written = statement.text[place.start : place.end]
            yield finding_at(
                "side-contradiction",
                Severity.BLOCK,
                statement,
                (place.start, place.end),
                text=f'It says "{written}", but it was found on the {_side_name(known)} side.',
                mend="Look at the evidence, then correct the side or reject the sentence.",
                replacement=_in_case_of(written, right_one.value) if right_one else None,
            )


def check_sides_between_sections(document: ReportDocument) -> Iterator[CheckFinding]:
    """Give each finding whose side in the impression is on no side the findings tell."""
    told: dict[str, set[Side] | None] = {}
    for statement in _live(document, Section.FINDINGS):
        for noun, _, sides, _ in _sided_nouns(statement.text):
            before = told.get(noun, set())
            told[noun] = None if before is None or not sides else before | sides
    for statement in _live(document, Section.IMPRESSION):
        for noun, place, sides, words in _sided_nouns(statement.text):
            known = told.get(noun)
            if not known or not sides or sides <= known:
                continue
            where = words or place
            yield finding_at(
                "section-contradiction",
                Severity.BLOCK,
                statement,
                (where.start, where.end),
                text=f"The impression puts the {noun} on the {_side_name(sides)} side, the "
                f"findings on the {_side_name(known)} side.",
                mend="Look again, then make findings and impression agree.",
            )


def check_denials(document: ReportDocument, statement: Statement) -> Iterator[CheckFinding]:
    """Give each denial of what a fact found, and each claim of what a fact denies."""
    parts = tuple(sentences(statement.text))
    for fact in _facts_that_count(document, statement):
        is_cited = fact.fact_id in statement.fact_ids
        for sentence in parts:
            place = mention(statement.text, sentence, fact.finding)
            if place is None or not _same_side(statement.text, sentence, fact):
                continue
            if words_pattern(NOT_ASSESSED).search(statement.text[sentence.start : sentence.end]):
                continue
            denied = is_negated(statement.text, sentence, place)
            if denied and _is_positive(fact, is_cited=is_cited):
                yield _denied(statement, place, fact)
            elif not denied and is_cited and fact.is_present is False:
                yield _claimed(statement, place, fact)


def check_not_assessed(document: ReportDocument, statement: Statement) -> Iterator[CheckFinding]:
    """Give each sentence that calls normal what could not be assessed."""
    for fact in document.facts:
        if fact.is_assessed or _is_assessed_elsewhere(document, fact):
            continue
        for sentence in sentences(statement.text):
            place = _normal_claim(statement.text, sentence, fact)
            if place is None:
                continue
            yield finding_at(
                "not-assessed",
                _gravity(statement),
                statement,
                (place.start, place.end),
                text=f"It calls normal what was not assessed ({fact.reason or 'no reason given'}).",
                mend="Say that it was not assessed, or reject the sentence.",
            )
            break


def _facts_that_count(document: ReportDocument, statement: Statement) -> Iterator[Fact]:
    """Give the facts a statement may contradict: those it cites, and those nobody has refused."""
    refused = {
        fact_id
        for s in document.statements
        if s.status is StatementStatus.REJECTED
        for fact_id in s.fact_ids
    }
    for question in document.questions:
        if question.answer is Answer.NO:
            refused.update(question.statement.fact_ids)
    for fact in document.facts:
        is_cited = fact.fact_id in statement.fact_ids
        if fact.is_assessed and (is_cited or fact.fact_id not in refused):
            yield fact


def _is_positive(fact: Fact, *, is_cited: bool) -> bool:
    if fact.is_present is not None:
        return fact.is_present
    return is_cited and fact.value is not None and fact.value > 0


def _denied(statement: Statement, place: Span, fact: Fact) -> CheckFinding:
    is_own_fact = statement.is_drafted or fact.fact_id in statement.fact_ids
    return finding_at(
        "denied-fact",
        Severity.BLOCK if is_own_fact else Severity.DOUBT,
        statement,
        (place.start, place.end),
        text=f"It denies what was found: {fact.finding} (fact {fact.fact_id}).",
        mend="Look at the evidence, then correct or reject the sentence.",
    )


def _claimed(statement: Statement, place: Span, fact: Fact) -> CheckFinding:
    return finding_at(
        "claimed-absent",
        Severity.BLOCK,
        statement,
        (place.start, place.end),
        text=f"It claims what was not found: {fact.finding} (fact {fact.fact_id}).",
        mend="Look at the evidence, then correct or reject the sentence.",
    )


def _gravity(statement: Statement) -> Severity:
    """A reader may judge by eye what could not be measured; a draft may not."""
    return Severity.BLOCK if statement.is_drafted else Severity.DOUBT


def _is_assessed_elsewhere(document: ReportDocument, fact: Fact) -> bool:
    return any(
        other.is_assessed and other.finding == fact.finding and other.side is fact.side
        for other in document.facts
    )


def _normal_claim(text: str, sentence: Span, fact: Fact) -> Span | None:
    """Return where a sentence denies the fact's finding, or calls its anatomy normal."""
    part = text[sentence.start : sentence.end]
    if words_pattern(NOT_ASSESSED).search(part) or not _same_side(text, sentence, fact):
        return None
    finding = mention(text, sentence, fact.finding)
    if finding is not None and (is_negated(text, sentence, finding) or _calls_normal(part)):
        return finding
    anatomy = mention(text, sentence, fact.anatomy)
    if anatomy is not None and _calls_normal(part):
        return anatomy
    return None


def _calls_normal(part: str) -> bool:
    whole = Span(0, len(part))
    return any(not is_negated(part, whole, place) for place in find_words(part, NORMAL_WORDS))


def _sides_of(facts: list[Fact]) -> frozenset[Side]:
    return frozenset(side for fact in facts for side in _SIDES.get(fact.side, ()))


def _same_side(text: str, sentence: Span, fact: Fact) -> bool:
    """Whether a sentence may mean the fact's side: it names that side, or none."""
    known = _SIDES.get(fact.side)
    named = [_SIDES[side] for _, side in side_words(text, sentence)]
    return not known or not named or any(sides & known for sides in named)


def _denied_clause(text: str, sentence: Span, place: Span) -> bool:
    """Whether the clause of a side word is a denial ("none on the left")."""
    start = max(text.rfind(mark, sentence.start, place.start) for mark in ",;:(") + 1
    clause = text[max(start, sentence.start) : place.start]
    return words_pattern(NEGATIONS).search(clause) is not None


def _sided_nouns(text: str) -> Iterator[tuple[str, Span, frozenset[Side], Span | None]]:
    """Give each finding noun that is not denied: noun, place, sides, and where the side is said."""
    for sentence in sentences(text):
        part = text[sentence.start : sentence.end]
        nouns = [
            Span(sentence.start + place.start, sentence.start + place.end)
            for place in find_words(part, _NOUNS)
        ]
        said: dict[Span, list[tuple[Span, Side]]] = {noun: [] for noun in nouns}
        for place, side in side_words(text, sentence):
            if nouns:
                said[_noun_of(text, place, nouns)].append((place, side))
        for noun, named in said.items():
            if not is_negated(text, sentence, noun):
                sides = frozenset(side for _, each in named for side in _SIDES[each])
                yield _singular(text, noun), noun, sides, named[0][0] if named else None


def _noun_of(text: str, place: Span, nouns: list[Span]) -> Span:
    """Return the noun a side word belongs to: the nearest of its clause, else of the sentence."""
    near = [noun for noun in nouns if _is_same_clause(text, place, noun)] or nouns
    return min(near, key=lambda noun: max(noun.start - place.end, place.start - noun.end))


_NOUNS = rf"(?:{FINDING_NOUNS})(?:e?s)?"


def _singular(text: str, place: Span) -> str:
    word = re.sub(r"\s+", " ", text[place.start : place.end].casefold())
    found = words_pattern(FINDING_NOUNS).match(word) or re.match(FINDING_NOUNS, word)
    word = found[0] if found else word
    return "effusion" if word.endswith("effusion") else word


def _is_same_clause(text: str, one: Span, other: Span) -> bool:
    between = text[min(one.end, other.end) : max(one.start, other.start)]
    return re.search(r"[,;:]|\b(?:and|with|but|und|mit)\b", between, re.IGNORECASE) is None


def _live(document: ReportDocument, section: Section) -> Iterator[Statement]:
    for statement in document.in_section(section):
        if statement.status is not StatementStatus.REJECTED:
            yield statement


def _side_name(sides: frozenset[Side] | set[Side]) -> str:
    return " and ".join(sorted(side.value for side in sides))


def _in_case_of(written: str, word: str) -> str:
    tail = "".join(re.findall(r"[- ]sided$", written, re.IGNORECASE))
    word += tail.casefold()
    return word.capitalize() if written[:1].isupper() else word
